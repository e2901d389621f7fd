"""Find where a person means: coordinates, a house by street and number, or a street by its name."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.labels import street_name
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Layer

# Two numbers, with a mark between them that is not the decimal mark of either.
_PAIR = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)°?\s*(?:[;，]|,\s|,(?=-?\d+\.)|\s)\s*(-?\d+(?:[.,]\d+)?)°?\s*$")
_HOUSED = ("buildings", "places")


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What was meant: one spot to ask about, or a street to look at."""

    geometry: BaseGeometry
    is_spot: bool


def coordinates_in(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude if the text is such a pair.

    >>> coordinates_in("60.1695, 24.9354"), coordinates_in("60,1695 ; 24,9354"), coordinates_in("Market Street 3")
    ((60.1695, 24.9354), (60.1695, 24.9354), None)
    """
    pair = numbers_in(text)
    return pair if pair is not None and abs(pair[0]) <= 90.0 and abs(pair[1]) <= 180.0 else None


def numbers_in(text: str) -> tuple[float, float] | None:
    """Return two numbers if the text is nothing else.

    >>> numbers_in("385000 6672000")
    (385000.0, 6672000.0)
    """
    pair = _PAIR.match(text)
    return (float(pair[1].replace(",", ".")), float(pair[2].replace(",", "."))) if pair is not None else None


def spot_at(x_m: float, y_m: float) -> Found:
    """Return a place that was given by its coordinates."""
    return Found(shapely.Point(x_m, y_m), is_spot=True)


def find_address(layers: Mapping[str, Layer], text: str) -> Found | None:
    """Return the house of an address, or the street of a name; only streets and house numbers are looked through.

    Names of places are not: a search must not be a way to find a place that is protected.
    """
    wanted = folded(text)
    if not wanted:
        return None
    houses = ((geometry, _both_ways(street, number)) for geometry, street, number in houses_of(layers))
    house = next((geometry for geometry, names in houses if wanted in names), None)
    if house is not None:
        return Found(shapely.point_on_surface(house), is_spot=True)
    streets = [(geometry, folded(name)) for geometry, name in streets_of(layers)]
    street = [geometry for geometry, name in streets if name == wanted]
    street = street or [geometry for geometry, name in streets if name.startswith(wanted)]
    return Found(shapely.union_all(np.asarray(street, dtype=object)), is_spot=False) if street else None


def houses_of(layers: Mapping[str, Layer]) -> Iterator[tuple[BaseGeometry, str, str]]:
    """Yield what has a street and a number, with both; nothing that a user drew."""
    for layer in (layers[name] for name in _HOUSED if name in layers):
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True):
            street, number = tags.get("addr:street"), tags.get("addr:housenumber")
            if street and number and not is_drawn(tags):
                yield geometry, street, number


def streets_of(layers: Mapping[str, Layer]) -> Iterator[tuple[BaseGeometry, str]]:
    """Yield the pieces of streets with their names."""
    roads = layers.get("roads")
    for geometry, tags in zip(roads.geometry, roads.tags, strict=True) if roads is not None else ():
        if name := street_name(tags):
            yield geometry, name


def _both_ways(street: str, number: str) -> tuple[str, str]:
    return folded(f"{street} {number}"), folded(f"{number} {street}")


def folded(text: str) -> str:
    """Return a text without what people write in several ways: capitals, accents, commas, doubled spaces.

    >>> folded("12,  Rue de l'Église")
    "12 rue de l'eglise"
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace(",", " "))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
