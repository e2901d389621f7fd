"""The one place that knows how the engine is called, and what it offers."""

from collections.abc import Sequence
from inspect import signature
from pathlib import Path

import numpy as np
from scipy import sparse

from lhasaplan.core import sight
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.sweep.engine import seen_ground

from ..workload import TARGET_M


def offers_terrain() -> bool:
    """Tell whether a scene takes the ground's relief."""
    return any("terrain" in name or "relief" in name for name in signature(sight.make_scene).parameters)


def scene_of(buildings: Buildings, folder: Path | None = None) -> sight.Scene:
    """Return the town prepared for sight, on the hills that lie in the folder if there are any."""
    relief = relief_in(folder)
    return sight.make_scene(buildings) if relief is None else sight.make_scene(buildings, relief)


def relief_in(folder: Path | None):
    """Return the hills that lie in a folder, None if there are none."""
    path = folder / "ground.npz" if folder else None
    if path is None or not path.exists():
        return None
    from lhasaplan.core.sight.obstacles.relief import make_relief  # an engine without relief has no such module

    saved = np.load(path)
    return make_relief(saved["height"], *map(float, saved["frame"]))


def polygons(views: Sequence[View], scene: sight.Scene) -> np.ndarray:
    """Return what each view sees of the plane as shapely polygons: walls and sector, without masks, blind zone and bands."""
    return seen_ground(views, TARGET_M, scene, _unwatched, is_bare=True).ground


def fields(views: Sequence[View], scene: sight.Scene) -> tuple:
    """Return the whole field of each view: walls, sector, masks, blind zone, validity checked; bands are not read."""
    return sight.visibility_fields(views, scene, TARGET_M)


def banded(views: Sequence[View], scene: sight.Scene) -> list:
    """Return the density bands of each view's whole field."""
    return [tuple(field.bands) for field in fields(views, scene)]


def matrix(views: Sequence[View], points: np.ndarray, scene: sight.Scene) -> sparse.csr_array:
    """Return the densities of all seen pairs, masks asked, shape (points, views)."""
    return sight.densities(views, points, scene)


def counts(ground: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return how many of the polygons hold the middle of each cell of 1 m, and the grid's western and northern edge."""
    frame = sight.frame_around(ground)
    return sight.view_counts(ground, frame), frame.west, frame.north


def _unwatched(share: float, step: str) -> None:
    """Progress that nobody watches."""
