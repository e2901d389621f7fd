"""A painter that knows where on the map it paints, how large a metre is, in which colours, and what is shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen

from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.style import LIGHT, Palette
from lhasaplan.app.map.viewport import Box, Viewport, grown

# What a tool lays over the map: it is painted above all else and may take mouse and keys before the map does.

Modifiers = Qt.KeyboardModifier
Painted = TypeVar("Painted")


class MapTool:
    """Does nothing by itself; a tool overrides what it needs. Points are pixels of the map."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Hear where the pointer is while no button is down; return its shape where it means something to this tool."""

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Say whether this tool takes the left button from here until it is released; the map hears nothing of it then."""
        return False

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Hear where the pointer is while the button is held by this tool."""

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """Hear that the button was released."""

    def cancel(self) -> None:
        """Take back what was begun with the button: Esc was pressed while this tool held it."""

    def key(self, event: QKeyEvent) -> bool:
        """Say whether this tool takes a key that was pressed on the map."""
        return False


IsLeft = Callable[[], bool]


def never() -> bool:
    """Say of a picture that is drawn whole, whatever happens, that it is not left."""
    return False


# What of the map is shown, how strongly, in which colours, and which camera is left out because it is drawn live.
@dataclass(frozen=True, slots=True)
class ShownMap:
    """Keys of the layers that are on; ``opacity`` is 0 to 1 by key, 1 where nothing is said.

    ``is_left`` says that a picture is no more looked at: what is still to be painted in it is left out.
    """

    visible: frozenset[str]
    lifted_id: str = ""
    palette: Palette = LIGHT
    opacity: Mapping[str, float] = field(default_factory=dict)
    is_left: IsLeft = field(default=never, compare=False)

    def strength(self, key: str) -> float:
        """Return how opaque a layer is, 0 for one that is off."""
        return self.opacity.get(key, 1.0) if key in self.visible else 0.0


CHUNK = 400  # areas painted at a time
LINES = 8  # lines painted at a time, where two over each other look like one


def sheet_of(painter: QPainter, shown: ShownMap, box_m: Box, metres_per_px: float, margin_m: float = 0.0) -> "PaintedSheet":
    """Return the sheet of a tile: the painter's origin is the top left corner of the box, a unit a pixel."""
    around = grown(box_m, 16 * metres_per_px + margin_m)
    return PaintedSheet(painter, (box_m[0], box_m[3]), 1.0 / metres_per_px, around, shown.palette, shown.is_left)


class PaintedSheet:
    """A painter with the map's place, scale and colours: fills and strokes shapes that lie on it."""

    def __init__(  # noqa: PLR0917 - a painter, where its map lies, and who looks at it
        self,
        painter: QPainter,
        origin_m: tuple[float, float],
        px_per_m: float,
        box_m: Box,
        colours: Palette = LIGHT,
        is_left: IsLeft = never,
    ) -> None:
        self.painter, self.origin_m, self.px_per_m, self.box_m, self.colours = painter, origin_m, px_per_m, box_m, colours
        self.is_left = is_left

    def point(self, x_m: float, y_m: float) -> QPointF:
        """Return a place in pixels."""
        return QPointF((x_m - self.origin_m[0]) * self.px_per_m, (self.origin_m[1] - y_m) * self.px_per_m)

    def points(self, places_m: Iterable[tuple[float, float]]) -> Iterator[QPointF]:
        """Yield those of the places that lie on the sheet, in pixels."""
        x0, y0, x1, y1 = self.box_m
        return (self.point(x, y) for x, y in places_m if x0 <= x <= x1 and y0 <= y <= y1)

    def chosen(self, shapes: Shapes, but: str = "", smallest_px: float = 0.5) -> NDArray[np.int64]:
        """Return the shapes on the sheet that are large enough to be noticed, but for one object's; none once it is left."""
        if self.is_left():
            return np.zeros(0, np.int64)
        found = shapes.within(self.box_m, smallest_px / self.px_per_m)
        return found[shapes.keys_of(found) != but] if but else found

    def looked_at(self, items: Iterable[Painted]) -> Iterator[Painted]:
        """Yield what is to be painted, until the sheet is left."""
        return takewhile(lambda _item: not self.is_left(), items)

    def path(self, shapes: Shapes, but: str = "") -> QPainterPath:
        """Return the shapes on the sheet as one path."""
        return shapes.path(self.chosen(shapes, but), self.origin_m, self.px_per_m, self.box_m)

    def fill(
        self,
        shapes: Shapes,
        colour: QColor,
        line: QColor | None = None,
        but: str = "",
        only: NDArray[np.int64] | None = None,
    ) -> None:
        """Fill areas, all on the sheet or only some, and outline them when a line colour is given.

        They are painted a few hundred at a time: Qt walks a path once for each band of the picture, so one path of 100,000
        areas takes fifteen times as long. A translucent colour must therefore be painted so that it does not add up.
        """
        self.painter.setPen(QPen(line, 0.8) if line is not None else Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        chosen = self.chosen(shapes, but) if only is None else only
        for path in self.looked_at(shapes.paths(chosen, CHUNK, self.origin_m, self.px_per_m, self.box_m)):
            self.painter.drawPath(path)

    def stroke(
        self,
        shapes: Shapes,
        colour: QColor,
        width_px: float,
        dash: Qt.PenStyle = Qt.PenStyle.SolidLine,
        but: str = "",
        *,
        smallest_px: float = 0.5,
    ) -> None:
        """Draw lines, or the outlines of areas that are at least so large across; opaque ones a few at a time.

        Qt takes half as long again for all in one path, and lets no other thread of Python work before a path is drawn: the
        window would wait for a street of a tile that is drawn beside it.
        """
        pen = QPen(colour, width_px, dash, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        chosen = self.chosen(shapes, but, smallest_px)
        together = LINES if colour.alpha() == 255 and self.painter.opacity() == 1.0 else max(len(chosen), 1)
        seen_m = self.box_m if dash is Qt.PenStyle.SolidLine else None  # dashes begin where a line begins
        for path in self.looked_at(shapes.paths(chosen, together, self.origin_m, self.px_per_m, seen_m)):
            self.painter.drawPath(path)
