"""Background maps as they are drawn into tiles, below everything else."""

import logging
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from lhasaplan.app.map.sheet_painter import Sheet, sheet_of
from lhasaplan.app.map.shown import Shown
from lhasaplan.app.map.viewport import Box
from lhasaplan.errors import Fault, UserError


class Underlay(Protocol):
    """A picture of the ground that can be asked for any box of it, by several threads."""

    name: str
    remarks: tuple[Fault, ...]

    def picture(self, box_m: Box, width_px: int, height_px: int) -> NDArray[np.uint8] | None:
        """Return red, green, blue, opacity of a box, north up; None where there is nothing."""


def draw_underlays(painter: QPainter, underlays: Iterable[Underlay], shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Draw all background maps into a tile."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    painter.setOpacity(shown.strength("underlay"))
    for underlay in underlays if "underlay" in shown.visible else ():
        draw_underlay(sheet, underlay, box_m)
    painter.setOpacity(1.0)


def draw_underlay(sheet: Sheet, underlay: Underlay, box_m: Box) -> None:
    """Draw what a background map has of a tile; a piece that cannot be read is left out, and told in the log."""
    device = sheet.painter.device()
    try:
        pixels = underlay.picture(box_m, device.width(), device.height())
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
