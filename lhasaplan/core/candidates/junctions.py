"""Junctions from the road graph: nodes of three arms, the nodes of one crossroads merged into one place."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.candidates.nearby_features import DRIVEABLE, MAIN, Surroundings

MERGE_M = 30.0  # two carriageways, or the corners of one crossroads
SAME_NODE_M = 0.01
_SAME_PLACE_M = 0.1


def junction_nodes(surroundings: Surroundings, signals: FloatArray, min_arms: int) -> FloatArray:
    """Return the nodes, shape (n, 2), where enough arms of main roads meet, or of any street when signals stand near.

    Parameters
    ----------
    signals : shape (m, 2); traffic signals stand at the stop lines, so they count within 30 m.
    """
    main, driven = (arms_at_nodes(surroundings, classes) for classes in (MAIN, DRIVEABLE))
    big = main[0][main[1] >= min_arms]
    meeting = driven[0][driven[1] >= min_arms]
    if len(signals) and len(meeting):
        less_m = float(np.nextafter(MERGE_M, 0.0))
        near = shapely.STRtree(shapely.points(signals)).query(shapely.points(meeting), predicate="dwithin", distance=less_m)[0]
        big = np.concatenate([big, meeting[np.unique(near)]])
    return np.unique(big, axis=0) if len(big) else np.empty((0, 2))


def arms_at_nodes(surroundings: Surroundings, classes: tuple[str, ...]) -> tuple[FloatArray, IntArray]:
    """Return every node of the roads of these classes, shape (n, 2), and how many arms leave it."""
    lines = (
        surroundings.roads.lines[np.isin(surroundings.roads.classes.astype(str), classes)]
        if len(surroundings.roads.lines)
        else surroundings.roads.lines
    )
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if len(xy) == 0:
        return np.empty((0, 2)), np.empty(0, np.int64)
    starts, ends = np.diff(line, prepend=-1) != 0, np.diff(line, append=-1) != 0
    arms = 2 - starts.astype(np.int64) - ends.astype(np.int64)
    keys, node = np.unique(np.round(xy / SAME_NODE_M).astype(np.int64), axis=0, return_inverse=True)
    return keys * SAME_NODE_M, np.bincount(node.ravel(), arms, len(keys)).astype(np.int64)


def with_rings(nodes: FloatArray, rings: Sequence[BaseGeometry]) -> FloatArray:
    """Return the nodes with every corner of the roundabout that they lie on, piece by piece, shape (n, 2).

    The far side of a ring may have no arm of its own; the ground that the arms enclose is the whole ring all the same.
    """
    left, found = list(rings), nodes
    while touching := [ring for ring in left if shapely.dwithin(ring, shapely.multipoints(found), _SAME_PLACE_M)]:
        left = [ring for ring in left if not any(ring is each for each in touching)]
        found = np.concatenate([found, shapely.get_coordinates(touching)])
    return found


def junction_ground(surroundings: Surroundings, nodes: FloatArray, arm_m: float) -> BaseGeometry:
    """Return the ground that the arms of a junction enclose: what lies between its nodes, and the first metres of each arm."""
    between = shapely.convex_hull(shapely.multipoints(nodes))
    near = shapely.buffer(between, arm_m)
    arms = surroundings.carriageways(near, surroundings.roads_near(between, arm_m))
    middle = [between] if shapely.get_dimensions(between) == 2 else []
    return surroundings.outdoors(_largest(shapely.union_all([arms, *middle])))


def _largest(area: BaseGeometry) -> BaseGeometry:
    """Return the largest piece: a road that passes without meeting the others is no arm."""
    parts = shapely.get_parts(area)
    return parts[np.argmax(shapely.area(parts))] if len(parts) else area
