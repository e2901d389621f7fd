"""Streets and public ground: how wide streets are, where the public drives and walks, and which street is nearest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
import shapely
from annotated_types import Interval
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.geometry_repair import valid
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.model.layer import Layer, Tags, is_drawn

# Streets: how wide they are, where the public drives, and which is nearest.

# How wide a street is: from its own tags where they say so, else from its class.
WALKED = frozenset({"pedestrian", "footway", "cycleway", "path", "steps", "track", "corridor"})
UNBUILT = frozenset({"proposed", "construction", "abandoned", "razed", "platform", "elevator", "bus_stop", "corridor"})
CLOSED = frozenset({"private", "no", "customers", "permit", "delivery", "employees", "residents"})
CLASS_M = {
    "motorway": 11.0, "trunk": 10.0, "primary": 9.0, "secondary": 8.0, "tertiary": 7.0, "unclassified": 6.0, "residential": 6.0,
    "living_street": 5.5, "service": 4.0, "busway": 6.5, "pedestrian": 6.0, "footway": 2.0, "cycleway": 2.5, "path": 2.0,
    "steps": 2.0, "track": 3.0,
}  # fmt: skip
_Width = Annotated[float, Interval(gt=0, lt=200)]


@dataclass(frozen=True, slots=True)
class StreetWidths:
    """Widths in metres (data/streets.toml); these are the shipped ones."""

    lane_m: _Width = 3.25
    pavements_m: Annotated[float, Interval(ge=0, lt=200)] = 4.0
    default_m: _Width = 4.0
    class_m: Mapping[str, _Width] = field(default_factory=lambda: CLASS_M)

    def carriageway_m(self, tags: Tags) -> float:
        """Return the width of the carriageway: ``width``, else ``lanes``, else the class."""
        reported = number(tags.get("width", ""))
        lanes = number(tags.get("lanes", ""))
        by_class = self.class_m.get(tags.get("highway", "").removesuffix("_link"), self.default_m)
        return reported or (lanes * self.lane_m if lanes else by_class)

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


# Streets that the public drives on under the sky: their carriageways, and the ground that they take with pavements.
STREET = "street"  # what ``ProtectedGround`` leaves out for them
MOST_CARRIAGEWAY_M = 13.0  # four lanes; whatever a tag says, what is wider is a square
_CROSSED_M = 2.0
_DRIVEN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"})
_NOT_DRIVEN_BY_ALL = ("motor_vehicle", "vehicle")


def is_driven_by_all(tags: Tags) -> bool:
    """Say whether a feature is a street under the sky that the public drives on; no service road, no lane across a square."""
    is_street = tags.get("highway", "").removesuffix("_link") in _DRIVEN and is_open_way(tags) and is_public(tags)
    return is_street and all(tags.get(key, "yes") not in CLOSED for key in _NOT_DRIVEN_BY_ALL)


class Streets:
    """Carriageways, and streets with their pavements, of all that the public drives on; without any square or walked area."""

    def __init__(self, layers: Mapping[str, Layer], widths: StreetWidths = SHIPPED) -> None:
        rows = [row for layer in layers.values() for row in zip(layer.geometry, layer.tags, strict=True) if "highway" in row[1]]
        driven = [(line, tags) for line, tags in rows if is_driven_by_all(tags) and shapely.get_dimensions(line) == 1]
        lines = np.array([*(line for line, _ in driven), None], object)[:-1]
        carriageway_m = np.array([min(widths.carriageway_m(tags), MOST_CARRIAGEWAY_M) for _, tags in driven], float)
        self._carriageways = shapely.STRtree(surfaces(lines, carriageway_m))
        self._streets = shapely.STRtree(surfaces(lines, carriageway_m + widths.pavements_m) if len(lines) else lines)
        walked = [
            g
            for layer in layers.values()
            for g, tags in zip(layer.geometry, layer.tags, strict=True)
            if g is not None and (tags.get("place") == "square" or "highway" in tags) and bool(shapely.get_dimensions(g) == 2)
        ]
        self._squares = shapely.STRtree(np.array([*walked, None], object)[:-1])

    def carriageway(self, ground: BaseGeometry) -> BaseGeometry:
        """Return the part of a ground that is carriageway."""
        return self._of(self._carriageways, ground)

    def is_crossed_by(self, lines: ObjectArray) -> BoolArray:
        """Return which lines lead over a carriageway, 2 m of it or more."""
        line, way = self._carriageways.query(lines, predicate="intersects")
        on_m = shapely.length(shapely.intersection(lines[line], self._carriageways.geometries[way]))
        crossed = np.zeros(len(lines), bool)
        crossed[line[on_m >= _CROSSED_M]] = True
        return crossed

    def street(self, ground: BaseGeometry) -> BaseGeometry:
        """Return the part of a ground that is street, pavements included."""
        return self._of(self._streets, ground)

    def _of(self, tree: shapely.STRtree, ground: BaseGeometry) -> BaseGeometry:
        if ground.is_empty:
            return ground
        found = shapely.intersection(ground, shapely.union_all(_touching(tree, ground)))
        return found if found.is_empty else shapely.difference(found, shapely.union_all(_touching(self._squares, ground)))


def _touching(tree: shapely.STRtree, ground: BaseGeometry) -> ObjectArray:
    found: ObjectArray = tree.geometries[tree.query(ground, predicate="intersects")]
    return found


# Name a location by its nearest street, longitude and latitude.
NEAR_M = 250.0  # a street farther off says nothing of where a thing lies
_STREETS = frozenset(
    ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian")
)


class NearestStreet:
    """Finds the named street that lies nearest; a path or a drive often bears the name of the place that it leads to."""

    def __init__(self, roads: Layer | None, crs: Crs | None) -> None:
        rows = list(named_streets(roads)) if roads is not None else []
        shapes: ObjectArray = np.array([*(shape for shape, _ in rows), None], object)[:-1]
        self._names, self._tree, self._crs = [name for _, name in rows], shapely.STRtree(shapes), crs

    def street(self, shape: BaseGeometry) -> str:
        """Return the name of the nearest street, empty where none is near."""
        found = self._tree.query_nearest(shapely.centroid(shape), max_distance=NEAR_M, all_matches=False)
        return self._names[int(found[0])] if len(found) else ""

    def streets(self, shapes: Sequence[BaseGeometry]) -> list[str]:
        """Return the name of the nearest street of each shape, as :meth:`street` gives it, asked together."""
        found = [""] * len(shapes)
        if not shapes or not len(self._tree):
            return found
        middles = shapely.centroid(np.asarray(shapes, dtype=object))
        for one, street in self._tree.query_nearest(middles, max_distance=NEAR_M, all_matches=False).T:
            found[int(one)] = self._names[int(street)]
        return found

    def lonlat(self, shape: BaseGeometry) -> tuple[float, float] | None:
        """Return longitude and latitude of the middle, None without a coordinate system."""
        if self._crs is None:
            return None
        middle = shapely.get_coordinates(shapely.centroid(shape))
        lon, lat = self._crs.to_lonlat(middle[:, 0], middle[:, 1])
        return round(float(lon[0]), 5), round(float(lat[0]), 5)

    def text(self, shape: BaseGeometry) -> str:
        """Return longitude, latitude and street in one text."""
        spot = self.lonlat(shape)
        return ", ".join((*(() if spot is None else (f"{spot[0]:.5f}, {spot[1]:.5f}",)), *filter(None, (self.street(shape),))))


def named_streets(roads: Layer) -> Iterator[tuple[BaseGeometry, str]]:
    """Yield the streets that bear a name, with it; a way that a user drew lends its name to nothing."""
    for geometry, tags in zip(roads.geometry, roads.tags, strict=True):
        if (name := street_name(tags)) and geometry is not None and not geometry.is_empty:
            yield geometry, name


def street_name(tags: Tags) -> str:
    """Return the name of a street, empty for ways that others' names lie on: paths, drives, what a user drew."""
    is_street = tags.get("highway", "").removesuffix("_link") in _STREETS and tags.get("indoor", "no") == "no"
    return tags.get("name", "") if is_street and not is_drawn(tags) else ""


# Public ground: streets, squares and public car parks, without what is built on.

# The squares and ways that adjoin a place of worship: part of its protected ground within 25 m.
STEP = "protected"
WAYS_A_STEP = 500


def squares(layers: Mapping[str, Layer]) -> ObjectArray:
    """Return the areas mapped as squares."""
    found = [
        geometry
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if tags.get("place") == "square" and geometry is not None and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*found, None], object)[:-1]


class Forecourts:
    """Finds the part of squares, streets and paths that lies close to a ground; nothing is prepared until it is asked."""

    def __init__(self, layers: Mapping[str, Layer], progress: Progress = no_progress) -> None:
        self._layers, self._progress = layers, progress
        self._surfaces: ObjectArray | None = None
        self._tree: shapely.STRtree | None = None

    def before(self, ground: BaseGeometry, within_m: float) -> BaseGeometry:
        """Return the squares and ways within that distance of the ground; empty when it is 0."""
        if within_m <= 0:
            return shapely.Polygon()
        if self._tree is None or self._surfaces is None:
            self._surfaces = valid(np.concatenate([*self._ways(), squares(self._layers)]))
            self._tree = shapely.STRtree(self._surfaces)
        near = shapely.buffer(ground, within_m)
        found = self._surfaces[self._tree.query(near, predicate="intersects")]
        return shapely.union_all(shapely.intersection(found, near)) if len(found) else shapely.Polygon()

    def _ways(self) -> Iterator[ObjectArray]:
        """Yield the surfaces of streets and paths, some at a time."""
        shapes, widths_m = open_ways(self._layers)
        steps = np.array_split(np.arange(len(shapes)), len(shapes) // WAYS_A_STEP + 1)
        yield from (surfaces(shapes[part], widths_m[part]) for part in watched(steps, self._progress, STEP, every=1))


# Where doors are: the points that the map has as entrances.
_NO_DOOR = frozenset({"", "no"})


def doors_of(layers: Mapping[str, Layer]) -> FloatArray:
    """Return the points that the map has as entrances or doors, each once; shape (n, 2)."""
    points = [
        shapely.get_coordinates(geometry)[0]
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if (tags.get("entrance", "") not in _NO_DOOR or tags.get("door", "") not in _NO_DOOR)
        and geometry is not None
        and geometry.geom_type == "Point"
        and not geometry.is_empty
    ]
    return np.unique(np.array(points, float).reshape(-1, 2), axis=0)


_NOT_GROUND = frozenset({"underground", "multi-storey", "rooftop", "carports", "garage_boxes", "sheds"})


def public_ground(
    layers: Mapping[str, Layer], within: BaseGeometry | None = None, widths: StreetWidths = SHIPPED
) -> BaseGeometry:
    """Return the public ground of a city as one shape.

    Streets are as wide as their tags or their class say, pavements included; ways closed to the public do not count.

    Parameters
    ----------
    within : only ground that touches this is looked at, the whole city when None.
    """
    ground = np.concatenate([surfaces(*open_ways(layers, widths, public_only=True)), squares(layers), _car_parks(layers)])
    built = layers["buildings"].geometry if "buildings" in layers else np.empty(0, object)
    if within is not None:
        shapely.prepare(within)
        ground, built = ground[shapely.intersects(within, ground)], built[shapely.intersects(within, built)]
    return _without(shapely.union_all(ground), built)


def is_public_car_park(tags: Tags) -> bool:
    """Say whether a feature is a car park under the sky that the public may use."""
    return tags.get("amenity") == "parking" and is_public(tags) and tags.get("parking", "surface") not in _NOT_GROUND


def _car_parks(layers: Mapping[str, Layer]) -> ObjectArray:
    found = [
        geometry
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if "amenity" in tags and is_public_car_park(tags) and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*found, None], object)[:-1]


def _without(ground: BaseGeometry, built: ObjectArray) -> BaseGeometry:
    """Cut the buildings out that touch the ground; footprints are made valid first."""
    if ground.is_empty or len(built) == 0:
        return ground
    shapely.prepare(ground)
    touching = built[shapely.intersects(ground, built)]
    return shapely.difference(ground, shapely.union_all(shapely.make_valid(touching))) if len(touching) else ground
