"""What is chosen in the window: cameras, the use of a click, shown layers; and which panel and sentence come to the front."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl, QUrlQuery, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera

# Decide which panel comes to the front, and what the status line and the strip over the map say.


class Tone(StrEnum):
    """How a notice sounds: done as wished, something to note, or something that went wrong."""

    DONE = "good"
    NOTE = "note"
    TROUBLE = "error"


def always() -> bool:
    """Say that an offer holds whatever happens."""
    return True


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """Something that can be done about what is reported: its words, what it does, and whether it still can be done."""

    said: Callable[[], str]
    does: Callable[[], object]
    holds: Callable[[], bool] = always


@dataclass(frozen=True, eq=False, slots=True)
class Notice:
    """What is reported where the eye is, without a box: a sentence, lines under it, and what can be done about it.

    All words are asked for when they are shown, so that they follow a switch of the language. An offer that is carried out
    takes the notice away. A notice that ``stays`` waits for an answer; others give way to the next one, or go by themselves
    when they are only good news. It ends with what it is about: one that does not hold any more is taken away.
    """

    said: Callable[[], str]
    listed: Callable[[], Sequence[str]] = tuple
    tone: Tone = Tone.DONE
    offers: tuple[Offer, ...] = ()
    stays: bool = False
    holds: Callable[[], bool] = always

    @property
    def text(self) -> str:
        """Return the sentence in the current language."""
        return self.said()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines in the current language."""
        return tuple(self.listed())

    @property
    def actions(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Return what can be done now, in the current language."""
        return tuple((offer.said(), offer.does) for offer in self.offers if offer.holds())


class Attention(QObject):
    """Requests to the window's frame, from parts that do not know the frame."""

    panel_wished = Signal(str)  # key of a panel
    panel_offered = Signal(str)  # key of a panel that has news: it comes forward unless it was closed
    panel_seen = Signal(str, bool)  # key of a panel; does it lie in front, or behind another?
    leave_wished = Signal()  # close the window
    bare_wished = Signal(bool)  # show the map alone on the whole screen, or the window as it was
    noted = Signal(object)  # Notice
    said = Signal(str, int)  # a sentence, and for how many milliseconds; 0 until the next
    _guiding = ""

    def bring(self, panel: str) -> None:
        """Bring a panel forward."""
        self.panel_wished.emit(panel)

    def offer(self, panel: str) -> None:
        """Bring a panel forward where it is shown."""
        self.panel_offered.emit(panel)

    def note(self, notice: Notice) -> None:
        """Tell something in the strip over the map."""
        self.noted.emit(notice)

    def leave(self) -> None:
        """Ask the window to close."""
        self.leave_wished.emit()

    def say(self, sentence: str, for_ms: int = 0) -> None:
        """Write a sentence into the status line; an empty one clears it."""
        self.said.emit(sentence, for_ms)

    def guide(self, tool: str, sentence: str) -> None:
        """Write how a tool of the map is used into the status line; an empty sentence takes that of this tool away."""
        if sentence or self._guiding == tool:
            self._guiding = tool if sentence else ""
            self.said.emit(sentence, 0)


# Find cameras by id in lists that change little: where a camera stood it mostly stands still.
class CameraFinder:
    """Remembers in which rows cameras stand; a drag asks for the same ones many times a step, in a list anew each step."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._of: Sequence[Camera] = ()  # the list that the rows were read from

    def find(self, cameras: Sequence[Camera], camera_id: str) -> Camera | None:
        """Return the camera with this id; None where there is none."""
        camera = self._at_row(cameras, camera_id)
        if camera is None and cameras is not self._of:
            rows = range(len(cameras) - 1, -1, -1)  # the first of several counts
            self._rows, self._of = {cameras[row].camera_id: row for row in rows}, cameras
            camera = self._at_row(cameras, camera_id)
        return camera

    def _at_row(self, cameras: Sequence[Camera], camera_id: str) -> Camera | None:
        row = self._rows.get(camera_id, len(cameras))
        return cameras[row] if row < len(cameras) and cameras[row].camera_id == camera_id else None


# What a click on the map does: look around, or what the tool in use makes of it.
LOOK = ""  # a click chooses a camera or asks about a spot


class Mode(QObject):
    """The tool that takes the clicks on the map; one at a time."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = LOOK

    def use(self, tool: str) -> None:
        """Let a tool take the clicks; the one before lets go."""
        if tool != self.tool:
            self.tool = tool
            self.changed.emit()

    def switch(self, tool: str, on: bool) -> None:
        """Take a tool, or put it away if it is in use."""
        if on:
            self.use(tool)
        elif self.tool == tool:
            self.use(LOOK)


# Which layers of the map are shown, and how opaque each is; every change can be undone.
Look = tuple[frozenset[str], Mapping[str, float]]  # keys that are on; opacity by key where it is not 1
_OPACITY_STEPS = 1 << 24  # numbers of steps that merge: no gesture of an edit of the project comes so far


class ShownLayers(QObject):
    """Keys of the layers that are switched on, and opacities from 0 to 1."""

    changed = Signal()

    def __init__(self, keys: Iterable[str] = (), parent: QObject | None = None, history: QUndoStack | None = None) -> None:
        super().__init__(parent)
        self.keys = frozenset(keys)
        self.opacity: Mapping[str, float] = MappingProxyType({})
        self._history = history

    @property
    def look(self) -> Look:
        """Return what is shown and how strongly."""
        return self.keys, self.opacity

    def switch(self, key: str, on: bool) -> None:
        """Show or hide a layer."""
        self.switch_all((key,), on)

    def switch_all(self, keys: Iterable[str], on: bool) -> None:
        """Show or hide several layers, in one step."""
        self.exchange(*((keys, ()) if on else ((), keys)))

    def exchange(self, shown: Iterable[str], hidden: Iterable[str]) -> None:
        """Show some layers in place of others, in one step."""
        after = (self.keys - frozenset(hidden)) | frozenset(shown)
        if after != self.keys:
            self._do((after, self.opacity), -1)

    def is_instead(self, key: str, others: Iterable[str]) -> bool:
        """Say whether a layer is shown and none of some others."""
        return key in self.keys and not self.keys & frozenset(others)

    def put_instead(self, key: str, usual: frozenset[str], rivals: frozenset[str], on: bool) -> None:
        """Show a layer in place of the usual ones and of its rivals, or the usual ones again."""
        self.exchange(*(({key}, (usual | rivals) - {key}) if on else (usual, {key})))

    def strength(self, key: str) -> float:
        """Return how opaque a layer is drawn when it is on."""
        return self.opacity.get(key, 1.0)

    def set_strength(self, key: str, strength: float) -> None:
        """Draw a layer more or less opaque; further changes of the same one are the same step."""
        strength = min(max(strength, 0.0), 1.0)
        if strength != self.strength(key):
            others = {name: value for name, value in self.opacity.items() if name != key}
            after = MappingProxyType({**others, **({key: strength} if strength < 1.0 else {})})
            self._do((self.keys, after), _OPACITY_STEPS + sum(key.encode()))

    def take(self, look: Look) -> None:
        """Show this and nothing else, without a step that can be undone."""
        if (self.keys, dict(self.opacity)) != (look[0], dict(look[1])):
            self.keys, self.opacity = look
            self.changed.emit()

    def _do(self, after: Look, merges_as: int) -> None:
        if self._history is None:
            self.take(after)
        else:
            self._history.push(_LookStep(self, after, merges_as))


class _LookStep(QUndoCommand):
    """One change of what is shown."""

    def __init__(self, shown: ShownLayers, after: Look, merges_as: int) -> None:
        super().__init__(marked("Show layers"))
        self._shown, self._before, self._after, self._number = shown, shown.look, after, merges_as

    def id(self) -> int:
        """Return the number under which steps merge."""
        return self._number

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Take over where a later change of the same layer led."""
        if not isinstance(other, _LookStep):
            return False
        self._after = other._after
        vars(other).clear()  # as of a merged edit: PySide never lets go of what it holds
        return True

    def redo(self) -> None:
        """Show what was wanted."""
        self._shown.take(self._after)

    def undo(self) -> None:
        """Show what was there before."""
        self._shown.take(self._before)


# Which cameras are chosen; the last of them is the selected camera, whose record the panels show.
class Selection(QObject):
    """Ids in the order in which they were chosen."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """Return the camera that was chosen last; empty for none."""
        return self.ids[-1] if self.ids else ""

    def choose(self, *camera_ids: str) -> None:
        """Choose these cameras and no other."""
        self._take(tuple(dict.fromkeys(camera_ids)))

    def toggle(self, camera_id: str) -> None:
        """Choose one camera more, or let it go if it is chosen."""
        others = tuple(one for one in self.ids if one != camera_id)
        self._take(others if camera_id in self.ids else (*others, camera_id))

    def keep(self, is_known: Callable[[str], bool]) -> None:
        """Let go of cameras that are gone."""
        self._take(tuple(filter(is_known, self.ids)))

    def _take(self, camera_ids: tuple[str, ...]) -> None:
        if camera_ids != self.ids:
            self.ids = camera_ids
            self.changed.emit()


# What a person chose about the window and wants to find again: columns, folders, recent files; nothing of any project.

# Which projects were open last: their addresses, the newest first.

MOST = 8


class RecentProjects(QObject):
    """Addresses alone; nothing of what is in the projects."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.addresses: tuple[str, ...] = ()

    def note(self, address: str) -> None:
        """Put an address before all others."""
        self.take((address, *self.addresses))

    def take(self, addresses: Iterable[str]) -> None:
        """Take these addresses and no other, each once."""
        kept = tuple(dict.fromkeys(addresses))[:MOST]
        if kept != self.addresses:
            self.addresses = kept
            self.changed.emit()


def name_of(address: str) -> str:
    """Return what a person calls the project at an address: the name of its file, or the one that it has in a database.

    >>> name_of("file:///srv/plans/old%20town.gpkg"), name_of("/srv/plans/town.gpkg")
    ('old town.gpkg', 'town.gpkg')
    >>> name_of("postgresql://anna@server/plans?project=town")
    'town'
    """
    project = QUrlQuery(QUrl(address)).queryItemValue("project")
    if project:
        return project
    return QUrl(address).fileName() if ":" in address else PurePath(address).name


class Keeps(Protocol):
    """Where it is kept from one day to the next."""

    def value(self, key: str, default: Any = None) -> Any:
        """Return what is kept."""

    def setValue(self, key: str, value: object) -> None:  # noqa: N802 - Qt's name
        """Keep something."""


class Preferences(QObject):
    """Values by name, kept at once: a window that is killed forgets nothing. In memory alone until it is said where."""

    loaded = Signal()  # it was said where they are kept: what was shown before is read again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, object] = {}
        self._kept: Keeps | None = None

    def keep_in(self, kept: Keeps) -> None:
        """Say where they are kept."""
        self._kept = kept
        self.loaded.emit()

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return a value of plain lists, texts and numbers; what cannot be read is as if it were not there."""
        if name not in self._values and self._kept is not None:
            try:
                self._values[name] = json.loads(str(self._kept.value(f"preferences/{name}", "")))
            except ValueError:
                return otherwise
        return self._values.get(name, otherwise)

    def set(self, name: str, value: object) -> None:
        """Keep a value."""
        self._values[name] = value
        if self._kept is not None:
            self._kept.setValue(f"preferences/{name}", json.dumps(value))
