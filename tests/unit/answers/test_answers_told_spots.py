"""What may be told of a spot: one rule, and near places that are told of by block alone the same silence for every spot."""

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, layer, reference_data, town

from lhasaplan.core.audit.assess import make_context, who_sees
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.exposure.who_sees import spot_rule
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.spot_disclosure import Hush
from lhasaplan.core.protection.undisclosed import untold_blocks

CRS = Crs("EPSG:32635")


def city_with(*cameras, **tags):
    return make_context(town(cameras=cameras, places=layer("places", ("n1", box(10, 10, 20, 20), tags))), reference_data(), False)


def place(x, y, size_m=10.0, discreet=True):
    ground = shapely.box(X0 + x, Y0 + y, X0 + x + size_m, Y0 + y + size_m)
    return ProtectedPlace("p", ProtectedClass.PROTECTED, ground, None, discreet=discreet)


def test_that_a_mapped_place_silences_its_ground_alone():
    city = city_with(camera(), amenity="grave_yard")
    assert [w.distance_m for w in who_sees(city, X0, Y0 + 30)] == [pytest.approx(30.0)]
    assert [w.distance_m for w in who_sees(city, X0 + 10.5, Y0 + 19)] == [None]


def test_that_near_a_refuge_every_spot_is_told_alike():
    city = city_with(camera(), amenity="womens_refuge")
    told = {
        (w.certainty, w.distance_m, w.reason, w.density_px_m[0]) for y in (11, 15, 25) for w in who_sees(city, X0 + 1, Y0 + y)
    }
    # 1423.26 px over 11, 15 and 25 m: 129, 95 and 57 px/m, each in its class.
    assert told == {("certain", None, "", each) for each in (125.0, 62.5, 25.0)}


def test_that_a_camera_far_from_every_refuge_tells_all():
    city = city_with(camera("far", x=2000.0), amenity="womens_refuge")
    assert [w.distance_m for w in who_sees(city, X0 + 2000.0, Y0 + 10)] == [pytest.approx(10.0)]
    rule = spot_rule(city)
    assert rule.hush(city.view_table.views, np.array([False])) is Hush.NONE
    assert rule.hush(city.view_table.views, np.array([False, True])) is Hush.DENSITY


def test_that_two_places_in_one_block_silence_the_same_ground():
    # The middle of the block in which the town's middle lies.
    (west, south, east, north) = untold_blocks([place(0, 0)], CRS).bounds
    assert (east - west, north - south) == (pytest.approx(400.0, abs=15.0), pytest.approx(400.0, abs=15.0))
    middle = (west + east) / 2 - X0, (south + north) / 2 - Y0
    two = [untold_blocks([place(middle[0] + dx, middle[1] + dy)], CRS) for dx, dy in ((-80, 40), (60, -85))]
    assert two[0].equals(two[1])


def test_that_a_block_is_the_same_in_every_coordinate_system():
    other = Crs("EPSG:3035")
    lon, lat = CRS.to_lonlat(X0, Y0)
    x, y = (float(each) for each in other.to_xy(lon, lat))
    there = untold_blocks([ProtectedPlace("p", ProtectedClass.PROTECTED, shapely.Point(x, y).buffer(5), None, drawn=True)], other)
    here = untold_blocks([ProtectedPlace("p", ProtectedClass.PROTECTED, shapely.Point(X0, Y0).buffer(5), None, drawn=True)], CRS)
    ends = [np.column_stack(crs.to_lonlat(*np.array(shape.centroid.coords[0]))) for crs, shape in ((other, there), (CRS, here))]
    assert np.abs(ends[0] - ends[1]).max() < 1e-5


def test_that_the_margin_holds_a_place_however_large_and_open_places_have_no_block():
    large = place(0, 0, size_m=700.0)
    assert untold_blocks([large], CRS).covers(large.ground)
    assert untold_blocks([place(0, 0, discreet=False)], CRS).is_empty
