"""An office's own Word file as the template of drafts: its styles, head, foot and logo stay, its marks are filled with text.

A mark is ``[[name]]``. Its value is put in as text and never read again: nothing in a template or in a value is a program
(docs/adr/0010-text-is-never-a-template.md). The draft stands where ``[[content]]`` stood.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.text.document import Cover, Document

BODY = "document"
MARK = re.compile(r"\[\[(.*?)\]\]")
CONTENT = "content"
MARKS = (CONTENT, "title", "subtitle", "issuer", "state", "level", "date", "banner", "footer")
# Our own styles are added where a template has none of that name; those that every Word file has it must keep.
NEEDED = ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet")
NO_FILE = marked("This is no Word file that can be a template; save it as .docx")
NO_STYLE = marked("The template has no paragraph style called {style}; make one, or begin from a file of Word itself")
NO_MARK = marked("[[{mark}]] is no mark of a template; there are: {known}")
UNENDED = marked("A mark begins with [[ and does not end with ]] in this paragraph: {text}")
NO_CONTENT = marked("The template must have one paragraph with [[content]] and nothing else in it: the draft stands there")


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph of a template: in which part of the file, and which one of it, from 1."""

    part: str
    number: int
    element: Any

    @property
    def text(self) -> str:
        """All words of it, however Word has split them."""
        return "".join(node.text or "" for node in self.element.iter(qn("w:t")))


def open_template(path: Path) -> Any:
    """Return the file as a document, checked.

    InputError with every fault: what is no Word file, styles that are missing, marks that there are not, with part and paragraph.
    """
    try:
        word = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(Fault(NO_FILE, Where(file=path.name))) from error
    faults = [*_styles_missing(word, path), *_wrong_marks(word, path)]
    if faults:
        raise InputError(*faults)
    return word


def _styles_missing(word: Any, path: Path) -> Iterator[Fault]:
    have = {style.name for style in word.styles}
    yield from (Fault(NO_STYLE, Where(file=path.name), params={"style": name}) for name in NEEDED if name not in have)


def _wrong_marks(word: Any, path: Path) -> Iterator[Fault]:
    contents = 0
    for spot in spots(word):
        where = Where(file=path.name, item=f"{spot.part}, ¶ {spot.number}")
        names = MARK.findall(spot.text)
        contents += CONTENT in names and spot.part == BODY and MARK.sub("", spot.text).strip() == "" and len(names) == 1
        known = ", ".join(MARKS)
        yield from (Fault(NO_MARK, where, params={"mark": n, "known": known}) for n in names if n not in MARKS)
        if "[[" in MARK.sub("", spot.text):
            yield Fault(UNENDED, where, params={"text": spot.text})
    if contents != 1:
        yield Fault(NO_CONTENT, Where(file=path.name))


def spots(word: Any) -> Iterator[Spot]:
    """Give every paragraph of the text, of tables and text boxes, and of heads and feet."""
    parts = {BODY: word.element.body}
    for number, section in enumerate(word.sections, 1):
        for name in ("header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                parts[f"{name.replace('_', ' ')} {number}"] = part._element
    for name, root in parts.items():
        yield from (Spot(name, number, each) for number, each in enumerate(root.iter(qn("w:p")), 1))


def values_of(draft: Document) -> Mapping[str, str]:
    """Return what the marks of a draft say; those of a cover are empty where a draft has none."""
    cover = next((block for block in draft.blocks if isinstance(block, Cover)), None)
    told = {"title": draft.title, "subtitle": draft.subtitle, "date": draft.date, "footer": draft.footer}
    told["banner"] = " · ".join(draft.banners)
    return told | {name: getattr(cover, name) if cover else "" for name in ("issuer", "state", "level")}


def fill(word: Any, values: Mapping[str, str]) -> list[Any]:
    """Put the values in, take what follows the content out of the body and return it: it comes back behind the draft."""
    behind: list[Any] = []
    for spot in list(spots(word)):
        if MARK.findall(spot.text) == [CONTENT]:
            behind = [each for each in spot.element.itersiblings() if each.tag != qn("w:sectPr")]
            spot.element.getparent().remove(spot.element)
        else:
            _fill_paragraph(spot.element, values)
    for each in behind:
        each.getparent().remove(each)
    return behind


def _fill_paragraph(element: Any, values: Mapping[str, str]) -> None:
    """Fill the marks of one paragraph from its end, so that no value is looked through for marks."""
    nodes = list(element.iter(qn("w:t")))
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
            node.set(qn("xml:space"), "preserve")
        at += len(text)
