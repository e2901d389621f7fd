"""Tag conditions such as ``amenity=school|kindergarten``: read once, then matched fast over a whole city."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from lhasaplan.core.model.layer import Tags

ANY = "*"  # ``healthcare=*`` holds for every value but these:
ABSENT = frozenset({"no", "none", "0", ""})
_LISTED = re.compile(r"[;,|/]")
_JOINTS = re.compile(r"[\s_-]+")
_NUMBERED = re.compile(r"[_:]\d{1,2}$")
# Letters of other alphabets that a reader takes for Latin ones, small and large (Unicode TS 39, the common ones).
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf\u043a\u043c\u0442"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c7\u03b5\u03c5\u0131\u0251\u0261"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxijshdqwlkmtaopviktxeuiagABEKMHOPCTYXIJSABEZHIKMNOPTYX",
)


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


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return a key or value as it is compared: without case, accents, invisible signs, and the sign that joins words.

    A letter that looks like a Latin one counts as that.

    >>> plain(" Place of Worship"), plain("Résidentiel"), plain("m\u043esque")
    ('place_of_worship', 'residentiel', 'mosque')
    """
    signs = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).translate(_LOOK_ALIKES).casefold())
    return _JOINTS.sub("_", "".join(c for c in signs if unicodedata.category(c) not in ("Mn", "Cf")).strip())


@lru_cache(maxsize=65536)
def plain_key(text: str) -> str:
    """Return a key as it is compared: the second of two alike is numbered, by mappers and by programs that join tables.

    >>> plain_key("Amenity_1"), plain_key("amenity:2")
    ('amenity', 'amenity')
    """
    return plain(_NUMBERED.sub("", text.strip()))


def plain_values_of(text: str) -> tuple[str, ...]:
    """Return the single values of a tag as they are compared, however they are listed: ``Clinic / Doctors`` has two."""
    return tuple(plain(value) for value in _LISTED.split(text))


class ConditionIndex:
    """Finds, by dictionary, which of many named condition lists a feature meets.

    Keys and values are compared as :func:`plain` has them: a mosque stays one when its value is written with a capital.
    """

    def __init__(self, conditions: Mapping[str, Iterable[str]]) -> None:
        self._names: dict[str, dict[str, list[str]]] = {}
        for name, listed in conditions.items():
            for key, value in sorted(pairs_of(listed)):
                self._names.setdefault(plain_key(key), {}).setdefault(plain(value), []).append(name)
        self._known: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}

    def names(self, tags: Tags) -> tuple[str, ...]:
        """Return the names whose list has a condition that holds, each once, sorted."""
        told = self.told(tags)
        if not told:
            return ()
        found = self._known.get(told)
        if found is None:  # a city says the same few things of most of its features
            found = tuple(sorted({name for key, text in told for name in self._names_for(key, text)}))
            self._known[told] = found
        return found

    def told(self, tags: Tags) -> tuple[tuple[str, str], ...]:
        """Return the tags that any condition asks for: features with the same ones meet the same conditions."""
        return tuple([(key, tags[key]) for key in tags if plain_key(key) in self._names])

    def _names_for(self, key: str, text: str) -> list[str]:
        by_value, values = self._names[plain_key(key)], plain_values_of(text)
        found = [name for value in values for name in by_value.get(value, ())]
        return found + [name for name in by_value.get(ANY, ()) if not ABSENT.issuperset(values)]
