"""Write a draft as a PDF by typst, offline: the same words, tables and figures as in Word."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from lhasaplan.content import FONTS, content_folder
from lhasaplan.core.base.translations import Translations, marked, spoken
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.documents.audit_and_plan import drafts_of
from lhasaplan.report.formats.typst_beside import set_beside
from lhasaplan.report.formats.typst_letters import BOX, WITHOUT_FONT, boxed, lettering_of, rare_letters
from lhasaplan.report.text.document import (
    LINES_TOGETHER,
    TOGETHER,
    Block,
    Bullets,
    Contents,
    Cover,
    Document,
    Figure,
    Grid,
    Heading,
    PageFormat,
    Paragraph,
    bound_draft,
    heading_levels,
    pieces,
    stays_with_next,
)
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import load_style, template, text_width_cm
from lhasaplan.report.text.text_width import breakable, flowing, lines_of, shortened

TALLEST_CM = {"A4": 20.0, "A3": 21.5}  # that a page leaves for a picture with its heading and caption
# Room in centimetres, size in points, and the most lines that the margins hold; the first page and the data have all words.
HEAD = (17.0, 7.5, 2)
FOOT = (14.0, 7.0, 3)
BANNER = (17.0, 9.5, True)  # which has all the lines that it needs: the margin grows
CELL_PT, CELL_X_CM, CELL_SIGNS = 8.0, 0.25, 8  # letters and air of a cell, and the widest signs that its line has at least
MOST_LINES = 45  # of a row: a page has room for more
# A long table begins with so many rows: heights of its caption, a line, and the air of a row; more than the last is not asked.
FIRST_ROWS, CAPTION_CM, LINE_CM, ROW_CM, MOST_BEGIN_CM = 3, 1.2, 0.37, 0.19, 9.0
TEXT_FONTS = ("Noto Sans SC",)
BOLD_FONTS = ("Noto Sans CJK JP",)  # of one design with the other; its Chinese signs take the forms of the text's region
LONG = 100  # blocks: a shorter draft is set here, sooner than a process begins
TAGGED = "ua-1"  # PDF/UA: read aloud in order, with headings, tables, alternative texts, title and language


def write_pdf(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.pdf`` and, behind the gate, ``plan.pdf`` (of one area if given); return the files."""
    drafts = drafts_of(project, assessment, translations, order)
    return [write_document(draft, folder / f"{name}.pdf", translations) for name, draft in drafts.items()]


def write_document(draft: Document, path: Path, translations: Translations) -> Path:
    """Write any draft as a PDF file, whole or not at all; a long one in a process of its own, whose memory ends with it."""
    compile_it = set_beside if len(draft.blocks) >= LONG else _set_here
    with replacing(path) as temporary, _prepared(draft, translations) as (folder, always):
        how = {**always, "format": "pdf", "pdf_standards": TAGGED}
        try:
            temporary.write_bytes(compile_it(folder, how))
        except RuntimeError as error:  # letters that have fonts one by one, and none together
            if WITHOUT_FONT not in str(error):
                raise
            _without_rare_letters(folder)
            temporary.write_bytes(compile_it(folder, how))
    return path


def _without_rare_letters(folder: Path) -> None:
    """Put a box for all letters that the program's own fonts lack."""
    file = folder / "document.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    boxes = {ord(letter): BOX for letter in rare_letters(values)}
    file.write_text(json.dumps(boxed(values, boxes), ensure_ascii=False), encoding="utf-8")


def pages_of(draft: Document, translations: Translations) -> int:
    """Return on how many pages a draft comes out."""
    pages = typeset(draft, translations, format="png", ppi=12.0)
    return len(pages) if isinstance(pages, list) else 1


def typeset(draft: Document, translations: Translations, **how: object) -> object:
    """Return what typst makes of a draft: bytes, or a list of them where a format has a file for each page."""
    with _prepared(draft, translations) as (folder, always):
        return _set_here(folder, {**always, **how})


def _set_here(folder: Path, how: dict[str, Any]) -> Any:
    return typst.compile(**how)


@contextmanager
def _prepared(draft: Document, translations: Translations) -> Iterator[tuple[Path, dict[str, object]]]:
    """Give a folder with what typst reads of a draft, and how it is always asked."""
    with scratch_folder() as folder:
        (folder / "document.typ").write_text(template("document.typ"), encoding="utf-8")
        values = _values(draft, translations, folder)
        lettering = lettering_of(values)
        text = json.dumps(boxed(values, lettering.boxes), ensure_ascii=False)
        (folder / "document.json").write_text(text, encoding="utf-8")
        # No clock, and no font of the machine unless ours lack a letter: the same draft gives the same file everywhere.
        how = {"input": str(folder / "document.typ"), "root": str(folder), "font_paths": [str(content_folder(FONTS))]}
        yield folder, {**how, "ignore_system_fonts": not lettering.with_machine_fonts, "timestamp": 0}


def _values(draft: Document, translations: Translations, folder: Path) -> dict[str, object]:
    draft = bound_draft(draft)
    lang, region = spoken(draft.language).locale.split("-")
    before, between, after = translations(marked("Page {page} of {pages}")).replace("{pages}", "{page}").split("{page}")
    return {
        "title": flowing(draft.title),
        "subtitle": flowing(draft.subtitle),
        "head": flowing(shortened(f"{draft.title} · {draft.subtitle}", *HEAD)),
        "banners": list(draft.banners),
        "banner_lines": sum(len(lines_of(banner, *BANNER)) for banner in draft.banners),
        "footer": flowing(shortened(draft.footer, *FOOT)),
        "lang": lang,
        "region": region,
        "date": [int(each) for each in draft.date.split("-")] if draft.date else [],
        "look": {**load_style()["page"], "fonts": list(TEXT_FONTS), "bold_fonts": list(BOLD_FONTS)},
        "page_words": [before, between, after],
        "has_cover": any(isinstance(block, Cover) for block in draft.blocks),
        "blocks": _Blocks(draft, folder).values(),
    }


class _Blocks:
    """The blocks as values that the page's template reads, on pages of their formats."""

    def __init__(self, draft: Document, folder: Path) -> None:
        self._draft, self._folder, self._page = draft, folder, PageFormat()
        self._sticky = stays_with_next(draft.blocks)

    def values(self) -> list[dict[str, object]]:
        """Return all blocks in their order."""
        leveled = enumerate(heading_levels(self._draft.blocks))
        return [self._value(block, number, level) for number, (block, level) in leveled]

    def _value(self, block: Block, number: int, level: int) -> dict[str, object]:
        if isinstance(block, Heading):
            return {"kind": "heading", "text": flowing(block.text), "level": level, "on_new_page": block.on_new_page}
        if isinstance(block, Figure):
            return self._figure(block, number)
        if isinstance(block, Grid):
            return self._table(block, is_sticky=number in self._sticky)
        if isinstance(block, (Paragraph, Bullets)):
            return self._words(block, is_sticky=number in self._sticky)
        if isinstance(block, PageFormat):
            self._page = block
            return {"kind": "page", "size": block.size, "landscape": block.landscape}
        return {"kind": "contents", "title": block.title} if isinstance(block, Contents) else _cover(block)

    def _words(self, block: Paragraph | Bullets, *, is_sticky: bool) -> dict[str, object]:
        if isinstance(block, Paragraph):
            return {"kind": "paragraph", "pieces": self._pieces(block.text), "style": block.style, "sticky": is_sticky}
        return {"kind": "bullets", "items": list(map(self._pieces, block.items)), "numbered": block.numbered}

    def _pieces(self, text: str) -> list[list[str]]:
        return [[flowing(piece), anchor] for piece, anchor in pieces(text, self._draft.labels)]

    def _figure(self, block: Figure, number: int) -> dict[str, object]:
        file = f"figure-{number}.png"
        (self._folder / file).write_bytes(block.png)
        return {
            "kind": "figure",
            "file": file,
            "caption": self._pieces(block.caption),
            "label": block.label,
            "anchor": block.anchor,
            "alt": block.alt or block.caption,
            "width": _width(block, self._page),
        }

    def _table(self, block: Grid, *, is_sticky: bool) -> dict[str, object]:
        lines_in = [_lines(row, block.widths, self._page) for row in block.rows]
        return {
            "kind": "table",
            "headings": list(map(breakable, block.headings)),
            "rows": [[breakable(text) for text in row] for row in block.rows],
            "tall": [index for index, lines in enumerate(lines_in) if lines > MOST_LINES],
            "together": _is_short(block, self._page),
            "begin_cm": _begin_cm(block, self._page),
            "sticky": is_sticky,
            "widths": list(block.widths),
            "numeric": sorted(block.numeric),
            "is_large": block.is_large,
            "caption": self._pieces(block.caption) if block.label else [],
            "label": block.label,
            "anchor": block.anchor,
        }


def _cover(block: Cover) -> dict[str, object]:
    words = {name: flowing(getattr(block, name)) for name in ("issuer", "title", "subtitle", "state", "level")}
    return {"kind": "cover", **words, "facts": [list(map(flowing, pair)) for pair in block.facts]}


def _width(block: Figure, page: PageFormat) -> float:
    """Return the share of the text width at which a picture leaves room for its heading and caption on one page."""
    with Image.open(io.BytesIO(block.png)) as picture:
        shape = picture.width / picture.height
    return min(block.width, TALLEST_CM[page.size] * shape / text_width_cm(page))


def _is_short(block: Grid, page: PageFormat) -> bool:
    """Say whether a table is kept on one page."""
    if len(block.rows) > TOGETHER:
        return False
    return sum(_measured(row, block.widths, page) for row in block.rows) <= LINES_TOGETHER


def _begin_cm(block: Grid, page: PageFormat) -> float:
    """Return how much room a long table needs to begin on a page: its caption, its head and a few rows; 0 of a short one."""
    if _is_short(block, page):
        return 0.0
    lines_in = [_measured(row, block.widths, page) for row in (block.headings, *block.rows[:FIRST_ROWS])]
    return min(CAPTION_CM + sum(LINE_CM * lines + ROW_CM for lines in lines_in), MOST_BEGIN_CM)


def _lines(row: tuple[str, ...], widths: tuple[float, ...], page: PageFormat) -> int:
    """Return how many lines a row of a table takes at most; short texts need no measure."""
    if max(map(len, row), default=0) < MOST_LINES:
        return 1 + max(map(len, row), default=0) // CELL_SIGNS
    return _measured(row, widths, page)


def _measured(row: tuple[str, ...], widths: tuple[float, ...], page: PageFormat) -> int:
    cells = zip(row, widths, strict=True)
    return max(
        (len(lines_of(text, max(text_width_cm(page) * w / sum(widths) - CELL_X_CM, 1.0), CELL_PT)) for text, w in cells),
        default=1,
    )
