"""Words that may be longer than there is room for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea


def scrolled(words: QLabel) -> QScrollArea:
    """Return words that are scrolled where there is little room, and begin at the top."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    area.setWidget(words)
    return area
