"""Seven things in the centre of Helsinki, judged by hand from the map's tags."""

import math

import pytest
import shapely
from osm_city import through_the_program
from places_town import KINDS, category, pack

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected

CATHEDRAL, STATION, OODI, TOPELIA, TRINITY = "way/419479428", "way/122595198", "way/596937289", "way/17359264", "way/30779529"
CHEMIST, SENATE_SQUARE = "node/1369465553", "relation/2919121"


def places(declarations=()):
    layers, houses = through_the_program("helsinki")
    return find_protected(layers, houses, KINDS, declarations)


def of(building, declarations=()):
    ids = through_the_program("helsinki")[1].ids.tolist()
    return [place for place in places(declarations) if ids.index(building) in place.buildings]


def footprint(building):
    _, houses = through_the_program("helsinki")
    return houses.polygons[houses.ids.tolist().index(building)]


def test_that_the_ways_round_the_cathedral_are_protected_to_25_m_and_the_senate_square_beyond_its_steps_is_not():
    layers, _ = through_the_program("helsinki")
    square = next(g for layer in layers.values() for i, g in zip(layer.ids, layer.geometry, strict=True) if i == SENATE_SQUARE)
    (cathedral,) = of(CATHEDRAL)
    assert cathedral.ground.area > footprint(CATHEDRAL).area + 1000  # its terrace and steps are mapped as ways
    assert cathedral.ground.difference(footprint(CATHEDRAL).buffer(25.01, quad_segs=64)).area < 0.1
    assert footprint(CATHEDRAL).distance(square) > 25
    assert ProtectedGround([cathedral]).share_of(square) == 0


def test_that_a_church_tagged_building_yes_is_worship_by_its_amenity():
    (trinity,) = of(TRINITY)
    assert (trinity.cls, trinity.kinds) == ("protected", ("worship",))
    assert trinity.ground.area > footprint(TRINITY).area


def test_that_the_chemist_and_the_toilets_in_the_central_station_are_protected_and_the_station_is_not():
    assert of(STATION) == []
    (chemist,) = [place for place in places() if CHEMIST in place.sources]  # "Apteekki Eliel", amenity=pharmacy and nothing else
    assert (chemist.cls, chemist.kinds) == ("protected", ("health",))
    assert chemist.ground.area == pytest.approx(math.pi * 25, rel=0.02)
    assert chemist.ground.within(footprint(STATION))


def test_that_a_university_is_no_protected_place():
    assert of(TOPELIA) == []


def test_that_the_central_library_has_an_unknown_use_until_someone_declares_it():
    assert [place.cls for place in of(OODI)] == ["use_unknown"]  # building=yes
    assert of(OODI, [Declaration(OODI, "not_dwelling", "A. Clerk", "2026-05-01")]) == []


def test_that_the_aprons_of_the_central_library_lie_before_its_mapped_doors_or_are_asked_for():
    layers, houses = through_the_program("helsinki")
    library = category("apron", (("amenity=library",),), "apron", "point")
    (oodi,) = (place for place in find_places(layers, houses, (pack(library),)) if OODI in place.sources)
    for part in oodi.parts:
        assert part.question or (
            part.geometry.intersection(footprint(OODI)).area < 0.01 and part.geometry.distance(footprint(OODI)) < 0.3
        )


def test_that_no_candidate_of_a_door_reaches_into_a_footprint():
    layers, houses = through_the_program("helsinki")
    doors = category("apron", (("amenity=townhall|library|fire_station",),), "apron", "point")
    tree = shapely.STRtree(houses.polygons[houses.base_m == 0])
    for place in find_places(layers, houses, (pack(doors),)):
        for part in (part for part in place.parts if not part.question):
            inside = tree.geometries[tree.query(part.geometry, predicate="intersects")]
            assert shapely.area(shapely.intersection(inside, part.geometry)).sum() < 0.01
