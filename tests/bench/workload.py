"""Seeded cameras and demand points in a town, and the folder through which a job hands them to every process."""

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import shapely

from .town import CORNER_X_M, CORNER_Y_M, Town

TARGET_M = 1.5
WIDTH_PX, HEIGHT_PX = 1920, 1080


@dataclass(frozen=True, eq=False, slots=True)
class Lenses:
    """Cameras as columns, each of length n; angles in degrees, azimuth clockwise from grid north.

    ``mask_sector`` has shape (n, 2), NaN without a mask; ``mask_box`` (n, 4) is left, top, right, bottom in pixels.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    azimuth: np.ndarray
    tilt: np.ndarray
    hfov: np.ndarray
    vfov: np.ndarray
    range: np.ndarray
    mask_sector: np.ndarray
    mask_box: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def first(self, count: int) -> "Lenses":
        """Return the first so many cameras."""
        return Lenses(*(getattr(self, column.name)[:count] for column in fields(self)))


def make_sectors(town: Town, count: int, seed: int = 2) -> Lenses:
    """Return cameras of 30 to 120 degrees and 30 to 150 m on pavements, 3 to 12 m high; half of them have masks."""
    rng = np.random.default_rng(seed)
    x, y = _stands(town, count, rng, 0.0).T
    hfov = rng.uniform(30.0, 120.0, count)
    vfov = 2.0 * np.degrees(np.arctan(np.tan(np.radians(hfov) / 2.0) * HEIGHT_PX / WIDTH_PX))
    azimuth = rng.uniform(0.0, 360.0, count)
    masks = _masks(azimuth, hfov, rng)
    return Lenses(x, y, rng.uniform(3.0, 12.0, count), azimuth, 0.4 * vfov, hfov, vfov, rng.uniform(30.0, 150.0, count), *masks)


def make_circles(town: Town, count: int, seed: int = 4, range_m: float = 150.0) -> Lenses:
    """Return full circles of 150 m, so far inside the town that none looks over its edge."""
    rng = np.random.default_rng(seed)
    x, y = _stands(town, count, rng, range_m + 5.0).T
    none, whole = np.zeros(count), np.full(count, 360.0)
    unmasked = np.full((count, 2), np.nan), np.full((count, 4), np.nan)
    return Lenses(x, y, rng.uniform(3.0, 12.0, count), none, none, whole, np.full(count, 180.0), none + range_m, *unmasked)


def make_points(town: Town, count: int, seed: int = 3) -> np.ndarray:
    """Return demand points outside buildings at target height, shape (count, 3)."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0.0, town.size_m, (int(count * 2.2) + 100, 2)) + np.array((CORNER_X_M, CORNER_Y_M))
    xy = xy[is_free(town, xy, 0.0)][:count]
    return np.column_stack((xy, np.full(len(xy), TARGET_M)))


def is_free(town: Town, xy: np.ndarray, gap_m: float = 0.5) -> np.ndarray:
    """Return which points keep their distance from every footprint."""
    hit = shapely.STRtree(town.polygons()).query(shapely.points(xy), predicate="dwithin", distance=gap_m)[0]
    free = np.ones(len(xy), bool)
    free[hit] = False
    return free


def _stands(town: Town, count: int, rng: np.random.Generator, margin_m: float) -> np.ndarray:
    """Return places on pavements, not in a building, at least so far from the town's edge."""
    local = town.pavement_m - (CORNER_X_M, CORNER_Y_M)
    inside = ((local >= margin_m) & (local <= town.size_m - margin_m)).all(axis=1)
    places = town.pavement_m[inside]
    places = places[rng.choice(len(places), 2 * count, replace=2 * count > len(places))] + rng.normal(0.0, 0.15, (2 * count, 2))
    return places[is_free(town, places)][:count]


def _masks(azimuth: np.ndarray, hfov: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a sector mask for every fourth camera and a box in the picture, below the horizon, for every fourth."""
    count = len(azimuth)
    sector, box = np.full((count, 2), np.nan), np.full((count, 4), np.nan)
    left = azimuth + hfov * rng.uniform(-0.5, 0.3, count)
    sector[::4] = np.column_stack((left % 360.0, (left + 0.2 * hfov) % 360.0))[::4]
    u, v = rng.uniform(0.0, 0.7, count) * WIDTH_PX, rng.uniform(0.35, 0.6, count) * HEIGHT_PX
    box[2::4] = np.column_stack((u, v, u + 0.25 * WIDTH_PX, v + 0.3 * HEIGHT_PX))[2::4]
    return sector, box


# --- handing over ---


def save(folder: Path, town: Town, lenses: Lenses, points: np.ndarray | None = None, **settings: object) -> Path:
    """Write a job's input as plain arrays that any Python with numpy reads; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {column.name: getattr(lenses, column.name) for column in fields(lenses)}
    np.savez(folder / "lenses.npz", **rows)
    np.savez(folder / "town.npz", **{column.name: getattr(town, column.name) for column in fields(town)})
    np.save(folder / "points.npy", np.empty((0, 3)) if points is None else points)
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    return folder


def load(folder: Path) -> tuple[Town, Lenses, np.ndarray, dict]:
    """Return what ``save`` wrote."""
    town, lenses = np.load(folder / "town.npz"), np.load(folder / "lenses.npz")
    made = Town(float(town["size_m"]), *(town[name] for name in ("corner_m", "start", "top_m", "pavement_m")))
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    return made, Lenses(*(lenses[column.name] for column in fields(Lenses))), np.load(folder / "points.npy"), settings
