"""What a reader found in a file: in the file's own coordinates, and then in the metres of the project."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import GEOGRAPHIC
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import InputRecord, Layer, Tags
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.errors import Fault, Where

# Ids of what a file brings without any: made from where each thing is, so that the order of rows says nothing.

_DECIMALS = 7  # of degrees, a centimetre: what is written again is the same place
_DIGITS = 10


def ids_of_places(places: Sequence[tuple[float, float]], texts: Sequence[str]) -> list[str]:
    """Return an id for each point; ``texts`` distinguish those that are at one place, as their whole row says it.

    >>> ids_of_places([(7.5, 43.7), (7.6, 43.7)], ["a", "b"]) == ids_of_places([(7.6, 43.7), (7.5, 43.7)], ["b", "a"])[::-1]
    True
    """
    return _ids([f"{x:.{_DECIMALS}f} {y:.{_DECIMALS}f}".encode() for x, y in places], texts)


def ids_of_shapes(shapes: ObjectArray, texts: Sequence[str]) -> list[str]:
    """Return an id for each shape, wherever its rings begin; ``texts`` distinguish those of one shape, and those of none."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS) + 0.0)  # no zero below zero
    grounds = shapely.to_wkb(shapely.normalize(rounded), include_srid=False)
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        grounds[row] = texts[row].encode("utf-8", "surrogatepass")
    return _ids(grounds.tolist(), texts)


def _ids(grounds: Sequence[bytes], texts: Sequence[str]) -> list[str]:
    """Return the digest of each ground; of several of one ground the later ones, by their texts, have a number behind it."""
    sha256 = hashlib.sha256
    digests = [sha256(ground).hexdigest()[:_DIGITS] for ground in grounds]
    if len(set(digests)) == len(digests):  # nearly every building of a town has a ground of its own
        return digests
    found, seen = [""] * len(digests), dict[str, int]()
    for row in sorted(range(len(digests)), key=texts.__getitem__):
        digest = digests[row]
        seen[digest] = seen.get(digest, 0) + 1
        found[row] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return found


SHAPES = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}  # by shapely type id
NAMED = 5  # ids that a sentence gives before it only counts
LISTED = 50  # a remark that comes up more often than this is counted, not repeated


@dataclass(frozen=True, eq=False, slots=True)
class RawImport:
    """Layers and cameras of one file; a camera's ``x_m`` and ``y_m`` hold the file's coordinates, whatever their unit.

    ``date`` is the date that the data themselves carry; ``crs`` the system of all coordinates.
    """

    layers: tuple[Layer, ...] = ()
    cameras: tuple[Camera, ...] = ()
    crs: str = GEOGRAPHIC
    date: str = ""
    licence: str = ""
    remarks: tuple[Fault, ...] = ()
    unread: int = 0  # protected features whose outline is broken, cut off or nowhere
    is_wgs84: bool = False  # the file says its datum, and what that shifts is undone
    columns: tuple[tuple[str, str], ...] = ()  # of a table: each heading with the column that it was read as, empty for none


@dataclass(slots=True)
class Pile:
    """Features of one layer while a file is being read."""

    name: str
    ids: list[str] = field(default_factory=list)
    wkb: list[bytes | str] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)

    def add(self, feature_id: str, wkb: bytes | str, tags: Tags) -> None:
        """Put one feature on the pile."""
        self.ids.append(feature_id)
        self.wkb.append(wkb)
        self.tags.append(tags)

    def layer(self) -> Layer:
        """Return the pile as a layer; a multipolygon of one polygon becomes that polygon."""
        return Layer(self.name, np.array(self.ids, object), unwrapped(shapely.from_wkb(self.wkb)), tuple(self.tags))


def unwrapped(geometry: ObjectArray) -> ObjectArray:
    """Return geometries where each collection of one member is that member."""
    result = np.array(geometry, object, ndmin=1)
    single = (shapely.get_type_id(result) >= 4) & (shapely.get_num_geometries(result) == 1)
    result[single] = shapely.get_geometry(result[single], 0)
    return result


def first_ids(ids: Sequence[object]) -> str:
    """Return the first few ids in a line, and that there are more."""
    return ", ".join(map(str, ids[:NAMED])) + (" …" if len(ids) > NAMED else "")


def few(remarks: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the remarks sentence by sentence, the first ones of each listed and the rest counted.

    A table of 500,000 buildings without heights must not give 500,000 lines.
    """
    by_sentence: dict[str, list[Fault]] = {}
    for remark in remarks:
        by_sentence.setdefault(remark.template, []).append(remark)
    return tuple(each for alike in by_sentence.values() for each in _listed(alike))


def _listed(alike: list[Fault]) -> list[Fault]:
    more = len(alike) - LISTED
    if more <= 0:
        return alike
    where = Where(file=alike[0].where.file)
    return [*alike[:LISTED], Fault("and {count} more like the one before", where, {"count": more})]


@dataclass(frozen=True, eq=False, slots=True)
class Imported:
    """What one file gave, in project metres. ``crs`` is the project's system, fixed by this file if it had none."""

    crs: str
    layers: tuple[Layer, ...]
    cameras: tuple[Camera, ...]
    baseline: tuple[Camera, ...]
    terrain: tuple[TerrainRecord, ...]
    record: InputRecord
    remarks: tuple[Fault, ...]
    columns: tuple[tuple[str, str], ...] = ()
