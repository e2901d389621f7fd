"""A live state under edits of one thing: what follows is asked of the functions that keep the window's answers."""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, columns_of
from lhasaplan.core.live.near_camera import NOTHING
from lhasaplan.core.live.state import LiveLook, State, blank_rows, meeting_of, with_columns, with_seen
from lhasaplan.core.model.camera import Basis
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.sight import densities, make_scene, visibility_fields
from lhasaplan.core.sight.lines.sight_lines import seen_columns
from lhasaplan.core.sight.sweep.fields import ground_at_least

SLACK_M = 1.0  # beyond the range of a view
TARGET_M = 1.5
NAMES = ("ids", "polygons", "base_m", "top_m", "height_source")
NO_SCREENS = Buildings(np.empty(0, object), np.empty(0, object), np.empty(0), np.empty(0), np.empty(0, object), ())


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class TownState(State):
    """A state with what its scene was made from: buildings, and trees and hoardings behind them, above their ground."""

    buildings: Buildings
    screens: Buildings


def make_state(views, buildings, spots, *, make=make_scene, screens=None):
    """The state of a whole town, asked for all views and points at once."""
    screens = NO_SCREENS if screens is None else screens
    rows = {}
    for number, view in enumerate(views):
        rows[view.camera_id] = (*rows.get(view.camera_id, ()), number)
    blank, scene = blank_rows(len(views)), make(_together(buildings, screens))
    state = TownState(
        scene=scene, buildings=buildings, screens=screens, spots=spots, rows=rows,
        meeting=meeting_of(blank["sharp"]), **blank,
    )  # fmt: skip
    found = views, _grounds(views, scene), columns_of(densities(views, spots.xyz_m, scene))
    return with_seen(state, {key: LiveLook(*([some[k] for k in mine] for some in found)) for key, mine in rows.items()})


def move_one(state, view):
    """The state after the camera of one view got this one instead."""
    return with_views(state, view.camera_id, (view,))


def without_camera(state, camera_id):
    return with_views(state, camera_id, ())


def with_views(state, camera_id, views):
    """The state after a camera's views were replaced."""
    return with_seen(state, {camera_id: _looked(state, views)})


def with_building_changed(state, number, polygon, *, base_m=0.0, top_m=0.0, building_id=""):
    """The state after a building got another shape or height, came (one past the last) or went (None); numbers stay."""
    name = building_id or (str(state.buildings.ids[number]) if number < len(state.buildings) else "")
    one = prism(polygon or shapely.MultiPolygon(), (base_m, top_m), name)
    touched = [one.polygons[0], *state.buildings.polygons[number : number + 1]]
    return _in_town(state, _put(state.buildings, one, number), state.screens, touched)


def with_tree_changed(state, number, polygon, *, base_m=0.0, top_m=0.0, tree_id=""):
    """The same of a tree or hoarding."""
    name = tree_id or (str(state.screens.ids[number]) if number < len(state.screens) else "")
    one = prism(polygon or shapely.MultiPolygon(), (base_m, top_m), name)
    touched = [one.polygons[0], *state.screens.polygons[number : number + 1]]
    return _in_town(state, state.buildings, _put(state.screens, one, number), touched)


def with_demand_changed(state, spots):
    """The state for other demand points."""
    alive = [row for row, view in enumerate(state.views) if view is not None]
    columns = _columns(state, spots, [state.views[row] for row in alive])
    return with_columns(state, spots, dict(zip(alive, columns, strict=True)))


def prism(polygon, heights_m, name):
    """One prism with heights above its ground."""
    shapes = np.empty(1, object)
    shapes[0] = polygon
    base, top = (np.array([height]) for height in heights_m)
    return Buildings(np.array([name], object), shapes, base, top, np.array(["height"], object), ({},))


def _put(before, one, number):
    if number == len(before):
        return _together(before, one)
    columns = [getattr(before, name).copy() for name in NAMES]
    for column, name in zip(columns, NAMES, strict=True):
        column[number] = getattr(one, name)[0]
    return Buildings(*columns, before.tags)


def _together(buildings, others):
    if not len(others):
        return buildings
    columns = (np.concatenate((getattr(buildings, name), getattr(others, name))) for name in NAMES)
    return Buildings(*columns, (*buildings.tags, *others.tags))


def _in_town(state, buildings, screens, touched):
    """The state in another town: cameras are looked through again in whose range something was changed."""
    scene = make_scene(_together(buildings, screens), state.scene.relief)
    changed = replace(state, scene=scene, buildings=buildings, screens=screens)
    again = {view.camera_id for view in state.views if view is not None and _is_in_range(view, touched)}
    views = {key: [state.views[row] for row in state.rows[key] if state.views[row] is not None] for key in again}
    return with_seen(changed, {key: _looked(changed, some) for key, some in views.items()})


def _is_in_range(view, shapes):
    spot = shapely.Point(view.x_m, view.y_m)
    return any(not shape.is_empty and shape.distance(spot) <= view.range_m + SLACK_M for shape in shapes)


def _looked(state, views):
    return LiveLook(views, _grounds(views, state.scene), _columns(state, state.spots, views))


def _columns(state, spots, views):
    if spots.targets is None or not len(views):
        return [UNSEEN] * len(views)
    return [DemandColumn(*seen) for seen in seen_columns(views, spots.xyz_m, spots.targets, state.scene)]


def _grounds(views, scene):
    """What each view sees of the ground, and the part of it at 25 px/m or better; none of a view that is not recorded."""
    fields = visibility_fields(views, scene, TARGET_M)
    sharp = ground_at_least(views, fields, scene, SEEN_PX_M, target_height_m=TARGET_M)
    recorded = [view.basis is Basis.RECORDED for view in views]
    return [(f.geometry, part if is_so else NOTHING) for f, part, is_so in zip(fields, sharp, recorded, strict=True)]
