"""Watch how much memory a process and those that it started hold together, from a process beside it.

What the system says of a process that has ended is no help: it counts there what its parent held as it began. Nor is a thread:
a process with a second one is not copied (lhasaplan/compute/process_copies.py).
"""

import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .duel import ROOT

EACH_S = 0.02
KB = 1024.0


@contextmanager
def peak_watched() -> Iterator[list[float]]:
    """Give a list of one figure: when the block ends, the most that was held in it, in MB; looked at fifty times a second."""
    peak, words = [0.0], [sys.executable, "-m", __name__, str(Path("/proc/self").resolve().name)]
    watcher = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert watcher.stdout is not None
    watcher.stdout.readline()
    try:
        yield peak
    finally:
        peak[0] = float(watcher.communicate()[0])


def main(process: str, watcher: str) -> None:
    """Print the most that a process holds until the input ends, with those that it started but this one."""
    is_done, peak = threading.Event(), 0.0
    threading.Thread(target=lambda: (sys.stdin.read(), is_done.set()), daemon=True).start()
    print("begun", flush=True)
    while not is_done.wait(EACH_S):
        peak = max(peak, held_mb(process, watcher))
    print(peak)


def held_mb(process: str, without: str = "") -> float:
    """Return what a process and those that it started hold now, in MB.

    What copies share is counted once: own pages by the share that each has of them, files of a copy with those of its parent.
    """
    family = [each for each in _family(process) if each != without]
    copies = [each for each in family if _words(each) == _words(process) and each != process]
    return sum(map(_own_pages_mb, family)) + sum(_files_mb(each) for each in family if each not in copies)


def own_mb() -> float:
    """Return what this process alone holds now, in MB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


def _family(process: str) -> list[str]:
    started = [each for task in Path(f"/proc/{process}/task").glob("*/children") for each in _read(task).split()]
    return [process, *(one for each in started for one in _family(each))]


def _words(process: str) -> str:
    """Return the words that a process was started with; none of one that has ended meanwhile."""
    return _read(Path(f"/proc/{process}/cmdline"))


def _own_pages_mb(process: str) -> float:
    return _named(_read(Path(f"/proc/{process}/smaps_rollup")), "Pss_Anon:")


def _files_mb(process: str) -> float:
    return _named(_read(Path(f"/proc/{process}/status")), "RssFile:")


def _named(text: str, name: str) -> float:
    """Return a figure of a text of the system, which has it in kB; 0 where it is not there."""
    return next((float(line.split()[1]) / KB for line in text.splitlines() if line.startswith(name)), 0.0)


def _read(path: Path) -> str:
    """Return a file of the system; nothing of a process that has ended meanwhile."""
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1], Path("/proc/self").resolve().name)
