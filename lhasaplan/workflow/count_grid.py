"""The count grid: how many cameras can see each square metre of the ground, written strip by strip."""

from dataclasses import dataclass
from pathlib import Path

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.project.project import Project
from lhasaplan.core.sight import counted_strips, frame_around
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import audit_context


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cameras a grid counts, and how many operate besides whose direction or lens is not recorded."""

    cameras: int
    left_out: int


def write_count_grid(
    services: Services, project: Project, path: Path, progress: Progress = no_progress, scheduler: str = ""
) -> Counted:
    """Write how many operating cameras can see each cell of 1 m; only certain views count, a pan-tilt's home view.

    The grid is coverage of ground, whatever the ground is: it grades no area, knows no place and proposes nothing. Cells
    that no camera can see are left without a value. A cancel leaves an old file as it was.

    Raises
    ------
    InputError
        If no operating camera has a recorded direction and lens.
    """
    city = audit_context(services, project)
    views = [view for placed in city.placed for view in _certain(placed)]
    if not views:
        raise InputError(Fault("No operating camera has a recorded direction and lens: there is no certain view to count"))
    with services.open_sight(scheduler) as sight:
        fields = sight.visibility_fields(views, city.rooms, progress=part_of(progress, 0.0, 0.8))
    ground = [field.geometry for field in fields]
    frame = frame_around(ground)
    strips = counted_strips(ground, frame, part_of(progress, 0.8, 1.0))
    services.write_counts(path, frame, project, strips, city.reference_data.data)
    return Counted(len(views), len(city.placed) - len(views))


def _certain(placed: Placed) -> tuple[View, ...]:
    """Return the recorded view of a camera, none if anything that sight needs is assumed."""
    return tuple(view for view in placed.views if placed.certain and view.basis is Basis.RECORDED)[:1]
