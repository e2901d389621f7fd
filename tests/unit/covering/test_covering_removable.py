import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lhasaplan.core.covering.bounds import SolverLimits
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.demand.columns import Needs, seen, served, shares
from lhasaplan.core.demand.necessity import largest_removable_set, removable

LITTLE = Effort(passes=60, steps=400, limits=SolverLimits(nodes=200))


def needs_for(points, min_views):
    some = np.ones(points)
    views = np.array(min_views, np.int64)
    return Needs(
        np.arange(points) % 2,
        some,
        125.0 * some,
        25.0 * some,
        views,
        np.ones(2),
        np.bincount(np.arange(points) % 2, some, minlength=2),
    )


@st.composite
def towns(draw):
    points, cameras = draw(st.integers(2, 6)), draw(st.integers(1, 7))
    values = draw(st.lists(st.sampled_from([0.0, 0.0, 40.0, 130.0]), min_size=points * cameras, max_size=points * cameras))
    views = draw(st.lists(st.integers(1, 2), min_size=points, max_size=points))
    return sparse.csr_array(np.array(values).reshape(points, cameras)), needs_for(points, views)


def loses_nothing(density, needs, gone):
    left = density.toarray()
    left[:, list(gone)] = 0.0
    left = sparse.csr_array(left)
    return all(np.all(shares(f(left, needs), needs) >= shares(f(density, needs), needs) - 1e-12) for f in (served, seen))


@given(towns())
def test_that_no_larger_set_can_go_than_the_one_named(town):
    density, needs = town
    cameras = range(density.shape[1])
    found = largest_removable_set(density, needs, LITTLE)
    sets = (gone for size in range(len(cameras) + 1) for gone in itertools.combinations(cameras, size))
    assert loses_nothing(density, needs, found.cameras)
    assert len(found.cameras) == found.at_most == max(len(gone) for gone in sets if loses_nothing(density, needs, gone))


@given(towns(), st.integers(0, 6))
def test_that_a_camera_that_may_not_go_stays(town, fixed):
    density, needs = town
    may_go = np.arange(density.shape[1]) != fixed
    found = largest_removable_set(density, needs, LITTLE, may_go=may_go)
    assert fixed not in found.cameras
    assert loses_nothing(density, needs, found.cameras)
    assert len(found.cameras) == found.at_most


def test_that_removing_one_by_one_may_leave_more():
    # Camera 0 sees points 0-3; 1 sees 0 1, 2 sees 2 3: when 0 goes first two must stay, when 1 and 2 go one does.
    density = sparse.csr_array(np.array([[130, 130, 0], [130, 130, 0], [130, 0, 130], [130, 0, 130.0]]))
    needs = needs_for(4, [1] * 4)
    assert removable(density, needs).all()
    found = largest_removable_set(density, needs, LITTLE)
    assert found.cameras.tolist() == [1, 2]
    assert len(found.cameras) == found.at_most


def test_that_views_that_a_part_asks_for_are_not_spare():
    density = sparse.csr_array(np.full((2, 3), 130.0))
    assert len(largest_removable_set(density, needs_for(2, [2, 2]), LITTLE).cameras) == 1
    assert len(largest_removable_set(density, needs_for(2, [1, 1]), LITTLE).cameras) == pytest.approx(2)
