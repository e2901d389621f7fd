"""The picture of a camera: what stands in it, people at chosen distances, what is veiled and what is masked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.city.trees_and_hoardings import Season
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M, LensClass, focal_length_px
from lhasaplan.core.picture.painting import (
    PALETTE,
    Light,
    PeopleStage,
    Person,
    PictureLens,
    Surfaces,
    draw_edges,
    paint,
    stand_people,
)
from lhasaplan.core.picture.picture_town import NO_GROUND, PaintedGround, PictureTown, covered, light_of
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import rank
from lhasaplan.core.sight import CellFrame, Scene
from lhasaplan.core.sight.lens.frustum import density_px_m
from lhasaplan.core.sight.lens.masks import pixel_masks_apply, pixels_of, rays_of, sweep_deg
from lhasaplan.core.sight.lines.first_hits import Hits, picture_hits

# The horizon of a picture with its true bearings, in the camera's pixels.

STEP_DEG = 0.5
FEWEST_TICKS = 4
TICK_STEPS_DEG = (30.0, 10.0, 5.0, 2.0, 1.0)
FAR_M = 1e6


@dataclass(frozen=True, slots=True)
class PictureHorizon:
    """The level of the lens as lines of pixels, and a tick with its true bearing at every few degrees."""

    lines: tuple[tuple[tuple[float, float], ...], ...]
    ticks: tuple[tuple[float, float, float], ...]  # bearing, u, v


def horizon_of(view: View, convergence_deg: float) -> PictureHorizon:
    """Return the horizon of a view; ``convergence_deg`` is added to a bearing of the grid to have the true one."""
    bearing = view.azimuth_deg + np.arange(-180.0, 180.0 + STEP_DEG / 2.0, STEP_DEG)
    u, v, shown = _pixels(view, bearing)
    jumps = np.abs(np.diff(u, prepend=u[0])) > view.width_px / 2.0
    lines: list[list[tuple[float, float]]] = [[]]
    for across, down, keep, jump in zip(u.tolist(), v.tolist(), shown.tolist(), jumps.tolist(), strict=True):
        if lines[-1] and (jump or not keep):
            lines.append([])
        if keep:
            lines[-1].append((across, down))
    return PictureHorizon(tuple(tuple(line) for line in lines if len(line) > 1), _ticks(view, convergence_deg))


def _ticks(view: View, convergence_deg: float) -> tuple[tuple[float, float, float], ...]:
    """Return ticks at round bearings, as many degrees apart as leave a few of them."""
    for step in TICK_STEPS_DEG:
        true = np.arange(0.0, 360.0, step)
        u, v, shown = _pixels(view, true - convergence_deg)
        if shown.sum() >= FEWEST_TICKS:
            break
    return tuple((float(b), float(x), float(y)) for b, x, y, keep in zip(true, u, v, shown, strict=True) if keep)


def _pixels(view: View, bearing_deg: FloatArray) -> tuple[FloatArray, FloatArray, "np.typing.NDArray[np.bool_]"]:
    """Return where level directions are in the picture, and whether they are."""
    along = np.radians(bearing_deg)
    u, v = pixels_of(view, np.sin(along) * FAR_M, np.cos(along) * FAR_M, np.zeros(len(along)))
    with np.errstate(invalid="ignore"):
        shown = (u >= 0.0) & (u <= view.width_px) & (v >= 0.0) & (v <= view.height_px)
    return u, v, np.asarray(shown, bool)


REACH_M, REACH_OF_RANGE = 600.0, 3.0  # how far buildings are drawn: so far, or so many times the range
GRADE_CELL_M, NEAR_FRONTAGE_M = 0.25, 0.7  # how near to seen frontage a wall is it
PEOPLE_M = (5.0, 10.0, 20.0, 40.0)
USUAL_COLUMNS = 640

Colours = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted.

    Parameters
    ----------
    columns : of the picture; rows follow from the camera's.
    people_m : distances at which people stand.   is_night : by the range at night, which must be recorded.
    fineness : pixels computed for each one that is given, along either side.
    season : which trees hide; None draws none.
    """

    columns: int = USUAL_COLUMNS
    people_m: tuple[float, ...] = PEOPLE_M
    is_night: bool = False
    fineness: int = 1
    season: Season | None = Season.IN_LEAF
    has_bands: bool = True


USUAL = Look()


@dataclass(frozen=True, slots=True)
class PictureSpot:
    """What one pixel shows: level distance and density there, None where it is veiled, masked or the sky."""

    away_m: float | None
    density_px_m: float | None
    is_veiled: bool


@dataclass(frozen=True, eq=False, slots=True)
class CameraPicture:
    """A picture with what is written on it.

    Parameters
    ----------
    rgb : shape (rows, columns, 3).
    away_m, is_veiled : shape (rows, columns); level distance, endless for the sky, and what is veiled.
    is_silent : the camera comes near ground of which no more is reported, so all buildings are veiled alike.
    """

    view: View
    rgb: Colours
    away_m: FloatArray
    is_veiled: BoolArray
    people: tuple[Person, ...]
    horizon: PictureHorizon
    is_silent: bool

    def at(self, u_px: float, v_px: float) -> PictureSpot | None:
        """Return what a pixel of the camera shows, None outside the picture; of what is veiled no figure is reported."""
        rows, columns = self.away_m.shape
        column, row = int(u_px * columns / self.view.width_px), int(v_px * rows / self.view.height_px)
        if not (0 <= column < columns and 0 <= row < rows and u_px >= 0.0 and v_px >= 0.0):
            return None
        away = float(self.away_m[row, column])
        if self.is_silent or self.is_veiled[row, column] or not math.isfinite(away):
            return PictureSpot(None, None, bool(self.is_veiled[row, column]))
        east, north, down = (away * rays_of(self.view, np.array([u_px]), np.array([v_px]))[0]).tolist()
        level = max(math.hypot(east, north) / away, 1e-9)
        density = density_px_m(self.view, [east / level], [north / level], [down / level])
        return PictureSpot(away, float(density[0]), is_veiled=False)


def drawable_view(views: Sequence[View]) -> View | None:
    """Return the view whose picture can be drawn: with a direction that is known, of a set of lenses the widest picture."""
    known = [view for view in views if view.swing_deg == 0.0 and view.basis is not Basis.SWEEP]
    view = min(known, key=lambda each: each.basis is not Basis.RECORDED, default=None)
    return None if view is None else replace(view, narrowest_hfov_deg=None, fewest_width_px=None, lowest_lens_z_m=None)


def picture_of(
    placed: Placed, town: PictureTown, look: Look = USUAL, sightings: Sequence[Sighting] = ()
) -> "CameraPicture | None":
    """Return the picture of a camera that is set into the town; None where its direction is not known."""
    view = drawable_view(placed.views)
    return None if view is None else camera_picture(view, town, look, sightings, placed.camera.night_range_m)


def camera_picture(
    view: View, town: PictureTown, look: Look = USUAL, sightings: Sequence[Sighting] = (), night_m: float | None = None
) -> CameraPicture:
    """Return the picture of a view.

    Parameters
    ----------
    sightings : what the camera shows of protected places, as outputs may tell it; hatched by grade.
    night_m : the range at night, if it is recorded.
    """
    fine = look.columns * look.fineness, max(round(look.columns * view.height_px / view.width_px), 1) * look.fineness
    scene, screens = town.city.rooms, town.screens(view, look.season) if look.season is not None else None
    hits = picture_hits(view, fine, scene, max(REACH_M, REACH_OF_RANGE * view.range_m), screens, is_lent=True)
    figure = np.zeros(len(hits.ray), np.uint8)
    people = stand_people(PeopleStage(view, scene, fine, hits, figure), look.people_m)
    is_silent = town.is_silent([view])
    light = light_for(view, look, fine, night_m if look.is_night else None, is_silent=is_silent)
    surfaces = surfaces_for(view, town, screens, sightings)
    out, veiled = np.empty((len(hits.ray), 3), np.uint8), np.zeros(len(hits.ray), bool)
    masked = masked_pixels(view, fine, hits)
    paint(fine, hits.ray, hits.away_m, hits.surface, figure, masked, light, surfaces, PALETTE, out, veiled)
    draw_edges(fine, hits.away_m, hits.surface, figure, out)
    shape = fine[1], fine[0]
    step = slice(look.fineness // 2, None, look.fineness)
    return CameraPicture(
        view,
        smooth(out.reshape(*shape, 3), look.fineness),
        hits.away_m[:, 0].reshape(shape)[step, step].copy(),
        veiled.reshape(shape)[step, step].copy(),
        people,
        horizon_of(view, float(town.city.crs.convergence_deg(np.array([view.x_m]), np.array([view.y_m]))[0])),
        is_silent,
    )


def light_for(view: View, look: Look, size: tuple[int, int], night_m: float | None, *, is_silent: bool) -> Light:
    """Return how the picture of a view is lit; ``night_m`` is None by day."""
    pixel, reach = math.radians(view.hfov_deg) / size[0], -1.0 if night_m is None else float(night_m)
    return Light(picture_lens(view), pixel, view.range_m, reach, look.fineness, is_silent, look.has_bands)


def picture_lens(view: View) -> PictureLens:
    """Return the lens of a view as a picture is painted by it."""
    axis, tilt = math.radians(90.0 - view.azimuth_deg), math.radians(view.tilt_deg)
    focal_px = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    directions = math.cos(axis), math.sin(axis), math.cos(tilt), math.sin(tilt)
    return PictureLens(view.x_m, view.y_m, view.lens_z_m, *directions, focal_px, view.lens_class is LensClass.EQUIDISTANT)


def surfaces_for(view: View, town: PictureTown, screens: Scene | None, sightings: Sequence[Sighting]) -> Surfaces:
    """Return what is known of the surfaces around a view."""
    ground, grade = town.ground_around(view.x_m, view.y_m), grades_around(view, sightings)
    tree_light = light_of(screens) if screens is not None else np.ones(1)
    veiled, bands = town.veiled_buildings, np.array(DENSITY_BANDS_PX_M)
    return Surfaces(
        town.wall_light, tree_light, veiled, ground.kind, placed_frame(ground.frame), grade.kind, placed_frame(grade.frame), bands
    )  # fmt: skip


def placed_frame(frame: CellFrame) -> FloatArray:
    """Return west, north and cell of a frame."""
    return np.array([frame.west, frame.north, frame.cell])


def grades_around(view: View, sightings: Sequence[Sighting]) -> PaintedGround:
    """Return what is seen of protected places, frontage a little widened, by grade: 1 to 3, the gravest above the others."""
    graded = [(rank(grade), lines) for each in sightings for grade, lines in each.graded_frontage()]
    seen = sorted(((number, lines) for number, lines in graded if lines is not None), key=lambda row: row[0])
    if not seen:
        return NO_GROUND
    shapes = [shapely.buffer(lines, NEAR_FRONTAGE_M, quad_segs=1, cap_style="flat") for _, lines in seen]
    west, south, east, north = shapely.total_bounds(shapes)
    cells = max(1, math.ceil((east - west) / GRADE_CELL_M)), max(1, math.ceil((north - south) / GRADE_CELL_M))
    frame = CellFrame(float(west), float(north), GRADE_CELL_M, *cells)
    kind = np.zeros((frame.rows, frame.columns), np.uint8)
    for (number, _), shape in zip(seen, shapes, strict=True):
        if number:
            kind[covered([shape], frame)] = number
    return PaintedGround(kind, frame)


def masked_pixels(view: View, size: tuple[int, int], hits: Hits) -> BoolArray:
    """Return which pixels of a picture masks hide, shape (n,); none at all where there are no masks."""
    hidden = np.zeros(0, bool)
    if pixel_masks_apply(view):
        scale = np.array([size[0] / view.width_px, -size[1] / view.height_px])
        rings = [shapely.make_valid(shapely.Polygon(np.asarray(ring) * scale)) for ring in view.mask_px]
        parts = [part for part in shapely.get_parts(rings) if shapely.get_dimensions(part) == 2]
        hidden = covered(parts, CellFrame(0.0, 0.0, 1.0, *size)).ravel()
    if view.mask_sector_deg:
        hidden = hidden if len(hidden) else np.zeros(len(hits.ray), bool)
        for first, last in view.mask_sector_deg:
            hidden |= _in_sector(hits.ray, first - view.azimuth_deg, sweep_deg(first, last))
    return hidden


def _in_sector(ray: FloatArray, first_deg: float, sweep_deg: float) -> BoolArray:
    """Return which rays lie in a sector, clockwise from its first bearing off the axis: beside both its borders, by no angle."""
    one, other = np.radians(first_deg), np.radians(first_deg + sweep_deg)
    is_after = ray[:, 1] * math.cos(one) <= -ray[:, 0] * math.sin(one)
    is_before = ray[:, 1] * math.cos(other) >= -ray[:, 0] * math.sin(other)
    return np.asarray(is_after & is_before if sweep_deg <= 180.0 else is_after | is_before, bool)


def smooth(rgb: Colours, fineness: int) -> Colours:
    """Return a picture with so many pixels taken together along either side."""
    if fineness == 1:
        return rgb
    rows, columns = rgb.shape[0] // fineness, rgb.shape[1] // fineness
    pieces = rgb.reshape(rows, fineness, columns, fineness, 3).astype(np.uint16)
    return np.asarray(pieces.sum(axis=(1, 3)) // fineness**2, np.uint8)
