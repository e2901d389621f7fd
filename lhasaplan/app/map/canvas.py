"""The map canvas: one widget, tiles below, the camera at hand with its handles drawn live on top."""

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, Qt, QThreadPool, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.i18n import Language
from lhasaplan.app.map import furniture, style
from lhasaplan.app.map.cones import Overlays, Shown, Symbol, draw_live, draw_overlays, draw_symbol, symbol_radius_px
from lhasaplan.app.map.ground import Ground, draw_ground
from lhasaplan.app.map.shapes import bounds_of, geometry_path
from lhasaplan.app.map.sight import Seen
from lhasaplan.app.map.tiles import TileStack
from lhasaplan.app.map.viewport import Box, Viewport, united
from lhasaplan.core.camera import Status
from lhasaplan.core.wording import marked

HANDLE_PX = 64.0
GRAB_PX = 11.0
PAN_KEYS = {
    Qt.Key.Key_Left: (80, 0),
    Qt.Key.Key_Right: (-80, 0),
    Qt.Key.Key_Up: (0, 80),
    Qt.Key.Key_Down: (0, -80),
}


@dataclass(frozen=True, eq=False)
class InHand:
    """The camera at hand as it is drawn live."""

    symbol: Symbol
    seen: Seen | None = None


@dataclass(slots=True)
class _Press:
    """What the pressed mouse button is doing."""

    at: QPointF
    what: str  # pan | move | turn
    camera_id: str = ""
    has_moved: bool = False
    last: QPointF = field(default_factory=QPointF)


class MapCanvas(QWidget):
    """Shows the map and turns the mouse into wishes; it changes nothing itself."""

    camera_picked = Signal(str)
    spot_picked = Signal(float, float)
    place_picked = Signal(float, float)
    drag_started = Signal()
    camera_dragged = Signal(str, float, float)
    camera_turned = Signal(str, float)  # grid bearing
    drag_ended = Signal()
    remove_wished = Signal()
    viewport_changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._ground_tiles = TileStack(self._pool, style.PAPER)
        self._sight_tiles = TileStack(self._pool)
        for stack in (self._ground_tiles, self._sight_tiles):
            stack.ready.connect(self.update)
        self.viewport = Viewport()
        self._ground, self._overlays = Ground(), Overlays()
        self.visible = frozenset(key for key, _, on in style.LAYERS if on)
        self.shows_legend = True
        self.in_hand: InHand | None = None
        self.spot: tuple[float, float] | None = None
        self.highlight: BaseGeometry | None = None
        self.attribution, self.banner = "", ""
        self.is_placing = False
        self._press: _Press | None = None
        self._wheel = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("map")
        language.changed.connect(self.update)
        self._draw_anew()

    # What is shown

    def set_ground(self, ground: Ground) -> None:
        """Show another city."""
        self._ground = ground
        self._draw_ground_anew()

    def set_overlays(self, overlays: Overlays, dirty_m: Box | None = None) -> None:
        """Show other cones and results; only the dirty ground is drawn anew when it is given."""
        self._overlays = overlays
        self._draw_sight_anew(dirty_m)

    def set_visible(self, key: str, on: bool) -> None:
        """Switch a layer."""
        self.visible = self.visible | {key} if on else self.visible - {key}
        self._draw_anew()

    def set_in_hand(self, in_hand: InHand | None) -> None:
        """Draw a camera live instead of in the tiles; None lets go."""
        before, self.in_hand = self.in_hand, in_hand
        if _id(before) != _id(in_hand):
            self._draw_sight_anew()
        self.update()

    def _draw_anew(self) -> None:
        self._draw_ground_anew()
        self._draw_sight_anew()

    def _draw_ground_anew(self) -> None:
        ground, visible = self._ground, self.visible
        self._ground_tiles.set_content(lambda painter, box_m, scale: draw_ground(painter, ground, visible, box_m, scale))
        self.update()

    def _draw_sight_anew(self, dirty_m: Box | None = None) -> None:
        overlays, visible, lifted = self._overlays, self.visible, _id(self.in_hand)
        self._sight_tiles.set_content(
            lambda painter, box_m, scale: draw_overlays(painter, overlays, Shown(visible, lifted), box_m, scale), dirty_m
        )
        self.update()

    def forget(self) -> None:
        """Drop every tile: another project has other ground under the same numbers."""
        self._ground_tiles.clear()
        self._sight_tiles.clear()
        self.spot = self.highlight = None

    def stop(self) -> None:
        """Wait for the drawing threads before the window goes."""
        self._pool.clear()
        self._pool.waitForDone()

    @property
    def is_pending(self) -> bool:
        """Say whether tiles are still being drawn."""
        return self._ground_tiles.is_pending or self._sight_tiles.is_pending

    # Where it looks

    def show_box(self, box_m: Box, least_m: float = 0.0) -> None:
        """Bring a box into view, with at least so much ground around its middle."""
        x, y, half = (box_m[0] + box_m[2]) / 2, (box_m[1] + box_m[3]) / 2, least_m / 2
        box_m = united(box_m, (x - half, y - half, x + half, y + half)) or box_m
        self._look(
            self.viewport.fitted(
                (min(box_m[0], x - half), min(box_m[1], y - half), max(box_m[2], x + half), max(box_m[3], y + half))
            )
        )

    def show_finding(self, geometry: BaseGeometry | None, camera_m: tuple[float, float] | None) -> None:
        """Bring a finding into view together with its camera."""
        at = (*camera_m, *camera_m) if camera_m is not None else None
        box_m = united(bounds_of([geometry]), at)
        if box_m is not None:
            self.show_box(box_m, least_m=120.0)

    def show_all(self) -> None:
        """Bring the whole city into view."""
        if self._ground.bounds is not None:
            self._look(self.viewport.fitted(self._ground.bounds))

    def zoom(self, steps: int, x_px: float | None = None, y_px: float | None = None) -> None:
        """Go some levels closer, or farther."""
        self._look(self.viewport.zoomed(steps, x_px, y_px))

    def _look(self, viewport: Viewport) -> None:
        self.viewport = viewport
        self.viewport_changed.emit()
        self.update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint tiles, then what is live, then what stands on the edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.PAPER)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._ground_tiles.paint(painter, self.viewport, self.devicePixelRatioF())
        self._sight_tiles.paint(painter, self.viewport, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_live(painter)
        self._paint_edge(painter)
        painter.end()

    def _paint_live(self, painter: QPainter) -> None:
        box, scale = self.viewport.box_m, self.viewport.metres_per_px
        if self.highlight is not None:
            painter.setPen(QPen(style.SELECTED, 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(geometry_path(self.highlight, (box[0], box[3]), 1 / scale))
        if self.in_hand is not None:
            if self.in_hand.seen is not None:
                draw_live(painter, self.in_hand.seen, (box[0], box[3]), scale)
            self._paint_handles(painter, self.in_hand.symbol)
        if self.spot is not None:
            _paint_spot(painter, QPointF(*self.viewport.to_screen(*self.spot)))

    def _paint_handles(self, painter: QPainter, symbol: Symbol) -> None:
        at = QPointF(*self.viewport.to_screen(symbol.x_m, symbol.y_m))
        if symbol.status is not Status.REMOVED:
            dash = Qt.PenStyle.SolidLine if symbol.azimuth_deg is not None else Qt.PenStyle.DotLine
            handle = self._handle_at(symbol)
            painter.setPen(QPen(style.SELECTED, 1.6, dash))
            painter.drawLine(at, handle)
            painter.setBrush(style.CAMERA_LINE)
            painter.drawEllipse(handle, 6.5, 6.5)
        painter.setPen(QPen(style.SELECTED, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 12.0, 12.0)
        draw_symbol(painter, at, symbol, max(symbol_radius_px(self.viewport.metres_per_px), 5.0))

    def _paint_edge(self, painter: QPainter) -> None:
        edge, width, height = furniture.EDGE_PX, self.width(), self.height()
        furniture.draw_scale_bar(painter, QPointF(edge + 6, height - edge - 4), self.viewport.metres_per_px)
        furniture.draw_attribution(painter, QPointF(width - edge, height - edge), self.attribution)
        if self.shows_legend:
            furniture.draw_legend(painter, QPointF(width - edge, height - edge - 26), self._contents(), self._say)
        if self.banner:
            furniture.draw_banner(painter, width, self._say(self.banner))

    def _contents(self) -> frozenset[str]:
        """Return what the legend must explain: the tiles, and the cone at hand."""
        seen = self.in_hand.seen if self.in_hand is not None else None
        live = frozenset() if seen is None else {"certain"} if seen.certain is not None else {"possible"}
        return self._overlays.contents(self.visible) | live

    # Mouse and keys

    def _handle_at(self, symbol: Symbol) -> QPointF:
        bearing = math.radians(symbol.azimuth_deg or 0.0)
        x, y = self.viewport.to_screen(symbol.x_m, symbol.y_m)
        return QPointF(x + HANDLE_PX * math.sin(bearing), y - HANDLE_PX * math.cos(bearing))

    def handle_point(self) -> QPointF | None:
        """Return where the handle of the camera at hand is, in pixels."""
        return self._handle_at(self.in_hand.symbol) if self.in_hand is not None else None

    @property
    def camera_symbols(self) -> tuple[Symbol, ...]:
        """Return the cameras on the map as they are drawn."""
        return self._overlays.symbols

    def camera_at(self, at: QPointF) -> Symbol | None:
        """Return the nearest camera within reach of the pointer."""
        x0, y0 = self.viewport.to_world(at.x() - GRAB_PX, at.y() + GRAB_PX)
        x1, y1 = self.viewport.to_world(at.x() + GRAB_PX, at.y() - GRAB_PX)
        held = [self.in_hand.symbol] if self.in_hand is not None else []
        others = [s for s in self._overlays.symbols if s.camera_id != _id(self.in_hand)] if "cameras" in self.visible else []
        near = [s for s in (*held, *others) if x0 <= s.x_m <= x1 and y0 <= s.y_m <= y1]
        x, y = self.viewport.to_world(at.x(), at.y())
        return min(near, key=lambda s: (s.x_m - x) ** 2 + (s.y_m - y) ** 2, default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to pan, move or turn."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        at = event.position()
        what, camera_id = self._meant(at) if event.button() is Qt.MouseButton.LeftButton else ("pan", "")
        self._press = _Press(at, what, camera_id, last=at)

    def _meant(self, at: QPointF) -> tuple[str, str]:
        held = self.in_hand.symbol if self.in_hand is not None else None
        if held is not None and not self.is_placing and held.status is not Status.REMOVED:
            if (self._handle_at(held) - at).manhattanLength() <= GRAB_PX * 1.4:
                return "turn", held.camera_id
            if (QPointF(*self.viewport.to_screen(held.x_m, held.y_m)) - at).manhattanLength() <= GRAB_PX * 1.4:
                return "move", held.camera_id
        return "pan", ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on panning, moving or turning."""
        at, press = event.position(), self._press
        if press is None:
            self._hover(at)
            return
        if not press.has_moved and (at - press.at).manhattanLength() < 4:
            return
        if not press.has_moved and press.what != "pan":
            self.drag_started.emit()
        press.has_moved = True
        if press.what == "pan":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._look(self.viewport.panned(at.x() - press.last.x(), at.y() - press.last.y()))
        elif press.what == "move":
            self.camera_dragged.emit(press.camera_id, *self.viewport.to_world(at.x(), at.y()))
        elif press.what == "turn" and self.in_hand is not None:
            x, y = self.viewport.to_screen(self.in_hand.symbol.x_m, self.in_hand.symbol.y_m)
            self.camera_turned.emit(press.camera_id, math.degrees(math.atan2(at.x() - x, y - at.y())) % 360.0)
        press.last = at

    def _hover(self, at: QPointF) -> None:
        what, _ = self._meant(at)
        near = self.camera_at(at)
        shape = Qt.CursorShape.CrossCursor if self.is_placing else Qt.CursorShape.ArrowCursor
        if what == "turn":
            shape = Qt.CursorShape.PointingHandCursor
        elif what == "move":
            shape = Qt.CursorShape.SizeAllCursor
        elif near is not None and not self.is_placing:
            shape = Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a drag, or take a click for what it points at."""
        press, self._press = self._press, None
        if press is None:
            return
        if press.has_moved:
            if press.what != "pan":
                self.drag_ended.emit()
            self._hover(event.position())
        elif event.button() is Qt.MouseButton.LeftButton:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        where = self.viewport.to_world(at.x(), at.y())
        near = self.camera_at(at)
        if self.is_placing:
            self.place_picked.emit(*where)
        elif near is not None:
            self.camera_picked.emit(near.camera_id)
        else:
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
        """Pan by arrows, zoom by plus and minus, show all by Home, remove by Delete."""
        key = Qt.Key(event.key())
        if key in PAN_KEYS:
            self._look(self.viewport.panned(*PAN_KEYS[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_PageUp):
            self.zoom(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_PageDown):
            self.zoom(-1)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key == Qt.Key.Key_Delete:
            self.remove_wished.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the middle where it is."""
        self._look(self.viewport.resized(event.size().width(), event.size().height()))

    def event(self, event: QEvent) -> bool:
        """Name the camera under the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            near = self.camera_at(QPointF(event.pos()))
            if near is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._say(_TIP, id=near.camera_id))
            return True
        return super().event(event)


_TIP = marked("Camera {id}")


def _id(in_hand: InHand | None) -> str:
    return in_hand.symbol.camera_id if in_hand is not None else ""


def _paint_spot(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(style.CAMERA_LINE, 4.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 7.0, 7.0)
    painter.setPen(QPen(style.SPOT, 2.0))
    painter.drawEllipse(at, 7.0, 7.0)
    painter.drawPoint(at)
