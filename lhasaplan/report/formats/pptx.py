"""Write a deck as a PowerPoint file: native tables and charts, marks on every slide, notes that say where numbers come from."""

import io
from pathlib import Path

from PIL import Image
from pptx.presentation import Presentation
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.picture import Picture
from pptx.slide import Slide

from lhasaplan.core.base.translations import Translations, spoken
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.formats.docx_parts import MOST, settled
from lhasaplan.report.powerpoint.blocks import add_chart, add_figures, add_map_key, add_table, add_words
from lhasaplan.report.powerpoint.frame import add_foot, add_frame, add_notes, corners, empty_presentation
from lhasaplan.report.powerpoint.slide_template import between_cm, fill_slides, layout_of, open_slides, put_in_place
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.slides.deck import Chart, Deck, KeyFigures, MapKey
from lhasaplan.report.slides.deck_flow import Page, PlacedBlock, pages_of_deck, picture_box
from lhasaplan.report.text.document import Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.output_files import replacing


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
