"""What cameras can see of people on their way: along a route, on every street, and on paths between two places.

A route is a line in the user's file and is kept nowhere, not in the project and not in its journal.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.address_search import SearchIndex, find, numbers_in
from lhasaplan.core.city.streets import street_name
from lhasaplan.core.city.surveys import surveyed_ground
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.along_lines import WALK_KM_H, Walk, walk_along
from lhasaplan.core.exposure.streets_in_view import (
    METRE_IN_VIEW,
    Journey,
    PathsOnFoot,
    StreetsInView,
    paths_on_foot,
    streets_in_view,
)
from lhasaplan.core.gate.planning_ground import pack_that_never_plans
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import asks_for_coarse, audit_context, require_city
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
