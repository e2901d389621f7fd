"""Hand-worked views onto houses: 1920 px at 68 degrees give 1423.26 px per unit of width to depth."""

import math

import pytest
from answers_town import bare_camera, camera, house, pack, reference_data, town

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.grading import grade_of, walls_within_reach
from lhasaplan.core.exposure.seen_walls import look_at_walls
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.rules.pack import Thresholds

HOME, PROTECTED, UNKNOWN = ProtectedClass.HOME, ProtectedClass.PROTECTED, ProtectedClass.USE_UNKNOWN
FOCAL_PX = 960 / math.tan(math.radians(34))
FRONT_M = 2 * 9.95 * math.tan(math.radians(34))  # of a wall 10 m ahead, looked at 0.05 m before it: 13.42


def sightings(project, *packs):
    context = make_context(project, reference_data(*packs), with_planned=False)
    seen = look_at_walls(context, walls_within_reach(context))
    return sightings_of(seen, context.view_table, placed=context.placed, thresholds=context.thresholds)


def only(found):
    assert len(found) == 1
    return next(iter(found.values()))


def test_that_a_camera_ten_metres_before_a_house_is_an_error():
    # The wall is 10 m ahead, and looked at 0.05 m before its line: 1423.26 / 9.95 = 143.04 px/m, above 125.
    seen = only(sightings(town(house(1, -10, 10, 10, 20), cameras=[camera()])))
    assert (seen.cls, seen.basis, seen.grade) == (HOME, "recorded", Severity.ERROR)
    assert seen.density_px_m == pytest.approx((FOCAL_PX / 9.95,) * 2)
    # 34 degrees to either side reach 9.95 tan 34 = 6.711 m of the wall, to the millimetre and not to a whole stretch.
    assert seen.frontage_m == pytest.approx(FRONT_M)
    assert seen.sector_deg[0] == pytest.approx((326.0, 34.0), abs=0.2)  # its line is 0.05 m behind what is looked at
    assert seen.geometry.length == pytest.approx(FRONT_M)


def test_that_a_wall_between_two_storeys_is_looked_at_too():
    # 12 m wide, 9 m high, 5 m ahead: a level lens 3 m up, 40 by 23.1 degrees, shows it from 1.99 to 4.01 m, 3.60 m of it.
    level = camera(mount_height_m=3.0, hfov_deg=40.0)
    seen = only(sightings(town(house(1, -6, 5, 6, 15, height=9.0), cameras=[level])))
    focal_px = 960 / math.tan(math.radians(20))
    assert seen.grade is Severity.ERROR
    assert seen.density_px_m == pytest.approx((focal_px / 4.95,) * 2)  # 532.8
    assert seen.frontage_m == pytest.approx(2 * 4.95 * math.tan(math.radians(20)))


@pytest.mark.parametrize(("height_m", "is_seen"), [(1.95, False), (2.08, False), (2.11, True), (4.0, True)])
def test_that_a_tenth_of_a_metre_of_height_is_a_view(height_m, is_seen):
    # The lower edge of the same picture is at 3 - 4.95 tan 20 * 1080 / 1920 = 1.987 m: a wall of 2.087 m counts.
    level = camera(mount_height_m=3.0, hfov_deg=40.0)
    assert bool(sightings(town(house(1, -6, 5, 6, 15, height=height_m), cameras=[level]))) is is_seen


@pytest.mark.parametrize(
    ("distance", "grade"),
    [(11.3, Severity.ERROR), (11.5, Severity.DUE), (22.7, Severity.DUE), (22.9, Severity.NOTE), (56.8, Severity.NOTE)],
)
def test_that_the_grade_falls_with_distance(distance, grade):
    # 125, 62.5 and 25 px/m end at 11.39, 22.77 and 56.93 m of depth; a wall is looked at 0.05 m before its line.
    assert only(sightings(town(house(1, -10, distance, 10, distance + 10), cameras=[camera()]))).grade is grade


def test_that_below_25_px_per_metre_nothing_is_graded():
    assert sightings(town(house(1, -10, 57.1, 10, 67), cameras=[camera(range_m=80.0)])) == {}


def test_that_a_pack_may_tighten_the_thresholds():
    project = town(house(1, -10, 11.5, 10, 20), cameras=[camera()])
    assert only(sightings(project, pack(error_px_m=110.0))).grade is Severity.ERROR
    assert only(sightings(project, pack(error_px_m=500.0))).grade is Severity.DUE


def test_that_a_place_of_which_no_metre_can_be_seen_is_no_view_and_no_error():
    # A hut of 0.2 m by 0.2 m: the lens sees one of its walls, and 0.2 m are too little.
    assert sightings(town(house(1, -0.1, -10.2, 0.1, -10), cameras=[camera(azimuth=180.0)])) == {}


@pytest.mark.parametrize(("width_m", "grades"), [(0.98, []), (1.0, [Severity.ERROR]), (1.02, [Severity.ERROR])])
def test_that_a_front_of_exactly_one_metre_is_a_view(width_m, grades):
    # Its side walls are edge-on, so that all that is seen of the house is its front, 9.95 m away: 143 px/m.
    project = town(house(1, -width_m / 2, 10, width_m / 2, 20), cameras=[camera()])
    found = sightings(project).values()
    assert [each.grade for each in found] == grades
    assert [each.frontage_m for each in found] == pytest.approx([width_m] * len(grades))


def test_that_the_sharpest_metre_goes_round_a_corner():
    # 0.6 m of front are 9.95 m ahead; the west wall runs from (2, 10) to (2, 20), and its first 0.4 m make up the metre. They end
    # 10.4 m ahead: FOCAL_PX / 10.4 = 136.9.
    seen = only(sightings(town(house(1, 2, 10, 2.6, 20), cameras=[camera()])))
    assert seen.density_px_m[0] == pytest.approx(FOCAL_PX / 10.4)
    # Error is above 125 px/m, up to 11.386 m ahead: 1.386 m of the west wall and the front.
    assert seen.frontage_m == pytest.approx(0.6 + FOCAL_PX / 125.0 - 10.0)


def test_that_less_than_a_metre_of_frontage_is_no_view():
    # A house 0.6 m wide, seen from straight ahead: its side walls are edge-on and its front is too short.
    assert sightings(town(house(1, -0.3, 10, 0.3, 20), cameras=[camera()])) == {}


def test_that_a_mask_takes_the_view_away():
    assert sightings(town(house(1, -10, 10, 10, 20), cameras=[camera(mask_sector_deg=((320.0, 40.0),))])) == {}


def test_that_a_wall_before_the_house_hides_it():
    shop = house(2, -30, 5, 30, 8, kind="warehouse", height=30.0)
    assert sightings(town(house(1, -10, 10, 10, 20), shop, cameras=[camera()])) == {}


def test_that_two_houses_are_one_sighting_of_two_places():
    seen = only(sightings(town(house(1, -10, 10, -1, 20), house(2, 1, 10, 10, 20), cameras=[camera()])))
    assert seen.places == 2


def test_that_worship_and_homes_are_told_apart_but_not_named():
    found = sightings(town(house(1, -10, 10, -1, 20), house(2, 1, 10, 10, 20, kind="temple"), cameras=[camera()]))
    assert {key[1] for key in found} == {HOME, PROTECTED}


@pytest.mark.parametrize(
    ("tags", "share_drawn"),
    [
        ({"office": "lawyer"}, 1.0),  # its door is in every directory
        ({"social_facility": "shelter"}, 0.0),
        ({"lhasaplan": "protected"}, 0.0),
        ({"healthcare": "psychotherapist"}, 0.0),
        ({"healthcare": "dentist"}, 1.0),
        ({"building": "house", "office": "lawyer"}, 1.0),  # drawn as a home, which tells nothing of the lawyer
    ],
)
def test_that_a_place_where_people_hide_is_counted_and_masked_but_not_drawn(tags, share_drawn):
    door = ("way/1", house(1, -10, 10, 10, 20)[1], {"building": "office", "height": "6", **tags})
    seen = only(sightings(town(door, cameras=[camera()])))
    assert (seen.grade, seen.places, seen.frontage_m) == (Severity.ERROR, 1, pytest.approx(FRONT_M))
    assert seen.sector_deg[0] == pytest.approx((326.0, 34.0), abs=0.2)
    assert seen.geometry.length == pytest.approx(share_drawn * FRONT_M)


def test_that_unknown_use_is_at_most_a_note():
    seen = only(sightings(town(house(1, -10, 10, 10, 20, kind="yes"), cameras=[camera()])))
    assert (seen.cls, seen.grade) == (UNKNOWN, Severity.NOTE)
    assert seen.density_px_m[1] > 125


def test_that_the_facade_a_camera_hangs_on_is_not_graded():
    # On the south wall of the house, looking along it to the east: it would see its own wall at any density.
    assert sightings(town(house(1, -10, 0.5, 10, 10), cameras=[camera(azimuth=90.0, mount=None)])) == {}


def test_that_another_facade_of_the_own_building_is_graded():
    # An L: the camera hangs on the south wall of the west wing and looks east at the wing that comes south, 10 m away.
    home = ("way/1", house(1, -10, 0.5, 10, 10)[1].union(house(1, 10, -10, 20, 10)[1]), {"building": "house", "height": "6"})
    seen = only(sightings(town(home, cameras=[camera(azimuth=90.0, mount=None)])))
    assert seen.grade is Severity.ERROR


def test_that_an_assumed_camera_gives_only_notes_with_what_it_may_be_at_most_and_at_least():
    seen = only(sightings(town(house(1, -10, 15, 10, 25), cameras=[bare_camera()])))
    assert (seen.basis, seen.grade) == ("assumed", Severity.NOTE)
    # The longest lens, 3840 px at 12 degrees, gives 18,268 px: 1,222 px/m at 14.95 m, in the corner of its picture 1.1 % more.
    assert (seen.grade_high, seen.grade_low) == (Severity.ERROR, None)  # it may look the other way
    assert seen.density_px_m == (0.0, pytest.approx(1222.0, rel=0.08))


def test_that_a_house_far_away_counts_as_far_as_a_lens_within_the_limits_shows_it():
    seen = only(sightings(town(house(1, -10, 300, 10, 310), cameras=[bare_camera()])))
    assert (seen.grade_high, seen.density_px_m[0]) == (Severity.NOTE, 0.0)  # 18,268 px over 300 m: 60.9 px/m
    assert seen.density_px_m[1] == pytest.approx(60.9, rel=0.03)


@pytest.mark.parametrize(
    ("density", "grade"),
    [
        (24.99, None),
        (25.0, Severity.NOTE),
        (62.5, Severity.NOTE),
        (62.51, Severity.DUE),
        (125.0, Severity.DUE),
        (125.01, Severity.ERROR),
    ],
)
def test_that_a_note_begins_at_its_threshold_and_graver_grades_above_theirs(density, grade):
    assert grade_of(density, Thresholds(), HOME) is grade


def test_that_a_wall_above_a_lower_neighbour_is_graded_though_both_outlines_run_along_it():
    # The lens at 12 m looks north over the 3 m roof of the nearer house, from 20 m, at the upper wall of the 12 m house.
    tall, low = house(1, -10, 20, 10, 30, height=12.0), house(2, -10, 10, 10, 20, "yes", height=3.0)
    over = camera(mount_height_m=12.0, tilt_deg=10.0)
    for houses in ((tall, low), (low, tall)):
        seen = sightings(town(*houses, cameras=[over]))[0, HOME, "recorded"]
        assert seen.frontage_m == pytest.approx(20.0)
