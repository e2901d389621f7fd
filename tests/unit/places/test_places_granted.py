"""Exceptions that are granted beside the guard, and how little they give."""

import dataclasses

import pytest
import shapely
from amounts import examples
from hypothesis import given
from hypothesis import strategies as st
from places_town import BOX, KINDS, as_layer, buildings, category, layer, pack, part

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.guard import (
    AT_DOOR,
    BAYS,
    BEFORE_WALLS,
    MOSTLY,
    NO_CROSSING,
    NO_ENTRANCE,
    NO_STREET,
    ON_SITE,
    TOO_SHARP,
    guard_parts,
)
from lhasaplan.core.demand.outdoor_parts import Granted, sample_demand
from lhasaplan.core.demand.part_builders import BUILDERS
from lhasaplan.core.model.place import Required
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.protection.places import find_protected

CITY = shapely.box(-3000, -3000, 3000, 3000)
NO_CITY = shapely.Polygon()
FLATS = shapely.box(0, 0, 40, 12)
HOME = buildings(("way/1", FLATS, {"building": "apartments"}))
KINDS_OF_PART = sorted({*BUILDERS, ("apron", "point"), ("gauge", "area"), ("fence_line", "line")})


def ground_of(houses, **layers):
    return ProtectedGround(find_protected(layers, houses, KINDS))


def refusals(parts, ground, public=CITY, **mapped):
    return [template for _, template, _ in guard_parts(parts, ground, public, granted=Granted(mapped)).refused]


def drawn_by_the_pack(houses, match, kind, shape, **layers):
    """Parts that a pack's category makes of a town, as the guard judges them."""
    duties = pack(category("own", (match,), kind, shape))
    every = {"buildings": as_layer(houses), **layers}
    parts = [each for place in find_places(every, houses, (duties,), kinds=KINDS) for each in place.parts]
    return parts, guard_parts(parts, ground_of(houses, **layers), CITY, granted=Granted(every))


# --- more than half of its site or of itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "shape"), KINDS_OF_PART)
@given(st.integers(0, 30), st.sampled_from(["apartments", "church", "hospital", "school"]))
@examples(6, nightly=100)
def test_that_no_kind_of_part_comes_of_a_site_laid_over_a_protected_building(kind, shape, tenths, use):
    wider_m = tenths / 10
    houses = buildings(("way/1", FLATS, {"building": use}))
    over = layer("places", ("way/2", shapely.buffer(FLATS, wider_m, join_style="mitre"), {"amenity": "townhall"}))
    doors = [
        ("node/1", shapely.Point(20, -wider_m), {"entrance": "main"}),
        ("node/2", shapely.Point(20, 0), {"entrance": "main"}),
    ]
    lanes = layer("roads", ("way/3", shapely.LineString([(20, -40), (20, 40)]), {"highway": "residential"}))
    town = {"places": over, "doors": layer("d", *doors), "roads": lanes}
    parts, judged = drawn_by_the_pack(houses, ("amenity=townhall",), kind, shape, **town)
    assert parts
    assert judged.allowed == ()


@given(st.floats(0.5, 12.0))
def test_that_a_fuel_station_drawn_round_flats_is_no_ring_of_demand(wider_m):
    fuel = layer("places", ("way/2", shapely.buffer(FLATS, wider_m, join_style="mitre"), {"amenity": "fuel"}))
    _, judged = drawn_by_the_pack(HOME, ("amenity=fuel",), "apron", "area", places=fuel)
    assert judged.allowed == ()
    assert {template for _, template, _ in judged.refused} <= {ON_SITE, BEFORE_WALLS, MOSTLY}


def test_that_a_fuel_station_beside_flats_may_be_asked_for():  # 15 of its 40 m lie before their walls
    fuel = layer("places", ("way/2", shapely.box(0, -41, 40, -1), {"amenity": "fuel"}))
    _, judged = drawn_by_the_pack(HOME, ("amenity=fuel",), "apron", "area", places=fuel)
    assert len(judged.allowed) == 1


# --- doors ---------------------------------------------------------------------------------------------------------------


def disc(x, y=0.0, r=3.0):
    """The half disc below a wall along the x axis."""
    return shapely.intersection(shapely.Point(x, y).buffer(r, quad_segs=32), shapely.box(x - r, y - r, x + r, y))


HALL = shapely.box(-20, 0, 0, 12)
BESIDE = buildings(("way/1", FLATS, {"building": "apartments"}), ("way/2", HALL, {"building": "civic", "amenity": "townhall"}))


@pytest.mark.parametrize(("x", "said"), [(-10, []), (-1, []), (1, [AT_DOOR]), (20, [AT_DOOR])])
def test_that_a_door_belongs_to_the_place_it_opens_into(x, said):
    assert refusals([part(disc(x), "point", "apron")], ground_of(BESIDE), buildings=as_layer(BESIDE)) == said


def test_that_the_hall_s_own_door_is_found_and_the_flats_door_on_the_common_outline_is_not():
    """The hall's ground takes in a strip of the flats; a door of each lies on its outline."""
    hall = layer("places", ("way/9", shapely.box(-20, 0, 12, 12), {"amenity": "townhall"}))
    doors = layer(
        "d", ("node/1", shapely.Point(-10, 0), {"entrance": "yes"}), ("node/2", shapely.Point(6, 0), {"entrance": "yes"})
    )
    houses = buildings(("way/1", FLATS, {"building": "apartments"}), ("way/2", HALL, {"building": "civic"}))
    _, judged = drawn_by_the_pack(houses, ("amenity=townhall",), "apron", "point", places=hall, doors=doors)
    assert [round(one.geometry.centroid.x) for one in judged.allowed] == [-10]
    assert [template for _, template, _ in judged.refused] == [AT_DOOR]


@pytest.mark.parametrize("sign", [{"entrance": "staircase"}, {"entrance": "home"}, {"entrance": "main", "addr:flats": "1-9"}])
def test_that_flats_above_a_town_hall_make_its_house_a_home(sign):
    hall = buildings(("way/2", HALL, {"building": "civic", "amenity": "townhall"}))
    doors = layer("places", ("node/1", shapely.Point(-10, 0), {"entrance": "main"}), ("node/2", shapely.Point(-5, 0), sign))
    parts, judged = drawn_by_the_pack(hall, ("amenity=townhall",), "apron", "point", places=doors)
    assert parts
    assert judged.allowed == ()


# --- rings ---------------------------------------------------------------------------------------------------------------


@given(st.floats(0.0, 8.0), st.floats(1.0, 12.0), st.sampled_from(["area", "line", "point"]), st.sampled_from(["own", "apron"]))
def test_that_no_part_lies_round_a_home_however_it_is_drawn(off_m, wide_m, shape, kind):
    inner = shapely.buffer(FLATS, off_m + 0.1, join_style="mitre")
    ring = shapely.difference(shapely.buffer(inner, wide_m, join_style="mitre"), inner)
    open_to_the_east = shapely.difference(ring, shapely.box(35, -100, 200, 100))
    for geometry in (ring, open_to_the_east):
        assert refusals([part(geometry, shape, kind)], ground_of(HOME))


def test_that_pieces_off_the_street_are_refused_together_and_alone():
    ring = shapely.difference(shapely.buffer(FLATS, 6, join_style="mitre"), shapely.buffer(FLATS, 1, join_style="mitre"))
    sides = (shapely.box(-9, -9, 20, 0), shapely.box(20, -9, 49, 0), shapely.box(-9, 0, 0, 21), shapely.box(0, 12, 49, 21))
    pieces = [part(shapely.intersection(ring, side), part_id=str(n)) for n, side in enumerate(sides)]
    assert BEFORE_WALLS in refusals(pieces, ground_of(HOME), NO_CITY)
    for piece in pieces:
        assert refusals([piece], ground_of(HOME), NO_CITY) == [BEFORE_WALLS]


def test_that_streets_on_two_sides_of_a_corner_house_are_streets():
    lanes = [part(shapely.box(0, -9, 40, -3), part_id="1"), part(shapely.box(43, 0, 49, 12), part_id="2")]
    roads = layer(
        "roads",
        ("way/2", shapely.LineString([(-20, -6), (60, -6)]), {"highway": "residential"}),
        ("way/3", shapely.LineString([(46, -20), (46, 40)]), {"highway": "residential"}),
    )
    assert refusals(lanes, ground_of(HOME), roads=roads) == []  # 40 and 12 of 104 m of wall
    assert refusals([*lanes, part(shapely.box(0, 15, 40, 21), part_id="3")], ground_of(HOME), roads=roads) == [BEFORE_WALLS]


# --- school crossings ----------------------------------------------------------------------------------------------------

YARD = layer("places", ("way/5", shapely.box(0, 0, 100, 100), {"amenity": "school"}))
TILES = [part(shapely.box(x, 45, x + 18, 55), kind="school_crossing", part_id=str(x)) for x in range(0, 100, 20)]


def way(**tags):
    return layer("roads", ("way/7", shapely.LineString([(0, 50), (100, 50)]), tags))


def crossings(*xs):
    return layer("nodes", *((f"node/{x}", shapely.Point(x, 50), {"highway": "crossing"}) for x in xs))


IN_EACH = crossings(9, 29, 49, 69, 89)


@given(st.sampled_from(["footway", "path", "cycleway", "pedestrian", "track", "steps"]), st.floats(2.0, 60.0))
def test_that_a_way_through_a_yard_makes_no_crossing_of_it(kind, width_m):
    through = way(highway=kind, width=f"{width_m}")
    assert (
        refusals(TILES, ground_of(buildings(), places=YARD), roads=through, nodes=crossings(9, 29, 49, 69, 89)) == [NO_STREET] * 5
    )


def test_that_a_street_which_only_the_school_may_use_is_none():
    own = way(highway="service", width="10", access="private")
    assert refusals(TILES[:1], ground_of(buildings(), places=YARD), roads=own, nodes=crossings(9)) == [NO_STREET]


@given(st.sampled_from(["residential", "service", "primary"]), st.floats(10.0, 100.0))
def test_that_crossings_never_add_up_to_a_yard_whatever_street_is_laid_through_it(kind, width_m):
    """A tenth of 10,000 m2 are 1,000 m2; side by side they are no longer than 40 m, so two of 18 m and no third go."""
    said = refusals(
        TILES,
        ground_of(buildings(), places=YARD),
        roads=way(highway=kind, width=f"{width_m}"),
        nodes=crossings(9, 29, 49, 69, 89),
    )
    assert said.count(BAYS) >= 1
    assert len(TILES) - len(said) <= 4


def test_that_a_crossing_on_a_school_s_ground_needs_a_mapped_one_in_a_street():
    ground, road = ground_of(buildings(), places=YARD), way(highway="residential", width="10")
    assert refusals(TILES[:1], ground, roads=road) == [NO_CROSSING]
    assert refusals(TILES[:1], ground, roads=road, nodes=crossings(60)) == [NO_CROSSING]
    assert refusals(TILES[:1], ground, roads=road, nodes=crossings(9)) == []


# --- bays ----------------------------------------------------------------------------------------------------------------

BAY = part(shapely.box(12, 2, 18, 8), "area", "bay")
WARD = layer("nodes", ("node/1", shapely.Point(10, 5), {"emergency": "emergency_ward_entrance"}))
HIDING = sorted({(kind.name, tag.partition("|")[0]) for kind in MINIMUM.values() if kind.hides_people for tag in kind.tags[:3]})


def test_that_a_bay_on_a_hospital_s_ground_rests_on_a_mapped_entrance():
    site = layer("places", ("way/5", shapely.box(-20, -20, 30, 30), {"amenity": "hospital"}))
    ground = ground_of(buildings(("way/1", BOX, {"building": "hospital"})), places=site)
    assert refusals([BAY], ground) == [NO_ENTRANCE]
    assert refusals([BAY], ground, nodes=WARD) == []


@pytest.mark.parametrize(("kind", "tag"), HIDING)
def test_that_no_exception_holds_where_people_hide_whatever_else_it_is(kind, tag):
    key, _, value = tag.partition("=")
    site = layer(
        "places", ("way/5", shapely.box(-20, -20, 30, 30), {"healthcare": "clinic", key: "yes" if value == "*" else value})
    )
    ground = ground_of(buildings(), places=site)
    assert refusals([BAY], ground, nodes=WARD) == [MOSTLY], kind
    assert len(sample_demand([BAY], ground).weight) == 0


def test_that_no_exception_holds_on_ground_that_a_user_drew():
    site = layer("places", ("way/5", shapely.box(-20, -20, 30, 30), {"amenity": "clinic", "lhasaplan": "protected"}))
    assert refusals([BAY], ground_of(buildings(), places=site), nodes=WARD) == [MOSTLY]


def test_that_a_question_about_a_bay_is_asked_of_no_home():
    asked = dataclasses.replace(BAY, question="where?", site=FLATS, geometry=shapely.Point(20, 6).buffer(1))
    assert refusals([asked], ground_of(HOME)) == [ON_SITE]


# --- density -------------------------------------------------------------------------------------------------------------


@given(st.floats(allow_nan=True))
def test_that_no_part_asks_for_more_than_packs_may(density_px_m):
    sharp = part(shapely.box(500, 0, 510, 10), required=Required(density_px_m))
    said = refusals([sharp], ProtectedGround(()))
    assert said == ([] if 0 < density_px_m < 125.0 else [TOO_SHARP])
