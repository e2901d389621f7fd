"""Write a deck as a PowerPoint file: native tables and charts, marks, notes that state sources; in an office's own slides."""

import io
from collections.abc import Iterator
from pathlib import Path

import pptx
from PIL import Image
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.picture import Picture
from pptx.slide import Slide, SlideLayout
from pptx.util import Length

from lhasaplan.core.base.translations import Translations, marked, spoken
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.formats.docx_parts import MOST, settled
from lhasaplan.report.formats.slide_blocks import add_chart, add_figures, add_map_key, add_table, add_words
from lhasaplan.report.formats.slide_frame import (
    add_foot,
    add_frame,
    add_notes,
    corners,
    empty_presentation,
    kind_of,
    placeholders,
)
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.slides.deck import Chart, Deck, KeyFigures, MapKey
from lhasaplan.report.slides.deck_flow import Page, PlacedBlock, pages_of_deck, picture_box
from lhasaplan.report.text.document import Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import load_slide_style
from lhasaplan.report.text.template_fields import CONTENT, MarkSpot, fill_marks, reading_template, spots_in, wrong_marks
from lhasaplan.report.text.template_parts import cleaned


def write_pptx(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.pptx`` and, behind the gate, ``plan.pptx`` (of one area if given); return the files."""
    decks = {"audit.pptx": compose_audit_deck(project, assessment, translations, order)}
    if assessment.gate.open and assessment.parts is not None:
        decks["plan.pptx"] = compose_plan_deck(project, assessment, translations, order)
    return [write_deck(deck, folder / name, order.date, order.slide_template) for name, deck in decks.items()]


def write_deck(deck: Deck, path: Path, date: str = "", template: Path | None = None) -> Path:
    """Write any deck, whole or not at all; ``date`` is the day that it bears, ``template`` the office's own file of slides."""
    with replacing(path) as temporary:
        stream = io.BytesIO()
        build(deck, template, date).save(stream)
        temporary.write_bytes(settled(stream.getvalue(), date))
    return path


def build(deck: Deck, template: Path | None = None, date: str = "") -> Presentation:
    """Return the presentation of a deck.

    InputError for a template that cannot be one, with every fault of it.
    """
    presentation = empty_presentation() if template is None else open_slides(template)
    own = len(presentation.slides)
    core = presentation.core_properties
    core.title, core.subject, core.comments = deck.title[:MOST], deck.subtitle[:MOST], " ".join(deck.marks)[:MOST]
    core.author = core.last_modified_by = core.keywords = ""
    core.revision, core.language = 1, spoken(deck.language).locale
    layout = layout_of(presentation)
    assert layout is not None  # ours has one, and an office's is asked for it
    if template is not None:
        fill_slides(presentation, deck, date)
        deck = deck.set_between(between_cm(layout))
    for page in pages_of_deck(deck):
        _add_page(presentation.slides.add_slide(layout), deck, page)
    put_in_place(presentation, own)
    return presentation


def _add_page(slide: Slide, deck: Deck, page: Page) -> None:
    """Fill one slide; its shapes stand in the order in which they are read out."""
    add_frame(slide, deck, page)
    for placed in page.placed:
        _add(slide, placed, deck.language)
    add_foot(slide, deck)
    add_notes(slide, deck, page)


def _add(slide: Slide, placed: PlacedBlock, language: str) -> None:
    block = placed.block
    if isinstance(block, Grid):
        add_table(slide, placed, block, language)
    elif isinstance(block, Chart):
        _describe(add_chart(slide, placed, block), block.alt)
    elif isinstance(block, Figure):
        _describe(_add_picture(slide, placed, block), block.alt or block.caption)
    elif isinstance(block, KeyFigures):
        add_figures(slide, placed, block, language)
    elif isinstance(block, MapKey):
        add_map_key(slide, placed, block, language)
    else:
        assert isinstance(block, Paragraph | Heading | Bullets)  # slides have neither cover nor contents
        add_words(slide, placed, block, language)


def _add_picture(slide: Slide, placed: PlacedBlock, block: Figure) -> Picture:
    with Image.open(io.BytesIO(block.png)) as picture:
        box = picture_box(block, placed.box, *picture.size)
    return slide.shapes.add_picture(io.BytesIO(block.png), *corners(box))


def _describe(shape: GraphicFrame | Picture, words: str) -> None:
    """Give a picture or chart words for who cannot see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)


# An office's own slides as the template of decks: its size, theme, master and slides stay, its marks are filled with text.

LAYOUT, KIND = "lhasaplan", "titleOnly"  # the name that counts before all; what every language's "Title Only" is in the file
MARKS = (CONTENT, "title", "subtitle", "date", "banner", "footer")
NO_FILE = marked("This file cannot serve as a template for slides; save it as .pptx")
NO_SIZE = marked("The slides are {width} × {height} cm; drafts need {wished} cm (16:9, widescreen)")
NO_LAYOUT = marked("The template has no layout with a title alone (Title Only), and none called {name}")
NEEDED = {  # the placeholders of the layout, and what is told where there is none or several
    "title": marked("The layout {layout} needs exactly one placeholder for the title; it has {count}"),
    "ftr": marked("The layout {layout} needs exactly one placeholder for the footer; it has {count}"),
    "sldNum": marked("The layout {layout} needs exactly one placeholder for the slide number; it has {count}"),
}
NO_ROOM = marked("Between title and foot the layout {layout} leaves {found} cm; slides need {wished} cm")
NO_CONTENT = marked("Exactly one slide of the template must have a paragraph that holds only [[content]]; there are: {count}")
NEAR_CM, GAP_CM = 0.1, 0.3
LEAST_CM = 11.0  # a slide of a map with its key has no room in less


def open_slides(path: Path) -> Presentation:
    """Return the file as a presentation, checked.

    InputError with every fault: what is no file of slides, its size, its layout and placeholders, marks that there are not.
    """
    with reading_template(path, NO_FILE):
        deck = pptx.Presentation(io.BytesIO(cleaned(path.read_bytes(), path.name).content))
        faults = [*_wrong_size(deck, path), *_wrong_layout(deck, path), *wrong_marks(list(spots(deck)), path, MARKS)]
        count = sum(_has_content(slide) for slide in deck.slides)
        if len(deck.slides) and count != 1:
            faults.append(Fault(NO_CONTENT, Where(file=path.name), params={"count": count}))
    if faults:
        raise InputError(*faults)
    return deck


def layout_of(deck: Presentation) -> SlideLayout | None:
    """Return the layout that the slides of a draft stand on, None where there is none."""
    named = [each for each in deck.slide_layouts if each.name == LAYOUT]
    plain = [each for each in deck.slide_layouts if each.element.get("type") == KIND]
    return next(iter([*named, *plain]), None)


def _wrong_size(deck: Presentation, path: Path) -> Iterator[Fault]:
    page = load_slide_style()["page"]
    found, wished = (Length(deck.slide_width or 0).cm, Length(deck.slide_height or 0).cm), (page["width_cm"], page["height_cm"])
    if any(abs(a - b) > NEAR_CM for a, b in zip(found, wished, strict=True)):
        width, height = map(_cm, found)
        reported = {"width": width, "height": height, "wished": " × ".join(map(_cm, wished))}
        yield Fault(NO_SIZE, Where(file=path.name), params=reported)


def _wrong_layout(deck: Presentation, path: Path) -> Iterator[Fault]:
    layout, where = layout_of(deck), Where(file=path.name)
    if layout is None:
        yield Fault(NO_LAYOUT, where, params={"name": LAYOUT})
        return
    counts = {kind: len(_placeholders(layout, kind)) for kind in NEEDED}
    yield from (Fault(NEEDED[k], where, params={"layout": layout.name, "count": n}) for k, n in counts.items() if n != 1)
    if set(counts.values()) == {1}:
        top, bottom = between_cm(layout)
        if bottom - top < LEAST_CM:
            yield Fault(NO_ROOM, where, params={"layout": layout.name, "found": _cm(bottom - top), "wished": _cm(LEAST_CM)})


def _placeholders(layout: SlideLayout, kind: str) -> list[Shape]:
    return [each for each in placeholders(layout) if kind_of(each) == kind]


def between_cm(layout: SlideLayout) -> tuple[float, float]:
    """Return how far from the top what slides say may begin and end: below the title, above footer and number."""
    [title], feet = _placeholders(layout, "title"), [_placeholders(layout, kind)[0] for kind in ("ftr", "sldNum")]
    return title.top.cm + title.height.cm + GAP_CM, min(each.top.cm for each in feet) - GAP_CM


def _cm(value: float) -> str:
    return f"{value:.1f}"


def spots(deck: Presentation) -> Iterator[MarkSpot]:
    """Give every paragraph of slides, layouts and masters."""
    for number, slide in enumerate(deck.slides, 1):
        yield from spots_in(f"slide {number}", slide.element, "a:p")
    for master in deck.slide_masters:
        yield from spots_in("slide master", master.element, "a:p")
        for layout in master.slide_layouts:
            yield from spots_in(f"layout {layout.name}", layout.element, "a:p")


def _has_content(slide: Slide) -> bool:
    return any(spot.is_content for spot in spots_in("", slide.element, "a:p"))


def fill_slides(deck: Presentation, draft: Deck, date: str) -> None:
    """Put the values of a draft in the place of the marks, but for the one where its slides come."""
    values = {"title": draft.title, "subtitle": draft.subtitle, "footer": draft.footer, "date": date}
    values["banner"] = " · ".join(draft.marks)
    for spot in spots(deck):
        if not spot.is_content:
            fill_marks(spot.element, {**values, CONTENT: ""})


def put_in_place(deck: Presentation, own: int) -> None:
    """Move the slides behind the template's ``own`` to where its slide with ``[[content]]`` stands, which goes."""
    ids = deck.slides._sldIdLst
    at = next((number for number, slide in enumerate(deck.slides) if number < own and _has_content(slide)), None)
    if at is None:
        return
    place, drafted = ids[at], list(ids)[own:]
    for each in drafted:
        place.addprevious(each)
    deck.part.drop_rel(place.get(qn("r:id")))
    ids.remove(place)
