"""Fields of Word and marks ``[[name]]`` in an office's files: what stays, what is filled, what is wrong.

A field can fetch a file or a picture (INCLUDETEXT, INCLUDEPICTURE), link to another program (LINK, DDE, DDEAUTO), ask a database
or run a macro. Its instruction may be split over runs and hold other fields, so what is not plainly one of the known ones goes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import LxmlError
from lxml.etree import _Element as Element
from pptx.exc import PythonPptxError

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where

# Marks in the files of an office, ``[[name]]``: where they stand, what is wrong with them, and their values put in as text.
#
# A value is put in as text and never read again: nothing in a template or in a value is a program
# (docs/adr/0010-text-is-never-a-template.md). What is drafted stands where ``[[content]]`` stood.

MARK = re.compile(r"\[\[(.*?)\]\]")
CONTENT = "content"
TEXTS = (qn("w:t"), qn("a:t"))  # of Word, of slides
# What the libraries of Word and slides raise of a file with a part that is broken, missing or another's.
_OF_DAMAGE = (
    *(PackageNotFoundError, PythonPptxError, zipfile.BadZipFile, zlib.error, LxmlError, OSError, EOFError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, NotImplementedError),
)
NO_MARK = marked("[[{mark}]] is not a mark of a template; the marks are: {known}")
UNENDED = marked("A mark begins with [[ and does not end with ]] in this paragraph: {text}")


@dataclass(frozen=True, slots=True)
class MarkSpot:
    """A paragraph of a template: in which part of the file, and which one of it, from 1."""

    part: str
    number: int
    element: Element

    @property
    def text(self) -> str:
        """All words of it, however the program that wrote it has split them."""
        return "".join(node.text or "" for node in self.element.iter(*TEXTS))

    @property
    def is_content(self) -> bool:
        """Whether the draft stands here: the mark and nothing else."""
        return self.text.strip() == f"[[{CONTENT}]]"


def spots_in(part: str, root: Element, paragraph: str) -> Iterator[MarkSpot]:
    """Give every paragraph of one part of a file, wherever it stands in it."""
    yield from (MarkSpot(part, number, each) for number, each in enumerate(root.iter(qn(paragraph)), 1))


def wrong_marks(spots: Sequence[MarkSpot], path: Path, known: Sequence[str]) -> Iterator[Fault]:
    """Give a fault for each mark that there is not, and for each that does not end, with part and paragraph."""
    for spot in spots:
        where = Where(file=path.name, item=f"{spot.part}, ¶ {spot.number}")
        for name in MARK.findall(spot.text):
            if name not in known:
                yield Fault(NO_MARK, where, params={"mark": name, "known": ", ".join(known)})
        if "[[" in MARK.sub("", spot.text):
            yield Fault(UNENDED, where, params={"text": spot.text})


def fill_marks(element: Element, values: Mapping[str, str]) -> None:
    """Fill the marks of one paragraph from its end, so that no value is searched for marks."""
    nodes = list(element.iter(*TEXTS))
    text = "".join(node.text or "" for node in nodes)
    for found in reversed(list(MARK.finditer(text))):
        _replace(nodes, *found.span(), values[found[1]])


def _replace(nodes: list[Element], start: int, end: int, value: str) -> None:
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
    """Open and look through an office's file inside this block: whatever is broken in it is reported as ``sentence``."""
    try:
        yield
    except _OF_DAMAGE as error:
        raise InputError(Fault(sentence, Where(file=path.name))) from error


# Fields of Word in a template: those that only compute or number stay, all others become the text that they show.

FIELD = marked("the field {field} of the template was not taken over; the text that it shows stays")
KEPT = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME"),
        *("TITLE", "SUBJECT", "AUTHOR", "KEYWORDS", "COMMENTS", "LASTSAVEDBY", "REVNUM", "FILENAME", "NUMWORDS", "NUMCHARS"),
        *("DOCPROPERTY", "STYLEREF", "REF", "PAGEREF", "NOTEREF", "SEQ", "TOC", "TC", "TOA", "TA", "INDEX", "XE"),
        *("SYMBOL", "EQ", "ADVANCE", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "FORMTEXT", "FORMCHECKBOX"),
        *("FORMDROPDOWN", "QUOTE", "IF", "COMPARE"),
    )
)
_WEB = re.compile(r'\s*HYPERLINK\s+(\\[a-z]\s+)*"?(https?:|mailto:)|\s*HYPERLINK\s+\\l\s', re.IGNORECASE)
NAMELESS = "?"


@dataclass
class _Field:
    """A field between its marks: what stands in its instruction, and the marks themselves."""

    marks: list[Element]
    inside: list[Element] = field(default_factory=list)
    text: str = ""
    is_in_instruction: bool = True


def is_kept(instruction: str) -> bool:
    """Say whether a field of this instruction stays a field.

    >>> is_kept(" PAGE ROMAN"), is_kept(" DDEAUTO cmd.exe"), is_kept('HYPERLINK "https://example.org"')
    (True, False, True)
    """
    words = instruction.split()
    is_known = bool(words) and (words[0].upper() in KEPT or words[0].startswith("="))
    return is_known or _WEB.match(instruction) is not None


def without_running_fields(root: Element) -> list[str]:
    """Make text of the fields that are not kept, and return their instructions."""
    return [*_plain_simple(root), *_plain_complex(root)]


def _plain_simple(root: Element) -> list[str]:
    reported: list[str] = []
    for element in list(root.iter("{*}fldSimple")):
        instruction = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "instr"), "")
        if not is_kept(instruction):
            reported.append(_named(instruction))
            _unwrap(element)
    return reported


def _unwrap(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        if etree.QName(child).localname != "fldData":
            parent.insert(at + 1, child)
    parent.remove(element)


def _plain_complex(root: Element) -> list[str]:
    reported: list[str] = []
    for each in _fields(root):
        if not is_kept(each.text):
            reported.append(_named(each.text))
            for element in (*each.marks, *each.inside):
                if (parent := element.getparent()) is not None:
                    parent.remove(element)
    return reported


def _named(instruction: str) -> str:
    return " ".join(instruction.split()) or NAMELESS


def _fields(root: Element) -> list[_Field]:
    """Return the fields of a part, the inner ones first; one that does not end goes by what it has."""
    done: list[_Field] = []
    around: list[_Field] = []
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element).localname
        if name == "fldChar":
            _at_mark(element, around, done)
        elif name in {"instrText", "delInstrText"}:
            _at_instruction(element, around)
        elif name in {"t", "delText", "tab", "br", "drawing", "pict", "object"}:
            for each in around:
                if each.is_in_instruction:
                    each.inside.append(element)
    return [*done, *reversed(around)]


def _at_mark(element: Element, around: list[_Field], done: list[_Field]) -> None:
    kind = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "fldCharType"), "")
    outer = around if kind == "begin" else around[:-1]
    for each in outer:
        if each.is_in_instruction:
            each.inside.append(element)
            if kind == "begin" and not each.text.strip():
                each.text = NAMELESS  # what kind of field it is would be computed by another
    if kind == "begin":
        around.append(_Field([element]))
    elif around:
        around[-1].marks.append(element)
        if kind == "separate":
            around[-1].is_in_instruction = False
        else:
            done.append(around.pop())


def _at_instruction(element: Element, around: list[_Field]) -> None:
    if not around:
        return
    around[-1].text += element.text or ""
    for each in around:
        if each.is_in_instruction:
            each.inside.append(element)
