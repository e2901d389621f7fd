"""Seeded hills under a town: a smooth height function, and its grid of cells."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from .town import CORNER_X_M, CORNER_Y_M, Town
from .workload import Lenses

MARGIN_M = 10.0  # the grid goes on a little beyond the town
GENTLE, STEEP = 1.0, 4.0  # slopes under about 6 %, and under about 25 %


def ground_at(x: np.ndarray, y: np.ndarray, strength: float = GENTLE) -> np.ndarray:
    """Return the height of the hills, metres above the datum."""
    x, y = np.asarray(x) - CORNER_X_M, np.asarray(y) - CORNER_Y_M
    waves = 6.0 * np.sin(x / 310.0 + 0.4) * np.cos(y / 270.0) + 2.0 * np.sin((x + 0.6 * y) / 140.0)
    return 200.0 + strength * (0.01 * x + 0.006 * y + waves)


def put_ground(folder: Path, town: Town, strength: float = GENTLE, cell_m: float = 1.0) -> np.ndarray:
    """Write the grid beside a workload: heights at cell centres, row 0 in the north, and left, upper edge, cell width."""
    count = int(np.ceil((town.size_m + 2.0 * MARGIN_M) / cell_m))
    frame = np.array((CORNER_X_M - MARGIN_M, CORNER_Y_M - MARGIN_M + count * cell_m, cell_m))
    middle = (np.arange(count) + 0.5) * cell_m
    height = ground_at(frame[0] + middle[None, :], frame[1] - middle[:, None], strength)
    np.savez(folder / "ground.npz", height=height, frame=frame)
    return height


def raised(lenses: Lenses, strength: float = GENTLE) -> Lenses:
    """Return the cameras with their lenses above the datum instead of above the ground."""
    return replace(lenses, z=lenses.z + ground_at(lenses.x, lenses.y, strength))


def raised_points(points: np.ndarray, strength: float = GENTLE) -> np.ndarray:
    """Return points with heights above the datum instead of above the ground."""
    return np.column_stack((points[:, :2], points[:, 2] + ground_at(points[:, 0], points[:, 1], strength)))


def roofs(town: Town, strength: float = GENTLE) -> np.ndarray:
    """Return the flat roofs above the datum: median ground under a footprint's corners plus height."""
    ground = ground_at(town.corner_m[:, 0], town.corner_m[:, 1], strength)
    return np.array([np.median(part) for part in np.split(ground, town.start[1:-1])]) + town.top_m
