"""Arcs joined and stretches added up row by row say what plain loops say."""

import numpy as np
import pytest

from lhasaplan.core.sight.compiled.arcs import enough_at, joined


def test_that_arcs_of_one_group_that_meet_or_nearly_meet_are_one_run():
    group = np.array([0, 0, 0, 2, 2])
    low, end = np.array([0.0, 3.0, 20.0, 5.0, 6.0]), np.array([10.0, 4.0, 30.0, 9.0, 7.0])
    first, high = joined(group, low, end, 1.0)
    assert first.tolist() == [0, 2, 3]  # the second lies in the first; the third begins 10 degrees beyond it
    assert high.tolist() == [10.0, 30.0, 9.0]
    assert joined(group, low, end, 10.0)[0].tolist() == [0, 3]  # exactly the gap apart is still one; groups never join


@pytest.mark.parametrize(
    ("enough_m", "row"),
    [(0.4, 2), (0.5, 2), (0.6, 0), (2.5, 0), (2.6, 1), (3.0, 1), (3.1, -1)],
)
def test_that_the_stretch_with_which_enough_is_seen_is_found_from_the_sharpest_down(enough_m, row):
    length, density = np.array([2.0, 0.5, 0.5]), np.array([60.0, 30.0, 90.0])  # 0.5 m at 90, then 2.5 m at 60, 3 m at 30 px/m
    assert enough_at(np.array([0]), length, density, enough_m).tolist() == [row]


def test_that_stretches_equally_sharp_are_added_up_together():
    length, density = np.array([0.6, 0.6, 5.0]), np.array([40.0, 40.0, 90.0])
    found = enough_at(np.array([0, 2]), length, density, 1.0)
    assert density[found].tolist() == [40.0, 90.0]


def test_that_the_reading_is_the_density_that_sorting_gives():
    rng = np.random.default_rng(5)
    size = rng.integers(1, 9, 200)
    first = np.cumsum(size) - size
    length, density = rng.uniform(0.05, 0.6, size.sum()), rng.choice([25.0, 40.0, 80.0, 130.0], size.sum())
    found = enough_at(first, length, density, 1.0)
    for run, row in enumerate(found.tolist()):
        here = slice(first[run], first[run] + size[run])
        reached = [d for d in (130.0, 80.0, 40.0, 25.0) if length[here][density[here] >= d].sum() >= 1.0]
        assert (density[row] if row >= 0 else None) == (reached[0] if reached else None)
