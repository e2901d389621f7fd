"""Say which tags of a camera in OpenStreetMap a project knows better: its aim, height, kind and mount, and nothing else.

Who operates a camera, what it is for and what it can see stay out: they could tell of a place that hides. A camera that somebody
found in a survey is a new node with the same tags and the day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.city.surveys import CHECKED, OBSERVERS
from lhasaplan.core.model.camera import Camera, Mount, Status, apart_deg, recorded_range
from lhasaplan.core.model.layer import Tags

LEAST_DEG, LEAST_M = 0.5, 0.05  # less is rounding
SAME_M = 5.0  # so near a camera of the map a find may be that camera; our policy
FACADE_M = 1.0  # as a wall mount: within 1 m of a footprint
ON_MAP = ("node/", "way/", "relation/")  # how ids of OpenStreetMap begin
_DIRECTIONS = ("camera:direction", "direction")
_IS_CAMERA = {"man_made": "surveillance", "surveillance:type": "camera"}


@dataclass(frozen=True, slots=True)
class CameraWords:
    """The tags by which OpenStreetMap says kinds and mounts."""

    kinds: Mapping[str, Tags] = field(default_factory=dict)
    mounts: Mapping[str, Tags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OsmNode:
    """A node as it was read: version, place in degrees, all tags, and the camera that they say.

    A new one has a number below zero, no version and no tags yet.
    """

    node_id: int
    version: int
    lon: float
    lat: float
    tags: Tags
    camera: Camera


@dataclass(frozen=True, slots=True)
class OsmChange:
    """A node with the tags that change, by key: what it says so far, empty for nothing, and what it is to say."""

    node: OsmNode
    changed: Mapping[str, tuple[str, str]]

    @property
    def tags(self) -> Tags:
        """Return all tags as they are to be: what does not change stays as it was read."""
        return {**self.node.tags, **{key: new for key, (_, new) in self.changed.items()}}


def change_of(now: Camera, node: OsmNode, words: CameraWords) -> OsmChange | None:
    """Return what a camera of the project says otherwise than its node, None for nothing; what is not recorded says nothing."""
    said = _said(now, node, words)
    changed = {key: (node.tags.get(key, ""), new) for key, new in said.items() if node.tags.get(key, "") != new}
    return OsmChange(node, changed) if changed else None


def _said(now: Camera, node: OsmNode, words: CameraWords) -> dict[str, str]:
    read, said = node.camera, dict[str, str]()
    if now.azimuth_deg is not None and (read.azimuth_deg is None or apart_deg(now.azimuth_deg, read.azimuth_deg) >= LEAST_DEG):
        said[next((key for key in _DIRECTIONS if key in node.tags), _DIRECTIONS[0])] = _direction(now.azimuth_deg, now, read)
    if now.mount_height_m is not None and _apart(now.mount_height_m, read.mount_height_m) >= LEAST_M:
        said["height"] = f"{now.mount_height_m:.1f}".removesuffix(".0")
    if now.tilt_deg is not None and _apart(now.tilt_deg, read.tilt_deg) >= LEAST_DEG:
        said["camera:angle"] = str(round(now.tilt_deg))
    if now.kind is not None and now.kind != read.kind and now.kind in words.kinds:
        was = () if read.kind is None else words.kinds.get(read.kind, ())
        said |= {key: value for key, value in _IS_CAMERA.items() if key in was}  # of a reader of plates: no longer one
        said |= words.kinds[now.kind]
    if now.mount is not None and now.mount != read.mount and now.mount in words.mounts:
        said |= words.mounts[now.mount]
    return said


def _direction(azimuth_deg: float, now: Camera, read: Camera) -> str:
    """Return a direction as the map says it: where it had the sides of the picture, both of them turned."""
    half = None if now.hfov_deg is None or recorded_range(read.extra) is None else now.hfov_deg / 2.0
    ends = (azimuth_deg,) if half is None else (azimuth_deg - half, azimuth_deg + half)
    return "-".join(str(round(each) % 360) for each in ends)


def surveyed_finds(cameras: Iterable[Camera], buildings: ObjectArray) -> tuple[tuple[Camera, ...], int]:
    """Return the cameras that somebody saw in a survey and the map lacks, and how many are doubtful.

    Doubtful is one so near a camera of the map that it may be that, and one deeper in a building than a facade is thick: it may
    hang indoors, where nobody sees it from the street. Those that are recorded as indoors are none.
    """
    working = [each for each in cameras if each.status is Status.OPERATING]
    mapped = np.array([(each.x_m, each.y_m) for each in working if each.camera_id.startswith(ON_MAP)], float).reshape(-1, 2)
    found = [
        each
        for each in working
        if each.extra.get(OBSERVERS, "").strip() and each.mount is not Mount.INDOOR and not each.camera_id.startswith(ON_MAP)
    ]
    inside = shapely.STRtree(shapely.buffer(buildings, -FACADE_M, quad_segs=1))
    new = [
        each
        for each in found
        if not (np.hypot(*(mapped - (each.x_m, each.y_m)).T) <= SAME_M).any()
        and not len(inside.query(shapely.Point(each.x_m, each.y_m), predicate="intersects"))
    ]
    return tuple(new), len(found) - len(new)


def new_node(now: Camera, number: int, lonlat_deg: tuple[float, float], words: CameraWords) -> OsmChange:
    """Return a camera as a new node of the map, with the day on which it was seen if that is known."""
    node = OsmNode(-number, 0, *lonlat_deg, {}, Camera("", now.x_m, now.y_m))
    days = (text for key in CHECKED if (text := now.extra.get(key, "").strip()))
    seen_on = next(days, now.source_date.strip())
    said = {**_IS_CAMERA, **_said(now, node, words), **({CHECKED[1]: seen_on} if iso_date(seen_on) else {})}
    return OsmChange(node, {key: ("", value) for key, value in said.items()})


def _apart(one: float, other: float | None) -> float:
    return float("inf") if other is None else abs(one - other)
