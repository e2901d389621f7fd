"""What a person chose about the window and wants to find again: columns, folders, recent files; nothing of any project."""

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl, QUrlQuery, Signal

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
