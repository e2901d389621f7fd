"""Say which outlines of a file are broken, and what they count as once they are repaired."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault, Where

_FEW = 5  # ids that are named
CLOSED = marked("{count} outlines of the layer {layer} were not closed and were closed by a straight line; look at them: {ids}")
SHAPELESS = marked("{count} features of the layer {layer} have no shape that can be read and were left out: {ids}")
_CROSSING = marked("{count} outlines of the layer {layer} cross or touch themselves and were repaired; look at them: {ids}")
_STRAY_HOLE = marked(
    "{count} outlines of the layer {layer} have a hole outside of themselves, which counts as ground of its own; "
    "look at them: {ids}"
)
_NESTED_HOLE = marked(
    "{count} outlines of the layer {layer} have a hole within a hole, which counts as ground; look at them: {ids}"
)
_OVERLAID = marked(
    "{count} outlines of the layer {layer} have parts that lie on each other; what they share counts as ground once; "
    "look at them: {ids}"
)
_OTHER = marked("{count} outlines of the layer {layer} are no sound polygons and were repaired; look at them: {ids}")
# By how GEOS begins its reason.
_BY_REASON = {
    "Self-intersection": _CROSSING,
    "Ring Self-intersection": _CROSSING,
    "Hole lies outside shell": _STRAY_HOLE,
    "Holes are nested": _NESTED_HOLE,
    "Nested shells": _OVERLAID,
}


def on_broken(layer: Layer, is_valid: BoolArray, repaired: ObjectArray, file: str) -> tuple[Fault, ...]:
    """Return a remark for each way in which outlines of a layer are broken, with how many they are and the first ids.

    Parameters
    ----------
    is_valid : which outlines of the layer are sound.
    repaired : the outlines as they count; those that came to nothing are told elsewhere.
    """
    broken = np.flatnonzero(~is_valid)
    broken = broken[shapely.area(repaired[broken]) > 0.0]
    by_text: dict[str, list[str]] = {}
    for index in broken:
        reason = str(shapely.is_valid_reason(layer.geometry[index])).partition("[")[0]
        by_text.setdefault(_BY_REASON.get(reason, _OTHER), []).append(str(layer.ids[index]))
    return tuple(named(text, layer.name, ids, file) for text, ids in by_text.items())


def named(text: str, layer: str, ids: Sequence[str], file: str) -> Fault:
    """Return a remark that counts features of a layer and names the first of them."""
    more = ["…"] if len(ids) > _FEW else []
    return Fault(text, Where(file), {"count": len(ids), "layer": layer, "ids": ", ".join([*ids[:_FEW], *more])})
