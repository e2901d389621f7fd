"""What steps from one state of a town to another took out of protection: kept in the state itself, so that no copy loses it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.project.journal import JournalEntry, ProtectionLost

KNOWN, UNKNOWN = "k", "u"  # what the sign of a thing begins with: of a protected kind, or a building of unknown use
IMPORT, MERGE, DISTRICT, SHARED, REPAIR, UNDO, OUTSIDE, TAKEN_OUT, EARLIER = (
    "import",
    "merge",
    "district",
    "shared",
    "repair",
    "undo",
    "outside",
    "taken_out",
    "earlier",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one step took out of protection: features of protected kinds, and buildings of unknown use.

    Parameters
    ----------
    key : tells one loss from another; two copies of a project that lost the same things have one loss.
    step : what led from one state to the other (``import``, ``merge``, ...), empty where nobody knows.
    things : signs of the things, which tell no place; what users drew has none and is in the counts alone.
    """

    known: int
    unknown: int = 0
    day: str = ""
    step: str = ""
    key: str = ""
    things: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.known > 0 or self.unknown > 0


def united(*several: Sequence[Loss]) -> tuple[Loss, ...]:
    """Return the losses that any of several states of one town has, each once.

    >>> church = Loss(1, key="a")
    >>> len(united([church], [church, Loss(2, key="b")]))
    2
    """
    return tuple({loss.key: loss for losses in reversed(several) for loss in losses}.values())


def counted_once(losses: Iterable[Loss]) -> Iterator[Loss]:
    """Yield losses without what an earlier one has already: a thing that two sides of a merge lost is lost once.

    >>> [each.known for each in counted_once([Loss(1, key="a", things=("k1",)), Loss(2, key="b", things=("k1", "k2"))])]
    [1, 1]
    """
    seen: set[str] = set()
    for loss in losses:
        again = Counter(thing[:1] for thing in loss.things if thing in seen)
        seen.update(loss.things)
        left = replace(loss, known=loss.known - again[KNOWN], unknown=loss.unknown - again[UNKNOWN])
        if left:
            yield left


def noted_alone(journal: Iterable[JournalEntry], losses: Sequence[Loss]) -> Iterator[Loss]:
    """Yield the losses of a journal that are not among those of the state, as a program of before left them."""
    known = {loss.key for loss in losses}
    alike: Counter[str] = Counter()
    for entry in journal:
        if isinstance(entry.event, ProtectionLost):
            sign = f"{EARLIER}:{entry.when}:{entry.event.known}:{entry.event.unknown}"
            alike[sign] += 1
            key = entry.event.key or f"{sign}:{alike[sign]}"
            if key not in known:
                known.add(key)
                yield Loss(entry.event.known, entry.event.unknown, entry.when, EARLIER, key)
