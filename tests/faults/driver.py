"""Try a verb at many instants: killed, or with one call failing; tell as JSON what the files were like afterwards.

``python driver.py VERB HOW COUNT``: VERB is one of VERBS; HOW is kill or fail;
COUNT instants are spread evenly (0: all of them).
"""

import errno
import gzip
import io
import json
import shutil
import sys
import tempfile
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE), str(HERE.parent), str(HERE.parent / "unit" / "report")]

from project_values import small_town  # noqa: E402
from report_factory import a_check, a_project  # noqa: E402
from tracer import run  # noqa: E402

from lhasaplan import workflow  # noqa: E402
from lhasaplan.bootstrap import open_services  # noqa: E402
from lhasaplan.cli import main  # noqa: E402
from lhasaplan.core.project.journal import DraftsExported, JournalEntry  # noqa: E402
from lhasaplan.errors import InputError, UserError  # noqa: E402
from lhasaplan.store import strongbox  # noqa: E402
from lhasaplan.store.geopackage import GeoPackageStore  # noqa: E402
from lhasaplan.store.sealed import SealedStore, is_sealed_file, seal, unseal_file  # noqa: E402

strongbox._WORK = 2**8  # keys need not be dear here
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
        if each.name.startswith(".") or (each.parent == folder and each.name not in known)
    ]


def attempt(verb: str, how: str, folder: Path, at: int, old: object, new: object) -> dict[str, object]:
    """Do the verb with one kill or fault and look what became of it."""
    fresh(folder)
    done = run(partial(VERBS[verb], folder), folder, at, next(FAULTS) if how == "fail" else 0)
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
        "call": done.met if how == "kill" else done.calls[at - 1],
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


def main_of(verb: str, how: str, count: int) -> dict[str, object]:
    """Return how many calls there are and what became of each attempt."""
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
        instants = range(1, total + 1) if not count else sorted({1 + i * (total - 1) // (count - 1) for i in range(count)})
        tried = [attempt(verb, how, folder, at, old, new) for at in instants]
        return {"code": calls.code, "calls": total, "changed": old != new, "tried": tried}


if __name__ == "__main__":
    told, sys.stdout = sys.stdout, io.StringIO()
    json.dump(main_of(sys.argv[1], sys.argv[2], int(sys.argv[3])), told)
