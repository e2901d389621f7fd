"""What GDAL's viewshed says of every scene, as tables that can be scored (numpy and osgeo only: runs in Debian's Python).

``python3 -m tests.bench.yardstick.gdal_answers FOLDER``. A raster of heights knows neither a picture nor what is under a
deck, nor a wall from its foot to its top. So that it is not scored for what it was never asked, its answer is cut to the picture,
and what it says of a roof or a crown is not taken for the point below.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np
from osgeo import gdal, gdal_array

from .scenes import SCENES, SIZE_M, lens_of, solids_of, terrain_of
from .scoring import rows_of_raster
from .truth import ground_m, in_picture, is_inside

CELL_M = 0.5


def answers(scene):
    """Return a row for each camera and point, and the seconds of the processor that viewsheds took."""
    terrain, rows, spent = terrain_of(scene), [], 0.0
    data = gdal_array.OpenArray(surface_of(scene))
    data.SetGeoTransform((-SIZE_M, CELL_M, 0.0, SIZE_M, 0.0, -CELL_M))
    x, y, above = np.array(scene["points"]).T
    points = np.column_stack([x, y, ground_m(terrain, x, y) + above])
    named = [(f"p{n}", *place) for n, place in enumerate(points[:, :2].tolist())]
    covered = np.array([any(is_inside(px, py, each["rings"]) for each in solids_of(scene)) for _, px, py in named])
    for camera in scene["cameras"]:
        lens = lens_of(camera, terrain)
        height = max(float(lens[2]) - surface_at(scene, lens[0], lens[1]), 0.01)
        start = time.process_time()
        made = gdal.ViewshedGenerate(
            *(data.GetRasterBand(1), "MEM", "", [], float(lens[0]), float(lens[1]), height, float(above[0])),
            *(1, 0, 0, -1, 0.0, gdal.GVM_Edge, camera["range_m"]),
        )
        spent += time.process_time() - start
        place = made.GetGeoTransform()
        found = rows_of_raster(camera["camera_id"], made.ReadAsArray() == 1, place[0], place[3], CELL_M, named)
        inside = in_picture(camera, *(points - lens).T)[0] & ~covered
        rows += [{**row, "seen": int(row["seen"] and bool(within))} for row, within in zip(found, inside, strict=True)]
    return rows, spent


def surface_of(scene):
    """Return the heights of a scene as a raster: the ground, and roofs and crowns where they stand."""
    edge = np.arange(-SIZE_M + CELL_M / 2.0, SIZE_M, CELL_M)
    x, y = np.meshgrid(edge, edge[::-1])
    heights = ground_m(terrain_of(scene), x, y).astype(np.float32)
    for solid in solids_of(scene):
        (west, south), (east, north) = np.min(solid["rings"][0], axis=0), np.max(solid["rings"][0], axis=0)
        for row, column in np.argwhere((x > west) & (x < east) & (y > south) & (y < north)):
            if is_inside(x[row, column], y[row, column], solid["rings"]):
                heights[row, column] = max(heights[row, column], solid["top_m"])
    return heights


def surface_at(scene, x, y):
    """Return the height of the surface at a place."""
    roofs = [solid["top_m"] for solid in solids_of(scene) if is_inside(x, y, solid["rings"])]
    return max([float(ground_m(terrain_of(scene), x, y)), *roofs])


def main(folder):
    """Write a table a scene, and print the seconds of each."""
    gdal.UseExceptions()
    for name, scene in SCENES.items():
        rows, spent = answers(scene)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, ("camera_id", "point_id", "seen"))
            writer.writeheader()
            writer.writerows(rows)
        print(name, f"{spent:.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
