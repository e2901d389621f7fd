"""Find outlines, and stretches of outlines, that are too thin to be a building: walls, which end no view of a protected place.

Nobody lives, works or stores anything in a strip as wide as a hedge. Such a wall may stand there or have been drawn to hide a
window; whoever looks at a map cannot tell, as of a tree. What a camera can see of the ground does end at it.
A wall may be drawn in pieces: outlines that touch are judged together, with the posts and knobs between them.
"""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, in_parts
from lhasaplan.core.base.joined_groups import joined_groups
from lhasaplan.core.model.layer import Buildings

# A strip narrower than this, and at least so long, is no building; half a metre of masonry is a wall that maps know.
WIDTH_M, LENGTH_M = 0.4, 2.0
_JUST_AS_WIDE_M = 0.02
_ROUNDING_M = 0.05
_SHARPEST_DEG = 15.0
_MITRE = 2.5  # a corner sharper than 47 degrees has a thin end


def without_thin_walls(buildings: Buildings) -> tuple[Buildings, int]:
    """Return buildings that lack their thin stretches, and of how many outlines; the same where none has any.

    Rows stay what they are: what is a wall as a whole has no height.
    """
    suspects = np.flatnonzero(in_parts(_may_be_thin, buildings.polygons) | _is_small(buildings.polygons))
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


def _is_small(polygons: ObjectArray) -> BoolArray:
    """Say which outlines are no longer than a piece of wall may be: posts, of which a wall may have some."""
    west, south, east, north = shapely.bounds(polygons).reshape(-1, 4).T
    return np.asarray(np.hypot(east - west, north - south) < LENGTH_M, bool)


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
    """Say at which corners, shape (n - 1,), a ring turns back on itself, where it begins and ends among them."""
    ahead = np.diff(corners, axis=0)
    is_edge = owner[1:] == owner[:-1]
    first = np.flatnonzero(is_edge & np.concatenate([[True], owner[1:-1] != owner[:-2]])) if len(ahead) else np.zeros(0, np.int64)
    last = np.flatnonzero(is_edge & np.concatenate([owner[2:] != owner[1:-1], [True]])) if len(ahead) else first
    back = np.roll(ahead, 1, axis=0)
    back[first] = ahead[last]
    size = np.maximum(np.hypot(*ahead.T) * np.hypot(*back.T), 1e-12)
    return np.asarray(is_edge & ((ahead * back).sum(axis=1) / size < -np.cos(np.radians(_SHARPEST_DEG))), bool)


def _solid(polygons: ObjectArray) -> ObjectArray:
    """Return what is left of each outline, empty where nothing is; None where it has no thin stretch."""
    half_m = (WIDTH_M - _JUST_AS_WIDE_M) / 2.0
    core = shapely.buffer(polygons, -half_m, join_style="mitre", mitre_limit=_MITRE)
    thick = shapely.buffer(core, half_m + _ROUNDING_M, join_style="mitre", mitre_limit=_MITRE)
    thin, thin_row = shapely.get_parts(shapely.difference(polygons, thick), return_index=True)
    knob, knob_row = shapely.get_parts(thick, return_index=True)
    is_knob = _across_m(knob) < LENGTH_M
    pieces, row = np.concatenate([thin, knob[is_knob]]), np.concatenate([thin_row, knob_row[is_knob]])
    is_thin = np.arange(len(pieces)) < len(thin)
    is_wall = (is_thin & (_across_m(pieces) >= LENGTH_M)) | _in_chains(pieces, is_thin)
    found: ObjectArray = np.full(len(polygons), None, object)
    for each in np.unique(row[is_wall]).tolist():
        walls = shapely.union_all(pieces[is_wall & (row == each)])
        left = shapely.difference(polygons[each], shapely.buffer(walls, _ROUNDING_M))
        found[each] = left if left.area > _ROUNDING_M else shapely.Polygon()
    return found


def _across_m(shapes: ObjectArray) -> FloatArray:
    return np.asarray(2.0 * shapely.minimum_bounding_radius(shapes), float)


def _in_chains(pieces: ObjectArray, is_thin: BoolArray) -> BoolArray:
    """Say which pieces make a wall with others that they touch: as long as one, and thin on half of its length."""
    if not len(pieces):
        return np.zeros(0, bool)
    one, other = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=_ROUNDING_M)
    chain = joined_groups(one, other, len(pieces))
    chains = int(chain.max()) + 1
    thin_m = np.bincount(chain, np.where(is_thin, _across_m(pieces), 0.0), chains)
    several = np.bincount(chain, minlength=chains) > 1
    length_m = np.zeros(chains)
    order = np.argsort(chain, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(chain[order])) + 1):
        if several[chain[rows[0]]] and thin_m[chain[rows[0]]] > 0.0:
            length_m[chain[rows[0]]] = 2.0 * shapely.minimum_bounding_radius(shapely.geometrycollections(pieces[rows]))
    is_wall = (length_m >= LENGTH_M) & (thin_m >= length_m / 2.0)
    return np.asarray(is_wall[chain], bool)
