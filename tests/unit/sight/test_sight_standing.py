"""Facts about the level that a building stands on: the median of the ground under its footprint."""

import math

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town

from lhasaplan.core.sight import densities, make_scene
from lhasaplan.core.sight.obstacles.building_index import ground_under, stand_on
from lhasaplan.core.sight.obstacles.relief import level_relief, make_relief


def relief(height, cell=1.0, half=130.0):
    """A square relief around the origin from a function of x and y."""
    x = -half + (np.arange(round(2 * half / cell)) + 0.5) * cell
    return make_relief(np.asarray(height(x[None, :] + 0 * x[:, None], -x[:, None] + 0 * x[None, :]), float), -half, half, cell)


def plain_ground(over, x, y):
    """Bilinear ground at one point, by hand."""
    column, row = (x - over.west) / over.cell - 0.5, (over.north - y) / over.cell - 0.5
    j, i = min(max(math.floor(column), 0), over.height.shape[1] - 2), min(max(math.floor(row), 0), over.height.shape[0] - 2)
    a, b = min(max(column - j, 0.0), 1.0), min(max(row - i, 0.0), 1.0)
    (nw, ne), (sw, se) = over.height[i : i + 2, j : j + 2].tolist()
    return (nw * (1 - a) + ne * a) * (1 - b) + (sw * (1 - a) + se * a) * b


def dense_median(over, shape, step=0.2):
    """The median of the ground under a shape, every 0.2 m."""
    west, south, east, north = shape.bounds
    x, y = (each.ravel() for each in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step)))
    inside = shapely.contains_xy(shape, x, y)
    return float(np.median([plain_ground(over, *at) for at in zip(x[inside], y[inside], strict=True)]))


def under(over, *shapes):
    return ground_under(np.array([*shapes, None], object)[:-1], over)


EASTWARDS = relief(lambda x, _y: 0.1 * x)  # rises 1 m in 10
HILL = relief(lambda x, y: 14.0 * np.exp(-((x / 45.0) ** 2 + ((y - 20.0) / 30.0) ** 2)) + 0.12 * y + np.sin(x / 6.0))


def test_that_corners_that_crowd_at_one_end_do_not_lift_a_house():
    # A 10 m house from x = 0 to 10 whose eastern wall is drawn with nine more corners: the median corner lies at x = 10, on
    # 1 m; half of its ground lies below 0.5 m.
    wall = [(10.0, y) for y in range(11)]
    assert under(EASTWARDS, shapely.Polygon([(0, 0), *wall, (0, 10)])) == pytest.approx([0.5])


def test_that_a_long_wing_weighs_by_its_ground():
    # 2 x 10 m at x = 0 to 2 and 38 x 1 m beyond, to x = 40: half of 58 m2 lies west of x = 2 + 9 = 11, where the ground is 1.1 m.
    wing = shapely.union(shapely.box(0, 0, 2, 10), shapely.box(2, 0, 40, 1))
    assert under(EASTWARDS, wing)[0] == pytest.approx(1.1, abs=0.02)


def test_that_a_courtyard_is_no_ground_under_its_house():
    pit = relief(lambda x, y: np.where(np.maximum(np.abs(x), np.abs(y)) < 14.0, -30.0, 5.0))
    court = shapely.box(-20, -20, 20, 20) - shapely.box(-16, -16, 16, 16)
    assert under(pit, court) == pytest.approx([5.0])


def test_that_a_house_smaller_than_a_cell_stands_between_the_middles_of_cells():
    # Cells of 80 m, centres at 40, 120, ... rising 8 m a cell: at x = 60 the ground is 8 * 20 / 80 = 2 m above that at 40.
    coarse = relief(lambda x, _y: 0.1 * x, cell=80.0, half=400.0)
    assert under(coarse, shapely.box(55, 10, 65, 20)) == pytest.approx([6.0])


def test_that_every_part_of_a_house_counts_and_none_without_extent():
    both = shapely.union(shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 10))  # ground from 0 to 1 and from 3 to 4 m
    assert under(EASTWARDS, both, shapely.MultiPolygon(), shapely.Polygon())[0] == pytest.approx(2.0, abs=1.01)
    assert under(EASTWARDS, shapely.MultiPolygon(), shapely.Polygon()).tolist() == [0.0, 0.0]


def test_that_level_ground_moves_nothing():
    houses = town((shapely.box(0, 0, 5, 5), 0.0, 6.0))
    assert stand_on(houses, level_relief()) is houses


def shapes_on(rng, count):
    """Blobs, courts and long bars, turned any way."""
    made = []
    for k in range(count):
        blob = shapely.Point(0, 0).buffer(rng.uniform(2, 9), quad_segs=int(rng.integers(1, 5)))
        bar = shapely.box(0, 0, rng.uniform(15, 60), rng.uniform(3, 9))
        shape = (blob, bar, bar - shapely.box(3, 1, 8, 2), shapely.union(bar, shapely.box(0, 0, 5, 25)))[k % 4]
        turned = shapely.affinity.rotate(shape, rng.uniform(0, 360), origin=(0, 0))
        made.append(shapely.affinity.translate(turned, *rng.uniform(-60, 60, 2)))
    return made


def test_that_medians_are_those_of_dense_sampling_and_of_each_house_alone():
    shapes = shapes_on(np.random.default_rng(5), 24)
    together = under(HILL, *shapes)
    np.testing.assert_allclose(together, [dense_median(HILL, each) for each in shapes], atol=0.1)
    assert [under(HILL, each)[0] for each in shapes] == together.tolist()


def test_that_a_house_that_comes_later_stands_as_one_that_was_there():
    houses = town(*((shape, 0.0, 6.0) for shape in shapes_on(np.random.default_rng(6), 4)))
    last = town((houses.polygons[3], 0.0, 6.0))
    assert stand_on(last, HILL).top_m[0] == make_scene(houses, HILL).buildings.top_m[3]


STEP_M = 0.1
CLEAR_M = 0.25  # nearer to an edge of a shadow than this, marching in steps is no judge


def margin_m(over, prisms, a, b):
    """How far a line stays clear of ground and houses (below 0: it runs into one), by marching along it."""
    count = max(2, int(np.hypot(*(b[:2] - a[:2])) / STEP_M))
    at = a + np.linspace(0.0, 1.0, count)[:, None] * (b - a)
    x, y, z = at[2:-2].T
    clear = [min(height - plain_ground(over, *place) for *place, height in at[2:-2:3].tolist())]
    for shape, top in prisms:
        inside = shapely.contains_xy(shape, x, y)
        if inside.any():
            clear.append(float((z - top)[inside].min()))
        edge = float(shapely.distance(shape, shapely.LineString([a[:2], b[:2]])))
        clear.append(edge if edge > 0.0 else math.inf)
    return min(clear)


def test_that_a_hillside_town_is_seen_as_a_ray_caster_sees_it():
    rng = np.random.default_rng(11)
    shapes = [each for each in shapes_on(rng, 28) if shapely.distance(each, shapely.Point(0, -75)) > 3.0]
    houses = town(*((each, 0.0, 6.0) for each in shapes))
    prisms = [(each, dense_median(HILL, each, 0.5) + 6.0) for each in shapes]
    solid = shapely.union_all(shapes)
    xy = rng.uniform(-100, 100, (500, 2))
    xy = xy[~shapely.intersects_xy(solid.buffer(0.5), *xy.T)]
    points = np.column_stack((xy, [plain_ground(HILL, *at) + 1.5 for at in xy]))
    lens = np.array([0.0, -75.0, plain_ground(HILL, 0.0, -75.0) + 7.0])
    seen = densities([full_circle(*lens, range_m=400.0)], points, make_scene(houses, HILL)).toarray()[:, 0] > 0.0
    margin = np.array([margin_m(HILL, prisms, lens, each) for each in points])
    sure = np.abs(margin) > CLEAR_M
    assert sure.sum() > 300
    assert (seen[sure] == (margin[sure] > 0.0)).all()
    assert 0.1 < seen[sure].mean() < 0.9
