"""Tell which declarations of ``not_dwelling`` change nothing: the map says by itself what the building is."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.decisions import NOT_DWELLING, Declaration
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.protection.unknown_buildings import unknown_buildings
from lhasaplan.errors import Fault
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import audit_context

INERT = marked(
    "This stands in the project and has no effect, since not_dwelling clears only a use that nobody knows: {ids}. "
    "What a map or a name says a building is stays; correct the map and import it again"
)
_NAMED = 10


def remarks_on_inert(services: Services, before: Project, after: Project) -> tuple[Fault, ...]:
    """Return a remark that names the fresh declarations of ``not_dwelling`` without effect, nothing where each has one.

    A building in which an undisclosed place is counts as its like do: a remark would be a hint.
    """
    known = set(before.declarations)
    fresh = [each.subject for each in after.declarations if each.fact == NOT_DWELLING and each not in known]
    if not fresh:
        return ()
    others = tuple(each for each in after.declarations if each.fact != NOT_DWELLING or each.subject not in set(fresh))
    without, with_them = _unknown(services, after, (others, after.declarations))
    inert = [subject for subject in fresh if subject not in without or subject in with_them]
    named = ", ".join(inert[:_NAMED]) + (" …" if len(inert) > _NAMED else "")
    return (Fault(INERT, params={"ids": named}),) if inert else ()


def _unknown(services: Services, project: Project, cases: Sequence[tuple[Declaration, ...]]) -> list[frozenset[str]]:
    """Return the buildings of unknown use for each of several lists of declarations."""
    city = audit_context(services, replace(project, cameras=()))
    kinds, layers = city.reference_data.kinds, project.layers
    places = [find_protected(layers, city.buildings, kinds, declared) for declared in cases]
    return [
        frozenset(unknown_buildings(found, city.buildings, layers, kinds, declared).ids)
        for found, declared in zip(places, cases, strict=True)
    ]
