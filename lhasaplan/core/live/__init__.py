"""Keep what is seen, coverage and overlap up to date while a camera, a building, a tree or the demand changes.

Only what depends on a change is computed again: a camera's own views, the views in whose range a building or tree stands, the
points that are new. The result equals a state made from nothing. ``live`` stands on it: the answers of an audit or a check
about every camera as it is drawn now, which the window asks.
"""

from lhasaplan.core.demand.columns import DemandColumn
from lhasaplan.core.live.changes import (
    make_state,
    move_one,
    with_building_changed,
    with_camera_moved,
    with_demand_changed,
    with_tree_changed,
    with_views,
    without_camera,
)
from lhasaplan.core.live.state import Spots, State, make_spots

__all__ = [
    "DemandColumn",
    "Spots",
    "State",
    "make_spots",
    "make_state",
    "move_one",
    "with_building_changed",
    "with_camera_moved",
    "with_demand_changed",
    "with_tree_changed",
    "with_views",
    "without_camera",
]
