import dataclasses
import math
import pickle

import numpy as np
import pytest
import shapely
from sight_town import Grid, classes, full_circle, place_cameras, town, view

from lhasaplan.core.model.camera import Camera, Mount
from lhasaplan.core.sight import densities, explain, make_scene, visibility_fields
from lhasaplan.core.sight.obstacles.building_index import stand_on
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief
from lhasaplan.core.sight.sweep.fields import ReliefBands, ground_at_least


def relief(height, cell=1.0, half=130):
    """A square relief around the origin from a function of x and y."""
    n = 2 * int(half / cell)
    x = -half + (np.arange(n) + 0.5) * cell
    return make_relief(np.asarray(height(x[None, :] + 0 * x[:, None], -x[:, None] + 0 * x[None, :]), float), -half, half, cell)


LEVEL_AT_50 = relief(lambda x, _y: 50.0 + 0 * x)
UPHILL = relief(lambda _x, y: 0.1 * y)  # rises 1 m in 10 towards north
RIDGE = relief(lambda _x, y: np.maximum(0.0, 4.0 - np.abs(y - 20.5)))  # a 4 m crest at 20.5 m north, a cell's centre


def seen(a_view, scene, *points):
    return [bool(d > 0) for d in densities([a_view], np.array(points, float), scene).toarray()[:, 0]]


def test_that_ground_is_bilinear_between_cell_centres():
    steps = make_relief(np.array([[0.0, 10.0], [20.0, 30.0]]), 0.0, 2.0, 1.0)  # centres at 0.5 and 1.5
    assert ground_at(steps, np.array([1.0]), np.array([1.0]))[0] == pytest.approx(15.0)
    assert ground_at(steps, np.array([0.75]), np.array([1.5]))[0] == pytest.approx(2.5)


def test_that_beyond_the_grid_its_edge_goes_on():
    assert ground_at(UPHILL, np.array([0.0]), np.array([500.0]))[0] == pytest.approx(12.95, abs=0.01)


def test_that_a_house_on_a_slope_has_a_flat_roof_at_its_median_ground_plus_height():
    house = stand_on(town((shapely.box(-5, 10, 5, 20), 0.0, 6.0)), UPHILL)
    assert house.top_m[0] == pytest.approx(1.5 + 6.0)  # ground from 1 to 2 m
    assert house.base_m[0] < -500.0


def test_that_high_level_ground_is_the_same_as_level_ground():
    houses = town((shapely.box(-5, 10, 5, 12), 0, 8), (shapely.box(-30, -40, 20, -25), 0, 3))
    low, high = make_scene(houses), make_scene(houses, LEVEL_AT_50)
    camera = view(z=6.0, tilt=20.0, vfov=35.0, hfov=100.0)
    circle = full_circle(z=6.0, range_m=80.0)
    for one in (camera, circle):
        raised = dataclasses.replace(one, lens_z_m=56.0)
        (a,), (b,) = visibility_fields([one], low), visibility_fields([raised], high)
        assert shapely.symmetric_difference(a.geometry, b.geometry).area < 0.1 + 5e-4 * a.area_m2
        assert [d for d, _ in a.bands] == [d for d, _ in b.bands]
        for (_, band), (_, other) in zip(a.bands, b.bands, strict=True):
            assert band.area == pytest.approx(other.area, rel=0.01)


def test_that_a_crest_hides_the_target_behind_it():
    # Lens 5 m, crest 4 m 20 m away: the line falls 1 m in 20 and meets the target height of 1.5 m 70 m away.
    scene, camera = make_scene(town(), RIDGE), view(y=0.5, z=5.0)
    assert seen(camera, scene, (0, 20.5, 5.5), (0, 70, 1.5), (0, 71, 1.5)) == [True, False, True]
    (field,) = visibility_fields([camera], scene)
    assert shapely.intersects_xy(field.geometry, [0, 0, 0], [15, 70.3, 70.7]).tolist() == [True, False, True]


def test_that_the_ground_is_named_as_the_reason_and_the_height_that_clears_it():
    reason = explain(view(y=0.5, z=5.0), np.array([0, 60.5, 1.5]), make_scene(town(), RIDGE))
    assert (reason.reason, reason.blocker_id) == ("terrain", "")
    assert reason.seen_from_m == pytest.approx(2.0, abs=0.01)  # 5 - 60 / 20


def test_that_a_house_before_a_crest_is_named_first():
    scene = make_scene(town((shapely.box(-5, 10, 5, 12), 0, 8)), RIDGE)
    assert explain(view(z=5.0), np.array([0, 60, 1.5]), scene).blocker_id == "b0"


def test_that_the_blind_zone_shrinks_uphill():
    # Lower edge 40 degrees down, lens 5 m: 3.5 m above the target at the foot, which rises 0.1 a metre:
    # 3.5 - 0.1 r = r tan 40, r = 3.5 / (tan 40 + 0.1).
    camera = view(z=5.0, tilt=20.0, vfov=40.0)
    (field,) = visibility_fields([camera], make_scene(town(), UPHILL))
    nearest = 3.5 / (math.tan(math.radians(40)) + 0.1)
    assert field.geometry.distance(shapely.Point(0, 0)) == pytest.approx(nearest, abs=0.02)


def test_that_ground_rising_out_of_the_picture_is_not_seen():
    # Upper edge 5 degrees down: uphill ground leaves the picture where 3.5 - 0.1 r = r tan 5.
    camera = view(z=5.0, tilt=20.0, vfov=30.0)
    (field,) = visibility_fields([camera], make_scene(town(), UPHILL))
    assert field.geometry.bounds[3] == pytest.approx(3.5 / (math.tan(math.radians(5)) + 0.1), abs=0.1)


def test_that_a_picture_mask_falls_on_the_slope_that_it_covers():
    mask = (((700.0, 500.0), (1200.0, 500.0), (1100.0, 900.0)),)
    scene = make_scene(town(), UPHILL)
    camera = view(z=8.0, tilt=10.0, vfov=41.6, mask_px=mask)
    x, y = np.random.default_rng(1).uniform((-25, 12), (25, 60), (1500, 2)).T
    x *= y / 60  # away from the picture's edges, which polygons take by bearing and dip
    at_points = densities([camera], np.c_[x, y, ground_at(UPHILL, x, y) + 1.5], scene).toarray()[:, 0] > 0
    (field,) = visibility_fields([camera], scene)
    (plain,) = visibility_fields([view(z=8.0, tilt=10.0, vfov=41.6)], scene)
    assert field.area_m2 < plain.area_m2 - 10.0
    assert (at_points == shapely.intersects_xy(field.geometry, x, y)).mean() > 0.997


def test_that_bands_over_relief_agree_with_the_densities_of_points():
    scene = make_scene(town(), UPHILL)
    camera = view(z=6.0, tilt=15.0, vfov=41.6, range_m=80.0)
    x, y = np.random.default_rng(2).uniform((-30, 8), (30, 80), (1500, 2)).T
    x *= y / 80  # away from the picture's edges, which polygons take by bearing and dip
    density = densities([camera], np.c_[x, y, ground_at(UPHILL, x, y) + 1.5], scene).toarray()[:, 0]
    (field,) = visibility_fields([camera], scene)
    for limit, band in field.bands:
        inside = shapely.intersects_xy(band, x, y)
        assert (density[inside] >= 0.99 * limit).all()
        assert (density[inside] < 2.6 * limit).all() or limit == 250.0


def test_that_a_full_circle_reaches_a_density_where_its_slant_distance_says_so():
    # 1920 pixels around: 305.6 px a radian, so 25 px/m at 12.22 m of slant distance: on ground 0.1 r higher and a target
    # of 1.5 m, from a lens of 5 m, northwards r^2 + (3.5 - 0.1 r)^2 = 12.22^2, r = 12.005; southwards 11.312.
    (field,) = visibility_fields([full_circle(z=5.0, range_m=60.0)], make_scene(town(), UPHILL))
    _, south, _, north = shapely.union_all([band for _, band in field.bands]).bounds
    assert (north, -south) == pytest.approx((12.005, 11.312), abs=0.005)


def test_that_no_view_of_a_town_with_a_deck_over_relief_is_no_field():
    assert visibility_fields([], make_scene(town((shapely.box(-5, 10, 5, 12), 5.5, 7.5)), LEVEL_AT_50)) == ()


def test_that_a_raised_deck_hides_the_ground_behind_it_but_not_below():
    deck = make_scene(town((shapely.box(-5, 10, 5, 12), 5.5, 7.5)), LEVEL_AT_50)
    (field,) = visibility_fields([view(z=59.5)], deck)  # as on level ground: hidden from 20 to 48 m
    assert shapely.intersects_xy(field.geometry, [0, 0, 0], [19.5, 30, 48.5]).tolist() == [True, False, True]
    assert seen(view(z=54.0), deck, (0, 11, 51.5), (0, 20, 51.5)) == [True, True]


def test_that_a_roof_mounts_own_edge_hides_on_relief_too():
    scene = make_scene(town((shapely.box(-5, -5, 5, 5), 0, 9.5)), LEVEL_AT_50)
    roof = full_circle(0, 0, 60.5, mount=Mount.ROOF, own_building=0)  # hides to 45 m, see the level case
    (field,) = visibility_fields([roof], scene)
    assert field.area_m2 == pytest.approx(math.pi * 100**2 - 90.0**2, rel=1e-3)


def test_that_cameras_stand_on_the_ground_where_they_are():
    (placed,) = place_cameras([Camera("c", 0.0, 40.0, mount_height_m=4.0)], classes(), town(), Grid(), UPHILL)
    assert {round(a_view.lens_z_m, 6) for a_view in placed.views} == {8.0}


def test_that_a_lens_is_on_the_roof_by_heights_above_the_datum():
    houses = town((shapely.box(-5, 35, 5, 45), 0.0, 3.0))  # roof at about 7 m above the datum
    (placed,) = place_cameras([Camera("c", 0.0, 40.0, lens_z_m=8.0)], classes(), houses, Grid(), UPHILL)
    assert placed.mount is Mount.ROOF


def test_that_bands_over_relief_are_cut_when_asked_for_and_travel_as_a_tuple():
    x, y = np.meshgrid(np.arange(-60.0, 60.0, 4.0), np.arange(60.0, -60.0, -4.0))
    scene = make_scene(town(), make_relief(2.0 * np.sin(x / 11.0) + np.cos(y / 7.0), -60.0, 60.0, 4.0))
    one = view(0.0, 0.0, 6.0, range_m=55.0, tilt=10.0)
    (field,) = visibility_fields([one], scene)
    assert isinstance(field.bands, ReliefBands)
    reported = pickle.loads(pickle.dumps(field.bands))
    assert isinstance(reported, tuple)
    assert [(low, band.wkb) for low, band in field.bands] == [(low, band.wkb) for low, band in reported]
    assert [low for low, _ in reported] == [25.0, 62.5, 125.0, 250.0]
    assert shapely.union_all([band for _, band in reported]).area <= field.area_m2 + 1e-6
    (sharp,) = ground_at_least([one], [field], scene, 25.0)
    assert shapely.symmetric_difference(sharp, shapely.union_all([band for _, band in reported])).area < 1e-6
