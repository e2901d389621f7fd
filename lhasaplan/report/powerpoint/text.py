"""Text on slides: boxes that keep their size, lines of exact height, and the language of what they say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from lhasaplan.report.slides.deck_flow import Box
from lhasaplan.report.slides.deck_sizes import BULLET_CM
from lhasaplan.report.text.numerals import bound
from lhasaplan.report.text.style import load_slide_style

LOCALES = {"en": "en-GB", "fr": "fr-FR", "de": "de-DE", "zh_CN": "zh-CN"}
ALIGN = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}


@dataclass(frozen=True, slots=True)
class Letters:
    """How a paragraph prints; ``colour`` is one of those of slides.toml or a hexadecimal one."""

    size_pt: float
    bold: bool = False
    colour: str = "ink"
    align: str = "left"
    after_pt: float = 0.0
    is_item: bool = False


def rgb(colour: str) -> RGBColor:
    """Return a colour by its name in slides.toml, or as written."""
    colour_of: Callable[[int, int, int], RGBColor] = RGBColor  # untyped
    return colour_of(*bytes.fromhex(str(load_slide_style()["colours"].get(colour, colour)).lstrip("#")))


def text_box(slide: Any, box: Box, lines: Sequence[tuple[str, Letters]], language: str, name: str = "") -> Any:
    """Add a box without edges that holds these paragraphs."""
    shape = slide.shapes.add_textbox(*corners(box))
    if name:
        shape.name = name
    write(shape.text_frame, lines, language)
    return shape


def corners(box: Box) -> tuple[Any, Any, Any, Any]:
    """Return left, top, width and height as a slide counts them."""
    return Cm(box.left_cm), Cm(box.top_cm), Cm(box.width_cm), Cm(box.height_cm)


def write(frame: Any, lines: Sequence[tuple[str, Letters]], language: str, *, in_middle: bool = False) -> None:
    """Write paragraphs into a frame that wraps its lines and keeps its size."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if in_middle else MSO_ANCHOR.TOP
    write_paragraphs(frame, lines, language)


def write_paragraphs(frame: Any, lines: Sequence[tuple[str, Letters]], language: str) -> None:
    """Write paragraphs into a frame as it is."""
    for number, (text, letters) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        set_paragraph(paragraph, text, letters, language)


def set_paragraph(paragraph: Any, text: str, letters: Letters, language: str) -> None:
    """Set one paragraph: lines have an exact height, so that a font with taller letters moves nothing."""
    paragraph.alignment = ALIGN[letters.align]
    paragraph.line_spacing = Pt(letters.size_pt * float(load_slide_style()["fit"]["line_height"]))
    paragraph.space_after = Pt(letters.after_pt)
    if letters.is_item:
        _mark(paragraph)
    run = paragraph.add_run()
    run.text = bound(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(letters.size_pt), letters.bold, rgb(letters.colour)
    run._r.get_or_add_rPr().set("lang", LOCALES.get(language, "en-GB"))


def _mark(paragraph: Any) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(Cm(BULLET_CM))))
    properties.set("indent", str(-int(Cm(BULLET_CM))))
    font = properties.makeelement(qn("a:buFont"), {"typeface": "Arial"})
    properties.append(font)
    properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))
