"""Demand points: a half disc at 1 m, a line by 4 m, ground by its grid, never on protected ground."""

import numpy as np
import pytest
import shapely
from places_town import BOX, KINDS, buildings, layer, part

from lhasaplan.core.demand.neighbourhood import extent_m, grid_points, half_disc, is_longer, outward_at, split
from lhasaplan.core.demand.outdoor_parts import part_points, sample_demand
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected

NOWHERE = ProtectedGround(())
YARD = ProtectedGround(find_protected({"places": layer("places", ("way/1", BOX, {"leisure": "playground"}))}, buildings(), KINDS))


def test_that_a_line_of_40_m_has_10_points_of_4_m():
    demand = sample_demand([part(shapely.LineString([(0, 0), (40, 0)]), "line")], NOWHERE)
    assert demand.xyz_m[:, 0].tolist() == [2.0, 6.0, 10.0, 14.0, 18.0, 22.0, 26.0, 30.0, 34.0, 38.0]
    assert demand.weight.tolist() == [4.0] * 10
    assert set(demand.xyz_m[:, 2]) == {1.5}


def test_that_a_line_that_is_no_multiple_of_the_spacing_is_cut_evenly():
    _, weights = part_points(part(shapely.LineString([(0, 0), (10, 0)]), "line"))
    assert weights == pytest.approx([10 / 3] * 3)


def test_that_an_area_of_40_by_20_m_has_50_points_of_16_m2():
    points, weights = part_points(part(shapely.box(0, 0, 40, 20)))
    assert len(points) == 50
    assert weights.tolist() == [16.0] * 50


def test_that_a_part_keeps_the_spacing_of_its_category():
    points, _ = part_points(part(shapely.box(0, 0, 30, 30), spacing_m=3.0))
    assert len(points) == 100


def test_that_a_small_area_has_one_point_with_all_its_weight():
    points, weights = part_points(part(shapely.box(0.1, 0.1, 1.1, 1.1)))
    assert len(points) == 1
    assert weights == pytest.approx([1.0])


def test_that_the_half_disc_lies_before_the_door_and_not_behind_it():
    disc = half_disc(shapely.Point(10, 5), outward_at(BOX, shapely.Point(10, 5)))
    assert disc.area == pytest.approx(np.pi * 9 / 2, rel=0.01)
    assert disc.intersection(BOX).area == pytest.approx(0.0, abs=1e-6)


def test_that_a_door_in_a_corner_looks_out_diagonally():
    assert outward_at(BOX, shapely.Point(10, 10)) == pytest.approx([0.5**0.5, 0.5**0.5], abs=0.01)


def test_that_a_half_disc_is_sampled_at_1_m():
    points, weights = part_points(part(half_disc(shapely.Point(0, 0), np.array([0.0, 1.0])), "point"))
    # Grid middles (±0.5, ±1.5, ±2.5; 0.5, 1.5, 2.5) within 3 m: columns of 3, 3, 2 points... (2.5, 2.5) and no more lie outside.
    inside = [(x, y) for x in (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5) for y in (0.5, 1.5, 2.5) if x * x + y * y < 9]
    assert sorted(map(tuple, points.tolist())) == sorted(inside)
    assert weights.sum() == pytest.approx(np.pi * 9 / 2, rel=0.01)


def test_that_points_on_protected_ground_are_dropped_with_their_weight():
    demand = sample_demand([part(shapely.box(8, 0, 24, 8))], YARD)
    # Grid columns at 10 (the edge counts as protected), 14, 18, 22; the first of four is lost.
    assert sorted(set(demand.xyz_m[:, 0])) == [14.0, 18.0, 22.0]
    assert demand.weight.sum() == pytest.approx(0.75 * 16 * 8)


def test_that_a_part_that_loses_more_than_half_has_no_points():
    assert len(sample_demand([part(shapely.box(0, 0, 14, 8))], YARD).weight) == 0


def test_that_points_inside_a_footprint_are_no_demand():
    office = buildings(("way/1", BOX, {"building": "office"}))
    demand = sample_demand([part(shapely.box(4, 0, 24, 8))], NOWHERE, office)
    assert demand.xyz_m[:, 0].min() > 10 - 1e-9


def test_that_part_numbers_point_to_parts():
    demand = sample_demand([part(shapely.box(0, 0, 4, 4)), part(shapely.box(0, 0, 8, 4), target_height_m=0.5)], NOWHERE)
    assert demand.part.tolist() == [0, 1, 1]
    assert demand.xyz_m[:, 2].tolist() == [1.5, 0.5, 0.5]


def test_that_no_parts_give_no_points():
    assert sample_demand([], NOWHERE).xyz_m.shape == (0, 3)


def test_that_the_grid_is_anchored_to_the_ground_and_not_to_the_shape():
    assert grid_points(shapely.box(1, 1, 9, 9), 4.0).tolist() == grid_points(shapely.box(0, 0, 9, 9), 4.0)[[0, 1, 2, 3]].tolist()


def test_that_a_platform_of_450_m_is_split_into_three_of_150():
    assert [piece.length for piece in split(shapely.LineString([(0, 0), (300, 0), (300, 150)]))] == pytest.approx([150.0] * 3)


def test_that_a_split_line_keeps_its_corners():
    bent = shapely.LineString([(0, 0), (100, 0), (100, 100), (250, 100)])
    assert shapely.union_all(split(bent)).equals(bent)


def test_that_a_long_area_is_split_across_its_length():
    slanted = shapely.affinity.rotate(shapely.box(0, 0, 500, 30), 30)
    pieces = split(slanted)
    assert len(pieces) == 3
    assert sum(piece.area for piece in pieces) == pytest.approx(15000.0)
    assert max(extent_m(piece) for piece in pieces) < 200.0


@pytest.mark.parametrize("turned_deg", [0.0, 30.0, 45.0, 60.0])
def test_that_a_part_is_longer_only_if_its_longest_side_is(turned_deg):
    # A bar of 80 m by 30 m: turned, the upright rectangle round it is longer from corner to corner than the bar.
    bar = shapely.affinity.rotate(shapely.box(0, 0, 80, 30), turned_deg)
    assert [is_longer(bar, most_m) for most_m in (79.9, 80.1, 85.0, 120.0)] == [True, False, False, False]


def test_that_a_winding_line_is_as_long_as_its_way():
    assert is_longer(shapely.LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 1)]), 38.9)
