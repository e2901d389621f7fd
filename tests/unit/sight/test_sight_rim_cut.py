"""Ground cut along the rim of a density by the kernel, held against what GEOS cuts with the same chords."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from amounts import some_by_day
from sight_town import full_circle, town, view

from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.sight import make_scene, visibility_fields
from lhasaplan.core.sight.sweep import density_bands
from lhasaplan.core.sight.sweep.density_bands import cut_at_density, cut_many, grounds_between

PLANE_M = 1.5
DISC = 360 * math.sin(math.radians(1.0)) / 2  # the area of a disc of radius 1 m in chords of one degree


def cameras(random):
    """One of each kind at random: straight, one whose lens or direction is not recorded, full circle, looking down."""
    place = {"x": random.uniform(-40.0, 40.0), "y": random.uniform(-40.0, 40.0), "z": random.uniform(2.5, 9.0)}
    straight = view(
        **place,
        azimuth=random.uniform(0.0, 360.0),
        tilt=random.uniform(0.0, 25.0),
        hfov=random.uniform(25.0, 110.0),
        range_m=120.0,
    )
    unknown = replace(
        straight, swing_deg=random.uniform(5.0, 180.0), tilt_swing_deg=5.0, narrowest_hfov_deg=20.0, fewest_width_px=1280
    )
    return straight, replace(straight, swing_deg=180.0), unknown, full_circle(**place), replace(straight, tilt_deg=70.0)


def some_town(random):
    corners = random.uniform(-90.0, 90.0, (60, 2))
    sizes, turns = random.uniform(3.0, 15.0, (60, 2)), random.uniform(0.0, 90.0, 60)
    houses = [
        shapely.affinity.rotate(shapely.box(x, y, x + a, y + b), turn)
        for (x, y), (a, b), turn in zip(corners, sizes, turns, strict=True)
    ]
    return make_scene(town(*((house, 0.0, 2.0 + 3.0 * (k % 3)) for k, house in enumerate(houses))))


@pytest.mark.parametrize("seed", some_by_day(range(8), {0, 1}))
def test_that_the_kernel_cuts_what_geos_cuts(seed, monkeypatch):
    random, cut = np.random.default_rng(seed), []
    kernel = density_bands._cut_at_rims

    def watched(*asked, **how):
        cut.append(kernel(*asked, **how))
        return cut[-1]

    monkeypatch.setattr(density_bands, "_cut_at_rims", watched)
    scene = some_town(random)
    views = [each for _ in range(6) for each in cameras(random)]
    grounds = np.array([*(field.geometry for field in visibility_fields(views, scene)), None], object)[:-1]
    assert max(len(shapely.get_rings(shapely.get_parts(ground))) for ground in grounds) > 2, "holes and several pieces"
    for density in DENSITY_BANDS_PX_M:
        open_land = grounds_between(views, PLANE_M, density, math.inf)
        for is_denser, by_geos in ((True, shapely.intersection), (False, shapely.difference)):
            found = cut_at_density(views, PLANE_M, grounds, density, is_denser=is_denser)
            assert shapely.is_valid(found).all()
            assert (shapely.get_type_id(found) == shapely.GeometryType.MULTIPOLYGON).all()
            wrong_m2 = shapely.area(shapely.symmetric_difference(found, by_geos(grounds, open_land)))
            assert wrong_m2.max() < 1e-5
    certain = [piece is not None for pieces in cut for piece in pieces]
    assert np.mean(certain) > 0.6, "the kernel does the work"


def ground(*outlines):
    return np.array([shapely.MultiPolygon(outlines), None], object)[:-1]


def test_that_ground_within_the_rim_is_the_same_value():
    near = ground(shapely.box(-1.0, -1.0, 1.0, 1.0))
    assert cut_at_density([full_circle(z=1.5)], PLANE_M, near, 25.0)[0] is near[0]
    assert cut_at_density([full_circle(z=1.5)], PLANE_M, near, 25.0, is_denser=False)[0].is_empty


def test_that_a_rim_in_the_midst_of_open_ground_is_cut_out_whole():
    # 1,920 px over the circle are 305.6 px a radian: 25 px/m end 12.22 m away, at the height of the lens.
    disc_m2, wide = DISC * (1920 / (2.0 * math.pi) / 25.0) ** 2, ground(shapely.box(-50.0, -50.0, 50.0, 50.0))
    lens = [full_circle(z=1.5)]
    assert cut_at_density(lens, PLANE_M, wide, 25.0)[0].area == pytest.approx(disc_m2)
    assert cut_at_density(lens, PLANE_M, wide, 25.0, is_denser=False)[0].area == pytest.approx(100.0**2 - disc_m2)


def test_that_a_hole_across_the_rim_is_left_out_whichever_way_its_outline_runs():
    reach_m, lens = 1920 / (2.0 * math.pi) / 25.0, [full_circle(z=1.5)]
    court = shapely.box(reach_m - 4.0, -3.0, reach_m + 4.0, 3.0)
    land = shapely.box(-8.0, -8.0, 40.0, 8.0).difference(court)
    rim = grounds_between(lens, PLANE_M, 25.0, math.inf)[0]
    for outline in (shapely.orient_polygons(land), shapely.orient_polygons(land, exterior_cw=True)):
        found = cut_at_density(lens, PLANE_M, ground(outline), 25.0)[0]
        assert found.area == pytest.approx(land.intersection(rim).area, abs=1e-6)
        below = cut_at_density(lens, PLANE_M, ground(outline), 25.0, is_denser=False)[0]
        assert below.area == pytest.approx(land.difference(rim).area, abs=1e-6)


def test_that_a_wall_behind_the_foot_of_the_lens_is_followed_the_short_way_round():
    lens, wall = [full_circle(y=0.01, z=1.5)], shapely.box(-60.0, 0.0, 60.0, 30.0)  # the outline runs 1 cm south of the lens
    rim = grounds_between(lens, PLANE_M, 25.0, math.inf)[0]
    found = cut_at_density(lens, PLANE_M, ground(wall), 25.0)[0]
    assert found.symmetric_difference(wall.intersection(rim)).area < 1e-6


@pytest.mark.parametrize("beside_m", [0.02, 0.05, 0.3])
def test_that_a_long_wall_close_to_the_lens_is_followed_on_its_own_side_whichever_way_it_runs(beside_m):
    lens = [full_circle(z=1.5)]
    rim = grounds_between(lens, PLANE_M, 125.0, math.inf)[0]
    for turn in range(0, 360):
        land = shapely.affinity.rotate(shapely.box(-97.0, -60.0, 61.0, beside_m), turn + 0.3, origin=(0.0, 0.0))
        found = cut_at_density(lens, PLANE_M, ground(land), 125.0)[0]
        assert found.is_valid
        assert found.symmetric_difference(land.intersection(rim)).area < 1e-6


def test_that_corners_on_the_rim_itself_are_cut_as_by_geos():
    lens = [full_circle(z=1.5)]
    rim = grounds_between(lens, PLANE_M, 25.0, math.inf)[0]
    corners = shapely.get_coordinates(rim)[10:15]
    land = shapely.Polygon([(0.0, 0.0), *corners.tolist(), *(1.5 * corners[::-1]).tolist()]).buffer(0.0)
    for outline in shapely.get_parts(land):
        found = cut_at_density(lens, PLANE_M, ground(outline), 25.0)[0]
        assert found.area == pytest.approx(outline.intersection(rim).area, abs=1e-6)


def test_that_no_ground_stays_none():
    assert cut_at_density([full_circle()], PLANE_M, ground(), 25.0)[0].is_empty
    assert not len(cut_at_density([], PLANE_M, ground()[:0], 25.0))


def test_that_ground_that_was_cut_along_a_rim_can_be_cut_along_one_that_runs_with_it():
    # Beside its widest picture a set of lenses shows nothing at any density, so the rims of all densities run together there.
    some = replace(view(z=4.0, tilt=30.0, hfov=60.0, vfov=40.0, range_m=300.0), swing_deg=100.0, narrowest_hfov_deg=20.0)
    rims = [grounds_between([some], PLANE_M, density, math.inf)[0] for density in (25.0, 62.5)]
    assert shapely.length(shapely.intersection(*(rim.boundary for rim in rims))) > 2.0 * 10.0
    (field,) = visibility_fields([some], make_scene(town((shapely.box(20.0, 20.0, 40.0, 60.0), 0.0, 9.0))))
    (coarse,) = cut_at_density([some], PLANE_M, ground(*field.geometry.geoms), 25.0)
    assert coarse.symmetric_difference(field.geometry.intersection(rims[0])).area < 1e-5
    for is_denser, by_geos in ((True, shapely.intersection), (False, shapely.difference)):
        (found,) = cut_at_density([some], PLANE_M, ground(*coarse.geoms), 62.5, is_denser=is_denser)
        assert found.is_valid
        assert shapely.symmetric_difference(found, by_geos(coarse, rims[1])).area < 1e-5


def test_that_ground_behind_a_lens_that_looks_one_way_is_left_to_geos():
    lens, land = [view(hfov=90.0)], shapely.box(-80.0, -80.0, 80.0, 80.0)
    (found,) = cut_at_density(lens, PLANE_M, ground(land), 25.0)
    assert found.symmetric_difference(land.intersection(grounds_between(lens, PLANE_M, 25.0, math.inf)[0])).area < 1e-5


def test_that_bands_of_many_lenses_cut_at_once_are_those_of_open_land_at_each_ones_own_height():
    random = np.random.default_rng(3)
    views = [each for _ in range(4) for each in cameras(random)]
    heights = [PLANE_M if k % 2 else PLANE_M + 0.7 for k in range(len(views))]
    grounds = np.array([*(field.geometry for field in visibility_fields(views, some_town(random))), None], object)[:-1]
    for lens, height_m, land, bands in zip(views, heights, grounds, cut_many(views, heights, grounds), strict=True):
        left = {
            density: land.intersection(grounds_between([lens], height_m, density, math.inf)[0]) for density in DENSITY_BANDS_PX_M
        }
        known = dict(bands)
        assert list(known) == sorted(density for density, _ in bands)
        for density, finer in zip(left, [*DENSITY_BANDS_PX_M[1:], None], strict=True):
            by_geos = left[density].difference(left.get(finer, shapely.MultiPolygon()))
            assert known.get(density, shapely.MultiPolygon()).symmetric_difference(by_geos).area < 1e-4
