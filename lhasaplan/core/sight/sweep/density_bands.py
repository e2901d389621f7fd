"""The ground a lens takes in on open land, and density bands of a visibility polygon, cut on demand: most are never drawn."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload
from weakref import ref

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray, in_columns
from lhasaplan.core.base.kept_shapes import Kept, Shape, as_kept, may_be_kept
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M, LensClass, focal_length_px
from lhasaplan.core.sight.lens.frustum import density_px_m, ground_limits_m, half_width_deg, reach_at_density_m, reach_of_set_m
from lhasaplan.core.sight.sweep.polygons import NOTHING

ARC_STEP_DEG = 1.0  # chords of an arc; at 150 m they lie 6 mm inside it
LENSES_KEPT = 256
LEAST_RIM_M = 1e-3  # where a density reaches no farther in some direction, its rim meets the foot of the lens


def grounds_between(views: Sequence[View], target_z_m: float, coarse_px_m: float, fine_px_m: float) -> ObjectArray:
    """Return for each view the ground, walls and range ignored, whose density is at least the coarse and below the fine one.

    Shape (V,): cameras with one lens and direction have one shape, moved to each of them.
    """
    shapes = [_ground_round(v.lens, v.azimuth_deg, v.lens_z_m - target_z_m, coarse_px_m, fine_px_m) for v in views]
    raw = np.array([*shapes, None], object)[:-1]
    at_m = np.repeat(np.reshape([(v.x_m, v.y_m) for v in views], (-1, 2)), shapely.get_num_coordinates(raw), axis=0)
    return np.asarray(shapely.make_valid(shapely.set_coordinates(raw, at_m + shapely.get_coordinates(raw))), object)


@lru_cache(maxsize=LENSES_KEPT)
def _ground_round(lens: View, azimuth_deg: float, drop_m: float, coarse_px_m: float, fine_px_m: float) -> BaseGeometry:
    """Return the ground of a lens that stands at the origin; it may touch itself."""
    offsets, outer, inner = _reaches(lens, drop_m, coarse_px_m, fine_px_m)
    if outer.max() < 1e-6 or (outer - inner).max() < 1e-6:
        return shapely.Polygon()
    return _between_rims(lens, offsets + azimuth_deg, outer, inner, half_width_deg(lens) >= 180.0)


@lru_cache(maxsize=LENSES_KEPT)  # cameras of which nothing is recorded have one lens, and a city has thousands of them
def _reaches(lens: View, drop_m: float, coarse_px_m: float, fine_px_m: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return directions off the axis, and how far the coarse and the fine density reach in each."""
    offsets = directions_deg(lens)
    reach_m = reach_at_density_m if lens.is_one_lens else reach_of_set_m
    outer, inner = (reach_m(lens, drop_m, density, offsets) for density in (coarse_px_m, fine_px_m))
    kept = offsets, np.minimum(outer, 4.0 * lens.range_m), np.minimum(inner, 4.0 * lens.range_m)
    for each in kept:
        each.setflags(write=False)
    return kept


@lru_cache(maxsize=LENSES_KEPT)
def _reach_round(lens: View, drop_m: float, density_px_m: float) -> tuple[FloatArray, FloatArray, bool]:
    """Return directions off the axis counter-clockwise, radians, how far a density reaches there, and if it is a rim at all."""
    offsets, outer, _ = _reaches(lens, drop_m, density_px_m, math.inf)
    return np.radians(-offsets[::-1]), outer[::-1], bool(outer.min() > LEAST_RIM_M)


def cut_at_density(
    views: Sequence[View], plane_m: float, grounds: ObjectArray, density_px_m: float, *, is_denser: bool = True
) -> ObjectArray:
    """Return what each ground, a valid MultiPolygon, has on level land at a density or better, or below it; MultiPolygons, (V,).

    The rim of a density is a line of chords round the foot of the lens, along which a compiled kernel cuts; GEOS cuts with the
    same chords where the kernel is in doubt.
    """
    found = grounds.copy()
    reaches = [_reach_round(view.lens, view.lens_z_m - plane_m, density_px_m) for view in views]
    able = [k for k, (_, _, is_rim) in enumerate(reaches) if is_rim and not grounds[k].is_empty]
    if able:
        some, mine = [views[k] for k in able], [reaches[k] for k in able]
        found[able] = _cut_at_rims(some, mine, grounds[able], is_denser=is_denser)
    left = [k for k, (_, _, is_rim) in enumerate(reaches) if found[k] is None or not (is_rim or grounds[k].is_empty)]
    if left:
        near = grounds_between([views[k] for k in left], plane_m, density_px_m, math.inf)
        cut = shapely.intersection if is_denser else shapely.difference
        found[left] = areas_of(cut(grounds[left], near))
    return found


def _cut_at_rims(
    views: Sequence[View], reaches: Sequence[tuple[FloatArray, FloatArray, bool]], grounds: ObjectArray, *, is_denser: bool
) -> ObjectArray:
    """Return what each ground has within the rim of its lens, or beyond it; None in doubt."""
    from lhasaplan.core.sight.sweep.rim_cut import Rims, grounds_at_rims  # noqa: PLC0415  (numba is loaded when it is first needed)

    angles, reach_m = (np.concatenate([each[column] for each in reaches]) for column in (0, 1))
    begin = np.cumsum([0, *(len(each) for each, _, _ in reaches)])
    axis = np.radians([90.0 - view.azimuth_deg for view in views])
    way = angles + np.repeat(axis, np.diff(begin))
    xy = np.column_stack((reach_m * np.cos(way), reach_m * np.sin(way)))
    is_full = np.array([half_width_deg(view) >= 180.0 for view in views])
    foot_m = np.array([(view.x_m, view.y_m) for view in views])
    return grounds_at_rims(grounds, Rims(foot_m, axis, begin, angles, xy, is_full), keeps_near=is_denser)


def ground_inside(view: View, offsets_deg: FloatArray, outer_m: FloatArray, inner_m: FloatArray, is_full: bool) -> BaseGeometry:
    """Return the ground between an inner and an outer reach in each direction."""
    return shapely.make_valid(_between_rims(view, offsets_deg, outer_m, inner_m, is_full))


def _between_rims(view: View, offsets_deg: FloatArray, outer_m: FloatArray, inner_m: FloatArray, is_full: bool) -> BaseGeometry:
    rim, core = _rim(view, offsets_deg, outer_m), _rim(view, offsets_deg, inner_m)
    if not is_full:
        return shapely.Polygon(np.r_[rim, core[::-1]])
    return shapely.Polygon(rim[:-1], [core[:-1]] if inner_m.min() > 1e-6 else [])


def directions_deg(view: View) -> FloatArray:
    """Return directions off the axis from the left edge to the right: every full step, and the edges."""
    half = half_width_deg(view)
    whole = math.ceil(half / ARC_STEP_DEG) - 1
    return np.concatenate(([-half], np.arange(-whole, whole + 1) * ARC_STEP_DEG, [half]))


def _rim(view: View, offsets_deg: FloatArray, reach_m: FloatArray | float) -> FloatArray:
    """Return points at the given distance in each direction, shape (n, 2)."""
    bearing = np.radians(view.azimuth_deg + offsets_deg)
    return np.column_stack((view.x_m + reach_m * np.sin(bearing), view.y_m + reach_m * np.cos(bearing)))


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
    """The bands on level land, ``plane_m`` being the height of the plane that is looked at.

    ``together`` are those of views that were looked through in one batch: who reads a second one reads all of them in one cut.
    """

    __slots__ = ("__weakref__", "_together")

    def __init__(self, view: View, plane_m: float, ground: Shape, together: "list[ref[DensityBands]] | None" = None) -> None:
        self._view, self._plane_m, self._ground, self._bands = view, plane_m, ground, None
        self._together = [] if together is None else together
        self._together.append(ref(self))

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
        known = [each for one in self._together if (each := one()) is not None and each is not self]
        rest = [each for each in known if each._bands is None]
        some = [self, *rest] if len(rest) < len(known) else [self]
        grounds = np.array([*(each._ground for each in some), None], object)[:-1]
        own, *others = cut_many([each._view for each in some], [each._plane_m for each in some], grounds)
        for each, bands in zip(rest, others, strict=False):
            each._bands = bands
        return own


def cut_many(views: Sequence[View], planes_m: Sequence[float], grounds: ObjectArray) -> list[tuple[Band, ...]]:
    """Return the bands of many grounds on level land at once: a call of GEOS costs more than what it does for one."""
    straight = [k for k, view in enumerate(views) if _is_straight(view) and not grounds[k].is_empty]
    drops = np.array([views[k].lens_z_m - planes_m[k] for k in straight])
    found: list[tuple[Band, ...] | None] = [() if ground.is_empty else None for ground in grounds]
    for k, bands in zip(straight, _cut_across([views[k] for k in straight], drops, grounds[straight]), strict=True):
        found[k] = bands
    left = [k for k, bands in enumerate(found) if bands is None]
    for plane in dict.fromkeys(planes_m[k] for k in left):
        mine = [k for k in left if planes_m[k] == plane]
        for k, bands in zip(mine, _cut_between([views[k] for k in mine], plane, grounds[mine]), strict=True):
            found[k] = bands
    return [bands or () for bands in found]


def _cut_between(views: Sequence[View], plane_m: float, grounds: ObjectArray) -> list[tuple[Band, ...]]:
    """Return the bands of any lenses: what is left of each ground at a density, less what is left of it at the next."""
    bands, rest = list[ObjectArray](), cut_at_density(views, plane_m, grounds, DENSITY_BANDS_PX_M[0])
    for fine in DENSITY_BANDS_PX_M[1:]:
        bands.append(cut_at_density(views, plane_m, rest, fine, is_denser=False))
        rest = cut_at_density(views, plane_m, rest, fine)
    rows = zip(*bands, rest, strict=True)
    return [tuple((d, band) for d, band in zip(DENSITY_BANDS_PX_M, row, strict=True) if not band.is_empty) for row in rows]


def _is_straight(view: View) -> bool:
    """Tell whether spots of one density lie on a line across the axis: those of one straight lens that does not look down."""
    return view.lens_class is LensClass.RECTILINEAR and view.is_one_lens and math.cos(math.radians(view.tilt_deg)) > UPRIGHT


def _cut_across(views: Sequence[View], drops_m: FloatArray, grounds: ObjectArray) -> list[tuple[Band, ...] | None]:
    """Return the bands of straight lenses: each is a strip across the axis. None where the quick cut is in doubt."""
    if not len(views):
        return []
    from lhasaplan.core.sight.sweep.strip_cut import Strips, grounds_in_strips  # noqa: PLC0415  (as in ``_cut_at_rims``)

    turn, feet = np.radians([view.azimuth_deg for view in views]), np.array([(view.x_m, view.y_m) for view in views])
    begin = np.array([_lines_m(view, drop) for view, drop in zip(views, drops_m.tolist(), strict=True)])
    count, end = begin.shape[1], np.hstack((begin[:, 1:], np.full((len(views), 1), -FAR_M)))
    whose = np.repeat(np.arange(len(views)), count)
    ends_m = in_columns(end.ravel(), begin.ravel())
    shapes = grounds_in_strips(grounds, Strips(whose, feet[whose], in_columns(np.sin(turn), np.cos(turn))[whose], ends_m))
    shapes = shapes.reshape(len(views), count)
    is_some = ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    in_doubt = shapely.is_missing(shapes).any(axis=1).tolist()
    return [
        None if doubt else tuple((DENSITY_BANDS_PX_M[k], row[k]) for k in np.flatnonzero(some).tolist())
        for row, some, doubt in zip(shapes, is_some, in_doubt, strict=True)
    ]


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
    found: BaseGeometry = cut_at_density([view], plane_m, np.array([ground, None], object)[:-1], least_px_m)[0]
    return found


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


def areas_of(geometry: ObjectArray) -> ObjectArray:
    """Return :func:`areas_only` of each geometry."""
    whole = geometry.copy()
    broken = np.flatnonzero(~shapely.is_valid(geometry))
    whole[broken] = shapely.make_valid(geometry[broken])
    groups, of = shapely.get_parts(whole, return_index=True)
    parts, group = shapely.get_parts(groups, return_index=True)
    are_areas = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > SLIVER_M2)
    found = np.full(len(geometry), NOTHING, object)
    shapely.multipolygons(parts[are_areas], indices=of[group][are_areas], out=found)
    return found
