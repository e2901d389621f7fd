"""Ours over a whole city: polygons or whole fields of all cameras, and the matrix of all points."""

import time

from ..worker import serve
from ..workload import load
from .face import fields, matrix, polygons, scene_of
from .views import views_of


def prepare(folder):
    """Return a run over the city; the scene is made before, timed apart."""
    town, lenses, points, settings = load(folder)
    views, buildings = views_of(lenses), town.buildings()
    started = time.perf_counter()
    scene = scene_of(buildings, folder)
    index_s = time.perf_counter() - started
    answer = fields if settings.get("whole") else polygons

    def run():
        times = [time.perf_counter()]
        seen = answer(views, scene)
        times.append(time.perf_counter())
        density = matrix(views, points, scene)
        times.append(time.perf_counter())
        steps = {"polygons_s": times[1] - times[0], "matrix_s": times[2] - times[1], "index_s": index_s}
        return {"answers": len(seen), "pairs": density.nnz, **steps}

    return run


if __name__ == "__main__":
    serve(prepare)
