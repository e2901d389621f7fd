"""What all cameras may see, as one quiet shape, and what they see for certain, as a smooth shade of its density.

Cones are painted as levels into small pictures of their own, one for the possible, one for the certain, one for the night, where
the stronger of two covers the weaker, so that hundreds of them over each other look like one; the levels then become colours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform

from lhasaplan.app.map.painter import PaintedSheet, ShownMap
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.style import COUNTED, Palette
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import focal_length_px
from lhasaplan.core.sight.lens.frustum import density_px_m

FAR_LEVEL, NEAR_LEVEL = 120, 255
COARSEST_PX_M, FINEST_PX_M = 25.0, 250.0  # density at which the shade begins, and from which it is full
FAINTEST = 70  # the level of 25 px/m; below it lie only the soft edges of shapes
PLAIN_LEVEL = 150  # of certain sight on a map too small for shades
SHADES_BELOW = 2.5  # metres a pixel
CELLS = 64  # of a patch of shade, along a side
PATCHES = 512  # kept
TOGETHER = 2  # shapes of one level that are painted as one path
EDGE = 0.55  # how strong the edge of the possible shape is, of the colour that the palette has for it
CLEAR = QColor(0, 0, 0, 0)

Levels = NDArray[np.uint8]
Colours = NDArray[np.uint32]  # premultiplied ARGB


@dataclass(frozen=True, eq=False, slots=True)
class Cone:
    """How the shade of one camera is made: its certain view, and the height of the plane that it looks at below the lens."""

    view: View
    drop_m: float


@dataclass(frozen=True, eq=False)
class Fields:
    """What cameras see, as shapes; ``cones`` has one entry for each certain field, in their order."""

    certain: Shapes = field(default_factory=lambda: Shapes([]))
    cones: tuple[Cone, ...] = ()
    possible: Shapes = field(default_factory=lambda: Shapes([]))
    far: Shapes = field(default_factory=lambda: Shapes([]))
    night: Shapes = field(default_factory=lambda: Shapes([]))


def draw_coverage(sheet: PaintedSheet, shown: ShownMap, blocks: Sequence[Fields]) -> None:
    """Draw possible sight, then certain sight, then the night, each as one; then how many cameras see each place."""
    but, palette = shown.lifted_id, shown.palette
    levels = _Levels(sheet)
    for block in blocks if "far" in shown.visible else ():
        levels.fill(block.far, FAR_LEVEL, but)
    for block in blocks if "possible" in shown.visible else ():
        levels.fill(block.possible, NEAR_LEVEL, but)
    strength = max(shown.strength("possible"), shown.strength("far"))
    inside = ((0, CLEAR), (FAR_LEVEL, palette.far), (NEAR_LEVEL, palette.possible))
    levels.draw(lambda found: _with_edge(found, _table(inside, strength), _table(_even(palette.possible_edge), strength * EDGE)))
    levels = _Levels(sheet)
    for block in blocks if "certain" in shown.visible else ():
        levels.shade(block.certain, block.cones, but)
    levels.draw(lambda found: _table(_ramp(palette), shown.strength("certain"))[found])
    levels = _Levels(sheet)
    for block in blocks if "night" in shown.visible else ():
        levels.fill(block.night, 255, but)
    levels.draw(lambda found: _table(((0, CLEAR), (255, palette.night)), shown.strength("night"))[found])
    levels = _Levels(sheet)
    for block in blocks if "counts" in shown.visible else ():
        for shapes in (block.certain, block.possible, block.far):
            levels.count(shapes)
    levels.draw(lambda found: _table(_classes(palette.counts), shown.strength("counts"))[found])


class _Levels:
    """A picture of levels in which the stronger wins; made when the first shape is painted."""

    def __init__(self, sheet: PaintedSheet) -> None:
        self._below, self._image = sheet, QImage()
        self._sheet: PaintedSheet | None = None

    def _on(self) -> PaintedSheet:
        """Return the sheet that is painted on."""
        if self._sheet is None:
            below, device = self._below, self._below.painter.device()
            self._image = QImage(device.width(), device.height(), QImage.Format.Format_RGB32)
            self._image.setDevicePixelRatio(device.devicePixelRatioF())
            self._image.fill(Qt.GlobalColor.black)
            painter = QPainter(self._image)
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(Qt.PenStyle.NoPen)
            self._sheet = PaintedSheet(painter, below.origin_m, below.px_per_m, below.box_m, below.colours)
        return self._sheet

    def fill(self, shapes: Shapes, level: int, but: str) -> None:
        """Fill shapes with one level, no weaker one after it: a few together, since Qt is slow on crowded paths."""
        chosen = self._below.chosen(shapes, but)
        if not len(chosen):
            return
        sheet = self._on()
        sheet.painter.setBrush(QColor(level, level, level))
        for path in shapes.paths(chosen, TOGETHER, sheet.origin_m, sheet.px_per_m, sheet.box_m):
            sheet.painter.drawPath(path)

    def count(self, shapes: Shapes) -> None:
        """Add one to the level of all that each shape covers; those of one camera lie beside each other, never over."""
        for index in self._below.chosen(shapes):
            painter = self._on().painter
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # half a camera is none
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
            painter.setBrush(QColor(1, 1, 1))
            painter.drawPath(shapes.path(np.array([index]), self._on().origin_m, self._on().px_per_m, self._on().box_m))

    def shade(self, shapes: Shapes, cones: Sequence[Cone], but: str) -> None:
        """Fill the certain shapes with their densities."""
        if self._below.px_per_m * SHADES_BELOW < 1.0:
            self.fill(shapes, PLAIN_LEVEL, but)
            return
        for index in self._below.chosen(shapes, but):
            sheet = self._on()
            sheet.painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
            cone = cones[shapes.owner[index]]
            sheet.painter.setBrush(_brush(cone, sheet, _patch(cone.view, cone.drop_m)))
            sheet.painter.drawPath(shapes.path(np.array([index]), sheet.origin_m, sheet.px_per_m, sheet.box_m))

    def draw(self, coloured: Callable[[Levels], Colours]) -> None:
        """Draw the picture in colours, if anything was painted."""
        if self._sheet is None:
            return
        self._sheet.painter.end()
        height, width, dpr = self._image.height(), self._image.width(), self._image.devicePixelRatio()
        levels = np.frombuffer(self._image.constBits(), np.uint8).reshape(height, -1, 4)[:, :width, 0]
        argb = np.ascontiguousarray(coloured(levels))
        picture = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        self._below.painter.drawImage(QRectF(0, 0, width / dpr, height / dpr), picture)


def _with_edge(levels: Levels, inside: Colours, edge: Colours) -> Colours:
    """Return the tint of possible sight with a line round the whole of it."""
    is_in = levels >= FAR_LEVEL // 2
    is_edge = np.zeros_like(is_in)
    is_edge[:, 1:] |= is_in[:, 1:] != is_in[:, :-1]
    is_edge[1:] |= is_in[1:] != is_in[:-1]
    found = inside[levels]
    found[is_edge] = edge[0]
    return found


def _ramp(palette: Palette) -> tuple[tuple[int, QColor], ...]:
    """Return the stops of the shade of certain sight."""
    steps = np.linspace(FAINTEST, 255, len(palette.ramp)).astype(int).tolist()
    return (0, CLEAR), *zip(steps, palette.ramp, strict=True)


def _even(colour: QColor) -> tuple[tuple[int, QColor], ...]:
    return (0, colour), (255, colour)


def _classes(colours: Sequence[QColor]) -> tuple[tuple[int, QColor], ...]:
    """Return stops between which nothing is mixed: one colour from each count of ``COUNTED`` to the next.

    >>> [(level, colour.alpha()) for level, colour in _classes([QColor("red")] * 5)][:4]
    [(0, 0), (1, 255), (1, 255), (2, 255)]
    """
    ends = (*(low - 1 for low in COUNTED[1:]), 255)
    return (
        (0, CLEAR),
        *(stop for low, high, each in zip(COUNTED, ends, colours, strict=True) for stop in ((low, each), (high, each))),
    )


def _table(stops: Sequence[tuple[int, QColor]], strength: float) -> Colours:
    """Return a colour for each of the 256 levels, between the stops in proportion."""
    at = [level for level, _ in stops]
    alpha = np.array([c.alpha() * strength for _, c in stops])
    parts = np.array([(255, c.red(), c.green(), c.blue()) for _, c in stops]) * (alpha / 255.0)[:, None]
    whole = [np.interp(np.arange(256), at, parts[:, i]).round().astype(np.uint32) for i in range(4)]
    return np.asarray(whole[0] << 24 | whole[1] << 16 | whole[2] << 8 | whole[3], np.uint32)


def level_of(density: NDArray[np.float64]) -> Levels:
    """Return the levels of densities in px/m; each doubling is a step of the same size.

    >>> level_of(np.array([25.0, 79.0569415, 250.0, 900.0])).tolist()
    [70, 162, 255, 255]
    """
    share = np.log(np.maximum(density, COARSEST_PX_M) / COARSEST_PX_M) / np.log(FINEST_PX_M / COARSEST_PX_M)
    return np.asarray(FAINTEST + (255 - FAINTEST) * np.minimum(share, 1.0)).astype(np.uint8)


def shade_radius_m(view: View) -> float:
    """Return how far from the lens a patch of shade must go: to the range, or to where 25 px/m end, whichever is nearer."""
    # Off the axis of a straight lens a density reaches farther by the secant of the angle, at most 2 at 60 degrees.
    return min(view.range_m, 2.0 * focal_length_px(view.width_px, view.hfov_deg, view.lens_class) / COARSEST_PX_M) + 1.0


def _levels_around(view: View, drop_m: float) -> Levels:
    """Return the levels of a view on the ground round its lens, north up; made by the engine's own density."""
    radius = shade_radius_m(view)
    across = (np.arange(CELLS) + 0.5) * (2.0 * radius / CELLS) - radius
    dx, dy = np.meshgrid(across, -across)
    return level_of(density_px_m(view, dx, dy, drop_m))


@lru_cache(maxsize=PATCHES)
def _patch(view: View, drop_m: float) -> QImage:
    """Return the levels round a lens as grey."""
    pixels = np.zeros((CELLS, CELLS, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = _levels_around(view, drop_m)[..., None], 255
    return QImage(pixels.tobytes(), CELLS, CELLS, 4 * CELLS, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=8)
def _coloured_patch(view: View, drop_m: float, palette: Palette) -> QImage:
    """Return the same in the colours of certain sight, for a camera that is drawn alone."""
    argb = _table(_ramp(palette), 1.0)[_levels_around(view, drop_m)]
    return QImage(argb.tobytes(), CELLS, CELLS, 4 * CELLS, QImage.Format.Format_ARGB32_Premultiplied).copy()


def shade(cone: Cone, sheet: PaintedSheet) -> QBrush:
    """Return the brush that shades the certain sight of one camera by its density."""
    return _brush(cone, sheet, _coloured_patch(cone.view, cone.drop_m, sheet.colours))


def _brush(cone: Cone, sheet: PaintedSheet, patch: QImage) -> QBrush:
    radius = shade_radius_m(cone.view)
    brush = QBrush(patch)
    corner = sheet.point(cone.view.x_m - radius, cone.view.y_m + radius)
    scale = 2.0 * radius * sheet.px_per_m / CELLS
    brush.setTransform(QTransform(scale, 0.0, 0.0, scale, corner.x(), corner.y()))
    return brush
