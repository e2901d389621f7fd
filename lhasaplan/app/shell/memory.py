"""What the window remembers from one day to the next: its place, panels, language and colours; nothing of any project."""

from PySide6.QtCore import QSettings

from lhasaplan.app.look.language import NAMES
from lhasaplan.app.look.schemes import SCHEMES
from lhasaplan.app.shell.window import MainWindow

PANELS = 2  # of the arrangement of panels; another number forgets the old one


def settings() -> QSettings:
    """Return where the window keeps what it remembers."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lhasaplan", "window")


def remembered_language(kept: QSettings, otherwise: str) -> str:
    """Return the language that was chosen last."""
    code = str(kept.value("language", otherwise))
    return code if code in NAMES else otherwise


def remember(window: MainWindow, kept: QSettings) -> None:
    """Keep place, panels, language and colours."""
    kept.setValue("geometry", window.saveGeometry())
    kept.setValue("panels", window.saveState(PANELS))
    kept.setValue("language", window.language.code)
    kept.setValue("colours", window.scheme.key)


def recall(window: MainWindow, kept: QSettings) -> None:
    """Give the window what was kept; a first start fits the screen."""
    scheme = str(kept.value("colours", "system"))
    window.menus[f"scheme_{scheme if scheme in SCHEMES else 'system'}"].trigger()
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
        window.restoreState(kept.value("panels"), PANELS)
        window.docks.hide_dead_tabs()
    window.fit_screen()
