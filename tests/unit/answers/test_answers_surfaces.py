"""What of protected places is in view, by height, ground and door: 1423.26 px/m at 1 m, camera 4 m up, level."""

import math

import pytest
from answers_town import bare_camera, box, camera, house, layer, reference_data, town
from shapely import Point

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.exposure.seen_surfaces import distance_class
from lhasaplan.core.model.camera import Kind, Mount
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.report.text.finding_words import sentence

FOCAL_PX = 960 / math.tan(math.radians(34))


def seen(project, cls=ProtectedClass.HOME, basis="recorded"):
    """Return the surfaces of the one sighting of a class, by (surface, band)."""
    (result,) = audit(project, reference_data()).cameras
    (sighting,) = [each for each in result.sightings if each.cls == cls and each.basis == basis]
    return {(each.surface, each.band): each for each in sighting.surfaces}


def door(x, y, **tags):
    return layer("places", ("node/1", Point(500_000 + x, 6_670_000 + y), tags or {"entrance": "main"}))


# A house 12 m high whose wall runs along y = 10 and is looked at 0.05 m before it. The picture
# is 41.5 degrees high (level): at 9.95 m it reaches 3.77 m up and down from the lens, so 0.23 to 7.77 m.
HOUSE = house(1, -2, 10, 2, 20, height=12.0)


def test_that_frontage_is_told_by_height_bands():
    found = seen(town(HOUSE, cameras=[camera()]))
    assert set(found) == {("frontage", "ground_floor"), ("frontage", "upper_floors")}
    ground_floor, upper = found["frontage", "ground_floor"], found["frontage", "upper_floors"]
    # All 4 m of the wall are in view, from 0.23 to 3 m in the lower band.
    assert (ground_floor.count, ground_floor.length_m) == (1, pytest.approx(4.0))
    # And from 3 to 7.77 m in the upper one.
    assert (upper.count, upper.length_m) == (1, pytest.approx(4.0))
    assert ground_floor.density_px_m == pytest.approx((FOCAL_PX / 9.95,) * 2)
    # The bands part 3 m up, 1 m below the lens.
    assert ground_floor.nearest_m == pytest.approx(math.hypot(9.95, 1.0))
    assert upper.nearest_m == pytest.approx(9.95)


def test_that_no_distance_to_a_place_where_people_hide_is_told_though_the_same_is_in_view():
    _, wall, tags = HOUSE
    refuge = ("way/1", wall, {**tags, "building": "office", "social_facility": "shelter"})
    found = seen(town(refuge, cameras=[camera(night_range_m=30.0)]), ProtectedClass.PROTECTED)
    assert {key: (each.nearest_m, each.count, each.night_share) for key, each in found.items()} == {
        ("frontage", "ground_floor"): (None, 1, 1.0),
        ("frontage", "upper_floors"): (None, 1, 1.0),
    }
    assert found["frontage", "ground_floor"].length_m == pytest.approx(4.0)


def test_that_a_lens_tilted_up_can_see_what_is_above_nine_metres():
    found = seen(town(HOUSE, cameras=[camera(tilt_deg=-20.0)]))
    assert found["frontage", "above"].length_m == pytest.approx(4.0)
    assert ("frontage", "ground_floor") not in found


def test_that_the_share_at_night_is_unknown_without_a_range_and_counted_with_one():
    def share(**values):
        return seen(town(HOUSE, cameras=[camera(**values)]))["frontage", "upper_floors"].night_share

    assert share() is None
    assert (share(night_range_m=5.0), share(night_range_m=30.0)) == (0.0, 1.0)
    # A range of 10 m reaches sqrt(10^2 - 9.95^2) = 0.9987 m of the 2 m to either side.
    assert share(night_range_m=10.0) == pytest.approx(0.9987 / 2.0, abs=1e-4)


@pytest.mark.parametrize(
    ("place", "tags", "count"),
    [
        ((0.5, 10.0), {"entrance": "main"}, 1),
        ((0.5, 9.2), {"door": "hinged"}, 1),
        ((0.5, 8.9), {"entrance": "yes"}, 0),  # 1.1 m before the wall: it belongs to something else
        ((0.5, 10.0), {"entrance": "no"}, 0),
        ((0.5, 20.0), {"entrance": "yes"}, 0),  # round the back, where nothing is seen
    ],
)
def test_that_a_door_counts_where_the_map_has_one_on_a_wall_in_view(place, tags, count):
    found = seen(town(HOUSE, cameras=[camera()], places=door(*place, **tags)))
    assert sum(each.count for key, each in found.items() if key[0] == "entrance") == count


def test_that_a_door_is_read_at_the_foot_of_its_own_stretch():
    entrance = seen(town(HOUSE, cameras=[camera()], places=door(0.5, 10.0)))["entrance", ""]
    assert entrance.nearest_m == pytest.approx(math.hypot(9.95, 4.0 - 2.1))  # its lintel, straight ahead
    assert (entrance.length_m, entrance.density_px_m) == (0.0, pytest.approx((FOCAL_PX / 9.95,) * 2))


def test_that_open_ground_of_a_place_is_a_surface_of_its_own():
    # A playground of 4 by 4 m: its nearest square metre reaches from 10 to 10.25 m.
    ground = layer("places", ("way/9", box(-2, 10, 2, 14), {"leisure": "playground"}))
    found = seen(town(cameras=[camera()], places=ground), ProtectedClass.PROTECTED)
    assert set(found) == {("ground", "")}
    assert (found["ground", ""].count, found["ground", ""].length_m) == (1, 0.0)
    assert found["ground", ""].density_px_m == pytest.approx((FOCAL_PX / 10.25,) * 2, rel=1e-3)
    assert found["ground", ""].nearest_m == pytest.approx(math.hypot(10.0, 2.5))


def test_that_an_assumed_view_has_an_interval():
    found = seen(town(HOUSE, cameras=[bare_camera(kind=Kind.FIXED, mount=Mount.POLE)]), basis="assumed")
    low, high = found["frontage", "ground_floor"].density_px_m
    assert low == 0.0 < 25.0 < high  # it may look the other way


def sharpest(project, cls, basis="recorded"):
    """Return where the one sighting of a class is sharpest, by surface, and the finding's sentence."""
    assessment = audit(project, reference_data())
    (sighting,) = [each for each in assessment.cameras[0].sightings if each.cls == cls and each.basis == basis]
    (view,) = [each for each in assessment.findings if each.kind == f"view_{cls}"]
    return {each.surface: each for each in sighting.sharpest}, sentence(view, Translations()), sighting


# A church 24 m to the north at 59 px/m, and a playground 4 m wide, in the picture from 2.5 / tan(20.8) = 6.59 m on: its nearest
# square metre ends at 6.84 m, with 208 px/m.
PLAYGROUND = layer("places", ("way/9", box(-2, 6, 2, 10), {"leisure": "playground"}))
CHURCH = ("way/2", box(-4, 24, 4, 34), {"building": "church", "height": "12"})


def test_that_each_density_stands_with_its_own_surface_distance_and_side():
    found, text, sighting = sharpest(town(CHURCH, cameras=[camera()], places=PLAYGROUND), ProtectedClass.PROTECTED)
    ground, wall = found["ground"], found["ground_floor"]
    assert ground.density_px_m == pytest.approx((FOCAL_PX / 6.839,) * 2, rel=1e-3)
    assert (ground.distance_m, ground.side, ground.length_m) == ((0.0, 10.0), "n", 0.0)
    # All of a wall square to a level view is as deep, and as sharp; its foot stands for the rest.
    assert wall.density_px_m == pytest.approx((FOCAL_PX / 23.95,) * 2)
    assert (wall.distance_m, wall.side, wall.over_px_m) == ((10.0, 25.0), "n", 25.0)
    assert (wall.length_m, sighting.frontage_m) == (pytest.approx(8.0), pytest.approx(8.0))
    assert sighting.density_px_m == ground.density_px_m  # the grade is the ground's
    assert text == (
        "Camera c1 can see protected places (2): open ground at 208 px/m, less than 10 m away to the north; "
        "frontage of the ground floor at 59 px/m, 10–25 m away to the north (8 m of frontage at 25 px/m or more). No mask known."
    )


def test_that_ground_alone_is_told_without_frontage():
    found, text, sighting = sharpest(town(cameras=[camera()], places=PLAYGROUND), ProtectedClass.PROTECTED)
    assert (set(found), sighting.frontage_m) == ({"ground"}, 0.0)
    assert "frontage" not in text


def test_that_the_side_is_counted_from_true_north_and_by_octants():
    east = camera(azimuth=90.0)
    ahead = layer("places", ("way/9", box(10, -2, 14, 2), {"leisure": "playground"}))
    assert sharpest(town(cameras=[east], places=ahead), ProtectedClass.PROTECTED)[0]["ground"].side == "e"


def test_that_neither_distance_nor_side_of_a_place_where_people_hide_is_told_nor_of_what_is_told_with_it():
    refuge = ("way/2", box(-4, 25, 4, 35), {"building": "office", "social_facility": "shelter", "height": "12"})
    found, text, _ = sharpest(town(refuge, cameras=[camera()], places=PLAYGROUND), ProtectedClass.PROTECTED)
    assert {(each.distance_m, each.side) for each in found.values()} == {(None, "")}
    assert " m away" not in text


def test_that_of_an_assumed_view_the_sharpest_is_an_interval_and_frontage_counts_from_the_lowest_grade():
    found, text, _ = sharpest(
        town(HOUSE, cameras=[bare_camera(kind=Kind.FIXED, mount=Mount.POLE)]), ProtectedClass.HOME, "assumed"
    )
    low, high = max(found.values(), key=lambda each: each.density_px_m[1]).density_px_m
    assert low == 0.0 < 25.0 < high
    assert "m of frontage at 25 px/m or more" in text


def test_that_a_class_of_distance_begins_where_the_one_before_ends():
    assert [distance_class(each) for each in (0.0, 10.0, 24.99, 200.0)] == [
        (0.0, 10.0),
        (10.0, 25.0),
        (10.0, 25.0),
        (200.0, None),
    ]


def test_that_surfaces_are_counted_and_never_named():
    (result,) = audit(town(HOUSE, cameras=[camera()]), reference_data()).cameras
    assert all("way" not in repr(each.surfaces) for each in result.sightings)
    assert all(surface.count <= each.places for each in result.sightings for surface in each.surfaces)
