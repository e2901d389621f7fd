"""Cameras as OpenStreetMap tags them: a position and little else; what is not tagged stays unknown."""

import math
from collections.abc import Mapping
from typing import TypeVar

import shapely

from lhasaplan.core.camera import Camera, Kind, Mount
from lhasaplan.core.heights import parse_length_m
from lhasaplan.errors import Fault, Where
from lhasaplan.io.layer_spec import LayerSpec
from lhasaplan.io.tags import TagMatch
from lhasaplan.io.values import compass_deg

SOURCE = "OpenStreetMap"
_USED = (
    "man_made",
    "name",
    "operator",
    "height",
    "camera:type",
    "camera:mount",
    "camera:direction",
    "direction",
    "camera:angle",
    "level",
)
_HIGHEST_M = 200.0
Meant = TypeVar("Meant", Kind, Mount)


class CameraTags:
    """Reads tags into cameras and collects a remark for each value that makes no sense."""

    def __init__(self, spec: LayerSpec, file: str, file_date: str) -> None:
        self._file, self._file_date = file, file_date
        self._kinds = {value: Kind(kind) for kind, values in spec.mapping["kind"].items() for value in values}
        self._mounts = {value: Mount(mount) for mount, values in spec.mapping["mount"].items() for value in values}
        self._kind_tags = [(Kind(kind), _match(texts)) for kind, texts in spec.mapping["kind_by_tag"].items()]
        self._mount_tags = [(Mount(mount), _match(texts)) for mount, texts in spec.mapping["mount_by_tag"].items()]
        self.remarks: list[Fault] = []

    def cameras(self, feature_id: str, point: shapely.Point, tags: Mapping[str, str], changed: str) -> list[Camera]:
        """Return one camera for each direction that the feature lists, or one without direction.

        ``point`` is in longitude and latitude; ``changed`` is the date of the feature's last edit, empty if not known.
        """
        azimuths = self._directions(feature_id, tags)
        several = len(azimuths) > 1
        height_m, height_from = self._height(feature_id, tags)
        unread = self._unread(feature_id, tags)
        extra = {key: value for key, value in tags.items() if key not in _USED or key in unread}
        if height_from:
            extra["height_source"] = height_from
        return [
            Camera(
                camera_id=f"{feature_id}#{number}" if several else feature_id,
                x_m=point.x,
                y_m=point.y,
                name=tags.get("name", ""),
                mount_height_m=height_m,
                azimuth_deg=azimuth,
                tilt_deg=self._tilt(feature_id, tags),
                kind=self._kind(tags),
                mount=self._mount(tags),
                owner=tags.get("operator", ""),
                source=SOURCE,
                source_date=changed or self._file_date,
                extra=extra,
                level=tags.get("level", ""),
            )
            for number, azimuth in enumerate(azimuths or [None], start=1)
        ]

    def _kind(self, tags: Mapping[str, str]) -> Kind | None:
        known = _only(self._kinds, tags.get("camera:type", ""))
        return known or next((kind for kind, match in self._kind_tags if match.matches(tags)), None)

    def _mount(self, tags: Mapping[str, str]) -> Mount | None:
        by_tag = next((mount for mount, match in self._mount_tags if match.matches(tags)), None)
        return by_tag or _only(self._mounts, tags.get("camera:mount", ""))

    def _unread(self, feature_id: str, tags: Mapping[str, str]) -> frozenset[str]:
        """Return the keys of kind and mount whose value says nothing here, each with a remark."""
        said = {"camera:type": self._kind(tags), "camera:mount": self._mount(tags)}
        unread = frozenset(key for key, value in said.items() if value is None and tags.get(key))
        for key in sorted(unread):
            self._remark(feature_id, key, tags[key])
        return unread

    def _directions(self, feature_id: str, tags: Mapping[str, str]) -> list[float]:
        key = "camera:direction" if "camera:direction" in tags else "direction"
        texts = [text for text in tags.get(key, "").split(";") if text.strip()]
        azimuths = [compass_deg(text) for text in texts]
        for text, azimuth in zip(texts, azimuths, strict=True):
            if azimuth is None:
                self._remark(feature_id, key, text)
        return list(dict.fromkeys(azimuth for azimuth in azimuths if azimuth is not None))

    def _height(self, feature_id: str, tags: Mapping[str, str]) -> tuple[float | None, str]:
        for key in ("height", "est_height"):
            if key not in tags:
                continue
            height_m = parse_length_m(tags[key])
            if height_m is not None and 0.0 < height_m <= _HIGHEST_M:
                return height_m, key
            self._remark(feature_id, key, tags[key])
        return None, ""

    def _tilt(self, feature_id: str, tags: Mapping[str, str]) -> float | None:
        text = tags.get("camera:angle")
        if text is None:
            return None
        try:
            tilt_deg = float(text.replace("°", "").replace(",", "."))
        except ValueError:
            tilt_deg = math.nan
        if -90.0 <= tilt_deg <= 90.0:
            return tilt_deg
        self._remark(feature_id, "camera:angle", text)
        return None

    def _remark(self, feature_id: str, key: str, value: str) -> None:
        template = "{key} = {value} could not be read; it counts as unknown"
        fault = Fault(template, Where(self._file, item=feature_id), {"key": key, "value": value.strip()})
        if fault not in self.remarks:
            self.remarks.append(fault)


def _only(known: Mapping[str, Meant], text: str) -> Meant | None:
    """Return what a value means, in capitals or not; of a list, what all the values that mean anything mean."""
    meant = {known[each] for part in text.split(";") if (each := part.strip().casefold()) in known}
    return meant.pop() if len(meant) == 1 else None


def _match(texts: tuple[str, ...]) -> TagMatch:
    return TagMatch([[text] for text in texts])
