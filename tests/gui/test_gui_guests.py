"""Tools that lie over the map: they take mouse and keys first, are painted last, and Esc takes back what they hold."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from lhasaplan.app.map.painter import MapTool

LEFT = Qt.MouseButton.LeftButton


class Plough(MapTool):
    """Takes the button in the left half of the map."""

    def __init__(self):
        self.heard = []

    def paint(self, painter, viewport):
        painter.fillRect(0, 0, 9, 9, Qt.GlobalColor.magenta)

    def hover(self, at, modifiers):
        return Qt.CursorShape.SplitHCursor if at.x() < 100 else None

    def press(self, at, modifiers):
        return at.x() < 100

    def drag(self, at, modifiers):
        self.heard.append(("drag", at))

    def release(self, at, modifiers):
        self.heard.append(("release", at))

    def cancel(self):
        self.heard.append(("cancel", None))

    def key(self, event):
        return event.key() == Qt.Key.Key_P


@pytest.fixture
def plough(window):
    map_tool = Plough()
    window.canvas.add_map_tool(map_tool)
    return map_tool


def test_that_a_tool_over_the_map_takes_the_button_until_it_is_let_go(qtbot, window, plough):
    before = window.canvas.viewport
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(50, 300))
    qtbot.mouseMove(window.canvas, QPoint(250, 320))
    qtbot.mouseRelease(window.canvas, LEFT, pos=QPoint(250, 320))
    assert plough.heard == [("drag", QPointF(250, 320)), ("release", QPointF(250, 320))]
    assert window.canvas.viewport == before  # the map was not panned
    assert window.session.selected_id == ""


def test_that_the_map_has_what_no_tool_takes(qtbot, window, plough):
    before = window.canvas.viewport
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(250, 300))
    qtbot.mouseMove(window.canvas, QPoint(300, 320))
    qtbot.mouseRelease(window.canvas, LEFT, pos=QPoint(300, 320))
    assert plough.heard == []
    assert window.canvas.viewport != before


def test_that_esc_takes_back_what_a_tool_holds_and_lets_go_of_nothing_else(qtbot, window, plough):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.session.select("known")
    window.canvas.setFocus()
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(50, 300))
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(window.canvas, LEFT, pos=QPoint(50, 300))
    assert plough.heard == [("cancel", None)]
    assert window.session.selected_id == "known"
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.session.selected_id == ""


def test_that_a_tool_has_its_keys_and_shape_of_the_pointer_and_is_painted(qtbot, window, plough):
    qtbot.mouseMove(window.canvas, QPoint(50, 300))
    assert window.canvas.cursor().shape() is Qt.CursorShape.SplitHCursor
    qtbot.mouseMove(window.canvas, QPoint(250, 200))
    assert window.canvas.cursor().shape() is not Qt.CursorShape.SplitHCursor
    assert window.canvas.grab().toImage().pixelColor(4, 4) == Qt.GlobalColor.magenta
