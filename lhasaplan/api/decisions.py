"""What people decide, for a Python program: the mandate, candidates that become demand, and facts that nobody else knows."""

from collections.abc import Sequence
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.api.projects import OpenProject, StrPath, inside, opened_as


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
