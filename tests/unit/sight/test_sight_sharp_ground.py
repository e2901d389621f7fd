"""Polygons over ground that bends within a metre, worked by hand on 1 m cells; the lens is at the origin, on a cell's centre."""

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town

from lhasaplan.core.sight import densities, make_scene, visibility_fields
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief

HALF = 15  # cells each way; their centres are at whole metres
EAST, NORTH = np.meshgrid(np.arange(-HALF, HALF + 1.0), np.arange(HALF, -HALF - 1.0, -1.0))
TERRACE = np.where(EAST <= 5.0, 3.0, 0.0)
DITCH = np.where((EAST >= 6.0) & (EAST <= 9.0), -3.0, 0.0)
DIAGONAL = np.where(EAST + NORTH <= 8.0, 3.0, 0.0)


def over(height):
    return make_scene(town(), make_relief(height, -HALF - 0.5, HALF + 0.5, 1.0))


def field(height, lens_m, range_m=14.0):
    (found,) = visibility_fields([full_circle(0, 0, lens_m, range_m=range_m)], over(height))
    assert found.geometry.is_valid
    return found.geometry


def test_that_a_terrace_hides_the_strip_behind_its_edge():
    # Lens 7 m: the line over the edge, 3 m high and 5 m away, is 7 - 0.8 x. It meets the targets on the slope,
    # 3 (6 - x) + 1.5, at 5.682 m and those on the low ground, 1.5, at 6.875 m.
    seen = field(TERRACE, 7.0)
    assert shapely.intersection(seen, shapely.box(5.70, -8, 6.865, 8)).area == 0.0
    around = shapely.union(shapely.box(3, -8, 5.66, 8), shapely.box(6.89, -8, 10, 8))
    assert shapely.difference(around, seen).area < 0.01


def test_that_a_ditch_hides_its_near_floor_only():
    # Lens 5 m, edge level and 5 m away: the line is 5 - x. It meets the targets on the near slope, 1.5 - 3 (x - 5), at
    # 5.75 m and those on the floor, 1.5 - 3, at 6.5 m; the far slope and the ground beyond are seen.
    seen = field(DITCH, 5.0)
    assert shapely.intersection(seen, shapely.box(5.77, -8, 6.49, 8)).area == 0.0
    around = shapely.union(shapely.box(3, -8, 5.73, 8), shapely.box(6.51, -8, 11, 8))
    assert shapely.difference(around, seen).area < 0.01


def test_that_a_diagonal_edge_hides_what_its_twisted_slope_lets_out_of_sight():
    # Along east = north = s the ground is 3 to s = 4, then 3 (1 - a)^2 with a = s - 4. The line over the edge is 7 - s:
    # targets are hidden from 3 a^2 - 5 a + 1.5 = 0, a = 0.3924, until 7 - s = 1.5, s = 5.5.
    seen = field(DIAGONAL, 7.0)
    along = np.array([3.9, 4.37, 4.42, 5.0, 5.47, 5.53, 7.0])
    assert shapely.intersects_xy(seen, along, along).tolist() == [True, True, False, False, False, True, True]


def test_that_a_round_hill_hides_from_where_the_tangent_over_its_top_meets_the_target():
    # Ground -0.005 x^2, lens 30 m west of the top and as high as it, 4.5 m above the ground: the level line over the top
    # meets targets of 1.5 m where 0.005 x^2 = 1.5, 17.32 m east of the top.
    x = np.arange(-60.0, 61.0)
    hill = make_relief(np.tile(-0.005 * x**2, (121, 1)), -60.5, 60.5, 1.0)
    (found,) = visibility_fields([full_circle(-30.0, 0.0, 0.0, range_m=60.0)], make_scene(town(), hill))
    assert shapely.intersects_xy(found.geometry, [0.0, 10.0, 17.1, 17.55, 25.0], 0.0).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_that_polygons_over_rough_ground_agree_with_sight_lines(seed):
    """Mounds of one and more cells, up to 1.5 m and more high, on a third of the cells."""
    rng = np.random.default_rng(seed)
    height = np.round(rng.uniform(0.0, 1.5 + seed, EAST.shape) * (rng.uniform(size=EAST.shape) < 0.3), 1)
    lens = height[HALF, HALF] + 4.0
    xy = rng.uniform(-10.0, 10.0, (4000, 2))
    xy = xy[np.hypot(*xy.T) < 13.9]
    scene = over(height)
    z = ground_at(scene.relief, *xy.T) + 1.5
    by_lines = densities([full_circle(0, 0, lens, range_m=14.0)], np.c_[xy, z], scene).toarray()[:, 0] > 0.0
    seen = field(height, lens)
    apart = by_lines != shapely.intersects_xy(seen, *xy.T)
    near_edge = shapely.distance(seen.boundary, shapely.points(xy)) < 0.1
    assert apart.mean() < 0.005
    assert (apart & ~near_edge).sum() <= 1
