"""Coordinate systems: longitude and latitude to project metres and back, always in the order x east, y north."""

import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from pyproj import CRS, Geod, Proj, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

# Undo the shift that Chinese map providers put on coordinates: GCJ-02, and BD-09 on top of it.
#
# The shift is 300 to 860 m. The formulas are the ones that circulate publicly; there is no official text.

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
    x, y, shifted = lon - 105.0, lat - 35.0, np.asarray((lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271))
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


def _waves(value: FloatArray, *terms: tuple[float, float]) -> FloatArray:
    total = np.zeros_like(value)
    for amplitude, period in terms:
        total = total + amplitude * np.sin(value * np.pi / period)
    return total * 2.0 / 3.0


def _north_shift_m(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return how far the offset of GCJ-02 moves a place to the north; x and y are degrees from 105 E, 35 N."""
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return np.asarray(plane + ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))


def _east_shift_m(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return how far the same moves it to the east."""
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return np.asarray(plane + ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))


GEOGRAPHIC = "EPSG:4326"
NOT_ON_GROUND = marked("{crs} is not a system of positions on the ground; use one in degrees or metres, such as EPSG:32632")
UNKNOWN = marked("{crs} is not a known coordinate system; write it as EPSG:32632")
_NAME = re.compile(r"[A-Za-z]+:\w+")
_HALF_TURN_DEG = 180.0
_STEP_NORTH_M = 100.0  # long enough to drown rounding, short enough that the grid line is straight
_WGS84 = Geod(ellps="WGS84")
_per_thread = threading.local()  # a Transformer must not be shared between threads


# What a person set for other programs (PROJ_NETWORK) would fetch grids of shifts from a server.
set_network_enabled(False)


@dataclass(frozen=True, slots=True)
class Crs:
    """A metric coordinate system, by authority string such as ``EPSG:32635``.

    Many national grids are northing first in EPSG; here x is east and y is north on purpose.
    """

    authority: str

    @property
    def title(self) -> str:
        """The system by authority and name, with the area it is meant for; the authority alone where it is unknown."""
        found = _named(self.authority)
        if found is None:
            return self.authority
        area = found.area_of_use.name if found.area_of_use is not None else ""
        return f"{self.authority}, {found.name}" + (f" ({area})" if area else "")

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return project metres of WGS84 degrees; ``inf`` where the projection is not defined."""
        return transform(GEOGRAPHIC, self.authority, lon, lat)

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return WGS84 degrees of project metres."""
        return transform(self.authority, GEOGRAPHIC, x, y)

    def from_lonlat(self, lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return project metres of WGS84 degrees."""
        return transform(GEOGRAPHIC, self.authority, lon, lat)

    def convergence_deg(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the true azimuth of grid north: true azimuth = grid azimuth + convergence.

        Positive east of the central meridian in the northern hemisphere (+0.66 at New York in UTM 18N).
        """
        east, north = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        if east.size == 1:  # of one camera it is asked again and again
            return np.full(east.shape, _convergence_deg(self.authority, float(east.flat[0]), float(north.flat[0])))
        return self._convergence_deg(east, north)

    def _convergence_deg(self, east: FloatArray, north: FloatArray) -> FloatArray:
        lon, lat = self.to_lonlat(
            np.stack([east, east]), np.stack([north, north + _STEP_NORTH_M])
        )  # a call costs more than a point
        azimuth, _, _ = _WGS84.inv(lon[0], lat[0], lon[1], lat[1])
        return np.asarray(azimuth, float)


@lru_cache(maxsize=1024)
def _convergence_deg(authority: str, x: float, y: float) -> float:
    return float(Crs(authority)._convergence_deg(np.array([x]), np.array([y]))[0])


def transform(source: str, target: str, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return coordinates of one system in another, east first in both; same shape as the input."""
    if source == target:
        return np.array(x, float), np.array(y, float)
    new_x, new_y = _transformer(source, target).transform(np.asarray(x, float), np.asarray(y, float))
    return np.asarray(new_x, float), np.asarray(new_y, float)


def _transformer(source: str, target: str) -> Transformer:
    cache: dict[tuple[str, str], Transformer] = _per_thread.__dict__.setdefault("transformers", {})
    if (source, target) not in cache:
        cache[source, target] = Transformer.from_crs(source, target, always_xy=True)
    return cache[source, target]


def choose_crs(lon: ArrayLike, lat: ArrayLike, national_grid: str = "") -> str:
    """Return the project's system: the national grid where it covers the data's middle, else the UTM zone of the middle.

    Parameters
    ----------
    lon, lat : positions of the data in degrees; their median is the middle, so that one stray point does not move it.
    """
    middle_lon, middle_lat = middle_of(lon, lat)
    if national_grid:
        check_metric(national_grid)
        area = CRS.from_user_input(national_grid).area_of_use
        if area is None or (area.west <= middle_lon <= area.east and area.south <= middle_lat <= area.north):
            return national_grid
    return _utm(middle_lon, middle_lat)


def middle_of(lon: ArrayLike, lat: ArrayLike) -> tuple[float, float]:
    """Return the median longitude and latitude in degrees; data on both sides of the 180th meridian have theirs there.

    >>> middle_of([179.75, -179.75, -179.5], [-16.5, -16.5, -16.5])
    (-179.75, -16.5)
    """
    lons = np.asarray(lon, float)
    if np.ptp(lons) > _HALF_TURN_DEG:
        lons = lons % (2.0 * _HALF_TURN_DEG)
    middle = float(np.median(lons))
    return middle - (2.0 * _HALF_TURN_DEG if middle > _HALF_TURN_DEG else 0.0), float(np.median(np.asarray(lat, float)))


def length_error(authority: str, lon: float, lat: float) -> float:
    """Return by what share lengths in a system are wrong at a place in degrees, ``inf`` where it cannot show the place.

    A UTM zone is off by 0.0004 in its middle and 0.001 at its edges; two zones away it is off by 0.02 and more.
    """
    try:
        scales = Proj(authority).get_factors(lon, lat, errcheck=True)
    except ProjError:
        return math.inf
    return max(abs(scales.meridional_scale - 1.0), abs(scales.parallel_scale - 1.0))


def _utm(lon: float, lat: float) -> str:
    if lat >= 84.0:
        return "EPSG:32661"
    if lat < -80.0:
        return "EPSG:32761"
    zone = min(60, int((lon + 180.0) // 6.0) + 1)
    if 56.0 <= lat < 64.0 and 3.0 <= lon < 12.0:
        zone = 32  # south-west Norway lies in one zone by agreement
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def check_metric(authority: str) -> None:
    """Refuse what is no metric map grid.

    Raises
    ------
    InputError
        The system is unknown, geographic, web Mercator (its metres are up to twice too long), or not in metres.
    """
    fault = _metric_fault(authority)
    if fault:
        raise InputError(Fault(fault, params={"crs": authority}))


def is_metric(authority: str) -> bool:
    """Say whether a system can be a project's: a map grid that counts in true metres."""
    return not _metric_fault(authority)


def counts_in_feet(system: str) -> bool:
    """Say whether a system's coordinates are feet, as those of many states of the USA are."""
    return any("foot" in axis.unit_name.lower() for axis in CRS.from_user_input(system).axis_info[:2])


def is_on_earth(system: str) -> bool:
    """Say whether positions in a system can be given as longitude and latitude; a site's own grid and "undefined" cannot."""
    try:
        _transformer(system, GEOGRAPHIC)
    except ProjError:
        return False
    return not CRS.from_user_input(system).name.casefold().startswith("undefined")  # what GeoPackage calls its numbers 0 and -1


def check_known(authority: str) -> None:
    """Refuse a system that does not exist, or that is none of positions on the ground; one in degrees is good enough for data.

    Raises
    ------
    InputError
        The system is unknown, or counts heights alone, from the middle of the earth, or on a site of its own.
    """
    crs = _named(authority)
    if crs is None:
        raise InputError(Fault(UNKNOWN, params={"crs": authority}))
    if not (crs.is_geographic or crs.is_projected):
        raise InputError(Fault(NOT_ON_GROUND, params={"crs": authority}))


def _named(authority: str) -> CRS | None:
    """Return the system of an authority and its code; None for a bare number or a definition, which no project file can name."""
    try:
        return CRS.from_user_input(authority) if _NAME.fullmatch(authority) else None
    except CRSError:
        return None


def _metric_fault(authority: str) -> str:
    crs = _named(authority)
    if crs is None:
        return UNKNOWN
    if not crs.is_projected:
        return "{crs} is in degrees; a project needs a metric coordinate system such as a UTM zone"
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    if "Pseudo Mercator" in method or crs.to_epsg() == 3395 or "world mercator" in crs.name.lower():
        return "{crs} is a world Mercator system and distorts lengths; use a UTM zone or the national grid"
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return "{crs} is not in metres; a project needs a metric coordinate system"
    return ""
