"""Light or dark: the colours of the window, as the system has them or as a person wants them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from lhasaplan.app.look.inks import is_dark
from lhasaplan.core.base.wording import marked

SCHEMES = {
    "system": (marked("As the &system"), Qt.ColorScheme.Unknown),
    "light": (marked("&Light"), Qt.ColorScheme.Light),
    "dark": (marked("&Dark"), Qt.ColorScheme.Dark),
}


_ROLE, _DISABLED = QPalette.ColorRole, QPalette.ColorGroup.Disabled
# Ground and words of a dark window, for a desktop that has no dark colours of its own to give.
_DARK = {
    _ROLE.Window: "#2d2d30",
    _ROLE.Base: "#3a3a3f",
    _ROLE.AlternateBase: "#343438",
    _ROLE.Button: "#46464b",
    _ROLE.ToolTipBase: "#3a3a3d",
    _ROLE.Highlight: "#22609f",
    _ROLE.Mid: "#4a4a4e",
    _ROLE.Dark: "#1b1b1d",
    _ROLE.Light: "#4f4f54",
    _ROLE.Link: "#74b3f0",
    _ROLE.PlaceholderText: "#b4b4b9",
    **dict.fromkeys((_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.ToolTipText, _ROLE.HighlightedText), "#ececec"),
}
_LIGHT_GROUND, _FAINT = "#efefef", "#8a8a8f"


class Scheme:
    """The colours in use."""

    key = "system"

    def use(self, key: str) -> None:
        """Use these colours from now on."""
        self.key = key
        use_scheme(key)


def use_scheme(key: str) -> None:
    """Use the colours of the system, light ones or dark ones, also where the desktop has only one of them."""
    QGuiApplication.styleHints().setColorScheme(SCHEMES[key][1])
    QApplication.setPalette(QPalette())
    if key == "dark" and not is_dark():
        QApplication.setPalette(dark_palette())
    elif key == "light" and is_dark():
        QApplication.setPalette(QPalette(QColor(_LIGHT_GROUND)))


def dark_palette() -> QPalette:
    """Return the colours of a dark window."""
    palette = QPalette(QColor(_DARK[_ROLE.Button]), QColor(_DARK[_ROLE.Window]))
    for role, colour in _DARK.items():
        palette.setColor(role, QColor(colour))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(_DISABLED, role, QColor(_FAINT))
    return palette
