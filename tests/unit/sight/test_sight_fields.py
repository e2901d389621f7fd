"""Blind zones, masks and shadows that meet circles, on paper."""

import math
import pickle

import pytest
import shapely
import shapely.affinity
from sight_town import full_circle, town, view

from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import make_scene, visibility_fields
from lhasaplan.core.sight.sweep.density_bands import grounds_between

OPEN = make_scene(town())
FULL = {"lens_class": LensClass.EQUIDISTANT, "hfov": 360.0}
# The area of a disc drawn in chords of one degree, for a radius of 1 m.
DISC = 360 * math.sin(math.radians(1.0)) / 2


def field(a_view, scene=OPEN):
    (found,) = visibility_fields([a_view], scene)
    assert found.geometry.is_valid
    assert found.area_m2 == pytest.approx(found.geometry.area, rel=1e-9)
    return found


def test_that_a_full_circle_with_a_blind_zone_is_one_ring_with_a_hole():
    # 10 m above the target the lower edge, 45 degrees down, meets it at 10 m.
    found = field(view(z=11.5, vfov=90.0, range_m=30.0, **FULL))
    (ring,) = found.geometry.geoms
    assert len(ring.interiors) == 1
    assert found.area_m2 == pytest.approx(DISC * (30.0**2 - 10.0**2))


def test_that_a_sector_begins_where_its_blind_zone_ends():
    found = field(view(z=11.5, vfov=90.0, hfov=90.0, range_m=30.0))
    assert found.area_m2 == pytest.approx(DISC / 4 * (30.0**2 - 10.0**2))
    assert shapely.distance(found.geometry, shapely.Point(0.0, 0.0)) == pytest.approx(10.0, abs=1e-3)


def test_that_a_wall_cuts_the_circle_of_the_blind_zone():
    # A wall 8 m north is nearer than the blind zone's 10 m for 8 / 10 = cos 36.87 degrees either way: nothing is seen there.
    scene = make_scene(town((shapely.box(-100.0, 8.0, 100.0, 9.0), 0.0, 20.0)))
    found = field(view(z=11.5, vfov=90.0, range_m=30.0, **FULL), scene)
    assert not shapely.intersects_xy(found.geometry, 0.0, 8.0 - 1e-6)
    # The disc's part south of the wall, less the blind zone's part south of it: each a sector and a triangle.
    reach, blind = math.acos(8.0 / 30.0), math.acos(8.0 / 10.0)
    south = (math.pi - reach) * 30.0**2 + 8.0 * math.sqrt(30.0**2 - 64.0)
    hidden = (math.pi - blind) * 10.0**2 + 8.0 * 6.0
    assert found.area_m2 == pytest.approx(south - hidden, rel=1e-4)


def test_that_a_plane_above_the_lens_has_its_blind_zone_too():
    # A lens 10 m below the plane, looking up by 45 degrees at most.
    (found,) = visibility_fields([view(z=1.5, vfov=90.0, range_m=30.0, **FULL)], OPEN, target_height_m=11.5)
    assert found.area_m2 == pytest.approx(DISC * (30.0**2 - 10.0**2))


def test_that_a_box_in_the_picture_is_a_trapeze_on_the_ground():
    # Looking 45 degrees down from 10 m; the focal length is 960 px / tan 45 = 960 px. The row 540 + 320 falls at
    # atan(1/3) below the axis: the lens's foot is 10 / tan(45 + 18.43) = 5 m away, the axis meets the ground at 10 m.
    # Columns 960 -+ 320 lie aside by a third of the depth along the axis: 14.14 m and 10.61 m there.
    mask = (((640.0, 540.0), (1280.0, 540.0), (1280.0, 860.0), (640.0, 860.0)),)
    lens = {"z": 11.5, "tilt": 45.0, "hfov": 90.0, "vfov": 80.0, "range_m": 60.0}
    hidden = shapely.difference(field(view(**lens)).geometry, field(view(mask_px=mask, **lens)).geometry)
    far, near = 10.0 * math.sqrt(2.0) / 3.0, 15.0 / math.sqrt(2.0) / 3.0
    trapeze = shapely.Polygon([(-far, 10.0), (far, 10.0), (near, 5.0), (-near, 5.0)])
    assert shapely.symmetric_difference(hidden, trapeze).area < 1e-6
    assert hidden.area == pytest.approx((far + near) * 5.0)


def test_that_a_box_up_to_the_sky_hides_a_strip_to_the_range():
    # Level lens, 10 m above the target: a box from the horizon's other side down to 480 px hides all beyond 20 m ahead.
    mask = (((0.0, 200.0), (1920.0, 200.0), (1920.0, 1020.0), (0.0, 1020.0)),)
    found = field(view(z=11.5, hfov=90.0, mask_px=mask, range_m=100.0))
    assert found.geometry.bounds[3] == pytest.approx(20.0)
    assert found.area_m2 == pytest.approx(20.0**2 - DISC / 4 * (10.0 / math.tan(math.radians(60.0))) ** 2)


def test_that_a_mask_through_the_foot_of_the_lens_hides_its_side_only():
    # A fisheye straight down, its left half masked: north is up in the picture, so the west is hidden.
    mask = (((0.0, -500.0), (960.0, -500.0), (960.0, 1580.0), (0.0, 1580.0)),)
    lens = {"z": 11.5, "tilt": 90.0, "hfov": 180.0, "vfov": 180.0, "range_m": 10.0, "lens_class": LensClass.EQUIDISTANT}
    found = field(view(mask_px=mask, **lens))
    assert found.area_m2 == pytest.approx(DISC * 50.0, abs=1e-3)
    assert found.geometry.bounds == pytest.approx((0.0, -10.0, 10.0, 10.0), abs=1e-4)


def test_that_a_mask_around_the_foot_of_the_lens_leaves_the_ground_around_it():
    # 200 px from the middle are 200 / (1920 / pi) radians off straight down.
    mask = ((*((960.0 + 200.0 * math.cos(a), 540.0 + 200.0 * math.sin(a)) for a in [math.tau * k / 360 for k in range(360)]),),)
    lens = {"z": 11.5, "tilt": 90.0, "hfov": 180.0, "vfov": 180.0, "range_m": 10.0, "lens_class": LensClass.EQUIDISTANT}
    near = 10.0 * math.tan(200.0 * math.pi / 1920.0)
    assert field(view(mask_px=mask, **lens)).area_m2 == pytest.approx(DISC * (100.0 - near**2), rel=1e-4)


def test_that_a_mask_whose_outline_crosses_itself_hides_both_its_lobes():
    bow_tie = ((480.0, 540.0), (1440.0, 860.0), (1440.0, 540.0), (480.0, 860.0))
    lobes = (((480.0, 540.0), (960.0, 700.0), (480.0, 860.0)), ((1440.0, 860.0), (960.0, 700.0), (1440.0, 540.0)))
    lens = {"z": 11.5, "tilt": 45.0, "hfov": 90.0, "vfov": 80.0, "range_m": 60.0}
    assert field(view(mask_px=(bow_tie,), **lens)).area_m2 == pytest.approx(field(view(mask_px=lobes, **lens)).area_m2)
    assert field(view(mask_px=(bow_tie,), **lens)).area_m2 < field(view(**lens)).area_m2 - 1.0


def test_that_four_corners_hide_the_same_whichever_way_they_are_drawn():
    box = ((640.0, 540.0), (1280.0, 540.0), (1280.0, 860.0), (640.0, 860.0))
    closed, with_a_fifth = (*box, box[0]), (*box[:1], (900.0, 540.0), *box[1:])
    lens = {"z": 11.5, "hfov": 90.0}
    ways = [field(view(mask_px=(mask,), **lens)).area_m2 for mask in (box, box[::-1], closed, with_a_fifth)]
    assert ways == pytest.approx([ways[0]] * 4, rel=1e-9)
    assert ways[0] < field(view(**lens)).area_m2 - 1.0


def test_that_views_looked_at_together_keep_their_own_masks():
    box = ((640.0, 540.0), (1280.0, 540.0), (1280.0, 860.0), (640.0, 860.0))
    leg = ((100.0, 600.0), (300.0, 600.0), (300.0, 700.0), (200.0, 700.0), (200.0, 900.0), (100.0, 900.0))
    masks = ((leg,), (), (box, leg), (leg, box), (box,))
    views = [view(x=9.0 * k, z=11.5, hfov=90.0, mask_px=mask) for k, mask in enumerate(masks)]
    together = [found.area_m2 for found in visibility_fields(views, make_scene(town()))]
    assert together == pytest.approx([field(one).area_m2 for one in views], rel=1e-9)
    assert together[2] == pytest.approx(together[3], rel=1e-9)
    assert together[0] + together[4] == pytest.approx(together[1] + together[2], rel=1e-9)


@pytest.mark.parametrize("first", [0.0, 37.0, 90.0, 180.0, 225.0, 315.0])
def test_that_a_mask_of_a_quarter_takes_a_quarter(first):
    found = field(view(z=11.5, vfov=90.0, range_m=30.0, mask_sector_deg=((first, first + 90.0),), **FULL))
    assert found.area_m2 == pytest.approx(0.75 * DISC * (30.0**2 - 10.0**2))
    middle = math.radians(first + 45.0)
    assert not shapely.intersects_xy(found.geometry, 20.0 * math.sin(middle), 20.0 * math.cos(middle))


def test_that_masks_by_compass_overlap_and_take_all_if_they_meet():
    both = ((10.0, 100.0), (80.0, 190.0))
    assert field(full_circle(range_m=30.0, mask_sector_deg=both)).area_m2 == pytest.approx(DISC * 450.0)
    assert field(full_circle(range_m=30.0, mask_sector_deg=((0.0, 200.0), (200.0, 0.0)))).area_m2 == pytest.approx(0.0, abs=1e-9)
    assert field(full_circle(range_m=30.0, mask_sector_deg=((77.0, 77.0),))).area_m2 == 0.0


@pytest.mark.parametrize("azimuth", [0.0, 45.0, 60.0])
def test_that_ground_between_a_shadows_end_and_the_range_is_seen(azimuth):
    # Lens 5.7 m above the target and 1.2 m above the roof: the far edge at 11 m shades to 52.25 m, the range is 60 m.
    scene = make_scene(town((shapely.box(10.0, -40.0, 11.0, 80.0), 0.0, 6.0)))
    found = field(full_circle(z=7.2, range_m=60.0, azimuth=azimuth), scene)
    assert shapely.intersects_xy(found.geometry, 52.3, 0.0)
    assert not shapely.intersects_xy(found.geometry, 52.2, 0.0)


def test_that_bands_are_cut_when_they_are_read_and_travel_as_a_value():
    found = field(view(z=1.5, range_m=100.0))
    copy = pickle.loads(pickle.dumps(found))
    assert [density for density, _ in copy.bands] == [25.0, 62.5, 125.0, 250.0]
    assert [band.area for _, band in copy.bands] == [band.area for _, band in found.bands]
    assert found.bands[0][1] is found.bands[0][1]
    assert len(found.bands[1:]) == 3


def test_that_bands_of_many_views_are_those_of_each_alone_and_of_the_land_of_each_density():
    houses = [(shapely.box(x, y, x + 6.0, y + 4.0), 0.0, 4.0) for x in (8.0, 30.0) for y in (-20.0, -9.0, 2.0, 13.0)]
    cameras = [view(x=3.0 * k, y=-k, z=5.0 + k, azimuth=35.0 * k, tilt=6.0 * k, vfov=50.0, range_m=90.0) for k in range(6)]
    cameras += [view(z=4.0, range_m=40.0, **FULL), view(z=8.0, tilt=90.0, vfov=40.0, range_m=20.0), view(x=10.0, y=4.0, z=2.0)]
    fields = visibility_fields(cameras, make_scene(town(*houses)))
    assert [density for density, _ in fields[0].bands] == [25.0, 62.5, 125.0]  # cut alone; the second is cut with all others
    for each, camera in zip(fields, cameras, strict=True):
        (alone,) = visibility_fields([camera], make_scene(town(*houses)))
        assert [density for density, _ in each.bands] == [density for density, _ in alone.bands]
        ends = dict(zip((25.0, 62.5, 125.0, 250.0), (62.5, 125.0, 250.0, math.inf), strict=True))
        for (density, band), (_, other) in zip(each.bands, alone.bands, strict=True):
            (open_land,) = grounds_between([camera], 1.5, density, ends[density])
            assert band.is_valid
            assert band.symmetric_difference(other).area < 1e-6
            assert band.symmetric_difference(shapely.intersection(each.geometry, open_land)).area < 1e-4


def test_that_the_ground_at_a_density_is_that_of_its_bands():
    found = field(view(z=6.0, tilt=10.0, vfov=60.0, range_m=80.0))
    for least in (25.0, 62.5, 125.0, 250.0):
        bands = [band.area for density, band in found.bands if density >= least]
        assert found.bands.at_least(least).area == pytest.approx(sum(bands))
    assert found.bands.at_least(40.0).area == found.bands.at_least(62.5).area
    assert found.bands.at_least(251.0).is_empty


def test_that_a_field_that_is_dense_throughout_is_its_own_dense_ground():
    found = field(view(z=1.5, range_m=56.0))  # 25 px/m ends at 56.9 m
    assert found.bands.at_least(25.0) is found.geometry
    beyond = field(view(z=1.5, range_m=58.0))
    assert beyond.bands.at_least(25.0).area < beyond.area_m2


def test_that_cameras_with_one_lens_have_one_shape_each_at_its_place():
    # 1,920 px over the circle are 305.6 px a radian: 25 px/m end 12.22 m away, at the height of the lens.
    reach_m = 1920 / (2.0 * math.pi) / 25.0
    here, there = grounds_between([full_circle(z=1.5), full_circle(100.0, 50.0, z=1.5)], 1.5, 25.0, math.inf)
    assert here.area == pytest.approx(DISC * reach_m**2)
    assert there.area == pytest.approx(DISC * reach_m**2)
    assert (there.centroid.x, there.centroid.y) == pytest.approx((100.0, 50.0))


def test_that_no_camera_has_no_ground():
    assert len(grounds_between([], 1.5, 25.0, math.inf)) == 0


@pytest.mark.parametrize("turn_deg", range(0, 360, 12))
def test_that_a_lens_at_the_corner_of_its_house_sees_into_none_of_the_houses_that_touch_it(turn_deg):
    # A lens 10 m above the target at the house's corner, whose own walls there run away from it; it sees over all of them.
    row = [shapely.box(10.0 * k, 0.0, 10.0 * k + 10.0, 8.1) for k in range(3)]
    row += [shapely.box(10.0 * k, 8.1, 10.0 * k + 10.0, 16.2) for k in range(3)]
    tops = (4.5, 4.9, 5.9, 4.3, 5.0, 6.5)
    houses = [shapely.affinity.rotate(house, turn_deg, origin=(0.0, 0.0)) for house in row]
    scene = make_scene(town(*((house, 0.0, top) for house, top in zip(houses, tops, strict=True))))
    found = field(view(z=11.5, range_m=30.0, **(FULL | {"vfov": 180.0})), scene)
    assert shapely.intersection(found.geometry, shapely.union_all(houses)).area < 1e-3


def test_that_a_low_house_hides_all_behind_it_where_its_shadow_ends_behind_a_high_one():
    # 10 m above the target, 3.5 m of a house 20 m off throw a shadow to 20 / (1 - 0.35) = 30.77 m; a tower stands at 25 m.
    low, tower = shapely.box(-2.0, 18.0, 2.0, 20.0), shapely.box(-40.0, 25.0, 40.0, 26.0)
    seen = field(view(z=11.5, vfov=180.0, range_m=60.0, **FULL), make_scene(town((low, 0.0, 5.0), (tower, 0.0, 30.0))))
    as_high = field(view(z=11.5, vfov=180.0, range_m=60.0, **FULL), make_scene(town((low, 0.0, 30.0), (tower, 0.0, 30.0))))
    assert seen.area_m2 == pytest.approx(as_high.area_m2, rel=1e-12)
    # A tower at 35 m leaves a strip between the shadow's end and itself.
    beyond = shapely.box(-40.0, 35.0, 40.0, 36.0)
    seen = field(view(z=11.5, vfov=180.0, range_m=60.0, **FULL), make_scene(town((low, 0.0, 5.0), (beyond, 0.0, 30.0))))
    assert shapely.intersects_xy(seen.geometry, 0.0, [30.7, 30.8, 34.9]).tolist() == [False, True, True]
