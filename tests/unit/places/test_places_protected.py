"""One protected place for each real thing."""

import numpy as np
import pytest
import shapely
from places_town import BOX, KINDS, buildings, layer

from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import count_places, find_protected

HOME, PROTECTED, UNKNOWN = ProtectedClass.HOME, ProtectedClass.PROTECTED, ProtectedClass.USE_UNKNOWN


def found(houses=None, declarations=(), **layers):
    return find_protected(layers, buildings() if houses is None else houses, KINDS, declarations)


def house(**tags):
    return buildings(("way/1", BOX, {key.replace("__", ":"): value for key, value in tags.items()}, 6.0))


def node(x, y, **tags):
    return ("node/1", shapely.Point(x, y), {key.replace("__", ":"): value for key, value in tags.items()})


@pytest.mark.parametrize(
    ("tags", "cls"),
    [
        ({"building": "apartments"}, HOME),
        ({"building": "dormitory"}, HOME),
        ({"building": "commercial", "addr__flats": "1-8"}, HOME),
        ({"building": "office", "building__flats": "3"}, HOME),
        ({"building": "office", "building__flats": "0"}, None),
        ({"building": "yes", "social_facility": "nursing_home"}, HOME),
        ({"building": "mosque"}, PROTECTED),
        ({"building": "yes", "amenity": "clinic; pharmacy"}, PROTECTED),
        ({"building": "museum", "historic": "monastery", "tourism": "museum"}, PROTECTED),
        ({"building": "yes"}, UNKNOWN),
        ({"building": "construction"}, UNKNOWN),
        ({"building": "office"}, None),
        ({"building": "office", "religion": "any"}, None),
    ],
)
def test_that_a_building_is_classed_by_its_kinds(tags, cls):
    assert [place.cls for place in found(house(**tags))] == ([] if cls is None else [cls])


@pytest.mark.parametrize("value", ["retail", "commercial", "office"])
@pytest.mark.parametrize(
    ("levels", "height_m", "is_unknown"),
    [
        ("3", 0, True),
        ("2", 30, False),
        ("2-4", 0, True),
        ("many", 9.0, True),
        ("", 9.0, True),
        ("", 8.9, False),
        ("", None, False),
    ],
)
def test_that_shops_and_offices_of_three_storeys_have_unknown_use(value, levels, height_m, is_unknown):
    shop = house(building=value, **({"building__levels": levels} if levels else {}))
    if height_m is None:
        shop.height_source[:], shop.top_m[:] = "default", 18.0
    else:
        shop.top_m[:] = height_m
    assert [place.cls for place in found(shop)] == [UNKNOWN] * is_unknown


def test_that_a_warehouse_of_three_storeys_is_known():
    assert found(house(building="warehouse", building__levels="5")) == ()


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("大昭寺", True), ("Marienkirche", True), ("Old Mosque", True), ("Clinique du Parc", True), ("Haus 7", False),
        ("Churchill House", False), ("", False),
    ],
)  # fmt: skip
def test_that_not_dwelling_clears_that_it_is_lived_in_and_nothing_else(name, stays):
    named = Declaration("way/1", "not_dwelling", "A. Clerk", "2026-05-01")
    assert [place.cls for place in found(house(building="yes", name=name), [named])] == [UNKNOWN] * stays


@pytest.mark.parametrize(
    ("tags", "cls"),
    [
        ({"building": "Mosque"}, PROTECTED),
        ({"building": "commercial", "amenity": "Place_Of_Worship "}, PROTECTED),
        ({"building": "commercial", "amenity": "place of worship"}, PROTECTED),
        ({"building": "retail,mosque"}, PROTECTED),
        ({"building": "retail / chapel"}, PROTECTED),
        ({"building": "temple|retail"}, PROTECTED),
        ({"building": "mos\u00adque"}, PROTECTED),  # a soft hyphen, which nobody sees
        ({"building": "office", "AMENITY": "HOSPITAL"}, PROTECTED),
        ({"building": "office", "healthcare": "No"}, None),
        ({"building": "Résidentiel"}, HOME),
        ({"building": "office", "building__use": "Residential"}, HOME),
        ({"building": "寺庙"}, PROTECTED),
        ({"building": "commercial", "historic": "synagogue"}, PROTECTED),
        ({"building": "commercial", "office": "trade_union"}, PROTECTED),
        ({"building": "commercial", "social_facility": "day_care"}, PROTECTED),
    ],
)
def test_that_a_kind_is_found_however_its_tag_is_written(tags, cls):
    assert [place.cls for place in found(house(**tags))] == ([] if cls is None else [cls])


def test_that_a_home_said_to_lie_under_ground_still_protects_its_ground():
    # Readers leave it out of the buildings that block sight; it is in their layer all the same.
    below = layer("buildings", ("way/7", BOX, {"building": "mosque", "layer": "-2"}), ("way/8", BOX, {"building": "retail"}))
    (place,) = found(buildings=below)
    assert (place.cls, place.ground.area, place.frontage) == (PROTECTED, 100.0, None)


def test_that_residential_land_alone_is_no_protected_ground():
    assert found(places=layer("places", ("way/9", shapely.box(0, 0, 500, 500), {"landuse": "residential"}))) == ()


@pytest.mark.parametrize("kind", ["staircase", "home"])
def test_that_an_entrance_to_flats_makes_the_building_a_home(kind):
    (place,) = found(house(building="yes"), places=layer("places", node(10, 5, entrance=kind)))
    assert place.cls == HOME


def test_that_an_entrance_to_flats_in_the_open_is_no_place():
    assert found(places=layer("places", node(50, 50, entrance="home"))) == ()


def test_that_a_chemist_below_flats_on_hospital_ground_stays_with_the_flats():
    ground = ("way/9", shapely.box(-5, -5, 25, 25), {"amenity": "hospital"})
    places = found(house(building="apartments"), places=layer("places", ground, node(5, 5, amenity="pharmacy")))
    assert sorted((p.cls, p.building) for p in places) == [(HOME, 0), (PROTECTED, -1)]


def test_that_a_main_entrance_makes_no_home():
    (place,) = found(house(building="yes"), places=layer("places", node(10, 5, entrance="main")))
    assert place.cls == UNKNOWN


def test_that_a_clinic_in_an_office_block_protects_the_block_as_one_place():
    (place,) = found(house(building="office"), places=layer("places", node(5, 5, amenity="clinic")))
    assert (place.cls, place.building, place.ground.area) == (PROTECTED, 0, 100.0)


def test_that_a_clinic_below_flats_leaves_the_building_a_home_and_one_place():
    (place,) = found(house(building="apartments"), places=layer("places", node(5, 5, amenity="clinic")))
    assert place.cls == HOME


def test_that_a_lawyer_drawn_at_the_door_belongs_to_the_building():
    (place,) = found(house(building="office"), places=layer("places", node(11, 5, office="lawyer")))
    assert place.building == 0


def test_that_toilets_in_a_station_protect_their_spot_and_not_the_station():
    (place,) = found(house(building="train_station"), places=layer("places", node(5, 5, amenity="toilets")))
    assert place.frontage is None
    assert place.ground.area == pytest.approx(np.pi * 9, rel=0.02)


def test_that_a_school_with_its_yard_and_three_buildings_is_one_place():
    boxes = [shapely.box(x, 0, x + 10, 10) for x in (0, 20, 40)]
    school = buildings(
        *(
            (f"way/{i}", box, {"building": kind})
            for i, (box, kind) in enumerate(zip(boxes, ("school", "yes", "shed"), strict=True))
        )
    )
    ground = ("way/9", shapely.box(-5, -5, 55, 20), {"amenity": "school"})
    (place,) = found(school, places=layer("places", ground, node(5, 5, amenity="school")))
    assert (place.cls, place.buildings, place.frontage_buildings) == (PROTECTED, (0, 1, 2), (0, 1, 2))
    assert place.ground.area == 60 * 25
    assert place.open_ground.area == 60 * 25 - 300


def test_that_a_home_on_hospital_ground_stays_a_home_of_its_own():
    ground = ("way/9", shapely.box(-5, -5, 25, 25), {"amenity": "hospital"})
    places = found(house(building="apartments"), places=layer("places", ground))
    assert sorted((p.cls, p.building) for p in places) == [(HOME, 0), (PROTECTED, -1)]


def test_that_a_staff_house_found_by_its_door_stays_a_home_on_hospital_ground():
    ground = ("way/9", shapely.box(-5, -5, 25, 25), {"amenity": "hospital"})
    places = found(house(building="yes"), places=layer("places", ground, node(10, 5, entrance="staircase")))
    assert sorted(p.cls for p in places) == [HOME, PROTECTED]


def test_that_a_square_and_a_way_before_a_church_are_protected_to_25_m_and_lawn_is_not():
    square = ("way/7", shapely.box(10, -50, 110, 50), {"place": "square"})
    path = ("way/8", shapely.LineString([(-60, 5), (-1, 5)]), {"highway": "footway"})
    ground = ProtectedGround(found(house(building="church"), places=layer("places", square), roads=layer("roads", path)))
    x = [34.9, 35.1, -24.9, -25.1, 5.0, 5.0]
    y = [5.0, 5.0, 5.0, 5.0, 20.0, 9.0]
    assert ground.covers_points(x, y).tolist() == [True, False, True, False, False, True]


def test_that_a_tunnel_below_a_church_is_no_forecourt():
    below = ("way/8", shapely.LineString([(12, -60), (12, 60)]), {"highway": "primary", "tunnel": "yes"})
    (place,) = found(house(building="church"), roads=layer("roads", below))
    assert place.ground.area == 100.0


@pytest.mark.parametrize(
    "tags", [{"lhasaplan": "processional_way"}, {"kind": "processional_way"}, {"amenity": "processional_way"}]
)
def test_that_a_processional_way_drawn_by_a_user_is_protected_15_m_to_each_side(tags):
    way = ("drawn/1", shapely.LineString([(0, 0), (100, 0)]), tags)
    ground = ProtectedGround(found(mine=layer("mine", way)))
    assert ground.covers_points([50, 50], [14.9, 15.1]).tolist() == [True, False]


def test_that_a_processional_way_does_not_swallow_the_houses_beside_it():
    way = ("drawn/1", shapely.LineString([(0, 5), (100, 5)]), {"lhasaplan": "processional_way"})
    places = found(house(building="yes"), mine=layer("mine", way))
    assert sorted(place.cls for place in places) == [PROTECTED, UNKNOWN]


def test_that_a_use_declared_by_name_and_date_is_no_longer_unknown():
    named = Declaration("way/1", "not_dwelling", "A. Clerk", "2026-05-01")
    assert found(house(building="yes"), [named]) == ()


@pytest.mark.parametrize(
    "declared", [("", "2026-05-01"), ("A. Clerk", ""), (" ", "2026-05-01"), ("-", "2026-05-01"), ("A. Clerk", "soon")]
)
def test_that_a_use_declared_without_name_or_date_stays_unknown(declared):
    assert len(found(house(building="yes"), [Declaration("way/1", "not_dwelling", *declared)])) == 1


def test_that_a_home_cannot_be_declared_away():
    assert len(found(house(building="house"), [Declaration("way/1", "not_dwelling", "A. Clerk", "2026-05-01")])) == 1


def test_that_two_kinds_of_one_node_and_its_area_are_one_place():
    area = ("way/2", shapely.box(0, 0, 40, 40), {"leisure": "playground"})
    assert len(found(places=layer("places", area, node(5, 5, leisure="playground")))) == 1


def test_that_the_same_feature_in_two_layers_is_one_place():
    one = ("way/2", shapely.box(0, 0, 40, 40), {"landuse": "cemetery"})
    assert len(found(places=layer("places", one), areas=layer("areas", one))) == 1


def test_that_places_are_counted_by_class_and_nothing_else():
    assert count_places(found(house(building="house"))) == {"home": 1, "protected": 0, "dwelling_likely": 0, "use_unknown": 0}


def test_that_half_a_crossing_on_a_yard_is_half_on_protected_ground():
    ground = ProtectedGround(found(places=layer("places", ("way/2", BOX, {"leisure": "playground"}))))
    assert ground.share_of(shapely.box(5, 0, 15, 10)) == pytest.approx(0.5)
    assert ground.share_of(shapely.LineString([(-30, 5), (10, 5)])) == pytest.approx(0.25)
    assert ground.share_of(shapely.Point(5, 5)) == 1.0
    assert ground.share_of(shapely.Point(50, 5)) == 0.0


def test_that_a_city_without_anything_has_no_protected_ground():
    assert not ProtectedGround(()).covers_points([0.0], [0.0]).any()
