"""Where doors of protected buildings are: entrance points that the map has, each with the stretch of wall that holds it."""

from collections.abc import Mapping

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.protection.samples import FRONTAGE_STEP_M, OUTWARD_M

_NO_DOOR = frozenset({"", "no"})
_SLACK_M = 0.01
_CORNER_M = 1.0  # a wall may bend, and a door be drawn past its corner: so far beyond the end of a stretch


def doors_of(layers: Mapping[str, Layer]) -> FloatArray:
    """Return the points that the map has as entrances or doors, each once; shape (n, 2)."""
    points = [
        shapely.get_coordinates(geometry)[0]
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if _is_door(tags) and geometry is not None and geometry.geom_type == "Point" and not geometry.is_empty
    ]
    return np.unique(np.array(points, float).reshape(-1, 2), axis=0)


def _is_door(tags: Tags) -> bool:
    return tags.get("entrance", "") not in _NO_DOOR or tags.get("door", "") not in _NO_DOOR


def doors_on(samples: ProtectedSamples, directions: FloatArray, doors: FloatArray, reach_m: float) -> tuple[IntArray, IntArray]:
    """Return pairs of door and lowest frontage sample of the stretch of wall that it belongs to, one stretch a door.

    A door further than ``reach_m`` from every sampled outline has none.

    Parameters
    ----------
    directions : shape (S, 2); unit vectors along the wall of each sample.
    doors : shape (n, 2).
    """
    lowest = _lowest(samples) if len(doors) else np.zeros(0, np.int64)
    if not len(lowest):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    far_m = reach_m + OUTWARD_M + FRONTAGE_STEP_M
    tree = shapely.STRtree(shapely.points(samples.xyz_m[lowest, :2]))
    door, row = tree.query(shapely.points(doors), predicate="dwithin", distance=far_m)
    sample = lowest[row]
    across, beyond = _off_the_wall(samples, directions, doors[door], sample)
    near = (across <= reach_m + _SLACK_M) & (beyond <= _CORNER_M)
    door, sample, off = door[near], sample[near], (across + beyond)[near]
    order = np.lexsort((sample, off, door))
    first = order[np.unique(door[order], return_index=True)[1]]
    return door[first].astype(np.int64), sample[first]


def _lowest(samples: ProtectedSamples) -> IntArray:
    """Return the lowest frontage sample of each stretch."""
    is_first = np.diff(samples.column, prepend=-1) != 0  # columns ascend, the lowest sample first
    return np.flatnonzero(is_first & (samples.length_m > 0.0))


def _off_the_wall(
    samples: ProtectedSamples, directions: FloatArray, doors: FloatArray, sample: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return how far each door lies before or behind the wall's line, and how far beyond the end of the stretch (or 0)."""
    wall = directions[sample]
    outward = np.stack([wall[:, 1], -wall[:, 0]], axis=1)
    offset = doors - (samples.xyz_m[sample, :2] - OUTWARD_M * outward)
    across = np.abs((offset * outward).sum(axis=1))
    along = np.abs((offset * wall).sum(axis=1))
    return across, np.maximum(along - samples.length_m[sample] / 2.0, 0.0)
