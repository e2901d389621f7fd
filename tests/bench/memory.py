"""Watch how much memory this process and those that it started hold together.

What the system says of a process that has ended is no help: it counts there what its parent held as it began.
"""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EACH_S = 0.02


@contextmanager
def peak_watched() -> Iterator[list[float]]:
    """Give a list of one figure, the highest that was seen so far, in MB; it is looked at fifty times a second."""
    peak, is_done = [0.0], threading.Event()

    def watch() -> None:
        while not is_done.wait(EACH_S):
            peak[0] = max(peak[0], held_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        is_done.set()
        watcher.join()


def held_mb() -> float:
    """Return what is held now, in MB."""
    started = [each for task in Path("/proc/self/task").glob("*/children") for each in task.read_text("ascii").split()]
    own = _words("self")  # a child that is not yet another program holds the same pages, not as many again
    others = [each for each in started if _words(each) != own]
    return sum(map(_pages, ["self", *others])) * resource.getpagesize() / 2**20


def own_mb() -> float:
    """Return what this process alone holds now, in MB."""
    return _pages("self") * resource.getpagesize() / 2**20


def _words(process: str) -> bytes:
    """Return the words that a process was started with; none of one that has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _pages(process: str) -> int:
    """Return the pages of a process in memory, none of one that has ended meanwhile."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0
