"""Where a long word may break: identifiers and digests have no spaces, and neither have names that somebody made up."""

import re
import unicodedata
from collections.abc import Iterable

BREAK = "\u200b"
PIECE = 6  # signs of a cell's word: as many of the widest letters fit the narrowest column
LONGEST = 16  # of a word in a cell: longer ones are identifiers
LONGEST_FLOWING = 30  # no word of a language here is longer
PIECE_FLOWING = 16
MARKS = "()[].,;:!?"  # which stand beside words
ENDS = ":/_-" + MARKS
TALL = 500  # signs: less than a page of the narrowest column holds


def breakable(text: str, longest: int = LONGEST, piece: int = PIECE) -> str:
    """Let a long identifier or digest break inside a narrow cell, at zero-width spaces that a search ignores.

    Words with letters beyond ASCII, and those of nothing but small letters behind the first, may be words of a language, which
    a page hyphenates by its language: of these only what no language has is broken.
    """
    return " ".join(_broken(part, piece) if _is_long(part, longest) else part for part in text.split(" "))


def is_tall(cells: Iterable[str]) -> bool:
    """Say whether a row of a table may outgrow a page: only such a row is split between two."""
    return any(len(text) > TALL for text in cells)


def flowing(text: str) -> str:
    """Let a word break that is longer than any language has, in running text."""
    return breakable(text, LONGEST_FLOWING, PIECE_FLOWING)


def _is_long(word: str, longest: int) -> bool:
    is_word = not word.isascii() or _is_word(word.strip(MARKS))
    return len(word) > (max(longest, LONGEST_FLOWING) if is_word else longest)


def _is_word(text: str) -> bool:
    """Say whether this may be a word of a language: letters, none large but the first."""
    return text.isalpha() and (text[1:].islower() or len(text) == 1) and len(text) <= LONGEST_FLOWING


def _broken(word: str, piece: int) -> str:
    """Break after colons, slashes and underscores first, then anywhere but in words and before an accent."""
    parts = re.split(r"(?<=[:/_-])", word)
    return BREAK.join(cut for part in parts if part for cut in ([part] if _is_word(part.strip(ENDS)) else _cut(part, piece)))


def _cut(word: str, piece: int) -> list[str]:
    starts = [n for n in range(0, len(word), piece) if n == 0 or not unicodedata.combining(word[n])]
    return [word[start:end] for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]
