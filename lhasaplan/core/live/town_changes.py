"""Carry the answers about cameras into a town with other buildings, trees, uses or areas: what no change reaches stays.

The town itself is set up anew (``core/context/audit_context.py``); of the cameras only those are evaluated again within
whose range something changed, that hang otherwise now, or whose parts are others. The result is that of a town made from nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import SETTLED_BY_M, ground_seen, not_mapped
from lhasaplan.core.demand.guard import Requested
from lhasaplan.core.live.live_answers import Live, columns_now, make_live, recounted, with_cameras, without_looking
from lhasaplan.core.live.state import CountedViews, Spots, counted_again, no_counts, with_columns
from lhasaplan.core.model.camera import Placed
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import ProtectedPlace
from lhasaplan.core.protection.ground import extents
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.site.camera_placing import place_in

_T = TypeVar("_T")
_ROUNDING_M2 = 0.01
_SLACK_M = 2.0  # beyond the range of a view: a wall is looked at from a little before it


def in_town(live: Live, city: AuditContext, requested: Requested | None, progress: Progress = no_progress) -> Live:
    """Return the answers about the same cameras in a town that was set up anew.

    Parameters
    ----------
    city : the changed project set up without its cameras.
    requested : its confirmed parts and their demand; None outside the gate.
    """
    bare = replace(make_live(city, requested), leaving=live.leaving)
    cameras = {key: each.placed.camera for key, each in live.results.items()}
    if not cameras or not _are_comparable(live.city, city):
        return with_cameras(bare, list(cameras.values()), progress=progress)
    placed = dict(zip(cameras, place_in(city.town, list(cameras.values()), city.reference_data.classes), strict=True))
    progress(0.1, "sight")
    touched = _touched(live, city, placed)
    known = _carried(without_looking(live, touched), bare, placed)
    if not known.leaves.blinds_as(live.leaves):
        known = recounted(known, list(known.results), part_of(progress, 0.1, 0.3))
    again = [*touched, *_asked_otherwise(known, live)]
    return with_cameras(known, [cameras[key] for key in again], progress=part_of(progress, 0.3, 1.0))


def _are_comparable(before: AuditContext, after: AuditContext) -> bool:
    """Tell whether nothing changed that every camera rests on: grid, terrain, packs, walls of floor plans."""
    old, new = before.project, after.project
    is_same = (old.crs, old.packs) == (new.crs, new.packs) and before.terrain.is_same(after.terrain)
    return is_same and old.layers.get("floor_walls") is new.layers.get("floor_walls")


def _carried(live: Live, bare: Live, placed: Mapping[str, Placed]) -> Live:
    """Return what is left of the answers in the new town: grounds, columns and overlaps stay, numbers of buildings are new."""
    kept = {key: placed[key] for key in live.results}
    rows = [(row, view) for key, each in kept.items() for row, view in zip(live.state.rows[key], each.views, strict=False)]
    views = live.state.views.replaced([row for row, _ in rows], [view for _, view in rows])
    leaves = bare.leaves.moved((), list(placed.values()))
    state = replace(live.state, views=views, scene=leaves.scene)
    carried = replace(bare, leaves=leaves, state=state, results=_results(live.results, kept, bare.city), disclosed=live.disclosed)
    carried = _with_demand(carried, bare.state.spots)
    counted = [CountedViews(carried.column_of(key), each.camera.status, key in live.leaving) for key, each in kept.items()]
    return replace(carried, counts=counted_again(no_counts(len(bare.demand.part)), bare.needs, (), counted))


def _with_demand(live: Live, spots: Spots) -> Live:
    """Return the answers with what the cameras show of other demand; of the same demand it is known."""
    known = live.state.spots
    if np.array_equal(known.xyz_m, spots.xyz_m):
        return replace(live, state=replace(live.state, spots=spots))
    asked = replace(live, state=replace(live.state, spots=spots))
    return replace(live, state=with_columns(live.state, spots, columns_now(asked, list(live.results))))


def _results(results: Mapping[str, CameraResult], kept: Mapping[str, Placed], city: AuditContext) -> dict[str, CameraResult]:
    at = [shapely.Point(each.camera.x_m, each.camera.y_m) for each in kept.values()]
    names = city.areas.names(at)
    return {
        key: replace(results[key], placed=each, area_names=areas) for (key, each), areas in zip(kept.items(), names, strict=True)
    }


def _asked_otherwise(live: Live, before: Live) -> list[str]:
    """Return the cameras that serve other parts now, or parts of another shape."""
    if live.requested is None and before.requested is None:
        return []
    old, new = (
        {part.part_id: (shapely.to_wkb(part.geometry), part.required) for part in each.demand.parts} for each in (before, live)
    )
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    is_planning = (live.requested is None) == (before.requested is None)
    names = [part.part_id for part in live.demand.parts]
    found = []
    for key, result in live.results.items():
        served = tuple(names[part] for part in live.column_of(key).parts_served(live.needs).tolist())
        if not is_planning or served != result.parts_served or not changed.isdisjoint(served):
            found.append(key)
    return found


def _touched(live: Live, city: AuditContext, placed: Mapping[str, Placed]) -> list[str]:
    """Return the cameras that hang otherwise, or within whose range something changed."""
    old, new = live.city.buildings, city.buildings
    moved = [key for key, each in placed.items() if not _hangs_the_same(live.results[key].placed, each, old, new)]
    blocks = _in_one_alone(old, new, _blocks)
    reached = _near(placed, [*blocks, *_changed_shapes(live.city, city)])
    touched = list(dict.fromkeys([*moved, *reached]))
    beyond = [key for key in _near(placed, blocks, SETTLED_BY_M) if key not in set(touched)]
    return [*touched, *_mapped_otherwise(live, city, beyond)]


def _mapped_otherwise(live: Live, city: AuditContext, camera_ids: Sequence[str]) -> list[str]:
    """Return the cameras of whose ground more or less is mapped now: houses beyond the range of a view settle that, too."""
    results = [live.results[key] for key in camera_ids]
    grounds = [shapely.union_all([ground_seen(field) for field in each.fields]) for each in results]
    bare = not_mapped(grounds, city.scene.tree)
    now = [0.0 if each is None else float(each.area) for each in bare]
    return [key for key, each, m2 in zip(camera_ids, results, now, strict=True) if abs(each.not_mapped_m2 - m2) > _ROUNDING_M2]


def _hangs_the_same(before: Placed, after: Placed, old: Buildings, new: Buildings) -> bool:
    if _without_numbers(before) != _without_numbers(after):
        return False
    pairs = zip((*before.views, *before.level_views), (*after.views, *after.level_views), strict=True)
    return all(_block(old, was.own_building) == _block(new, now.own_building) for was, now in pairs)


def _without_numbers(placed: Placed) -> Placed:
    views, level = (tuple(replace(view, own_building=-1) for view in each) for each in (placed.views, placed.level_views))
    return replace(placed, views=views, level_views=level)


def _block(buildings: Buildings, row: int) -> tuple[object, ...]:
    if row < 0:
        return ()
    heights = float(buildings.base_m[row]), float(buildings.top_m[row])
    return (shapely.to_wkb(buildings.polygons[row]), *heights, tuple(sorted(buildings.tags[row].items())))


def _near(placed: Mapping[str, Placed], found: Sequence[BaseGeometry], beyond_m: float = _SLACK_M) -> list[str]:
    """Return the cameras one of whose views reaches so near to a shape."""
    if not len(found):
        return []
    shapes = np.array([*found, None], object)[:-1]
    lenses = [(key, view) for key, each in placed.items() for view in (*each.views, *each.level_views)]
    at = shapely.points([(view.x_m, view.y_m) for _, view in lenses])
    reach = np.array([view.range_m for _, view in lenses]) + beyond_m
    met = shapely.STRtree(shapes).query(at, predicate="dwithin", distance=reach)[0]
    return list(dict.fromkeys(lenses[row][0] for row in np.unique(met).tolist()))


def _changed_shapes(before: AuditContext, after: AuditContext) -> list[BaseGeometry]:
    """Return the ground of all that grows or is protected in one of two towns alone."""
    old, new = before.project.layers, after.project.layers
    reach_m = after.reference_data.screens.highest_m
    trees = _in_one_alone(old.get("trees"), new.get("trees"), _features)
    return [
        *(shapely.buffer(shape, reach_m) for shape in trees),
        *_in_one_alone(before.protected, after.protected, _places),
    ]


def _in_one_alone(before: _T, after: _T, rows: Callable[[_T], Iterable[tuple[object, BaseGeometry]]]) -> list[BaseGeometry]:
    """Return the shapes of what one of two lists has and the other has not; of equal rows as many as are too many."""
    if before is after:
        return []
    old, new = list(rows(before)), list(rows(after))
    counts = Counter(key for key, _ in old)
    counts.subtract(key for key, _ in new)
    return [shape for key, shape in (*old, *new) if counts[key] != 0 and not shape.is_empty]


def _blocks(buildings: Buildings) -> Iterable[tuple[object, BaseGeometry]]:
    """Give what two towns are compared by: outline and heights of each building, and its outline."""
    wkb = shapely.to_wkb(buildings.polygons).tolist()
    heights = zip(wkb, buildings.base_m.tolist(), buildings.top_m.tolist(), strict=True)
    return zip(heights, buildings.polygons.tolist(), strict=True)


def _features(layer: Layer | None) -> Iterable[tuple[object, BaseGeometry]]:
    if layer is None:
        return ()
    tags = (tuple(sorted(each.items())) for each in layer.tags)
    return zip(zip(shapely.to_wkb(layer.geometry).tolist(), tags, strict=True), layer.geometry.tolist(), strict=True)


def _places(places: Sequence[ProtectedPlace]) -> Iterable[tuple[object, BaseGeometry]]:
    """Yield each protected place by all that an answer about it rests on, with the box of what is looked at of it."""
    bounds_m = extents(places)
    boxes = np.asarray(shapely.box(*np.nan_to_num(bounds_m).T), object)
    boxes[np.isnan(bounds_m).any(axis=1)] = shapely.Polygon()
    return zip(map(_place, places), iter(boxes), strict=True)


def _place(place: ProtectedPlace) -> tuple[object, ...]:
    """Return what of a protected place decides who sees it."""
    shapes = (place.ground, place.frontage, place.open_ground, place.street)
    reported = (place.cls, place.top_m, place.frontage_heights_m, place.kinds, place.hides_people, place.drawn)
    return (*reported, *(None if shape is None else shapely.to_wkb(shape) for shape in shapes))
