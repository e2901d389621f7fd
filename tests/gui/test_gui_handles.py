"""Cameras by hand, by real mouse and key events: place, aim, move, turn, open, reach, snap; one step each, and Esc takes back."""

import gc
from dataclasses import replace

import pytest
from amounts import some_by_day
from gui_town import assessment_of
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lhasaplan.app.map.words_on_map import Tile, held_label
from lhasaplan.app.state import edits
from lhasaplan.core.model.camera import Mount, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Gate

LEFT = Qt.MouseButton.LeftButton
NONE, CTRL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ready(qtbot, window):
    """The window with what there is to snap to, near enough that a place snaps within a metre and a half."""
    qtbot.waitUntil(lambda: window.bench.snapper.targets is not None)
    window.canvas.zoom(1)
    assert window.canvas.viewport.metres_per_px * 12 <= 1.5
    return window


@pytest.fixture
def planning(ready, context):
    """The same with the gate open."""
    context.gate = Gate(True)
    ready.session.set_assessment(assessment_of(ready.session.project, context.gate), ready.session.project)
    return ready


def pixel(window, x_m, y_m):
    return QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))


def drag(window, start, *way, modifier=NONE, end=True):
    """Press, pull along places, let go; ``start`` is a place or a pixel."""
    canvas = window.canvas
    QTest.mousePress(canvas, LEFT, modifier, start if isinstance(start, QPoint) else pixel(window, *start))
    for place in way:
        _move(canvas, pixel(window, *place), modifier)
    if end:
        QTest.mouseRelease(canvas, LEFT, modifier, pixel(window, *way[-1]))


def _move(canvas, at, modifier, buttons=LEFT):
    """Move with keys and buttons held down, which the test driver does not say of moves."""
    there = QPointF(canvas.mapToGlobal(at))
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), there, LEFT, buttons, modifier))


def spot(window, name):
    return window.tools["handles"].commands.handles.spots()[name].toPoint()


def record(window, camera_id="known"):
    return next((c for c in window.session.project.cameras if c.camera_id == camera_id), None)


# Handles of a camera that exists


def test_that_the_handle_of_the_azimuth_turns_the_camera_and_shift_by_whole_15_degrees(ready):
    ready.session.select("known")
    drag(ready, spot(ready, "azimuth"), (60, 45), (70, 40))
    assert record(ready).azimuth_deg == pytest.approx(90.0, abs=0.6)
    ready.menus["undo"].trigger()
    drag(ready, spot(ready, "azimuth"), (60, 45), (60, 50.6), modifier=SHIFT)
    assert record(ready).azimuth_deg == 45.0
    assert ready.session.history.count() == 1


def test_that_an_edge_opens_the_angle_to_both_sides_and_ends_where_the_lens_does(ready):
    ready.session.select("known")
    drag(ready, spot(ready, "right"), (60, 50), (60, 50))  # north-east of a camera that looks north: 45 degrees aside
    assert record(ready).hfov_deg == pytest.approx(90.0, abs=1.0)
    drag(ready, spot(ready, "left"), (40, 40), (40, 35))
    assert record(ready).hfov_deg == 120.0
    assert not ready.docks.panels["camera"].refusal.isVisible()
    assert ready.bench.dialogs.reported == []
    assert ready.session.history.count() == 2


def test_that_the_handle_of_the_range_sets_it_in_whole_metres(ready):
    ready.session.select("known")
    handle = spot(ready, "range")
    scale = ready.canvas.viewport.metres_per_px
    start = ready.canvas.viewport.to_world(handle.x(), handle.y())
    drag(ready, handle, (start[0] + 3, start[1] - 4), (start[0] + 3, start[1] - 10))
    assert record(ready).range_m == pytest.approx(20.0, abs=scale + 0.5)
    assert record(ready).range_m == round(record(ready).range_m)


def test_that_a_drag_of_a_handle_is_one_step_and_one_entry_of_the_journal(ready):
    ready.session.select("known")
    before = ready.session.project
    drag(ready, spot(ready, "azimuth"), (55, 45), (60, 42), (60, 38), (60, 30))
    assert ready.session.history.count() == 1
    assert len(ready.session.project.journal) == len(before.journal) + 1
    ready.menus["undo"].trigger()
    assert ready.session.project is before


def test_that_esc_takes_a_drag_back_and_nothing_is_left_to_redo(qtbot, ready):
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    ready.session.select("known")
    ready.canvas.setFocus()
    before = ready.session.project
    drag(ready, spot(ready, "azimuth"), (55, 45), (60, 42), end=False)
    assert record(ready).azimuth_deg != 0.0
    QTest.keyClick(ready.canvas, Qt.Key.Key_Escape)
    assert ready.session.project is before
    assert not ready.session.history.canRedo()
    assert not ready.session.is_dirty
    assert ready.session.selected_id == "known"
    QTest.mouseRelease(ready.canvas, LEFT, NONE, pixel(ready, 60, 42))
    assert ready.session.project is before


def test_that_the_cone_and_the_effect_follow_while_the_handle_is_held(qtbot, ready):
    ready.session.select("known")
    drag(ready, spot(ready, "range"), (50, 60), (50, 68), end=False)
    qtbot.waitUntil(lambda: ready.bench.sight.sight.seen["known"].placed.camera == record(ready))
    assert ready.canvas.marks.selected.seen.fields[0].geometry.bounds[3] == pytest.approx(40 + record(ready).range_m, abs=0.5)
    qtbot.waitUntil(lambda: "Protected places in view" in ready.status.effect.text())
    QTest.mouseRelease(ready.canvas, LEFT, NONE, pixel(ready, 50, 68))


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_a_click_on_a_handle_is_a_click_on_the_map(qtbot, ready):
    ready.session.select("known")
    QTest.mouseClick(ready.canvas, LEFT, NONE, spot(ready, "move"))
    qtbot.waitUntil(lambda: "camera" in ready.docks.in_front)
    assert not ready.session.is_dirty
    QTest.mouseClick(ready.canvas, LEFT, CTRL, pixel(ready, 80, 40))
    QTest.mouseClick(ready.canvas, LEFT, CTRL, spot(ready, "move"))  # lets the last one go again
    assert ready.session.selection.ids == ("known",)


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_a_camera_that_was_taken_away_has_no_handles(ready):
    ready.session.select("known")
    ready.menus["remove"].trigger()
    assert ready.tools["handles"].commands.handles.spots() == {}


def test_that_cameras_that_are_chosen_together_move_together(ready):
    ready.session.selection.choose("bare", "known")
    drag(ready, (50, 40), (52, 45), (55, 50))
    scale = ready.canvas.viewport.metres_per_px
    assert (record(ready).x_m, record(ready).y_m) == (pytest.approx(55.0, abs=scale), pytest.approx(50.0, abs=scale))
    assert (record(ready, "bare").x_m, record(ready, "bare").y_m) == (pytest.approx(85, abs=scale), pytest.approx(50, abs=scale))
    assert ready.session.history.count() == 1


# Snapping


def test_that_a_camera_snaps_to_the_kerb_and_control_suspends_it(ready):
    ready.session.select("known")
    drag(ready, (50, 40), (55, 42), (55, 43))
    assert record(ready).y_m == pytest.approx(43.5)
    ready.menus["undo"].trigger()
    drag(ready, (50, 40), (55, 42), (55, 43), modifier=CTRL)
    assert record(ready).y_m == pytest.approx(43.0, abs=ready.canvas.viewport.metres_per_px)


def test_that_a_camera_dropped_on_a_wall_hangs_there_below_the_eaves(ready):
    ready.session.select("known")
    drag(ready, (50, 40), (40, 50), (20, 59.5))
    dropped = record(ready)
    assert (dropped.mount, dropped.mount_height_m, dropped.y_m) == (Mount.WALL, 4.0, pytest.approx(59.95))
    ready.menus["undo"].trigger()
    assert (record(ready).mount, record(ready).y_m) == (Mount.POLE, 40.0)


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_a_camera_dropped_on_a_roof_stands_a_metre_above_it(ready):
    ready.session.select("known")
    drag(ready, (50, 40), (40, 50), (20, 70))
    assert (record(ready).mount, record(ready).mount_height_m) == (Mount.ROOF, 10.0)  # the house has 9 m


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_what_is_snapped_to_is_marked_with_its_name(ready):
    ready.session.select("known")
    drag(ready, (50, 40), (40, 50), (20, 59.5), end=False)
    held = ready.tools["handles"].commands.handles
    assert held._snapped.kind == "facade"
    marked = ready.canvas.grab().toImage()
    QTest.mouseRelease(ready.canvas, LEFT, CTRL, pixel(ready, 20, 59.5))
    assert held._snapped is None
    assert marked != ready.canvas.grab().toImage()


# By day the way of the grid and a slanting one.
@pytest.mark.parametrize("azimuth_deg", some_by_day((0.0, 45.0, 90.0, 200.0, 290.0), {90.0, 200.0}))
def test_that_the_name_of_the_selected_camera_lies_clear_of_its_handles(ready, azimuth_deg):
    ready.session.edit(
        "Name", edits.changed("known", {"azimuth_deg": azimuth_deg, "name": "Town hall, north side"}, ready.session.author)
    )
    ready.session.select("known")
    canvas, metrics = ready.canvas, QFontMetricsF(ready.canvas.font())
    label = held_label(canvas.marks.held, Tile(canvas.viewport.box_m, canvas.viewport.metres_per_px, metrics.height()), metrics)
    half_w, half_h = metrics.horizontalAdvance(label.text) / 2, metrics.height() / 2
    name = QRectF(label.x_px - half_w, label.y_px - half_h, 2 * half_w, 2 * half_h)
    handles = ready.tools["handles"].commands.handles.spots()
    assert len(handles) == 5
    assert not any(name.adjusted(-10, -10, 10, 10).contains(at) for at in handles.values())
    ways = [QPainterPath(handles["move"]) for _ in "abc"]
    for way, end in zip(ways, ("range", "left", "right"), strict=True):
        way.lineTo(handles[end])
    assert not any(way.intersects(name) for way in ways)


# Placing, behind the gate


def test_that_a_click_places_and_a_drag_aims_in_one_step(planning):
    planning.menus["place"].trigger()
    before = planning.session.project
    drag(planning, (30, 50), (32, 50), (45, 50))
    new = planning.session.selected
    assert (new.status, new.azimuth_deg) == (Status.PLANNED, pytest.approx(90.0, abs=0.6))
    assert (new.x_m, new.y_m) == (pytest.approx(30, abs=0.1), pytest.approx(50, abs=0.1))
    assert planning.session.history.count() == 1
    assert planning.session.mode.tool == ""
    planning.menus["undo"].trigger()
    assert planning.session.project is before


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_a_camera_placed_on_a_facade_looks_away_from_it(planning, context):
    context.refused_places = lambda _live, _cameras: ()
    planning.menus["place"].trigger()
    _move(planning.canvas, pixel(planning, 20, 59.6), NONE, Qt.MouseButton.NoButton)
    assert planning.tools["handles"].commands.placing._snapped.kind == "facade"
    QTest.mouseClick(planning.canvas, LEFT, NONE, pixel(planning, 20, 59.6))
    new = planning.session.selected
    assert (new.mount, new.azimuth_deg, new.y_m) == (Mount.WALL, 180.0, pytest.approx(59.95))


@pytest.mark.nightly  # by day each handle is dragged, and a drag taken back, here
def test_that_esc_takes_a_camera_back_that_is_being_placed(qtbot, planning):
    planning.activateWindow()
    qtbot.waitUntil(planning.isActiveWindow)
    planning.canvas.setFocus()
    before = planning.session.project
    planning.menus["place"].trigger()
    drag(planning, (30, 50), (35, 50), end=False)
    assert len(planning.session.project.cameras) == 3
    QTest.keyClick(planning.canvas, Qt.Key.Key_Escape)
    assert planning.session.project is before
    QTest.mouseRelease(planning.canvas, LEFT, NONE, pixel(planning, 35, 50))
    assert planning.session.mode.tool == "place"  # Esc took the camera back; once more ends the placing
    QTest.keyClick(planning.canvas, Qt.Key.Key_Escape)
    assert planning.session.mode.tool == ""


def test_that_no_planned_camera_is_placed_or_dragged_onto_protected_ground(planning):
    said = []
    planning.session.attention.said.connect(lambda sentence, _ms: said.append(sentence))
    before = planning.session.project
    planning.menus["place"].trigger()
    QTest.mouseClick(planning.canvas, LEFT, NONE, pixel(planning, 20, 70))
    assert planning.session.project is before
    assert said[-1].startswith("No camera can be placed there")  # it has no name yet, and nobody gave it an id
    QTest.mouseClick(planning.canvas, LEFT, NONE, pixel(planning, 30, 50))
    placed = planning.session.project
    assert len(placed.cameras) == 3
    drag(planning, (30, 50), (30, 60), (30, 70))
    assert planning.session.project is placed
    assert "is protected" in said[-1]
    assert planning.bench.dialogs.reported == []


def test_that_an_existing_camera_may_be_tried_there(planning):
    planning.session.select("known")
    drag(planning, (50, 40), (40, 50), (20, 70))
    assert record(planning).y_m == pytest.approx(70.0, abs=0.1)


def test_that_outside_the_gate_no_click_places(ready):
    ready.session.mode.use("place")
    QTest.mouseClick(ready.canvas, LEFT, NONE, pixel(ready, 30, 50))
    assert len(ready.session.project.cameras) == 2
    assert len(ready.bench.dialogs.reported) == 1


def test_that_of_a_long_drag_no_project_is_kept_but_the_first_and_the_last(ready):
    session = ready.session
    gesture, first = session.history.new_gesture(), session.project
    for step in range(5):
        session.history.add(session, replace(first, name=f"town {step}"), "Move", gesture)
    gc.collect()
    assert session.history.count() == 1
    kept = [each.name for each in gc.get_objects() if isinstance(each, Project) and each.name.startswith("town ")]
    assert kept == ["town 4"]
