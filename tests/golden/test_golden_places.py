"""Places of two real cities worked out by hand from the map, object by object.

The map is read a second time by osmium alone (``osm_city``), so lengths, areas and neighbours below do not come from the
program. Widths of carriageways: a lane is 3.25 m, then by class (data/streets.toml): secondary 8 m, tertiary 7 m, primary 9 m.
A disc of radius r that a straight road of width w crosses has w sqrt(r2 - w2/4) + 2 r2 asin(w / 2r) square metres of
carriageway. A half disc of 3 m before a door has 14.1 m2. Drawn circles have 64 corners, so areas agree within 1.5 %.
"""

import math
from functools import cache

import pytest
import shapely
from osm_city import by_osmium_alone, through_the_program

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.io.content.packs import load_packs

HALF_DISC_M2 = math.pi * 9 / 2


@cache
def places(city):
    layers, buildings = through_the_program(city)
    return {
        place.place_id.partition(":")[2]: place for place in find_places(layers, buildings, load_packs(("municipal-safety",)))
    }


@cache
def raw(city):
    return {item.id: item for item in by_osmium_alone(city)}


def place_of(city, category, source):
    """Return the place of a category that a feature tells of."""
    (found,) = [place for place in places(city).values() if place.category == category and source in place.sources]
    return found


def shapes(place):
    return [part.geometry for part in place.parts]


def is_asked(place):
    return all(part.question for part in place.parts)


def road_in_disc(radius, width):
    half = width / 2
    return 2 * (half * math.sqrt(radius**2 - half**2) + radius**2 * math.asin(half / radius))


# Helsinki: what roads and rails make


def test_that_a_crossing_of_a_two_lane_road_is_ten_metres_of_it_either_way():
    # node 25345645 lies on way 30471500 (Mannerheimintie, primary, 2 lanes: 6.5 m), which runs straight there.
    place = place_of("helsinki", "pedestrian_crossing", "node/25345645")
    (ground,) = shapes(place)
    assert raw("helsinki")["way/30471500"].tags["lanes"] == "2"
    assert ground.area == pytest.approx(road_in_disc(10.0, 6.5), rel=0.015)
    assert ground.centroid.distance(raw("helsinki")["node/25345645"].shape) < 0.5


def test_that_the_crossings_of_two_carriageways_beside_each_other_are_one_place():
    # Kaivokatu: node 25413714 is one of a chain of marked crossings each within 8 m of the next; they are one place, and what
    # the carriageways hold of it is its parts.
    place = place_of("helsinki", "pedestrian_crossing", "node/25413714")
    marked = [
        item
        for item in raw("helsinki").values()
        if item.tags.get("highway") == "crossing"
        and item.tags.get("crossing") in ("traffic_signals", "uncontrolled", "marked", "zebra")
    ]
    chain, grown = {"node/25413714"}, True
    while grown:
        near = {i.id for i in marked for j in chain if i.shape.distance(raw("helsinki")[j].shape) <= 8.0}
        grown, chain = not near <= chain, chain | near
    assert set(place.sources) == chain
    assert len(chain) > 1
    assert len(place.parts) == 2


def test_that_a_crossing_without_a_road_through_it_is_asked():
    # node 313781299: within a metre osmium finds no driveable way, the extract ends there.
    at = raw("helsinki")["node/313781299"].shape
    driven = ("primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "trunk", "motorway")
    near = [i.id for i in raw("helsinki").values() if i.tags.get("highway") in driven and i.shape.distance(at) <= 1.0]
    assert near == []
    assert is_asked(place_of("helsinki", "pedestrian_crossing", "node/313781299"))


def test_that_pitkasilta_is_one_bridge_of_two_carriageways():
    # Ways 23952344 and 122869888, both named Pitkäsilta, 7.3 m apart: 55.95 m and 55.64 m of edge to be seen.
    place = place_of("helsinki", "bridge", "way/23952344")
    assert place is place_of("helsinki", "bridge", "way/122869888")
    assert sorted(line.length for line in shapes(place)) == pytest.approx([55.64, 55.95], abs=0.02)
    assert place.name == "Pitkäsilta"


def test_that_an_underpass_through_a_building_is_indoor():
    # way 8061788, a footway with tunnel=yes, 14.86 m, all of it inside Lasipalatsi (way 8035238).
    place = place_of("helsinki", "underpass", "way/8061788")
    assert raw("helsinki")["way/8035238"].shape.contains(raw("helsinki")["way/8061788"].shape)
    assert [line.length for line in shapes(place)] == pytest.approx([14.86], abs=0.01)
    assert all(part.indoor for part in place.parts)


def test_that_tracks_side_by_side_are_one_level_crossing():
    # The service road to platforms 14 to 19 crosses several tracks: level_crossing nodes, each within 20 m of the next.
    # Its ground is 8 m round each: the area of that union, here by shapely from the nodes that osmium gives.
    nodes = [i for i in raw("helsinki").values() if i.tags.get("railway") == "level_crossing"]
    place = place_of("helsinki", "level_crossing", "node/25473433")
    assert set(place.sources) == {item.id for item in nodes}
    (ground,) = shapes(place)
    assert ground.area == pytest.approx(
        shapely.union_all([item.shape.buffer(8.0, quad_segs=64) for item in nodes]).area, rel=0.015
    )


def test_that_the_underground_platform_is_declared_and_the_tram_platform_seen_from_the_street():
    # way 18378772: Rautatientori, railway=platform, tunnel=yes, layer=-4, 120.37 m. way 26979887: Lasipalatsi's tram platform,
    # 91.57 m, on which stands node 1369465611 (tram stop and platform): one place with the name of the node.
    below, above = (place_of("helsinki", "platform", f"way/{number}") for number in (18378772, 26979887))
    assert [p.indoor for p in below.parts] == [True]
    assert [line.length for line in shapes(below)] == pytest.approx([120.37], abs=0.01)
    assert [p.indoor for p in above.parts] == [False]
    assert [line.length for line in shapes(above)] == pytest.approx([91.57], abs=0.01)
    assert "node/1369465611" in above.sources
    assert above.name == "Lasipalatsi"


def test_that_a_tram_stop_on_a_platform_is_no_place_of_its_own():
    # node 25502063 (Hakaniemi) lies on way 28564343 (highway=platform).
    assert raw("helsinki")["node/25502063"].shape.distance(raw("helsinki")["way/28564343"].shape) < 0.01
    assert place_of("helsinki", "platform", "node/25502063") is place_of("helsinki", "platform", "way/28564343")
    assert not [p for p in places("helsinki").values() if p.category == "stop" and "node/25502063" in p.sources]


def test_that_a_stop_far_from_any_platform_is_six_metres_round_it():
    # Of all stops without a platform within 30 m and without a building within 6 m: a disc of 6 m, 113.1 m2.
    items = raw("helsinki").values()
    platforms = [
        i.shape for i in items if "platform" in (i.tags.get("public_transport"), i.tags.get("railway"), i.tags.get("highway"))
    ]
    houses = [i.shape for i in items if "building" in i.tags]
    lone = [
        i
        for i in items
        if (i.tags.get("highway") == "bus_stop" or i.tags.get("railway") == "tram_stop")
        and min(shape.distance(i.shape) for shape in platforms if shape is not i.shape) > 30.0
        and min(shape.distance(i.shape) for shape in houses) > 6.0
    ]
    assert lone
    for stop in lone:
        (ground,) = shapes(place_of("helsinki", "stop", stop.id))
        assert ground.area == pytest.approx(math.pi * 36, rel=0.015)


# Helsinki: doors, entries, sites


def test_that_a_car_park_is_seen_where_its_aisle_crosses_its_outline():
    # way 27558514, 1034 m2 with fee=yes; way 27558515 (parking aisle) crosses its outline; each crossing more than 6 m from the
    # last is an entry, and half of the disc of 3 m there lies inside.
    (ground,) = shapes(place_of("helsinki", "car_park", "way/27558514"))
    outline, aisle = (raw("helsinki")[f"way/{number}"].shape for number in (27558514, 27558515))
    assert aisle.intersection(outline.boundary).distance(ground) < 0.01
    assert ground.area == pytest.approx(HALF_DISC_M2, rel=0.03)
    assert outline.buffer(0.01).contains(ground)


@pytest.mark.parametrize("number", [277398828, 277398925])
def test_that_a_car_park_of_which_only_a_point_is_mapped_is_asked(number):
    assert raw("helsinki")[f"node/{number}"].tags["amenity"] == "parking"
    assert is_asked(place_of("helsinki", "car_park", f"node/{number}"))


def test_that_a_substation_is_its_fence():
    # way 644615094: 19.25 m round, 20.3 m2.
    (fence,) = shapes(place_of("helsinki", "utility_site", "way/644615094"))
    assert fence.length == pytest.approx(19.25, abs=0.01)


def test_that_the_national_library_is_the_half_disc_before_its_one_door():
    # way 122595247 has one entrance on its outline: node 376011807.
    (apron,) = shapes(place_of("helsinki", "public_building_apron", "way/122595247"))
    door = raw("helsinki")["node/376011807"].shape
    assert apron.area == pytest.approx(HALF_DISC_M2, rel=0.015)
    assert apron.distance(door) < 0.01
    assert apron.intersection(raw("helsinki")["way/122595247"].shape).area < 0.01


def test_that_oodi_has_an_apron_before_each_main_entrance():
    # way 596937289: entrance=main at nodes 6113853714 and 6128444391. The canopy before it (building=roof) stands on posts.
    aprons = shapes(place_of("helsinki", "public_building_apron", "way/596937289"))
    doors = [raw("helsinki")[f"node/{number}"].shape for number in (6113853714, 6128444391)]
    assert sorted(min(apron.distance(door) for door in doors) for apron in aprons) == pytest.approx([0.0, 0.0], abs=0.01)
    assert [apron.area for apron in aprons] == pytest.approx([HALF_DISC_M2] * 2, rel=0.015)


def test_that_a_library_inside_a_building_without_a_door_nearby_is_asked():
    # node 369550855 lies inside way 16958223; within 15 m its outline has no entrance=main or yes.
    at, house = raw("helsinki")["node/369550855"].shape, raw("helsinki")["way/16958223"].shape
    doors = [i for i in raw("helsinki").values() if i.tags.get("entrance") in ("main", "yes") and i.shape.distance(at) <= 15.0]
    assert house.contains(at)
    assert not [door for door in doors if door.shape.distance(house.boundary) < 0.3]
    assert is_asked(place_of("helsinki", "public_building_apron", "node/369550855"))


# Helsinki: water and waste


def test_that_a_life_ring_is_the_bank_within_twenty_metres():
    # node 1237896694 stands 1.2 m from the coastline way 24629633, which runs nearly straight there and ends where the extract
    # does: a chord of 2 sqrt(20^2 - 1.2^2) = 39.9 m.
    (edge,) = shapes(place_of("helsinki", "waterfront", "node/1237896694"))
    assert edge.length == pytest.approx(39.9, abs=0.3)
    assert edge.distance(raw("helsinki")["node/1237896694"].shape) == pytest.approx(1.2, abs=0.05)


def test_that_a_long_pier_is_cut_into_pieces_of_at_most_200_metres():
    # way 68447505: 357.26 m round, so two pieces of 178.63 m.
    pieces = shapes(place_of("helsinki", "waterfront", "way/68447505"))
    assert [piece.length for piece in pieces] == pytest.approx([178.63, 178.63], abs=0.01)


def test_that_a_container_is_ten_metres_round_it():
    # node 5025827992, no building within 10 m: a disc of 314.2 m2.
    at = raw("helsinki")["node/5025827992"].shape
    assert min(i.shape.distance(at) for i in raw("helsinki").values() if "building" in i.tags) > 10.0
    (ground,) = shapes(place_of("helsinki", "dumping_spot", "node/5025827992"))
    assert ground.area == pytest.approx(math.pi * 100, rel=0.015)


def test_that_a_bottle_return_two_storeys_below_a_shop_is_asked():
    # node 6049452999: level=-2 inside Stockmann (way 122595241), 10 m from any street.
    at, shop = raw("helsinki")["node/6049452999"].shape, raw("helsinki")["way/122595241"].shape
    assert shop.contains(at)
    assert shop.boundary.distance(at) > 10.0
    assert is_asked(place_of("helsinki", "dumping_spot", "node/6049452999"))


# Monaco


def test_that_the_bridge_of_boulevard_du_larvotto_is_three_ways_in_two_pieces():
    # 84.48 + 249.4 + 54.0 = 387.9 m under one name that go on: one place, cut at half since 200 m is the longest part.
    place = place_of("monaco", "bridge", "way/503783368")
    assert set(place.sources) >= {"way/503783368", "way/92627405", "way/92627431"}
    assert [line.length for line in shapes(place)] == pytest.approx([193.9, 193.9], abs=0.1)


@pytest.mark.parametrize(
    ("way", "lengths"),
    [
        ("way/4229292", (60.28 + 62.7,)),  # Avenue de Fontvieille: with way 80377815 under the same name
        ("way/1230247123", (180.9, 180.9)),  # Boulevard Louis II: 5.8 m and way 4230891 of 356.0 m, so two pieces
    ],
)
def test_that_a_tunnel_is_all_its_ways_and_is_declared(way, lengths):
    place = place_of("monaco", "tunnel", way)
    assert [line.length for line in shapes(place)] == pytest.approx(list(lengths), abs=0.1)
    assert all(part.indoor for part in place.parts)


@pytest.mark.parametrize(
    ("category", "source"),
    [
        ("hazard_site", "node/25230434"),  # a filling station mapped as a point: what ground is its apron?
        ("platform", "node/280490389"),  # a bus platform mapped as a point: where does it end?
        ("car_park", "node/25191432"),  # a car park mapped as a point: where do vehicles go in?
    ],
)
def test_that_a_point_that_ought_to_be_ground_is_asked(category, source):
    assert source in raw("monaco")
    assert is_asked(place_of("monaco", category, source))


def test_that_a_car_park_with_one_aisle_through_it_has_two_entries():
    # way 785351109 (Parking des Abeilles): aisle 1081736504 enters and leaves; two half discs inside.
    entries = shapes(place_of("monaco", "car_park", "way/785351109"))
    outline, aisle = (raw("monaco")[f"way/{number}"].shape for number in (785351109, 1081736504))
    crossings = shapely.get_parts(aisle.intersection(outline.boundary))
    assert len(crossings) == 2
    assert sorted(round(min(e.distance(c) for c in crossings), 2) for e in entries) == [0.0, 0.0]
    assert [entry.area for entry in entries] == pytest.approx([HALF_DISC_M2] * 2, rel=0.03)


def test_that_a_life_ring_at_the_harbour_is_the_coast_within_twenty_metres():
    # node 9919108680, 0.36 m from the coastline way 166558505.
    (edge,) = shapes(place_of("monaco", "waterfront", "node/9919108680"))
    ring = raw("monaco")["node/9919108680"].shape
    coast = shapely.union_all([i.shape for i in raw("monaco").values() if i.tags.get("natural") == "coastline"])
    assert edge.length == pytest.approx(coast.intersection(ring.buffer(20.0, quad_segs=64)).length, rel=0.01)


def test_that_a_floating_pier_is_its_outline():
    # way 31900562: 126.16 m round.
    assert sum(line.length for line in shapes(place_of("monaco", "waterfront", "way/31900562"))) == pytest.approx(
        126.16, abs=0.01
    )


def test_that_the_substation_of_fontvieille_is_its_fence():
    # way 686864062: 17.48 m round.
    assert [line.length for line in shapes(place_of("monaco", "utility_site", "way/686864062"))] == pytest.approx(
        [17.48], abs=0.01
    )


def test_that_the_roundabout_is_one_junction_that_holds_all_its_ring():
    # Ways 212764300, 423652238 and 503462471 close a ring; its arms meet within 30 m of each other: one junction, and the ring's
    # carriageway lies in its ground.
    place = place_of("monaco", "junction", "way/212764300")
    ring = shapely.union_all([raw("monaco")[f"way/{n}"].shape for n in (212764300, 423652238, 503462471)])
    ground = shapely.union_all(shapes(place))
    assert ring.intersection(ground).length > 0.95 * ring.length
    assert {"way/212764300", "way/423652238"} <= set(place.sources)
