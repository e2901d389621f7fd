"""Pictures below the shapes of the ground: background maps, and the relief as light and shade, made once for a terrain."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from lhasaplan.app.map.painter import PaintedSheet, ShownMap, sheet_of
from lhasaplan.app.map.viewport import Box, overlap
from lhasaplan.errors import Fault, UserError


class Basemap(Protocol):
    """A picture of the ground that can be asked for any box of it, by several threads."""

    name: str
    remarks: tuple[Fault, ...]

    def picture(self, box_m: Box, width_px: int, height_px: int) -> NDArray[np.uint8] | None:
        """Return red, green, blue, opacity of a box, north up; None where there is nothing."""


def draw_basemaps(painter: QPainter, basemaps: Iterable[Basemap], shown: ShownMap, box_m: Box, metres_per_px: float) -> None:
    """Draw all background maps into a tile."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    painter.setOpacity(shown.strength("basemap"))
    for basemap in basemaps if "basemap" in shown.visible else ():
        draw_basemap(sheet, basemap, box_m)
    painter.setOpacity(1.0)


def draw_basemap(sheet: PaintedSheet, basemap: Basemap, box_m: Box) -> None:
    """Draw what a background map has of a tile; a piece that cannot be read is left out, and told in the log."""
    device = sheet.painter.device()
    try:
        pixels = basemap.picture(box_m, device.width(), device.height())
    except UserError as error:
        logging.getLogger(__name__).warning("%s", error)
        return
    if pixels is None:
        return
    rows, columns = pixels.shape[:2]
    whole = np.ascontiguousarray(pixels)
    image = QImage(whole.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    dpr = device.devicePixelRatioF()
    sheet.painter.drawImage(QRectF(0, 0, device.width() / dpr, device.height() / dpr), image)


SUN_DEG, HEIGHT_DEG, STEEPER = 315.0, 45.0, 2.0  # light from the north-west, as maps have it; slopes are told twice as steep
DARKEST = 120  # opacity of the deepest shade
MOST_CELLS = 4_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Hillshade:
    """A picture of shade and the ground that it covers."""

    image: QImage
    box_m: Box


def shade_of(height_m: NDArray[np.float64], west_m: float, north_m: float, cell_m: float) -> Hillshade:
    """Return the shaded relief of a grid, rows from north to south.

    The shade is the cosine between the light and the normal of the ground (Horn 1981), less that of level ground.
    """
    step = max(1, int(np.ceil(np.sqrt(height_m.size / MOST_CELLS))))
    light = illumination(height_m[::step, ::step], cell_m * step)
    level = np.sin(np.radians(HEIGHT_DEG))
    darkness = np.clip((level - light) / level, -0.5, 1.0)
    rows, columns = light.shape
    pixels = np.zeros((rows, columns, 4), np.uint8)
    alpha = np.where(darkness > 0, darkness * DARKEST, -darkness * 0.5 * DARKEST).astype(np.uint8)
    pixels[..., :3] = np.where(darkness > 0, 0, alpha)[..., None]  # premultiplied: black in the shade, white in the light
    pixels[..., 3] = alpha
    image = QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied).copy()
    width, height = columns * step * cell_m, rows * step * cell_m
    return Hillshade(image, (west_m, north_m - height, west_m + width, north_m))


def illumination(height_m: NDArray[np.float64], cell_m: float) -> NDArray[np.float64]:
    """Return how squarely light falls on each cell: 1 at right angles, 0 along the ground or from behind.

    >>> level = np.zeros((3, 3))
    >>> float(illumination(level, 10.0)[1, 1].round(3))
    0.707
    """
    southward, eastward = np.gradient(height_m * STEEPER, cell_m)
    sun, high = np.radians(SUN_DEG), np.radians(HEIGHT_DEG)
    # The normal of the ground is (-dz/dx, -dz/dy, 1); rows go south, so dz/dy north is -southward.
    toward = -eastward * np.sin(sun) * np.cos(high) + southward * np.cos(sun) * np.cos(high) + np.sin(high)
    return np.asarray(np.maximum(toward / np.sqrt(eastward**2 + southward**2 + 1.0), 0.0))


def draw_hillshade(sheet: PaintedSheet, shade: Hillshade) -> None:
    """Draw what of the shade lies on the sheet."""
    if not overlap(shade.box_m, sheet.box_m):
        return
    corner = sheet.point(shade.box_m[0], shade.box_m[3])
    width, height = ((shade.box_m[i + 2] - shade.box_m[i]) * sheet.px_per_m for i in (0, 1))
    sheet.painter.save()
    sheet.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    sheet.painter.drawImage(QRectF(corner.x(), corner.y(), width, height), shade.image)
    sheet.painter.restore()
