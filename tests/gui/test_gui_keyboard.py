"""The window used by keyboard alone, and on a dark theme."""

import pytest
from amounts import some_by_day
from gui_colours import contrast
from gui_town import assessment_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTabBar, QWidget

from lhasaplan.app.look import ink
from lhasaplan.app.state import edits
from lhasaplan.core.results.assessment import Gate

TAB = Qt.FocusPolicy.TabFocus


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.canvas, key, modifier)


def place(window):
    known = edits.camera_of(window.session.project, "known")
    return known.x_m, known.y_m


def test_that_enter_takes_the_camera_in_the_middle_of_the_map(qtbot, window):
    window.canvas.show_box((45, 35, 55, 45))
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.session.selected_id == "known"
    assert window.canvas.is_aiming


def test_that_enter_asks_about_the_middle_of_the_map_where_no_camera_is(qtbot, window):
    window.canvas.show_box((5, 35, 15, 45))
    with qtbot.waitSignal(window.bench.spots.answered):
        press(qtbot, window, Qt.Key.Key_Return)
    assert window.canvas.marks.spot == pytest.approx((10, 40), abs=0.2)


def test_that_shift_and_an_arrow_move_the_camera_by_a_metre_and_each_step_can_be_undone(qtbot, window):
    window.session.select("known")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
        press(qtbot, window, key, Qt.KeyboardModifier.ShiftModifier)
    assert place(window) == (51.0, 41.0)
    window.menus["undo"].trigger()
    assert place(window) == (51.0, 40.0)


def test_that_the_mark_of_the_middle_goes_with_the_mouse(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.canvas.is_aiming
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton)
    assert not window.canvas.is_aiming


PANELS = ("findings", "parts", "cameras", "candidates", "unknown_use", "versions", "siting", "layers")


# By day a table with fields, a list behind the gate and the tree of layers: the others are made of the same.
@pytest.mark.parametrize("key", some_by_day(PANELS, {"cameras", "candidates", "layers"}))
def test_that_tab_leads_through_a_panel_and_out_of_it_again(qtbot, window, key):
    window.activateWindow()
    window.session.attention.bring(key)
    panel = window.docks.panels[key]
    qtbot.waitUntil(panel.isVisible)
    window.menus["check"].trigger()  # so that tables hold rows
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    window.session.attention.bring(key)
    inside = [each for each in panel.findChildren(QWidget) if each.isVisible() and each.isEnabled() and each.focusPolicy() & TAB]
    if not inside:  # outside the gate the panel of parts has nothing but a sentence
        return
    inside[0].setFocus()
    reached = set()
    for _ in range(len(inside) + 2):
        now = QApplication.focusWidget()
        if now is None or not panel.isAncestorOf(now):
            break
        reached.add(now)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not None
    assert not panel.isAncestorOf(QApplication.focusWidget())
    assert any(isinstance(each, QAbstractItemView) for each in reached) or key in ("siting", "parts")


def test_that_every_visible_tab_bar_holds_panels_of_its_own(qtbot, window):
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()
    window.docks.bring("lens_calculator")  # beside what is selected, which then has a tab of its own
    qtbot.waitUntil(lambda: "lens_calculator" in window.docks.in_front)
    assert dock_tabs(window) == ["Cameras", "Figures", "Findings", "Layers", "Lens calculator", "Selected", "Unknown use"]
    window.docks.close("lens_calculator")
    # Qt may show the tab that is left alone once more while it lays out; to hide it again would begin the next layout.
    qtbot.waitUntil(lambda: set(dock_tabs(window)) - {"Selected"} == {"Cameras", "Figures", "Findings", "Layers", "Unknown use"})
    window.docks.bring("lens_calculator")
    qtbot.waitUntil(lambda: {"Lens calculator", "Selected"} <= set(dock_tabs(window)))


def dock_tabs(window):
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return sorted(bar.tabText(tab) for bar in bars if bar.isVisible() for tab in range(bar.count()))


@pytest.fixture
def dark_theme(qapp):
    before = QGuiApplication.palette()
    qapp.setPalette(QPalette(QColor("#353535"), QColor("#202020")))
    yield
    QApplication.setPalette(before)


def assert_readable():
    ground = QGuiApplication.palette().color(QPalette.ColorRole.Base)
    for meaning in ("error", "due", "note", "good", "quiet"):
        assert contrast(ink(meaning), ground) >= 4.5, meaning


def test_that_coloured_words_can_be_read_on_a_light_theme(qapp):
    assert_readable()


def test_that_coloured_words_can_be_read_on_a_dark_theme(dark_theme, window):
    assert_readable()
    window.session.set_assessment(
        assessment_of(window.session.project, Gate(False, (("There is no mandate.", {}),))), window.session.project
    )
    assert "#2b2f36" not in window.docks.panels["summary"].toHtml()
