"""Which buildings nobody knows the use of: they may be lived in, and count as protected until a person declares it."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.model.layer import Buildings, Tags
from lhasaplan.core.model.tag_conditions import plain
from lhasaplan.core.project.decisions import Declaration, stands_for
from lhasaplan.core.recognition.kind_types import ProtectedKinds

STOREY_M = 3.0
_RECORDED = frozenset({"height", "table"})  # sources of a height that somebody measured or wrote down
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d]+")
_SHORTEST_ENDING = 5  # letters: "Marienkirche" ends as a church does, "Churchill" and "Teller" are none
_NAMES = ("name", "name:en", "name:fr", "name:zh")


def use_unknown(
    buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds, declarations: Sequence[Declaration]
) -> BoolArray:
    """Return the buildings of unknown use, shape (n,).

    Those that show no kind, and whose value is no known use, or one above which people live where the house is high enough.
    A named person may declare one ``not_dwelling``; that it is lived in is all that this clears: what its name calls a temple
    or a school stays unknown.

    Parameters
    ----------
    own : the kinds that each building's own tags show.
    """
    told = {d.subject for d in declarations if d.fact == "not_dwelling" and stands_for(d.by, d.date)}
    heights = zip(buildings.height_source.tolist(), buildings.top_m.tolist(), strict=True)
    words = kinds.words() if told else frozenset()
    rows = zip(buildings.ids.tolist(), own, buildings.tags, heights, strict=True)
    marks = (
        not names and _may_be_lived_in(tags, height, kinds) and (name not in told or may_be_else(tags, words))
        for name, names, tags, height in rows
    )
    return np.fromiter(marks, bool, len(buildings))


def _may_be_lived_in(tags: Tags, height: tuple[str, float], kinds: ProtectedKinds) -> bool:
    value = tags.get("building", "yes")
    if value not in kinds.known_uses:
        return True
    return value in kinds.lived_above and storeys_of(tags, *height) >= kinds.lived_above_storeys


def storeys_of(tags: Tags, source: str, top_m: float) -> float:
    """Return the recorded storeys of a building, else those that its recorded height has room for, else 0.

    >>> storeys_of({"building:levels": "2-4"}, "default", 6.0), storeys_of({}, "height", 9.5), storeys_of({}, "default", 18.0)
    (4.0, 3.0, 0.0)
    """
    levels = [float(text.replace(",", ".")) for text in _NUMBER.findall(tags.get("building:levels", ""))]
    if levels:
        return max(levels)
    return float(math.floor(top_m / STOREY_M)) if source in _RECORDED else 0.0


def may_be_else(tags: Tags, words: frozenset[str]) -> bool:
    """Say whether a building's name calls it what is protected beside homes: a church, a school, a clinic."""
    return any(is_called(tags[key], words) for key in _NAMES if key in tags)


@lru_cache(maxsize=4096)
def is_called(name: str, words: frozenset[str]) -> bool:
    """Say whether a name has one of these words, or a word that ends as one does."""
    text = plain(name)
    told = _WORD.findall(text.replace("_", " "))
    unspaced = (word for word in words if not word.isascii())  # Chinese sets no spaces between words
    return any(word in text for word in unspaced) or any(_ends_as(word, words) for word in told)


def _ends_as(word: str, words: frozenset[str]) -> bool:
    return word in words or any(len(each) >= _SHORTEST_ENDING and word.endswith(each) for each in words if each.isascii())
