"""What many cameras see of the ground, and nothing else of the answers: so that a map can be drawn before these are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.visibility.at_density import ground_at_least


@dataclass(frozen=True, eq=False, slots=True)
class FirstSight:
    """One camera as placed; ``grounds`` is what each of its fields shows at 25 px/m or better."""

    placed: Placed
    fields: tuple[Field, ...]
    grounds: tuple[BaseGeometry, ...]


def first_sight(city: AuditContext, cameras: Sequence[Camera], progress: Progress = no_progress) -> tuple[FirstSight, ...]:
    """Return what cameras see, in their order, by the same functions as the whole answers; InputError as from these."""
    context = set_in(city, cameras, part_of(progress, 0.0, 0.2))
    views = context.view_table.views
    fields = city.sight.visibility_fields(views, city.rooms, progress=part_of(progress, 0.2, 0.6))
    grounds = ground_at_least(views, fields, context.rooms, SEEN_PX_M, progress=part_of(progress, 0.6, 1.0))
    mine: list[list[int]] = [[] for _ in context.placed]
    for view, camera in enumerate(context.view_table.camera.tolist()):
        mine[camera].append(view)
    return tuple(
        FirstSight(placed, tuple(fields[v] for v in own), tuple(grounds[v] for v in own))
        for placed, own in zip(context.placed, mine, strict=True)
    )
