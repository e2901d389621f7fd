"""What a tool adds to the window: panels, entries of menus, entries of the menu of a spot."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QWidget

Side = Qt.DockWidgetArea


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off: an entry with it has a tick that follows."""

    turn: Callable[[bool], None]
    is_on: Callable[[], bool]
    changed: SignalInstance


@dataclass(frozen=True, slots=True)
class ToolCondition:
    """When an entry can be used; the entry listens to ``changed``."""

    holds: Callable[[], bool]
    changed: tuple[SignalInstance, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu: what it is called, what it does, its keys. ``does`` is what it runs, or the switch that it turns."""

    key: str
    text: str
    does: Callable[[], object] | Switch
    shortcut: str = ""
    condition: ToolCondition | None = None


@dataclass(frozen=True, slots=True)
class SpotEntry:
    """One entry of the menu of a spot on the map."""

    text: str
    run: Callable[[float, float], object]
    is_offered: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel beside the map, at a side or as a tab behind another panel; or a page ``within`` one.

    One that ``stays`` is about the selected cameras and is not hidden by their record when one is selected. Of a page ``told``
    says whether there is something in it.
    """

    key: str
    title: str
    widget: QWidget
    side: Side = Side.RightDockWidgetArea
    behind: str = ""
    within: str = ""
    told: SignalInstance | None = None
    stays: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Tool:
    """What one tool adds. ``entries`` are by the title of their menu; ``commands`` is what they run."""

    key: str
    panels: tuple[Panel, ...] = ()
    entries: tuple[tuple[str, Entry], ...] = ()
    spot_entries: tuple[SpotEntry, ...] = ()
    commands: object = None
