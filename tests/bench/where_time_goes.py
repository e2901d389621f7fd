"""Say where a job's time goes: which package of the program works, in words and as bars (``--profile FILE.png``).

A thread looks every few milliseconds what each other thread is at, and gives it the processor time that has passed since. What a
kernel or a library takes counts for the package that called it. Looking costs some per cent, so such a run is for no table.
``python -m tests.bench.where_time_goes MODULE WORD...`` looks at a whole process of ours. Copies that a process makes of itself
are not looked at.
"""

import json
import os
import runpy
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

PROGRAM = Path(__file__).resolve().parents[2] / "lhasaplan"
EVERY_S = 0.004
FOLDER = "LHASAPLAN_BENCH_PROFILE"  # where workers leave what they saw
OURS = ("lhasaplan", "tests.bench.ours")  # modules whose processes are looked at
WAITING = ("threading.py", "queue.py", "selectors.py", "subprocess.py", "thread.py")
INKS = ("#8fb3dc", "#f2c27a", "#9fcf9f", "#e3a3a3", "#c3b1e1", "#d8c3a5", "#a8d5d5", "#f0b6d0", "#c9d67e", "#b0b9c9")
SHOWN, LEAST_SHARE = 6, 0.03
Seconds = Counter[tuple[str, str]]  # by package and function


@contextmanager
def looked_at() -> Iterator[None]:
    """Note where the time of a block goes, if a folder for it is named; also of a block that ends the process at once."""
    folder, leave, process = os.environ.get(FOLDER), os._exit, os.getpid()
    if not folder:
        yield
        return

    def noted(code: int) -> None:
        if os.getpid() == process:  # a copy of the process would say the same once more
            _note(folder, found)
        leave(code)

    found, done = Seconds(), threading.Event()
    looking = threading.Thread(target=_look, args=(found, done), daemon=True)
    looking.start()
    os._exit = noted  # type: ignore[assignment]
    try:
        yield
    finally:
        os._exit = leave
        done.set()
        looking.join()
        _note(folder, found)


def _note(folder: str, found: Seconds) -> None:
    name = f"{os.getpid()}-{time.monotonic_ns()}.json"
    (Path(folder) / name).write_text(json.dumps([[*key, value] for key, value in found.copy().items()]), "utf-8")


def watched(words: Sequence[str]) -> list[str]:
    """Return the words that start a Python module of ours, and look at it where a folder for that is named.

    >>> watched(("python", "-c", "pass"))
    ['python', '-c', 'pass']
    """
    python, how, module = [*words, "", ""][:3]
    is_ours = bool(os.environ.get(FOLDER)) and how == "-m" and module.startswith(OURS)
    return [python, "-m", "tests.bench.where_time_goes", *words[2:]] if is_ours else list(words)


def _look(found: Seconds, done: threading.Event) -> None:
    before = time.process_time()
    while not done.wait(EVERY_S):
        now = time.process_time()
        own = threading.get_ident()
        at = [place for thread, frame in sys._current_frames().items() if thread != own and (place := place_of(frame))]
        for place in at:
            found[place] += (now - before) / len(at)
        before = now


def place_of(frame: FrameType | None) -> tuple[str, str] | None:
    """Return package and function of the program that a thread is in; None for one that waits or is elsewhere.

    >>> place_of(None)
    """
    if frame is None or Path(frame.f_code.co_filename).name in WAITING:
        return None
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(PROGRAM):
            inside = file.relative_to(PROGRAM)
            return inside.parent.as_posix() if len(inside.parts) > 1 else inside.name, frame.f_code.co_name
        frame = frame.f_back
    return None


def read(folder: Path) -> Seconds:
    """Return what the workers of a job saw."""
    found = Seconds()
    for file in sorted(folder.glob("*.json")):
        for package, function, seconds in json.loads(file.read_text("utf-8")):
            found[package, function] += seconds
    return found


def shares(found: Seconds) -> list[tuple[str, str, float]]:
    """Return package, its busiest function and its share of the time, the largest first; the small ones together last.

    >>> shares(Seconds({("core/sight", "sweep"): 3.0, ("core/audit", "grade"): 0.99, ("io", "read"): 0.01}))
    [('core/sight', 'sweep', 0.75), ('core/audit', 'grade', 0.2475), ('the rest', '', 0.0025)]
    """
    whole = sum(found.values())
    packages = Counter[str]()
    for (package, _), seconds in found.items():
        packages[package] += seconds
    busiest = {package: max((s, f) for (p, f), s in found.items() if p == package)[1] for package in packages}
    large = [(p, busiest[p], s / whole) for p, s in packages.most_common(SHOWN) if s >= LEAST_SHARE * whole]
    rest = 1.0 - sum(share for *_, share in large)
    return [*large, ("the rest", "", round(rest, 12))] if whole and rest > 1e-9 else large


def in_words(job: str, found: Seconds) -> str:
    """Return one sentence on where the time of a job goes."""
    said = [f"{share:.0%} {package}{f' ({function})' if function else ''}" for package, function, share in shares(found)]
    return f"{job}: {', '.join(said)}" if said else f"{job}: nothing of the program was seen at work"


def draw_shares(jobs: Mapping[str, Seconds], path: Path) -> Path:
    """Write a picture with a bar for each job."""
    from matplotlib.figure import Figure  # a worker imports this module, and has no pictures to draw

    figure = Figure(figsize=(10.0, 0.9 + 0.7 * len(jobs)), layout="constrained")
    axes = figure.add_subplot()
    inks = {"the rest": "#dddddd"}
    for row, found in enumerate(jobs.values()):
        left = 0.0
        for package, _, share in shares(found):
            ink = inks.setdefault(package, INKS[(len(inks) - 1) % len(INKS)])
            axes.barh(row, share, left=left, color=ink, height=0.6)
            _label(axes, package, left + share / 2, row, share)
            left += share
    axes.set_yticks(range(len(jobs)), list(jobs))
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(lambda share, _at: f"{share:.0%}")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=100)
    return path


def main(module: str, *words: str) -> None:
    """Run a module as a program, and look at it."""
    sys.argv = [module, *words]
    with looked_at():
        runpy.run_module(module, run_name="__main__", alter_sys=True)


def _label(axes: object, package: str, x: float, row: int, share: float) -> None:
    lines: Sequence[str] = [package.rpartition("/")[2], f"{share:.0%}"]
    if share > 0.05:
        axes.text(x, row, "\n".join(lines), ha="center", va="center", fontsize=8)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
