"""What cameras can see of people: along a route, on every street, on paths between places, at points, on each square metre.

A route is a line in the user's file and is kept nowhere, not in the project and not in its journal.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.progress import Progress, no_progress, part_of, watched
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.address_search import SearchIndex, find, numbers_in
from lhasaplan.core.city.streets import street_name
from lhasaplan.core.city.surveys import surveyed_ground
from lhasaplan.core.city.trees_and_hoardings import PREFIX
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.exposure.along_lines import WALK_KM_H, Walk, walk_along
from lhasaplan.core.exposure.streets_in_view import (
    METRE_IN_VIEW,
    Journey,
    PathsOnFoot,
    StreetsInView,
    paths_on_foot,
    streets_in_view,
)
from lhasaplan.core.exposure.who_sees import lowest_px_m, spot_densities, spot_rule, widest, witness
from lhasaplan.core.gate.planning_ground import pack_that_never_plans
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.sight import Scene, SightReason, counted_strips, explain_points, frame_around
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.ports import NamedPoint, Services, SightPair
from lhasaplan.workflow.answers import asks_for_coarse, audit_context, check, require_city, require_open_gate
from lhasaplan.workflow.place_checks import refuse_apart

NO_STREETS = marked(
    "The rule pack {pack} is loaded; it never allows planning. So there is no table or map of streets and no "
    "path that avoids cameras. For a route of your own you get the sums."
)
NO_STREETS_THERE = marked(
    "Cameras stand where the rule pack {pack} is the law; it never allows planning. So there is no table or map "
    "of streets and no path that avoids cameras. For a route of your own you get the sums."
)
NO_ROADS = marked("This project has no streets: import a layer of roads first")
NO_SPEED = marked("{value} is not a walking speed; use more than 0 and at most 50 km/h")
NO_COST = marked("{value} is not a cost for a metre in view; use 1 (the shortest path) to 1000")
NO_ADDRESS = marked("{text} is not an address or crossing on this map; write LON,LAT in degrees, or street and number")
NEAREST = marked("{text}: this number is not mapped; used instead: {what}")
FASTEST_KM_H, DEAREST = 50.0, 1000.0


def exposure(
    services: Services,
    project: Project,
    lines: ObjectArray,
    speed_km_h: float = WALK_KM_H,
    progress: Progress = no_progress,
    *,
    scheduler: str = "",
    private: bool = False,
) -> Walk:
    """Return what operating cameras can see of somebody who walks along lines in project metres, one after the other.

    Under a pack that never plans, and under one that asks for coarse positions unless ``private``, these are sums alone.

    Raises
    ------
    InputError
        The project is empty, the lines lie far from all of it, or no speed.
    """
    _check_speed(speed_km_h)
    with _city(services, project, part_of(progress, 0.0, 0.5), scheduler) as city:
        refuse_apart(project, shapely.get_coordinates(lines))
        sums_only = never_plans(services, project) is not None or (asks_for_coarse(services, project) and not private)
        return walk_along(city, lines, speed_km_h, part_of(progress, 0.5, 1.0), sums_only=sums_only)


def streets(services: Services, project: Project, progress: Progress = no_progress, scheduler: str = "") -> StreetsInView:
    """Return how much of every street, and of the streets of every area, operating cameras can see.

    Raises
    ------
    GateError
        Under a pack that never plans.
    InputError
        The project has no streets.
    """
    _refuse_never(services, project)
    if not len(project.layers.get("roads") or ()):
        raise InputError(Fault(NO_ROADS))
    with _city(services, project, part_of(progress, 0.0, 0.4), scheduler) as city:
        return streets_in_view(city, part_of(progress, 0.4, 1.0))


def route(
    services: Services,
    project: Project,
    journey: Journey,
    metre_in_view: float = METRE_IN_VIEW,
    progress: Progress = no_progress,
    *,
    scheduler: str = "",
) -> PathsOnFoot:
    """Return the shortest path on foot between two places, and the one on which least is in view.

    Raises
    ------
    GateError
        Under a pack that never plans: what such a path avoids is a map of what is not in view.
    InputError
        A place lies far from every way, nothing leads from one to the other, or a figure is none.
    """
    _refuse_never(services, project)
    _check_speed(journey.speed_km_h)
    if not 1.0 <= metre_in_view <= DEAREST:
        raise InputError(Fault(NO_COST, params={"value": metre_in_view}))
    with _city(services, project, part_of(progress, 0.0, 0.4), scheduler) as city:
        refuse_apart(project, np.array([journey.start_xy_m, journey.end_xy_m]))
        return paths_on_foot(city, journey, metre_in_view, part_of(progress, 0.4, 1.0))


@dataclass(frozen=True, slots=True)
class NamedSpot:
    """A place that somebody named, in project metres."""

    name: str
    xy_m: tuple[float, float]
    remarks: tuple[Fault, ...] = ()


def spot_of(project: Project, text: str) -> NamedSpot:
    """Return the place that ``LON,LAT``, an address or a crossing means; InputError where the map has none."""
    require_city(project)
    crs = Crs(project.crs)

    def to_xy(lon: float, lat: float) -> tuple[float, float]:
        x, y = crs.to_xy(lon, lat)
        return float(x), float(y)

    if (pair := numbers_in(text)) is not None:
        if not (abs(pair[0]) <= 180.0 and abs(pair[1]) <= 90.0):
            raise InputError(Fault(NO_ADDRESS, params={"text": text}))
        return NamedSpot(text, to_xy(*pair))
    index = SearchIndex.of(project.layers, street_name)
    hit = next((hit for hit in find(text, index, (), (), to_xy) if hit.is_spot), None)
    if hit is None:
        raise InputError(Fault(NO_ADDRESS, params={"text": text}))
    at = shapely.centroid(hit.geometry)
    said = (Fault(NEAREST, params={"text": text, "what": hit.label}),) if hit.unmapped else ()
    return NamedSpot(hit.label, (float(at.x), float(at.y)), said)


def read_route(services: Services, project: Project, path: Path) -> tuple[ObjectArray, Sequence[Fault]]:
    """Return the lines of a file in project metres, and remarks; nothing of it is kept."""
    require_city(project)
    return services.files.read_route(path, project.crs)


def drawn_lines(lines: Sequence[Sequence[tuple[float, float]]]) -> ObjectArray:
    """Return lines of two places or more, in project metres, as a route."""
    return np.array([*(shapely.LineString(line) for line in lines), None], object)[:-1]


def places_on(lines: ObjectArray) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the places of each line of a route, to be drawn."""
    return tuple(tuple((float(x), float(y)) for x, y in shapely.get_coordinates(line)) for line in lines)


def never_plans(services: Services, project: Project) -> Fault | None:
    """Return that a loaded pack never lets anything be planned, or one that is the law where a camera stands; else None."""
    packs, territory = services.content.load_packs(project.packs), services.content.load_territory()
    found = pack_that_never_plans(packs, territory, project.cameras, project.crs)
    return None if found is None else Fault(NO_STREETS if found[1] else NO_STREETS_THERE, params={"pack": found[0]})


def surveyed_on_maps(services: Services, project: Project) -> BaseGeometry | None:
    """Return where somebody looked for cameras, to be drawn; None where nothing is recorded, or nothing may ever be planned."""
    ground = surveyed_ground(project, services.content.load_audit_policy().survey.evidence_m, services.today())
    return None if ground is None or never_plans(services, project) is not None else ground.ground


def _refuse_never(services: Services, project: Project) -> None:
    if (fault := never_plans(services, project)) is not None:
        raise GateError(fault)


def _check_speed(speed_km_h: float) -> None:
    if not 0.0 < speed_km_h <= FASTEST_KM_H:
        raise InputError(Fault(NO_SPEED, params={"value": speed_km_h}))


@contextmanager
def _city(services: Services, project: Project, progress: Progress, scheduler: str) -> Iterator[AuditContext]:
    """Give the city with the cameras that operate today, and sight by this machine or by the workers of a scheduler."""
    with services.compute.open_sight(scheduler) as sight:
        yield replace(audit_context(services, project, progress), sight=sight)


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
        told, is_seen = rows[~self.withheld[rows]], np.asarray((density > 0.0).any(axis=1))
        why_not = self._reasons(placed, told[~is_seen[told]], self.scene)
        in_leaf = {} if self.in_leaf is self.scene else self._reasons(placed, told[is_seen[told]], self.in_leaf)
        for row, low in zip(rows.tolist(), lowest.tolist(), strict=True):
            shown, away_m = (density[row].tolist(), low), round(float(distance_m[row]), 2)
            asked = placed, shown, away_m, self.xyz_m[row], self.scene
            found = witness(*asked, why=lambda *_, row=row: why_not[row], tells_why=not self.withheld[row])
            found = found if found.certainty == "not" else _screened(found, in_leaf.get(row))
            yield _as_pair(found, self.points[row].point_id, placed)

    def _reasons(self, placed: Placed, rows: IntArray, scene: Scene) -> dict[int, SightReason]:
        """Return by row why a camera does not see a point: one call for all, since a call costs as much as many points."""
        return dict(zip(rows.tolist(), explain_points(widest(placed), self.xyz_m[rows], scene), strict=True)) if len(rows) else {}


def _screened(seen: Witness, in_leaf: SightReason | None) -> Witness:
    """Return what hides a seen point while trees are in leaf: seen is what no tree hides, since trees are no masks."""
    if in_leaf is None or in_leaf.reason not in PREFIX:
        return replace(seen, reason="", blocker_id="")
    return replace(seen, reason=in_leaf.reason, blocker_id=in_leaf.blocker_id)


def _as_pair(witness: Witness, point_id: str, placed: Placed) -> SightPair:
    """Return the row of a camera and a point."""
    seen = witness.certainty != "not"
    certainty = witness.certainty if seen else "certain" if placed.certain else "possible"
    low, high = (round(each, 2) if seen else None for each in witness.density_px_m)
    reported = witness.distance_m, witness.reason, witness.blocker_id
    return SightPair(witness.camera_id, point_id, seen, certainty, low, high, *reported)
