"""Facts about outlines on one ground: a second layer hides no home, and what is not the same building is told."""

from functools import cache

import numpy as np
import pytest
import shapely
from answers_town import box, camera, house, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.city.outlines import doubles_of
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.minimum import KNOWN_USES, MINIMUM
from lhasaplan.core.protection.places import find_protected

KINDS = ProtectedKinds(tuple(MINIMUM.values()), KNOWN_USES)
HOME = house(1, -9, 15, 9, 25)  # before a camera that looks north, an error at 15 m to 10 m


def larger(number, by_m, kind="yes", height=6.0, **tags):
    """The home again, drawn larger by so much on every side."""
    name, shape, its = house(number, -9 - by_m, 15 - by_m, 9 + by_m, 25 + by_m, kind, height)
    return name, shape, {**its, **tags}


def shifted(number, by_m, kind):
    return house(number, -9, 15 - by_m, 9, 25 - by_m, kind)


def views(*more, first=HOME):
    found = audit(town(first, *more, cameras=[camera()]), reference_data(pack()))
    seen = [(str(each.cls), str(each.grade), round(each.frontage_m, 1)) for result in found.cameras for each in result.sightings]
    return seen, [params["count"] for text, params in found.notes if "lie on the ground of another building" in text]


@cache
def alone():
    return views()[0]


@pytest.mark.parametrize("by_m", [0.0, 0.3, 0.9, -0.3])
def test_that_a_second_layer_of_the_same_outlines_takes_no_home_out_of_view(by_m):
    assert alone()
    assert views(larger(2, by_m)) == (alone(), [])
    assert views(HOME, first=larger(2, by_m)) == (alone(), [])  # in whatever order


@pytest.mark.parametrize(
    "other", [larger(2, 1.0, "garage"), shifted(2, 1.0, "retail"), larger(2, 1.0, "yes", 30.0), larger(2, 0.5, "garage", 3.0)]
)
def test_that_what_lies_on_the_ground_of_a_home_without_being_it_hides_nothing_and_is_told(other):
    seen, reported = views(other)
    assert [each for each in seen if each[0] == "home"] == alone()
    assert reported == [1]


def test_that_a_house_number_of_its_own_makes_two_buildings_of_two_outlines():
    name, shape, tags = HOME
    numbered = name, shape, {**tags, "addr:housenumber": "7"}
    assert views(larger(2, 0.3, **{"addr:housenumber": "7"}), first=numbered)[1] == []
    assert views(larger(2, 0.3, **{"addr:housenumber": "9"}), first=numbered)[1] == [1]


def test_that_houses_side_by_side_and_a_garage_at_a_wall_are_what_they_are():
    seen, reported = views(house(2, 9, 15, 19, 25), house(3, -12, 15, -9, 20, "garage"))
    assert [(each[0], each[1]) for each in seen] == [(each[0], each[1]) for each in alone()]
    assert reported == []


def buildings(*rows):
    shapes = np.array([*(shape for _, shape, _ in rows), None], object)[:-1]
    tops = np.array([float(tags["height"]) for _, _, tags in rows])
    ids, sources = np.array([name for name, _, _ in rows], object), np.array(["height"] * len(rows), object)
    return Buildings(ids, shapes, 0.0 * tops, tops, sources, tuple(tags for _, _, tags in rows))


def places(*rows, declarations=()):
    return find_protected({}, buildings(*rows), KINDS, declarations)


def test_that_outlines_of_one_building_are_one_place_of_the_most_protective_kind():
    (place,) = places(larger(2, 0.3), HOME)
    assert (place.cls, place.building, place.buildings) == (ProtectedClass.HOME, 1, (0, 1))
    assert shapely.equals(place.frontage, shapely.boundary(HOME[1]))


def test_that_a_home_keeps_its_frontage_where_any_outline_of_it_is_drawn():
    wing = "way/2", box(-9, 15, 15, 25), {"building": "yes", "height": "6"}  # 6 m farther east
    (place,) = places(HOME, wing)
    added = shapely.difference(place.frontage, shapely.boundary(HOME[1]))
    assert shapely.length(added) == pytest.approx(10.0 + 2 * 5.0)  # its east wall, and 5 m of two others: 1 m lies beside
    lines = shapely.get_parts(place.frontage)
    assert len(place.frontage_heights_m) == len(place.frontage_buildings) == len(lines)
    assert set(place.frontage_buildings) == {0}
    assert all(_has_the_building_on_its_left(line, shapely.union(HOME[1], wing[1])) for line in lines)


def _has_the_building_on_its_left(line, ground):
    left = shapely.offset_curve(line, 0.05)
    return shapely.covers(ground.buffer(0.001), shapely.line_interpolate_point(left, 0.5, normalized=True))


def test_that_a_use_that_is_declared_of_one_outline_is_that_of_the_building():
    twice = [(name, shape, {**tags, "building": "yes"}) for name, shape, tags in (HOME, larger(2, 0.3))]
    assert [place.cls for place in places(*twice)] == [ProtectedClass.USE_UNKNOWN]
    for subject in ("way/1", "way/2"):
        said = Declaration(subject, "not_dwelling", "A. Clerk", "2026-05-01")
        assert places(*twice, declarations=(said,)) == ()


def test_that_three_outlines_of_one_house_have_one_wall():
    found = doubles_of(buildings(larger(3, 0.6), larger(2, 0.3), HOME), KINDS.index().names)
    assert found.of.tolist() == [2, 2, 2]
    assert not len(found.b)
