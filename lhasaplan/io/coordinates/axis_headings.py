"""Find out which way a heading counts: X(北) of Chinese surveyors, X (Hochwert) and Y / Easting name the axis beside a letter."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from lhasaplan.content import content_folder
from lhasaplan.io.parse.toml_file import read_toml

_AXES = ("lon", "lat", "x_m", "y_m")
_LETTERS = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")


@cache
def _words() -> tuple[Mapping[str, str], frozenset[str]]:
    """Return word -> axis, and the words that say nothing of the axis."""
    axes = read_toml(content_folder("data") / "columns.toml")[0]["axes"]
    return {plain(word): axis for axis in _AXES for word in axes[axis]}, frozenset(plain(word) for word in axes["beside"])


def plain(text: str) -> str:
    """Return a heading without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def axis_of(heading: str) -> str | None:
    """Return the column that a heading of nothing but an axis means; None where it names no axis, or two.

    A letter alone is none: N may be a number.

    >>> axis_of("X(北)"), axis_of("Y (Easting)"), axis_of("X"), axis_of("纵坐标X(m)"), axis_of("North gate")
    ('y_m', 'x_m', None, 'y_m', None)
    """
    axes, beside = _words()
    parts = [part for piece in _LETTERS.findall(plain(heading)) for part in _split(piece)]
    found = {axes[part] for part in parts if part in axes}
    is_plain = all(part in axes or part in beside for part in parts)
    named = [part for part in parts if part in axes]
    if len(found) != 1 or not is_plain or (len(parts) == 1 and len(parts[0]) == 1 and parts[0].isascii()):
        return None
    return found.pop() if any(len(part) > 1 or not part.isascii() or len(parts) > 1 for part in named) else None


def _split(piece: str) -> list[str]:
    """Return the words of a run of letters: Chinese has no spaces between them."""
    if piece.isascii():
        return [piece]
    axes, beside = _words()
    pattern = "|".join(sorted((word for word in (*axes, *beside) if not word.isascii()), key=len, reverse=True))
    rest = re.sub(pattern, "", piece)
    return [*re.findall(pattern, piece), *([rest] if rest else [])]
