"""Sight lines over rough ground: blocks passed over at a glance, against a walk over every cell."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sight_town import full_circle, town

from lhasaplan.core.sight import densities, make_scene
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief

SIDE = 70  # cells: more than two tiles of 32 each way
GRAZE_M = 1e-3


def rises_most(relief, lens, point):
    """Return how far the ground rises above a line: the greatest of the quadratics of all cells that it crosses."""
    start, end = (
        np.array(((x - relief.west) / relief.cell - 0.5, (relief.north - y) / relief.cell - 0.5)) for x, y, _ in (lens, point)
    )
    shares = [np.array([0.0, 1.0])]
    for a, b in zip(start, end, strict=True):
        borders = np.arange(np.ceil(min(a, b)), np.floor(max(a, b)) + 1.0)
        shares.append((borders - a) / (b - a) if a != b else np.empty(0))
    t = np.unique(np.clip(np.concatenate(shares), 0.0, 1.0))

    def above(share):
        x, y, z = (a + share * (b - a) for a, b in zip(lens, point, strict=True))
        return ground_at(relief, x, y) - z

    low, middle, high = above(t[:-1]), above((t[:-1] + t[1:]) / 2.0), above(t[1:])
    square, slope = 2.0 * (low + high) - 4.0 * middle, 4.0 * middle - 3.0 * low - high
    with np.errstate(divide="ignore", invalid="ignore"):
        top = -slope / (2.0 * square)
        at_top = np.where((square < 0.0) & (top > 0.0) & (top < 1.0), low + top * (slope + top * square), low)
    return float(np.max([low, high, at_top]))


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.0, 3.0), st.floats(0.01, 1.0), st.sampled_from([0.5, 1.0, 7.0]))
def test_that_lines_over_rough_ground_are_free_where_no_cell_rises_above_them(seed, rough_m, share, cell_m):
    rng = np.random.default_rng(seed)
    height = 10.0 + rng.uniform(0.0, rough_m, (SIDE, SIDE)) * (rng.uniform(size=(SIDE, SIDE)) < share)
    height += np.linspace(0.0, rng.uniform(-9.0, 9.0), SIDE)
    relief = make_relief(height, 0.0, SIDE * cell_m, cell_m)
    x, y = rng.uniform(-0.05, 1.05, (2, 60)) * SIDE * cell_m  # a few beyond the grid
    xyz = np.column_stack((x, y, ground_at(relief, x, y) + 1.0))
    lens = (*rng.uniform(0.1, 0.9, 2) * SIDE * cell_m, 0.0)
    lens = (lens[0], lens[1], float(ground_at(relief, *lens[:2])) + rng.uniform(0.5, 6.0))
    view = full_circle(*lens, range_m=2.0 * SIDE * cell_m)
    seen = densities([view], xyz, make_scene(town(), relief)).toarray()[:, 0] > 0.0
    for point, is_seen in zip(xyz, seen, strict=True):
        most = rises_most(relief, lens, point)
        assert abs(most - GRAZE_M) < 1e-6 or is_seen == (most <= GRAZE_M)
