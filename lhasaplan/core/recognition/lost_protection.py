"""Imports that took protected places away: kept in the journal, so that every later audit says it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.decisions import JournalEntry

_GONE = re.compile(r"protected features gone: (\d+), of unknown use: (\d+)")
_SHRANK = re.compile(r"protected features: (\d+) before, (\d+) since")  # of projects that were written before


@dataclass(frozen=True, slots=True)
class Loss:
    """What one import took out of protection: features of protected kinds, and buildings of unknown use."""

    known: int
    unknown: int = 0
    day: str = ""

    def __bool__(self) -> bool:
        return self.known > 0 or self.unknown > 0


def told(loss: Loss) -> str:
    """Return what the journal says of an import; it names no file and no place.

    >>> told(Loss(3, 1))
    'protected features gone: 3, of unknown use: 1'
    """
    return f"protected features gone: {loss.known}, of unknown use: {loss.unknown}"


def losses(journal: Iterable[JournalEntry]) -> Iterator[Loss]:
    """Yield what each import took away, and its day.

    >>> list(losses([JournalEntry("import a.osm", "2026-01-02"), JournalEntry(told(Loss(3)), "2026-01-03")]))
    [Loss(known=3, unknown=0, day='2026-01-03')]
    """
    for entry in journal:
        if found := _GONE.fullmatch(entry.what):
            yield Loss(int(found[1]), int(found[2]), entry.when)
        elif found := _SHRANK.fullmatch(entry.what):
            yield Loss(int(found[1]) - int(found[2]), 0, entry.when)


def unread(inputs: Iterable[InputRecord]) -> int:
    """Return how many protected outlines of a project's files could not be read, or not whole."""
    return sum(record.unread_protected for record in inputs)
