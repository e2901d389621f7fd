"""How much street is in view, each metre once, and where cameras look."""

import pytest
from answers_town import SHED, bare_camera, box, camera, house, layer, reference_data, town
from shapely import LineString

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Mount, Status

# Across the axis at y = 25: the usual camera of 68 degrees shows 2 * 25 tan 34 = 33.73 m of it.
ACROSS = "way/1", LineString([(500_000.0 - 100, 6_670_025.0), (500_100.0, 6_670_025.0)]), {"highway": "residential"}


def totals(*cameras, roads=(ACROSS,), buildings=()):
    return audit(town(SHED, *buildings, cameras=cameras, roads=layer("roads", *roads)), reference_data()).totals


def test_that_the_street_in_view_is_measured_along_its_line():
    assert totals(camera(range_m=40.0))["streets_seen_certain_m"] == pytest.approx(33.73, abs=0.05)


def test_that_a_metre_that_two_cameras_show_counts_once():
    one, beside = camera("a", range_m=40.0), camera("b", x=10.0, range_m=40.0)
    assert totals(one, beside)["streets_seen_certain_m"] == pytest.approx(43.73, abs=0.05)


def test_that_a_private_way_and_a_square_are_no_street_in_view():
    private = "way/2", ACROSS[1], {"highway": "service", "access": "private"}
    square = "way/3", box(-10, 20, 10, 30), {"highway": "pedestrian"}
    assert totals(camera(), roads=[private, square])["streets_seen_certain_m"] == 0.0


def test_that_cameras_are_counted_by_where_they_look():
    away, unknown = camera("away", azimuth=180.0), bare_camera("unknown", x=20.0)
    inside = camera("inside", x=50.0, y=-50.0, mount=Mount.INDOOR)
    gone = camera("gone", x=30.0, status=Status.REMOVED)
    shop = house(9, 40, -60, 60, -40, "retail")
    counts = totals(camera("street"), away, unknown, inside, gone, buildings=[shop])["cameras_by_place"]
    assert counts == {"indoors": 1, "public_way": 1, "elsewhere": 1, "unknown": 1}


def test_that_a_town_without_streets_shows_none():
    result = audit(town(cameras=[camera()]), reference_data()).totals
    assert (result["streets_seen_certain_m"], result["cameras_by_place"]["elsewhere"]) == (0.0, 1)
