"""Pictures of cameras as images of the screen."""

from PySide6.QtGui import QImage

from lhasaplan.core.picture.camera_picture import CameraPicture


def image_of(picture: CameraPicture) -> QImage:
    """Return a picture as an image of its own memory."""
    rows, columns, _ = picture.rgb.shape
    return QImage(picture.rgb.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
