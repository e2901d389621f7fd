"""Report the progress of long work, often enough that a cancel takes effect within a tenth of a second."""

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

Progress = Callable[[float, str], None]  # share done, step; may raise to cancel
Item = TypeVar("Item")


def no_progress(share: float, step: str) -> None:
    """Progress that nobody watches."""


def part_of(progress: Progress, low: float, high: float) -> Progress:
    """Return a progress whose 0 to 1 is the given stretch of the whole."""
    return lambda share, step: progress(low + (high - low) * share, step)


def watched(items: Iterable[Item], progress: Progress, step: str, every: int = 16) -> Iterator[Item]:
    """Yield the items, with word of progress before each ``every``-th of them; its share is 0 where their count is not known.

    >>> told = []
    >>> list(watched("abcd", lambda share, step: told.append(share), "letters", every=2)), told
    (['a', 'b', 'c', 'd'], [0.0, 0.5])
    """
    count = len(items) if isinstance(items, Sized) else None
    for number, item in enumerate(items):
        if number % every == 0:
            progress(number / count if count else 0.0, step)
        yield item
