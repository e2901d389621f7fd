"""Ours over a whole city: polygons or whole fields of all cameras, the matrix of all points, and the count grid of 1 m."""

import time

import numpy as np

from ..memory import own_mb
from ..worker import serve
from ..workload import load
from .face import counts, fields, matrix, polygons, scene_of
from .views import views_of


def prepare(folder):
    """Return a run over the city; the scene is made before, timed apart."""
    town, lenses, points, settings = load(folder)
    views, before = views_of(lenses), own_mb()
    buildings = town.buildings()
    started = time.perf_counter()
    scene = scene_of(buildings, folder)
    index_s, scene_mb = time.perf_counter() - started, own_mb() - before
    most = {"scene_mb": scene_mb, "seen_mb": 0.0, "matrix_mb": 0.0}  # later rounds use again what the first was given
    answer = fields if settings.get("whole") else polygons

    def run():
        held, times = [own_mb()], [time.perf_counter()]
        seen = answer(views, scene)
        times.append(time.perf_counter())
        held.append(own_mb())
        density = matrix(views, points, scene)
        times.append(time.perf_counter())
        held.append(own_mb())
        cells = counts(_geometry(seen))[0].sum(dtype=np.int64) if settings.get("grid") else 0
        times.append(time.perf_counter())
        steps = {"polygons_s": times[1] - times[0], "matrix_s": times[2] - times[1], "grid_s": times[3] - times[2]}
        for name, grown_mb in zip(("seen_mb", "matrix_mb"), np.diff(held).tolist(), strict=True):
            most[name] = max(most[name], grown_mb)
        return {"answers": len(seen), "pairs": density.nnz, "cells": int(cells), "index_s": index_s, **steps, **most}

    return run


def _geometry(seen):
    """Return polygons as they are, and those of whole fields."""
    return seen if isinstance(seen, np.ndarray) else np.array([field.geometry for field in seen], object)


if __name__ == "__main__":
    serve(prepare)
