"""The ground that a view sees at any density and at 25 px/m, without the bands that only maps draw."""

from collections.abc import Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight import Scene, visibility_fields
from lhasaplan.core.sight.visibility.at_density import ground_at_least
from lhasaplan.core.sight.visibility.density_bands import dense_ground
from lhasaplan.core.sight.visibility.fields import settle

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
