"""The Barbican's surface model: ours beside GDAL, every class of disagreement named and counted.

Both look at the same surface: cells more than 2 m above the ground model are prisms with heights in whole metres, and
GDAL gets exactly their roofs. What differs is how lines are followed.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize, shapes

from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight import Scene

from .. import rival_house
from ..duel import ROOT
from ..ours.face import offers_terrain, polygons, scene_of
from ..ours.views import views_of
from ..rivals.shadows import Lens, lens_list
from ..setting import Setting
from ..workload import TARGET_M, Lenses
from .finding import Finding, not_offered
from .lines import Hills, Walls

WHAT = "London, surface model: cells seen, ours and GDAL"
LEAST_RAISED_M, REACH_M, CELL_M = 2.0, 150.0, 1.0
ON_ROOF = "roofs and canopies, which GDAL sees and ours is not asked for"
AT_WALL = "at a wall's foot, a ramp one cell wide for GDAL"
AT_RIM = "cell on the range circle: ours cuts it by chords"
AT_EDGE = "cell cut by a shadow's edge: GDAL says yes or no for the whole cell"
SPREAD = "GDAL interpolates from ring to ring, exact lines agree with ours"
OURS_WRONG = "ours is wrong: exact lines agree with GDAL"


def compare_london(setting: Setting) -> Iterator[Finding]:
    """Yield the comparison, or why there is none."""
    folder = Path(os.environ.get("LHASAPLAN_DATA") or ROOT.parent / "shared" / "data") / "london"
    reason = _missing(folder)
    if reason:
        yield not_offered(WHAT, reason)
        return
    town, ground, frame = _read(folder)
    np.savez(setting.folder / "ground.npz", height=ground, frame=frame)
    scene, hills = scene_of(town, setting.folder), Hills(ground, frame)
    surface, raised = _surface(scene, ground, frame)
    lenses = _cameras(hills, raised, frame, setting.count(20, 3))
    yield _count(setting.folder, scene, hills, lenses, surface, raised, frame)


def _missing(folder: Path) -> str:
    if not folder.exists():
        return "the published data are not here"
    if not offers_terrain():
        return "the engine knows level ground only"
    return rival_house.gdal_side().absent


def _read(folder: Path) -> tuple[Buildings, np.ndarray, np.ndarray]:
    """Return raised cells as buildings, joined where they are equally high, the ground, and its frame."""
    with rasterio.open(folder / "dsm_barb_1m_tif.tif") as upper, rasterio.open(folder / "dem_barb_1m_tif.tif") as lower:
        ground, place = lower.read(1).astype(float), lower.transform
        height = np.round(upper.read(1) - ground).astype(np.int32)
    found = list(shapes(height, mask=height > LEAST_RAISED_M, connectivity=4, transform=place))
    outlines = np.array([shapely.geometry.shape(geometry) for geometry, _ in found], object)
    count, tops = len(found), np.array([value for _, value in found], float)
    ids, known = np.arange(count).astype(object), np.full(count, "height", object)
    town = Buildings(ids, outlines, np.zeros(count), tops, known, ({},) * count)
    return town, ground, np.array((place.c, place.f, place.a))


def _surface(scene: Scene, ground: np.ndarray, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the surface that GDAL is given, and which of its cells are raised."""
    place = rasterio.transform.from_origin(frame[0], frame[1], frame[2], frame[2])
    parts = zip(scene.buildings.polygons, scene.buildings.top_m, strict=True)
    roof = rasterize(parts, out_shape=ground.shape, transform=place, fill=np.nan, dtype="float64")
    return np.where(np.isnan(roof), ground, roof), ~np.isnan(roof)


def _cameras(hills: Hills, raised: np.ndarray, frame: np.ndarray, count: int) -> Lenses:
    """Return full circles at middles of open cells, 3 to 12 m high, that look over no edge of the model."""
    rng, margin = np.random.default_rng(41), int(REACH_M) + 5
    inner = np.zeros_like(raised)
    inner[margin:-margin, margin:-margin] = True
    row, column = rng.permutation(np.argwhere(inner & ~raised))[:count].T
    x, y = frame[0] + (column + 0.5) * frame[2], frame[1] - (row + 0.5) * frame[2]
    none, whole = np.zeros(count), np.full(count, 360.0)
    masks = np.full((count, 2), np.nan), np.full((count, 4), np.nan)
    return Lenses(x, y, hills.at(x, y) + rng.uniform(3.0, 12.0, count), none, none, whole, whole / 2.0, none + REACH_M, *masks)


def _gdal(folder: Path, lenses: Lenses, surface: np.ndarray, frame: np.ndarray) -> None:
    """Let GDAL write what each camera sees."""
    row, column = ((frame[1] - lenses.y) // frame[2]).astype(int), ((lenses.x - frame[0]) // frame[2]).astype(int)
    above = lenses.z - surface[row, column]
    np.save(folder / "surface.npy", surface)
    np.save(folder / "frame.npy", frame)
    np.savez(folder / "lenses.npz", x=lenses.x, y=lenses.y, above=above, range=lenses.range)
    words = [rival_house.gdal_side().python, "-m", "tests.bench.rivals.gdal_masks", str(folder)]
    subprocess.run(words, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)


def _count(
    folder: Path, scene: Scene, hills: Hills, lenses: Lenses, surface: np.ndarray, raised: np.ndarray, frame: np.ndarray
) -> Finding:
    try:
        _gdal(folder, lenses, surface, frame)
    except subprocess.CalledProcessError as error:
        return not_offered(WHAT, f"GDAL is not here: {error.stderr.decode().strip().splitlines()[-1]}")
    seen, walls = polygons(views_of(lenses), scene), Walls(scene.buildings.polygons, scene.buildings.top_m)
    classes: Counter[str] = Counter()
    seen_wrongly: list[str] = []
    for k, (lens, field) in enumerate(zip(lens_list(lenses), seen, strict=True)):
        with np.load(folder / f"gdal-{k}.npz") as reported:
            counted, wrong = _classify(lens, field, (reported["seen"], reported["start"]), (walls, hills), (raised, frame))
        classes += counted
        seen_wrongly += wrong
    figures = {**classes, "open cells": classes["open cells"], "agree": classes["agree"]}
    both, apart = classes["both see"], sum(classes[one] for one in _GROUND_CLASSES)
    figures |= {"IoU with GDAL": both / max(both + apart, 1)}
    asked, wrong = "every difference has a name; none is ours", classes[OURS_WRONG]
    return Finding(WHAT, f"{len(lenses)} full circles of 150 m", figures, asked, wrong == 0, "", tuple(seen_wrongly[:5]))


_GROUND_CLASSES = (AT_WALL, AT_RIM, AT_EDGE, SPREAD, OURS_WRONG)


def _classify(lens: Lens, field: object, reported: tuple, oracle: tuple[Walls, Hills], land: tuple) -> tuple[Counter, list[str]]:
    """Return how many cells of one camera's circle agree and how many differ for which reason, and where ours is wrong."""
    (gdal, start), (raised, frame) = reported, land
    row, column = np.indices(gdal.shape)
    xy = np.column_stack((start[0] + (column.ravel() + 0.5) * CELL_M, start[1] - (row.ravel() + 0.5) * CELL_M))
    is_raised = _at(raised, frame, xy)
    near = np.hypot(*(xy - (lens.x, lens.y)).T) <= lens.range
    ours = np.zeros(len(xy), bool)
    ours[near] = shapely.intersects_xy(field, *xy[near].T)
    gdal, ground = gdal.ravel(), near & ~is_raised
    differs = np.flatnonzero(ground & (ours != gdal))
    counted = Counter({ON_ROOF: int((gdal & is_raised & near).sum()), "open cells": int(ground.sum())})
    counted["agree"] = int(ground.sum()) - len(differs)
    counted["both see"] = int((ground & ours & gdal).sum())
    reasons = _reasons(lens, field, xy[differs], ours[differs], oracle, land)
    counted.update(reasons)
    wrong = [cell for cell, reason in zip(xy[differs], reasons, strict=True) if reason == OURS_WRONG]
    return counted, [f"lens {lens.x:.1f} {lens.y:.1f} {lens.z:.2f}: cell {x:.1f} {y:.1f}" for x, y in wrong]


def _reasons(lens: Lens, field: object, xy: np.ndarray, ours: np.ndarray, oracle: tuple, land: tuple) -> list[str]:
    """Return the class of each differing cell, the first that applies; an error of ours goes before all others."""
    (walls, hills), (raised, frame) = oracle, land
    z = hills.at(*xy.T) + TARGET_M
    exact = ~walls.hide(lens, xy, z) & ~hills.hide(lens, xy, z)
    spots = shapely.points(xy)
    edge = shapely.distance(spots, shapely.boundary(field)) < CELL_M * 0.75
    # A cell whose middle lies on an edge to a millimetre is nobody's error.
    tie = shapely.distance(spots, shapely.boundary(field)) < 0.02
    rim = np.hypot(*(xy - (lens.x, lens.y)).T) > lens.range - CELL_M
    around = [_at(raised, frame, xy + np.array((dx, dy))) for dx in (-1.0, 0.0, 1.0) for dy in (-1.0, 0.0, 1.0)]
    at_wall = np.any(around, axis=0)
    chosen = [(exact != ours) & ~tie & ~rim, rim, at_wall, edge]
    return np.select(chosen, [OURS_WRONG, AT_RIM, AT_WALL, AT_EDGE], SPREAD).tolist()


def _at(cells: np.ndarray, frame: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Return the cells in which points lie."""
    row = np.clip((frame[1] - xy[:, 1]) // frame[2], 0, cells.shape[0] - 1).astype(int)
    column = np.clip((xy[:, 0] - frame[0]) // frame[2], 0, cells.shape[1] - 1).astype(int)
    return cells[row, column]
