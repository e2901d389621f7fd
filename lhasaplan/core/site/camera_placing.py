"""Place recorded cameras in the city: every value that sight needs, recorded or assumed, nothing dropped silently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, slices
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.building_heights import parse_levels
from lhasaplan.core.model.camera import (
    Basis,
    Camera,
    CameraClass,
    Kind,
    Mount,
    Placed,
    Span,
    Status,
    View,
    is_reading_open,
    recorded_range,
)
from lhasaplan.core.model.camera_models import assumed_of
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import (
    RECTILINEAR_LIMIT_DEG,
    LensClass,
    farthest_at_density_m,
    focal_length_px,
    horizontal_of_vertical_deg,
    vertical_angle_after_deg,
    vertical_angle_deg,
)
from lhasaplan.core.sight.obstacles.building_index import stand_on
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at, level_relief
from lhasaplan.core.site.mounting import BELOW_EAVES_M, WALL_REACH_M, Mounting, mount_camera, mount_in_the_open
from lhasaplan.errors import Fault, InputError, Where

# The ground that a camera sees at night by its own infrared light: what it sees by day, within its night range.

ARC_STEP_DEG = 1.0  # chords, as the arcs of visibility polygons have them


def night_ground(seen: BaseGeometry, placed: Placed) -> BaseGeometry | None:
    """Return the part of the ground seen by day that lies within the camera's range at night, a MultiPolygon.

    None where that range is not recorded: nothing is assumed of street light or of infrared. The range counts on the ground
    from the lens, as the range by day does; where it is at least that, nothing is cut off.
    """
    range_m = placed.camera.night_range_m
    if range_m is None or not placed.views:
        return None
    if range_m >= max(view.range_m for view in placed.views):
        return seen
    lens, bearing = placed.views[0], np.radians(np.arange(0.0, 360.0, ARC_STEP_DEG))
    rim = np.column_stack((lens.x_m + range_m * np.sin(bearing), lens.y_m + range_m * np.cos(bearing)))
    lit = shapely.intersection(seen, shapely.Polygon(rim))
    return shapely.MultiPolygon([part for part in shapely.get_parts(lit) if part.geom_type == "Polygon"])


LOWEST_GRADED_PX_M = 25.0  # docs/glossary.md, grade: below it nothing is graded, so an assumed range ends there
FREE_SWING_DEG = 180.0
WALL_SWING_DEG = 90.0
LEAST_LENS_M = 0.5  # on a slope no assumed height puts a lens lower above the ground before it
SWEEP_TILT_DEG = (-15.0, 90.0)  # what pan-tilt heads commonly reach: a little above the horizon to straight down
CAMERAS_A_PIECE = 128
NO_RANGE_M = 0.1  # of a camera of which nothing is said
MINOR = frozenset({"range_m", "image_height_px", "kind"})  # what may be missing of a view that is certain


class ProjectGrid(Protocol):
    """The project's CRS, of which only the lean of its north is needed."""

    def convergence_deg(self, x: FloatArray, y: FloatArray) -> npt.ArrayLike:
        """Return true azimuth minus grid azimuth at each point, or one for all."""


@dataclass(frozen=True, slots=True)
class _Lens:
    """The widest picture and the most pixels that a camera may have, and the other ends where they are not known."""

    lens_class: LensClass
    hfov_deg: float
    vfov_deg: float
    width_px: int
    height_px: int
    narrowest_hfov_deg: float | None = None
    fewest_width_px: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class PlacingTown:
    """What cameras are set into: buildings with heights above the datum, their tree, the grid and the ground.

    ``level`` is the same town on level ground where cameras are set into that besides. ``least_px_m`` is the lowest density that
    anything is graded at: a range that is not recorded ends where no lens of a view has it any more.
    """

    buildings: Buildings
    tree: shapely.STRtree
    crs: ProjectGrid
    relief: Relief
    level: "PlacingTown | None" = None
    least_px_m: float = LOWEST_GRADED_PX_M


@dataclass(frozen=True, slots=True)
class _CameraSpot:
    """What is asked of the place where a camera was drawn."""

    ground_m: float
    lean_deg: float
    is_near_walls: bool


def make_town(
    buildings: Buildings,
    crs: ProjectGrid,
    relief: Relief | None = None,
    *,
    also_level: bool = False,
    least_px_m: float = LOWEST_GRADED_PX_M,
) -> PlacingTown:
    """Return the town of buildings with heights above their ground; worth keeping where cameras are tried many times."""
    ground, tree = relief or level_relief(), shapely.STRtree(buildings.polygons)
    tree.query(shapely.box(0, 0, 1, 1))  # a tree is built at the first question, which two threads must not ask at once
    level = PlacingTown(buildings, tree, crs, level_relief(), None, least_px_m) if also_level else None
    return PlacingTown(stand_on(buildings, ground), tree, crs, ground, level, least_px_m)


def place_in(
    town: PlacingTown, cameras: Sequence[Camera], classes: Mapping[Kind, CameraClass], progress: Progress = no_progress
) -> tuple[Placed, ...]:
    """Return each camera that is not removed, set into a town, with its mount and its fully specified views.

    Direction, angle, pixels across, tilt and height recorded: one RECORDED view, ``certain``. Otherwise one POSSIBLE view, the
    set of all lenses that the recorded values and the limits of the kind allow; an unknown direction may be any, on a facade
    any outwards. A pan-tilt has its home view where that is certain, and a SWEEP: all that it can turn and zoom to. A range
    that is not recorded ends where no lens of the view has the lowest graded density any more, at the limit of the kind at
    most. What is not recorded is named in ``assumed``.
    """
    kept = [camera for camera in cameras if camera.status is not Status.REMOVED]
    refuse_impossible_lenses(kept, classes)
    pieces = watched(slices(len(kept), CAMERAS_A_PIECE), progress, "sight", every=1)
    return tuple(placed for piece in pieces for placed in _place_some(kept[piece], classes, town))


def _place_some(cameras: Sequence[Camera], classes: Mapping[Kind, CameraClass], town: PlacingTown) -> Iterator[Placed]:
    """Yield some cameras set into the city; what is asked of every place is asked of all together."""
    x, y = np.array([(camera.x_m, camera.y_m) for camera in cameras], float).T
    spots = [_CameraSpot(*each) for each in zip(*_spots(x, y, town), strict=True)]
    for camera, spot in zip(cameras, spots, strict=True):
        assumed = assumed_of(camera, classes)
        meant = camera if camera.kind or assumed.model is None else replace(camera, kind=assumed.model.kind)
        placed = _place(meant, assumed, town, spot)
        if meant is not camera:
            placed = replace(placed, camera=camera, assumed=tuple(dict.fromkeys(("kind", *placed.assumed))))
        yield placed if town.level is None else replace(placed, level_views=_on_level(meant, assumed, town.level, spot))


def _on_level(camera: Camera, assumed: CameraClass, town: PlacingTown, spot: _CameraSpot) -> tuple[View, ...]:
    """Return the views of a camera set into the town on level ground: heights count from there."""
    if camera.lens_z_m is not None:
        above_m = max(camera.lens_z_m - spot.ground_m, LEAST_LENS_M)
        camera = replace(camera, lens_z_m=None, mount_height_m=above_m)
    return _place(camera, assumed, town, replace(spot, ground_m=0.0)).views


def _spots(x: FloatArray, y: FloatArray, town: PlacingTown) -> tuple[list[float], list[float], list[bool]]:
    """Return the ground, the lean of the grid and whether a footprint is within reach of a wall mount, at each place."""
    lean = np.broadcast_to(np.asarray(town.crs.convergence_deg(x, y), float), x.shape)
    is_near = np.zeros(len(x), bool)
    is_near[town.tree.query(shapely.points(x, y), predicate="dwithin", distance=WALL_REACH_M)[0]] = True
    return ground_at(town.relief, x, y).tolist(), lean.tolist(), is_near.tolist()


def refuse_impossible_lenses(cameras: Sequence[Camera], classes: Mapping[Kind, CameraClass]) -> None:
    """Raise one InputError for all rectilinear lenses that are too wide."""
    faults = []
    for camera in cameras:
        hfov = camera.recorded_hfov_deg
        lens = camera.lens_class or assumed_of(camera, classes).lens_class
        if hfov is not None and lens is LensClass.RECTILINEAR and hfov > RECTILINEAR_LIMIT_DEG:
            where = Where(item=camera.camera_id, column="hfov_deg")
            text = "{hfov} degrees is too wide for a rectilinear lens; the limit is 120 degrees, or state equidistant"
            faults.append(Fault(text, where, {"hfov": hfov}))
    if faults:
        raise InputError(*faults)


def _place(camera: Camera, assumed: CameraClass, town: PlacingTown, spot: _CameraSpot) -> Placed:
    """Return one camera set into the city."""
    where = (
        mount_camera(camera, assumed, town.buildings, town.tree, ground_m=spot.ground_m)
        if spot.is_near_walls
        else mount_in_the_open(camera, assumed, ground_m=spot.ground_m)
    )
    where = where if town.relief.is_level else _above_ground(where, camera, town, spot.ground_m)
    missing = _missing(camera, assumed)
    # A recorded kind or lens: the lens then stays what it is whatever is unrecorded.
    certain = not set(missing) - MINOR and (camera.kind is not None or camera.recorded_hfov_deg is not None)
    views = _views(camera, assumed, where, certain, spot.lean_deg)
    if camera.range_m is None:
        ranges = (min(graded_reach_m(view, town.least_px_m), assumed.range_limit_m) for view in views)
        views = tuple(replace(view, range_m=reach) for view, reach in zip(views, ranges, strict=True))
    if stands_nowhere(camera, where.building):
        views = tuple(replace(view, range_m=NO_RANGE_M) for view in views)
    by_model = assumed.model if {"hfov_deg", "image_width_px"} & {*missing} else None
    return Placed(camera, views, missing, where.mount, certain, where.moved_m, model=by_model)


def stands_nowhere(camera: Camera, building: int) -> bool:
    """Return whether a camera hangs indoors where the data have no building, whose walls would end its view."""
    return camera.mount is Mount.INDOOR and building < 0


def _above_ground(where: Mounting, camera: Camera, town: PlacingTown, ground_m: float) -> Mounting:
    """Return a mounting whose height counts from the ground below the lens, which on a slope is not where it was drawn.

    An assumed wall mount stays below its roof; no lens is in the ground. A recorded absolute height and a roof's stay.
    """
    if camera.lens_z_m is not None or where.mount is Mount.ROOF:
        return where
    here = float(ground_at(town.relief, np.array([where.x_m]), np.array([where.y_m]))[0])
    most = np.inf
    if where.mount is Mount.WALL and camera.mount_height_m is None:
        most = float(town.buildings.top_m[where.building]) - BELOW_EAVES_M
    ends = (where.lens_z_m.narrow, where.lens_z_m.typical, where.lens_z_m.wide)
    return replace(where, lens_z_m=Span(*(max(min(z + here - ground_m, most), here + LEAST_LENS_M) for z in ends)))


def _missing(camera: Camera, assumed: CameraClass) -> tuple[str, ...]:
    """Return the fields that sight needs and the source does not record; a value with one possibility is none of them."""
    absent = {
        "kind": camera.kind is None,
        "azimuth_deg": camera.azimuth_deg is None and not _needs_no_direction(camera, assumed),
        "direction_range": is_reading_open(camera),
        "hfov_deg": camera.recorded_hfov_deg is None
        and (assumed.model is not None or assumed.hfov_deg.narrow != assumed.hfov_deg.wide),
        "image_width_px": camera.image_width_px is None,
        "image_height_px": camera.image_height_px is None and camera.vfov_deg is None,
        "mount_height_m": camera.mount_height_m is None and camera.lens_z_m is None,
        "tilt_deg": camera.tilt_deg is None and assumed.tilt_deg.narrow != assumed.tilt_deg.wide,
        "range_m": camera.range_m is None,
    }
    return tuple(name for name, is_absent in absent.items() if is_absent)


def _needs_no_direction(camera: Camera, assumed: CameraClass) -> bool:
    """Return whether the lens takes in the full circle: a panorama, or an equidistant lens looking straight down."""
    lens = camera.lens_class or assumed.lens_class
    hfov = camera.recorded_hfov_deg or assumed.hfov_deg.wide
    tilt = assumed.tilt_deg.typical if camera.tilt_deg is None else camera.tilt_deg
    return lens is LensClass.EQUIDISTANT and (hfov >= 360.0 or tilt >= 90.0)


def _views(camera: Camera, assumed: CameraClass, where: Mounting, certain: bool, lean_deg: float) -> tuple[View, ...]:
    """Return the recorded view, or the set of what is possible; of a pan-tilt all that it can turn to besides."""
    recorded = (_view(camera, assumed, where, lean_deg, Basis.RECORDED),) if certain else ()
    if camera.kind is Kind.PAN_TILT:
        return (*recorded, _sweep(camera, assumed, where, lean_deg))
    return recorded or (_view(camera, assumed, where, lean_deg, Basis.POSSIBLE),)


def _view(camera: Camera, assumed: CameraClass, where: Mounting, lean_deg: float, basis: Basis) -> View:
    """Return the camera's view: its lens, or all the lenses that it may have within the limits of its kind."""
    lens = _lens(camera, assumed, basis)
    azimuth, swing = _direction(camera, assumed, where, lean_deg)
    tilt, tilt_swing = _tilt(camera, assumed)
    heights = where.lens_z_m.narrow, where.lens_z_m.wide
    return View(
        camera.camera_id,
        basis,
        where.x_m,
        where.y_m,
        max(heights),
        azimuth,
        swing,
        tilt,
        tilt_swing,
        lens.hfov_deg,
        lens.vfov_deg,
        lens.width_px,
        lens.height_px,
        lens.lens_class,
        camera.range_m or 0.0,
        camera.mask_px if camera.image_width_px is not None and camera.image_height_px is not None else (),
        tuple(_on_grid(a, b, lean_deg) for a, b in camera.mask_sector_deg),
        where.building,
        where.mount,
        parse_levels(camera.level),
        lens.narrowest_hfov_deg,
        lens.fewest_width_px,
        min(heights) if min(heights) < max(heights) else None,
    )


def _on_grid(first_deg: float, last_deg: float, lean_deg: float) -> tuple[float, float]:
    """Return a pair of true azimuths as grid azimuths; the whole circle stays whole, whatever rounding does to 0 and 360."""
    first = (first_deg - lean_deg) % 360.0
    return first, first if (last_deg - first_deg) % 360.0 == 0.0 else (last_deg - lean_deg) % 360.0


def _sweep(camera: Camera, assumed: CameraClass, where: Mounting, lean_deg: float) -> View:
    """Return all that a pan-tilt can reach: every direction and tilt, from its widest angle to its longest zoom.

    A recorded angle is the home view's: it is one of those that the camera can zoom to. Picture masks turn with the head
    and hide nothing for good.
    """
    angle, home = assumed.hfov_deg, camera.recorded_hfov_deg or assumed.hfov_deg.typical
    zoom = Span(min(angle.narrow, home), angle.typical, max(angle.wide, home))
    able = replace(assumed, hfov_deg=zoom)
    turned = replace(camera, azimuth_deg=None, tilt_deg=None, hfov_deg=None, focal_length_mm=None, vfov_deg=None, mask_px=())
    view = _view(turned, able, where, lean_deg, Basis.SWEEP)
    up, down = SWEEP_TILT_DEG
    return replace(view, azimuth_deg=0.0, swing_deg=FREE_SWING_DEG, tilt_deg=(up + down) / 2.0, tilt_swing_deg=(down - up) / 2.0)


def _lens(camera: Camera, assumed: CameraClass, basis: Basis) -> _Lens:
    """Return the lens: recorded values first, the rest within the limits of the kind, vertical angles from square pixels.

    The picture of a certain view whose height is not recorded has its usual shape, that of a possible one the tallest.
    """
    angles, pixels, lines = _angles(camera, assumed), assumed.image_width_px, assumed.image_height_px
    recorded, lens_class = camera.recorded_hfov_deg, camera.lens_class or assumed.lens_class
    hfov, width = recorded or max(angles.narrow, angles.wide), camera.image_width_px or round(max(pixels.narrow, pixels.wide))
    shape = lines.typical / pixels.typical
    if basis is not Basis.RECORDED:
        shape = max(shape, lines.narrow / pixels.narrow, lines.wide / pixels.wide)
    height = camera.image_height_px or round(width * shape)
    if camera.image_height_px is not None and camera.image_width_px is None:
        height = round(width * shape)  # of a picture whose width is not known the shape is not known either
    by_pixels = min(180.0, vertical_angle_deg(hfov, width, height, lens_class))
    vfov = by_pixels if recorded is None or camera.vfov_deg is None else camera.vfov_deg
    narrowest = None if recorded is not None else min(angles.narrow, angles.wide)
    fewest = None if camera.image_width_px is not None else round(min(pixels.narrow, pixels.wide))
    ends = None if narrowest == hfov else narrowest, None if fewest == width else fewest
    return _Lens(lens_class, hfov, vfov, width, height, *ends)


def _angles(camera: Camera, assumed: CameraClass) -> Span:
    """Return the limits of the horizontal angle: the kind's, or those that a recorded vertical one leaves."""
    if camera.vfov_deg is None or not camera.is_taken_as_straight:
        return assumed.hfov_deg
    pixels, lines = assumed.image_width_px, assumed.image_height_px
    shapes = [(getattr(pixels, end), getattr(lines, end)) for end in ("narrow", "typical", "wide")]
    found = [min(horizontal_of_vertical_deg(camera.vfov_deg, *shape), RECTILINEAR_LIMIT_DEG) for shape in shapes]
    return Span(min(found), found[1], max(found))


def _direction(camera: Camera, assumed: CameraClass, where: Mounting, lean_deg: float) -> tuple[float, float]:
    """Return the grid azimuth and how far the axis may lie from it."""
    if camera.azimuth_deg is not None:
        return (camera.azimuth_deg - lean_deg) % 360.0, 0.0
    if _needs_no_direction(camera, assumed):
        return 0.0, 0.0
    if (limits := recorded_range(camera.extra)) is not None:
        return (limits.middle_deg - lean_deg) % 360.0, limits.width_deg / 2.0
    if where.mount is Mount.WALL and where.outward_deg is not None:
        return where.outward_deg, WALL_SWING_DEG
    return 0.0, FREE_SWING_DEG


def _tilt(camera: Camera, assumed: CameraClass) -> tuple[float, float]:
    """Return the tilt below the horizon, and how far it may lie from it."""
    if camera.tilt_deg is not None:
        return camera.tilt_deg, 0.0
    low, high = sorted((assumed.tilt_deg.narrow, assumed.tilt_deg.wide))
    return (low + high) / 2.0, (high - low) / 2.0


def graded_reach_m(view: View, least_px_m: float = LOWEST_GRADED_PX_M) -> float:
    """Return where nothing in the picture has the lowest graded density any more, in that of the longest lens of a set."""
    vertical = (
        vertical_angle_after_deg(view.vfov_deg, view.hfov_deg, view.narrowest_deg) if view.narrowest_hfov_deg else view.vfov_deg
    )
    focal_px = focal_length_px(view.width_px, view.narrowest_deg, view.lens_class)
    return farthest_at_density_m(least_px_m, focal_px, (view.narrowest_deg, vertical), view.lens_class)


def cut_short_m(placed: Placed, assumed: CameraClass, least_px_m: float = LOWEST_GRADED_PX_M) -> float | None:
    """Return the limit of its kind where that alone ends what a camera whose range is not recorded still shows."""
    limit_m = assumed.range_limit_m
    if placed.camera.range_m is not None:
        return None
    ended = (graded_reach_m(view, least_px_m) > limit_m == view.range_m for view in placed.views)
    return limit_m if any(ended) else None
