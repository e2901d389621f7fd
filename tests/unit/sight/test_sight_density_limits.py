import math
from dataclasses import replace

import numpy as np
import pytest
from sight_town import full_circle, town, view
from slow_sight import densities_by_lines

from lhasaplan.core.model.optics import LensClass, vertical_angle_deg
from lhasaplan.core.sight.lens.frustum import (
    columns_of,
    density_limits_px_m,
    density_px_m,
    half_width_deg,
    limits_of_view_px_m,
    reach_at_highest_m,
)
from lhasaplan.core.sight.lens.true_picture import are_inside, sides_of
from lhasaplan.core.sight.lines.pairs import densities
from lhasaplan.core.sight.obstacles.scene import make_scene

FIXED = view(hfov=90.0, vfov=vertical_angle_deg(90.0, 16, 9, LensClass.RECTILINEAR), width=3840, tilt=0.0)
LENS_UNKNOWN = replace(FIXED, narrowest_hfov_deg=30.0, fewest_width_px=1920)


def test_that_one_lens_has_one_density():
    spots = np.array([(3.0, 20.0, 2.0), (-7.0, 40.0, 4.0), (0.0, 5.0, -1.0)]).T
    low, high = limits_of_view_px_m(view(tilt=10.0), *spots)
    assert low == pytest.approx(high)
    assert high == pytest.approx(density_px_m(view(tilt=10.0), *spots))


def test_that_straight_ahead_the_longest_lens_is_sharpest():
    (low,), (high,) = limits_of_view_px_m(LENS_UNKNOWN, [0.0], [45.0], [0.0])
    assert high == pytest.approx(3840 / (2 * math.tan(math.radians(15)) * 45))
    assert low == pytest.approx(1920 / (2 * 1.0 * 45))  # tan 45 degrees is 1


def test_that_beyond_the_longest_lens_the_one_that_just_holds_the_spot_is_sharpest():
    aside = 45.0 * math.tan(math.radians(25.0))  # 25 degrees off the axis: lenses from 50 degrees on have it
    (low,), (high,) = limits_of_view_px_m(LENS_UNKNOWN, [aside], [45.0], [0.0])
    assert high == pytest.approx(3840 / (2 * aside))
    assert low <= 3840 / (2 * math.tan(math.radians(30.0)) * 45.0) <= high  # the true 60 degrees of the review


def test_that_a_direction_that_may_turn_shows_a_spot_no_sharper_than_the_corner_of_the_longest_lens():
    turned = replace(LENS_UNKNOWN, swing_deg=180.0, tilt_deg=20.0, tilt_swing_deg=20.0)
    _, (high,) = limits_of_view_px_m(turned, [0.0], [50.0], [0.0])
    t = math.tan(math.radians(15.0))
    assert high == pytest.approx(3840 * math.sqrt(1 + t**2 * (1 + (9 / 16) ** 2)) / (2 * t * 50.0))


def test_that_a_bent_lens_goes_by_the_slant():
    fisheye = full_circle(width=3000, fewest_width_px=1500, lowest_lens_z_m=3.0)
    (low,), (high,) = limits_of_view_px_m(fisheye, [0.0], [4.0], [5.0])  # 5 m below the highest lens, 3 below the lowest
    assert high == pytest.approx(3000 / (2 * math.pi) / 5.0)
    assert low == pytest.approx(1500 / (2 * math.pi) / math.hypot(4.0, 5.0))


def a_set(rng):
    """Return a set of straight lenses with some of its values known."""
    wide = rng.uniform(20.0, 119.0)
    tall = vertical_angle_deg(wide, 16, rng.choice([9, 12, 28]), LensClass.RECTILINEAR)
    free = rng.random(5) < 0.5
    whole = view(z=rng.uniform(4.0, 9.0), azimuth=rng.uniform(0, 360), hfov=wide, vfov=tall, width=int(rng.integers(1000, 8000)))
    return replace(
        whole,
        swing_deg=float(rng.choice([5.0, 90.0, 180.0])) if free[0] else 0.0,
        tilt_deg=rng.uniform(-10.0, 45.0),
        tilt_swing_deg=rng.uniform(1.0, 40.0) if free[1] else 0.0,
        narrowest_hfov_deg=rng.uniform(2.0, wide) if free[2] else None,
        fewest_width_px=int(rng.integers(500, whole.width_px)) if free[3] else None,
        lowest_lens_z_m=whole.lens_z_m - rng.uniform(0.1, 3.5) if free[4] else None,
    )


def a_member(rng, many):
    """Return one lens of the set."""
    hfov = rng.uniform(many.narrowest_deg, many.hfov_deg)
    share = math.tan(math.radians(hfov / 2)) / math.tan(math.radians(many.hfov_deg / 2))
    return replace(
        many,
        lens_z_m=rng.uniform(many.lowest_z_m, many.lens_z_m),
        azimuth_deg=many.azimuth_deg + rng.uniform(-1, 1) * many.swing_deg,
        tilt_deg=many.tilt_deg + rng.uniform(-1, 1) * many.tilt_swing_deg,
        hfov_deg=hfov,
        vfov_deg=2 * math.degrees(math.atan(math.tan(math.radians(many.vfov_deg / 2)) * share)),
        width_px=int(rng.integers(many.fewest_px, many.width_px + 1)),
        swing_deg=0.0,
        tilt_swing_deg=0.0,
        narrowest_hfov_deg=None,
        fewest_width_px=None,
        lowest_lens_z_m=None,
    )


def test_that_whatever_lens_of_a_set_it_is_its_density_lies_between_the_limits():
    rng, asked = np.random.default_rng(1), 0
    for _ in range(1500):
        many = a_set(rng)
        one = a_member(rng, many)
        spread = math.tan(math.radians(one.hfov_deg / 2.0))
        ahead = rng.uniform(1.0, 80.0, 60)
        across, down = rng.uniform(-1, 1, (2, 60)) * np.array([[1.0], [0.6]]) * spread * ahead
        az, tilt = math.radians(one.azimuth_deg), math.radians(one.tilt_deg)
        forward, drop = ahead * math.cos(tilt) - down * math.sin(tilt), ahead * math.sin(tilt) + down * math.cos(tilt)
        dx = forward * math.sin(az) + across * math.cos(az)
        dy = forward * math.cos(az) - across * math.sin(az)
        shown = are_inside(sides_of(one, dx, dy, drop))
        truth = density_px_m(one, dx, dy, drop)[shown]
        low, high = density_limits_px_m(columns_of([many]), dx, dy, drop + many.lens_z_m - one.lens_z_m)
        assert (truth <= high[shown] * (1 + 1e-6)).all()
        assert (truth >= low[shown] * (1 - 1e-6)).all()
        asked += int(shown.sum())
    assert asked > 50_000


def test_that_the_ground_at_a_density_ends_where_no_lens_of_the_set_has_it_any_more():
    rng = np.random.default_rng(2)
    for _ in range(400):
        many, density = a_set(rng), float(rng.choice([25.0, 62.5, 125.0]))
        if many.is_one_lens:
            continue
        drop = rng.uniform(-3.0, 8.0)
        half = min(half_width_deg(many), 89.0 if many.swing_deg == 0.0 else 180.0)
        offsets = rng.uniform(-half, half, 40)
        reach = reach_at_highest_m(many, drop, density, offsets)
        bearing = np.radians(many.azimuth_deg + offsets)
        for share in (1.001, 1.2, 3.0):
            away = np.maximum(reach * share, 0.1)
            _, high = limits_of_view_px_m(many, away * np.sin(bearing), away * np.cos(bearing), np.full(40, drop))
            assert (high <= density * (1 + 1e-6)).all()
        _, high = limits_of_view_px_m(many, reach * np.sin(bearing) * 0.999, reach * np.cos(bearing) * 0.999, np.full(40, drop))
        assert (high >= density * (1 - 1e-6))[reach > 0.1].all()


def test_that_kernels_give_the_highest_density_that_the_plain_method_gives():
    rng = np.random.default_rng(3)
    scene = make_scene(town())
    for _ in range(100):
        many = replace(a_set(rng), range_m=100.0)
        spots = np.c_[rng.uniform(-60, 60, (50, 2)), rng.uniform(0, 12, 50)]
        fast, plain = densities([many], spots, scene).toarray(), densities_by_lines([many], spots, scene).toarray()
        assert fast == pytest.approx(plain, rel=1e-9)
