"""How wide a street is: from its own tags where they say so, else from its class."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.model.layer import Layer, Tags

WALKED = frozenset({"pedestrian", "footway", "cycleway", "path", "steps", "track", "corridor"})
UNBUILT = frozenset({"proposed", "construction", "abandoned", "razed", "platform", "elevator", "bus_stop", "corridor"})
CLOSED = frozenset({"private", "no", "customers", "permit", "delivery", "employees", "residents"})
CLASS_M = {
    "motorway": 11.0, "trunk": 10.0, "primary": 9.0, "secondary": 8.0, "tertiary": 7.0, "unclassified": 6.0, "residential": 6.0,
    "living_street": 5.5, "service": 4.0, "busway": 6.5, "pedestrian": 6.0, "footway": 2.0, "cycleway": 2.5, "path": 2.0,
    "steps": 2.0, "track": 3.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StreetWidths:
    """Widths in metres (data/streets.toml); these are the shipped ones."""

    lane_m: float = 3.25
    pavements_m: float = 4.0
    default_m: float = 4.0
    class_m: Mapping[str, float] = field(default_factory=lambda: CLASS_M)

    def carriageway_m(self, tags: Tags) -> float:
        """Return the width of the carriageway: ``width``, else ``lanes``, else the class."""
        told = number(tags.get("width", ""))
        lanes = number(tags.get("lanes", ""))
        by_class = self.class_m.get(tags.get("highway", "").removesuffix("_link"), self.default_m)
        return told or (lanes * self.lane_m if lanes else by_class)

    def street_m(self, tags: Tags) -> float:
        """Return the width of the whole street, pavements included; a way that is only walked has none beside it."""
        kind = tags.get("highway", "")
        beside = 0.0 if kind in WALKED or kind.startswith("motorway") else self.pavements_m
        return self.carriageway_m(tags) + beside


SHIPPED = StreetWidths()


def number(text: str) -> float:
    """Return the positive number that a tag starts with (``7``, ``7.5 m``, ``6,5``), else 0.

    Examples
    --------
    >>> number("7.5 m"), number("narrow"), number("-3")
    (7.5, 0.0, 0.0)
    """
    words = text.replace(",", ".").split()
    try:
        value = float(words[0].removesuffix("m")) if words else 0.0
    except ValueError:
        return 0.0
    return value if 0.0 < value < 1000.0 else 0.0


def is_open_way(tags: Tags) -> bool:
    """Say whether a feature is a street or path under the sky, not planned, in a tunnel or inside a building."""
    kind = tags.get("highway", "")
    hidden = (
        tags.get("tunnel", "no") not in ("no", "")
        or tags.get("indoor", "no") not in ("no", "")
        or tags.get("level", "").startswith("-")
    )
    return bool(kind) and kind not in UNBUILT and not hidden


def is_public(tags: Tags) -> bool:
    """Say whether anybody may go there, as far as the map knows."""
    return tags.get("access", "yes") not in CLOSED or tags.get("foot", "no") in ("yes", "designated", "permissive")


def open_ways(
    layers: Mapping[str, Layer], widths: StreetWidths = SHIPPED, *, public_only: bool = False
) -> tuple[ObjectArray, FloatArray]:
    """Return lines (or areas) of all open streets and paths with their whole widths, m; areas have width 0."""
    lines, widths_m = [], []
    for layer in layers.values():
        kinds = shapely.get_dimensions(layer.geometry) if len(layer) else ()
        for geometry, tags, dimension in zip(layer.geometry, layer.tags, kinds, strict=True):
            if "highway" in tags and dimension >= 1 and is_open_way(tags) and (is_public(tags) or not public_only):
                lines.append(geometry)
                widths_m.append(widths.street_m(tags) if dimension == 1 else 0.0)
    return np.array([*lines, None], object)[:-1], np.array(widths_m, float)


def surfaces(lines: ObjectArray, widths_m: FloatArray) -> ObjectArray:
    """Return the ground that ways cover: a strip of each line's width, areas as they are."""
    flat = shapely.buffer(lines, widths_m / 2, quad_segs=4, cap_style="flat")
    return np.where(widths_m > 0, flat, lines) if len(lines) else lines
