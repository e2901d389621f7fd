"""One prism, a building or a tree, to put in the place of another; numbers stay, so that views keep their own building."""

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.model.layer import Buildings, Tags


def prism(polygon: BaseGeometry, heights_m: tuple[float, float], name: str, tags: Tags | None = None) -> Buildings:
    """Return one prism with heights above its ground."""
    shapes = np.empty(1, object)
    shapes[0] = polygon
    base, top = (np.array([height]) for height in heights_m)
    return Buildings(np.array([name], object), shapes, base, top, np.array(["height"], object), ({} if tags is None else tags,))


def name_of(before: Buildings, number: int, name: str) -> str:
    """Return the name that a prism has from now on: a given one, else the one that it had."""
    return name or (str(before.ids[number]) if number < len(before) else "")


def together(buildings: Buildings, screens: Buildings | None) -> Buildings:
    """Return the buildings and behind them the screens, as prisms of one town."""
    if screens is None or not len(screens):
        return buildings
    names = ("ids", "polygons", "base_m", "top_m", "height_source")
    ids, polygons, base, top, source = (np.concatenate((getattr(buildings, name), getattr(screens, name))) for name in names)
    return Buildings(ids, polygons, base, top, source, (*buildings.tags, *screens.tags))


NO_SCREENS = Buildings(np.empty(0, object), np.empty(0, object), np.empty(0), np.empty(0), np.empty(0, object), ())
