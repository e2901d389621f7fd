"""Ours as a fresh process: read three GeoPackage files, compute a city, write fields, counts of points, and the count grid."""

import sys
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.base.progress import BackgroundJob, no_progress

from ..files import read, read_lenses, write, write_grid

READ = (("buildings.gpkg", read), ("points.gpkg", read), ("cameras.gpkg", read_lenses))


def run(folder: Path) -> None:
    """Read, compute, write."""
    with BackgroundJob(lambda _: [read_file(folder / name) for name, read_file in READ]) as reading:
        from lhasaplan.core.model.layer import Buildings  # the engine is loaded while GDAL reads

        from .face import counts, matrix, polygons, scene_of
        from .views import views_of

        (shapes, columns), (spots, heights), lenses = reading.answer(no_progress, "read")
    count = len(shapes)
    known, ids = np.full(count, "height", object), np.arange(count).astype(object)
    scene = scene_of(Buildings(ids, shapes, np.zeros(count), columns["height"], known, ({},) * count))
    points, views = np.column_stack((shapely.get_coordinates(spots), heights["z"])), views_of(lenses)
    seen, density = polygons(views, scene), matrix(views, points, scene)
    cells = counts(seen)

    with BackgroundJob(lambda _: write_grid(folder / "counts.tif", *cells)) as grid:  # it leaves Python to the layers
        write(folder / "fields.gpkg", seen, {"area_m2": shapely.area(seen)}, "MultiPolygon")
        write(folder / "counts.gpkg", spots, {"views": np.diff(density.indptr).astype(np.int32)}, "Point")
        grid.answer(no_progress, "grid")


if __name__ == "__main__":
    run(Path(sys.argv[1]))
