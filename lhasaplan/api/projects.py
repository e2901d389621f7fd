"""Open, make, fill and keep a project for a Python program, and say what people decide: mandate, demand, facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from os import PathLike
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import account
from lhasaplan.ports import KeptProject, Services, Store

StrPath = str | PathLike[str]
NOWHERE = marked("This project was never saved; say the address at which to keep it")
TAKEN = marked("This file exists already; choose another name")


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class OpenProject:
    """A project that is open: what :func:`audit`, :func:`check`, :func:`sight` and :func:`evaluate` take.

    ``remarks`` are what its user should know, as the command line prints them (drawn protected places that are closed, or lie
    open in the file). What was imported is no output, and stays inside.
    """

    name: str
    crs: str  # metric, as an authority string; lengths and areas of all answers are in it
    packs: tuple[str, ...]
    cameras: tuple[str, ...]  # identifiers
    remarks: tuple[Fault, ...]
    _project: Project
    _services: Services
    _kept: KeptProject | None = None  # where it is kept; None of what was never saved

    def __repr__(self) -> str:
        packs = ", ".join(self.packs)
        return f"<OpenProject: {self.name}; {len(self.cameras)} cameras; {self.crs or 'no CRS'}; packs {packs}>"


def open_project(address: StrPath, *, passphrase: str = "", file_passphrase: str = "") -> OpenProject:
    """Return the project that is kept at an address: the path of its file (as ``new`` and the window write it), or a URL.

    Parameters
    ----------
    passphrase : opens the protected places that users drew; without it they are missing, and nothing may be planned.
    file_passphrase : opens a project that is sealed as a whole.

    Raises
    ------
    InputError
        No such file, not a project, newer than this program, a CRS that is not metric, another passphrase, or a URL of a
        kind that no project is kept at.
    """
    services = services_of_process()
    if file_passphrase:
        services.stores.open(address).unseal(file_passphrase)
    opened = workflow.open_project(services, address)
    if passphrase:
        opened = workflow.open_places(services, opened, passphrase)
    return _logged(_opened(services, opened.project, opened))


def _logged(project: OpenProject) -> OpenProject:
    """Log in a project that a program opened it; where that cannot be, a remark says so."""
    services, kept = project._services, project._kept
    try:
        if kept is not None:
            workflow.log_opening(services, kept.store, account(), by="python", has_places=kept.key is not None)
    except InputError as error:
        return replace(project, remarks=(*project.remarks, Fault(workflow.NOT_LOGGED), *error.faults))
    return project


def new_project(packs: Sequence[str], *, crs: str = "", name: str = "") -> OpenProject:
    """Return an empty project under these rule packs; :func:`save` keeps it.

    Parameters
    ----------
    crs : a metric system as ``EPSG:n``; without it the first import fixes one.

    Raises
    ------
    InputError
        No pack or an unknown one, or a CRS that is not metric.
    """
    services = services_of_process()
    return _opened(services, workflow.new_project(services, packs, crs, name))


def import_files(
    project: OpenProject,
    *files: StrPath,
    kind: str | None = None,
    crs: str | None = None,
    datum: str = "",
    no_use: Collection[str] = (),
) -> OpenProject:
    """Return the project with files taken in, all or none; the project given stays as it was, and nothing is saved.

    ``remarks`` of the result are what the files' user should know of them, as ``import`` prints them.

    Parameters
    ----------
    kind : osm, buildings, roads, places, areas, terrain, trees, poles, floor_walls, cameras, baseline, signs, answers or
        decisions; found out where it is not said.
    no_use : columns with words of protected places that do not say what the things are, or ``*`` for any; a file with another
        one that is not read as a use is refused.
    crs : of the files, where they do not say it. ``datum``: of positions by Chinese map providers (gcj02, bd09).

    Raises
    ------
    InputError
        What is wrong with any of the files, all at once, each with file, row and column.
    GateError
        A file plans cameras, and the gate is closed.
    """
    services, value = inside(project)
    paths = [Path(each) for each in files]
    changed, reports = workflow.import_files(services, value, paths, kind=kind, crs=crs, datum=datum, no_use=no_use)
    return opened_as(project, changed, [remark for each in reports for remark in each.remarks])


def opened_as(project: OpenProject, changed: Project, remarks: Sequence[Fault]) -> OpenProject:
    """Return an open project as it is after a change, with further remarks; for this package alone."""
    kept = None if project._kept is None else project._kept.holding(changed)
    opened = _opened(project._services, changed, kept)
    return replace(opened, remarks=(*opened.remarks, *remarks))


def save(project: OpenProject, address: StrPath | None = None) -> OpenProject:
    """Keep a project where it was opened, or at a new address; on failure what was kept before stays as it was.

    Raises
    ------
    InputError
        It was never kept and no address is named, something is kept at that address already, or it cannot be written.
    """
    services, value = inside(project)
    kept = project._kept if address is None else None
    if kept is None:
        kept = KeptProject(value, _new_store(services, address, project._kept))
    workflow.save(kept)
    return replace(project, _kept=kept)


def _new_store(services: Services, address: StrPath | None, before: KeptProject | None) -> Store:
    """Return where a project is kept from now on: sealed as it was before."""
    if address is None:
        raise InputError(Fault(NOWHERE))
    store = services.stores.derived([] if before is None else [before.store], address)
    if store.exists():
        raise InputError(Fault(TAKEN, Where(str(address))))
    return store


def open_sample(city: str = "helsinki") -> OpenProject:
    """Return a shipped sample (``helsinki``: real cameras of an open map; ``hilltown``: made up, with an open gate).

    Raises
    ------
    InputError
        There is no such sample; the message names those there are.
    """
    services = services_of_process()
    return _opened(services, workflow.open_sample(services, services.content.read_sample(city)))


def _opened(services: Services, project: Project, kept: KeptProject | None = None) -> OpenProject:
    names = tuple(camera.camera_id for camera in project.cameras)
    remarks: Sequence[Fault] = workflow.remarks_on_drawn(project)
    return OpenProject(project.name, project.crs, project.packs, names, tuple(remarks), project, services, kept)


@cache
def services_of_process() -> Services:
    """Return the services of this process: the store remembers what it loaded."""
    return open_services()


def kept_of(project: OpenProject) -> KeptProject | None:
    """Return the project with where it is kept, None of one that was never saved; for this package alone."""
    return project._kept


def store_of(project: OpenProject) -> Store | None:
    """Return where a project is kept, None of one that was never saved; for this package alone."""
    return None if project._kept is None else project._kept.store


def inside(project: OpenProject) -> tuple[Services, Project]:
    """Return what the use cases take; for this package alone."""
    return project._services, project._project


# What people decide: the mandate, candidates that become demand, and facts that nobody else knows.


def mandate(project: OpenProject, file: StrPath) -> OpenProject:
    """Return the project under the mandate that a TOML file states; nothing is saved.

    ``remarks`` of the result tell what of the mandate itself keeps the gate shut.

    Raises
    ------
    InputError
        All that the file says and a mandate cannot be.
    """
    services, value = inside(project)
    changed = workflow.mandate(services, value, Path(file))
    return opened_as(project, changed, workflow.remarks_on_mandate(services, changed))


def confirm(
    project: OpenProject,
    *ids: str,
    categories: Sequence[str] = (),
    within: str = "",
    purpose: str,
    reason: str,
    milder: str,
    by: str,
    date: str = "",
) -> OpenProject:
    """Return the project in which candidates are demand; nothing is saved.

    Parameters
    ----------
    ids, categories, within : which candidates, by identifier, by category, by the name of an area; all conditions must hold.
    purpose, reason, milder : for which purpose of the mandate, why, and which milder means were considered.
    by, date : who decided, and on which day; today's where it is empty.

    Raises
    ------
    InputError
        Nothing is selected, a field is empty, or the mandate states no such purpose.
    GateError
        The gate is closed; with all that is missing.
    GuardError
        A part lies on protected ground, or the parts would cover a neighbourhood.
    """
    services, value = inside(project)
    chosen = workflow.CandidateSelection(ids, tuple(categories), within)
    changed, _ = workflow.confirm(services, value, chosen, purpose=purpose, reason=reason, milder=milder, by=by, date=date)
    return opened_as(project, changed, ())


def declare(project: OpenProject, *ids: str, fact: str, by: str, reason: str = "", date: str = "") -> OpenProject:
    """Return the project with a fact declared of buildings, cells, borders or parts; nothing is saved.

    ``remarks`` of the result name declarations without effect. Of more than one thing a reason is needed.

    Parameters
    ----------
    fact : dwelling, not_dwelling, not_as_named, no_buildings, in_country, or one of an indoor part.
    by, date : who declares it, and on which day; today's where it is empty.

    Raises
    ------
    InputError
        All that is wrong; then nothing is declared.
    """
    services, value = inside(project)
    changed = workflow.declare(services, value, ids, workflow.Said(fact, reason, by, date))
    return opened_as(project, changed, workflow.remarks_on_inert(services, value, changed))
