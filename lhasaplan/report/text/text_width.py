"""How wide a text gets and where its lines break, measured without a window: boxes of slides do not grow by themselves."""

import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import matplotlib
from PIL import ImageFont

CM_PER_PT = 2.54 / 72.0
# DejaVu Sans runs an eighth wider than Arial and its likes in small letters: what fits by it fits in them, with room for
# another renderer. Arial's capitals and signs are as wide or up to a twentieth wider.
NARROWER, WIDER = 0.95, 1.06
SIZE = 200
FIRST_WIDE = "\u1100"


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), SIZE)


def _is_wide(char: str) -> bool:
    """Say whether a character fills a square, as Chinese ones do."""
    return char >= FIRST_WIDE and unicodedata.east_asian_width(char) in ("W", "F")


@lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> float:
    """Return the width of a character in ems."""
    if _is_wide(char):
        return 1.0
    is_narrower = char.islower() or char.isdigit() or char.isspace()
    return (NARROWER if is_narrower else WIDER) * _font(bold).getlength(char) / SIZE


def width_of(text: str, size_pt: float, bold: bool = False) -> float:
    """Return how many centimetres a line of text takes."""
    return sum(_advance(char, bold) for char in text) * size_pt * CM_PER_PT


def lines_of(text: str, room_cm: float, size_pt: float, bold: bool = False) -> list[str]:
    """Return the text broken to lines that fit: at spaces, between Chinese characters, and in words longer than a line.

    A no-break space holds. An empty text has one line.
    """
    return list(_lines_of(text, room_cm, size_pt, bold))


@lru_cache(maxsize=16384)  # a table that does not fit is measured again with each row that it gives up
def _lines_of(text: str, room_cm: float, size_pt: float, bold: bool) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _broken(paragraph, room_cm, size_pt, bold)
    return tuple(lines)


@lru_cache(maxsize=16384)
def longest_word_of(text: str, size_pt: float, bold: bool = False) -> float:
    """Return how many centimetres the longest piece of a text takes that should not be broken."""
    return max((width_of(piece.rstrip(), size_pt, bold) for piece in _pieces(text.replace("\n", " "))), default=0.0)


def _broken(text: str, room_cm: float, size_pt: float, bold: bool) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if width_of((line + piece).rstrip(" "), size_pt, bold) <= room_cm:
            line += piece
            continue
        if line:
            lines.append(line)
        *whole, line = _cut(piece, room_cm, size_pt, bold)
        lines += whole
    return [*lines, line]


def _pieces(text: str) -> list[str]:
    """Return what may not be broken, each with the spaces that follow it."""
    ends = [n + 1 for n, (one, other) in enumerate(pairwise(text)) if _may_break(one, other)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _may_break(one: str, other: str) -> bool:
    if one == " ":
        return other != " "
    return (_is_wide(one) or _is_wide(other)) and other not in " ，。；：、）》”？！" and one not in "（《“"


def _cut(piece: str, room_cm: float, size_pt: float, bold: bool) -> list[str]:
    """Cut a word that is longer than a line."""
    parts, part = [], ""
    for char in piece:
        if part and char != " " and width_of(part + char, size_pt, bold) > room_cm:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def shortened(text: str, room_cm: float, size_pt: float, most: int, bold: bool = False) -> str:
    """Return the text if it fits in so many lines, else its beginning with an ellipsis."""
    lines = lines_of(text, room_cm, size_pt, bold)
    if len(lines) <= most:
        return text
    kept = "".join(lines[:most]).rstrip()
    while kept and len(lines_of(f"{kept}…", room_cm, size_pt, bold)) > most:
        kept = kept[:-1]
    return f"{kept}…"
