"""The window's menus as a table: which commands there are, what they are called, and their keys."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from lhasaplan.app.look.language import NAMES, Language
from lhasaplan.app.look.schemes import SCHEMES
from lhasaplan.core.base.wording import marked

LINE = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of a menu; ``key`` names the window's method ``do_<key>``."""

    key: str
    text: str
    shortcut: str = ""


MENUS: tuple[tuple[str, tuple[Command | str, ...]], ...] = (
    (
        marked("&File"),
        (
            Command("new", marked("&New project…"), "Ctrl+N"),
            Command("open", marked("&Open project…"), "Ctrl+O"),
            Command("sample_helsinki", marked("Sample: audit a real city (Helsinki)")),
            Command("sample_hilltown", marked("Sample: plan a made-up town (Hilltown)")),
            LINE,
            Command("save", marked("&Save"), "Ctrl+S"),
            Command("save_as", marked("Save &as…"), "Ctrl+Shift+S"),
            LINE,
            Command("import", marked("&Import city data or cameras…"), "Ctrl+I"),
            Command("mandate", marked("Read &mandate…")),
            Command("protect", marked("Close &drawn protected places…")),
            Command("export", marked("&Export drafts…"), "Ctrl+E"),
            LINE,
            Command("quit", marked("&Quit"), "Ctrl+Q"),
        ),
    ),
    (
        marked("&Edit"),
        (
            Command("undo", marked("&Undo"), "Ctrl+Z"),
            Command("redo", marked("&Redo"), "Ctrl+Shift+Z"),
            LINE,
            Command("place", marked("&Place a planned camera"), "Ctrl+K"),
            Command("remove", marked("Remove camera")),
            Command("let_go", marked("&Let go"), "Esc"),
        ),
    ),
    (
        marked("&View"),
        (
            Command("zoom_in", marked("Zoom &in"), "Ctrl++"),
            Command("zoom_out", marked("Zoom &out"), "Ctrl+-"),
            Command("show_all", marked("Show &all"), "Ctrl+0"),
            Command("show_camera", marked("Show the &camera at hand"), "Ctrl+1"),
            LINE,
            Command("find", marked("&Find an address…"), "Ctrl+F"),
            Command("measure", marked("&Measure"), "Ctrl+M"),
            Command("legend", marked("L&egend")),
        ),
    ),
    (
        marked("&Analysis"),
        (
            Command("audit", marked("Run &audit"), "F5"),
            Command("check", marked("Run &check"), "Shift+F5"),
            Command("cancel", marked("Ca&ncel")),
        ),
    ),
    (
        marked("&Help"),
        (Command("keys", marked("&Mouse and keys"), "F1"), Command("about", marked("&About"))),
    ),
)
TOGGLES = {"legend": True, "place": False, "measure": False}
LANGUAGE_MENU, SCHEME_MENU = marked("&Language"), marked("&Colours")


class Actions:
    """The actions by key, in their menus."""

    def __init__(self, window: QMainWindow, language: Language, do: Callable[[str], Callable[[], None]]) -> None:
        self.by_key: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.languages, self.schemes = QActionGroup(window), QActionGroup(window)
        for title, entries in MENUS:
            menu = window.menuBar().addMenu("")
            language.bind(menu.setTitle, title)
            self.menus[title] = menu
            for entry in entries:
                self._add(menu, entry, language, do)
        self._add_languages(window, language)
        self._add_schemes(window, language, do("scheme"))

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def _add(self, menu: QMenu, entry: Command | str, language: Language, do: Callable[[str], Callable[[], None]]) -> None:
        if not isinstance(entry, Command):
            menu.addSeparator()
            return
        action = QAction(menu)
        language.bind(action.setText, entry.text)
        if entry.shortcut:
            action.setShortcut(QKeySequence(entry.shortcut))
        if entry.key in TOGGLES:
            action.setCheckable(True)
            action.setChecked(TOGGLES[entry.key])
        run = do(entry.key)
        action.triggered.connect(lambda _checked: run())
        menu.addAction(action)
        self.by_key[entry.key] = action

    def _add_languages(self, window: QMainWindow, language: Language) -> None:
        menu = self.menus[marked("&View")].addMenu("")
        language.bind(menu.setTitle, LANGUAGE_MENU)
        for code, name in NAMES.items():
            action = QAction(name, window)
            action.setCheckable(True)
            action.setChecked(code == language.code)
            action.triggered.connect(lambda _checked, code=code: language.use(code))
            self.languages.addAction(action)
            menu.addAction(action)
            self.by_key[f"language_{code}"] = action

    def _add_schemes(self, window: QMainWindow, language: Language, do: Callable[[str], None]) -> None:
        menu = self.menus[marked("&View")].addMenu("")
        language.bind(menu.setTitle, SCHEME_MENU)
        for key, (template, _) in SCHEMES.items():
            action = QAction(window, checkable=True, checked=key == "system")
            language.bind(action.setText, template)
            action.triggered.connect(lambda _checked, key=key: do(key))
            self.schemes.addAction(action)
            menu.addAction(action)
            self.by_key[f"scheme_{key}"] = action
