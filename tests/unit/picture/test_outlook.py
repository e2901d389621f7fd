"""A camera from outside: it stays in the middle, its ground is tinted, its cone ends at walls, nothing undisclosed is told."""

from dataclasses import replace

import numpy as np
import pytest
from answers_town import X0, Y0, box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.model.camera import Mount
from lhasaplan.core.picture.camera_picture import Look, drawable_view
from lhasaplan.core.picture.outlook import (
    ViewerSpot,
    blend_triangles,
    cone_of,
    eye_of,
    middle_of,
    outlook,
    usual_spot,
    with_bands,
)
from lhasaplan.core.picture.picture_town import VEILED, PictureTown
from lhasaplan.core.sight import visibility_fields
from lhasaplan.core.sight.lens.masks import pixels_of

WALL = house(1, -60, 20, 60, 24, kind="shed", height=12.0)
LOOK = Look(columns=320, people_m=(), season=None)


def made(*places, one=None, buildings=(WALL,)):
    found = {"places": layer("places", *places)} if places else {}
    city = set_up(town(*buildings, **found), reference_data(pack()))
    return drawable_view(set_in(city, [one or camera()]).placed[0].views), PictureTown(city)


@pytest.mark.parametrize("spot", [ViewerSpot(0.0), ViewerSpot(123.0, 60.0, 40.0), ViewerSpot(300.0, 10.0, 200.0)])
def test_that_the_lens_stays_in_the_picture_and_the_cone_in_its_middle_from_every_spot(spot):
    view, scene = made()
    look, eye = outlook(view, scene, spot, LOOK), eye_of(view, spot, scene, (320, 180))
    assert 0.0 < look.lens_px[0] < 320.0
    assert 0.0 < look.lens_px[1] < 180.0
    x, y = middle_of(view)
    u, v = pixels_of(eye, np.array([x - eye.x_m]), np.array([y - eye.y_m]), np.array([eye.lens_z_m - view.lens_z_m]))
    assert (u[0], v[0]) == pytest.approx((160.0, 90.0), abs=0.01)
    assert look.rgb.shape == (180, 320, 3)


def test_that_an_eye_is_as_far_away_as_was_asked_and_never_below_the_ground():
    view, scene = made()
    eye = eye_of(view, ViewerSpot(90.0, 30.0, 100.0), scene, (16, 9))
    x, y = middle_of(view)
    assert (x, y) == pytest.approx((view.x_m, view.y_m + 0.35 * view.range_m))
    assert np.hypot(eye.x_m - x, eye.y_m - y) == pytest.approx(100.0 * np.cos(np.radians(30.0)))
    assert eye.lens_z_m - view.lens_z_m == pytest.approx(50.0)
    assert eye.x_m < view.x_m  # one looks east, so one stands west
    assert eye_of(replace(view, lens_z_m=0.5), ViewerSpot(0.0, 4.0, 5.0), scene, (16, 9)).lens_z_m >= 2.0


def test_that_a_cone_ends_at_the_wall_and_at_the_range():
    view, scene = made()
    tips, corners = cone_of(view, scene)
    away = np.hypot(tips[:, 0] - X0, tips[:, 1] - Y0)
    assert tips[:, 1].max() <= Y0 + 20.0 + 1e-6  # the wall stands 20 m ahead, higher than the picture reaches there
    assert (away <= view.range_m + 1e-6).all()
    assert tips[:, 2].min() >= -1e-6  # nor below the ground
    assert corners.shape == (4, 3)


def test_that_seen_ground_is_tinted_by_its_density_and_veils_are_kept():
    view, scene = made(buildings=(WALL, house(2, -30, 4, -20, 12)))
    field = visibility_fields([view], scene.city.rooms)[0]
    ground = scene.ground_around(view.x_m, view.y_m)
    painted, plain = with_bands(ground, tuple(field.bands)), ground.kind
    np.testing.assert_array_equal(painted.kind % 16, plain)
    frame = painted.frame
    column, row = int((X0 - frame.west) / frame.cell), int((frame.north - (Y0 + 15.0)) / frame.cell)
    assert painted.kind[row, column] // 16 == 2  # 1,423 px at 15 m: 95 px/m
    assert (plain >= VEILED).any()


def test_that_the_ground_before_the_camera_is_bluer_than_the_ground_behind_it():
    view, scene = made()
    bands = list(visibility_fields([view], scene.city.rooms)[0].bands)
    spot = ViewerSpot(0.0, 60.0, 170.0)
    look, eye = outlook(view, scene, spot, LOOK, bands), eye_of(view, spot, scene, (320, 180))
    north = view.y_m + np.array([12.0, -12.0])
    u, v = pixels_of(eye, np.full(2, view.x_m - eye.x_m), north - eye.y_m, np.full(2, eye.lens_z_m))
    ahead, behind = (look.rgb[int(row), int(column)].astype(int) for column, row in zip(u, v, strict=True))
    assert ahead[2] - ahead[0] > behind[2] - behind[0] + 20


def test_that_a_triangle_is_laid_over_what_lies_behind_it_and_not_over_what_stands_before_it():
    ray = np.array([[1.0, 0.0, 0.0]] * 2)
    away, out = np.array([[50.0, np.inf], [5.0, np.inf]]), np.full((2, 3), 200, np.uint8)
    triangle = np.array([[[10.0, -9.0, -9.0], [10.0, 9.0, -9.0], [10.0, 0.0, 9.0]]])
    blend_triangles((2, 1), triangle, np.array([[0, 2, 0, 1]]), ray, away, np.zeros(3), 0.5, out)
    assert out[:, 0].tolist() == [100, 200]


@pytest.mark.parametrize("tags", [{"lhasaplan": "protected"}, {"amenity": "womens_refuge"}], ids=["drawn", "refuge"])
def test_that_a_look_is_the_same_wherever_in_its_block_an_undisclosed_place_lies(tags):
    looks = []
    for x in (-4.0, 2.0):
        view, scene = made(("way/9", box(x, 8, x + 3, 11), tags))
        looks.append(outlook(view, scene, usual_spot(view), LOOK))
    assert looks[0].is_silent
    np.testing.assert_array_equal(looks[0].rgb, looks[1].rgb)


def test_that_a_camera_on_a_wall_is_looked_at_from_before_it_and_any_other_from_behind():
    view, _ = made()
    apart = [
        (usual_spot(replace(view, mount=mount)).bearing_deg - view.azimuth_deg) % 360.0 for mount in (Mount.POLE, Mount.WALL)
    ]
    assert apart == [25.0, 130.0]  # 0 is behind it, 180 face to face


def test_that_one_walks_around_and_nearer_within_limits():
    spot = ViewerSpot(350.0, 80.0, 10.0)
    assert spot.turned(20.0, 20.0) == ViewerSpot(10.0, 89.0, 10.0)
    assert spot.turned(0.0, -200.0).down_deg == 4.0
    assert spot.nearer(100.0).away_m == 5.0
