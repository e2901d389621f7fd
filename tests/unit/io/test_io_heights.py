"""Facts about heights: what is believed, in which order, and what is said about nonsense."""

import numpy as np
import pytest
import shapely

from lhasaplan.core.city import building_heights
from lhasaplan.core.city.building_heights import HeightRules, buildings_from, parse_length_m, remarks_on_buildings, rise_of
from lhasaplan.core.model.layer import Layer
from lhasaplan.io.content.layer_spec import load_height_rules

RULES = HeightRules(other_m=8.0, default_m={"house": 7.0, "roof": 4.0}, roof_kinds=frozenset({"roof"}))


def layer(*features):
    shapes, tags = zip(*features, strict=True)
    return Layer("buildings", np.array([f"way/{i}" for i in range(len(tags))], object), np.array(shapes, object), tuple(tags))


@pytest.mark.parametrize(
    ("text", "metres"),
    [("12 m", 12.0), ("12.5", 12.5), ("12,5", 12.5), ("40 ft", 12.192), ("7'4\"", 2.2352), ("12m", 12.0), ("12 米", 12.0)],
)
def test_that_a_length_is_read_with_its_unit(text, metres):
    assert parse_length_m(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["", "high", "12;15", "-3", "nan", "inf", "12 stories", "1 200"])
def test_that_anything_else_is_no_length(text):
    assert parse_length_m(text) is None


def test_that_a_height_wins_over_levels():
    rise = rise_of({"building": "house", "height": "10", "building:levels": "9"}, RULES)
    assert (rise.top_m, rise.source) == (10.0, "height")


def test_that_levels_are_three_metres_and_the_roof_comes_on_top():
    rise = rise_of({"building": "house", "building:levels": "4", "roof:height": "1,5"}, RULES)
    assert (rise.top_m, rise.source) == (13.5, "levels")


def test_that_the_kind_gives_the_default_and_other_kinds_another():
    assert rise_of({"building": "house"}, RULES).top_m == 7.0
    assert rise_of({"building": "yes"}, RULES) == rise_of({}, RULES)


@pytest.mark.parametrize("nonsense", ["0", "601", "tall", "-4"])
def test_that_a_nonsense_height_is_said_and_the_next_source_taken(nonsense):
    rise = rise_of({"building": "house", "height": nonsense, "building:levels": "2"}, RULES)
    assert (rise.top_m, rise.source, rise.remarks) == (6.0, "levels", (("height", nonsense),))


def test_that_600_metres_are_still_a_height():
    assert rise_of({"height": "600"}, RULES).top_m == 600.0


def test_that_a_passage_has_its_base_at_the_minimum_height_or_level():
    assert rise_of({"height": "12", "min_height": "4"}, RULES).base_m == 4.0
    assert rise_of({"height": "12", "building:min_level": "2"}, RULES).base_m == 6.0


def test_that_a_base_above_the_top_is_nonsense():
    rise = rise_of({"height": "12", "min_height": "12"}, RULES)
    assert (rise.base_m, rise.remarks) == (0.0, (("min_height", "12"),))


def test_that_a_roof_on_posts_has_its_base_just_under_its_top():
    rise = rise_of({"building": "roof"}, RULES)
    assert (rise.base_m, rise.top_m) == (pytest.approx(3.7), 4.0)


def test_that_a_table_is_named_as_source():
    assert rise_of({"height": "12", "source:height": "table"}, RULES).source == "table"


def test_that_holes_stay_and_a_bow_tie_becomes_two_triangles():
    court = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])  # two triangles of 2 x 1 / 2
    buildings = buildings_from(layer((court, {}), (bow, {})), RULES)
    assert [polygon.area for polygon in buildings.polygons] == [96.0, 2.0]
    assert len(buildings.polygons[0].interiors) == 1


def test_that_a_footprint_without_area_is_left_out_and_named():
    flat = shapely.Polygon([(0, 0), (1, 0), (2, 0)])
    three = layer((flat, {}), (shapely.box(0, 0, 1, 1), {}), (shapely.Point(0, 0), {}))
    assert list(buildings_from(three, RULES).ids) == ["way/1"]
    assert [remark.where.item for remark in remarks_on_buildings(three, RULES)] == ["way/0", "way/2"]


def test_that_what_lies_under_ground_blocks_nothing():
    below = layer((shapely.box(0, 0, 1, 1), {"building": "yes", "location": "underground"}))
    assert len(buildings_from(below, load_height_rules())) == 0


@pytest.mark.parametrize(("level", "blocks"), [("-2", False), ("-3", False), ("-1", True), ("1", True)])
def test_that_a_hall_two_levels_below_the_street_blocks_nothing_and_one_level_below_does(level, blocks):
    hall = layer((shapely.box(0, 0, 1, 1), {"building": "railway", "layer": level}))
    assert len(buildings_from(hall, load_height_rules())) == blocks


def test_that_an_empty_layer_gives_no_buildings():
    empty = Layer("buildings", np.empty(0, object), np.empty(0, object), ())
    assert len(buildings_from(empty, RULES)) == 0


def test_that_buildings_with_equal_heights_are_told_apart_by_every_tag_that_is_read():
    asked = set()

    class Watched(dict):
        def get(self, key, default=None):
            asked.add(key)
            return super().get(key, default)

        def __contains__(self, key):
            asked.add(key)
            return super().__contains__(key)

    for tags in ({}, {"height": "x", "building:levels": "2"}, {"height": "9", "min_height": "3"}, {"building:min_level": "1"}):
        rise_of(Watched(tags), HeightRules())
    assert asked == set(building_heights.RISE_TAGS)


@pytest.mark.parametrize("base", [{}, {"min_height": "3"}, {"building:min_level": "x"}])
@pytest.mark.parametrize(
    "height", ["12", "12.5", "0", "0.0", "601", "9999", "12 m", "٣", "1e3", "-2", "12,5", "", ".5", "5.", "nan"]
)
def test_that_heights_are_remarked_on_as_they_are_read(height, base):
    """Most heights are waved through by how they are written; none of them may be one that a building would not get."""
    tags = {"building": "yes", "height": height, **base}
    layer = Layer("buildings", np.array(["way/1"], object), np.array([shapely.box(0, 0, 9, 9)], object), (tags,))
    reported = [(each.params["key"], each.params["value"]) for each in remarks_on_buildings(layer, HeightRules())]
    assert reported == list(rise_of(tags, HeightRules()).remarks)
