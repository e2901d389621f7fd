"""The shadow of a raised deck is what its footprint and its edges hide one by one, whatever its outline."""

import numpy as np
import pytest
import shapely
from amounts import examples
from bench.live_edits import prism
from hypothesis import assume, given
from hypothesis import strategies as st
from sight_streets import view

from lhasaplan.core.sight import make_scene
from lhasaplan.core.sight.sweep.fields import deck_shadow, is_convex, shadows_of

EYE_M = 1.5


def crooked(corners):
    return shapely.Polygon([(5, 0), (9, 0), (9, 4), (8, 4), (8, 1), (5, 1)]) if corners % 2 else shapely.box(4, 4, 9, 9)


@st.composite
def outlines(draw):
    dice, corners = np.random.default_rng(draw(st.integers(0, 10**6))), draw(st.integers(3, 12))
    if draw(st.sampled_from([False, False, True])):
        return crooked(corners)
    return shapely.convex_hull(shapely.MultiPoint(dice.uniform(-15.0, 15.0, (corners, 2))))


@examples(50, nightly=450)
@given(
    outlines(),
    st.tuples(st.floats(-50.0, 50.0), st.floats(-50.0, 50.0)),
    st.floats(0.5, 12.0),
    st.floats(0.0, 8.0),
    st.floats(1, 6),
)
def test_that_it_is_what_footprint_and_edges_hide_one_by_one(outline, foot, lens_m, base_m, thick_m):
    assume(outline.area > 1.0 and outline.boundary.distance(shapely.Point(foot)) > 0.05)
    scene = make_scene(prism(outline, (base_m, base_m + thick_m), "deck"))
    one = view(0, *foot, 0.0, lens_z_m=lens_m)
    in_range = shapely.Point(foot).buffer(one.range_m)
    plain, quick = (
        shapely.intersection(in_range, shadow)
        for shadow in (shadows_of(one, scene, np.array([0]), EYE_M), deck_shadow(one, scene, 0, EYE_M))
    )
    assert shapely.symmetric_difference(plain, quick).area < 1e-6


def test_that_a_deck_below_the_lens_hides_what_similar_triangles_say():
    # The lens at 10 m over a deck from 10 to 12 m away, 4 to 5 m high; the eye's plane at 0: its near edge below hides from
    # 10 * 10 / (10 - 4) = 16.67 m, its far edge above to 12 * 10 / (10 - 5) = 24 m; at the far end it is 2 * 10 / 5 = 4 m wide.
    deck = shapely.box(10.0, -1.0, 12.0, 1.0)
    scene = make_scene(prism(deck, (4.0, 5.0), "deck"))
    shadow = deck_shadow(view(0, 0.0, 0.0, 90.0, lens_z_m=10.0), scene, 0, 0.0)
    assert shadow.bounds == pytest.approx((10.0 * 10.0 / 6.0, -2.0, 24.0, 2.0))


def test_that_a_deck_over_lens_and_target_hides_nothing():
    scene = make_scene(prism(shapely.box(5.0, -5.0, 9.0, 5.0), (6.0, 7.0), "deck"))
    assert deck_shadow(view(0, 0.0, 0.0, 90.0, lens_z_m=4.0), scene, 0, EYE_M).is_empty


def test_that_an_angle_and_a_ring_are_not_convex():
    assert is_convex(shapely.Point(0.0, 0.0).buffer(3.0))
    assert not is_convex(crooked(1))
    assert not is_convex(shapely.Point(0.0, 0.0).buffer(3.0).difference(shapely.Point(0.0, 0.0).buffer(1.0)))


def test_that_no_piece_of_a_shadow_is_lost_where_a_sliver_of_it_lies_along_another():
    # A deck 9 cm from the lens: footprint, and what two walls sweep: 61.90 + 59.75 + 19.00 + 1.38 m2, of which 1.4 lie on others.
    outline = shapely.convex_hull(shapely.MultiPoint(np.random.default_rng(3).uniform(-15.0, 15.0, (3, 2))))
    scene = make_scene(prism(outline, (0.0, 2.0), "deck"))
    one = view(0, 4.143007711453793, 0.0, 0.0, lens_z_m=3.0)
    found = shadows_of(one, scene, np.array([0]), EYE_M)
    assert found.area == pytest.approx(deck_shadow(one, scene, 0, EYE_M).area, abs=1e-6)
    assert found.area > 140.0
