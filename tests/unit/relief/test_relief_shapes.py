"""Hand-worked shapes of the ground: a valley, a tilted plane, a passage on a slope."""

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town, view

from lhasaplan.core.sight import densities, make_scene, visibility_fields
from lhasaplan.core.site.terrain import TerrainSheet, lay_over

HALF = 120.0


def relief(height):
    x = -HALF + 0.5 + np.arange(2 * HALF)
    heights = np.asarray(height(x[None, :] + 0.0 * x[:, None], -x[:, None] + 0.0 * x[None, :]), float)
    return lay_over([TerrainSheet("made", 1.0, heights)], -HALF, HALF, 1.0).relief


def sees(a_view, scene, *points):
    return [bool(d > 0) for d in densities([a_view], np.array(points, float), scene).toarray()[:, 0]]


def test_that_the_near_slope_of_a_valley_is_hidden_and_the_far_one_is_seen():
    # Level to the brim at y = 10.5 (middle of a cell), down 1 m a metre to -20 m at y = 30.5, and up again. The lens is 4 m
    # above the brim: its line over it falls 4 / 10.5 = 0.381 a metre. Going down the target, 1.5 m up, is at 12 - y, the line
    # at 4 - 0.381 y: hidden from y = 12.92. Going up it is at y - 49: seen again from y = 53 / 1.381 = 38.38.
    scene = make_scene(town(), relief(lambda _x, y: -np.maximum(0.0, 20.0 - np.abs(y - 30.5))))
    camera = view(z=4.0, vfov=170.0, range_m=80.0)
    targets = [(0.0, y, 1.5 - max(0.0, 20.0 - abs(y - 30.5))) for y in (12.8, 13.1, 30.0, 38.2, 38.5)]
    assert sees(camera, scene, *targets) == [True, False, False, False, True]
    (field,) = visibility_fields([camera], scene)
    assert shapely.intersects_xy(field.geometry, [0] * 5, [12, 14, 30, 37.5, 39]).tolist() == [True, False, False, False, True]


def test_that_a_tilted_plane_is_seen_like_a_level_one_from_a_lens_tilted_with_it():
    # Without walls nothing on a plane is hidden, however steep: a full circle sees its whole disc.
    scene = make_scene(town(), relief(lambda x, y: 0.3 * x - 0.2 * y))
    (field,) = visibility_fields([full_circle(z=5.0, range_m=60.0)], scene)
    (level,) = visibility_fields([full_circle(z=5.0, range_m=60.0)], make_scene(town()))
    assert field.area_m2 == pytest.approx(level.area_m2, rel=1e-3)


def test_that_a_wall_on_a_tilted_plane_throws_the_shadow_that_similar_triangles_give():
    # Ground rises 0.1 a metre northwards; lens 8 m over y = 0; a wall at y = 10 to 10.2 stands on 1.01 and is 3 m high: top 4.01.
    # Its shadow: the line over its far edge falls 3.99 / 10.2 a metre and meets 0.1 y + 1.5 at y = 6.5 / (0.1 + 0.3912) = 13.23.
    scene = make_scene(town((shapely.box(-20, 10, 20, 10.2), 0, 3)), relief(lambda _x, y: 0.1 * y))
    camera = view(z=8.0, vfov=170.0)
    assert sees(camera, scene, (0, 13.1, 2.81), (0, 13.4, 2.84)) == [False, True]


def test_that_a_passage_on_a_slope_is_seen_through_and_its_house_is_not():
    # The house over the passage stands on 1.1 m (y = 10 to 12); the passage is 3 m high: base at 4.1 m.
    house = town((shapely.box(-5, 10, 5, 12), 3.0, 9.0))
    scene = make_scene(house, relief(lambda _x, y: 0.1 * y))
    assert sees(view(z=3.0, vfov=170.0), scene, (0, 20, 3.5), (0, 20, 6.0)) == [True, False]
