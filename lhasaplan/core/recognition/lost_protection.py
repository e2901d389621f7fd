"""Imports that took protected places away: kept in the journal, so that every later audit says it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.journal import JournalEntry, ProtectionLost


@dataclass(frozen=True, slots=True)
class Loss:
    """What one import took out of protection: features of protected kinds, and buildings of unknown use."""

    known: int
    unknown: int = 0
    day: str = ""

    def __bool__(self) -> bool:
        return self.known > 0 or self.unknown > 0


def losses(journal: Iterable[JournalEntry]) -> Iterator[Loss]:
    """Yield what each import took away, and its day.

    >>> list(losses([JournalEntry(ProtectionLost(3), "2026-01-03")]))
    [Loss(known=3, unknown=0, day='2026-01-03')]
    """
    for entry in journal:
        if isinstance(entry.event, ProtectionLost):
            yield Loss(entry.event.known, entry.event.unknown, entry.when)


def unread(inputs: Iterable[InputRecord]) -> int:
    """Return how many protected outlines of a project's files could not be read, or not whole."""
    return sum(record.unread_protected for record in inputs)
