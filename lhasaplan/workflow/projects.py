"""Make, open and keep a project."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.crs import check_metric
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.journal import DraftsExported, Event, JournalEntry, ProjectMade, ProjectOpened
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import disclosed_journal
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import FileStore, OpenProject, Services, Store, WatchedStore
from lhasaplan.workflow.new_states import as_opened, as_rescued

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


def open_project(services: Services, address: str | os.PathLike[str]) -> OpenProject:
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
    return OpenProject(as_opened(services, project, replaced, is_ours=is_ours), store)


def save(opened: OpenProject, assessment: Assessment | None = None) -> None:
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


def journal(opened: OpenProject) -> tuple[JournalEntry, ...]:
    """Return what happened to the project and what left it, by day; of one day what was changed stands first.

    A file that brought drawn places and nothing else is not named: it may be called after one.
    """
    return tuple(sorted((*disclosed_journal(opened.project), *opened.store.logged()), key=lambda entry: entry.when))


def national_grid(services: Services, project: Project) -> str:
    """Return the grid that the project's packs prefer, empty when none does."""
    grids = (pack.national_grid for pack in services.content.load_packs(project.packs))
    return next((grid for grid in grids if grid), "")
