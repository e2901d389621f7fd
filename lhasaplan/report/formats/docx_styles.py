"""Styles, page and properties of a Word file: what a reader sees is set by named styles, which an office may change."""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from lhasaplan.report.text.document import Document, PageFormat
from lhasaplan.report.text.page_size import page_size_cm
from lhasaplan.report.text.style import load_style

LOCALES = {"en": "en-GB", "fr": "fr-FR", "de": "de-DE", "zh_CN": "zh-CN"}
MOST = 255  # characters that the format has for a property
RED, GREY = RGBColor(0xB0, 0x00, 0x00), RGBColor(0x55, 0x55, 0x55)
LEAD, SMALL, WARNING, RECORD = "Lead", "Small print", "Warning", "Record"
COVER_SMALL, COVER_STATE = "Cover line", "Cover state"
OWN_STYLES = (LEAD, SMALL, WARNING, RECORD, COVER_SMALL, COVER_STATE, "TOC 1", "TOC 2")
PARAGRAPHS = {"body": "Normal", "lead": LEAD, "small": SMALL, "warning": WARNING, "record": RECORD}


def set_page(section: Any, page: PageFormat) -> None:
    """Give a section its format and margins."""
    width, height = page_size_cm(page)
    section.orientation = WD_ORIENT.LANDSCAPE if page.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(load_style()["page"]["margin_cm"])
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)


def set_styles(word: Any, language: str, *, is_own: bool = False) -> None:
    """Set fonts and language of all styles; the template says eastAsia en-US, which centres Chinese punctuation.

    ``is_own`` says that the file is an office's own: what it has stays as it looks, and only what it lacks is added.
    """
    if is_own:
        _add_styles(word)
        _set_language(word, language)
        return
    _add_styles(word)
    fonts = load_style()["fonts"]
    size = {"Normal": 10, "Title": 22, "Subtitle": 12, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "Caption": 8.5}
    size |= {LEAD: 11, SMALL: 8, COVER_SMALL: 11, COVER_STATE: 12}
    for name, points in size.items():
        style = word.styles[name]
        style.font.size, style.font.name = Pt(points), fonts["latin"]
        _set_run_fonts(style.element.get_or_add_rPr(), fonts, language)
    _set_language(word, language)
    word.styles["Normal"].paragraph_format.space_after = Pt(4)


def _set_language(word: Any, language: str) -> None:
    for defaults in word.styles.element.iter(qn("w:lang")):
        defaults.set(qn("w:val"), LOCALES.get(language, "en-GB"))
        defaults.set(qn("w:eastAsia"), "zh-CN")


def _add_styles(word: Any) -> None:
    added = [name for name in OWN_STYLES if name not in word.styles]
    for name in added:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
    if added:
        _look(word)


def _look(word: Any) -> None:
    """Set how our own styles look."""
    word.styles[RECORD].paragraph_format.keep_with_next = True
    word.styles[WARNING].font.bold, word.styles[WARNING].font.color.rgb = True, RED
    word.styles[COVER_STATE].font.bold, word.styles[COVER_STATE].font.color.rgb = True, RED
    word.styles[COVER_SMALL].font.color.rgb = GREY
    word.styles["TOC 1"].paragraph_format.space_before = Pt(2)
    for name in ("TOC 1", "TOC 2"):  # close enough that the contents of a plan stay on their page
        word.styles[name].paragraph_format.space_after = Pt(0)
    word.styles["TOC 2"].paragraph_format.left_indent = Cm(0.6)
    caption = word.styles["Caption"]
    caption.font.bold, caption.font.color.rgb = False, RGBColor(0x33, 0x33, 0x33)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    caption.paragraph_format.space_before = Pt(4)


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


def set_properties(word: Any, draft: Document) -> None:
    """Set title and language; the date comes when the file is settled."""
    core = word.core_properties
    core.author, core.title, core.subject = "lhasaplan", draft.title[:MOST], draft.subtitle[:MOST]
    core.comments = " ".join(draft.banners)[:MOST]
    core.last_modified_by, core.language = "lhasaplan", LOCALES.get(draft.language, "en-GB")
