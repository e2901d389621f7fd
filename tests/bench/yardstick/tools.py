"""Ask tools about the scenes: this program by its interface for Python, and GDAL's viewshed in Debian's Python."""

import csv
import subprocess
import tempfile
import time
from pathlib import Path

import lhasaplan

from ..rival_house import DEBIAN_PYTHON, ROOT
from .files import FOLDER
from .scenes import CRS


def ask_ours(name):
    """Return the answers of this program about a scene, and the seconds of the processor that sight took."""
    folder = FOLDER / name
    project = lhasaplan.new_project(["no-law"], crs=CRS)
    files = [folder / "town.gpkg", *([folder / "terrain.tif"] if (folder / "terrain.tif").exists() else [])]
    project = lhasaplan.import_files(project, *files)
    project = lhasaplan.import_files(project, folder / "cameras.csv", kind="cameras", crs=CRS)
    start = time.process_time()
    pairs = lhasaplan.sight(project, folder / "points.csv").pairs
    spent = time.process_time() - start
    return [
        {
            "camera_id": pair.camera_id,
            "point_id": pair.point_id,
            "seen": int(pair.seen and pair.reason not in ("tree", "hoarding")),
            "density_px_m": pair.density_high_px_m or "",
        }
        for pair in pairs
    ], spent


def ask_gdal():
    """Return the answers of GDAL and the seconds of its processor by scene; None where Debian's Python has no GDAL."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(DEBIAN_PYTHON), "-m", "tests.bench.yardstick.gdal_answers", folder]
        try:
            done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        except OSError:
            return None
        if done.returncode:
            return None
        spent = dict(line.split() for line in done.stdout.splitlines())
        return {path.stem: (_rows(path), float(spent[path.stem])) for path in Path(folder).glob("*.csv")}


def _rows(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
