"""Polygons and point matrix against exact lines of sight to the middles of 1 m cells outside buildings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.sight import Scene

from ..ours.face import fields, matrix, offers_terrain, scene_of
from ..ours.views import views_of
from ..relief import GENTLE, STEEP, put_ground
from ..rivals.shadows import Lens, lens_list
from ..setting import Setting
from ..town import Town, make_town
from ..workload import TARGET_M, Lenses, make_circles, make_sectors
from .finding import Finding, not_offered, spread
from .lines import Hills, Walls, by_bearing, in_picture

LEAST_MEDIAN, LEAST_FIFTH = 0.9995, 0.99
LEAST_CELLS = 100  # of a smaller view one cell on an edge decides


@dataclass(frozen=True, slots=True)
class Ground:
    """Level, or hills so steep with cells so wide."""

    name: str
    strength: float = 0.0
    cell_m: float = 1.0


LATTICE, ROOF_EVERY = 64, 10  # places across a footprint; every tenth building is asked
GROUNDS = (Ground("level ground"), Ground("gentle terrain, 1 m cells", GENTLE), Ground("steep terrain, 5 m cells", STEEP, 5.0))


def compare_cells(setting: Setting) -> Iterator[Finding]:
    """Yield how far the cells seen agree, for own sectors and full circles, on the level and on hills."""
    town = make_town(1500.0, seed=21)
    jobs = {
        "own sectors": make_sectors(town, setting.count(200, 24), seed=22),
        "full circles": make_circles(town, setting.count(40, 4), seed=24),
    }
    for ground in GROUNDS:
        if ground.strength and not offers_terrain():
            yield not_offered(f"cells on {ground.name}", "the engine knows level ground only")
            continue
        for name, lenses in jobs.items():
            yield from _compare(f"{name}, {ground.name}", town, lenses, ground, setting.folder)
        if ground.strength:
            yield _roofs(ground, town, setting.folder)


def _compare(name: str, town: Town, lenses: Lenses, ground: Ground, folder: Path) -> Iterator[Finding]:
    scene, walls, hills = _set_up(town, ground, folder)
    if hills:
        lenses = replace(lenses, z=lenses.z + hills.at(lenses.x, lenses.y))
    views, tree = views_of(lenses), shapely.STRtree(town.polygons())
    by_polygon, by_pair, cells = [], [], 0
    for lens, view, field in zip(lens_list(lenses), views, fields(views, scene), strict=True):
        xy = _cells(lens, tree)
        z = TARGET_M + (hills.at(*xy.T) if hills else np.zeros(len(xy)))
        exact, by_dip = (_seen(lens, xy, z, walls, hills, shown(lens, xy, z)) for shown in (in_picture, by_bearing))
        if exact.sum() < LEAST_CELLS:
            continue
        cells += len(xy)
        shapely.prepare(field.geometry)
        by_polygon.append(_iou(by_dip, shapely.intersects_xy(field.geometry, xy[:, 0], xy[:, 1])))
        by_pair.append(_iou(exact, matrix([view], np.column_stack((xy, z)), scene).toarray()[:, 0] > 0.0))
    size = f"{len(by_pair)} cameras, {cells:,} cells"
    yield _finding(f"{name}: cells in the polygon", size, np.array(by_polygon))
    yield _finding(f"{name}: cells in the matrix", size, np.array(by_pair))


def _roofs(ground: Ground, town: Town, folder: Path) -> Finding:
    """Return how far roofs lie from height plus median ground under the footprint, asked at the places of a fine lattice."""
    scene, _, hills = _set_up(town, ground, folder)
    step, apart = (np.arange(LATTICE) + 0.5) / LATTICE, []
    rows = range(0, len(town.top_m), ROOF_EVERY)
    for row, polygon in zip(rows, np.asarray(town.polygons())[::ROOF_EVERY], strict=True):
        west, south, east, north = polygon.bounds
        x, y = (each.ravel() for each in np.meshgrid(west + (east - west) * step, south + (north - south) * step))
        inside = shapely.contains_xy(polygon, x, y)
        apart.append(scene.buildings.top_m[row] - town.top_m[row] - np.median(hills.at(x[inside], y[inside])))
    off = np.abs(apart)
    figures = {"median_m": float(np.median(off)), "max_m": float(off.max())}
    is_met = bool(np.median(off) < 0.01 and off.max() < 0.03)
    return Finding(f"roofs on {ground.name}", f"{len(off):,} buildings", figures, "median within 1 cm, all within 3 cm", is_met)


def _set_up(town: Town, ground: Ground, folder: Path) -> tuple[Scene, Walls, Hills | None]:
    """Return the scene, and walls and hills for the slower method; how roofs are set on hills is taken from the scene."""
    if not ground.strength:
        return scene_of(town.buildings()), Walls(town.polygons(), town.top_m), None
    place = folder / f"ground-{ground.cell_m}"
    place.mkdir(parents=True, exist_ok=True)
    put_ground(place, town, ground.strength, ground.cell_m)
    saved = np.load(place / "ground.npz")
    hills = Hills(saved["height"], saved["frame"])
    scene = scene_of(town.buildings(), place)
    return scene, Walls(town.polygons(), scene.buildings.top_m), hills


def _seen(lens: Lens, xy: np.ndarray, z: np.ndarray, walls: Walls, hills: Hills | None, shown: np.ndarray) -> np.ndarray:
    """Return which of the cells shown the slower method sees."""
    seen = shown.copy()
    seen[seen] = ~walls.hide(lens, xy[seen], z[seen])
    if hills:
        seen[seen] = ~hills.hide(lens, xy[seen], z[seen])
    return seen


def _cells(lens: Lens, tree: shapely.STRtree) -> np.ndarray:
    """Return the middles of whole-metre cells in range and outside buildings."""
    reach = np.arange(-lens.range - 1.0, lens.range + 2.0)
    x, y = np.meshgrid(np.floor(lens.x) + 0.5 + np.round(reach), np.floor(lens.y) + 0.5 + np.round(reach))
    xy = np.column_stack((x.ravel(), y.ravel()))
    xy = xy[np.hypot(*(xy - (lens.x, lens.y)).T) <= lens.range]
    free = np.ones(len(xy), bool)
    free[tree.query(shapely.points(xy), predicate="intersects")[0]] = False
    return xy[free]


def _iou(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / max((a | b).sum(), 1))


def _finding(what: str, size: str, iou: np.ndarray) -> Finding:
    figures = spread(iou)
    asked = f"median at least {LEAST_MEDIAN}, p5 at least {LEAST_FIFTH}"
    return Finding(what, size, figures, asked, figures["median"] >= LEAST_MEDIAN and figures["p5"] >= LEAST_FIFTH)
