"""Rows along a street, mirrors, alignment and copies, worked out by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.model.optics import LensClass, vertical_angle_deg
from lhasaplan.core.site.arrangement import (
    as_plan,
    evenly_spaced,
    mirrored,
    on_a_line,
    row_along,
    row_at_street,
    shifted_to,
    street_at,
    turned_alike,
)
from lhasaplan.core.site.snapping import (
    Carriageways,
    Foot,
    ahead,
    bearing_deg,
    foot_at,
    foot_on,
    opening_deg,
    range_after_m,
    vertical_angle_with_deg,
)

# Along x for 100 m, then north for 60 m.
BENT = LineString([(0, 0), (100, 0), (100, 60)])


def camera(x=10.0, y=-4.0, azimuth=60.0, **more):
    return Camera("K", x, y, azimuth_deg=azimuth, **more)


def placed(found):
    return [(pytest.approx(each.x_m), pytest.approx(each.y_m), each.azimuth_deg) for each in found]


# Feet


def test_that_a_place_right_of_a_line_is_aside_by_its_distance():
    foot = foot_on(BENT, 30.0, -4.0)
    assert (foot.x_m, foot.y_m, foot.along_m, foot.aside_m, foot.bearing_deg) == (30.0, 0.0, 30.0, pytest.approx(4.0), 90.0)
    assert foot_on(BENT, 96.0, 20.0).aside_m == pytest.approx(-4.0)  # left of the part that runs north


def test_that_beyond_its_end_a_line_ends():
    assert (foot_at(BENT, 500.0).x_m, foot_at(BENT, 500.0).y_m, foot_at(BENT, 500.0).bearing_deg) == (100.0, 60.0, 0.0)


# Rows


def test_that_a_row_keeps_distance_and_angle_to_its_street_round_a_bend():
    found = row_along(BENT, camera(), 40.0, 3, 0.0)
    # Feet at 50 and 90 m along x, and 30 m up the part to the north, where right of the line is east and north is 90 less.
    assert placed([*found]) == [(50.0, -4.0, 60.0), (90.0, -4.0, 60.0), (104.0, 30.0, 330.0)]


def test_that_a_row_ends_where_its_street_ends():
    assert len(row_along(BENT, camera(), 40.0, 50, 0.0)) == 3


def test_that_a_row_goes_the_way_with_more_room():
    assert placed(row_along(BENT, camera(x=90.0), 40.0, 5, 0.0)) == [(50.0, -4.0, 60.0), (10.0, -4.0, 60.0)]


def test_that_every_other_camera_of_an_alternating_row_is_across_the_street_as_in_a_mirror():
    found = row_along(BENT, camera(), 20.0, 2, 0.0, alternating=True)
    # Over a street that runs east a camera that looks to 60 degrees looks to 120 in the mirror.
    assert placed(found) == [(30.0, 4.0, 120.0), (50.0, -4.0, 60.0)]


def test_that_masks_turn_with_their_camera():
    found = row_along(BENT, camera(mask_sector_deg=((50.0, 70.0),)), 120.0, 1, 0.0)
    assert found[0].mask_sector_deg == ((pytest.approx(320.0), pytest.approx(340.0)),)


def streets(*named):
    lines = np.empty(len(named), object)
    lines[:] = [LineString(line) for line, _ in named]
    return Carriageways(lines, np.full(len(named), 3.5), tuple(name for _, name in named), shapely.STRtree(lines))


def test_that_the_street_of_a_camera_is_all_its_ways_of_one_name_that_hang_together():
    city = streets(([(0, 0), (50, 0)], "High Street"), ([(50, 0), (100, 0)], "High Street"), ([(50, 0), (50, 90)], "Lane"),
                   ([(300, 0), (400, 0)], "High Street"))  # fmt: skip
    assert shapely.length(street_at(city, 20.0, 4.0)) == 100.0
    assert shapely.length(street_at(city, 52.0, 60.0)) == 90.0
    assert street_at(city, 200.0, 0.0) is None  # 100 m from any


def test_that_a_street_without_a_name_is_its_own_way():
    city = streets(([(0, 0), (50, 0)], ""), ([(50, 0), (100, 0)], ""))
    assert shapely.length(street_at(city, 20.0, 4.0)) == 50.0


def town(*streets_named, houses=()):
    from lhasaplan.core.model.layer import Buildings
    from lhasaplan.core.sight.obstacles.relief import level_relief
    from lhasaplan.core.site.snapping import SnapTargets

    shapes = np.empty(len(houses), object)
    shapes[:] = houses
    none = np.zeros(len(houses))
    built = Buildings(none.astype(object), shapes, none, none + 9.0, none.astype(object), ({},) * len(houses))
    empty = np.empty((0, 2))
    return SnapTargets(built, none > 0, shapely.STRtree(shapes), level_relief(), streets(*streets_named), empty, empty)


def test_that_a_row_leaves_out_what_would_stand_on_a_crossing_street_or_in_a_house():
    high, cross = ([(0, 0), (100, 0)], "High Street"), ([(50, -90), (50, 90)], "Lane")
    found = row_at_street(town(high, cross, houses=[shapely.box(85, -9, 95, -3)]), camera(), 40.0, 5, 0.0)
    assert found == ()  # 50 lies on the lane, 90 in the house
    found = row_at_street(town(high, cross), camera(), 20.0, 5, 0.0)
    assert [c.x_m for c in found] == [30.0, 70.0, 90.0]


def test_that_a_camera_on_the_carriageway_has_its_row_there():
    found = row_at_street(town(([(0, 0), (100, 0)], "High Street")), camera(y=0.0), 40.0, 5, 0.0)
    assert [c.x_m for c in found] == [50.0, 90.0]


# Mirrors


def test_that_a_mirror_along_a_street_to_the_east_turns_north_into_south():
    axis = Foot(0.0, 10.0, 0.0, 0.0, 90.0)
    found = mirrored(camera(x=20.0, y=14.0, azimuth=0.0, mask_sector_deg=((350.0, 20.0),)), axis, 0.0)
    assert (found.x_m, found.y_m, found.azimuth_deg) == (pytest.approx(20.0), pytest.approx(6.0), 180.0)
    assert found.mask_sector_deg == ((160.0, 190.0),)


def test_that_in_a_mirror_left_and_right_of_the_picture_change_places():
    axis = Foot(0.0, 0.0, 0.0, 0.0, 90.0)
    found = mirrored(camera(image_width_px=1920, mask_px=(((0.0, 0.0), (100.0, 0.0), (100.0, 50.0)),)), axis, 0.0)
    assert found.mask_px == (((1920.0, 0.0), (1820.0, 0.0), (1820.0, 50.0)),)


def test_that_true_bearings_are_mirrored_over_the_true_bearing_of_the_street():
    # On the grid the street runs to 90, truly to 92; 60 true is 32 before it, and 124 as far behind.
    assert mirrored(camera(azimuth=60.0), Foot(0.0, 0.0, 0.0, 0.0, 90.0), 2.0).azimuth_deg == 124.0


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 359), st.floats(0, 359), st.floats(-3, 3))
def test_that_mirrored_twice_is_as_before(x, y, azimuth, bearing, lean):
    axis = Foot(3.0, 4.0, 0.0, 0.0, bearing)
    twice = mirrored(mirrored(camera(x, y, float(azimuth)), axis, lean), axis, lean)
    assert (twice.x_m, twice.y_m) == (pytest.approx(x, abs=1e-6), pytest.approx(y, abs=1e-6))
    assert abs((twice.azimuth_deg - azimuth + 180.0) % 360.0 - 180.0) < 0.21  # rounded to tenths twice


# Alignment


def some():
    return (Camera("A", 0.0, 0.0), Camera("B", 40.0, 3.0), Camera("C", 10.0, -2.0), Camera("D", 60.0, 0.0, azimuth_deg=77.0))


def test_that_cameras_move_square_onto_the_line_of_the_first_and_the_last():
    assert [(c.x_m, c.y_m) for c in on_a_line(some())] == [(0.0, 0.0), (40.0, 0.0), (10.0, 0.0), (60.0, 0.0)]


def test_that_cameras_are_spaced_in_the_order_that_they_stand_in():
    assert [(c.camera_id, c.x_m, c.y_m) for c in evenly_spaced(some())] == [
        ("A", 0.0, 0.0), ("B", 40.0, 0.0), ("C", 20.0, 0.0), ("D", 60.0, 0.0)]  # fmt: skip


def test_that_all_look_where_the_last_looks():
    assert {camera.azimuth_deg for camera in turned_alike(some())} == {77.0}


def test_that_two_cameras_on_one_spot_make_no_line():
    pair = (Camera("A", 0.0, 0.0), Camera("B", 0.0, 0.0))
    assert on_a_line(pair) == pair


# Copies


def test_that_a_copy_is_a_plan_with_what_it_sees_and_nothing_of_its_history():
    original = camera(name="Gate", owner="City", mask_sector_deg=((1.0, 2.0),), corrections=(Correction("x", "", "", ""),),
                      extra={"a": "b"}, approved_on="2020-01-01", installed_on="2020", input_file="x.csv")  # fmt: skip
    copy = as_plan(original, "planned-1", "me", "2026-01-01")
    assert (copy.camera_id, copy.status, copy.azimuth_deg, copy.mask_sector_deg) == (
        "planned-1", Status.PLANNED, 60.0, ((1.0, 2.0),))  # fmt: skip
    assert (copy.name, copy.owner, copy.corrections, copy.extra, copy.approved_on, copy.installed_on, copy.input_file) == (
        "", "", (), {}, "", "", "")  # fmt: skip


def test_that_copies_keep_their_places_to_each_other():
    found = shifted_to((Camera("A", 0.0, 0.0), Camera("B", 10.0, 0.0)), 100.0, 50.0)
    assert [(c.x_m, c.y_m) for c in found] == [(95.0, 50.0), (105.0, 50.0)]


# Handles


@given(st.floats(0, 359.9), st.floats(0.5, 500))
def test_that_what_is_ahead_lies_on_its_bearing(bearing, away):
    found = bearing_deg((3.0, 4.0), ahead((3.0, 4.0), bearing, away))
    assert abs((found - bearing + 180.0) % 360.0 - 180.0) < 1e-6


def test_that_an_edge_pulled_to_a_bearing_opens_the_angle_to_both_sides():
    assert opening_deg(90.0, 60.0, LensClass.RECTILINEAR) == 60.0
    assert opening_deg(90.0, 280.0, LensClass.RECTILINEAR) == 120.0  # what a straight lens has at most
    assert opening_deg(90.0, 280.0, LensClass.EQUIDISTANT) == 340.0
    assert opening_deg(90.0, 90.0, LensClass.EQUIDISTANT) == 1.0


def test_that_a_range_grows_by_what_its_handle_was_pulled_along_the_axis():
    assert range_after_m(30.0, 0.0, (0.0, 8.0), (50.0, 20.0)) == 42.0  # 12 m north; what it went aside counts nothing
    assert range_after_m(30.0, 0.0, (0.0, 8.0), (0.0, -200.0)) == 1.0


def test_that_a_recorded_vertical_angle_follows_the_lens():
    # Square pixels of 1920 by 1080 stay square.
    before, after = (vertical_angle_deg(hfov, 1920, 1080, LensClass.RECTILINEAR) for hfov in (60.0, 30.0))
    assert vertical_angle_with_deg(before, 60.0, 30.0) == pytest.approx(after)
    assert vertical_angle_with_deg(None, 60.0, 30.0) is None
