"""Every tool of the map, of the picture and of tables by keys alone, through real key events."""

import re

import pytest
from amounts import some_by_day
from gui_town import assessment_of
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu

from lhasaplan.app.commands.placing import PLACE
from lhasaplan.app.shell.docks import MenuKeys
from lhasaplan.app.state import edits
from lhasaplan.app.tools.picture.lens_view import POLYGON, RECTANGLE, LensView
from lhasaplan.core.model.camera import Mount, Status
from lhasaplan.core.results.assessment import Gate

Key = Qt.Key
NONE, ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def press(qtbot, window, key, modifier=NONE, times=1):
    for _ in range(times):
        qtbot.keyClick(window.canvas, key, modifier)


def record(window, camera_id="known"):
    return edits.camera_of(window.session.project, camera_id)


# Handles


@pytest.mark.parametrize(
    ("key", "modifier", "field", "steps"),
    [
        (Key.Key_Right, ALT, "azimuth_deg", [1.0, 2.0]),
        (Key.Key_Left, ALT, "azimuth_deg", [359.0, 358.0]),
        (Key.Key_Right, ALT | SHIFT, "azimuth_deg", [15.0, 30.0]),
        (Key.Key_Up, ALT, "range_m", [1.0, 2.0]),
        (Key.Key_Down, ALT | SHIFT, "range_m", [-10.0, -20.0]),
        (Key.Key_PageUp, ALT, "hfov_deg", [1.0, 2.0]),
        (Key.Key_PageDown, ALT | SHIFT, "hfov_deg", [-10.0, -20.0]),
    ],
)
def test_that_keys_aim_the_camera_by_told_steps_each_of_which_can_be_undone(qtbot, window, key, modifier, field, steps):
    window.session.select("known")
    before = getattr(record(window), field)
    for step in steps:
        press(qtbot, window, key, modifier)
        assert getattr(record(window), field) == pytest.approx(
            (before + step) % 360.0 if field == "azimuth_deg" else before + step
        )
    assert window.session.history.count() == 2
    window.menus["undo"].trigger()
    window.menus["undo"].trigger()
    assert getattr(record(window), field) == before


def test_that_a_key_held_down_makes_one_step(window):
    window.session.select("known")
    before = record(window).azimuth_deg
    for is_repeated in (False, True, True, True):
        QApplication.sendEvent(window.canvas, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Right, ALT, "", is_repeated))
    assert record(window).azimuth_deg == before + 4.0
    assert window.session.history.count() == 1


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_a_key_writes_its_figure_beside_the_handle_until_the_camera_is_let_go(qtbot, window):
    window.session.select("known")
    press(qtbot, window, Key.Key_Right, ALT)
    handles = window.tools["handles"].commands.handles
    assert handles._stepped == "azimuth"
    window.session.select("")
    assert handles._stepped == ""


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_shift_and_an_arrow_move_all_that_are_selected(qtbot, window):
    window.session.selection.choose("bare", "known")
    before = [(record(window, each).x_m, record(window, each).y_m) for each in ("bare", "known")]
    press(qtbot, window, Key.Key_Right, SHIFT, times=2)
    now = [(record(window, each).x_m, record(window, each).y_m) for each in ("bare", "known")]
    assert now == [(x + 2.0, y) for x, y in before]


# Placing and selecting


def test_that_enter_places_a_camera_at_the_middle_snapped_and_keys_turn_it(qtbot, window, context):
    qtbot.waitUntil(lambda: window.bench.snapper.targets is not None)
    context.gate, context.refused_places = Gate(True), lambda _live, _cameras: ()
    window.session.set_assessment(assessment_of(window.session.project, context.gate), window.session.project)
    window.canvas.show_box((10, 49.6, 30, 69.6))  # beside the south wall of the house
    window.docks.panels["findings"].table.setFocus()
    window.menus[PLACE].trigger()
    press(qtbot, window, Key.Key_Return)
    new = window.session.selected
    assert (new.status, new.mount) == (Status.PLANNED, Mount.WALL)
    facing = new.azimuth_deg
    press(qtbot, window, Key.Key_Right, ALT)
    assert window.session.selected.azimuth_deg == facing + 1.0


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_a_tool_that_is_begun_takes_the_keys(window):
    window.activateWindow()
    window.docks.panels["findings"].table.setFocus()
    window.menus["select_box"].trigger()
    assert QApplication.focusWidget() is window.canvas


def look_at(window, x_m, y_m):
    window.canvas.show_box((x_m - 5, y_m - 5, x_m + 5, y_m + 5))


def test_that_two_corners_by_enter_select_what_is_in_the_box_between(qtbot, window):
    window.menus["select_box"].trigger()
    known, bare = record(window), record(window, "bare")
    west, east = min(known.x_m, bare.x_m) - 5, max(known.x_m, bare.x_m) + 5
    south, north = min(known.y_m, bare.y_m) - 5, max(known.y_m, bare.y_m) + 5
    look_at(window, west, south)
    press(qtbot, window, Key.Key_Return)
    look_at(window, east, north)
    press(qtbot, window, Key.Key_Return)
    assert set(window.session.selection.ids) == {"known", "bare"}
    assert window.canvas.marks.outline == ()


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_a_lasso_by_enter_ends_where_enter_is_pressed_twice_and_backspace_takes_a_corner_back(qtbot, window):
    known = record(window)
    window.menus["select_lasso"].trigger()
    for dx, dy in ((-4, -4), (4, -4), (90, 90)):
        look_at(window, known.x_m + dx, known.y_m + dy)
        press(qtbot, window, Key.Key_Return)
    press(qtbot, window, Key.Key_Backspace)
    look_at(window, known.x_m, known.y_m + 4)
    press(qtbot, window, Key.Key_Return, times=2)
    assert window.session.selection.ids == ("known",)


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_a_box_begun_by_keys_is_dropped_with_its_tool(qtbot, window):
    window.menus["select_box"].trigger()
    press(qtbot, window, Key.Key_Return)
    press(qtbot, window, Key.Key_Right)
    assert window.canvas.marks.outline
    window.menus["let_go"].trigger()
    assert window.canvas.marks.outline == ()
    press(qtbot, window, Key.Key_Return)
    assert window.canvas.marks.outline == ()


def test_that_ctrl_and_enter_select_one_camera_more(qtbot, window):
    for camera_id, modifier in (("known", NONE), ("bare", CTRL)):
        camera = record(window, camera_id)
        look_at(window, camera.x_m, camera.y_m)
        press(qtbot, window, Key.Key_Return, modifier)
    assert window.session.selection.ids == ("known", "bare")


# The picture


@pytest.fixture
def lens(qtbot, window):
    """A picture of 1,000 by 500 pixels, as far as masks are concerned."""
    view = LensView(window.language)
    qtbot.addWidget(view)
    view.picture, view.drawing.size_px = object(), (1000.0, 500.0)
    return view


def test_that_space_lays_two_corners_of_a_rectangle_at_the_cross(qtbot, lens):
    lens.use(RECTANGLE)
    for key in (Key.Key_Left, Key.Key_Up, Key.Key_Space, Key.Key_Right, Key.Key_Right, Key.Key_Down):
        qtbot.keyClick(lens, key)
    with qtbot.waitSignal(lens.mask_drawn) as drawn:
        qtbot.keyClick(lens, Key.Key_Space)
    assert drawn.args[0] == ((480.0, 230.0), (520.0, 230.0), (520.0, 250.0), (480.0, 250.0))


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_enter_closes_a_polygon_of_corners_laid_by_space(qtbot, lens):
    lens.use(POLYGON)
    for key in (Key.Key_Space, Key.Key_Right, Key.Key_Space, Key.Key_Down, Key.Key_Space):
        qtbot.keyClick(lens, key)
    with qtbot.waitSignal(lens.mask_drawn) as drawn:
        qtbot.keyClick(lens, Key.Key_Return)
    assert drawn.args[0] == ((500.0, 250.0), (520.0, 250.0), (520.0, 270.0))


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_shift_moves_the_cross_by_one_pixel(qtbot, lens):
    lens.use(POLYGON)
    qtbot.keyClick(lens, Key.Key_Right, SHIFT)
    assert lens.cross == (501.0, 250.0)


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_arrows_pick_one_mask_after_the_other_and_delete_takes_it(qtbot, lens):
    lens.masks = (((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)), ((20.0, 0.0), (29.0, 0.0), (29.0, 9.0)))
    picked = []
    lens.mask_picked.connect(picked.append)
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Left):
        qtbot.keyClick(lens, key)
    assert picked == [0, 1, 0, 1]
    with qtbot.waitSignal(lens.removal_wished):
        qtbot.keyClick(lens, Key.Key_Delete)


# Tables and panels


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_alt_and_the_arrow_down_open_the_menu_of_a_column_by_which_it_is_sorted(qtbot, window, monkeypatch):
    opened = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    window.session.attention.bring("cameras")
    table = window.docks.panels["cameras"].table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Key.Key_Down, ALT)
    (menu,) = opened
    assert menu.activeAction().text() == "Sort ascending"
    next(action for action in menu.actions() if action.text() == "Sort descending").trigger()
    assert table.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    assert table.horizontalHeader().sortIndicatorSection() == 0


def test_that_f6_goes_through_the_map_and_all_panels_in_front_and_back(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    reached = []
    for _ in range(len(window.docks.in_front) + 1):
        window.menus["next_part"].trigger()
        reached.append(part_with_keys(window))
    assert set(reached) == {*(window.docks.in_front & set(window.docks.docks)) - unable(window), ""}
    window.menus["last_part"].trigger()
    assert part_with_keys(window) == reached[-2]


def unable(window):
    """The panels in which nothing takes keys now: the summary is read alone."""
    docks = window.docks.in_front & set(window.docks.docks)
    return {key for key in docks if key not in ("layers", "summary", "selected", "findings", "cameras")}


def part_with_keys(window):
    part = QApplication.focusWidget()
    while part is not None and not isinstance(part, QDockWidget):
        part = part.parentWidget()
    return next((key for key, dock in window.docks.docks.items() if dock is part), "")


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_the_menu_of_panels_brings_one_forward_with_the_keys_and_closes_it_where_it_is(qtbot, window):
    window.activateWindow()
    (menu,) = (action.menu() for action in window.menus.menus["&View"].actions() if action.text() == "&Panels")
    entry = next(action for action in menu.actions() if action.text() == "Versions")
    entry.trigger()
    qtbot.waitUntil(lambda: "versions" in window.docks.in_front)
    assert part_with_keys(window) == "versions"
    entry.trigger()
    assert window.docks.docks["versions"].isHidden()


def test_that_help_lists_the_keys_of_all_menus(window):
    window.menus["keys"].trigger()
    _, lines = window.bench.dialogs.reported[-1]
    for key, action in window.menus.by_key.items():
        if not action.shortcut().isEmpty():
            assert any(line.startswith(action.shortcut().toString() + "  ") for line in lines), key


# By day the language of the longest menus and the one whose letters stand in brackets; letters are given by one way in each.
@pytest.mark.parametrize("language", some_by_day(("en", "de", "fr", "zh_CN"), {"de", "zh_CN"}))
def test_that_each_entry_of_a_menu_has_a_letter_that_no_other_has(window, language):
    window.language.use(language)
    titles = [action.text() for action in window.menuBar().actions()]
    listed = [titles]
    for menu in (*window.menus.menus.values(), *submenus(window)):
        menu.aboutToShow.emit()
        listed.append([action.text() for action in menu.actions() if not action.isSeparator()])
    for texts in listed:
        letters = [re.search(r"&([^&])", text).group(1).upper() for text in texts]
        assert len(set(letters)) == len(letters), texts
        assert language == "zh_CN" or not [text for text in texts if re.search(r"\(&.\)", text) and text[0].isascii()]
    assert "&&" not in "".join(titles)


def submenus(window):
    """Return the menus within menus; that of the projects opened last is empty here."""
    found = [action.menu() for menu in window.menus.menus.values() for action in menu.actions() if action.menu() is not None]
    return [menu for menu in found if menu.actions()]


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_entries_of_tools_stand_in_groups(window):
    menu = window.menus.menus["&View"]
    runs, run = [], 0
    for action in menu.actions():
        run = 0 if action.isSeparator() else run + 1
        runs.append(run)
    assert max(runs) <= 6


@pytest.mark.nightly  # by day one key of each kind here, and the rest by mouse
def test_that_l_folds_the_legend_and_opens_it_and_does_nothing_without_one(qtbot, window):
    was = window.canvas.is_legend_folded
    press(qtbot, window, Key.Key_L)
    assert window.canvas.is_legend_folded is not was
    press(qtbot, window, Key.Key_L)
    assert window.canvas.is_legend_folded is was
    window.menus["legend"].trigger()
    press(qtbot, window, Key.Key_L)
    assert window.canvas.is_legend_folded is was


# The menu's keys while a field has the focus


@pytest.mark.parametrize(("key", "entry"), [(Key.Key_E, "export"), (Key.Key_D, "bookmark"), (Key.Key_K, "place")])
def test_that_keys_of_the_menu_that_a_field_edits_by_on_x11_are_left_to_the_menu(qtbot, window, key, entry):
    field = window.tools["who_sees"].panels[0].widget.address
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, CTRL)
    asked.ignore()  # as Qt asks: a field that wants the key accepts it
    assert window.menus[entry].shortcut().toString() == f"Ctrl+{chr(key)}"
    assert MenuKeys(window).eventFilter(field, asked)  # so that the field, whose keys are those of its platform, is not asked
    assert not asked.isAccepted()
