"""A town changed house by house has the index that it would have if it were made anew."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import build_index
from lhasaplan.core.sight.obstacles.relief import make_relief
from lhasaplan.core.sight.obstacles.scene import make_scene, put_building, with_prism

SPOTS = st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(1, 60), st.integers(1, 60))
CORNERS = [shapely.box(-10, -10, -8, -8), shapely.box(300, 300, 302, 302)]  # these decide how far the grid reaches
HILL = make_relief(np.add.outer(np.arange(40.0), np.arange(40.0) ** 1.1), -20.0, 380.0, 10.0)


def shape_of(drawn, kind):
    x, y, width, depth = drawn
    box = shapely.box(x, y, x + width, y + depth)
    if kind == "courtyard":
        return box.difference(box.buffer(-min(width, depth) / 4.0, join_style="mitre"))
    if kind == "two":
        return shapely.MultiPolygon([box, shapely.box(x + 70.0, y - 9.0, x + 75.0, y - 2.0)])
    return shapely.MultiPolygon() if kind == "none" else box


kinds = st.sampled_from(["box", "courtyard", "two", "none"])
shapes = st.builds(shape_of, SPOTS, kinds)
heights = st.sampled_from([(0.0, 9.0), (4.0, 5.0), (0.0, 3.0)])


def rows(*given_rows):
    polygons = np.empty(len(given_rows), object)
    polygons[:] = [shape for shape, _ in given_rows]
    ends = np.array([ends for _, ends in given_rows], float).reshape(-1, 2)
    names = np.array([f"b{k}" for k in range(len(given_rows))], object)
    return Buildings(names, polygons, ends[:, 0].copy(), ends[:, 1].copy(), names, ({},) * len(given_rows))


def assert_same_index(one, other):
    for name, a, b in zip(one._fields, one, other, strict=True):
        assert np.array_equal(a, b), name
        assert np.asarray(a).dtype == np.asarray(b).dtype, name


edits = st.tuples(st.integers(0, 9), st.tuples(shapes, heights))


@given(st.lists(st.tuples(shapes, heights), max_size=8), st.lists(edits, min_size=1, max_size=5), st.booleans())
def test_that_a_changed_scene_is_the_scene_made_of_what_there_is_now(first, changes, is_hilly):
    relief = HILL if is_hilly else None
    buildings = rows(*((corner, (0.0, 5.0)) for corner in CORNERS), *first)
    scene = make_scene(buildings, relief)
    for number, one in changes:
        at = min(2 + number, len(buildings))
        buildings = put_building(buildings, rows(one), at)
        scene = with_prism(scene, rows(one), at)
    anew = make_scene(buildings, relief)
    assert_same_index(scene.index, anew.index)
    assert np.array_equal(scene.is_raised, anew.is_raised)
    for name in ("ids", "base_m", "top_m"):
        assert np.array_equal(getattr(scene.buildings, name), getattr(anew.buildings, name))


def test_that_a_house_beyond_the_grid_makes_a_new_one():
    buildings = rows((shapely.box(0, 0, 5, 5), (0.0, 5.0)))
    scene = with_prism(make_scene(buildings), far := rows((shapely.box(500, -300, 520, -280), (0.0, 9.0))), 1)
    assert_same_index(scene.index, build_index(put_building(buildings, far, 1)))


def test_that_the_last_house_may_go_and_come_back():
    one, none = rows((shapely.box(0, 0, 5, 5), (0.0, 5.0))), rows((shapely.MultiPolygon(), (0.0, 0.0)))
    scene = with_prism(make_scene(one), none, 0)
    assert_same_index(scene.index, build_index(none))
    assert_same_index(with_prism(scene, one, 0).index, build_index(one))
