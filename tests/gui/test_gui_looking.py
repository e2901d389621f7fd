"""Finding one's way on the map: read-out, north, measuring, and the menu of a spot."""

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from lhasaplan.app.map.decorations import draw_north
from lhasaplan.app.map.measuring import MeasuredLine
from lhasaplan.app.shell.status_line import Readout
from lhasaplan.app.tools import COPY, SPOT_PLACE
from lhasaplan.core.results.assessment import Gate


def on_screen(window, x_m, y_m):
    return QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))


def entries(menu):
    return {action.text(): action for action in menu.actions()}


def test_that_a_line_of_three_sides_has_their_sum_as_length_and_the_area_between_its_ends():
    line = MeasuredLine().laid(0.0, 0.0).laid(30.0, 0.0).laid(30.0, 40.0)
    assert line.length_m == pytest.approx(70.0)
    assert line.area_m2 == pytest.approx(600.0)
    assert line.taken_back().length_m == pytest.approx(30.0)
    assert line.taken_back().area_m2 == 0.0


def test_that_the_loose_end_counts_and_a_line_without_points_has_none():
    assert MeasuredLine().pointed(5.0, 5.0).line == ()
    assert MeasuredLine().laid(0.0, 0.0).pointed(3.0, 4.0).length_m == pytest.approx(5.0)


def test_that_clicks_lay_a_line_while_measuring_and_esc_takes_it_away(qtbot, window):
    window.menus["measure"].trigger()
    for x_m, y_m in ((10.0, 40.0), (50.0, 40.0)):  # the second is where a camera stands
        qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=on_screen(window, x_m, y_m))
    assert window.canvas.marks.measure.length_m == pytest.approx(40.0, abs=1.0)
    assert window.session.selected_id == ""
    qtbot.keyClick(window.canvas, Qt.Key.Key_Backspace)
    assert len(window.canvas.marks.measure.points) == 1
    window.menus["let_go"].trigger()
    assert window.canvas.marks.measure is None
    assert not window.menus["measure"].isChecked()


def test_that_the_read_out_says_where_the_pointer_is(window):
    window.canvas.pointed.emit(40.0, 1250.0)
    assert window.status.readout.text().startswith("47.01250°, 9.00040°   x 40 m, y 1 250 m   1:")
    window.menus["language_fr"].trigger()
    assert window.status.readout.text().startswith("47,01250° ; 9,00040°")


def test_that_a_place_pointed_at_before_there_is_a_city_is_not_read_out_in_it(window):
    readout = Readout(window.canvas, window.session, window.language, lambda *_at: cities[0])
    cities = [None]
    window.canvas.pointed.emit(0.0, 0.0)
    cities[0] = (9.0, 47.0)  # a project is opened, the pointer rests on a button
    window.canvas.viewport_changed.emit()
    assert readout.text() == ""


def test_that_the_middle_of_the_map_is_read_out_under_keys(qtbot, window):
    window.canvas.show_box((20, 40, 20, 40), 50.0)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    x_m, y_m = window.canvas.viewport.x_m, window.canvas.viewport.y_m
    assert f"x {x_m:.0f} m, y {y_m:.0f} m" in window.status.readout.text()


def test_that_the_menu_of_a_spot_copies_its_coordinates_and_offers_no_planning_outside_the_gate(window):
    found = entries(window.spot_menu(100.0, 200.0))
    assert SPOT_PLACE not in found
    found[COPY].trigger()
    assert QGuiApplication.clipboard().text() == "47.002000, 9.001000"


def test_that_the_menu_of_a_spot_plans_behind_the_gate(qtbot, window, context):
    context.gate = Gate(True, ())
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["check"].trigger()
    entries(window.spot_menu(30.0, 30.0))[SPOT_PLACE].trigger()
    placed = window.session.selected
    assert (placed.x_m, placed.y_m) == (30.0, 30.0)


def inked(lean_deg):
    """Return the centre of the dark half of the arrow, as a bearing on the picture."""
    picture = QImage(80, 80, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    draw_north(painter, QPointF(40, 40), lean_deg, "")
    painter.end()
    dark = [(x - 39.5, 39.5 - y) for x in range(80) for y in range(80) if picture.pixelColor(x, y).lightness() < 90]
    x, y = (sum(values) / len(dark) for values in zip(*dark, strict=True))
    return math.degrees(math.atan2(x, y)) % 360


def test_that_the_arrow_of_north_turns_clockwise_with_the_lean():
    assert (inked(90.0) - inked(0.0)) % 360 == pytest.approx(90.0, abs=6.0)
