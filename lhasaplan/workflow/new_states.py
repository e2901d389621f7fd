"""Bring a project into a new state: the gate stops what would plan, decisions follow their things, losses are counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import marked
from lhasaplan.core.gate.decide import judge_gate, overseers_of, refuse_unless_open
from lhasaplan.core.gate.planning_ground import cell_box, elsewhere_gaps, empty_cells, plan_area
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.journal import JournalEntry, ProtectionLost
from lhasaplan.core.project.project import OUTSIDE, REPAIR, SHARED, UNDO, Loss, Project, counted_once, united
from lhasaplan.core.protection.decided_things import Decision, Settled, ThingsThere, needs_thing, settled, with_things
from lhasaplan.core.protection.lost_protection import loss_between, recorded, town_of
from lhasaplan.core.results.assessment import Gate
from lhasaplan.errors import Fault, GateError
from lhasaplan.ports import Incoming, Rescued, Services
from lhasaplan.workflow.import_checks import named

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

# Stop at the gate whatever would plan, before it enters the project; and tell how the gate stands and what would open it.

NONE_PLANNED = marked("Nothing was imported. The file plans cameras ({cameras}), and with a closed gate none can be planned.")
_NAMED = 10


def refuse_closed(city: "AuditContext", parts: Sequence[Part]) -> None:
    """Raise GateError with all that is missing, unless these parts and the project's planned cameras may be planned."""
    known = city.reference_data
    project, rules = city.project, known.policy.mandate
    gate = judge_gate(project, known.packs, known.territory, city.buildings, parts, city.crs, today=known.today, rules=rules)
    refuse_unless_open(gate)


@dataclass(frozen=True, eq=False, slots=True)
class PlanningState:
    """How the gate stands, with what a person needs to open it.

    ``cells`` are the 500 m cells without a building that nobody confirmed, by id, with their squares in metres; ``authorities``
    those of which the mandate names one, by every name that a loaded pack lists.
    """

    gate: Gate
    cells: tuple[tuple[str, BaseGeometry], ...] = ()
    authorities: tuple[str, ...] = ()
    area: BaseGeometry | None = None


def planning_state(services: Services, project: Project) -> PlanningState:
    """Return how the gate stands for a project as it is now; without an audit, so that each step towards it shows at once."""
    from lhasaplan.core.demand.guard import find_candidates  # noqa: PLC0415 - loads the kernels
    from lhasaplan.workflow.answers import audit_context  # noqa: PLC0415 - the same

    planned = tuple(camera for camera in project.cameras if camera.status is Status.PLANNED)
    city = audit_context(services, replace(project, cameras=planned))
    known, crs = city.reference_data, city.crs
    parts = find_candidates(city).confirmed if project.confirmations else ()  # else none can be, and to find them takes long
    rules = known.policy.mandate
    gate = judge_gate(city.project, known.packs, known.territory, city.buildings, parts, crs, today=known.today, rules=rules)
    area = plan_area(project.mandate, parts, planned, crs)
    is_here = area is not None and not elsewhere_gaps(area, city.buildings.polygons)
    bare = empty_cells(area, city.buildings, city.project.declarations) if area is not None and is_here else ()
    cells = tuple((cell, box) for cell in bare if (box := cell_box(cell)) is not None)
    ground = area if area is not None and is_here else shapely.box(*shapely.total_bounds(city.buildings.polygons))
    authorities = overseers_of(known.packs, known.territory, ground, crs) if len(city.buildings) else ()
    return PlanningState(gate, cells, authorities, area)


def refuse_planned(services: Services, before: Project, after: Project) -> None:
    """Raise GateError when an import brought or moved a planned camera and the gate is closed with it in the project."""
    known = {(c.camera_id, c.x_m, c.y_m) for c in before.cameras if c.status is Status.PLANNED}
    fresh = [c.camera_id for c in after.cameras if c.status is Status.PLANNED and (c.camera_id, c.x_m, c.y_m) not in known]
    if not fresh:
        return
    from lhasaplan.core.demand.guard import find_candidates  # noqa: PLC0415 - loads the kernels; few files plan
    from lhasaplan.workflow.answers import audit_context  # noqa: PLC0415 - the same

    try:
        city = audit_context(services, after)
        refuse_closed(city, find_candidates(city).confirmed)
    except GateError as error:
        named = ", ".join(fresh[:_NAMED]) + (" …" if len(fresh) > _NAMED else "")
        raise GateError(Fault(NONE_PLANNED, params={"cameras": named}), *error.faults) from error


SUSPENDED = marked(
    "{count} decisions are suspended, because their subject is missing or has become something else ({ids}). "
    "They count as not made until you renew them or their subject returns"
)
FOLLOWED = marked("{count} decisions were matched again, by ground and kind, under other ids")
RESTORED = marked("{count} suspended decisions hold again, because their subject is back")
LOST = marked("{count} protected features are missing, smaller or of another kind; every audit will report that")
LOST_UNKNOWN = marked("{count} buildings of unknown use are missing, or their use is now stated; every audit will report that")


def things_there(services: Services, project: Project, known: Sequence[Part] | None = None) -> ThingsThere:
    """Return the things of a project as decisions know them; parts of duties packs are made when they are asked for."""

    def parts() -> Sequence[Part]:
        if known is not None:
            return known
        from lhasaplan.core.city.building_heights import buildings_from  # noqa: PLC0415
        from lhasaplan.core.demand.candidates import find_places  # noqa: PLC0415 - not before a decision needs it
        from lhasaplan.core.model.layer import empty_layer  # noqa: PLC0415

        duties = [pack for pack in services.content.load_packs(project.packs) if pack.categories]
        buildings = buildings_from(
            project.layers.get("buildings") or empty_layer("buildings"), services.content.load_height_rules()
        )
        kinds, widths = services.content.load_protected_kinds(), services.content.load_street_widths()
        places = find_places(project.layers, buildings, duties, project.inputs, kinds, widths=widths) if duties else ()
        return [part for place in places for part in place.parts]

    return ThingsThere(project.layers, parts, services.content.load_identity_rules())


def with_decided_things(services: Services, project: Project, parts: Sequence[Part] | None = None) -> Project:
    """Return a project whose decisions have their things as they are now: at once when they are made.

    ``parts`` are those of the project, where they are known.
    """
    return with_things(project, things_there(services, project, parts))


def as_opened(services: Services, project: Project, replaced: Sequence[Layer] = (), *, is_ours: bool) -> Project:
    """Return a project that was opened with its decisions settled and its losses in it.

    Decisions of before get their thing from what the project holds.

    Parameters
    ----------
    replaced : what other programs took out of the layers, or wrote over.
    is_ours : this program was the last to write it; what it wrote is settled already.
    """
    decisions: list[Decision] = [*project.confirmations, *project.excuses, *project.declarations]
    is_settled = is_ours and all(each.thing is not None or not needs_thing(each, project) for each in decisions)
    before, after = replace(project, layers={layer.name: layer for layer in replaced}), project
    if not is_settled and (decisions or project.suspended):
        after = settled(project, things_there(services, project), services.today()).project
    return with_losses(services, [before], after, OUTSIDE)[0] if replaced else after


def as_rescued(services: Services, found: Rescued) -> Project:
    """Return what could be read of a damaged project, with its decisions settled, and in it what was lost of its layers."""
    project = as_opened(services, found.project, found.replaced, is_ours=False)
    index = services.content.load_protected_kinds().index()
    known = sum(tags is not None and bool(index.names(tags)) for tags in found.lost_features)
    lost = Loss(known, len(found.lost_features) - known)
    return _noted(services, *recorded(project, lost, REPAIR, services.today()))


def as_pulled(services: Services, mine: Project, found: Incoming) -> Incoming:
    """Return what others kept, and the project with it, with decisions settled and losses in it."""
    kept = as_opened(services, found.kept, is_ours=False)
    if found.joined.conflicts:
        return replace(found, kept=kept)
    whole = into_state(services, [mine, kept], found.joined.project, SHARED)[0]
    return replace(found, kept=kept, joined=replace(found.joined, project=whole))


def lost_by_undo(services: Services, now: Project, before: Project) -> tuple[Loss, ...]:
    """Return what leaves protection where the step from one state to the next is taken back."""
    gone = loss_between(town_of(now), town_of(before), services.content.load_protected_kinds)
    _, loss = recorded(before, gone, UNDO, services.today())
    return (loss,) if loss else ()


def into_state(
    services: Services, before: Sequence[Project], after: Project, step: str
) -> tuple[Project, tuple[Fault, ...], Loss]:
    """Return a new state of a project with its decisions settled and its losses in it, remarks on the decisions, and the loss.

    Parameters
    ----------
    before : the states that it was made of: one, or all sides of a merge.
    step : what led to it, of :mod:`lhasaplan.core.project.project`.
    """
    found = settled(after, things_there(services, after), services.today())
    project, loss = with_losses(services, before, found.project, step)
    return project, tuple(_on_decisions(found)), loss


def with_losses(services: Services, before: Sequence[Project], after: Project, step: str) -> tuple[Project, Loss]:
    """Return a project with what left protection since any of several states in it and in its journal.

    Returns what is new of it beside the first of these states as well, what others had lost before among it.
    """
    project = replace(after, losses=united(after.losses, *(each.losses for each in before)))
    for each in before:
        gone = loss_between(town_of(each), town_of(project), services.content.load_protected_kinds)
        project = _noted(services, *recorded(project, gone, step, services.today()))
    if project.losses == after.losses:
        project = after
    had = {loss.key for each in before[:1] for loss in each.losses}
    fresh = [loss for loss in counted_once(project.losses) if loss.key not in had]
    return project, Loss(sum(loss.known for loss in fresh), sum(loss.unknown for loss in fresh), services.today(), step)


def _noted(services: Services, project: Project, loss: Loss) -> Project:
    """Return a project with a loss in its journal, too."""
    if not loss:
        return project
    entry = JournalEntry(ProtectionLost(loss.known, loss.unknown, loss.key), services.today())
    return replace(project, journal=(*project.journal, entry))


def on_losses(loss: Loss) -> Iterator[Fault]:
    """Yield the remarks on what a step took out of protection."""
    if loss.known:
        yield Fault(LOST, params={"count": loss.known})
    if loss.unknown:
        yield Fault(LOST_UNKNOWN, params={"count": loss.unknown})


def _on_decisions(found: Settled) -> Iterator[Fault]:
    if found.suspended:
        ids = tuple(dict.fromkeys(each.subject for each in found.suspended))
        yield Fault(SUSPENDED, params={"count": len(found.suspended), "ids": named(ids)})
    if found.renamed:
        yield Fault(FOLLOWED, params={"count": found.renamed})
    if found.restored:
        yield Fault(RESTORED, params={"count": found.restored})
