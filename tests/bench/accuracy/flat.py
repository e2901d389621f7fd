"""Fields on level ground against exact shapely: every camera, masks and blind zones on, all of them valid."""

from collections.abc import Iterator

import numpy as np
import shapely

from ..ours.face import fields, scene_of
from ..ours.views import views_of
from ..rivals.shadows import Shadows, lens_list
from ..setting import Setting
from ..town import Town, make_town
from ..workload import Lenses, make_circles, make_sectors
from .finding import Finding, spread

LEAST_IOU, LEAST_MEDIAN, SMALL_M2 = 0.9995, 0.9999, 0.1
FINE_STEP_DEG = 0.1  # arcs of the reference; the engine's chords of 1 degree are part of its error


def compare_flat(setting: Setting) -> Iterator[Finding]:
    """Yield agreement and validity for own sectors and full circles."""
    town = make_town(1500.0, seed=11)
    jobs = {
        "own sectors": make_sectors(town, setting.count(1000, 100), seed=12),
        "full circles": make_circles(town, setting.count(150, 15), seed=14),
    }
    for name, lenses in jobs.items():
        yield from _compare(name, town, lenses)


def _compare(name: str, town: Town, lenses: Lenses) -> Iterator[Finding]:
    views, shadows = views_of(lenses), Shadows(town.polygons(), town.top_m, step_deg=FINE_STEP_DEG)
    seen = np.array([one.geometry for one in fields(views, scene_of(town.buildings()))], object)
    exact = np.array([shadows.field(lens) for lens in lens_list(lenses)], object)
    differs = shapely.area(shapely.symmetric_difference(seen, exact))
    whole = np.maximum(shapely.area(shapely.union(seen, exact)), 1e-12)
    iou = np.where(differs < 1e-9, 1.0, 1.0 - differs / whole)
    yield _agreement(name, lenses, iou, differs)
    valid = float(shapely.is_valid(seen).mean())
    yield Finding(f"{name}: valid polygons", f"{len(lenses)} cameras", {"share": valid}, "all", valid == 1.0)


def _agreement(name: str, lenses: Lenses, iou: np.ndarray, differs: np.ndarray) -> Finding:
    is_wrong = (iou < LEAST_IOU) & (differs >= SMALL_M2)
    figures = {**spread(iou), "worst_m2": float(differs.max()), "beyond": int(is_wrong.sum())}
    asked = f"IoU of each camera at least {LEAST_IOU} or under {SMALL_M2} m2 apart, median {LEAST_MEDIAN}"
    met = not is_wrong.any() and figures["median"] >= LEAST_MEDIAN
    worst = np.flatnonzero(is_wrong)[np.argsort(-differs[is_wrong])][:5]
    reported = tuple(f"camera {k}: IoU {iou[k]:.6f}, {differs[k]:.2f} m2" for k in worst)
    return Finding(f"{name}: IoU with exact shapely", f"{len(lenses)} cameras", figures, asked, met, "", reported)
