"""A workload as GeoPackage files, read and written by GDAL as a planner's tool would, with spatial indexes."""

import importlib
import sys
from pathlib import Path

import numpy as np
import shapely

from .town import CRS, Town
from .workload import Lenses


def _raw():
    """Return pyogrio for plain arrays; it loads geopandas, pandas and pyproj only to learn whether they are there."""
    missing = [name for name in ("geopandas", "pandas", "pyproj") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))
    try:
        return importlib.import_module("pyogrio.raw")
    finally:
        for name in missing:
            del sys.modules[name]


pyogrio_raw = _raw()

NUMBERS = ("z", "azimuth", "tilt", "hfov", "vfov", "range")


def write_input(folder: Path, town: Town, lenses: Lenses, points: np.ndarray) -> None:
    """Write buildings, cameras and points, one file each."""
    write(folder / "buildings.gpkg", town.polygons(), {"height": town.top_m}, "Polygon")
    columns = {name: getattr(lenses, name) for name in NUMBERS}
    write(folder / "cameras.gpkg", shapely.points(lenses.x, lenses.y), columns, "Point")
    write(folder / "points.gpkg", shapely.points(points[:, :2]), {"z": points[:, 2]}, "Point")


def write(path: Path, shapes: np.ndarray, columns: dict[str, np.ndarray], kind: str) -> None:
    """Write one layer; an old file goes."""
    path.unlink(missing_ok=True)
    names, values = list(columns), list(columns.values())
    pyogrio_raw.write(path, shapely.to_wkb(shapes), values, names, geometry_type=kind, crs=CRS, driver="GPKG")


def write_grid(path: Path, counts: np.ndarray, west: float, north: float) -> None:
    """Write cells of 1 m as a GeoTIFF."""
    import rasterio  # only where a grid is written
    from rasterio.transform import from_origin

    shape = {"height": counts.shape[0], "width": counts.shape[1], "count": 1, "dtype": counts.dtype}
    packed = {"compress": "zstd", "zstd_level": 1, "tiled": True}  # by one thread: several take 35 ms CPU more for all
    with rasterio.open(path, "w", "GTiff", crs=CRS, transform=from_origin(west, north, 1.0, 1.0), **shape, **packed) as grid:
        grid.write(counts, 1)


def read(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return shapes and columns of a layer."""
    about, _, wkb, values = pyogrio_raw.read(path)
    return shapely.from_wkb(wkb), dict(zip(about["fields"].tolist(), values, strict=True))


def read_lenses(path: Path) -> Lenses:
    """Return cameras without masks."""
    shapes, columns = read(path)
    x, y = shapely.get_coordinates(shapes).T
    none = np.full((len(x), 2), np.nan), np.full((len(x), 4), np.nan)
    return Lenses(x, y, *(columns[name] for name in NUMBERS), *none)
