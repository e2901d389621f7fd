"""Which buildings of unknown use are dwellings, likely, and what a person may declare."""

import dataclasses

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from places_town import BOX, KINDS, as_layer, buildings, layer

from lhasaplan.core.exposure.grading import grade_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.rules.pack import Thresholds

HOME, LIKELY, UNKNOWN = ProtectedClass.HOME, ProtectedClass.DWELLING_LIKELY, ProtectedClass.USE_UNKNOWN
DOORS = [(0.0, 5.0, {"entrance": "yes"}), (10.0, 5.0, {"entrance": "main"})]


def classes(tags, points=(), declarations=()):
    houses = buildings(("way/1", BOX, tags, 6.0))
    rows = [(f"node/{n}", shapely.Point(x, y), its) for n, (x, y, its) in enumerate(points)]
    layers = {"buildings": as_layer(houses), "places": layer("places", *rows)}
    return [place.cls for place in find_protected(layers, houses, KINDS, declarations) if place.building >= 0]


def says(fact, by="A. Clerk", date="2026-05-01"):
    return (Declaration("way/1", fact, by, date),)


@pytest.mark.parametrize(
    ("tags", "points"),
    [
        ({"building": "yes", "addr:housenumber": "12a"}, ()),
        ({"building": "block", "addr:housename": "Rose"}, ()),
        ({"building": "yes", "name": "Villa Carmelha"}, ()),
        ({"building": "yes", "name": "Résidence du Parc"}, ()),
        ({"building": "yes", "name": "阳光小区3号楼"}, ()),
        ({"building": "yes"}, [(5.0, 5.0, {"addr:housenumber": "3"})]),
        ({"building": "yes"}, DOORS),
        ({"building": "yes"}, [(5.0, 5.0, {"shop": "bakery"}), (5.0, 5.0, {"addr:housenumber": "3"})]),
    ],
)
def test_that_numbers_addresses_names_and_doors_make_a_dwelling_likely(tags, points):
    assert classes(tags, points) == [LIKELY]


@pytest.mark.parametrize(
    ("tags", "points"),
    [
        ({"building": "yes"}, ()),
        ({"building": "yes"}, DOORS[:1]),
        ({"building": "yes"}, [*DOORS, (5.0, 5.0, {"office": "company"})]),
        ({"building": "yes", "addr:housenumber": "1", "shop": "mall"}, ()),
        ({"building": "yes", "addr:housenumber": "1", "office": "company"}, ()),
        ({"building": "construction", "addr:housenumber": "1"}, ()),
        ({"building": "office", "building:levels": "8", "addr:housenumber": "1"}, ()),
        ({"building": "yes"}, [(5.0, 5.0, {"shop": "bakery", "addr:housenumber": "3"})]),
        ({"building": "yes"}, [(5.0, 5.0, {"name": "Nom", "addr:housenumber": "3"})]),
        ({"building": "yes"}, [(10.5, 5.0, {"addr:housenumber": "3"})]),
        ({"building": "yes", "addr:housenumber": "no"}, ()),
        ({"building": "yes", "name": "Seville"}, ()),
    ],
)
def test_that_a_business_contradicts_and_little_evidence_is_none(tags, points):
    assert classes(tags, points) == [UNKNOWN]


@pytest.mark.parametrize(
    "tags", [{"building": "warehouse", "addr:housenumber": "1"}, {"building": "museum", "name": "Villa Rosa"}]
)
def test_that_a_known_use_wins(tags):
    assert classes(tags, DOORS) == []


def test_that_a_home_and_a_clinic_stay_what_they_are():
    assert classes({"building": "house", "addr:housenumber": "1"}) == [HOME]
    assert classes({"building": "yes", "addr:housenumber": "1", "amenity": "clinic"}) == [ProtectedClass.PROTECTED]


def test_that_the_point_of_a_place_where_people_hide_says_nothing_of_the_house_beside_it():
    beside = (10.2, 8.0)
    for tags in ({"lhasaplan": "protected", "amenity": "x"}, {"amenity": "social_facility"}):
        houses = buildings(
            ("way/1", BOX, {"building": "yes"}, 6.0), ("way/2", shapely.box(10.2, 0, 20, 10), {"building": "yes"}, 6.0)
        )
        rows = [("node/1", shapely.Point(0, 5), {"entrance": "yes"}), ("node/2", shapely.Point(5, 0), {"entrance": "yes"})]
        rows.append(("node/3", shapely.Point(*beside), tags))
        found = find_protected({"buildings": as_layer(houses), "places": layer("places", *rows)}, houses, KINDS)
        assert [place.cls for place in found if 0 in place.buildings] == [LIKELY]


def test_that_a_likely_dwelling_is_due_at_most_and_never_an_error():
    grades = [grade_of(d, Thresholds(), LIKELY) for d in (24.9, 25.0, 62.5, 62.6, 125.1, 2000.0)]
    assert grades == [None, Severity.NOTE, Severity.NOTE, Severity.DUE, Severity.DUE, Severity.DUE]


def test_that_a_likely_dwelling_is_protected_for_proposals():
    houses = buildings(("way/1", BOX, {"building": "yes", "addr:housenumber": "1"}, 6.0))
    ground = ProtectedGround(find_protected({"buildings": as_layer(houses)}, houses, KINDS))
    assert ground.covers_points([5.0], [5.0]).all()
    assert ground.share_of(BOX, known_only=True) == 0.0  # nobody knows it: a question about it may still be asked


@pytest.mark.parametrize("tags", [{"building": "yes"}, {"building": "yes", "addr:housenumber": "1"}, {"building": "warehouse"}])
def test_that_a_named_person_may_declare_a_building_a_dwelling(tags):
    assert classes(tags, (), says("dwelling")) == [HOME]


def test_that_a_dwelling_declared_by_nobody_or_on_no_day_is_none():
    assert classes({"building": "warehouse"}, (), says("dwelling", by="-")) == []
    assert classes({"building": "warehouse"}, (), says("dwelling", date="soon")) == []


def test_that_a_likely_dwelling_may_be_declared_none_and_a_home_not():
    assert classes({"building": "yes", "addr:housenumber": "1"}, (), says("not_dwelling")) == []
    assert classes({"building": "house"}, (), says("not_dwelling")) == [HOME]


def test_that_where_both_are_said_people_live_there():
    assert classes({"building": "yes"}, (), (*says("not_dwelling"), *says("dwelling"))) == [HOME]
    assert classes({"building": "yes"}, (), (*says("dwelling"), *says("not_dwelling"))) == [HOME]


TAGS = st.dictionaries(
    st.sampled_from(["building", "addr:housenumber", "name", "shop", "office", "amenity", "entrance", "building:levels"]),
    st.sampled_from(["yes", "12", "Villa X", "bakery", "office", "retail", "4", "no", "house", "clinic"]),
)


@given(TAGS, TAGS)
def test_that_no_evidence_ever_takes_a_building_out_of_protection(tags, inside):
    given_tags = {"building": "yes", **tags}
    bare = dataclasses.replace(KINDS, likely=dataclasses.replace(KINDS.likely, tags=(), points=(), names=(), doors=()))
    houses = buildings(("way/1", BOX, given_tags, 6.0))
    layers = {"buildings": as_layer(houses), "places": layer("places", ("node/1", shapely.Point(5, 5), inside))}
    with_it, without = (find_protected(layers, houses, kinds) for kinds in (KINDS, bare))
    assert [place.sources for place in with_it] == [place.sources for place in without]
    named = [(a.cls, b.cls) for a, b in zip(with_it, without, strict=True)]
    assert all(a == b or (a, b) == (LIKELY, UNKNOWN) for a, b in named)
