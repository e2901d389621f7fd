"""Understand what files say of their coordinate system, and propose systems that set coordinates where they belong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.content import content_folder
from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, choose_crs, transform
from lhasaplan.core.base.spelling import unaccented
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.toml_file import TomlTable, read_toml

# Understand what files say of their coordinate system: Chinese datums, EPSG codes, names of grids, zones of eastings.

# Find the coordinate system that a GeoJSON names: GDAL takes one that it does not know for longitude and latitude.
_JSON = (".geojson", ".json", ".geojsonl")
_ENDS = 1 << 16  # bytes at the beginning and the end of the file in which the member stands
_MEMBER = re.compile(rb'"crs"\s*:\s*\{[^{}]*"properties"\s*:\s*\{[^{}]*"(?:name|href|code)"\s*:\s*"?([^"{},]+)')
_UNKNOWN = marked(
    "this file names the coordinate system {name}, which is not known here; "
    "give the right one as --crs EPSG:n if its positions are wrong"
)


def unknown_system(path: Path) -> tuple[Fault, ...]:
    """Return a remark where a GeoJSON names a system that is not known."""
    if path.suffix.casefold() not in _JSON:
        return ()
    with path.open("rb") as stream:
        start = stream.read(_ENDS)
        stream.seek(max(0, path.stat().st_size - _ENDS))
        found = _MEMBER.search(start) or _MEMBER.search(stream.read())
    name = found[1].decode("utf-8", "replace").strip() if found else ""
    return () if not name or _is_known(name) else (Fault(_UNKNOWN, Where(path.name), {"name": name}),)


def _is_known(name: str) -> bool:
    try:
        CRS.from_user_input(f"EPSG:{name}" if name.isdigit() else name)
    except CRSError:
        return False
    return True


WGS84 = "wgs84"
_EPSG = re.compile(r"^(?:.*\bepsg\b\W*)?(\d{4,6})$", re.IGNORECASE)
_UTM = re.compile(r"utm(?:zone)?(\d{1,2})([a-z])?")
_UTM_BASES = {"etrs89": (25800, 28, 38), "nad83": (26900, 1, 23), "ed50": (23000, 28, 38)}  # word: code of zone 0, its zones
_SHORTEST = 3  # letters of a word that may be part of a heading


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system, and the shift of a Chinese datum (``gcj02`` or ``bd09``) that its degrees still have."""

    crs: str = GEOGRAPHIC
    shift: str = ""


@cache
def content() -> TomlTable:
    """Return what ``data/systems.toml`` says."""
    return read_toml(content_folder("data") / "systems.toml")[0]


def plain(text: str) -> str:
    """Return a text without case, accents, spaces and signs; what stands in brackets stays.

    >>> plain("Gauß-Krüger (Zone 3)")
    'gausskrugerzone3'
    """
    return "".join(filter(str.isalnum, unaccented(text)))


@cache
def _words() -> Mapping[str, System]:
    """Return every word that names a system, the longest first."""
    shifted = {plain(word): System(shift=shift) for shift, words in content()["shifted"].items() for word in words}
    named = {plain(word): System(crs) for crs, words in content()["named"].items() for word in words}
    both = {**named, **shifted}
    return {word: both[word] for word in sorted(both, key=len, reverse=True)}


def system_of(text: str) -> System | None:
    """Return the one system that a cell names; None where it names none, or several.

    >>> system_of("GCJ-02坐标系"), system_of("epsg:2154"), system_of("GCJ-02 -> WGS84")
    (System(crs='EPSG:4326', shift='gcj02'), System(crs='EPSG:2154', shift=''), None)
    """
    if code := _EPSG.match(text.strip()):
        return _coded(f"EPSG:{code[1]}")
    bare = plain(text)
    if (known := _words().get(_without_fillers(bare)) or _words().get(bare)) is not None:
        return known
    if found := _UTM.search(bare):
        return _utm(int(found[1]), found[2] or "", bare)
    if (named := _by_its_name(text)) is not None:
        return named
    said = systems_in(bare)
    return said[0] if len(said) == 1 else None


@cache
def _coded(code: str) -> System | None:
    try:
        CRS.from_user_input(code)
    except CRSError:
        return None
    return System(GEOGRAPHIC if code == "EPSG:4979" else code)


@cache
def _by_its_name(text: str) -> System | None:
    """Return the system whose name in the register of EPSG this is, letter by letter."""
    try:
        crs = CRS.from_user_input(text)
    except (CRSError, UnicodeError):
        return None
    code = crs.to_authority()
    return System(":".join(code)) if code and plain(crs.name) == plain(text) else None


def _utm(zone: int, letter: str, bare: str) -> System | None:
    """Return a zone of UTM; an S may be a band of the north or mean the south, and no letter says nothing, so neither is read."""
    for word, (zero, low, high) in _UTM_BASES.items():
        if word in bare:
            return System(f"EPSG:{zero + zone}") if low <= zone <= high else None
    if not 1 <= zone <= 60 or not letter or letter in "sio":
        return None
    return System(f"EPSG:{(32600 if letter >= 'n' else 32700) + zone}")


def _without_fillers(bare: str) -> str:
    for word in content()["fillers"]["words"]:
        bare = bare.replace(plain(word), "")
    return bare


def systems_in(bare: str) -> list[System]:
    """Return the systems whose words are part of a plain text, each once."""
    found: list[System] = []
    for word, system in _words().items():
        if len(word) >= (_SHORTEST if word.isascii() else 2) and word in bare:
            bare = bare.replace(word, " ")
            found += [system] if system not in found else []
    return found


def mentioned(text: str) -> tuple[str, ...]:
    """Return the shifted datums that a sentence speaks of; numbers of things that look like one are none.

    >>> mentioned("converted from GCJ-02 to WGS 84"), mentioned("BD-08, BD-09"), mentioned("gate")
    (('gcj02',), (), ())
    """
    small, mentions = text.casefold(), content()["mentions"]
    found = (shift for shift in content()["shifted"] if any(word in small for word in mentions[shift]))
    return tuple(shift for shift in found if shift != "bd09" or not re.search(mentions["series"], small))


@cache
def heading_system(heading: str) -> tuple[System | None, str]:
    """Return the system that a heading names, None for none, and the heading without it, plain.

    >>> heading_system("lng_gcj02")
    (System(crs='EPSG:4326', shift='gcj02'), 'lng')
    >>> heading_system("X Lambert 93")
    (System(crs='EPSG:2154', shift=''), 'x')
    """
    if code := re.search(r"epsg\W*(\d{4,6})", heading, re.IGNORECASE):
        return _coded(f"EPSG:{code[1]}"), plain(heading.replace(code[0], ""))
    parts = [plain(part) for part in re.split(r"[\W_]+", heading) if part]
    for sign, shift in content()["heading_signs"].items():
        if len(parts) > 1 and sign in (parts[0], parts[-1]):
            return System(shift="" if shift == WGS84 else shift), "".join(part for part in parts if part != sign)
    bare = plain(heading)
    found = systems_in(bare)
    if len(found) != 1:
        return None, bare
    for word, system in _words().items():
        if system == found[0]:
            bare = bare.replace(word, "")
    return found[0], bare


@cache
def is_geographic(crs: str) -> bool:
    """Say whether a system counts in degrees."""
    return bool(CRS.from_user_input(crs).is_geographic)


def sister(crs: str, zone: int) -> str:
    """Return the zone of that number of the grid that a zone belongs to; of a datum, its grid of such zones with their prefix.

    >>> sister("EPSG:32631", 30), sister("EPSG:4546", 38), sister("EPSG:4490", 38), sister("EPSG:2154", 30)
    ('EPSG:32630', 'EPSG:4547', 'EPSG:4526', '')
    """
    number = int(crs.rpartition(":")[2]) if crs.rpartition(":")[2].isdigit() else 0
    for family in content()["zones"]:
        low, high = family["codes"]
        code = low + zone - family["first"]
        if low <= code <= high and (low <= number <= high or family["base"] == crs):
            return f"EPSG:{code}"
    return ""


@cache
def false_east_m(crs: str) -> float | None:
    """Return the false easting of a transverse Mercator grid in metres; None for any other system."""
    return _parameters(crs).get("False easting")


@cache
def own_zones(crs: str) -> frozenset[int]:
    """Return the numbers under which the zone of a grid without prefix is known: by UTM, or by 3 and 6 degrees of Gauß-Krüger."""
    values = _parameters(crs)
    middle, scale = values.get("Longitude of natural origin"), values.get("Scale factor at natural origin", 1.0)
    if middle is None or values.get("False easting") != 500_000.0:
        return frozenset()
    numbers = ((middle + 183.0) / 6.0,) if scale < 1.0 else (middle / 3.0, (middle + 3.0) / 6.0)
    return frozenset(int(number) for number in numbers if number.is_integer() and number > 0)


@cache
def _parameters(crs: str) -> dict[str, float]:
    operation = CRS.from_user_input(crs).coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return {}
    return {each.name: float(each.value) for each in operation.params}


# Propose the systems that coordinates may be in: those that set them where they belong, or at least into their own area.

# Find out which way a heading counts: X(北) of Chinese surveyors, X (Hochwert) and Y / Easting name the axis beside a letter.
_AXES = ("lon", "lat", "x_m", "y_m")
_LETTERS = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")


@cache
def _likely_systems_words() -> tuple[Mapping[str, str], frozenset[str]]:
    """Return word -> axis, and the words that say nothing of the axis."""
    axes = read_toml(content_folder("data") / "columns.toml")[0]["axes"]
    return {unaccented(word): axis for axis in _AXES for word in axes[axis]}, frozenset(
        unaccented(word) for word in axes["beside"]
    )


@cache
def axis_of(heading: str) -> str | None:
    """Return the column that a heading of nothing but an axis means; None where it names no axis, or two.

    A letter alone is none: N may be a number.

    >>> axis_of("X(北)"), axis_of("Y (Easting)"), axis_of("X"), axis_of("纵坐标X(m)"), axis_of("North gate")
    ('y_m', 'x_m', None, 'y_m', None)
    """
    axes, beside = _likely_systems_words()
    parts = [part for piece in _LETTERS.findall(unaccented(heading)) for part in _split(piece)]
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
    axes, beside = _likely_systems_words()
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
