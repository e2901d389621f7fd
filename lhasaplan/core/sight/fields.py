"""Visibility polygons: what each view can see at target height, cut into density bands."""

from collections.abc import Callable, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.assessment import DENSITY_BANDS_PX_M, Field
from lhasaplan.core.camera import Mount, View
from lhasaplan.core.sight.mask import masked_ground
from lhasaplan.core.sight.outline import ground_at_density, open_ground
from lhasaplan.core.sight.scene import Scene
from lhasaplan.core.sight.shadow import shadows

Progress = Callable[[float, str], None]
SLIVER_M2 = 1e-6


def unwatched(share: float, step: str) -> None:
    """Progress that nobody watches."""


def fields_by_shadows(
    views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = unwatched
) -> tuple[Field, ...]:
    """Return one field per view, by taking the shadows of all buildings away; exact and slow."""
    found = []
    for k, view in enumerate(views):
        progress(k / len(views), "sight")
        seen = _seen_ground(view, scene, target_height_m)
        found.append(field_of(view, seen, target_height_m))
    return tuple(found)


def field_of(view: View, unmasked: BaseGeometry, target_height_m: float) -> Field:
    """Return the field of a view from its polygon before masks: masks off, density bands cut."""
    mask = masked_ground(view, target_height_m)
    seen = areas_only(unmasked if mask is None else shapely.difference(unmasked, mask))
    return Field(view.basis, seen, _bands(view, seen, target_height_m), float(seen.area))


def areas_only(geometry: BaseGeometry) -> BaseGeometry:
    """Return the areas of a geometry as a valid MultiPolygon, without lines, points and slivers."""
    whole = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(shapely.get_parts(whole)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon([part for part in parts if part.area > SLIVER_M2])


def _seen_ground(view: View, scene: Scene, target_height_m: float) -> BaseGeometry:
    """Return what the view sees on the plane of the target before masks."""
    reach = open_ground(view, target_height_m)
    if reach.is_empty:
        return reach
    hull = shapely.union(reach, shapely.Point(view.x_m, view.y_m)).convex_hull if reach.area else reach
    seen = shapely.difference(reach, shadows(view, scene, hull, target_height_m))
    if view.mount is Mount.INDOOR and view.own_building >= 0:
        return shapely.intersection(seen, scene.buildings.polygons[view.own_building])
    return seen


def _bands(view: View, seen: BaseGeometry, target_height_m: float) -> tuple[tuple[float, BaseGeometry], ...]:
    """Return (lower density, ground) from coarse to fine, disjoint; empty bands are left out."""
    inside = [shapely.intersection(seen, ground_at_density(view, target_height_m, d)) for d in DENSITY_BANDS_PX_M]
    finer = [*inside[1:], shapely.Polygon()]
    cut = [areas_only(shapely.difference(band, fine)) for band, fine in zip(inside, finer, strict=True)]
    return tuple((d, band) for d, band in zip(DENSITY_BANDS_PX_M, cut, strict=True) if not band.is_empty)
