"""Find outlines, and stretches of outlines, that are too thin to be a building: walls, which end no view of a protected place.

Nobody lives, works or stores anything in a strip as wide as a hedge. Such a wall may stand there or have been drawn to hide a
window; whoever looks at a map cannot tell, as of a tree. What a camera can see of the ground does end at it.
"""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, in_parts
from lhasaplan.core.model.layer import Buildings

# A strip narrower than this, and at least so long, is no building; half a metre of masonry is a wall that maps know.
WIDTH_M, LENGTH_M = 0.4, 2.0
_JUST_AS_WIDE_M = 0.02
_ROUNDING_M = 0.05
_SHARPEST_DEG = 15.0
_MITRE = 5.0


def without_thin_walls(buildings: Buildings) -> tuple[Buildings, int]:
    """Return buildings that lack their thin stretches, and of how many outlines; the same where none has any.

    Rows stay what they are: what is a wall as a whole has no height.
    """
    suspects = np.flatnonzero(in_parts(_may_be_thin, buildings.polygons))
    solid = _solid(buildings.polygons[suspects])
    changed = np.array([shape is not None for shape in solid], bool)
    rows, shapes = suspects[changed], solid[changed]
    if not len(rows):
        return buildings, 0
    is_gone = shapely.is_empty(shapes)
    polygons, top_m, base_m = buildings.polygons.copy(), buildings.top_m.copy(), buildings.base_m.copy()
    polygons[rows[~is_gone]] = shapes[~is_gone]
    top_m[rows[is_gone]] = base_m[rows[is_gone]] = 0.0
    return replace(buildings, polygons=polygons, top_m=top_m, base_m=base_m), len(rows)


def _may_be_thin(polygons: ObjectArray) -> BoolArray:
    """Say which outlines have a court, a side as short as a thin strip is wide, or a corner as sharp: of others none is thin."""
    rings, ring_owner = shapely.get_parts(shapely.boundary(polygons), return_index=True)
    corners, owner = shapely.get_coordinates(rings, return_index=True)
    step, is_joined = np.diff(corners, axis=0), owner[1:] == owner[:-1]
    length = np.hypot(*step.T)
    is_short = is_joined & (length < WIDTH_M)
    marks = np.concatenate([owner[:-1][is_short], owner[:-1][_sharp(corners, owner)]])
    found = np.bincount(ring_owner, minlength=len(polygons)) > 1
    found[ring_owner[marks]] = True
    return found


def _sharp(corners: FloatArray, owner: IntArray) -> BoolArray:
    """Say at which corners, shape (n - 1,), a ring turns back on itself."""
    ahead = np.diff(corners, axis=0)
    last = np.zeros(len(ahead), bool)
    last[1:] = (owner[1:-1] == owner[:-2]) & (owner[2:] == owner[1:-1])
    back = np.roll(ahead, 1, axis=0)
    size = np.maximum(np.hypot(*ahead.T) * np.hypot(*back.T), 1e-12)
    return np.asarray(last & ((ahead * back).sum(axis=1) / size < -np.cos(np.radians(_SHARPEST_DEG))), bool)


def _solid(polygons: ObjectArray) -> ObjectArray:
    """Return what is left of each outline, empty where nothing is; None where it has no thin stretch."""
    half_m = (WIDTH_M - _JUST_AS_WIDE_M) / 2.0
    core = shapely.buffer(polygons, -half_m, join_style="mitre", mitre_limit=_MITRE)
    thick = shapely.buffer(core, half_m + _ROUNDING_M, join_style="mitre", mitre_limit=_MITRE)
    part, row = shapely.get_parts(shapely.difference(polygons, thick), return_index=True)
    is_wall = 2.0 * shapely.minimum_bounding_radius(part) >= LENGTH_M
    found: ObjectArray = np.full(len(polygons), None, object)
    for each in np.unique(row[is_wall]).tolist():
        walls = shapely.union_all(part[is_wall & (row == each)])
        left = shapely.difference(polygons[each], shapely.buffer(walls, _ROUNDING_M))
        found[each] = left if left.area > _ROUNDING_M else shapely.Polygon()
    return found
