"""Which protected wall holds each door that the map has, and where along it."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.city.public_ground import doors_of
from lhasaplan.core.model.protected_place import ProtectedWalls

__all__ = ["doors_of", "doors_on"]

_SLACK_M = 0.01
_CORNER_M = 1.0  # a wall may bend, and a door be drawn past its corner: so far beyond the end of a wall


def doors_on(walls: ProtectedWalls, doors: FloatArray, reach_m: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the door, its wall and its metres along it, one wall a door; a door far from every wall has none.

    Parameters
    ----------
    doors : shape (n, 2).   reach_m : how far before or behind the line of its wall a door may be drawn.
    """
    none = np.zeros(0, np.int64)
    if not len(doors) or not len(walls):
        return none, none, np.zeros(0)
    tree = shapely.STRtree(shapely.linestrings(walls.ends_m.reshape(-1, 2, 2)))
    door, wall = tree.query(shapely.points(doors), predicate="dwithin", distance=reach_m + _CORNER_M)
    offset, along = doors[door] - walls.ends_m[wall, :2], walls.direction_of(wall)
    across = np.abs(offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0])
    at = (offset * along).sum(axis=1)
    length = np.hypot(*(walls.ends_m[wall, 2:] - walls.ends_m[wall, :2]).T)
    beyond = np.maximum(np.maximum(-at, at - length), 0.0)
    near = (across <= reach_m + _SLACK_M) & (beyond <= _CORNER_M)
    door, wall, at, off, length = door[near], wall[near], at[near], (across + beyond)[near], length[near]
    order = np.lexsort((wall, off, door))
    first = order[np.unique(door[order], return_index=True)[1]]
    return door[first].astype(np.int64), wall[first].astype(np.int64), np.clip(at, 0.0, length)[first]
