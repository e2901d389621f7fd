"""A scene after one of its prisms changed, came or went, without looking at the others."""

from dataclasses import replace
from typing import Any

import numpy as np

from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.index_change import with_building_indexed
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.obstacles.standing import stand_on


def with_prism(scene: Scene, prism: Buildings, number: int, is_inserted: bool = False) -> Scene:
    """Return the scene with another prism (one, heights above its ground) under a number, or one more at the end.

    ``is_inserted`` puts it before the one that has the number now. Everything that the scene answers is what one made of all
    prisms would answer; walls of floor plans stay where they are.
    """
    standing, index = stand_on(prism, scene.relief), scene.index
    buildings, raised = scene.buildings, scene.is_raised
    if is_inserted:
        buildings, raised = _with_gap(buildings, standing, number), np.insert(raised, number, False)
        index = index._replace(building=index.building + (index.building >= number))
    buildings = put_building(buildings, standing, number)
    raised = _put(raised, number, prism.base_m[0] > 0.0)
    return replace(scene, buildings=buildings, index=with_building_indexed(index, buildings, number), is_raised=raised)


def _with_gap(before: Buildings, one: Buildings, number: int) -> Buildings:
    """Return the buildings with room for one more under a number."""
    names = ("ids", "polygons", "base_m", "top_m", "height_source")
    ids, polygons, base, top, source = (np.insert(getattr(before, name), number, getattr(one, name)[0]) for name in names)
    return Buildings(ids, polygons, base, top, source, (*before.tags[:number], one.tags[0], *before.tags[number:]))


def put_building(before: Buildings, one: Buildings, number: int) -> Buildings:
    """Return the buildings with another one under a number, or one more at the end."""
    tags = before.tags
    if number == len(before):
        tags = (*tags, one.tags[0])
    elif tags[number] is not one.tags[0]:
        tags = (*tags[:number], one.tags[0], *tags[number + 1 :])
    return Buildings(
        _put(before.ids, number, one.ids[0]),
        _put(before.polygons, number, one.polygons[0]),
        _put(before.base_m, number, one.base_m[0]),
        _put(before.top_m, number, one.top_m[0]),
        _put(before.height_source, number, one.height_source[0]),
        tags,
    )


def _put(column: Any, number: int, value: object) -> Any:
    """Return a copy of a column with another value in one row, which may be the next after the last."""
    longer = np.empty(max(len(column), number + 1), column.dtype)
    longer[: len(column)] = column
    longer[number] = value
    return longer
