"""Ours when one camera of a city moves: polygon, matrix column, coverage and overlap brought up to date."""

from dataclasses import replace

import numpy as np

from lhasaplan.core.demand.columns import Needs
from lhasaplan.core.live.state import CountedViews, counted_again, make_spots, no_counts
from lhasaplan.core.model.camera import Status

from ..live_edits import make_state, move_one
from ..worker import serve
from ..workload import load
from .face import scene_of
from .views import views_of

MOVES = 20
NEEDED_PX_M = 25.0


def prepare(folder):
    """Return a run of twenty cameras, spread over the city, that move by a metre in turn; the state is made before."""
    town, lenses, points, _ = load(folder)
    views = views_of(lenses)
    spots = make_spots(points)
    state = make_state(views, town.buildings(), spots, make=lambda prisms: scene_of(prisms, folder))
    needs = _needs(len(points))
    counts = counted_again(no_counts(len(points)), needs, (), _counted(state.columns))
    movers = views[:: max(1, len(views) // MOVES)][:MOVES]

    def run():
        now, counted = state, counts
        for view in movers:
            before, rows = now, now.rows[view.camera_id]
            now = move_one(now, replace(view, x_m=view.x_m + 1.0))
            old, new = (_counted(each.columns[row] for row in rows) for each in (before, now))
            counted = counted_again(counted, needs, old, new)
        return {"answers": len(movers)}

    return run


def _needs(count):
    """Return that all points, of one part, need the same."""
    each, number = np.full(count, NEEDED_PX_M), np.zeros(count, np.int64)
    return Needs(number, np.ones(count), each, each, number + 1, np.ones(1), np.array([float(count)]))


def _counted(columns):
    return [CountedViews(column, Status.OPERATING) for column in columns]


if __name__ == "__main__":
    serve(prepare)
