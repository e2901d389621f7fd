"""Which projects were open last: their addresses, the newest first."""

from collections.abc import Iterable
from pathlib import PurePath

from PySide6.QtCore import QObject, QUrl, QUrlQuery, Signal

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
