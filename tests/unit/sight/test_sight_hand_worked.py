import math

import numpy as np
import pytest
import shapely
from sight_town import Mount, full_circle, town, view

from lhasaplan.core.model.optics import LensClass, vertical_angle_after_deg
from lhasaplan.core.sight import densities, explain, make_scene, visibility_fields

OPEN = make_scene(town())


def sees(a_view, scene, *points):
    """Whether each point, 1.5 m high unless given, has a density."""
    xyz = np.array([(*p, 1.5) if len(p) == 2 else p for p in points], float)
    return [bool(d > 0) for d in densities([a_view], xyz, scene).toarray()[:, 0]]


def field(a_view, scene=OPEN):
    return visibility_fields([a_view], scene)[0]


def test_that_a_wall_hides_the_point_behind_it():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 8)))
    assert sees(view(), scene, (0, 9), (0, 13), (8, 13)) == [True, False, True]


def test_that_a_high_camera_sees_over_a_low_roof():
    # Lens 9.5, roof 5.5, target 1.5: the line falls 8 m in all and 4 m to the roof, so the far edge at 12 m hides
    # ground to 12 * 8 / 4 = 24 m.
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 5.5)))
    assert sees(view(z=9.5), scene, (0, 13), (0, 23.9), (0, 24.1)) == [False, False, True]
    assert shapely.intersects_xy(field(view(z=9.5), scene).geometry, 0, 24.01)
    assert not shapely.intersects_xy(field(view(z=9.5), scene).geometry, 0, 23.99)


def test_that_a_half_metre_alley_lets_a_strip_through():
    scene = make_scene(town((shapely.box(-20, 10, -0.25, 30), 0, 9), (shapely.box(0.25, 10, 20, 30), 0, 9)))
    # Through the mouth (0.25 at 10 m) and out at 30 m the strip is bounded by the near corners: 0.25 * 35 / 10 would
    # need 0.875 > 0.25, so the far corners bound it: 0.25 * 40 / 30 = 0.333 at 40 m.
    assert sees(view(), scene, (0.32, 40), (0.35, 40)) == [True, False]


def test_that_a_courtyard_is_seen_only_from_inside_it():
    block = shapely.box(-20, -20, 20, 20).difference(shapely.box(-10, -10, 10, 10))
    scene = make_scene(town((block, 0, 12)))
    inside = field(full_circle(0, 0), scene)
    assert inside.area_m2 == pytest.approx(400.0)
    assert sees(full_circle(-30, 0), scene, (0, 0), (-25, 0)) == [False, True]


def test_that_a_high_lens_sees_the_far_part_of_a_courtyard():
    block = shapely.box(-20, -20, 20, 20).difference(shapely.box(-10, -10, 10, 10))
    scene = make_scene(town((block, 0, 6.5)))
    # Lens 11.5 at x = -30: 5 m above the roof, 10 m above the target. The roof's inner edge at 20 m hides to 40 m:
    # the court spans 20 to 40 m. From 21.5 m it hides to 20 * 20 / 15 = 26.7 m.
    assert sees(full_circle(-30, 0, 11.5), scene, (9.9, 0)) == [False]
    assert sees(full_circle(-30, 0, 21.5), scene, (-3.5, 0), (-3.0, 0)) == [False, True]


def test_that_a_roof_mounts_own_edge_hides_the_foot_of_the_house():
    scene = make_scene(town((shapely.box(-5, -5, 5, 5), 0, 9.5)))
    # Lens 10.5 in the middle: 1 m above the roof, 9 m above the target; the edge at 5 m hides to 45 m.
    roof = full_circle(0, 0, 10.5, mount=Mount.ROOF, own_building=0)
    assert sees(roof, scene, (0, 6), (0, 44.9), (0, 45.1)) == [False, False, True]
    assert field(roof, scene).area_m2 == pytest.approx(math.pi * 100**2 - 90.0**2, rel=2e-4)


def test_that_a_camera_touching_a_wall_sees_the_half_before_it():
    scene = make_scene(town((shapely.box(-300, -10, 300, 0), 0, 12)))
    assert field(full_circle(0, 0.05), scene).area_m2 == pytest.approx(math.pi * 100**2 / 2 + 0.05 * 200, rel=1e-4)


def test_that_a_raised_deck_does_not_block_below_it_but_blocks_what_lies_behind_it_from_above():
    deck = make_scene(town((shapely.box(-5, 10, 5, 12), 5.5, 7.5)))
    assert sees(view(z=4.0), deck, (0, 11), (0, 20)) == [True, True]
    # Lens 9.5 (8 above the target): base 4 below, top 2 below; hidden from 10 * 8/4 = 20 m to 12 * 8/2 = 48 m.
    assert sees(view(z=9.5), deck, (0, 19.9), (0, 20.1), (0, 47.9), (0, 48.1)) == [True, False, False, True]


def test_that_a_tower_on_a_deck_is_one_obstacle():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 5, 7), (shapely.box(-5, 10, 5, 12), 0, 5)))
    assert sees(view(z=6), scene, (0, 20)) == [False]


def test_that_a_target_at_lens_height_is_blocked_by_any_higher_wall():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 8)))
    assert sees(view(z=5), scene, (0, 20, 5.0), (0, 9, 5.0)) == [False, True]


def test_that_an_upper_window_is_seen_over_a_low_roof_from_a_lower_lens():
    # Lens 3 m, roof 6 m from 10 to 12 m: rises 3 m in 10 m, so at 30 m the line is 12 m high.
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 6)))
    assert sees(view(z=3), scene, (0, 30, 11.9), (0, 30, 12.1)) == [False, True]


def test_that_a_camera_exactly_at_its_range_limit_still_sees():
    assert sees(view(range_m=40.0), OPEN, (0, 40.0), (0, 40.001)) == [True, False]


def test_that_a_point_exactly_on_the_edge_of_the_picture_still_counts():
    assert sees(view(hfov=90.0), OPEN, (20, 20), (20.01, 20)) == [True, False]


def test_that_the_published_distances_come_out():
    # 1920 px and 68 degrees: 25 / 63 / 125 / 250 px/m at 56.9 / 22.6 / 11.4 / 5.7 m of depth.
    distance = np.array([56.9, 22.6, 11.4, 5.7])
    points = np.c_[np.zeros(4), distance, np.full(4, 5.0)]  # level with the lens
    assert densities([view(z=5.0)], points, OPEN).toarray()[:, 0] == pytest.approx([25, 63, 125, 250], rel=2e-3)


def test_that_density_follows_depth_and_not_distance():
    # 30 m ahead and 15 m aside: depth is 30 m, whatever the 33.5 m of distance.
    (value,) = densities([view(z=5.0)], np.array([[15.0, 30.0, 5.0]]), OPEN).toarray()[:, 0]
    assert value == pytest.approx(1423.3 / 30.0, rel=1e-4)


def test_that_tilt_enters_the_depth():
    # Axis 30 degrees down, lens 10 m above the target, 20 m ahead: 20 cos 30 + 10 sin 30 = 22.32 m.
    (value,) = densities([view(z=11.5, tilt=30.0)], np.array([[0, 20.0, 1.5]]), OPEN).toarray()[:, 0]
    assert value == pytest.approx(1423.3 / 22.3205, rel=1e-4)


def test_that_an_equidistant_lens_thins_out_with_slant_distance():
    # 6283 px over the full circle are 1000 px a radian; 3-4-5: slant 50 m gives 20 px/m.
    (value,) = densities([full_circle(z=31.5, width=6283)], np.array([[0, 40.0, 1.5]]), OPEN).toarray()[:, 0]
    assert value == pytest.approx(20.0, rel=1e-4)


def test_that_the_blind_zone_is_h_over_tan():
    camera = view(z=5.0, tilt=20.0, vfov=40.0)  # lower edge 40 degrees down, 3.5 m above the target
    blind = 4.171  # 3.5 / tan 40
    assert sees(camera, OPEN, (0, blind - 0.01), (0, blind + 0.01)) == [False, True]
    assert field(camera).geometry.distance(shapely.Point(0, 0)) == pytest.approx(blind, abs=1e-3)


def test_that_an_upper_edge_below_the_horizon_limits_the_view():
    camera = view(z=11.5, tilt=45.0, vfov=30.0)  # upper edge 30 degrees down: 10 / tan 30 = 17.32 m
    assert sees(camera, OPEN, (0, 17.3), (0, 17.4)) == [True, False]
    assert field(camera).geometry.bounds[3] == pytest.approx(17.32, abs=0.01)


def test_that_an_unknown_tilt_may_be_anywhere_in_its_span():
    camera = view(z=5.0, tilt=20.0, vfov=20.0, tilt_swing_deg=10.0)  # lower edge anywhere to 40 degrees
    assert sees(camera, OPEN, (0, 4.1), (0, 4.2)) == [False, True]


def test_that_an_unknown_direction_counts_every_way_at_its_sharpest():
    free = view(z=1.5, swing_deg=180.0)  # 35.58 straight ahead; sharpest at the picture's edge, 34 degrees aside
    sharpest = 1920 / (2 * 40 * math.sin(math.radians(34)))
    assert densities([free], np.array([[0, -40, 1.5], [40, 0, 1.5]]), OPEN).toarray()[:, 0] == pytest.approx(sharpest)


def test_that_a_facade_mount_of_unknown_direction_does_not_look_through_its_wall():
    wall = view(azimuth=90.0, swing_deg=90.0, hfov=60.0)  # 120 degrees either way
    assert sees(wall, OPEN, (10, 0), (-5, 9), (-9, 5)) == [True, True, False]


def test_that_a_mask_sector_hides_everything_behind_it():
    camera = view(mask_sector_deg=((350.0, 10.0),))
    assert sees(camera, OPEN, (0, 20), (0, 90), (10, 20)) == [False, False, True]
    assert not shapely.intersects_xy(field(camera).geometry, 0, 50)


def test_that_a_mask_in_the_picture_hides_what_falls_in_it():
    # Level lens, target level with it: 30 m ahead, 10 m right falls on column 960 + 1423.3 / 3 = 1434.
    mask = (((1400.0, 0.0), (1470.0, 0.0), (1470.0, 1080.0), (1400.0, 1080.0)),)
    camera = view(z=1.5, mask_px=mask)
    assert sees(camera, OPEN, (10, 30), (-10, 30), (8, 30)) == [False, True, True]


def test_that_the_mask_on_the_ground_and_the_mask_on_points_agree():
    mask = (((700.0, 400.0), (1200.0, 420.0), (1100.0, 900.0)),)
    camera = view(z=8.0, tilt=15.0, vfov=41.6, mask_px=mask)
    x, y = np.random.default_rng(1).uniform((-40, 10), (40, 100), (2000, 2)).T
    x *= y / 100  # away from the picture's edges, which polygons take by bearing and dip
    at_points = densities([camera], np.c_[x, y, np.full(2000, 1.5)], OPEN).toarray()[:, 0] > 0
    on_ground = shapely.intersects_xy(field(camera).geometry, x, y)
    assert (~at_points & field(view(z=8.0, tilt=15.0, vfov=41.6)).geometry.contains(shapely.points(x, y))).sum() > 0
    assert (at_points == on_ground).mean() > 0.999


@pytest.mark.parametrize("lens", [{"hfov": 180.0, "tilt": 90.0}, {"hfov": 360.0, "tilt": 30.0}])
def test_that_a_mask_in_a_round_picture_agrees_too(lens):
    mask = (((100.0, 100.0), (900.0, 150.0), (600.0, 900.0)),)
    camera = view(z=6.0, vfov=180.0, width=2000, lens_class=LensClass.EQUIDISTANT, range_m=30.0, mask_px=mask, **lens)
    camera_plain = view(z=6.0, vfov=180.0, width=2000, lens_class=LensClass.EQUIDISTANT, range_m=30.0, **lens)
    x, y = np.random.default_rng(1).uniform(-20, 20, (2000, 2)).T
    at_points = densities([camera], np.c_[x, y, np.full(2000, 1.5)], OPEN).toarray()[:, 0] > 0
    assert field(camera).area_m2 < field(camera_plain).area_m2
    assert (at_points == shapely.intersects_xy(field(camera).geometry, x, y)).mean() > 0.998


def test_that_a_picture_mask_is_no_help_when_the_camera_may_turn():
    mask = (((0.0, 0.0), (1920.0, 0.0), (1920.0, 1080.0), (0.0, 1080.0)),)
    assert sees(view(mask_px=mask, swing_deg=180.0), OPEN, (0, 20)) == [True]


def test_that_an_indoor_camera_sees_only_its_own_floor():
    scene = make_scene(town((shapely.box(-10, -10, 10, 10), 0, 8)))
    camera = full_circle(0, 0, 3.0, mount=Mount.INDOOR, own_building=0)
    assert sees(camera, scene, (9, 9), (11, 0)) == [True, False]
    assert field(camera, scene).area_m2 == pytest.approx(400.0)


def test_that_each_reason_is_named():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 8), (shapely.box(-5, 20, 5, 22), 0, 8)))
    camera = view(tilt=10.0, vfov=60.0, mask_sector_deg=((20.0, 30.0),))
    points = {(0, 200): "out_of_range", (0, -5): "out_of_angle", (0, 1): "blind_zone", (5, 11): "masked", (0, 9): "seen"}
    for (x, y), reason in points.items():
        assert explain(camera, np.array([x, y, 1.5]), scene).reason == reason
    assert explain(camera, np.array([0, 5, 80.0]), scene).reason == "out_of_angle"


def test_that_the_nearest_building_in_the_way_is_named():
    scene = make_scene(town((shapely.box(-5, 20, 5, 22), 0, 8), (shapely.box(-5, 10, 5, 12), 0, 8)))
    reason = explain(view(), np.array([0, 30, 1.5]), scene)
    assert (reason.reason, reason.blocker_id) == ("building", "b1")


def test_that_the_height_from_which_a_hidden_target_would_be_seen_is_told():
    # Lens 3 m, roof 6 m from 10 to 12 m: the near edge asks for 3 + 3 * 30 / 10 = 12 m at 30 m.
    low = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 6)))
    assert explain(view(z=3), np.array([0, 30, 1.5]), low).seen_from_m == pytest.approx(12.0, abs=0.01)
    # Lens 11.5 m, roof 6: the far edge at 12 m: 11.5 - 5.5 * 20 / 12 = 2.33 m at 20 m.
    assert explain(view(z=11.5), np.array([0, 20, 1.5]), low).seen_from_m == pytest.approx(11.5 - 5.5 * 20 / 12, abs=0.01)
    assert explain(view(z=3), np.array([0, 9, 1.5]), low).seen_from_m is None


def test_that_the_highest_of_several_obstacles_decides_the_height():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 6), (shapely.box(-5, 15, 5, 16), 0, 12)))
    # Lens 3 m: 3 + 3 * 30 / 10 = 12 m for the first, 3 + 9 * 30 / 15 = 21 m for the second.
    assert explain(view(z=3), np.array([0, 30, 1.5]), scene).seen_from_m == pytest.approx(21.0, abs=0.02)


def test_that_bands_are_disjoint_and_end_at_their_depth():
    found = field(view(z=1.5, range_m=100.0))
    assert [density for density, _ in found.bands] == [25.0, 62.5, 125.0, 250.0]
    assert shapely.union_all([band for _, band in found.bands]).area == pytest.approx(sum(b.area for _, b in found.bands))
    # 25 px/m ends at depth 56.93 m, a straight line across the picture: a triangle of 56.93^2 tan 34.
    assert sum(b.area for _, b in found.bands) == pytest.approx(56.93**2 * math.tan(math.radians(34)), rel=1e-3)


def test_that_fields_are_valid_multipolygons_even_when_nothing_is_seen():
    nothing = field(view(z=5.0, tilt=-45.0, vfov=20.0))
    assert (nothing.geometry.geom_type, nothing.area_m2, nothing.bands) == ("MultiPolygon", 0.0, ())


def test_that_no_views_and_no_points_give_empty_answers():
    assert visibility_fields([], OPEN) == ()
    assert densities([], np.empty((0, 3)), OPEN).shape == (0, 0)
    assert densities([view()], np.empty((0, 3)), OPEN).shape == (0, 1)
    assert densities([], np.zeros((2, 3)), OPEN).shape == (2, 0)


def test_that_progress_may_cancel():
    class Stop(Exception):
        pass

    def stop(_share, _step):
        raise Stop

    with pytest.raises(Stop):
        visibility_fields([view()], OPEN, progress=stop)


def test_that_a_narrower_lens_on_the_same_sensor_narrows_both_angles_by_their_tangents():
    # Half angles 45 and 30 degrees: tan 1 and 0.57735. At half of 30 across: tan 30 = 0.57735, so 0.57735 * 0.57735 = 1/3 up.
    assert vertical_angle_after_deg(60.0, 90.0, 60.0) == pytest.approx(2.0 * math.degrees(math.atan(1.0 / 3.0)))
