"""A workload as GeoPackage files, read and written as a planner's tool would."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

from .town import CRS, Town
from .workload import Lenses

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
    pyogrio.raw.write(path, shapely.to_wkb(shapes), values, names, geometry_type=kind, crs=CRS, driver="GPKG")


def read(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return shapes and columns of a layer."""
    about, _, wkb, values = pyogrio.raw.read(path)
    return shapely.from_wkb(wkb), dict(zip(about["fields"].tolist(), values, strict=True))


def read_lenses(path: Path) -> Lenses:
    """Return cameras without masks."""
    shapes, columns = read(path)
    x, y = shapely.get_coordinates(shapes).T
    none = np.full((len(x), 2), np.nan), np.full((len(x), 4), np.nan)
    return Lenses(x, y, *(columns[name] for name in NUMBERS), *none)
