"""Stop at the gate whatever would plan, before it enters the project; and tell how the gate stands and what would open it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import marked
from lhasaplan.core.gate.decide import judge_gate, overseers_of, refuse_unless_open
from lhasaplan.core.gate.planning_ground import cell_box, elsewhere_gaps, empty_cells, plan_area
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Gate
from lhasaplan.errors import Fault, GateError
from lhasaplan.ports import Services

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

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
