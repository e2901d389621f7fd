"""Watch over the process that reads mutants: end it when a file takes too long, start it again after it, and count."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

HERE = Path(__file__).resolve().parent
LONGEST_S = 60.0  # for one file, on a machine that does other work besides
START_S = 180.0  # until the first file, as compiled functions are loaded


@dataclass(slots=True)
class Figures:
    """What came of the mutants of one reader."""

    taken: int = 0
    refused: int = 0
    crashed: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    memory_mb: list[int] = field(default_factory=list)

    @property
    def growth_mb(self) -> int:
        """Return by how much the memory grew after the first third of the files, while nothing was started again."""
        third = len(self.memory_mb) // 3
        return max(self.memory_mb[third:], default=0) - max(self.memory_mb[: third + 1], default=0)


def watched(reader: str, seed: int, count: int) -> Figures:
    """Return what comes of ``count`` mutants of a reader; the same seed makes the same mutants."""
    figures, following = Figures(), 0
    while following < count:
        following = _run(reader, seed, count, following, figures) + 1
    return figures


def _run(reader: str, seed: int, count: int, first: int, figures: Figures) -> int:
    """Run one process until it ends, dies or hangs; return the number of the last file that it began."""
    process = _started(reader, seed, count, first)
    begun, case = first - 1, ""
    try:
        for line in _lines(process):
            kind, number, *rest = line.split(" ", 2)
            if kind == "start":
                begun, case = int(number), rest[0]
            else:
                _count(figures, *rest[0].rsplit(" ", 1), f"{case} (file {number} of seed {seed})")
                case = ""
    except TimeoutError:
        figures.hung.append(f"{case or 'the start'} (file {begun} of seed {seed})")
    finally:
        process.kill()
        process.wait()
    if case and not (figures.hung and figures.hung[-1].startswith(case)):
        figures.crashed.append(f"{case} (file {begun} of seed {seed}): the process died with code {process.returncode}")
    return max(begun, first)


def _count(figures: Figures, outcome: str, memory_mb: str, name: str) -> None:
    figures.memory_mb.append(int(memory_mb))
    if outcome == "crashed":
        figures.crashed.append(name)
    else:
        setattr(figures, outcome, getattr(figures, outcome) + 1)


def _started(reader: str, seed: int, count: int, first: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "corpus.mutants", reader, str(seed), str(count), str(first)]
    paths = os.pathsep.join([str(HERE.parent), str(HERE.parent.parent)])
    return subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths})


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield the lines of a process; TimeoutError where one takes too long."""
    assert process.stdout is not None
    source, rest, limit = process.stdout.fileno(), b"", START_S
    while True:
        deadline = monotonic() + limit
        while b"\n" not in rest:
            if not select.select([source], [], [], max(0.0, deadline - monotonic()))[0]:
                raise TimeoutError
            block = os.read(source, 1 << 16)
            if not block:
                return
            rest += block
        line, _, rest = rest.partition(b"\n")
        yield line.decode()
        limit = LONGEST_S
