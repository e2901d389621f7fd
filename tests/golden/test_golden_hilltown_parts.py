"""Ten parts of the fictitious town, worked out by hand: what serves them, what does not, and why.

Coordinates in the comments are metres from the town's origin. A camera's height above a target is its mount height less
1.5 m; its picture reaches down to ``tilt + vfov/2`` below the horizon, so the ground nearer than
``height / tan(tilt + vfov/2)`` is blind; the vertical angle of a 16:9 picture is ``2 atan(9/16 tan(hfov/2))``.
"""

import math
from dataclasses import dataclass, replace

import pytest
from samples import checked, sample

from lhasaplan import bootstrap
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.assessment import Assessment, PartResult, ServiceOption
from lhasaplan.report.facts.part_options import none_text, planned_text
from lhasaplan.workflow.answers import check


@pytest.fixture(scope="module")
def town() -> Assessment:
    return checked()


def part(town: Assessment, ending: str) -> PartResult:
    (found,) = [result for result in town.parts if result.part.part_id == f"municipal-safety:{ending}"]
    return found


@dataclass(frozen=True)
class Lens:
    """A camera by its row in the table, with sight by the formulas alone: no walls."""

    x: float
    y: float
    height: float
    azimuth: float
    tilt: float
    hfov: float
    width: int
    reach: float

    def shows(self, x: float, y: float, needed_px_m: float = 25.0) -> bool:
        east, north, drop = x - self.x, y - self.y, self.height - 1.5
        azimuth, tilt, half = (math.radians(angle) for angle in (self.azimuth, self.tilt, self.hfov / 2))
        ahead, aside = east * math.sin(azimuth) + north * math.cos(azimuth), east * math.cos(azimuth) - north * math.sin(azimuth)
        depth, below = ahead * math.cos(tilt) + drop * math.sin(tilt), drop * math.cos(tilt) - ahead * math.sin(tilt)
        in_picture = abs(aside) <= depth * math.tan(half) and abs(below) <= depth * math.tan(half) * 9 / 16
        in_reach = math.hypot(east, north) <= self.reach
        return in_picture and in_reach and self.width / (2 * math.tan(half)) / depth >= needed_px_m


def test_that_the_junction_is_met_by_two_corner_cameras(town):
    # HT-01 at (9, 109) looks south-west, HT-02 at (-9, 91) north-east: the junction's arms reach 12 m from (0, 100). What is
    # blind to one (5.6 m: 4.5 / tan(14 + 25.3)) lies 17 to 26 m before the other.
    junction = part(town, "junction:node/4/1")
    assert (junction.verdict, junction.measured.share_served) == ("met", 1.0)
    assert {"HT-01", "HT-02"} <= set(junction.cameras)


def test_that_the_bridge_lacks_its_two_nearest_points(town):
    # 40 m of roadway from (0, -40) to (0, -80), 11 points 3.64 m apart. HT-03 stands at (6, -34), 7 m high, looks to 188,
    # 40 degrees wide, 10 down. First point (0, -41.8): bearing 180 + atan(6/7.8) = 217.6, beyond 208: out of the picture.
    # Second (0, -45.5): bearing 207.6, inside; 13.0 m away, but blind to 5.5 / tan(10 + 11.6) = 13.9 m. Third (0, -49.1):
    # bearing 201.7, 16.2 m: seen. So 9 of 11.
    bridge = part(town, "bridge:way/2/1")
    assert (bridge.verdict, bridge.cameras) == ("partial", ("HT-03",))
    assert bridge.measured.share_served == pytest.approx(9 / 11)
    assert dict(bridge.blockers) == {"out_of_angle": 1, "blind_zone": 1}
    lens = Lens(6, -34, 7, 188, 10, 40, 1920, 80)
    assert sum(lens.shows(0, -40 - 40 / 11 * (k + 0.5)) for k in range(11)) == 9


def test_that_the_level_crossing_is_seen_but_for_the_foot_of_the_pole_and_one_side(town):
    # HT-07 stands at (8, -262), 6 m high, looks to 235 (200 to 270), 20 down, 70 wide: blind to 4.5 / tan(20 + 21.5) = 5.1 m.
    # The crossing is a circle of 8 m round (0, -270): its centre is 11.3 m off at bearing 225, inside; (7, -267) is 5.1 m
    # off at bearing 191: outside. Twelve points of 4 m, three of them lost.
    crossing = part(town, "level_crossing:node/10/1")
    assert (crossing.verdict, crossing.cameras) == ("partial", ("HT-07",))
    assert crossing.measured.share_served == pytest.approx(0.75)
    assert sum(count for _, count in crossing.blockers) == 3
    lens = Lens(8, -262, 6, 235, 20, 70, 1920, 50)
    assert lens.shows(0, -270)
    assert not lens.shows(7, -267)


@pytest.mark.parametrize("number", [1, 2])
def test_that_the_platform_is_a_gap_until_its_planned_camera_stands(town, number):
    # Nothing operates within 110 m of the platform (60 to 160, -262 to -258). The planned HT-10 at (56, -256) looks to 92, 30
    # wide: 77 to 107. At the southern edge y = -262 a point is inside from 6 / tan(17) = 19.6 m east of it: x >= 75.6 (85 %).
    platform = part(town, f"platform:way/11/{number}")
    assert (platform.verdict, platform.measured.share_served, platform.cameras) == ("gap", 0.0, ())
    assert platform.verdict_after == "partial"
    assert 0.80 < platform.measured_after.share_served < 0.90
    lens = Lens(56, -256, 5, 92, 8, 30, 1920, 110)
    assert [lens.shows(x, -262) for x in (75.0, 76.5, 159.0)] == [False, True, True]


def test_that_the_car_park_entry_is_met_by_its_own_camera(town):
    # The entry at (66, 60): a half disc of 3 m inside the outline. HT-04 at (68, 42) looks to 35, 90 wide: -10 to 80. The
    # points lie 15 to 21 m off at bearings -6.3 (66, 60) to +3.2 (69, 60): inside; 2560 px at 90 degrees give f = 1280 px,
    # so 25 px/m hold to 51 m.
    entry = part(town, "car_park:way/150/1")
    assert (entry.verdict, entry.measured.share_served, entry.cameras) == ("met", 1.0, ("HT-04",))


def test_that_the_door_of_the_town_hall_is_met_from_the_square_and_from_its_wall(town):
    # The door at (70, 152) opens south; HT-05 at (32, 148) is 35 to 41 m west of its apron: 3840 px at 95 degrees give
    # f = 1759 px, 25 px/m hold to 70 m. HT-08 hangs beside the door, 3.5 m high, tilted 25: its blind zone is
    # 2 / tan(25 + 33.8) = 1.2 m, so the nearest metre of the apron is HT-05's alone.
    door = part(town, "public_building_apron:way/143/1")
    assert (door.verdict, door.measured.share_served) == ("met", 1.0)
    assert door.cameras == ("HT-05", "HT-08")


def test_that_a_library_without_a_mapped_door_is_asked_about(town):
    library = part(town, "public_building_apron:way/144/1")
    assert (library.verdict, library.gap) == ("asked", None)
    assert library.part.question


def test_that_the_fuel_apron_is_not_served_where_its_camera_does_not_look(town):
    # HT-09 at (238, 52) looks to 315, 80 wide: 275 to 355. The site is 40 x 36 m with x 200 to 240, y 50 to 86, 4 m apart.
    # A point at (202, 52) has bearing 270: outside; (238, 84) has bearing 0: outside; the far corner (202, 84) has bearing
    # 312 and is 48.2 m off: f = 1144 px gives 24.2 px/m at depth 47.3 m: too few.
    fuel = part(town, "hazard_site:way/151/1")
    lens = Lens(238, 52, 5, 315, 14, 80, 1920, 60)
    assert (fuel.verdict, fuel.cameras) == ("partial", ("HT-09",))
    assert [lens.shows(*at) for at in ((202, 52), (238, 84), (202, 84))] == [False, False, False]
    assert lens.shows(202, 84, needed_px_m=24.0)
    assert 0.70 < fuel.measured.share_served < 0.80


@pytest.mark.parametrize("ending", ["emergency_bay:node/584/1", "dumping_spot:node/607/1"])
def test_that_what_no_camera_reaches_is_a_gap(town, ending):
    # The bay at (215, 224) and the containers at (260, -158) lie more than 150 m from every camera; the longest range is 120 m.
    lonely = part(town, ending)
    assert (lonely.verdict, lonely.measured.share_served, lonely.measured.best_px_m) == ("gap", 0.0, 0.0)
    assert {reason for reason, _ in lonely.blockers} == {"out_of_range"}
    assert lonely.gap.area > 0


def test_that_the_crossing_east_of_the_junction_is_met_from_both_sides(town):
    # The zebra at (40, 100) with its approach: 20 m of Market Street. HT-02 at (-9, 91) looks to 45, 80 wide: it sees (40, 100)
    # at bearing 79.6, inside 85, 49.8 m off: depth cos(34.6) * 49.8 = 41 m, f = 1144 px: 28 px/m.
    zebra = part(town, "pedestrian_crossing:node/16/1")
    assert (zebra.verdict, zebra.measured.share_served) == ("met", 1.0)
    assert {"HT-02", "HT-05"} <= set(zebra.cameras)
    assert Lens(-9, 91, 6, 45, 14, 80, 1920, 60).shows(40, 100)


def options(result: PartResult) -> dict[str, ServiceOption]:
    return {option.action: option for option in result.service}


def test_that_the_bridge_is_served_by_a_small_tilt_or_a_wider_lens(town):
    # 3 degrees more (13): blind to 5.5 / tan(13 + 11.6) = 12.0 m, so the second point, 13.0 m off, comes in: 10 of 11 points.
    # The upper edge stays 1.4 degrees below the horizon: 5.5 / tan(1.4) = 225 m, beyond the bridge. With 68 degrees (40 * 1.7)
    # the picture is 41.5 high: blind to 5.5 / tan(10 + 20.8) = 9.2 m ahead. That takes in the second point too, 13.0 cos(19.5)
    # = 12.3 m ahead; the first, 9.8 m off at bearing 217.6, is only 9.8 cos(29.6) = 8.6 m ahead and stays below: 10 of 11.
    found = options(part(town, "bridge:way/2/1"))
    assert found["turn"].values == {"tilt_deg": 13.0, "tilt_by_deg": 3.0}
    assert (found["turn"].share_after, found["turn"].verdict_after) == (pytest.approx(10 / 11), "met")
    assert (found["lens"].values["hfov_deg"], found["lens"].share_after) == (68.0, pytest.approx(10 / 11))
    assert not Lens(6, -34, 7, 188, 10, 40, 1920, 80).shows(0, -45.5)
    assert Lens(6, -34, 7, 188, 13, 40, 1920, 80).shows(0, -45.5)


def test_that_an_option_carried_out_in_the_town_gives_what_it_says(town):
    services = bootstrap.open_services()
    project = sample("hilltown")
    turn = options(part(town, "bridge:way/2/1"))["turn"]
    cameras = tuple(turn.as_changed if each.camera_id == turn.camera_id else each for each in project.cameras)
    after = check(services, replace(project, cameras=cameras))
    assert part(after, "bridge:way/2/1").measured.share_served == pytest.approx(turn.share_after)
    (changed,) = [each for each in after.cameras if each.placed.camera.camera_id == turn.camera_id]
    assert (changed.necessity.protected_in_view, changed.unasked_m2) == (
        turn.protected_after,
        pytest.approx(turn.unasked_after_m2),
    )
    verdicts = [(each.part.part_id, each.verdict) for each in town.parts if each.verdict == "met"]
    assert set(verdicts) <= {(each.part.part_id, each.verdict) for each in after.parts}


def test_that_the_bay_at_the_wards_and_the_containers_at_homes_have_no_place_for_a_camera(town):
    # Every pole within 40 m that shows them shows wards, homes or a building of unknown use at 62.5 px/m or more as well.
    for ending in ("emergency_bay:node/584/1", "dumping_spot:node/607/1"):
        lonely = part(town, ending)
        assert (lonely.service, lonely.tried["new"] > 0) == ((), True)


def test_that_a_planned_camera_counts_for_the_platform_that_nothing_else_could_serve(town):
    # No street and no facade lies within reach of the platforms: only the planned camera HT-10 shows them.
    for ending in ("platform:way/11/1", "platform:way/11/2"):
        result = part(town, ending)
        assert (result.verdict, result.verdict_after, set(result.tried)) == ("gap", "partial", {"turn", "raise", "lens"})
        text = planned_text(result, Translations())
        assert text == f"With planned camera HT-10: {100 * result.measured_after.share_served:.0f} % served, partial."
        assert none_text(result, Translations(), {}).endswith(text)


def test_that_a_change_of_a_planned_camera_serves_more_than_it_would_as_planned(town):
    services = bootstrap.open_services()
    project = sample("hilltown")
    platform = part(town, "platform:way/11/1")
    turn = options(platform)["turn"]
    assert turn.camera_id == "HT-10"
    assert turn.share_after > platform.measured_after.share_served
    after = check(
        services, replace(project, cameras=tuple(turn.as_changed if c.camera_id == "HT-10" else c for c in project.cameras))
    )
    assert part(after, "platform:way/11/1").measured_after.share_served == pytest.approx(turn.share_after)
    shares = {each.part.part_id: each.measured_after.share_served for each in town.parts}
    assert all(each.measured_after.share_served >= shares[each.part.part_id] - 1e-9 for each in after.parts)
