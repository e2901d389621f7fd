"""shapely over the first cameras of a city: exact polygons, and the points that lie in them; the rest is scaled."""

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
        pairs = 0
        for lens in cameras:
            seen = shadows.field(lens) if settings.get("whole") else shadows.lit(lens)
            if settings.get("whole"):
                shadows.bands(lens, seen)
            pairs += len(tree.query(seen, predicate="intersects"))
        return {"answers": len(cameras), "pairs": pairs}

    return run


if __name__ == "__main__":
    serve(prepare)
