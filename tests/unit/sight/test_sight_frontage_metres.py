"""Metres of frontage at a density, and the density of a metre, worked out by hand; densities run evenly in their inverse."""

import numpy as np
import pytest

from lhasaplan.core.sight.compiled.small_kernels import density_of_metres, metres_at


def metres(pieces, density_px_m):
    """Metres of (length, density at the first end, at the last, column) at a density."""
    length, best0, best1, column = (np.array(each, float) for each in zip(*pieces, strict=True))
    out = np.empty(1)
    ends = np.array([0, len(pieces)])
    metres_at(ends, length, best0, best1, column.astype(np.int64), np.array([density_px_m]), out)
    return out[0]


def reached(pieces, frontage_m, least_px_m=25.0):
    """The density that so many metres of the pieces have."""
    length, best0, best1, column = (np.array(each, float) for each in zip(*pieces, strict=True))
    out = np.empty(1)
    density_of_metres(
        np.array([0, len(pieces)]), length, best0, best1, column.astype(np.int64), frontage_m, least_px_m, out
    )  # fmt: skip
    return out[0]


@pytest.mark.parametrize(("density_px_m", "expected"), [(101.0, 0.0), (100.0, 0.0), (200 / 3, 1.0), (50.0, 2.0), (25.0, 2.0)])
def test_that_a_piece_counts_as_far_as_its_density_reaches(density_px_m, expected):
    # 2 m, 100 px/m at one end and 50 at the other: depths 1 and 2, so that the middle, at 1.5, has 66.7.
    assert metres([(2.0, 100.0, 50.0, 0)], density_px_m) == pytest.approx(expected)
    assert metres([(2.0, 50.0, 100.0, 0)], density_px_m) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("frontage_m", "density_px_m"), [(0.5, 90.0), (0.6, 60.0), (2.5, 60.0), (2.6, 30.0), (3.0, 30.0), (3.1, 0)]
)
def test_that_the_density_of_so_many_metres_is_found_from_the_sharpest_down(frontage_m, density_px_m):
    # 0.5 m at 90, then 2.5 m at 60, 3 m at 30 px/m
    pieces = [(2.0, 60.0, 60.0, 0), (0.5, 30.0, 30.0, 1), (0.5, 90.0, 90.0, 2)]
    assert reached(pieces, frontage_m) == pytest.approx(density_px_m)


def test_that_a_metre_along_a_wall_that_runs_away_ends_where_its_density_is_told():
    assert reached([(2.0, 100.0, 50.0, 0)], 1.0) == pytest.approx(200 / 3)


def test_that_pieces_above_each_other_are_one_stretch():
    two_windows = [(0.6, 80.0, 80.0, 0), (0.6, 40.0, 40.0, 0)]
    assert metres(two_windows, 30.0) == pytest.approx(0.6)
    assert reached(two_windows, 1.0) == 0.0
    beside = [(0.6, 80.0, 80.0, 0), (0.6, 40.0, 40.0, 1)]
    assert metres(beside, 30.0) == pytest.approx(1.2)
    assert reached(beside, 1.0) == pytest.approx(40.0)


def test_that_less_than_the_least_density_is_nothing():
    assert reached([(5.0, 24.9, 24.9, 0)], 1.0) == 0.0
    assert reached([(5.0, 25.0, 25.0, 0)], 1.0) == pytest.approx(25.0)


def test_that_the_density_of_a_metre_is_the_one_that_sorting_gives():
    rng = np.random.default_rng(5)
    for _ in range(200):
        count = rng.integers(1, 9)
        length, density = rng.uniform(0.05, 0.6, count), rng.choice([25.0, 40.0, 80.0, 130.0], count)
        at = [d for d in (130.0, 80.0, 40.0, 25.0) if length[density >= d].sum() >= 1.0]
        found = reached(list(zip(length, density, density, range(count), strict=True)), 1.0)
        assert found == pytest.approx(at[0] if at else 0.0)
