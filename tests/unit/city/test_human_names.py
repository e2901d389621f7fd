"""What a person calls a camera or a part: names before identifiers."""

import numpy as np
import pytest
from shapely import LineString, Point

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.human_names import camera_names, names_alike, numbered_names, part_names, wall_names
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.model.camera import Camera, Kind, Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import Part, Required
from lhasaplan.io.content.catalogue import load_translations

ENGLISH = Translations()


def layer(name, shapes, tags):
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    return Layer(name, np.array([f"{name}/{n}" for n in range(len(shapes))], object), geometry, tuple(tags))


@pytest.fixture
def streets():
    lane = (LineString([(0, 0), (100, 0)]), {"highway": "residential", "name": "Lane 200"})
    unnamed = (LineString([(0, 500), (100, 500)]), {"highway": "residential"})
    return NearestStreet(layer("roads", *zip(lane, unnamed, strict=True)), None)


def part(part_id, name="", kind="bay", category="ambulance_bay", at=(50, 5), source=""):
    return Part(part_id, "p", name, "pack", category, kind, "area", Point(at).buffer(2), Required(125.0), source=source)


def test_that_a_camera_is_called_by_its_name_else_by_kind_and_street_else_by_its_id(streets):
    cameras = (
        Camera("a", 10, 5, name=" North gate "),
        Camera("b", 10, 5, kind=Kind.DOME),
        Camera("node/9", 10, 5000, kind=Kind.FIXED),
    )
    assert camera_names(cameras, streets, ENGLISH) == {
        "a": "North gate",
        "b": "Dome camera, Lane 200",
        "node/9": "Fixed camera node/9",
    }


def test_that_a_camera_whose_number_stands_beside_it_is_called_by_no_identifier(streets):
    cameras = (
        Camera("a", 10, 5, name="North gate"),
        Camera("b", 10, 5),
        Camera("node/9", 10, 5000),
        Camera("c", 10, 5, kind=Kind.DOME),
    )
    assert camera_names(cameras, streets, ENGLISH, has_number=True) == {
        "a": "North gate",
        "b": "Lane 200",
        "node/9": "Camera",
        "c": "Dome camera, Lane 200",
    }


def test_that_cameras_without_a_name_of_their_own_bear_the_number_that_was_given_to_them(streets):
    cameras = (
        Camera("a", 10, 5),
        Camera("b", 20, 5),
        Camera("c", 9, 9, name="x"),
        Camera("d", 9, 9, name="x"),
        Camera("e", 0, 900),
    )
    numbers = {"a": "8", "b": "P2", "c": "3", "d": "4", "e": "5"}
    found = numbered_names(cameras, streets, ENGLISH, numbers)
    assert found == {"a": "Camera, Lane 200 (8)", "b": "Camera, Lane 200 (P2)", "c": "x (3)", "d": "x (4)", "e": "Camera e"}
    assert numbered_names(cameras[:3], streets, ENGLISH, numbers)["c"] == "x"
    assert numbered_names(cameras[:3], streets, ENGLISH, numbers, names_alike(cameras))["c"] == "x (3)"


def test_that_a_planned_camera_far_from_any_street_bears_its_number_and_not_the_identifier_it_was_drawn_under(streets):
    planned = Camera("planned-3", 0, 900, kind=Kind.FIXED, status=Status.PLANNED)
    assert numbered_names((planned,), streets, ENGLISH, {"planned-3": "P3"}) == {"planned-3": "Fixed camera (P3)"}


def test_that_a_building_in_the_way_is_called_by_its_address_else_by_its_street(streets):
    shapes = np.array([Point(10, 10).buffer(3), Point(50, 10).buffer(3), Point(50, 5000).buffer(3)], object)
    tags = ({"addr:street": "Quay", "addr:housenumber": "3"}, {}, {"name": "never asked for"})
    layers = {"buildings": Layer("buildings", np.array(["way/1", "way/2", "way/3"], object), shapes, tags)}
    found = wall_names(["way/1", "way/2", "way/3", "node/9"], layers, streets, ENGLISH)
    assert found == {"way/1": "Building, Quay 3", "way/2": "Building, Lane 200", "way/3": "Building way/3"}


def test_that_the_words_are_those_of_the_language(streets):
    assert camera_names((Camera("a", 10, 5, kind=Kind.DOME),), streets, load_translations("zh_CN")) == {
        "a": "Lane 200，半球摄像机"
    }


def test_that_streets_asked_together_are_those_asked_one_by_one(streets):
    shapes = [Point(10, 5), Point(50, 249), Point(50, 251), Point(10, 480)]
    assert streets.streets(shapes) == [streets.street(shape) for shape in shapes] == ["Lane 200", "Lane 200", "", ""]
    assert NearestStreet(None, None).streets(shapes) == [""] * 4


def test_that_parts_of_one_name_bear_the_numbers_that_were_given_to_them_whatever_their_order(streets):
    words, given = {"ambulance_bay": "ambulance bay"}, {"x:1": 4, "x:2": 2}
    parts = (part("x:1", name="Depot"), part("x:2", name="Depot"), part("x:3", name="Depot"))
    names = [part_names(some, {}, streets, words, ENGLISH, numbers=given) for some in (parts, parts[::-1])]
    assert names[0] == names[1] == {"x:1": "Depot (4)", "x:2": "Depot (2)", "x:3": "Depot (1)"}


def test_that_parts_are_called_by_what_they_are_and_where_and_told_apart(streets):
    words = {"ambulance_bay": "ambulance bay", "bay": "bay", "apron": "ground in front of the door"}
    places = layer("places", [Point(0, 0)], [{"addr:street": "Mill Road", "addr:housenumber": "3"}])
    parts = (
        part("x:1", at=(50, 5)),
        part("x:2", name="Depot"),
        part("x:3", name="Depot", kind="apron"),
        part("x:4", source="places/0"),
        part("x:node/5/1", at=(50, 5000)),
    )
    assert part_names(parts, {"places": places}, streets, words, ENGLISH) == {
        "x:1": "Ambulance bay, Lane 200",
        "x:2": "Depot: bay",
        "x:3": "Depot: ground in front of the door",
        "x:4": "Ambulance bay, Mill Road 3",
        "x:node/5/1": "Ambulance bay node/5/1",
    }
