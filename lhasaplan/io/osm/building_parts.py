"""Lend an outline without a height that of its tallest part."""

from collections.abc import Mapping

import numpy as np
import shapely

from lhasaplan.core.city.building_heights import parse_length_m, parse_number
from lhasaplan.core.model.layer import Layer

_LENT = ("height", "building:levels", "roof:height", "roof:levels")
_STOREY_M = 3.0  # only to say which part is the tallest


def lend_heights(outlines: Layer, parts: Layer) -> Layer:
    """Return the outlines, those without height and storeys with the tags of the tallest part that stands in them.

    A part belongs to the outline that holds a point of its inside. Parts without height or storeys lend nothing.
    """
    tall = np.array([_tall_m(tags) for tags in parts.tags], float)
    needs = np.array([not _says_height(tags) for tags in outlines.tags], bool)
    tree = shapely.STRtree(outlines.geometry)
    part, outline = tree.query(shapely.point_on_surface(parts.geometry), predicate="within")
    lends = (tall[part] > 0.0) & needs[outline]
    tags = list(outlines.tags)
    for lower_first in sorted(zip(part[lends], outline[lends], strict=True), key=lambda pair: tall[pair[0]]):
        lent = {key: value for key, value in parts.tags[lower_first[0]].items() if key in _LENT}
        tags[lower_first[1]] = {**outlines.tags[lower_first[1]], **lent}
    return Layer(outlines.name, outlines.ids, outlines.geometry, tuple(tags))


def _says_height(tags: Mapping[str, str]) -> bool:
    return "height" in tags or "building:levels" in tags


def _tall_m(tags: Mapping[str, str]) -> float:
    height_m = parse_length_m(tags.get("height", ""))
    levels = parse_number(tags.get("building:levels", ""))
    return height_m if height_m is not None else 0.0 if levels is None else levels * _STOREY_M
