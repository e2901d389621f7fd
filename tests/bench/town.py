"""Seeded towns: districts with a street bearing each, blocks, parcels, rectangles and L shapes, some wall to wall."""

from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.model.layer import Buildings

CORNER_X_M, CORNER_Y_M = 500_000.0, 5_400_000.0  # like a UTM grid, so that rounding is as in real data
CRS = "EPSG:32633"
BLOCK_M, STREET_M, DISTRICT_M = (80.0, 60.0), 12.0, 500.0
PARCELS = (5, 3)
EDGE_M = 14.0
SHARE_BUILT, SHARE_ROWS, SHARE_ELLS = 0.93, 0.3, 0.3


@dataclass(frozen=True, eq=False, slots=True)
class Town:
    """Footprints as rings without a closing corner, their heights above the level ground, and points on pavements.

    Parameters
    ----------
    corner_m : shape (C, 2); counter-clockwise.   start : shape (B + 1,); corners of a building.
    top_m : shape (B,).   pavement_m : shape (P, 2); some may lie inside a building.
    """

    size_m: float
    corner_m: np.ndarray
    start: np.ndarray
    top_m: np.ndarray
    pavement_m: np.ndarray

    def polygons(self) -> np.ndarray:
        """Return the footprints as shapely polygons."""
        owner = np.repeat(np.arange(len(self.top_m)), np.diff(self.start))
        return shapely.polygons(shapely.linearrings(self.corner_m, indices=owner))

    def every(self, step: int) -> "Town":
        """Return the town with one building of so many."""
        kept = np.arange(0, len(self.top_m), step)
        corner = np.concatenate([self.corner_m[self.start[k] : self.start[k + 1]] for k in kept])
        start = np.concatenate(([0], np.cumsum(np.diff(self.start)[kept])))
        return Town(self.size_m, corner, start, self.top_m[kept], self.pavement_m)

    def buildings(self) -> Buildings:
        """Return the town as the core takes it."""
        count = len(self.top_m)
        ids = np.array([f"building/{k}" for k in range(count)], object)
        known = np.full(count, "height", object)
        return Buildings(ids, self.polygons(), np.zeros(count), self.top_m, known, ({},) * count)


def make_town(size_m: float, seed: int = 1) -> Town:
    """Return a town of about 2,000 buildings a km2, median height 10 m, between 3 and 60."""
    rng = np.random.default_rng(seed)
    number = np.arange(int(np.ceil(size_m / DISTRICT_M)))
    laid = [_district((i + 0.5) * DISTRICT_M, (j + 0.5) * DISTRICT_M, size_m, rng) for i in number for j in number]
    parcels, pavement = np.concatenate([d[0] for d in laid]), np.concatenate([d[1] for d in laid])
    parcels = parcels[rng.random(len(parcels)) < SHARE_BUILT]
    corner, start = _footprints(parcels, rng)
    top = np.clip(np.exp(rng.normal(np.log(10.0), 0.6, len(parcels))), 3.0, 60.0)
    away = np.array((CORNER_X_M, CORNER_Y_M))
    return Town(size_m, corner + away, start, top, pavement + away)


def _district(x: float, y: float, size_m: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the parcels (x, y, half width, half depth, bearing, wall to wall) and pavement points round one middle."""
    bearing = rng.uniform(0.0, np.pi / 2.0)
    reach = int(DISTRICT_M / (BLOCK_M[1] + STREET_M)) + 2
    step = np.arange(-reach, reach + 1)
    block = np.stack(np.meshgrid(step * (BLOCK_M[0] + STREET_M), step * (BLOCK_M[1] + STREET_M)), -1).reshape(-1, 2)
    parcel = (block[:, None] + _within_block()).reshape(-1, 2)
    joined = np.repeat(rng.random(len(block)) < SHARE_ROWS, PARCELS[0] * PARCELS[1])
    parcel, walk = (_turned(p, bearing) + np.array((x, y)) for p in (parcel, _pavement(block, rng)))
    half = np.array(BLOCK_M) / PARCELS / 2.0
    inside = (np.abs(parcel - (x, y)) < DISTRICT_M / 2.0 - EDGE_M).all(axis=1) & (parcel < size_m - EDGE_M).all(axis=1)
    rows = np.column_stack((parcel, np.tile((*half, bearing), (len(parcel), 1)), joined))[inside]
    near = (np.abs(walk - (x, y)) < DISTRICT_M / 2.0).all(axis=1) & (walk < size_m).all(axis=1)
    return rows, walk[near]


def _within_block() -> np.ndarray:
    """Return the middles of a block's parcels from the block's middle."""
    axes = [(np.arange(n) + 0.5) * side / n - side / 2.0 for n, side in zip(PARCELS, BLOCK_M, strict=True)]
    return np.stack(np.meshgrid(*axes), -1).reshape(-1, 2)


def _pavement(block: np.ndarray, rng: np.random.Generator, each: int = 8) -> np.ndarray:
    """Return points 2 m outside the sides of blocks."""
    along, side = rng.uniform(-1.0, 1.0, (len(block), each)), rng.integers(0, 4, (len(block), each))
    half, sign = np.array(BLOCK_M) / 2.0, np.where(side % 2 == 0, -1.0, 1.0)
    x = np.where(side < 2, along * half[0], sign * (half[0] + 2.0))
    y = np.where(side < 2, sign * (half[1] + 2.0), along * half[1])
    return (block[:, None] + np.stack((x, y), -1)).reshape(-1, 2)


def _turned(points: np.ndarray, angle: float) -> np.ndarray:
    """Return points turned counter-clockwise about the origin."""
    c, s = np.cos(angle), np.sin(angle)
    return points @ np.array(((c, s), (-s, c)))


def _footprints(parcels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return corners and starts of a rectangle or an L on each parcel."""
    count, joined = len(parcels), parcels[:, 5] > 0
    a = np.where(joined, parcels[:, 2], parcels[:, 2] * rng.uniform(0.6, 0.88, count))
    b = parcels[:, 3] * rng.uniform(0.55, 0.88, count)
    turn = parcels[:, 4] + np.where(joined, 0.0, rng.uniform(-0.085, 0.085, count))
    is_ell = (rng.random(count) < SHARE_ELLS) & ~joined
    u, v = (side * (2.0 * rng.uniform(0.35, 0.65, count) - 1.0) for side in (a, b))
    v = np.where(is_ell, v, b)
    x, y = np.stack((-a, a, a, u, u, -a), 1), np.stack((-b, -b, v, v, b, b), 1)
    kept = np.repeat(is_ell[:, None], 6, axis=1) | np.array((1, 1, 1, 0, 0, 1), bool)
    c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
    corner = np.stack((parcels[:, :1] + c * x - s * y, parcels[:, 1:2] + s * x + c * y), -1)[kept]
    return corner, np.r_[0, np.cumsum(kept.sum(axis=1))]
