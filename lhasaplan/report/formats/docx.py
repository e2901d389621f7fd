"""Write a draft as a Word file: real tables whose head repeats, figures, page numbers, and the banner on every page."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.report.drafts.compose import compose_audit, compose_plan
from lhasaplan.report.formats.docx_table import table_element, text_width_cm
from lhasaplan.report.text.document import Block, Bullets, Document, Figure, Grid, Heading, Paragraph, bound_draft
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.text_width import shortened
from lhasaplan.report.text.whole_files import replacing

LOCALES = {"en": "en-GB", "fr": "fr-FR", "zh_CN": "zh-CN"}
# The same assessment gives the same file, so no clock is read.
STAMP = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
MOST = 255  # characters that the format has for a property
HEAD_LINES, FOOT_LINES = 2, 4  # at most: the first page and the chapter on data have all words
RED = RGBColor(0xB0, 0x00, 0x00)


def write_docx(
    project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, *, area: str = ""
) -> list[Path]:
    """Write ``audit.docx`` and, behind the gate, ``plan.docx`` (of one area if given); return the files."""
    drafts = {"audit.docx": compose_audit(project, assessment, wording)}
    if assessment.gate.open and assessment.parts is not None:
        drafts["plan.docx"] = compose_plan(project, assessment, wording, area)
    return [write_document(draft, folder / name, wording) for name, draft in drafts.items()]


def write_document(draft: Document, path: Path, wording: Wording) -> Path:
    """Write any draft as a Word file, whole or not at all."""
    with replacing(path) as temporary:
        build(draft, wording).save(str(temporary))
        _settle(temporary)
    return path


def build(draft: Document, wording: Wording) -> Any:
    """Return the Word document of a draft."""
    draft = bound_draft(draft)
    word = docx.Document()
    _set_page(word)
    _set_fonts(word, draft.language)
    _set_properties(word, draft)
    _head_and_foot(word, draft, wording)
    word.add_paragraph(draft.title, style="Title")
    word.add_paragraph(draft.subtitle, style="Subtitle")
    for block in draft.blocks:
        _add(word, block)
    return word


def _settle(path: Path) -> None:
    """Give every part of the file the same date: same input, same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


def _set_page(word: Any) -> None:
    page, section = load_style()["page"], word.sections[0]
    section.page_width, section.page_height = Cm(page["width_cm"]), Cm(page["height_cm"])
    section.left_margin = section.right_margin = Cm(page["margin_cm"])
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)


def _set_fonts(word: Any, language: str) -> None:
    """Set fonts and language; the template says eastAsia en-US, which centres Chinese punctuation."""
    fonts, size = load_style()["fonts"], {"Normal": 10, "Title": 22, "Subtitle": 12, "Heading 1": 15, "Heading 2": 12}
    for name, points in size.items():
        style = word.styles[name]
        style.font.size, style.font.name = Pt(points), fonts["latin"]
        _set_run_fonts(style.element.get_or_add_rPr(), fonts, language)
    for defaults in word.styles.element.iter(qn("w:lang")):
        defaults.set(qn("w:val"), LOCALES.get(language, "en-GB"))
        defaults.set(qn("w:eastAsia"), "zh-CN")
    word.styles["Normal"].paragraph_format.space_after = Pt(4)


def _set_run_fonts(properties: Any, fonts: Any, language: str) -> None:
    run_fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        run_fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        run_fonts.set(qn(f"w:{script}"), fonts["latin"])
    run_fonts.set(qn("w:eastAsia"), fonts["east_asian"])
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), LOCALES.get(language, "en-GB"))
    lang.set(qn("w:eastAsia"), "zh-CN")
    properties.append(lang)


def _set_properties(word: Any, draft: Document) -> None:
    core = word.core_properties
    core.author, core.title, core.subject = "lhasaplan", draft.title[:MOST], draft.subtitle[:MOST]
    core.comments = " ".join(draft.banners)[:MOST]
    core.created = core.modified = STAMP
    core.last_modified_by, core.language = "lhasaplan", LOCALES.get(draft.language, "en-GB")


def _head_and_foot(word: Any, draft: Document, wording: Wording) -> None:
    section = word.sections[0]
    head = section.header.paragraphs[0]
    _run(head, shortened(f"{draft.title} · {draft.subtitle}", text_width_cm(), 8, HEAD_LINES), size=8)
    for banner in draft.banners:
        mark = section.header.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(mark, banner, size=10, bold=True, colour=RED)
    foot = section.footer.paragraphs[0]
    _run(foot, f"{shortened(draft.footer, text_width_cm(), 7.5, FOOT_LINES)}    ", size=7.5)
    before, between, after = wording(marked("Page {page} of {pages}")).replace("{pages}", "{page}").split("{page}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _run(foot, text, size=7.5)
        if field:
            _field(foot, field)


def _run(paragraph: Any, text: str, size: float, bold: bool = False, colour: RGBColor | None = None) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour


def _field(paragraph: Any, code: str) -> None:
    """Add a field that Word counts itself."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(7.5)
        run._r.append(_field_part(kind, text))


def _field_part(kind: str, text: str) -> Any:
    if kind == "text":
        part = OxmlElement("w:t")
        part.text = text
        return part
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    else:
        part.set(qn("xml:space"), "preserve")
        part.text = f" {text} "
    return part


def _add(word: Any, block: Block) -> None:
    if isinstance(block, Heading):
        heading = word.add_heading(block.text, block.level)
        heading.paragraph_format.page_break_before = block.on_new_page
    elif isinstance(block, Paragraph):
        _paragraph(word, block)
    elif isinstance(block, Bullets):
        for item in block.items:
            word.add_paragraph(item, style="List Bullet").paragraph_format.space_after = Pt(1)
    elif isinstance(block, Figure):
        _figure(word, block)
    else:
        _grid(word, block)


def _paragraph(word: Any, block: Paragraph) -> None:
    paragraph = word.add_paragraph()
    run = paragraph.add_run(block.text)
    paragraph.paragraph_format.keep_with_next = block.style == "record"
    if block.style == "lead":
        run.font.size = Pt(11)
    if block.style == "small":
        run.font.size = Pt(8)
    if block.style == "warning":
        run.bold, run.font.color.rgb = True, RED


def _figure(word: Any, block: Figure) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Cm(text_width_cm() * block.width))
    picture._inline.docPr.set("descr", block.alt or block.caption)
    _fit_height(picture)
    paragraph.paragraph_format.keep_with_next = True
    if block.caption:
        caption = word.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(caption, block.caption, size=8.5)


def _fit_height(picture: Any, limit_cm: float = 17.0) -> None:
    """Shrink a picture that is taller than a page leaves room for."""
    if picture.height > Cm(limit_cm):
        picture.width, picture.height = int(picture.width * Cm(limit_cm) / picture.height), Cm(limit_cm)


def _grid(word: Any, block: Grid) -> None:
    word.element.body.insert_element_before(table_element(block), "w:sectPr")
    _gap(word)


def _gap(word: Any) -> None:
    """Add a paragraph of a few points: Word joins two tables without one, and a full line may open an empty page."""
    gap = word.add_paragraph().paragraph_format
    gap.space_after, gap.line_spacing = Pt(0), Pt(6)
