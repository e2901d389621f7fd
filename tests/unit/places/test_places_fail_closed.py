"""No id, geometry type, hole, crossing ring or height takes ground out of protection."""

import numpy as np
import pytest
import shapely
from places_town import BOX, KINDS, buildings, layer, part

from lhasaplan.core.base.geometry_repair import filled, untangled
from lhasaplan.core.demand.guard import guard_parts
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.ground import ProtectedGround, protected_walls
from lhasaplan.core.protection.places import find_protected

WORSHIP, TOILETS = {"amenity": "place_of_worship"}, {"amenity": "toilets"}
YARD = shapely.box(0, 0, 60, 60)
FAR = shapely.box(500, 500, 520, 520)


def found(houses=None, **layers):
    return find_protected(layers, buildings() if houses is None else houses, KINDS)


def ground_of(places):
    return shapely.union_all([place.ground for place in places])


def yard(shape, **tags):
    return ground_of(found(places=layer("places", ("way/1", shape, {"amenity": "school"} | tags))))


@pytest.mark.parametrize("name", ["areas", "roads", "trees", "mine"])
@pytest.mark.parametrize("tags", [TOILETS, WORSHIP, {"shop": "yes"}])
def test_that_an_earlier_feature_of_its_id_does_not_stand_for_a_worship_ground(name, tags):
    earlier, ours = layer(name, ("way/1", FAR, tags)), layer("places", ("way/1", YARD, WORSHIP))
    assert ground_of(found(**{name: earlier, "places": ours})).covers(YARD)
    assert ground_of(found(places=ours, **{name: earlier})).covers(YARD)


@pytest.mark.parametrize("value", ["house", "yes", "church", "retail"])
def test_that_a_building_of_its_id_elsewhere_does_not_stand_for_a_worship_ground(value):
    far = buildings(("way/1", FAR, {"building": value}))
    ground = ground_of(found(far, places=layer("places", ("way/1", YARD, WORSHIP))))
    assert ground.covers(YARD)
    demand = part(shapely.box(20, 20, 30, 30))
    assert guard_parts([demand], ProtectedGround(found(far, places=layer("places", ("way/1", YARD, WORSHIP)))), None).refused


def test_that_a_building_of_its_id_and_another_kind_in_its_place_leaves_it_protected():
    here = buildings(("way/1", BOX, {"building": "retail"}))
    (place,) = found(here, places=layer("places", ("way/1", BOX, WORSHIP)))
    assert (place.cls, place.building) == (ProtectedClass.PROTECTED, 0)


def test_that_one_thing_in_two_layers_is_one_place_still():
    both = {name: layer(name, ("way/1", YARD, WORSHIP)) for name in ("places", "areas")}
    assert len(found(**both)) == 1
    assert len(found(buildings(("way/1", BOX, {"building": "church"})), mine=layer("mine", ("way/1", BOX, WORSHIP)))) == 1


OTHER_TAGS = [
    {}, {"leisure": "track"}, {"waterway": "canal"}, {"natural": "cliff"}, {"highway": "footway"}, {"barrier": "wall"},
    {"railway": "rail"}, {"area": "no"},
]  # fmt: skip


@pytest.mark.parametrize("tags", OTHER_TAGS)
def test_that_a_closed_line_of_a_protected_kind_is_its_ground_whatever_else_it_is(tags):
    assert yard(shapely.LineString(YARD.exterior), **tags).equals(YARD)
    assert yard(shapely.LinearRing(YARD.exterior), **tags).equals(YARD)


def test_that_a_ring_in_pieces_is_its_ground():
    corners = shapely.get_coordinates(YARD)
    halves = shapely.MultiLineString([corners[:3], corners[2:]])
    assert yard(halves).covers(YARD)


@pytest.mark.parametrize(("gap_m", "is_ground"), [(1.9, True), (9.0, True), (11.0, False), (40.0, False)])
def test_that_a_ring_whose_ends_nearly_meet_is_its_ground_and_its_strip(gap_m, is_ground):
    ring = shapely.LineString([(0, gap_m), (0, 60), (60, 60), (60, 0), (0, 0)])
    assert yard(ring).covers(YARD) is is_ground
    assert yard(ring).covers(shapely.Point(-4.5, 50))  # 5 m to each side, as of any line


def test_that_an_open_line_has_a_strip_and_no_ground():
    assert yard(shapely.LineString([(0, 0), (60, 0)])).area == pytest.approx(600 + np.pi * 25, rel=0.01)


def test_that_a_processional_way_that_goes_round_is_its_ground_and_15_m_beside_it():
    way = ("way/1", shapely.LineString(YARD.exterior), {"lhasaplan": "processional_way"})
    ground = ground_of(found(mine=layer("mine", way)))
    assert ground.covers(shapely.box(-14.9, 0, 60, 60))


def test_that_a_hole_of_a_protected_ground_is_no_free_ground():
    ring = YARD.difference(shapely.box(20, 20, 40, 40))
    places = found(places=layer("places", ("way/1", ring, WORSHIP)))
    assert ground_of(places).equals(YARD)
    assert guard_parts([part(shapely.box(22, 22, 38, 38))], ProtectedGround(places), None).refused
    (place,) = places
    assert place.open_ground.area == 60 * 60 - 20 * 20  # what is looked at is what is mapped


def test_that_the_court_of_a_block_of_flats_is_no_free_ground():
    block = YARD.difference(shapely.box(20, 20, 40, 40))
    (place,) = found(buildings(("way/1", block, {"building": "apartments"})))
    assert place.ground.equals(YARD)
    assert place.frontage.length == 240 + 80


BOW_TIE = shapely.Polygon([(0, 0), (60, 60), (60, 0), (0, 60)])
STAR = shapely.Polygon([(30 + 30 * np.sin(a), 30 + 30 * np.cos(a)) for a in np.arange(5) * 4 * np.pi / 5])


@pytest.mark.parametrize("shape", [BOW_TIE, STAR, shapely.MultiPolygon([BOW_TIE, FAR]), shapely.LinearRing(BOW_TIE.exterior)])
def test_that_a_ring_that_crosses_itself_raises_nothing_and_loses_no_ground(shape):
    lobes = shapely.make_valid(BOW_TIE if shape is not STAR else STAR)
    places = found(places=layer("places", ("way/1", shape, WORSHIP)))
    assert ground_of(places).covers(shapely.buffer(lobes, -0.01))
    ground = ProtectedGround(places)
    assert ground.covers_points([55.0 if shape is not STAR else 30.0], [30.0]).all()
    assert guard_parts([part(BOW_TIE), part(shapely.box(50, 20, 58, 40))], ground, None) is not None
    walls = protected_walls(places)
    assert shapely.union_all(walls.ground).covers(shapely.buffer(lobes, -0.01))


def test_that_a_house_whose_outline_crosses_itself_keeps_frontage_and_ground():
    (place,) = found(buildings(("way/1", BOW_TIE, {"building": "house"})))
    assert place.ground.area == pytest.approx(1800)
    walls = protected_walls((place,))
    # Two sides of 60 m and both halves of either diagonal, 42.43 m each.
    assert np.hypot(*(walls.ends_m[:, 2:] - walls.ends_m[:, :2]).T).sum() == pytest.approx(120 + 4 * np.hypot(30, 30))


def test_that_a_star_keeps_its_middle():
    assert untangled(STAR).covers(shapely.Point(30, 30))
    assert not shapely.make_valid(STAR).covers(shapely.Point(30, 30))  # by one reading alone it is lost


def test_that_what_has_no_hole_stays_the_same_object():
    boxes = np.array([BOX, YARD, None], object)[:-1]
    assert filled(boxes) is boxes


def test_that_every_part_of_a_collection_counts():
    mixed = shapely.GeometryCollection([BOX, shapely.Point(200, 200), shapely.LineString([(300, 300), (320, 300)])])
    ground = yard(mixed)
    assert all(ground.covers(shapely.Point(*at)) for at in [(5, 5), (203, 200), (310, 304)])


def test_that_every_point_of_many_counts_whatever_building_one_of_them_is_in():
    points = ("node/1", shapely.MultiPoint([(5, 5), (200, 200)]), {"amenity": "clinic"})
    ground = ground_of(found(buildings(("way/1", BOX, {"building": "office"})), places=layer("places", points)))
    assert ground.covers(BOX)
    assert ground.covers(shapely.Point(203, 200))


@pytest.mark.parametrize(
    "shape", [None, shapely.Polygon(), shapely.Point(), shapely.Point(np.nan, 1), shapely.GeometryCollection()]
)
def test_that_a_feature_that_lies_nowhere_raises_nothing(shape):
    assert found(places=layer("places", ("way/1", shape, WORSHIP))) == ()


def test_that_a_flat_polygon_is_the_line_that_it_is():
    flat = shapely.Polygon([(0, 0), (60, 0), (0, 0)])
    assert yard(flat).covers(shapely.box(0, -4.9, 60, 4.9))


@pytest.mark.parametrize("hut", [shapely.box(-1, -1, 1, 1), shapely.box(1.5, -10, 21.5, 10)])
def test_that_a_hut_drawn_at_a_refuge_takes_no_ground_from_it(hut):
    refuge = layer("places", ("node/1", shapely.Point(0, 0), {"amenity": "social_facility"}))
    before = ground_of(found(places=refuge))
    after = ground_of(found(buildings(("way/1", hut, {"building": "shed"})), places=refuge))
    assert before.difference(after).area == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("value", ["house", "yes", "church"])
def test_that_the_frontage_of_what_may_be_lived_in_begins_at_the_ground(value):
    lifted = buildings(("way/1", BOX, {"building": value, "min_height": "50"}, 60.0))
    lifted.base_m[:] = 50.0
    walls = protected_walls(found(lifted))
    assert set(walls.base_m) == {0.0}
    assert set(walls.top_m) == {60.0}
