"""Places of duty categories and their parts: one place for one thing, questions instead of inventions."""

import math

import numpy as np
import pytest
import shapely
from places_town import BOX, as_layer, buildings, category, layer, pack

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.part_builders import ASK_BANK, ASK_DOOR, ASK_LANE, ASK_OUTLINE, ASK_ROAD

JUNCTION = category("junction", (("highway=traffic_signals",),), "junction_ground", "area", grid_m=3.0)
CROSSING = category("crossing", (("highway=crossing", "crossing=marked|traffic_signals"),), "crossing", "area", approach_m=10.0)
BRIDGE = category("bridge", (("bridge=yes", "highway=primary|secondary"),), "carriageway", "line")
TUNNEL = category("tunnel", (("tunnel=yes", "highway=primary"),), "carriageway_indoor", "line")
APRON = category("apron", (("amenity=townhall|library",),), "apron", "point")
LEVEL = category("level", (("railway=level_crossing",),), "conflict_area", "area", buffer_m=8.0)
PLATFORM = category("platform", (("public_transport=platform",), ("railway=platform",)), "platform_edge", "line")
STOP = category("stop", (("highway=bus_stop",),), "boarding_area", "area", buffer_m=6.0)
PARKING = category("car_park", (("amenity=parking", "fee=yes"),), "entrance_lane", "point")
FUEL = category("hazard", (("amenity=fuel",),), "apron", "area")
BAY = category("bay", (("emergency=emergency_ward_entrance",),), "bay", "point")
WATER = category("water", (("emergency=life_ring",), ("waterway=weir",)), "water_edge", "line", buffer_m=20.0)
WASTE = category("waste", (("amenity=recycling",),), "container_apron", "area", buffer_m=10.0)


def way(number, *xy, **tags):
    return (f"way/{number}", shapely.LineString(xy), tags)


def node(number, x, y, **tags):
    return (f"node/{number}", shapely.Point(x, y), tags)


def places(*categories, houses=None, **layers):
    houses = buildings() if houses is None else houses
    named = {name: layer(name, *features) for name, features in layers.items()}
    return find_places({"buildings": as_layer(houses), **named}, houses, (pack(*categories),))


CROSSROADS = (
    way(1, (-100, 0), (0, 0), (100, 0), highway="secondary", lanes="2"),
    way(2, (0, -100), (0, 0), (0, 100), highway="secondary", lanes="2"),
)


def test_that_a_crossroads_of_main_roads_is_one_junction_without_any_signal():
    (place,) = places(JUNCTION, roads=CROSSROADS)
    (ground,) = (part.geometry for part in place.parts)
    # Arms of 6.5 m reach 12 m from the node on four sides: 2 * 24 * 6.5 less the middle 6.5 * 6.5; the ends are round.
    assert ground.area == pytest.approx(2 * 24 * 6.5 - 6.5**2, rel=0.02)
    assert place.parts[0].spacing_m == 3.0


def test_that_a_road_that_goes_on_as_another_way_is_no_junction():
    roads = (way(1, (-100, 0), (0, 0), highway="primary"), way(2, (0, 0), (100, 0), highway="primary"))
    assert places(JUNCTION, roads=roads) == ()


def test_that_lanes_that_meet_are_a_junction_only_with_signals():
    lanes = (
        way(1, (-100, 0), (0, 0), (100, 0), highway="residential"),
        way(2, (0, 0), (0, 100), highway="residential"),
    )
    assert places(JUNCTION, roads=lanes) == ()
    (place,) = places(JUNCTION, roads=lanes, places=(node(5, 15, 0, highway="traffic_signals"),))
    assert place.place_id == "duties:junction:node/5"


def test_that_a_signal_between_junctions_makes_none():
    road = (way(1, (-100, 0), (0, 0), (100, 0), highway="primary"),)
    assert places(JUNCTION, roads=road, places=(node(5, 0, 0, highway="traffic_signals"),)) == ()


def test_that_two_carriageways_cross_another_road_in_one_place_of_four_signals():
    roads = (
        way(1, (-100, 0), (-10, 0), (10, 0), (100, 0), highway="secondary"),
        way(2, (-10, -100), (-10, 0), (-10, 100), highway="primary", oneway="yes"),
        way(3, (10, -100), (10, 0), (10, 100), highway="primary", oneway="yes"),
    )
    signals = tuple(
        node(n, x, y, highway="traffic_signals") for n, (x, y) in enumerate([(-20, 0), (20, 0), (-10, -10), (10, 10)])
    )
    (place,) = places(JUNCTION, roads=roads, places=signals)
    assert place.sources == ("node/0", "node/1", "node/2", "node/3")


def test_that_a_bridge_over_a_road_is_no_junction():
    roads = (way(1, (-100, 0), (100, 0), highway="primary"), way(2, (0, -100), (0, 100), highway="primary", bridge="yes"))
    assert places(JUNCTION, roads=roads) == ()


def test_that_a_crossing_is_the_carriageway_10_m_to_each_side():
    road = (way(1, (-100, 0), (0, 0), (100, 0), highway="secondary", lanes="2"),)
    (place,) = places(CROSSING, roads=road, places=(node(1, 0, 0, highway="crossing", crossing="marked"),))
    (part,) = place.parts
    assert part.geometry.bounds == pytest.approx((-10, -3.25, 10, 3.25), abs=0.05)


def test_that_a_crossing_of_two_carriageways_is_one_place():
    roads = (way(1, (-100, 0), (100, 0), highway="primary"), way(2, (-100, 7), (100, 7), highway="primary"))
    nodes = (node(1, 0, 0, highway="crossing", crossing="marked"), node(2, 0, 7, highway="crossing", crossing="marked"))
    (place,) = places(CROSSING, roads=roads, places=nodes)
    assert place.sources == ("node/1", "node/2")
    assert len(place.parts) == 1


def test_that_a_crossing_without_a_road_is_asked_for():
    (place,) = places(CROSSING, places=(node(1, 0, 0, highway="crossing", crossing="marked"),))
    assert [part.question for part in place.parts] == [ASK_ROAD]


def test_that_all_conditions_of_an_alternative_must_hold():
    assert places(CROSSING, places=(node(1, 0, 0, highway="crossing", crossing="unmarked"),)) == ()


def test_that_pieces_of_one_bridge_are_one_place():
    roads = (
        way(1, (0, 0), (60, 0), highway="primary", bridge="yes", name="Long"),
        way(2, (60, 0), (100, 0), highway="primary", bridge="yes", name="Long"),
    )
    (place,) = places(BRIDGE, roads=roads)
    assert place.name == "Long"
    assert [part.geometry.length for part in place.parts] == [100.0]


def test_that_a_long_tunnel_is_split_and_indoor():
    (place,) = places(TUNNEL, roads=(way(1, (0, 0), (500, 0), highway="primary", tunnel="yes"),))
    assert [part.geometry.length for part in place.parts] == pytest.approx([500 / 3] * 3)
    assert all(part.indoor for part in place.parts)
    assert [part.part_id for part in place.parts] == [f"duties:tunnel:way/1/{n}" for n in (1, 2, 3)]


HALL = buildings(("way/9", BOX, {"building": "civic", "amenity": "townhall", "name": "Hall"}))


def test_that_the_apron_of_a_town_hall_is_the_half_disc_before_its_main_door():
    doors = (node(1, 5, 0, entrance="main"), node(2, 0, 5, entrance="yes"))
    (place,) = places(APRON, houses=HALL, places=doors)
    (part,) = place.parts
    assert part.geometry.bounds == pytest.approx((2, -3, 8, 0), abs=0.01)
    assert (place.name, part.source, part.question) == ("Hall", "way/9", "")


def test_that_a_town_hall_without_a_mapped_door_is_asked_for():
    (place,) = places(APRON, houses=HALL)
    assert [part.question for part in place.parts] == [ASK_DOOR]


def test_that_a_town_hall_and_a_node_in_it_are_one_place():
    (place,) = places(APRON, houses=HALL, places=(node(1, 5, 5, amenity="townhall"), node(2, 5, 0, entrance="main")))
    assert place.sources == ("way/9", "node/1")


def test_that_a_library_in_a_large_building_has_no_door_far_away():
    large = buildings(("way/9", shapely.box(0, 0, 100, 100), {"building": "retail"}))
    (place,) = places(APRON, houses=large, places=(node(1, 50, 50, amenity="library"), node(2, 50, 0, entrance="main")))
    assert [part.question for part in place.parts] == [ASK_DOOR]


def test_that_the_tracks_of_a_level_crossing_are_one_place():
    (place,) = places(LEVEL, places=(node(1, 0, 0, railway="level_crossing"), node(2, 5, 0, railway="level_crossing")))
    assert place.sources == ("node/1", "node/2")
    assert len(place.parts) == 1


def test_that_a_platform_is_seen_along_the_edge_at_the_track():
    slab = ("way/1", shapely.box(0, 0, 100, 5), {"railway": "platform", "public_transport": "platform"})
    (place,) = places(PLATFORM, roads=(slab,), places=(way(2, (-50, -2), (150, -2), railway="rail"),))
    (part,) = place.parts
    # The track lies 2 m before the edge; within 4 m of it come the edge and 2 m of each end.
    assert part.geometry.length == pytest.approx(104.0)


def test_that_a_bus_stop_tagged_as_platform_too_is_one_place_of_one_category():
    got = places(PLATFORM, STOP, places=(node(1, 0, 0, highway="bus_stop", public_transport="platform"),))
    assert [place.category for place in got] == ["stop"]


def test_that_a_car_park_is_seen_where_a_road_enters():
    lot = ("way/1", shapely.box(0, 0, 40, 40), {"amenity": "parking", "fee": "yes"})
    (place,) = places(PARKING, places=(lot,), roads=(way(2, (20, -30), (20, 20), highway="service"),))
    (part,) = place.parts
    assert part.geometry.bounds == pytest.approx((17, 0, 23, 3), abs=0.05)


def test_that_a_car_park_without_an_entry_is_asked_for():
    lot = ("way/1", shapely.box(0, 0, 40, 40), {"amenity": "parking", "fee": "yes"})
    (place,) = places(PARKING, places=(lot,))
    assert [part.question for part in place.parts] == [ASK_LANE]


def test_that_a_fuel_station_known_as_a_point_is_asked_for_its_outline():
    (place,) = places(FUEL, places=(node(1, 0, 0, amenity="fuel"),))
    assert [part.question for part in place.parts] == [ASK_OUTLINE]


def test_that_the_apron_of_a_fuel_station_leaves_its_shop_out():
    shop = buildings(("way/9", BOX, {"building": "retail"}))
    (place,) = places(FUEL, houses=shop, places=(("way/1", shapely.box(0, 0, 30, 30), {"amenity": "fuel"}),))
    assert place.parts[0].geometry.area == 800.0


def test_that_an_ambulance_bay_lies_outside_the_hospital():
    hospital = buildings(("way/9", BOX, {"building": "hospital"}))
    (place,) = places(BAY, houses=hospital, places=(node(1, 10, 5, emergency="emergency_ward_entrance"),))
    assert place.parts[0].geometry.bounds == pytest.approx((10, 2, 13, 8), abs=0.01)


def test_that_a_life_ring_gives_the_bank_within_20_m():
    lake = ("way/1", shapely.box(-100, -100, 100, 0), {"natural": "water"})
    (place,) = places(WATER, places=(lake, node(1, 0, 0, emergency="life_ring")))
    assert place.parts[0].geometry.length == pytest.approx(40.0, rel=0.01)


def test_that_the_middle_of_a_river_is_used_only_where_no_bank_is_mapped():
    ring, middle = node(1, 0, 0, emergency="life_ring"), way(2, (-100, -10), (100, -10), waterway="river")
    river = ("way/1", shapely.box(-200, -20, 200, 0), {"natural": "water"})
    (mapped,), (bare,) = places(WATER, places=(river, middle, ring)), places(WATER, places=(middle, ring))
    assert {round(y) for part in mapped.parts for _, y in part.geometry.coords} <= {0, -20}
    assert {round(y) for part in bare.parts for _, y in part.geometry.coords} == {-10}


def test_that_a_life_ring_far_from_mapped_water_is_asked_for():
    (place,) = places(WATER, places=(node(1, 0, 0, emergency="life_ring"),))
    assert [part.question for part in place.parts] == [ASK_BANK]


def test_that_a_weir_is_seen_along_its_own_line():
    (place,) = places(WATER, places=(way(1, (0, 0), (30, 0), waterway="weir"),))
    assert place.parts[0].geometry.length == 30.0


def test_that_containers_have_an_apron_of_10_m_outside_buildings():
    wall = buildings(("way/9", shapely.box(2, -50, 60, 50), {"building": "office"}))
    (place,) = places(WASTE, houses=wall, places=(node(1, 0, 0, amenity="recycling"),))
    assert place.parts[0].geometry.bounds[2] == pytest.approx(2.0)


def test_that_ids_do_not_depend_on_the_order_of_features():
    one = (node(1, 0, 0, amenity="recycling"), node(2, 500, 0, amenity="recycling"))
    assert {p.place_id for p in places(WASTE, places=one)} == {p.place_id for p in places(WASTE, places=one[::-1])}


def test_that_a_pack_without_categories_finds_nothing():
    assert find_places({}, buildings(), (pack(),)) == ()


def test_that_no_part_is_longer_than_200_m():
    ring = shapely.Point(0, 0).buffer(300).exterior
    got = places(BRIDGE, roads=(("way/1", shapely.LineString(np.array(ring.coords)), {"highway": "primary", "bridge": "yes"}),))
    assert max(part.geometry.length for place in got for part in place.parts) <= 200.0 + 1e-6


def test_that_an_underground_platform_is_declared_by_a_person():
    (below,) = places(PLATFORM, places=(way(1, (0, 0), (80, 0), railway="platform", tunnel="yes", layer="-4"),))
    (above,) = places(PLATFORM, places=(way(1, (0, 0), (80, 0), railway="platform"),))
    assert (below.parts[0].indoor, above.parts[0].indoor) == (True, False)


STOP_OR_PLATFORM = category("stop", (("highway=bus_stop",),), "boarding_area", "area", buffer_m=6.0, one_with="platform")


def test_that_a_stop_on_its_platform_is_that_platform():
    edge = way(1, (0, 0), (30, 0), public_transport="platform")
    (place,) = places(PLATFORM, STOP_OR_PLATFORM, places=(edge, node(2, 10, 1.5, highway="bus_stop", name="Market")))
    assert (place.category, place.sources, place.name) == ("platform", ("way/1", "node/2"), "Market")
    assert [part.geometry.length for part in place.parts] == [30.0]


def test_that_a_stop_above_an_underground_platform_or_farther_away_is_a_stop():
    edge = way(1, (0, 0), (30, 0), public_transport="platform", tunnel="yes")
    found = places(PLATFORM, STOP_OR_PLATFORM, places=(edge, node(2, 10, 1.5, highway="bus_stop")))
    assert sorted(place.category for place in found) == ["platform", "stop"]
    edge = way(1, (0, 0), (30, 0), public_transport="platform")
    found = places(PLATFORM, STOP_OR_PLATFORM, places=(edge, node(2, 10, 2.5, highway="bus_stop")))
    assert sorted(place.category for place in found) == ["platform", "stop"]


def test_that_the_two_carriageways_of_a_bridge_are_one_place_of_two_parts():
    side = (
        way(1, (0, 0), (60, 0), bridge="yes", highway="primary", name="Long Bridge"),
        way(2, (60, 9), (0, 9), bridge="yes", highway="primary", name="Long Bridge"),
    )
    (place,) = places(BRIDGE, roads=side)
    assert [part.geometry.length for part in place.parts] == [60.0, 60.0]
    unnamed = tuple((key, line, {k: v for k, v in tags.items() if k != "name"}) for key, line, tags in side)
    assert len(places(BRIDGE, roads=unnamed)) == 2  # nobody says that they are one


def test_that_what_lies_between_two_branches_of_a_passage_is_no_part():
    under = category("under", (("tunnel=yes", "highway=footway"),), "walkway_indoor", "line")
    tags = {"tunnel": "yes", "highway": "footway"}
    network = (
        way(1, (0, 0), (20, 0), (21, 0), (40, 0), **tags),
        way(2, (20, 0), (20, 15), **tags),
        way(3, (21, 0), (21, -15), **tags),
    )
    (place,) = places(under, roads=network)
    assert sorted(round(part.geometry.length) for part in place.parts) == [15, 15, 19, 20]


def test_that_a_roundabout_is_enclosed_whole_though_its_far_side_has_no_arm():
    ring = [(20 * math.cos(math.radians(a)), 20 * math.sin(math.radians(a))) for a in range(0, 361, 15)]
    west = (way(1, *ring[9:16], highway="primary", junction="roundabout"),)  # 135 to 225 degrees
    east = way(2, *ring[15:], *ring[1:10], highway="primary", junction="roundabout")
    arms = (way(3, (-100, 40), ring[9], highway="primary"), way(4, (-100, -40), ring[15], highway="primary"))
    match = (("junction=roundabout", "highway=primary"),)
    (place,) = places(category("junction", match, "junction_ground", "area", buffer_m=12.0), roads=(*west, east, *arms))
    ground = shapely.union_all([part.geometry for part in place.parts])
    # The ring's island too: a disc of 20 m has 1257 m2.
    assert shapely.Polygon(ring).difference(ground).area < 1.0
    assert shapely.LineString(ring).difference(ground).length < 0.1
