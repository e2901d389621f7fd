"""The map canvas, which turns mouse and keys into signals, and the sheet that shows another plan on a part of its window."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip

from lhasaplan.app.look import Language, plain_tip
from lhasaplan.app.map import decorations
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.sheet import NORTH, MapSheet
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.core.base.translations import marked

# A sheet that shows one plan beside another: a part of the map's window on the ground, with the plan's name.

NAME_PX, HANDLE_PX, EDGE_PX = 26.0, 15.0, 10.0
NORTH_PX, LEAST_NAME_PX = 34.0, 40.0  # what the arrow takes; less than this no name is squeezed into


class ComparedSheet(MapSheet):
    """Lies over the map; the mouse passes through to it."""

    def __init__(self, over: MapSheet, language: Language, *, is_left: bool) -> None:
        super().__init__(language)
        self.setParent(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumSize(0, 0)
        self.setAccessibleName("plan")
        self.is_left, self.name, self._over = is_left, "", over

    def show_layers_of(self, sheet: MapSheet) -> None:
        """Show the layers that another sheet shows, as it shows them."""
        self.use_palette(sheet.palette_now)
        self.set_visible(sheet.visible, sheet.opacity)

    def lay(self, box_px: QRectF, viewport: Viewport) -> None:
        """Lie over a part of a map and show the ground that the map has there."""
        self.setGeometry(box_px.toRect())
        middle = viewport.to_world(box_px.center().x(), box_px.center().y())
        self._look(replace(viewport, x_m=middle[0], y_m=middle[1], width_px=self.width(), height_px=self.height()))

    def edge_key(self) -> Hashable:
        """Return all that this side is painted from, the map below with it."""
        return super().edge_key(), self._over.edge_key(), self.name, self.x(), self.y()

    def paint_edge(self, painter: QPainter) -> None:
        """Paint what stands at this side: scale or attribution, legend, the plan's name, half of the line's handle."""
        edge, width, height = decorations.EDGE_PX, self.width(), self.height()
        if self.is_left:
            decorations.draw_scale_bar(
                painter, QPointF(edge + 6, height - edge - 4), self.viewport.metres_per_px, self.palette_now
            )
        else:
            decorations.draw_attribution(painter, QPointF(width - edge, height - edge), self._over.attribution, self.palette_now)
            at, lean_deg = QPointF(width - edge - 16, edge + 22), -self._over.convergence_deg
            decorations.draw_north(painter, at, lean_deg, self._say(NORTH), self.palette_now)
        corner = QPointF(self._over.width() - edge - self.x(), self._over.height() - edge - 26 - self.y())
        self._over.paint_legend(painter, corner)  # goes on where the line cuts it, and opens by a click on the map below
        self._paint_name(painter, width)
        self._paint_line(painter, QPointF(width if self.is_left else 0, height / 2))

    def _paint_name(self, painter: QPainter, width: float) -> None:
        """Write the plan's name beside the line, wrapped where there is little room, and never over the arrow to the north."""
        room = max(width - 6 * EDGE_PX - (0.0 if self.is_left else NORTH_PX), LEAST_NAME_PX)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        needed = painter.boundingRect(QRectF(0, 0, room, self.height()), int(flags), self.name)
        across, high = needed.width() + 2 * EDGE_PX, max(needed.height() + EDGE_PX / 2, NAME_PX)
        left = width - across - HANDLE_PX if self.is_left else HANDLE_PX
        card = QRectF(left, EDGE_PX, across, high)
        decorations.draw_card(painter, card, self.palette_now)
        painter.setPen(self.palette_now.ink)
        painter.drawText(card, int(flags), self.name)

    def _paint_line(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(self.palette_now.accent, 3.0))
        painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), self.height()))
        painter.setPen(QPen(QColor("#ffffff"), 2.0))
        painter.setBrush(self.palette_now.accent)
        painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)
        way = -1.0 if self.is_left else 1.0
        tip = at + QPointF(way * 9.0, 0)
        painter.drawPolyline([tip + QPointF(-way * 4.0, -5.0), tip, tip + QPointF(-way * 4.0, 5.0)])


# The map canvas: the widget that shows the map and turns mouse and keys into signals.

PAN_KEYS = {
    Qt.Key.Key_Left: (80, 0),
    Qt.Key.Key_Right: (-80, 0),
    Qt.Key.Key_Up: (0, 80),
    Qt.Key.Key_Down: (0, -80),
}
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

AREAS = {"select_box": "box", "select_lasso": "lasso"}  # what a drag does while one of these tools is in use


@dataclass(slots=True)
class _Press:
    """Where the mouse button was pressed that pans the map, or clicks it."""

    at: QPointF
    what: str  # pan | box | lasso
    has_moved: bool = False
    adds: bool = False  # to what is selected
    last: QPointF = field(default_factory=QPointF)


class MapCanvas(MapSheet):
    """Turns the mouse into wishes; it changes nothing itself."""

    camera_picked = Signal(str)
    camera_added = Signal(str)  # to those that are selected, or taken out of them
    cameras_chosen = Signal(tuple, bool)  # ids inside a box or a lasso; in addition to those that are selected?
    spot_picked = Signal(float, float)
    tool_used = Signal(str, float, float)  # the tool that takes the clicks, and where
    remove_wished = Signal()
    pointed = Signal(float, float)  # where the pointer, or the middle under keys, is
    menu_wished = Signal(object, float, float)  # global point, and the place it is about

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._press: _Press | None = None
        self._holder: MapTool | None = None  # the tool that holds the left button
        self._laid: list[tuple[float, float]] = []  # corners of a box or a lasso, laid by keys; metres
        self._wheel = 0
        self.called: Callable[[str], str] = str  # what a camera is called, by its id
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to pan, unless a tool takes the button."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._aim(False)
        at = event.position()
        if event.button() is Qt.MouseButton.LeftButton and self._press is None:
            self._holder = next(
                (map_tool for map_tool in reversed(self.map_tools) if map_tool.press(at, event.modifiers())), None
            )
        if self._holder is not None:
            return
        what = self._meant_area(event.modifiers()) if event.button() is Qt.MouseButton.LeftButton else "pan"
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._press = _Press(at, what, adds=adds, last=at)

    def _meant_area(self, keys: Qt.KeyboardModifier) -> str:
        """Return what a drag over open ground does: a box with Shift, else what the tool in use says."""
        if self.tool in AREAS:
            return AREAS[self.tool]
        return "box" if keys & Qt.KeyboardModifier.ShiftModifier and not self.tool else "pan"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on panning, or have the tool go on that holds the button."""
        at, press = event.position(), self._press
        if self._holder is not None:
            self._holder.drag(at, event.modifiers())
            self.pointed.emit(*self.viewport.to_world(at.x(), at.y()))
            return
        if press is None:
            self._hover(at, event.modifiers())
            return
        if not press.has_moved and (at - press.at).manhattanLength() < 4:
            return
        press.has_moved = True
        if press.what == "pan":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._look(self.viewport.panned(at.x() - press.last.x(), at.y() - press.last.y()))
        else:
            self.set_outline(self._outline_to(press, at))
        press.last = at

    def _outline_to(self, press: _Press, at: QPointF) -> tuple[tuple[float, float], ...]:
        """Return the corners of the box, or the lasso with one more point, in metres."""
        here = self.viewport.to_world(at.x(), at.y())
        start = self.marks.outline[0] if self.marks.outline else self.viewport.to_world(press.at.x(), press.at.y())
        if press.what == "box":
            return start, (here[0], start[1]), here, (start[0], here[1])
        return (*(self.marks.outline or (start,)), here)

    def _hover(self, at: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        where = self.viewport.to_world(at.x(), at.y())
        self.pointed.emit(*where)
        self.point_at(*where)
        if self.marks.measure is not None:
            self.set_measure(self.marks.measure.pointed(*where))
        shapes = [map_tool.hover(at, modifiers) for map_tool in reversed(self.map_tools)]
        meant = next((shape for shape in shapes if shape is not None), None)
        if meant is None:
            self._shape_cursor(at)
        else:
            self.setCursor(meant)

    def _shape_cursor(self, at: QPointF) -> None:
        near = self.camera_at(at)
        is_laying = bool(self.tool)
        shape = Qt.CursorShape.CrossCursor if is_laying else Qt.CursorShape.ArrowCursor
        if self.is_on_legend(at) or (near is not None and not is_laying):
            shape = Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a drag, or take a click for what it points at."""
        if self._holder is not None and event.button() is Qt.MouseButton.LeftButton:
            holder, self._holder = self._holder, None
            holder.release(event.position(), event.modifiers())
            self._hover(event.position(), event.modifiers())
            return
        press, self._press = self._press, None
        if press is None:
            return
        if press.has_moved:
            if press.what != "pan":
                self._choose_inside(press.adds)
            self._hover(event.position())
        elif event.button() is Qt.MouseButton.LeftButton:
            self.click(event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _choose_inside(self, adds: bool) -> None:
        """Tell which cameras stand inside the outline, and take it away."""
        inside = self.cameras_inside(self.marks.outline)
        self.set_outline(())
        self.cameras_chosen.emit(inside, adds)

    def click(self, at: QPointF, adds: bool) -> None:
        """Take a click for what it points at; ``adds`` to what is selected."""
        if self.is_on_legend(at):
            self.fold_legend()
        else:
            self._choose(at, adds)

    def _choose(self, at: QPointF, adds: bool = False) -> None:
        """Take what stands at a point, or ask about the ground there."""
        where = self.viewport.to_world(at.x(), at.y())
        near = self.camera_at(at)
        if self.marks.measure is not None:
            self.set_measure(self.marks.measure.laid(*where))
        elif self.tool and self.tool not in AREAS:
            self.tool_used.emit(self.tool, *where)
        elif near is not None:
            (self.camera_added if adds else self.camera_picked).emit(near.camera_id)
        elif self.tool not in AREAS and self.has_ground:
            self.spot_picked.emit(*where)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom about the pointer; fine wheels add up to whole levels."""
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / 120)
        if steps:
            self._wheel -= 120 * steps
            self.zoom(steps, event.position().x(), event.position().y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pan by arrows, zoom by plus and minus, show all by Home, ask about the middle by Enter, fold the legend by L."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._holder is not None:
            holder, self._holder = self._holder, None
            holder.cancel()
        elif any(map_tool.key(event) for map_tool in reversed(self.map_tools)):
            return
        elif key in ENTER_KEYS:
            self._aim(True)
            self._use_middle(adds=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in PAN_KEYS:
            self._look(self.viewport.panned(*PAN_KEYS[key]))
            self._aim(True)
            self._draw_area()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_PageUp):
            self.zoom(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_PageDown):
            self.zoom(-1)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key == Qt.Key.Key_L and self.shows_legend:
            self.fold_legend()
        elif key == Qt.Key.Key_Backspace and self.marks.measure is not None:
            self.set_measure(self.marks.measure.taken_back())
        elif key == Qt.Key.Key_Backspace and self._laid:
            self._laid.pop()
            self._draw_area()
        elif key == Qt.Key.Key_Delete:
            self.remove_wished.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu about a place; the menu key means the middle of the map."""
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.rect().center() if is_by_key else event.pos()
        self.menu_wished.emit(self.mapToGlobal(at), *self.viewport.to_world(at.x(), at.y()))

    def _use_middle(self, *, adds: bool) -> None:
        """Do at the middle of the map what a click there does; a box or a lasso gets one corner more, or is closed."""
        if self.tool not in AREAS:
            self._choose(QPointF(self.rect().center()), adds)
            return
        at = self.viewport.x_m, self.viewport.y_m
        is_closed = bool(self._laid) and (AREAS[self.tool] == "box" or at == self._laid[-1])
        self._laid.append(at)
        self._draw_area()
        if is_closed:
            self._laid.clear()
            self._choose_inside(adds)

    def set_tool(self, tool: str) -> None:
        """Let another tool take the clicks; an area that was begun by keys is dropped."""
        super().set_tool(tool)
        if tool:
            self.setFocus()  # so that Esc and Enter mean the tool, wherever it was begun
        if self._laid:
            self._laid.clear()
            self.set_outline(())

    def _draw_area(self) -> None:
        """Show the box or the lasso whose corners were laid by keys, with the middle of the map as its next corner."""
        if not self._laid:
            if self.marks.outline and self._press is None:
                self.set_outline(())
            return
        (x, y), here = self._laid[0], (self.viewport.x_m, self.viewport.y_m)
        box = (self._laid[0], (here[0], y), here, (x, here[1]))
        self.set_outline(box if AREAS[self.tool] == "box" else (*self._laid, here))

    def _aim(self, by_keys: bool) -> None:
        """Show the middle of the map while keys are used on it."""
        self.is_aiming = by_keys
        if by_keys:
            self._hover(QPointF(self.rect().center()))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the map takes the keys when it was reached by them."""
        super().focusInEvent(event)
        self._aim(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the mark of the middle away."""
        super().focusOutEvent(event)
        self._aim(False)

    def _tip_of(self, camera_id: str) -> str:
        """Return what a camera is called; one without another name is at least called a camera."""
        name = self.called(camera_id)
        return self._say(_TIP, id=camera_id) if name == camera_id else name

    def event(self, event: QEvent) -> bool:
        """Name the camera under the pointer; keep Esc from the menu while a tool holds the mouse."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._holder is not None:
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = self.camera_at(QPointF(event.pos()))
            if near is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self._tip_of(near.camera_id)))
            return True
        return super().event(event)


_TIP = marked("Camera {id}")
