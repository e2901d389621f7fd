"""Colour the pixels of a picture: surfaces by kind and light, haze by distance, veils, masks; and figures of people in it."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.lens.frustum import density_px_m
from lhasaplan.core.sight.lens.masks import pixels_of
from lhasaplan.core.sight.lines.first_hits import Hits
from lhasaplan.core.sight.obstacles.relief import ground_at

HEIGHT_M, HALF_M = 1.7, 0.3
FACE_M = 1.5  # at what height the density of a person is told, as of all targets
TRIED = (0.0, 0.12, -0.12, 0.22, -0.22, 0.32, -0.32, 0.40, -0.40)  # shares of the picture's width aside of the axis
WIDEST_ASIDE_DEG = 70.0
FEET_M, CROWN_M = -0.1, 1.8

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Person:
    """A figure in the picture.

    Parameters
    ----------
    away_m : level distance from the lens.   density_px_m : pixel density across at 1.5 m above the ground.
    x_m, y_m, foot_m : where it stands, and the ground there above the datum.
    foot_px, head_px : where it stands and ends in the picture, in the camera's pixels.
    shown : share of it that nothing hides, 0 to 1.
    """

    away_m: float
    density_px_m: float
    x_m: float
    y_m: float
    foot_m: float
    foot_px: tuple[float, float]
    head_px: tuple[float, float]
    shown: float = 0.0

    def is_apart(self, others: "Sequence[Person]") -> bool:
        """Say whether a self stands clear of those that stand nearer."""
        wide = [2.2 * HALF_M * (each.density_px_m + self.density_px_m) / 2.0 for each in others]
        return all(abs(each.foot_px[0] - self.foot_px[0]) > far for each, far in zip(others, wide, strict=True))

    def is_within(self, scene: Scene) -> bool:
        """Say whether the figure stands in a building."""
        rows = scene.tree.query(shapely.Point(self.x_m, self.y_m), predicate="intersects")
        return bool((scene.buildings.base_m[rows] < self.foot_m + HEIGHT_M).any())


class PeopleStage(NamedTuple):
    """The picture that people are drawn into.

    Parameters
    ----------
    size : columns and rows.   hits : their distances become those of the figures where they stand before all else.
    figure : shape (n,); becomes 1 where a figure is.
    """

    view: View
    scene: Scene
    size: tuple[int, int]
    hits: Hits
    figure: Bytes


def stand_people(stage: PeopleStage, distances_m: Sequence[float]) -> tuple[Person, ...]:
    """Return people at these distances, each drawn into the picture where nothing hides it.

    A person stands on the axis, or aside of it where the axis is built over, hidden or taken. At a distance that lies
    outside the picture there is none.
    """
    found: list[Person] = []
    for away in sorted(set(distances_m)):
        person = _placed(stage, away, found)
        if person is not None:
            found.append(_drawn(stage, person))
    return tuple(found)


def _placed(stage: PeopleStage, away_m: float, others: Sequence[Person]) -> Person | None:
    """Return a person at the first place tried that is free and in view, else the first that is free."""
    first = None
    for person in _tried(stage.view, away_m, stage.scene):
        if person.is_apart(others) and not person.is_within(stage.scene):
            if _is_clear(stage, person):
                return person
            first = first or person
    return first


def _tried(view: View, away_m: float, scene: Scene) -> Iterator[Person]:
    """Yield people at a distance on the axis and aside of it, whose middle is in the picture."""
    aside = np.clip(np.array(TRIED) * view.hfov_deg, -WIDEST_ASIDE_DEG, WIDEST_ASIDE_DEG)
    bearing = np.radians(view.azimuth_deg + aside)
    dx, dy = away_m * np.sin(bearing), away_m * np.cos(bearing)
    x, y = view.x_m + dx, view.y_m + dy
    foot = np.zeros(len(x)) if scene.relief.is_level else ground_at(scene.relief, x, y)
    below = view.lens_z_m - foot
    density = density_px_m(view, dx, dy, below - FACE_M)
    u, v = (
        each.reshape(2, -1).T
        for each in pixels_of(view, np.tile(dx, 2), np.tile(dy, 2), np.concatenate([below, below - HEIGHT_M]))
    )
    is_in = (u.mean(axis=1) >= 0) & (u.mean(axis=1) < view.width_px) & (v.mean(axis=1) >= 0) & (v.mean(axis=1) < view.height_px)
    rows = zip(density.tolist(), x.tolist(), y.tolist(), foot.tolist(), u.tolist(), v.tolist(), is_in.tolist(), strict=True)
    for px_m, east, north, z, across, down, shown in rows:
        if shown:
            yield Person(away_m, px_m, east, north, z, (across[0], down[0]), (across[1], down[1]))


def _is_clear(stage: PeopleStage, person: Person) -> bool:
    """Say whether nothing stands before foot, middle and head."""
    view, size, hits = stage.view, stage.size, stage.hits
    for share in (0.05, 0.5, 0.95):
        u, v = (person.foot_px[k] + share * (person.head_px[k] - person.foot_px[k]) for k in (0, 1))
        column, row = int(u * size[0] / view.width_px), int(v * size[1] / view.height_px)
        if 0 <= column < size[0] and 0 <= row < size[1] and hits.away_m[row * size[0] + column, 0] < person.away_m - 0.3:
            return False
    return True


def _drawn(stage: PeopleStage, person: Person) -> Person:
    """Draw a person; return it with the share that is shown."""
    view, size = stage.view, stage.size
    bearing = math.atan2(person.x_m - view.x_m, person.y_m - view.y_m) - math.radians(view.azimuth_deg)
    place = np.array([person.away_m, math.cos(bearing), -math.sin(bearing), view.lens_z_m - person.foot_m])
    whole, drawn = draw_figure(size, _box_of(view, person, size), place, stage.hits.ray, stage.hits.away_m, stage.figure)
    return replace(person, shown=drawn / whole if whole else 0.0)


def _box_of(view: View, person: Person, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the columns and rows that a person may lie in: first and one after the last of each."""
    across = np.array([person.y_m - view.y_m, -(person.x_m - view.x_m)]) / max(person.away_m, 1e-9)
    aside, height = (each.ravel() for each in np.meshgrid(np.linspace(-1.2, 1.2, 5) * HALF_M, np.linspace(FEET_M, CROWN_M, 7)))
    dx, dy = person.x_m - view.x_m + aside * across[0], person.y_m - view.y_m + aside * across[1]
    u, v = pixels_of(view, dx, dy, view.lens_z_m - person.foot_m - height)
    columns, rows = u * size[0] / view.width_px, v * size[1] / view.height_px
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()) or np.ptp(columns) > size[0] / 2:
        return 0, size[0], 0, size[1]
    first, last = np.floor(columns.min()) - 2, np.ceil(columns.max()) + 2
    top, bottom = np.floor(rows.min()) - 2, np.ceil(rows.max()) + 2
    limits = np.clip((first, last), 0, size[0]).astype(int), np.clip((top, bottom), 0, size[1]).astype(int)
    return int(limits[0][0]), int(limits[0][1]), int(limits[1][0]), int(limits[1][1])


@inner
def _in_figure(aside: float, height: float) -> bool:
    """Return whether a place before the middle of a person, metres aside and above the ground, lies on the figure."""
    a = abs(aside)
    if height >= 1.44:
        return (a / 0.105) ** 2 + ((height - 1.575) / 0.135) ** 2 <= 1.0 or (a <= 0.05 and height < 1.5)
    if height >= 1.34:  # shoulders
        return a <= 0.10 + 0.14 * math.sqrt(max(0.0, (1.44 - height) / 0.10))
    if height >= 0.80:  # arms and trunk
        return a <= 0.17 or (0.185 <= a <= 0.245)
    return height >= 0.0 and 0.015 <= a <= 0.15 - 0.04 * (0.80 - height)


@kernel
def draw_figure(
    size: tuple[int, int], box: tuple[int, int, int, int], place: FloatArray, ray: FloatArray, away: FloatArray, figure: Bytes
) -> tuple[int, int]:
    """Draw a figure on the upright plane that faces the lens; return its pixels, and those that nothing hides."""
    whole, drawn = 0, 0
    for row in range(box[2], box[3]):
        for column in range(box[0], box[1]):
            i = row * size[0] + column
            ahead = ray[i, 0] * place[1] + ray[i, 1] * place[2]
            if ahead <= 1e-6:
                continue
            t = place[0] / ahead
            if _in_figure(t * (ray[i, 1] * place[1] - ray[i, 0] * place[2]), place[3] - ray[i, 2] * t):
                whole += 1
                if t < away[i, 0]:
                    away[i, 0], figure[i] = t, 1
                    drawn += 1
    return whole, drawn


SKY, GROUND, ROOF, UNDERSIDE = -4, -3, -2, -1  # as in ``rays/meeting``: numba keeps numbers of other modules when they change
VEILED, BAND = 8, 16  # as in ``picture_town`` and ``outlook``
HATCH_PX, STRIPE_PX = 9, 3
STOREY_M, RING_M, LAST_RING_M = 3.0, 10.0, 100.0

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
