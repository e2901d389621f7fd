"""Merge features that describe one object: pieces of a line, overlapping areas, points on what they belong to."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.joined_groups import joined_groups
from lhasaplan.core.model.layer import Tags
from lhasaplan.core.rules.pack import Category, Pack

# Points of one category this close are one place: the two carriageways of a crossing, the tracks of a level crossing.
# A stop may stand a step beside its platform; the carriageways of one bridge or tunnel run side by side under one name.
POINTS_MERGE_M = {
    "crossing": 8.0,
    "school_crossing": 8.0,
    "conflict_area": 20.0,
    "container_apron": 8.0,
    "boarding_area": 2.0,
    "platform_edge": 2.0,
    "carriageway": 12.0,
    "carriageway_indoor": 12.0,
}
_TOUCH_M = 0.01


@dataclass(frozen=True, eq=False, slots=True)
class Feature:
    """One feature of a layer that a category takes."""

    identity: str
    geometry: BaseGeometry
    tags: Tags


def dimension_of(feature: Feature) -> int:
    """Return 0 for a point, 1 for a line, 2 for an area."""
    return int(shapely.get_dimensions(feature.geometry))


def is_below(tags: Tags) -> bool:
    """Return whether a feature lies in a tunnel, a passage or under ground: the platform of an underground railway."""
    return tags.get("tunnel", "no") != "no" or tags.get("location") == "underground" or tags.get("indoor", "no") != "no"


def deduplicated(found: dict[str, list[Feature]], pack: Pack) -> dict[str, list[Feature]]:
    """Move points that tell of a thing of another category to it: a stop on its platform is that platform."""
    for category in pack.categories:
        other = str(category.params.get("one_with", ""))
        if other in found and found[category.name]:
            open_air = [each for each in found[other] if dimension_of(each) and not is_below(each.tags)]
            tree = shapely.STRtree([each.geometry for each in open_air])
            points = [each.geometry if dimension_of(each) == 0 else None for each in found[category.name]]
            within_m = POINTS_MERGE_M.get(next(c for c in pack.categories if c.name == other).part_kind, _TOUCH_M)
            moved = set(tree.query(np.array([*points, None], object)[:-1], predicate="dwithin", distance=within_m)[0].tolist())
            found[other] += [each for number, each in enumerate(found[category.name]) if number in moved]
            found[category.name] = [each for number, each in enumerate(found[category.name]) if number not in moved]
    return found


def same_object(features: list[Feature], category: Category) -> IntArray:
    """Return a group number for each feature: what overlaps, lies inside, or goes on as the next piece of a line is one."""
    if not features:
        return np.empty(0, np.int64)
    geometry = np.array([*(feature.geometry for feature in features), None], object)[:-1]
    within_m = POINTS_MERGE_M.get(category.part_kind, _TOUCH_M)
    a, b = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=within_m)
    low, high = (np.minimum, np.maximum)
    sizes = shapely.get_dimensions(geometry)
    dimensions = low(sizes[a], sizes[b]), high(sizes[a], sizes[b])
    keep = [
        i != j and _is_one(features[i], features[j], (int(small), int(large)))
        for i, j, small, large in zip(a, b, *dimensions, strict=True)
    ]
    a, b = a[keep], b[keep]
    return joined_groups(a, b, len(features))


def _is_one(a: Feature, b: Feature, dimensions: tuple[int, int]) -> bool:
    """Areas must share ground; lines must go on, or run side by side, under one name; a point joins what it lies in or beside."""
    if dimensions == (2, 2):
        return bool(shapely.area(shapely.intersection(a.geometry, b.geometry)) > 0)
    if dimensions == (1, 1):
        name = a.tags.get("name", "")
        is_same = name == b.tags.get("name", "")
        return is_same and (bool(name) or bool(shapely.dwithin(a.geometry, b.geometry, _TOUCH_M)))
    return dimensions[0] == 0 or bool(shapely.intersects(a.geometry, b.geometry))
