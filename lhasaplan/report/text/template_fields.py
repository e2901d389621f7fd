"""Fields of Word in a template: those that only compute or number stay, all others become the text that they show.

A field can fetch a file or a picture (INCLUDETEXT, INCLUDEPICTURE), link to another program (LINK, DDE, DDEAUTO), ask a database
or run a macro. Its instruction may be split over runs and hold other fields, so what is not plainly one of the known ones goes.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from lhasaplan.core.base.wording import marked

FIELD = marked("the field {field} was not taken over from the template; the text that it shows stays")
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

    marks: list[Any]
    inside: list[Any] = field(default_factory=list)
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


def without_running_fields(root: Any) -> list[str]:
    """Make text of the fields that are not kept, and return their instructions."""
    return [*_plain_simple(root), *_plain_complex(root)]


def _plain_simple(root: Any) -> list[str]:
    told: list[str] = []
    for element in list(root.iter("{*}fldSimple")):
        instruction = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "instr"), "")
        if not is_kept(instruction):
            told.append(_named(instruction))
            _unwrap(element)
    return told


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        if etree.QName(child).localname != "fldData":
            parent.insert(at + 1, child)
    parent.remove(element)


def _plain_complex(root: Any) -> list[str]:
    told: list[str] = []
    for each in _fields(root):
        if not is_kept(each.text):
            told.append(_named(each.text))
            for element in (*each.marks, *each.inside):
                if (parent := element.getparent()) is not None:
                    parent.remove(element)
    return told


def _named(instruction: str) -> str:
    return " ".join(instruction.split()) or NAMELESS


def _fields(root: Any) -> list[_Field]:
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


def _at_mark(element: Any, around: list[_Field], done: list[_Field]) -> None:
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


def _at_instruction(element: Any, around: list[_Field]) -> None:
    if not around:
        return
    around[-1].text += element.text or ""
    for each in around:
        if each.is_in_instruction:
            each.inside.append(element)
