"""shapely over the first cameras of a city: exact polygons, the points and the middles of 1 m cells that lie in them.

The rest is scaled.
"""

import numpy as np
import shapely

from ..worker import serve
from ..workload import load
from .shadows import Shadows, lens_list

SAMPLE = 100


def prepare(folder):
    """Return a run over a sample of the cameras; trees of footprints and points are made before and not timed."""
    town, lenses, points, settings = load(folder)
    cameras = lens_list(lenses.first(min(len(lenses), settings.get("sample", SAMPLE))))
    shadows, tree = Shadows(town.polygons(), town.top_m), shapely.STRtree(shapely.points(points[:, :2]))

    def run():
        pairs = cells = 0
        for lens in cameras:
            seen = shadows.field(lens) if settings.get("whole") else shadows.lit(lens)
            if settings.get("whole") and not shapely.is_valid(seen):
                seen = shapely.make_valid(seen)
            pairs += len(tree.query(seen, predicate="intersects"))
            cells += count_cells(seen) if settings.get("grid") else 0
        return {"answers": len(cameras), "pairs": pairs, "cells": cells}

    return run


def count_cells(seen):
    """Return how many cells of 1 m have their middle in a polygon: its box is asked, as one would add it to a grid."""
    if seen.is_empty:
        return 0
    west, south, east, north = np.floor(seen.bounds)
    x, y = np.meshgrid(np.arange(west, east + 1.0) + 0.5, np.arange(south, north + 1.0) + 0.5)
    shapely.prepare(seen)
    return int(shapely.contains_xy(seen, x, y).sum())


if __name__ == "__main__":
    serve(prepare)
