"""A point is in view when it falls into the true picture: its sides are planes through the lens, however that is tilted."""

import math

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town, view
from slow_sight import densities_by_lines

from lhasaplan.core.sight import densities, explain, make_scene
from lhasaplan.core.sight.lens.true_picture import are_between_edges, narrowest_bearing_deg

OPEN = make_scene(town())
TILTED = {"z": 11.5, "tilt": 30.0, "hfov": 90.0, "vfov": 60.0, "range_m": 400.0}


def sees(camera, x, y, z=1.5):
    return bool(densities([camera], np.array([(x, y, z)], float), OPEN).toarray()[0, 0] > 0)


def shot(camera, across, down):
    """Return where the ray through a pixel, as shares of half the picture, meets the plane at 1.5 m.

    The level lens looks north: (aside, ahead, up) = (across tan(hfov/2), 1, -down tan(vfov/2)); tilting it turns ahead and up.
    """
    aside, up = across * math.tan(math.radians(camera.hfov_deg / 2)), -down * math.tan(math.radians(camera.vfov_deg / 2))
    tilt = math.radians(camera.tilt_deg)
    ahead, up = math.cos(tilt) + up * math.sin(tilt), up * math.cos(tilt) - math.sin(tilt)
    share = (1.5 - camera.lens_z_m) / up if up < 0 else math.nan
    return aside * share, ahead * share


def test_that_a_tilted_lens_sees_wider_than_its_angle_near_the_pole():
    # 30 down, 60 high: the lower corner is (1, cos 30 - tan 30 sin 30, sin 30 + tan 30 cos 30) = (1, 0.577, 1) aside, ahead and
    # down: at bearing 60 beside the axis, 10 m aside and 5.77 m ahead when it is 10 m down.
    camera = view(**TILTED)
    assert sees(camera, 9.9, 5.78)
    assert math.degrees(math.atan2(9.9, 5.78)) > 59.7
    assert not sees(camera, 10.1, 5.78)
    assert not sees(camera, 9.9, 5.7)  # below the picture


def test_that_far_away_it_sees_less_than_its_angle():
    # 1 down for each 5 away along the axis: depth 50 cos 30 + 10 sin 30 = 48.3 m, so the picture ends 48.3 m aside, not at 50.
    camera = view(**TILTED)
    assert sees(camera, 48.2, 50)
    assert not sees(camera, 48.4, 50)
    assert not sees(camera, 49.9, 50)


def test_that_a_level_lens_has_upright_sides_and_sloping_corners():
    # Level, 60 high, 10 m over the target: the lower edge is 10 / tan 30 = 17.32 m ahead whatever lies aside of the axis.
    camera = view(z=11.5, hfov=90.0, vfov=60.0)
    assert sees(camera, 0, 17.4)
    assert sees(camera, 17.3, 17.4)
    assert not sees(camera, 17.3, 17.3)
    assert not sees(camera, 17.5, 17.4)


@pytest.mark.parametrize("tilt", [-20.0, 0.0, 5.0, 15.0, 30.0, 60.0])
def test_that_what_is_shot_through_the_picture_is_seen_and_what_is_beside_it_is_not(tilt):
    camera = view(z=9.0, tilt=tilt, hfov=75.0, vfov=47.0, range_m=300.0)
    inner, outer = np.linspace(-0.999, 0.999, 15), np.array([-1.4, -1.001, 1.001, 1.4])
    within = np.array([shot(camera, a, d) for a in inner for d in inner])
    beside = np.array([shot(camera, *pair) for a in outer for d in inner for pair in ((a, d), (d, a))])
    for places, expected in ((within, True), (beside, False)):
        xy = places[np.hypot(*places.T) < 299.0]  # NaN, above the horizon, is not
        seen = densities([camera], np.c_[xy, np.full(len(xy), 1.5)], OPEN).toarray()[:, 0] > 0
        assert len(seen) > 10
        assert (seen == expected).all()


def test_that_without_a_known_tilt_a_point_counts_that_is_in_the_picture_at_one_of_the_tilts():
    at = np.random.default_rng(3).uniform((-30, 0, 0), (30, 60, 6), (1500, 3))
    lens = {"z": 7.0, "hfov": 70.0, "vfov": 43.0}
    unknown = densities([view(tilt=17.5, tilt_swing_deg=12.5, **lens)], at, OPEN).toarray()[:, 0] > 0
    known = [view(tilt=float(tilt), **lens) for tilt in np.linspace(5, 30, 251)]
    at_one = (densities(known, at, OPEN).toarray() > 0).any(axis=1)
    assert (at_one <= unknown).all()
    assert (unknown & ~at_one).sum() <= 3  # on the very edge, between two of the 251 tilts


def test_that_a_house_in_a_lower_corner_hides_what_stands_behind_it():
    # The point in the corner at bearing 60, 11.5 m off; a house of 20 m stands in the way, at bearings beyond half the angle.
    scene = make_scene(town((shapely.box(6.5, 3.0, 7.5, 5.0), 0.0, 20.0)))
    camera, corner = view(**TILTED), np.array([(9.9, 5.78, 1.5)])
    assert densities([camera], corner, scene).nnz == 0
    assert densities_by_lines([camera], corner, scene).nnz == 0
    assert explain(camera, (9.9, 5.78, 1.5), scene).reason == "building"


def test_that_reasons_go_by_the_true_picture():
    camera = view(**TILTED)
    spots = [(9.9, 5.78), (49.9, 50.0), (9.0, 5.0), (0.0, 0.0), (0.0, -9.0)]
    reasons = [explain(camera, (*spot, 1.5), OPEN).reason for spot in spots]
    assert reasons == ["seen", "out_of_angle", "blind_zone", "blind_zone", "out_of_angle"]


@pytest.mark.parametrize("tilt", [-15.0, 0.0, 5.0, 30.0, 70.0])
@pytest.mark.parametrize("swing", [0.0, 12.5])
def test_that_what_lies_between_the_narrowest_bearings_and_the_edges_is_in_the_picture(tilt, swing):
    camera = view(z=0.0, tilt=tilt, hfov=80.0, vfov=50.0, range_m=200.0, tilt_swing_deg=swing)
    upper, lower = (math.tan(math.radians(max(-89, min(89, edge)))) for edge in (tilt - swing - 25, tilt + swing + 25))
    draw = np.random.default_rng(5)
    bearing = np.radians(draw.uniform(-1, 1, 4000) * (narrowest_bearing_deg(camera) - 0.01))
    away, drop = draw.uniform(1, 100, 4000), draw.uniform(-1, 1, 4000)
    drop = away * (upper + (drop + 1) / 2 * (lower - upper))
    kept = are_between_edges(camera, away, drop)
    at = np.column_stack((away * np.sin(bearing), away * np.cos(bearing), -drop))[kept]
    assert kept.sum() > 500
    assert (densities([camera], at, OPEN).toarray()[:, 0] > 0).all()


def test_that_the_narrowest_bearings_of_a_tilted_lens_are_those_of_its_upper_corners():
    # 30 down, 90 wide, 60 high: the upper corner is 1 aside and cos 30 + tan 30 sin 30 = 1.155 ahead: 40.9 degrees.
    assert narrowest_bearing_deg(view(**TILTED)) == pytest.approx(math.degrees(math.atan(1 / 1.1547)), abs=0.01)
    assert narrowest_bearing_deg(view(hfov=90.0)) == pytest.approx(45.0)


def test_that_a_bent_lens_and_a_free_direction_go_by_bearing_and_dip():
    at = np.array([(20.0, -1.0, 1.5), (-20.0, 1.0, 1.5)])
    some = [full_circle(0.0, 0.0, 5.0, tilt=20.0), view(swing_deg=90.0, tilt=20.0)]
    assert (densities(some, at, OPEN).toarray() > 0).all()
