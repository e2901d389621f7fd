"""What the window remembers from day to day: place, panels, language, colours, and where projects lie; nothing in them."""

from pathlib import Path

from PySide6.QtCore import QSettings, QUrl

from lhasaplan.app.look.language import NAMES
from lhasaplan.app.look.schemes import SCHEMES
from lhasaplan.app.shell.window import MainWindow

PANELS = 3  # of the arrangement of panels; another number forgets the old one


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
    kept.setValue("recent", list(window.session.recent.addresses))


def recall(window: MainWindow, kept: QSettings) -> None:
    """Give the window what was kept; a first start fits the screen."""
    scheme = str(kept.value("colours", "system"))
    window.menus[f"scheme_{scheme if scheme in SCHEMES else 'system'}"].trigger()
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
        window.restoreState(kept.value("panels"), PANELS)
        window.docks.hide_dead_tabs()
    window.session.recent.take(_there(kept.value("recent")))
    window.fit_screen()


def _there(addresses: object) -> list[str]:
    """Return the addresses that were kept, but for files that are gone; one alone is kept as a word, none as nothing."""
    named = [addresses] if isinstance(addresses, str) else addresses if isinstance(addresses, list) else []
    files = ((each, QUrl(each).toLocalFile() if each.startswith("file:") else "") for each in map(str, named))
    return [each for each, file in files if not file or Path(file).is_file()]
