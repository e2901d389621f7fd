import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from amounts import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from segment_oracle import first_inside, inside_length
from shapely import affinity
from sight_town import full_circle, town, view
from slow_sight import densities_by_lines, fields_by_shadows

from lhasaplan.core.sight import densities, explain, make_scene, visibility_fields
from lhasaplan.core.sight.lens.frustum import columns_of, ground_limits_m, vertical_limits_deg
from lhasaplan.core.sight.sweep.engine import limits_on_plane, slopes_of

coordinate = st.integers(-55, 55)
side = st.integers(2, 30)


@st.composite
def footprints(draw):
    """A box, an L or a block with a courtyard, turned by any angle."""
    width, depth = draw(side), draw(side)
    shape = shapely.box(0, 0, width, depth)
    kind = draw(st.sampled_from(["box", "ell", "court"]))
    if kind == "ell":
        shape = shape.difference(shapely.box(width / 2, depth / 2, width, depth))
    if kind == "court" and min(width, depth) > 6:
        shape = shape.difference(shapely.box(2, 2, width - 2, depth - 2))
    turned = affinity.rotate(shape, draw(st.integers(0, 89)), origin=(0, 0))
    return affinity.translate(turned, draw(coordinate), draw(coordinate))


prisms = st.builds(
    lambda shape, base, height: (shape, base, base + height),
    footprints(), st.sampled_from([0.0, 0.0, 0.0, 3.2, 5.7]), st.sampled_from([2.3, 4.1, 8.6, 14.9]),
)  # fmt: skip
towns = st.lists(prisms, max_size=9).map(lambda found: town(*found))
heights = st.sampled_from([0.7, 2.6, 4.4, 7.3, 12.8, 21.6])


reaches = st.sampled_from([25.0, 60.0, 110.0])


def aimed(draw, x, y, z, reach, swings):
    angles = {"azimuth": draw(st.integers(0, 359)), "hfov": draw(st.integers(20, 118)), "tilt": draw(st.integers(-5, 40))}
    return view(x, y, z, vfov=50.0, range_m=reach, swing_deg=draw(st.sampled_from(swings)), **angles)


@st.composite
def views(draw):
    x, y, z = draw(coordinate) + 0.37, draw(coordinate) + 0.29, draw(heights)
    reach = draw(reaches)
    if draw(st.booleans()):
        return full_circle(x, y, z, range_m=reach)
    return aimed(draw, x, y, z, reach, [0.0, 90.0, 180.0])


@st.composite
def views_of_recorded_direction(draw):
    return aimed(draw, draw(coordinate) + 0.37, draw(coordinate) + 0.29, draw(heights), draw(reaches), [0.0])


def stands_in_a_wall(a_view, buildings):
    solid = (buildings.base_m < a_view.lens_z_m) & (a_view.lens_z_m < buildings.top_m)
    return any(shapely.dwithin(shape, shapely.Point(a_view.x_m, a_view.y_m), 0.01) for shape in buildings.polygons[solid])


@examples(20, nightly=600)
@given(towns, views())
def test_that_the_sweep_and_the_shadows_see_the_same_ground(buildings, a_view):
    assume(not stands_in_a_wall(a_view, buildings))
    scene = make_scene(buildings)
    (swept,), (cut,) = visibility_fields([a_view], scene), fields_by_shadows([a_view], scene)
    apart = shapely.symmetric_difference(swept.geometry, cut.geometry).area
    both = shapely.union(swept.geometry, cut.geometry).area
    assert swept.geometry.is_valid
    assert apart < 0.1 or 1.0 - apart / both >= 0.9995
    for (density, band), (other, expected) in zip(swept.bands, cut.bands, strict=False):
        assert density == other
        assert abs(band.area - expected.area) < 0.1 + 5e-4 * expected.area


@examples(15, nightly=300)
@given(towns, views(), st.integers(0, 10**6))
def test_that_sight_lines_agree_with_brute_force(buildings, a_view, seed):
    rng = np.random.default_rng(seed)
    xyz = np.column_stack((rng.uniform(-90, 90, (60, 2)), rng.choice([0.4, 1.5, 4.5, 7.5, 16.5], 60)))
    scene = make_scene(buildings)
    lens = (a_view.x_m, a_view.y_m, a_view.lens_z_m)
    seen = densities([a_view], xyz, scene).toarray()[:, 0] > 0
    in_picture = densities([a_view], xyz, make_scene(town())).toarray()[:, 0] > 0
    assert not (seen & ~in_picture).any()
    prism = list(zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True))
    for point, is_seen in zip(xyz[in_picture], seen[in_picture], strict=True):
        blocked = max((inside_length(lens, point, *one) for one in prism), default=0.0)
        if not 0.0 < blocked < 0.01:  # a graze of less than a centimetre may go either way
            assert is_seen == (blocked == 0.0)


@examples(12, nightly=200)
@given(towns, st.lists(views(), min_size=1, max_size=3), st.integers(0, 10**6))
def test_that_points_on_facades_are_seen_alike_by_kernels_and_plain_lines(buildings, some_views, seed):
    outline = shapely.get_coordinates(shapely.segmentize(buildings.polygons, 2.0)).reshape(-1, 2)
    chosen = outline[np.random.default_rng(seed).permutation(len(outline))[:80]] + 0.0
    xyz = np.column_stack((chosen, np.full(len(chosen), 4.5)))
    scene = make_scene(buildings)
    fast, plain = densities(some_views, xyz, scene).toarray(), densities_by_lines(some_views, xyz, scene).toarray()
    for p, v in np.argwhere((fast > 0) != (plain > 0)):  # corners may be grazed: within a centimetre both must agree
        lens = (some_views[v].x_m, some_views[v].y_m, some_views[v].lens_z_m)
        parts = zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True)
        assert max(inside_length(lens, xyz[p], *one) for one in parts) < 0.01


@given(towns, views(), coordinate, coordinate)
def test_that_an_explanation_agrees_with_the_matrix(buildings, a_view, x, y):
    scene, point = make_scene(buildings), np.array([x + 0.5, y + 0.5, 1.5])
    reason = explain(a_view, point, scene)
    is_seen = densities([a_view], point.reshape(1, 3), scene).nnz == 1
    lens = (a_view.x_m, a_view.y_m, a_view.lens_z_m)
    parts = list(zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True))
    assume(not any(0 < inside_length(lens, point, *one) < 0.01 for one in parts))
    assert is_seen == (reason.reason == "seen")
    assert bool(reason.blocker_id) == (reason.reason == "building")


@examples(20, nightly=400)
@given(towns, views(), coordinate, coordinate)
def test_that_the_first_blocker_is_named_and_lifting_the_target_clears_it(buildings, a_view, x, y):
    lens, target = (a_view.x_m, a_view.y_m, a_view.lens_z_m), (x + 0.51, y + 0.53, 1.5)
    parts = list(zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True))
    everywhere = full_circle(*lens, range_m=300.0)
    reason = explain(everywhere, np.array(target), make_scene(buildings))
    assume(reason.reason == "building")
    met = [first_inside(lens, target, *one) for one in parts]
    named = met[list(buildings.ids).index(reason.blocker_id)]
    assert named <= min(met) + 0.01 / math.dist(lens[:2], target[:2])
    if reason.seen_from_m is not None:
        raised = (*target[:2], reason.seen_from_m + 0.01)
        assert max(inside_length(lens, raised, *one) for one in parts) < 0.01
        lowered = (*target[:2], max(1.5, reason.seen_from_m - 0.05))
        assert max(inside_length(lens, lowered, *one) for one in parts) > 0.0


@given(towns, prisms, views())
def test_that_one_more_building_never_shows_more(buildings, extra, a_view):
    more = town(*zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True), extra)
    assume(not stands_in_a_wall(a_view, more))
    (before,), (after,) = (visibility_fields([a_view], make_scene(one)) for one in (buildings, more))
    assert shapely.difference(after.geometry, before.geometry).area < 0.1 + 1e-4 * before.area_m2


@given(towns, views(), st.floats(0.0, 359.0))
def test_that_a_mask_never_shows_more_and_hides_its_sector(buildings, a_view, azimuth):
    masked = type(a_view)(
        **{name: getattr(a_view, name) for name in a_view.__slots__} | {"mask_sector_deg": ((azimuth, azimuth + 40),)}
    )
    scene = make_scene(buildings)
    (plain,), (less,) = visibility_fields([a_view], scene), visibility_fields([masked], scene)
    # Where a mask cuts the range there is a corner on the circle, up to 4 mm beyond its chord.
    assert shapely.difference(less.geometry, plain.geometry).area < 1e-2
    assert less.geometry.is_valid


@given(st.lists(st.tuples(st.integers(-90, 90), st.integers(1, 180), st.sampled_from([0.0, 1.5, 4.0, 9.0]), st.floats(5, 200))))
def test_that_limits_on_a_plane_of_many_views_are_those_of_each(values):
    some = [view(z=z, tilt=tilt, vfov=vfov, range_m=reach) for tilt, vfov, z, reach in values]
    expected = [ground_limits_m(one, one.lens_z_m - 1.5) for one in some]
    found = limits_on_plane(columns_of(some), 1.5)
    assert np.column_stack(found).ravel().tolist() == pytest.approx(np.ravel(expected).tolist())


def _slopes(one):
    upper, lower = vertical_limits_deg(one)
    below = -1e6 if lower >= 90.0 or one.lowest_lens_z_m is not None else -math.tan(math.radians(lower))
    return [below, 1e6 if upper <= -90.0 else -math.tan(math.radians(upper))]


@given(st.lists(st.tuples(st.integers(-90, 90), st.integers(1, 180), st.booleans()), min_size=1))
def test_that_slopes_of_the_pictures_of_many_views_are_those_of_each(values):
    some = [view(tilt=tilt, vfov=vfov, lowest_lens_z_m=1.0 if is_set else None) for tilt, vfov, is_set in values]
    assert slopes_of(columns_of(some)).tolist() == pytest.approx(np.array([_slopes(one) for one in some]))


def test_that_the_columns_of_views_that_were_asked_before_are_not_those_of_others():
    some = [view(x, tilt=10.0) for x in range(9)]
    moved = [*some[:8], replace(some[8], x_m=70.0)]
    first = columns_of(some)
    assert first.x_m.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert columns_of(some) is first
    assert columns_of(some) is not first  # nobody asks a third time, and they went
    assert columns_of(moved).x_m.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 70.0]
