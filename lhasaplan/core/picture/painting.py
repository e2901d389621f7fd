"""Colour the pixels of a picture: surfaces by kind and light, haze by distance, veils as hatching, masks dark."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

SKY, GROUND, ROOF, UNDERSIDE = -4, -3, -2, -1  # as in ``rays/meeting``: numba keeps numbers of other modules when they change
VEILED, BAND = 8, 16  # as in ``picture_town`` and ``outlook``
HATCH_PX, STRIPE_PX = 9, 3
STOREY_M, RING_M, LAST_RING_M = 3.0, 10.0, 100.0

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]

# Rows of the palette.
(HORIZON, ZENITH, WALL, ROOFING, BELOW, TREE, FIGURE, MASKED, VEIL, LINE) = range(10)
KINDS, BANDS, GRADES = 10, 15, 19  # first rows of ground by kind, density bands, grades of what is seen of protected places
PALETTE: FloatArray = np.array(
    [
        (226, 234, 242), (150, 186, 222), (222, 212, 196), (186, 170, 158), (120, 112, 108), (112, 146, 92), (52, 66, 104),
        (28, 28, 32), (122, 84, 150), (60, 56, 52),
        (222, 218, 208), (200, 201, 206), (214, 208, 196), (196, 212, 178), (172, 202, 226),
        (205, 226, 244), (155, 198, 234), (92, 153, 207), (47, 105, 165),
        (122, 84, 150), (214, 158, 32), (232, 104, 24), (208, 36, 36),
    ],
    float,
)  # fmt: skip


class PictureLens(NamedTuple):
    """The lens of a picture: where it hangs, how its axis points, how long it is.

    Parameters
    ----------
    cos_axis, sin_axis : of the axis counter-clockwise from east.
    focal_px : focal length in the camera's pixels.
    is_bent : densities go by slant distance.
    """

    x: float
    y: float
    z: float
    cos_axis: float
    sin_axis: float
    cos_tilt: float
    sin_tilt: float
    focal_px: float
    is_bent: bool


class Light(NamedTuple):
    """How a picture is lit and what its pixels stand for.

    Parameters
    ----------
    pixel : angle of a pixel of the picture, radians.
    range_m : beyond it things are pale.   night_m : how far light reaches at night, negative by day.
    stripe : pixels of the picture for each pixel that is shown.
    is_silent : every building is veiled alike.
    has_bands : is ground coloured by density?
    """

    lens: PictureLens
    pixel: float
    range_m: float
    night_m: float
    stripe: int
    is_silent: bool
    has_bands: bool


class Surfaces(NamedTuple):
    """What is known of surfaces: light on walls by their last corner, veils by building, grids with west, north and cell."""

    wall_light: FloatArray
    tree_light: FloatArray
    is_veiled: BoolArray
    ground: Bytes
    ground_frame: FloatArray
    grade: Bytes
    grade_frame: FloatArray
    band: FloatArray  # lower densities, ascending


@inner
def _cell(grid: Bytes, frame: FloatArray, x: float, y: float) -> int:
    """Return the value of a grid at a place, 0 beyond it."""
    column, row = math.floor((x - frame[0]) / frame[2]), math.floor((frame[1] - y) / frame[2])
    if 0 <= row < grid.shape[0] and 0 <= column < grid.shape[1]:
        return int(grid[row, column])
    return 0


@inner
def _is_private(kind: int) -> bool:
    """Return whether ground is neither a street, a way nor water."""
    return kind in (0, 3)  # plain, green


@inner
def _mixed(a: tuple[float, float, float], row: int, share: float, palette: FloatArray) -> tuple[float, float, float]:
    """Return a colour with a share of one of the palette's."""
    keep = 1.0 - share
    return a[0] * keep + palette[row, 0] * share, a[1] * keep + palette[row, 1] * share, a[2] * keep + palette[row, 2] * share


@inner
def _lit(row: int, light: float, palette: FloatArray) -> tuple[float, float, float]:
    """Return a colour of the palette in some light."""
    return palette[row, 0] * light, palette[row, 1] * light, palette[row, 2] * light


@inner
def _density(ray: FloatArray, away: float, light: Light) -> float:
    """Return the pixel density across a target on a ray; see ``frustum.depth_m``."""
    slope = ray[2]
    if light.lens.is_bent:
        return float(light.lens.focal_px / max(away * math.sqrt(1.0 + slope * slope), 0.05))
    return float(light.lens.focal_px / max(away * (ray[0] * light.lens.cos_tilt + slope * light.lens.sin_tilt), 0.05))


@inner
def _line(distance: float, step: float, pixel_m: float) -> float:
    """Return how much of a pixel a line at every step covers, 0 to 1; none where lines would lie too close."""
    if pixel_m * 5.0 > step:
        return 0.0
    off = abs(distance - step * math.floor(distance / step + 0.5))
    return max(0.0, 1.0 - off / min(max(pixel_m, 0.03), 0.4))


@inner
def _of_ground(
    ray: FloatArray, away: float, kind: int, light: Light, s: Surfaces, palette: FloatArray
) -> tuple[float, float, float]:
    """Return the colour of ground: by kind, by density as far as the range, with a ring at every ten metres."""
    colour = _lit(KINDS + kind % VEILED, 1.0, palette)
    if kind >= BAND:
        return _mixed(colour, BANDS + kind // BAND - 1, 0.6, palette)
    if away > light.range_m or not light.has_bands:
        return colour
    density = _density(ray, away, light)
    for number in range(len(s.band) - 1, -1, -1):
        if density >= s.band[number]:
            colour = _mixed(colour, BANDS + number, 0.55, palette)
            break
    pixel_m = light.pixel * away * math.sqrt(1.0 + ray[2] * ray[2]) * math.sqrt(1.0 + 1.0 / max(ray[2] * ray[2], 1e-6))
    if RING_M / 2.0 < away < LAST_RING_M + RING_M / 2.0:
        colour = _mixed(colour, LINE, 0.35 * _line(away, RING_M, pixel_m), palette)
    return colour


@inner
def _of_building(
    z: float, away: float, face: int, building: int, light: Light, s: Surfaces, palette: FloatArray
) -> tuple[float, float, float]:
    """Return the colour of a wall with a line at every three metres of height, of a roof, or of what is seen from below."""
    tone = 0.94 + 0.12 * (building * 0.618034 % 1.0)  # neighbours differ a little, or a row of houses is one wall
    if face == ROOF:
        return _lit(ROOFING, tone, palette)
    if face == UNDERSIDE:
        return _lit(BELOW, 1.0, palette)
    colour = _lit(WALL, tone * (s.wall_light[face] if face >= 0 else 0.86), palette)
    return _mixed(colour, LINE, 0.16 * _line(z, STOREY_M, light.pixel * away), palette)


@inner
def _of_sky(slope: float, palette: FloatArray) -> tuple[float, float, float]:
    height = max(0.0, -slope) / math.sqrt(1.0 + slope * slope)
    return _mixed(_lit(HORIZON, 1.0, palette), ZENITH, min(1.0, 1.5 * height), palette)


@inner
def _hazy(colour: tuple[float, float, float], away: float, light: Light, palette: FloatArray) -> tuple[float, float, float]:
    """Return a colour paler the farther it is, and paler still beyond the range."""
    share = 1.0 - math.exp(-away / 900.0)
    if away > light.range_m:
        share = 0.30 + 0.70 * share
    return _mixed(colour, HORIZON, share, palette)


@inner
def _at_night(colour: tuple[float, float, float], away: float, light: Light) -> tuple[float, float, float]:
    """Return a colour as a camera has it by its own light: grey, and dark where that does not reach."""
    grey = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    if away <= light.night_m:
        near = 1.0 - 0.45 * away / light.night_m
        return grey * near, grey * near, grey * near
    return grey * 0.09, grey * 0.10, grey * 0.13


@kernel
def paint(
    size: tuple[int, int], ray: FloatArray, away: FloatArray, surface: Ints, figure: Bytes, masked: BoolArray,
    light: Light, s: Surfaces, palette: FloatArray, out: Bytes, veiled: BoolArray,
) -> None:  # fmt: skip
    """Write the colour of every pixel, shape (n, 3), and whether it is veiled, shape (n,).

    Parameters
    ----------
    size : columns and rows.   ray, away, surface : as in :class:`~lhasaplan.core.sight.lines.first_hits.Hits`.
    figure : shape (n,); 1 where a person is drawn, whose distance then stands in ``away``.
    masked : shape (n,), or none at all.
    """
    hatch, stripe = HATCH_PX * light.stripe, STRIPE_PX * light.stripe
    for i in range(len(out)):
        t, f, b = away[i, 0], surface[i, 0], surface[i, 1]
        slope, veil, grade = ray[i, 2], False, 0
        ux = ray[i, 0] * light.lens.cos_axis - ray[i, 1] * light.lens.sin_axis
        uy = ray[i, 0] * light.lens.sin_axis + ray[i, 1] * light.lens.cos_axis
        if f == SKY:
            colour = _of_sky(slope, palette)
        else:
            x, y, z = light.lens.x + ux * t, light.lens.y + uy * t, light.lens.z - slope * t
            if f == GROUND:
                kind = _cell(s.ground, s.ground_frame, x, y)
                veil = kind % BAND >= VEILED or (light.is_silent and _is_private(kind % BAND))
                colour = _of_ground(ray[i], t, kind, light, s, palette)
            else:
                veil = light.is_silent or (b >= 0 and s.is_veiled[b])
                colour = _of_building(z, t, f, b, light, s, palette)
            if t <= light.range_m:
                grade = _cell(s.grade, s.grade_frame, x, y)
            if figure[i] > 0:
                veil, grade, colour = False, 0, _lit(FIGURE, 1.0, palette)
            colour = _hazy(colour, t, light, palette)
        if away[i, 1] < t:
            last = surface[i, 2]
            shade = s.tree_light[last] if last >= 0 else (1.05 if last == ROOF else 0.62)
            leaf = _hazy(_lit(TREE, shade, palette), away[i, 1], light, palette)
            colour = (colour[0] * 0.3 + leaf[0] * 0.7, colour[1] * 0.3 + leaf[1] * 0.7, colour[2] * 0.3 + leaf[2] * 0.7)
        if light.night_m >= 0.0:
            colour = _at_night(colour, min(t, away[i, 1]), light)
        row, column = i // size[0], i % size[0]
        veiled[i] = veil or grade > 0
        if veiled[i]:
            is_stripe = (column + row) % hatch < stripe
            colour = _mixed(colour, GRADES + grade, 0.85 if is_stripe and grade > 0 else 0.42 if is_stripe else 0.10, palette)
        if len(masked) > 0 and masked[i]:
            colour = _mixed(colour, MASKED, 0.86, palette)
        out[i, 0], out[i, 1], out[i, 2] = min(colour[0], 255.0), min(colour[1], 255.0), min(colour[2], 255.0)


@kernel
def draw_edges(size: tuple[int, int], away: FloatArray, surface: Ints, figure: Bytes, out: Bytes) -> None:
    """Darken pixels at which another building, wall or person begins to the right or below."""
    columns, rows = size
    for row in range(rows - 1):
        for column in range(columns - 1):
            i = row * columns + column
            share = 1.0
            for j in (i + 1, i + columns):
                if figure[i] != figure[j]:
                    share = min(share, 0.6)
                elif surface[i, 1] != surface[j, 1]:
                    share = min(share, 0.55 if min(away[i, 0], away[j, 0]) < 120.0 else 0.75)
                elif surface[i, 0] != surface[j, 0]:
                    share = min(share, 0.78)
                elif away[i, 1] < away[i, 0] and surface[i, 3] != surface[j, 3]:
                    share = min(share, 0.85)
            if share < 1.0:
                for channel in range(3):
                    out[i, channel] = np.uint8(out[i, channel] * share)
