"""Facts about coordinates: axes, convergence, refusals, Chinese datums."""

import threading

import numpy as np
import pytest

from lhasaplan.core.base.crs import (
    Crs,
    bd09_from_gcj02,
    check_known,
    check_metric,
    choose_crs,
    gcj02_from_wgs84,
    undo_bd09,
    undo_gcj02,
)
from lhasaplan.errors import InputError


def test_that_a_northing_first_grid_still_gives_east_first():
    x, y = Crs("EPSG:3035").to_xy(10.0, 52.0)  # LAEA Europe's origin: 4,321,000 east, 3,210,000 north
    assert float(x) == pytest.approx(4_321_000.0, abs=0.01)
    assert float(y) == pytest.approx(3_210_000.0, abs=0.01)


def test_that_the_central_meridian_has_no_convergence():
    crs = Crs("EPSG:32633")
    assert float(crs.convergence_deg(*crs.to_xy(15.0, 48.0))) == pytest.approx(0.0, abs=1e-6)


def test_that_convergence_at_new_york_is_the_published_two_thirds_of_a_degree():
    crs = Crs("EPSG:32618")
    assert float(crs.convergence_deg(*crs.to_xy(-73.985, 40.75))) == pytest.approx(0.66, abs=0.005)


def test_that_true_azimuth_is_grid_azimuth_plus_convergence():
    crs = Crs("EPSG:32618")
    x, y = crs.to_xy(-73.985, 40.75)
    x_north, y_north = crs.to_xy(-73.985, 40.751)  # a step to true north
    grid_azimuth = np.degrees(np.arctan2(x_north - x, y_north - y))
    assert float(grid_azimuth + crs.convergence_deg(x, y)) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    "authority", ["EPSG:4326", "EPSG:3857", "EPSG:3395", "EPSG:2263", "EPSG:1", "nonsense", "32635", "+proj=utm +zone=35"]
)
def test_that_what_is_no_metric_grid_is_refused(authority):
    with pytest.raises(InputError):
        check_metric(authority)


@pytest.mark.parametrize("authority", ["EPSG:99999", "nonsense"])
def test_that_a_system_that_does_not_exist_is_unknown(authority):
    with pytest.raises(InputError, match="not a known coordinate system"):
        check_known(authority)
    check_known("EPSG:4326")  # data may be in degrees


@pytest.mark.parametrize("authority", ["EPSG:32635", "EPSG:27700", "EPSG:2154", "EPSG:25832", "EPSG:3067"])
def test_that_utm_and_national_grids_are_metric(authority):
    check_metric(authority)


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        (24.94, 60.17, "EPSG:32635"),  # (24.94 + 180) / 6 = 34.2: zone 35
        (91.1, 29.65, "EPSG:32646"),  # 271.1 / 6 = 45.2: zone 46
        (-70.7, -33.4, "EPSG:32719"),
        (5.3, 60.4, "EPSG:32632"),  # Bergen lies in zone 32 by agreement
        (179.99, 1.0, "EPSG:32660"),
        (180.0, 1.0, "EPSG:32660"),
    ],
)
def test_that_the_utm_zone_is_that_of_the_middle(lon, lat, expected):
    assert choose_crs([lon], [lat]) == expected


def test_that_a_national_grid_is_taken_where_it_covers_the_data_and_only_there():
    assert choose_crs(2.35, 48.85, "EPSG:2154") == "EPSG:2154"
    assert choose_crs(24.94, 60.17, "EPSG:2154") == "EPSG:32635"


def test_that_one_stray_point_does_not_move_the_zone():
    assert choose_crs([24.9, 24.95, 0.0], [60.1, 60.2, 0.0]) == "EPSG:32635"


def test_that_gcj02_agrees_with_the_pair_that_is_published():
    # eviltransform's example: 31.1774276, 121.5272106 -> 31.17530398364597, 121.531541859215
    lon, lat = gcj02_from_wgs84(np.array([121.5272106]), np.array([31.1774276]))
    assert (lon[0], lat[0]) == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-10)


def test_that_nothing_is_shifted_outside_china():
    assert [float(value[0]) for value in undo_gcj02([2.35], [48.85])] == [2.35, 48.85]


def test_that_bd09_is_undone_to_less_than_a_centimetre():
    lon, lat = np.array([91.1, 116.39, 121.47]), np.array([29.65, 39.9, 31.23])
    back = undo_bd09(*bd09_from_gcj02(*gcj02_from_wgs84(lon, lat)))
    assert np.abs(back[0] - lon).max() < 1e-7
    assert np.abs(back[1] - lat).max() < 1e-7


def test_that_threads_do_not_share_transformers():
    found = []
    threads = [threading.Thread(target=lambda: found.append(Crs("EPSG:32632").to_xy(9.0, 45.0)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [round(float(x)) for x in found] == [500_000] * 4
