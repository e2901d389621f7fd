"""Answers about a spot are geometry and know no place; only what blocks is withheld, by the map without undisclosed places."""

import dataclasses

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, layer, reference_data, town

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.undisclosed import undisclosed_blocks

CRS = Crs("EPSG:32635")


def city_with(*cameras, **tags):
    return make_context(town(cameras=cameras, places=layer("places", ("n1", box(10, 10, 20, 20), tags))), reference_data(), False)


def place(x, y, size_m=10.0, hides_people=True):
    ground = shapely.box(X0 + x, Y0 + y, X0 + x + size_m, Y0 + y + size_m)
    return ProtectedPlace("p", ProtectedClass.PROTECTED, ground, None, hides_people=hides_people)


def reported(city, spots):
    return [[dataclasses.astuple(each) for each in who_sees(city, X0 + x, Y0 + y)] for x, y in spots]


@pytest.mark.parametrize("amenity", ["grave_yard", "womens_refuge"])
def test_that_distance_and_density_are_told_of_every_spot_whatever_stands_there(amenity):
    city = city_with(camera(), amenity=amenity)
    for x, y in ((0, 30), (10.5, 19), (1, 11)):
        (found,) = who_sees(city, X0 + x, Y0 + y)
        assert found.distance_m == pytest.approx(np.hypot(x, y))
        assert found.density_px_m[0] == pytest.approx(1423.26 / y, rel=1e-3)  # density goes by depth, to the north


def test_that_what_blocks_is_withheld_on_protected_ground_alone():
    shop = ("way/2", box(-5, 22, 35, 24), {"building": "retail", "height": "8"})
    yard = layer("places", ("n1", box(10, 10, 20, 20), {"amenity": "grave_yard"}))
    city = make_context(town(shop, cameras=[camera(y=40.0, azimuth=180.0)], places=yard), reference_data(), False)
    ((inside,), (beside,)) = (who_sees(city, X0 + x, Y0 + 15) for x in (14, 9))
    assert (inside.certainty, inside.reason, inside.blocker_id) == ("not", "", "")
    assert (beside.certainty, beside.reason, beside.blocker_id) == ("not", "building", "way/2")


def test_that_no_answer_about_a_spot_depends_on_an_undisclosed_place():
    """A refuge drawn on open ground, one in a house of unknown use, and the same towns without them: all rows are the same."""
    house = ("way/2", box(8, 22, 22, 24), {"building": "yes", "height": "9"})
    drawn = layer("places", ("n1", box(10, 10, 20, 20), {"lhasaplan": "protected"}))
    inside = layer("places", ("n1", shapely.Point(X0 + 15, Y0 + 23), {"amenity": "womens_refuge"}))
    cameras = [camera(y=40.0, azimuth=180.0), camera("c2", x=-20.0, azimuth=60.0)]
    bare = make_context(town(house, cameras=cameras), reference_data(), False)
    spots = [(x, y) for x in range(-20, 40, 4) for y in range(2, 40, 4)]
    for places in (drawn, inside):
        assert reported(make_context(town(house, cameras=cameras, places=places), reference_data(), False), spots) == reported(
            bare, spots
        )


def test_that_a_party_and_a_lawyer_are_protected_and_disclosed():
    kinds = reference_data().kinds.by_name()
    assert not any(kinds[name].hides_people for name in ("press", "civic_office"))
    assert all(kinds[name].hides_people for name in ("shelter", "counselling", "processional_way"))
    city = city_with(camera(), office="political_party")
    assert [(place.cls, place.hides_people) for place in city.protected] == [(ProtectedClass.PROTECTED, False)]


def test_that_two_places_in_one_block_silence_the_same_ground():
    # The middle of the block in which the town's middle lies.
    (west, south, east, north) = undisclosed_blocks([place(0, 0)], CRS).bounds
    assert (east - west, north - south) == (pytest.approx(400.0, abs=15.0), pytest.approx(400.0, abs=15.0))
    middle = (west + east) / 2 - X0, (south + north) / 2 - Y0
    two = [undisclosed_blocks([place(middle[0] + dx, middle[1] + dy)], CRS) for dx, dy in ((-80, 40), (60, -85))]
    assert two[0].equals(two[1])


def test_that_a_block_is_the_same_in_every_coordinate_system():
    other = Crs("EPSG:3035")
    lon, lat = CRS.to_lonlat(X0, Y0)
    x, y = (float(each) for each in other.to_xy(lon, lat))
    there = undisclosed_blocks(
        [ProtectedPlace("p", ProtectedClass.PROTECTED, shapely.Point(x, y).buffer(5), None, drawn=True)], other
    )
    here = undisclosed_blocks(
        [ProtectedPlace("p", ProtectedClass.PROTECTED, shapely.Point(X0, Y0).buffer(5), None, drawn=True)], CRS
    )
    ends = [np.column_stack(crs.to_lonlat(*np.array(shape.centroid.coords[0]))) for crs, shape in ((other, there), (CRS, here))]
    assert np.abs(ends[0] - ends[1]).max() < 1e-5


def test_that_the_margin_holds_a_place_however_large_and_open_places_have_no_block():
    large = place(0, 0, size_m=700.0)
    assert undisclosed_blocks([large], CRS).covers(large.ground)
    assert undisclosed_blocks([place(0, 0, hides_people=False)], CRS).is_empty
