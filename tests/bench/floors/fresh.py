"""The least that a fresh process takes: import what reads and writes files, read the bytes of the three files, write as many."""

import importlib
import sys
from pathlib import Path

from .. import files

READ = ("buildings.gpkg", "points.gpkg", "cameras.gpkg")
WRITTEN = ("fields.gpkg", "counts.gpkg", "counts.tif")  # by ours, whose round comes before


def run(folder: Path) -> None:
    """Read and write."""
    for library in (files.pyogrio_raw.__name__, "shapely", "rasterio"):
        importlib.import_module(library)
    for name in READ:
        (folder / name).read_bytes()
    for name in WRITTEN:
        (folder / f"floor-{name}").write_bytes(bytes((folder / name).stat().st_size))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
