"""Go from the map to the panels and back by keys, and bring one panel forward from its menu."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDockWidget, QMenu, QScrollArea, QWidget

from lhasaplan.app.shell.docks import Docks

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
