"""A frame of the map: its edge is a picture that is kept, tiles stand in for others once, lines are painted a few at a time."""

from threading import Event

import numpy as np
import pytest
from gui_looks import colour_on_blue
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QThreadPool
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from shapely.geometry import LineString, box
from shiboken6 import delete

from lhasaplan.app.map.decorations import Edge
from lhasaplan.app.map.painter import LINES, PaintedSheet
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.sheet import HELD_MS
from lhasaplan.app.map.style import DARK
from lhasaplan.app.map.tiles import TILE_PX, LeftScreen, MapTiles, TileKey, TileStack
from lhasaplan.app.map.viewport import Viewport


def test_that_the_edge_is_painted_once_for_many_frames_and_anew_for_each_thing_that_is_written_on_it(window):
    canvas = window.canvas
    kept = canvas._edge.picture(canvas)
    canvas._look(canvas.viewport.panned(40, 30))
    assert canvas._edge.picture(canvas) is kept, "panning changes nothing on the edge"
    changes = (
        lambda: canvas.zoom(1),
        canvas.fold_legend,
        lambda: canvas.show_legend(False),
        lambda: setattr(canvas, "attribution", "somebody else's"),
        lambda: setattr(canvas, "banner", "Gap"),
        lambda: setattr(canvas, "convergence_deg", canvas.convergence_deg + 30.0),
        lambda: canvas.use_palette(DARK),
        lambda: window.language.use("fr"),
        lambda: canvas.resize(canvas.width() - 20, canvas.height()),
        lambda: canvas.setFont(_larger(canvas.font())),
    )
    pictures = [kept]
    for change in changes:
        change()
        pictures.append(canvas._edge.picture(canvas))
        assert pictures[-1] != pictures[-2]
        assert pictures[-1] == Edge().picture(canvas), "what was kept is what would be painted now"


def _larger(font):
    font.setPointSizeF(2.0 * font.pointSizeF())
    return font


def test_that_pictures_of_other_levels_stand_in_for_a_tile_without_adding_up(qtbot):
    pool = QThreadPool()
    stack = TileStack(pool)  # lies over others: what is translucent would grow darker
    veil = QColor(0, 0, 0, 100)
    stack.set_content(lambda painter, _box, _scale, _is_left: painter.fillRect(0, 0, TILE_PX, TILE_PX, veil))
    viewport = Viewport(100.0, 100.0, 4, 64, 64)

    def shown(at):
        image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        stack.paint(painter, at)
        painter.end()
        stack.order(1.0)
        return {image.pixelColor(x, y).alpha() for x in range(1, 63, 4) for y in range(1, 63, 4)}

    for steps in (0, -1, -2):
        at = viewport.zoomed(steps)
        qtbot.waitUntil(lambda at=at: shown(at) == {100} and not stack.is_pending)
    assert shown(viewport.zoomed(1)) == {100}
    pool.waitForDone()


def test_that_a_picture_that_leaves_the_screen_while_it_is_drawn_is_dropped_and_drawn_again_when_it_is_back(qtbot):
    pool, begun, is_gone, left = QThreadPool(), Event(), Event(), []
    stack = TileStack(pool, QColor("white"))

    def draw(painter, _box_m, _scale, is_left):
        begun.set()
        assert is_gone.wait(60.0)
        left.append(is_left())
        if not is_left():
            painter.fillRect(0, 0, TILE_PX, TILE_PX, QColor("red"))

    def shown(at):
        return colour_on_blue(stack, at)

    stack.set_content(draw)
    here = Viewport(100.0, 100.0, 0, 64, 64)
    shown(here)
    stack.order(1.0)
    assert begun.wait(60.0)
    shown(here.panned(4000.0, 0.0))
    is_gone.set()
    pool.waitForDone()
    qtbot.waitUntil(lambda: not stack.is_pending)
    assert left == [True]
    assert shown(here) == "#0000ff", "a picture of which something was left out is not kept"
    stack.order(1.0)
    pool.waitForDone()
    qtbot.waitUntil(lambda: not stack.is_pending)
    assert left == [True, False]
    assert shown(here) == "#ff0000"


def test_that_tiles_are_shown_together_while_others_are_drawn_and_the_last_at_once(qtbot):
    class Counted(QWidget):
        frames = 0

        def update(self):
            self.frames += 1

    sheet = Counted()
    qtbot.addWidget(sheet)
    tiles = MapTiles(sheet, QColor("white"))
    pending = tiles._ground._pending
    pending[TileKey(0, 0, 0)] = True
    for _ in range(3):
        tiles._ground.ready.emit()
    assert sheet.frames == 0
    qtbot.waitUntil(lambda: sheet.frames == 1)
    tiles._top.ready.emit()
    pending.clear()
    tiles._ground.ready.emit()
    assert sheet.frames == 2
    assert not tiles._soon.isActive(), "that frame had all of them"


def test_that_a_tile_that_is_ready_once_its_map_is_gone_is_no_error(qtbot):
    sheet = QWidget()
    tiles = MapTiles(sheet, QColor("white"))
    delete(sheet)
    with qtbot.captureExceptions() as raised:
        tiles._ground.ready.emit()
    assert raised == []


def test_that_a_picture_that_was_left_for_a_moment_stays_left():
    away = [True, False, False]
    left = LeftScreen(away.pop)  # looked at twice, then left, then looked at again
    assert [left(), left(), left()] == [False, False, True]
    away.append(False)
    assert left()


def test_that_what_is_seen_of_a_tile_is_drawn_first_and_the_whole_when_more_is_seen(qtbot):
    pool, boxes = QThreadPool(), []
    stack = TileStack(pool, QColor("white"), in_parts=True)

    def draw(painter, box_m, scale, _is_left):
        boxes.append(box_m)
        for number in range(16):  # stripes of the ground, not of the picture
            west_m = (64.0 * number - box_m[0]) / scale
            painter.fillRect(QRectF(west_m, 0.0, 32.0 / scale, 600.0), QColor(16 * number, 0, 0))

    def shown(at):
        image = QImage(at.width_px, at.height_px, QImage.Format.Format_RGB32)
        image.fill(QColor("blue"))
        painter = QPainter(image)
        stack.paint(painter, at)
        painter.end()
        stack.order(1.0)
        return image

    stack.set_content(draw)
    at = Viewport(200.0, 300.0, 0, 100, 100)  # from 150 m east and 250 m north on, in the tile from 0 to 512
    shown(at)
    qtbot.waitUntil(lambda: not stack.is_pending)
    assert boxes == [(128.0, 192.0, 256.0, 384.0)], "whole cells of 64 pixels"
    seen, beside = shown(at), at.panned(-90.0, 0.0)
    assert (seen.pixelColor(5, 50).name(), seen.pixelColor(50, 50).name()) == ("#200000", "#300000")
    assert shown(beside).pixelColor(30, 50).name() == "#0000ff", "nothing is there yet"
    pool.waitForDone()
    qtbot.waitUntil(lambda: not stack.is_pending)
    assert set(boxes[1:]) == {(0.0, 0.0, 512.0, 512.0)}
    assert shown(beside).pixelColor(30, 50).name() == "#400000"
    assert shown(at) == seen


def test_that_translucent_lines_are_painted_together_and_opaque_ones_a_few_at_a_time():
    crossing = [LineString([(0, y), (40, 40 - y)]) for y in range(0, 40, 2)]
    assert len(crossing) > LINES

    def darkest(colour):
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        PaintedSheet(painter, (0.0, 40.0), 1.0, (0.0, 0.0, 40.0, 40.0)).stroke(Shapes(crossing), colour, 6.0)
        painter.end()
        return min(image.pixelColor(x, y).red() for x in range(40) for y in range(40))

    assert darkest(QColor(0, 0, 0, 100)) == 155, "lines over each other are no darker than one"
    assert darkest(QColor(0, 0, 0)) == 0


def _frames_of(canvas):
    frames, painted = [], canvas.paintEvent
    canvas.paintEvent = lambda event: (frames.append(canvas.marks.selected), painted(event))
    return frames


def test_that_a_frame_that_is_held_comes_with_the_answer_or_after_a_moment(qtbot, window):
    canvas = window.canvas
    qtbot.waitUntil(lambda: not canvas.is_pending)
    canvas.repaint()  # what was wished for before
    frames = _frames_of(canvas)
    canvas._held.setInterval(20_000)  # however busy this computer is
    canvas.hold_frame()
    canvas.update()
    QApplication.processEvents()
    assert not frames
    canvas.show_frame()
    qtbot.waitUntil(lambda: bool(frames))
    canvas._held.setInterval(HELD_MS)
    canvas.hold_frame()
    frames.clear()
    canvas.update()
    qtbot.waitUntil(lambda: bool(frames))


def test_that_a_camera_that_is_dragged_moves_in_one_frame_with_its_cone(qtbot, window):
    canvas, sight = window.canvas, window.bench.sight
    camera = window.session.project.cameras[0]
    window.session.select(camera.camera_id)
    qtbot.waitUntil(lambda: not canvas.is_pending and sight.seen_now(window.session.selected) is not None)
    at = QPointF(*canvas.viewport.to_screen(camera.x_m, camera.y_m)).toPoint()
    canvas._held.setInterval(20_000)  # however busy this computer is
    _mouse(canvas, QEvent.Type.MouseButtonPress, at)
    frames = _frames_of(canvas)
    for step in (10, 20, 30):
        canvas.repaint()  # what was wished for before
        frames.clear()
        _mouse(canvas, QEvent.Type.MouseMove, at + QPoint(step, 0))
        qtbot.waitUntil(lambda: bool(frames))
        drawn = frames[0]
        assert drawn.symbol.x_m == drawn.seen.placed.views[0].x_m != camera.x_m
    _mouse(canvas, QEvent.Type.MouseButtonRelease, at + QPoint(30, 0))


def _mouse(canvas, kind, at):
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button, held = (none, left) if kind is QEvent.Type.MouseMove else (left, left)
    where = QPointF(at), QPointF(canvas.mapToGlobal(at))
    QApplication.sendEvent(canvas, QMouseEvent(kind, *where, button, held, Qt.KeyboardModifier.NoModifier))


@pytest.mark.parametrize("together", [1, 3, 8, 100])
def test_that_shapes_a_few_at_a_time_are_the_same_shapes(together, monkeypatch):
    monkeypatch.setattr("lhasaplan.app.map.shapes.AT_ONCE", 5)
    holed = box(20, 20, 30, 30).difference(box(22, 22, 24, 24))
    mixed = Shapes([LineString([(x, 0), (x + 3, x)]) for x in range(7)] + [holed, box(5, 5, 6, 9)])
    chosen = np.array([8, 0, 3, 7, 5, 1, 2])
    many = list(mixed.paths(chosen, together, (1.0, 40.0), 2.0))
    assert len(many) == -(-len(chosen) // together)
    parts = [polygon for path in many for polygon in path.toSubpathPolygons()]
    assert parts == [polygon for one in chosen for polygon in mixed.path(np.array([one]), (1.0, 40.0), 2.0).toSubpathPolygons()]
    assert [path.elementCount() for path in many][-1] > 0
    assert all(path.fillRule() is Qt.FillRule.WindingFill for path in many)
    assert not list(mixed.paths(np.zeros(0, np.int64), together, (0.0, 0.0), 1.0))
