"""Write a draft as a PDF by typst, offline: the same words, tables and figures as in Word."""

import io
import json
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from PIL import Image

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.report.drafts.compose import compose_audit, compose_plan
from lhasaplan.report.text.document import Block, Bullets, Document, Figure, Grid, Heading, Paragraph, bound_draft
from lhasaplan.report.text.line_breaks import breakable, flowing
from lhasaplan.report.text.style import load_style, template
from lhasaplan.report.text.text_width import lines_of, shortened
from lhasaplan.report.text.whole_files import replacing

LANGUAGES = {"en": ("en", "GB"), "fr": ("fr", "FR"), "zh_CN": ("zh", "CN")}
TALLEST_CM = 17.0
# Room in centimetres, size in points, and the most lines that the margins hold; the first page and the data have all words.
HEAD = (17.0, 7.5, 2)
FOOT = (14.0, 7.0, 3)
TOGETHER = 6  # rows of a table that is not split
CELL_PT, CELL_X_CM, CELL_SIGNS = 8.0, 0.25, 8  # letters and air of a cell, and the widest signs that its line has at least
MOST_LINES = 45  # of a row, or of a table that is not split: a page has room for more
FONTS = ("Noto Sans SC",)


def write_pdf(
    project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, *, area: str = ""
) -> list[Path]:
    """Write ``audit.pdf`` and, behind the gate, ``plan.pdf`` (of one area if given); return the files."""
    files = [write_document(compose_audit(project, assessment, wording), folder / "audit.pdf", wording)]
    if assessment.gate.open and assessment.parts is not None:
        plan = compose_plan(project, assessment, wording, area)
        files.append(write_document(plan, folder / "plan.pdf", wording))
    return files


def write_document(draft: Document, path: Path, wording: Wording) -> Path:
    """Write any draft as a PDF file, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(typeset(draft, wording, format="pdf"))
    return path


def pages_of(draft: Document, wording: Wording) -> int:
    """Return on how many pages a draft comes out."""
    pages = typeset(draft, wording, format="png", ppi=12.0)
    return len(pages) if isinstance(pages, list) else 1


def typeset(draft: Document, wording: Wording, **how: Any) -> Any:
    """Return what typst makes of a draft: bytes, or a list of them where a format has a file for each page."""
    with scratch_folder() as folder:
        (folder / "document.typ").write_text(template("document.typ"), encoding="utf-8")
        (folder / "document.json").write_text(json.dumps(_values(draft, wording, folder), ensure_ascii=False), encoding="utf-8")
        fonts = [pylopdf_fonts_zh_cn.sans_path().parent]
        # No clock and no font of the machine: the same draft gives the same file everywhere.
        return typst.compile(folder / "document.typ", root=folder, font_paths=fonts, ignore_system_fonts=True, timestamp=0, **how)


def _values(draft: Document, wording: Wording, folder: Path) -> dict[str, Any]:
    draft = bound_draft(draft)
    lang, region = LANGUAGES.get(draft.language, LANGUAGES["en"])
    before, between, after = wording(marked("Page {page} of {pages}")).replace("{pages}", "{page}").split("{page}")
    return {
        "title": flowing(draft.title),
        "subtitle": flowing(draft.subtitle),
        "head": flowing(shortened(f"{draft.title} · {draft.subtitle}", *HEAD)),
        "banners": list(draft.banners),
        "footer": flowing(shortened(draft.footer, *FOOT)),
        "lang": lang,
        "region": region,
        "look": {**load_style()["page"], "fonts": list(FONTS)},
        "page_words": [before, between, after],
        "blocks": [_block(block, number, folder) for number, block in enumerate(draft.blocks)],
    }


def _block(block: Block, number: int, folder: Path) -> dict[str, object]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": flowing(block.text), "level": block.level, "on_new_page": block.on_new_page}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": flowing(block.text), "style": block.style}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": list(map(flowing, block.items))}
    if isinstance(block, Figure):
        file = f"figure-{number}.png"
        (folder / file).write_bytes(block.png)
        return {
            "kind": "figure",
            "file": file,
            "caption": flowing(block.caption),
            "alt": block.alt or block.caption,
            "width": _width(block),
        }
    return _table(block)


def _width(block: Figure) -> float:
    """Return the share of the text width at which a picture leaves room for its heading and caption on one page."""
    page = load_style()["page"]
    with Image.open(io.BytesIO(block.png)) as picture:
        shape = picture.width / picture.height
    return min(block.width, TALLEST_CM * shape / float(page["width_cm"] - 2 * page["margin_cm"]))


def _table(block: Grid) -> dict[str, object]:
    lines_in = [_lines(row, block.widths) for row in block.rows]
    return {
        "kind": "table",
        "headings": list(map(breakable, block.headings)),
        "rows": [[breakable(text) for text in row] for row in block.rows],
        "tall": [index for index, lines in enumerate(lines_in) if lines > MOST_LINES],
        "together": len(block.rows) <= TOGETHER and sum(lines_in) <= MOST_LINES,
        "widths": list(block.widths),
        "numeric": sorted(block.numeric),
    }


def _lines(row: tuple[str, ...], widths: tuple[float, ...]) -> int:
    """Return how many lines a row of a table takes at most; short texts need no measure."""
    if max(map(len, row), default=0) < MOST_LINES:
        return 1 + max(map(len, row), default=0) // CELL_SIGNS
    page = load_style()["page"]
    room_cm = page["width_cm"] - 2 * page["margin_cm"]
    cells = zip(row, widths, strict=True)
    return max(len(lines_of(text, max(room_cm * w / sum(widths) - CELL_X_CM, 1.0), CELL_PT)) for text, w in cells)
