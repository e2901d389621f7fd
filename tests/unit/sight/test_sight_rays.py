"""What the rays of a picture meet first, held against triangles, hand-worked numbers, and sight lines in a real city."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from osm_city import through_the_program
from sight_streets import street, view

from lhasaplan.core.model.camera import Mount
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import densities, make_scene
from lhasaplan.core.sight.lens.masks import rays_of
from lhasaplan.core.sight.lines.first_hits import picture_hits, ray_hits
from lhasaplan.core.sight.lines.meeting import GROUND, ROOF, SKY, UNDERSIDE, make_fan
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief
from lhasaplan.core.sight.obstacles.relief_lines import meet_ground

REACH_M = 400.0


def prisms(*each):
    """Return buildings of (polygon, base, top)."""
    shapes = np.empty(len(each), object)
    shapes[:] = [shape for shape, _, _ in each]
    ids = np.array([f"way/{k}" for k in range(len(each))], object)
    base, top = (np.array([one[k] for one in each], float) for k in (1, 2))
    return Buildings(ids, shapes, base, top, np.full(len(each), "height", object), ({},) * len(each))


def odd_town():
    """Return a street with a courtyard block, a raised deck, an L and a tower."""
    court = shapely.box(60, 30, 110, 70).difference(shapely.box(75, 40, 95, 60))
    bend = shapely.box(-40, 30, 0, 40).union(shapely.box(-40, 30, -30, 70))
    extra = prisms((court, 0, 14), (bend, 0, 7), (shapely.box(20, -6, 30, 8), 4.5, 6.0), (shapely.Point(10, 60).buffer(6), 0, 40))
    rows = street(6)
    return Buildings(
        *(
            np.concatenate([getattr(rows, name), getattr(extra, name)])
            for name in ("ids", "polygons", "base_m", "top_m", "height_source")
        ),
        (*rows.tags, *extra.tags),
    )


def triangles_of(buildings):
    """Return walls, roofs and undersides as triangles, shape (n, 3, 3), and whose they are."""
    found, owner = [], []
    for k, (shape, low, high) in enumerate(zip(buildings.polygons, buildings.base_m, buildings.top_m, strict=True)):
        for polygon in shapely.get_parts(shape):
            for ring in shapely.get_rings(polygon):
                xy = shapely.get_coordinates(ring)
                for (x0, y0), (x1, y1) in pairwise(xy):
                    a, b, c, d = (x0, y0, low), (x1, y1, low), (x1, y1, high), (x0, y0, high)
                    found += [(a, b, c), (a, c, d)]
            for piece in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon)):
                xy = shapely.get_coordinates(piece)[:3]
                found += [[(*each, z) for each in xy] for z in (low, high)]
        owner += [k] * (len(found) - len(owner))
    return np.array(found), np.array(owner)


def cast_at_triangles(lens, direction, buildings):
    """Return level distance and owner of the first triangle, ray by ray (Moeller and Trumbore); -1 for ground, -2 for sky."""
    corner, owner = triangles_of(buildings)
    one, two = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    away, whose = [], []
    for east, north, down in direction:
        ray = np.array([east, north, -down])
        across = np.cross(ray, two)
        volume = np.einsum("ij,ij->i", one, across)
        with np.errstate(divide="ignore", invalid="ignore"):
            to = lens - corner[:, 0]
            u = np.einsum("ij,ij->i", to, across) / volume
            q = np.cross(to, one)
            v = q @ ray / volume
            t = np.einsum("ij,ij->i", two, q) / volume
            met = (np.abs(volume) > 1e-12) & (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 1e-9)
        best = np.where(met, t, np.inf)
        first, ground = int(best.argmin()), (lens[2] / down if down > 0 else np.inf)
        away.append(min(best[first], ground) * np.hypot(east, north))
        whose.append(owner[first] if best[first] < ground else (-1 if np.isfinite(ground) else -2))
    return np.array(away), np.array(whose)


LENSES = {
    "straight": {},
    "straight, steep": {"tilt_deg": 50.0, "lens_z_m": 9.0, "hfov_deg": 100.0, "vfov_deg": 67.7},
    "straight, upwards": {"tilt_deg": -25.0, "lens_z_m": 2.0},
    "from above": {"tilt_deg": 35.0, "lens_z_m": 70.0, "azimuth": 75.0},
    "fisheye on a wall": {"lens_class": LensClass.EQUIDISTANT, "hfov_deg": 170.0, "vfov_deg": 96.0, "tilt_deg": 20.0},
    "fisheye looking down": {
        "lens_class": LensClass.EQUIDISTANT, "hfov_deg": 185.0, "vfov_deg": 185.0, "tilt_deg": 90.0,
        "width_px": 1200, "height_px": 1200,
    },
    "unrolled circle": {
        "lens_class": LensClass.EQUIDISTANT, "hfov_deg": 360.0, "vfov_deg": 60.0, "tilt_deg": 10.0,
        "width_px": 3600, "height_px": 600,
    },
}  # fmt: skip


@pytest.mark.parametrize("lens", LENSES, ids=str)
def test_that_random_pixels_are_as_deep_as_triangles_say(lens):
    town, columns, rows = odd_town(), 96, 54
    one = view(1, 34.0, 1.0, **{"azimuth": -75.0, **LENSES[lens]})
    hits = picture_hits(one, (columns, rows), make_scene(town), REACH_M)
    rng = np.random.default_rng(11)
    pixel = rng.choice(columns * rows, 400, replace=False)
    u, v = (pixel % columns + 0.5) * one.width_px / columns, (pixel // columns + 0.5) * one.height_px / rows
    away, whose = cast_at_triangles(np.array([one.x_m, one.y_m, one.lens_z_m]), rays_of(one, u, v), town)
    is_near = away < REACH_M - 120.0
    np.testing.assert_allclose(hits.away_m[pixel, 0][is_near], away[is_near], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(hits.surface[pixel, 1][is_near], np.maximum(whose[is_near], -1))
    assert (hits.surface[pixel, 0][whose == -2] == SKY).all()
    assert len(np.unique(whose)) > 3  # the picture is no empty field


def test_that_a_wall_ten_metres_ahead_fills_the_rows_that_its_height_asks_for():
    """A wall 8 m high, 10 m north of a lens at 4 m; straight ahead the focal length of 100 px gives 40 px up and 40 down."""
    one = view(1, 0.0, 0.0, 0.0, lens_z_m=4.0, tilt_deg=0.0, hfov_deg=90.0, vfov_deg=90.0, width_px=200, height_px=200)
    hits = picture_hits(one, (200, 200), make_scene(prisms((shapely.box(-50, 10, 50, 20), 0, 8))), REACH_M)
    middle = hits.surface[:, 0].reshape(200, 200)[:, 100]
    assert (np.flatnonzero(middle >= 0) == np.arange(60, 140)).all()
    assert (middle[:60] == SKY).all()
    assert (middle[140:] == GROUND).all()
    np.testing.assert_allclose(hits.away_m[:, 0].reshape(200, 200)[60:140, 100], np.hypot(10.0, 10.0 * 0.5 / 100.0))


def test_that_a_roof_is_seen_from_above_and_a_deck_from_below():
    scene = make_scene(prisms((shapely.box(-5, 10, 5, 20), 0, 6), (shapely.box(-5, -20, 5, -10), 7, 8)))
    ahead, behind = np.array([[0.0, 15.0, 14.0]]), np.array([[0.0, -15.0, -3.0]])
    assert ray_hits(view(1, 0.0, 0.0, 0.0, lens_z_m=20.0), ahead, scene, REACH_M).surface[0, 0] == ROOF
    under = ray_hits(view(1, 0.0, 0.0, 0.0, lens_z_m=4.0), behind, scene, REACH_M)
    assert (under.surface[0, 0], under.surface[0, 1]) == (UNDERSIDE, 1)
    np.testing.assert_allclose(under.away_m[0, 0], 15.0)


def test_that_trees_are_told_apart_from_what_stands_behind_them():
    house, tree = (
        make_scene(prisms(each)) for each in ((shapely.box(-50, 30, 50, 40), 0, 8), (shapely.box(-2, 10, 2, 14), 2, 8))
    )
    rays = np.array([[0.0, 1.0, 0.0], [0.5, 1.0, 0.0]])
    hits = ray_hits(view(1, 0.0, 0.0, 0.0, lens_z_m=4.0), rays, house, REACH_M, tree)
    np.testing.assert_allclose(hits.away_m, [[30.0, 10.0], [np.hypot(15.0, 30.0), np.inf]])
    assert hits.surface[:, [1, 3]].tolist() == [[0, 0], [0, -1]]


def test_that_an_indoor_lens_sees_the_walls_around_it_and_nothing_beyond():
    town = make_scene(prisms((shapely.box(-10, -10, 10, 10), 0, 6), (shapely.box(-50, 30, 50, 40), 0, 60)))
    inside = view(1, 0.0, 0.0, 0.0, lens_z_m=3.0, mount=Mount.INDOOR, own_building=0)
    hits = ray_hits(inside, np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.1]]), town, REACH_M)
    np.testing.assert_allclose(hits.away_m[:, 0], [10.0, 10.0])


def hills():
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:120, 0:120]
    height = 20.0 + 6.0 * np.sin(x / 9.0) + 5.0 * np.cos(y / 7.0) + rng.uniform(0, 0.6, x.shape)
    return make_relief(height, -120.0, 120.0, 2.0)


def test_that_rays_meet_uneven_ground_where_a_walk_in_small_steps_does():
    relief, rng = hills(), np.random.default_rng(5)
    one = view(1, 3.0, 4.0, 30.0, lens_z_m=float(ground_at(relief, np.array([3.0]), np.array([4.0]))[0]) + 5.0)
    bearing, slope = rng.uniform(-np.pi, np.pi, 60), rng.uniform(-0.15, 0.9, 60)
    direction = np.column_stack((np.sin(bearing), np.cos(bearing), slope))
    hits = ray_hits(one, direction, make_scene(prisms(), relief), 100.0)
    steps = np.arange(0.0, 100.0, 0.01)
    for ray, away, face in zip(direction, hits.away_m[:, 0], hits.surface[:, 0], strict=True):
        ground = ground_at(relief, one.x_m + ray[0] * steps, one.y_m + ray[1] * steps)
        below = np.flatnonzero(ground > one.lens_z_m - ray[2] * steps + 1e-3)
        if len(below):
            assert face == GROUND
            assert abs(away - steps[below[0]]) < 0.02
        else:
            assert face == SKY


def terraces():
    """Return rough ground with upright steps, whose profile is held against its highest cells."""
    rng = np.random.default_rng(8)
    steps = 6.0 * ((np.mgrid[0:240, 0:240].sum(axis=0) // 25) % 2)
    return make_relief(30.0 + steps + rng.uniform(0.0, 1.5, steps.shape), -120.0, 120.0, 1.0)


def coarse_slope():
    """Return a slope of wide cells that bend little and end within reach, beyond which the edge goes on."""
    y, x = np.mgrid[0:12, 0:12]
    return make_relief(20.0 + 2.0 * x + 3.0 * np.sin(x / 2.0) * np.cos(y / 3.0), -70.0, 60.0, 10.0)


LAST_CELL_M = 5e-2  # single rays are straight across the outermost cell, whose last thousandth is level


@pytest.mark.parametrize(("ground_of", "off_m"), [(hills, 2e-3), (terraces, 2e-3), (coarse_slope, LAST_CELL_M)])
def test_that_a_picture_of_hills_is_as_deep_as_its_rays_asked_one_by_one_say(ground_of, off_m):
    """The second method asks the ground along each ray from the lens on, without profiles and bins."""
    relief, size = ground_of(), (96, 54)
    ground = float(ground_at(relief, np.array([3.0]), np.array([4.0]))[0])
    for tilt, above in ((8.0, 5.0), (30.0, 40.0), (-3.0, 2.0)):
        one = view(1, 3.0, 4.0, 30.0, tilt_deg=tilt, lens_z_m=ground + above, hfov_deg=100.0, vfov_deg=67.7)
        hits = picture_hits(one, size, make_scene(prisms(), relief), 100.0)
        u, v = (each.ravel() for each in np.meshgrid((np.arange(96) + 0.5) * 20.0, (np.arange(54) + 0.5) * 20.0))
        rays = rays_of(one, u, v)
        along = rays / np.hypot(rays[:, 0], rays[:, 1])[:, None]
        lens = np.tile([one.x_m, one.y_m, one.lens_z_m, 100.0], (len(along), 1))
        away = meet_ground(relief, lens, np.ascontiguousarray(along))
        is_met = away <= 100.0
        assert is_met.any()
        np.testing.assert_array_equal(hits.surface[:, 0] == GROUND, is_met)
        np.testing.assert_allclose(hits.away_m[is_met, 0], away[is_met], rtol=1e-6, atol=off_m)


def test_that_a_fan_keeps_every_ray_and_its_place():
    rng = np.random.default_rng(2)
    direction = rng.normal(size=(500, 3))
    direction[7] = 0.0, 0.0, 1.0  # straight down
    fan = make_fan(direction)
    assert sorted(fan.place.tolist()) == list(range(500))
    level = np.hypot(direction[:, 0], direction[:, 1])
    kept = fan.place != 7
    np.testing.assert_allclose(fan.ray[kept, 0], (direction[:, 1] / np.maximum(level, 1e-9))[fan.place[kept]])
    np.testing.assert_allclose(fan.ray[kept, 2], (direction[:, 2] / np.maximum(level, 1e-9))[fan.place[kept]])


@pytest.fixture(scope="module")
def helsinki():
    return make_scene(through_the_program("helsinki")[1])


def lenses_in(scene, count):
    """Return lenses in the open, at several heights and tilts."""
    rng, found = np.random.default_rng(17), []
    west, south, east, north = shapely.total_bounds(scene.buildings.polygons)
    while len(found) < count:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if not len(scene.tree.query(shapely.Point(x, y).buffer(0.5), predicate="intersects")):
            tilt, z = rng.uniform(-5, 40), rng.uniform(2.5, 30.0)
            found.append(
                view(
                    len(found), x, y, rng.uniform(0, 360), tilt_deg=tilt, lens_z_m=z, range_m=120.0, hfov_deg=90.0, vfov_deg=58.7
                )
            )
    return found


def test_that_a_point_that_sight_lines_show_is_not_hidden_in_the_picture_nor_the_other_way_round(helsinki):
    """Thousands of random points in the centre of Helsinki: two ways to ask, one answer."""
    rng, asked, differ = np.random.default_rng(23), 0, 0
    for one in lenses_in(helsinki, 30):
        away, bearing = rng.uniform(2.0, 118.0, 300), np.radians(one.azimuth_deg + rng.uniform(-40, 40, 300))
        xyz = np.column_stack((one.x_m + away * np.sin(bearing), one.y_m + away * np.cos(bearing), rng.uniform(0.1, 18.0, 300)))
        way = xyz - (one.x_m, one.y_m, one.lens_z_m)
        ring = replace(one, lens_class=LensClass.EQUIDISTANT, hfov_deg=360.0, vfov_deg=180.0, tilt_deg=0.0)  # all round, no edges
        shown = np.asarray(densities([ring], xyz, helsinki).todense()).ravel() > 0.0
        hits = ray_hits(one, np.column_stack((way[:, :2], -way[:, 2])), helsinki, 200.0)
        is_free = hits.away_m[:, 0] >= away - 2e-3
        asked, differ = asked + len(xyz), differ + int((shown != is_free).sum())
    assert asked == 9000
    assert differ == 0
