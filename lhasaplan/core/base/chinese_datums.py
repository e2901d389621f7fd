"""Undo the shift that Chinese map providers put on coordinates: GCJ-02, and BD-09 on top of it.

The shift is 300 to 860 m. The formulas are the ones that circulate publicly; there is no official text.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lhasaplan.core.base.arrays import BoolArray, FloatArray

_AXIS_M, _ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323  # Krasovsky ellipsoid
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_STEPS = 4  # each step shrinks the error by about 1,000; four end below 1e-9 degrees

Pair = tuple[FloatArray, FloatArray]


def undo_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return WGS84 degrees of GCJ-02 degrees; outside the box of mainland China nothing is shifted."""
    return _undo(gcj02_from_wgs84, np.asarray(lon, float), np.asarray(lat, float))


def undo_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return WGS84 degrees of BD-09 degrees (the closed inverse errs by 0.1 m, so this one iterates too)."""
    return undo_gcj02(*_undo(bd09_from_gcj02, np.asarray(lon, float), np.asarray(lat, float)))


def _undo(shift: Callable[[FloatArray, FloatArray], Pair], lon: FloatArray, lat: FloatArray) -> Pair:
    guess_lon, guess_lat = lon, lat
    for _ in range(_STEPS):
        shifted_lon, shifted_lat = shift(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - shifted_lon, guess_lat + lat - shifted_lat
    return guess_lon, guess_lat


def gcj02_from_wgs84(lon: FloatArray, lat: FloatArray) -> Pair:
    """Return GCJ-02 degrees of WGS84 degrees."""
    x, y, shifted = lon - 105.0, lat - 35.0, _in_box(lon, lat)
    sine = np.sin(np.radians(lat))
    magic = 1.0 - _ECCENTRICITY_SQUARED * sine * sine
    north_m, east_m = _north_shift_m(x, y), _east_shift_m(x, y)
    lat_deg = np.degrees(north_m * magic * np.sqrt(magic) / (_AXIS_M * (1.0 - _ECCENTRICITY_SQUARED)))
    lon_deg = np.degrees(east_m * np.sqrt(magic) / (_AXIS_M * np.cos(np.radians(lat))))
    return lon + np.where(shifted, lon_deg, 0.0), lat + np.where(shifted, lat_deg, 0.0)


def bd09_from_gcj02(lon: FloatArray, lat: FloatArray) -> Pair:
    """Return BD-09 degrees of GCJ-02 degrees."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _in_box(lon: FloatArray, lat: FloatArray) -> BoolArray:
    return np.asarray((lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271))


def _waves(value: FloatArray, *terms: tuple[float, float]) -> FloatArray:
    total = np.zeros_like(value)
    for amplitude, period in terms:
        total = total + amplitude * np.sin(value * np.pi / period)
    return total * 2.0 / 3.0


def _north_shift_m(x: FloatArray, y: FloatArray) -> FloatArray:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return np.asarray(plane + ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))


def _east_shift_m(x: FloatArray, y: FloatArray) -> FloatArray:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return np.asarray(plane + ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
