"""Tags as conditions and as kept keys; what is never read is dropped here, before anything else sees it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lhasaplan.core.base.spelling import printable

# docs/protected-places.md: the faith of a place is never read. Shapefiles cut names to ten letters, hence the stem.
_NEVER_READ = ("religion", "denominati")
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|NULL)')
_NESTED = ("tags", "other_tags", "all_tags", "properties", "hstore")


@dataclass(frozen=True, slots=True)
class Condition:
    """One claim about one key: its value is among ``values`` (any value when None), or is not."""

    key: str
    values: frozenset[str] | None
    is_negated: bool = False

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Say whether the claim is true of these tags."""
        value = tags.get(self.key)
        is_among = value is not None and (self.values is None or value in self.values or self._lists(value))
        return is_among is not self.is_negated

    def _lists(self, value: str) -> bool:
        """Say whether a value such as ``street_lamp;surveillance`` lists one that is meant."""
        return ";" in value and self.values is not None and any(each.strip() in self.values for each in value.split(";"))


def condition(text: str) -> Condition:
    """Return the condition that ``key=value|value``, ``key=*`` or ``!key=…`` writes."""
    key, _, values = text.removeprefix("!").partition("=")
    return Condition(key, None if values in {"*", ""} else frozenset(values.split("|")), text.startswith("!"))


class TagMatch:
    """Alternatives of conditions, looked up by the key of their first condition so that a city's tags are quick to sort."""

    def __init__(self, alternatives: Iterable[Iterable[str]]) -> None:
        self._by_key: dict[str, list[tuple[Condition, ...]]] = {}
        for texts in alternatives:
            conditions = tuple(condition(text) for text in texts)
            first = next(each for each in conditions if not each.is_negated)
            self._by_key.setdefault(first.key, []).append(conditions)
        self._keys = frozenset(self._by_key)

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def matches(self, tags: Mapping[str, str]) -> bool:
        """Say whether any alternative holds as a whole."""
        if self._keys.isdisjoint(tags):
            return False
        found = (conditions for key in self._keys.intersection(tags) for conditions in self._by_key[key])
        return any(all(each.holds(tags) for each in conditions) for conditions in found)


@lru_cache(maxsize=8192)
def is_never_read(key: str) -> bool:
    """Say whether a key names the faith of a place, in any spelling, prefix or cut."""
    parts = key.casefold().replace("_", ":").replace(".", ":").replace("-", ":").replace(" ", ":").split(":")
    return any(part.startswith(_NEVER_READ) for part in parts)


def readable(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags without the keys that are never read, and without signs that no page can print."""
    return {printable(key): printable(value) for key, value in tags.items() if not is_never_read(key)}


def tags_of_rows(headings: Sequence[str], columns: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return the cells of each row that are not blank as tags, as :func:`unfolded` does it; there is at least one column."""
    kept = [number for number, heading in enumerate(headings) if not is_never_read(heading)]
    is_plain = kept and not any(headings[number].casefold() in _NESTED for number in kept)
    if is_plain and all(all(map(str.isprintable, columns[number])) for number in kept):  # asked of columns, not of each cell
        keys = [printable(headings[number]) for number in kept]
        rows = zip(*(columns[number] for number in kept), strict=True)
        return [{key: value for key, value in zip(keys, row, strict=True) if value} for row in rows]
    rows = zip(*columns, strict=True)
    return [unfolded({key: value for key, value in zip(headings, row, strict=True) if value}) for row in rows]


def unfolded(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags with columns that hold many tags (hstore or JSON, as GDAL writes them) taken apart and cleaned."""
    flat: dict[str, str] = {}
    for key, value in tags.items():
        nested = _nested(value) if key.casefold() in _NESTED else None
        flat.update({key: value} if nested is None else nested)
    return readable(flat)


def _nested(value: str) -> dict[str, str] | None:
    if value.lstrip().startswith("{"):
        try:
            found = json.loads(value)
        except ValueError:
            return None
        return {str(key): str(each) for key, each in found.items() if each is not None}
    pairs = _HSTORE.findall(value)
    return {_plain(key): _plain(each) for key, each in pairs} if pairs else None


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
