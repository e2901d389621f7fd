"""Search the city as one writes: cameras, streets, addresses, bookmarks and coordinates; never a place by its name."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.addresses import folded, houses_of, numbers_in, streets_of
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.bookmark import Bookmark

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
