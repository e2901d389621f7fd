"""Laws of trees on made-up hills, held against brute force: segments cut with prisms, the ground sampled 2,000 times."""

import numpy as np
import shapely
from amounts import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_sight import in_frame
from test_sight_engine_laws import towns, views
from test_sight_relief_laws import hills, is_free, raised

from lhasaplan.core.city.trees_and_hoardings import PIECE_M, ScreenRules, screens_from, with_screens
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.sight import densities, explain_points, make_scene
from lhasaplan.core.sight.obstacles.building_index import stand_on
from lhasaplan.core.sight.obstacles.relief import ground_at

RULES = ScreenRules()


@st.composite
def woods(draw):
    """Up to six trees and one wood, 8 m and more from the middle, where cameras stand."""
    spots = draw(st.lists(st.tuples(st.floats(8, 70), st.floats(0, 6.28), st.floats(3, 18), st.floats(2, 9)), max_size=6))
    shapes = [shapely.Point(r * np.sin(a), r * np.cos(a)) for r, a, _, _ in spots]
    tags = [{"natural": "tree", "height": f"{h:.2f}", "diameter_crown": f"{d:.2f}"} for _, _, h, d in spots]
    if draw(st.booleans()):
        x, y = draw(st.floats(15, 60)), draw(st.floats(-60, 30))
        shapes.append(shapely.box(x, y, x + draw(st.floats(5, 60)), y + draw(st.floats(5, 60))))
        tags.append({"natural": "wood"})
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    return Layer("trees", np.array([f"n{k}" for k in range(len(shapes))], object), geometry, tuple(tags))


def leafy(buildings, layer, camera):
    return with_screens(buildings, screens_from(layer, RULES, np.array([[camera.x_m, camera.y_m]]), piece_m=PIECE_M))


def targets(relief, seed, above=1.5):
    x, y = np.random.default_rng(seed).uniform(-90, 90, (2, 40))
    return np.column_stack((x, y, ground_at(relief, x, y) + above))


@examples(12, nightly=200)
@given(towns, views(), hills(), woods(), st.integers(0, 10**6))
def test_that_sight_past_trees_on_hills_agrees_with_brute_force(buildings, a_view, relief, layer, seed):
    camera, xyz = raised(a_view, relief), targets(relief, seed)
    both = leafy(buildings, layer, camera)
    seen = densities([camera], xyz, make_scene(both, relief)).toarray()[:, 0] > 0
    standing = stand_on(both, relief)
    parts = list(zip(standing.polygons, standing.base_m, standing.top_m, strict=True))
    lens, shown = (camera.x_m, camera.y_m, camera.lens_z_m), in_frame(camera, xyz)
    for point, is_seen in zip(xyz[shown], seen[shown], strict=True):
        expected = is_free(lens, point, relief, parts)
        assert expected is None or expected == is_seen


@examples(12, nightly=200)
@given(towns, views(), hills(), woods(), st.integers(0, 10**6))
def test_that_trees_only_hide_and_are_named_where_they_alone_do(buildings, a_view, relief, layer, seed):
    camera, xyz = raised(a_view, relief), targets(relief, seed)
    bare, full = make_scene(buildings, relief), make_scene(leafy(buildings, layer, camera), relief)
    without, within = (densities([camera], xyz, scene).toarray()[:, 0] for scene in (bare, full))
    assert (within[within > 0] == without[within > 0]).all()
    hidden = (without > 0) & (within == 0)
    reasons = explain_points(camera, xyz[hidden], full)
    assert {(each.reason, each.blocker_id[:5]) for each in reasons} <= {("tree", "tree/")}


@settings(max_examples=20)
@given(towns, views(), hills(), st.integers(0, 10**6))
def test_that_a_layer_without_trees_changes_nothing(buildings, a_view, relief, seed):
    camera, xyz = raised(a_view, relief), targets(relief, seed)
    none = Layer("trees", np.empty(0, object), np.empty(0, object), ())
    a, b = (densities([camera], xyz, make_scene(each, relief)) for each in (buildings, leafy(buildings, none, camera)))
    assert (a != b).nnz == 0
