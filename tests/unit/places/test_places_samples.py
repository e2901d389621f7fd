"""Samples stand every 2 m before each wall, one above the other by storey, and on open ground every 4 m."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from places_town import BOX, KINDS, buildings, layer

from lhasaplan.core.protection.places import find_protected, sample_protected


def samples(houses, near=None, **layers):
    return sample_protected(find_protected(layers, houses, KINDS), near)


def test_that_a_house_of_10_by_10_m_has_20_stretches_of_2_m():
    got = samples(buildings(("way/1", BOX, {"building": "house"}, 2.0)))
    assert len(got.length_m) == 20
    assert got.length_m == pytest.approx(np.full(20, 2.0))


def test_that_each_wall_has_its_own_stretches():
    # 7 m by 1 m: each long wall four stretches of 1.75 m, each short one a stretch of 1 m.
    got = samples(buildings(("way/1", shapely.box(0, 0, 7, 1), {"building": "house"}, 2.0)))
    assert sorted(got.length_m.tolist()) == pytest.approx([1.0] * 2 + [1.75] * 8)


def test_that_a_wall_may_bend_where_it_is_drawn_as_a_curve():
    # A tower drawn with 60 corners turns by 6 degrees at each; radius 10: 120 * 10 * sin 3 = 62.80 m, 32 stretches.
    turn = np.radians(np.arange(0, 360, 6))
    tower = shapely.Polygon(10 * np.stack([np.cos(turn), np.sin(turn)], axis=1))
    got = samples(buildings(("way/1", tower, {"building": "house"}, 2.0)))
    assert got.length_m == pytest.approx(np.full(32, 120 * 10 * np.sin(np.radians(3)) / 32))


def test_that_a_corner_drawn_twice_is_a_corner():
    twice = shapely.Polygon([(0, 0), (3, 0), (3, 0), (3, 3), (0, 3)])
    got = samples(buildings(("way/1", twice, {"building": "house"}, 2.0)))
    assert got.length_m == pytest.approx(np.full(8, 1.5))


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=8))
def test_that_both_ends_of_a_stretch_lie_on_its_wall(corners):
    shape = shapely.convex_hull(shapely.MultiPoint(corners)).buffer(0.5, quad_segs=1, join_style="mitre")
    assume(shape.geom_type == "Polygon" and shape.area > 1.0)
    got = samples(buildings(("way/1", shape, {"building": "house"}, 2.0)))
    outward = np.stack([got.direction[:, 1], -got.direction[:, 0]], axis=1)
    for end in (-0.5, 0.5):
        at = got.xyz_m[:, :2] - 0.05 * outward + end * got.length_m[:, None] * got.direction
        # Edges may bend by 10 degrees and go on: an end then lies up to 2 m sin 10 beside the outline.
        assert (shapely.distance(shapely.points(at), shape.exterior) < 2.0 * np.sin(np.radians(10.0))).all()
    assert got.length_m.sum() == pytest.approx(shape.length)


def test_that_samples_stand_5_cm_before_the_wall():
    got = samples(buildings(("way/1", BOX, {"building": "house"})))
    points = shapely.points(got.xyz_m[:, :2])
    assert shapely.distance(points, BOX) == pytest.approx(np.full(len(points), 0.05))


def test_that_samples_of_a_courtyard_stand_in_the_courtyard():
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    got = samples(buildings(("way/1", ring, {"building": "apartments"}, 2.0)))
    inner = shapely.contains_xy(shapely.box(10, 10, 20, 20), got.xyz_m[:, :2])
    assert got.length_m.sum() == pytest.approx(120 + 40)
    assert got.length_m[inner].sum() == pytest.approx(40)


@pytest.mark.parametrize(
    ("height_m", "levels"), [(1.0, [0.5]), (2.0, [1.5]), (4.5, [1.5]), (4.6, [1.5, 4.5]), (9.0, [1.5, 4.5, 7.5])]
)
def test_that_storeys_are_3_m_apart_and_below_the_top(height_m, levels):
    got = samples(buildings(("way/1", BOX, {"building": "house"}, height_m)))
    assert sorted(set(got.xyz_m[:, 2].round(6))) == levels


def test_that_samples_above_each_other_share_a_column():
    got = samples(buildings(("way/1", BOX, {"building": "house"}, 9.0)))
    assert len(set(got.column)) == 20
    for column in range(20):
        here = got.xyz_m[got.column == column]
        assert np.ptp(here[:, :2], axis=0) == pytest.approx([0, 0])
        assert sorted(here[:, 2]) == [1.5, 4.5, 7.5]


def test_that_only_samples_near_are_made():
    got = samples(buildings(("way/1", BOX, {"building": "house"}, 2.0)), shapely.box(-1, -1, 11, 0.5))
    assert len(got.length_m) == 5  # the south wall alone; the first stretch of each side lies at 1 m


def test_that_open_ground_is_sampled_by_a_4_m_grid_outside_footprints():
    yard = ("way/9", shapely.box(0, 0, 40, 40), {"amenity": "school"})
    got = samples(buildings(("way/1", BOX, {"building": "school"}, 2.0)), places=layer("places", yard))
    ground = got.surface == "ground"
    # 100 grid points lie in 40 m by 40 m; those at 2, 6 and 10 m, nine of them, in the building or on its wall.
    assert ground.sum() == 91
    assert (got.xyz_m[ground, 2] == 1.5).all()
    assert (got.length_m[ground] == 0).all()
    assert (got.building[ground] == -1).all()
    assert len(set(got.column)) == 20 + 91


def test_that_a_ground_smaller_than_the_grid_has_one_sample():
    tiny = ("way/9", shapely.box(0.1, 0.1, 1, 1), {"leisure": "playground"})
    assert len(samples(buildings(), places=layer("places", tiny)).place) == 1


def test_that_each_building_of_a_place_has_its_own_height():
    two = buildings(("way/1", BOX, {"building": "school"}, 2.0), ("way/2", shapely.box(20, 0, 30, 10), {"building": "yes"}, 6.0))
    yard = ("way/9", shapely.box(-5, -5, 35, 15), {"amenity": "school"})
    got = samples(two, places=layer("places", yard))
    assert set(got.xyz_m[got.building == 0, 2]) == {1.5}
    assert set(got.xyz_m[got.building == 1, 2]) == {1.5, 4.5}


def test_that_nothing_gives_no_samples():
    assert sample_protected(()).xyz_m.shape == (0, 3)
    assert sample_protected((), BOX).xyz_m.shape == (0, 3)


def test_that_each_sample_knows_its_own_wall_with_the_building_on_its_left():
    got = samples(buildings(("way/1", BOX, {"building": "house"}, 2.0)))
    outward = np.stack([got.direction[:, 1], -got.direction[:, 0]], axis=1)
    behind = shapely.points(got.xyz_m[:, :2] - 0.1 * outward)
    assert np.hypot(*got.direction.T) == pytest.approx(np.ones(len(got.place)))
    assert shapely.contains(BOX, behind).all()


def test_that_on_a_shared_wall_each_house_has_its_own_direction():
    tall, low = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)
    got = samples(buildings(("way/1", tall, {"building": "house"}, 9.0), ("way/2", low, {"building": "house"}, 3.0)))
    on_it = np.abs(got.xyz_m[:, 0] - 10.0) < 0.1
    assert set(map(tuple, got.direction[on_it & (got.building == 0)].tolist())) == {(0.0, 1.0)}
    assert set(map(tuple, got.direction[on_it & (got.building == 1)].tolist())) == {(0.0, -1.0)}
