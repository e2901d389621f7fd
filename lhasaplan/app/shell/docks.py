"""The panels around the map: where they stand, which come forward, and the keys that go between them."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QDockWidget,
    QFrame,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)

from lhasaplan.app.commands.workbench import Panel, Side
from lhasaplan.app.look import Language
from lhasaplan.app.panels.fields import NumberField
from lhasaplan.app.panels.selected import LENS_KEY, SelectedPanel
from lhasaplan.app.state.selection import Attention

WIDTHS_PX, HEIGHT_PX, HIGHEST_SHARE = {"layers": 250, "selected": 380}, 300, 0.39
SHARES = {"layers": 0.19}  # of a wider window: names of layers are whole on 1600 pixels
NARROW_PX, NARROW_WIDTHS_PX = 1400, {"layers": 235, "selected": 345}  # a window below it leaves more of it to the map
NAMED_INSIDE = ("selected",)  # its pages have tabs
LOW_PX = 300  # a panel that needs more is scrolled where there is less: the window has to fit a screen of 720 pixels


class Docks(QObject):
    """The panels by key, and the docks that hold them. A page of a panel has the dock of that panel."""

    def __init__(self, window: QMainWindow, language: Language, attention: Attention, panels: Iterable[Panel]) -> None:
        super().__init__(window)
        self._window, self._say, self._attention = window, language, attention
        self.in_front: set[str] = set()
        self.panels: dict[str, QWidget] = {}
        self.titles: dict[str, str] = {}  # of what can be called: a page that is told of something comes with that
        self.docks: dict[str, QDockWidget] = {}
        self._staying: set[str] = set()
        self._holders: dict[str, SelectedPanel] = {}  # of pages
        self._owners: dict[str, str] = {}  # the same, by key
        self._no_titles: dict[str, QWidget] = {}
        self._later = QTimer(self, singleShot=True, interval=0)  # once all that comes and goes has come and gone
        self._later.timeout.connect(self.tidy)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for panel in panels:
            self._add(panel)
        window.setCorner(Qt.Corner.BottomLeftCorner, Side.BottomDockWidgetArea)  # tables are wide, what is selected is high
        window.setCorner(Qt.Corner.BottomRightCorner, Side.RightDockWidgetArea)
        self.tidy()

    def _add(self, panel: Panel) -> None:
        self.panels[panel.key] = panel.widget
        if panel.told is None:
            self.titles[panel.key] = panel.title
        if panel.stays:
            self._staying.add(panel.key)
        if panel.within:
            holder = self.panels[panel.within]
            assert isinstance(holder, SelectedPanel)
            self._holders[panel.key], self._owners[panel.key] = holder, panel.within
            holder.add(panel.key, panel.title, panel.widget)
            if panel.told is not None:
                panel.told.connect(partial(holder.set_there, panel.key))
            return
        dock = self.docks[panel.key] = QDockWidget()
        dock.setObjectName(panel.title)
        self._say.bind(dock.setWindowTitle, panel.title)
        dock.setWidget(_on_low_screens(panel.widget))
        self._no_titles[panel.key] = QWidget(dock)
        self._no_titles[panel.key].hide()
        if panel.behind:
            self._window.tabifyDockWidget(self.docks[panel.behind], dock)
        else:
            self._window.addDockWidget(panel.side, dock)
        # Not QWidget.isVisible, which is true of a tab that lies behind another.
        dock.visibilityChanged.connect(lambda is_seen, key=panel.key: self._note(key, is_seen))
        dock.topLevelChanged.connect(lambda _is_floating: self._later.start())
        if isinstance(panel.widget, SelectedPanel):
            panel.widget.seen.connect(self._note_pages)
        dock.hide()

    def _note(self, key: str, is_seen: bool) -> None:
        (self.in_front.add if is_seen else self.in_front.discard)(key)
        self._attention.panel_seen.emit(key, is_seen)
        self._note_pages()
        self._later.start()

    def _note_pages(self) -> None:
        """Tell which pages came into view and which left it."""
        for key, holder in self._holders.items():
            is_seen = self._owners[key] in self.in_front and key in holder.seen_keys
            if is_seen != (key in self.in_front):
                (self.in_front.add if is_seen else self.in_front.discard)(key)
                self._attention.panel_seen.emit(key, is_seen)

    def dock_of(self, key: str) -> QDockWidget:
        """Return the dock in which a panel or page stands."""
        return self.docks[self._owners.get(key, key)]

    def bring(self, key: str) -> None:
        """Show a panel, before others."""
        self.dock_of(key).show()
        self.turn_to(key)
        self.tidy()

    def turn_to(self, key: str) -> None:
        """Put a panel before others, unless it was closed."""
        if key in self._holders:
            self._holders[key].turn_to(key)
        dock = self.dock_of(key)
        if not dock.isHidden():
            dock.raise_()

    def bring_camera(self, camera_id: str) -> None:
        """Bring the record of a camera that was selected forward, unless another panel about it is looked at."""
        if camera_id and not self._staying & self.in_front:
            self.turn_to("camera")

    # All at once

    def show_only(self, keys: Collection[str]) -> None:
        """Show these panels and no other."""
        for key, dock in self.docks.items():
            dock.setVisible(key in keys)

    def open(self, key: str) -> None:
        """Show a panel behind those that are shown."""
        front = [each for each in self._window.tabifiedDockWidgets(self.docks[key]) if each in self._front_docks()]
        self.docks[key].show()
        for dock in front:
            dock.raise_()

    def close(self, key: str) -> None:
        """Hide a panel; of pages the picture goes alone, any other with its panel."""
        if key == LENS_KEY:
            self._holders[key].fold_picture()
        else:
            self.dock_of(key).hide()

    def _front_docks(self) -> set[QDockWidget]:
        return {self.docks[key] for key in self.in_front if key in self.docks}

    def size_up(self) -> None:
        """Give the panels the sizes of a first start, on a low screen less of the height."""
        layout = self._window.layout()
        if layout is not None:
            layout.activate()
        wide = {key: max(width, round(self._window.width() * SHARES.get(key, 0.0))) for key, width in WIDTHS_PX.items()}
        widths = [*(NARROW_WIDTHS_PX if self._window.width() < NARROW_PX else wide).values()]
        self._window.resizeDocks([self.docks[key] for key in WIDTHS_PX], widths, Qt.Orientation.Horizontal)
        low = [dock for key, dock in self.docks.items() if self._window.dockWidgetArea(dock) == Side.BottomDockWidgetArea]
        shown = [dock for dock in low if not dock.isHidden()][:1]
        high = min(HEIGHT_PX, round(self._window.height() * HIGHEST_SHARE))
        self._window.resizeDocks(shown, [high] * len(shown), Qt.Orientation.Vertical)

    def tidy(self) -> None:
        """Give a title to panels that stand alone; one with tabs has it there. Tabs that do not fit are scrolled, not cut.

        What Qt (6.11) leaves lying about is hidden: a tab bar whose tabs another one has too, when a third panel joins two, and
        one of a single tab, when the other one goes.
        """
        self._later.stop()
        for key, dock in self.docks.items():
            is_named = dock.isFloating() or (key not in NAMED_INSIDE and not self._has_tab(dock))
            bar = None if is_named else self._no_titles[key]
            if dock.titleBarWidget() is not bar:
                dock.setTitleBarWidget(bar)  # type: ignore[arg-type]  # None is Qt's own title
        bars = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        titles = [{bar.tabText(tab) for tab in range(bar.count())} for bar in bars]
        for number, (bar, own) in enumerate(zip(bars, titles, strict=True)):
            is_dead = len(own) < 2 or any(own < other for other in titles) or own in titles[number + 1 :]
            bar.setVisible(not is_dead)
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)

    def _has_tab(self, dock: QDockWidget) -> bool:
        return any(not other.isHidden() for other in self._window.tabifiedDockWidgets(dock))


def _on_low_screens(panel: QWidget) -> QWidget:
    """Return a panel, within something that scrolls it where there is less room than it needs."""
    least = panel.minimumSizeHint()
    if isinstance(panel, QAbstractScrollArea) or least.height() <= LOW_PX:
        return panel
    area = _LowArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(panel)
    area.keep_width()
    return area


class _LowArea(QScrollArea):
    """Scrolls a panel up and down, and is never narrower than it: words are longer in some languages."""

    def keep_width(self) -> None:
        """Be as wide as the panel needs now."""
        panel = self.widget()
        if panel is not None:
            self.setMinimumWidth(panel.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def event(self, event: QEvent) -> bool:
        """Grow with the panel."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.keep_width()
        return super().event(event)


# Go from the map to the panels and back by keys, and bring one panel forward from its menu.

BY_TAB = Qt.FocusReason.TabFocusReason


class PanelKeys(QObject):
    """Gives the keys to the parts of the window one after the other: the map, what lies over it, the panels that are in front."""

    def __init__(self, canvas: QWidget, docks: Docks) -> None:
        super().__init__(canvas)
        self._canvas, self._docks = canvas, docks
        self.over: tuple[QWidget, ...] = ()  # what lies over the map

    def step(self, way: int) -> None:
        """Give the keys to the next part of the window, or the one before."""
        parts, now = list(self._parts()), QApplication.focusWidget()
        holding = [number for number, part in enumerate(parts) if now is not None and (part is now or part.isAncestorOf(now))]
        start = holding[-1] if holding else -1 if way > 0 else 0  # what lies over the map comes after it, and is meant
        go_into(parts[(start + way) % len(parts)])

    def _parts(self) -> Iterator[QWidget]:
        """Yield the map and the panels that are in front, from left to right, those of a column from top to bottom."""
        yield self._canvas
        yield from (each for each in self.over if each.isVisible())
        front = [dock for key, dock in self._docks.docks.items() if key in self._docks.in_front]
        yield from sorted(front, key=lambda dock: (dock.x(), dock.y()))


class PanelEntry(QAction):
    """The entry of a panel: brings it forward with the keys in it; where it is in front already it is closed."""

    def __init__(self, key: str, docks: Docks, menu: QMenu) -> None:
        super().__init__(menu)
        self._key, self._docks = key, docks
        self.setCheckable(True)
        self.triggered.connect(self._do)
        menu.aboutToShow.connect(self._judge)

    def _judge(self) -> None:
        self.setChecked(self._key in self._docks.in_front)

    def _do(self) -> None:
        if self._key in self._docks.in_front:
            self._docks.close(self._key)
        else:
            self._docks.bring(self._key)
            go_into(self._docks.dock_of(self._key))
        self._judge()


def go_into(part: QWidget) -> None:
    """Give the keys to a part of the window: to its table or list, else to the first thing in it that takes keys."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(part, QDockWidget):
        part.setFocus(BY_TAB)
        return
    able = [
        each
        for each in part.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    ]
    able = [each for each in able if not isinstance(each, QScrollArea)] or able
    chosen = next((each for each in able if isinstance(each, QAbstractItemView)), able[0] if able else None)
    if chosen is not None:
        chosen.setFocus(BY_TAB)


# Keys of the menu while a field has the focus: Qt's fields would keep these for their own letters.

KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
EMACS_KEYS = (Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_K)  # with Ctrl, in Qt's fields on X11: delete, end of line, delete to it


class MenuKeys(QObject):
    """Watches the widget with the focus and leaves these keys to the window's menu.

    A text that is being written keeps undo and redo: in a line of text they take letters back, and a number that is not entered
    yet goes back to the one that is recorded.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    def _follow_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and (now.window() is self._window or isinstance(now.window(), QDockWidget)):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the menu have the keys, unless something is being written."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        is_of_menu = event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in EMACS_KEYS
        if not is_of_menu and (not any(event.matches(key) for key in KEYS) or _is_written_in(watched)):
            return super().eventFilter(watched, event)
        event.ignore()
        return True


def _is_written_in(field: QObject) -> bool:
    """Say whether a field has something of its own to take back."""
    if isinstance(field, NumberField):
        return field.take_back()
    return isinstance(field, QLineEdit) and field.isUndoAvailable()
