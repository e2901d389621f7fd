"""The panels around the map: where they stand, which come forward, and the keys that go between them."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QObject, Qt
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
    QWidget,
)

from lhasaplan.app.commands.tool import Panel, Side
from lhasaplan.app.look.language import Language
from lhasaplan.app.panels.fields import NumberField
from lhasaplan.app.state.attention import Attention

WIDTHS_PX, HEIGHTS_PX = {"layers": 270, "camera": 370}, {"findings": 270}
LOW_PX = 300  # a panel that needs more is scrolled where there is less: the window has to fit a screen of 720 pixels
FRONT = ("layers", "camera", "findings")  # of tabs at the start


class Docks(QObject):
    """The panels by key, and their docks."""

    def __init__(self, window: QMainWindow, language: Language, attention: Attention, panels: Iterable[Panel]) -> None:
        super().__init__(window)
        self._window, self._say, self._attention = window, language, attention
        self.in_front: set[str] = set()
        self.panels: dict[str, QWidget] = {}
        self.titles: dict[str, str] = {}
        self._staying: set[str] = set()
        self.docks: dict[str, QDockWidget] = {}
        for panel in panels:
            self._add(panel)
        window.setCorner(Qt.Corner.BottomLeftCorner, Side.BottomDockWidgetArea)  # tables are wide, what is selected is high
        window.setCorner(Qt.Corner.BottomRightCorner, Side.RightDockWidgetArea)
        self.hide_dead_tabs()
        for key in FRONT:
            self.docks[key].raise_()
        for sizes, way in ((WIDTHS_PX, Qt.Orientation.Horizontal), (HEIGHTS_PX, Qt.Orientation.Vertical)):
            window.resizeDocks([self.docks[key] for key in sizes], list(sizes.values()), way)

    def _add(self, panel: Panel) -> None:
        dock = self.docks[panel.key] = QDockWidget()
        self.panels[panel.key], self.titles[panel.key] = panel.widget, panel.title
        if panel.stays:
            self._staying.add(panel.key)
        dock.setObjectName(panel.title)
        self._say.bind(dock.setWindowTitle, panel.title)
        dock.setWidget(_on_low_screens(panel.widget))
        if panel.behind:
            self._window.tabifyDockWidget(self.docks[panel.behind], dock)
        else:
            self._window.addDockWidget(panel.side, dock)
        # Not QWidget.isVisible, which is true of a tab that lies behind another.
        dock.visibilityChanged.connect(lambda is_seen, key=panel.key: self._note(key, is_seen))
        dock.setVisible(not panel.on_demand)

    def _note(self, key: str, is_seen: bool) -> None:
        (self.in_front.add if is_seen else self.in_front.discard)(key)
        self._attention.panel_seen.emit(key, is_seen)

    def bring(self, key: str) -> None:
        """Show a panel, before others."""
        self.docks[key].show()
        self.docks[key].raise_()
        self._spare_titles()

    def bring_camera(self, camera_id: str) -> None:
        """Bring the record of a camera that was selected forward, unless another panel about it is looked at."""
        if camera_id and not self._staying & self.in_front:
            self.docks["camera"].raise_()

    def hide_dead_tabs(self) -> None:
        """Hide what Qt (6.11) leaves lying about when a third panel joins two: a tab bar whose tabs another one has too."""
        bars = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        titles = [{bar.tabText(tab) for tab in range(bar.count())} for bar in bars]
        for number, (bar, own) in enumerate(zip(bars, titles, strict=True)):
            if any(own < other for other in titles) or own in titles[number + 1 :]:
                bar.hide()
        self._spare_titles()

    def _spare_titles(self) -> None:
        """Scroll tabs that do not fit instead of cutting their titles."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)


def _on_low_screens(panel: QWidget) -> QWidget:
    """Return a panel, within something that scrolls it where there is less room than it needs."""
    least = panel.minimumSizeHint()
    if isinstance(panel, QAbstractScrollArea) or least.height() <= LOW_PX:
        return panel
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(least.width() + area.verticalScrollBar().sizeHint().width())
    area.setWidget(panel)
    return area


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
        front = [self._docks.docks[key] for key in self._docks.docks if key in self._docks.in_front]
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
        dock = self._docks.docks[self._key]
        if self._key in self._docks.in_front:
            dock.hide()
        else:
            self._docks.bring(self._key)
            go_into(dock)
        self._judge()


def go_into(part: QWidget) -> None:
    """Give the keys to a part of the window: to its table or list, else to the first thing in it that takes keys."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(part, QDockWidget):
        part.setFocus(BY_TAB)
        return
    able = [each for each in part.findChildren(QWidget) if _takes_keys(each)]
    able = [each for each in able if not isinstance(each, QScrollArea)] or able
    chosen = next((each for each in able if isinstance(each, QAbstractItemView)), able[0] if able else None)
    if chosen is not None:
        chosen.setFocus(BY_TAB)


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


# Undo and redo of the project while a field has the focus: Qt's fields would keep these keys for their own letters.

KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class UndoKeys(QObject):
    """Watches the widget with the focus and leaves these keys to the window's menu.

    A text that is being written keeps them: in a line of text they take letters back, and a number that is not entered yet
    goes back to the one that is recorded.
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
        if not any(event.matches(key) for key in KEYS) or _is_written_in(watched):
            return super().eventFilter(watched, event)
        event.ignore()
        return True


def _is_written_in(field: QObject) -> bool:
    """Say whether a field has something of its own to take back."""
    if isinstance(field, NumberField):
        return field.take_back()
    return isinstance(field, QLineEdit) and field.isUndoAvailable()
