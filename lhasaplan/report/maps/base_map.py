"""The quiet ground of every map: which buildings and roads lie in a frame, and what must be said about them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.coverage.drawn_fields import Reach
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.report.maps.drawn_cameras import drawn

Frame = tuple[float, float, float, float]
EMPTY = np.empty(0, object)
ROUND_CAMERAS_M = 60.0  # so much round each camera an overview holds, whatever else it leaves out


class Layered(Protocol):
    """What has the layers of a city: a project, a sheet of pictures."""

    @property
    def layers(self) -> Mapping[str, Layer]:
        """The layers by name."""


class Sourced(Protocol):
    """What was made from files: answers, a sheet of pictures."""

    @property
    def inputs(self) -> tuple[InputRecord, ...]:
        """The files."""

    @property
    def synthetic(self) -> bool:
        """Whether they are made up."""


class BaseMap:
    """Buildings, roads and walls of floor plans of a project, found by frame. No kind, name or use is kept."""

    def __init__(self, project: Layered) -> None:
        self._layers = {name: _index(project, name) for name in ("buildings", "roads", "floor_walls")}

    def inside(self, name: str, frame: Frame) -> ObjectArray:
        """Return the geometries of a layer that touch the frame."""
        found = self._layers.get(name)
        if found is None:
            return EMPTY
        tree, geometry = found
        touching: ObjectArray = geometry[np.sort(tree.query(box(*frame), predicate="intersects"))]
        return touching


def _index(project: Layered, name: str) -> tuple[shapely.STRtree, ObjectArray] | None:
    layer = project.layers.get(name)
    if layer is None or not len(layer):
        return None
    # A user draws a pilgrims' way for the program alone: it is never exported, not even as a street.
    shown = np.array([name != "roads" or not is_drawn(tags) for tags in layer.tags], bool)
    geometry = layer.geometry[shown & ~shapely.is_missing(layer.geometry)]
    return shapely.STRtree(geometry), geometry


def drawn_of(result: CameraResult) -> list[BaseGeometry]:
    """Return the ground of each field of a camera that a map draws, far ones with it."""
    return [one.ground for one in drawn(result).fields]


def reaches(cameras: Iterable[CameraResult]) -> frozenset[Reach]:
    """Return which kinds of fields maps of these cameras draw: a legend explains no others."""
    return frozenset(one.reach for result in cameras for one in drawn(result).fields)


def frame_of(cameras: Iterable[CameraResult], others: Iterable[BaseGeometry | None] = (), margin_m: float = 25.0) -> Frame | None:
    """Return the frame around cameras, their fields and other geometry, or ``None`` where there is nothing."""
    boxes = [(c.placed.camera.x_m, c.placed.camera.y_m) * 2 for c in cameras]
    shapes = [g for c in cameras for g in drawn_of(c)] + [g for g in others if g is not None and not g.is_empty]
    boxes += [g.bounds for g in shapes]
    if not boxes:
        return None
    table = np.array(boxes, float)
    low, high = table[:, :2].min(0) - margin_m, table[:, 2:].max(0) + margin_m
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def overview_frame(cameras: Sequence[CameraResult], parts: Sequence[BaseGeometry], margin_m: float) -> tuple[Frame | None, bool]:
    """Return the frame of a map of all cameras, and whether what may be seen reaches beyond it.

    It holds all that is certain, all frontage in view and all parts. A lens that nobody recorded may reach far over open ground,
    round which the town would be too small to be read.
    """
    whole = frame_of(cameras, parts, margin_m)
    if whole is None:
        return None, False
    certain = [one.ground for result in cameras for one in drawn(result).fields if one.reach is Reach.CERTAIN]
    seen = [each.geometry for result in cameras for each in result.sightings]
    spots = [shapely.Point(c.placed.camera.x_m, c.placed.camera.y_m).buffer(ROUND_CAMERAS_M) for c in cameras]
    known = frame_of([], [*certain, *seen, *spots, *parts], margin_m) or whole
    frame = max(whole[0], known[0]), max(whole[1], known[1]), min(whole[2], known[2]), min(whole[3], known[3])
    return frame, frame != whole


def attribution(assessment: Sourced) -> tuple[str, ...]:
    """Return licence and date of each input once, as maps must print them; a licence without a date yields to the dated one."""
    dated = {record.licence for record in assessment.inputs if record.date}
    records = [record for record in assessment.inputs if record.date or record.licence not in dated]
    lines = (", ".join(part for part in (record.licence, record.date) if part) for record in records)
    return tuple(dict.fromkeys(line for line in lines if line))
