"""Read one cell: numbers with point or comma, dates, words, compass points, masks. None means it cannot be read."""

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import shapely

Ring = tuple[tuple[float, float], ...]

_WINDS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
# Words of the four languages that mean one direction only; French and German "O" do not.
_POINTS = {
    "n": ("north", "nord", "北"),
    "e": ("east", "est", "ost", "东"),
    "s": ("south", "sud", "süd", "sued", "南"),
    "w": ("west", "ouest", "西"),
}
_LETTERS = {name: letter for letter, names in _POINTS.items() for name in (letter, *names)}
_LETTER = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_NUMBER = re.compile(r"^([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?)\s*([^\d\s].*)?$")
_BETWEEN = re.compile(r"\s*(?:[-‐‑–—~～]|\.\.\.?|\bto\b|\bbis\b|至|到)\s*")
_GROUPED = re.compile(
    r"^(?P<whole>[-+]?\d{1,3}(?P<sign>[.,'’\u00a0\u2009\u202f ])\d{3}(?:(?P=sign)\d{3})*)(?!\d)(?P<point>[.,]?)"
)
_ONE_SIGN = re.compile(r"^([-+]?[1-9]\d{0,2})[.,](\d{3})(?=\s*\D*$)")
_ARC = re.compile(
    r"""^-?(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*°?\s*(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'\s*)?"""
    r"""(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*"\s*)?(?P<side>[NSEWnsew])?$"""
)
_LOOSE_SIDE = re.compile(r"^(?P<side>[NSEWnsew]|北纬|南纬|东经|西经|北緯|南緯|東經|西經)\s*[:：]?\s*(?P<rest>\d.*)$")
_CHINESE_SIDES = {"北": "N", "南": "S", "东": "E", "西": "W", "東": "E"}
_ARC_SIGNS = str.maketrans(
    {
        "’": "'",
        "′": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "″": '"',
        "”": '"',
        "“": '"',
        "º": "°",
        "˚": "°",
        "度": "°",
        "分": "'",
        "秒": '"',
    }
)
_SPACED = re.compile(r"^(-?\d{1,3})[:\s]\s*(\d{1,2})[:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*([NSEWnsew]?)$")
_SPACED_MINUTES = re.compile(r"^(-?\d{1,3})[:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*([NSEWnsew])$")
_DAY_FORMS = (
    re.compile(r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ].*)?$"),
    re.compile(r"^(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]$"),
    re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"),
    re.compile(r"^(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})$"),
)
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_SERIAL = re.compile(r"^\d{5}$")
_SERIALS = (25_569, 73_050)  # 1970 to 2099: a day as spreadsheets count it, which they show when the cell is no date any more
_SERIAL_ZERO = date(1899, 12, 30)
_SHORT = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?|年)?$")


@lru_cache(maxsize=4096)
def number(text: str, units: tuple[str, ...] = ()) -> float | None:
    """Return a finite number, with one of the units behind it or none.

    >>> number("12,5 m", ("m",)), number("12 ft", ("m",))
    (12.5, None)
    """
    found = _NUMBER.match(_ungrouped(text.strip().replace("\u2212", "-")))
    if not found or (found[2] and found[2].strip().casefold() not in units):
        return None
    value = float(found[1].replace(",", "."))
    return value if math.isfinite(value) else None


def _ungrouped(text: str) -> str:
    """Return a number without the signs that part its thousands, where these cannot be taken for its decimal sign.

    >>> _ungrouped("5.645.678,5 m"), _ungrouped("1,234.5"), _ungrouped("682'345"), _ungrouped("1.234")
    ('5645678,5 m', '1234.5', '682345', '1.234')
    """
    found = _GROUPED.match(text)
    if not found or (found["sign"] in ".," and found["sign"] == found["point"]):
        return text
    is_clear = found["sign"] not in ".," or bool(found["point"]) or found["whole"].count(found["sign"]) > 1
    return found["whole"].replace(found["sign"], "") + text[found.end("whole") :] if is_clear else text


def in_thousands(text: str) -> str:
    """Return a number with one sign before its last three digits as thousands; any other text as it is.

    It may as well be a decimal: only what the number stands for can tell.

    >>> in_thousands("1,920"), in_thousands("1.080 px"), in_thousands("12,5")
    ('1920', '1080 px', '12,5')
    """
    return _ONE_SIGN.sub(r"\1\2", text.strip())


def compass_deg(text: str) -> float | None:
    """Return an azimuth of 0 to 360 from a number or a compass point such as ``NNE``, ``north-east`` or ``sud-ouest``.

    >>> compass_deg("NNE"), compass_deg("270°"), compass_deg("东北"), compass_deg("up")
    (22.5, 270.0, 45.0, None)
    """
    word = text.strip().casefold()
    plain = re.sub(r"[\s-]|^正", "", word)
    letters = "".join(_LETTERS[name] for name in _LETTER.findall(plain)) if _LETTER.sub("", plain) == "" else ""
    wind = letters[::-1] if plain[:1] in tuple("东西") else letters  # Chinese says east before north
    if wind in _WINDS:
        return _WINDS.index(wind) * 22.5
    value = number(word, ("°", "deg", "degrees"))
    return value if value is not None and 0.0 <= value <= 360.0 and "," not in word else None


def bearing_range_deg(text: str) -> tuple[float, float] | None:
    """Return first and last azimuth of a range such as ``239-284``; None for anything else, a compass point too.

    >>> bearing_range_deg("239-284"), bearing_range_deg("NW – 30°"), bearing_range_deg("north-east"), bearing_range_deg("-45")
    ((239.0, 284.0), (315.0, 30.0), None, None)
    """
    ends = [] if compass_deg(text) is not None else [compass_deg(each) for each in _BETWEEN.split(text.strip())]
    return (ends[0], ends[1]) if len(ends) == 2 and ends[0] is not None and ends[1] is not None else None


def arc_deg(text: str) -> float | None:
    r"""Return a longitude or latitude in degrees from degrees, minutes and seconds, or from a number with its side.

    >>> arc_deg("48°51'36\"N"), arc_deg("74.25 W"), arc_deg("12")
    (48.86, -74.25, None)
    >>> arc_deg("北纬30°15′"), arc_deg("N48 51 36"), arc_deg("48:51:36")
    (30.25, 48.86, 48.86)
    """
    text = _plain_arc(text)
    found = _ARC.match(text)
    if not found or not (found["side"] or found["minutes"]):
        return None
    degrees, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds"))
    if minutes >= 60.0 or seconds >= 60.0:
        return None
    is_negative = text.startswith("-") or (found["side"] or "").upper() in {"S", "W"}
    return round((abs(degrees) + minutes / 60.0 + seconds / 3600.0) * (-1.0 if is_negative else 1.0), 9)


def arc_side(text: str) -> str:
    """Return the side that a longitude or latitude names: N, S, E or W; empty for none.

    >>> arc_side("48.5 N"), arc_side("东经116.4"), arc_side("12")
    ('N', 'E', '')
    """
    plain = _plain_arc(text)
    return plain[-1].upper() if arc_deg(text) is not None and plain[-1:].upper() in {"N", "S", "E", "W"} else ""


def _plain_arc(text: str) -> str:
    """Return degrees, minutes and seconds in one way of writing: side behind, signs of ASCII."""
    plain = text.strip().replace("\u2212", "-").translate(_ARC_SIGNS).replace("''", '"').replace('""', '"')
    if front := _LOOSE_SIDE.match(plain):
        side = front["side"]
        plain = front["rest"].strip() + _CHINESE_SIDES.get(side[0], side)
    if spaced := _SPACED.match(plain):
        plain = f"{spaced[1]}°{spaced[2]}'{spaced[3]}\"{spaced[4]}"
    elif spaced := _SPACED_MINUTES.match(plain):
        plain = f"{spaced[1]}°{spaced[2]}'{spaced[3]}"
    return re.sub(r"^(\d[^a-z]*)[dD](?=\s*\d)", r"\1°", plain)


def pair(text: str) -> tuple[float, float] | None:
    """Return two numbers that stand in one cell, as ``(40.7128, -74.006)`` and ``48.85 2.35``; None for anything else.

    >>> pair("(40.7128, -74.006)"), pair("48,85; 2,35"), pair("12")
    ((40.7128, -74.006), (48.85, 2.35), None)
    """
    plain = text.strip().strip("()[]{}")
    signs = (";", ", ", ",", " ")
    parts = next((found for sign in signs if len(found := [each.strip() for each in plain.split(sign)]) == 2), [])
    both = [number(part) for part in parts]
    return (both[0], both[1]) if len(both) == 2 and both[0] is not None and both[1] is not None else None


def iso_date(text: str) -> str | None:
    """Return a date as YYYY-MM-DD (or YYYY-MM, YYYY); None when it is no date or day and month could be swapped.

    >>> iso_date("24.12.2020"), iso_date("2020年5月6日"), iso_date("05/06/2020"), iso_date("43957")
    ('2020-12-24', '2020-05-06', None, '2020-05-06')
    """
    text = text.strip()
    for form in _DAY_FORMS:
        if found := form.match(text):
            return _day(int(found["y"]), int(found["m"]), int(found["d"]))
    if found := _SLASHED.match(text):
        first, second, year = (int(part) for part in found.groups())
        if first == second or first > 12:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else None
    if _SERIAL.match(text) and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        return (_SERIAL_ZERO + timedelta(days=int(text))).isoformat()
    found = _SHORT.match(text)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return None
    return found[1] if not found[2] else f"{found[1]}-{int(found[2]):02d}"


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def word(text: str, vocabulary: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the canonical word that a text means, or None.

    >>> word("Poteau", {"pole": ("poteau", "mast")})
    'pole'
    """
    wanted = _folded(text)
    for canonical, words in vocabulary.items():
        if wanted == _folded(canonical) or any(wanted == _folded(each) for each in words):
            return canonical
    return None


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())


def mask_rings(text: str) -> tuple[Ring, ...] | None:
    """Return polygons in image pixels from WKT; None for anything but whole polygons with area, no holes, no negative pixel.

    Several may lie over each other: each hides what it covers.

    >>> len(mask_rings("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((0 0, 9 0, 9 5, 0 0)))") or ())
    2
    """
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        return None
    if shape is None or shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        return None
    parts = shapely.get_parts(shape)
    is_whole = (part.is_valid and part.area > 0.0 and not part.interiors for part in parts)
    if not all(is_whole) or min(shape.bounds) < 0.0:
        return None
    return tuple(tuple((float(x), float(y)) for x, y in shapely.get_coordinates(part.exterior)[:-1]) for part in parts)


def mask_sectors(text: str) -> tuple[tuple[float, float], ...] | None:
    """Return pairs of azimuths from ``az1,az2``, several parted by semicolons; None when one is not in 0 to 360.

    >>> mask_sectors("350,20; 90,95.5")
    ((350.0, 20.0), (90.0, 95.5))
    """
    sectors = []
    for piece in text.strip().strip(";").split(";"):
        ends = [number(end, ("°",)) for end in piece.split(",")]
        if len(ends) != 2 or any(end is None or not 0.0 <= end <= 360.0 for end in ends):
            return None
        sectors.append((float(ends[0] or 0.0), float(ends[1] or 0.0)))
    return tuple(sectors)
