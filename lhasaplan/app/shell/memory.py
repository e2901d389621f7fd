"""What the window remembers from day to day: place, panels, language, colours, and where projects lie; nothing in them."""

import json
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, QUrl

from lhasaplan.app.look.language import NAMES
from lhasaplan.app.look.theme import SCHEMES
from lhasaplan.app.map.style import LAYERS
from lhasaplan.app.shell.window import MainWindow
from lhasaplan.app.state.selection import Look


def settings() -> QSettings:
    """Return where the window keeps what it remembers."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lhasaplan", "window")


def recovery_folder() -> Path:
    """Return where notes of unsaved work lie, and copies of what is kept nowhere yet."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "recovery"


def remembered_language(kept: QSettings, otherwise: str, asked: str = "") -> str:
    """Return the language that the start asks for (``--lang``, ``LHASAPLAN_LANG``), else the one that was chosen last."""
    code = asked if asked in NAMES else str(kept.value("language", otherwise))
    return code if code in NAMES else otherwise


def remember(window: MainWindow, kept: QSettings) -> None:
    """Keep place, panels, language, colours and which layers are shown."""
    kept.setValue("geometry", window.saveGeometry())
    window.workspaces.keep_in(kept)
    kept.setValue("language", window.language.code)
    kept.setValue("colours", window.scheme.key)
    kept.setValue("clear_colours", window.menus["clear_colours"].isChecked())
    keys, opacity = window.session.shown.look
    kept.setValue("layers", json.dumps({"on": sorted(keys), "known": [key for key, _, _ in LAYERS], "opacity": dict(opacity)}))
    kept.setValue("recent", list(window.session.recent.addresses))


def remembered_scheme(kept: QSettings) -> str:
    """Return the colours that were chosen last, those of the system at a first start."""
    scheme = str(kept.value("colours", "system"))
    return scheme if scheme in SCHEMES else "system"


def recall_place(window: MainWindow, kept: QSettings) -> None:
    """Give a bare window its place on the screen and the map its layers; a first start fits the screen."""
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
    window.fit_screen()
    window.canvas.set_visible(*_look(str(kept.value("layers", "")), (window.canvas.visible, window.canvas.opacity)))


def recall(window: MainWindow, kept: QSettings) -> None:
    """Give the window what was kept; a first start fits the screen."""
    window.menus[f"scheme_{remembered_scheme(kept)}"].trigger()
    window.menus["clear_colours"].setChecked(kept.value("clear_colours", False, bool) is True)
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
    window.workspaces.recall(kept)
    window.session.shown.take(_look(str(kept.value("layers", "")), window.session.shown.look))
    window.session.recent.take(_there(kept.value("recent")))
    window.fit_screen()


def _look(text: str, otherwise: Look) -> Look:
    """Return the layers that were on; one that is newer than what was kept is shown as at a first start."""
    try:
        reported = json.loads(text)
        on, known = frozenset(map(str, reported["on"])), frozenset(map(str, reported["known"]))
        opacity = {str(key): float(value) for key, value in reported["opacity"].items() if 0.0 <= float(value) < 1.0}
    except (ValueError, TypeError, KeyError, AttributeError):
        return otherwise
    keys = frozenset(key for key, _, _ in LAYERS)
    return (on & keys) | (otherwise[0] - known), {key: value for key, value in opacity.items() if key in keys}


def _there(addresses: object) -> list[str]:
    """Return the addresses that were kept, but for files that are gone; one alone is kept as a word, none as nothing."""
    named = [addresses] if isinstance(addresses, str) else addresses if isinstance(addresses, list) else []
    files = ((each, QUrl(each).toLocalFile() if each.startswith("file:") else "") for each in map(str, named))
    return [each for each, file in files if not file or Path(file).is_file()]
