"""Places that outputs never list one by one, and what answers about a spot may say.

A figure about such a place (a bearing, a distance, a density) is a line that leads there; two lines are enough. So whatever
is disclosed depends on the block in which its middle lies, and on nothing else of it: no set of outputs can tell two places apart
that lie in one block (docs/protected-places.md).
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.building_heights import RISE_TAGS
from lhasaplan.core.city.surveys import without_names
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings, ConditionIndex, Layer, Tags, take
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.project.decisions import OF_BUILDINGS, Declaration
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import drawn_rows, without_drawn
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.protection.unknown_use import likely_dwellings, use_unknown

# Places that no output tells one by one, and the blocks of ground that outputs speak of in their stead.
BLOCK_DEG = 0.0018  # of latitude: 200 m; of longitude as many metres
MARGIN_M = 100.0  # around the block, so that what lies across its edge does not tell so


@dataclass(frozen=True, eq=False, slots=True)
class NearBlocks:
    """The blocks of undisclosed places, and which cameras come near them: all their pictures are veiled alike."""

    blocks: BaseGeometry

    @classmethod
    def of(cls, places: Iterable[ProtectedPlace], crs: Crs) -> "NearBlocks":
        """Return the blocks of a city."""
        return cls(undisclosed_blocks(places, crs))

    def reaches(self, views: Sequence[View]) -> bool:
        """Say whether a camera's views reach such a block."""
        lens = shapely.points([(view.x_m, view.y_m) for view in views])
        reach_m = np.array([view.range_m for view in views])
        return bool(len(views)) and bool((shapely.distance(lens, self.blocks) <= reach_m).any())


def secret_kinds(kinds: ProtectedKinds) -> frozenset[str]:
    """Return the kinds that outputs do not tell: those of people who hide, and what only a user draws."""
    return frozenset(kind.name for kind in kinds.kinds if kind.hides_people or any("lhasaplan" in tag for tag in kind.tags))


def undisclosed_blocks(places: Iterable[ProtectedPlace], crs: Crs) -> BaseGeometry:
    """Return the blocks of all undisclosed places with the margin around them, in the project's system; empty without any.

    Blocks lie on a grid of longitude and latitude, the same for every project and coordinate system. The margin is doubled
    until it holds the place, which tells how large it is at most.
    """
    return shapely.union_all(list({_block(place.ground, crs) for place in places if place.is_undisclosed}))


def _block(ground: BaseGeometry, crs: Crs) -> BaseGeometry:
    square, margin_m = _square(ground.centroid, crs), MARGIN_M
    while not (grown := shapely.buffer(square, margin_m, join_style="mitre")).covers(ground):
        margin_m *= 2.0
    return grown


def _square(middle: shapely.Point, crs: Crs) -> BaseGeometry:
    """Return the square of the grid in which a point lies."""
    lon, lat = (float(each) for each in crs.to_lonlat(middle.x, middle.y))
    south = math.floor(lat / BLOCK_DEG) * BLOCK_DEG
    step = BLOCK_DEG / max(math.cos(math.radians(math.floor(south))), 0.01)
    west = math.floor(lon / step) * step
    corners = np.array([(west, south), (west + step, south), (west + step, south + BLOCK_DEG), (west, south + BLOCK_DEG)])
    return shapely.Polygon(np.column_stack(crs.to_xy(corners[:, 0], corners[:, 1])))


# Decide what may be disclosed of a spot: who sees it is geometry and knows no place; why a camera does not see it may draw
# one.
#
# Seen or not, certainty, density and distance are the same for every spot, as in the count grid. What blocks a view, and from
# which height the spot would be seen, are withheld on protected ground of the map as it is without the undisclosed places
# (``core/protection/undisclosed.py``): so no answer, and no silence, depends on one of these.
@dataclass(frozen=True, slots=True)
class Witness:
    """What one camera can see of a spot.

    ``certainty`` is certain, possible or not; ``density_px_m`` is (low, high), equal when certain, 0 when not seen.
    ``reason`` and ``blocker_id`` are empty where they may not be disclosed.
    """

    camera_id: str
    certainty: str
    density_px_m: tuple[float, float]
    distance_m: float
    reason: str = ""
    blocker_id: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class SpotRule:
    """Where it may not be disclosed why a camera does not see a spot: on the protected ground of the disclosed map."""

    ground: ProtectedGround

    def is_withheld(self, xyz_m: FloatArray) -> BoolArray:
        """Return which points lie on ground of which no reason is disclosed; shape (P,)."""
        if not self.ground.places:
            return np.zeros(len(xyz_m), bool)
        return self.ground.covers_points(xyz_m[:, 0], xyz_m[:, 1])


def disclosed_ground(
    ground: ProtectedGround,
    layers: Mapping[str, Layer],
    buildings: Buildings,
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration] = (),
) -> ProtectedGround:
    """Return the protected ground of the map without what outputs do not disclose: found anew, as if that were not there.

    Parameters
    ----------
    ground : of the map as it is; where nothing of it is undisclosed, it is the answer.
    """
    if not any(place.is_undisclosed for place in ground.places):
        return ground
    disclosed = replace(kinds, kinds=tuple(kind for kind in kinds.kinds if not kind.hides_people))
    drawn = {name: drawn_rows(layer) for name, layer in layers.items()}
    bare = {name: take(layer, ~drawn[name]) if drawn[name].any() else layer for name, layer in layers.items()}
    return ProtectedGround(find_protected(bare, buildings, disclosed, declarations))


def in_order(witnesses: Sequence[Witness]) -> tuple[Witness, ...]:
    """Return answers, the sharpest view first, then the nearest."""
    rank = {"certain": 0, "possible": 1, "not": 2}
    return tuple(sorted(witnesses, key=lambda w: (rank[w.certainty], -w.density_px_m[1], w.distance_m, w.camera_id)))


# A project as a reader outside may have it: all that answers rest on, without the places that outputs never list.
BUILDINGS, ORDINARY = "buildings", "yes"


def disclosed_project(project: Project, kinds: ProtectedKinds) -> Project:
    """Return the project without undisclosed places, drawn places, names of observers, journal, bookmarks, kept plans.

    A building in which people hide stays where it stands, since it hides what is behind it; of its tags only those that say how
    it rises are left, and it counts as one of unknown use, as public outputs count it. Every other feature of such a kind is
    left out. What only several features together say is not found here: whoever hands the project on looks for places that are
    left (:attr:`lhasaplan.core.model.place.ProtectedPlace.is_undisclosed`).
    """
    bare, drawn = without_drawn(without_names(project))
    index, secret = kinds.index(), secret_kinds(kinds)
    hidden = {
        name: np.fromiter((not secret.isdisjoint(index.names(tags)) for tags in layer.tags), bool, len(layer))
        for name, layer in bare.layers.items()
    }
    layers = {name: _open_layer(name, layer, hidden[name], index, secret) for name, layer in bare.layers.items()}
    known = {*(name for each in drawn.layers.values() for name in each.ids.tolist())}
    known |= {name for each, layer in bare.layers.items() for name in layer.ids[hidden[each]].tolist()}
    # A declaration of a building loses its reason, which may say who lives there.
    return replace(
        bare,
        layers=layers,
        declarations=tuple(
            each
            if each.fact not in OF_BUILDINGS
            else replace(each, reason="", thing=None if each.subject in known else each.thing)
            for each in bare.declarations
        ),
        suspended=tuple(each.nameless() if each.subject in known else each for each in bare.suspended),
        closed=None,
        journal=(),
        bookmarks=(),
        versions=(),
        district=None,
    )


def _open_layer(name: str, layer: Layer, hidden: BoolArray, index: ConditionIndex, secret: frozenset[str]) -> Layer:
    if not hidden.any():
        return layer
    if name != BUILDINGS:
        return take(layer, ~hidden)
    tags = (_plain(each, index, secret) if is_hidden else each for each, is_hidden in zip(layer.tags, hidden, strict=True))
    return replace(layer, tags=tuple(tags))


def _plain(tags: Tags, index: ConditionIndex, secret: frozenset[str]) -> Tags:
    """Return the tags that say how a building rises; a kind of building that would tell the place is an ordinary one."""
    kept: Mapping[str, str] = {key: text for key, text in tags.items() if key in RISE_TAGS}
    return kept if secret.isdisjoint(index.names(kept)) else {**kept, "building": ORDINARY}


# List the buildings that outputs tell as of unknown use: those whose use a person may declare, one by one or many at once.

INSIDE = 0.5  # share of a footprint beyond which it lies in an area
Found = tuple[int, ProtectedClass]  # row of the buildings, and what they are told as


@dataclass(frozen=True, eq=False, slots=True)
class UnknownBuildings:
    """Buildings of unknown use, by id; ``likely`` are those that house numbers, entrances or names make dwellings, likely."""

    ids: tuple[str, ...]
    shapes: ObjectArray
    likely: BoolArray

    def __len__(self) -> int:
        return len(self.ids)

    def inside(self, area: BaseGeometry) -> "UnknownBuildings":
        """Return those that lie in an area with more than half of their footprint."""
        shared = shapely.area(shapely.intersection(self.shapes, area))
        return self.at(shared > INSIDE * shapely.area(self.shapes))

    def at(self, keep: BoolArray) -> "UnknownBuildings":
        """Return the rows that are kept, shape (n,) of truth."""
        rows = np.flatnonzero(keep)
        return UnknownBuildings(tuple(self.ids[row] for row in rows.tolist()), self.shapes[rows], self.likely[rows])


def unknown_buildings(
    places: Sequence[ProtectedPlace],
    buildings: Buildings,
    layers: Mapping[str, Layer],
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration],
) -> UnknownBuildings:
    """Return the buildings of unknown use, in the order of their layer.

    A building in which an undisclosed place is stands among its like: left out it would be a hint (``undisclosed.py``).
    """
    secret = secret_kinds(kinds)
    found: dict[int, ProtectedClass] = {}
    for place in places:
        if not place.cls.is_known:
            found.update((row, place.cls) for row in _rows(place))
        elif place.is_undisclosed and not set(place.kinds) - secret:
            found.update(of_unknown_use(place, buildings, layers, kinds, declarations))
    rows = np.array(sorted(found), np.int64)
    likely = np.array([found[row] is ProtectedClass.DWELLING_LIKELY for row in rows.tolist()], bool)
    return UnknownBuildings(tuple(map(str, buildings.ids[rows].tolist())), buildings.polygons[rows], likely)


def of_unknown_use(
    place: ProtectedPlace,
    buildings: Buildings,
    layers: Mapping[str, Layer],
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration],
) -> list[Found]:
    """Return the buildings of a place whose use would be unknown without it, and what they would count as."""
    index, secret = kinds.index(), secret_kinds(kinds)
    rows = np.array(sorted(_rows(place)), np.int64)
    own = [tuple(name for name in index.names(buildings.tags[row]) if name not in secret) for row in rows.tolist()]
    some = _some(buildings, rows.tolist())
    unknown = use_unknown(some, own, kinds, declarations)
    likely = likely_dwellings(some, unknown, layers, kinds)
    classes = np.where(likely, ProtectedClass.DWELLING_LIKELY, ProtectedClass.USE_UNKNOWN)
    return [(row, ProtectedClass(cls)) for row, cls in zip(rows[unknown].tolist(), classes[unknown].tolist(), strict=True)]


def _rows(place: ProtectedPlace) -> Iterator[int]:
    """Yield the rows of a place's buildings, each once."""
    yield from {*place.buildings, *((place.building,) if place.building >= 0 else ())}


def _some(of: Buildings, rows: Sequence[int]) -> Buildings:
    at = np.array(rows, np.int64)
    tags = tuple(of.tags[row] for row in rows)
    return Buildings(of.ids[at], of.polygons[at], of.base_m[at], of.top_m[at], of.height_source[at], tags)
