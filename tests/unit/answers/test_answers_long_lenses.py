"""Places that only the longer lenses of a set show."""

import math

import pytest
from answers_town import box, camera, house, layer, reference_data, town

from lhasaplan.core.audit.pipeline import audit


def test_that_a_home_that_only_a_longer_lens_shows_is_told_where_the_lens_is_not_recorded():
    # 110 degrees and 1920 px have 25 px/m to 26.9 m, at the corners of the picture to 63.9 m; a lens of 12 degrees to 365 m.
    far = house(1, -10, 150, 10, 160, "house", 8.0)
    known = audit(town(far, cameras=[camera(hfov_deg=110.0, range_m=None)]), reference_data()).cameras[0]
    unknown = audit(town(far, cameras=[camera(hfov_deg=None, range_m=None)]), reference_data()).cameras[0]
    assert not known.sightings
    assert [each.cls for each in unknown.sightings] == ["home"]


def test_that_the_highest_density_is_that_of_the_longest_lens_between_the_ends_of_a_piece_of_wall():
    # A lens of 12 degrees has 960 / tan 6 = 9134 px: 5 m away 1827 px/m, in a picture 1.05 m wide.
    near = house(1, -6.4, 5, 5.6, 15, "house", 9.0)
    (found,) = audit(town(near, cameras=[camera(hfov_deg=None)]), reference_data()).cameras[0].sightings
    assert found.density_px_m[1] >= 960.0 / math.tan(math.radians(6.0)) / 5.0


def test_that_open_ground_is_as_sharp_as_the_lowest_lens_has_it():
    # Tilted 20 degrees, 10 m ahead, 1.5 m up: depth 10 cos 20 + (height - 1.5) sin 20, least for the lowest, 2.5 m: 9.74 m.
    yard = layer("areas", ("way/9", box(-4, 10, 4, 14), {"leisure": "playground"}))
    one = camera(mount_height_m=None, tilt_deg=20.0)
    (found,) = audit(town(cameras=[one], areas=yard), reference_data()).cameras[0].sightings
    depth_m = 10.2 * math.cos(math.radians(20.0)) + math.sin(math.radians(20.0))  # a square metre reaches from 10 to 10.2 m
    assert found.density_px_m[1] >= 960.0 / math.tan(math.radians(34.0)) / depth_m


def test_that_a_recorded_vertical_angle_and_the_pixels_give_the_horizontal_one():
    # tan 34 = 0.6745; times 1080 / 1920 it is 0.3794 = tan 20.78: 41.55 degrees upright are 68 across.
    near = house(1, -6, 20, 6, 30, "house", 9.0)
    known = audit(town(near, cameras=[camera(hfov_deg=68.0)]), reference_data()).cameras[0]
    by_height = audit(town(near, cameras=[camera(hfov_deg=None, vfov_deg=41.55)]), reference_data()).cameras[0]
    assert by_height.placed.views[0].is_one_lens
    assert by_height.sightings[0].density_px_m == pytest.approx(known.sightings[0].density_px_m, rel=1e-3)


def test_that_a_recorded_vertical_angle_narrows_an_unknown_lens_to_pictures_of_usual_shapes():
    # Upright 41.55 degrees: 4:3 is 2 atan(0.3794 * 4/3) = 53.7 across, 16:9 is 68; all of either lies in the widest, 4:3 high.
    near = house(1, -6, 20, 6, 30, "house", 9.0)
    one = camera(hfov_deg=None, vfov_deg=41.55, image_width_px=None, image_height_px=None)
    (view,) = audit(town(near, cameras=[one]), reference_data()).cameras[0].placed.views
    assert (view.narrowest_deg, view.hfov_deg) == pytest.approx((53.66, 68.0), abs=0.05)
    assert view.vfov_deg == pytest.approx(2.0 * math.degrees(math.atan(0.6745 * 3 / 4)), abs=0.05)
