"""HiGHS alone on a covering, in a process of its own beside ours: it works for as long, and tells what it has then."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from lhasaplan.core.covering.problem import Covering

from .duel import ROOT

PATIENCE_S = 8.0  # it is asked to end where it can: presolve and factoring are not interrupted


class HighsBeside:
    """Starts HiGHS on a covering once it is loaded; ``told`` ends it."""

    def __init__(self, problem: Covering, folder: Path, seconds: float) -> None:
        matrix = problem.incidence
        self.stop = folder / "stop"
        self.stop.unlink(missing_ok=True)
        np.savez(
            folder / "covering.npz", start=matrix.column_start, rows=matrix.column_rows, cost=problem.cost, need=problem.need
        )
        words = [sys.executable, "-m", "tests.bench.rivals.highs_covering", str(folder), str(seconds)]
        self.process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        self.process.stdout.readline()  # it is loaded
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return self

    def reported(self) -> dict[str, Any] | None:
        """Return value and bound at this moment; None where it cannot be ended."""
        self.stop.touch()
        try:
            text, _ = self.process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            return None
        return json.loads(text.strip().splitlines()[-1]) if text.strip() else None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
