"""What is wrong with the files of an office that drafts are put in, and what is not taken over: one of Word and one of slides."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.powerpoint.slide_template import NO_FILE as NO_SLIDES
from lhasaplan.report.powerpoint.slide_template import open_slides
from lhasaplan.report.text.document import Cover, Document
from lhasaplan.report.text.template_fields import CONTENT, MarkSpot, fill_marks, reading_template, spots_in, wrong_marks
from lhasaplan.report.text.template_parts import cleaned

# An office's own Word file as the template of drafts: its styles, head, foot and logo stay, its marks are filled with text.

BODY = "document"
MARKS = (CONTENT, "title", "subtitle", "issuer", "state", "level", "date", "banner", "footer")
# Our own styles are added where a template has none of that name; those that every Word file has it must keep.
NEEDED = ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet")
NO_FILE = marked("This is no Word file that can be a template; save it as .docx")
NO_STYLE = marked("The template has no paragraph style called {style}; make one, or begin from a file of Word itself")
NO_CONTENT = marked("The template must have one paragraph with [[content]] and nothing else in it: the draft stands there")


def open_template(path: Path) -> Any:
    """Return the file as a document, checked.

    InputError with every fault: what is no Word file, styles that are missing, marks that there are not, with part and paragraph.
    """
    with reading_template(path, NO_FILE):
        word = docx.Document(io.BytesIO(cleaned(path.read_bytes(), path.name).content))
        faults = [*_styles_missing(word, path), *_wrong_marks(word, path)]
    if faults:
        raise InputError(*faults)
    return word


def _styles_missing(word: Any, path: Path) -> Iterator[Fault]:
    have = {style.name for style in word.styles}
    yield from (Fault(NO_STYLE, Where(file=path.name), params={"style": name}) for name in NEEDED if name not in have)


def _wrong_marks(word: Any, path: Path) -> Iterator[Fault]:
    found = list(spots(word))
    yield from wrong_marks(found, path, MARKS)
    if sum(spot.is_content for spot in found if spot.part == BODY) != 1:
        yield Fault(NO_CONTENT, Where(file=path.name))


def spots(word: Any) -> Iterator[MarkSpot]:
    """Give every paragraph of the text, of tables and text boxes, and of heads and feet."""
    parts = {BODY: word.element.body}
    for number, section in enumerate(word.sections, 1):
        for name in ("header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                parts[f"{name.replace('_', ' ')} {number}"] = part._element
    for name, root in parts.items():
        yield from spots_in(name, root, "w:p")


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
        if spot.is_content:
            behind = [each for each in spot.element.itersiblings() if each.tag != qn("w:sectPr")]
            spot.element.getparent().remove(spot.element)
        else:
            fill_marks(spot.element, {**values, CONTENT: ""})
    for each in behind:
        each.getparent().remove(each)
    return behind


NONE_OF = {".docx": NO_FILE, ".pptx": NO_SLIDES}
OPENED = {".docx": open_template, ".pptx": open_slides}
NO_KIND = marked("A template is a Word file (.docx) or a file of slides (.pptx)")
MISSING = marked("there is no such file")
ANOTHER = marked("There is another template of this kind: {file}")


def template_faults(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return everything that is wrong with these templates, of all of them at once."""
    return tuple(_faults(paths))


def template_remarks(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return what of these templates does not go into drafts, since it would run, fetch or open something, each by name."""
    return tuple(remark for path in paths for remark in _removed(path))


def _removed(path: Path) -> tuple[Fault, ...]:
    with reading_template(path, NONE_OF[path.suffix.lower()]):
        return cleaned(path.read_bytes(), path.name).removed


def _faults(paths: Sequence[Path]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for path in paths:
        kind, where = path.suffix.lower(), Where(file=path.name)
        if kind not in OPENED:
            yield Fault(NO_KIND, where)
            continue
        if kind in first:
            yield Fault(ANOTHER, where, params={"file": first[kind].name})
        first.setdefault(kind, path)
        if not path.is_file():
            yield Fault(MISSING, where)
            continue
        try:
            OPENED[kind](path)
        except InputError as error:
            yield from error.faults
