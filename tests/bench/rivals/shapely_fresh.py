"""shapely as a fresh process: read the same files, compute a sample of the cameras, write; prints the sample's seconds."""

import sys
import time
from pathlib import Path

import numpy as np
import shapely

from ..files import read, read_lenses, write
from .shadows import Shadows, lens_list
from .shapely_city import count_cells

SAMPLE = 100


def run(folder: Path) -> float:
    """Read, compute, write; return the seconds of the sample."""
    shapes, columns = read(folder / "buildings.gpkg")
    spots, _ = read(folder / "points.gpkg")
    cameras, shadows, tree = read_lenses(folder / "cameras.gpkg"), Shadows(shapes, columns["height"]), shapely.STRtree(spots)
    started = time.perf_counter()
    seen = np.array([shadows.lit(lens) for lens in lens_list(cameras.first(SAMPLE))], object)
    views = np.bincount(tree.query(seen, predicate="intersects")[1], minlength=len(spots))
    for one in seen:
        count_cells(one)
    took = time.perf_counter() - started
    write(folder / "fields-rival.gpkg", seen, {"area_m2": shapely.area(seen)}, "Unknown")
    write(folder / "counts-rival.gpkg", spots, {"views": views.astype(np.int32)}, "Point")
    return took


if __name__ == "__main__":
    print(run(Path(sys.argv[1])))
