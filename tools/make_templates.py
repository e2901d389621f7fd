"""Make the samples of an office's templates, reports/templates/office.docx and .pptx: marks alone, so they serve every language.

python tools/make_templates.py [FOLDER]
"""

import io
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import docx
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Cm

from lhasaplan.content import content_folder
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.pptx import LAYOUT
from lhasaplan.report.formats.slide_blocks import plain
from lhasaplan.report.formats.slide_frame import empty_presentation, rgb
from lhasaplan.report.text.style import load_slide_style, load_style

GREEN = RGBColor(0x1E, 0x5C, 0x4A)  # another colour than the program's own, so that a reader sees whose file it is


def word_sample() -> Any:
    """Return a Word file with a letterhead, the place of the draft, and a line behind it."""
    word = docx.Document()
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet"):
        style = word.styles[name]
        style.font.name = load_style()["fonts"]["latin"]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), load_style()["fonts"]["east_asian"])
        if name.startswith(("Heading", "Title")):
            style.font.color.rgb = GREEN
    for name, points in {"Normal": 10, "Title": 24, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "Caption": 8.5}.items():
        word.styles[name].font.size = Pt(points)
    head = word.sections[0].header.paragraphs[0].add_run("[[issuer]] · [[title]]")
    head.font.size, head.font.color.rgb = Pt(8), GREEN
    word.add_paragraph("[[content]]")
    word.add_paragraph("[[issuer]] · [[date]]")
    return word


def slide_sample() -> Any:
    """Return slides of one layout with a line above the foot, and the slide where the draft comes."""
    deck = empty_presentation()
    page, layout = load_slide_style()["page"], deck.slide_layouts[0]
    layout.name = LAYOUT
    width = page["width_cm"] - 2 * page["margin_cm"]
    slide = deck.slides.add_slide(layout)
    line = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(page["margin_cm"]), Cm(page["foot_top_cm"] - 0.12), Cm(width), Cm(0.06))
    plain(line)
    line.fill.solid()
    line.fill.fore_color.rgb = rgb(str(GREEN))
    line.line.fill.background()
    line.name = "Line"
    layout.shapes._spTree.append(line._element)
    slide.shapes.title.text_frame.text = "[[content]]"
    return deck


def main(folder: Path) -> None:
    """Write both, without a date: the same files again and again."""
    for name, sample in {"office.docx": word_sample(), "office.pptx": slide_sample()}.items():
        core = sample.core_properties
        core.author = core.last_modified_by = core.keywords = core.comments = ""
        core.title, core.revision = name, 1
        stream = io.BytesIO()
        sample.save(stream)
        (folder / name).write_bytes(settled(stream.getvalue()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else content_folder("reports") / "templates")
