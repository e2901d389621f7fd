"""What the plane tools are given: the walls round one camera as a box with disjoint holes, in local metres."""

import numpy as np
import shapely

GAP_M = 1.0


def neighbourhoods(polygons, x, y, reach_m):
    """Return per camera its rings, box first; footprints wall to wall are joined, as these tools demand disjoint holes."""
    tree = shapely.STRtree(polygons)
    return [_rings(polygons, tree, shapely.Point(a, b), reach_m) for a, b in zip(x, y, strict=True)]


def _rings(polygons, tree, eye, reach_m):
    near = polygons[tree.query(eye, predicate="dwithin", distance=reach_m)]
    joined = shapely.get_parts(shapely.union_all(shapely.buffer(near, 0.001, join_style="mitre")))
    local = shapely.transform(shapely.get_exterior_ring(joined), lambda xy: xy - (eye.x, eye.y))
    low, high = np.split(shapely.total_bounds(local), 2) if len(local) else (np.full(2, -reach_m), np.full(2, reach_m))
    low, high = np.minimum(low, -reach_m) - GAP_M, np.maximum(high, reach_m) + GAP_M
    box = np.array(((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])))
    holes = [shapely.get_coordinates(ring)[:-1] for ring in local]
    return [box, *(_clockwise(hole) for hole in holes)]


def _clockwise(ring):
    x, y = ring.T
    twice = np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))
    return ring[::-1] if twice > 0.0 else ring
