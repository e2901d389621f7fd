"""What a window shows once it has come to rest: sizes, places and pictures that were taken before change by themselves."""

from PySide6.QtGui import QColor, QImage, QPainter

PAUSE_MS = 50


def at_rest(qtbot, look):
    """Return what a look sees, once two looks with a pause between them see the same."""
    looks = [None]

    def is_same():
        qtbot.wait(PAUSE_MS)
        looks.append(look())
        return looks[-1] == looks[-2]

    qtbot.waitUntil(is_same)
    return looks[-1]


def colour_on_blue(stack, viewport):
    """Return the colour in the middle of 64 pixels of a stack of tiles that is painted over blue."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    painter = QPainter(image)
    stack.paint(painter, viewport)
    painter.end()
    return image.pixelColor(32, 32).name()
