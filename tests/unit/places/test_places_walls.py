"""Every wall of a protected place is looked at from end to end, from its base to its top, and its open ground as a polygon."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from places_town import BOX, KINDS, buildings, layer

from lhasaplan.core.protection.ground import protected_walls
from lhasaplan.core.protection.places import find_protected


def walls_of(houses, near=None, **layers):
    return protected_walls(find_protected(layers, houses, KINDS), near)


def lengths(walls):
    return np.hypot(*(walls.ends_m[:, 2:] - walls.ends_m[:, :2]).T)


def test_that_a_house_of_10_by_10_m_has_four_walls():
    got = walls_of(buildings(("way/1", BOX, {"building": "house"}, 2.0)))
    assert lengths(got) == pytest.approx(np.full(4, 10.0))


def test_that_a_wall_longer_than_16_m_is_cut_in_equal_parts():
    # 40 m by 10 m: each long wall is three of 13.33 m, which meet.
    got = walls_of(buildings(("way/1", shapely.box(0, 0, 40, 10), {"building": "house"}, 2.0)))
    assert sorted(lengths(got).tolist()) == pytest.approx([10.0] * 2 + [40 / 3] * 6)
    south = np.flatnonzero((got.ends_m[:, [1, 3]] == 0.0).all(axis=1))
    ends = sorted(map(tuple, np.sort(got.ends_m[south][:, [0, 2]], axis=1).tolist()))
    assert np.array(ends) == pytest.approx(np.array([(0, 40 / 3), (40 / 3, 80 / 3), (80 / 3, 40)]))


def test_that_each_edge_of_a_curve_is_a_wall():
    # A tower drawn with 60 corners; radius 10: each edge is 20 sin 3 = 1.0467 m long.
    turn = np.radians(np.arange(0, 360, 6))
    tower = shapely.Polygon(10 * np.stack([np.cos(turn), np.sin(turn)], axis=1))
    got = walls_of(buildings(("way/1", tower, {"building": "house"}, 2.0)))
    assert lengths(got) == pytest.approx(np.full(60, 20 * np.sin(np.radians(3))))


def test_that_a_corner_drawn_twice_is_a_corner():
    twice = shapely.Polygon([(0, 0), (3, 0), (3, 0), (3, 3), (0, 3)])
    got = walls_of(buildings(("way/1", twice, {"building": "house"}, 2.0)))
    assert lengths(got) == pytest.approx(np.full(4, 3.0))


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=8))
def test_that_the_walls_are_the_outline(corners):
    shape = shapely.convex_hull(shapely.MultiPoint(corners)).buffer(0.5, quad_segs=1, join_style="mitre")
    assume(shape.geom_type == "Polygon" and shape.area > 1.0)
    got = walls_of(buildings(("way/1", shape, {"building": "house"}, 2.0)))
    drawn = shapely.union_all(shapely.linestrings(got.ends_m.reshape(-1, 2, 2)))
    assert shapely.hausdorff_distance(drawn, shape.exterior) == pytest.approx(0.0, abs=1e-6)
    assert lengths(got).sum() == pytest.approx(shape.length, abs=1e-3)  # corners a hair apart are one


def test_that_a_courtyard_has_walls():
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    got = walls_of(buildings(("way/1", ring, {"building": "apartments"}, 2.0)))
    middle = (got.ends_m[:, :2] + got.ends_m[:, 2:]) / 2
    inner = shapely.intersects_xy(shapely.box(10, 10, 20, 20), middle)
    assert lengths(got).sum() == pytest.approx(120 + 40)
    assert lengths(got)[inner].sum() == pytest.approx(40)


@pytest.mark.parametrize("height_m", [0.5, 2.0, 4.5, 4.6, 9.0])
def test_that_a_wall_goes_from_the_ground_to_its_top_with_nothing_left_out(height_m):
    got = walls_of(buildings(("way/1", BOX, {"building": "house"}, height_m)))
    assert got.base_m.tolist() == [0.0] * 4
    assert got.top_m == pytest.approx(np.full(4, height_m))


def test_that_a_wall_drawn_without_height_keeps_so_much_that_it_can_be_seen():
    got = walls_of(buildings(("way/1", BOX, {"building": "house"}, 0.0)))
    assert (got.top_m - got.base_m).min() >= 0.2


def test_that_only_walls_near_are_taken():
    # The south wall, and both sides that begin at its ends.
    got = walls_of(buildings(("way/1", BOX, {"building": "house"}, 2.0)), shapely.box(-1, -1, 11, 0.5))
    assert sorted(got.ends_m[:, [1, 3]].mean(axis=1).tolist()) == [0.0, 5.0, 5.0]
    assert not len(walls_of(buildings(("way/1", BOX, {"building": "house"})), shapely.box(11, 0, 20, 10)))


def test_that_open_ground_is_the_polygon_outside_footprints():
    yard = ("way/9", shapely.box(0, 0, 40, 40), {"amenity": "school"})
    got = walls_of(buildings(("way/1", BOX, {"building": "school"}, 2.0)), places=layer("places", yard))
    (ground,) = got.ground
    assert ground.equals(shapely.box(0, 0, 40, 40).difference(BOX))
    assert got.ground_place.tolist() == got.place[:1].tolist()


def test_that_a_small_ground_is_ground():
    tiny = ("way/9", shapely.box(0.1, 0.1, 1, 1), {"leisure": "playground"})
    got = walls_of(buildings(), places=layer("places", tiny))
    assert shapely.area(got.ground) == pytest.approx([0.81])


def test_that_ground_far_from_every_view_is_left_out():
    yard = ("way/9", shapely.box(0, 0, 40, 40), {"amenity": "school"})
    assert not len(walls_of(buildings(), shapely.box(41, 0, 50, 40), places=layer("places", yard)).ground)


def test_that_each_building_of_a_place_has_its_own_height():
    two = buildings(("way/1", BOX, {"building": "school"}, 2.0), ("way/2", shapely.box(20, 0, 30, 10), {"building": "yes"}, 6.0))
    yard = ("way/9", shapely.box(-5, -5, 35, 15), {"amenity": "school"})
    got = walls_of(two, places=layer("places", yard))
    assert set(got.top_m[got.building == 0]) == {2.0}
    assert set(got.top_m[got.building == 1]) == {6.0}
    assert set(got.place) == {0}


def test_that_nothing_gives_no_walls():
    for got in (protected_walls(()), protected_walls((), BOX)):
        assert (got.ends_m.shape, len(got), len(got.ground)) == ((0, 4), 0, 0)


def test_that_each_wall_has_its_building_on_its_left():
    got = walls_of(buildings(("way/1", BOX, {"building": "house"}, 2.0)))
    inward = np.stack([-got.along[:, 1], got.along[:, 0]], axis=1)
    behind = shapely.points((got.ends_m[:, :2] + got.ends_m[:, 2:]) / 2 + 0.1 * inward)
    assert np.hypot(*got.along.T) == pytest.approx(np.ones(4))
    assert shapely.contains(BOX, behind).all()


def test_that_on_a_shared_wall_each_house_has_its_own_direction():
    tall, low = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)
    got = walls_of(buildings(("way/1", tall, {"building": "house"}, 9.0), ("way/2", low, {"building": "house"}, 3.0)))
    on_it = (got.ends_m[:, [0, 2]] == 10.0).all(axis=1)
    assert set(map(tuple, got.along[on_it & (got.building == 0)].tolist())) == {(0.0, 1.0)}
    assert set(map(tuple, got.along[on_it & (got.building == 1)].tolist())) == {(0.0, -1.0)}
