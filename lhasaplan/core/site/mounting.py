"""Where a camera really hangs: on a pole, a facade or a roof; one drawn inside a footprint moves to its facade."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, CameraClass, Mount, Span, View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.site.terrain import Terrain

# The points to ask about at a spot: the spot itself, and in a building the points before its walls.

OF_WALLS = marked("This spot is inside a building. The answer is about what can be seen of its walls.")
EYE_M = 1.5  # height of what is asked about above the ground
STOREY_M, WALL_STEP_M, BEFORE_WALL_M = 3.0, 2.0, 0.3
MOUNTED_M = 1.0  # a camera so near to a wall hangs on it (docs/glossary.md, wall mount): its own facade is not asked about


@dataclass(frozen=True, eq=False)
class AskedMount:
    """What is asked about: the spot, and where it lies in a building also points before its walls, storey by storey."""

    spot: FloatArray  # shape (1, 3)
    walls: FloatArray  # shape (N, 3), empty in the open
    footprint: BaseGeometry | None

    @property
    def points(self) -> FloatArray:
        """Return all points, the spot first, shape (1 + N, 3)."""
        return np.concatenate([self.spot, self.walls])

    def count_for(self, view: View) -> int:
        """Return how many of the points a view is asked about: not the walls of the building that its camera hangs on."""
        is_free = self.footprint is not None and self.footprint.distance(shapely.Point(view.x_m, view.y_m)) > MOUNTED_M
        return 1 + len(self.walls) if is_free else 1


def ask_about(x_m: float, y_m: float, terrain: Terrain, buildings: Buildings, height_m: float = EYE_M) -> AskedMount:
    """Return what is asked about at a spot in project coordinates.

    Parameters
    ----------
    height_m : of the spot above the ground.
    """
    spot = terrain.lifted(np.array([[x_m, y_m, height_m]]))
    inside = np.flatnonzero(shapely.contains_xy(buildings.polygons, x_m, y_m))
    if not len(inside):
        return AskedMount(spot, np.empty((0, 3)), None)
    footprint = buildings.polygons[inside[0]]
    return AskedMount(spot, terrain.lifted(before_walls(footprint, buildings.top_m[inside[0]])), footprint)


def before_walls(footprint: BaseGeometry, top_m: float) -> FloatArray:
    """Return points before the walls every 2 m, at eye height and at each storey below the roof, shape (N, 3)."""
    rings = shapely.boundary(shapely.buffer(footprint, BEFORE_WALL_M, join_style="mitre"))
    xy = shapely.get_coordinates(shapely.segmentize(rings, WALL_STEP_M))
    heights_m = np.arange(EYE_M, max(float(top_m), EYE_M + 0.1), STOREY_M)
    return np.column_stack([np.tile(xy, (len(heights_m), 1)), np.repeat(heights_m, len(xy))])


FACADE_GAP_M = 0.05  # a moved lens hangs this far before its wall
WALL_REACH_M = 1.0  # docs/glossary.md, wall mount
ROOF_RISE_M = 1.0  # assumed height of a roof mount above its roof
BELOW_EAVES_M = 0.2  # an assumed wall mount hangs at least this far below the roof
MOST_NEIGHBOURS = 32  # footprints that are walked through to find open air


@dataclass(frozen=True, slots=True)
class Mounting:
    """Where the lens is.

    ``lens_z_m`` gives the ends of an assumed height; all three are equal when it is recorded. ``outward_deg`` is the
    bearing (grid) that the facade looks to, None without one. ``building`` is the own footprint's index or -1.
    """

    x_m: float
    y_m: float
    lens_z_m: Span
    mount: Mount
    building: int = -1
    outward_deg: float | None = None
    moved_m: float = 0.0


def mount_camera(
    camera: Camera, assumed: CameraClass, buildings: Buildings, tree: shapely.STRtree, *, ground_m: float = 0.0
) -> Mounting:
    """Return where a camera's lens is (docs/glossary.md: wall mount, roof mount).

    ``ground_m`` is the ground at the camera above the datum that the buildings' heights count from.
    """
    height = _height(camera, assumed, ground_m)
    spot = shapely.Point(camera.x_m, camera.y_m)
    standing = _standing(tree.query(spot, predicate="intersects"), height.typical, buildings)
    if camera.mount is Mount.INDOOR:
        # Without a footprint around it nothing is said of what it sees.
        own = int(standing[0]) if len(standing) else -1
        return Mounting(camera.x_m, camera.y_m, height, Mount.INDOOR, own)
    if len(standing):
        return _inside_footprint(camera, height, standing, buildings, tree)
    # Footprints within a metre whose wall is level with the lens, the nearest first.
    found = _standing(tree.query(spot, predicate="dwithin", distance=WALL_REACH_M), height.typical, buildings)
    found = found[buildings.top_m[found] > height.typical]
    return _outside(
        camera, height, found[np.argsort(shapely.distance(buildings.polygons[found], spot), kind="stable")], buildings
    )


def mount_in_the_open(camera: Camera, assumed: CameraClass, *, ground_m: float = 0.0) -> Mounting:
    """Return the same for a camera with no footprint within reach of a wall mount, which need not be looked for."""
    return Mounting(camera.x_m, camera.y_m, _height(camera, assumed, ground_m), camera.mount or Mount.POLE)


def _height(camera: Camera, assumed: CameraClass, ground_m: float) -> Span:
    """Return the lens height: recorded, absolute before above ground, or the ends of its kind."""
    if camera.lens_z_m is not None:
        return Span(camera.lens_z_m, camera.lens_z_m, camera.lens_z_m)
    usual, recorded = assumed.mount_height_m, camera.mount_height_m
    above = usual if recorded is None else Span(recorded, recorded, recorded)
    return Span(above.narrow + ground_m, above.typical + ground_m, above.wide + ground_m)


def _is_recorded(camera: Camera) -> bool:
    return camera.lens_z_m is not None or camera.mount_height_m is not None


def _standing(found: IntArray, lens_z_m: float, buildings: Buildings) -> IntArray:
    """Return the footprints that are not roofs or passages above the lens, the highest first."""
    kept = np.sort(found[buildings.base_m[found] <= lens_z_m]).astype(np.int64)
    return kept[np.argsort(-buildings.top_m[kept], kind="stable")]


def _inside_footprint(camera: Camera, height: Span, standing: IntArray, buildings: Buildings, tree: shapely.STRtree) -> Mounting:
    """Return a roof mount when the lens is above the roof, else the nearest facade in open air."""
    own = int(standing[0])
    top = float(buildings.top_m[own])
    if _is_recorded(camera):
        if height.typical > top:
            return Mounting(camera.x_m, camera.y_m, height, Mount.ROOF, own)
        return _moved_to_facade(camera, height, own, buildings, tree)
    if camera.mount is Mount.ROOF:
        raised = top + ROOF_RISE_M
        return Mounting(camera.x_m, camera.y_m, Span(raised, raised, raised), Mount.ROOF, own)
    return _moved_to_facade(camera, _below(height, top), own, buildings, tree)


def _below(height: Span, top_m: float) -> Span:
    """Return an assumed height kept below the roof, so that an assumption makes no roof mount."""
    most = top_m - BELOW_EAVES_M
    return Span(min(height.narrow, most), min(height.typical, most), min(height.wide, most))


def _moved_to_facade(camera: Camera, height: Span, own: int, buildings: Buildings, tree: shapely.STRtree) -> Mounting:
    """Return the camera just outside the nearest facade that is in open air, party walls passed by."""
    spot = shapely.Point(camera.x_m, camera.y_m)
    joined, mass = {own}, buildings.polygons[own]
    for _ in range(MOST_NEIGHBOURS):
        wall, outward = nearest_wall(mass, spot)
        x, y = wall[0] + FACADE_GAP_M * math.sin(outward), wall[1] + FACADE_GAP_M * math.cos(outward)
        found = _standing(tree.query(shapely.Point(x, y), predicate="intersects"), height.typical, buildings)
        more = [int(b) for b in found if b not in joined and buildings.top_m[b] > height.typical]
        if not more:
            break
        joined.update(more)
        mass = shapely.union_all([mass, *buildings.polygons[more]])
    moved = math.hypot(x - camera.x_m, y - camera.y_m)
    beside = min(joined, key=lambda b: (shapely.distance(buildings.polygons[b], shapely.Point(x, y)), b))
    return Mounting(x, y, height, Mount.WALL, beside, math.degrees(outward) % 360.0, moved)


def nearest_wall(mass: BaseGeometry, spot: shapely.Point) -> tuple[tuple[float, float], float]:
    """Return the point of the outline nearest to a spot, and the bearing in radians that its wall looks to."""
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(mass)), return_index=True)
    a, b = corners[:-1][ring[1:] == ring[:-1]], corners[1:][ring[1:] == ring[:-1]]
    along = b - a
    length = np.hypot(along[:, 0], along[:, 1])
    here = np.array([spot.x, spot.y])
    share = np.clip(((here - a) * along).sum(1) / np.maximum(length**2, 1e-12), 0.0, 1.0)
    foot = a + along * share[:, None]
    away = np.where(length > 1e-6, np.hypot(*(foot - here).T), np.inf)
    k = int(np.argmin(away))
    normal = np.array([along[k, 1], -along[k, 0]]) / length[k]
    probe = foot[k] + normal * FACADE_GAP_M
    if shapely.intersects_xy(mass, *probe):
        normal = -normal
    return (float(foot[k, 0]), float(foot[k, 1])), math.atan2(normal[0], normal[1])


def _outside(camera: Camera, height: Span, walls: IntArray, buildings: Buildings) -> Mounting:
    """Return a camera outside every footprint where it is: a wall mount near a wall, else on a pole."""
    if not len(walls) or camera.mount is Mount.POLE:
        return Mounting(camera.x_m, camera.y_m, height, camera.mount or Mount.POLE)
    own = int(walls[0])
    if not _is_recorded(camera):
        height = _below(height, float(buildings.top_m[own]))
    foot, outward = nearest_wall(buildings.polygons[own], shapely.Point(camera.x_m, camera.y_m))
    dx, dy = camera.x_m - foot[0], camera.y_m - foot[1]
    if math.hypot(dx, dy) > FACADE_GAP_M:  # beside a corner the way out is away from the corner
        outward = math.atan2(dx, dy)
    return Mounting(camera.x_m, camera.y_m, height, Mount.WALL, own, math.degrees(outward) % 360.0)
