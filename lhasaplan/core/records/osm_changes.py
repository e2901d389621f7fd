"""Say which tags of a camera in OpenStreetMap a project knows better: its aim, height, kind and mount, and nothing else.

Who operates a camera, what it is for and what it can see stay out: they could tell of a place that hides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Tags

LEAST_DEG, LEAST_M = 0.5, 0.05  # less is rounding
_DIRECTIONS = ("camera:direction", "direction")


@dataclass(frozen=True, slots=True)
class CameraWords:
    """What OpenStreetMap calls kinds and mounts."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    mounts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OsmNode:
    """A node as it was read: version, place in degrees, all tags, and the camera that they say."""

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
    if now.azimuth_deg is not None and _apart_deg(now.azimuth_deg, read.azimuth_deg) >= LEAST_DEG:
        said[next((key for key in _DIRECTIONS if key in node.tags), _DIRECTIONS[0])] = str(round(now.azimuth_deg) % 360)
    if now.mount_height_m is not None and _apart(now.mount_height_m, read.mount_height_m) >= LEAST_M:
        said["height"] = f"{now.mount_height_m:.1f}".removesuffix(".0")
    if now.tilt_deg is not None and _apart(now.tilt_deg, read.tilt_deg) >= LEAST_DEG:
        said["camera:angle"] = str(round(now.tilt_deg))
    if now.kind is not None and now.kind != read.kind and now.kind in words.kinds:
        said["camera:type"] = words.kinds[now.kind]
    if now.mount is not None and now.mount != read.mount and now.mount in words.mounts:
        said["camera:mount"] = words.mounts[now.mount]
    return said


def _apart(one: float, other: float | None) -> float:
    return float("inf") if other is None else abs(one - other)


def _apart_deg(one: float, other: float | None) -> float:
    return float("inf") if other is None else abs((one - other + 180.0) % 360.0 - 180.0)
