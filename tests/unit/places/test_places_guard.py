"""Ways to get round the guard, none of which does."""

import dataclasses

import pytest
import shapely
from places_town import BOX, KINDS, as_layer, buildings, category, layer, pack, part

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.guard import BAYS, KIND, MOSTLY, NO_STREET, ON_SITE, QUARTER, SOURCE, TOO_LONG, guard_parts
from lhasaplan.core.demand.neighbourhood import covered_m2, hand_made
from lhasaplan.core.demand.outdoor_parts import Granted, sample_demand
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected
from lhasaplan.errors import InputError

NOWHERE = ProtectedGround(())
CITY = shapely.box(-3000, -3000, 3000, 3000)  # public ground without end: every circle holds 785,398 m2 of it
CHURCH = buildings(("way/1", BOX, {"building": "church"}))


def ground_of(houses=None, **layers):
    return ProtectedGround(find_protected(layers, buildings() if houses is None else houses, KINDS))


def verdict(one, ground, public=CITY, **mapped):
    result = guard_parts([one], ground, public, granted=Granted(mapped))
    return result.refused[0][1] if result.refused else "allowed"


def drawn(geometry, **more):
    given = {
        "part_id": "h/1",
        "name": "",
        "category": "own",
        "kind": "own",
        "shape": "area",
        "density_px_m": 25.0,
        "min_views": 1,
    }
    return HandMadePart(**{**given, "wkt": geometry.wkt, "min_share": 0.9, "by": "A. Clerk", "date": "2026-05-01", **more})


def test_that_a_part_in_the_street_is_allowed():
    assert verdict(part(shapely.box(50, 0, 60, 10)), ground_of(CHURCH)) == "allowed"


def test_that_another_tag_on_the_same_ground_changes_nothing():
    two_tags = buildings(("way/1", BOX, {"building": "church", "tourism": "museum", "amenity": "library"}))
    assert verdict(part(BOX, kind="apron", category="public_building_apron"), ground_of(two_tags)) == MOSTLY


def test_that_a_user_layer_over_the_place_changes_nothing():
    over = layer("mine", ("mine/1", shapely.box(-1, -1, 11, 11), {"landuse": "industrial", "hazard": "yes"}))
    assert verdict(part(BOX, kind="apron"), ground_of(CHURCH, mine=over)) == MOSTLY


@pytest.mark.parametrize("kind", ["worship", "dwelling", "school", "health", "polling_place"])
def test_that_a_pack_which_names_a_protected_kind_is_refused_anywhere(kind):
    assert verdict(part(shapely.box(500, 0, 510, 10), kind=kind), NOWHERE) == KIND
    assert verdict(part(shapely.box(500, 0, 510, 10), category=kind), NOWHERE) == KIND


def test_that_a_part_whose_source_is_a_protected_feature_is_refused_even_in_the_street():
    assert verdict(part(shapely.box(50, 0, 60, 10), source="way/1"), ground_of(CHURCH)) == SOURCE


def test_that_a_pack_which_maps_worship_as_heritage_finds_nothing():
    heritage = pack(category("heritage", (("historic=monastery",), ("historic=church",), ("building=church",)), "site", "area"))
    houses = buildings(("way/1", BOX, {"building": "yes", "historic": "monastery", "tourism": "museum"}))
    stone = layer("places", ("way/2", shapely.box(40, 0, 60, 10), {"historic": "church"}))
    assert find_places({"buildings": as_layer(houses), "places": stone}, houses, (heritage,)) == ()


def test_that_a_pack_which_maps_a_protected_kind_finds_nothing():
    sly = pack(category("lookout", (("amenity=clinic|school",), ("building=apartments",)), "gauge", "area"))
    houses = buildings(("way/1", BOX, {"building": "apartments"}))
    clinic = layer("places", ("node/1", shapely.Point(50, 0), {"amenity": "clinic"}))
    assert find_places({"buildings": as_layer(houses), "places": clinic}, houses, (sly,)) == ()


def test_that_a_hand_made_part_passes_the_same_guard():
    assert verdict(hand_made(drawn(BOX)), ground_of(CHURCH)) == MOSTLY
    assert verdict(hand_made(drawn(shapely.box(50, 0, 60, 10))), ground_of(CHURCH)) == "allowed"
    assert verdict(hand_made(drawn(shapely.box(50, 0, 60, 10), kind="worship")), ground_of(CHURCH)) == KIND


def test_that_a_hand_made_part_cannot_call_itself_an_ambulance_bay_to_watch_a_church():
    assert verdict(hand_made(drawn(BOX, kind="bay", shape="point")), ground_of(CHURCH)) == MOSTLY


def test_that_a_hand_made_part_without_a_readable_outline_is_refused_by_name():
    with pytest.raises(InputError, match="h/1"):
        hand_made(drawn(BOX, wkt="POLYGON of some kind"))
    with pytest.raises(InputError, match="no outline"):
        hand_made(drawn(shapely.Polygon()))


def test_that_the_square_before_a_church_is_refused_within_25_m_and_allowed_beyond():
    square = layer("places", ("way/7", shapely.box(10, -50, 110, 50), {"place": "square"}))
    ground = ground_of(CHURCH, places=square)
    assert verdict(part(shapely.box(12, 0, 32, 10)), ground) == MOSTLY
    assert verdict(part(shapely.box(40, 0, 60, 10)), ground) == "allowed"


def test_that_a_processional_way_drawn_by_a_user_is_refused():
    way = layer("mine", ("mine/1", shapely.LineString([(0, 0), (100, 0)]), {"lhasaplan": "processional_way"}))
    assert verdict(part(shapely.LineString([(0, 0), (100, 0)]), "line"), ground_of(mine=way)) == MOSTLY


def test_that_the_use_unknown_is_protected_for_proposals():
    assert verdict(part(BOX), ground_of(buildings(("way/1", BOX, {"building": "yes"})))) == MOSTLY


def test_that_exactly_half_on_protected_ground_is_allowed_and_a_little_more_refused():
    ground = ground_of(CHURCH)
    assert verdict(part(shapely.box(5, 0, 15, 10)), ground) == "allowed"
    assert verdict(part(shapely.box(4.9, 0, 14.9, 10)), ground) == MOSTLY


HOSPITAL = buildings(("way/1", BOX, {"building": "hospital"}))
SITE = layer("places", ("way/5", shapely.box(-20, -20, 30, 30), {"amenity": "hospital"}))


def entrances(*points):
    rows = [(f"node/{n}", shapely.Point(at), {"emergency": "emergency_ward_entrance"}) for n, at in enumerate(points)]
    return layer("places", *rows)


def test_that_an_ambulance_bay_is_allowed_on_hospital_ground_outside_the_building_only():
    ground = ground_of(HOSPITAL, places=SITE)
    assert verdict(part(shapely.box(12, 2, 18, 8), "point", "bay"), ground, places=entrances((10, 5))) == "allowed"
    assert verdict(part(shapely.box(2, 2, 8, 8), "point", "bay"), ground, places=entrances((10, 5))) == MOSTLY
    assert verdict(part(shapely.box(12, 2, 18, 8), "area", "apron"), ground) == MOSTLY


def test_that_a_bay_as_large_as_the_hospital_s_ground_is_no_bay():
    ground = ground_of(HOSPITAL, places=SITE)
    assert verdict(part(shapely.box(-20, -20, 30, 30), "area", "bay"), ground) == MOSTLY
    assert verdict(part(shapely.box(12, 2, 18, 8), "point", "bay", source="way/5"), ground) == SOURCE


def test_that_nobody_is_asked_about_a_site_laid_over_a_home():
    home, hall = buildings(("way/1", BOX, {"building": "house"})), shapely.box(-1, -1, 11, 11)  # the home is 100 of its 144 m2
    asked = dataclasses.replace(part(shapely.Point(5, 5).buffer(0.5), kind="apron"), question="where is the door?", site=hall)
    assert verdict(asked, ground_of(home)) == ON_SITE
    wide = dataclasses.replace(asked, site=shapely.box(-10, -10, 11, 11))  # 100 of 441 m2
    assert verdict(wide, ground_of(home)) == "allowed"


def test_that_a_site_of_unknown_use_may_be_asked_about():
    hall = buildings(("way/1", BOX, {"building": "yes"}))
    asked = dataclasses.replace(part(shapely.Point(5, 5).buffer(0.5), kind="apron"), question="where is the door?", site=BOX)
    assert verdict(asked, ground_of(hall)) == "allowed"


def test_that_a_hospital_garden_drawn_by_hand_is_no_bay_whatever_shape_it_claims():
    garden = hand_made(drawn(shapely.box(12, -20, 30, 30), kind="bay", shape="point"))
    assert verdict(garden, ground_of(HOSPITAL, places=SITE)) == MOSTLY


def bays(*corners):
    """Return bays of 14 m by 10 m with these south-west corners, drawn by hand."""
    return [
        hand_made(drawn(shapely.box(x, y, x + 14, y + 10), part_id=f"h/{n}", kind="bay")) for n, (x, y) in enumerate(corners, 1)
    ]


CAMPUS = layer("places", ("way/9", shapely.box(-100, -100, 100, 100), {"amenity": "hospital"}))  # 40,000 m2, 39,900 of it open


def refused_bays(*corners, campus=CAMPUS):
    mapped = Granted({"places": entrances(*corners)})
    result = guard_parts(bays(*corners), ground_of(HOSPITAL, places=campus), CITY, granted=mapped)
    assert {template for _, template, _ in result.refused} <= {BAYS}
    return [part.part_id for part, _, _ in result.refused]


def test_that_two_bays_apart_on_a_hospital_s_ground_are_allowed():
    assert refused_bays((20, 0), (40, 0)) == []  # 6 m apart


@pytest.mark.parametrize("second", [(34, 0), (20, 10), (37, 0)])
def test_that_bays_side_by_side_are_no_longer_than_one(second):
    assert refused_bays((20, 0), second) == ["h/2"]


def test_that_bays_do_not_add_up_to_a_hospital_s_ground():
    # A tenth of 39,900 m2 are 3,990 m2: 28 bays of 140 m2 are 3,920, the 29th is too much.
    grid = [(x, y) for y in (-90, -70, -50, 20, 50) for x in range(-90, 80, 25)]
    assert refused_bays(*grid) == [f"h/{n}" for n in range(29, 36)]


def test_that_one_bay_is_allowed_on_the_smallest_ground():
    small = layer("places", ("way/9", shapely.box(-20, -20, 40, 20), {"amenity": "hospital"}))
    assert refused_bays((14, 0), campus=small) == []


YARD = layer("places", ("way/5", shapely.box(0, 0, 100, 100), {"amenity": "school"}))
LANE = shapely.LineString([(0, 43), (100, 43)])  # across the school's ground


def street(**tags):
    return layer("roads", ("way/7", LANE, {"highway": "residential", "width": "6", **tags}))


def crossings(*points):
    return layer("places", *((f"node/{n}", shapely.Point(at), {"highway": "crossing"}) for n, at in enumerate(points)))


def crossing_verdict(geometry, roads, at=(55, 43)):
    one = part(geometry, kind="school_crossing")
    return verdict(one, ground_of(places=YARD), roads=roads, places=crossings(at))


def test_that_a_school_crossing_is_allowed_in_the_street_on_the_school_s_ground():
    assert crossing_verdict(shapely.box(50, 40, 60, 46), street()) == "allowed"


def test_that_a_school_yard_is_no_school_crossing():
    assert crossing_verdict(shapely.box(10, 10, 30, 30), street()) == NO_STREET
    assert crossing_verdict(shapely.box(0, 0, 100, 100), street()) == MOSTLY


def test_that_a_bay_before_the_chapel_of_a_hospital_is_refused():
    chapel = buildings(("way/1", BOX, {"building": "hospital"}), ("way/2", shapely.box(20, 0, 25, 10), {"building": "chapel"}))
    path = layer("roads", ("way/8", shapely.LineString([(16, -20), (16, 30)]), {"highway": "service", "width": "8"}))
    assert verdict(part(shapely.box(13, 2, 19, 8), "point", "bay"), ground_of(chapel, places=SITE, roads=path)) == MOSTLY


def test_that_points_of_a_bay_inside_the_building_are_no_demand():
    ground = ground_of(HOSPITAL, places=SITE)
    demand = sample_demand([part(shapely.box(8, 0, 14, 6), "point", "bay")], ground, HOSPITAL)
    assert len(demand.weight) > 0
    assert (demand.xyz_m[:, 0] > 10).all()


def test_that_a_part_of_200_m_is_allowed_and_a_longer_one_refused():
    assert verdict(part(shapely.LineString([(0, 0), (200, 0)]), "line"), NOWHERE) == "allowed"
    assert verdict(part(shapely.LineString([(0, 0), (201, 0)]), "line"), NOWHERE) == TOO_LONG
    assert verdict(part(shapely.box(0, 0, 210, 5)), NOWHERE) == TOO_LONG


def test_that_short_pieces_far_apart_are_not_one_part():
    far = shapely.MultiLineString([[(0, 0), (10, 0)], [(5000, 0), (5010, 0)]])
    assert verdict(part(far, "line"), NOWHERE) == TOO_LONG
    assert verdict(part(shapely.MultiPoint([(0, 0), (0, 900)]), "point"), NOWHERE) == TOO_LONG


def tiles(count, size_m=50.0, pitch_m=60.0):
    side = int(count**0.5) + 1
    boxes = [
        shapely.box(x, y, x + size_m, y + size_m) for k in range(count) for x, y in [(k % side * pitch_m, k // side * pitch_m)]
    ]
    return [part(box, part_id=f"p{k}") for k, box in enumerate(boxes)]


def test_that_5000_m2_are_allowed_without_any_public_ground():
    assert guard_parts(tiles(2), NOWHERE, shapely.Polygon()).refused == ()


def test_that_many_small_parts_that_add_up_to_a_quarter_are_refused_from_the_last_on():
    # 40 tiles of 2,500 m2 are 100,000 m2; a tenth of the circle's 785,398 m2 of public ground is 78,540: 31 tiles fit.
    result = guard_parts(tiles(40), NOWHERE, CITY)
    assert [template for _, template, _ in result.refused] == [QUARTER] * 9
    assert [one.part_id for one in result.allowed] == [f"p{k}" for k in range(31)]


def test_that_the_order_in_which_parts_are_confirmed_decides_who_goes():
    result = guard_parts(tiles(40)[::-1], NOWHERE, CITY)
    assert {one.part_id for one in result.allowed} == {f"p{k}" for k in range(9, 40)}


def test_that_parts_more_than_a_kilometre_apart_do_not_add_up():
    far = [part(shapely.box(x, 0, x + 70, 70), part_id=str(x)) for x in (0, 1200, 2400)]  # 4,900 m2 each
    assert guard_parts(far, NOWHERE, shapely.Polygon()).refused == ()


def test_that_parts_900_m_apart_share_a_circle():
    near = [part(shapely.box(x, 0, x + 70, 70), part_id=str(x)) for x in (0, 900)]
    assert [one.part_id for one, _, _ in guard_parts(near, NOWHERE, shapely.Polygon()).refused] == ["900"]


def test_that_lines_and_points_count_with_the_ground_that_they_take():
    assert covered_m2(part(shapely.LineString([(0, 0), (100, 0)]), "line")) == pytest.approx(300.0)
    assert covered_m2(part(shapely.Point(0, 0), "point")) == pytest.approx(28.27, rel=0.01)
