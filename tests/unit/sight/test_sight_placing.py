import math
from dataclasses import replace

import pytest
import shapely
from sight_town import Grid, classes, place_cameras, town

from lhasaplan.core.model.camera import Basis, Camera, Kind, Mount, Status
from lhasaplan.core.site.camera_placing import cut_short_m
from lhasaplan.core.site.mounting import mount_camera, mount_in_the_open
from lhasaplan.errors import InputError

WHOLE = Camera(
    "c", 50, 50, azimuth_deg=90.0, hfov_deg=68.0, image_width_px=1920, tilt_deg=10.0, mount_height_m=4.0, kind=Kind.FIXED
)
HOUSE = town((shapely.box(0, 0, 10, 10), 0.0, 8.0))


def place(camera, buildings=HOUSE, lean=0.0):
    (placed,) = place_cameras([camera], classes(), buildings, Grid(lean))
    return placed


def test_that_a_camera_inside_a_footprint_moves_to_the_nearest_facade_and_looks_outwards():
    placed = place(Camera("c", 9.0, 5.0, mount_height_m=4.0))  # 1 m from the east wall, gap 0.05 m
    assert placed.mount is Mount.WALL
    assert placed.moved_m == pytest.approx(1.05)
    assert (placed.views[0].x_m, placed.views[0].y_m) == pytest.approx((10.05, 5.0))
    assert (placed.views[0].azimuth_deg, placed.views[0].swing_deg) == pytest.approx((90.0, 90.0))
    assert placed.views[0].own_building == 0


def test_that_a_camera_on_the_wall_line_counts_as_inside():
    assert place(Camera("c", 10.0, 5.0)).views[0].x_m == pytest.approx(10.05)


def test_that_a_camera_outside_is_never_moved_but_is_a_wall_mount_within_a_metre():
    placed = place(Camera("c", 10.9, 5.0, mount_height_m=4.0))
    assert (placed.mount, placed.moved_m, placed.views[0].x_m) == (Mount.WALL, 0.0, 10.9)


def test_that_a_camera_farther_than_a_metre_from_walls_stands_free_and_may_look_anywhere():
    placed = place(Camera("c", 11.1, 5.0))
    assert (placed.mount, placed.views[0].swing_deg, placed.views[0].own_building) == (Mount.POLE, 180.0, -1)


def test_that_a_lens_above_the_roof_is_a_roof_mount_and_stays():
    placed = place(Camera("c", 9.0, 5.0, mount_height_m=9.0))
    assert (placed.mount, placed.moved_m, placed.views[0].own_building) == (Mount.ROOF, 0.0, 0)


def test_that_a_lens_under_a_raised_roof_is_not_inside_it():
    canopy = town((shapely.box(0, 0, 10, 10), 6.0, 8.0))
    assert place(Camera("c", 5.0, 5.0, mount_height_m=4.0), canopy).mount is Mount.POLE


def test_that_an_indoor_camera_stays_indoors():
    placed = place(Camera("c", 5.0, 5.0, mount=Mount.INDOOR))
    assert (placed.mount, placed.moved_m, placed.views[0].own_building) == (Mount.INDOOR, 0.0, 0)


def test_that_an_assumed_height_never_makes_a_roof_mount():
    kiosk = town((shapely.box(0, 0, 10, 10), 0.0, 2.5))
    placed = place(Camera("c", 9.0, 5.0), kiosk)
    assert placed.mount is Mount.WALL
    assert max(view.lens_z_m for view in placed.views) == pytest.approx(2.3)


def test_that_a_camera_at_a_party_wall_moves_past_the_neighbour_into_open_air():
    row = town((shapely.box(0, 0, 10, 10), 0.0, 8.0), (shapely.box(10, 0, 20, 10), 0.0, 8.0))
    (view,) = place(Camera("c", 9.9, 8.0), row).views  # the party wall is 0.1 m away, the north facade 2 m
    assert (view.x_m, view.y_m) == pytest.approx((9.9, 10.05))


def test_that_direction_lens_pixels_tilt_and_height_give_one_certain_view():
    placed = place(WHOLE)
    assert placed.certain
    assert [view.basis for view in placed.views] == [Basis.RECORDED]
    assert placed.views[0].is_one_lens
    assert set(placed.assumed) == {"image_height_px", "range_m"}


@pytest.mark.parametrize("field", ["azimuth_deg", "hfov_deg", "image_width_px", "tilt_deg", "mount_height_m"])
def test_that_without_any_of_them_a_view_is_possible(field):
    placed = place(replace(WHOLE, **{field: None}))
    assert not placed.certain
    assert [view.basis for view in placed.views] == [Basis.POSSIBLE]
    assert not placed.views[0].is_one_lens


def test_that_a_range_nobody_recorded_ends_where_nothing_in_the_picture_has_25_px_per_metre():
    (view,) = place(WHOLE).views  # 1423.3 / 25 = 56.9 m deep, farther away by the way to a corner
    corner = math.sqrt(1 + math.tan(math.radians(34)) ** 2 * (1 + (1080 / 1920) ** 2))
    assert view.range_m == pytest.approx(1423.3 / 25 * corner, abs=0.05)


def test_that_a_long_lens_is_followed_as_far_as_it_shows_and_no_farther_than_the_limit_that_is_told():
    long, usual = replace(WHOLE, hfov_deg=11.8), classes()[Kind.FIXED]
    assert 370 < place(long).views[0].range_m < 380  # 1920 / (2 tan 5.9) / 25 = 371.6
    limited = {kind: replace(each, range_limit_m=300.0) for kind, each in classes().items()}
    (cut,) = place_cameras([long], limited, HOUSE, Grid())
    assert (cut.views[0].range_m, cut_short_m(cut, limited[Kind.FIXED])) == (300.0, 300.0)
    assert cut_short_m(place(long), usual) is None


def test_that_an_unknown_lens_is_the_set_of_all_lenses_of_the_kind():
    (view,) = place(Camera("c", 50, 50, azimuth_deg=90.0)).views
    assert (view.hfov_deg, view.narrowest_deg) == (90.0, 30.0)
    assert (view.width_px, view.fewest_px) == (3840, 1920)
    assert (view.lens_z_m, view.lowest_z_m) == (5.0, 3.0)
    assert (view.tilt_deg, view.tilt_swing_deg, view.swing_deg) == (15.0, 10.0, 0.0)


def test_that_a_mask_in_pixels_of_a_picture_of_unknown_size_hides_nothing():
    masked = replace(WHOLE, mask_px=(((0.0, 0.0), (100.0, 0.0), (100.0, 100.0)),))
    assert place(masked).views[0].mask_px == ()
    assert place(replace(masked, image_height_px=1080)).views[0].mask_px == masked.mask_px


def test_that_a_recorded_value_is_no_set():
    (view,) = place(Camera("c", 50, 50, hfov_deg=50.0, mount_height_m=7.0)).views
    assert (view.hfov_deg, view.narrowest_hfov_deg) == (50.0, None)
    assert (view.lens_z_m, view.lowest_lens_z_m) == (7.0, None)


def test_that_a_lens_without_direction_is_not_certain():
    assert not place(Camera("c", 50, 50, hfov_deg=68.0, image_width_px=1920, kind=Kind.FIXED)).certain


def test_that_a_full_circle_needs_no_direction():
    placed = place(Camera("c", 50, 50, kind=Kind.PANORAMA, image_width_px=8000, tilt_deg=20.0, mount_height_m=4.0))
    assert placed.certain
    assert "azimuth_deg" not in placed.assumed


def test_that_a_data_sheet_angle_overrides_sensor_and_focal_length():
    sheet = Camera("c", 50, 50, hfov_deg=100.0, sensor_width_mm=5.57, focal_length_mm=2.8)
    assert place(sheet).views[0].hfov_deg == 100.0


def test_that_sensor_and_focal_length_give_the_angle():
    camera = Camera("c", 50, 50, sensor_width_mm=5.57, focal_length_mm=4.0)
    assert place(camera).views[0].hfov_deg == pytest.approx(69.7, abs=0.1)  # the table says 70


def test_that_true_bearings_become_grid_bearings():
    camera = Camera("c", 50, 50, azimuth_deg=90.0, hfov_deg=68, image_width_px=1920, mask_sector_deg=((10.0, 20.0),))
    (view,) = place(camera, lean=0.66).views  # true = grid + convergence
    assert view.azimuth_deg == pytest.approx(89.34)
    assert view.mask_sector_deg[0] == pytest.approx((9.34, 19.34))


def test_that_a_pan_tilt_has_its_home_view_and_all_that_it_can_turn_and_zoom_to():
    home, sweep = place(replace(WHOLE, kind=Kind.PAN_TILT, hfov_deg=100.0)).views
    assert (home.basis, sweep.basis) == (Basis.RECORDED, Basis.SWEEP)
    assert (home.swing_deg, home.hfov_deg) == (0.0, 100.0)
    assert (sweep.swing_deg, sweep.hfov_deg, sweep.narrowest_deg) == (
        180.0,
        100.0,
        30.0,
    )  # from its home lens to its longest zoom
    assert (sweep.tilt_deg - sweep.tilt_swing_deg, sweep.tilt_deg + sweep.tilt_swing_deg) == (-15.0, 90.0)


def test_that_a_pan_tilt_without_a_certain_home_has_only_its_sweep():
    assert [view.basis for view in place(Camera("c", 50, 50, kind=Kind.PAN_TILT)).views] == [Basis.SWEEP]


def test_that_removed_cameras_are_not_placed():
    assert place_cameras([Camera("c", 0, 0, status=Status.REMOVED)], classes(), HOUSE, Grid()) == ()


def test_that_all_lenses_too_wide_are_named_at_once():
    wide = [Camera("one", 50, 50, hfov_deg=130.0), Camera("two", 60, 50, hfov_deg=150.0)]
    with pytest.raises(InputError) as refusal:
        place_cameras(wide, classes(), HOUSE, Grid())
    assert [fault.where.item for fault in refusal.value.faults] == ["one", "two"]


def test_that_a_town_without_buildings_places_cameras_on_poles():
    assert place(Camera("c", 0, 0), town()).mount is Mount.POLE


def test_that_cameras_are_placed_together_as_each_alone():
    inside = [Camera(f"in {k}", 1.0 + k, 4.0, mount=mount) for k, mount in enumerate((None, Mount.ROOF, Mount.INDOOR))]
    beside = [Camera(f"by {k}", 10.0 + off, 5.0, mount=mount) for k, (off, mount) in enumerate(((0.5, None), (0.9, Mount.POLE)))]
    apart = [Camera(f"off {k}", 11.5, 5.0, mount=mount) for k, mount in enumerate((None, *Mount))]
    cameras = [*inside, *beside, *apart] * 20  # more than are placed in one piece
    assert place_cameras(cameras, classes(), HOUSE, Grid(1.5)) == tuple(place(camera, lean=1.5) for camera in cameras)


def test_that_a_camera_far_from_any_wall_is_mounted_as_if_walls_were_looked_for():
    for mount in (None, *Mount):
        camera = Camera("c", 50.0, 50.0, mount=mount)
        looked = mount_camera(camera, classes()[Kind.FIXED], HOUSE, shapely.STRtree(HOUSE.polygons), ground_m=2.0)
        assert mount_in_the_open(camera, classes()[Kind.FIXED], ground_m=2.0) == looked
