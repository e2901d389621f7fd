"""Files that drafts are written to: their names, whole or not at all, and text that no spreadsheet runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.core.base.spelling import plain_letters
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files import replacing as whole
from lhasaplan.files.replacing import clear_earlier

# File formats that a sheet of pictures can have, checked before anything is drawn.

ENDINGS = (".pdf", ".html")
FORMATS = marked("A sheet of pictures is a .pdf or .html file, not {name}")


def require_format(path: Path) -> None:
    """Refuse a file that is neither PDF nor HTML."""
    if path.suffix.casefold() not in ENDINGS:
        raise InputError(Fault(FORMATS, Where(str(path)), {"name": path.name}))


# Write a draft whole or not at all.
@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``, whose folder is made, and put it in its place only when the block ended well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_earlier(path)
    with whole.replacing(path) as draft:
        yield draft


# Text in a CSV file that a spreadsheet shows and never runs.

# What opens a formula, the full-width forms too, which some spreadsheets take for them.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
QUOTE = "'"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def inert(text: str) -> str:
    """Return the text of a cell; one that a spreadsheet would run as a formula begins with an apostrophe. A number is none.

    >>> inert("=1+1"), inert("  @SUM(A1)"), inert("pole 3"), inert("-26.999886"), inert("-1+1")
    ("'=1+1", "'  @SUM(A1)", 'pole 3', '-26.999886', "'-1+1")
    """
    if NUMBER.fullmatch(text):
        return text
    return QUOTE + text if text.lstrip().startswith(FORMULA) or text[:1] in ("\t", "\r", "\n") else text


# Names of files that are about somebody: a number, and letters that every system takes.
def numbered_name(start: str, number: int, about: str, unknown: str = "unknown") -> str:
    """Return a safe file name; ``unknown`` stands for one without a letter of ASCII.

    >>> numbered_name("letter", 2, "Straßen- & Tiefbauamt / Süd")
    'letter-02-strassen-tiefbauamt-sud'
    """
    return f"{start}-{number:02d}-{plain_letters(about) or unknown}"
