"""After any sequence of edits a state is what it would be if it were made from nothing."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from amounts import examples
from bench.live_edits import (
    make_state,
    move_one,
    with_building_changed,
    with_demand_changed,
    with_tree_changed,
    with_views,
    without_camera,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sight_streets import points, street, view

from lhasaplan.core.demand.columns import Needs, count_views, needs_of, overlaps
from lhasaplan.core.live.state import ALL, OPERATING, SERVED, CountedViews, counted_again, make_spots, no_counts
from lhasaplan.core.model.camera import Basis, Mount, Status
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import Demand
from lhasaplan.core.sight import make_scene, visibility_fields
from lhasaplan.core.sight.obstacles.relief import make_relief

HOUSES = street(5)
NO_DEMAND = Demand((), np.empty(0, np.int64), np.empty((0, 3)), np.empty(0))
ALONG, ACROSS = st.floats(-15.0, 115.0), st.floats(-25.0, 25.0)


def spots(seed=1, count=60):
    xyz = points(400, seed)
    xyz = xyz[xyz[:, 0] < 110.0][:count]
    return make_spots(xyz)


def views_of_points(state):
    """How many views show each point at any density."""
    return np.diff(state.matrix().tocsr().indptr)


def asked_of(count):
    """One part whose points ask for 25 and 62.5 px/m in turn."""
    needed, ones = np.where(np.arange(count) % 2, 25.0, 62.5), np.ones(count)
    views = np.ones(count, np.int64)
    return Needs(np.zeros(count, np.int64), ones, needed, np.minimum(needed, 25.0), views, np.ones(1), np.array([float(count)]))


def start(make=make_scene, screens=None):
    return make_state([view(k, 20.0 * k, 0.0, 72.0 * k) for k in range(5)], HOUSES, spots(), make=make, screens=screens)


def trees():
    """Two crowns and a board across the street."""
    shapes = np.array([shapely.Point(25.0, 2.0).buffer(3.0), shapely.Point(70.0, -3.0).buffer(2.0), shapely.box(48, -5, 48.2, 5)])
    names = np.array(["tree/1", "tree/2", "hoarding/1"], object)
    base, top = np.array([2.0, 0.0, 0.0]), np.array([8.0, 6.0, 4.0])
    return Buildings(names, shapes.astype(object), base, top, np.full(3, "screen", object), ({},) * 3)


def on_hills(prisms):
    x, y = np.meshgrid(np.arange(-40.0, 140.0, 6.0), np.arange(60.0, -60.0, -6.0))
    return make_scene(prisms, make_relief(3.0 * np.sin(x / 17.0) + 2.0 * np.cos(y / 9.0), -40.0, 60.0, 6.0))


@st.composite
def lenses(draw, number):
    changes = {
        "basis": draw(st.sampled_from([Basis.RECORDED, Basis.RECORDED, Basis.POSSIBLE])),
        "range_m": draw(st.floats(5.0, 70.0)),
        "hfov_deg": draw(st.sampled_from([40.0, 68.0, 100.0])),
        "mask_sector_deg": draw(st.sampled_from([(), ((10.0, 60.0),)])),
        "own_building": draw(st.sampled_from([-1, -1, 3])),
    }
    changes["mount"] = Mount.INDOOR if changes["own_building"] >= 0 else Mount.POLE
    return view(number, draw(ALONG), draw(ACROSS), draw(st.floats(0.0, 359.0)), **changes)


@st.composite
def edits(draw):
    number = draw(st.integers(0, 6))
    kind = draw(st.sampled_from(["move", "move", "two", "remove", "house", "new house", "no house", "tree", "no tree", "demand"]))
    west, south = draw(ALONG), draw(ACROSS)
    house = shapely.box(west, south, west + draw(st.floats(1.0, 20.0)), south + draw(st.floats(1.0, 12.0)))
    steps = {
        "move": lambda one: lambda s: move_one(s, one),
        "two": lambda one: lambda s: with_views(s, one.camera_id, (one, replace(one, basis=Basis.SWEEP, azimuth_deg=5.0))),
        "remove": lambda one: lambda s: without_camera(s, one.camera_id),
        "house": lambda one: lambda s: with_building_changed(s, number, house, top_m=2.0 + number),
        "new house": lambda one: lambda s: with_building_changed(s, len(s.buildings), house, top_m=9.0),
        "no house": lambda one: lambda s: with_building_changed(s, number, None),
        "tree": lambda one: lambda s: with_tree_changed(s, min(number, len(s.screens)), house, base_m=1.0, top_m=7.0),
        "no tree": lambda one: lambda s: with_tree_changed(s, 0, None),
        "demand": lambda one: lambda s: with_demand_changed(s, spots(1 + number % 2, 40 + 5 * number)),
    }
    return steps[kind](draw(lenses(number)))


def made_anew(state, make=make_scene):
    alive = [each for each in state.views if each is not None]
    return make_state(alive, state.buildings, state.spots, make=make, screens=state.screens)


def same_ground(a, b):
    return a.equals(b) or shapely.symmetric_difference(a, b).area < 1e-6


def assert_same(state, anew):
    alive = [row for row, each in enumerate(state.views) if each is not None]
    assert all(same_ground(state.grounds[row], ground) for row, ground in zip(alive, anew.grounds, strict=True))
    assert abs(state.matrix()[:, alive] - anew.matrix()).max() < 1e-9
    assert (state.matrix()[:, alive] > 0).nnz == anew.matrix().nnz
    assert state.pairs() == pytest.approx(anew.pairs(), abs=1e-6)


@examples(15, nightly=180)
@given(st.lists(edits(), min_size=1, max_size=6))
def test_that_any_sequence_of_edits_gives_what_a_state_made_from_nothing_gives(steps):
    state = start()
    for step in steps:
        state = step(state)
    assert_same(state, made_anew(state))


@examples(12, nightly=200)
@given(st.lists(edits(), min_size=1, max_size=5), st.booleans())
def test_that_trees_follow_edits_and_stay_behind_the_houses(steps, have_gone):
    state = start(screens=trees())
    state = with_tree_changed(state, 1, None) if have_gone else state
    for step in steps:
        state = step(state)
    assert_same(state, made_anew(state))


@examples(5, nightly=60)
@given(st.lists(edits(), min_size=1, max_size=3))
def test_that_over_relief_too_edits_give_what_a_state_made_from_nothing_gives(steps):
    state = start(on_hills, trees())
    for step in steps:
        state = step(state)
    assert_same(state, made_anew(state, on_hills))


def test_that_a_tree_hides_from_its_street_until_it_is_gone():
    bare, leafy = start(), start(screens=trees())
    assert (views_of_points(leafy) <= views_of_points(bare)).all()
    assert views_of_points(leafy).sum() < views_of_points(bare).sum()
    gone = leafy
    for number in range(3):
        gone = with_tree_changed(gone, number, None)
    assert (views_of_points(gone) == views_of_points(bare)).all()


def test_that_only_views_in_range_of_a_tree_are_looked_at_again():
    before = start(screens=trees())
    after = with_tree_changed(before, 3, shapely.Point(107.0, 32.0).buffer(2.0), top_m=9.0, tree_id="tree/9")
    assert after.grounds[1] is before.grounds[1]
    assert after.grounds[4] is not before.grounds[4]
    assert after.scene.buildings.ids[len(HOUSES) + 3] == "tree/9"


@given(lenses(2))
def test_that_a_move_and_back_changes_nothing(one):
    before = start()
    assert_same(move_one(move_one(before, one), before.views[2]), before)


def test_that_an_edit_leaves_the_state_before_it_as_it_was():
    before = start()
    counts, pairs, ground = views_of_points(before), before.pairs(), before.grounds[1]
    with_building_changed(move_one(before, view(1, 60.0, 3.0, 10.0)), 2, None)
    assert (views_of_points(before) == counts).all()
    assert before.pairs() == pairs
    assert before.grounds[1] is ground


def test_that_only_views_in_range_of_a_building_are_looked_at_again():
    before = start()
    far = shapely.box(104.0, 30.0, 110.0, 34.0)  # 72 m from the second camera, whose range is 60 m
    after = with_building_changed(before, len(before.buildings), far, top_m=9.0)
    assert after.grounds[1] is before.grounds[1]
    assert after.grounds[4] is not before.grounds[4]


def test_that_the_ground_is_that_of_the_field():
    state = start()
    fields = visibility_fields(list(state.views), state.scene)
    assert [shapely.to_wkb(field.geometry) for field in fields] == [shapely.to_wkb(ground) for ground in state.grounds]


def test_that_a_state_without_anything_is_one():
    none = Buildings(*(np.empty(0, object) for _ in range(2)), np.empty(0), np.empty(0), np.empty(0, object), ())
    state = make_state([], none, make_spots(np.empty((0, 3))))
    after = with_demand_changed(move_one(state, view(1, 0.0, 0.0, 0.0)), make_spots(np.array([[0.0, 20.0, 1.5]])))
    assert views_of_points(after).tolist() == [1]
    assert views_of_points(with_building_changed(after, 0, shapely.box(-5.0, 5.0, 5.0, 8.0), top_m=9.0)).tolist() == [0]


def test_that_counts_and_overlaps_are_those_of_the_check():
    state = start()
    fields = visibility_fields(list(state.views), state.scene)
    matrix = state.matrix().tocsr()
    needs = asked_of(len(state.spots))
    counts = counted_again(no_counts(len(state.spots)), needs, (), [CountedViews(each, Status.PLANNED) for each in state.columns])
    assert (count_views(matrix, needs.needed_px_m) == counts.whole()[ALL, SERVED]).all()
    assert not counts.whole()[OPERATING].any()
    nobody = sparse.csr_array((0, len(fields)))
    ids = [each.camera_id for each in state.views]
    found = {(each.a, each.b): each.area_m2 for each in overlaps(ids, fields, nobody, needs_of(NO_DEMAND), [None] * len(ids))}
    assert len(found) > 2
    assert state.pairs() == pytest.approx(found, abs=1e-5)
