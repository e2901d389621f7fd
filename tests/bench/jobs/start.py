"""What a user waits for at a start: help, the audit of a small town, the demo and its drafts, kernels compiled anew."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from ..duel import ROOT
from ..floors.start import libraries_of
from ..row import Row, measured
from ..setting import Setting
from ..where_time_goes import watched

PROGRAM = (sys.executable, "-m", "lhasaplan")
NOTHING = ("python -c pass", (sys.executable, "-c", "pass"))
SAMPLES = ROOT / "data/samples"
PACKAGES = "numpy, numba, pandas, scipy.sparse, scipy.spatial, shapely, pyproj, pydantic, rasterio, typer, rich.console"
LIBRARIES = ("its libraries imported whole", (sys.executable, "-c", f"import {PACKAGES}"))
KERNELS = (sys.executable, "-m", "lhasaplan.compute.kernels")
FIRST_KERNELS, LATER_KERNELS = (("polygons", "points"), ("walls",)), (("relief",), ("pictures", "colours"))
FLOOR = (sys.executable, "-m", "tests.bench.floors.start")
LEAST = "the modules of others that it uses imported, the bytes of its files read and those of its answers zipped and written"
LEAST_DRAFTS = "the bytes of all drafts zipped and written"
DRAFTS = (sys.executable, "-m", "tests.bench.ours.drafts")


def start(setting: Setting) -> Iterator[Row]:
    """Each start in a process of its own, in turns with its rival; the first of each fills the caches of files and kernels."""
    folder, rounds = setting.folder, setting.turns or (2 if setting.quick else 5)
    hilltown, helsinki = ((*PROGRAM, "demo", "--city", city, "--out", str(folder / city)) for city in ("hilltown", "helsinki"))
    town = folder / "hilltown" / "hilltown-project.gpkg"
    _run(hilltown)
    start = _beside("--help", "no project", (*PROGRAM, "--help"), NOTHING, rounds, "0.4 s")
    yield start.over(start.rival or 0.0, "Python alone")
    audit = (*PROGRAM, "audit", str(town))
    row = _beside("audit", "15 cameras, hilltown", audit, LIBRARIES, rounds, "1.8 s")
    yield row.over(_least(audit, folder, rounds, [town], []), LEAST)
    for command, size, city, target in (
        (hilltown, "15 cameras, hilltown", "hilltown", ""),
        (helsinki, "221 cameras, Helsinki", "helsinki", "8 s clock"),
    ):
        row = _beside("second demo", size, command, LIBRARIES, min(rounds, 3), target)
        yield row.over(_least(command, folder, rounds, _files(SAMPLES / city), _files(folder / city)), LEAST)
    yield _drafts(folder, min(rounds, 3))
    yield from _kernels(folder)


def _beside(job: str, size: str, ours: tuple[str, ...], rival: tuple[str, tuple[str, ...]], rounds: int, target: str) -> Row:
    _run(ours)
    turns = [(_run(ours), _run(rival[1])) for _ in range(rounds)]
    mine, its = ([turn[side] for turn in turns] for side in (0, 1))
    note = f"clock {_clock(mine):.2g} s, rival {_clock(its):.2g} s"
    return measured(job, size, _processor(mine), _processor(its), "s CPU", note, rival[0], target)


def _drafts(folder: Path, rounds: int) -> Row:
    """Return what writing all drafts takes in a process that has the answers, the import of their libraries included."""
    words = (*DRAFTS, str(folder / "helsinki" / "helsinki-project.gpkg"), str(folder / "drafts"))
    turns = [(*map(float, _said(words).split()), _run(LIBRARIES[1])[0]) for _ in range(rounds)]
    ours, clock, rival = (median(turn[side] for turn in turns) for side in (0, 1, 2))
    note = f"clock {clock:.3g} s; Word, Excel, GeoPackage, web map, PDF, slides, pages, summary, letter, register, questionnaire"
    row = measured("all drafts", "221 cameras, Helsinki", ours, rival, "s CPU", note, LIBRARIES[0], "9 s")
    return row.over(least_of_files(folder, [], _files(folder / "drafts"), rounds), LEAST_DRAFTS)


def _least(words: tuple[str, ...], folder: Path, rounds: int, read: Sequence[Path], written: Sequence[Path]) -> float:
    """Return the processor seconds of a process that imports what a command does, reads its files and writes its answers."""
    order = _order(folder, libraries_of(words, _kept(), ROOT), read, written)
    return median(float(_said((*FLOOR, str(order))).split()[0]) for _ in range(rounds))


def least_of_files(folder: Path, read: Sequence[Path], written: Sequence[Path], rounds: int) -> float:
    """Return the processor seconds that reading and writing takes alone."""
    order = _order(folder, [], read, written)
    return median(float(_said((*FLOOR, str(order))).split()[1]) for _ in range(rounds))


def _order(folder: Path, imports: Sequence[str], read: Sequence[Path], written: Sequence[Path]) -> Path:
    order = folder / "floor.json"
    order.write_text(json.dumps({"imports": imports, "read": [*map(str, read)], "written": [*map(str, written)]}), "utf-8")
    return order


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _kernels(folder: Path) -> Iterator[Row]:
    """Yield how long kernels take on two cores, by the clock: those that the launcher waits for, and all."""
    note = "into an empty folder; it hangs on what else the cores do"
    for size, groups in (("what a first city needs", FIRST_KERNELS), ("all groups", (*FIRST_KERNELS, *LATER_KERNELS))):
        rounds = [groups[start : start + 2] for start in range(0, len(groups), 2)]
        pair = _timed(lambda rounds=rounds: _together(folder, *rounds))
        alone = _timed(lambda groups=groups: _together(folder, [tuple(name for each in groups for name in each)]))
        yield measured("sight kernels compiled", size, pair, alone, "s", note, "the same in one process", "12 s")


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _together(folder: Path, *rounds: Sequence[tuple[str, ...]]) -> None:
    """Compile the groups of each round at the same time, a process each, into one empty folder."""
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        for groups in rounds:
            running = [subprocess.Popen([*KERNELS, *each], env=_kept(NUMBA_CACHE_DIR=cache), cwd=ROOT) for each in groups]
            ends = [process.wait() for process in running]
            if any(ends):
                raise RuntimeError("the kernels could not be compiled")


def _run(words: tuple[str, ...]) -> tuple[float, float]:
    """Return processor and clock seconds of one process; exit codes that tell of findings are no failure."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(watched(words), capture_output=True, env=_kept(), cwd=ROOT, check=False)
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.decode(errors='replace')[-500:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, took


def _said(words: tuple[str, ...]) -> str:
    return subprocess.run(watched(words), capture_output=True, text=True, env=_kept(), cwd=ROOT, check=True).stdout


def _kept(**more: str) -> dict[str, str]:
    """Return the surroundings of a start as a user has them: Python keeps its compiled modules."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | more


def _processor(turns: list[tuple[float, float]]) -> float:
    return median(turn[0] for turn in turns)


def _clock(turns: list[tuple[float, float]]) -> float:
    return median(turn[1] for turn in turns)
