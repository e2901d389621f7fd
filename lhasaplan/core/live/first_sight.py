"""What many cameras see of the ground, and nothing else of the answers: so that a map can be drawn before these are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, Walls, view_table_of
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.mapped_ground import not_mapped, together
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.visibility.at_density import ground_at_least
from lhasaplan.core.site.camera_placing import place_in


@dataclass(frozen=True, eq=False, slots=True)
class FirstSight:
    """One camera as placed; ``grounds`` is what each of its fields shows at 25 px/m or better.

    ``not_mapped`` is what of them nobody mapped, None where all of it is mapped: the answers do not count it as seen.
    """

    placed: Placed
    fields: tuple[Field, ...]
    grounds: tuple[BaseGeometry, ...]
    not_mapped: BaseGeometry | None


def first_sight(
    city: AuditContext | Walls, cameras: Sequence[Camera], progress: Progress = no_progress
) -> tuple[FirstSight, ...]:
    """Return what cameras see, in their order, by the same functions as the whole answers; InputError as from these.

    The walls of a city suffice: nothing is asked of its protected places.
    """
    all_placed = place_in(city.town, cameras, city.reference_data.classes, part_of(progress, 0.0, 0.2))
    table = view_table_of(all_placed, city.crs)
    fields = city.sight.visibility_fields(table.views, city.rooms, progress=part_of(progress, 0.2, 0.6))
    grounds = ground_at_least(table.views, fields, city.rooms, SEEN_PX_M, progress=part_of(progress, 0.6, 0.9))
    bare = not_mapped(list(grounds), city.scene.tree)
    mine: list[list[int]] = [[] for _ in all_placed]
    for view, camera in enumerate(table.camera.tolist()):
        mine[camera].append(view)
    return tuple(
        FirstSight(placed, tuple(fields[v] for v in own), tuple(grounds[v] for v in own), together([bare[v] for v in own]))
        for placed, own in zip(all_placed, mine, strict=True)
    )
