"""Directions scored by hand: a lens of 35 degrees and 1,920 px shows 50 px/m at 60.9 m; a point 20 m north, one 20 m east."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.rules.audit_policy import GenericClass, SitingRules
from lhasaplan.core.siting.directions import AskedDirections, directions

NARROW = SitingRules(azimuth_step_deg=90.0, classes=(GenericClass("narrow", 35.0),))
LENS, HIGH = np.array([[0.0, 0.0, 4.5]]), np.array([4.5])


def asked(xy, needed=50.0, part=None, met=None):
    some = len(xy)
    xyz = np.column_stack([np.array(xy, float).reshape(-1, 2), np.zeros(some)])
    met = np.zeros(some) if met is None else np.array(met, float)
    return AskedDirections(xyz, np.arange(some) if part is None else np.array(part), np.full(some, needed), 1.0 - met, met)


def in_sight(*is_seen):
    return sparse.csc_array(np.array(is_seen, float).reshape(-1, 1))


def rows(found):
    return [(round(a, 1), round(g, 6)) for a, g in zip(found.azimuth_deg, found.open_weight, strict=True)]


def test_that_each_direction_counts_what_lies_in_its_picture_and_the_aim_that_says_no_more_is_dropped():
    found = directions(in_sight(100.0, 100.0), LENS, HIGH, asked([(0, 20), (20, 0)]), NARROW)
    assert rows(found) == [(0.0, 1.0), (90.0, 1.0)]
    assert found.tried == 8  # four in steps and two aims, each of these once more with a tilt for its part alone


def test_that_a_lens_looks_as_far_down_as_its_farthest_point_lies_two_degrees_below_the_upper_edge():
    """The point lies atan(4.5 / 20) = 12.7 degrees down, the upper edge atan(540 / 3044.7) = 10.1 degrees above the axis."""
    found = directions(in_sight(100.0), LENS, HIGH, asked([(0, 20)]), NARROW)
    assert found.tilt_deg.tolist() == [round(12.68 + 10.06 - 2.0, 1)]
    far_m = 4.5 / np.tan(np.radians(found.tilt_deg[0] - 10.06))
    np.testing.assert_allclose(found.ground_m2, np.radians(17.5) * far_m**2, rtol=2e-3)


def test_that_a_wide_lens_that_would_lose_points_at_its_sides_looks_no_farther_down():
    """Tilted by 26 degrees it no longer shows what lies 43 degrees aside: it keeps the tilt of the middle."""
    wide = SitingRules(azimuth_step_deg=360.0, headroom_deg=0.0, classes=(GenericClass("wide", 95.0),))
    far = [(25.0 * np.sin(np.radians(a)), 25.0 * np.cos(np.radians(a))) for a in (-45.0, 0.0, 45.0)]
    found = directions(in_sight(100.0, 100.0, 100.0), LENS, HIGH, asked(far, needed=25.0, part=[0, 0, 0]), wide)
    assert found.open_weight.tolist() == [3.0]
    assert found.tilt_deg[0] < 15.0


def test_that_a_part_near_by_is_offered_with_a_tilt_for_it_alone_beside_one_that_serves_a_far_part_too():
    found = directions(in_sight(100.0, 100.0), LENS, HIGH, asked([(0, 12), (0, 55)]), NARROW)
    reported = sorted(zip(found.open_weight.tolist(), found.part.tolist(), strict=True))
    assert reported[0][0] == 1.0
    assert reported[-1][0] == 2.0
    assert found.ground_m2[np.argmin(found.open_weight)] < 0.2 * found.ground_m2[np.argmax(found.open_weight)]


def test_that_what_a_wall_hides_counts_nothing():
    found = directions(in_sight(100.0, 0.0), LENS, HIGH, asked([(0, 20), (20, 0)]), NARROW)
    assert rows(found) == [(0.0, 1.0)]


def test_that_a_point_too_far_for_its_density_counts_nothing():
    focal = focal_length_px(1920, 35.0, LensClass.RECTILINEAR)
    near, far = 0.97 * focal / 50.0, 1.01 * focal / 50.0
    assert rows(directions(in_sight(100.0), LENS, HIGH, asked([(0, near)]), NARROW)) == [(0.0, 1.0)]
    assert rows(directions(in_sight(100.0), LENS, HIGH, asked([(0, far)]), NARROW)) == []


def test_that_an_aim_between_two_points_serves_both_and_those_at_one_are_dropped():
    wide = SitingRules(azimuth_step_deg=90.0, classes=(GenericClass("wide", 95.0),))
    found = directions(in_sight(100.0, 100.0), LENS, HIGH, asked([(0, 10), (10, 0)], part=[0, 0]), wide)
    assert rows(found) == [(45.0, 2.0)]


def test_that_points_served_today_weigh_apart():
    found = directions(in_sight(100.0, 100.0), LENS, HIGH, asked([(0, 20), (20, 0)], met=[1.0, 0.0]), NARROW)
    assert list(zip(found.open_weight.tolist(), found.met_weight.tolist(), strict=True)) == [(0.0, 1.0), (1.0, 0.0)]


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=70))
def test_that_no_direction_that_is_left_serves_only_what_another_left_one_serves_that_looks_no_farther(xy):
    """Beside the picture worked out by angles, point by point."""
    xy = [each for each in xy if each != (0, 0)] or [(0, 9)]
    demand = asked(xy, needed=40.0)
    found = directions(in_sight(*[100.0] * len(xy)), LENS, HIGH, demand, NARROW)
    served = [pictured(demand, azimuth, tilt) for azimuth, tilt in zip(found.azimuth_deg, found.tilt_deg, strict=True)]
    for number, (mine, weight) in enumerate(zip(served, found.open_weight, strict=True)):
        assert len(mine) == round(weight) > 0
        as_near = found.tilt_deg >= found.tilt_deg[number]
        assert not any(mine <= other and as_near[k] for k, other in enumerate(served) if k != number)


def pictured(demand, azimuth_deg, tilt_deg):
    """Return the points in the picture of a narrow lens that looks so, by the axes of its picture."""
    focal = focal_length_px(1920, 35.0, LensClass.RECTILINEAR)
    a, t = np.radians([azimuth_deg, tilt_deg])
    ahead = np.array([np.sin(a) * np.cos(t), np.cos(a) * np.cos(t), -np.sin(t)])
    right = np.array([np.cos(a), -np.sin(a), 0.0])
    down = np.cross(ahead, right)
    to = demand.xyz_m - LENS[0]
    depth, across, below = to @ ahead, to @ right, to @ down
    inside = (depth > 0) & (np.abs(across) * focal <= depth * 960.0) & (np.abs(below) * focal <= depth * 540.0)
    return frozenset(np.flatnonzero(inside & (focal >= 40.0 * depth)).tolist())
