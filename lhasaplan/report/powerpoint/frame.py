"""What every slide has: its title, the marks, the foot with its number, and notes for who speaks."""

import copy
from typing import Any

from lhasaplan.report.powerpoint.text import LOCALES, Letters, set_paragraph, text_box, write
from lhasaplan.report.slides.deck import Deck
from lhasaplan.report.slides.deck_flow import Box, Page, said_between_cm
from lhasaplan.report.slides.deck_sizes import points
from lhasaplan.report.text.style import load_slide_style
from lhasaplan.report.text.text_width import lines_of, shortened

STEP_PT = 1.0
MARKS_CM = 0.7


def add_frame(slide: Any, deck: Deck, page: Page) -> None:
    """Fill the title, and add the marks and the subtitle of the first slide."""
    look, front = load_slide_style()["page"], page.slide.is_front and page.number == 1
    width, head = float(look["width_cm"] - 2 * look["margin_cm"]), slide.shapes.title
    title = numbered(page)
    size, shown = fitted_title(title, head.width.cm, head.height.cm, points("front_title" if front else "title"))
    slide.shapes.title.text_frame.clear()
    write(slide.shapes.title.text_frame, [(shown, Letters(size, True, "head"))], deck.language, in_middle=True)
    _marks(slide, deck, width)
    if front and page.slide.subtitle:
        box = Box(float(look["margin_cm"]), said_between_cm(page.slide)[0], width, float(look["front_cm"]) - 0.3)
        size, shown = fitted_title(page.slide.subtitle, width, box.height_cm, points("front_subtitle"), bold=False)
        text_box(slide, box, [(shown, Letters(size, False, "quiet"))], deck.language, "Subtitle")


def add_foot(slide: Any, deck: Deck) -> None:
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
    while size_pt > least and not _fits(text, width_cm, height_cm, size_pt, bold):
        size_pt = max(least, size_pt - STEP_PT)
    return size_pt, shortened(text, width_cm, size_pt, _most(height_cm, size_pt), bold)


def _most(height_cm: float, size_pt: float) -> int:
    return max(1, int(height_cm / (size_pt * 2.54 / 72 * float(load_slide_style()["fit"]["line_height"]))))


def _fits(text: str, width_cm: float, height_cm: float, size_pt: float, bold: bool) -> bool:
    return len(lines_of(text, width_cm, size_pt, bold)) <= _most(height_cm, size_pt)


def _marks(slide: Any, deck: Deck, width_cm: float) -> None:
    """Print what every slide must say, so that one slide that is taken out still says it."""
    look = load_slide_style()["page"]
    if deck.marks:
        box = Box(float(look["margin_cm"]), float(look["marks_top_cm"]), width_cm, MARKS_CM)
        text, least = " · ".join(deck.marks), points("mark_least")
        size, shown = fitted_title(text, width_cm, MARKS_CM, points("mark"), least_pt=least)
        text_box(slide, box, [(shown, Letters(size, True, "mark"))], deck.language, "Marks")


def _placeholder(slide: Any, kind: str, deck: Deck, width_cm: float) -> None:
    """Copy foot or number from the layout: a new slide has neither."""
    [pattern] = [one for one in slide.slide_layout.placeholders if one.element.ph.get("type") == kind]
    element = copy.deepcopy(pattern.element)
    slide.shapes._spTree.append(element)
    shape = slide.shapes[-1]
    shape.name = "Footer" if kind == "ftr" else "Slide number"
    if kind == "sldNum":
        return
    paragraph = shape.text_frame.paragraphs[0]
    for run in list(paragraph._p):
        paragraph._p.remove(run)
    size = points("foot")
    set_paragraph(paragraph, shortened(deck.footer, width_cm - 3.1, size, 1), Letters(size, False, "quiet"), deck.language)


def add_notes(slide: Any, deck: Deck, page: Page) -> None:
    """Write the notes for who speaks; the marks stand there too."""
    slide.notes_slide.notes_text_frame.text = "\n".join([*deck.marks, *page.slide.notes])
    for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("lang", LOCALES.get(deck.language, "en-GB"))
