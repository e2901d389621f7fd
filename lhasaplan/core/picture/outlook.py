"""A camera, its cone and the ground that it shows, seen from any spot around it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.city.trees_and_hoardings import Season
from lhasaplan.core.model.camera import Basis, Mount, View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M, LensClass, vertical_angle_deg
from lhasaplan.core.picture.camera_picture import Look, light_for, placed_frame, smooth, surfaces_for
from lhasaplan.core.picture.painting import PALETTE, draw_edges, paint
from lhasaplan.core.picture.picture_town import PaintedGround, PictureTown, covered
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.sight import CellFrame
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.lens.masks import pixels_of, rays_of
from lhasaplan.core.sight.lines.first_hits import picture_hits, ray_hits

# Lay translucent triangles over a picture, where nothing solid stands before them.

# ruff: noqa: PLR0917  (kernels take plain numbers)


Bytes = NDArray[np.uint8]
Vector = tuple[float, float, float]


@inner
def _across(a: Vector, b: Vector) -> Vector:
    """Return the cross product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@inner
def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def blend_triangles(
    size: tuple[int, int], triangle: FloatArray, box: IntArray, ray: FloatArray, away: FloatArray, colour: FloatArray,
    share: float, out: Bytes,
) -> None:  # fmt: skip
    """Mix a share of a colour into every pixel whose ray meets a triangle before what is solid.

    Parameters
    ----------
    triangle : shape (n, 3, 3); corners from the eye: ahead, to the left, down.
    box : shape (n, 4); columns and rows that hold it.
    ray, away : as in :class:`~lhasaplan.core.sight.lines.first_hits.Hits`.
    """
    for k in range(len(triangle)):
        a = triangle[k, 0, 0], triangle[k, 0, 1], triangle[k, 0, 2]
        b = triangle[k, 1, 0], triangle[k, 1, 1], triangle[k, 1, 2]
        c = triangle[k, 2, 0], triangle[k, 2, 1], triangle[k, 2, 2]
        ab, bc, ca = _across(a, b), _across(b, c), _across(c, a)
        normal = ab[0] + bc[0] + ca[0], ab[1] + bc[1] + ca[1], ab[2] + bc[2] + ca[2]
        volume = _dot(a, bc)
        for row in range(box[k, 2], box[k, 3]):
            for column in range(box[k, 0], box[k, 1]):
                i = row * size[0] + column
                d = ray[i, 0], ray[i, 1], ray[i, 2]
                one, two, three = _dot(d, ab), _dot(d, bc), _dot(d, ca)
                if not ((one >= 0.0 and two >= 0.0 and three >= 0.0) or (one <= 0.0 and two <= 0.0 and three <= 0.0)):
                    continue
                slant = _dot(d, normal)
                if slant == 0.0 or not 0.0 < volume / slant < away[i, 0]:
                    continue
                for channel in range(3):
                    out[i, channel] = np.uint8(out[i, channel] * (1.0 - share) + colour[channel] * share)


HFOV_DEG, ASPECT = 50.0, 9.0 / 16.0
BEHIND_DEG, ON_WALL_DEG = 25.0, 130.0  # between the bearing of a camera and that of who looks at it
BEYOND_M = 500.0  # how far behind the camera buildings are drawn
LOWEST_DEG, HIGHEST_DEG, NEAREST_M, FARTHEST_M = 4.0, 89.0, 5.0, 2000.0
ABOVE_GROUND_M = 2.0
AHEAD_OF_RANGE, MOST_AHEAD_M, WIDEST_AHEAD_DEG = 0.35, 40.0, 200.0
A_SIDE = 24  # rays along a side of the camera's picture, between which its cone is flat
CONE, CONE_SHARE = np.array([28.0, 92.0, 204.0]), 0.16
BAND = 16  # what is added to the kind of ground for each band of density

Colours = NDArray[np.uint8]
Band = tuple[float, BaseGeometry]


@dataclass(frozen=True, slots=True)
class ViewerSpot:
    """From where a camera is looked at: the bearing in which one looks, how steeply down, and from how far."""

    bearing_deg: float
    down_deg: float = 32.0
    away_m: float = 80.0

    def turned(self, bearing_deg: float, down_deg: float) -> "ViewerSpot":
        """Return the spot after one walked around the camera and up or down."""
        down = min(max(self.down_deg + down_deg, LOWEST_DEG), HIGHEST_DEG)
        return replace(self, bearing_deg=(self.bearing_deg + bearing_deg) % 360.0, down_deg=down)

    def nearer(self, times: float) -> "ViewerSpot":
        """Return the spot so many times nearer."""
        return replace(self, away_m=min(max(self.away_m / times, NEAREST_M), FARTHEST_M))


@dataclass(frozen=True, eq=False, slots=True)
class Outlook:
    """A picture from outside, where the lens is in it (None behind one's back), and the outline of the cone's end, in its pixels.

    Parameters
    ----------
    rgb : shape (rows, columns, 3).
    """

    rgb: Colours
    lens_px: tuple[float, float] | None
    corners_px: tuple[tuple[float, float] | None, ...]
    is_silent: bool


def usual_spot(view: View) -> ViewerSpot:
    """Return a spot above a camera from which its cone is seen whole: behind it, or before it where it hangs on a wall."""
    aside_deg = ON_WALL_DEG if view.mount is Mount.WALL else BEHIND_DEG  # behind a wall the house stands in the way
    return ViewerSpot((view.azimuth_deg + aside_deg) % 360.0, away_m=min(max(1.3 * view.range_m, 30.0), FARTHEST_M))


def outlook(
    view: View, town: PictureTown, spot: ViewerSpot, look: Look, bands: Sequence[Band] = (), sightings: Sequence[Sighting] = ()
) -> Outlook:
    """Return the town around a camera, its cone translucent, the ground that it shows tinted by density.

    Parameters
    ----------
    bands : lower density and ground of each band that the camera shows.
    sightings : what it shows of protected places, as outputs may tell it.
    """
    rows = max(round(look.columns * ASPECT), 1)
    fine = look.columns * look.fineness, rows * look.fineness
    eye = eye_of(view, spot, town, fine)
    screens = town.screens(view, Season.IN_LEAF) if look.season is not None else None
    hits = picture_hits(eye, fine, town.city.rooms, spot.away_m + BEYOND_M, screens, is_lent=True)
    is_silent, count = town.is_silent([view]), len(hits.ray)
    light = light_for(eye, replace(look, has_bands=False), fine, None, is_silent=is_silent)
    ground = with_bands(town.ground_around(view.x_m, view.y_m), tuple(bands))
    surfaces = surfaces_for(view, town, screens, sightings)._replace(ground=ground.kind, ground_frame=placed_frame(ground.frame))
    out, veiled, nobody, unmasked = (
        np.empty((count, 3), np.uint8),
        np.zeros(count, bool),
        np.zeros(count, np.uint8),
        np.zeros(0, bool),
    )
    paint(fine, hits.ray, hits.away_m, hits.surface, nobody, unmasked, light, surfaces, PALETTE, out, veiled)
    draw_edges(fine, hits.away_m, hits.surface, nobody, out)
    tips, corners = cone_of(view, town)
    lens = np.array([view.x_m, view.y_m, view.lens_z_m])
    triangle = _in_frame(eye, np.stack((np.broadcast_to(lens, tips.shape), tips, np.roll(tips, -1, axis=0)), axis=1))
    blend_triangles(fine, triangle, _boxes(eye, triangle, fine), hits.ray, hits.away_m, CONE, CONE_SHARE, out)
    where = _pixels(eye, np.vstack((lens, corners)), (look.columns, rows))
    return Outlook(smooth(out.reshape(fine[1], fine[0], 3), look.fineness), where[0], where[1:], is_silent)


def eye_of(view: View, spot: ViewerSpot, town: PictureTown, size: tuple[int, int]) -> View:
    """Return the view from a spot, the near part of the cone in the middle of its picture; never below the ground."""
    bearing, down = math.radians(spot.bearing_deg), math.radians(spot.down_deg)
    middle_x, middle_y = middle_of(view)
    x = middle_x - spot.away_m * math.cos(down) * math.sin(bearing)
    y = middle_y - spot.away_m * math.cos(down) * math.cos(bearing)
    floor = float(town.city.terrain.heights_m(np.array([x]), np.array([y]))[0]) + ABOVE_GROUND_M
    z = max(view.lens_z_m + spot.away_m * math.sin(down), floor)
    tilt = math.degrees(math.atan2(z - view.lens_z_m, max(spot.away_m * math.cos(down), 1e-6)))
    vertical = vertical_angle_deg(HFOV_DEG, *size, LensClass.RECTILINEAR)
    return View(
        "", Basis.RECORDED, x, y, z, spot.bearing_deg, 0.0, tilt, 0.0, HFOV_DEG, vertical, *size, LensClass.RECTILINEAR,
        math.inf,
    )  # fmt: skip


def middle_of(view: View) -> tuple[float, float]:
    """Return the place around which one walks: ahead of the lens, but of one that looks down or all around below it."""
    ahead = min(AHEAD_OF_RANGE * view.range_m, MOST_AHEAD_M) * math.cos(math.radians(min(abs(view.tilt_deg), 90.0)))
    ahead = 0.0 if view.hfov_deg > WIDEST_AHEAD_DEG else ahead
    azimuth = math.radians(view.azimuth_deg)
    return view.x_m + ahead * math.sin(azimuth), view.y_m + ahead * math.cos(azimuth)


@lru_cache(maxsize=2)
def with_bands(ground: PaintedGround, bands: tuple[Band, ...]) -> PaintedGround:
    """Return the kinds of ground with bands of density added to them; kept, since one who walks around a camera has the same."""
    if not bands:
        return ground
    kind = ground.kind.copy()
    for lower, shape in bands:
        number = sum(1 for band in DENSITY_BANDS_PX_M if band <= lower + 1e-9)
        if number and not shape.is_empty:
            rows, columns, frame = _cells_of(shape, ground.frame)
            there = kind[rows, columns]
            there[covered([shape], frame) & (there < BAND)] += np.uint8(BAND * number)
    return PaintedGround(kind, ground.frame)


def _cells_of(shape: BaseGeometry, frame: CellFrame) -> tuple[slice, slice, CellFrame]:
    """Return rows and columns of a frame that hold a shape, and the frame of these alone; at least one cell."""
    west, south, east, north = shape.bounds
    first_column, first_row = math.floor((west - frame.west) / frame.cell), math.floor((frame.north - north) / frame.cell)
    last_column, last_row = math.ceil((east - frame.west) / frame.cell), math.ceil((frame.north - south) / frame.cell)
    column, row = min(max(first_column, 0), frame.columns - 1), min(max(first_row, 0), frame.rows - 1)
    columns, rows = (max(min(last, most), first + 1) - first for first, last, most in
                     ((column, last_column, frame.columns), (row, last_row, frame.rows)))  # fmt: skip
    part = CellFrame(frame.west + column * frame.cell, frame.north - row * frame.cell, frame.cell, columns, rows)
    return slice(row, row + rows), slice(column, column + columns), part


def cone_of(view: View, town: PictureTown) -> tuple[FloatArray, FloatArray]:
    """Return where rays around the rim of a picture end, shape (n, 3), and its four corners, shape (4, 3).

    A ray ends where it meets something, or at the range.
    """
    share = np.arange(A_SIDE) / A_SIDE
    one, none = np.ones(A_SIDE), np.zeros(A_SIDE)
    u = np.concatenate((share, one, 1.0 - share, none)) * view.width_px
    v = np.concatenate((none, share, one, 1.0 - share)) * view.height_px
    ray = rays_of(view, u, v)
    level = np.maximum(np.hypot(ray[:, 0], ray[:, 1]), 1e-9)
    away = np.minimum(ray_hits(view, ray, town.city.rooms, view.range_m).away_m[:, 0], view.range_m)
    away = np.minimum(away, view.range_m * level / np.linalg.norm(ray, axis=1))  # steep rays end as far from the lens
    tip = np.column_stack((ray[:, :2] / level[:, None] * away[:, None], -ray[:, 2] / level * away))
    tip += (view.x_m, view.y_m, view.lens_z_m)
    return tip, tip[::A_SIDE]


def _in_frame(eye: View, xyz_m: FloatArray) -> FloatArray:
    """Return places in the frame of the rays from an eye: ahead, to the left, and down."""
    axis = math.radians(90.0 - eye.azimuth_deg)
    dx, dy, dz = (xyz_m - (eye.x_m, eye.y_m, eye.lens_z_m))[..., 0], (xyz_m - (eye.x_m, eye.y_m, 0.0))[..., 1], xyz_m[..., 2]
    ahead, aside = dx * math.cos(axis) + dy * math.sin(axis), dy * math.cos(axis) - dx * math.sin(axis)
    return np.ascontiguousarray(np.stack((ahead, aside, eye.lens_z_m - dz), axis=-1))


def _boxes(eye: View, triangle: FloatArray, size: tuple[int, int]) -> "NDArray[np.int64]":
    """Return columns and rows that hold each triangle, shape (n, 4); all of the picture for one that reaches behind the eye."""
    tilt = math.radians(eye.tilt_deg)
    depth = triangle[..., 0] * math.cos(tilt) + triangle[..., 2] * math.sin(tilt)
    below = triangle[..., 2] * math.cos(tilt) - triangle[..., 0] * math.sin(tilt)
    focal = eye.width_px / (2.0 * math.tan(math.radians(eye.hfov_deg) / 2.0))
    safe = np.maximum(depth, 1e-6)
    u, v = size[0] / 2.0 - triangle[..., 1] / safe * focal, size[1] / 2.0 + below / safe * focal
    box = np.column_stack((u.min(axis=1) - 1, u.max(axis=1) + 2, v.min(axis=1) - 1, v.max(axis=1) + 2))
    box[(depth < 0.1).any(axis=1)] = 0, size[0], 0, size[1]
    return np.asarray(np.clip(box, 0, (size[0], size[0], size[1], size[1])), np.int64)


def _pixels(eye: View, xyz_m: FloatArray, size: tuple[int, int]) -> tuple[tuple[float, float] | None, ...]:
    """Return where places are in the picture of an eye, None for one behind it."""
    dx, dy, dz = (xyz_m - (eye.x_m, eye.y_m, eye.lens_z_m)).T
    u, v = pixels_of(eye, dx, dy, -dz)
    scale = size[0] / eye.width_px
    return tuple((float(a * scale), float(b * scale)) if math.isfinite(a) else None for a, b in zip(u, v, strict=True))
