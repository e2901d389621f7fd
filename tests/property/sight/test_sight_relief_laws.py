from dataclasses import replace

import numpy as np
import shapely
from amounts import examples
from hypothesis import assume, example, given
from hypothesis import strategies as st
from segment_oracle import inside_length
from sight_town import town, view
from slow_sight import in_frame
from test_sight_engine_laws import stands_in_a_wall, towns, views, views_of_recorded_direction

from lhasaplan.core.sight import densities, make_scene, visibility_fields
from lhasaplan.core.sight.lens.frustum import half_width_deg, vertical_limits_deg
from lhasaplan.core.sight.lens.true_picture import are_inside, sides_of
from lhasaplan.core.sight.obstacles.building_index import stand_on
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief

AXIS = -150.0 + np.arange(150) * 2.0 + 1.0  # centres of 2 m cells


@st.composite
def hills(draw):
    """A tilted plane with up to two waves of 40 m and more, rising and falling by up to 6 m; smooth, uneven or rough."""
    x, y = AXIS[None, :], -AXIS[:, None]
    height = 20.0 + draw(st.floats(-0.08, 0.08)) * x + draw(st.floats(-0.08, 0.08)) * y
    for _ in range(draw(st.integers(0, 2))):
        length, turn = draw(st.floats(40, 120)), draw(st.floats(0, 3.1))
        wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / length + draw(st.floats(0, 6)))
        height = height + draw(st.floats(0, 6)) * wave
    uneven = np.random.default_rng(draw(st.integers(0, 9))).normal(0.0, 1.0, height.shape)
    height = height + draw(st.sampled_from([0.0, 0.0, 0.03, 0.3])) * uneven
    return make_relief(height, -150.0, 150.0, 2.0)


def raised(a_view, relief):
    z = a_view.lens_z_m + 1.6 + float(ground_at(relief, np.array([a_view.x_m]), np.array([a_view.y_m]))[0])
    return replace(a_view, lens_z_m=z)


def by_bearing_and_dip(a_view):
    """The same view with a hair's doubt of the direction: points are asked by bearing and dip, corners and all."""
    return replace(a_view, swing_deg=max(a_view.swing_deg, 1e-9))


def within_polygon(a_view, xyz):
    """Whether points lie in the picture as polygons of a single lens take it (docs/adr/0009)."""
    away = np.hypot(xyz[:, 0] - a_view.x_m, xyz[:, 1] - a_view.y_m)
    turn = np.degrees(np.arctan2(xyz[:, 0] - a_view.x_m, xyz[:, 1] - a_view.y_m)) - a_view.azimuth_deg
    dip = np.degrees(np.arctan2(a_view.lens_z_m - xyz[:, 2], away))
    beside = np.abs((turn + 180.0) % 360.0 - 180.0) <= half_width_deg(a_view)
    upper, lower = vertical_limits_deg(a_view)
    return beside & (dip >= upper) & (dip <= lower)


LEVEL = make_relief(np.full((150, 150), 20.0), -150.0, 150.0, 2.0)
TILTED = view(0.37, 0.29, 7.3, azimuth=31, tilt=31, hfov=53, vfov=50.0, range_m=60.0)


def is_free(lens, target, relief, parts):
    """Brute force: 2,000 samples of the ground, every prism; None if it is a close call."""
    t = np.linspace(0.0, 1.0, 2000)[1:-1]
    x, y, z = (a + t * (b - a) for a, b in zip(lens, target, strict=True))
    over = (z - ground_at(relief, x, y)).min()
    blocked = max((inside_length(lens, target, *one) for one in parts), default=0.0)
    if abs(over) < 0.03 or 0.0 < blocked < 0.05:
        return None
    return over > 0.0 and blocked == 0.0


@examples(12, nightly=200)
@given(towns, views(), hills(), st.integers(0, 10**6))
def test_that_points_on_hills_agree_with_brute_force(buildings, a_view, relief, seed):
    camera = raised(a_view, relief)
    x, y = np.random.default_rng(seed).uniform(-90, 90, (2, 40))
    xyz = np.column_stack((x, y, ground_at(relief, x, y) + 1.5))
    seen = densities([camera], xyz, make_scene(buildings, relief)).toarray()[:, 0] > 0
    standing = stand_on(buildings, relief)
    parts = list(zip(standing.polygons, standing.base_m, standing.top_m, strict=True))
    lens = (camera.x_m, camera.y_m, camera.lens_z_m)
    for point, is_seen in zip(xyz[in_frame(camera, xyz)], seen[in_frame(camera, xyz)], strict=True):
        expected = is_free(lens, point, relief, parts)
        assert expected is None or expected == is_seen


@examples(12, nightly=200)
@given(towns, views(), hills(), st.integers(0, 10**6))
@example(town(), TILTED, LEVEL, 4)
def test_that_fields_on_hills_are_valid_and_agree_with_sight_lines(buildings, a_view, relief, seed):
    grounded = town(*(one for one in zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True) if one[1] == 0.0))
    camera, scene = raised(a_view, relief), make_scene(grounded, relief)
    assume(not stands_in_a_wall(camera, scene.buildings))
    (field,) = visibility_fields([camera], scene)
    assert field.geometry.is_valid
    x, y = np.random.default_rng(seed).uniform(-110, 110, (2, 400))
    clear = ~shapely.intersects_xy(shapely.union_all(grounded.polygons), x, y) if len(grounded) else np.ones(400, bool)
    xyz = np.column_stack((x, y, ground_at(relief, x, y) + 1.5))[clear]
    seen = (densities([by_bearing_and_dip(camera)], xyz, scene).toarray()[:, 0] > 0) & within_polygon(camera, xyz)
    shown = shapely.intersects_xy(field.geometry, xyz[:, 0], xyz[:, 1])
    # Profiles take the ground as straight between knots of 2 m: a few points close to an edge may differ.
    near_edge = (
        shapely.distance(field.geometry.boundary, shapely.points(xyz[:, :2])) < 1.0 if not field.geometry.is_empty else seen
    )
    assert not ((seen != shown) & ~near_edge).sum() > 1


@examples(12, nightly=200)
@given(towns, views_of_recorded_direction(), hills(), st.integers(0, 10**6))
@example(town(), TILTED, LEVEL, 4)
def test_that_the_true_picture_differs_from_bearing_and_dip_in_the_frame_alone(buildings, a_view, relief, seed):
    camera, scene = raised(a_view, relief), make_scene(buildings, relief)
    x, y = np.random.default_rng(seed).uniform(-110, 110, (2, 400))
    xyz = np.column_stack((x, y, ground_at(relief, x, y) + 1.5))
    by_picture, by_bearing = (densities([one], xyz, scene).toarray()[:, 0] for one in (camera, by_bearing_and_dip(camera)))
    in_picture = are_inside(sides_of(camera, x - camera.x_m, y - camera.y_m, camera.lens_z_m - xyz[:, 2]))
    in_both = in_picture & in_frame(by_bearing_and_dip(camera), xyz)
    assert ((by_picture > 0) == (by_bearing > 0))[in_both].all()
    assert not (by_picture > 0)[~in_picture].any()


def test_that_a_tilted_picture_on_level_ground_is_wider_near_the_pole_and_narrower_far_away():
    """Half its width is tan 26.5 x (F cos 31 + 7.4 sin 31), F ahead: 6.17 m at 10, 23.3 at 50; by bearing it is 4.99 and 24.9."""
    camera, scene = raised(TILTED, LEVEL), make_scene(town(), LEVEL)
    ahead, aside = np.array([10.0, 10.0, 50.0, 50.0, 26.7]), np.array([5.6, 6.4, 24.1, 22.9, 13.2])
    sin, cos = np.sin(np.radians(31)), np.cos(np.radians(31))
    xyz = np.column_stack((0.37 + ahead * sin + aside * cos, 0.29 + ahead * cos - aside * sin, np.full(5, 21.5)))
    (field,) = visibility_fields([camera], scene)
    assert (densities([camera], xyz, scene).toarray()[:, 0] > 0).tolist() == [True, False, False, True, True]
    assert shapely.intersects_xy(field.geometry, *xyz[:, :2].T).tolist() == [False, False, True, True, True]
