"""Light or dark: the colours of the window, as the system has them or as a person wants them."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from lhasaplan.core.base.translations import marked

ICONS = Path(__file__).resolve().parent / "icons"  # a theme as freedesktop.org describes it
SCHEMES = {
    "system": (marked("Like the &system"), Qt.ColorScheme.Unknown),
    "light": (marked("&Light"), Qt.ColorScheme.Light),
    "dark": (marked("&Dark"), Qt.ColorScheme.Dark),
}

_ROLE, _DISABLED = QPalette.ColorRole, QPalette.ColorGroup.Disabled
# Ground and words of a dark window, the same on every desktop.
_DARK = {
    _ROLE.Window: "#2d2d30",
    _ROLE.Base: "#3a3a3f",
    _ROLE.AlternateBase: "#343438",
    _ROLE.Button: "#46464b",
    _ROLE.ToolTipBase: "#3a3a3d",
    _ROLE.Highlight: "#22609f",
    _ROLE.Midlight: "#4f4f56",
    _ROLE.Mid: "#4a4a4e",
    _ROLE.Dark: "#1b1b1d",
    _ROLE.Light: "#4f4f54",
    _ROLE.Link: "#74b3f0",
    _ROLE.PlaceholderText: "#b4b4b9",
    **dict.fromkeys((_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.ToolTipText, _ROLE.HighlightedText), "#ececec"),
}
_LIGHT = {
    _ROLE.Window: "#f3f4f6",
    _ROLE.Base: "#ffffff",
    _ROLE.AlternateBase: "#f7f8fa",
    _ROLE.Button: "#f8f9fb",
    _ROLE.ToolTipBase: "#ffffff",
    _ROLE.Highlight: "#1c5fa8",
    _ROLE.Midlight: "#e6ebf2",
    _ROLE.Mid: "#b9bfc8",
    _ROLE.Dark: "#9aa1ab",
    _ROLE.Light: "#ffffff",
    _ROLE.Link: "#1c5fa8",
    _ROLE.PlaceholderText: "#6b7280",
    **dict.fromkeys((_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.ToolTipText), "#1f2329"),
    _ROLE.HighlightedText: "#ffffff",
}
# The style frames boxes for ticks in the ground of the window, darkened: nobody would see where to click.
_TICK_GROUND, _TICKED = {False: "#a8abb3", True: "#c8c8ce"}, ("QCheckBox", "QRadioButton", "QTreeView", "QListView")
_FAINT = {False: "#9aa1ab", True: "#8a8a8f"}


class Scheme(QObject):
    """The colours in use."""

    key = "system"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def use(self, key: str) -> None:
        """Use these colours from now on."""
        self.key = key
        use_scheme(key)

    def _follow_system(self) -> None:
        """Turn light or dark with the desktop, while its colours are wished."""
        if self.key == "system":
            _paint(is_dark_wished(self.key))


def use_own_icons() -> None:
    """Have boxes for files show line drawings in a grey that is seen on light and dark, where the desktop has no icons."""
    if not QIcon.hasThemeIcon("folder-new"):  # under X11 without a desktop a theme is named, and there are no icons in it
        QIcon.setThemeSearchPaths([*QIcon.themeSearchPaths(), str(ICONS)])
        QIcon.setThemeName("lhasaplan")


def use_scheme(key: str) -> None:
    """Use the colours of the window as the system wishes them, light or dark, also where the desktop has only one of them."""
    hints = QGuiApplication.styleHints()
    if hints.colorScheme() != SCHEMES[key][1] or key == "system":
        hints.setColorScheme(SCHEMES[key][1])
    _paint(is_dark_wished(key))


def is_dark_wished(key: str) -> bool:
    """Tell whether these colours are dark ones."""
    return key == "dark" or (key == "system" and QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark)


def _paint(is_dark_one: bool) -> None:
    palette = dark_palette() if is_dark_one else light_palette()
    QApplication.setPalette(palette)
    QApplication.setPalette(palette, "QHeaderView")  # type: ignore[arg-type]  # else its end has the ground of ticks, as below
    palette.setColor(_ROLE.Window, QColor(_TICK_GROUND[is_dark_one]))
    for name in _TICKED:
        QApplication.setPalette(palette, name)  # type: ignore[arg-type]  # bytes by its stub, which it refuses


def dark_palette() -> QPalette:
    """Return the colours of a dark window."""
    return _palette(_DARK, _FAINT[True])


def light_palette() -> QPalette:
    """Return the colours of a light window."""
    return _palette(_LIGHT, _FAINT[False])


def _palette(colours: Mapping[QPalette.ColorRole, str], faint: str) -> QPalette:
    palette = QPalette(QColor(colours[_ROLE.Button]), QColor(colours[_ROLE.Window]))
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(_DISABLED, role, QColor(faint))
    return palette
