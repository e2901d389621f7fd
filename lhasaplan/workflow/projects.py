"""Make, open and keep a project."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.crs import check_metric
from lhasaplan.core.project.decisions import JournalEntry
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Rooms


def new_project(rooms: Rooms, packs: Sequence[str], crs: str = "", name: str = "") -> Project:
    """Return an empty project under these rule packs.

    Raises InputError for no or an unknown pack, and for a CRS that is geographic or web Mercator.
    """
    if not packs:
        params = {"known": ", ".join(rooms.available_packs())}
        raise InputError(Fault("A project stands under at least one rule pack; there are: {known}", params=params))
    rooms.load_packs(tuple(packs))
    if crs:
        check_metric(crs)
    return note(Project(name=name, crs=crs, packs=tuple(packs)), rooms, f"new project, rules {', '.join(packs)}")


def load(rooms: Rooms, path: Path) -> Project:
    """Return the project that a file holds; InputError when it is not one, or is newer than this program.

    A file is open to other programs: its CRS is judged again, and a pack that opens for a sample alone makes it fictitious
    whatever the file says of itself.
    """
    project = rooms.store.load(path)
    if project.crs:
        check_metric(project.crs)
    fictitious = any(pack.sample_digests for pack in rooms.load_packs(project.packs))
    return replace(project, synthetic=project.synthetic or fictitious)


def has_results(rooms: Rooms, path: Path) -> bool:
    """Tell whether a file was saved together with answers; they are for other programs, this one computes them again."""
    return rooms.store.has_results(path)


def save(rooms: Rooms, project: Project, path: Path, assessment: Assessment | None = None) -> None:
    """Write the project, and results if given; on failure the old file stays as it was."""
    rooms.store.save(project, path, assessment)


def note(project: Project, rooms: Rooms, what: str, who: str = "") -> Project:
    """Return the project with one more line in its journal."""
    return replace(project, journal=(*project.journal, JournalEntry(what, rooms.today(), who)))


def national_grid(rooms: Rooms, project: Project) -> str:
    """Return the grid that the project's packs prefer, empty when none does."""
    grids = (pack.national_grid for pack in rooms.load_packs(project.packs))
    return next((grid for grid in grids if grid), "")
