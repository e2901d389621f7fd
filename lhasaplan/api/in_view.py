"""Ask what cameras can see of people on their way: along a route, on every street, and on the least seen path; as frames."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lhasaplan import report, workflow
from lhasaplan.api.projects import OpenProject, StrPath, inside
from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.exposure.along_lines import STATES, WALK_KM_H, LengthsInView, Walk
from lhasaplan.core.exposure.streets_in_view import METRE_IN_VIEW, Journey, PathsOnFoot, StreetsInView
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Heads, Services

if TYPE_CHECKING:
    import folium
    import geopandas
    import pandas as pd

# Say what an answer is as a short table of a notebook; every text is escaped.


def table_html(title: str, rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table as HTML.

    >>> table_html("A < B", [("name", "<b>")])
    '<table><caption>A &lt; B</caption><tr><td>name</td><td>&lt;b&gt;</td></tr></table>'
    """
    said = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{html.escape(title)}</caption>{said}</table>"


def lengths_html(title: str, lengths: LengthsInView) -> str:
    """Return lengths by state as a table: metres and shares."""
    metres = {name: each for name in STATES if (each := getattr(lengths, f"{name}_m")) is not None}
    return table_html(title, [(STATES[name], f"{each:.0f} m", f"{lengths.share(each):.1%}") for name, each in metres.items()])


def heads_of(services: Services, project: Project) -> Heads:
    """Return what stands at the head of every output of a project, and whom its data are credited to."""
    sheet = workflow.sheet_of(services, project)
    return Heads(report.banners(sheet, Translations()), report.attribution(sheet))


Route = StrPath | Sequence[tuple[float, float]]
NO_ROUTE = marked("a route has two places or more, as longitude (-180 to 180) and latitude (-90 to 90)")


@dataclass(frozen=True, eq=False, slots=True)
class RouteInView:
    """What cameras can see of somebody on a route; ``remarks`` say how its file was read.

    ``walk.lengths`` are the sums in metres. ``walk.stretches`` is None where a pack lets a route have its sums alone.
    """

    walk: Walk
    remarks: tuple[Fault, ...] = ()
    heads: Heads = field(default_factory=Heads)

    def to_pandas(self) -> "pd.DataFrame":
        """Return a row for each stretch in view or not mapped: from, to, certain or possible, density, cameras."""
        return report.walk_frame(self.walk)

    def to_geopandas(self) -> "geopandas.GeoDataFrame":
        """Return the same rows with their part of the route, in the project's coordinate system."""
        return report.stretch_frame(self.walk)

    def explore(self, *, tiles: str | None = None, attribution: str = "") -> "folium.Map":
        """Return the stretches on a map, as :meth:`Answer.explore` does."""
        return report.explore_map({"stretches": self.to_geopandas()}, self.heads, Translations(), tiles, attribution)

    def _repr_html_(self) -> str:
        return lengths_html(f"{self.walk.lengths.length_m:.0f} m", self.walk.lengths)


@dataclass(frozen=True, eq=False, slots=True)
class StreetsAnswer:
    """How much of every street operating cameras can see; ``whole`` is the sum, in metres."""

    found: StreetsInView
    heads: Heads = field(default_factory=Heads)

    @property
    def whole(self) -> LengthsInView:
        """Return the lengths of all ways together."""
        return self.found.whole

    def to_geopandas(self, name: str = "streets") -> "geopandas.GeoDataFrame":
        """Return ``streets`` or ``areas`` with lengths and shares in view, in the project's coordinate system."""
        return report.area_frame(self.found) if name == "areas" else report.street_frame(self.found)

    @property
    def streets(self) -> "geopandas.GeoDataFrame":
        """Return a row for each street."""
        return self.to_geopandas("streets")

    @property
    def areas(self) -> "geopandas.GeoDataFrame":
        """Return a row for each area."""
        return self.to_geopandas("areas")

    def explore(self, *, tiles: str | None = None, attribution: str = "") -> "folium.Map":
        """Return streets and areas on a map, as :meth:`Answer.explore` does."""
        frames = {"areas": self.areas, "streets": self.streets}
        return report.explore_map(frames, self.heads, Translations(), tiles, attribution)

    def _repr_html_(self) -> str:
        return lengths_html(f"{len(self.found.streets)} streets, {self.whole.length_m:.0f} m", self.whole)


@dataclass(frozen=True, eq=False, slots=True)
class Paths:
    """The shortest path on foot between two places, and the one on which cameras see least."""

    found: PathsOnFoot
    remarks: tuple[Fault, ...] = ()
    heads: Heads = field(default_factory=Heads)

    def to_geopandas(self) -> "geopandas.GeoDataFrame":
        """Return a row for each path: cost, lengths and shares in view, in the project's coordinate system."""
        return report.path_frame(self.found)

    def explore(self, *, tiles: str | None = None, attribution: str = "") -> "folium.Map":
        """Return both paths on a map, as :meth:`Answer.explore` does."""
        return report.explore_map({"paths": self.to_geopandas()}, self.heads, Translations(), tiles, attribution)

    def _repr_html_(self) -> str:
        both = (("Shortest", self.found.shortest), ("Least seen", self.found.least_seen))
        return "".join(lengths_html(f"{name}: {each.walk.lengths.length_m:.0f} m", each.walk.lengths) for name, each in both)


def exposure(
    project: OpenProject,
    route: Route,
    *,
    speed_km_h: float = WALK_KM_H,
    private: bool = False,
    progress: Progress = no_progress,
) -> RouteInView:
    """Return what operating cameras can see of a person's head along a route, 1.5 m above the ground, at 25 px/m or better.

    Parameters
    ----------
    route : a GPX file, any file with lines, or longitude and latitude of its places. It is kept nowhere.
    private : as of :func:`lhasaplan.audit`.

    Raises
    ------
    InputError
        The file holds no line, or the route lies far from all that was imported.
    """
    services, value = inside(project)
    lines, remarks = _lines(services, value, route)
    walk = workflow.exposure(services, value, lines, speed_km_h, progress, private=private)
    return RouteInView(walk, tuple(remarks), heads_of(services, value))


def streets(project: OpenProject, *, progress: Progress = no_progress) -> StreetsAnswer:
    """Return how much of every street, and of the streets of every area, operating cameras can see.

    Raises
    ------
    GateError
        A pack of the project never lets anything be planned: then there is no table of streets.
    InputError
        The project has no streets.
    """
    services, value = inside(project)
    return StreetsAnswer(workflow.streets(services, value, progress), heads_of(services, value))


def route(
    project: OpenProject,
    start: str | tuple[float, float],
    end: str | tuple[float, float],
    *,
    metre_in_view: float = METRE_IN_VIEW,
    speed_km_h: float = WALK_KM_H,
    progress: Progress = no_progress,
) -> Paths:
    """Return the shortest path on foot, and the one on which cameras see least.

    Parameters
    ----------
    start, end : longitude and latitude, or an address.
    metre_in_view : what a metre in view costs, certain or possible, in metres out of view.

    Raises
    ------
    GateError
        A pack of the project never lets anything be planned.
    InputError
        No such address, a place far from every way, or nothing leads from one to the other.
    """
    services, value = inside(project)
    a, b = (workflow.spot_of(value, each if isinstance(each, str) else f"{each[0]:.9f},{each[1]:.9f}") for each in (start, end))
    journey = Journey(a.xy_m, b.xy_m, (a.name, b.name), speed_km_h)
    found = workflow.route(services, value, journey, metre_in_view, progress)
    return Paths(found, (*a.remarks, *b.remarks), heads_of(services, value))


def _lines(services: Services, project: Project, route: Route) -> tuple[ObjectArray, Sequence[Fault]]:
    if isinstance(route, str | Path) or hasattr(route, "__fspath__"):
        return workflow.read_route(services, project, Path(route))
    lonlat = np.array([tuple(place) for place in route], float).reshape(-1, 2)
    if len(lonlat) < 2 or not (np.abs(lonlat) <= (180.0, 90.0)).all():
        raise InputError(Fault(NO_ROUTE))
    workflow.require_city(project)
    return np.array([shapely.LineString(np.column_stack(Crs(project.crs).to_xy(*lonlat.T)))], object), ()
