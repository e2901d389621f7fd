"""Colours of words by what they mean, readable on a light and on a dark theme."""

from PySide6.QtGui import QColor, QGuiApplication, QPalette

# On light ground, on dark ground.
_INKS = {
    "error": ("#c92a2a", "#ff8787"),
    "due": ("#c2500a", "#ffa94d"),
    "note": ("#8a6d00", "#ffd43b"),
    "good": ("#2b7a38", "#69db7c"),
    "quiet": ("#666666", "#adb5bd"),
}


def ink(meaning: str) -> QColor:
    """Return the colour for words of a meaning: error, due, note, good or quiet."""
    light, dark = _INKS[meaning]
    return QColor(dark if is_dark() else light)


def is_dark() -> bool:
    """Say whether the theme of the moment writes light on dark."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128
