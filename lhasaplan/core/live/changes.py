"""Make a live state, and change a camera, a building, a tree or the demand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, columns_of
from lhasaplan.core.live.near_camera import NOTHING, Grounds, grounds_of
from lhasaplan.core.live.state import (
    SLACK_M,
    GroundMeeting,
    MakeScene,
    Rows,
    Spots,
    State,
    alive_rows,
    blank_rows,
    lenses_of,
    meeting_of,
    objects,
    rows_of,
    with_changed,
)
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.model.layer import Buildings, Tags
from lhasaplan.core.sight import Scene, densities, make_scene
from lhasaplan.core.sight.lines.sight_lines import seen_columns
from lhasaplan.core.sight.obstacles.scene import put_building, with_prism

# Pairs of recorded views that share ground at 25 px/m or better, updated for the rows that changed.

MANY = 64  # rows from which a tree of all grounds is worth its making
LEAST_AREA_M2 = 1.0  # slivers along a shared wall are rounding, not overlap
Pair = tuple[int, int]


def with_overlaps(state: State, rows: IntArray) -> State:
    """Return the state with the overlaps of some rows computed anew."""
    each = rows.tolist()
    meeting = meeting_of(state.sharp) if len(each) >= MANY else with_changed(state.meeting, each, state.sharp)
    shared = _shared_m2(state, _pairs_with(state.sharp, meeting, each))
    changed = _without(state.overlaps, each)
    for (a, b), area in shared.items():
        for one, other in ((a, b), (b, a)):
            changed.setdefault(one, dict(state.overlaps[one]))[other] = area
    return replace(state, overlaps=state.overlaps.replaced(list(changed), list(changed.values())), meeting=meeting)


def _without(overlaps: Rows[Mapping[int, float]], rows: Sequence[int]) -> dict[int, dict[int, float]]:
    """Return the overlaps of some rows, none yet, and of those that they had overlaps with."""
    others = {other for row in rows for other in overlaps[row]}
    changed = {other: dict(overlaps[other]) for other in others.difference(rows)}
    for row in rows:
        for other in changed.keys() & overlaps[row].keys():
            del changed[other][row]
    return changed | {row: {} for row in rows}


def _shared_m2(state: State, pairs: Sequence[Pair]) -> Mapping[Pair, float]:
    """Return the area that the views of each pair share, where it is an overlap and they are of two cameras."""
    apart = [(a, b) for a, b in pairs if state.view(a).camera_id != state.view(b).camera_id]
    first, second = (objects([state.sharp[pair[side]] for pair in apart]) for side in (0, 1))
    area = shapely.area(shapely.intersection(first, second)).tolist()
    return {pair: shared for pair, shared in zip(apart, area, strict=True) if shared >= LEAST_AREA_M2}


def _pairs_with(sharp: Rows[BaseGeometry], meeting: GroundMeeting, rows: Sequence[int]) -> list[Pair]:
    """Return all pairs of rows, the lower first, whose sharp ground can meet and of which one is among these."""
    if len(rows) >= MANY:
        at, other = meeting.tree.query(objects([sharp[row] for row in rows]), predicate="intersects")
        met = list(zip(np.array(rows, np.int64)[at].tolist(), other.tolist(), strict=True))
    else:
        met = [(row, other) for row in rows for other in meeting.near(sharp[row])]
    return sorted({(min(pair), max(pair)) for pair in met if pair[0] != pair[1]})


# One prism, a building or a tree, to put in the place of another; numbers stay, so that views keep their own building.
def prism(polygon: BaseGeometry, heights_m: tuple[float, float], name: str, tags: Tags | None = None) -> Buildings:
    """Return one prism with heights above its ground."""
    shapes = np.empty(1, object)
    shapes[0] = polygon
    base, top = (np.array([height]) for height in heights_m)
    return Buildings(np.array([name], object), shapes, base, top, np.array(["height"], object), ({} if tags is None else tags,))


def name_of(before: Buildings, number: int, name: str) -> str:
    """Return the name that a prism has from now on: a given one, else the one that it had."""
    return name or (str(before.ids[number]) if number < len(before) else "")


def together(buildings: Buildings, screens: Buildings | None) -> Buildings:
    """Return the buildings and behind them the screens, as prisms of one town."""
    if screens is None or not len(screens):
        return buildings
    names = ("ids", "polygons", "base_m", "top_m", "height_source")
    ids, polygons, base, top, source = (np.concatenate((getattr(buildings, name), getattr(screens, name))) for name in names)
    return Buildings(ids, polygons, base, top, source, (*buildings.tags, *screens.tags))


NO_SCREENS = Buildings(np.empty(0, object), np.empty(0, object), np.empty(0), np.empty(0), np.empty(0, object), ())


@dataclass(frozen=True, eq=False, slots=True)
class LiveLook:
    """What was found of a camera's views: the ground of each, and its column."""

    views: Sequence[View]
    grounds: Sequence[Grounds]
    columns: Sequence[DemandColumn]


def make_state(
    views: Sequence[View],
    buildings: Buildings,
    spots: Spots,
    *,
    make: MakeScene = make_scene,
    screens: Buildings | None = None,
    target_height_m: float = 1.5,
    progress: Progress = no_progress,
) -> State:
    """Return the state of a whole city; the one slow step.

    Parameters
    ----------
    buildings : with heights above their ground.
    make : makes the scene of prisms; give one that knows the relief where there is any.
    screens : trees and hoardings that hide, with heights above their ground; on a slope woods come piece by piece.
    """
    count = len(views)
    rows: dict[str, tuple[int, ...]] = {}
    for number, view in enumerate(views):
        rows[view.camera_id] = (*rows.get(view.camera_id, ()), number)
    blank = blank_rows(count)
    blank["views"], blank["lenses"] = rows_of(objects(views)), rows_of(lenses_of(views))
    state = State(
        scene=make(together(buildings, screens)),
        buildings=buildings,
        screens=NO_SCREENS if screens is None else screens,
        target_height_m=target_height_m,
        spots=spots,
        rows=rows,
        counts=np.zeros(len(spots), np.int64),
        meeting=meeting_of(blank["sharp"]),
        **blank,
    )
    grounds = grounds_of(views, state.scene, target_height_m, lambda share, step: progress(0.6 * share, step))
    matrix = densities(views, spots.xyz_m, state.scene, lambda share, step: progress(0.6 + 0.2 * share, step))
    every = np.arange(count)
    return with_overlaps(_filled(_counted(state, state, every, columns_of(matrix)), every, grounds), every)


def state_of_scene(scene: Scene, buildings: Buildings, spots: Spots) -> State:
    """Return the state of a city without views, whose scene is made."""
    return make_state((), buildings, spots, make=lambda _prisms: scene)


def with_seen(state: State, seen: Mapping[str, LiveLook]) -> State:
    """Return the state after the views of some cameras were replaced by these, whose fields are computed."""
    grown = _grown(state, {key: len(each.views) - len(state.rows.get(key, ())) for key, each in seen.items()})
    rows, views, grounds, columns = list[int](), list[View | None](), list[Grounds](), list[DemandColumn]()
    for key, each in seen.items():
        spare = len(grown.rows.get(key, ())) - len(each.views)
        rows += grown.rows.get(key, ())
        views += (*each.views, *[None] * spare)
        grounds += (*each.grounds, *[(NOTHING, NOTHING)] * spare)
        columns += (*each.columns, *[UNSEEN] * spare)
    at = np.array(rows, np.int64)
    changed = replace(grown, views=grown.views.replaced(at, views), lenses=grown.lenses.replaced(at, lenses_of(views)))
    return with_overlaps(_filled(_counted(grown, changed, at, columns), at, grounds), at)


def with_camera_moved(state: State, placed: Placed) -> State:
    """Return the state after a camera was moved, turned, changed or added."""
    return with_views(state, placed.camera.camera_id, placed.views)


def move_one(state: State, view: View) -> State:
    """Return the state after the camera of one view got this one instead."""
    return with_views(state, view.camera_id, (view,))


def without_camera(state: State, camera_id: str) -> State:
    """Return the state without a camera."""
    return with_views(state, camera_id, ())


def with_views(state: State, camera_id: str, views: Sequence[View]) -> State:
    """Return the state after a camera's views were replaced; its rows stay, spare ones hold None, more are added."""
    grown = _grown(state, {camera_id: len(views) - len(state.rows.get(camera_id, ()))})
    rows = np.array(grown.rows.get(camera_id, ()), np.int64)
    new = [*views, *[None] * (len(rows) - len(views))]
    changed = replace(grown, views=grown.views.replaced(rows, new), lenses=grown.lenses.replaced(rows, lenses_of(new)))
    return _looked_again(grown, changed, rows)


def with_building_changed(
    state: State, number: int, polygon: BaseGeometry | None, *, base_m: float = 0.0, top_m: float = 0.0, building_id: str = ""
) -> State:
    """Return the state after a building got another shape or height, came (``number`` one past the last) or went (None).

    Numbers of buildings stay, so that views keep their own one. A lens on the building is moved by
    :func:`with_camera_moved`: where it hangs is not known here. Walls of floor plans stay where they are.
    """
    before, is_new = state.buildings, number == len(state.buildings)
    name = name_of(before, number, building_id)
    tags = {} if is_new else before.tags[number]
    one = prism(polygon or shapely.MultiPolygon(), (base_m, top_m), name, tags)
    scene = with_prism(state.scene, one, number, is_inserted=is_new and len(state.screens) > 0)
    touched = [one.polygons[0], *before.polygons[number : number + 1]]
    changed = replace(state, scene=scene, buildings=put_building(before, one, number))
    return _looked_again(state, changed, _in_range_of(state, touched))


def with_tree_changed(
    state: State, number: int, polygon: BaseGeometry | None, *, base_m: float = 0.0, top_m: float = 0.0, tree_id: str = ""
) -> State:
    """Return the state after a tree or hoarding changed, came (``number`` one past the last) or went (None).

    Parameters
    ----------
    polygon : its crown or board, as :func:`lhasaplan.core.city.trees_and_hoardings.screens_from` draws it.
    """
    before = state.screens
    one = prism(polygon or shapely.MultiPolygon(), (base_m, top_m), name_of(before, number, tree_id))
    scene = with_prism(state.scene, one, len(state.buildings) + number)
    touched = [one.polygons[0], *before.polygons[number : number + 1]]
    changed = replace(state, scene=scene, screens=put_building(before, one, number))
    return _looked_again(state, changed, _in_range_of(state, touched))


def with_columns(state: State, spots: Spots, columns: Mapping[int, DemandColumn]) -> State:
    """Return the state for other demand points, given what the views of these rows show of them."""
    blank = blank_rows(len(state.views))["columns"]
    bare = replace(state, spots=spots, columns=blank, counts=np.zeros(len(spots), np.int64))
    return _counted(bare, bare, np.array(list(columns), np.int64), list(columns.values()))


def with_demand_changed(state: State, spots: Spots) -> State:
    """Return the state for other demand points; points that stay are not looked at again."""
    known = {key: number for number, key in enumerate(map(bytes, np.ascontiguousarray(state.spots.xyz_m)))}
    came_from = np.array([known.get(key, -1) for key in map(bytes, np.ascontiguousarray(spots.xyz_m))], np.int64)
    kept, fresh, alive = np.flatnonzero(came_from >= 0), np.flatnonzero(came_from < 0), alive_rows(state.views)
    old = sparse.coo_array(state.matrix().tocsr()[came_from[kept]])
    new = sparse.coo_array(densities([view for view in state.views if view is not None], spots.xyz_m[fresh], state.scene))
    row, column = np.r_[kept[old.row], fresh[new.row]], np.r_[old.col, alive[new.col]]
    cells = (np.r_[old.data, new.data], (row, column))
    columns = columns_of(sparse.csr_array(sparse.coo_array(cells, shape=(len(spots), len(state.views)))))
    blank = blank_rows(len(columns))["columns"]
    bare = replace(state, spots=spots, columns=blank, counts=np.zeros(len(spots), np.int64))
    return _counted(bare, bare, np.arange(len(columns)), columns)


def _looked_again(before: State, state: State, rows: IntArray) -> State:
    """Return the state after the views of these rows were computed anew."""
    alive = rows[alive_rows(state.views[row] for row in rows.tolist())]
    views = [state.view(row) for row in alive.tolist()]
    grounds = dict(zip(alive.tolist(), grounds_of(views, state.scene, state.target_height_m), strict=True))
    columns = dict(zip(alive.tolist(), _seen_by(state, views), strict=True))
    each = rows.tolist()
    counted = _counted(before, state, rows, [columns.get(row, UNSEEN) for row in each])
    return with_overlaps(_filled(counted, rows, [grounds.get(row, (NOTHING, NOTHING)) for row in each]), rows)


def _seen_by(state: State, views: Sequence[View]) -> list[DemandColumn]:
    """Return what views see of the demand."""
    if state.spots.targets is None:
        return [UNSEEN] * len(views)
    return [DemandColumn(*seen) for seen in seen_columns(views, state.spots.xyz_m, state.spots.targets, state.scene)]


def _filled(state: State, rows: IntArray, grounds: Sequence[Grounds]) -> State:
    """Return the state with new grounds in some rows."""
    seen, sharp = ([ground[k] for ground in grounds] for k in (0, 1))
    return replace(state, grounds=state.grounds.replaced(rows, seen), sharp=state.sharp.replaced(rows, sharp))


def _counted(before: State, state: State, rows: IntArray, columns: Sequence[DemandColumn]) -> State:
    """Return the state with new columns in some rows, and the counts that follow."""
    counts = state.counts.copy()
    for row, column in zip(rows.tolist(), columns, strict=True):
        counts[_served(before.views[row], before.columns[row], state.spots)] -= 1
        counts[_served(state.views[row], column, state.spots)] += 1
    return replace(state, columns=state.columns.replaced(rows, columns), counts=counts)


def _served(view: View | None, column: DemandColumn, spots: Spots) -> IntArray:
    """Return the points that a recorded view shows at the density they need; a point is in a column once."""
    if view is None or view.basis is not Basis.RECORDED:
        return UNSEEN.points
    return column.points[column.density_px_m >= spots.needed_px_m[column.points]]


def _in_range_of(state: State, shapes: Sequence[BaseGeometry]) -> IntArray:
    """Return the rows whose range a shape touches."""
    west, south, east, north = shapely.total_bounds(np.array(shapes, object))
    x, y, range_m = np.asarray(state.lenses.whole(), float).T
    range_m = range_m + SLACK_M
    near = (x + range_m >= west) & (x - range_m <= east) & (y + range_m >= south) & (y - range_m <= north)
    rows = np.flatnonzero(near)  # NaN, a row without view or shapes without extent, is near to nothing
    place = shapely.points(x[rows], y[rows])
    return rows[np.any([shapely.dwithin(place, shape, range_m[rows]) for shape in shapes], axis=0)]


def _grown(state: State, more: Mapping[str, int]) -> State:
    """Return the state with more empty rows for cameras that lack some."""
    lacking = {key: count for key, count in more.items() if count > 0}
    if not lacking:
        return state
    first, rows = len(state.views), dict(state.rows)
    for key, count in lacking.items():
        rows[key] = (*rows.get(key, ()), *range(first, first + count))
        first += count
    blank = blank_rows(first - len(state.views))
    return replace(
        state,
        rows=rows,
        views=state.views.extended(blank["views"].whole()),
        grounds=state.grounds.extended(blank["grounds"].whole()),
        columns=state.columns.extended(blank["columns"].whole()),
        sharp=state.sharp.extended(blank["sharp"].whole()),
        lenses=state.lenses.extended(blank["lenses"].whole()),
        overlaps=state.overlaps.extended(blank["overlaps"].whole()),
    )
