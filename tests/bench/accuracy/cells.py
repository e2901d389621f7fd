"""Polygons and point matrix against exact lines of sight to the middles of 1 m cells outside buildings."""

from collections.abc import Iterator

import numpy as np
import shapely

from ..ours.face import fields, matrix, scene_of
from ..ours.views import views_of
from ..rivals.shadows import Lens, lens_list
from ..setting import Setting
from ..town import Town, make_town
from ..workload import TARGET_M, Lenses, make_circles, make_sectors
from .finding import Finding, spread
from .lines import Walls, in_picture

LEAST_MEDIAN, LEAST_FIFTH = 0.9995, 0.99
LEAST_CELLS = 100  # of a smaller view one cell on an edge decides


def compare_cells(setting: Setting) -> Iterator[Finding]:
    """Yield how far the cells seen agree, for own sectors and full circles."""
    town = make_town(1500.0, seed=21)
    jobs = {
        "own sectors": make_sectors(town, setting.count(200, 40), seed=22),
        "full circles": make_circles(town, setting.count(40, 6), seed=24),
    }
    for name, lenses in jobs.items():
        yield from _compare(name, town, lenses)


def _compare(name: str, town: Town, lenses: Lenses) -> Iterator[Finding]:
    views, scene, walls = views_of(lenses), scene_of(town.buildings()), Walls(town)
    tree, seen = shapely.STRtree(town.polygons()), fields(views, scene)
    by_polygon, by_pair, cells = [], [], 0
    for lens, view, field in zip(lens_list(lenses), views, seen, strict=True):
        xy = _cells(lens, tree)
        exact = in_picture(lens, xy, TARGET_M)
        exact[exact] = ~walls.hide(lens, xy[exact], TARGET_M)
        if exact.sum() < LEAST_CELLS:
            continue
        cells += len(xy)
        points = np.column_stack((xy, np.full(len(xy), TARGET_M)))
        shapely.prepare(field.geometry)
        by_polygon.append(_iou(exact, shapely.intersects_xy(field.geometry, xy[:, 0], xy[:, 1])))
        by_pair.append(_iou(exact, matrix([view], points, scene).toarray()[:, 0] > 0.0))
    size = f"{len(by_pair)} cameras, {cells:,} cells"
    yield _finding(f"{name}: cells in the polygon", size, np.array(by_polygon))
    yield _finding(f"{name}: cells in the matrix", size, np.array(by_pair))


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
