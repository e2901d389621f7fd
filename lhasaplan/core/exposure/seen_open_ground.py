"""Open protected ground in view: its polygon cut with the field of a view, and the density that a square metre of it has."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.scenes import reach_m
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.model.place import ProtectedWalls
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.lens.frustum import columns_of, corner_bearings_deg
from lhasaplan.core.sight.lens.masks import masked_ground, picture_on_plane
from lhasaplan.core.sight.sweep.density_bands import areas_only

EYE_M = 1.5  # what of open ground counts: a head above it
LEAST_M2 = 1.0  # so much of it must have a density to be graded by it, as a metre of frontage must
ROUNDS = 12
STEP_M = 0.5  # open ground that lies as high as other within this is looked for on one plane with it
SHORTEST_DEPTH_M = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class SeenOpenGround:
    """Open ground in view, in order of camera, case and look, one row a look and place; arrays (N,).

    Parameters
    ----------
    shape : what of the place's open ground is in view at the lowest grade or better.
    density_px_m : what a square metre of it has at least.
    nearest_m, drop_m : from the lens along the ground, and how far below it who stands there has the head.
    """

    camera: IntArray
    case: IntArray
    look: IntArray
    place: IntArray
    shape: ObjectArray
    density_px_m: FloatArray
    nearest_m: FloatArray
    drop_m: FloatArray

    def __len__(self) -> int:
        return len(self.place)

    def where(self, keep: BoolArray | IntArray | slice) -> "SeenOpenGround":
        """Return some of the rows."""
        return SeenOpenGround(*(getattr(self, name)[keep] for name in self.__slots__))


def no_open_ground() -> SeenOpenGround:
    """Return no ground at all."""
    none = np.zeros(0, np.int64)
    return SeenOpenGround(none, none, none, none, np.zeros(0, object), np.zeros(0), np.zeros(0), np.zeros(0))


def seen_open_ground(  # noqa: PLR0917 - who looks, at what, in which worlds
    context: AuditContext,
    walls: ProtectedWalls,
    guarded: Scene,
    level: Scene | None,
    case_of: Mapping[Basis, int],
    open_m: FloatArray | None = None,
    progress: Progress = no_progress,
) -> SeenOpenGround:
    """Return the open ground that the cameras of a context can see at the lowest grade or better.

    Where ``guarded`` has no ground in the way over land that is not level, ``open_m`` says how high each open ground lies.
    Of the views, only those in whose range such ground lies are looked through. Over coarse terrain ground counts if it is in
    view with no ground in the way, or on level ground.
    """
    table = context.view_table
    if not len(walls.ground) or not table.views:
        return no_open_ground()
    found = _looks(context, table.views, walls, guarded, 0, part_of(progress, 0.0, 0.6), open_m)
    if level is not None and table.level_views:
        others = _looks(context, table.level_views, walls, level, len(table.views), part_of(progress, 0.6, 1.0))
        found = [*found, *(row for row in others if _is_coarse(row, context))]
    if not found:
        return no_open_ground()
    look, which, shape, density, nearest, drop = (list(column) for column in zip(*found, strict=True))
    view = np.array(look, np.int64) % len(table.views)
    camera, case = table.camera[view], np.array([case_of[table.views[v].basis] for v in view.tolist()], np.int64)
    order = np.lexsort((which, look, case, camera))
    shapes = np.array([*shape, None], object)[:-1]
    place = walls.ground_place[np.array(which, np.int64)]
    figures = (np.array(each, float) for each in (density, nearest, drop))
    rows = SeenOpenGround(camera, case, np.array(look, np.int64), place, shapes, *figures)
    return rows.where(order)


# Look, number of the ground, what is seen of it, density, level distance and drop.
_Row = tuple[int, int, shapely.Geometry, float, float, float]


def _looks(  # noqa: PLR0917 - who looks, at what, in which world
    context: AuditContext,
    views: Sequence[View],
    walls: ProtectedWalls,
    scene: Scene,
    shift: int,
    progress: Progress,
    open_m: FloatArray | None = None,
) -> list[_Row]:
    """Return what views see of open ground in one scene; ``open_m`` as in :func:`seen_open_ground`."""
    least = context.thresholds.note_px_m
    at = shapely.points([(view.x_m, view.y_m) for view in views])
    reach = np.array([reach_m(view, least) + SHORTEST_DEPTH_M for view in views])
    view, ground = shapely.STRtree(walls.ground).query(at, predicate="dwithin", distance=reach)
    if not len(view):
        return []
    level = np.zeros(len(ground)) if open_m is None else np.round(open_m[ground] / STEP_M) * STEP_M
    seen = np.empty(len(view), object)
    for number, height_m in enumerate(planes := np.unique(level).tolist()):
        rows = np.flatnonzero(level == height_m)
        able = np.unique(view[rows])
        wide = [_without_picture(views[v]) for v in able.tolist()]
        share = part_of(progress, number / len(planes), (number + 1) / len(planes))
        fields = context.sight.visibility_fields(wide, scene, EYE_M + height_m, progress=share)
        geometry = np.array([*(field.geometry for field in fields), None], object)[:-1]
        seen[rows] = shapely.intersection(geometry[np.searchsorted(able, view[rows])], walls.ground[ground[rows]])
    keep = np.flatnonzero(shapely.area(seen) >= LEAST_M2)
    found = []
    for v, g, shape in zip(view[keep].tolist(), ground[keep].tolist(), seen[keep].tolist(), strict=True):
        drop = _drop_m(views[v], shape, context, scene) - (0.0 if open_m is None else float(open_m[g]))
        row = _graded(views[v], areas_only(shape), drop, least)
        if row is not None:
            found.append((v + shift, g, *row, drop))
    return found


def _has_true_picture(view: View) -> bool:
    return view.lens_class is LensClass.RECTILINEAR and view.is_one_lens


def _without_picture(view: View) -> View:
    """Return a view that takes in all bearings at which a lens's picture has anything, up and down without end, unmasked.

    A field goes by bearing and dip: of a lens that looks down its sides are too narrow, and its blind zone is round. The
    picture and its masks are cut out afterwards as they fall on the ground.
    """
    if not _has_true_picture(view):
        return view
    half = float(corner_bearings_deg(columns_of([view]))[0])
    level = replace(view, lens_class=LensClass.EQUIDISTANT, tilt_deg=0.0, mask_px=(), mask_sector_deg=())
    return replace(level, hfov_deg=min(2.0 * half + 1.0, 360.0), vfov_deg=180.0)


def _is_coarse(row: _Row, context: AuditContext) -> bool:
    """Tell whether ground lies on coarse terrain, or the lens that sees it stands there."""
    spot = shapely.point_on_surface(row[2])
    view = context.view_table.views[row[0] % len(context.view_table.views)]
    x, y = np.array([spot.x, view.x_m]), np.array([spot.y, view.y_m])
    return bool(context.terrain.is_coarse(x, y).any())


def _drop_m(view: View, shape: shapely.Geometry, context: AuditContext, scene: Scene) -> float:
    """Return how far below the lens the ground in view lies, a head above it."""
    if scene.relief.is_level:
        return view.lens_z_m - EYE_M
    x, y = shapely.get_coordinates(shape).mean(axis=0)
    return float(view.lens_z_m - EYE_M - context.terrain.heights_m(np.array([x]), np.array([y]))[0])


def _graded(
    view: View, shape: shapely.Geometry, drop_m: float, least_px_m: float
) -> tuple[shapely.Geometry, float, float] | None:
    """Return what of seen ground has the lowest grade's density, the density of a square metre of it, and its distance."""
    near = areas_only(shapely.intersection(shape, ground_at_density(view, drop_m, least_px_m)))
    if _has_true_picture(view):
        near = areas_only(shapely.intersection(near, picture_on_plane(view, drop_m)))
        masked = masked_ground(view, view.lens_z_m - drop_m)
        near = near if masked is None else areas_only(shapely.difference(near, masked))
    if shapely.area(near) < LEAST_M2:
        return None
    nearest_m = float(shapely.distance(near, shapely.Point(view.x_m, view.y_m)))
    low, high = least_px_m, _sharpest_px_m(view, drop_m, nearest_m)
    for _ in range(ROUNDS):
        middle = math.sqrt(low * high)
        if shapely.area(shapely.intersection(near, ground_at_density(view, drop_m, middle))) >= LEAST_M2:
            low = middle
        else:
            high = middle
    return near, low, nearest_m


def _sharpest_px_m(view: View, drop_m: float, nearest_m: float) -> float:
    """Return a density that ground at this distance or farther cannot exceed by much."""
    drop_m = max(0.0, _lowest_drop_m(view, drop_m), -drop_m)
    return _focal_px(view) / max(math.hypot(nearest_m, drop_m) * _least_depth_share(view), SHORTEST_DEPTH_M)


def _lowest_drop_m(view: View, drop_m: float) -> float:
    """Return how far below the lens ground lies where the lens hangs as low as it may; ``drop_m`` is below the highest."""
    return drop_m - (view.lens_z_m - view.lowest_z_m)


def _least_depth_share(view: View) -> float:
    """Return what share of its distance the depth of a point in the picture has at least: that of a corner."""
    if view.lens_class is LensClass.EQUIDISTANT:
        return 1.0
    across, down = (math.tan(math.radians(min(angle, 170.0)) / 2.0) for angle in (view.hfov_deg, view.vfov_deg))
    return 1.0 / math.hypot(1.0, across, down)


def _focal_px(view: View) -> float:
    """Return the focal length of the longest lens with the most pixels."""
    return focal_length_px(view.width_px, view.narrowest_deg, view.lens_class)


def ground_at_density(view: View, drop_m: float, density_px_m: float) -> shapely.Geometry:
    """Return the ground that has a density or a better one, walls and picture ignored.

    The density of a straight lens falls with the depth along its axis, which on a plane is a half-plane; that of a bent lens,
    or of one whose direction or tilt is open, with the distance.
    """
    depth, lens = _focal_px(view) / density_px_m, shapely.Point(view.x_m, view.y_m)
    tilt, azimuth = math.radians(view.tilt_deg), math.radians(view.azimuth_deg)
    is_straight = view.lens_class is LensClass.RECTILINEAR and view.swing_deg == 0.0 and view.tilt_swing_deg == 0.0
    far = 2.0 * (view.range_m + 1.0)
    if not is_straight or math.cos(tilt) < 1e-6:
        share = 1.0 if view.lens_class is LensClass.EQUIDISTANT else 1.0 / _least_depth_share(view)
        return lens.buffer(min(max(depth * share, 1e-6), far), quad_segs=64)
    ahead = (depth - min(drop * math.sin(tilt) for drop in (drop_m, _lowest_drop_m(view, drop_m)))) / math.cos(tilt)
    if ahead <= 0.0:
        return shapely.Polygon()
    east, north = math.sin(azimuth), math.cos(azimuth)
    side = np.array([north, -east]) * far
    foot, end = np.array([view.x_m, view.y_m]) - far * np.array([east, north]), min(ahead, far) * np.array([east, north])
    line = np.array([view.x_m, view.y_m]) + end
    return shapely.Polygon([foot - side, foot + side, line + side, line - side])
