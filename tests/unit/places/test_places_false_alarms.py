"""What is near a protected place and is none: a station with a pharmacy in it, a crossing in the street before a church."""

import dataclasses

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from places_town import BOX, KINDS, as_layer, buildings, category, layer, pack, part

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.guard import MOSTLY, ON_SITE, STREETS, guard_parts
from lhasaplan.core.demand.neighbourhood import hand_made
from lhasaplan.core.demand.outdoor_parts import sample_demand
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import count_places, find_protected

STATION = shapely.box(0, 0, 100, 40)
# A church 10 m square; a street of 7 m (tertiary) runs 20 m south of its wall, its pavements 2 m to each side.
CHURCH = buildings(("way/1", BOX, {"building": "church"}))
STREET = layer("roads", ("way/9", shapely.LineString([(-200, -20), (200, -20)]), {"highway": "tertiary"}))
PEDESTRIAN = layer("places", ("way/8", shapely.box(-200, -16.5, 200, 0), {"highway": "pedestrian", "area": "yes"}))


def shop(x, y, **tags):
    return layer("places", ("node/7", shapely.Point(x, y), tags))


def ground_of(houses, **layers):
    return ProtectedGround(find_protected({"buildings": as_layer(houses), **layers}, houses, KINDS))


def classes(houses, places):
    return count_places(find_protected({"buildings": as_layer(houses), "places": places}, houses, KINDS))


def mapped(geometry, kind="crossing", **more):
    """Return a part that a pack made of a mapped feature."""
    return part(geometry, kind=kind, **{"pack": "municipal-safety", "source": "node/3", **more})


def sentence(one, ground):
    result = guard_parts([one], ground, None)
    return result.refused[0][1] if result.refused else "allowed"


# A pharmacy in a station or mall


@pytest.mark.parametrize(
    "tags",
    [
        {"building": "train_station"},
        {"building": "retail", "shop": "mall"},
        {"building": "industrial", "public_transport": "station"},
    ],
)
def test_that_a_pharmacy_in_a_station_or_mall_protects_its_own_spot_and_not_the_building(tags):
    ground = ground_of(buildings(("way/5", STATION, tags, 5.0)), places=shop(20, 20, amenity="pharmacy", healthcare="pharmacy"))
    assert ground.covers_points([20.0, 24.9, 26.0, 90.0], [20.0, 20.0, 20.0, 20.0]).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    "tags", [{"amenity": "clinic"}, {"amenity": "pharmacy;clinic"}, {"amenity": "pharmacy", "office": "lawyer"}]
)
def test_that_whatever_is_more_than_a_pharmacy_protects_the_whole_station(tags):
    ground = ground_of(buildings(("way/5", STATION, {"building": "train_station"}, 5.0)), places=shop(20, 20, **tags))
    assert ground.covers_points([90.0], [20.0]).all()


@pytest.mark.parametrize("building", ["retail", "yes", "office"])
def test_that_a_pharmacy_protects_any_other_building_whole(building):
    ground = ground_of(buildings(("way/5", STATION, {"building": building}, 5.0)), places=shop(20, 20, amenity="pharmacy"))
    assert ground.covers_points([90.0], [20.0]).all()


def test_that_a_mall_of_unknown_use_stays_so_whatever_its_pharmacy_says():
    mall = buildings(("way/5", STATION, {"building": "yes", "shop": "mall"}, 5.0))
    assert classes(mall, shop(20, 20, amenity="pharmacy")) == {"home": 0, "protected": 1, "dwelling_likely": 0, "use_unknown": 1}


def test_that_a_drawn_refuge_in_a_station_protects_the_station():
    refuge = shop(20, 20, amenity="pharmacy", lhasaplan="protected")
    ground = ground_of(buildings(("way/5", STATION, {"building": "train_station"}, 5.0)), places=refuge)
    assert ground.covers_points([90.0], [20.0]).all()


# Crossings and stops in the carriageway before a church

CROSSING = shapely.box(-10, -23.5, 10, -16.5)  # 20 m of the carriageway, all of it within 25 m of the church's wall


def test_that_a_mapped_crossing_in_the_carriageway_before_a_church_may_be_requested():
    assert sentence(mapped(CROSSING), ground_of(CHURCH, roads=STREET)) == "allowed"


@pytest.mark.parametrize("kind", ["junction_ground", "apron", "conflict_area", "gauge", "carriageway"])
def test_that_no_other_part_may_lie_there(kind):
    assert sentence(mapped(CROSSING, kind), ground_of(CHURCH, roads=STREET)) == MOSTLY


def test_that_a_crossing_drawn_by_hand_may_not_lie_there():
    drawn = HandMadePart("h/1", "", "own", "crossing", "area", CROSSING.wkt, 25.0, 1, 0.9, "A. Clerk", "2026-05-01")
    assert sentence(hand_made(drawn), ground_of(CHURCH, roads=STREET)) == MOSTLY


def test_that_the_forecourt_stays_out():
    ground = ground_of(CHURCH, roads=STREET, places=PEDESTRIAN)
    assert sentence(mapped(shapely.box(-10, -16.5, 10, -2)), ground) == MOSTLY
    pavement = shapely.box(-5, -16.4, 5, -14.6)
    assert sentence(mapped(pavement), ground_of(CHURCH, roads=STREET)) == MOSTLY


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "service"},
        {"highway": "footway", "width": "10"},
        {"highway": "tertiary", "access": "private"},
        {"highway": "tertiary", "motor_vehicle": "private"},
        {"highway": "tertiary", "tunnel": "yes"},
    ],
)
def test_that_only_a_street_that_all_may_drive_on_has_a_carriageway(tags):
    lane = layer(
        "roads", ("way/9", STREET.geometry[0], tags), ("way/10", STREET.geometry[0], {"highway": "pedestrian", "width": "7"})
    )
    assert sentence(mapped(CROSSING), ground_of(CHURCH, roads=lane)) == MOSTLY


def test_that_a_width_tag_makes_no_carriageway_of_a_forecourt():
    wide = layer("roads", ("way/9", STREET.geometry[0], {"highway": "tertiary", "width": "50"}))
    ground = ground_of(CHURCH, roads=wide)
    assert sentence(mapped(shapely.box(-10, -26.5, 10, -13.5)), ground) == "allowed"  # 13 m: four lanes
    assert sentence(mapped(shapely.box(-10, -13.4, 10, -1)), ground) == MOSTLY


def test_that_a_street_across_church_ground_opens_none_of_it():
    yard = layer("areas", ("way/6", shapely.box(-60, -60, 60, 60), {"amenity": "place_of_worship"}))
    assert sentence(mapped(CROSSING), ground_of(CHURCH, roads=STREET, areas=yard)) == MOSTLY


def test_that_a_street_over_a_mapped_square_opens_none_of_it():
    square = layer("places", ("way/6", shapely.box(-60, -40, 60, 0), {"place": "square"}))
    assert sentence(mapped(CROSSING), ground_of(CHURCH, roads=STREET, places=square)) == MOSTLY


@pytest.mark.parametrize("tags", [{"amenity": "social_facility"}, {"healthcare": "psychotherapist"}])
def test_that_nothing_is_opened_before_a_church_that_shelters_a_place_where_people_hide(tags):
    ground = ground_of(CHURCH, roads=STREET, places=shop(5, 5, **tags))
    assert sentence(mapped(CROSSING), ground) == MOSTLY


def test_that_a_crossing_longer_than_a_crossing_is_refused():
    assert sentence(mapped(shapely.box(-24, -23.5, 24, -16.5)), ground_of(CHURCH, roads=STREET)) == MOSTLY


def test_that_crossings_together_take_no_more_than_half_of_the_carriageway_before_a_church():
    # The forecourt of 25 m cuts a strip of about 41 to 57 m out of the street; two crossings of 20 m are more than half of it.
    ground, far = ground_of(CHURCH, roads=STREET), shapely.box(-3000, -3000, 3000, 3000)
    pair = [mapped(shapely.box(x, -23.5, x + 20, -16.5), part_id=str(x)) for x in (-15, 5)]
    result = guard_parts(pair, ground, far)
    assert [(one.part_id, text) for one, text, _ in result.refused] == [("5", STREETS)]
    assert len(guard_parts(pair[:1], ground, far).allowed) == 1


def test_that_demand_keeps_its_points_on_the_carriageway_and_none_on_the_forecourt():
    ground = ground_of(CHURCH, roads=STREET)
    reaching = mapped(shapely.box(-10, -23.5, 10, -14.5), spacing_m=1.0)  # 7 m of carriageway, 2 m of pavement before the church
    y = sample_demand([reaching], ground).xyz_m[:, 1]
    assert len(y) > 0
    assert ((y >= -23.5) & (y <= -16.5)).all()


def test_that_the_street_is_still_protected_for_cameras_and_for_the_audit():
    ground = ground_of(CHURCH, roads=STREET)
    assert ground.covers_points([0.0], [-20.0]).all()
    assert ground.share_of(CROSSING) > 0.99  # but for one corner, 25.5 m from the nearest wall


# The street on hospital ground

HOSPITAL = layer("areas", ("way/6", shapely.box(-100, -100, 100, 100), {"amenity": "hospital"}))
WARD = buildings(("way/1", BOX, {"building": "hospital"}))


def test_that_a_stop_in_a_public_street_on_hospital_ground_may_be_requested_and_its_yard_may_not():
    ground = ground_of(WARD, roads=STREET, areas=HOSPITAL)
    stop = shapely.Point(0, -20).buffer(5.4)  # the street with its pavements is 11 m wide
    assert sentence(mapped(stop, "boarding_area"), ground) == "allowed"
    assert sentence(mapped(shapely.Point(0, -40).buffer(5.4), "boarding_area"), ground) == MOSTLY


def test_that_a_stop_in_a_hospitals_own_road_may_not():
    own = layer("roads", ("way/9", STREET.geometry[0], {"highway": "residential", "motor_vehicle": "private"}))
    assert (
        sentence(mapped(shapely.Point(0, -20).buffer(5), "boarding_area"), ground_of(WARD, roads=own, areas=HOSPITAL)) == MOSTLY
    )


def test_that_a_question_about_a_stop_in_the_street_on_hospital_ground_is_asked():
    question = mapped(shapely.Point(0, -20).buffer(1), "platform_edge", question="where?", site=shapely.Point(0, -20))
    assert sentence(question, ground_of(WARD, roads=STREET, areas=HOSPITAL)) == "allowed"
    yard = dataclasses.replace(question, site=shapely.Point(0, -60))
    assert sentence(yard, ground_of(WARD, roads=STREET, areas=HOSPITAL)) == ON_SITE


def test_that_a_street_on_school_ground_opens_none_of_it():
    school = layer("areas", ("way/6", shapely.box(-100, -100, 100, 100), {"amenity": "school"}))
    assert sentence(mapped(CROSSING), ground_of(buildings(), roads=STREET, areas=school)) == MOSTLY


@given(
    x=st.floats(-40, 40), y=st.floats(-40, 40), size=st.floats(1, 20),
    highway=st.sampled_from(["tertiary", "residential", "service", "footway", "pedestrian"]),
    width=st.sampled_from(["", "3", "60"]),
)  # fmt: skip
def test_that_no_part_of_any_shape_keeps_a_point_on_footprint_or_beyond_four_lanes(x, y, size, highway, width):
    road = layer("roads", ("way/9", STREET.geometry[0], {"highway": highway, **({"width": width} if width else {})}))
    ground = ground_of(CHURCH, roads=road)
    one = mapped(shapely.box(x, y, x + size, y + size))
    allowed = guard_parts([one], ground, None).allowed
    for px, py, _ in sample_demand(allowed, ground).xyz_m.tolist():
        is_carriageway = abs(py + 20.0) <= 6.5 and highway in ("tertiary", "residential")
        assert is_carriageway or not ground.covers_points([px], [py]).any()


def test_that_a_crossing_found_on_a_map_before_a_church_is_a_candidate():
    zebra = category("pedestrian_crossing", (("highway=crossing",),), "crossing", "area", approach_m=10.0)
    layers = {"roads": STREET, "places": shop(0, -20, highway="crossing"), "buildings": as_layer(CHURCH)}
    (place,) = find_places(layers, CHURCH, (pack(zebra),), kinds=KINDS)
    assert len(guard_parts(place.parts, ground_of(CHURCH, **layers), None).allowed) == 1
