"""Keep as places what is protected and what no layer could take as it is drawn, and count what cannot be read at all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.geometry_repair import untangled
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.io.content.layer_spec import PLACES, LayerSpecs
from lhasaplan.io.parse.raw_import import unwrapped

_COLLECTION, _LINE = 7, 1  # shapely type ids
_JOINED = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)  # by dimension
_LEAST_CORNERS = 4  # of a ring, the first one twice
Row = tuple[str, shapely.Geometry | None, Tags]


def as_places(rows: Iterable[Row], specs: LayerSpecs) -> tuple[Layer, ...]:
    """Return the rows that are protected as a layer of places; none where there is none."""
    kept = [row for row in rows if row[1] is not None and not row[1].is_empty and specs.protects(row[2])]
    if not kept:
        return ()
    ids, shapes = (np.array([*(row[column] for row in kept), None], object)[:-1] for column in (0, 1))
    return (Layer(PLACES, ids, unwrapped(shapes), tuple(row[2] for row in kept)),)


def count_nowhere(geometry: ObjectArray, tags: Sequence[Mapping[str, str]], specs: LayerSpecs) -> int:
    """Return how many protected features have no geometry."""
    return sum(specs.protects(tags[row]) for row in np.flatnonzero(shapely.is_missing(geometry)).tolist())


def count_left(layer: Layer, kept: Layer, specs: LayerSpecs) -> int:
    """Return how many protected features of a layer are not among those that are kept, as outlines without an area are not."""
    if len(kept) == len(layer):
        return 0
    left = Counter(layer.ids.tolist()) - Counter(kept.ids.tolist())
    return sum(left[identity] > 0 and specs.protects(tags) for identity, tags in zip(layer.ids, layer.tags, strict=True))


def of_one_kind(geometry: ObjectArray) -> tuple[ObjectArray, list[tuple[int, shapely.Geometry]]]:
    """Return mixed collections as their parts of the highest dimension, and the parts that this leaves out, by row."""
    result, left = geometry.copy(), []
    for row in np.flatnonzero(shapely.get_type_id(result) == _COLLECTION).tolist():
        parts = shapely.get_parts(shapely.get_parts(result[row]))
        dimension = shapely.get_dimensions(parts)
        result[row] = _JOINED[int(dimension.max())](parts[dimension == dimension.max()])
        lesser = range(int(dimension.max()))
        left += [(row, _JOINED[each](parts[dimension == each])) for each in lesser if (dimension == each).any()]
    return result, left


def rings_closed(geometry: ObjectArray, wanted: Iterable[bool]) -> ObjectArray:
    """Return lines that return to where they began as the ground within, where that is wanted; shape (n,)."""
    result = geometry.copy()
    is_ring = (shapely.get_type_id(geometry) == _LINE) & shapely.is_closed(geometry)
    is_ring &= (shapely.get_num_coordinates(geometry) >= _LEAST_CORNERS) & np.fromiter(wanted, bool, len(geometry))
    for row in np.flatnonzero(is_ring).tolist():
        ground = shapely.Polygon(shapely.get_coordinates(geometry[row]))
        result[row] = ground if shapely.is_valid(ground) else untangled(ground)
    return result
