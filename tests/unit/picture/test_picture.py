"""The picture of a camera: people as large as optics say, hidden parts hidden, veils that disclose no place, masks dark."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.picture.camera_picture import (
    Look,
    camera_picture,
    drawable_view,
    grades_around,
    horizon_of,
    masked_pixels,
    picture_of,
)
from lhasaplan.core.picture.painting import BANDS, MASKED, PALETTE
from lhasaplan.core.picture.picture_town import PictureTown
from lhasaplan.core.sight.lens.masks import rays_of
from lhasaplan.core.sight.lines.first_hits import picture_hits

HOME, SHED = house(1, -30, 20, -5, 32), house(2, 5, 20, 32, 32, kind="shed")
EMPTY = Look(people_m=(), season=None)


def town_of(*places, cameras=(), buildings=(HOME, SHED), **layers):
    found = {"places": layer("places", *places)} if places else {}
    return set_up(town(*buildings, cameras=cameras, **found, **layers), reference_data(pack()))


def picture(*places, look=EMPTY, one=None, buildings=(HOME, SHED), **layers):
    city = town_of(*places, buildings=buildings, **layers)
    placed = set_in(city, [one or camera()]).placed[0]
    return picture_of(placed, PictureTown(city), look)


def view_of(one, city):
    return drawable_view(set_in(city, [one]).placed[0].views)


def colour(drawn, u, v):
    rows, columns, _ = drawn.rgb.shape
    return drawn.rgb[int(v * rows / 1080), int(u * columns / 1920)].astype(int)


def test_that_a_person_of_1_70_m_is_as_tall_as_its_distance_and_the_lens_say():
    """At 10 m a lens of 1,423 px sees 1.7 m as 242 px; the foot 4 m below the level lens is 569 px below the middle."""
    person = picture(look=Look(people_m=(10.0,)), buildings=()).people[0]
    focal = focal_length_px(1920, 68.0, LensClass.RECTILINEAR)
    assert person.foot_px == pytest.approx((960.0, 540.0 + 4.0 * focal / 10.0))
    assert person.foot_px[1] - person.head_px[1] == pytest.approx(1.7 * focal / 10.0)
    assert person.density_px_m == pytest.approx(focal / 10.0)
    assert 0.0 < person.shown <= 1.0


def test_that_people_behind_a_wall_are_hidden_and_those_before_it_are_not():
    wall = house(3, -60, 15, 60, 16, kind="shed", height=20.0)
    people = picture(look=Look(people_m=(12.0, 30.0)), buildings=(wall,)).people
    assert [person.shown == 0.0 for person in people] == [False, True]


def test_that_half_a_person_shows_over_a_low_wall():
    """The lens is 4 m up, a wall 1.64 m high ends at 15 m: at 20 m the lowest 0.85 m of 1.7 m are hidden."""
    wall = house(3, -60, 14, 60, 15, kind="shed", height=1.64)
    person = picture(look=Look(columns=1280, people_m=(20.0,), season=None), buildings=(wall,)).people[0]
    assert 0.4 < person.shown < 0.75


def test_that_people_stand_on_no_house_and_apart_from_each_other():
    city = town_of(buildings=(house(3, -4, 8, 4, 13, kind="shed"),))
    people = picture(look=Look(people_m=(10.0, 11.0, 30.0)), buildings=(house(3, -4, 8, 4, 13, kind="shed"),)).people
    for person in people:
        assert not len(city.rooms.tree.query(shapely.Point(person.x_m, person.y_m), predicate="intersects"))
    assert len({round(person.foot_px[0]) for person in people}) == len(people)


def test_that_homes_are_hatched_and_sheds_are_not():
    drawn = picture()
    left, right = drawn.is_veiled[:, : 640 // 2], drawn.is_veiled[:, 640 // 2 :]
    assert left.any()
    assert not right.any()
    stripes = {tuple(colour(drawn, u, 500)) for u in range(100, 700, 4)}
    assert len(stripes) > 2  # hatched, not even


UNDISCLOSED = [{"lhasaplan": "protected"}, {"amenity": "womens_refuge"}]


@pytest.mark.parametrize("tags", UNDISCLOSED, ids=["drawn", "refuge"])
def test_that_a_picture_is_the_same_wherever_in_its_block_an_undisclosed_place_lies(tags):
    one, other = (picture(("way/9", box(x, 8, x + 3, 11), tags), look=Look(people_m=(10.0,))) for x in (-4.0, 2.0))
    assert one.is_silent
    assert other.is_silent
    np.testing.assert_array_equal(one.rgb, other.rgb)
    np.testing.assert_array_equal(one.is_veiled, other.is_veiled)


@pytest.mark.parametrize("tags", UNDISCLOSED, ids=["drawn", "refuge"])
def test_that_a_camera_out_of_reach_of_the_block_shows_nothing_of_an_undisclosed_place(tags):
    far = camera(y=-320.0, range_m=60.0)
    without, there = picture(one=far), picture(("way/9", box(-4, 8, 4, 14), tags), one=far)
    assert not there.is_silent
    np.testing.assert_array_equal(without.rgb, there.rgb)


@pytest.mark.parametrize("tags", UNDISCLOSED, ids=["drawn", "refuge"])
def test_that_near_a_block_every_building_is_veiled_and_no_figure_is_told(tags):
    drawn = picture(("way/9", box(-4, 8, 4, 14), tags))
    hits = picture_hits(drawn.view, (640, 360), town_of().rooms, 600.0)
    assert drawn.is_veiled.ravel()[hits.surface[:, 1] >= 0].all()
    assert drawn.at(1500.0, 900.0).away_m is None


def test_that_a_lawyer_in_a_house_of_unknown_use_leaves_it_among_its_like():
    """Out of reach of the block: the house is veiled as one of unknown use, with the lawyer in it and without."""
    unknown, lawyer = house(3, 5, 20, 32, 32, kind="yes"), ("node/9", box(10, 25, 11, 26).centroid, {"office": "lawyer"})
    far = camera(y=-320.0, range_m=60.0)
    without, there = (picture(*places, one=far, buildings=(HOME, unknown)) for places in ((), (lawyer,)))
    np.testing.assert_array_equal(without.rgb, there.rgb)


def test_that_a_mask_of_the_picture_is_dark_where_it_was_drawn_and_nowhere_else():
    ring = ((480.0, 270.0), (960.0, 270.0), (960.0, 540.0), (480.0, 540.0))
    plain, masked = picture(), picture(one=camera(mask_px=(ring,)))
    changed = (plain.rgb != masked.rgb).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (90, 180, 160, 320)
    np.testing.assert_allclose(masked.rgb[100, 200], PALETTE[MASKED], atol=40)


def test_that_masks_of_the_picture_and_of_the_compass_hide_the_pixels_that_sight_hides():
    city = town_of()
    one = view_of(
        camera(azimuth=20.0, mask_px=(((100.0, 50.0), (900.0, 90.0), (400.0, 700.0)),), mask_sector_deg=((10.0, 25.0),)), city
    )
    hits = picture_hits(one, (192, 108), city.rooms, 600.0)
    from lhasaplan.core.sight.lens.masks import masked_points, rays_of

    u, v = (each.ravel() for each in np.meshgrid((np.arange(192) + 0.5) * 10.0, (np.arange(108) + 0.5) * 10.0))
    rays = rays_of(one, u, v)
    wanted = masked_points(one, rays[:, 0], rays[:, 1], rays[:, 2])
    assert (masked_pixels(one, (192, 108), hits) != wanted).sum() <= 20  # pixels on an edge
    assert wanted.any()
    assert not wanted.all()


def test_that_ground_is_bluer_the_sharper_it_is_shown_and_plain_beyond_the_range():
    """1,423 px: 125 px/m up to 11.4 m of depth, 62.5 up to 22.8; the range ends at 60 m."""
    drawn = picture(buildings=())
    row_of = lambda metres: 540.0 + 4.0 * 1423.3 / metres  # noqa: E731
    near, middle, far = (colour(drawn, 960.0, row_of(metres)) for metres in (10.8, 18.0, 90.0))
    blue = [each[2] - each[0] for each in (near, middle, far)]
    assert blue[0] > blue[1] > blue[2]
    assert np.abs(near - PALETTE[BANDS + 2]).sum() < np.abs(middle - PALETTE[BANDS + 2]).sum()


def test_that_at_night_what_lies_beyond_the_light_is_dark():
    one = camera(night_range_m=15.0)
    day, night = picture(one=one, buildings=()), picture(one=one, look=replace(EMPTY, is_night=True), buildings=())
    row_of = lambda metres: 540.0 + 4.0 * 1423.3 / metres  # noqa: E731
    assert colour(night, 960.0, row_of(12.0)).sum() > 3 * colour(night, 960.0, row_of(40.0)).sum()
    assert colour(night, 960.0, row_of(12.0)).sum() < colour(day, 960.0, row_of(12.0)).sum()


def test_that_seen_frontage_is_hatched_by_its_grade():
    city = town_of()
    live = with_cameras(make_live(city), [camera(azimuth=-30.0)])
    seen = live.results["c1"]
    plain, graded = (
        camera_picture(drawable_view(seen.placed.views), PictureTown(city), EMPTY, some) for some in ((), seen.sightings)
    )
    assert seen.sightings
    assert (plain.rgb != graded.rgb).any()
    assert not (plain.is_veiled & ~graded.is_veiled).any()


def test_that_the_horizon_lies_at_the_middle_of_a_level_picture_with_true_bearings():
    horizon = horizon_of(view_of(camera(), town_of()), 2.0)
    assert len(horizon.lines) == 1
    assert {round(v, 6) for _, v in horizon.lines[0]} == {540.0}
    focal = focal_length_px(1920, 68.0, LensClass.RECTILINEAR)
    ticks = {bearing: u for bearing, u, _ in horizon.ticks}
    assert ticks[10.0] == pytest.approx(960.0 + focal * np.tan(np.radians(8.0)))


def test_that_a_tree_is_drawn_and_hides_no_solid_thing():
    tree = layer("trees", ("node/1", shapely.Point(X0, Y0 + 10), {"leaf_cycle": "deciduous"}))
    bare, leafy = picture(trees=tree), picture(look=Look(people_m=()), trees=tree)
    changed = (bare.rgb != leafy.rgb).any(axis=2)
    assert changed.any()
    np.testing.assert_array_equal(bare.away_m, leafy.away_m)


def test_that_lenses_of_all_kinds_have_a_picture_and_unknown_directions_have_none():
    for one in (
        camera(
            kind=Kind.FISHEYE,
            lens_class=LensClass.EQUIDISTANT,
            hfov_deg=180.0,
            tilt_deg=90.0,
            image_width_px=1000,
            image_height_px=1000,
        ),
        camera(kind=Kind.PANORAMA, lens_class=LensClass.EQUIDISTANT, hfov_deg=360.0, image_width_px=3600, image_height_px=600),
    ):
        drawn = picture(one=one, look=Look(columns=160))
        assert len(np.unique(drawn.rgb.reshape(-1, 3), axis=0)) > 20
    assert picture(one=camera(azimuth=None)) is None


def test_that_a_pixel_tells_how_far_and_how_sharp_what_it_shows_is():
    spot = picture(buildings=()).at(960.0, 540.0 + 4.0 * 1423.3 / 20.0)
    assert spot.away_m == pytest.approx(20.0, rel=0.02)
    assert spot.density_px_m == pytest.approx(1423.3 / spot.away_m, rel=1e-3)
    assert picture(buildings=()).at(-5.0, 10.0) is None
    assert picture().at(400.0, 500.0).away_m is None  # a home


def test_that_as_many_metres_of_a_home_are_hatched_as_the_audit_tells():
    # The picture ends 13.5 m to the left on the facade 20 m away; a shed before it hides all nearer than 8 m: 5.5 m are left.
    near_shed = house(3, -4, 10, 6, 14, kind="shed", height=15.0)
    one = camera()
    city = town_of(cameras=(one,), buildings=(HOME, near_shed))
    (found,) = with_cameras(make_live(city), [one]).disclosed_result(one.camera_id).sightings
    drawn = camera_picture(view_of(one, city), PictureTown(city), EMPTY, (found,))
    grade = grades_around(drawn.view, (found,))
    row, columns = drawn.away_m.shape[0] // 2, np.arange(drawn.away_m.shape[1])
    u, v = (columns + 0.5) * 1920 / len(columns), np.full(len(columns), 540.0)
    way = rays_of(drawn.view, u, v)
    x, y = (drawn.away_m[row] / np.hypot(way[:, 0], way[:, 1]) * way[:, axis] for axis in (0, 1))
    cell = [
        np.floor((drawn.view.x_m + x - grade.frame.west) / grade.frame.cell),
        np.floor((grade.frame.north - drawn.view.y_m - y) / grade.frame.cell),
    ]
    inside = (cell[0] >= 0) & (cell[1] >= 0) & (cell[0] < grade.frame.columns) & (cell[1] < grade.frame.rows)
    hatched = np.zeros(len(columns), bool)
    hatched[inside] = grade.kind[cell[1][inside].astype(int), cell[0][inside].astype(int)] > 0
    assert drawn.is_veiled[row][hatched].all()
    metres = np.ptp(x[hatched]) + 20.0 * 1920 / len(columns) / focal_length_px(1920, 68.0, LensClass.RECTILINEAR)
    assert found.frontage_m == pytest.approx(13.49 - 8.0, abs=0.05)
    assert metres == pytest.approx(found.frontage_m, abs=0.3)  # two cells of the grid of grades
