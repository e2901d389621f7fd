"""The menu bar and the toolbar made from the table: each entry an action that follows what it stands for."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from string import ascii_uppercase, digits

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from lhasaplan.app.commands.workbench import Entry, Switch, ToolCondition
from lhasaplan.app.look import NAMES, NONE_PX, Language, has_icon, icon, space
from lhasaplan.app.shell.docks import Docks, PanelEntry, PanelKeys
from lhasaplan.app.shell.workspaces import NAMES as WORK_NAMES
from lhasaplan.app.shell.workspaces import TIPS as WORK_TIPS
from lhasaplan.app.shell.workspaces import Workspace, Workspaces
from lhasaplan.app.state.edits import History
from lhasaplan.app.state.selection import RecentProjects, name_of
from lhasaplan.app.theme import SCHEMES, Scheme
from lhasaplan.app.tools import FILE, VIEW, Menu, Submenu
from lhasaplan.core.base.translations import marked

# The letters that open entries of a menu by keys: one each, in every language.

LETTER = re.compile(r"&([^&\s])")
IN_BRACKETS = re.compile(r"\(&.\)")  # as languages without Latin letters write it


def lettered(texts: Sequence[str]) -> list[str]:
    """Return the texts of a menu with a letter each that no other has: their own where it can be, else another one in them.

    >>> lettered(["Show &all", "Take &away", "Quit", "显示(&A)"])
    ['Show &all', '&Take away', '&Quit', '显示(&B)']
    >>> lettered(["&Abc", "&Bc", "&C"]), lettered(["Ab", "&A", "B"])
    (['&Abc', '&Bc', '&C'], ['A&b', '&A', 'B(&C)'])
    """
    wished = [_wished(text) for text in texts]
    holder: dict[str, int] = {}
    for number in sorted(range(len(texts)), key=lambda each: "&" not in texts[each].replace("&&", "")):
        _take(number, wished, holder, set())
    letter_of = {number: letter for letter, number in holder.items()}
    taken = set(holder)
    return [_written(text, letter_of.get(number), taken) for number, text in enumerate(texts)]


def _plain(text: str) -> str:
    return LETTER.sub(r"\1", IN_BRACKETS.sub("", text).replace("&&", "\0")).replace("\0", "&&")


def _wished(text: str) -> list[str]:
    """Return the letters that may open an entry, the best first: its own, the beginnings of its words, any other in it."""
    plain, own = _plain(text), LETTER.search(text.replace("&&", "\0"))
    wished = [own.group(1).upper()] if own is not None else []
    if re.match(r"\W*[A-Za-zÀ-ÿ]", plain):
        places = [at for at, sign in enumerate(plain) if sign.isascii() and sign.isalpha()]
        wished += [plain[at].upper() for at in (*(at for at in places if at == 0 or plain[at - 1] == " "), *places)]
    return list(dict.fromkeys(wished))


def _take(number: int, wished: Sequence[Sequence[str]], holder: dict[str, int], tried: set[str]) -> bool:
    """Give an entry a letter, if need be one whose holder can take another (an augmenting path); say whether it has one."""
    for is_free in (True, False) if len(wished[number]) > 1 else (True,):
        for letter in wished[number]:
            if (letter not in holder) != is_free or letter in tried:
                continue
            tried.add(letter)
            if is_free or _take(holder[letter], wished, holder, tried):
                holder[letter] = number
                return True
    return False


def _written(text: str, letter: str | None, taken: set[str]) -> str:
    own = LETTER.search(text.replace("&&", "\0"))
    if letter is not None and own is not None and own.group(1).upper() == letter:
        return text
    plain = _plain(text)
    if letter is None:
        return _behind(plain, taken)
    places = [at for at, sign in enumerate(plain) if sign.upper() == letter]
    at = next((at for at in places if at == 0 or plain[at - 1] == " "), places[0])
    return f"{plain[:at]}&{plain[at:]}"


def _behind(plain: str, taken: set[str]) -> str:
    free = next((sign for sign in ascii_uppercase + digits if sign not in taken), "")
    taken.add(free)
    body = plain.rstrip("…")
    return f"{body}(&{free}){plain[len(body) :]}" if free else plain


# The toolbar: what is done most, as icons; each is an entry of a menu too.

# The keys of entries in groups, with lines between these; what the window has not is left out.
GROUPS = (
    ("new", "open", "save", "import", "export"),
    ("undo", "redo"),
    ("audit", "check", "cancel"),
    ("place", "measure", "search"),
    ("zoom_in", "zoom_out", "show_all", "night", "counts"),
    ("versions", "compare"),
    ("meeting", "print_layout"),
    ("help",),
)
# What a workspace leaves to the menus.
NOT_USED: Mapping[Workspace, frozenset[str]] = {
    Workspace.AUDIT: frozenset({"check", "place", "versions", "compare"}),
    Workspace.PLAN: frozenset({"print_layout"}),
    Workspace.PRESENT: frozenset({"import", "undo", "redo", "audit", "check", "cancel", "place"}),
}
NAMED = frozenset({"audit", "check"})  # the icon alone does not say what is computed
SIDE_PX = 20


class Toolbar(QToolBar):
    """Shows actions of the menus; the tip of each has its keys."""

    def __init__(self, language: Language, by_key: Mapping[str, QAction], workspaces: Workspaces) -> None:
        super().__init__()
        self._say, self._by_key, self._workspaces = language, by_key, workspaces
        self.setObjectName("toolbar")
        self.setIconSize(QSize(SIDE_PX, SIDE_PX))
        self.setMovable(False)
        language.bind(self.setWindowTitle, marked("Toolbar"))
        self._add_workspaces()
        self._fill()
        language.changed.connect(self._write)
        workspaces.changed.connect(self._fill)
        self._write()

    def _add_workspaces(self) -> None:
        """Add the switch of the workspaces at the far end."""
        space_between, switch = QWidget(), QWidget()
        space_between.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(switch)
        space(row, NONE_PX, NONE_PX)
        self.works = {work: QToolButton() for work in Workspace}
        for work, button in self.works.items():
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.toggled.connect(partial(_embolden, button))
            button.setChecked(work is self._workspaces.work)
            button.clicked.connect(lambda _on=False, work=work: self._workspaces.choose(work))
            row.addWidget(button)
        self._far_end = [self.addWidget(space_between), self.addWidget(switch)]

    def _fill(self) -> None:
        """Show what the work of the moment uses; all else is in the menus."""
        work = self._workspaces.work
        for action in self.actions():
            if action not in self._far_end:
                self.removeAction(action)
        first, *_rest = self._far_end
        for number, group in enumerate(GROUPS):
            keys = [key for key in group if key in self._by_key and key not in NOT_USED[work]]
            if keys and number:
                self.insertSeparator(first)
            for key in keys:
                self._add(key, self._by_key[key], first)
        self.works[work].setChecked(True)

    def _add(self, key: str, action: QAction, before: QAction) -> None:
        self.insertAction(before, action)
        if key in NAMED:
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _write(self) -> None:
        for action in self._by_key.values():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            name = bare_name(action.text())
            action.setIconText(name)
            action.setToolTip(f"{name} ({keys})" if keys else name)
        for work, button in self.works.items():
            button.setText(self._say(WORK_NAMES[work]))
            button.setToolTip(self._say(WORK_TIPS[work]))


def _embolden(button: QToolButton, is_on: bool) -> None:
    """Write in bold what is chosen: on dark ground a pressed button looks like the others."""
    font = button.font()
    font.setBold(is_on)
    button.setFont(font)


def bare_name(text: str) -> str:
    """Return what an entry is called, without the letter that opens it.

    >>> bare_name("Save &as…"), bare_name("运行审计(&A)")
    ('Save as', '运行审计')
    """
    return re.sub(r"\(&.\)", "", text).replace("&", "").rstrip("…⋯")


RECENT_MENU = marked("Open &recent")
PANELS_MENU, WORKS_MENU = marked("&Panels"), marked("&Workspace")
LANGUAGE_MENU, SCHEME_MENU = marked("&Language"), marked("&Colours")


class Menus:
    """The actions by key, in their menus."""

    def __init__(self, window: QMainWindow, language: Language, table: Iterable[Menu]) -> None:
        self._window, self._say = window, language
        self.by_key: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._groups = [QActionGroup(window) for _ in range(3)]
        for title, entries in table:
            menu = self.menus[title] = window.menuBar().addMenu("")
            language.bind(menu.setTitle, title)
            for entry in entries:
                self._add(menu, entry)
            menu.aboutToShow.connect(partial(give_letters, menu))
        self._draw_icons()
        language.changed.connect(self._draw_icons)  # also said when the colours change

    def _draw_icons(self) -> None:
        """Give every action that has a drawing its icon, in the colours of the moment."""
        for key, action in self.by_key.items():
            if has_icon(drawing_of(key)):
                action.setIcon(icon(drawing_of(key)))

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def _add(self, menu: QMenu, entry: Entry | Submenu | None) -> None:
        if entry is None:
            menu.addSeparator()
            return
        if isinstance(entry, Submenu):
            below = self._submenu(menu, entry.title)
            for each in entry.entries:
                self._add(below, each)
            return
        action = self.by_key[entry.key] = QAction(menu)
        self._say.bind(action.setText, entry.text)
        if entry.shortcut:
            action.setShortcut(QKeySequence(entry.shortcut))
        _connect(action, entry)
        if entry.condition is not None:
            _follow(action, entry.condition)
        menu.addAction(action)

    def keys(self) -> list[str]:
        """Return what keys do that entries of the menus have, a line each."""
        actions = (action for action in self.by_key.values() if not action.shortcut().isEmpty())
        native = QKeySequence.SequenceFormat.NativeText
        return [f"{action.shortcut().toString(native)}  {bare_name(action.text())}" for action in actions]

    def add_recent(self, recent: RecentProjects, open_again: Callable[[str], object]) -> None:
        """Add the projects that were open last, before the line under those that open one."""
        menu = QMenu(self._window)
        self._say.bind(menu.setTitle, RECENT_MENU)
        file_menu, actions = self.menus[FILE], self.menus[FILE].actions()
        file_menu.insertMenu(actions[actions.index(self["open"]) + 1], menu)

        def write() -> None:
            menu.clear()
            menu.setEnabled(bool(recent.addresses))
            for number, address in enumerate(recent.addresses, start=1):
                name = name_of(address).replace("&", "&&")
                menu.addAction(f"&{number}  {name}", partial(open_again, address)).setToolTip(address)

        menu.setToolTipsVisible(True)
        recent.changed.connect(write)
        write()

    def add_panels(self, docks: Docks, keys: PanelKeys) -> None:
        """Add the menu of the panels: among the entries of *View* they would be taller than a screen."""
        self.menus[VIEW].addSeparator()
        menu = self._submenu(self.menus[VIEW], PANELS_MENU)
        for key, title in docks.titles.items():
            entry = PanelEntry(key, docks, menu)
            self._say.bind(entry.setText, title)
            menu.addAction(entry)
        menu.addSeparator()
        self._add(menu, Entry("next_part", marked("&Next part of the window"), lambda: keys.step(1), "F6"))
        self._add(menu, Entry("last_part", marked("&Previous part of the window"), lambda: keys.step(-1), "Shift+F6"))

    def add_workspaces(self, workspaces: Workspaces) -> None:
        """Add the workspaces, of which one is shown."""
        menu = self._submenu(self.menus[VIEW], WORKS_MENU)
        for number, (work, name) in enumerate(WORK_NAMES.items(), start=1):
            action = self._choice(menu, 2, f"work_{work}", work is workspaces.work)
            self._say.bind(action.setText, name)
            action.setShortcut(QKeySequence(f"Alt+{number}"))
            action.triggered.connect(lambda _checked, work=work: workspaces.choose(work))
        workspaces.changed.connect(lambda: self[f"work_{workspaces.work}"].setChecked(True))

    def add_languages(self) -> None:
        """Add the languages, each named in itself."""
        menu = self._submenu(self.menus[VIEW], LANGUAGE_MENU)
        for code, name in NAMES.items():
            action = self._choice(menu, 0, f"language_{code}", code == self._say.code)
            action.setText(name)
            action.triggered.connect(lambda _checked, code=code: self._say.use(code))

    def add_schemes(self, scheme: Scheme, clear: Callable[[bool], None]) -> None:
        """Add the colours of the window, and those of the map that colour-blind people tell apart best."""
        menu = self._submenu(self.menus[VIEW], SCHEME_MENU)
        for key, (template, _) in SCHEMES.items():
            action = self._choice(menu, 1, f"scheme_{key}", key == scheme.key)
            self._say.bind(action.setText, template)
            action.triggered.connect(lambda _checked, key=key: scheme.use(key))
        menu.addSeparator()
        action = self.by_key["clear_colours"] = menu.addAction("")
        action.setCheckable(True)
        self._say.bind(action.setText, marked("Map colours for colour-&blind people"))
        action.toggled.connect(clear)

    def _submenu(self, above: QMenu, title: str) -> QMenu:
        menu = above.addMenu("")
        self._say.bind(menu.setTitle, title)
        menu.aboutToShow.connect(partial(give_letters, menu))
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


def give_letters(menu: QMenu) -> None:
    """Give each entry of a menu a letter of its own, before it is shown: names of steps and languages change."""
    actions = [action for action in menu.actions() if not action.isSeparator()]
    for action, text in zip(actions, lettered([action.text() for action in actions]), strict=True):
        if action.text() != text:
            action.setText(text)


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


def _follow(action: QAction, condition: ToolCondition) -> None:
    def judge(*_news: object) -> None:
        action.setEnabled(condition.holds())

    for signal in condition.changed:
        signal.connect(judge)
    judge()


def drawing_of(key: str) -> str:
    """Return the name of the drawing of an entry."""
    return "sample" if key.startswith("sample_") else key
