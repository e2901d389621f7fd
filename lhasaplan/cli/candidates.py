"""Print the candidates of a project and what people decided about them."""

from lhasaplan import workflow
from lhasaplan.cli.screen import Desk
from lhasaplan.core.guard import guard_parts
from lhasaplan.core.place import Part
from lhasaplan.core.project import Project
from lhasaplan.core.wording import marked
from lhasaplan.errors import Fault


def list_candidates(desk: Desk, project: Project) -> None:
    """Print each candidate with its category, what it would ask for, and whether it may and did become demand."""
    found = workflow.candidates(desk.rooms, project)
    alone = guard_parts(found.parts, found.setting.ground, None)  # each by itself: nobody asked for all of them together
    refused = {part.part_id: (template, params) for part, template, params in alone.refused}
    heads = [marked("Part"), marked("Category"), marked("Name"), marked("px/m"), marked("State")]
    rows = [
        (
            part.part_id,
            part.category,
            part.name,
            part.required.density_px_m,
            _state(desk, project, part, refused.get(part.part_id)),
        )
        for part in found.parts
    ]
    desk.table(desk.wording(marked("Candidates")), [desk.wording(head) for head in heads], rows)


def _state(desk: Desk, project: Project, part: Part, refusal: tuple[str, object] | None) -> str:
    w = desk.wording
    if part.part_id in {excuse.part_id for excuse in project.excuses}:
        return w(marked("excused"))
    if part.part_id in {confirmation.part_id for confirmation in project.confirmations}:
        return w(marked("confirmed"))
    if part.question:
        return w(part.question)
    if refusal is not None:
        template, params = refusal
        return w.fault(Fault(template, params=dict(params)))  # type: ignore[call-overload]
    return w(marked("not requested"))
