"""Choose the visibility polygons that maps draw: certain ones, and possible ones near and far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import overload

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.geometry_repair import cut_to_box
from lhasaplan.core.demand.unasked_area import ground_seen, without
from lhasaplan.core.model.camera import Basis
from lhasaplan.core.results.assessment import Field

AT_GROUND_M = 1.0  # a wall is seen at its face, ground ends before it: closer than this it stands at the ground that is drawn
NO_LINES = shapely.MultiLineString()


class Reach(StrEnum):
    """How a field is drawn: *certain* and *near* (all that is possible) solid, *far* (a pan-tilt's sweep) outlined."""

    CERTAIN = "certain"
    NEAR = "near"
    FAR = "far"


REACH_OF = {Basis.RECORDED: Reach.CERTAIN, Basis.POSSIBLE: Reach.NEAR, Basis.SWEEP: Reach.FAR}


@dataclass(frozen=True, eq=False, slots=True)
class DrawnField:
    """One field as maps draw it: ``ground`` is what it shows at 25 px/m or better, as in every figure of area."""

    reach: Reach
    field: Field
    ground: BaseGeometry


def drawn_fields(
    certain: Field | None, possible: Iterable[Field], not_mapped: BaseGeometry | None = None
) -> tuple[DrawnField, ...]:
    """Return the fields of one camera, far ones first, as they are drawn over each other; those that show nothing are left out.

    Together those of an uncertain camera have its ``area_m2``; of one that is certain its certain field has it: what of them
    nobody mapped is cut off.
    """
    pairs = [(REACH_OF[field.basis], field) for field in possible]
    pairs += [(Reach.CERTAIN, certain)] if certain is not None else []
    found = (DrawnField(reach, field, ground_seen(field)) for reach, field in pairs)
    return in_layers(found if not_mapped is None else (where_mapped(one, not_mapped) for one in found))


def where_mapped(one: DrawnField, not_mapped: BaseGeometry) -> DrawnField:
    """Return a field without unmapped ground, its bands as well; what is seen at less than 25 px/m goes with it."""
    bands, shown = _MappedBands(one.field.bands, not_mapped), without(one.ground, not_mapped)
    return DrawnField(one.reach, replace(one.field, geometry=shown, bands=bands, area_m2=float(shown.area)), shown)


class _MappedBands(Sequence[tuple[float, BaseGeometry]]):
    """The bands of a field without unmapped ground, cut when they are read: of a city's cameras one alone is drawn with its."""

    def __init__(self, bands: Sequence[tuple[float, BaseGeometry]], not_mapped: BaseGeometry) -> None:
        self._whole, self._not_mapped = bands, not_mapped

    @cached_property
    def _bands(self) -> tuple[tuple[float, BaseGeometry], ...]:
        cut = ((low, without(band, self._not_mapped)) for low, band in self._whole)
        return tuple((low, band) for low, band in cut if not band.is_empty)

    @overload
    def __getitem__(self, k: int) -> tuple[float, BaseGeometry]: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[tuple[float, BaseGeometry], ...]: ...
    def __getitem__(self, k: int | slice) -> tuple[float, BaseGeometry] | tuple[tuple[float, BaseGeometry], ...]:
        return self._bands[k]

    def __len__(self) -> int:
        return len(self._bands)


def in_layers(found: Iterable[DrawnField]) -> tuple[DrawnField, ...]:
    """Return the fields of one camera that show anything, far ones first."""
    return tuple(sorted((one for one in found if not one.ground.is_empty), key=_layer))


def _layer(one: DrawnField) -> int:
    return (Reach.FAR, Reach.NEAR, Reach.CERTAIN).index(one.reach)


def drawn_ground(drawn: Iterable[DrawnField]) -> BaseGeometry:
    """Return all ground that is drawn, each square metre once."""
    return shapely.union_all([one.ground for one in drawn])


def split_frontage(frontage: BaseGeometry | None, ground: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the seen frontage that stands at the ground drawn, and that beyond it: upper floors seen over roofs and walls."""
    if frontage is None or frontage.is_empty:
        return NO_LINES, NO_LINES
    lines = shapely.get_parts(frontage)
    shapely.prepare(ground)
    is_near = shapely.dwithin(lines, ground, AT_GROUND_M)
    at, beyond = _split(lines[is_near], ground)
    return _lines(at), _lines([*beyond, *lines[~is_near]])


def _split(lines: ObjectArray, ground: BaseGeometry) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Return what of these lines lies at the ground, and the rest; only the ground around them is looked at."""
    if not len(lines):
        return [], []
    west, south, east, north = shapely.total_bounds(lines).tolist()
    reach = 2.0 * AT_GROUND_M
    (around,) = cut_to_box(np.array([ground], object), (west - reach, south - reach, east + reach, north + reach))
    at = shapely.buffer(around, AT_GROUND_M, quad_segs=4)
    shapely.prepare(at)
    is_whole = shapely.covers(at, lines)  # most are: those alone that cross the edge are cut
    cut = lines[~is_whole]
    return [*lines[is_whole], *shapely.intersection(cut, at)], [*shapely.difference(cut, at)]


def _lines(found: list[BaseGeometry]) -> BaseGeometry:
    """Return the lines among the pieces as one geometry."""
    parts = shapely.get_parts(shapely.get_parts(np.array([*found, None], object)[:-1]))
    return shapely.multilinestrings(
        parts[(shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)]
    )
