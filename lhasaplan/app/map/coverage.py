"""What all cameras may see, as one quiet shape, and what they see for certain, as a smooth shade of its density.

Cones are painted into the channels of one small picture, where the stronger of two covers the weaker, so that hundreds of them
over each other look like one; the channels then become colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform

from lhasaplan.app.map.palette import Palette
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.sheet_painter import CHUNK, Sheet
from lhasaplan.app.map.shown import Shown
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import focal_length_px
from lhasaplan.core.sight.lens.frustum import density_px_m

# The channels of the picture, as RGB32 lays them out in memory: blue, green, red.
NIGHT, POSSIBLE, CERTAIN = 0, 1, 2
FAR_LEVEL, NEAR_LEVEL = 120, 255
COARSEST_PX_M, FINEST_PX_M = 25.0, 250.0  # density at which the shade begins, and from which it is full
FAINTEST = 70  # the level of 25 px/m; below it lie only the soft edges of shapes
PLAIN_LEVEL = 150  # of certain sight on a map too small for shades
SHADES_BELOW = 2.5  # metres a pixel
CELLS = 48  # of a patch of shade, along a side
PATCHES = 512  # kept
EDGE = 0.55  # how strong the edge of the possible shape is, of the colour that the palette has for it

Levels = NDArray[np.uint8]


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


def draw_coverage(sheet: Sheet, shown: Shown, fields: Fields) -> None:
    """Draw possible sight, then certain sight, then the night, each as one."""
    device = sheet.painter.device()
    dpr = device.devicePixelRatioF()
    size = QSizeF(device.width() / dpr, device.height() / dpr)
    canvas = _Channels(sheet, device.width(), device.height(), dpr)
    for key, shapes, colour in (
        ("far", fields.far, QColor(0, FAR_LEVEL, 0)),
        ("possible", fields.possible, QColor(0, NEAR_LEVEL, 0)),
        ("night", fields.night, QColor(0, 0, 255)),
    ):
        if key in shown.visible:
            canvas.fill(shapes, colour, shown.lifted_id)
    if "certain" in shown.visible:
        canvas.shade(fields.certain, fields.cones, shown.lifted_id)
    canvas.end()
    if canvas.is_touched:
        sheet.painter.drawImage(QRectF(0, 0, size.width(), size.height()), canvas.coloured(shown))


class _Channels:
    """A picture of levels in which the stronger wins."""

    def __init__(self, sheet: Sheet, width: int, height: int, dpr: float) -> None:
        self.is_touched = False
        self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(dpr)
        self._image.fill(Qt.GlobalColor.black)
        self._sheet = Sheet(QPainter(self._image), sheet.origin_m, sheet.px_per_m, sheet.box_m, sheet.colours)
        painter = self._sheet.painter
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        painter.setPen(Qt.PenStyle.NoPen)

    def fill(self, shapes: Shapes, colour: QColor, but: str) -> None:
        """Fill shapes with one level."""
        sheet = self._sheet
        chosen = sheet.chosen(shapes, but)
        sheet.painter.setBrush(colour)
        for start in range(0, len(chosen), CHUNK):
            sheet.painter.drawPath(shapes.path(chosen[start : start + CHUNK], sheet.origin_m, sheet.px_per_m))
        self.is_touched |= len(chosen) > 0

    def shade(self, shapes: Shapes, cones: Sequence[Cone], but: str) -> None:
        """Fill the certain shapes with their densities."""
        sheet = self._sheet
        if sheet.px_per_m * SHADES_BELOW < 1.0:
            self.fill(shapes, QColor(PLAIN_LEVEL, 0, 0), but)
            return
        for index in sheet.chosen(shapes, but):
            sheet.painter.setBrush(_brush(cones[shapes.owner[index]], sheet))
            sheet.painter.drawPath(shapes.path(np.array([index]), sheet.origin_m, sheet.px_per_m))
            self.is_touched = True

    def end(self) -> None:
        """Take no more shapes."""
        self._sheet.painter.end()

    def coloured(self, shown: Shown) -> QImage:
        """Return the picture in the colours of a palette."""
        height, width = self._image.height(), self._image.width()
        levels = np.frombuffer(self._image.constBits(), np.uint8).reshape(height, -1, 4)[:, :width]
        palette = shown.palette
        found = possible_colours(levels[..., POSSIBLE], palette, shown)
        found = _over(_table(_certain_ramp(palette), shown.strength("certain"))[levels[..., CERTAIN]], found)
        if levels[..., NIGHT].any():
            found = _over(
                _table(((0, QColor(0, 0, 0, 0)), (255, palette.night)), shown.strength("night"))[levels[..., NIGHT]], found
            )
        return _image(found, self._image.devicePixelRatio())


def possible_colours(levels: Levels, palette: Palette, shown: Shown) -> NDArray[np.float32]:
    """Return the tint of possible sight with a soft edge round the whole of it, premultiplied RGBA, 0 to 255."""
    stops = ((0, QColor(0, 0, 0, 0)), (FAR_LEVEL, palette.far), (NEAR_LEVEL, palette.possible))
    strength = max(shown.strength("possible"), shown.strength("far"))
    inside = _table(stops, strength)[levels]
    is_in = levels >= FAR_LEVEL // 2
    edge = np.zeros_like(is_in)
    edge[:, 1:] |= is_in[:, 1:] != is_in[:, :-1]
    edge[1:] |= is_in[1:] != is_in[:-1]
    line = _table(((0, palette.possible_edge), (255, palette.possible_edge)), strength * EDGE)[0]
    return np.where(edge[..., None], _over(line[None, None], inside), inside)


def _certain_ramp(palette: Palette) -> tuple[tuple[int, QColor], ...]:
    steps = np.linspace(FAINTEST, 255, len(palette.ramp)).astype(int).tolist()
    return ((0, QColor(0, 0, 0, 0)), *zip(steps, palette.ramp, strict=True))


def _table(stops: Sequence[tuple[int, QColor]], strength: float) -> NDArray[np.float32]:
    """Return premultiplied RGBA for each of the 256 levels, between the stops in proportion."""
    at = [level for level, _ in stops]
    alpha = np.array([c.alpha() * strength for _, c in stops])
    whole = np.array([(c.red(), c.green(), c.blue(), 255) for _, c in stops]) * (alpha / 255.0)[:, None]
    return np.stack([np.interp(np.arange(256), at, whole[:, i]) for i in range(4)], axis=-1).astype(np.float32)


def _over(above: NDArray[np.float32], below: NDArray[np.float32]) -> NDArray[np.float32]:
    return above + below * (1.0 - above[..., 3:] / np.float32(255.0))


def _image(rgba: NDArray[np.float32], dpr: float) -> QImage:
    """Return premultiplied colours as a picture of its own memory."""
    bgra = np.ascontiguousarray(rgba[..., [2, 1, 0, 3]].round().astype(np.uint8))
    height, width = bgra.shape[:2]
    image = QImage(bgra.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(dpr)
    return image


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


@lru_cache(maxsize=PATCHES)
def _patch(view: View, drop_m: float) -> QImage:
    """Return the levels of a view on the ground round its lens, north up; made by the engine's own density."""
    radius = shade_radius_m(view)
    across = (np.arange(CELLS) + 0.5) * (2.0 * radius / CELLS) - radius
    dx, dy = np.meshgrid(across, -across)
    pixels = np.zeros((CELLS, CELLS, 4), np.uint8)
    pixels[..., CERTAIN], pixels[..., 3] = level_of(density_px_m(view, dx, dy, drop_m)), 255
    return QImage(pixels.tobytes(), CELLS, CELLS, 4 * CELLS, QImage.Format.Format_RGB32).copy()


def _brush(cone: Cone, sheet: Sheet) -> QBrush:
    radius = shade_radius_m(cone.view)
    brush = QBrush(_patch(cone.view, cone.drop_m))
    corner = sheet.point(cone.view.x_m - radius, cone.view.y_m + radius)
    scale = 2.0 * radius * sheet.px_per_m / CELLS
    brush.setTransform(QTransform(scale, 0.0, 0.0, scale, corner.x(), corner.y()))
    return brush
