"""Cameras as OpenStreetMap tags them: a position and little else; what is not tagged stays unknown."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import shapely

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.building_heights import parse_length_m
from lhasaplan.core.model.camera import DIRECTION_RANGE, WATCHES, BearingRange, Camera, Kind, Mount, optics_of_range
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FieldValues
from lhasaplan.errors import Fault, Where
from lhasaplan.io.content.layer_spec import LayerSpec
from lhasaplan.io.parse.cell_values import bearing_range_deg, compass_deg
from lhasaplan.io.parse.tags import TagMatch

SOURCE = "OpenStreetMap"
LEFT_OUT = {
    "speed": marked("speed cameras were left out ({count}): they photograph vehicles at one spot and watch no ground"),
    "other": marked("devices that are no cameras were left out ({count}): guards, microphones, detectors of shots"),
}
_USED = {"man_made", *(tag for each in CAMERA_FIELDS for tag in each.osm)}
_TEXTS = {each.key: each.osm[0] for each in CAMERA_FIELDS if each.type == "text" and each.osm}
_HIGHEST_M = 200.0
Meant = TypeVar("Meant", Kind, Mount)


class CameraTags:
    """Reads tags into cameras and collects a remark for each value that makes no sense."""

    def __init__(self, spec: LayerSpec, file: str) -> None:
        self._file = file
        self._kinds = {value: Kind(kind) for kind, values in spec.mapping["kind"].items() for value in values}
        self._mounts = {value: Mount(mount) for mount, values in spec.mapping["mount"].items() for value in values}
        self._kind_tags = [(Kind(kind), _match(texts)) for kind, texts in spec.mapping["kind_by_tag"].items()]
        self._mount_tags = [(Mount(mount), _match(texts)) for mount, texts in spec.mapping["mount_by_tag"].items()]
        self._nature = _match(spec.mapping["nature"]["tags"])
        # In a script with spaces a word counts as a whole or as the beginning of a compound.
        self._nature_names = re.compile(
            "|".join(rf"\b{re.escape(name)}" if name.isascii() else re.escape(name) for name in spec.mapping["nature"]["names"])
        )
        self._nature_keys = spec.mapping["nature"]["keys"]
        self._left_out = {name: _match(texts) for name, texts in spec.mapping["left_out"].items()}
        self._counts: dict[str, int] = {}
        self._said: list[Fault] = []

    @property
    def remarks(self) -> list[Fault]:
        """Return what could not be read, and how many devices were left out."""
        counted = [Fault(LEFT_OUT[name], Where(self._file), {"count": n}) for name, n in sorted(self._counts.items())]
        return [*self._said, *counted]

    def leave_out(self, tags: Mapping[str, str]) -> None:
        """Count a feature that is no camera, if it is a device that users may expect among them."""
        name = next((name for name, match in self._left_out.items() if match.matches(tags)), "")
        if name:
            self._counts[name] = self._counts.get(name, 0) + 1

    def _watches_nature(self, tags: Mapping[str, str]) -> bool:
        """Say whether the record says that a camera watches animals or the weather."""
        reported = " ".join(tags.get(key, "") for key in self._nature_keys).casefold()
        is_webcam = "contact:webcam" in tags or "cam" in reported
        return self._nature.matches(tags) or (is_webcam and bool(self._nature_names.search(reported)))

    def cameras(self, feature_id: str, point: shapely.Point, tags: Mapping[str, str], changed: str) -> list[Camera]:
        """Return one camera for each direction that the feature lists, or one without direction.

        ``point`` is in longitude and latitude; ``changed`` is the date of its last edit, else of the file, empty if not known.
        """
        aims = self._directions(feature_id, tags)
        began_on = tags.get("start_date", "").strip()
        installed_on = began_on if iso_date(began_on) is not None else ""  # a year alone is kept as it is
        extra, values = self._extra(feature_id, tags, installed_on), self._values(feature_id, tags)
        bare = Camera(feature_id, point.x, point.y, installed_on=installed_on, source=SOURCE, source_date=changed, extra=extra)
        one = replace_kept(bare, **values)
        if len(aims) <= 1:
            return [_aimed(one, aim) for aim in aims or (None,)]
        return [_aimed(replace(one, camera_id=f"{feature_id}#{number}"), aim) for number, aim in enumerate(aims, start=1)]

    def _extra(self, feature_id: str, tags: Mapping[str, str], installed_on: str) -> dict[str, str]:
        """Return what tags say that no field holds, and by which of them the height is known."""
        _, height_from = self._height(feature_id, tags)
        unread = self._unread(feature_id, tags)
        extra = {key: value for key, value in tags.items() if key not in _USED or key in unread}
        if installed_on:
            del extra["start_date"]
        if height_from:
            extra["height_source"] = height_from
        if self._watches_nature(tags):
            extra[WATCHES] = "nature"
        return extra

    def _values(self, feature_id: str, tags: Mapping[str, str]) -> FieldValues:
        """Return what tags say of a camera but for its direction, by the keys of the fields."""
        return {
            **{key: tags.get(tag, "") for key, tag in _TEXTS.items()},
            "kind": self._kind(tags),
            "mount": self._mount(tags),
            "mount_height_m": self._height(feature_id, tags)[0],
            "tilt_deg": self._tilt(feature_id, tags),
        }

    def _kind(self, tags: Mapping[str, str]) -> Kind | None:
        known = _only(self._kinds, tags.get("camera:type", ""))
        by_tag = next((kind for kind, match in self._kind_tags if match.matches(tags)), None)
        return by_tag if known is None or (known, by_tag) == (Kind.FIXED, Kind.PLATE_READER) else known

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

    def _directions(self, feature_id: str, tags: Mapping[str, str]) -> list[float | BearingRange]:
        """Return what each part of a direction says: an azimuth, or a range."""
        key = "camera:direction" if "camera:direction" in tags else "direction"
        texts = [text for text in tags.get(key, "").split(";") if text.strip()]
        aims = [_aim(text) for text in texts]
        for text, aim in zip(texts, aims, strict=True):
            if aim is None:
                self._remark(feature_id, key, text)
        return list(dict.fromkeys(aim for aim in aims if aim is not None))

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
        if fault not in self._said:
            self._said.append(fault)


def _aimed(camera: Camera, aim: float | BearingRange | None) -> Camera:
    """Return a camera with a direction; of a range also with the angle that it stands for, and the range itself."""
    if not isinstance(aim, BearingRange):
        return replace(camera, azimuth_deg=aim)
    azimuth, hfov = optics_of_range(aim, None, camera.kind)
    return replace(camera, azimuth_deg=azimuth, hfov_deg=hfov, extra={**camera.extra, DIRECTION_RANGE: aim.as_text()})


def _aim(text: str) -> float | BearingRange | None:
    """Return the azimuth or the range of azimuths that a text says; two equal ends are one azimuth."""
    ends = bearing_range_deg(text)
    if ends is None or ends[0] == ends[1]:
        return compass_deg(text) if ends is None else ends[0]
    return BearingRange(*ends)


def _only(known: Mapping[str, Meant], text: str) -> Meant | None:
    """Return what a value means, in capitals or not; of a list, what all the values that mean anything mean."""
    meant = {known[each] for part in text.split(";") if (each := part.strip().casefold()) in known}
    return meant.pop() if len(meant) == 1 else None


def _match(texts: tuple[str, ...]) -> TagMatch:
    return TagMatch([[text] for text in texts])
