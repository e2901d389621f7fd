"""What stands on the edge of a map as a picture, painted anew when something of it changes and not with each frame."""

from collections.abc import Hashable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QImage, QPainter


class Edged(Protocol):
    """A map with something on its edge."""

    def edge_key(self) -> Hashable:
        """Return all that the edge is painted from."""

    def paint_edge(self, painter: QPainter) -> None:
        """Paint it."""

    def width(self) -> int:
        """Return the width in pixels of the widget."""

    def height(self) -> int:
        """Return the height in pixels of the widget."""

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt's name
        """Return pixels of the screen for one of the widget."""

    def font(self) -> QFont:
        """Return the font of the widget."""


class Edge:
    """The picture and what it was painted from."""

    def __init__(self) -> None:
        self._picture = QImage()
        self._of: Hashable = None

    def picture(self, of: Edged) -> QImage:
        """Return the edge of a map as it is now."""
        key = of.edge_key()
        if key != self._of:
            self._picture, self._of = _painted(of), key
        return self._picture


def _painted(of: Edged) -> QImage:
    dpr = of.devicePixelRatioF()
    picture = QImage(round(of.width() * dpr), round(of.height() * dpr), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(of.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    of.paint_edge(painter)
    painter.end()
    return picture
