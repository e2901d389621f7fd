"""Make, open and keep a project, and close and open its places with a passphrase."""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lhasaplan.core.base.crs import check_metric
from lhasaplan.core.base.spelling import is_answer
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.journal import (
    DraftsExported,
    Event,
    JournalEntry,
    PlacesClosed,
    PlacesTakenOut,
    ProjectMade,
    ProjectOpened,
    ProjectsMerged,
)
from lhasaplan.core.project.project import MERGE, TAKEN_OUT, Project
from lhasaplan.core.project.projects import Choices, JoinedProjects, join
from lhasaplan.core.project.three_ways import MINE
from lhasaplan.core.protection.drawn_places import count_drawn, disclosed_journal, without_drawn
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import PROJECT_ENDING, FileStore, KeptProject, Services, Store, WatchedStore
from lhasaplan.workflow.new_states import as_opened, as_rescued, into_state, on_losses, with_losses

NOT_LOGGED = marked("That it was opened could not be logged in the project:")


def new_project(services: Services, packs: Sequence[str], crs: str = "", name: str = "") -> Project:
    """Return an empty project under these rule packs.

    Raises InputError for no or an unknown pack, and for a CRS that is geographic or web Mercator.
    """
    if not packs:
        params = {"known": ", ".join(services.content.available_packs())}
        raise InputError(Fault("A project stands under at least one rule pack; there are: {known}", params=params))
    services.content.load_packs(tuple(packs))
    if crs:
        check_metric(crs)
    return note(Project(name=name, crs=crs, packs=tuple(packs)), services, ProjectMade(tuple(packs)))


def pack_titles(services: Services, language: str) -> dict[str, str]:
    """Return the rule packs that can be chosen, with their titles."""
    packs = services.content.load_packs(tuple(services.content.available_packs()))
    return {pack.name: pack.title.get(language, pack.name) for pack in packs}


def open_project(services: Services, address: str | os.PathLike[str]) -> KeptProject:
    """Return the project that is kept at an address: a path, or a URL; InputError when it is none, or newer than this program.

    What is kept is open to other programs: its CRS is judged again, a pack that opens for a sample alone makes it fictitious
    whatever it says of itself, and decisions hold for the things that they were made about alone.
    """
    store = services.stores.open(address)
    project = store.load()
    if project.crs:
        check_metric(project.crs)
    fictitious = any(pack.sample_digests for pack in services.content.load_packs(project.packs))
    project = replace(project, synthetic=project.synthetic or fictitious)
    is_ours = isinstance(store, FileStore) and not store.remarks()
    replaced = store.replaced() if isinstance(store, WatchedStore) and not is_ours else ()
    return KeptProject(as_opened(services, project, replaced, is_ours=is_ours), store)


def save(opened: KeptProject, assessment: Assessment | None = None) -> None:
    """Keep the project, and results if given; on failure what was kept before stays as it was."""
    opened.store.save(opened.project, assessment, key=opened.key)


def note(project: Project, services: Services, event: Event, who: str = "") -> Project:
    """Return the project with one more event in its journal."""
    return replace(project, journal=(*project.journal, JournalEntry(event, services.today(), who)))


def log_export(
    services: Services,
    store: Store,
    formats: Sequence[str],
    is_private: bool = False,
    *,
    level: str = "",
    files: Iterable[Path] = (),
    who: str = "",
) -> None:
    """Keep with the project that drafts were written, for whom and with which digests; InputError where that cannot be."""
    digests = {file.name: services.files.digest(file) for file in files}
    store.log(JournalEntry(DraftsExported(tuple(formats), is_private, level, digests), services.today(), who))


def log_opening(
    services: Services, store: Store, who: str, *, by: str = "", is_read_only: bool = False, has_places: bool = False
) -> None:
    """Keep with the project that it was opened, in the chain of what left it; InputError where that cannot be."""
    digest = services.files.digest(store.file) if isinstance(store, FileStore) else ""
    store.log(JournalEntry(ProjectOpened(digest, is_read_only, by, has_places), services.today(), who))


def known_state(store: Store, copy: Path) -> str:
    """Return what tells the state of a project in a copy of its file; empty where that cannot be known."""
    try:
        return store.state_of(copy) if isinstance(store, FileStore) else ""
    except InputError:
        return ""


def rescue(
    services: Services, address: str | os.PathLike[str], new_address: str | os.PathLike[str], who: str = "", by: str = ""
) -> tuple[Fault, ...]:
    """Keep what can be read of a damaged project as a new one, and return all that is lost; every audit tells lost features.

    The damaged one is left as it is: that it was read is logged in the new one, with the digest of the old. Raises InputError
    where the new address is taken, or nothing can be read.
    """
    source = services.stores.open(address)
    target = services.stores.derived([source], new_address)
    if target.exists():
        raise InputError(Fault("This file exists already; choose another name", Where(file=str(new_address))))
    found = source.rescue()
    target.save(as_rescued(services, found))
    digest = services.files.digest(source.file) if isinstance(source, FileStore) else ""
    for entry in (*found.logged, JournalEntry(ProjectOpened(digest, is_read_only=True, by=by), services.today(), who)):
        target.log(entry)
    return found.lost


def journal(opened: KeptProject) -> tuple[JournalEntry, ...]:
    """Return what happened to the project and what left it, by day; of one day what was changed stands first.

    A file that brought drawn places and nothing else is not named: it may be called after one.
    """
    return tuple(sorted((*disclosed_journal(opened.project), *opened.store.logged()), key=lambda entry: entry.when))


def national_grid(services: Services, project: Project) -> str:
    """Return the grid that the project's packs prefer, empty when none does."""
    grids = (pack.national_grid for pack in services.content.load_packs(project.packs))
    return next((grid for grid in grids if grid), "")


# Protected places that users draw: closed with a passphrase, and opened for one start.
LIE_OPEN = marked("{count} drawn protected places lie open in the project file. Close them with a passphrase: protect PROJECT")
ARE_CLOSED = marked(
    "{count} drawn protected places are closed: without their passphrase they are missing here, and nothing may be planned."
)

BY_NAME = marked("State the name of the person who takes drawn protected places out")
PRIVATE = marked(
    "These files, written with --private, lead to protected places near {count} cameras. No other output "
    "mentions these places. Give the files only to those responsible for the cameras"
)


def close_places(services: Services, opened: KeptProject, passphrase: str) -> KeptProject:
    """Return the project with a new lock, and its key: from the next saving on its drawn places are closed, later ones too.

    Raises InputError for a short passphrase, where nothing is drawn, and where places are closed under another one.
    """
    project = opened.project
    if project.is_closed:
        raise InputError(Fault("Open the closed places with their passphrase before you choose another one"))
    count = count_drawn(project)
    if not count:
        raise InputError(Fault("Nothing is drawn here that could be closed"))
    lock, key = services.stores.new_lock(passphrase)
    closed = note(replace(project, closed=replace(lock, count=count)), services, PlacesClosed(count))
    return replace(opened, project=closed, key=key)


def open_places(services: Services, opened: KeptProject, passphrase: str) -> KeptProject:
    """Return the project with its closed places in the layers, and their key; each saving closes them again.

    Raises InputError when the passphrase is another one.
    """
    if not opened.project.is_closed:
        return opened
    project, key = services.stores.open_box(opened.project, passphrase)
    return replace(opened, project=project, key=key)


def drop_drawn(services: Services, project: Project, by: str, files: Collection[str] | None = None) -> Project:
    """Return the project without drawn places that lie open in it, of some files or of all; every later audit counts them.

    Raises InputError where nobody stands for it, where places are closed, and where nothing is drawn.
    """
    if not is_answer(by):
        raise InputError(Fault(BY_NAME))
    if project.is_closed:
        raise InputError(Fault("Open the closed places with their passphrase before you take any out"))
    bare, gone = without_drawn(project, files)
    if not len(gone):
        raise InputError(Fault("Nothing is drawn here that could be taken out"))
    return with_losses(services, [project], note(bare, services, PlacesTakenOut(len(gone)), by), TAKEN_OUT)[0]


def remarks_on_drawn(project: Project) -> tuple[Fault, ...]:
    """Return what a user should know: drawn places are closed, or open to every reader of the file."""
    if project.is_closed:
        return (*_lie_open(project), Fault(ARE_CLOSED, params={"count": project.closed_count}))
    return () if project.closed is not None else _lie_open(project)


def remarks_on_outputs(assessment: Assessment, private: bool) -> tuple[Fault, ...]:
    """Return what a user should know before outputs are passed on: private ones lead to places that no other output tells of."""
    reported = assessment.disclosed.cameras if private and assessment.disclosed else ()
    count = sum(result.undisclosed_px_m is not None for result in reported)
    return (Fault(PRIVATE, params={"count": count}),) if count else ()


def remarks_on_brought(before: Project, after: Project) -> tuple[Fault, ...]:
    """Return what a user should know of drawn places that an import brought."""
    brings = count_drawn(after) > count_drawn(before) and (after.closed is None or after.is_closed)
    return _lie_open(after) if brings else ()


def _lie_open(project: Project) -> tuple[Fault, ...]:
    count = count_drawn(project)
    return (Fault(LIE_OPEN, params={"count": count}),) if count and not project.synthetic else ()


# Merge two projects that grew from one: find what they have in common, and bring them together row by row.

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
