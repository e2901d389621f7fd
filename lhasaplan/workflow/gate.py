"""Stop at the gate whatever would plan, before it enters the project: confirmations and planned cameras."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lhasaplan.core.base.wording import marked
from lhasaplan.core.gate.decide import judge_gate, refuse_unless_open
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, GateError
from lhasaplan.ports import Services

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

NONE_PLANNED = marked("Nothing was taken in: the file plans cameras ({cameras}), and outside the gate none is planned.")
_NAMED = 10


def refuse_closed(city: "AuditContext", parts: Sequence[Part]) -> None:
    """Raise GateError with all that is missing, unless these parts and the project's planned cameras may be planned."""
    known = city.reference_data
    project, rules = city.project, known.policy.mandate
    gate = judge_gate(project, known.packs, known.territory, city.buildings, parts, city.crs, today=known.today, rules=rules)
    refuse_unless_open(gate)


def refuse_planned(services: Services, before: Project, after: Project) -> None:
    """Raise GateError when an import brought or moved a planned camera and the gate is closed with it in the project."""
    known = {(c.camera_id, c.x_m, c.y_m) for c in before.cameras if c.status is Status.PLANNED}
    fresh = [c.camera_id for c in after.cameras if c.status is Status.PLANNED and (c.camera_id, c.x_m, c.y_m) not in known]
    if not fresh:
        return
    from lhasaplan.core.coverage.requested_parts import find_candidates  # noqa: PLC0415 - loads the kernels; few files plan
    from lhasaplan.workflow.answers import audit_context  # noqa: PLC0415 - the same

    try:
        city = audit_context(services, after)
        refuse_closed(city, find_candidates(city).confirmed)
    except GateError as error:
        named = ", ".join(fresh[:_NAMED]) + (" …" if len(fresh) > _NAMED else "")
        raise GateError(Fault(NONE_PLANNED, params={"cameras": named}), *error.faults) from error
