"""Walls of floor plans, by hand: a room of 10 x 6 m, a partition 4 m from its west wall, and a door 1 m wide in it.

The lens hangs 3 m before the middle of the door. Through it, it sees 0.5 m to each side at the partition and three times
as far, 1.5 m, at the east wall: of the east room a trapezoid of (1 + 3) / 2 * 6 = 12 m2; of the west room all 24 m2.
"""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box
from sight_town import Mount, full_circle, town
from slow_sight import densities_by_lines, fields_by_shadows

from lhasaplan.core.city.building_heights import NO_PLAN, floor_plan, parse_levels
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.sight import densities, explain_points, make_scene, visibility_fields
from lhasaplan.core.sight.obstacles.scene import NO_WALL, open_floor, wall_before

ROOM, STREET = box(0, 0, 10, 6), box(10, 0, 20, 6)
SOUTH, NORTH = LineString([(4, 0), (4, 2.5)]), LineString([(4, 3.5), (4, 6)])
LENS = full_circle(1, 3, 2.0, mount=Mount.INDOOR, own_building=0)


def walls(*shapes, **tags):
    geometry = np.empty(len(shapes), object)
    geometry[:] = list(shapes)
    named = np.array([f"way/{k}" for k in range(len(shapes))] + [None], object)[:-1]
    return Layer("floor_walls", named, geometry, ({"indoor": "wall", **tags},) * len(shapes))


def house(*shapes, **tags):
    buildings = town((ROOM, 0.0, 4.0), (box(30, 0, 40, 6), 0.0, 4.0))
    return replace(make_scene(buildings), floor=floor_plan(walls(*shapes, **tags), buildings))


def area(view, scene):
    (field,) = visibility_fields([view], scene)
    assert field.geometry.is_valid
    assert field.area_m2 == pytest.approx(field.geometry.area)
    return field.area_m2


def seen(view, scene, *points):
    return (densities([view], np.array([(x, y, 1.5) for x, y in points]), scene).toarray()[:, 0] > 0).tolist()


def test_that_through_a_door_a_lens_sees_a_trapezoid_of_the_next_room():
    assert area(LENS, house()) == pytest.approx(60.0)
    assert area(LENS, house(SOUTH, NORTH)) == pytest.approx(24.0 + 12.0)
    assert area(LENS, house(MultiLineString([SOUTH, NORTH]))) == pytest.approx(36.0)


def test_that_a_point_past_the_door_post_is_behind_its_wall_by_name():
    # 8 m east of the lens the door shows 0.5 * 8 / 3 = 1.33 m to each side of y = 3.
    scene, points = house(SOUTH, NORTH), ((9, 4.3), (9, 4.4), (9, 1.7), (9, 1.6), (3.9, 5.9), (12, 3))
    assert seen(LENS, scene, *points) == [True, False, True, False, True, False]
    reasons = explain_points(LENS, np.array([(x, y, 1.5) for x, y in points]), scene)
    reported = [(each.reason, each.blocker_id) for each in reasons]
    assert reported == [
        *(("seen", ""), ("wall", "wall/way/1"), ("seen", ""), ("wall", "wall/way/0"), ("seen", "")),
        ("building", "b0"),  # outside its own footprint
    ]
    assert reasons[1].seen_from_m is None  # it reaches to the ceiling


def test_that_no_shadow_is_lost_where_two_walls_that_meet_are_nearly_in_line_with_the_lens():
    # Six walls in a row in a hall of 30 x 20 m; points every 0.4 m are asked one by one, which unites nothing.
    xs = (7.4012981850478425, 6.158951844551037, 9.297726690067364, 12.618108001252374, 10.764192606960744, 12.447928287580114)
    ys = (
        0.3162082019015173,
        -3.526899844951517,
        -3.8975966937181132,
        -5.014517142861725,
        -2.8896371544149604,
        -2.2202408437303696,
    )
    row = LineString([*zip(xs, ys, strict=True), (11.464556107473804, 0.10702898016368678)])
    hall = town((box(-15, -10, 15, 10), 0.0, 4.0))
    scene = replace(make_scene(hall), floor=floor_plan(walls(row), hall))
    lens = full_circle(9.432892019667278, -5.130038988113096, 2.0, mount=Mount.INDOOR, own_building=0)
    east, north = (line.ravel() for line in np.meshgrid(np.arange(-14.8, 15, 0.4), np.arange(-9.8, 10, 0.4)))
    is_open = wall_before(lens, np.column_stack([east, north]), scene) == NO_WALL
    found = open_floor(lens, scene)
    assert found.area == pytest.approx(0.16 * is_open.sum(), rel=0.02)
    is_in, is_at_edge = (
        shapely.contains_xy(found, east, north),
        shapely.dwithin(found.boundary, shapely.points(east, north), 1e-3),
    )
    assert np.array_equal(is_in[~is_at_edge], is_open[~is_at_edge])


def test_that_the_first_of_two_walls_is_named():
    scene = house(LineString([(8, 0), (8, 6)]), LineString([(4, 0), (4, 6)]))
    (reason,) = explain_points(LENS, np.array([(9.0, 3.0, 1.5)]), scene)
    assert reason.blocker_id == "wall/way/1"


def test_that_the_outline_of_a_room_is_a_wall_all_around():
    cell = box(6, 2, 8, 4)
    # Of the room are hidden the cell and what it shadows: it begins 5 m before the lens, 1 m to each side, and the room
    # ends at 9 m, where the shadow is 1.8 m to each side: (2 + 3.6) / 2 * 4 = 11.2 m2.
    assert area(LENS, house(cell)) == pytest.approx(60.0 - 11.2)
    inside = replace(LENS, x_m=7.0)
    assert area(inside, house(cell)) == pytest.approx(4.0)


def test_that_walls_on_another_level_do_not_hide_and_an_unknown_level_counts():
    upstairs, down = replace(LENS, levels=parse_levels("1")), replace(LENS, levels=parse_levels("0"))
    scene = house(SOUTH, NORTH, level="0-0")
    assert [area(each, scene) for each in (upstairs, down, LENS)] == pytest.approx([60.0, 36.0, 36.0])
    assert seen(upstairs, scene, (9, 5)) == [True]
    assert area(upstairs, house(SOUTH, NORTH)) == pytest.approx(36.0)
    assert area(upstairs, house(SOUTH, NORTH, repeat_on="1;2", level="0")) == pytest.approx(36.0)


def test_that_walls_hide_nothing_from_outdoors_nor_in_another_house():
    scene = house(LineString([(4, 0), (4, 6)]), LineString([(30, 3), (40, 3)]))
    assert set(scene.floor.building.tolist()) == {0, 1}
    outdoors = full_circle(5, -5, 3.0, range_m=60.0)
    assert area(outdoors, scene) == area(outdoors, replace(scene, floor=NO_PLAN))
    assert area(LENS, scene) == pytest.approx(24.0)
    roof = full_circle(5, 3, 8.0, mount=Mount.ROOF, own_building=0)
    assert area(roof, scene) == area(roof, replace(scene, floor=NO_PLAN))


def test_that_a_wall_counts_in_each_house_that_it_runs_through_and_nowhere_else():
    plan = floor_plan(walls(LineString([(-5, 3), (45, 3)]), LineString([(0, 20), (9, 20)]), Point(5, 3)), house().buildings)
    assert plan.building.tolist() == [0, 1]
    assert plan.walls_m.tolist() == [[0, 3, 10, 3], [30, 3, 40, 3]]


def test_that_the_middle_line_of_a_corridor_is_no_wall():
    layer = walls(LineString([(4, 0), (4, 6)]), Polygon([(6, 2), (8, 2), (8, 4)]), indoor="corridor")
    assert len(floor_plan(layer, house().buildings)) == 3


def test_that_a_lens_on_a_wall_looks_to_both_sides():
    assert area(replace(LENS, x_m=4.0), house(LineString([(4, 0), (4, 6)]))) == pytest.approx(60.0)


def test_that_masks_and_bands_follow_the_walls():
    (field,) = visibility_fields([LENS], house(SOUTH, NORTH))
    together = shapely.union_all([band for _, band in field.bands])
    assert shapely.symmetric_difference(together, field.geometry).area == pytest.approx(0.0, abs=1e-6)
    half = replace(LENS, mask_sector_deg=((0.0, 180.0),))  # all that is east of the lens
    assert area(half, house(SOUTH, NORTH)) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("0", {0}),
        ("-1", {-1}),
        ("0;1", {0, 1}),
        ("-2--1", {-2, -1}),
        ("0-2", {0, 1, 2}),
        ("", set()),
        ("G", set()),
        ("3-1", set()),
    ],
)
def test_that_levels_are_read_as_openstreetmap_writes_them(text, levels):
    assert parse_levels(text) == levels


def is_hidden(lens, point, wall):
    """Tell whether a wall stands between, by orientation of three points, in plain Python."""

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    a, b = wall
    return side(lens, point, a) * side(lens, point, b) < 0 and side(a, b, lens) * side(a, b, point) < 0


tenths = st.integers(1, 99)
spots = st.tuples(tenths, st.integers(1, 59)).map(lambda xy: (xy[0] / 10 + 0.0123, xy[1] / 10 + 0.0071))


@given(
    spots,
    st.lists(st.tuples(spots, spots).filter(lambda ab: ab[0] != ab[1]), max_size=6),
    st.lists(spots, min_size=1, max_size=30),
)
def test_that_polygon_matrix_and_plain_lines_agree_behind_any_walls(place, drawn, points):
    lens = replace(LENS, x_m=place[0] + 0.031, y_m=place[1] + 0.017)
    scene = house(*(LineString(ab) for ab in drawn))
    xyz = np.array([(x + 0.0037, y + 0.0049, 1.5) for x, y in points])
    plain = [not any(is_hidden((lens.x_m, lens.y_m), xy, ab) for ab in drawn) for xy in xyz[:, :2].tolist()]
    assert (densities([lens], xyz, scene).toarray()[:, 0] > 0).tolist() == plain
    assert (densities_by_lines([lens], xyz, scene).toarray()[:, 0] > 0).tolist() == plain
    assert [each.reason == "seen" for each in explain_points(lens, xyz, scene)] == plain
    for field in (*visibility_fields([lens], scene), *fields_by_shadows([lens], scene)):
        near_edge = shapely.distance(field.geometry.boundary, shapely.points(xyz[:, :2])) < 1e-3
        in_field = shapely.intersects_xy(field.geometry, xyz[:, :2])
        assert ((in_field == np.array(plain)) | near_edge).all()
