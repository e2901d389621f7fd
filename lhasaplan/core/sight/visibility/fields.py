"""Visibility polygons: what each view can see at target height, cut into density bands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.obstacles.indoor_walls import is_indoors, open_floor
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.density_bands import DensityBands, areas_only
from lhasaplan.core.sight.visibility.over_relief import ReliefBands, hidden_over_relief


class Swept(NamedTuple):
    """What views see: MultiPolygons (empty where nothing is seen), their areas in m2, which are valid for certain; all (V,)."""

    ground: ObjectArray
    area_m2: FloatArray
    is_sound: BoolArray


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
