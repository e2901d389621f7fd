"""Ours when one camera of a city moves: polygon, matrix column, coverage and overlap brought up to date."""

from dataclasses import replace

import numpy as np

from lhasaplan.core.live.state import make_spots

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
    spots = make_spots(points, np.full(len(points), NEEDED_PX_M))
    state = make_state(views, town.buildings(), spots, make=lambda prisms: scene_of(prisms, folder))
    movers = views[:: max(1, len(views) // MOVES)][:MOVES]

    def run():
        now = state
        for view in movers:
            now = move_one(now, replace(view, x_m=view.x_m + 1.0))
        return {"answers": len(movers)}

    return run


if __name__ == "__main__":
    serve(prepare)
