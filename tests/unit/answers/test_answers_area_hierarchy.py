"""Areas may be part of each other: quarters of districts, districts of a city."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from project_values import layer_of, small_town
from shapely.geometry import Point, Polygon, box, mapping

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.areas import (
    LEAST_INSIDE,
    NamedAreas,
    ancestors,
    circles,
    labels,
    not_deeper,
    outside_parent,
    read_areas,
    without_parent,
)
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.errors import InputError
from lhasaplan.workflow import areas_by_name, import_file, new_project

KINDS = open_services().content.load_protected_kinds()
CITY, NORTH, SOUTH = box(0, 0, 1000, 1000), box(0, 500, 1000, 1000), box(0, 0, 1000, 500)
NORTH_CENTRE, SOUTH_CENTRE = box(400, 500, 600, 700), box(400, 300, 600, 500)


def city(**more):
    """Return a city with two districts, each with a quarter named Centre; ``more`` are tags by id."""
    rows = {
        "city": (CITY, {"name": "Example", "admin_level": "8"}),
        "n": (NORTH, {"name": "North", "parent": "city", "admin_level": "9"}),
        "s": (SOUTH, {"name": "South", "parent": "Example", "admin_level": "9"}),
        "nc": (NORTH_CENTRE, {"name": "Centre", "parent": "n", "admin_level": "10"}),
        "sc": (SOUTH_CENTRE, {"name": "Centre", "parent": "s", "admin_level": "10"}),
    }
    tags = [{**tags, **more.get(key, {})} for key, (_, tags) in rows.items()]
    return layer_of("areas", [shape for shape, _ in rows.values()], ids=list(rows), tags=tags)


def names_at(layer, *shapes):
    return NamedAreas(layer, KINDS, ProtectedGround(())).names(shapes)


def test_that_a_parent_is_found_by_its_id_or_by_a_name_that_one_area_has():
    areas = read_areas(city())
    assert [(area.area_id, area.parent_id, area.level) for area in areas] == [
        ("city", "", 8),
        ("n", "city", 9),
        ("s", "city", 9),
        ("nc", "n", 10),
        ("sc", "s", 10),
    ]
    assert [area.area_id for area in ancestors(areas[3], {area.area_id: area for area in areas})] == ["n", "city"]


def test_that_what_lies_in_a_quarter_lies_in_its_district_and_city_too():
    assert names_at(city(), Point(500, 600)) == (("Example", "North", "North / Centre"),)


def test_that_a_quarter_counts_to_its_district_where_its_outline_goes_beyond():
    layer = layer_of(
        "areas", [box(0, 0, 10, 10), box(9, 0, 20, 10)], ids=["d", "q"], tags=[{"name": "D"}, {"name": "Q", "parent": "d"}]
    )
    assert names_at(layer, Point(15, 5)) == (("D", "Q"),)


def test_that_flat_areas_of_one_name_stay_one():
    flat = layer_of("areas", [NORTH_CENTRE, SOUTH_CENTRE], ids=["a", "b"], tags=[{"name": "Centre"}] * 2)
    assert names_at(flat, Point(500, 600), Point(500, 400), Point(0, 0)) == (("Centre",), ("Centre",), ())


@given(names=st.lists(st.text("abc ", max_size=2), max_size=6))
def test_that_areas_without_parents_are_called_as_they_are_named(names):
    layer = layer_of("areas", [CITY] * len(names), tags=[{"name": name} for name in names])
    expected = [name or f"way/{number}" for number, name in enumerate(names, 1)]
    areas = read_areas(layer)
    assert (labels(areas), circles(areas), outside_parent(areas), without_parent(areas)) == (expected, [], [], [])


@given(parents=st.lists(st.integers(-1, 7), min_size=1, max_size=8))
def test_that_a_circle_is_found_exactly_where_the_way_up_never_ends(parents):
    ids = [str(number) for number in range(len(parents))]
    tags = [{"parent": str(parent)} if parent >= 0 else {} for parent in parents]
    areas = read_areas(layer_of("areas", [CITY] * len(ids), ids=ids, tags=tags))
    in_circles = {each for circle in circles(areas) for each in circle}
    for number in range(len(parents)):
        assert (str(number) in in_circles) == _comes_back(parents, number)
    by_id = {area.area_id: area for area in areas}
    assert all(len(list(ancestors(area, by_id))) < len(ids) for area in areas)


def _comes_back(parents, number):
    """Walk up as many steps as there are areas and tell whether the first is met again."""
    each = number
    for _ in parents:
        each = parents[each]
        if not 0 <= each < len(parents):
            return False
        if each == number:
            return True
    return False


def test_that_so_much_of_an_area_as_is_stated_must_lie_in_what_it_is_part_of():
    outer, held, out = box(0, 0, 100, 100), box(91, 0, 101, 10), box(92, 20, 102, 30)  # 9 and 8 of 10 m
    tags = [{}, {"parent": "o"}, {"parent": "o"}]
    areas = read_areas(layer_of("areas", [outer, held, out], ids=["o", "held", "out"], tags=tags))
    assert LEAST_INSIDE == 0.9
    assert [area.area_id for area in outside_parent(areas)] == ["out"]


def test_that_an_outline_that_crosses_itself_is_judged_by_its_ground():
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    areas = read_areas(layer_of("areas", [CITY, bow_tie], ids=["o", "b"], tags=[{}, {"parent": "o"}]))
    assert outside_parent(areas) == []


def test_that_a_level_that_is_not_deeper_is_doubted_and_none_is_not():
    assert [area.area_id for area in not_deeper(read_areas(city(n={"admin_level": "8"}, s={"admin_level": "deep"})))] == ["n"]


def test_that_a_protected_place_is_no_part_of_a_name():
    layer = city(n={"amenity": "place_of_worship"})
    assert names_at(layer, Point(500, 600)) == (("Centre", "Example"),)


def test_that_areas_are_chosen_by_the_same_names():
    project = replace(small_town(), layers={"areas": city()})
    assert {"Example", "North", "South", "North / Centre", "South / Centre"} == set(areas_by_name(project, KINDS))


def area_file(folder, layer, convert):
    """Write areas as GeoJSON in degrees, as a user brings them."""
    features = [
        {"type": "Feature", "properties": {"id": str(key), **tags}, "geometry": mapping(convert(shape))}
        for key, shape, tags in zip(layer.ids, layer.geometry, layer.tags, strict=True)
    ]
    path = Path(folder) / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def brought(folder, layer):
    """Import areas that lie in Helsinki, 1000 m of the file as a hundredth of a degree."""
    path = area_file(folder, layer, lambda shape: shapely.transform(shape, lambda xy: np.array([24.94, 60.17]) + xy / 1e5))
    services = open_services()
    return import_file(services, new_project(services, ("eu-gdpr",)), path, kind="areas")


def test_that_a_file_of_areas_with_parents_is_taken_with_its_hierarchy(tmp_path):
    project, report = brought(tmp_path, city())
    areas = {area.area_id: area.parent_id for area in read_areas(project.layers["areas"])}
    assert areas == {
        "areas/city": "",
        "areas/n": "areas/city",
        "areas/s": "areas/city",
        "areas/nc": "areas/n",
        "areas/sc": "areas/s",
    }
    assert not [remark for remark in report.remarks if "parent" in remark.template]


def test_that_ids_and_parents_that_are_numbers_are_found_too(tmp_path):
    layer = layer_of("areas", [CITY, NORTH, SOUTH], ids=["7", "8", "9"], tags=[{"parent": None}, {"parent": 7}, {"parent": 7}])
    project, _ = brought(tmp_path, layer)
    areas = read_areas(project.layers["areas"])
    assert [area.parent_id for area in areas] == ["", areas[0].area_id, areas[0].area_id]


def test_that_areas_in_a_circle_are_refused_by_name(tmp_path):
    with pytest.raises(
        InputError, match=r"areas\.geojson: the areas areas/city, areas/nc, areas/n contain each other in a circle"
    ):
        brought(tmp_path, city(city={"parent": "nc"}))


def test_that_what_is_doubtful_of_a_hierarchy_is_remarked_with_ids(tmp_path):
    _, report = brought(tmp_path, city(nc={"parent": "s"}, s={"parent": "Elsewhere"}, sc={"admin_level": "9"}))
    said = [str(remark) for remark in report.remarks if "parent" in remark.template]
    assert said == [
        "areas.geojson: these areas name a parent that is missing, so they stand alone: areas/s",
        "areas.geojson: less than 90 % of these areas lies inside their parent: areas/nc",
        "areas.geojson: these areas have an admin_level that is not deeper than that of their parent: areas/sc",
    ]
