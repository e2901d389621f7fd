"""What is in view along lines, on streets and on paths: metres worked out by hand, a second way that shares nothing, and laws.

The camera of these towns looks north from 4 m, level, 1920 x 1080 px at 68 degrees: f = 1423.3 px, the picture reaches 20.78
degrees below the horizon. A head at 1.5 m comes into it 2.5 / tan 20.78 = 6.59 m ahead, and has 250, 125, 62.5 and 25 px/m as far
as 5.69, 11.39, 22.77 and 56.93 m ahead.
"""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import samples
import shapely
from amounts import some_by_day
from answers_town import SHED, X0, Y0, bare_camera, box, camera, house, layer, reference_data, town
from slow_sight import densities_by_lines

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.along_lines import WALK_STEP_M, as_row, look_along, pieces_of, walk_along
from lhasaplan.core.exposure.streets_in_view import Journey, WalkingNetwork, is_walked, paths_on_foot, streets_in_view
from lhasaplan.core.exposure.who_sees import spot_scenes
from lhasaplan.core.model.camera import Basis, Status
from lhasaplan.errors import InputError
from lhasaplan.workflow.answers import audit_context

FOCAL_PX = 960.0 / math.tan(math.radians(34.0))
NEAR_M, FAR_M = 2.5 / (540.0 / FOCAL_PX), FOCAL_PX / 25.0


def line(*places):
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in places])


def lines(*some):
    return np.array([line(*each) for each in some], object)


def road(number, *places, **tags):
    return f"way/{number}", line(*places), {"highway": "residential", **tags}


def city(project):
    return make_context(project, reference_data(), with_planned=False)


def walked(project, *some, **how):
    return walk_along(city(project), lines(*some), sums_only=False, **how)


def ends(walk):
    return [(each.state, round(each.from_m, 2), round(each.to_m, 2)) for each in walk.stretches]


# A walk along and across the cone of one camera.


def test_that_a_walk_along_the_axis_is_in_view_from_the_blind_zone_to_the_last_density():
    walk = walked(town(SHED, cameras=[camera()]), [(0, -10), (0, 70)])
    assert walk.lengths.length_m == pytest.approx(80.0)
    assert walk.lengths.certain_m == pytest.approx(FAR_M - NEAR_M, abs=WALK_STEP_M)  # 56.93 - 6.59
    assert walk.lengths.none_m == pytest.approx(80.0 - (FAR_M - NEAR_M), abs=WALK_STEP_M)
    assert [each.certain_px_m for each in walk.stretches] == [125.0, 62.5, 25.0]
    edges = [each.from_m - 10.0 for each in walk.stretches] + [walk.stretches[-1].to_m - 10.0]
    assert edges == pytest.approx([NEAR_M, FOCAL_PX / 125.0, FOCAL_PX / 62.5, FAR_M], abs=WALK_STEP_M / 2)


def test_that_a_walk_across_the_cone_is_in_view_as_wide_as_the_picture_is():
    walk = walked(town(SHED, cameras=[camera()]), [(-40, 20), (40, 20)])
    assert walk.lengths.certain_m == pytest.approx(2 * 20.0 * math.tan(math.radians(34.0)), abs=WALK_STEP_M)  # 26.98
    assert walk.lengths.certain_by_class_m[1] == walk.lengths.certain_m  # 1423.3 / 20 = 71.2 px/m


def test_that_a_house_hides_what_lies_behind_it():
    hidden = town(SHED, house(1, -30, 30, 30, 34), cameras=[camera()])
    walk = walked(hidden, [(0, 0), (0, 29.5)], [(-15, 40), (15, 40)])
    assert walk.lengths.certain_m == pytest.approx(29.5 - NEAR_M, abs=WALK_STEP_M)
    assert {each.line for each in walk.stretches} == {1}


def test_that_each_stretch_is_drawn_where_it_is_with_its_bends():
    bent = [(-40, 20), (0, 20), (0, 40)]
    walk = walked(town(SHED, cameras=[camera()]), [(0, -5), (0, -1)], bent)
    assert [each.line for each in walk.stretches] == [2] * len(walk.stretches)
    for each, shape in zip(walk.stretches, walk.shapes, strict=True):
        assert shape.length == pytest.approx(each.to_m - each.from_m)
        assert line(*bent).buffer(1e-6).covers(shape)
    drawn = shapely.line_merge(shapely.union_all(walk.shapes))
    assert shapely.get_coordinates(drawn)[0] == pytest.approx((X0 - 13.49, Y0 + 20.0), abs=WALK_STEP_M)
    assert shapely.get_coordinates(drawn)[-1] == pytest.approx((X0, Y0 + 40.0))


def test_that_time_is_length_by_speed():
    walk = walked(town(SHED, cameras=[camera()]), [(0, -10), (0, 70)], speed_km_h=3.6)
    assert walk.seconds(walk.lengths.length_m) == pytest.approx(80.0)


def test_that_a_camera_of_which_only_the_place_is_known_makes_a_walk_possible():
    walk = walked(town(SHED, cameras=[camera(), bare_camera("b", 0, 20)]), [(0, 10), (0, 30)])
    assert {(each.certain, each.possible) for each in walk.stretches} >= {(("c1",), ("b",))}
    assert walked(town(SHED, cameras=[bare_camera("b", 0, 20)]), [(0, 22), (0, 24)]).lengths.possible_m == pytest.approx(2.0)


def test_that_a_walk_tells_how_many_metres_each_camera_has():
    both = [camera(), camera("c2", y=40.0, azimuth=180.0)]
    walk = walked(town(SHED, house(1, -30, 60, 30, 64), cameras=both), [(0, -5), (0, 45)])
    by_id = {each.camera_id: each for each in walk.cameras}
    assert by_id["c1"].certain_m == pytest.approx(45.0 - NEAR_M, abs=WALK_STEP_M)
    assert by_id["c2"].certain_m == pytest.approx(45.0 - NEAR_M, abs=WALK_STEP_M)
    assert by_id["c1"].highest_px_m == pytest.approx(FOCAL_PX / NEAR_M, abs=5.0)


def test_that_ground_without_a_building_near_is_not_mapped_and_counted_apart():
    walk = walked(town(house(1, 0, 300, 10, 310), cameras=[camera()]), [(0, 10), (0, 30)])
    assert walk.lengths.not_mapped_m == pytest.approx(20.0)
    assert walk.lengths.bare_in_view_m == pytest.approx(20.0)
    assert walk.lengths.certain_m == 0.0
    assert ends(walk)[0][0] == "not_mapped"


def test_that_a_planned_camera_and_one_that_is_gone_see_nothing():
    some = [camera("p", status=Status.PLANNED), camera("r", status=Status.REMOVED)]
    assert walked(town(SHED, cameras=some), [(0, 0), (0, 50)]).lengths.none_m == pytest.approx(50.0)


# A second way: lines of sight by shapely, point by point, with nothing of the program in it.


def sees(eye, azimuth_deg, head, houses):
    """Say whether a level camera of these towns has a head in view at 25 px/m, by plain trigonometry and shapely."""
    east, north = head[0] - eye[0], head[1] - eye[1]
    turn = math.radians(azimuth_deg)
    ahead, aside = north * math.cos(turn) + east * math.sin(turn), east * math.cos(turn) - north * math.sin(turn)
    drop_m = 4.0 - 1.5
    if ahead <= 0.0 or math.hypot(east, north) > 60.0 or FOCAL_PX / ahead < 25.0:
        return False
    if abs(aside) / ahead > 960.0 / FOCAL_PX or drop_m / ahead > 540.0 / FOCAL_PX:
        return False
    way = shapely.LineString([eye, head])
    for _, ground, tags in houses:
        within = way.intersection(ground)
        if within.length > 1e-6:
            last_m = max(way.project(shapely.Point(xy)) for xy in shapely.get_coordinates(within))
            if 4.0 - drop_m * last_m / way.length < float(tags["height"]):
                return False
    return True


def random_town(seed):
    dice = np.random.default_rng(seed)
    houses = []
    for number in range(14):
        low = dice.uniform(-70.0, 70.0, 2)
        houses.append(house(number, *low, *(low + dice.uniform(4.0, 18.0, 2)), height=round(dice.uniform(1.0, 9.0), 1)))
    built = shapely.union_all([each[1] for each in houses])
    spots = [xy for xy in dice.uniform(-60.0, 60.0, (60, 2)) if built.distance(shapely.Point(X0 + xy[0], Y0 + xy[1])) > 1.5][:6]
    cameras = [camera(f"c{n}", x, y, azimuth=float(dice.uniform(0.0, 360.0))) for n, (x, y) in enumerate(spots)]
    walks = [tuple(map(tuple, dice.uniform(-70.0, 70.0, (4, 2)))) for _ in range(2)]
    return houses, cameras, walks


@pytest.mark.parametrize("seed", some_by_day(range(12), (0, 1)))
def test_that_a_walk_is_what_lines_of_sight_every_quarter_metre_say(seed):
    houses, cameras, walks = random_town(seed)
    walk = walked(town(*houses, cameras=cameras), *walks)
    pieces = pieces_of(lines(*walks), 0.25)
    seen = [
        any(sees((c.x_m, c.y_m), c.azimuth_deg, tuple(xy), houses) for c in cameras) and not inside(xy, houses)
        for xy in pieces.xy_m
    ]
    slow_m = float(pieces.length_m[np.array(seen, bool)].sum())
    assert slow_m > 20.0
    assert walk.lengths.certain_m == pytest.approx(slow_m, abs=0.5)


def inside(xy, houses):
    return any(float(tags["height"]) > 1.5 and ground.contains(shapely.Point(xy)) for _, ground, tags in houses)


@pytest.mark.parametrize("sample", some_by_day(("hilltown", "helsinki"), ("hilltown",)))
def test_that_walks_through_a_sample_are_what_the_slow_method_sees_at_each_place(sample):
    """Lenses that nobody recorded too: every footprint near a line is asked by shapely (``slow_sight``)."""
    known = audit_context(open_services(), samples.sample(sample))
    dice, middle = np.random.default_rng(3), np.median([(each.camera.x_m, each.camera.y_m) for each in known.placed], axis=0)
    walks = np.array([shapely.LineString(middle + dice.uniform(-200.0, 200.0, (3, 2))) for _ in range(3)], object)
    seen = look_along(known, pieces_of(walks, 2.0))
    heads = known.terrain.lifted(np.column_stack((seen.pieces.xy_m, np.full(len(seen.pieces), 1.5))))
    slow = densities_by_lines(known.view_table.views, heads, spot_scenes(known).guarded).toarray()
    slow[slow < 25.0] = 0.0
    sure = slow[:, known.view_table.is_basis(Basis.RECORDED)].max(axis=1, initial=0.0)
    pairs = (slow.max(axis=1), seen.highest_px_m), (sure, seen.certain_px_m)
    apart = np.any([np.abs(one - other) > 1e-6 * np.maximum(one, other) for one, other in pairs], axis=0)
    assert seen.is_in_view.mean() > 0.1
    assert (
        seen.pieces.length_m[apart].sum() <= 0.002 * seen.pieces.length_m.sum()
    )  # a line that grazes a corner may go either way


@pytest.mark.parametrize("seed", some_by_day(range(12), (2, 3)))
def test_that_the_parts_make_up_the_way_and_walking_back_changes_nothing(seed):
    houses, cameras, walks = random_town(seed)
    known = city(town(*houses, cameras=[*cameras, bare_camera("b", 3.0, 3.0)]))
    there = walk_along(known, lines(*walks), sums_only=False)
    back = walk_along(known, lines(*(each[::-1] for each in walks[::-1])), sums_only=False)
    parts = [getattr(there.lengths, f"{state}_m") for state in there.lengths.states]
    assert sum(parts) == pytest.approx(there.lengths.length_m)
    assert sum(as_row(there.lengths)[f"share_{state}"] for state in there.lengths.states) == pytest.approx(1.0, abs=2e-4)
    assert as_row(back.lengths) == pytest.approx(as_row(there.lengths), abs=0.02)
    assert sum(there.lengths.certain_by_class_m) == pytest.approx(there.lengths.certain_m)
    assert sum(there.lengths.possible_by_class_m) == pytest.approx(there.lengths.possible_m)
    assert there.lengths.possible_m > 0.0


def test_that_one_more_camera_never_lowers_what_is_in_view():
    houses, cameras, walks = random_town(4)
    few, more = (walked(town(*houses, cameras=some), *walks).lengths for some in (cameras[:3], cameras))
    assert more.certain_m >= few.certain_m


# Streets and areas.


def test_that_a_street_has_all_its_ways_and_a_path_stands_for_itself():
    roads = layer(
        "roads",
        road(1, (-40, 20), (0, 20), name="Mill Street"),
        road(2, (0, 20), (40, 20), name="Mill Street"),
        road(3, (0, -10), (0, 70), highway="footway", name="Path to the Chapel"),
        road(4, (-40, 300), (40, 300), name="Abbey Street"),
    )
    found = streets_in_view(city(town(SHED, cameras=[camera()], roads=roads)))
    assert [(each.street_id, each.name, each.kind) for each in found.streets] == [
        ("way/4", "Abbey Street", "residential"),
        ("way/1", "Mill Street", "residential"),
        ("way/3", "", "footway"),
    ]
    abbey, mill, path = (each.lengths for each in found.streets)
    assert abbey.not_mapped_m == pytest.approx(80.0)
    assert mill.certain_m == pytest.approx(26.98, abs=2.0)  # in steps of 2 m
    assert path.certain_m == pytest.approx(FAR_M - NEAR_M, abs=2.0)
    assert found.whole.length_m == pytest.approx(240.0)


def test_that_a_street_in_two_areas_counts_in_each_by_its_part():
    roads = layer("roads", road(1, (-40, 20), (40, 20), name="Mill Street"))
    areas = layer("areas", ("a/1", box(-60, -60, 10, 60), {"name": "West"}), ("a/2", box(10, -60, 60, 60), {"name": "East"}))
    found = streets_in_view(city(town(SHED, cameras=[camera()], roads=roads, areas=areas)))
    west, east = (each.lengths for each in found.areas)
    assert (west.length_m, east.length_m) == (pytest.approx(50.0), pytest.approx(30.0))
    assert west.certain_m + east.certain_m == pytest.approx(found.whole.certain_m)


def test_that_tunnels_private_ways_and_squares_are_no_streets():
    roads = layer(
        "roads",
        road(1, (0, 0), (0, 10), tunnel="yes"),
        road(2, (0, 0), (0, 10), access="private"),
        ("way/3", box(0, 0, 5, 5), {"highway": "pedestrian", "name": "Square"}),
    )
    assert streets_in_view(city(town(SHED, cameras=[camera()], roads=roads))).streets == ()


# Paths on foot.

AROUND = layer(
    "roads",
    road(1, (-40, 20), (40, 20), name="Mill Street"),
    road(2, (-40, 20), (-40, -30), (40, -30), (40, 20), name="Ring"),
)


def test_that_the_least_seen_path_goes_around_where_that_costs_less():
    known = city(town(SHED, cameras=[camera()], roads=AROUND))
    journey = Journey((X0 - 40.0, Y0 + 20.0), (X0 + 40.0, Y0 + 20.0))
    paths = paths_on_foot(known, journey, 10.0)
    assert paths.shortest.line.length == pytest.approx(80.0)  # through 27 m in view
    assert paths.least_seen.line.length == pytest.approx(180.0)  # 50 + 80 + 50 m behind the camera
    assert paths.least_seen.walk.lengths.certain_m == 0.0
    assert paths.least_seen.cost_m == pytest.approx(180.0)
    cheap = paths_on_foot(known, journey, 3.0)  # 80 + 2 * 27 = 134 < 180
    assert cheap.least_seen.line.length == pytest.approx(80.0)
    assert cheap.least_seen.cost_m == pytest.approx(80.0 + 2 * 26.98, abs=1.0)


def test_that_a_path_begins_and_ends_on_the_way_that_is_nearest():
    known = city(town(SHED, cameras=[camera()], roads=AROUND))
    path = paths_on_foot(known, Journey((X0 - 10.0, Y0 + 24.0), (X0 + 5.0, Y0 + 18.0)), 1.0).shortest.line
    assert shapely.get_coordinates(path)[[0, -1]].tolist() == pytest.approx(np.array([(X0 - 10, Y0 + 20), (X0 + 5, Y0 + 20)]))
    assert path.length == pytest.approx(15.0)


def test_that_a_place_far_from_every_way_and_an_island_are_refused():
    apart = replace_roads(AROUND, road(9, (100, 100), (120, 100)))
    known = city(town(SHED, cameras=[camera()], roads=apart))
    with pytest.raises(InputError, match="nearest street"):
        paths_on_foot(known, Journey((X0, Y0 + 900.0), (X0, Y0)))
    with pytest.raises(InputError, match="no street or path leads"):
        paths_on_foot(known, Journey((X0 + 110.0, Y0 + 100.0), (X0, Y0 + 20.0)))
    with pytest.raises(InputError, match="no streets or paths"):
        paths_on_foot(city(town(SHED, cameras=[camera()])), Journey((X0, Y0), (X0, Y0)))


def replace_roads(roads, *more):
    old = zip(roads.ids, roads.geometry, roads.tags, strict=True)
    return layer("roads", *old, *more)


@pytest.mark.parametrize("seed", some_by_day(range(30), range(5)))
def test_that_the_cheapest_path_costs_what_trying_every_edge_again_and_again_finds(seed):
    """Bellman and Ford's way, on a grid of streets with random costs."""
    dice = np.random.default_rng(seed)
    streets = [shapely.LineString([(x, y), (x + 10, y)]) for x in range(0, 50, 10) for y in range(0, 60, 10)]
    streets += [shapely.LineString([(x, y), (x, y + 10)]) for x in range(0, 60, 10) for y in range(0, 50, 10)]
    kept = np.array([each for each in streets if dice.random() < 0.85], object)
    network = WalkingNetwork.of(kept)
    cost = network.length_m * dice.uniform(1.0, 10.0, len(network.length_m))
    best = {tuple(xy): math.inf for xy in network.node_xy_m}
    start, end = tuple(network.node_xy_m[0]), tuple(network.node_xy_m[-1])
    best[start] = 0.0
    for _ in best:
        for a, b, own in zip(network.first, network.second, cost, strict=True):
            one, other = tuple(network.node_xy_m[a]), tuple(network.node_xy_m[b])
            best[other], best[one] = min(best[other], best[one] + own), min(best[one], best[other] + own)
    if math.isinf(best[end]):
        with pytest.raises(InputError):
            network.cheapest(cost, np.array(start), np.array(end), ("A", "B"))
        return
    path = network.cheapest(cost, np.array(start), np.array(end), ("A", "B"))
    by_edge = {frozenset((int(a), int(b))): c for a, b, c in zip(network.first, network.second, cost, strict=True)}
    node = {tuple(xy): number for number, xy in enumerate(network.node_xy_m)}
    steps = [node[tuple(xy)] for xy in shapely.get_coordinates(path)]
    taken = [by_edge[frozenset(pair)] for pair in itertools.pairwise(steps) if pair[0] != pair[1]]
    assert sum(taken) == pytest.approx(best[end], abs=1e-6)


@pytest.mark.parametrize(
    ("tags", "walks"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "trunk", "sidewalk": "both"}, True),
        ({"highway": "cycleway"}, False),
        ({"highway": "cycleway", "foot": "yes"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "footway", "tunnel": "yes"}, False),
    ],
)
def test_that_a_way_is_walked_where_the_map_lets_anybody(tags, walks):
    assert is_walked(tags) is walks


# What must not be found out.


def refuge_towns():
    """A town without and with a refuge in one of its houses, with a drawn way to it and a drive that bears its name."""
    plain = {"building": "yes", "height": "6"}
    bare, hut = ("way/5", box(-8, 30, 4, 42), plain), ("way/5", box(-8, 30, 4, 42), {**plain, "amenity": "womens_refuge"})
    roads = layer("roads", road(1, (-40, 20), (40, 20), name="Mill Street"))
    drawn = replace_roads(
        roads,
        road(2, (0, 20), (0, 29), highway="footway", lhasaplan="processional_way", name="Way of the Refuge"),
        road(3, (10, 20), (10, 35), highway="pedestrian", lhasaplan="protected", name="Refuge"),
    )
    cameras = [camera(), bare_camera("b", 20, 25)]
    return town(SHED, bare, cameras=cameras, roads=roads), town(SHED, hut, cameras=cameras, roads=drawn)


def test_that_streets_areas_walks_and_paths_are_the_same_with_and_without_a_refuge_and_drawn_ways():
    bare, full = (city(project) for project in refuge_towns())
    there, here = streets_in_view(bare), streets_in_view(full)
    assert [(s.street_id, s.name, s.lengths) for s in there.streets] == [(s.street_id, s.name, s.lengths) for s in here.streets]
    assert there.whole == here.whole
    some = lines([(-10, 28), (10, 28), (10, 44), (-10, 44)], [(-2, 0), (-2, 50)])
    assert walk_along(bare, some, sums_only=False) == walk_along(full, some, sums_only=False)
    journey = Journey((X0 - 30.0, Y0 + 20.0), (X0 + 30.0, Y0 + 21.0))
    old, new = (paths_on_foot(each, journey) for each in (bare, full))
    assert old.least_seen.line.equals(new.least_seen.line)
    assert old.least_seen.walk == new.least_seen.walk


def test_that_a_small_area_drawn_over_a_refuge_is_listed_or_not_whether_the_refuge_is_there_or_not():
    areas = layer("areas", ("a/1", box(-9, 19, 5, 43), {"name": "Quarter"}))
    listed = [
        [(each.name, each.lengths) for each in streets_in_view(city(replace(p, layers={**p.layers, "areas": areas}))).areas]
        for p in refuge_towns()
    ]
    assert listed[0] == listed[1]


def test_that_no_stretch_of_a_walk_lies_where_nothing_is_in_view_and_no_street_is_cut_there():
    """A list of what no camera sees would be the list of gaps that the gate keeps."""
    houses, cameras, walks = random_town(5)
    walk = walked(town(*houses, cameras=cameras), *walks)
    assert walk.lengths.none_m > 10.0
    assert {each.state for each in walk.stretches} <= {"certain", "possible", "not_mapped"}
    roads = layer("roads", road(1, *walks[0], name="Bend"))
    (street,) = streets_in_view(city(town(*houses, cameras=cameras, roads=roads))).streets
    assert street.lengths.none_m > 10.0
    assert street.geometry.equals_exact(shapely.MultiLineString([line(*walks[0])]), 1e-9)


def test_that_streets_stand_by_name_and_not_by_what_is_not_in_view():
    roads = layer("roads", *(road(n, (-40, 20 + 9 * n), (40, 20 + 9 * n), name=name) for n, name in enumerate("CABD")))
    found = streets_in_view(city(town(SHED, cameras=[camera()], roads=roads)))
    assert [street.name for street in found.streets] == ["A", "B", "C", "D"]
