"""Several cameras laid out through real clicks and keys: copy, paste, mirror, align, and a row along the street."""

import pytest
from amounts import some_by_day
from gui_town import assessment_of
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Gate

LEFT, NONE, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def planning(qtbot, window, context):
    """The window behind the open gate, the panel in front."""
    context.gate = Gate(True)
    window.session.set_assessment(assessment_of(window.session.project, context.gate), window.session.project)
    qtbot.waitUntil(lambda: window.bench.snapper.targets is not None)
    window.session.attention.bring("arranging")
    qtbot.waitUntil(lambda: "arranging" in window.docks.in_front)
    return window


def panel_of(window):
    return window.docks.panels["arranging"]


def press(qtbot, window, key):
    button = panel_of(window).buttons.get(key) or panel_of(window).add_row
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def record(window, camera_id):
    return next(c for c in window.session.project.cameras if c.camera_id == camera_id)


def point_at(window, x_m, y_m):
    at = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))
    there, none = QPointF(window.canvas.mapToGlobal(at)), Qt.MouseButton.NoButton
    QApplication.sendEvent(window.canvas, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), there, none, none, NONE))


def test_that_ctrl_c_and_ctrl_v_on_the_map_paste_plans_where_the_pointer_is(planning):
    planning.session.selection.choose("known", "bare")
    before = planning.session.project
    QTest.keyClick(planning.canvas, Qt.Key.Key_C, CTRL)
    point_at(planning, 30, 50)
    QTest.keyClick(planning.canvas, Qt.Key.Key_V, CTRL)
    new = planning.session.project.cameras[2:]
    # They stand 30 m apart, so 15 m to either side of the pointer.
    scale = planning.canvas.viewport.metres_per_px
    assert [(c.status, c.x_m, c.y_m) for c in new] == [
        (Status.PLANNED, pytest.approx(15, abs=scale), pytest.approx(50, abs=scale)),
        (Status.PLANNED, pytest.approx(45, abs=scale), pytest.approx(50, abs=scale)),
    ]
    assert planning.session.selection.ids == tuple(c.camera_id for c in new)
    assert planning.session.history.count() == 1
    planning.menus["undo"].trigger()
    assert planning.session.project is before


def test_that_nothing_is_pasted_outside_the_gate(qtbot, window):
    window.session.select("known")
    QTest.keyClick(window.canvas, Qt.Key.Key_C, CTRL)
    QTest.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    assert len(window.session.project.cameras) == 2
    assert len(window.bench.dialogs.reported) == 1
    assert not panel_of(window).buttons["paste"].isEnabled()


def test_that_no_copy_is_pasted_onto_protected_ground(planning):
    said = []
    planning.session.attention.said.connect(lambda sentence, _ms: said.append(sentence))
    planning.session.select("known")
    planning.menus["copy_cameras"].trigger()
    point_at(planning, 20, 70)
    planning.menus["paste_cameras"].trigger()
    assert len(planning.session.project.cameras) == 2
    assert "is protected" in said[-1]


def test_that_copies_do_not_outlive_their_project(planning):
    planning.session.select("known")
    planning.menus["copy_cameras"].trigger()
    assert planning.menus["paste_cameras"].isEnabled()
    planning.commands.opening.take(planning.session.project)
    assert not planning.menus["paste_cameras"].isEnabled()


def test_that_an_existing_camera_is_mirrored_over_its_street_without_the_gate(qtbot, window):
    qtbot.waitUntil(lambda: window.bench.snapper.targets is not None)
    window.session.select("known")
    window.commands.dragging.change("Move camera", "known", {"x_m": 50.0, "y_m": 43.5})
    window.session.attention.bring("arranging")
    qtbot.waitUntil(lambda: "arranging" in window.docks.in_front)
    press(qtbot, window, "mirror")
    # The street runs east at y = 40: what looks north from 3.5 m beside it looks south from the other side.
    mirrored = record(window, "known")
    assert (mirrored.x_m, mirrored.y_m, mirrored.azimuth_deg) == (50.0, pytest.approx(36.5), 180.0)
    window.menus["undo"].trigger()
    assert record(window, "known").azimuth_deg == 0.0


def test_that_a_camera_is_copied_over_its_street(qtbot, planning):
    planning.session.select("known")
    planning.commands.dragging.change("Move camera", "known", {"x_m": 50.0, "y_m": 43.5})
    press(qtbot, planning, "mirror_copies")
    assert record(planning, "known").y_m == 43.5
    copy = planning.session.selected
    assert (copy.status, copy.y_m, copy.azimuth_deg) == (Status.PLANNED, pytest.approx(36.5), 180.0)


def test_that_three_cameras_are_put_on_a_line_evenly_and_turned_alike(qtbot, planning):
    planning.menus["place"].trigger()
    QTest.mouseClick(planning.canvas, LEFT, CTRL, QPoint(*(round(v) for v in planning.canvas.viewport.to_screen(30, 50))))
    planned = planning.session.selected_id
    planning.session.selection.choose("known", planned, "bare")
    press(qtbot, planning, "align")
    assert record(planning, planned).y_m == pytest.approx(40.0)
    press(qtbot, planning, "space")
    assert (record(planning, planned).x_m, record(planning, planned).y_m) == (pytest.approx(65.0), pytest.approx(40.0))
    planning.session.selection.choose("known", planned)
    press(qtbot, planning, "turn_alike")
    assert record(planning, "known").azimuth_deg == record(planning, planned).azimuth_deg
    assert planning.session.history.count() == 3 + (record(planning, "known").azimuth_deg != 0.0)


@pytest.mark.nightly  # by day a copy, a line and a row here
def test_that_buttons_wait_for_enough_cameras(planning):
    panel = panel_of(planning)
    for ids, enabled in (((), set()), (("known",), {"copy", "mirror", "mirror_copies"})):
        planning.session.selection.choose(*ids)
        assert {key for key, button in panel.buttons.items() if button.isEnabled()} == enabled
    planning.session.selection.choose("known", "bare")
    assert panel.buttons["turn_alike"].isEnabled()
    assert not panel.buttons["align"].isEnabled()


def test_that_a_row_is_shown_before_it_is_added_in_one_step(qtbot, planning):
    panel = panel_of(planning)
    bare = planning.canvas.grab().toImage()
    planning.session.select("known")
    planning.commands.dragging.change("Move camera", "known", {"x_m": 20.0, "y_m": 43.5})
    panel.spacing.setValue(20.0)
    panel.count.setValue(3)
    panel.alternating.click()
    assert planning.canvas.grab().toImage() != bare
    before = planning.session.project
    press(qtbot, planning, "row")
    new = planning.session.project.cameras[2:]
    assert [(pytest.approx(c.x_m), pytest.approx(c.y_m), c.azimuth_deg) for c in new] == [
        (40.0, 36.5, 180.0), (60.0, 43.5, 0.0), (80.0, 36.5, 180.0)]  # fmt: skip
    assert {c.status for c in new} == {Status.PLANNED}
    assert planning.session.selection.ids == tuple(c.camera_id for c in new)
    planning.menus["undo"].trigger()
    assert planning.session.project is before


@pytest.mark.nightly  # by day a copy, a line and a row here
def test_that_a_row_ends_with_its_street(qtbot, planning):
    planning.session.select("known")
    panel_of(planning).count.setValue(50)
    press(qtbot, planning, "row")
    # 30 m apart from 50: only 80 lies on a street that ends at 100.
    assert [c.x_m for c in planning.session.project.cameras[2:]] == [pytest.approx(80.0)]


def test_that_a_row_is_no_more_shown_when_another_panel_lies_in_front(qtbot, planning):
    planning.session.select("known")
    preview = next(each for each in planning.canvas.map_tools if hasattr(each, "_cameras"))
    assert preview._cameras
    planning.session.attention.bring("camera")
    qtbot.waitUntil(lambda: preview._cameras == ())


def draw_line(qtbot, window, *places):
    """Click corners, the last one twice; nothing snaps while Ctrl is held."""
    for x_m, y_m in (*places, places[-1]):
        at = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))
        window.canvas._hover(QPointF(at), CTRL)
        qtbot.mouseClick(window.canvas, LEFT, CTRL, at)


def test_that_a_row_stands_along_a_drawn_street_in_one_step(qtbot, planning):
    panel, before = panel_of(planning), planning.session.project
    panel.spacing.setValue(20.0)
    panel.aside.setValue(6.0)
    panel.alternating.click()
    planning.menus["draw_row"].trigger()
    assert panel.draw.isChecked()
    draw_line(qtbot, planning, (5, 40), (70, 40))
    new, scale = planning.session.project.cameras[2:], planning.canvas.viewport.metres_per_px
    # Along 65 m every 20 m: four; east on the right (south) of the line, back west on the left in turn.
    assert [(c.status, c.x_m, c.y_m, c.azimuth_deg) for c in new] == [
        (Status.PLANNED, pytest.approx(x, abs=scale), pytest.approx(y, abs=scale), pytest.approx(azimuth, abs=1.5))
        for x, y, azimuth in ((5, 34, 90), (25, 46, 270), (45, 34, 90), (65, 46, 270))
    ]
    assert planning.session.mode.tool == ""
    assert not panel.draw.isChecked()
    planning.menus["undo"].trigger()
    assert planning.session.project is before


def test_that_no_street_of_a_row_is_drawn_outside_the_gate_and_the_reason_is_told(window):
    window.menus["draw_row"].trigger()
    assert window.session.mode.tool == ""
    assert len(window.bench.dialogs.reported) == 1


def test_that_a_drawn_row_with_a_camera_on_protected_ground_is_refused_as_a_whole(qtbot, planning):
    said = []
    planning.session.attention.said.connect(lambda sentence, _ms: said.append(sentence))
    panel_of(planning).aside.setValue(0.0)
    panel_of(planning).spacing.setValue(10.0)
    planning.menus["draw_row"].trigger()
    draw_line(qtbot, planning, (50, 46), (50, 70))  # of the three the last, at y = 66, stands on protected ground
    assert len(planning.session.project.cameras) == 2
    assert "for 1 of them" in said[-1]
    assert "is protected" in said[-1]


@pytest.mark.parametrize("code", some_by_day(("fr", "de", "en"), {"de"}))
def test_that_no_button_of_a_scrolled_panel_is_cut_in_a_language_with_longer_words(qtbot, window, code):
    window.session.attention.bring("arranging")
    window.menus[f"language_{code}"].trigger()
    panel = window.docks.panels["arranging"]
    qtbot.waitUntil(lambda: panel.parentWidget().width() >= panel.minimumSizeHint().width())
