"""The rays and polygons that walls in view are held against, with numbers that are worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from bench.rivals.exact_walls import density_px_m, frontage_m, seen_wall, seen_walls
from bench.rivals.wall_rays import Facades, Lens, Prisms, Step, by_class, look, sees

# Looks north from the origin, 3 m up and level: f = 960 px, so that the picture is as wide as twice the depth, 9 to 16.
LENS = Lens(0.0, 0.0, 3.0, 0.0, 0.0, 90.0)
FINE = Step(0.05, 0.05, 0.25)


def facing_south(y_m, half_m=6.0, top_m=9.0):
    """The south facade of a home, twice so wide."""
    ends = np.array([[-half_m, y_m, half_m, y_m]])
    return Facades(ends, np.zeros(1), np.array([top_m]), np.zeros(1, int), np.zeros(1, int), np.array(["home"], object))


def prisms(*boxes):
    """Buildings of (west, south, east, north, base, top)."""
    base, top = (np.array([each[k] for each in boxes], float) for k in (4, 5))
    return Prisms(np.array([shapely.box(*each[:4]) for each in boxes] + [None], object)[:-1], base, top)


NOTHING = prisms()


def test_that_a_facade_is_seen_as_wide_and_as_high_as_the_picture():
    # 4 m before the lens: 8 m wide and 4.5 m high, 960 / 4 = 240 px/m.
    shown = by_class(look(LENS, facing_south(4.0), NOTHING, FINE), facing_south(4.0))["home"]
    assert shown.metres[125.0] == pytest.approx((8.0, 8.0), abs=0.11)
    assert shown.area_m2 == pytest.approx(36.0, rel=0.05)
    assert shown.frontage_px_m == pytest.approx((240.0, 240.0), rel=0.02)


def test_that_a_roof_hides_what_lies_below_the_line_over_its_far_edge():
    # Over the far edge, 8 m away and 2 m high, the line reaches 3 - 1 / 8 * 16 = 1 m at 16 m: 8 of 9 m are seen.
    house = prisms((-20.0, 4.0, 20.0, 8.0, 0.0, 2.0))
    home = facing_south(16.0)
    shown = by_class(look(LENS, home, house, FINE), home)["home"]
    assert shown.area_m2 == pytest.approx(12.0 * 8.0, rel=0.02)
    seen = seen_wall(LENS, home.ends_m[0], 0.0, 9.0, np.column_stack([house.edges[0], house.top_m[house.edges[1]]]))
    assert (seen.area, frontage_m(seen)) == pytest.approx((96.0, 12.0))
    assert density_px_m(LENS, home.ends_m[0], seen) == pytest.approx(60.0)


def test_that_a_deck_hides_a_band_and_what_lies_below_it_is_seen():
    # A deck from 4 to 4.5 m, 4 to 8 m away, hides at 16 m from 3 + 1 / 8 * 16 = 5 m to 3 + 1.5 / 4 * 16 = 9 m.
    deck = prisms((-20.0, 4.0, 20.0, 8.0, 4.0, 4.5))
    home = facing_south(16.0)
    assert by_class(look(LENS, home, deck, FINE), home)["home"].area_m2 == pytest.approx(12.0 * 5.0, rel=0.02)


def test_that_less_than_a_tenth_of_a_metre_of_height_does_not_count():
    home = facing_south(16.0)
    for top_m, is_seen in ((4.465, True), (4.485, False)):  # over the near edge, 4 m away, the line reaches 3 + (top - 3) * 4
        house = prisms((-20.0, 4.0, 20.0, 8.0, 0.0, top_m))
        shown = by_class(look(LENS, home, house, FINE), home)
        assert (bool(shown) and shown["home"].px_m[0] > 0.0) is is_seen


def test_that_a_mask_hides_what_lies_behind_it():
    left_half = replace(LENS, masks_px=(((0.0, 0.0), (960.0, 0.0), (960.0, 1080.0), (0.0, 1080.0)),))
    home = facing_south(4.0)
    assert by_class(look(left_half, home, NOTHING, FINE), home)["home"].metres[25.0] == pytest.approx((4.0, 4.0), abs=0.11)
    ((_, seen),) = seen_walls(left_half, home, NOTHING)
    assert frontage_m(seen) == pytest.approx(4.0)


def test_that_sectors_are_clockwise_and_end_the_same_view():
    home = facing_south(4.0)
    west = replace(LENS, sectors_deg=((270.0, 360.0),))
    assert by_class(look(west, home, NOTHING, FINE), home)["home"].metres[25.0] == pytest.approx((4.0, 4.0), abs=0.11)


def test_that_the_facade_of_the_mount_is_not_looked_at_and_a_wing_of_it_is():
    # An L: its wall runs along x = 0, and a wing faces back over the way of the lens, 10 m north of it.
    outline = shapely.Polygon([(-8.0, -5.0), (0.0, -5.0), (0.0, 10.0), (6.0, 10.0), (6.0, 16.0), (-8.0, 16.0)])
    house = Prisms(np.array([outline, None], object)[:-1], np.zeros(1), np.array([9.0]))
    ends = house.edges[0]
    facades = Facades(ends, np.zeros(6), np.full(6, 9.0), np.zeros(6, int), np.zeros(6, int), np.array(["home"], object))
    lens = replace(LENS, x_m=0.1, own=0)
    shown = look(lens, facades, house, FINE)
    assert len(shown.place) > 0
    assert np.allclose(shown.xy_m[:, 1], 10.0)


def test_that_a_spot_beyond_25_px_m_is_not_seen():
    spots = np.array([[0.0, 38.0, 1.5], [0.0, 38.5, 1.5], [0.0, -5.0, 1.5]])  # 960 / 25 = 38.4 m
    assert sees(LENS, spots, NOTHING).tolist() == [True, False, False]
