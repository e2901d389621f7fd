"""shapely doing the same exactly: a polygon per camera, its whole field, or this cut into bands."""

import shapely

from ..worker import serve
from ..workload import load
from .shadows import Shadows, lens_list


def prepare(folder):
    """Return a run over all cameras; the tree of footprints is made before and not timed."""
    town, lenses, _, settings = load(folder)
    shadows, cameras = Shadows(town.polygons(), town.top_m), lens_list(lenses)

    def polygons():
        return {"answers": len([shadows.lit(lens) for lens in cameras])}

    def fields():
        seen = [shadows.field(lens) for lens in cameras]
        return {"answers": len(seen), "valid": int(shapely.is_valid(seen).sum())}

    def bands():
        seen = [shadows.field(lens) for lens in cameras]
        shapely.is_valid(seen)
        return {"answers": len([shadows.bands(lens, one) for lens, one in zip(cameras, seen, strict=True)])}

    return bands if settings.get("bands") else fields if settings.get("whole") else polygons


if __name__ == "__main__":
    serve(prepare)
