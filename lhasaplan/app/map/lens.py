"""Pictures of cameras as images of the screen."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from lhasaplan.core.picture.painting import Bytes


def image_of(rgb: "Bytes") -> QImage:
    """Return the colours of a picture, shape (rows, columns, 3), as an image of its own memory."""
    rows, columns, _ = rgb.shape
    return QImage(rgb.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
