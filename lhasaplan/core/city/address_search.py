"""Find what a person means as they write it: cameras, addresses, crossings, streets, coordinates; never a place by its name."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.spelling import unaccented
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer, Tags, is_drawn
from lhasaplan.core.project.project import Bookmark

# How names of streets are written in several ways: long and short forms become one word.

_SHORT = {
    "st": "street saint sankt",
    "rd": "road",
    "ave": "avenue av",
    "blvd": "boulevard bd bld boul",
    "dr": "drive",
    "ln": "lane",
    "ct": "court",
    "sq": "square",
    "pl": "place platz plaza",
    "hwy": "highway",
    "pkwy": "parkway",
    "ter": "terrace",
    "r": "rue",
    "rte": "route",
    "ch": "chemin",
    "imp": "impasse",
    "all": "allee",
    "fg": "faubourg fbg",
    "str": "strasse",
    "n": "north nord",
    "s": "south sud sued",
    "e": "east est ost",
    "w": "west ouest",
    "dr.": "doktor docteur doctor",
}
_ONE_WORD = {long: short for short, longs in _SHORT.items() for long in longs.split()}
_FILLERS = frozenset(("de", "du", "des", "la", "le", "les", "of", "the", "der", "den", "no", "nr"))
_HAN = "\u3400-\u9fff"
_PARTED = re.compile(rf"(?<=[{_HAN}])(?=\d)|(?<=\d)(?=[{_HAN}])")
_SUFFIX = re.compile(r"(\d) (bis|ter|quater|[a-d])\b")
_ELIDED = re.compile(r"\b[dl]['’]")
_NUMBER_SIGNS = str.maketrans("", "", "号號")


def folded(text: str) -> str:
    """Return a text without what people write in several ways: capitals, accents, commas, dots, doubled spaces.

    >>> folded("12,  Rue de l'Église")
    "12 rue de l'eglise"
    """
    return " ".join(unaccented(text.replace(",", " ").replace("，", " ")).split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of an address, each in its short form, without those that only join.

    >>> words_of("Hauptstraße"), words_of("E Fairmount Avenue"), words_of("r. de l'Église")
    (('hauptstr',), ('e', 'fairmount', 'ave'), ('r', 'eglise'))
    >>> words_of("12 bis, Bd St-Michel"), words_of("人民路12号")
    (('12bis', 'blvd', 'st', 'michel'), ('人民路', '12'))
    """
    plain = _ELIDED.sub("", folded(text)).translate(_NUMBER_SIGNS)
    plain = re.sub(r"(?<=[^\W\d])[-–](?=[^\W\d])|[.'’;()\"“”]", " ", _PARTED.sub(" ", plain))
    words = _SUFFIX.sub(r"\1\2", plain).split()
    short = [_ONE_WORD.get(word, re.sub(r"strasse$", "str", word)) for word in words]
    kept = tuple(word for word in short if word not in _FILLERS)
    return kept or tuple(short)


# What is found.

MOST = 12  # of each kind
NEAR_M = 30.0  # two streets whose lines come so close meet: where one is drawn as two ways, or ends at a square
To = Callable[[float, float], tuple[float, float]]  # longitude and latitude to metres of the project


class HitKind(StrEnum):
    """What was found."""

    CAMERA = "camera"
    BOOKMARK = "bookmark"
    COORDINATES = "coordinates"
    CROSSING = "crossing"
    STREET = "street"
    ADDRESS = "address"


@dataclass(frozen=True, eq=False, slots=True)
class Hit:
    """Something that was found: what it is called, and where it is. ``key`` is the id of a camera, the number of a bookmark.

    ``unmapped`` is the house number that was asked for where the map lacks it: this is the nearest house that has one then.
    """

    kind: HitKind
    label: str
    geometry: BaseGeometry
    key: str = ""
    unmapped: str = ""

    @property
    def is_spot(self) -> bool:
        """Say whether this is one spot to ask about, or a street to look at."""
        return self.kind is not HitKind.STREET


# Only streets and house numbers are looked through: a search must not be a way to find a place that is protected.

_HOUSED = ("buildings", "places")


def houses_of(layers: Mapping[str, Layer]) -> Iterator[tuple[BaseGeometry, str, str]]:
    """Yield what has a street and a number, with both; nothing that a user drew."""
    for layer in (layers[name] for name in _HOUSED if name in layers):
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True):
            street, number = tags.get("addr:street"), tags.get("addr:housenumber")
            if street and number and not is_drawn(tags):
                yield geometry, street, number


@dataclass(eq=False, slots=True)
class _Street:
    name: str
    words: tuple[str, ...]
    ways: list[BaseGeometry] = field(default_factory=list)
    houses: dict[str, BaseGeometry] = field(default_factory=dict)  # by number, the first of several buildings with it

    def has(self, number: str) -> bool:
        """Tell whether a house of the street has a number."""
        return bool(number) and any(_is_number(each, number) for each in self.houses)


@dataclass(frozen=True, eq=False, slots=True)
class SearchIndex:
    """Streets of a city with their houses, by the words of their names. Names of places are not in it: some are protected."""

    streets: tuple[_Street, ...] = ()
    vocabulary: tuple[str, ...] = ()  # words of streets, sorted
    with_word: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, layers: Mapping[str, Layer], street_name: Callable[[Tags], str]) -> "SearchIndex":
        """Return the index of a city; takes a second for a large one, so it is made in a worker."""
        known: dict[tuple[str, ...], _Street] = {}
        roads = layers.get("roads")
        for way, tags in zip(roads.geometry, roads.tags, strict=True) if roads is not None else ():
            if name := street_name(tags):
                known.setdefault(words_of(name), _Street(name, words_of(name))).ways.append(way)
        for house, name, number in houses_of(layers):
            known.setdefault(words_of(name), _Street(name, words_of(name))).houses.setdefault(number, house)
        streets = tuple(known.values())
        places: dict[str, set[int]] = {}
        for place, street in enumerate(streets):
            for word in street.words:
                places.setdefault(word, set()).add(place)
        return cls(streets, tuple(sorted(places)), {word: frozenset(found) for word, found in places.items()})

    def addresses(self, text: str) -> Iterator[Hit]:
        """Yield the houses and streets that an address may mean, the likeliest first."""
        for words in _readings(text):
            found = self._matching(words)
            if found:
                asked = [(street, next((word for word in rest if word[:1].isdigit()), "")) for street, rest in found]
                for street, number in sorted(
                    asked, key=lambda each: not each[0].has(each[1])
                ):  # of several the street that has the house
                    yield from _hits_at(street, number)
                return

    def crossings(self, text: str) -> Iterator[Hit]:
        """Yield where two streets meet that are written with a sign or a word between them."""
        for first, second in _pairs(text):
            ones, others = ([each for each, _ in islice(self._matching(words_of(part)), MOST)] for part in (first, second))
            for one in ones:
                for other in others:
                    if one is not other and one.ways and other.ways and (spot := _meeting(one.ways, other.ways)) is not None:
                        yield Hit(HitKind.CROSSING, f"{one.name} / {other.name}", spot)

    def _matching(self, words: tuple[str, ...]) -> list[tuple[_Street, tuple[str, ...]]]:
        """Return the streets that have all words that are no number, with what is left of the words; the likeliest first."""
        places: frozenset[int] | None = None
        for word in sorted(words, key=lambda each: each[:1].isdigit()):  # numbers last: most are of houses, some of streets
            found = self._beginning(word)
            if not word[:1].isdigit() or places is None or places & found:
                places = found if places is None else places & found
        matched = []
        for place in places or ():
            street = self.streets[place]
            rest = [word for word in words if not any(each.startswith(word) for each in street.words)]
            lacking = sum(each not in words for each in street.words)
            matched.append((lacking, not street.words[0].startswith(words[0]), street.name, street, tuple(rest)))
        return [(street, rest) for *_, street, rest in sorted(matched, key=lambda each: each[:3])]

    def _beginning(self, word: str) -> frozenset[int]:
        """Return the streets with a word that begins so; in Han script one that ends with a street's whole name does, too."""
        found: set[int] = set()
        for at in range(bisect_left(self.vocabulary, word), len(self.vocabulary)):
            if not self.vocabulary[at].startswith(word):
                break
            found |= self.with_word[self.vocabulary[at]]
        if not found and re.match(rf"[{_HAN}]", word):  # city and district stand before the street without a space
            found = {place for each in self.vocabulary if len(each) > 1 and word.endswith(each) for place in self.with_word[each]}
        if not found and len(word) > 4 and not word[:1].isdigit():  # a letter is missing or another
            found = {place for each in get_close_matches(word, self.vocabulary, 3, 0.84) for place in self.with_word[each]}
        return frozenset(found)


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of an address as written, then without what stands behind its commas: district, city, country, postcode."""
    parts = [part for part in re.split(r"[,，;]", text) if part.strip()]
    for count in range(len(parts), 0, -1):
        if words := words_of(" ".join(parts[:count])):
            yield words
    words = words_of(text)
    numbers = [place for place, word in enumerate(words) if word[:1].isdigit()]
    for last in range(len(words) - 1, 1, -1):  # a city behind the number without a comma
        if numbers and last > numbers[0] > 0:
            yield words[:last]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for sign in (r"[&/+@×]", r"\s(?:and|und|et|x|at|ecke|angle)\s", r"[与和]"):
        parts = [part for part in re.split(sign, text, flags=re.IGNORECASE) if part.strip()]
        if len(parts) == 2 and all(any(letter.isalpha() for letter in part) for part in parts):
            yield parts[0], parts[1]


def _meeting(ones: Sequence[BaseGeometry], others: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """Return where two streets come nearest to each other, None where that is not near."""
    one, other = (shapely.union_all(np.array(ways, dtype=object)) for ways in (ones, others))
    line = shapely.shortest_line(one, other)
    return shapely.centroid(line) if line is not None and line.length <= NEAR_M else None


def _hits_at(street: _Street, number: str) -> Iterator[Hit]:
    """Yield the house of a number, or the nearest that has one; without a number the street, then its houses."""
    if number and street.houses:
        found = next((each for each in street.houses if _is_number(each, number)), "")
        nearest = found or min(street.houses, key=lambda each: _apart(each, number))
        house = shapely.point_on_surface(street.houses[nearest])
        beginning = sorted((each for each in street.houses if each != nearest and each.startswith(number)), key=_counted)
        yield Hit(HitKind.ADDRESS, f"{street.name} {nearest}", house, unmapped="" if found else number)
        for each in beginning:
            yield Hit(HitKind.ADDRESS, f"{street.name} {each}", shapely.point_on_surface(street.houses[each]))
        return
    if street.ways:
        yield Hit(HitKind.STREET, street.name, shapely.union_all(np.array(street.ways, dtype=object)), unmapped=number)
    for each in sorted(street.houses, key=_counted):
        yield Hit(HitKind.ADDRESS, f"{street.name} {each}", shapely.point_on_surface(street.houses[each]))


def _is_number(mapped: str, asked: str) -> bool:
    """Tell whether a house has a number, also as one of several: 12;14, 12-16 of one side, 12 A."""
    own = folded(mapped).replace(" ", "").translate(_NUMBER_SIGNS)
    if asked in re.split(r"[;/]", own) or own == asked:
        return True
    span = re.fullmatch(r"(\d+)[-–](\d+)", own)
    return bool(span and asked.isdecimal() and int(asked) in range(int(span[1]), int(span[2]) + 1, 2))


def _counted(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return (int(digits[0]) if digits else 0), number


def _apart(mapped: str, asked: str) -> tuple[int, int, str]:
    """Return how far two house numbers are from each other: those of the other side of the street count as farther."""
    one, other = _counted(mapped)[0], _counted(asked)[0]
    return abs(one - other) + 4 * ((one - other) % 2), one, mapped


def find(text: str, index: SearchIndex, cameras: Sequence[Camera], bookmarks: Sequence[Bookmark], to_xy: To) -> list[Hit]:
    """Return what a text may mean, at most ``MOST`` of each kind."""
    wanted = folded(text)
    if not wanted:
        return []
    marked = ((number, view) for number, view in enumerate(bookmarks) if wanted in folded(view.name))
    kinds = (
        _coordinates(text, to_xy),
        _cameras(wanted, cameras),
        (Hit(HitKind.BOOKMARK, view.name, shapely.Point(view.x_m, view.y_m), str(number)) for number, view in marked),
        index.crossings(text),
        index.addresses(text) if numbers_in(text) is None else iter(()),
    )
    return [hit for hits in kinds for hit in islice(hits, MOST)]


# Two numbers, with a mark between them that is not the decimal mark of either.
_PAIR = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)°?\s*(?:[;，]|,\s|,(?=-?\d+\.)|\s)\s*(-?\d+(?:[.,]\d+)?)°?\s*$")


def numbers_in(text: str) -> tuple[float, float] | None:
    """Return two numbers if the text is nothing else.

    >>> numbers_in("385000 6672000"), numbers_in("60,1695 ; 24,9354"), numbers_in("Market Street 3")
    ((385000.0, 6672000.0), (60.1695, 24.9354), None)
    """
    pair = _PAIR.match(text)
    return (float(pair[1].replace(",", ".")), float(pair[2].replace(",", "."))) if pair is not None else None


def _coordinates(text: str, to_xy: To) -> Iterator[Hit]:
    """Yield what two numbers may mean: latitude and longitude in either order where they can be, else metres of the project."""
    pair = numbers_in(text)
    if pair is None:
        return
    one, other = pair
    for lat, lon in dict.fromkeys(((one, other), (other, one))):
        if abs(lat) <= 90.0 and abs(lon) <= 180.0:
            yield Hit(HitKind.COORDINATES, f"{lat:g}° N, {lon:g}° E", shapely.Point(to_xy(lon, lat)))
    yield Hit(HitKind.COORDINATES, f"x {one:g} m, y {other:g} m", shapely.Point(one, other))


def _cameras(wanted: str, cameras: Iterable[Camera]) -> Iterator[Hit]:
    for camera in cameras:
        if wanted in folded(camera.camera_id) or wanted in folded(camera.name):
            label = f"{camera.name} · {camera.camera_id}" if camera.name else camera.camera_id
            yield Hit(HitKind.CAMERA, label, shapely.Point(camera.x_m, camera.y_m), camera.camera_id)
