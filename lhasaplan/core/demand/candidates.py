"""Find the places that duties packs name, and their parts: candidates, which no one has asked for yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, joined_groups
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.streets import SHIPPED, StreetWidths
from lhasaplan.core.demand.nearby_features import MERGE_M, Surroundings, junction_ground, junction_nodes, with_rings
from lhasaplan.core.demand.neighbourhood import clusters
from lhasaplan.core.demand.part_builders import JUNCTION, DrawnPart, FoundPlace, draw, ground_of_points, param, place_of
from lhasaplan.core.model.layer import Buildings, ConditionIndex, InputRecord, Layer, Tags, any_alternative_holds
from lhasaplan.core.model.place import OUTDOOR_PARTS, Place
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.rules.pack import Category, Pack

# Merge features that describe one object: pieces of a line, overlapping areas, points on what they belong to.

# Points of one category this close are one place: the two carriageways of a crossing, the tracks of a level crossing.
# A stop may stand a step beside its platform; the carriageways of one bridge or tunnel run side by side under one name.
POINTS_MERGE_M = {
    "crossing": 8.0,
    "school_crossing": 8.0,
    "conflict_area": 20.0,
    "container_apron": 8.0,
    "boarding_area": 2.0,
    "platform_edge": 2.0,
    "carriageway": 12.0,
    "carriageway_indoor": 12.0,
}
_TOUCH_M = 0.01


@dataclass(frozen=True, eq=False, slots=True)
class Feature:
    """One feature of a layer that a category takes."""

    identity: str
    geometry: BaseGeometry
    tags: Tags


def dimension_of(feature: Feature) -> int:
    """Return 0 for a point, 1 for a line, 2 for an area."""
    return int(shapely.get_dimensions(feature.geometry))


def is_below(tags: Tags) -> bool:
    """Return whether a feature lies in a tunnel, a passage or under ground: the platform of an underground railway."""
    return tags.get("tunnel", "no") != "no" or tags.get("location") == "underground" or tags.get("indoor", "no") != "no"


def deduplicated(found: dict[str, list[Feature]], pack: Pack) -> dict[str, list[Feature]]:
    """Move points that tell of a thing of another category to it: a stop on its platform is that platform."""
    for category in pack.categories:
        other = str(category.params.get("one_with", ""))
        if other in found and found[category.name]:
            open_air = [each for each in found[other] if dimension_of(each) and not is_below(each.tags)]
            tree = shapely.STRtree([each.geometry for each in open_air])
            points = [each.geometry if dimension_of(each) == 0 else None for each in found[category.name]]
            within_m = POINTS_MERGE_M.get(next(c for c in pack.categories if c.name == other).part_kind, _TOUCH_M)
            moved = set(tree.query(np.array([*points, None], object)[:-1], predicate="dwithin", distance=within_m)[0].tolist())
            found[other] += [each for number, each in enumerate(found[category.name]) if number in moved]
            found[category.name] = [each for number, each in enumerate(found[category.name]) if number not in moved]
    return found


def same_object(features: list[Feature], category: Category) -> IntArray:
    """Return a group number for each feature: what overlaps, lies inside, or goes on as the next piece of a line is one."""
    if not features:
        return np.empty(0, np.int64)
    geometry = np.array([*(feature.geometry for feature in features), None], object)[:-1]
    within_m = POINTS_MERGE_M.get(category.part_kind, _TOUCH_M)
    a, b = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=within_m)
    low, high = (np.minimum, np.maximum)
    sizes = shapely.get_dimensions(geometry)
    dimensions = low(sizes[a], sizes[b]), high(sizes[a], sizes[b])
    keep = [
        i != j and _is_one(features[i], features[j], (int(small), int(large)))
        for i, j, small, large in zip(a, b, *dimensions, strict=True)
    ]
    a, b = a[keep], b[keep]
    return joined_groups(a, b, len(features))


def _is_one(a: Feature, b: Feature, dimensions: tuple[int, int]) -> bool:
    """Areas must share ground; lines must go on, or run side by side, under one name; a point joins what it lies in or beside."""
    if dimensions == (2, 2):
        return bool(shapely.area(shapely.intersection(a.geometry, b.geometry)) > 0)
    if dimensions == (1, 1):
        name = a.tags.get("name", "")
        is_same = name == b.tags.get("name", "")
        return is_same and (bool(name) or bool(shapely.dwithin(a.geometry, b.geometry, _TOUCH_M)))
    return dimensions[0] == 0 or bool(shapely.intersects(a.geometry, b.geometry))


STEP = "protected"

_LEAST_PIECE_M = 2.0  # where passages branch, what lies between two branches is no part of its own


def find_places(
    layers: Mapping[str, Layer],
    buildings: Buildings,
    packs: Sequence[Pack],
    inputs: Sequence[InputRecord] = (),
    kinds: ProtectedKinds | None = None,
    *,
    widths: StreetWidths = SHIPPED,
    progress: Progress = no_progress,
) -> tuple[Place, ...]:
    """Return the places of all duty categories, each with its candidate parts; ids come from source ids.

    A feature belongs to the first category of a pack that takes it. A protected place is none, whatever else it is tagged
    as: a heritage category on a church finds nothing; ``kinds`` may widen what counts as protected. What the map lacks is
    asked (``Part.question``), never invented. Several features of one thing are one place.
    """
    surroundings = Surroundings(layers, buildings, widths)
    protected = ConditionIndex({kind.name: kind.tags for kind in (kinds.kinds if kinds else MINIMUM.values())})
    return tuple(
        place
        for pack in packs
        for category, features in _sorted_by_category(layers, pack, protected, progress).items()
        for place in watched(_places(features, pack, _named(category, pack), surroundings), progress, STEP)
    )


def _named(name: str, pack: Pack) -> Category:
    """Return the category of a pack that has this name."""
    return next(category for category in pack.categories if category.name == name)


def _sorted_by_category(
    layers: Mapping[str, Layer], pack: Pack, protected: ConditionIndex, progress: Progress
) -> dict[str, list[Feature]]:
    """Return the features of each category, each feature once and in one category only."""
    index = ConditionIndex({c.name: [condition for group in c.match for condition in group] for c in pack.categories})
    found: dict[str, list[Feature]] = {category.name: [] for category in pack.categories}
    seen: set[str] = set()
    known: dict[object, Category | None] = {}  # a city says the same few things of most of its features
    for identity, geometry, tags, is_point in watched(_rows(layers), progress, STEP, every=1024):
        reported = index.reported(tags)
        if reported and identity not in seen:
            if (reported, is_point) not in known:
                # The first category that holds; a point goes to one that can draw points, if any.
                holding = [category for category in pack.categories if any_alternative_holds(tags, category.match)]
                drawable = [category for category in holding if not (is_point and category.part_kind == "platform_edge")]
                known[reported, is_point] = next(iter(drawable or holding), None)
            category = known[reported, is_point]
            if category is not None and (category.part_kind in OUTDOOR_PARTS or not protected.names(tags)):
                seen.add(identity)
                found[category.name].append(Feature(identity, geometry, tags))
    return deduplicated(found, pack)


def _rows(layers: Mapping[str, Layer]) -> Iterator[tuple[str, BaseGeometry, Tags, bool]]:
    """Yield id, geometry and tags of every feature that lies anywhere, and whether it is a point."""
    for name, layer in layers.items():
        if name not in ("trees", "cameras", "terrain"):
            is_nowhere = shapely.is_missing(layer.geometry) | shapely.is_empty(layer.geometry)
            is_point = shapely.get_dimensions(layer.geometry) == 0
            rows = zip(layer.ids, layer.geometry, layer.tags, is_point.tolist(), is_nowhere.tolist(), strict=True)
            yield from (
                (str(identity), geometry, tags, point) for identity, geometry, tags, point, nowhere in rows if not nowhere
            )


def _places(features: list[Feature], pack: Pack, category: Category, surroundings: Surroundings) -> Iterator[Place]:
    """Return the places of one category in the order of their ids."""
    if category.part_kind == JUNCTION:
        yield from _junctions(features, pack, category, surroundings)
        return
    group = same_object(features, category)
    order = np.argsort(group, kind="stable")
    groups = [rows.tolist() for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1)] if len(group) else []
    known = _draw_alone(features, [rows[0] for rows in groups if len(rows) == 1], category, surroundings)
    for rows in groups:
        yield _place([features[row] for row in rows], pack, category, surroundings, known.get(rows[0]))


def _draw_alone(
    features: list[Feature], rows: list[int], category: Category, surroundings: Surroundings
) -> dict[int, list[DrawnPart]]:
    """Return what ``_draw_all`` gives of points that are things by themselves, drawn together; a city has thousands."""
    points = [row for row in rows if dimension_of(features[row]) == 0]
    shapes = np.array([*(features[row].geometry for row in points), None], object)[:-1]
    areas = ground_of_points(shapes, category, surroundings)
    if areas is None or category.shape != "area" or not points:
        return {}
    joined = shapely.union_all(areas[:, None], axis=1)
    drawn = {
        row: DrawnPart(tuple(shapely.get_parts(area))) for row, area in zip(points, joined, strict=True) if not area.is_empty
    }
    return {row: [each] for row, each in drawn.items()}


def _place(
    members: list[Feature], pack: Pack, category: Category, surroundings: Surroundings, known: list[DrawnPart] | None
) -> Place:
    # The outline gives the id, so that a point which somebody adds to it later changes no decision.
    ordered = sorted(members, key=lambda member: (-dimension_of(member), member.identity))
    sources, widest = tuple(member.identity for member in ordered), dimension_of(ordered[0])
    shapes = [member.geometry for member in members if dimension_of(member) == widest]
    drawn = known or _draw_all(shapes, category, surroundings)
    name = next((member.tags["name"] for member in members if member.tags.get("name")), "")
    lies_below = all(is_below(member.tags) for member in members)
    whole = shapes[0] if len(shapes) == 1 and widest == 0 else shapely.union_all(shapes)
    return place_of(FoundPlace(sources, name, whole, tuple(drawn), lies_below), pack, category)


def _draw_all(shapes: list[BaseGeometry], category: Category, surroundings: Surroundings) -> list[DrawnPart]:
    """Return what is drawn of one thing: lines joined first, areas as one, points each."""
    dimension = int(shapely.get_dimensions(shapes[0]))
    if dimension == 1:
        pieces = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
        long = pieces[shapely.length(pieces) >= _LEAST_PIECE_M]
        return [draw(piece, category, surroundings) for piece in (long if len(long) else pieces)]
    if dimension == 2:
        return [draw(shapely.union_all(shapes), category, surroundings)]
    drawn = [draw(shape, category, surroundings) for shape in shapes]
    known = [shape for each in drawn if not each.question for shape in each.shapes]
    if known and category.shape == "area":
        return [DrawnPart(tuple(shapely.get_parts(shapely.union_all(known))))]
    return [each for each in drawn if not each.question] or drawn[:1]


def _junctions(features: list[Feature], pack: Pack, category: Category, surroundings: Surroundings) -> Iterator[Place]:
    """Junctions come from the road graph; a matched signal or roundabout helps to find one, and none is made of it alone."""
    points = [shapely.get_coordinates(f.geometry) for f in features if shapely.get_dimensions(f.geometry) == 0]
    signals = np.concatenate([np.empty((0, 2)), *points])
    nodes = junction_nodes(surroundings, signals, int(param(category, "min_arms", 3.0)))
    rings = [feature.geometry for feature in features if dimension_of(feature) == 1]
    group = clusters(nodes, MERGE_M)
    for number in range(int(group.max(initial=-1)) + 1):
        at = with_rings(nodes[group == number], rings)
        ground = junction_ground(surroundings, at, param(category, "buffer_m", 12.0))
        if shapely.area(ground) > 0:
            yield _junction(at, ground, features, pack, category)


def _junction(nodes: FloatArray, ground: BaseGeometry, features: list[Feature], pack: Pack, category: Category) -> Place:
    """Return one junction; its id is of a matched feature near it, else of where its first node lies, to the metre."""
    hull = shapely.convex_hull(shapely.multipoints(nodes))
    near = sorted(f.identity for f in features if shapely.dwithin(f.geometry, hull, MERGE_M))
    first = nodes[np.lexsort((nodes[:, 1], nodes[:, 0]))[0]]
    sources = tuple(near) or (f"node@{first[0]:.0f},{first[1]:.0f}",)
    name = next((f.tags["name"] for f in features if f.identity in near and f.tags.get("name")), "")
    return place_of(FoundPlace(sources, name, hull, (DrawnPart(tuple(shapely.get_parts(ground))),)), pack, category)
