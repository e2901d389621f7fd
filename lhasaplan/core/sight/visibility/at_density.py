"""The part of what views see that they show at a density or better, for many views at once."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import IntArray, ObjectArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.lens.open_ground import grounds_between
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.density_bands import areas_only, is_dense_throughout
from lhasaplan.core.sight.visibility.over_relief import bands_over_relief

VIEWS_A_BATCH = 64
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def ground_at_least(
    views: Sequence[View],
    fields: Sequence[Field],
    scene: Scene,
    density_px_m: float,
    *,
    target_height_m: float = 1.5,
    progress: Progress = no_progress,
) -> ObjectArray:
    """Return the ground that each view shows at the density or better, shape (V,); areas, empty where there is none.

    The same as the union of the field's bands from this density up, but cut once, and not at all where the range ends first.
    """
    found = np.array([*(field.geometry for field in fields), None], object)[:-1]
    batches = [np.arange(low, min(low + VIEWS_A_BATCH, len(views))) for low in range(0, len(views), VIEWS_A_BATCH)]

    def cut(batch: IntArray) -> None:
        some = [v for v in batch.tolist() if not _is_sharp_throughout(views[v], scene, density_px_m, target_height_m)]
        near = _near_enough([views[v] for v in some], scene, density_px_m, target_height_m)
        found[some] = _areas(shapely.intersection(found[some], near))

    if batches:
        in_threads(cut, batches, progress)
    return found


def _is_sharp_throughout(view: View, scene: Scene, density_px_m: float, target_height_m: float) -> bool:
    """Tell whether the view ends before its density falls below the limit; over relief that is unknown beforehand."""
    return scene.relief.is_level and is_dense_throughout(view, target_height_m, density_px_m)


def _near_enough(views: Sequence[View], scene: Scene, density_px_m: float, target_height_m: float) -> ObjectArray:
    """Return the ground, walls and range ignored, that has the density or a better one; shape (V,)."""
    if scene.relief.is_level:
        return grounds_between(views, target_height_m, density_px_m, np.inf)
    shapes = (bands_over_relief(view, scene.relief, target_height_m, (density_px_m,))[0] for view in views)
    return np.array([*shapes, None], object)[:-1]


def _areas(geometry: ObjectArray) -> ObjectArray:
    """Return the areas among the parts of each geometry."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(geometry), _AREAS))
    geometry[mixed] = np.array([*(areas_only(each) for each in geometry[mixed]), None], object)[:-1]
    return geometry
