"""Letters that the program's fonts lack, as of Thai or Tibetan names: from the machine's fonts, or an empty box, in a PDF."""

import threading
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import typst
from matplotlib.ft2font import FT2Font

from lhasaplan.content import FONTS, content_folder

BOX = "□"
_LOCK = threading.Lock()  # typst's compiler serves one thread at a time
WITHOUT_FONT = "could not be displayed"  # what typst says of a letter without a font, where a PDF has to be read aloud


@dataclass(frozen=True, slots=True)
class Lettering:
    """What becomes of the letters of a draft: for which a box stands, and whether fonts of the machine are needed."""

    boxes: Mapping[int, str]
    with_machine_fonts: bool


def lettering_of(values: object) -> Lettering:
    """Return how the texts of a draft can be set; of most drafts without a look at the machine's fonts."""
    lacking = {letter for letter in rare_letters(values) if not _has_font(letter, of_machine=False)}
    without = {letter for letter in lacking if not _has_font(letter, of_machine=True)}
    return Lettering({ord(letter): BOX for letter in without}, bool(lacking - without))


def rare_letters(values: object) -> frozenset[str]:
    """Return the letters of all texts that neither of the program's two fonts has; signs of control are no letters."""
    rare = frozenset().union(*_texts(values)) - _own_letters()
    return frozenset(letter for letter in rare if unicodedata.category(letter) != "Cc")


def boxed(values: Any, boxes: Mapping[int, str]) -> Any:
    """Return the same values with a box for each of these letters."""
    if isinstance(values, str):
        return values.translate(boxes)
    if isinstance(values, dict):
        return {key: boxed(value, boxes) for key, value in values.items()}
    return [boxed(value, boxes) for value in values] if isinstance(values, list) else values


def _texts(values: object) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, (dict, list)):
        for value in values.values() if isinstance(values, dict) else values:
            yield from _texts(value)


@lru_cache(maxsize=1)
def _own_letters() -> frozenset[str]:
    files = sorted(content_folder(FONTS).glob("*.otf"))
    return frozenset(chr(code) for file in files for code in FT2Font(str(file)).get_charmap())


@lru_cache(maxsize=4096)
def _has_font(letter: str, *, of_machine: bool) -> bool:
    """Try a letter out; typst brings fonts of its own, of which nobody can be asked what they have."""
    try:
        with _LOCK:
            _compiler(of_machine=of_machine).compile(input=_page(letter), format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if WITHOUT_FONT not in str(error):
            raise
        return False
    return True


def _page(letter: str) -> bytes:
    return f'#set document(title: "-")\n#"\\u{{{ord(letter):x}}}"'.encode()


@lru_cache(maxsize=2)
def _compiler(*, of_machine: bool) -> typst.Compiler:
    """Return a typst that has looked for fonts once."""
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=of_machine, font_paths=[str(content_folder(FONTS))]))
