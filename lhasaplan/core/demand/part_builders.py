"""From a feature to the part of it that must be seen, by the part's kind; what the map lacks becomes a question."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.demand.nearby_features import Surroundings
from lhasaplan.core.demand.neighbourhood import HALF_DISC_M, MAX_PART_M, half_disc, outward_at, split
from lhasaplan.core.model.place import Part, Place
from lhasaplan.core.rules.pack import Category, Pack

ASK_DOOR = marked("No door is mapped: where is the entrance?")
ASK_LANE = marked("No entry is mapped: where do vehicles go in?")
ASK_OUTLINE = marked("No outline is mapped: what ground belongs to it?")
ASK_EDGE = marked("No edge is mapped: where does the platform end?")
ASK_ROAD = marked("No road is mapped at this crossing: which carriageway does it cross?")
ASK_BANK = marked("No bank is mapped here: where is the water's edge?")

_DOOR_REACH_M = 15.0  # a door this close to a point inside a larger building is its door
_TRACK_REACH_M = 4.0  # an edge this close to a track or lane is where people board
_SPOT_M = 1.0
APRON_M = 10.0


@dataclass(frozen=True, eq=False, slots=True)
class DrawnPart:
    """Shapes of the parts of one place; with a question the shape only says where to ask."""

    shapes: tuple[BaseGeometry, ...]
    question: str = ""


Builder = Callable[[BaseGeometry, Category, Surroundings], DrawnPart]


def draw(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the parts of a feature by the category's part kind, else by its shape."""
    builder = BUILDERS.get((category.part_kind, category.shape)) or BY_SHAPE[category.shape]
    drawn = builder(feature, category, surroundings)
    shapes = tuple(shape for shape in drawn.shapes if not shape.is_empty)
    return DrawnPart(shapes, drawn.question) if shapes else _ask(ASK_OUTLINE, feature)


def ground_of_points(points: ObjectArray, category: Category, surroundings: Surroundings) -> ObjectArray | None:
    """Return the ground that ``draw`` gives of each point, all at once; None for a kind whose points are drawn one by one."""
    builder = BUILDERS.get((category.part_kind, category.shape)) or BY_SHAPE[category.shape]
    reach_m = REACH_M.get(builder)
    return None if reach_m is None else surroundings.all_outdoors(shapely.buffer(points, param(category, "buffer_m", reach_m)))


def param(category: Category, name: str, default: float) -> float:
    """Return a figure of the category, or the default."""
    return float(category.params.get(name, default))


def _ask(question: str, feature: BaseGeometry) -> DrawnPart:
    return DrawnPart((shapely.buffer(shapely.point_on_surface(feature), _SPOT_M),), question)


def _is_area(feature: BaseGeometry) -> bool:
    return bool(shapely.get_dimensions(feature) == 2)


def door(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return half discs before the doors: on the outline of a building or ground, or near a point in a building."""
    host = feature if _is_area(feature) else surroundings.host_of(feature)
    if host is None:
        return _ask(ASK_DOOR, feature)
    doors = surroundings.doors_of(host)
    if not _is_area(feature):
        doors = [each for each in doors if shapely.dwithin(each, feature, _DOOR_REACH_M)]
    radius_m = param(category, "half_disc_m", HALF_DISC_M)
    discs = [half_disc(each, outward_at(host, each), radius_m) for each in doors]
    return DrawnPart(tuple(surroundings.outdoors(disc) for disc in discs)) if discs else _ask(ASK_DOOR, feature)


def bay(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the outdoor ground before an ambulance entrance, never the inside."""
    if _is_area(feature):
        return door(feature, category, surroundings)
    host = surroundings.host_of(feature, 1.0)
    radius_m = param(category, "half_disc_m", HALF_DISC_M)
    if host is None:
        return DrawnPart((shapely.buffer(feature, radius_m),))
    wall = shapely.line_interpolate_point(shapely.boundary(host), shapely.line_locate_point(shapely.boundary(host), feature))
    return DrawnPart((surroundings.outdoors(half_disc(wall, outward_at(host, wall), radius_m)),))


def lane(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the lane of a car park where vehicles go in: at a mapped entry, or where a road crosses its outline."""
    if not _is_area(feature):
        return _ask(ASK_LANE, feature)
    edge = shapely.boundary(feature)
    mapped = surroundings.parking_entrances
    points = list(mapped.geometries[np.sort(mapped.query(feature, predicate="dwithin", distance=3.0))])
    crossed = shapely.intersection(surroundings.roads.lines[surroundings.roads_near(edge, 0.0)], edge)
    points += [point for point in shapely.get_parts(crossed) if shapely.get_dimensions(point) == 0]
    entries = _apart(points, 6.0)
    radius_m = param(category, "half_disc_m", HALF_DISC_M)
    shapes = [surroundings.outdoors(shapely.intersection(shapely.buffer(each, radius_m), feature)) for each in entries]
    return DrawnPart(tuple(shape for shape in shapes if not shape.is_empty)) if entries else _ask(ASK_LANE, feature)


def _apart(points: list[BaseGeometry], distance_m: float) -> list[BaseGeometry]:
    """Return one point of each bunch: carriageways of one entry cross the outline side by side."""
    kept: list[BaseGeometry] = []
    for point in points:
        if not any(shapely.dwithin(point, other, distance_m) for other in kept):
            kept.append(point)
    return kept


def crossing(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the carriageway at a crossing with its approaches; a line across the road when the pack asks for one."""
    middle = shapely.point_on_surface(feature)
    roads = surroundings.roads_near(middle, 1.0)
    if len(roads) == 0:
        return _ask(ASK_ROAD, feature)
    if category.shape == "line":
        return DrawnPart((_across(middle, surroundings, int(roads[0])),))
    near = shapely.buffer(middle, param(category, "approach_m", 10.0))
    return DrawnPart((surroundings.outdoors(surroundings.carriageways(near, roads)),))


def _across(middle: BaseGeometry, surroundings: Surroundings, road: int) -> BaseGeometry:
    line, width_m = surroundings.roads.lines[road], surroundings.roads.widths_m[road]
    at = shapely.line_locate_point(line, middle)
    a, b = shapely.get_coordinates(shapely.line_interpolate_point(line, [max(0.0, at - 1.0), at + 1.0]))
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    left = np.array([-along[1], along[0]]) * width_m / 2
    centre = shapely.get_coordinates(middle)[0]
    return shapely.LineString([centre - left, centre + left])


def line(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the line itself, or the outline of an area."""
    if shapely.get_dimensions(feature) == 0:
        return _ask(ASK_OUTLINE, feature)
    return DrawnPart((shapely.boundary(feature) if _is_area(feature) else feature,))


def edge(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the edge of a platform along its track or lane; the whole outline where none runs beside it."""
    if shapely.get_dimensions(feature) == 0:
        return _ask(ASK_EDGE, feature)
    if not _is_area(feature):
        return DrawnPart((feature,))
    outline = shapely.boundary(feature)
    near = surroundings.tracks.geometries[surroundings.tracks.query(outline, predicate="dwithin", distance=_TRACK_REACH_M)]
    lanes = surroundings.roads.lines[surroundings.roads_near(outline, _TRACK_REACH_M)]
    beside = shapely.union_all([*shapely.buffer(near, _TRACK_REACH_M), *shapely.buffer(lanes, _TRACK_REACH_M)])
    boarding = shapely.line_merge(shapely.intersection(outline, beside))
    return DrawnPart((boarding if shapely.length(boarding) > _TRACK_REACH_M else outline,))


def bank(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the water's edge near a life ring; a weir, dam or pier by its own line."""
    if shapely.get_dimensions(feature) > 0:
        return line(feature, category, surroundings)
    near = shapely.buffer(feature, param(category, "buffer_m", 20.0))
    found = surroundings.water_edges(near)
    return DrawnPart((found,)) if shapely.length(found) > 0 else _ask(ASK_BANK, feature)


def site(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the ground of a site without its buildings; of a building the strip before its walls, of a roof what is below."""
    if not _is_area(feature):
        return _ask(ASK_OUTLINE, feature)
    ground = surroundings.outdoors(feature)
    strip = shapely.buffer(feature, param(category, "half_disc_m", HALF_DISC_M))
    return DrawnPart((ground if shapely.area(ground) > _SPOT_M else surroundings.outdoors(shapely.difference(strip, feature)),))


def ground(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return an area as it is, the ground round a point or along a line, without buildings."""
    buffer_m = param(category, "buffer_m", HALF_DISC_M)
    return DrawnPart((surroundings.outdoors(feature if _is_area(feature) else shapely.buffer(feature, buffer_m)),))


def apron(feature: BaseGeometry, category: Category, surroundings: Surroundings) -> DrawnPart:
    """Return the ground round containers, whether they are mapped as a point or an area."""
    return DrawnPart((surroundings.outdoors(shapely.buffer(feature, param(category, "buffer_m", APRON_M))),))


BY_SHAPE: Mapping[str, Builder] = {"point": door, "line": line, "area": ground}
BUILDERS: Mapping[tuple[str, str], Builder] = {
    ("bay", "point"): bay,
    ("entrance_lane", "point"): lane,
    ("crossing", "area"): crossing,
    ("crossing", "line"): crossing,
    ("school_crossing", "area"): crossing,
    ("school_crossing", "line"): crossing,
    ("platform_edge", "line"): edge,
    ("water_edge", "line"): bank,
    ("apron", "area"): site,
    ("container_apron", "area"): apron,
}
REACH_M: Mapping[Builder, float] = {ground: HALF_DISC_M, apron: APRON_M}  # of those that draw what lies round a point


# Make a place and its candidate parts of what was drawn: ids from the source, pieces of at most 200 m.

JUNCTION = "junction_ground"
SPACING_KEYS = {"point": "point_m", "line": "spacing_m", "area": "grid_m"}
_JUNCTION_M = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class FoundPlace:
    """One real thing: the features that tell of it (the first gives the id), its name, where it lies, what was drawn of it.

    ``is_below`` is true of what lies in a tunnel or under ground: no camera in the street serves it, a person declares it.
    """

    sources: tuple[str, ...]
    name: str
    geometry: BaseGeometry
    drawn: tuple[DrawnPart, ...]
    is_below: bool = False


def place_of(found: FoundPlace, pack: Pack, category: Category) -> Place:
    """Return the place with its parts, numbered from 1; a part longer than allowed is split."""
    place_id = f"{pack.name}:{category.name}:{found.sources[0]}"
    pieces = enumerate(_pieces(found, category), start=1)
    parts = tuple(_part(found, f"{place_id}/{number}", drawn, pack, category) for number, drawn in pieces)
    return Place(place_id, found.name, category.name, pack.name, found.sources, found.geometry, parts)


def _pieces(found: FoundPlace, category: Category) -> Iterator[DrawnPart]:
    longest_m = min(MAX_PART_M, param(category, "max_part_m", MAX_PART_M))
    for drawn in found.drawn:
        for shape in drawn.shapes:
            for piece in [shape] if drawn.question else split(shape, longest_m):
                yield DrawnPart((piece,), drawn.question)


def _part(found: FoundPlace, part_id: str, drawn: DrawnPart, pack: Pack, category: Category) -> Part:
    is_junction = category.part_kind == JUNCTION
    # That of a junction is drawn, and is the part itself.
    is_mapped_with_ground = not is_junction and bool(shapely.get_dimensions(found.geometry) == 2)
    return Part(
        part_id=part_id,
        place_id=part_id.rpartition("/")[0],
        name=found.name,
        pack=pack.name,
        category=category.name,
        kind=category.part_kind,
        shape=category.shape,
        geometry=drawn.shapes[0],
        required=category.required,
        responsible=category.responsible.get("en", ""),
        source=found.sources[0],
        rule=category.source,
        indoor=found.is_below or category.part_kind.endswith("_indoor"),
        question=drawn.question,
        spacing_m=param(category, SPACING_KEYS[category.shape], _JUNCTION_M if is_junction else 0.0),
        site=found.geometry if drawn.question or is_mapped_with_ground else None,
    )
