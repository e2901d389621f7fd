"""Areas and lines are drawn corner by corner: with snapping, changed by their corners, taken back step by step."""

import pytest
import shapely
from gui_town import WORDING, layer
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from shapely.geometry import LineString, box

from lhasaplan.app.look import Language
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.drawing import ShapeDrawing, area_of
from lhasaplan.app.map.ground import prepare_ground
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.state.selection import Mode

LEFT, NONE, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0))


class Drawer:
    """A map of one house with a drawing upon it, used by the mouse; places are metres."""

    def __init__(self, qtbot, is_area):
        self.qtbot, self.canvas, self.mode, self.taken = qtbot, MapCanvas(Language(WORDING)), Mode(), []
        qtbot.addWidget(self.canvas, before_close_func=MapCanvas.stop)
        self.canvas.resize(400, 400)
        self.canvas.show()
        self.canvas.set_ground(prepare_ground({"buildings": layer("buildings", [box(60, 60, 90, 90)], [{"building": "yes"}])}))
        self.canvas.show_box((-20.0, -20.0, 120.0, 120.0))
        self.drawing = ShapeDrawing(self.canvas, self.mode, "draw", self.taken.append, is_area=is_area)
        self.canvas.add_map_tool(self.drawing)
        self.mode.changed.connect(lambda: self.canvas.set_tool(self.mode.tool))

    def at(self, x_m, y_m):
        return QPoint(*(round(each) for each in self.canvas.viewport.to_screen(x_m, y_m)))

    def point(self, x_m, y_m, keys=NONE):
        self.canvas._hover(QPointF(self.at(x_m, y_m)), keys)

    def click(self, *places, keys=NONE):
        for place in places:
            self.point(*place, keys)
            self.qtbot.mouseClick(self.canvas, LEFT, keys, self.at(*place))

    def drag(self, start, end):
        self.qtbot.mousePress(self.canvas, LEFT, NONE, self.at(*start))
        self.qtbot.mouseMove(self.canvas, self.at(*end))
        self.qtbot.mouseRelease(self.canvas, LEFT, NONE, self.at(*end))

    @property
    def scale(self):
        return self.canvas.viewport.metres_per_px

    def corners(self):
        return [pytest.approx(corner, abs=self.scale) for corner in self.drawing.corners]


@pytest.fixture
def area(qtbot):
    return Drawer(qtbot, is_area=True)


@pytest.fixture
def line(qtbot):
    return Drawer(qtbot, is_area=False)


def test_that_enter_ends_what_was_clicked_and_lays_no_corner_in_the_middle(area, line):
    for drawn, places in ((area, SQUARE), (line, SQUARE[:2])):
        drawn.drawing.begin()
        drawn.click(*places)
        QTest.keyClick(drawn.canvas, Qt.Key.Key_Return)
        (corners,) = drawn.taken
        assert len(corners) == len(places)


def test_that_a_click_on_the_first_corner_closes_an_area(area):
    area.drawing.begin()
    area.click(*SQUARE, SQUARE[0])
    (corners,) = area.taken
    assert area_of(corners).symmetric_difference(shapely.Polygon(SQUARE)).area < 200.0
    assert area.mode.tool == ""


def test_that_a_line_ends_on_its_last_corner_and_not_on_its_first(line):
    line.drawing.begin()
    line.click((0, 0), (40, 0), (0, 0))
    assert not line.taken
    line.click((20, 30), (20, 30))
    assert len(line.taken[0]) == 3


def test_that_a_corner_near_a_house_lies_on_its_corner_and_ctrl_leaves_it_where_it_is(area):
    area.drawing.begin()
    off = 4 * area.scale
    area.click((60 - off, 60 - off))
    assert area.drawing.corners == ((60.0, 60.0),)
    area.click((90 + off, 75))  # a side, and no corner near
    assert area.drawing.corners[1] == (90.0, pytest.approx(75, abs=area.scale))
    area.click((60 - off, 90 + off), keys=CTRL)
    assert area.drawing.corners[2] == pytest.approx((60 - off, 90 + off), abs=area.scale)


def test_that_an_area_is_changed_by_its_corners_and_the_middles_of_its_sides(area):
    area.drawing.begin(SQUARE)
    assert area.drawing.is_closed
    area.drag((40, 40), (50, 50))
    area.drag((20, 0), (20, -10))
    assert area.drawing.corners == tuple(
        pytest.approx(each, abs=area.scale) for each in ((0, 0), (20, -10), (40, 0), (50, 50), (0, 40))
    )
    area.point(0, 40)
    QTest.keyClick(area.canvas, Qt.Key.Key_Delete)
    assert len(area.drawing.corners) == 4
    for _ in range(3):
        QTest.keyClick(area.canvas, Qt.Key.Key_Backspace)
    assert area.drawing.corners == SQUARE
    QTest.keyClick(area.canvas, Qt.Key.Key_Return)
    assert area.taken == [SQUARE]


def test_that_an_area_keeps_three_corners_and_one_more_step_back_begins_anew(area):
    area.drawing.begin(SQUARE[:3])
    area.point(*SQUARE[0])
    QTest.keyClick(area.canvas, Qt.Key.Key_Delete)
    assert area.drawing.corners == SQUARE[:3]
    QTest.keyClick(area.canvas, Qt.Key.Key_Backspace)
    assert area.drawing.corners == ()
    area.click((0, 0))
    assert len(area.drawing.corners) == 1


def test_that_escape_puts_a_corner_back_that_is_held(area):
    area.drawing.begin(SQUARE)
    area.qtbot.mousePress(area.canvas, LEFT, NONE, area.at(40, 40))
    area.qtbot.mouseMove(area.canvas, area.at(50, 50))
    assert area.drawing.corners != SQUARE
    QTest.keyClick(area.canvas, Qt.Key.Key_Escape)
    assert area.drawing.corners == SQUARE


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((3.0, 4.0), (0.0, 0.0, True)),  # 5 m from the corner
        ((10.0, 2.0), (10.0, 0.0, False)),  # 10.2 m from it, 2 m from the side
        ((30.0, 8.0), None),  # 10 m beyond the end, 12.8 m away
    ],
)
def test_that_what_is_near_is_a_corner_before_a_side(place, expected):
    shapes = Shapes([LineString([(0, 0), (20, 0)]), LineString([(500, 0), (500, 9)])])
    assert shapes.snapped(*place, 6.0) == (pytest.approx(expected) if expected else None)
