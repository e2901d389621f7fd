"""Say where on Earth a plan lies, and whether the names in its data are written as they are in that country."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.results.plan_location import Whereabouts

LATIN = "Latin"  # of every country that the table does not name
# The first word of a letter's name in Unicode, and what its script is called.
_SCRIPTS = {"CJK": "Han", "HIRAGANA": "Kana", "KATAKANA": "Kana"}
NAMES = 5000  # of a city; more say no more
FEWEST = 20  # of fewer names nothing is told
_HALF_HEIGHT_DEG = 4.0
_FLATTEST = 0.05


def whereabouts(area: BaseGeometry, crs: Crs, territory: Territory) -> Whereabouts | None:
    """Return where the middle of an area in project metres lies, None where its system says nothing of it."""
    middle = shapely.centroid(area)
    lon, lat = (float(value) for value in crs.to_lonlat(shapely.get_x(middle), shapely.get_y(middle)))
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return None
    half_width = _HALF_HEIGHT_DEG / max(float(np.cos(np.radians(lat))), _FLATTEST)
    box = (lon - half_width, lat - _HALF_HEIGHT_DEG, lon + half_width, lat + _HALF_HEIGHT_DEG)
    countries = tuple((code, territory.names.get(code, "")) for code in territory.at(lon, lat))
    return Whereabouts(lon, lat, countries, crs.title, box, territory.outlines(box))


def script_of(text: str) -> str:
    """Return the script of most letters of a text, empty when it has none.

    >>> script_of("Mannerheimintie"), script_of("拉萨市"), script_of("Улица Ленина"), script_of("12")
    ('Latin', 'Han', 'Cyrillic', '')
    """
    first = (unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha())
    found = Counter(_SCRIPTS.get(word, word.capitalize()) for word in first if word)
    return found.most_common(1)[0][0] if found else ""


def names_of(layers: Mapping[str, Layer]) -> list[str]:
    """Return names that streets, places and areas carry, up to a few thousand."""
    named = (tags["name"] for layer in layers.values() for tags in layer.tags if tags.get("name"))
    return list(islice(named, NAMES))


def odd_script(names: Iterable[str], codes: Iterable[str], scripts: Mapping[str, frozenset[str]]) -> tuple[str, float] | None:
    """Return the script in which most names are written, with its share, if no country that is given writes in it.

    ``scripts`` are those of a country by its ISO number; one that is not named writes in Latin letters.
    """
    found = Counter(script for script in map(script_of, names) if script)
    usual = frozenset(script for code in codes for script in scripts.get(code, frozenset({LATIN})))
    if found.total() < FEWEST or not usual:
        return None
    script, count = found.most_common(1)[0]
    share = sum(number for each, number in found.items() if each not in usual) / found.total()
    return (script, share) if script not in usual and count > found.total() / 2 else None
