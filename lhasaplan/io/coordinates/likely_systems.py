"""Propose the systems that coordinates may be in: those that set them where they belong, or at least into their own area."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice

import numpy as np
from pyproj import CRS

from lhasaplan.content import content_folder
from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, choose_crs, transform
from lhasaplan.io.coordinates.systems import content, false_east_m, is_geographic, own_zones, sister
from lhasaplan.io.parse.toml_file import read_toml

# Find out which way a heading counts: X(北) of Chinese surveyors, X (Hochwert) and Y / Easting name the axis beside a letter.

_AXES = ("lon", "lat", "x_m", "y_m")
_LETTERS = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")


@cache
def _words() -> tuple[Mapping[str, str], frozenset[str]]:
    """Return word -> axis, and the words that say nothing of the axis."""
    axes = read_toml(content_folder("data") / "columns.toml")[0]["axes"]
    return {plain(word): axis for axis in _AXES for word in axes[axis]}, frozenset(plain(word) for word in axes["beside"])


def plain(text: str) -> str:
    """Return a heading without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def axis_of(heading: str) -> str | None:
    """Return the column that a heading of nothing but an axis means; None where it names no axis, or two.

    A letter alone is none: N may be a number.

    >>> axis_of("X(北)"), axis_of("Y (Easting)"), axis_of("X"), axis_of("纵坐标X(m)"), axis_of("North gate")
    ('y_m', 'x_m', None, 'y_m', None)
    """
    axes, beside = _words()
    parts = [part for piece in _LETTERS.findall(plain(heading)) for part in _split(piece)]
    found = {axes[part] for part in parts if part in axes}
    is_plain = all(part in axes or part in beside for part in parts)
    named = [part for part in parts if part in axes]
    if len(found) != 1 or not is_plain or (len(parts) == 1 and len(parts[0]) == 1 and parts[0].isascii()):
        return None
    return found.pop() if any(len(part) > 1 or not part.isascii() or len(parts) > 1 for part in named) else None


def _split(piece: str) -> list[str]:
    """Return the words of a run of letters: Chinese has no spaces between them."""
    if piece.isascii():
        return [piece]
    axes, beside = _words()
    pattern = "|".join(sorted((word for word in (*axes, *beside) if not word.isascii()), key=len, reverse=True))
    rest = re.sub(pattern, "", piece)
    return [*re.findall(pattern, piece), *([rest] if rest else [])]


MOST = 3  # proposals in a sentence
PAD_DEG = 3.0  # so far beyond its own area a grid is still used
_MILLION = 1_000_000.0


def in_area(crs: str, lon: FloatArray, lat: FloatArray, pad_deg: float = PAD_DEG) -> BoolArray:
    """Say which positions in degrees lie in the area that a system is made for, or a little beyond."""
    known = np.isfinite(lon) & np.isfinite(lat)
    area = CRS.from_user_input(crs).area_of_use
    if area is None:
        return known
    width = (area.east - area.west) % 360.0 or 360.0
    east = (np.where(known, lon, 0.0) - area.west + pad_deg) % 360.0 <= min(width + 2.0 * pad_deg, 360.0)
    return known & east & (lat >= area.south - pad_deg) & (lat <= area.north + pad_deg)


def fits(crs: str, x: FloatArray, y: FloatArray, pad_deg: float = PAD_DEG) -> BoolArray:
    """Say which coordinates lie where a system is made for."""
    if is_geographic(crs):
        return np.asarray((abs(x) <= 180.0) & (abs(y) <= 90.0))
    lon, lat = transform(crs, GEOGRAPHIC, x, y)
    return in_area(crs, lon, lat, pad_deg)


def likely_systems(x: float, y: float, home: str = "") -> tuple[str, ...]:
    """Return the few systems that coordinates may be in.

    Parameters
    ----------
    home : the project's system; only what comes to lie in its area is proposed. Without one every grid is, in whose own area
        the coordinates lie.

    Examples
    --------
    >>> likely_systems(2.35, 48.85, "EPSG:2154"), likely_systems(38_512_345.0, 3_380_000.0)
    (('EPSG:4326',), ('EPSG:4526',))
    """
    found = (each for each in dict.fromkeys(_candidates(x, y, home)) if _is_likely(each, x, y, home))
    return tuple(islice(found, MOST))


def _is_likely(crs: str, x: float, y: float, home: str) -> bool:
    zone = int(x // _MILLION)
    if zone > 0 and int((false_east_m(crs) or 0.0) // _MILLION) != zone:  # a prefix is read off, where the zone has that number
        x = x - zone * _MILLION if zone in own_zones(crs) else x
    lon, lat = transform(crs, GEOGRAPHIC, np.array([x]), np.array([y]))
    if not in_area(crs, lon, lat, 0.0).all() or (home and not in_area(home, lon, lat, 0.0).all()):
        return False
    back_x, back_y = transform(GEOGRAPHIC, crs, lon, lat)  # beyond the edge of the world longitudes begin anew
    return bool(np.hypot(back_x - x, back_y - y)[0] < 1.0)


def _candidates(x: float, y: float, home: str) -> Sequence[str]:
    zone = int(x // _MILLION)
    prefixed = (
        [grid for grid in (sister(base, zone) for base in ("EPSG:4314", "EPSG:4490", "EPSG:25828", "EPSG:32601")) if grid]
        if zone > 0
        else []
    )
    if abs(x) <= 180.0 and abs(y) <= 90.0:
        return (GEOGRAPHIC,)
    return (*([home] if home else []), *prefixed, *_utm_at(home), *content()["grids"]["crs"])


def _utm_at(home: str) -> Sequence[str]:
    """Return the zones of UTM at and beside the middle of the project's area, whichever hemisphere."""
    area = CRS.from_user_input(home).area_of_use if home else None
    if area is None:
        return ()
    lon, lat = (area.west + area.east) / 2.0, (area.south + area.north) / 2.0
    return tuple(choose_crs([min(max(lon + turn, -180.0), 179.9)], [lat]) for turn in (0.0, -6.0, 6.0))


def proposed(x: float, y: float, home: str = "") -> str:
    """Return the proposals in a line; ``EPSG:n`` where there are none."""
    return ", ".join(likely_systems(x, y, home)) or "EPSG:n"
