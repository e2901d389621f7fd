"""The lens calculator against numbers worked out by hand, and against the engine that computes sight."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.model.optics import (
    LensClass,
    LensSetup,
    angle_for_density_deg,
    blind_zone_m,
    density_at_px_m,
    far_edge_m,
    farthest_with_m,
    focal_length_mm,
    horizontal_angle_deg,
    width_at_m,
)
from lhasaplan.core.sight.lens.frustum import density_px_m, ground_limits_m

STRAIGHT, FISHEYE = LensClass.RECTILINEAR, LensClass.EQUIDISTANT
# 90 degrees on 1920 pixels: a focal length of 960 px.
LEVEL = LensSetup(90.0, STRAIGHT, 1920, 1080, 4.0, 0.0)


def test_that_a_level_lens_of_90_degrees_shows_40_pixels_on_a_metre_at_24_metres():
    assert density_at_px_m(LEVEL, 24.0) == pytest.approx(40.0)  # 960 / 24
    assert width_at_m(LEVEL, 24.0) == pytest.approx(48.0)  # as wide as twice the distance
    assert farthest_with_m(LEVEL, 25.0) == pytest.approx(38.4)  # 960 / 25


def test_that_a_sensor_of_48_millimetres_and_a_lens_of_4_have_619_degrees():
    assert horizontal_angle_deg(4.8, 4.0) == pytest.approx(2.0 * math.degrees(math.atan(0.6)))
    assert focal_length_mm(4.8, 90.0) == pytest.approx(2.4)


def test_that_the_blind_zone_of_a_tilted_lens_is_height_over_tangent_of_its_lower_edge():
    # Square picture of 60 degrees tilted by 15: the lower edge is 45 degrees down, the upper 15 above the horizon.
    lens = LensSetup(60.0, STRAIGHT, 1000, 1000, 5.0, 15.0)
    assert blind_zone_m(lens) == pytest.approx(5.0)
    assert far_edge_m(lens) == math.inf
    steep = LensSetup(60.0, STRAIGHT, 1000, 1000, 5.0, 60.0)  # from 30 degrees down to straight down
    assert blind_zone_m(steep) == 0.0
    assert far_edge_m(steep) == pytest.approx(5.0 * math.sqrt(3.0))


def test_that_a_fisheye_is_read_at_the_slant_distance():
    lens = LensSetup(180.0, FISHEYE, 3142, 3142, 3.0, 90.0)  # 1000 px a radian
    assert density_at_px_m(lens, 4.0) == pytest.approx(200.0, rel=1e-3)  # 1000 / 5
    assert farthest_with_m(lens, 200.0) == pytest.approx(4.0, rel=1e-3)
    assert farthest_with_m(lens, 500.0) is None  # 2 m is nearer than the ground below


def test_that_the_angle_for_a_density_is_that_of_the_lens_which_has_it():
    assert angle_for_density_deg(LEVEL, 40.0, 24.0) == pytest.approx(90.0)
    assert angle_for_density_deg(LEVEL, 80.0, 24.0) == pytest.approx(2.0 * math.degrees(math.atan(0.5)))


lenses = st.builds(
    LensSetup,
    st.floats(5, 118),
    st.just(STRAIGHT),
    st.integers(320, 8000),
    st.integers(240, 4000),
    st.floats(1, 30),
    st.floats(0, 80),
)


@given(lenses, st.floats(1, 300))
def test_that_the_calculator_says_what_sight_is_computed_with(lens, away):
    view = View("v", Basis.RECORDED, 0.0, 0.0, lens.height_m, 0.0, 0.0, lens.tilt_deg, 0.0, lens.hfov_deg, lens.vfov_deg,
                lens.width_px, lens.height_px, lens.lens_class, 1e9)  # fmt: skip
    sight = density_px_m(view, *np.array([[0.0], [away], [lens.height_m]]))
    assert density_at_px_m(lens, away) == pytest.approx(float(sight[0]))
    near, far = ground_limits_m(view, lens.height_m)
    if near < far:
        assert blind_zone_m(lens) == pytest.approx(near)
        assert min(far_edge_m(lens), 1e9) == pytest.approx(far)


@given(lenses, st.sampled_from((25.0, 62.5, 125.0, 250.0)))
def test_that_a_density_ends_where_it_is_said_to_end(lens, density):
    away = farthest_with_m(lens, density)
    if away is not None:
        assert density_at_px_m(lens, away) == pytest.approx(density)
