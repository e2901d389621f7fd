"""What can be seen at night: the ground by day within the recorded range, as a polygon, a share and a count."""

import math

import numpy as np
import pytest
import shapely
from answers_town import SHED, bare_camera, camera, house, reference_data, town

from lhasaplan.core.audit.output_notes import NOTES
from lhasaplan.core.audit.pipeline import audit

HOUSE = house(1, -10, 15, 10, 25)


def seen(**more):
    return audit(town(HOUSE, cameras=[camera(**more)]), reference_data()).cameras[0]


def test_that_the_ground_at_night_is_the_ground_by_day_out_to_that_range():
    day, night = seen(), seen(night_range_m=12.0)
    by_day = shapely.union_all([band for _, band in night.certain.bands])
    rings = np.array(shapely.get_coordinates(night.night))
    x, y = day.placed.views[0].x_m, day.placed.views[0].y_m
    assert np.hypot(rings[:, 0] - x, rings[:, 1] - y).max() == pytest.approx(12.0, abs=1e-6)
    assert night.night.is_valid
    assert shapely.difference(night.night, by_day).area == pytest.approx(0.0, abs=1e-6)
    # A sector of 68 degrees between the lower edge of the picture and 12 m, counted in squares of 0.25 m.
    grid = np.mgrid[-12:12:0.25, 0:12:0.25].reshape(2, -1) + 0.125
    near = np.hypot(*grid) <= 12.0
    squares = shapely.contains_xy(by_day, x + grid[0, near], y + grid[1, near]).sum() / 16.0
    assert night.night_m2 == pytest.approx(squares, rel=0.02)


def test_that_the_share_at_night_is_that_of_the_polygons():
    night = seen(night_range_m=12.0)
    assert night.night_m2 == night.night.area
    assert night.necessity.night_share == pytest.approx(night.night.area / night.area_m2, rel=1e-12)
    assert 0.0 < night.necessity.night_share < 1.0


def test_that_infrared_beyond_the_range_by_day_shows_no_more_than_the_day():
    night = seen(range_m=30.0, night_range_m=80.0)
    assert night.night_m2 == night.area_m2
    assert night.necessity.night_share == 1.0


def test_that_a_range_within_the_blind_zone_shows_nothing():
    blind = seen(night_range_m=0.5)
    assert (blind.night_m2, blind.necessity.night_share) == (0.0, 0.0)


def test_that_nothing_is_assumed_where_the_range_at_night_is_not_recorded():
    result = audit(town(HOUSE, cameras=[camera("a"), camera("b", night_range_m=12.0), bare_camera()]), reference_data())
    assert [each.night is None for each in result.cameras] == [True, False, True]
    assert result.cameras[0].necessity.night_share is None
    assert result.totals["night_unknown"] == 2
    assert (NOTES["night_unknown"], {"count": 2}) in result.notes


def test_that_both_ends_of_an_assumed_view_count_within_the_range_at_night():
    (result,) = audit(town(SHED, cameras=[bare_camera(night_range_m=10.0)]), reference_data()).cameras
    assert result.certain is None
    both = shapely.union_all([shapely.union_all([band for _, band in each.bands]) for each in result.possible])
    disc = shapely.Point(result.placed.views[0].x_m, result.placed.views[0].y_m).buffer(10.0, quad_segs=256)
    assert result.night_m2 == pytest.approx(shapely.intersection(both, disc).area, rel=2e-4)
    assert result.night_m2 <= math.pi * 100.0
