"""Tell by a name that a building is called what is protected: a church, a school, a clinic, in many languages."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lhasaplan.core.base.spelling import figures_as_letters, plain, plain_key
from lhasaplan.core.model.layer import Tags

NAME_KEYS = ("name", "alt_name", "official_name", "short_name", "loc_name", "int_name", "reg_name", "nat_name")
_WORD = re.compile(r"[^\W\d]+")
_SHORTEST_ENDING = 5  # letters: "Marienkirche" ends as a church does, "Churchill" and "Teller" are none
_SHORTEST_STEM, _LONGEST_TAIL = 6, 2  # "chapels" and "kościoła" begin as one, "hospitality" does not
# Scripts whose words stand apart; in others (Chinese, Thai …) and where marks are letters a name has a word anywhere in it.
_SPACED = re.compile(
    r"[a-z'_\u00b7\u00df-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u0590-\u06ff\u0750-\u077f\u10a0-\u10ff\u2c80-\u2cff]+"
)
_APART = re.compile(r"['\u00b7]")  # parts the words of a name as a blank does
_ARTICLES = ("ال", "وال", "ه")  # written together with the word


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a name may say with such a word and mean something else: whole phrases, and streets that are named so.

    ``others`` are words beside it that make it another thing; ``after`` are words for streets that stand behind the word,
    ``before`` those that stand before it, with words ``between``.
    """

    phrases: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def left_of(self, told: list[str]) -> list[str]:
        """Return the words of a name without those that mean something else."""
        whole = f"_{'_'.join(told)}_"
        for phrase in self.phrases:
            whole = whole.replace(f"_{_APART.sub('_', phrase)}_", "_")
        words = [word for word in whole.split("_") if word]
        return [word for n, word in enumerate(words) if not self._is_street(words, n)]

    def _is_street(self, words: list[str], n: int) -> bool:
        if n + 1 < len(words) and words[n + 1] in self.after:
            return True
        before = next((word for word in reversed(words[:n]) if word not in self.between), "")
        return before in self.before


NOTHING_ELSE = Elsewhere()


@lru_cache(maxsize=4096)
def is_name(key: str) -> bool:
    """Say whether a key tells a name of a thing today, in any language: ``name:ar`` and ``alt_name``, no former one."""
    return plain_key(key) in NAME_KEYS or key.startswith("name:")


def is_named(tags: Tags, words: frozenset[str], elsewhere: Elsewhere = NOTHING_ELSE) -> bool:
    """Say whether any name of a feature calls it one of these."""
    return any(is_called(tags[key], words, elsewhere) for key in tags if is_name(key))


@lru_cache(maxsize=16384)
def is_called(name: str, words: frozenset[str], elsewhere: Elsewhere = NOTHING_ELSE) -> bool:
    """Say whether a name has one of these words, or a word that ends as one does.

    Capitals of other scripts are read both ways, as look-alikes of Latin letters and as their own.
    """
    told = {plain(name), plain(name.lower())}
    told |= {reading for text in told for reading in figures_as_letters(text)}
    return any(_has_one(text, words, elsewhere) for text in told)


def _has_one(text: str, words: frozenset[str], elsewhere: Elsewhere) -> bool:
    told = elsewhere.left_of(_WORD.findall(text.replace("_", " ")))
    whole = f"_{'_'.join(told)}_"
    phrases, unspaced = _sorted_out(words)
    return (
        any(word in text for word in unspaced)
        or any(_ends_as(word, words) or _begins_as(word, words) for word in told)
        or any(f"_{phrase}_" in whole for phrase in phrases)
    )


@lru_cache(maxsize=16)
def _sorted_out(words: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that are several, and those of scripts that set no spaces."""
    unspaced = tuple(word for word in words if not _SPACED.fullmatch(word))
    several = [_APART.sub("_", word) for word in words if _SPACED.fullmatch(word)]
    return tuple(word for word in several if "_" in word), unspaced


def _ends_as(word: str, words: frozenset[str]) -> bool:
    if word in words or any(word.removeprefix(article) in words for article in _ARTICLES):
        return True
    return any(word[start:] in words for start in range(1, len(word) - _SHORTEST_ENDING + 1))


def _begins_as(word: str, words: frozenset[str]) -> bool:
    return any(word[:-tail] in words for tail in range(1, _LONGEST_TAIL + 1) if len(word) - tail >= _SHORTEST_STEM)
