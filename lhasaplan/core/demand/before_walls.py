"""Measure how much of the walls, doors and grounds of protected places parts ask to be seen.

A piece of wall is *met* by demand that lies within 15 m before it. Of one place all demand together meets at most half. Off the
carriageway no part lies mostly before protected walls (a court, a garden, a mat before a door), and all of them together meet
at most half of a place's doors. What a carriageway parts from a wall lies in the street, not at the door; what a shipped pack
makes of the map is where the map has it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.streets import SHIPPED, Streets, StreetWidths, doors_of
from lhasaplan.core.demand.neighbourhood import extent_m, footprint
from lhasaplan.core.demand.outdoor_parts import may_use_the_street, part_points
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import DRAWN_SOURCE, OUTDOOR_PARTS, Part, ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.ground import ProtectedGround

REACH_M = 15.0
MOST = 0.5  # of a place's walls, of its doors, and of a part's own points
FIRST_MOST_M = 60.0  # a junction with its arms; what is longer follows a street round its corners
PIECE_M = 1.0
GRAZING_DEG = 20.0  # what lies so flat along a wall is beside it, not before it
_BESIDE_M = 0.3  # a wall with another building so near before it has nothing to show
_DOOR_M = 2.0  # a door so near to a wall is in it
_FAN = np.radians(np.linspace(-90.0 + GRAZING_DEG, 90.0 - GRAZING_DEG, 9))
_SLACK = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class GroundPieces:
    """Outlines of places cut into pieces of at most 1 m, with the building on the left.

    Parameters
    ----------
    place : shape (N,); the number of the place that each is of.
    start, end : shape (N, 2).
    """

    place: IntArray
    start: FloatArray
    end: FloatArray

    @property
    def length_m(self) -> FloatArray:
        """How long each is."""
        return np.asarray(np.hypot(*(self.end - self.start).T), float)

    @property
    def middle(self) -> FloatArray:
        """The middle of each, shape (N, 2)."""
        return (self.start + self.end) / 2.0

    @property
    def outward(self) -> FloatArray:
        """The direction that each faces, shape (N, 2)."""
        along = (self.end - self.start) / np.maximum(self.length_m, 1e-9)[:, None]
        return np.column_stack([along[:, 1], -along[:, 0]])

    def where(self, keep: BoolArray) -> "GroundPieces":
        """Return some of them."""
        return GroundPieces(self.place[keep], self.start[keep], self.end[keep])


def free_pieces(places: Sequence[ProtectedPlace], numbers: Sequence[int], footprints: ObjectArray) -> GroundPieces:
    """Return the pieces of some places' walls that no other building touches; of a place without a building of its ground's edge.

    Parameters
    ----------
    numbers : which of the places.
    footprints : of all buildings.
    """
    shapes = [
        shapely.boundary(shapely.orient_polygons(place.ground)) if place.frontage is None else place.frontage
        for place in (places[number] for number in numbers)
    ]
    lines, owner = shapely.get_parts(np.array([*shapes, None], object)[:-1], return_index=True)
    xy, line = shapely.get_coordinates(shapely.segmentize(lines, PIECE_M), return_index=True)
    goes_on = line[1:] == line[:-1]
    place = np.array(numbers, np.int64)[owner[line[:-1][goes_on]]] if len(lines) else np.empty(0, np.int64)
    pieces = GroundPieces(place, xy[:-1][goes_on], xy[1:][goes_on])
    before = shapely.points(pieces.middle + _BESIDE_M * pieces.outward)
    is_free = np.ones(len(place), bool)
    is_free[shapely.STRtree(footprints).query(before, predicate="within")[0]] = False
    return pieces.where(is_free & (pieces.length_m > 0.0))


class Meetings:
    """Which pieces of which places each of some parts meets, and of which it lies off the street."""

    def __init__(
        self,
        parts: Sequence[Part],
        ground: ProtectedGround,
        layers: Mapping[str, Layer] | None = None,
        widths: StreetWidths = SHIPPED,
        shipped: Collection[str] = (),
    ) -> None:
        self._parts, self._places, self._layers, self._widths = parts, ground.places, layers or {}, widths
        self._shipped = frozenset(shipped)
        self._shapes = np.array([*(footprint(part) for part in parts), None], object)[:-1]
        near = ground.near(self._shapes, REACH_M)
        self._pieces = free_pieces(ground.places, near, self._footprints)
        # The ground before each piece: what lies within 15 m of its middle and not flat along the wall.
        turn = np.arctan2(self._pieces.outward[:, 1], self._pieces.outward[:, 0])[:, None] + _FAN
        rim = self._pieces.middle[:, None, :] + REACH_M * np.stack([np.cos(turn), np.sin(turn)], axis=2)
        self._fans = np.asarray(shapely.polygons(np.concatenate([self._pieces.middle[:, None, :], rim], axis=1)), object)
        total = np.bincount(self._pieces.place, self._pieces.length_m, minlength=len(ground.places))
        self._total_m = np.maximum(total, 1e-9)
        fan, part = shapely.STRtree(self._shapes).query(self._fans, predicate="intersects")
        order = np.argsort(part, kind="stable")
        self._piece, cuts = fan[order], np.searchsorted(part[order], np.arange(len(parts) + 1))
        self._rows = [slice(low, high) for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)]

    def too_much_alone(self) -> BoolArray:
        """Return which parts meet too much if each were the only one."""
        return np.array([self._is_too_much(number, _Met(self)) for number in range(len(self._parts))], bool)

    def too_much_together(self) -> frozenset[int]:
        """Return the indices of parts to refuse, later ones first, so that those left meet no more than they may together."""
        met, gone = _Met(self), set[int]()
        for number in range(len(self._parts)):
            if self._is_too_much(number, met):
                gone.add(number)
            else:
                met.add(number)
        return frozenset(gone)

    def _is_too_much(self, number: int, met: "_Met") -> bool:
        part = self._parts[number]
        if part.question or part.indoor or not len(self.pieces_of(number)):
            return False
        return met.is_ring_with(number) or (
            not self.is_where_it_is(number) and (self._is_before_walls(number) or met.are_doors_with(number))
        )

    def pieces_of(self, number: int) -> IntArray:
        """Return the pieces that a part meets."""
        return np.asarray(self._piece[self._rows[number]], np.int64)

    @cached_property
    def is_in_street(self) -> BoolArray:
        """Which parts lie in the carriageway with half of them or more, or are stops and crossings of the map."""
        covered = shapely.area(np.array([*(self._streets.carriageway(shape) for shape in self._shapes), None], object)[:-1])
        is_stop = np.array([may_use_the_street(part) for part in self._parts], bool)
        return np.asarray(is_stop | (covered >= MOST * shapely.area(self._shapes)), bool)

    def is_where_it_is(self, number: int) -> bool:
        """Say whether a part lies where a street or the map has it: of the map are parts that a shipped, unchanged pack makes."""
        part = self._parts[number]
        return bool(self.is_in_street[number]) or (part.pack in self._shipped and part.source != DRAWN_SOURCE)

    def may_be_first(self, number: int) -> bool:
        """Say whether a part may meet more than half of a place's walls if no other does: a crossing before a corner house."""
        return bool(self.is_in_street[number]) and extent_m(self._parts[number].geometry) <= FIRST_MOST_M

    def at_doors(self, number: int) -> IntArray:
        """Return the pieces that a part meets with no carriageway between, of places whose use is known or likely."""
        pieces = self.pieces_of(number)
        of_place = np.array([self._counts_for(number, place) for place in self._pieces.place[pieces].tolist()], bool)
        pieces = pieces[of_place]
        lines = shapely.shortest_line(shapely.points(self._pieces.middle[pieces]), self._shapes[number])
        return np.asarray(pieces[~self._streets.is_crossed_by(lines)], np.int64)

    def _counts_for(self, number: int, place: int) -> bool:
        part, its = self._parts[number], self._places[place]
        spared = OUTDOOR_PARTS.get(part.kind, "")
        if spared in its.kinds and not its.hides_people and not its.drawn:
            return False
        if its.cls is ProtectedClass.USE_UNKNOWN:
            return False
        # A town hall may be likely a dwelling by its house number: what the map has at its own wall is its own.
        is_own = not its.cls.is_known and part.source != DRAWN_SOURCE
        return not (is_own and bool(shapely.dwithin(its.ground, part.geometry, _BESIDE_M)))

    def _is_before_walls(self, number: int) -> bool:
        """Say whether most of a part's points lie before protected walls; what the map has at a door lies before its own."""
        if self._parts[number].shape == "point" and self._parts[number].source != DRAWN_SOURCE:
            return False
        points, weights = part_points(self._parts[number])
        fans = self._fans[self.at_doors(number)]
        inside = np.zeros(len(points), bool)
        inside[shapely.STRtree(shapely.points(points)).query(fans, predicate="intersects")[1]] = True
        return bool(weights[inside].sum() > (MOST + _SLACK) * weights.sum())

    @cached_property
    def doors(self) -> Mapping[int, IntArray]:
        """The pieces in which the doors of each place are, by its number."""
        middles = shapely.points(self._pieces.middle)
        at = shapely.STRtree(middles).query_nearest(
            shapely.points(doors_of(self._layers)), max_distance=_DOOR_M, all_matches=False
        )
        found: dict[int, list[int]] = {}
        for piece in at[1].tolist():
            found.setdefault(int(self._pieces.place[piece]), []).append(piece)
        return {place: np.array(pieces, np.int64) for place, pieces in found.items()}

    @cached_property
    def _streets(self) -> Streets:
        return Streets(self._layers, self._widths)

    @property
    def _footprints(self) -> ObjectArray:
        return self._layers["buildings"].geometry if "buildings" in self._layers else np.empty(0, object)


class _Met:
    """The pieces that parts meet together, and the doors that those off the street meet."""

    def __init__(self, meetings: Meetings) -> None:
        self._of = meetings
        self._walls: dict[int, set[int]] = {}
        self._doors: dict[int, set[int]] = {}

    def add(self, number: int) -> None:
        """Count a part in."""
        for place, pieces in self._by_place(self._of.pieces_of(number)):
            self._walls.setdefault(place, set()).update(pieces)
        if not self._of.is_where_it_is(number):
            for place, pieces in self._by_place(self._of.at_doors(number)):
                self._doors.setdefault(place, set()).update(pieces)

    def is_ring_with(self, number: int) -> bool:
        """Say whether more than half of the walls of a place are met with this part."""
        length_m, may_be_first = self._of._pieces.length_m, self._of.may_be_first(number)
        for place, pieces in self._by_place(self._of.pieces_of(number)):
            before = self._walls.get(place, set())
            met = before | set(pieces)
            if may_be_first and not before:
                continue
            if length_m[list(met)].sum() > MOST * self._of._total_m[place] + PIECE_M:  # to a piece
                return True
        return False

    def are_doors_with(self, number: int) -> bool:
        """Say whether more than half of the doors of a place are met with this part off the street."""
        for place, pieces in self._by_place(self._of.at_doors(number)):
            doors = self._of.doors.get(place)
            if doors is not None and np.isin(doors, list(self._doors.get(place, set()) | set(pieces))).mean() > MOST:
                return True
        return False

    def _by_place(self, pieces: IntArray) -> Iterator[tuple[int, list[int]]]:
        place = self._of._pieces.place[pieces]
        for number in np.unique(place).tolist():
            yield number, pieces[place == number].tolist()
