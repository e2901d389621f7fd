"""Open a shipped sample; what audits one stands apart (``demonstration.py``), since it loads the core."""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import lhasaplan
from lhasaplan.content import content_folder
from lhasaplan.core.project.project import Project
from lhasaplan.errors import UserError
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.ports import Sample, Services
from lhasaplan.workflow.imports import import_file
from lhasaplan.workflow.new_states import with_decided_things
from lhasaplan.workflow.projects import new_project


def open_sample(services: Services, sample: Sample) -> Project:
    """Return the sample as a project with its mandate and what people decided."""
    project = replace(new_project(services, sample.packs, sample.crs, sample.title), synthetic=sample.synthetic)
    mandate = None if sample.mandate is None else services.files.read_mandate(sample.mandate)
    project = replace(project, mandate=mandate)
    for path, kind in sample.files:  # under the mandate: outside the gate no file may plan a camera
        project, _ = import_file(services, project, path, kind=kind)
    decided = replace(project, confirmations=sample.confirmations, declarations=sample.declarations)
    project = with_decided_things(services, decided)
    return replace(project, inputs=tuple(replace(one, licence=sample.licence or one.licence) for one in project.inputs))


# Keep a shipped sample as its import gave it, so that it is read from its map once and not at each start.
#
# What is kept is public: samples alone, as a project file in the user's cache, under a name that says of what it was made and
# what it holds. A file of another making is not looked at, one that was changed or broken is left aside; both give way to a
# new one. Where the day matters to an import, what was kept holds for its day.

LETTERS = 16  # of a digest in the name of a file: enough to tell, and no path is too long


def open_kept_sample(services: Services, sample: Sample, folder: Path) -> Project:
    """Return the sample as :func:`lhasaplan.workflow.samples.open_sample` does, from ``folder`` where it was kept before.

    A folder that takes no file keeps none: the sample is read anew.
    """
    parts = (_digest(path for path, _ in sample.files), repr(sample), repr(_stamps()), sys.version)
    making = _short(hashlib.sha256("\n".join(parts).encode()))
    start = f"{sample.city}-{making}-"
    for path in sorted(folder.glob(f"{start}*.gpkg")):
        with suppress(UserError, OSError):
            if path.stem == start + _digest([path]):
                kept = services.stores.open(path).load()
                if _holds(sample, kept, services.today()):
                    # The journal tells of today's import, as if the project were made now.
                    today = services.today()
                    return replace(kept, journal=tuple(replace(entry, when=today) for entry in kept.journal))
    project = open_sample(services, sample)
    with suppress(UserError, OSError):
        _keep(services, project, folder, sample.city, start)
    return project


def _holds(sample: Sample, kept: Project, today: str) -> bool:
    """Tell whether an import today gives the same: a mandate opens the gate on days alone, and a camera may be still to come."""
    is_of_today = all(entry.when == today for entry in kept.journal)
    return is_of_today or (sample.mandate is None and not any(camera.installed_on for camera in kept.cameras))


def _keep(services: Services, project: Project, folder: Path, city: str, start: str) -> None:
    """Keep the project, whole or not at all, in place of what was kept of the sample before."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = list(folder.glob(f"{city}-*.gpkg"))
    with scratch_folder(folder) as aside:
        draft = aside / f"{city}.gpkg"
        services.stores.open(draft).save(project)
        place = folder / f"{start}{_digest([draft])}.gpkg"
        draft.replace(place)
    for path in earlier:
        if path != place:
            path.unlink(missing_ok=True)


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return _short(total)


def _short(digest: "hashlib._Hash") -> str:
    return digest.hexdigest()[:LETTERS]


def _stamps() -> list[tuple[str, int, int]]:
    """Return name, size and time of change of every file of the program and its contents, and of the folder of libraries."""
    program = Path(lhasaplan.__file__).parent
    stamps = [_stamp(file) for folder in (program, content_folder("data"), content_folder("layers")) for file in _files(folder)]
    libraries = Path(sysconfig.get_path("purelib"))  # changes whenever something is installed
    return sorted(stamps) + ([(str(libraries), 0, libraries.stat().st_mtime_ns)] if libraries.is_dir() else [])


def _stamp(file: "os.DirEntry[str]") -> tuple[str, int, int]:
    reported = file.stat()
    return file.path, reported.st_size, reported.st_mtime_ns


def _files(folder: "Path | os.DirEntry[str]") -> "Iterator[os.DirEntry[str]]":
    for entry in os.scandir(folder):
        if not entry.is_dir():
            yield entry
        elif entry.name != "__pycache__":
            yield from _files(entry)
