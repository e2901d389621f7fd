"""The measure of demand before protected places: half of their walls and doors, whoever draws what round them."""

import itertools

import numpy as np
import pytest
import shapely
from amounts import some_by_day
from places_town import KINDS, as_layer, buildings, layer, part

from lhasaplan.core.demand.before_walls import REACH_M, Meetings
from lhasaplan.core.demand.guard import BEFORE_WALLS, guard_parts
from lhasaplan.core.demand.neighbourhood import footprint
from lhasaplan.core.demand.outdoor_parts import Granted
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected

CITY = shapely.box(-3000, -3000, 3000, 3000)
SQUARE = shapely.box(0, 0, 40, 40)
# One tag for each kind that has a building or a ground; drawn places as users draw them.
KINDS_OF_PLACE = {
    "dwelling": {"building": "apartments"},
    "care_home": {"building": "yes", "amenity": "nursing_home"},
    "worship": {"building": "mosque"},
    "health": {"building": "hospital"},
    "shelter": {"building": "yes", "social_facility": "shelter"},
    "counselling": {"building": "yes", "healthcare": "psychotherapist"},
    "press": {"building": "yes", "office": "newspaper"},
    "civic_office": {"building": "yes", "office": "political_party"},
    "help_office": {"building": "yes", "office": "employment_agency"},
    "polling_place": {"building": "yes", "amenity": "polling_station"},
    "school": {"building": "school"},
    "bath": {"building": "bathhouse"},
    "toilets": {"building": "toilets"},
    "hotel": {"building": "hotel"},
    "cemetery": {"building": "crematorium"},
    "likely": {"building": "yes", "addr:housenumber": "4"},
    "unknown": {"building": "yes"},
}


def town(tags, **layers):
    houses = buildings(("way/1", SQUARE, tags))
    every = {"buildings": as_layer(houses), **layers}
    return ProtectedGround(find_protected(every, houses, KINDS)), every


def judged(shapes, ground, every):
    parts = [part(shape, part_id=str(n), source="hand") for n, shape in enumerate(shapes)]
    return guard_parts(parts, ground, CITY, granted=Granted(every))


def shares_met(shapes, outline=SQUARE):
    """The share of each side's length within 15 m of demand that lies before it, by points of 0.25 m: slower and wider."""
    demand = shapely.union_all(shapes)
    sides = list(itertools.pairwise(shapely.get_coordinates(outline.exterior)))
    met = []
    for start, end in sides:
        along = (end - start) / np.hypot(*(end - start))
        outward = np.array([along[1], -along[0]]) if outline.exterior.is_ccw else np.array([-along[1], along[0]])
        for k in np.arange(0.125, np.hypot(*(end - start)), 0.25):
            at = start + k * along
            turn = np.arctan2(outward[1], outward[0]) + np.radians(np.linspace(-60, 60, 13))
            rim = at + (REACH_M - 0.7) * np.column_stack([np.cos(turn), np.sin(turn)])
            met.append(shapely.intersects(shapely.Polygon([at, *rim]), demand))
    return float(np.mean(met))


@pytest.mark.parametrize("kind", KINDS_OF_PLACE)
@pytest.mark.parametrize("away_m", [1.1, 4.0, 9.0, 13.0])
def test_that_strips_off_all_walls_are_never_confirmed_together(kind, away_m):
    ground, every = town(KINDS_OF_PLACE[kind])
    near, far = -away_m - 2, 40 + away_m
    strips = [
        shapely.box(near, near, 40 - near, near + 2),
        shapely.box(near, far, 40 - near, far + 2),
        shapely.box(near, near + 2, near + 2, far),
        shapely.box(far, near + 2, far + 2, far),
    ]
    result = judged(strips, ground, every)
    assert BEFORE_WALLS in {template for _, template, _ in result.refused}
    assert not result.allowed or shares_met([each.geometry for each in result.allowed]) <= 0.5


@pytest.mark.parametrize("kind", KINDS_OF_PLACE)
# By day each kind of place is attacked once.
@pytest.mark.parametrize("seed", some_by_day(range(3), {0}))
def test_that_no_attacker_who_lays_parts_at_random_meets_more_than_half_of_a_place(kind, seed):
    ground, every = town(KINDS_OF_PLACE[kind])
    rng = np.random.default_rng(seed)
    at, size = rng.uniform(-22, 62, (60, 2)), rng.uniform(0.8, 9.0, (60, 2))
    shapes = [shapely.box(*low, *(low + wide)) for low, wide in zip(at, size, strict=True)]
    result = judged([shape for shape in shapes if not shape.intersects(SQUARE)], ground, every)
    assert not result.allowed or shares_met([each.geometry for each in result.allowed]) <= 0.5


@pytest.mark.parametrize("kind", ["dwelling", "worship", "shelter", "civic_office"])
def test_that_no_greedy_attacker_meets_more_than_half_of_a_place_from_streets_on_all_sides(kind):
    """Streets lie on all four sides, so that nothing is off the street; he keeps whatever the guard lets stand."""
    lines = [[(-9, -30), (-9, 70)], [(49, -30), (49, 70)], [(-30, -9), (70, -9)], [(-30, 49), (70, 49)]]
    roads = layer("roads", *((f"way/{n}", shapely.LineString(xy), {"highway": "primary"}) for n, xy in enumerate(lines)))
    ground, every = town(KINDS_OF_PLACE[kind], roads=roads)
    kept = []
    for side, step in itertools.product(range(4), range(0, 40, 8)):
        low = [(step, -11), (step, 47), (-11, step), (47, step)][side]
        strip = shapely.box(*low, low[0] + (6 if side < 2 else 4), low[1] + (4 if side < 2 else 6))
        if len(judged([*kept, strip], ground, every).allowed) == len(kept) + 1:
            kept.append(strip)
    assert len(kept) > 2 or kind == "worship"  # whose square the streets are
    assert not kept or shares_met(kept) <= 0.5


def test_that_a_crossing_before_a_corner_house_may_be_first_and_the_next_is_refused():
    """A house between two neighbours, 8 m wide and 8 m deep, shows 8 m to the street and 8 m to the court."""
    row = [(f"way/{n}", shapely.box(8 * n, 0, 8 * n + 8, 8), {"building": "house"}) for n in range(5)]
    houses = buildings(*row)
    line = shapely.LineString([(-40, -9), (80, -9)])
    every = {"buildings": as_layer(houses), "roads": layer("roads", ("way/9", line, {"highway": "residential"}))}
    ground = ProtectedGround(find_protected(every, houses, KINDS))
    before, behind = shapely.box(17, -12, 23, -6), shapely.box(17, 9, 23, 11)
    assert judged([before], ground, every).refused == ()
    assert [template for _, template, _ in judged([before, behind], ground, every).refused] == [BEFORE_WALLS]


@pytest.mark.parametrize(("wide_m", "deep_m", "off_m"), [(3.0, 1.9, 1.2), (6.0, 2.0, 1.1), (2.0, 2.0, 4.0)])
def test_that_mats_before_the_doors_of_a_row_are_no_demand_in_one_part_or_in_many(wide_m, deep_m, off_m):
    row = [(f"way/{n}", shapely.box(14 * n, 0, 14 * n + 10, 8), {"building": "house"}) for n in range(10)]
    houses = buildings(*row)
    doors = layer("doors", *((f"node/{n}", shapely.Point(14 * n + 5, 0), {"entrance": "yes"}) for n in range(10)))
    every = {"buildings": as_layer(houses), "doors": doors}
    ground = ProtectedGround(find_protected(every, houses, KINDS))
    mats = [shapely.box(14 * n + 5 - wide_m / 2, -off_m - deep_m, 14 * n + 5 + wide_m / 2, -off_m) for n in range(10)]
    assert judged(mats, ground, every).allowed == ()
    assert judged([shapely.MultiPolygon(mats)], ground, every).allowed == ()


@pytest.mark.parametrize("tags", [{}, {"leisure": "garden", "access": "private"}, {"highway": "service", "service": "driveway"}])
def test_that_the_court_between_blocks_of_flats_is_no_demand_whatever_it_is_mapped_as(tags):
    sides = [shapely.box(0, -12, 38, 0), shapely.box(0, 38, 38, 50), shapely.box(-12, 0, 0, 38), shapely.box(38, 0, 50, 38)]
    houses = buildings(*((f"way/{n}", shape, {"building": "apartments"}) for n, shape in enumerate(sides)))
    every = {"buildings": as_layer(houses), "areas": layer("areas", ("way/9", shapely.box(0, 0, 38, 38), tags))}
    ground = ProtectedGround(find_protected(every, houses, KINDS))
    assert judged([shapely.box(0, 0, 38, 38)], ground, every).allowed == ()
    pieces = [shapely.box(x, y, x + 6, y + 6) for x in range(1, 36, 6) for y in range(1, 36, 6)]
    assert all(each.geometry.distance(wall) > 11 for each in judged(pieces, ground, every).allowed for wall in sides)


def test_that_a_ground_without_a_building_has_the_walls_of_its_edge():
    yard = layer("places", ("way/5", SQUARE, {"leisure": "playground"}))
    ground = ProtectedGround(find_protected({"places": yard}, buildings(), KINDS))
    ring = [shapely.box(-6, -6, 46, -2), shapely.box(-6, 42, 46, 46), shapely.box(-6, -2, -2, 42), shapely.box(42, -2, 46, 42)]
    assert judged(ring, ground, {"places": yard}).allowed == ()


def test_that_a_wall_across_the_carriageway_is_no_door_of_an_apron():
    """A hall at y = 14 and flats at y = 0: the half disc before the hall's door lies 11 m from them, a street between."""
    flats, hall = shapely.box(0, -12, 40, 0), shapely.box(0, 14, 40, 30)
    houses = buildings(("way/1", flats, {"building": "apartments"}), ("way/2", hall, {"building": "civic"}))
    roads = layer("roads", ("way/9", shapely.LineString([(-40, 7), (80, 7)]), {"highway": "residential"}))
    doors = layer("doors", ("node/1", shapely.Point(20, 0), {"entrance": "yes"}))
    every = {"buildings": as_layer(houses), "roads": roads, "doors": doors}
    ground = ProtectedGround(find_protected(every, houses, KINDS))
    apron = part(shapely.box(17, 11, 23, 14), kind="apron", source="way/2")
    assert guard_parts([apron], ground, CITY, granted=Granted(every)).refused == ()
    without = {name: each for name, each in every.items() if name != "roads"}
    assert guard_parts([apron], ground, CITY, granted=Granted(without)).allowed == ()


def test_that_meetings_count_the_metres_that_the_slow_way_counts():
    ground, every = town(KINDS_OF_PLACE["dwelling"])
    shapes = [shapely.box(10, -9, 16, -5), shapely.box(44, 20, 48, 26)]
    parts = [part(shape, source="hand") for shape in shapes]
    meetings = Meetings(parts, ground, every)
    met = np.unique(np.concatenate([meetings.pieces_of(0), meetings.pieces_of(1)]))
    assert 0.45 > len(met) / 160 >= shares_met([footprint(each) for each in parts]) > 0.2
