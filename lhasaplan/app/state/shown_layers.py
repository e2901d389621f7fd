"""Which layers of the map are shown, and how opaque each is; every change can be undone."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from lhasaplan.core.base.wording import marked

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
        return True

    def redo(self) -> None:
        """Show what was wanted."""
        self._shown.take(self._after)

    def undo(self) -> None:
        """Show what was there before."""
        self._shown.take(self._before)
