"""Who can see what: every camera and point in range of each other, with density or the reason it is not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.arrays import BoolArray, FloatArray
from lhasaplan.core.camera import Basis, Placed, Status, View
from lhasaplan.core.crs import Crs
from lhasaplan.core.placing import place_cameras
from lhasaplan.core.project import Project
from lhasaplan.core.protected_places import ProtectedGround, find_protected
from lhasaplan.core.sight import Scene, densities, explain, make_scene
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import NamedPoint, Progress, Rooms, no_progress
from lhasaplan.workflow.answers import city_buildings


@dataclass(frozen=True, slots=True)
class SightPair:
    """One camera and one point in range; on protected ground only ``seen`` and ``density_px_m`` are told."""

    camera_id: str
    point_id: str
    seen: bool
    certainty: str = ""
    density_px_m: float | None = None
    distance_m: float | None = None
    reason: str = ""
    blocker_id: str = ""


def sight_pairs(
    rooms: Rooms, project: Project, points: Sequence[NamedPoint], progress: Progress = no_progress
) -> list[SightPair]:
    """Return every pair in range, by camera, then point.

    Certain views are asked first; an assumed view or a pan-tilt's sweep makes a pair ``possible``.
    """
    if not project.crs:
        raise InputError(Fault("The project is empty: import city layers and cameras first"))
    buildings = city_buildings(rooms, project)
    scene = make_scene(buildings)
    cameras = tuple(camera for camera in project.cameras if camera.status is not Status.REMOVED)
    placed = place_cameras(cameras, rooms.load_camera_classes(), scene.buildings, Crs(project.crs))
    xyz_m = points_xyz_m(points, Crs(project.crs))
    protected = find_protected(project.layers, buildings, rooms.load_protected_kinds(), project.declarations)
    guarded = np.asarray(ProtectedGround(protected).covers_points(xyz_m[:, 0], xyz_m[:, 1]), bool)
    views = [view for camera in placed for view in camera.views]
    density = densities(views, xyz_m, scene, progress=progress).tocsc()
    asked = _Asked(points, xyz_m, guarded, scene)
    pairs: list[SightPair] = []
    first = 0
    for camera in placed:
        columns = density[:, first : first + len(camera.views)].toarray()
        pairs += asked.pairs(camera, columns)
        first += len(camera.views)
    return pairs


def points_xyz_m(points: Sequence[NamedPoint], crs: Crs) -> FloatArray:
    """Return the points in the project's CRS, shape (P, 3)."""
    first = np.array([point.first for point in points], float)
    second = np.array([point.second for point in points], float)
    geographic = np.array([point.geographic for point in points], bool)
    if geographic.any():
        first[geographic], second[geographic] = crs.to_xy(first[geographic], second[geographic])
    return np.column_stack([first, second, [point.height_m for point in points]])


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """The points that are asked about, which of them lie on protected ground, and the city around them."""

    points: Sequence[NamedPoint]
    xyz_m: FloatArray
    guarded: BoolArray
    scene: Scene

    def pairs(self, placed: Placed, density: FloatArray) -> Iterator[SightPair]:
        """Yield the pairs of one camera; ``density`` has a column for each of its views."""
        reach_m = max(view.range_m for view in placed.views)
        home = placed.views[0]
        distance_m = np.hypot(self.xyz_m[:, 0] - home.x_m, self.xyz_m[:, 1] - home.y_m)
        for row in np.flatnonzero(distance_m <= reach_m):
            pair = self._pair(placed, density[row], row, round(float(distance_m[row]), 2))
            yield _silenced(pair) if self.guarded[row] else pair

    def _pair(self, placed: Placed, density: FloatArray, row: int, distance_m: float) -> SightPair:
        camera_id, point_id = placed.camera.camera_id, self.points[row].point_id
        certain_px_m = max((density[i] for i in _certain_views(placed)), default=0.0)
        best_px_m = float(certain_px_m or density.max(initial=0.0))
        if best_px_m > 0:
            certainty = "certain" if certain_px_m else "possible"
            return SightPair(camera_id, point_id, True, certainty, round(best_px_m, 2), distance_m)
        certainty = "certain" if placed.certain else "possible"
        reason = explain(_widest(placed), self.xyz_m[row], self.scene)
        return SightPair(camera_id, point_id, False, certainty, None, distance_m, reason.reason, reason.blocker_id)


def _silenced(pair: SightPair) -> SightPair:
    """Return what may be told of a point on protected ground (RULES.md): seen and density."""
    return SightPair(pair.camera_id, pair.point_id, pair.seen, density_px_m=pair.density_px_m)


def _certain_views(placed: Placed) -> list[int]:
    return [i for i, view in enumerate(placed.views) if placed.certain and view.basis is Basis.RECORDED]


def _widest(placed: Placed) -> View:
    """Return the view that reaches most: a point that it misses, no other view shows."""
    return max(placed.views, key=lambda view: (view.swing_deg + view.hfov_deg / 2, view.range_m))
