"""Facts about the ground: rasters laid over each other, gaps, and what stands on it."""

import numpy as np
import pytest
import shapely

from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.site.terrain import TerrainSheet, lay_over, level


def sheet(name, resolution, rows):
    return TerrainSheet(name, resolution, np.array(rows, float))


def of_plane(rise=0.1, size=40):
    """Ground that rises ``rise`` a metre towards north; 0 at y = 0."""
    y = size - 0.5 - np.arange(size)
    return lay_over([sheet("plane", 1.0, np.repeat(rise * y[:, None], size, axis=1))], 0.0, float(size), 1.0)


def house(x, y, size, top, base=0.0):
    shape = np.empty(1, object)
    shape[0] = shapely.box(x, y, x + size, y + size)
    return Buildings(np.array(["h"], object), shape, np.array([base]), np.array([top]), np.array(["height"], object), ({},))


def test_that_of_rasters_that_know_a_cell_the_finest_counts():
    coarse = sheet("srtm", 90.0, [[9.0, 9.0], [9.0, 9.0]])
    fine = sheet("lidar", 1.0, [[1.0, np.nan], [1.0, 1.0]])
    ground = lay_over([coarse, fine], 0.0, 2.0, 1.0)
    assert ground.relief.height.tolist() == [[1.0, 9.0], [1.0, 1.0]]
    assert [(each.name, each.share) for each in ground.sources] == [("lidar", 0.75), ("srtm", 0.25)]
    assert ground.filled == 0.0


def test_that_a_raster_under_a_finer_one_everywhere_is_no_source():
    both = lay_over([sheet("srtm", 90.0, [[9, 9], [9, 9]]), sheet("lidar", 1.0, [[1, 1], [1, 1]])], 0.0, 2.0, 1.0)
    assert [each.name for each in both.sources] == ["lidar"]


def test_that_gaps_take_the_nearest_height_and_are_counted():
    ground = lay_over([sheet("s", 1.0, [[5.0, np.nan, np.nan], [5.0, np.nan, 7.0]])], 0.0, 2.0, 1.0)
    assert ground.relief.height[0].tolist() == [5.0, 5.0, 7.0]
    assert ground.filled == pytest.approx(3 / 6)


def test_that_rasters_without_any_height_leave_level_ground():
    ground = lay_over([sheet("s", 1.0, [[np.nan, np.nan], [np.nan, np.nan]])], 0.0, 2.0, 1.0)
    assert ground.is_level
    assert ground.sources == ()


def test_that_level_ground_lifts_nothing():
    points = np.array([[3.0, 4.0, 1.5]])
    assert level().lifted(points) is points
    assert level().heights_m(points[:, 0], points[:, 1]).tolist() == [0.0]
    assert level().under(house(0, 0, 4, 6.0)).tolist() == [0.0]


def test_that_points_are_lifted_by_the_ground_below_them():
    lifted = of_plane().lifted(np.array([[10.0, 20.0, 1.5], [10.0, 30.0, 0.0]]))
    assert lifted[:, 2] == pytest.approx([3.5, 3.0])


def test_that_a_building_stands_on_the_median_ground_under_it():
    assert of_plane().under(house(5, 10, 4, 6.0))[0] == pytest.approx(1.2)  # ground from 1.0 to 1.4


def test_that_the_grid_says_where_it_ends():
    assert of_plane().covers(np.array([0.0, 40.1, 20.0]), np.array([20.0, 20.0, -0.1])).tolist() == [True, False, False]
