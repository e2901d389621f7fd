"""Set covering by the clock, maximal covering and the largest set that can go by processor time, each beside a rival."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from lhasaplan.core.covering.bounds import SolverLimits, solve
from lhasaplan.core.covering.problem import BoundedChoice, Covering, greedy
from lhasaplan.core.covering.set_cover import Effort, cover
from lhasaplan.core.demand.columns import Needs
from lhasaplan.core.demand.necessity import largest_removable_set

from ..covering_files import clique, cycles, within_range
from ..duel import ROOT
from ..maximal_cover import MaximalCovering, cover_most, model_without
from ..or_library import read_text
from ..rival_house import FOLDER
from ..row import Row, absent, measured
from ..setting import Setting

REACH = {"clr10": 25, "clr11": 23, "clr12": 23, "clr13": 23, "cyc06": 60, "cyc07": 144, "cyc08": 344, "cyc09": 780}
PUBLISHED = {"rail582 unicost": 126, "rail582": 211, "scp41": 429, "scpa1": 253, "scpd1": 60}
SECONDS, QUICK_SECONDS = 60.0, 5.0
LARGE_SECONDS = 56.0
LEAST_SECONDS = 10.0  # an instance whose reach is met goes on for so long, for its bound
PATIENCE_S = 30.0  # HiGHS has to be loaded, and ends where it can: factoring is not interrupted
ALL_PASSES, ALL_STEPS = 2000, 10**12
NO_AIM = -np.inf
Told = list[tuple[float, BoundedChoice]]


def timed(
    seconds: float, reported: Told | None = None, aim: float = NO_AIM, clock: Callable[[], float] = time.process_time
) -> tuple[Effort, Callable[[], float]]:
    """Return an effort that ends after so many seconds, of processor time or by another clock, and the time since its start.

    With what was ``told`` so far it ends after a few seconds once a value is no worse than the aim: time to target.
    """
    start = clock()

    def since() -> float:
        return clock() - start

    def left() -> float:
        is_there = bool(reported) and reported is not None and reported[-1][1].value <= aim
        return (min(seconds, LEAST_SECONDS) if is_there else seconds) - since()

    return Effort(passes=ALL_PASSES, steps=ALL_STEPS, limits=SolverLimits(), seconds_left=left), since


def warm() -> None:
    """Compile the loops, which a user does once."""
    little = Effort(passes=3, steps=10, limits=SolverLimits(nodes=1))
    problem = cycles(3)
    cover(problem, little)
    cover_most(MaximalCovering(problem.incidence, np.ones(problem.incidence.rows), 2), little)


def solved(problem: Covering, seconds: float, aim: float = NO_AIM) -> tuple[BoundedChoice, float, float]:
    """Return the answer, the time by the clock until its value was found, and until the end: two threads work."""
    reported: Told = []
    effort, since = timed(seconds, reported, aim, time.perf_counter)
    answer = cover(problem, effort, lambda better: reported.append((since(), better)))
    first = next(at for at, better in reported if better.value <= answer.value)
    return answer, first, since()


def published(setting: Setting) -> Iterator[Row]:
    """Yield instances that are made anew, and those of the OR-Library where they are on this machine."""
    warm()
    seconds = setting.seconds or (QUICK_SECONDS if setting.quick else SECONDS)
    made = {f"clr{n}": clique(n) for n in (10, 11, 12, 13)} | {f"cyc0{n}": cycles(n) for n in (6, 7, 8, 9)}
    for name, problem in made.items():
        yield _beside(name, problem, REACH[name], seconds, setting)
    folder = Path(os.environ.get("LHASAPLAN_DATA", ROOT.parent / "shared/data")) / "setcover"
    for name, reach in PUBLISHED.items():
        path = folder / f"{name.split()[0]}.txt"
        if path.exists():
            yield _beside(name, read_text(path.read_text(), "unicost" in name), reach, seconds, setting)
        else:
            missing = f"{path.name} is not on this machine (LHASAPLAN_DATA)"
            yield absent(name, "", None, "cost", missing, "", f"{reach} in {SECONDS:g} s")


def _beside(name: str, problem: Covering, reach: int, seconds: float, setting: Setting) -> Row:
    """Return our value beside that of HiGHS alone, which then works as long by the clock."""
    answer, first, end = solved(problem, seconds, reach)
    reported = _highs_alone(problem, setting.folder, end)
    plain = problem.value(greedy(problem))
    size = f"{problem.incidence.rows:,} rows x {problem.incidence.columns:,} columns"
    note = f"bound {answer.bound:g}, gap {answer.gap:.1%}; in {first:.1f} of {end:.1f} s; "
    note += f"greedy {plain:g}; "
    against, aim = "HiGHS alone", f"{reach} in {SECONDS:g} s"
    if reported is None or reported["value"] is None:
        return Row(name, size, answer.value, None, None, "cost", f"{note}HiGHS alone found no choice as long", against, aim)
    note += f"HiGHS bound {reported['bound']:g}"
    return measured(name, size, answer.value, reported["value"], "cost", note, against, aim)


def _highs_alone(problem: Covering, folder: Path, seconds: float) -> dict[str, Any] | None:
    """Return value and bound after so many seconds by the clock; None where it cannot be ended."""
    matrix = problem.incidence
    np.savez(folder / "covering.npz", start=matrix.column_start, rows=matrix.column_rows, cost=problem.cost, need=problem.need)
    words = [sys.executable, "-m", "tests.bench.rivals.highs_covering", str(folder), str(seconds)]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=seconds + PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None


def most(setting: Setting) -> Iterator[Row]:
    """Yield maximal covering: when 99.8 % of the optimum is there, and when it is proved, beside HiGHS alone."""
    warm()
    positions, points, chosen, range_m = (1000, 4000, 60, 45.0) if setting.quick else (5000, 20_000, 300, 20.0)
    matrix, weight = within_range(positions, points, range_m)
    problem = MaximalCovering(matrix, weight, chosen)
    effort, since = timed(120.0)
    reported: Told = []
    answer = cover_most(problem, effort, lambda better: reported.append((since(), better)))
    ours = since()
    near = next((at for at, better in reported if better.value >= 0.998 * answer.bound), np.nan)
    first_at, first = reported[0]
    start = time.process_time()
    rival = solve(_plain_model(problem), SolverLimits(seconds=240.0))
    rival_s = time.process_time() - start
    size = f"{chosen} of {positions:,} positions x {points:,} points"
    of_bound = f"{first.value / answer.bound:.2%}"
    note = f"first answer after {first_at * 1e3:.0f} ms with {of_bound} of the bound; 99.8 % after {near * 1e3:.0f} ms; "
    note += f"value {answer.value:g}, bound {answer.bound:g}; HiGHS alone value {-rival.value:g}, bound {-rival.bound:g}"
    yield measured("most served: proof", size, ours, rival_s, "s", note, "HiGHS alone", "99.8 % in 50 ms, proof in 10 s")


def _plain_model(problem: MaximalCovering):
    nothing = np.zeros(problem.incidence.columns, bool)
    return model_without(problem, nothing, nothing)[0]


def spopt(setting: Setting) -> Iterator[Row]:
    """Yield maximal covering beside spopt's model, from matrix to answer."""
    warm()
    positions, points, chosen = (200, 800, 15) if setting.quick else (1000, 4000, 60)
    matrix, weight = within_range(positions, points, 45.0)
    problem = MaximalCovering(matrix, weight, chosen)
    effort, since = timed(120.0)
    answer = cover_most(problem, effort)
    ours = since()
    size, aim = f"{chosen} of {positions:,} positions x {points:,} points", "50 times faster, same value"
    python = FOLDER / "bin/python"
    if not python.exists():
        yield absent("most served: spopt", size, ours, "s", "not installed; run with --install-rivals", "spopt", aim)
        return
    sparse.save_npz(setting.folder / "matrix.npz", sparse.csr_matrix(matrix.matrix()))
    np.savez(setting.folder / "weight.npz", weight=weight, most=chosen)
    words = [str(python), str(ROOT / "tests/bench/rivals/spopt_covering.py"), str(setting.folder)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode:
        yield absent("most served: spopt", size, ours, "s", done.stderr.strip().splitlines()[-1], "spopt", aim)
        return
    reported = json.loads(done.stdout.strip().splitlines()[-1])
    note = f"value {answer.value:g} and {reported['value']:g}, bound {answer.bound:g}; spopt: {reported['model_s']:.1f} s of it"
    yield measured("most served: spopt", size, ours, reported["cpu_s"], "s", note, "spopt with HiGHS", aim)


def removable(setting: Setting) -> Iterator[Row]:
    """Yield the largest set of cameras that can go at once, beside removing one by one."""
    warm()
    cameras, points = (1000, 5000) if setting.quick else (10_000, 50_000)
    matrix, weight = within_range(cameras, points, 1000.0 * (6.0 / np.pi / cameras) ** 0.5)
    density = sparse.csr_array(matrix.matrix() * 130.0)
    some = np.ones(points)
    needs = Needs(np.arange(points) % 100, weight, 125.0 * some, 25.0 * some, some.astype(int), np.ones(100), some[:100])
    effort, since = timed(10.0, clock=time.perf_counter)
    answer = largest_removable_set(density, needs, effort)
    ours = since()
    plain = _one_by_one(matrix)
    size = f"{cameras:,} cameras, {points:,} points"
    note = f"at most {answer.at_most:,} can go: within {answer.at_most / len(answer.cameras) - 1:.2%}; {ours:.1f} s"
    yield measured(
        "largest set that can go", size, len(answer.cameras), plain, "cameras", note, "one by one", "within 1 % in 10 s"
    )


def _one_by_one(matrix) -> int:
    """Return how many can go when the first that can go always goes."""
    count = np.diff(matrix.row_start).copy()
    gone = 0
    for column in range(matrix.columns):
        rows = matrix.column_rows[matrix.column_start[column] : matrix.column_start[column + 1]]
        if np.all(count[rows] > 1):
            count[rows] -= 1
            gone += 1
    return gone


def large(setting: Setting) -> Iterator[Row]:
    """Yield a covering of a size that no exact search takes, with its bound."""
    warm()
    positions, points = (10_000, 50_000) if setting.quick else (100_000, 500_000)
    matrix, _ = within_range(positions, points, 1000.0 * (10.0 / np.pi / positions) ** 0.5)
    need = (np.diff(matrix.row_start) > 0).astype(np.int64)
    problem = Covering(matrix, np.ones(positions), need)
    start = time.process_time()
    plain = problem.value(greedy(problem))
    rival_s = time.process_time() - start
    answer, _, end = solved(problem, LARGE_SECONDS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = f"{positions:,} positions x {points:,} points, {matrix.entries:,} pairs"
    note = f"bound {answer.bound:g}, gap {answer.gap:.1%}, {end:.1f} s; greedy alone {rival_s:.1f} s, no bound; {peak:.1f} GB"
    yield measured("large", size, answer.value, plain, "positions", note, "greedy alone", "answer with bound in 60 s, 4 GB")


def of_file(path: Path, seconds: float, unicost: bool) -> str:
    """Return what a file of the OR-Library comes to, in words."""
    warm()
    problem = read_text(path.read_text("utf-8"), unicost)
    answer, first, end = solved(problem, seconds)
    chosen, matrix = int(answer.is_chosen.sum()), problem.incidence
    said = "this is the optimum" if answer.is_proved else f"no choice costs less than {answer.bound:g}"
    return (
        f"{path.name}: {matrix.rows} rows, {matrix.columns} columns{', each of cost 1' if unicost else ''}\n"
        f"value {answer.value:g}\nbound {answer.bound:g}\ngap {answer.gap:.2%}\n"
        f"time {end:.2f} s by the clock, value found after {first:.2f} s\n"
        f"{chosen} columns cover all rows; {said}"
    )
