"""City layers as columns: identifiers, geometries in the project's metric CRS, tags, and conditions on tags, matched fast."""

import hashlib
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.base.spelling import (
    ends_of,
    is_one_letter_off,
    plain,
    plain_key,
    plain_values_of,
    runs_of,
    sets_spaces,
    without_a_letter,
)

# City layers as columns: identifiers, geometries in the project's metric CRS, and tags.

Tags = Mapping[str, str]  # never holds the key ``religion``; readers drop it before anything else sees it


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One imported file: its name (no folder), digest, number of features, date of the data and licence text.

    ``unread_protected`` counts the outlines of protected places that are broken, cut off or nowhere in the file.
    """

    path: str
    sha256: str
    features: int
    date: str = ""
    licence: str = ""
    kind: str = ""
    unread_protected: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """Features of one layer.

    Parameters
    ----------
    ids : object array, shape (n,); stable strings such as ``way/1234``.
    geometry : object array, shape (n,); shapely geometries.
    tags : length n.
    source : length n, the file that each feature came from; empty when not known.
    """

    name: str
    ids: ObjectArray
    geometry: ObjectArray
    tags: tuple[Tags, ...]
    source: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.tags)


@dataclass(frozen=True, eq=False, slots=True)
class Buildings:
    """Footprints as prisms: base and top above the height datum, and where each height came from.

    ``height_source`` is one of ``height``, ``levels``, ``default``, ``table``, ``roof`` (recorded above the datum).
    ``base_m`` above 0 is a passage, bridge or roof that does not block below it (``building=roof``).
    """

    ids: ObjectArray
    polygons: ObjectArray  # shapely Polygon or MultiPolygon
    base_m: FloatArray
    top_m: FloatArray
    height_source: ObjectArray
    tags: tuple[Tags, ...]

    def __len__(self) -> int:
        return len(self.tags)


def empty_layer(name: str) -> Layer:
    """Return a layer without features."""
    return Layer(name, np.empty(0, object), np.empty(0, object), ())


def take(layer: Layer, keep: BoolArray) -> Layer:
    """Return the rows of a layer that are kept, shape (n,) of truth."""
    rows = np.flatnonzero(keep)
    source = tuple(layer.source[row] for row in rows) if layer.source else ()
    return Layer(layer.name, layer.ids[rows], layer.geometry[rows], tuple(layer.tags[row] for row in rows), source)


def without(layer: Layer, rows: Collection[int]) -> Layer:
    """Return a layer without the features of some rows."""
    return take(layer, ~np.isin(np.arange(len(layer)), list(rows)))


# Name the content of a project's layers by one digest, so that a sample is known by what it holds, and a district of it, too.

# Coordinates count to the centimetre: another build of PROJ may differ by nanometres.
_STEP_M = 0.01


def digest_layers(layers: Mapping[str, Layer], left_out: Collection[str] = ()) -> str:
    """Return the SHA-256 of ids and geometry (to 1 cm) of all layers, whatever the order of layers and features.

    ``left_out`` are the digests of features that a district's file leaves to the city's: with them it has the digest of the city.
    """
    known = sorted([*feature_digests(layers).values(), *left_out])
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def feature_digests(layers: Mapping[str, Layer]) -> dict[tuple[str, int], str]:
    """Return the digest of each feature by layer and row."""
    return {(name, row): digest for name in layers for row, digest in enumerate(_of_layer(name, layers[name]))}


def _of_layer(name: str, layer: Layer) -> Iterator[str]:
    cells = np.round(shapely.get_coordinates(layer.geometry) / _STEP_M).astype(np.int64)
    counts = shapely.get_num_coordinates(layer.geometry)
    ends = np.cumsum(counts)
    for feature_id, count, end in zip(layer.ids.tolist(), counts.tolist(), ends.tolist(), strict=True):
        content = f"{name}\n{feature_id}\n{count}\n".encode() + cells[end - count : end].tobytes()
        yield hashlib.sha256(content).hexdigest()


# Tag conditions such as ``amenity=school|kindergarten``: read once, then matched fast over a whole city.

ANY = "*"  # ``healthcare=*`` holds for every value but these:
_SHORTEST_JOINED = 8  # letters: what is shorter is joined by chance
_SHORTEST_MISSPELT = 6  # letters: a shorter word is one letter from many another
_WORDS_OF_THEIR_OWN = frozenset({"heritage"})  # no hermitage
ABSENT = frozenset({"no", "none", "0", "0.0", ""})


@lru_cache(maxsize=4096)  # packs say some hundred conditions, and a city asks them for every feature
def split_condition(condition: str) -> tuple[str, tuple[str, ...]]:
    """Return key and values of ``key=value|value``; a key alone means any value.

    Examples
    --------
    >>> split_condition("amenity=school|kindergarten")
    ('amenity', ('school', 'kindergarten'))
    """
    key, _, values = condition.partition("=")
    return key.strip(), tuple(value.strip() for value in (values or ANY).split("|") if value.strip())


def pairs_of(conditions: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return every single (key, value) pair that the conditions name."""
    return frozenset((key, value) for key, values in map(split_condition, conditions) for value in values)


def holds(tags: Tags, condition: str) -> bool:
    """Say whether one condition holds; OSM's ``a;b`` lists count with each of their values."""
    key, wanted = split_condition(condition)
    return key in tags and any(value in wanted or (ANY in wanted and value not in ABSENT) for value in values_of(tags[key]))


def any_alternative_holds(tags: Tags, alternatives: Sequence[Sequence[str]]) -> bool:
    """Say whether all conditions of at least one alternative hold; an empty alternative never does."""
    return any(len(group) > 0 and all(holds(tags, condition) for condition in group) for group in alternatives)


def values_of(text: str) -> tuple[str, ...]:
    """Return the single values of a tag: ``clinic; doctors`` has two."""
    return tuple(part.strip() for part in text.split(";")) if ";" in text else (text,)


class ConditionIndex:
    """Finds, by dictionary, which of many named condition lists a feature meets.

    Keys and values are compared as :func:`plain` has them: a mosque stays one when its value is written with a capital.

    Parameters
    ----------
    loose : the names that a value of several words shows by its first or last ones, too ("Catholic church").
    others : words that make such a value something else ("school bus").
    near : conditions by name whose long words show it one letter off, too ("mosqe"), where nothing else is said.
    within : the names that a longer value of a script without spaces shows by a word in it, too (清真大寺).
    never : tags that a condition for any value of their key does not mean.
    alike : keys whose values are read as those of another key, besides their own conditions.
    says : whether a word that ends at a place of such a value says what it is, and no street that is named so.
    """

    def __init__(
        self,
        conditions: Mapping[str, Iterable[str]],
        loose: Iterable[str] = (),
        others: Iterable[str] = (),
        *,
        near: Mapping[str, Iterable[str]] | None = None,
        within: Iterable[str] = (),
        never: Iterable[str] = (),
        alike: Mapping[str, str] | None = None,
        says: Callable[[str, str, int], bool] = lambda text, word, end: True,
    ) -> None:
        self._loose, self._others = frozenset(loose), frozenset(others)
        self._never: dict[str, frozenset[str]] = {}
        for key, value in pairs_of(never):
            self._never[plain_key(key)] = self._never.get(plain_key(key), ABSENT) | {plain(value)}
        self._within, self._says = frozenset(within), says
        self._listed = _by_key(_frozen(conditions))
        self._alike = {plain_key(key): plain_key(other) for key, other in (alike or {}).items()}
        self._keys = self._listed.keys() | self._alike.keys()
        self._names: dict[str, Mapping[str, Sequence[str]]] = {}  # of the keys that were asked for: most are in no city
        self._near = _misspelt(_frozen(near or {}))
        self._known: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}

    def names(self, tags: Tags) -> tuple[str, ...]:
        """Return the names whose list has a condition that holds, each once, sorted."""
        reported = self.reported(tags)
        if not reported:
            return ()
        found = self._known.get(reported)
        if found is None:  # a city says the same few things of most of its features
            found = tuple(sorted({name for key, text in reported for name in self._names_for(key, text)}))
            self._known[reported] = found
        return found

    def reported(self, tags: Tags) -> tuple[tuple[str, str], ...]:
        """Return the tags that any condition asks for: features with the same ones meet the same conditions."""
        return tuple([(key, tags[key]) for key in tags if plain_key(key) in self._keys])

    def _names_for(self, key: str, text: str) -> list[str]:
        by_value, values = self._by_value(plain_key(key)), plain_values_of(text)
        never = self._never.get(plain_key(key), ABSENT)
        found = [name for value in values for name in by_value.get(value, ())]
        runs = {run for value in values for run in runs_of(value, self._others)} if self._loose else ()
        found += [name for run in runs for name in by_value.get(run, ()) if name in self._loose]
        found += [name for value in values for name in self._contained(by_value, value)]
        found += [name for name in by_value.get(ANY, ()) if not never.issuperset(values)]
        return found or [name for value in values for name in self._near.names(plain_key(key), value)]

    def _by_value(self, key: str) -> Mapping[str, Sequence[str]]:
        """Return the names by the values of a key."""
        if key not in self._names:
            own = _named(self._listed.get(key, ()))
            self._names[key] = _either(own, _named(self._listed.get(self._alike[key], ()))) if key in self._alike else own
        return self._names[key]

    def _contained(self, by_value: Mapping[str, Sequence[str]], value: str) -> list[str]:
        """Return the names of the words that stand in a value of a script without spaces."""
        if not self._within or value.isascii() or sets_spaces(value):
            return []
        words = (word for word in by_value if not word.isascii() and not sets_spaces(word))
        said = (word for word in words if any(self._says(value, word, end) for end in ends_of(word, value)))
        return [name for word in said for name in by_value[word] if name in self._within]


Conditions = tuple[tuple[str, tuple[str, ...]], ...]  # by name, of what never changes: a table of them is made once


def _frozen(conditions: Mapping[str, Iterable[str]]) -> Conditions:
    return tuple((name, tuple(listed)) for name, listed in conditions.items())


Listed = tuple[tuple[str, tuple[str, ...]], ...]  # names of conditions with the values that they say of one key


@lru_cache(maxsize=64)  # each answer asks by the same packs and kinds
def _by_key(conditions: Conditions) -> Mapping[str, Listed]:
    """Return the conditions by key, their values as they are written."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, listed in conditions:
        for condition in listed:
            key, values = split_condition(condition)
            if values:
                found.setdefault(plain_key(key), []).append((name, values))
    return {key: tuple(listed) for key, listed in found.items()}


@lru_cache(maxsize=256)
def _named(listed: Listed) -> dict[str, Sequence[str]]:
    """Return the names by value of one key, each once."""
    names: dict[str, dict[str, None]] = {}
    for name, values in listed:
        for value in values:
            names.setdefault(plain(value), {})[name] = None
    return {value: tuple(found) for value, found in names.items()}


def _either(own: Mapping[str, Sequence[str]], other: dict[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Return the names of both by value; what the other says is not copied: it is long."""
    return ChainMap({value: (*names, *other.get(value, ())) for value, names in own.items()}, other)


def _letters_of(text: str) -> str:
    """Return the letters and figures of a text alone."""
    return "".join(sign for sign in text if sign.isalnum())


class _Misspelt:
    """Finds the names of which a word is meant that has one letter wrong, too many or missing, or two in each other's place.

    So is one whose letters or words are joined otherwise: ``placeofworship``, ``place/of/worship``.
    """

    def __init__(self, conditions: Conditions) -> None:
        self._words: dict[tuple[str, str], dict[str, list[str]]] = {}  # by key and a word with at most one letter left out
        self._letters: dict[tuple[str, str], list[str]] = {}  # by key and the letters of a word alone
        for name, listed in conditions:
            for key, value in sorted(pairs_of(listed)):
                word = plain(value)
                if len(letters := _letters_of(word)) >= _SHORTEST_JOINED:
                    self._letters.setdefault((plain_key(key), letters), []).append(name)
                if len(word) >= _SHORTEST_MISSPELT and word.isascii():
                    for part in (word, *without_a_letter(word)):
                        self._words.setdefault((plain_key(key), part), {}).setdefault(word, []).append(name)

    def names(self, key: str, value: str) -> list[str]:
        """Return the names; none for a word of its own."""
        if not self._words or len(value) < _SHORTEST_MISSPELT - 1 or value in _WORDS_OF_THEIR_OWN:
            return []
        if joined := self._letters.get((key, _letters_of(value))):
            return list(joined)
        meant = {
            word: names
            for part in (value, *without_a_letter(value))
            for word, names in self._words.get((key, part), {}).items()
            if is_one_letter_off(value, word)
        }
        return [name for names in meant.values() for name in names]


_misspelt = lru_cache(maxsize=16)(_Misspelt)


# Tell by its tags what a user drew as protected: no map says so.

# What no map says and only a user draws (docs/protected-places.md); any value of our own key counts.
_DRAWN = ConditionIndex(
    {"drawn": ("lhasaplan=*", "kind=processional_way|polling_place|protected", "amenity=processional_way|polling_place")}
)


def is_drawn(tags: Tags) -> bool:
    """Say whether a user drew this feature as protected, however key and value are written."""
    return any(_says_drawn(key, tags[key]) for key in tags if may_say_drawn(key))


@lru_cache(maxsize=65536)
def may_say_drawn(key: str) -> bool:
    """Say whether any value of a key says that a user drew a feature as protected."""
    return bool(_DRAWN.reported({key: ""}))


@lru_cache(maxsize=65536)
def _says_drawn(key: str, value: str) -> bool:
    return bool(_DRAWN.names({key: value}))


# What maps draw of the places layer: ground cover and traffic space, and its colours by daylight.

# Only what is named here is drawn of the places layer. It is ground cover and traffic space, never a kind of place that is
# protected: no such place is drawn as one (docs/protected-places.md).
COVER: dict[tuple[str, str], str] = {
    **dict.fromkeys((("natural", "water"), ("waterway", "riverbank"), ("landuse", "basin"), ("landuse", "reservoir")), "water"),
    **dict.fromkeys(
        (("leisure", "park"), ("leisure", "garden"), ("landuse", "grass"), ("landuse", "recreation_ground")), "green"
    ),
    **dict.fromkeys((("natural", "wood"), ("landuse", "forest"), ("natural", "scrub")), "wood"),
    **dict.fromkeys((("natural", "beach"), ("natural", "sand"), ("natural", "bare_rock")), "sand"),
    **dict.fromkeys((("place", "square"), ("highway", "pedestrian"), ("area:highway", "pedestrian")), "square"),
    **dict.fromkeys((("amenity", "parking"), ("railway", "platform"), ("public_transport", "platform")), "paved"),
}
COVER_LINES: dict[tuple[str, str], tuple[str, float]] = {
    ("waterway", "river"): ("water", 12.0),
    ("waterway", "stream"): ("water", 3.0),
    ("waterway", "canal"): ("water", 8.0),
}

DAYLIGHT: Mapping[str, str] = {
    "water": "#b8d4e8",
    "green": "#d6e8c6",
    "wood": "#c8dfb8",
    "sand": "#efe6cc",
    "square": "#ece9e3",
    "paved": "#e6e4e8",
}
