"""Marks in the files of an office, ``[[name]]``: where they stand, what is wrong with them, and their values put in as text.

A value is put in as text and never read again: nothing in a template or in a value is a program
(docs/adr/0010-text-is-never-a-template.md). What is drafted stands where ``[[content]]`` stood.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import LxmlError
from pptx.exc import PythonPptxError

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where

MARK = re.compile(r"\[\[(.*?)\]\]")
CONTENT = "content"
TEXTS = (qn("w:t"), qn("a:t"))  # of Word, of slides
# What the libraries of Word and slides raise of a file with a part that is broken, missing or another's.
_OF_DAMAGE = (
    *(PackageNotFoundError, PythonPptxError, zipfile.BadZipFile, zlib.error, LxmlError, OSError, EOFError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, NotImplementedError),
)
NO_MARK = marked("[[{mark}]] is no mark of a template; there are: {known}")
UNENDED = marked("A mark begins with [[ and does not end with ]] in this paragraph: {text}")


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph of a template: in which part of the file, and which one of it, from 1."""

    part: str
    number: int
    element: Any

    @property
    def text(self) -> str:
        """All words of it, however the program that wrote it has split them."""
        return "".join(node.text or "" for node in self.element.iter(*TEXTS))

    @property
    def is_content(self) -> bool:
        """Whether the draft stands here: the mark and nothing else."""
        return self.text.strip() == f"[[{CONTENT}]]"


def spots_in(part: str, root: Any, paragraph: str) -> Iterator[Spot]:
    """Give every paragraph of one part of a file, wherever it stands in it."""
    yield from (Spot(part, number, each) for number, each in enumerate(root.iter(qn(paragraph)), 1))


def wrong_marks(spots: Sequence[Spot], path: Path, known: Sequence[str]) -> Iterator[Fault]:
    """Give a fault for each mark that there is not, and for each that does not end, with part and paragraph."""
    for spot in spots:
        where = Where(file=path.name, item=f"{spot.part}, ¶ {spot.number}")
        for name in MARK.findall(spot.text):
            if name not in known:
                yield Fault(NO_MARK, where, params={"mark": name, "known": ", ".join(known)})
        if "[[" in MARK.sub("", spot.text):
            yield Fault(UNENDED, where, params={"text": spot.text})


def fill_marks(element: Any, values: Mapping[str, str]) -> None:
    """Fill the marks of one paragraph from its end, so that no value is looked through for marks."""
    nodes = list(element.iter(*TEXTS))
    text = "".join(node.text or "" for node in nodes)
    for found in reversed(list(MARK.finditer(text))):
        _replace(nodes, *found.span(), values[found[1]])


def _replace(nodes: list[Any], start: int, end: int, value: str) -> None:
    """Put a value in the place of the letters between two places of the nodes' text, in the look of the first of them."""
    at = 0
    for node in nodes:
        text = node.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            node.text = text[:first] + (value if at <= start else "") + text[last:]
            if node.tag == qn("w:t"):
                node.set(qn("xml:space"), "preserve")
        at += len(text)


@contextmanager
def reading_template(path: Path, sentence: str) -> Iterator[None]:
    """Open and look through an office's file inside this block: whatever is broken in it is told as ``sentence``."""
    try:
        yield
    except _OF_DAMAGE as error:
        raise InputError(Fault(sentence, Where(file=path.name))) from error
