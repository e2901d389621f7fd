"""A terrace of 3 m worked by hand: the strip behind its edge that no lens above it sees."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.model.layer import Buildings

from ..ours.face import offers_terrain, polygons, scene_of
from ..ours.views import views_of
from ..setting import Setting
from ..workload import Lenses
from .finding import Finding, not_offered

WHAT = "strip behind a 3 m terrace edge, 1 m cells"
SIDE, EYE_M, EDGE, REACH_M = 31, 15.5, 5.0, 14.0
# Lens 7 m above the low ground, edge 3 m high between 5 and 6 m east of it; targets are 1.5 m above the ground. The
# line over the edge is 7 - 0.8 x. It meets the targets on the slope, 3 (6 - x) + 1.5, at x = 5.68, and those on the low
# ground, 1.5, at x = 6.875, the same for every y. Taken in by 4 and 2 cm:
STRIP = shapely.box(EYE_M + 5.72, EYE_M - 8.0, EYE_M + 6.855, EYE_M + 8.0)


def compare_terrace(_: Setting) -> Iterator[Finding]:
    """Yield how much of the hidden strip is told as seen."""
    if not offers_terrain():
        yield not_offered(WHAT, "the engine knows level ground only")
        return
    seen = terrace_field()
    wrong = float(shapely.area(shapely.intersection(seen, STRIP)))
    figures = {"strip_m2": float(STRIP.area), "seen_wrongly_m2": wrong}
    yield Finding(WHAT, "1 full circle of 14 m", figures, "nothing of it is seen", wrong < 0.01)


def terrace_field() -> shapely.Geometry:
    """Return what the lens sees of the terrace and the ground below it."""
    height = np.where(np.arange(SIDE) + 0.5 - EYE_M <= EDGE, 3.0, 0.0) * np.ones((SIDE, 1))
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "ground.npz", height=height, frame=np.array((0.0, SIDE, 1.0)))
        scene = scene_of(_open_land(), Path(folder))
    eye, none, whole = np.array([EYE_M]), np.zeros(1), np.array([360.0])
    masks = np.full((1, 2), np.nan), np.full((1, 4), np.nan)
    lens = Lenses(eye, eye, np.array([7.0]), none, none, whole, whole / 2.0, np.array([REACH_M]), *masks)
    return polygons(views_of(lens), scene)[0]


def _open_land() -> Buildings:
    none = np.empty(0, object)
    return Buildings(none, none, np.empty(0), np.empty(0), none, ())
