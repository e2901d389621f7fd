"""How wide a text gets and where its lines break, measured without a window: boxes of slides do not grow by themselves."""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import matplotlib
from PIL import Image, ImageFont

from lhasaplan.report.text.document import Block, Bullets, Figure, Grid, Paragraph

# Where a long word may break: identifiers and digests have no spaces, and neither have names that somebody made up.

BREAK = "\u200b"
PIECE = 6  # signs of a cell's word: as many of the widest letters fit the narrowest column
LONGEST = 16  # of a word in a cell: longer ones are identifiers
LONGEST_FLOWING = 30  # no word of a language here is longer
PIECE_FLOWING = 16
MARKS = "()[].,;:!?"  # which stand beside words
ENDS = ":/_-" + MARKS
RUN = re.compile(r"[^ \u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
TALL = 500  # signs: less than a page of the narrowest column holds


def breakable(text: str, longest: int = LONGEST, piece: int = PIECE) -> str:
    """Let a long identifier or digest break inside a narrow cell, at places of no width that the template draws as no sign.

    Chinese signs break by themselves. Words with letters beyond ASCII, and those of nothing but small letters behind the first,
    may be words of a language, which a page hyphenates by its language: of these only what no language has is broken.
    """
    return RUN.sub(lambda run: _broken(run[0], piece) if _is_long(run[0], longest) else run[0], text)


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


CM_PER_PT = 2.54 / 72.0
# DejaVu Sans runs an eighth wider than Arial and its likes in small letters: what fits by it fits in them, with room for
# another renderer. Arial's capitals and signs are as wide or up to a twentieth wider.
NARROWER, WIDER = 0.95, 1.06
SIZE = 200
JOINT = 0.25  # ems that office programs put between a Chinese sign and a letter or digit beside it
FIRST_WIDE = "\u1100"
MAYBE_WIDE = re.compile("[\u1100-\u200f\u2031-\U0010ffff]")  # dashes and quotes between these ends are narrow
WORDS = re.compile("[^ ]+ *|^ +")  # each with the spaces that follow it


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), SIZE)


def _is_wide(char: str) -> bool:
    """Say whether a character fills a square, as Chinese ones do."""
    return char >= FIRST_WIDE and unicodedata.east_asian_width(char) in ("W", "F")


class _Advances(dict[str, float]):
    """The width of each character in ems, measured when it is first met."""

    def __init__(self, *, bold: bool) -> None:
        super().__init__()
        self._bold = bold

    def __missing__(self, char: str) -> float:
        """Measure a character and keep its width."""
        width = 1.0
        if not _is_wide(char):
            is_narrower = char.islower() or char.isdigit() or char.isspace()
            width = (NARROWER if is_narrower else WIDER) * _font(self._bold).getlength(char) / SIZE
        self[char] = width
        return width


ADVANCES = {False: _Advances(bold=False), True: _Advances(bold=True)}


def _ems(text: str, bold: bool) -> float:
    letters = sum(map(ADVANCES[bold].__getitem__, text))
    return letters + sum(_joint(one, other) for one, other in pairwise(text)) if MAYBE_WIDE.search(text) else letters


def _joint(one: str, other: str) -> float:
    return JOINT if _is_wide(one) != _is_wide(other) and not (one.isspace() or other.isspace()) else 0.0


def width_of(text: str, size_pt: float, bold: bool = False) -> float:
    """Return how many centimetres a line of text takes."""
    return _ems(text, bold) * size_pt * CM_PER_PT


def lines_of(text: str, room_cm: float, size_pt: float, bold: bool = False) -> list[str]:
    """Return the text broken to lines that fit: at spaces, between Chinese characters, and in words longer than a line.

    A no-break space holds. An empty text has one line.
    """
    return list(_lines_of(text, room_cm, size_pt, bold))


@lru_cache(maxsize=16384)  # a table that does not fit is measured again with each row that it gives up
def _lines_of(text: str, room_cm: float, size_pt: float, bold: bool) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _broken_into_lines(paragraph, room_cm, size_pt, bold)
    return tuple(lines)


@lru_cache(maxsize=16384)
def longest_word_of(text: str, size_pt: float, bold: bool = False) -> float:
    """Return how many centimetres the longest piece of a text takes that should not be broken."""
    return max((width_of(piece.rstrip(), size_pt, bold) for piece in _pieces(text.replace("\n", " "))), default=0.0)


def _broken_into_lines(text: str, room_cm: float, size_pt: float, bold: bool) -> list[str]:
    lines, line, taken, room = [], "", 0.0, room_cm / (size_pt * CM_PER_PT)  # in ems
    for piece in _pieces(text):
        joint = _joint(line[-1], piece[0]) if line and piece else 0.0
        if taken + joint + _ems(piece.rstrip(" "), bold) <= room:
            line, taken = line + piece, taken + joint + _ems(piece, bold)
            continue
        if line:
            lines.append(line)
        *whole, line = _cut_to_width(piece, room_cm, size_pt, bold)
        lines, taken = [*lines, *whole], _ems(line, bold)
    return [*lines, line]


def _pieces(text: str) -> list[str]:
    """Return what may not be broken, each with the spaces that follow it."""
    if not MAYBE_WIDE.search(text):
        return WORDS.findall(text) or [""]  # the same, and sooner: most of a draft in a Latin script
    ends = [n + 1 for n, (one, other) in enumerate(pairwise(text)) if _may_break(one, other)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _may_break(one: str, other: str) -> bool:
    if one == " ":
        return other != " "
    return (_is_wide(one) or _is_wide(other)) and other not in " ，。；：、）》”？！" and one not in "（《“"


def _cut_to_width(piece: str, room_cm: float, size_pt: float, bold: bool) -> list[str]:
    """Cut a word that is longer than a line."""
    parts, part = [], ""
    for char in piece:
        if part and char != " " and width_of(part + char, size_pt, bold) > room_cm:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def shared_widths(wished: Sequence[float], least: Sequence[float]) -> list[float]:
    """Return how wide columns are: as wished, and one whose words would break takes from those that have room to spare.

    >>> shared_widths([2.0, 2.0, 6.0], [3.0, 1.0, 2.0])
    [3.0, 1.8, 5.2]
    """
    pairs = list(zip(wished, least, strict=True))
    short, spare = sum(max(0.0, need - wish) for wish, need in pairs), sum(max(0.0, wish - need) for wish, need in pairs)
    if short == 0.0:
        return list(wished)
    given, taken = min(1.0, spare / short), min(1.0, short / spare) if spare else 0.0
    return [wish + (need - wish) * given if need > wish else wish - (wish - need) * taken for wish, need in pairs]


def shortened(text: str, room_cm: float, size_pt: float, most: int, bold: bool = False) -> str:
    """Return the text if it fits in so many lines, else its beginning with an ellipsis."""
    lines = lines_of(text, room_cm, size_pt, bold)
    if len(lines) <= most:
        return text
    kept = "".join(lines[:most]).rstrip()
    while kept and len(lines_of(f"{kept}…", room_cm, size_pt, bold)) > most:
        kept = kept[:-1]
    return f"{kept}…"


# How tall blocks are set on an upright page, rather too tall: what else stands on it has the rest.
TEXT_CM, CELL_CM, LINE_CM, SMALL_CM, ROW_CM = 17.4, 0.25, 0.45, 0.37, 0.19


def height_cm(block: Block) -> float:
    """Return about how tall a block is set across an A4 page."""
    if isinstance(block, Grid):
        widths = [TEXT_CM * width / sum(block.widths) - CELL_CM for width in block.widths]
        rows = (block.headings, *block.rows)
        return sum(
            ROW_CM + SMALL_CM * max(len(lines_of(cell, width, 8.0)) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
    if isinstance(block, Bullets):
        return sum(LINE_CM * len(lines_of(item, TEXT_CM - 0.6, 9.5)) + 0.2 for item in block.items)
    if isinstance(block, Paragraph):
        is_small = block.style == "small"
        lines = lines_of(block.text, TEXT_CM, 8.0 if is_small else 9.5)
        return (SMALL_CM if is_small else LINE_CM) * len(lines) + 0.3
    if isinstance(block, Figure):
        with Image.open(io.BytesIO(block.png)) as picture:
            tall_cm = TEXT_CM * block.width * picture.height / picture.width
        return tall_cm + SMALL_CM * len(lines_of(block.caption, TEXT_CM, 8.0)) + 0.7
    return 1.1  # a heading
