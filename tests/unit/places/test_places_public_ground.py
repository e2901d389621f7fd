"""Public ground is streets, squares and public car parks without buildings."""

import pytest
import shapely
from places_town import BOX, as_layer, buildings, layer

from lhasaplan.core.city.streets import public_ground


def ground(*features, houses=None):
    return public_ground({"roads": layer("roads", *features), "buildings": as_layer(houses or buildings())})


def street(**tags):
    return ("way/1", shapely.LineString([(0, 0), (100, 0)]), {"highway": "residential", **tags})


def test_that_a_street_is_as_wide_as_its_lanes_and_pavements():
    assert ground(street(lanes="2")).area == pytest.approx(100 * (2 * 3.25 + 4))


def test_that_a_tunnel_is_no_public_ground():
    assert ground(street(tunnel="yes")).is_empty


def test_that_a_private_drive_is_no_public_ground_unless_people_may_walk_there():
    assert ground(street(access="private")).is_empty
    assert not ground(street(access="private", foot="yes")).is_empty


def test_that_a_square_counts_and_what_is_built_on_does_not():
    square = ("way/2", shapely.box(0, 0, 50, 50), {"place": "square"})
    assert ground(square, houses=buildings(("way/9", BOX, {"building": "kiosk"}))).area == 2400.0


@pytest.mark.parametrize(
    ("tags", "counts"),
    [({}, True), ({"access": "yes"}, True), ({"access": "private"}, False), ({"parking": "underground"}, False)],
)
def test_that_a_car_park_counts_when_it_is_public_and_under_the_sky(tags, counts):
    lot = ("way/3", shapely.box(0, 0, 20, 20), {"amenity": "parking", **tags})
    assert ground(lot).area == (400.0 if counts else 0.0)


def test_that_ground_far_from_what_is_asked_is_left_out():
    far = ("way/2", shapely.LineString([(5000, 0), (5100, 0)]), {"highway": "residential"})
    assert public_ground({"roads": layer("roads", street(), far)}, within=shapely.box(0, -9, 9, 9)).area == pytest.approx(1000.0)


def test_that_streets_that_cross_are_counted_once():
    other = ("way/2", shapely.LineString([(50, -50), (50, 50)]), {"highway": "residential"})
    assert ground(street(), other).area == pytest.approx(1000 + 1000 - 100)


def test_that_a_city_without_streets_has_no_public_ground():
    assert public_ground({}).is_empty
