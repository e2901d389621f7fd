"""Compile or load the sight kernels before the first view needs them, and say when they cannot be kept."""

from collections.abc import Callable, Mapping

import numpy as np
import shapely

from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import EXAMPLE_VIEW
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER, IS_KEPT
from lhasaplan.core.sight.compiled.covered_area import covered_m2
from lhasaplan.core.sight.compiled.small_kernels import density_of_metres, joined, metres_at
from lhasaplan.core.sight.lens.frustum import columns_of, lens_sets, limits_of_view_px_m
from lhasaplan.core.sight.lines.first_hits import picture_hits
from lhasaplan.core.sight.lines.sight_lines import blockers_of, seen_pairs
from lhasaplan.core.sight.obstacles.relief import make_relief
from lhasaplan.core.sight.obstacles.relief_lines import meet_ground
from lhasaplan.core.sight.obstacles.scene import make_scene
from lhasaplan.core.sight.sweep.density_bands import cut_at_density, cut_many
from lhasaplan.core.sight.sweep.engine import seen_ground
from lhasaplan.core.sight.sweep.view_counts import CellFrame, view_counts
from lhasaplan.core.sight.walls.engine import seen_pieces
from lhasaplan.core.sight.walls.piece_columns import (
    PIECE_COLUMNS,
    SUM_COLUMNS,
    Looks,
    Mounts,
    SeenLines,
    SeenRows,
    limits_of_pieces,
    measure_between,
    sum_bands,
)
from lhasaplan.errors import Fault


def warm_up(over_relief: bool = False) -> Fault | None:
    """Run each kernel once on a tiny town; returns a remark if the compiled form cannot be kept for the next start.

    Takes about 10 s the first time after an installation, a third of a second from then on. Meant for a background
    thread; safe to call again. ``over_relief`` warms the sweep over uneven ground too, for towns that have terrain.
    """
    for group in ("polygons", "points", "walls", *(["relief"] if over_relief else [])):
        GROUPS[group]()
    return None if IS_KEPT else _remark()


def _polygons() -> None:
    """Run the sweep over level ground, and cut what it finds at a density and into bands."""
    seen = seen_ground([EXAMPLE_VIEW], 1.5, make_scene(_tiny_town()), no_progress).ground
    cut_at_density([EXAMPLE_VIEW], 1.5, seen, SEEN_PX_M)
    cut_many([EXAMPLE_VIEW], [1.5], seen)


def _points() -> None:
    """Run what points are asked with, counts and areas."""
    view, scene = EXAMPLE_VIEW, make_scene(_tiny_town())
    seen_pairs(columns_of([view]), np.array([[0.0, 20.0, 1.5]]), scene, no_progress)
    blockers_of(view, np.array([[0.0, 20.0, 1.5]]), scene)
    view_counts([shapely.box(0.0, 0.0, 1.0, 1.0)], CellFrame(0.0, 2.0, 1.0, 2, 2))
    covered_m2(_tiny_town().polygons, (0.0, 0.0, 1.0, 1.0))


def _relief() -> None:
    """Run the sweep over uneven ground."""
    level = make_relief(np.zeros((4, 4)), -200.0, 200.0, 100.0)
    seen_ground([EXAMPLE_VIEW], 1.5, make_scene(_tiny_town(), level), no_progress)
    meet_ground(level, np.zeros((1, 4)), np.zeros((1, 3)))


def _pictures() -> None:
    """Run the rays of a picture."""
    level = make_relief(np.zeros((4, 4)), -200.0, 200.0, 100.0)
    for scene in (make_scene(_tiny_town()), make_scene(_tiny_town(), level)):
        picture_hits(EXAMPLE_VIEW, (16, 9), scene, 50.0)


def _walls() -> None:
    """Look at a wall, and add up what is seen of it."""
    row, nobody = np.array([[5.0, 10.0, -5.0, 10.0, 0.0, 3.0, 0.0]]), Mounts(np.array([-1]), np.full((1, 4), np.nan))
    view = EXAMPLE_VIEW
    pieces = seen_pieces([view], nobody, row, make_scene(_tiny_town()), 25.0, no_progress)
    place, way, sets = np.zeros((1, 3)), np.zeros((len(pieces.wall), 2)), lens_sets(columns_of([view]))
    limits_of_pieces(sets, place, pieces.viewer, way, way, pieces.figure, np.empty(len(way)))
    limits_of_view_px_m(view, [0.0], [1.0], [1.0])
    zero, one = np.zeros(1, np.int64), np.ones(1)
    joined(zero, one, one, 1.0)
    ends, out = np.array([0, 1]), np.empty(1)
    density_of_metres(ends, one, one, one, zero, 1.0, 0.5, out)
    metres_at(ends, one, one, one, zero, one, out)
    known, spot = np.zeros(1, bool), np.ones((1, 2))
    rows = SeenRows(zero, known, zero, zero, zero, np.ones((1, PIECE_COLUMNS)), one)
    lines, looks = SeenLines(spot, spot, one, zero, zero, known), Looks(sets, place, known)
    sum_bands(one, one, one, 1, 0, rows, lines, looks, np.full((1, 1), -1), np.zeros((1, 2, SUM_COLUMNS)))
    measure_between(spot, spot, one, rows, lines, looks, np.empty((1, 4)))


# Each can be compiled in a process of its own.
GROUPS: Mapping[str, Callable[[], None]] = {
    "polygons": _polygons,
    "points": _points,
    "walls": _walls,
    "relief": _relief,
    "pictures": _pictures,
}


def _remark() -> Fault:
    text = marked(
        "the compiled computation of sight cannot be stored in {folder}; every start compiles it again (about 10 seconds)"
    )
    return Fault(text, params={"folder": CACHE_FOLDER})


def _tiny_town() -> Buildings:
    """Return one low house."""
    shape = np.empty(1, object)
    shape[0] = shapely.box(-5.0, 10.0, 5.0, 12.0)
    one = np.array(["house"], object)
    return Buildings(one, shape, np.zeros(1), np.array([3.0]), np.array(["height"], object), ({},))
