"""Ground cut into strips across a lens's axis by the kernel, held against what GEOS cuts with the same strips."""

import math

import numpy as np
import pytest
import shapely
from sight_town import town, view

from lhasaplan.core.sight import make_scene, visibility_fields
from lhasaplan.core.sight.sweep.density_bands import cut_many
from lhasaplan.core.sight.sweep.strip_cut import Strips, grounds_in_strips


def ground(*outlines):
    return np.array([shapely.MultiPolygon(outlines), None], object)[:-1]


def strips(*ends_m, foot_m=(0.0, 0.0), azimuth_deg=90.0):
    """Strips of one ground; the axis points east unless it is said otherwise."""
    turn, count = math.radians(azimuth_deg), len(ends_m)
    axis = np.tile((math.sin(turn), math.cos(turn)), (count, 1))
    return Strips(np.zeros(count, np.int64), np.tile(foot_m, (count, 1)), axis, np.array(ends_m, float))


def by_geos(whole, low_m, high_m, foot_m, azimuth_deg):
    """The same strip, 2 km wide, cut by GEOS."""
    upright = shapely.affinity.translate(shapely.box(low_m, -1e3, high_m, 1e3), *foot_m)
    return shapely.intersection(whole, shapely.affinity.rotate(upright, 90.0 - azimuth_deg, origin=tuple(foot_m)))


def test_that_a_strip_of_a_square_is_a_rectangle():
    (found,) = grounds_in_strips(ground(shapely.box(0.0, -5.0, 10.0, 5.0)), strips((2.0, 5.0)))
    assert found.symmetric_difference(shapely.box(2.0, -5.0, 5.0, 5.0)).area < 1e-9
    assert shapely.get_num_geometries(found) == 1


def test_that_the_arms_of_a_fork_are_two_pieces():
    fork = shapely.box(0.0, 0.0, 10.0, 10.0).difference(shapely.box(4.0, 3.0, 11.0, 7.0))
    (found,) = grounds_in_strips(ground(fork), strips((5.0, 8.0)))
    assert sorted(piece.area for piece in found.geoms) == pytest.approx([9.0, 9.0])  # 3 m of each arm, 3 m wide


def test_that_a_court_is_left_out_whole_or_cut_whichever_way_outlines_run():
    court = shapely.box(0.0, 0.0, 20.0, 10.0).difference(shapely.box(4.0, 3.0, 6.0, 7.0))
    for outline in (shapely.orient_polygons(court), shapely.orient_polygons(court, exterior_cw=True)):
        around, across, beside = grounds_in_strips(ground(outline), strips((3.0, 9.0), (5.0, 9.0), (7.0, 9.0)))
        assert (around.area, len(around.geoms[0].interiors)) == (pytest.approx(60.0 - 8.0), 1)
        assert (across.area, len(across.geoms[0].interiors)) == (pytest.approx(40.0 - 4.0), 0)
        assert beside.area == pytest.approx(20.0)


def test_that_ground_within_a_strip_is_the_same_value_and_ground_beside_it_nothing():
    whole = ground(shapely.box(2.0, 0.0, 4.0, 1.0), shapely.box(5.0, 0.0, 6.0, 1.0))
    within, before, behind, one = grounds_in_strips(whole, strips((1.0, 7.0), (-9.0, 1.0), (7.0, 9.0), (4.5, 7.0)))
    assert within is whole[0]
    assert before.is_empty
    assert behind.is_empty
    assert one.area == pytest.approx(1.0)


def test_that_a_corner_on_the_line_is_left_to_who_asks():
    assert grounds_in_strips(ground(shapely.box(2.0, 0.0, 4.0, 1.0)), strips((4.0, 7.0)))[0] is None


@pytest.mark.parametrize("seed", range(6))
def test_that_the_kernel_cuts_what_geos_cuts(seed):
    random = np.random.default_rng(seed)
    corners, sizes = random.uniform(-90.0, 90.0, (60, 2)), random.uniform(3.0, 15.0, (60, 2))
    houses = [shapely.box(x, y, x + a, y + b) for (x, y), (a, b) in zip(corners, sizes, strict=True)]
    scene = make_scene(town(*((house, 0.0, 2.0 + 3.0 * (k % 3)) for k, house in enumerate(houses))))
    lenses = [
        view(
            x=random.uniform(-40.0, 40.0),
            y=random.uniform(-40.0, 40.0),
            z=random.uniform(2.5, 9.0),
            azimuth=random.uniform(0.0, 360.0),
            hfov=random.uniform(25.0, 110.0),
            range_m=120.0,
        )
        for _ in range(12)
    ]
    wholes = [field.geometry for field in visibility_fields(lenses, scene) if not field.geometry.is_empty]
    assert max(len(shapely.get_rings(shapely.get_parts(whole))) for whole in wholes) > 1, "holes or several pieces"
    certain = []
    for whole in wholes:
        foot_m, azimuth_deg = random.uniform(-40.0, 40.0, 2), random.uniform(0.0, 360.0)
        ends_m = [sorted(random.uniform(-60.0, 90.0, 2)) for _ in range(8)]
        for found, ends in zip(grounds_in_strips(ground(*whole.geoms), strips(*ends_m, foot_m=foot_m, azimuth_deg=azimuth_deg)),
                               ends_m, strict=True):  # fmt: skip
            certain.append(found is not None)
            if found is not None:
                assert found.is_valid
                assert found.symmetric_difference(by_geos(whole, *ends, foot_m, azimuth_deg)).area < 1e-6
    assert np.mean(certain) > 0.95, "the kernel does the work"


def test_that_bands_are_the_same_where_the_quick_cut_is_in_doubt():
    # At the height of the lens and 25 px/m a band ends 1,920 / 2 / tan(30 deg) / 25 = 66.51 m ahead: a corner lies there.
    lens, far_m = view(z=1.5, azimuth=90.0, hfov=60.0, range_m=200.0), 960.0 / math.tan(math.radians(30.0)) / 25.0
    beyond, doubtful = (
        ground(shapely.box(40.0, -5.0, 80.0, 5.0)),
        ground(shapely.Polygon([(40, -5), (far_m, -5), (80, 5), (40, 5)])),
    )
    (band,), (same,) = (cut_many([lens], [1.5], one)[0] for one in (beyond, doubtful))
    assert band[0] == same[0] == 25.0
    assert band[1].area == pytest.approx((far_m - 40.0) * 10.0, rel=1e-6)
    cut = shapely.intersection(doubtful[0], shapely.box(40.0, -5.0, far_m, 5.0))
    assert same[1].area == pytest.approx(cut.area, rel=1e-6)
