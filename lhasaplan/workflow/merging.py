"""Merge two projects that grew from one: find what they have in common, and bring them together row by row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.journal import ProjectsMerged
from lhasaplan.core.project.project import MERGE, Project
from lhasaplan.core.project.projects import Choices, JoinedProjects, join
from lhasaplan.core.project.three_ways import MINE
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import PROJECT_ENDING, Services
from lhasaplan.workflow.new_states import into_state, on_losses
from lhasaplan.workflow.projects import note

OTHER_SYSTEM = marked("{one} and {other} have different coordinate systems ({first}, {second}), so their rows cannot be combined")
NO_BASE = marked("This folder does not hold the common origin of both projects. Name the file that both were copied from")
STRANGE_BASE = marked(
    "The journals of the two projects do not begin with that of {base}, so it may not be their origin. Check what was taken over"
)


@dataclass(frozen=True, eq=False, slots=True)
class NamedProject:
    """A project, and what a person calls the file that it is in."""

    name: str
    project: Project


def merge_projects(
    services: Services, base: NamedProject, mine: NamedProject, theirs: NamedProject, choices: Choices, *, default: str = ""
) -> tuple[JoinedProjects, tuple[Fault, ...]]:
    """Return what two projects make together, with remarks; with conflicts open it is not to be kept.

    Raises InputError where they have different systems of coordinates.
    """
    one, other = mine.project.crs, theirs.project.crs
    if one and other and one != other:
        params = {"one": mine.name, "other": theirs.name, "first": one, "second": other}
        raise InputError(Fault(OTHER_SYSTEM, params=params))
    sides = [mine.project, theirs.project, base.project]
    joined = join(base.project, mine.project, theirs.project, choices, default)
    grew = all(is_grown_from(base.project, each.project) for each in (mine, theirs))
    remarks = () if grew else (Fault(STRANGE_BASE, params={"base": base.name}),)
    if joined.conflicts or not joined.taken:
        return joined, remarks
    event = ProjectsMerged(theirs.name, {kind: len(keys) for kind, keys in joined.taken.items()})
    project, reported, loss = into_state(services, sides, note(joined.project, services, event), MERGE)
    return replace(joined, project=project), (*remarks, *on_losses(loss), *reported)


def is_grown_from(base: Project, grown: Project) -> bool:
    """Tell by its journal whether a project grew from another; steps that were taken back leave it."""
    return grown.journal[: len(base.journal)] == base.journal


def with_later_steps(before: Project, now: Project, whole: Project) -> Project:
    """Return a project that was worked out for a state of before, with what was done since."""
    return whole if now is before else join(before, now, whole, default=MINE).project


def find_base(services: Services, folder: Path, mine: Project, theirs: Project) -> NamedProject:
    """Return of the projects in a folder, as of backups, the last that both grew from; InputError where none is."""
    found = [
        each
        for each in _projects_in(services, folder)
        if is_grown_from(each.project, mine) and is_grown_from(each.project, theirs)
    ]
    if not found:
        raise InputError(Fault(NO_BASE, Where(file=folder.name)))
    return max(found, key=lambda each: (len(each.project.journal), each.name))


def _projects_in(services: Services, folder: Path) -> Iterable[NamedProject]:
    for path in sorted(folder.rglob(f"*{PROJECT_ENDING}")):
        try:
            yield NamedProject(path.name, services.stores.open(path).load())
        except InputError:  # another file, a sealed project, a damaged one: the next may be it
            continue
