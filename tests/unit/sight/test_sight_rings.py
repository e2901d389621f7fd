"""Rings of the sweep as polygons: each hole in the smallest shell around it."""

import numpy as np
import shapely

from lhasaplan.core.sight.sweep.polygons import to_polygons
from lhasaplan.core.sight.sweep.rotational_sweep import Rings


def square(x_m, side_m, is_hole=False):
    """Return a closed square around (x, 0): counter-clockwise, a hole clockwise."""
    corners = shapely.get_coordinates(shapely.box(x_m - side_m / 2.0, -side_m / 2.0, x_m + side_m / 2.0, side_m / 2.0))
    return corners[::-1] if is_hole else corners


def rings(*of_views):
    """Return rings of views, given as (view, corners)."""
    areas = [(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum() / 2.0 for _, xy in of_views]
    ends = np.cumsum([0, *(len(xy) for _, xy in of_views)])
    views = np.array([view for view, _ in of_views])
    return Rings(np.concatenate([xy for _, xy in of_views]), ends, np.array(areas), views, np.ones(len(views), np.int64))


def test_that_a_hole_lies_in_the_smallest_shell_around_it_whatever_the_order_of_the_rings():
    seen = to_polygons([rings((1, square(0, 2, is_hole=True)), (1, square(0, 20)), (1, square(0, 4)), (1, square(30, 1)))], 2)
    assert [part.area for part in seen.ground[1].geoms] == [20.0 * 20.0, 4.0 * 4.0 - 2.0 * 2.0, 1.0]
    assert seen.area_m2.tolist() == [0.0, 400.0 + 12.0 + 1.0]
    assert seen.ground[0].is_empty


def test_that_a_hole_that_no_shell_surrounds_is_left_out():
    seen = to_polygons([rings((0, square(0, 4)), (0, square(9, 3)), (0, square(30, 2, is_hole=True)))], 1)
    assert seen.ground[0].area == 4.0 * 4.0 + 3.0 * 3.0 == seen.area_m2[0]


def test_that_holes_of_one_view_never_go_to_another_views_shell():
    first, second = (0, square(0, 8)), (1, square(0, 6))
    seen = to_polygons([rings(first, (0, square(20, 5)), (0, square(20, 1, is_hole=True)), second, (1, square(50, 1)))], 2)
    assert seen.ground[0].area == 64.0 + 25.0 - 1.0
    assert seen.ground[1].area == 36.0 + 1.0
