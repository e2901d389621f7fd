"""The neighbourhood in space on the screen: drag to turn and tilt it, turn the wheel to come nearer."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.look import plain_tip
from lhasaplan.app.map.shapes import painter_paths
from lhasaplan.app.map.sight import Seen
from lhasaplan.app.map.style import Palette, with_alpha
from lhasaplan.core.demand.ground_in_view import Reach
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.results.finding import Severity

if TYPE_CHECKING:
    from lhasaplan.core.picture.neighbourhood import Faces, Neighbourhood

TURN_DEG_PX, TILT_DEG_PX, KEY_DEG, STEP, PAN_PX = 0.4, 0.3, 10.0, 1.2, 60.0
USUAL_TILT_DEG, STEEPEST_DEG, NEAREST_PX_M, FARTHEST_PX_M = 55.0, 82.0, 40.0, 0.3
HIGH_M = (5.0, 12.0, 25.0)  # heights from which buildings are darker
LIGHTS = 8  # shades of a wall
CLICK_PX, MARK_PX = 4.0, 5.0
CAPTION_SHARE = 0.15  # of the height that a caption may take
CERTAIN, VIEW = "certain", "view_"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """From where one looks: the bearing ahead, the tilt (0 straight down), the scale, and the place in the middle, in metres."""

    bearing_deg: float = 0.0
    tilt_deg: float = USUAL_TILT_DEG
    px_per_m: float = 2.0
    east_m: float = 0.0
    north_m: float = 0.0

    def turned(self, bearing_deg: float, tilt_deg: float) -> "Standpoint":
        """Return the standpoint after one turned and tilted."""
        tilt = min(max(self.tilt_deg + tilt_deg, 0.0), STEEPEST_DEG)
        return replace(self, bearing_deg=(self.bearing_deg + bearing_deg) % 360.0, tilt_deg=tilt)

    def nearer(self, times: float) -> "Standpoint":
        """Return the standpoint so many times nearer."""
        return replace(self, px_per_m=min(max(self.px_per_m * times, FARTHEST_PX_M), NEAREST_PX_M))

    def moved(self, right_px: float, up_px: float) -> "Standpoint":
        """Return the standpoint after what is looked at was pushed so far over the screen."""
        sine, cosine = math.sin(math.radians(self.bearing_deg)), math.cos(math.radians(self.bearing_deg))
        right = -right_px / self.px_per_m
        ahead = -up_px / self.px_per_m / max(math.cos(math.radians(self.tilt_deg)), 0.2)
        east, north = right * cosine + ahead * sine, ahead * cosine - right * sine
        return replace(self, east_m=self.east_m + east, north_m=self.north_m + north)

    def on_screen(self, xyz_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points as pixels to the right and up from the middle of the screen; shape (n, 2)."""
        bearing, tilt = math.radians(self.bearing_deg), math.radians(self.tilt_deg)
        x, y, z = xyz_m[:, 0] - self.east_m, xyz_m[:, 1] - self.north_m, xyz_m[:, 2]
        right = x * math.cos(bearing) - y * math.sin(bearing)
        ahead = x * math.sin(bearing) + y * math.cos(bearing)
        return np.column_stack((right, ahead * math.cos(tilt) + z * math.sin(tilt))) * self.px_per_m


@dataclass(frozen=True, slots=True)
class LensMark:
    """A camera as it is marked: its lens and the ground below it from the middle, and where it looks."""

    camera_id: str
    name: str
    lens_m: tuple[float, float, float]
    ground_m: float
    bearing_deg: float | None
    colour: QColor


class NeighbourhoodView(QWidget):
    """Lies over the map; knows nothing of the project."""

    closed = Signal()
    camera_picked = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._town: Neighbourhood | None = None
        self._lenses: Sequence[LensMark] = ()
        self._chosen, self._order_of = "", (math.nan, np.zeros(0, np.int64))
        self._palette: Palette | None = None
        self.standpoint, self._keys, self.caption, self.reason = Standpoint(), "", "", ""
        self.caption_box, self.is_short = QRectF(), False  # as it was painted last
        self._at: QPointF | None = None
        self._pressed_at, self._pans = QPointF(), False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        over.installEventFilter(self)
        self.hide()

    def open(self, standpoint: Standpoint) -> None:
        """Cover the map, looking from a standpoint."""
        self.standpoint, self._town, self._lenses = standpoint, None, ()
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def show_town(self, town: "Neighbourhood", lenses: Sequence[LensMark], chosen: str, colours: Palette) -> None:
        """Show what is around a place."""
        self._town, self._lenses, self._chosen, self._palette = town, lenses, chosen, colours
        self._order_of = (math.nan, np.zeros(0, np.int64))
        self.update()

    @property
    def town(self) -> "Neighbourhood | None":
        """Return what is shown."""
        return self._town

    def say(self, keys: str, facts: str = "", reason: str = "") -> None:
        """Write how it is used and what is known of what is shown, or in the middle why there is nothing yet."""
        self._keys, self.caption, self.reason = keys, f"{keys} {facts}".strip(), reason
        self.setAccessibleName(self.caption)
        self.setToolTip(plain_tip(self.caption))
        self.update()

    def _look_from(self, standpoint: Standpoint) -> None:
        self.standpoint = standpoint
        self.update()

    # Mouse and keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay as large as the map."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold: to turn and tilt, with Shift or another button to move."""
        self._at = self._pressed_at = event.position()
        self._pans = event.button() != Qt.MouseButton.LeftButton or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Turn and tilt as far as was pulled."""
        if self._at is not None:
            way, self._at = event.position() - self._at, event.position()
            if self._pans:
                self._look_from(self.standpoint.moved(way.x(), -way.y()))
            else:
                self._look_from(self.standpoint.turned(way.x() * TURN_DEG_PX, -way.y() * TILT_DEG_PX))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; a click picks the camera there."""
        self._at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if (event.position() - self._pressed_at).manhattanLength() <= CLICK_PX:
            for lens, at in self._marks():
                if (at - event.position()).manhattanLength() <= 2.0 * MARK_PX:
                    self.camera_picked.emit(lens.camera_id)
                    return

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Come nearer or go farther away."""
        self._look_from(self.standpoint.nearer(STEP ** (event.angleDelta().y() / 120.0)))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the keys from the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meant(event) is not None:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.pos().y() < self.caption_box.top():
            return True  # the tip belongs to the caption: it would lie over what is looked at
        return super().event(event)

    def _meant(self, event: QKeyEvent) -> Standpoint | None:
        """Return the standpoint that a key leads to; None for keys that mean nothing here."""
        here, key, modifier = self.standpoint, Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        turns = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        if key in turns and modifier == Qt.KeyboardModifier.ShiftModifier:
            return here.moved(-turns[key][0] * PAN_PX, -turns[key][1] * PAN_PX)
        if modifier & ~Qt.KeyboardModifier.ShiftModifier:
            return None
        if key in turns:
            return here.turned(turns[key][0] * KEY_DEG, -turns[key][1] * KEY_DEG / 2.0)
        nearer = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1.0 / STEP}
        if key in nearer:
            return here.nearer(nearer[key])
        if key == Qt.Key.Key_Home:
            return Standpoint(px_per_m=here.px_per_m)
        return here if key == Qt.Key.Key_Escape else None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Turn and tilt by the arrows, move with Shift, come nearer by plus and minus, Home goes back, Esc closes."""
        meant = self._meant(event)
        if Qt.Key(event.key()) == Qt.Key.Key_Escape:
            self.closed.emit()
        elif meant is not None:
            self._look_from(meant)
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the town from back to front, then cameras, the arrow to the north and the caption."""
        painter = QPainter(self)
        colours = self._palette
        painter.fillRect(self.rect(), colours.panel if colours is not None else self.palette().window())
        if self._town is None or colours is None:
            painter.setPen(self.palette().windowText().color())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.reason)
        else:
            painter.fillRect(self.rect(), QColor("#20262e") if colours.is_dark else QColor("#dfe7ee"))
            self._paint_faces(painter, self._town.faces, colours)
            self._paint_lenses(painter, colours)
            self._paint_north(painter, colours)
            self._paint_caption(painter, colours)
        painter.end()

    def _paint_faces(self, painter: QPainter, faces: "Faces", colours: Palette) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.standpoint
        if self._order_of[0] != here.bearing_deg:
            self._order_of = (here.bearing_deg, faces.order(here.bearing_deg))
        order = self._order_of[1]
        xy = here.on_screen(faces.xyz_m)
        low, high = np.minimum.reduceat(xy, faces.start[:-1]), np.maximum.reduceat(xy, faces.start[:-1])
        half = np.array([self.width() / 2.0, self.height() / 2.0])
        is_inside = np.all((high >= -half) & (low <= half), axis=1)
        order = order[is_inside[order]]
        if not len(order):
            return
        looks = _looks(faces, colours)
        length = faces.start[order + 1] - faces.start[order]
        index = np.arange(int(length.sum())) + np.repeat(faces.start[order] - np.cumsum(length) + length, length)
        number = looks.number[order]
        last = np.flatnonzero(np.append(number[1:] != number[:-1], True))  # of faces that follow each other and look alike
        origin = (-self.width() / 2.0, self.height() / 2.0)
        paths = painter_paths(xy[index], faces.first[index], np.cumsum(length)[last], origin, 1.0)
        for look, path in zip(number[last].tolist(), paths, strict=True):
            fill, pen = looks.of[look]
            painter.setPen(pen)
            painter.setBrush(fill)
            painter.drawPath(path)

    def _marks(self) -> Iterator[tuple[LensMark, QPointF]]:
        middle = QPointF(self.width() / 2.0, self.height() / 2.0)
        for lens in self._lenses:
            ((right, up),) = self.standpoint.on_screen(np.array([lens.lens_m])).tolist()
            yield lens, QPointF(middle.x() + right, middle.y() - up)

    def _paint_lenses(self, painter: QPainter, colours: Palette) -> None:
        """Paint each camera on a stem from its ground, with a stroke where it looks; the chosen one has its name."""
        middle = QPointF(self.width() / 2.0, self.height() / 2.0)
        for lens, at in self._marks():
            is_chosen = lens.camera_id == self._chosen
            foot = (*lens.lens_m[:2], lens.ground_m)
            tips = [foot]
            if lens.bearing_deg is not None:
                far_m, bearing = 16.0 / self.standpoint.px_per_m, math.radians(lens.bearing_deg)
                x, y, z = lens.lens_m
                tips.append((x + far_m * math.sin(bearing), y + far_m * math.cos(bearing), z))
            ends = [middle + QPointF(right, -up) for right, up in self.standpoint.on_screen(np.array(tips)).tolist()]
            ink = colours.accent if is_chosen else lens.colour
            for end, width in zip(ends, (1.2, 2.4), strict=False):
                painter.setPen(QPen(colours.casing, width + 2.0))
                painter.drawLine(at, end)
                painter.setPen(QPen(ink, width))
                painter.drawLine(at, end)
            painter.setPen(QPen(colours.casing, 1.5))
            painter.setBrush(ink)
            painter.drawEllipse(at, MARK_PX, MARK_PX)
            if is_chosen and lens.name:
                self._paint_name(painter, at, lens.name, colours)

    @staticmethod
    def _paint_name(painter: QPainter, at: QPointF, name: str, colours: Palette) -> None:
        box = QRectF(painter.fontMetrics().boundingRect(name)).adjusted(-5.0, -2.0, 5.0, 2.0)
        box.moveBottomLeft(at + QPointF(8.0, -8.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(box, 3.0, 3.0)
        painter.setPen(colours.ink)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)

    def _paint_north(self, painter: QPainter, colours: Palette) -> None:
        middle = QPointF(self.width() - 34.0, 40.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawEllipse(middle, 22.0, 22.0)
        bearing, flat = math.radians(self.standpoint.bearing_deg), max(math.cos(math.radians(self.standpoint.tilt_deg)), 0.25)
        tip = QPointF(-math.sin(bearing) * 12.0, -math.cos(bearing) * 12.0 * flat)
        painter.setPen(QPen(colours.ink, 2.0))
        painter.drawLine(middle - tip, middle + tip)
        painter.setBrush(colours.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(middle + tip, 3.0, 3.0)
        painter.setPen(colours.ink)
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(QRectF(middle.x() - 10.0, middle.y() + 20.0, 20.0, 18.0), int(Qt.AlignmentFlag.AlignCenter), "N")

    def _paint_caption(self, painter: QPainter, colours: Palette) -> None:
        """Paint the caption, on a small map the keys alone: what is known of what is shown is in the tip of the view, too."""
        painter.setFont(self.font())
        most = QRectF(0.0, 0.0, self.width() - 44.0, 400.0)
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        text, room = self.caption, painter.boundingRect(most, wrap, self.caption)
        if room.height() > CAPTION_SHARE * self.height():
            text, room = self._keys, painter.boundingRect(most, wrap, self._keys)
        box = QRectF(12.0, self.height() - room.height() - 24.0, room.width() + 20.0, room.height() + 12.0)
        self.caption_box, self.is_short = box, text is not self.caption
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setPen(colours.ink)
        painter.drawText(box.adjusted(10.0, 6.0, -10.0, -6.0), wrap, text)


@dataclass(frozen=True, slots=True)
class _Looks:
    """Fill and pen of every look, and for each face which it has."""

    of: list[tuple[QColor | Qt.BrushStyle, QPen]]
    number: NDArray[np.int64]


def _looks(faces: "Faces", colours: Palette) -> _Looks:
    light = np.clip(np.round((faces.light - 0.6) / 0.5 * LIGHTS), 0, LIGHTS).astype(int)
    high = np.digitize(faces.height_m, HIGH_M)
    keys, number = np.unique(np.column_stack((faces.kind, light, high)), axis=0, return_inverse=True)
    found = [_look(faces.kinds[kind], 0.6 + 0.5 * shade / LIGHTS, int(rise), colours) for kind, shade, rise in keys.tolist()]
    return _Looks(found, number.ravel())


def _look(kind: str, light: float, rise: int, colours: Palette) -> tuple[QColor | Qt.BrushStyle, QPen]:
    """Return how faces of a kind are filled and lined; lines of the colour of the fill close seams between pieces."""
    if kind == "edge":
        return Qt.BrushStyle.NoBrush, QPen(colours.building_line, 0.8)
    if kind == "trunk":
        return Qt.BrushStyle.NoBrush, QPen(_lit(with_alpha(colours.tree_fill, 255), 0.55), 1.6)
    if kind == "crown":
        leaves = _lit(with_alpha(colours.tree_fill, 255), light)
        return leaves, QPen(leaves, 0.6)
    if kind in ("wall", "roof", "ground"):
        fill = colours.paper if kind == "ground" else colours.building_fills[min(rise, len(colours.building_fills) - 1)]
        fill = _lit(fill, light * 1.06 if kind == "roof" else light)
        return fill, QPen(fill, 0.6)
    if kind.startswith(VIEW):
        colour = colours.of_grade(Severity(kind.removeprefix(VIEW)) if kind != VIEW else None)
        return with_alpha(colour, 215), QPen(colour, 0.8)
    return _of_sheet(kind, colours), QPen(Qt.PenStyle.NoPen)


def _lit(colour: QColor, light: float) -> QColor:
    return QColor.fromRgbF(*(min(each * light, 1.0) for each in (colour.redF(), colour.greenF(), colour.blueF())))


def _of_sheet(kind: str, colours: Palette) -> QColor:
    """Return the colour of ground of a kind, or of a wall in certain view."""
    if kind.startswith(CERTAIN):
        return colours.ramp[int(kind.removeprefix(CERTAIN))]
    named = {"lit": with_alpha(colours.ramp[1], 130), "possible": colours.possible, "far": colours.far}
    return {**colours.cover, **colours.roads, **named}[kind]


LAID = ("far", "possible", *(f"{CERTAIN}{number}" for number in range(len(DENSITY_BANDS_PX_M))))  # in which order, below first


def seen_ground(seen: Iterable[Seen], visible: frozenset[str]) -> list[tuple[str, BaseGeometry]]:
    """Return the ground that cameras show of what is on, by kind; of what is certain by density."""
    found: list[tuple[str, BaseGeometry]] = []
    for one in (each for camera in seen for each in camera.drawn):
        if one.reach is Reach.CERTAIN and "certain" in visible:
            found += [(f"{CERTAIN}{DENSITY_BANDS_PX_M.index(low)}", shape) for low, shape in one.field.bands]
        elif one.reach is Reach.NEAR and "possible" in visible:
            found.append(("possible", one.ground))
        elif one.reach is Reach.FAR and "far" in visible:
            found.append(("far", one.ground))
    return sorted(found, key=lambda pair: LAID.index(pair[0]))
