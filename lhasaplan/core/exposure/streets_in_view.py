"""Say of every street, and of every area, how much of it cameras can see.

Only what is in view is told, and the sum of the rest: no stretch that is not in view has a place of its own here, and streets
stand in the order of their names. Under a pack that never plans there is no such table (``workflow/in_view.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.city.area_hierarchy import read_areas
from lhasaplan.core.city.streets import is_open_way, is_public, street_name
from lhasaplan.core.city.walking_network import WalkingNetwork, is_walked
from lhasaplan.core.context.areas import is_district
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.along_lines import (
    WALK_KM_H,
    LengthsInView,
    SeenPieces,
    Walk,
    look_along,
    pieces_of,
    summed,
    walk_along,
)
from lhasaplan.core.exposure.who_sees import spot_rule
from lhasaplan.core.model.layer import Layer, Tags, empty_layer
from lhasaplan.core.model.tag_conditions import is_drawn

STREET_STEP_M = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class PublicWays:
    """The streets and paths of a city that the public may use under the sky, as single lines.

    A way that a user drew is none of them: its place is nobody else's. ``row`` is that of the layer of roads.
    """

    lines: ObjectArray
    row: IntArray
    ids: tuple[str, ...]
    tags: tuple[Tags, ...]


def ways_of(roads: Layer | None) -> PublicWays:
    """Return the ways of a layer of roads; areas (squares) have no length and are left out."""
    layer = empty_layer("roads") if roads is None else roads
    open_rows = [row for row, tags in enumerate(layer.tags) if _is_counted(tags, layer.geometry[row])]
    lines, part = shapely.get_parts(layer.geometry[open_rows], return_index=True)
    row = np.array(open_rows, np.int64)[part]
    return PublicWays(lines, row, tuple(str(layer.ids[r]) for r in row), tuple(layer.tags[r] for r in row))


def _is_counted(tags: Tags, geometry: BaseGeometry | None) -> bool:
    is_line = geometry is not None and not geometry.is_empty and bool(shapely.get_dimensions(geometry) == 1)
    return is_line and is_open_way(tags) and is_public(tags) and not is_drawn(tags)


@dataclass(frozen=True, eq=False, slots=True)
class Street:
    """One street with all its ways, or a way without a name of its own."""

    street_id: str  # of its first way
    name: str
    kind: str
    geometry: BaseGeometry
    lengths: LengthsInView


@dataclass(frozen=True, eq=False, slots=True)
class AreaStreets:
    """All streets and ways in an area."""

    area_id: str
    name: str
    geometry: BaseGeometry
    lengths: LengthsInView


@dataclass(frozen=True, eq=False, slots=True)
class StreetsInView:
    """Every street, every area, and all ways of the project together; ``crs`` is that of the geometry."""

    streets: tuple[Street, ...]
    areas: tuple[AreaStreets, ...]
    whole: LengthsInView
    crs: str


def streets_in_view(context: AuditContext, progress: Progress = no_progress) -> StreetsInView:
    """Return how much of each street and area operating cameras can see, in pieces of at most 2 m."""
    ways = ways_of(context.project.layers.get("roads"))
    seen = look_along(context, pieces_of(ways.lines, STREET_STEP_M), part_of(progress, 0.0, 0.9))
    whole = summed(seen, np.zeros(len(seen.pieces), np.int64), 1)[0]
    return StreetsInView(tuple(_streets(ways, seen)), tuple(_areas(context, seen)), whole, context.project.crs)


def _streets(ways: PublicWays, seen: SeenPieces) -> Iterator[Street]:
    """Yield the streets that bear a name by it, then other ways by kind and id."""
    named = [street_name(tags) for tags in ways.tags]
    kinds = [tags.get("highway", "") for tags in ways.tags]
    keys = [(not name, name or kind, "" if name else own) for name, kind, own in zip(named, kinds, ways.ids, strict=True)]
    order = sorted(set(keys))
    place = {key: number for number, key in enumerate(order)}
    group = np.array([place[key] for key in keys], np.int64)
    by_street = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(order))).tolist()
    for low, high, reported in zip([0, *ends], ends, summed(seen, group[seen.pieces.line], len(order)), strict=False):
        own = by_street[low:high]
        yield Street(ways.ids[own[0]], named[own[0]], kinds[own[0]], shapely.multilinestrings(ways.lines[own]), reported)


def _areas(context: AuditContext, seen: SeenPieces) -> Iterator[AreaStreets]:
    """Yield the areas that may lend their name, as the map tells them without undisclosed places."""
    layer = context.project.layers.get("areas")
    if layer is None or not len(layer):
        return
    is_named = is_district(layer, context.reference_data.kinds, spot_rule(context).ground)
    rows = np.flatnonzero(is_named & (shapely.get_dimensions(layer.geometry) == 2))
    areas = read_areas(layer, rows.tolist())
    middles = shapely.STRtree(shapely.points(seen.pieces.xy_m))
    which, piece = middles.query([area.geometry for area in areas], predicate="intersects")
    for number, area in enumerate(areas):
        if (own := piece[which == number]).size:
            yield AreaStreets(area.area_id, area.name, area.geometry, _of_some(seen, own))


def _of_some(seen: SeenPieces, chosen: IntArray) -> LengthsInView:
    group = np.ones(len(seen.pieces), np.int64)
    group[chosen] = 0
    return summed(seen, group, 2)[0]


# The shortest path on foot between two places, and the one on which least is in view.

METRE_IN_VIEW = 10.0  # a metre in view costs as much as so many that are not, unless another figure is given


@dataclass(frozen=True, eq=False, slots=True)
class PathOnFoot:
    """A path along streets with what is in view on it; ``cost_m`` is what it was chosen by, in metres out of view."""

    line: shapely.LineString
    walk: Walk
    cost_m: float


@dataclass(frozen=True, eq=False, slots=True)
class PathsOnFoot:
    """Two paths between the same places; of the second a metre that a camera can or may see costs ``metre_in_view`` metres."""

    shortest: PathOnFoot
    least_seen: PathOnFoot
    metre_in_view: float
    crs: str


@dataclass(frozen=True, slots=True)
class Journey:
    """From where to where somebody walks, in project metres, with what both places are called in errors, and how fast."""

    start_xy_m: tuple[float, float]
    end_xy_m: tuple[float, float]
    names: tuple[str, str] = ("A", "B")
    speed_km_h: float = WALK_KM_H


def paths_on_foot(
    context: AuditContext, journey: Journey, metre_in_view: float = METRE_IN_VIEW, progress: Progress = no_progress
) -> PathsOnFoot:
    """Return the shortest path and the one of the lowest cost, each walked as any other way.

    What is not mapped costs by what is in view there if nothing stands in the way.

    Raises
    ------
    InputError
        A place lies more than 250 m from every way that may be walked, or nothing leads from one to the other.
    """
    lines = _walked(ways_of(context.project.layers.get("roads")))
    network = WalkingNetwork.of(lines)
    seen = look_along(context, pieces_of(lines, STREET_STEP_M), part_of(progress, 0.0, 0.8))
    length_m = seen.pieces.length_m
    in_view_m = np.bincount(
        seen.pieces.segment[seen.is_in_view], weights=length_m[seen.is_in_view], minlength=len(network.length_m)
    )
    ends = np.array(journey.start_xy_m), np.array(journey.end_xy_m)

    def path(cost: FloatArray, dearer: float) -> PathOnFoot:
        line = network.cheapest(cost, *ends, journey.names)
        walk = walk_along(context, np.array([line], object), journey.speed_km_h, sums_only=False)
        in_view = walk.lengths.certain_m + walk.lengths.possible_m + walk.lengths.bare_in_view_m
        return PathOnFoot(line, walk, walk.lengths.length_m + (dearer - 1.0) * in_view)

    cost = network.length_m + (metre_in_view - 1.0) * in_view_m
    return PathsOnFoot(path(network.length_m, 1.0), path(cost, metre_in_view), metre_in_view, context.project.crs)


def _walked(ways: PublicWays) -> ObjectArray:
    walked: ObjectArray = ways.lines[np.array([is_walked(tags) for tags in ways.tags], bool)]
    return walked
