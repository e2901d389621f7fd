"""Run ours and rivals in turns, each in its own process, and keep every round."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Rounds = list[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Side:
    """One process of a duel: its module, the Python that runs it, why it is not here, and its own folder if it has one."""

    name: str
    module: str
    python: str = sys.executable
    absent: str = ""
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one side measured, or why it did not."""

    name: str
    rounds: Rounds
    absent: str = ""

    def median(self, figure: str) -> float:
        """Return the median of a figure over the rounds; a side that did not run has none."""
        if self.absent:
            raise RuntimeError(f"{self.name}: {self.absent}")
        return statistics.median(one[figure] for one in self.rounds)


def fight(folder: Path, sides: Sequence[Side], rounds: int) -> list[Outcome]:
    """Return one outcome per side; in each round all sides run one after the other, ours first."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(side, folder)) for side in sides]
        reported: list[Rounds] = [[] for _ in sides]
        for _ in range(rounds):
            for worker, answers in zip(workers, reported, strict=True):
                if not worker.absent:
                    answers.append(worker.ask())
        return [Outcome(w.side.name, answers, w.absent) for w, answers in zip(workers, reported, strict=True)]


class _Worker:
    """A process that waits for its turn."""

    def __init__(self, side: Side, folder: Path) -> None:
        self.side, self.absent, self._folder = side, side.absent, side.folder or folder

    def _start(self) -> None:
        words = [self.side.python, "-m", self.side.module, str(self._folder)]
        settings = {"env": {**os.environ, "PYTHONPATH": str(ROOT)}, "cwd": ROOT, "text": True}
        pipe = subprocess.PIPE
        self._said = self._folder / f"{self.side.module}.log"
        with self._said.open("w") as said:
            self._process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=said, **settings)
        self.absent = self._read().get("absent", "")

    def _read(self) -> dict:
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"absent": self._last_words()}

    def _last_words(self) -> str:
        self._process.wait()
        lines = self._said.read_text("utf-8").strip().splitlines()
        return f"stopped: {lines[-1] if lines else self._process.returncode}"

    def ask(self) -> dict:
        """Return what the side measured in one round."""
        self._process.stdin.write("round\n")
        self._process.stdin.flush()
        answer = self._read()
        if "absent" in answer:
            raise RuntimeError(f"{self.side.name} {answer['absent']}")
        return answer

    def __enter__(self) -> "_Worker":
        if not self.absent:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_process"):
            self._process.stdin.close()
            self._process.wait()
