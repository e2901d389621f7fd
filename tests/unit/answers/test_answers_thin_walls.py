"""Facts about walls drawn as buildings: what is too thin to be one ends no view of a protected place, and is told."""

import numpy as np
import pytest
import shapely
from answers_town import camera, house, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.city.outlines import without_thin_walls
from lhasaplan.core.model.layer import Buildings

HOME = house(1, -9, 15, 9, 25)  # before a camera that looks north, an error at 15 m to 10 m


def strip(*corners, levels="7"):
    return house(2, *corners, "yes", float(levels) * 3.0)


def views_of_homes(*walls, **changes):
    found = audit(town(HOME, *walls, cameras=[camera(**changes)]), reference_data(pack()))
    seen = [each for result in found.cameras for each in result.sightings if str(each.cls) == "home"]
    return seen, [params for text, params in found.notes if text.startswith("Strips too narrow")]


def outline(*corners, holes=()):
    polygons = np.array([shapely.Polygon(corners, holes), None], object)[:-1]
    one = np.ones(1)
    return Buildings(np.array(["way/1"], object), polygons, 0 * one, 9 * one, np.array(["height"], object), ({},))


def box(west, south, east, north):
    return shapely.box(west, south, east, north).exterior.coords[:-1]


@pytest.mark.parametrize("thick_m", [0.1, 0.2, 0.35])
def test_that_a_strip_drawn_before_a_house_hides_it_from_nobody(thick_m):
    seen, reported = views_of_homes(strip(-40, 8, 40, 8 + thick_m))
    assert [str(each.grade) for each in seen] == [str(each.grade) for each in views_of_homes()[0]]
    assert seen
    assert reported == [{"count": 1}]


def test_that_a_building_before_a_house_hides_it():
    seen, reported = views_of_homes(strip(-40, 8, 40, 9))
    assert not seen
    assert not reported


def test_that_a_strip_ends_the_ground_that_can_be_seen():
    alone, behind = (
        audit(town(HOME, *walls, cameras=[camera()]), reference_data(pack())).cameras[0].area_m2
        for walls in ((), (strip(-40, 8, 40, 8.3),))
    )
    assert behind < 0.5 * alone


@pytest.mark.parametrize(
    ("corners", "left_m2"),
    [
        (box(0, 0, 20, 0.3), 0.0),
        (box(0, 0, 20, 0.5), None),
        (box(0, 0, 0.3, 1.5), None),  # a cabinet
        ([(0, 0), (30, 0), (30, 0.35)], 0.0),  # a long thin triangle
        (
            [(0, 0), (10, 0), (10, 4.7), (40, 4.7), (40, 5.0), (10, 5.0), (10, 10), (0, 10)],
            100.0,
        ),  # a house with a wall
        ([(0, 0), (0.3, 0), (0.3, 10), (20, 10), (20, 10.3), (0, 10.3)], 0.0),  # round a corner
        ([(0, 0), (0.15, -0.05), (0.3, 0), (0.3, 20), (0.15, 20.05), (0, 20)], 0.0),  # with bevelled ends
        (box(0, 0, 12, 9), None),
    ],
)
def test_that_what_is_thin_goes_and_what_is_not_stays(corners, left_m2):
    houses = outline(*corners)
    solid, count = without_thin_walls(houses)
    assert count == (left_m2 is not None)
    if left_m2 is None:
        assert solid is houses
    elif left_m2 == 0.0:
        assert solid.top_m[0] == 0.0
    else:
        assert solid.polygons[0].area == pytest.approx(left_m2, abs=3.0)


def test_that_the_walls_round_a_court_are_thin_only_where_they_are():
    yard = outline(*box(0, 0, 20, 20), holes=[box(0.3, 0.3, 19.7, 12)])  # 0.3 m round a court, a house to its north
    solid, _ = without_thin_walls(yard)
    assert solid.polygons[0].area == pytest.approx(8 * 20, rel=0.05)
    assert without_thin_walls(outline(*box(0, 0, 20, 20), holes=[box(4, 4, 16, 16)]))[1] == 0


PANELS = [box(2.35 * n, 8, 2.35 * n + 1.9, 8.1) for n in range(-20, 20)]  # of 1.9 m, with posts of 0.45 m between them
POSTS = [box(2.35 * n + 1.9, 7.8, 2.35 * n + 2.35, 8.25) for n in range(-20, 20)]
SHEDS = [box(1.9 * n, 8, 1.9 * n + 1.9, 8.1) for n in range(-20, 20)]
WEDGES = [[(2.0 * n, 8), (2.0 * n + 2, 8), (2.0 * n + 2, 8.45)] for n in range(-20, 20)]


def several(outlines):
    return [house(2 + n, *shapely.Polygon(corners).bounds, "yes", 21.0) for n, corners in enumerate(outlines)]


@pytest.mark.parametrize("pieces", [SHEDS, PANELS + POSTS], ids=["sheds", "posts"])
def test_that_a_wall_drawn_in_pieces_hides_a_house_from_nobody(pieces):
    seen, reported = views_of_homes(*several(pieces))
    assert [str(each.grade) for each in seen] == [str(each.grade) for each in views_of_homes()[0]]
    assert seen
    assert reported == [{"count": len(pieces)}]


def outlines(*polygons):
    shapes = np.array([*(shapely.Polygon(each) for each in polygons), None], object)[:-1]
    one = np.ones(len(shapes))
    ids = np.array([f"way/{n}" for n in range(len(shapes))], object)
    return Buildings(ids, shapes, 0 * one, 9 * one, np.array(["height"] * len(shapes), object), ({},) * len(shapes))


KNOBS = shapely.union_all(
    [shapely.box(0, 0, 20, 0.1), *(shapely.box(1.9 * n, -0.3, 1.9 * n + 0.6, 0.4) for n in range(11))]
).exterior.coords


@pytest.mark.parametrize(
    ("pieces", "gone"),
    [
        (SHEDS, True),
        (SHEDS[:1], False),  # alone it is as long as a bench
        (PANELS + POSTS, True),
        (WEDGES, True),
        ([KNOBS], True),
        ([box(0, 0, 1.3, 1.3), box(1.3, 0, 2.6, 1.3)], False),  # two kiosks
        ([box(0, 0, 10, 10), box(10, 0, 20, 10)], False),  # two houses
    ],
)
def test_that_outlines_that_touch_are_judged_as_one_wall(pieces, gone):
    solid, count = without_thin_walls(outlines(*pieces))
    assert count == (len(pieces) if gone else 0)
    assert set(solid.top_m.tolist()) == ({0.0} if gone else {9.0})


def test_that_a_house_keeps_its_walls_where_a_wall_in_pieces_meets_it():
    solid, count = without_thin_walls(outlines(box(-40, 0, -38, 10), *SHEDS))
    assert (solid.top_m[0], solid.polygons[0].area, count) == (9.0, 20.0, len(SHEDS))
