"""Search the city as one writes: cameras, streets, addresses, bookmarks and coordinates; never a place by its name."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.words_on_map import street_name
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.tag_conditions import is_drawn
from lhasaplan.core.project.project import Bookmark

# Find where a person means: coordinates, a house by street and number, or a street by its name.

# Two numbers, with a mark between them that is not the decimal mark of either.
_PAIR = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)°?\s*(?:[;，]|,\s|,(?=-?\d+\.)|\s)\s*(-?\d+(?:[.,]\d+)?)°?\s*$")
_HOUSED = ("buildings", "places")


@dataclass(frozen=True, eq=False, slots=True)
class FoundOnMap:
    """What was meant: one spot to ask about, or a street to look at."""

    geometry: BaseGeometry
    is_spot: bool


def coordinates_in(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude if the text is such a pair.

    >>> coordinates_in("60.1695, 24.9354"), coordinates_in("60,1695 ; 24,9354"), coordinates_in("Market Street 3")
    ((60.1695, 24.9354), (60.1695, 24.9354), None)
    """
    pair = numbers_in(text)
    return pair if pair is not None and abs(pair[0]) <= 90.0 and abs(pair[1]) <= 180.0 else None


def numbers_in(text: str) -> tuple[float, float] | None:
    """Return two numbers if the text is nothing else.

    >>> numbers_in("385000 6672000")
    (385000.0, 6672000.0)
    """
    pair = _PAIR.match(text)
    return (float(pair[1].replace(",", ".")), float(pair[2].replace(",", "."))) if pair is not None else None


def spot_at(x_m: float, y_m: float) -> FoundOnMap:
    """Return a place that was given by its coordinates."""
    return FoundOnMap(shapely.Point(x_m, y_m), is_spot=True)


def find_address(layers: Mapping[str, Layer], text: str) -> FoundOnMap | None:
    """Return the house of an address, or the street of a name; only streets and house numbers are looked through.

    Names of places are not: a search must not be a way to find a place that is protected.
    """
    wanted = folded(text)
    if not wanted:
        return None
    houses = ((geometry, _both_ways(street, number)) for geometry, street, number in houses_of(layers))
    house = next((geometry for geometry, names in houses if wanted in names), None)
    if house is not None:
        return FoundOnMap(shapely.point_on_surface(house), is_spot=True)
    streets = [(geometry, folded(name)) for geometry, name in streets_of(layers)]
    street = [geometry for geometry, name in streets if name == wanted]
    street = street or [geometry for geometry, name in streets if name.startswith(wanted)]
    return FoundOnMap(shapely.union_all(np.asarray(street, dtype=object)), is_spot=False) if street else None


def houses_of(layers: Mapping[str, Layer]) -> Iterator[tuple[BaseGeometry, str, str]]:
    """Yield what has a street and a number, with both; nothing that a user drew."""
    for layer in (layers[name] for name in _HOUSED if name in layers):
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True):
            street, number = tags.get("addr:street"), tags.get("addr:housenumber")
            if street and number and not is_drawn(tags):
                yield geometry, street, number


def streets_of(layers: Mapping[str, Layer]) -> Iterator[tuple[BaseGeometry, str]]:
    """Yield the pieces of streets with their names."""
    roads = layers.get("roads")
    for geometry, tags in zip(roads.geometry, roads.tags, strict=True) if roads is not None else ():
        if name := street_name(tags):
            yield geometry, name


def _both_ways(street: str, number: str) -> tuple[str, str]:
    return folded(f"{street} {number}"), folded(f"{number} {street}")


def folded(text: str) -> str:
    """Return a text without what people write in several ways: capitals, accents, commas, doubled spaces.

    >>> folded("12,  Rue de l'Église")
    "12 rue de l'eglise"
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace(",", " "))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


MOST = 12  # of each kind
To = Callable[[float, float], tuple[float, float]]  # longitude and latitude to metres of the project


class HitKind(StrEnum):
    """What was found."""

    CAMERA = "camera"
    BOOKMARK = "bookmark"
    COORDINATES = "coordinates"
    STREET = "street"
    ADDRESS = "address"


@dataclass(frozen=True, eq=False, slots=True)
class Hit:
    """Something that was found: what it is called, and where it is. ``key`` is the id of a camera, the number of a bookmark."""

    kind: HitKind
    label: str
    geometry: BaseGeometry
    key: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class SearchIndex:
    """Streets and houses of a city by their names as they are searched. Names of places are not in it: some are protected."""

    streets: Mapping[str, tuple[str, list[BaseGeometry]]] = field(default_factory=dict)
    keys: Sequence[str] = ()  # street and number, sorted
    houses: Sequence[tuple[str, BaseGeometry]] = ()  # in the order of the keys

    @classmethod
    def of(cls, layers: Mapping[str, Layer]) -> "SearchIndex":
        """Return the index of a city; takes a second for a large one, so it is made in a worker."""
        streets: dict[str, tuple[str, list[BaseGeometry]]] = {}
        for shape, name in streets_of(layers):
            streets.setdefault(folded(name), (name, []))[1].append(shape)
        labelled = ((f"{street} {number}", shape) for shape, street, number in houses_of(layers))
        houses = sorted(((folded(label), label, shape) for label, shape in labelled), key=lambda each: each[0])
        return cls(streets, [key for key, _, _ in houses], [(label, shape) for _, label, shape in houses])

    def addresses(self, wanted: str) -> Iterator[Hit]:
        """Yield the houses whose street and number begin so, in either order of the two."""
        first, _, rest = wanted.partition(" ")
        turned = [f"{rest} {first}"] if rest and first[:1].isdigit() else []
        told: set[str] = set()  # several buildings may have one address
        for begin in (wanted, *turned):
            for at in range(bisect_left(self.keys, begin), len(self.keys)):
                if not self.keys[at].startswith(begin):
                    break
                label, shape = self.houses[at]
                if label not in told:
                    told.add(label)
                    yield Hit(HitKind.ADDRESS, label, shapely.point_on_surface(shape))

    def named(self, wanted: str) -> Iterator[Hit]:
        """Yield the streets that have the words in their names, those that begin so first."""
        found = sorted((key for key in self.streets if wanted in key), key=lambda key: (not key.startswith(wanted), key))
        for key in found:
            name, shapes = self.streets[key]
            yield Hit(HitKind.STREET, name, shapely.union_all(np.array(shapes, dtype=object)))


def find(text: str, index: SearchIndex, cameras: Sequence[Camera], bookmarks: Sequence[Bookmark], to_xy: To) -> list[Hit]:
    """Return what a text may mean, at most ``MOST`` of each kind."""
    wanted = folded(text)
    if not wanted:
        return []
    kinds = (
        _coordinates(text, to_xy),
        _cameras(wanted, cameras),
        _bookmarks(wanted, bookmarks),
        index.named(wanted),
        index.addresses(wanted),
    )
    return [hit for hits in kinds for hit, _ in zip(hits, range(MOST), strict=False)]


def _coordinates(text: str, to_xy: To) -> Iterator[Hit]:
    """Yield what two numbers may mean: latitude and longitude in either order where they can be, else metres of the project."""
    pair = numbers_in(text)
    if pair is None:
        return
    one, other = pair
    for lat, lon in dict.fromkeys(((one, other), (other, one))):
        if abs(lat) <= 90.0 and abs(lon) <= 180.0:
            yield Hit(HitKind.COORDINATES, f"{lat:g}° N, {lon:g}° E", shapely.Point(to_xy(lon, lat)))
    yield Hit(HitKind.COORDINATES, f"x {one:g} m, y {other:g} m", shapely.Point(one, other))


def _cameras(wanted: str, cameras: Iterable[Camera]) -> Iterator[Hit]:
    for camera in cameras:
        if wanted in folded(camera.camera_id) or wanted in folded(camera.name):
            label = f"{camera.name} · {camera.camera_id}" if camera.name else camera.camera_id
            yield Hit(HitKind.CAMERA, label, shapely.Point(camera.x_m, camera.y_m), camera.camera_id)


def _bookmarks(wanted: str, bookmarks: Iterable[Bookmark]) -> Iterator[Hit]:
    for number, view in enumerate(bookmarks):
        if wanted in folded(view.name):
            yield Hit(HitKind.BOOKMARK, view.name, shapely.Point(view.x_m, view.y_m), str(number))
