"""Try a verb at many instants: killed, or with one call failing; tell as JSON what the files were like afterwards.

``python driver.py VERB HOW COUNT [SEED]``: VERB is one of VERBS; HOW is kill or fail at a call to the system, COUNT of them
spread evenly (0: all of them); or HOW is random, and a process is killed at COUNT instants that the seed draws from the clock.
"""

import ctypes
import errno
import gzip
import io
import json
import os
import random
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path

TAKES_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE), str(HERE.parent), str(HERE.parent / "unit" / "report")]

from killing import reported_when_killed  # noqa: E402
from project_values import small_town  # noqa: E402
from report_factory import a_check, a_project  # noqa: E402
from tracer import Run, run  # noqa: E402

from lhasaplan import workflow  # noqa: E402
from lhasaplan.bootstrap import open_services  # noqa: E402
from lhasaplan.cli import main  # noqa: E402
from lhasaplan.core.project.journal import DraftsExported, JournalEntry  # noqa: E402
from lhasaplan.errors import InputError, UserError  # noqa: E402
from lhasaplan.store import sealed  # noqa: E402
from lhasaplan.store.geopackage import GeoPackageStore  # noqa: E402
from lhasaplan.store.sealed import SealedStore, is_sealed_file, seal, unseal_file  # noqa: E402
from lhasaplan.workflow.drafting import NOTE  # noqa: E402 - whose drafts a folder holds

sealed._WORK = 2**8  # keys need not be dear here
PASSPHRASE = "seven grey herons at noon"

EARLIER = HERE.parent / "unit" / "store" / "kept" / "schema-2.gpkg.gz"
POINTS = "camera_id,lon,lat\nNEW,24.9412,60.16987\n"
FORMATS = {"export": ("xlsx", "register"), "export-map": ("gpkg",)}
FAULTS = cycle([errno.ENOSPC, errno.EACCES, errno.EIO])


def save(folder: Path) -> int:
    """Save a changed project; 2 when it was refused with a sentence."""
    try:
        store = store_of(folder / "town.gpkg")
        store.save(replace(store.load(), name="new"))
    except InputError:
        return 2
    return 0


def save_whole(folder: Path) -> int:
    """Save over a project that was not opened before: the file is written anew; 2 when it was refused with a sentence."""
    try:
        GeoPackageStore(folder / "town.gpkg").save(replace(GeoPackageStore(folder / "town.gpkg").load(), name="new"))
    except InputError:
        return 2
    return 0


def log(folder: Path) -> int:
    """Keep with the project that drafts were written; 2 when it was refused with a sentence."""
    try:
        GeoPackageStore(folder / "town.gpkg").log(JournalEntry(DraftsExported(("pdf",)), "2026-02-05"))
    except InputError:
        return 2
    return 0


def take_in(folder: Path) -> int:
    """Import a table of cameras, as the command line does."""
    return main(["import", str(folder / "town.gpkg"), str(folder / "more.csv"), "--as", "cameras"])


def export(folder: Path, verb: str = "export") -> int:
    """Write drafts of an assessment that is known."""
    try:
        workflow.export(open_services(), a_project(), a_check(), FORMATS[verb], folder / "drafts", language="en")
    except (UserError, OSError):
        return 2
    return 0


def seal_it(folder: Path) -> int:
    """Seal the project as a whole; one that is sealed stays so."""
    path = folder / "town.gpkg"
    try:
        if not is_sealed_file(path):
            seal(path, PASSPHRASE)
    except InputError:
        return 2
    return 0


def break_seal(folder: Path) -> int:
    """Make a sealed project plain again; one that is plain stays so."""
    path = folder / "town.gpkg"
    try:
        if is_sealed_file(path):
            unseal_file(store_of(path))
    except InputError:
        return 2
    return 0


def store_of(path: Path) -> GeoPackageStore | SealedStore:
    """Return the store of a project, plain or sealed."""
    if not is_sealed_file(path):
        return GeoPackageStore(path)
    store = SealedStore(path)
    store.unseal(PASSPHRASE)
    return store


VERBS = {
    **{"save": save, "save-whole": save_whole, "migrate": save, "log": log, "import": take_in},
    **{"seal": seal_it, "save-sealed": save, "break-seal": break_seal},
    **{"export": export, "export-map": partial(export, verb="export-map")},
}


def fresh(folder: Path) -> None:
    """Put the files of before into the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(folder.with_name("before"), folder)


def content(folder: Path, verb: str) -> object:
    """Return what a reader finds: the project, whole, or the bytes of each draft."""
    if verb in FORMATS:
        drafts = sorted((folder / "drafts").iterdir())
        return {each.name: each.read_bytes() for each in drafts if not each.name.startswith(".")}
    store = store_of(folder / "town.gpkg")
    project = store.load()
    return (
        is_sealed_file(store.path),
        project.name,
        tuple(camera.camera_id for camera in project.cameras),
        project.journal,
        store.logged(),
    )


def is_old_or_new(found: object, old: object, new: object) -> bool:
    """Tell whether a project is one of the two, whole; of drafts each for itself."""
    if not isinstance(found, dict) or not isinstance(old, dict) or not isinstance(new, dict):
        return found in (old, new)
    return all(value in (old.get(name), new.get(name)) for name, value in found.items()) and found.keys() >= old.keys()


def hidden(folder: Path) -> list[str]:
    """Return what lies about beside the files that a user knows."""
    known = {"town.gpkg", "more.csv", "drafts"}
    return [
        str(each.relative_to(folder))
        for each in folder.rglob("*")
        if (each.name.startswith(".") and each.name != NOTE) or (each.parent == folder and each.name not in known)
    ]


def killed_after(work: Callable[[], int], wait_s: float) -> Run:
    """Do the work in a fork that is killed after a time; the code is what it told before, None where it told nothing yet."""
    listen, reported = os.pipe()
    process = os.fork()
    if process == 0:
        _tell_and_wait(work, reported)
    os.close(reported)
    code = reported_when_killed(process, listen, wait_s)
    return Run(code[0] if code else None, ())


def _tell_and_wait(work: Callable[[], int], reported: int) -> None:
    """Do the work, tell its code and wait for the kill."""
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.write(reported, bytes([work()]))
        select.select([], [], [])
    finally:
        os._exit(99)


def usual_s(verb: str, folder: Path) -> float:
    """Return how long the verb takes in a fork here and now, as the middle of three times."""
    times = []
    for _ in range(3):
        fresh(folder)
        listen, reported = os.pipe()
        process, begin = os.fork(), time.perf_counter()
        if process == 0:
            _tell_and_wait(partial(VERBS[verb], folder), reported)
        os.close(reported)
        os.read(listen, 1)
        times.append(time.perf_counter() - begin)
        os.close(listen)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return statistics.median(times)


def wait_for_copies() -> None:
    """Wait until what the killed process had begun has ended, too, as the system ends it: nobody else looks so soon."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def attempt(verb: str, how: str, folder: Path, at: float, old: object, new: object) -> dict[str, object]:
    """Do the verb with one kill or fault and look what became of it."""
    fresh(folder)
    work = partial(VERBS[verb], folder)
    done = killed_after(work, at) if how == "random" else run(work, folder, int(at), next(FAULTS) if how == "fail" else 0)
    wait_for_copies()
    left = hidden(folder)
    try:
        found = content(folder, verb)
        whole = is_old_or_new(found, old, new)
        kept = done.code != 0 or found == new
    except UserError:
        whole = kept = False
    again = VERBS[verb](folder)
    return {
        "at": at,
        "call": done.calls[int(at) - 1] if how == "fail" else done.met,
        "code": done.code,
        "whole": whole,
        "kept": kept,  # what was told as done is there
        "left": len(left),
        "again": again,
        "after": hidden(folder),
        "new": verb not in FORMATS or content(folder, verb) == new,
    }


def _first_file(path: Path, verb: str) -> None:
    """Make the project of before: of the schema of now, or one that an earlier program wrote."""
    if verb == "migrate":
        path.write_bytes(gzip.decompress(EARLIER.read_bytes()))
    else:
        GeoPackageStore(path).save(small_town())
    if verb in {"save-sealed", "break-seal"}:
        seal(path, PASSPHRASE)


def main_of(verb: str, how: str, count: int, seed: int = 0) -> dict[str, object]:
    """Return how many calls there are and what became of each attempt."""
    ctypes.CDLL(None).prctl(TAKES_ORPHANS, 1)
    with tempfile.TemporaryDirectory(prefix="lhasaplan-faults-") as place:
        before, folder = Path(place) / "before", Path(place) / "work"
        before.mkdir()
        (before / "drafts").mkdir()
        (before / "more.csv").write_text(POINTS, "utf-8")
        _first_file(before / "town.gpkg", verb)
        for name in ("audit.xlsx", "audit.gpkg"):
            (before / "drafts" / name).write_bytes(b"old")
        fresh(folder)
        old = content(folder, verb)
        calls = run(partial(VERBS[verb], folder), folder)
        new = content(folder, verb)
        total = len(calls.calls)
        instants: Iterable[float] = (
            range(1, total + 1) if not count else sorted({1 + i * (total - 1) // (count - 1) for i in range(count)})
        )
        if how == "random":
            VERBS[verb](folder)  # what is loaded when it is first needed is in every fork from now on
            rng, longest_s = random.Random(seed), 1.1 * usual_s(verb, folder)
            instants = [rng.uniform(0, longest_s) for _ in range(count)]
        tried = [attempt(verb, how, folder, at, old, new) for at in instants]
        return {"code": calls.code, "calls": total, "changed": old != new, "tried": tried}


if __name__ == "__main__":
    reported, sys.stdout = sys.stdout, io.StringIO()
    json.dump(main_of(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])), reported)
