"""Text of the data in the window: shown letter by letter, never read as rich text, which Qt would guess from its look."""

from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(text: str = "", **options: Any) -> QLabel:
    """Return a label that shows what it is given."""
    label = QLabel(text, **options)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def plain_tip(text: str) -> str:
    """Return a tool tip that shows this text: a tip has no text format, so what looks like markup is escaped."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if "<" in text or "&" in text else text
