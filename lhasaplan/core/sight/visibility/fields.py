"""Visibility polygons: what each view can see at target height, cut into density bands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M, Field
from lhasaplan.core.sight.lens.masks import masked_ground
from lhasaplan.core.sight.lens.open_ground import blind_zone, open_ground
from lhasaplan.core.sight.obstacles.indoor_walls import is_indoors, open_floor
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.density_bands import Band, DensityBands, areas_only, bands_within, cut_bands
from lhasaplan.core.sight.visibility.over_relief import ReliefBands, bands_over_relief, hidden_over_relief
from lhasaplan.core.sight.visibility.shadows import shadows


class Swept(NamedTuple):
    """What views see: MultiPolygons (empty where nothing is seen), their areas in m2, which are valid for certain; all (V,)."""

    ground: ObjectArray
    area_m2: FloatArray
    is_sound: BoolArray


def fields_by_shadows(
    views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
) -> tuple[Field, ...]:
    """Return one field per view, by taking the shadows of all buildings away; exact and slow."""
    ground = np.empty(len(views), object)
    for k, view in enumerate(views):
        progress(k / len(views), "sight")
        ground[k] = lit_ground(view, scene, target_height_m)
    return fields_of(views, ground, scene, target_height_m)


def fields_of(views: Sequence[View], ground: ObjectArray, scene: Scene, target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of views from what is free of buildings: blind zones and masks off, indoor walls, bands cut."""
    return tuple(_field(view, seen, scene, target_height_m) for view, seen in zip(views, ground, strict=True))


def fields_of_swept(views: Sequence[View], swept: Swept, scene: Scene, target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of views from what the sweep found on level ground, masks taken off: made valid, indoor walls cut."""
    ground, area_m2 = settle(views, swept, scene)
    return tuple(
        Field(view.basis, seen, DensityBands(view, target_height_m, seen) if area else (), area)
        for view, seen, area in zip(views, ground, area_m2.tolist(), strict=True)
    )


def fields_over_relief(views: Sequence[View], swept: Swept, scene: Scene, target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of views from what the sweep found over relief: masks and raised decks off, made valid, bands cut."""
    ground, area_m2, is_sound = swept.ground.copy(), swept.area_m2.copy(), swept.is_sound.copy()
    changed = set()
    for k, piece in hidden_over_relief(views, scene, target_height_m):
        if k not in changed and not is_sound[k] and not shapely.is_valid(ground[k]):
            ground[k] = areas_only(ground[k])  # GEOS cuts no polygon that touches itself
        ground[k] = shapely.difference(ground[k], piece)
        changed.add(k)
    for k in changed:
        ground[k] = areas_only(ground[k])
        area_m2[k] = ground[k].area
        is_sound[k] = True
    ground, area_m2 = settle(views, Swept(ground, area_m2, is_sound), scene)
    return tuple(
        Field(view.basis, seen, ReliefBands(view, target_height_m, seen, scene.relief) if area else (), area)
        for view, seen, area in zip(views, ground, area_m2.tolist(), strict=True)
    )


def settle(views: Sequence[View], swept: Swept, scene: Scene) -> tuple[ObjectArray, FloatArray]:
    """Return polygons and areas of a sweep, those in doubt made valid, and cut to their own floor where lenses are indoors."""
    ground, area_m2 = swept.ground.copy(), swept.area_m2.copy()
    doubtful = np.flatnonzero(~swept.is_sound)
    indoor = [k for k, view in enumerate(views) if is_indoors(view)]
    for k in indoor:
        ground[k] = shapely.intersection(shapely.make_valid(ground[k]), open_floor(views[k], scene))
    for k in {*indoor, *doubtful[~shapely.is_valid(ground[doubtful])].tolist()}:
        ground[k] = areas_only(ground[k])
        area_m2[k] = ground[k].area
    return ground, area_m2


def lit_ground(view: View, scene: Scene, target_height_m: float) -> BaseGeometry:
    """Return the plane of the target within sector and farthest limit without the shadows of buildings."""
    reach = open_ground(view, target_height_m, with_blind_zone=True)
    if reach.is_empty:
        return reach
    return shapely.difference(reach, shadows(view, scene, reach, target_height_m))


def _field(view: View, lit: BaseGeometry, scene: Scene, target_height_m: float) -> Field:
    """Return one view's field."""
    seen = lit
    for piece in _hidden(view, scene, target_height_m):
        seen = shapely.difference(seen, piece)
    if is_indoors(view):
        seen = shapely.intersection(seen, open_floor(view, scene))
    seen = areas_only(seen)
    return Field(view.basis, seen, _bands(view, seen, scene, target_height_m), float(seen.area))


def _hidden(view: View, scene: Scene, target_height_m: float) -> list[BaseGeometry]:
    """Return what is hidden beside the shadows that the sweep knows."""
    if not scene.relief.is_level:
        return [piece for _, piece in hidden_over_relief([view], scene, target_height_m)]
    pieces = [blind_zone(view, target_height_m), masked_ground(view, target_height_m)]
    return [piece for piece in pieces if piece is not None]


def _bands(view: View, seen: BaseGeometry, scene: Scene, target_height_m: float) -> tuple[Band, ...]:
    """Return (lower density, ground) from coarse to fine, disjoint; empty bands are left out."""
    if scene.relief.is_level or seen.is_empty:
        return cut_bands(view, target_height_m, seen)
    return bands_within(seen, bands_over_relief(view, scene.relief, target_height_m, DENSITY_BANDS_PX_M))
