"""Fields of a Word file, which Word counts itself: page numbers, numbers of captions, references, and the table of contents."""

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lhasaplan.report.text.document import Heading

COUNTERS = {"table": "Table", "figure": "Figure"}  # names of sequences: Word's own, whatever the language of the caption
DEEPEST = 2  # levels that stand in a table of contents


class Bookmarks:
    """Gives every bookmark of a file its running number."""

    def __init__(self) -> None:
        self._count = 0

    def around(self, name: str, *runs: Any) -> None:
        """Put a bookmark around runs that stand side by side."""
        self._count += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._count))
        start.set(qn("w:name"), name)
        runs[0].addprevious(start)
        runs[-1].addnext(end)


def bookmark_of(anchor: str) -> str:
    """Return the name of the bookmark of a table or figure."""
    return f"ref_{re.sub(r'[^A-Za-z0-9]', '_', anchor)}"


def add_field(paragraph: Any, code: str, shown: str, size: Any = None, *, stale: bool = False) -> list[Any]:
    """Add a field with what it shows until Word counts it, and return its runs; a stale one is counted when it is opened."""
    runs = []
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run()
        if size is not None:
            run.font.size = size
        run._r.append(_part(kind, text, stale=stale))
        runs.append(run._r)
    return runs


def _part(kind: str, text: str, *, stale: bool) -> Any:
    if kind == "text":
        part = OxmlElement("w:t")
        part.text = text
        return part
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if not kind:
        part.set(qn("xml:space"), "preserve")
        part.text = f" {text} "
        return part
    part.set(qn("w:fldCharType"), kind)
    if stale and kind == "begin":
        part.set(qn("w:dirty"), "true")
    return part


def add_label(paragraph: Any, label: str, counter: str, anchor: str, bookmarks: Bookmarks) -> None:
    """Add "Table 3" with its number as a field, in a bookmark that texts refer to."""
    before, number, after = re.fullmatch(r"(\D*)(\d+)(.*)", label).groups()  # type: ignore[union-attr]
    runs = [paragraph.add_run(before)._r] if before else []
    runs += add_field(paragraph, f"SEQ {COUNTERS[counter]} \\* ARABIC", number)
    runs += [paragraph.add_run(after)._r] if after else []
    if anchor:
        bookmarks.around(bookmark_of(anchor), runs[0], runs[-1])


def add_contents(word: Any, headings: list[tuple[str, Heading]]) -> None:
    """Add a table of contents: the headings as links, and a field that Word brings up to date with their pages."""
    code = f'TOC \\o "1-{DEEPEST}" \\h \\z \\u'
    for number, (bookmark, heading) in enumerate(headings):
        line = word.add_paragraph(style=f"TOC {heading.level}")
        if number == 0:
            for kind, text in (("begin", ""), ("", code), ("separate", "")):
                line.add_run()._r.append(_part(kind, text, stale=True))
        line._p.append(_link(heading.text, bookmark))
        if number == len(headings) - 1:
            line.add_run()._r.append(_part("end", "", stale=False))


def _link(text: str, bookmark: str) -> Any:
    link, run, words = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("w:anchor"), bookmark)
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    link.append(run)
    return link
