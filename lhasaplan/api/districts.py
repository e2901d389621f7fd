"""Districts for a Python program: the project and the drafts of one, and districts taken back into the city's project."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.api.projects import OpenProject, StrPath, inside, kept_of, opened_as, store_of
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.districts.merging import Choices
from lhasaplan.errors import Fault, InputError

OPEN = marked("{kind} {key} was changed by several sides ({sides}); say which counts by sides or prefer")
KEPT_NOWHERE = marked("A district is sealed, and the city's project is kept nowhere yet; save it, and seal it first")


def district_plan(
    project: OpenProject,
    area: str,
    folder: StrPath,
    formats: Sequence[str] = ("docx", "xlsx"),
    *,
    version: str = "",
    language: str = "en",
    progress: Progress = no_progress,
) -> list[Path]:
    """Write the project of a district of a city and its drafts, headed by their conformity with the city's plan.

    Of a project that is that district's own the drafts alone are written. Files are returned, the project first.

    Parameters
    ----------
    version : one that the city keeps, such as its approved plan, which the district then answers to.
    formats, language, progress : as of :func:`export`.

    Raises
    ------
    InputError
        No such area, version, format or language, or a project of the district is in the folder already.
    GateError
        The gate is closed; with all that is missing.
    """
    services, value = inside(project)
    target = Path(folder)
    if value.district is not None and value.district.area == area:
        answers = workflow.check(services, value, part_of(progress, 0.0, 0.5))
        rest = part_of(progress, 0.5, 1.0)
        return workflow.export(services, value, answers, formats, target, language=language, progress=rest)
    city = kept_of(project) or value
    return workflow.write_district(services, city, area, formats, target, language=language, version=version, progress=progress)


def merge(
    city: OpenProject,
    *districts: OpenProject,
    sides: Mapping[str, str] | None = None,
    prefer: str = "",
    progress: Progress = no_progress,
) -> OpenProject:
    """Return the city's project with what its districts changed since they were made; nothing is saved.

    ``remarks`` of the result tell what was not taken, as ``merge`` prints it.

    Parameters
    ----------
    sides : by id the side that counts in a conflict: ``city``, ``both`` or the name of a district; ``prefer`` for all others.

    Raises
    ------
    InputError
        A project that is no district of this city, conflicts that are open, each with its sides, or a district that is sealed
        while the city's project is not.
    GateError, GuardError
        The whole may not plan, or a part or a planned camera of it may not be.
    """
    services, value = inside(city)
    others = [inside(each)[1] for each in districts]
    kept = kept_of(city)
    if kept is None and any(store.has_passphrase for store in map(store_of, districts) if store is not None):
        raise InputError(Fault(KEPT_NOWHERE))
    if kept is not None:
        services.stores.derived([each for each in map(store_of, (city, *districts)) if each is not None], kept.store.address)
    found = workflow.merge(services, value, others, Choices(sides or {}, prefer), progress=progress)
    if found.plan.conflicts:
        reported = ({"kind": each.kind, "key": each.key, "sides": ", ".join(each.sides)} for each in found.plan.conflicts)
        raise InputError(*(Fault(OPEN, params=params) for params in reported))
    return opened_as(city, found.project, found.remarks)
