"""The window's icons: line drawings of one stroke, in the colour of the words beside them."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent / "drawings"
SIDES_PX = (16, 20, 24, 32, 48, 64, 96)  # of a pixmap each, so that none is stretched on a fine screen


def has_icon(name: str) -> bool:
    """Tell whether there is a drawing of this name."""
    return (FOLDER / f"{name}.svg").is_file()


def icon(name: str) -> QIcon:
    """Return an icon in the colours of the theme of the moment, pale where what it stands for cannot be used."""
    palette, drawn = QGuiApplication.palette(), QIcon()
    inks = (
        (QIcon.Mode.Normal, palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)),
        (QIcon.Mode.Disabled, palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)),
    )
    for mode, ink in inks:
        for side in SIDES_PX:
            drawn.addPixmap(_pixmap(name, ink.name(), side), mode)
    return drawn


def pixmap(name: str, side_px: int, ink: QColor, ratio: float = 1.0) -> QPixmap:
    """Return a drawing so large on screens that have ``ratio`` dots a pixel."""
    drawn = QPixmap(_pixmap(name, ink.name(), round(side_px * ratio)))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@cache
def _pixmap(name: str, ink: str, side: int) -> QPixmap:
    drawing = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", ink)
    drawn = QPixmap(QSize(side, side))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn
