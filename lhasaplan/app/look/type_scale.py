"""The sizes of letters in the window: five steps from the size of running text, and no other."""

from enum import Enum

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget


class Letters(Enum):
    """Steps of the scale, each so many times the size of running text."""

    SMALL = 0.9
    TEXT = 1.0
    HEADING = 1.35
    TITLE = 1.8
    SHOWN = 2.4  # to a room


def write_as(widget: QWidget, step: Letters) -> None:
    """Write a widget in a step; by its font, since a style sheet would keep the colours of another theme."""
    widget.setFont(font_of(step, widget.font()))


def font_of(step: Letters, font: QFont | None = None) -> QFont:
    """Return a font in a step of the scale; without one that of the window."""
    own = QFont(font if font is not None else QApplication.font())
    own.setPointSizeF(QApplication.font().pointSizeF() * step.value)
    return own
