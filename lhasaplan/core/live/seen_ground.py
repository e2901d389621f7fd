"""The ground that a view sees at any density and at 25 px/m, without the bands that only maps draw."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, TownWalls, view_table_of
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.unasked_area import not_mapped, together
from lhasaplan.core.model.camera import Basis, Camera, Placed, View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight import Scene, visibility_fields
from lhasaplan.core.sight.visibility.at_density import ground_at_least
from lhasaplan.core.sight.visibility.density_bands import dense_ground
from lhasaplan.core.sight.visibility.fields import settle
from lhasaplan.core.site.camera_placing import place_in

# What many cameras see of the ground, and nothing else of the answers: so that a map can be drawn before these are there.


@dataclass(frozen=True, eq=False, slots=True)
class CoveragePreview:
    """One camera as placed; ``grounds`` is what each of its fields shows at 25 px/m or better.

    ``not_mapped`` is what of them nobody mapped, None where all of it is mapped: the answers do not count it as seen.
    """

    placed: Placed
    fields: tuple[Field, ...]
    grounds: tuple[BaseGeometry, ...]
    not_mapped: BaseGeometry | None


def coverage_preview(
    city: AuditContext | TownWalls, cameras: Sequence[Camera], progress: Progress = no_progress
) -> tuple[CoveragePreview, ...]:
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
        CoveragePreview(placed, tuple(fields[v] for v in own), tuple(grounds[v] for v in own), together([bare[v] for v in own]))
        for placed, own in zip(all_placed, mine, strict=True)
    )


VIEWS_A_STEP = 64
NOTHING = shapely.MultiPolygon()
Grounds = tuple[BaseGeometry, BaseGeometry]


def grounds_of(views: Sequence[View], scene: Scene, target_height_m: float, progress: Progress = no_progress) -> list[Grounds]:
    """Return, for each view, the ground it sees and the part of it at 25 px/m or better.

    The first is the geometry of :func:`lhasaplan.core.sight.visibility_fields`; the second, which overlap is measured on,
    is empty for a view that is not recorded.
    """
    found: list[Grounds] = []
    for first in range(0, len(views), VIEWS_A_STEP):
        progress(first / len(views), "sight")
        found += _some(views[first : first + VIEWS_A_STEP], scene, target_height_m)
    return found


def _some(views: Sequence[View], scene: Scene, target_height_m: float) -> list[Grounds]:
    from lhasaplan.core.sight.sweep.engine import seen_ground  # noqa: PLC0415  (numba is loaded when it is first needed)

    if not scene.relief.is_level:
        fields = visibility_fields(views, scene, target_height_m)
        sharp = _sharp_over_relief(views, fields, scene, target_height_m)
        return [(field.geometry, part) for field, part in zip(fields, sharp, strict=True)]
    seen, _ = settle(views, seen_ground(views, target_height_m, scene, no_progress), scene)
    return [(ground, _sharp(view, ground, target_height_m)) for view, ground in zip(views, seen, strict=True)]


def _sharp_over_relief(
    views: Sequence[View], fields: Sequence[Field], scene: Scene, target_height_m: float
) -> Iterator[BaseGeometry]:
    """Yield the ground that each recorded view sees at 25 px/m or better, cut once, without its bands."""
    recorded = [k for k, view in enumerate(views) if view.basis is Basis.RECORDED]
    some = [views[k] for k in recorded], [fields[k] for k in recorded]
    sharp = dict(zip(recorded, ground_at_least(*some, scene, SEEN_PX_M, target_height_m=target_height_m), strict=True))
    yield from (sharp.get(k, NOTHING) for k in range(len(views)))


def _sharp(view: View, seen: BaseGeometry, target_height_m: float) -> BaseGeometry:
    """Return the ground that a recorded view sees at 25 px/m or better."""
    if view.basis is not Basis.RECORDED or seen.is_empty:
        return NOTHING
    return dense_ground(view, target_height_m, seen, SEEN_PX_M)
