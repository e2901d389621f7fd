"""Density bands of a visibility polygon, cut on demand since most are never drawn."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import Kept, Shape, as_kept, may_be_kept
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.sight.lens.frustum import density_px_m, ground_limits_m, reach_of_set_m
from lhasaplan.core.sight.lens.open_ground import LENSES_KEPT, directions_deg, ground_between

SLIVER_M2 = 1e-6
ROUNDING = 1e-12
FAR_M = 1e6  # aside of a lens, where there is no ground in view
UPRIGHT = 1e-6
Band = tuple[float, BaseGeometry]


@may_be_kept("_ground")
class BandsOnDemand(Sequence[Band]):
    """Bands of what a view sees: (lower density, ground) from coarse to fine, disjoint, none empty.

    A value like the tuple that it stands for: it is cut once, when it is first read, and never changes. Over ground that is
    kept elsewhere it is cut whenever it is read, so that no reader fills the memory.
    """

    __slots__ = ("_bands", "_ground", "_plane_m", "_view")

    def __init__(self, view: View, plane_m: float, ground: Shape) -> None:
        self._view, self._plane_m, self._ground = view, plane_m, ground
        self._bands: tuple[Band, ...] | None = None

    def __iter__(self) -> Iterator[Band]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, k: int) -> Band: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Band, ...]: ...
    def __getitem__(self, k: int | slice) -> Band | tuple[Band, ...]:
        return self._read()[k]

    def _read(self) -> tuple[Band, ...]:
        if self._bands is not None:
            return self._bands
        bands = self._cut()
        if not isinstance(as_kept(self, "_ground"), Kept):
            self._bands = bands
        return bands

    def over(self, ground: Shape) -> "BandsOnDemand":
        """Return the bands of the same view over the same ground, kept elsewhere."""
        raise NotImplementedError

    def _cut(self) -> tuple[Band, ...]:
        """Return the bands, cut now."""
        raise NotImplementedError


class DensityBands(BandsOnDemand):
    """The bands on level land, ``plane_m`` being the height of the plane that is looked at."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type["DensityBands"], tuple[View, float, BaseGeometry]]:
        return DensityBands, (self._view, self._plane_m, self._ground)

    def over(self, ground: Shape) -> "DensityBands":
        """Return the same bands over ground that is kept elsewhere."""
        return DensityBands(self._view, self._plane_m, ground)

    def at_least(self, density_px_m: float) -> BaseGeometry:
        """Return the ground at this density or better in one cut; at the next finer band's if it lies between two."""
        finer = [lower for lower in DENSITY_BANDS_PX_M if lower >= density_px_m - 1e-9]
        return dense_ground(self._view, self._plane_m, self._ground, finer[0]) if finer else shapely.MultiPolygon()

    def _cut(self) -> tuple[Band, ...]:
        return cut_bands(self._view, self._plane_m, self._ground)


def cut_bands(view: View, plane_m: float, ground: BaseGeometry) -> tuple[Band, ...]:
    """Return the bands of ground on level land."""
    if ground.is_empty:
        return ()
    across = _cut_across(view, plane_m, ground) if _is_straight(view) else None
    if across is not None:
        return across
    ends = zip(DENSITY_BANDS_PX_M, (*DENSITY_BANDS_PX_M[1:], math.inf), strict=True)
    return bands_within(ground, [ground_between(view, plane_m, coarse, fine) for coarse, fine in ends])


def _is_straight(view: View) -> bool:
    """Tell whether spots of one density lie on a line across the axis: those of one straight lens that does not look down."""
    return view.lens_class is LensClass.RECTILINEAR and view.is_one_lens and math.cos(math.radians(view.tilt_deg)) > UPRIGHT


def _cut_across(view: View, plane_m: float, ground: BaseGeometry) -> tuple[Band, ...] | None:
    """Return the bands of a straight lens: the ground is turned with its axis to the east, where each is a cut by two meridians.

    None where the quick cut gives up or returns what is not ground, as of outlines that run back along the same line.
    """
    turn, xy = math.radians(view.azimuth_deg), shapely.get_coordinates(ground) - (view.x_m, view.y_m)
    east, north = math.sin(turn), math.cos(turn)
    ahead = xy @ (east, north)
    turned = shapely.set_coordinates(np.array([ground]), np.column_stack((ahead, xy @ (north, -east))))[0]
    lines = _lines_m(view, view.lens_z_m - plane_m)
    rows = zip(DENSITY_BANDS_PX_M, (*lines[1:], -FAR_M), lines, strict=True)
    some = [row for row in rows if row[2] > ahead.min() and row[1] < ahead.max()]
    try:
        cut = np.array([*(shapely.clip_by_rect(turned, low, -FAR_M, high, FAR_M) for _, low, high in some), None], object)[:-1]
    except GEOSException:
        return None
    at = shapely.get_coordinates(cut)
    if len(at) and np.abs(at[:, 1]).max() >= FAR_M:
        return None
    x, y = view.x_m + at @ (east, north), view.y_m + at @ (north, -east)
    cut = shapely.set_coordinates(cut, np.column_stack((x, y)))
    bands = ((row[0], areas_only(each)) for row, each in zip(some, cut.tolist(), strict=True))
    return tuple((density, band) for density, band in bands if not band.is_empty)


def _lines_m(view: View, drop_m: float) -> list[float]:
    """Return how far ahead of a straight lens each band begins, on a plane so far below it: its depth is the least there."""
    focal, tilt = focal_length_px(view.width_px, view.hfov_deg, view.lens_class), math.radians(view.tilt_deg)
    return [(focal / density - drop_m * math.sin(tilt)) / math.cos(tilt) for density in DENSITY_BANDS_PX_M]


def bands_within(ground: BaseGeometry, open_bands: Sequence[BaseGeometry]) -> tuple[Band, ...]:
    """Return what ground has of the bands on open land, coarse to fine; empty ones are left out."""
    bands = [areas_only(shapely.intersection(ground, part)) for part in open_bands]
    return tuple((d, band) for d, band in zip(DENSITY_BANDS_PX_M, bands, strict=True) if not band.is_empty)


def dense_ground(view: View, plane_m: float, ground: BaseGeometry, least_px_m: float) -> BaseGeometry:
    """Return the ground, on level land, at a density or better; the same value where that is all of it."""
    if ground.is_empty or is_dense_throughout(view, plane_m, least_px_m):
        return ground
    return areas_only(shapely.intersection(ground, ground_between(view, plane_m, least_px_m, math.inf)))


def is_dense_throughout(view: View, plane_m: float, least_px_m: float) -> bool:
    """Return whether the density is reached where it is least: at a straight lens ahead where the picture or the range ends."""
    return _is_lens_dense_throughout(view.lens, view.lens_z_m - plane_m, least_px_m)


@lru_cache(maxsize=LENSES_KEPT)
def _is_lens_dense_throughout(lens: View, drop_m: float, least_px_m: float) -> bool:
    _, far = ground_limits_m(lens, drop_m)
    if not lens.is_one_lens:
        return bool(reach_of_set_m(lens, drop_m, least_px_m, directions_deg(lens)).min() >= far * (1.0 - ROUNDING))
    return bool(density_px_m(lens, [0.0], [far], [drop_m])[0] >= least_px_m * (1.0 - ROUNDING))


def areas_only(geometry: BaseGeometry) -> BaseGeometry:
    """Return the areas of a geometry as a valid MultiPolygon, without lines, points and slivers."""
    whole = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = shapely.get_parts(shapely.get_parts(whole))
    are_areas = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > SLIVER_M2)
    return shapely.multipolygons(parts[are_areas])
