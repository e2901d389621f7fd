"""Ours when one camera of a city moves: its polygon and its column of the matrix anew."""

from dataclasses import replace

from ..worker import serve
from ..workload import load
from .face import matrix, polygons, scene_of
from .views import views_of

MOVES = 20


def prepare(folder):
    """Return a run of twenty cameras that move by a metre, one after the other."""
    town, lenses, points, _ = load(folder)
    views, scene = views_of(lenses.first(MOVES)), scene_of(town.buildings(), folder)

    def run():
        for view in views:
            moved = [replace(view, x_m=view.x_m + 1.0)]
            polygons(moved, scene)
            matrix(moved, points, scene)
        return {"answers": MOVES}

    return run


if __name__ == "__main__":
    serve(prepare)
