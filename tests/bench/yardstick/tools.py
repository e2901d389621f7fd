"""Ask tools about the scenes: this program by its interface for Python, and tools that know rasters alone, where installed."""

import csv
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np

from .scoring import FOLDER, HIDDEN, VISIBLE, read_raster

DEBIAN_PYTHON = "/usr/bin/python3"
ROOT = Path(__file__).parents[len(__package__.split("."))]
QUIETLY = {"QT_QPA_PLATFORM": "offscreen", "GDAL_PAM_ENABLED": "NO"}  # no window, no statistics beside the scenes' rasters


def ask_ours(folder):
    """Write what this program says of points, of spots on walls, and of the middles of cells in the picture, asked as points."""
    sight_of(project_of(FOLDER / "level"), FOLDER / "level" / "points.csv")  # compiles what is compiled at the first start
    seconds = {}
    for scene in sorted(FOLDER.iterdir()):
        project = project_of(scene)
        (folder / scene.name).mkdir(parents=True, exist_ok=True)
        pairs, seconds[scene.name] = sight_of(project, scene / "points.csv")
        _write_rows(folder / f"{scene.name}.csv", ("camera_id", "point_id", "seen", "density_px_m"), pairs)
        for path in scene.glob("cells_*.tif"):
            seconds[scene.name] += ask_cells(project, path, folder / scene.name)
    _write_rows(folder / "seconds.csv", ("scene", "seconds"), [(name, f"{spent:.4f}") for name, spent in seconds.items()])
    return ""


def ask_cells(project, truth_path, folder):
    """Ask the middles of the cells in a camera's picture, write those that are seen as a raster, and return the seconds."""
    import rasterio

    camera_id, table = truth_path.stem.removeprefix("cells_"), folder / "cells.csv"
    cells, west, north, side = read_raster(truth_path)
    rows, columns = np.nonzero((cells == HIDDEN) | (cells == VISIBLE))
    spots = zip(range(len(rows)), west + side * (columns + 0.5), north - side * (rows + 0.5), strict=True)
    _write_rows(table, ("point_id", "x_m", "y_m"), spots)
    pairs, spent = sight_of(project, table)
    table.unlink()
    seen = [int(point_id) for of, point_id, is_seen, _ in pairs if of == camera_id and is_seen]
    said = np.zeros(cells.shape, np.uint8)
    said[rows[seen], columns[seen]] = 1
    with rasterio.open(truth_path) as truth:
        shape = {**truth.profile, "nodata": None}
    with rasterio.open(folder / f"{camera_id}.tif", "w", **shape) as to:
        to.write(said, 1)
    return spent


def project_of(scene):
    """Return a project with the buildings, trees, ground and cameras of a scene's folder."""
    import lhasaplan

    project = lhasaplan.new_project(["no-law"], crs="EPSG:32635")
    town = [scene / "town.gpkg", *([scene / "terrain.tif"] if (scene / "terrain.tif").exists() else [])]
    return lhasaplan.import_files(lhasaplan.import_files(project, *town), scene / "cameras.csv", kind="cameras", crs="EPSG:32635")


def sight_of(project, points):
    """Return a row for each pair (camera, point, seen, density), and the seconds of the processor; trees hide as in leaf."""
    import lhasaplan

    start = time.process_time()
    pairs = lhasaplan.sight(project, points).pairs
    spent = time.process_time() - start
    rows = [
        (each.camera_id, each.point_id, int(each.seen and each.reason not in ("tree", "hoarding")), each.density_high_px_m or "")
        for each in pairs
    ]
    return rows, spent


def ask_gdal(folder):
    """Ask GDAL in Debian's Python; return why it is absent, or nothing."""
    return _run([DEBIAN_PYTHON, "-m", f"{__package__}.raster_tools", "gdal", str(folder)])


def ask_grass(folder):
    """Ask GRASS in a project of its own that ends with the session."""
    grass = shutil.which("grass")
    if grass is None:
        return "absent: apt-get install grass-core"
    known = subprocess.run([grass, "--help"], check=False, capture_output=True, text=True)
    option = "--tmp-project" if "--tmp-project" in known.stdout + known.stderr else "--tmp-location"  # before GRASS 8.4
    words = [DEBIAN_PYTHON, "-m", f"{__package__}.raster_tools", "grass", str(folder)]
    return _run([grass, option, "EPSG:32635", "--exec", *words])


def ask_qgis(folder):
    """Ask QGIS's plugin Visibility Analysis in Debian's Python, without a window."""
    return _run([DEBIAN_PYTHON, "-m", f"{__package__}.raster_tools", "qgis", str(folder)])


def _run(words):
    try:
        done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True, env={**os.environ, **QUIETLY})
    except OSError as error:
        return f"absent: {error}"
    if done.returncode == 0:
        return ""
    return next((line for line in done.stdout.splitlines() if line.startswith("absent")), f"failed: {done.stderr[-300:]}")


def _write_rows(path, heads, rows):
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


# Each fills a folder with answers, and returns a line where the tool is absent or fails. Cells are scored in the picture alone.
TOOLS = {
    "lhasaplan": ask_ours,
    "GDAL ViewshedGenerate": ask_gdal,
    "GRASS r.viewshed": ask_grass,
    "QGIS Visibility Analysis": ask_qgis,
}
