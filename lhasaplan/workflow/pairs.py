"""Who can see what: pairs of cameras and points, and how many cameras can see each square metre."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.progress import Progress, no_progress, part_of, watched
from lhasaplan.core.city.trees_and_hoardings import PREFIX
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.exposure.who_sees import lowest_px_m, spot_densities, spot_rule, widest, witness
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.sight import Scene, counted_strips, explain, frame_around
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import NamedPoint, Services, SightPair
from lhasaplan.workflow.answers import audit_context, check, require_open_gate
from lhasaplan.workflow.in_view import never_plans
from lhasaplan.workflow.place_checks import refuse_apart

# The count grid: how many cameras can see each square metre of the ground, written strip by strip.


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cameras a grid counts, and how many operate besides whose direction or lens is not recorded."""

    cameras: int
    left_out: int


def write_count_grid(
    services: Services, project: Project, path: Path, progress: Progress = no_progress, scheduler: str = ""
) -> Counted:
    """Write how many operating cameras can see each cell of 1 m; only certain views count, a pan-tilt's home view.

    The grid is coverage of ground, whatever the ground is: it grades no area, knows no place and proposes nothing. Cells
    that no camera can see are left without a value. A cancel leaves an old file as it was.

    Raises
    ------
    InputError
        If no operating camera has a recorded direction and lens.
    """
    city = audit_context(services, project)
    views = [view for placed in city.placed for view in _certain(placed)]
    if not views:
        raise InputError(Fault("No operating camera has a recorded direction and lens, so there is no certain view to count"))
    with services.compute.open_sight(scheduler) as sight:
        fields = sight.visibility_fields(views, city.rooms, progress=part_of(progress, 0.0, 0.8))
    ground = [field.geometry for field in fields]
    frame = frame_around(ground)
    strips = counted_strips(ground, frame, part_of(progress, 0.8, 1.0))
    services.drafts.write_counts(path, frame, project, strips, city.reference_data.data)
    return Counted(len(views), len(city.placed) - len(views))


def _certain(placed: Placed) -> tuple[View, ...]:
    """Return the recorded view of a camera, none if anything that sight needs is assumed."""
    return tuple(view for view in placed.views if placed.certain and view.basis is Basis.RECORDED)[:1]


# Who can see what: every camera and point in range of each other, with density or the reason it is not seen.


def sight(
    services: Services,
    project: Project,
    points: Sequence[NamedPoint],
    progress: Progress = no_progress,
    scheduler: str = "",
    *,
    of_parts: bool = False,
) -> list[SightPair]:
    """Return every pair in range, by camera, then point.

    What blocks a view is withheld by the rule of all answers about spots (``core/protection/undisclosed.py``).
    ``of_parts`` are demand points, none of which lies on protected ground, whoever asks: they are reported in full.

    Under a pack that never plans what no camera sees is left out: a table of it, point by point, would be the map that
    streets do not get (``workflow/in_view.py``).

    Certain views are asked first; an assumed view or a pan-tilt's sweep makes a pair ``possible``. ``scheduler`` names the
    cluster that computes sight; empty is this machine.
    """
    city = audit_context(services, project, part_of(progress, 0.0, 0.5))
    xyz_m = city.terrain.lifted(points_xyz_m(points, city.crs))
    refuse_apart(project, xyz_m[:, :2])
    withheld = np.zeros(len(xyz_m), bool) if of_parts else spot_rule(city).is_withheld(xyz_m)
    columns = [np.flatnonzero(city.view_table.camera == c) for c in range(len(city.placed))]
    operating = [(placed, mine) for placed, mine in zip(city.placed, columns, strict=True) if len(mine)]
    with services.compute.open_sight(scheduler) as sight:
        density = spot_densities(replace(city, sight=sight), xyz_m, part_of(progress, 0.5, 0.9)).tocsc()
    asked = _AskedPairs(points, xyz_m, withheld, city.rooms, city.in_leaf)
    each = watched(operating, part_of(progress, 0.9, 1.0), "sight", every=16)
    found = (pair for placed, mine in each for pair in asked.pairs(placed, density[:, mine].toarray()))
    tells_unseen = of_parts or never_plans(services, project) is None
    return [pair for pair in found if tells_unseen or pair.seen]


def demand_points(services: Services, project: Project, progress: Progress = no_progress) -> tuple[NamedPoint, ...]:
    """Return the points that sample the confirmed parts, named part#number.

    Raises GateError outside the gate, and InputError when no part is confirmed.
    """
    require_open_gate(check(services, project, progress))
    city = audit_context(services, project)
    demand = request(city, find_candidates(city)).demand
    if not len(demand.part):
        raise InputError(Fault("No part is confirmed: name points with --points"))
    ids = [demand.parts[part].part_id for part in demand.part]
    above = [demand.parts[part].target_height_m for part in demand.part]
    return tuple(
        NamedPoint(f"{part_id}#{number}", float(x), float(y), False, float(height))
        for number, (part_id, height, (x, y, _)) in enumerate(zip(ids, above, demand.xyz_m, strict=True))
    )


def points_xyz_m(points: Sequence[NamedPoint], crs: Crs) -> FloatArray:
    """Return the points in the project's CRS with their heights above ground, shape (P, 3)."""
    first = np.array([point.first for point in points], float)
    second = np.array([point.second for point in points], float)
    geographic = np.array([point.geographic for point in points], bool)
    if geographic.any():
        first[geographic], second[geographic] = crs.to_xy(first[geographic], second[geographic])
    return np.column_stack([first, second, [point.height_m for point in points]])


@dataclass(frozen=True, eq=False, slots=True)
class _AskedPairs:
    """The points that are asked about, those of which it is withheld what blocks a view, and the city, also in leaf."""

    points: Sequence[NamedPoint]
    xyz_m: FloatArray
    withheld: BoolArray
    scene: Scene
    in_leaf: Scene

    def pairs(self, placed: Placed, density: FloatArray) -> Iterator[SightPair]:
        """Yield the pairs of one camera; ``density`` has a column for each of its views."""
        reach_m = max(view.range_m for view in placed.views)
        home = placed.views[0]
        distance_m = np.hypot(self.xyz_m[:, 0] - home.x_m, self.xyz_m[:, 1] - home.y_m)
        rows = np.flatnonzero(distance_m <= reach_m)
        lowest = lowest_px_m(placed.views, self.xyz_m[rows], density[rows])
        for row, low in zip(rows.tolist(), lowest.tolist(), strict=True):
            found = self._witness(placed, (density[row].tolist(), low), row, round(float(distance_m[row]), 2))
            yield _as_pair(found, self.points[row].point_id, placed)

    def _witness(self, placed: Placed, density: tuple[Sequence[float], float], row: int, distance_m: float) -> Witness:
        tells_why = not self.withheld[row]
        found = witness(placed, density, distance_m, self.xyz_m[row], self.scene, tells_why=tells_why)
        if found.certainty == "not":
            return found
        reason, blocker_id = self._screen(placed, row) if tells_why else ("", "")
        return replace(found, reason=reason, blocker_id=blocker_id)

    def _screen(self, placed: Placed, row: int) -> tuple[str, str]:
        """Return what hides a seen point while trees are in leaf: seen is what no tree hides, since trees are no masks."""
        if self.in_leaf is self.scene:
            return "", ""
        found = explain(widest(placed), self.xyz_m[row], self.in_leaf)
        return (found.reason, found.blocker_id) if found.reason in PREFIX else ("", "")


def _as_pair(witness: Witness, point_id: str, placed: Placed) -> SightPair:
    """Return the row of a camera and a point."""
    seen = witness.certainty != "not"
    certainty = witness.certainty if seen else "certain" if placed.certain else "possible"
    low, high = (round(each, 2) if seen else None for each in witness.density_px_m)
    reported = witness.distance_m, witness.reason, witness.blocker_id
    return SightPair(witness.camera_id, point_id, seen, certainty, low, high, *reported)
