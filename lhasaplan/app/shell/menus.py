"""The menu bar made from the table: each entry an action that follows what it stands for."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from lhasaplan.app.commands.tool import Condition, Entry, Switch
from lhasaplan.app.look.language import NAMES, Language
from lhasaplan.app.look.schemes import SCHEMES, Scheme
from lhasaplan.app.shell.menu_table import VIEW, Menu
from lhasaplan.app.state.history import History
from lhasaplan.core.base.wording import marked

LANGUAGE_MENU, SCHEME_MENU = marked("&Language"), marked("&Colours")


class Menus:
    """The actions by key, in their menus."""

    def __init__(self, window: QMainWindow, language: Language, table: Iterable[Menu]) -> None:
        self._window, self._say = window, language
        self.by_key: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._groups = [QActionGroup(window), QActionGroup(window)]
        for title, entries in table:
            menu = self.menus[title] = window.menuBar().addMenu("")
            language.bind(menu.setTitle, title)
            for entry in entries:
                self._add(menu, entry)

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def _add(self, menu: QMenu, entry: Entry | None) -> None:
        if entry is None:
            menu.addSeparator()
            return
        action = self.by_key[entry.key] = QAction(menu)
        self._say.bind(action.setText, entry.text)
        if entry.shortcut:
            action.setShortcut(QKeySequence(entry.shortcut))
        _connect(action, entry)
        if entry.condition is not None:
            _follow(action, entry.condition)
        menu.addAction(action)

    def add_languages(self) -> None:
        """Add the languages, each named in itself."""
        menu = self._submenu(LANGUAGE_MENU)
        for code, name in NAMES.items():
            action = self._choice(menu, 0, f"language_{code}", code == self._say.code)
            action.setText(name)
            action.triggered.connect(lambda _checked, code=code: self._say.use(code))

    def add_schemes(self, scheme: Scheme) -> None:
        """Add the colours of the window."""
        menu = self._submenu(SCHEME_MENU)
        for key, (template, _) in SCHEMES.items():
            action = self._choice(menu, 1, f"scheme_{key}", key == scheme.key)
            self._say.bind(action.setText, template)
            action.triggered.connect(lambda _checked, key=key: scheme.use(key))

    def _submenu(self, title: str) -> QMenu:
        menu = self.menus[VIEW].addMenu("")
        self._say.bind(menu.setTitle, title)
        return menu

    def _choice(self, menu: QMenu, group: int, key: str, is_chosen: bool) -> QAction:
        action = self.by_key[key] = QAction(self._window)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        self._groups[group].addAction(action)
        menu.addAction(action)
        return action

    def name_steps(self, history: History) -> None:
        """Say in the menu what would be undone and redone."""
        say, what, next_ = self._say, history.undoText(), history.redoText()
        self["undo"].setText(say(marked("&Undo: {what}"), what=say(what)) if history.canUndo() else say(marked("&Undo")))
        self["redo"].setText(say(marked("&Redo: {what}"), what=say(next_)) if history.canRedo() else say(marked("&Redo")))


def _connect(action: QAction, entry: Entry) -> None:
    does = entry.does
    if isinstance(does, Switch):
        _tick(action, does)
    else:
        action.triggered.connect(lambda _checked: does())


def _tick(action: QAction, switch: Switch) -> None:
    """Let the tick follow the switch, also where a wish to turn it was refused."""
    action.setCheckable(True)
    action.setChecked(switch.is_on())

    def turn(checked: bool) -> None:
        switch.turn(checked)
        action.setChecked(switch.is_on())

    action.triggered.connect(turn)
    switch.changed.connect(lambda *_news: action.setChecked(switch.is_on()))


def _follow(action: QAction, condition: Condition) -> None:
    def judge(*_news: object) -> None:
        action.setEnabled(condition.holds())

    for signal in condition.changed:
        signal.connect(judge)
    judge()
