"""Imports that left fewer protected places: kept in the journal, so that every later audit says it."""

import re
from collections.abc import Iterable, Iterator

from lhasaplan.core.decision import JournalEntry

_SHRANK = re.compile(r"protected features: (\d+) before, (\d+) since")


def shrinking(before: int, after: int) -> str:
    """Return what the journal says of an import after which fewer protected features are known; it names no file."""
    return f"protected features: {before} before, {after} since"


def shrinkings(journal: Iterable[JournalEntry]) -> Iterator[tuple[int, int, str]]:
    """Yield features before and since, and the day, of each such import.

    >>> list(shrinkings([JournalEntry("import a.osm", "2026-01-02"), JournalEntry(shrinking(12, 3), "2026-01-03")]))
    [(12, 3, '2026-01-03')]
    """
    for entry in journal:
        found = _SHRANK.fullmatch(entry.what)
        if found:
            yield int(found[1]), int(found[2]), entry.when
