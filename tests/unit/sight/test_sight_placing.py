import pytest
import shapely
from sight_town import Grid, classes, town

from lhasaplan.core.model.camera import Basis, Camera, Kind, Mount, Status
from lhasaplan.core.site.camera_placing import place_cameras
from lhasaplan.core.site.mounting import mount_camera, mount_in_the_open
from lhasaplan.errors import InputError

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
    (view, _) = place(Camera("c", 9.9, 8.0), row).views  # the party wall is 0.1 m away, the north facade 2 m
    assert (view.x_m, view.y_m) == pytest.approx((9.9, 10.05))


def test_that_recorded_direction_and_lens_give_one_certain_view():
    placed = place(Camera("c", 50, 50, azimuth_deg=90.0, hfov_deg=68.0, image_width_px=1920, kind=Kind.FIXED))
    assert placed.certain
    assert [view.basis for view in placed.views] == [Basis.RECORDED]
    assert set(placed.assumed) == {"image_height_px", "mount_height_m", "tilt_deg", "range_m"}


def test_that_an_assumed_range_ends_where_25_px_per_metre_end():
    (view,) = place(Camera("c", 50, 50, azimuth_deg=90.0, hfov_deg=68.0, image_width_px=1920)).views
    assert view.range_m == pytest.approx(56.9, abs=0.05)  # the published case


def test_that_an_unknown_lens_gives_the_narrow_and_the_wide_end():
    narrow, wide = place(Camera("c", 50, 50, azimuth_deg=90.0)).views
    assert (narrow.hfov_deg, narrow.width_px, narrow.lens_z_m) == (30.0, 3840, 3.0)
    assert (wide.hfov_deg, wide.width_px, wide.lens_z_m) == (90.0, 1920, 5.0)


def test_that_a_recorded_value_holds_at_both_ends():
    for view in place(Camera("c", 50, 50, hfov_deg=50.0, mount_height_m=7.0)).views:
        assert (view.hfov_deg, view.lens_z_m) == (50.0, 7.0)


def test_that_a_lens_without_direction_is_not_certain():
    assert not place(Camera("c", 50, 50, hfov_deg=68.0, image_width_px=1920, kind=Kind.FIXED)).certain


def test_that_a_full_circle_needs_no_direction():
    placed = place(Camera("c", 50, 50, kind=Kind.PANORAMA, image_width_px=8000))
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


def test_that_a_pan_tilt_has_its_home_view_and_a_sweep():
    camera = Camera("c", 50, 50, kind=Kind.PAN_TILT, azimuth_deg=0.0, hfov_deg=60.0, image_width_px=1920)
    home, turned, sweep = place(camera).views
    assert (home.basis, turned.basis, sweep.basis) == (Basis.RECORDED, Basis.WIDE, Basis.SWEEP)
    assert (home.swing_deg, home.hfov_deg) == (0.0, 60.0)
    assert (turned.swing_deg, turned.hfov_deg) == (180.0, 60.0)  # anywhere, as wide as it is
    assert (sweep.swing_deg, sweep.hfov_deg) == (180.0, 30.0)  # anywhere, at its longest zoom


def test_that_a_pan_tilt_without_direction_has_only_its_sweep_at_both_ends():
    views = place(Camera("c", 50, 50, kind=Kind.PAN_TILT)).views
    assert [view.basis for view in views] == [Basis.WIDE, Basis.SWEEP]


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
