"""Who can see what: every camera and point in range of each other, with density or the reason it is not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.answers.protected_sight import protected_densities
from lhasaplan.core.answers.requested import find_candidates, request
from lhasaplan.core.arrays import BoolArray, FloatArray
from lhasaplan.core.assess import Setting
from lhasaplan.core.camera import Basis, Placed, View
from lhasaplan.core.crs import Crs
from lhasaplan.core.project import Project
from lhasaplan.core.screens import PREFIX
from lhasaplan.core.sight import Scene, explain
from lhasaplan.core.sight_backend import Sight
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import NamedPoint, Progress, Rooms, SightPair, no_progress
from lhasaplan.workflow.answers import check, require_open_gate, setting
from lhasaplan.workflow.place_checks import refuse_apart


def sight_pairs(
    rooms: Rooms,
    project: Project,
    points: Sequence[NamedPoint],
    progress: Progress = no_progress,
    scheduler: str = "",
    *,
    of_parts: bool = False,
) -> list[SightPair]:
    """Return every pair in range, by camera, then point.

    Where a user drew protected places, all points but those ``of_parts`` get seen and density only: the ones that did would
    else be a map of what is drawn.

    Certain views are asked first; an assumed view or a pan-tilt's sweep makes a pair ``possible``. ``scheduler`` names the
    cluster that computes sight; empty is this machine.
    """
    city = setting(rooms, project)
    xyz_m = city.terrain.lifted(points_xyz_m(points, city.crs))
    refuse_apart(project, xyz_m[:, :2])
    guarded = _guarded(city, xyz_m)
    with rooms.open_sight(scheduler) as sight:
        density = _densities(city, xyz_m, guarded, sight, progress).tocsc()
    hushed = guarded | (not of_parts and any(place.drawn for place in city.protected))
    asked = _Asked(points, xyz_m, hushed, city.rooms, city.in_leaf)
    columns = [np.flatnonzero(city.eyes.camera == c) for c in range(len(city.placed))]
    operating = [(placed, mine) for placed, mine in zip(city.placed, columns, strict=True) if len(mine)]
    return [pair for placed, mine in operating for pair in asked.pairs(placed, density[:, mine].toarray())]


def _densities(city: Setting, xyz_m: FloatArray, guarded: BoolArray, sight: Sight, progress: Progress) -> sparse.csr_array:
    """Return the densities; on protected ground neither walls of floor plans nor coarse terrain are masks."""
    if city.rooms is city.scene and city.level is None:
        return sight.densities(city.eyes.views, xyz_m, city.scene, progress=progress)
    rows = np.argsort(guarded, kind="stable")
    seen = sight.densities(city.eyes.views, xyz_m[~guarded], city.rooms, progress=progress)
    shown = protected_densities(replace(city, sight=sight), city.eyes, xyz_m[guarded], progress)
    return sparse.vstack((seen, shown)).tocsr()[np.argsort(rows)]


def demand_points(rooms: Rooms, project: Project, progress: Progress = no_progress) -> tuple[NamedPoint, ...]:
    """Return the points that sample the confirmed parts, named part#number.

    Raises GateError outside the gate, and InputError when no part is confirmed.
    """
    require_open_gate(check(rooms, project, progress))
    city = setting(rooms, project)
    demand = request(city, find_candidates(city)).demand
    if not len(demand.part):
        raise InputError(Fault("No part is confirmed: name points with --points"))
    ids = [demand.parts[part].part_id for part in demand.part]
    above = [demand.parts[part].target_height_m for part in demand.part]
    return tuple(
        NamedPoint(f"{part_id}#{number}", float(x), float(y), False, float(height))
        for number, (part_id, height, (x, y, _)) in enumerate(zip(ids, above, demand.xyz_m, strict=True))
    )


def _guarded(city: Setting, xyz_m: FloatArray) -> BoolArray:
    if not city.protected:
        return np.zeros(len(xyz_m), bool)
    return np.asarray(city.ground.covers_points(xyz_m[:, 0], xyz_m[:, 1]), bool)


def points_xyz_m(points: Sequence[NamedPoint], crs: Crs) -> FloatArray:
    """Return the points in the project's CRS with their heights above ground, shape (P, 3)."""
    first = np.array([point.first for point in points], float)
    second = np.array([point.second for point in points], float)
    geographic = np.array([point.geographic for point in points], bool)
    if geographic.any():
        first[geographic], second[geographic] = crs.to_xy(first[geographic], second[geographic])
    return np.column_stack([first, second, [point.height_m for point in points]])


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """The points that are asked about, of which of them seen and density alone are told, and the city, also in leaf."""

    points: Sequence[NamedPoint]
    xyz_m: FloatArray
    hushed: BoolArray
    scene: Scene
    in_leaf: Scene

    def pairs(self, placed: Placed, density: FloatArray) -> Iterator[SightPair]:
        """Yield the pairs of one camera; ``density`` has a column for each of its views."""
        reach_m = max(view.range_m for view in placed.views)
        home = placed.views[0]
        distance_m = np.hypot(self.xyz_m[:, 0] - home.x_m, self.xyz_m[:, 1] - home.y_m)
        for row in np.flatnonzero(distance_m <= reach_m):
            pair = self._pair(placed, density[row], row, round(float(distance_m[row]), 2))
            yield _silenced(pair) if self.hushed[row] else pair

    def _pair(self, placed: Placed, density: FloatArray, row: int, distance_m: float) -> SightPair:
        camera_id, point_id = placed.camera.camera_id, self.points[row].point_id
        certain_px_m = max((density[i] for i in _certain_views(placed)), default=0.0)
        best_px_m = float(certain_px_m or density.max(initial=0.0))
        if best_px_m > 0:
            certainty = "certain" if certain_px_m else "possible"
            return SightPair(camera_id, point_id, True, certainty, round(best_px_m, 2), distance_m, *self._screen(placed, row))
        certainty = "certain" if placed.certain else "possible"
        reason = explain(_widest(placed), self.xyz_m[row], self.scene)
        return SightPair(camera_id, point_id, False, certainty, None, distance_m, reason.reason, reason.blocker_id)

    def _screen(self, placed: Placed, row: int) -> tuple[str, str]:
        """Return what hides a seen point while trees are in leaf: seen is what no tree hides, since trees are no masks."""
        if self.in_leaf is self.scene:
            return "", ""
        found = explain(_widest(placed), self.xyz_m[row], self.in_leaf)
        return (found.reason, found.blocker_id) if found.reason in PREFIX else ("", "")


def _silenced(pair: SightPair) -> SightPair:
    """Return what may be told of a point on protected ground (RULES.md): seen and density."""
    return SightPair(pair.camera_id, pair.point_id, pair.seen, density_px_m=pair.density_px_m)


def _certain_views(placed: Placed) -> list[int]:
    return [i for i, view in enumerate(placed.views) if placed.certain and view.basis is Basis.RECORDED]


def _widest(placed: Placed) -> View:
    """Return the view that reaches most: a point that it misses, no other view shows."""
    return max(placed.views, key=lambda view: (min(180.0, view.swing_deg + view.hfov_deg / 2), view.range_m))
