"""Walls in view between the storeys, to the metre and after a mitigation, with numbers that are worked out by hand."""

import math

import pytest
from answers_town import camera, house, pack, reference_data, town
from bench.rivals.wall_rays import USUAL, by_class, look
from bench.wall_towns import lens_of, set_up

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.finding import MitigationAction, Severity, alternatives_of

NEAR_HOUSE = house(1, -6.0, 5.0, 6.0, 15.0, "house", 9.0)  # 12 by 10 m, 9 m high, its facade 5 m before the lens
FOCAL_40_PX = 960.0 / math.tan(math.radians(20.0))  # 2637.6
FOCAL_68_PX = 960.0 / math.tan(math.radians(34.0))  # 1423.3


def home_in(project):
    """Return the one sighting of a home."""
    (result,) = audit(project, reference_data()).cameras
    (found,) = [each for each in result.sightings if each.cls == "home"]
    return found


def test_that_a_facade_between_two_storeys_is_an_error():
    # The picture has 540 / 2637.6 * 5 = 1.02 m above and below the lens: the wall from 1.98 to 4.02 m, 3.64 m of it.
    one = camera(mount_height_m=3.0, hfov_deg=40.0)
    found = home_in(town(NEAR_HOUSE, cameras=[one]))
    assert found.grade is Severity.ERROR
    assert found.density_px_m == pytest.approx([FOCAL_40_PX / 5.0] * 2, rel=0.012)  # 527.5 on the wall, 533 just before it
    assert found.frontage_m == pytest.approx(10.0 * math.tan(math.radians(20.0)), abs=0.05)


def test_that_no_mitigation_leaves_a_part_of_the_facade_in_the_picture():
    # At a tilt of 35.9 degrees the storeys are out of the picture and the wall from 0.3 to 1.2 m is in it at 328 px/m.
    one = camera(mount_height_m=3.0, hfov_deg=60.0, tilt_deg=10.0)
    project = town(NEAR_HOUSE, cameras=[one])
    known = set_up("house", project, reference_data())
    mitigation = home_in(project).mitigation
    tried = [mitigation, *(each for each in alternatives_of(mitigation) if each.is_verified)]
    looked = 0
    for each in tried:
        after = one
        for change in each.changes:
            after = change.applied(after)
        if after.status is Status.REMOVED:
            continue
        (placed,) = known.placed((after,))
        lens = lens_of(placed, 0.0)
        shown = by_class(look(lens, known.facades, known.prisms, USUAL.finer(4.0)), known.facades)
        looked += 1
        assert "home" not in shown or shown["home"].metres[25.0][0] < 1.0, each
    assert looked or mitigation.action is MitigationAction.REMOVE


def terrace(begins_m):
    """A shop and a home wall to wall beside a street that runs north; the home's wall begins so far before the lens."""
    shop = house(1, 10.0, 15.0, 16.0, begins_m, "retail", 6.0)
    return town(shop, house(2, 10.0, begins_m, 16.0, 40.0, "house", 6.0), cameras=[camera()])


def test_that_less_than_a_metre_of_a_sharper_stretch_is_no_graver_view():
    # 62.5 px/m end 22.77 m before the lens: 0.6 m of the wall are sharper, its sharpest metre ends at 23.17 m.
    found = home_in(terrace(22.17))
    assert found.grade is Severity.NOTE
    assert found.density_px_m[1] == pytest.approx(FOCAL_68_PX / 23.17, rel=0.01)
    assert found.frontage_m == pytest.approx(40.0 - 22.17, abs=0.05)


def test_that_a_stretch_seen_in_part_counts_for_the_part():
    found = home_in(terrace(21.57))
    assert found.grade is Severity.DUE
    assert found.density_px_m[1] == pytest.approx(FOCAL_68_PX / 22.57, rel=0.01)
    assert found.frontage_m == pytest.approx(FOCAL_68_PX / 62.5 - 21.57, abs=0.05)  # 1.20


def test_that_a_wall_that_the_picture_cuts_counts_to_its_edge():
    # 60 degrees across: the picture ends 12 * tan 30 = 6.93 m right of the axis, a third of a metre into a stretch of two.
    one = camera(hfov_deg=60.0)
    found = home_in(town(house(1, -0.4, 12.0, 19.6, 20.0, "house", 6.0), cameras=[one]))
    assert found.frontage_m == pytest.approx(12.0 * math.tan(math.radians(30.0)) + 0.4, abs=0.05)


def test_that_a_narrow_slit_above_a_roof_is_seen():
    # The far edge of the shop's roof, 8 m before the lens of 4 m, hides the facade 20 m away below 4 - 0.1 / 8 * 20 = 3.75 m.
    shop = house(1, -30.0, 5.0, 30.0, 8.0, "retail", 3.9)
    home = house(2, -6.0, 20.0, 6.0, 30.0, "house", 4.0)
    one = camera(hfov_deg=40.0)
    found = home_in(town(shop, home, cameras=[one]))
    assert found.grade is Severity.ERROR  # 2637.6 / 20 = 131.9 px/m on the wall from 3.75 to 4 m
    assert found.frontage_m == pytest.approx(12.0, abs=0.05)
    higher = town(replace_height(shop, 3.99), home, cameras=[one])  # 2.5 cm are left: they do not count
    (result,) = audit(higher, reference_data()).cameras
    assert not result.sightings


def replace_height(feature, height_m):
    """Return a building of another height."""
    identity, shape, tags = feature
    return identity, shape, {**tags, "height": str(height_m)}


def test_that_a_pack_that_grades_from_fewer_pixels_is_asked_as_far_as_a_lens_still_shows_them():
    far = town(house(1, -6, 100, 6, 110), cameras=[camera(range_m=None)])
    (few,), (many,) = (audit(far, reference_data(pack(note_px_m=least))).cameras for least in (25.0, 10.0))
    assert not few.sightings
    (reported,) = many.sightings
    assert reported.density_px_m[1] == pytest.approx(1423.26 / 99.95, rel=0.01)
