"""What every slide has: its title, the marks, the foot with its number, and notes for who speaks."""

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pptx
from lxml import etree
from lxml.etree import _Element as Element
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import OpcPackage, Part
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide, SlideLayout, SlideMaster
from pptx.text.text import TextFrame
from pptx.text.text import _Paragraph as SlideParagraph
from pptx.util import Cm, Emu, Length, Pt

from lhasaplan.core.base.translations import spoken
from lhasaplan.report.slides.deck import BULLET_CM, Deck, points
from lhasaplan.report.slides.deck_flow import Box, Page, said_between_cm
from lhasaplan.report.text.numerals import bound
from lhasaplan.report.text.style import load_slide_style, load_style
from lhasaplan.report.text.text_width import lines_of, shortened

# Text on slides: boxes that keep their size, lines of exact height, and the language of what they say.

ALIGN = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}


@dataclass(frozen=True, slots=True)
class SlideLetters:
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


def text_box(slide: Slide, box: Box, lines: Sequence[tuple[str, SlideLetters]], language: str, name: str = "") -> Shape:
    """Add a box without edges that holds these paragraphs."""
    shape = slide.shapes.add_textbox(*corners(box))
    if name:
        shape.name = name
    write(shape.text_frame, lines, language)
    return shape


def corners(box: Box) -> tuple[Length, Length, Length, Length]:
    """Return left, top, width and height as a slide counts them."""
    return Cm(box.left_cm), Cm(box.top_cm), Cm(box.width_cm), Cm(box.height_cm)


def write(frame: TextFrame, lines: Sequence[tuple[str, SlideLetters]], language: str, *, in_middle: bool = False) -> None:
    """Write paragraphs into a frame that wraps its lines and keeps its size."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if in_middle else MSO_ANCHOR.TOP
    write_paragraphs(frame, lines, language)


def write_paragraphs(frame: TextFrame, lines: Sequence[tuple[str, SlideLetters]], language: str) -> None:
    """Write paragraphs into a frame as it is."""
    add: Callable[[], SlideParagraph] = frame.add_paragraph  # untyped
    for number, (text, letters) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else add()
        set_paragraph(paragraph, text, letters, language)


def set_paragraph(paragraph: SlideParagraph, text: str, letters: SlideLetters, language: str) -> None:
    """Set one paragraph: lines have an exact height, so that a font with taller letters moves nothing."""
    paragraph.alignment = ALIGN[letters.align]
    paragraph.line_spacing = Pt(letters.size_pt * float(load_slide_style()["fit"]["line_height"]))
    paragraph.space_after = Pt(letters.after_pt)
    if letters.is_item:
        _mark(paragraph)
    run = paragraph.add_run()
    run.text = bound(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(letters.size_pt), letters.bold, rgb(letters.colour)
    run._r.get_or_add_rPr().set("lang", spoken(language).locale)


def _mark(paragraph: SlideParagraph) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(Cm(BULLET_CM))))
    properties.set("indent", str(-int(Cm(BULLET_CM))))
    font = properties.makeelement(qn("a:buFont"), {"typeface": "Arial"})
    properties.append(font)
    properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))


# The empty file that slides are put in: our size, colours, fonts and one layout, and nothing of the template's own.
LAYOUT = "Title Only"
UNWANTED = (RT.PRINTER_SETTINGS, RT.THUMBNAIL, RT.EXTENDED_PROPERTIES)


def empty_presentation() -> Presentation:
    """Return a presentation without a slide, in our theme."""
    deck = pptx.Presentation()
    page = load_slide_style()["page"]
    deck.slide_width, deck.slide_height = Cm(page["width_cm"]), Cm(page["height_cm"])
    for layout in list(deck.slide_layouts):
        if layout.name != LAYOUT:
            deck.slide_layouts.remove(layout)
    _drop(deck.part)
    _drop(deck.part.package)
    _colour_and_letter(deck.slide_master)
    _place(placeholders(deck.slide_master))
    _place(placeholders(deck.slide_layouts[0]))
    return deck


def _drop(owner: Part | OpcPackage) -> None:
    """Let go what names the program that made the template, its printer and its picture."""
    rels = owner.rels if hasattr(owner, "rels") else owner._rels
    for name in [name for name, rel in rels.items() if rel.reltype in UNWANTED]:
        rels.pop(name)


def _colour_and_letter(master: SlideMaster) -> None:
    part = master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "lhasaplan")
    elements = theme.find(qn("a:themeElements"))
    _set_colours(elements.find(qn("a:clrScheme")))
    _set_fonts(elements.find(qn("a:fontScheme")))
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_colours(scheme: Element) -> None:
    look, map_colours = load_slide_style()["colours"], load_style()["colours"]
    scheme.set("name", "lhasaplan")
    values = {
        **{"dk1": look["ink"], "lt1": look["paper"], "dk2": look["head"], "lt2": look["band"]},
        **{"accent1": look["accent"], "accent2": map_colours["home"], "accent3": map_colours["protected"]},
        **{"accent4": map_colours["due"], "accent5": map_colours["overlap"], "accent6": map_colours["note"]},
        **{"hlink": look["accent"], "folHlink": look["quiet"]},
    }
    for name, colour in values.items():
        slot = scheme.find(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())


def _set_fonts(scheme: Element) -> None:
    """Name the Latin font, and the East Asian one for Chinese letters in any language."""
    fonts = load_style()["fonts"]
    scheme.set("name", "lhasaplan")
    for group in scheme:
        if group.tag in (qn("a:majorFont"), qn("a:minorFont")):
            for script in group.findall(qn("a:font")):
                group.remove(script)
            group.find(qn("a:latin")).set("typeface", fonts["latin"])
            group.find(qn("a:ea")).set("typeface", fonts["east_asian"])
            etree.SubElement(group, qn("a:font"), script="Hans", typeface=fonts["east_asian"])


def placeholders(page: SlideMaster | SlideLayout) -> list[Shape]:
    """Return the placeholders of a master or layout."""
    return [shape for shape in page.shapes if isinstance(shape, Shape) and shape.is_placeholder]


def kind_of(shape: Shape) -> str:
    """Return what a placeholder is for, as the file writes it: title, body, ftr, sldNum."""
    return "body" if shape.element.ph is None else str(shape.element.ph.get("type", "body"))


def _place(shapes: list[Shape]) -> None:
    """Put title, foot and number where our slides have them; there is no date, for no clock is read."""
    page = load_slide_style()["page"]
    left, width = page["margin_cm"], page["width_cm"] - 2 * page["margin_cm"]
    places = {
        "title": (left, page["title_top_cm"], width, page["title_height_cm"]),
        "body": (left, page["content_top_cm"], width, page["content_bottom_cm"] - page["content_top_cm"]),
        "ftr": (left, page["foot_top_cm"], width - 3.0, page["foot_height_cm"]),
        "sldNum": (left + width - 2.8, page["foot_top_cm"], 2.8, page["foot_height_cm"]),
    }
    for shape in shapes:
        place = places.get(kind_of(shape))
        if place is None:
            shape.element.getparent().remove(shape.element)
            continue
        shape.left, shape.top, shape.width, shape.height = map(Cm, place)
        _letters(shape)


def _letters(shape: Shape) -> None:
    """Set how a placeholder prints: titles to the left and dark, foot and number small."""
    look, frame = load_slide_style(), shape.text_frame
    kind = kind_of(shape)
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    styles = frame._txBody.find(qn("a:lstStyle"))
    for old in list(styles):
        styles.remove(old)
    level = etree.SubElement(styles, qn("a:lvl1pPr"), algn="r" if kind == "sldNum" else "l")
    size = look["points"]["title" if kind == "title" else "foot" if kind in ("ftr", "sldNum") else "body"]
    letters = etree.SubElement(level, qn("a:defRPr"), sz=str(int(Pt(size).pt * 100)), b="1" if kind == "title" else "0")
    fill = etree.SubElement(letters, qn("a:solidFill"))
    colour = look["colours"]["head" if kind == "title" else "ink" if kind == "body" else "quiet"]
    etree.SubElement(fill, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())


STEP_PT = 1.0
MARKS_CM = 0.7


def add_frame(slide: Slide, deck: Deck, page: Page) -> None:
    """Fill the title, and add the marks and the subtitle of the first slide."""
    look, front = load_slide_style()["page"], page.slide.is_front and page.number == 1
    width, head = float(look["width_cm"] - 2 * look["margin_cm"]), slide.shapes.title
    assert head is not None  # our layout has a title, and that of an office is asked for one
    title = numbered(page)
    size, shown = fitted_title(title, head.width.cm, head.height.cm, points("front_title" if front else "title"))
    head.text_frame.clear()
    write(head.text_frame, [(shown, SlideLetters(size, True, "head"))], deck.language, in_middle=True)
    _marks(slide, deck, width)
    if front and page.slide.subtitle:
        box = Box(float(look["margin_cm"]), said_between_cm(page.slide)[0], width, float(look["front_cm"]) - 0.3)
        size, shown = fitted_title(page.slide.subtitle, width, box.height_cm, points("front_subtitle"), bold=False)
        text_box(slide, box, [(shown, SlideLetters(size, False, "quiet"))], deck.language, "Subtitle")


def add_foot(slide: Slide, deck: Deck) -> None:
    """Add foot and number, which are read out last."""
    look = load_slide_style()["page"]
    for kind in ("ftr", "sldNum"):
        _placeholder(slide, kind, deck, float(look["width_cm"] - 2 * look["margin_cm"]))


def numbered(page: Page) -> str:
    """Return the title with the number of the page where there are several."""
    return page.slide.title if page.count == 1 else f"{page.slide.title} ({page.number}/{page.count})"


def fitted_title(
    text: str, width_cm: float, height_cm: float, size_pt: float, *, bold: bool = True, least_pt: float | None = None
) -> tuple[float, str]:
    """Return the largest size at which a title fits its box, and the title; one too long even for the least is shortened."""
    least = min(points("title_least") if least_pt is None else least_pt, size_pt)
    while size_pt > least and len(lines_of(text, width_cm, size_pt, bold)) > _most(height_cm, size_pt):
        size_pt = max(least, size_pt - STEP_PT)
    return size_pt, shortened(text, width_cm, size_pt, _most(height_cm, size_pt), bold)


def _most(height_cm: float, size_pt: float) -> int:
    return max(1, int(height_cm / (size_pt * 2.54 / 72 * float(load_slide_style()["fit"]["line_height"]))))


def short_mark(mark: str) -> str:
    """Return what a mark says before its colon, with the words in brackets that end it.

    >>> short_mark("Eigene Fassung: Dieses Exemplar ist keine Veröffentlichung. (Own build)")
    'Eigene Fassung (Own build)'
    """
    return re.sub(r"[:：].*?(?=\s\([^)]*\)$|$)", "", mark)


def _marks(slide: Slide, deck: Deck, width_cm: float) -> None:
    """Print what every slide must say, so that one slide that is taken out still says it."""
    look = load_slide_style()["page"]
    if deck.marks:
        box = Box(float(look["margin_cm"]), float(look["marks_top_cm"]), width_cm, MARKS_CM)
        least, text = points("mark_least"), " · ".join(deck.marks)
        size, shown = fitted_title(text, width_cm, MARKS_CM, points("mark"), least_pt=least)
        if shown != text:  # the whole sentences stand in the notes
            text = " · ".join(short_mark(each) for each in deck.marks)
            size, shown = fitted_title(text, width_cm, MARKS_CM, points("mark"), least_pt=least)
        text_box(slide, box, [(shown, SlideLetters(size, True, "mark"))], deck.language, "Marks")


def _placeholder(slide: Slide, kind: str, deck: Deck, width_cm: float) -> None:
    """Copy foot or number from the layout: a new slide has neither."""
    [pattern] = [one for one in placeholders(slide.slide_layout) if kind_of(one) == kind]
    element = copy.deepcopy(pattern.element)
    slide.shapes._spTree.append(element)
    shape = slide.shapes[-1]
    shape.name = "Footer" if kind == "ftr" else "Slide number"
    if kind == "sldNum" or not isinstance(shape, Shape):
        return
    paragraph = shape.text_frame.paragraphs[0]
    for run in list(paragraph._p):
        paragraph._p.remove(run)
    size = points("foot")
    set_paragraph(paragraph, shortened(deck.footer, width_cm - 3.1, size, 1), SlideLetters(size, False, "quiet"), deck.language)


def add_notes(slide: Slide, deck: Deck, page: Page) -> None:
    """Write the notes for who speaks; the marks stand there too."""
    frame = slide.notes_slide.notes_text_frame
    if frame is None:  # an office's own master of notes may have no place for text
        return
    frame.text = "\n".join([*deck.marks, *page.slide.notes])
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("lang", spoken(deck.language).locale)
