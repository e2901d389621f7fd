"""Pages of a PDF: none is nearly empty but a chapter's last, none ends with a heading, and a table is signed on its own page."""

import io

import numpy as np
import pytest
import samples
from amounts import some_by_day
from PIL import Image
from pypdf import PdfReader
from report_factory import a_check, a_project

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.papers import load_dossiers
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.documents.dossiers import compose_paper
from lhasaplan.report.formats import pdf
from lhasaplan.report.text.document import Document, Grid, Heading, Paragraph, stays_with_next

PPI = 24.0
LEAST = 0.4
CM = PPI / 2.54
FOOT_CM, HEAD_CM = 1.8, 2.2  # margins, with the lines of page numbers and of the head
LONE_CM = 2.6  # a heading nearer to the foot has nothing below it but its own line
DRAFTS = ("audit", "plan", "impact-assessment")


def filled(draft, translations):
    """Return for each page how far down its room words, tables or pictures reach."""
    pages = pdf.typeset(draft, translations, format="png", ppi=PPI)
    return [_reach(page) for page in (pages if isinstance(pages, list) else [pages])]


def _reach(page):
    dark = np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 200
    height = dark.shape[0]
    top, foot = HEAD_CM * CM, height - FOOT_CM * CM
    rows = [row for row in np.flatnonzero(dark.any(axis=1)) if top < row < foot]
    return (max(rows) - top) / (foot - top) if rows else 0.0


def outline(draft, translations):
    """Return of each heading in the outline its depth, its page and how many centimetres it stands above the foot."""
    reader = PdfReader(io.BytesIO(pdf.typeset(draft, translations, format="pdf", pdf_standards=pdf.TAGGED)))
    return list(_entries(reader, reader.outline, 1))


def _entries(reader, items, depth):
    for item in items:
        if isinstance(item, list):
            yield from _entries(reader, item, depth + 1)
        else:
            yield depth, reader.get_destination_page_number(item), float(item.top) / 72 * 2.54


def the_draft(name, language, project, check):
    translations, order = load_translations(language), DraftOrder(date="2026-11-27")
    if name == "plan":
        return compose_plan(project, check, translations, order)
    if name == "audit":
        return compose_audit(project, check, translations, order)
    [dossier] = [each for each in load_dossiers() if each.name == name]
    return compose_paper(dossier, project, check, translations, DraftOrder(date="2026-11-27", dossiers=(dossier,)))


@pytest.fixture(scope="module")
def hilltown():
    services = open_services()
    project = samples.sample("hilltown")
    return workflow.shown(services, project, workflow.check(services, project))


@pytest.mark.nightly  # by day the made-up town below: maps of a real one take seconds
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAFTS)
def test_that_pages_of_hilltown_are_filled_and_end_with_no_heading(name, language, hilltown):
    check_pages(the_draft(name, language, *hilltown), load_translations(language))


def check_pages(draft, translations):
    places = outline(draft, translations)
    shares = filled(draft, translations)
    chapters = {page for depth, page, _ in places if depth == 1}
    last = len(shares) - 1
    assert [page + 1 for page, share in enumerate(shares) if share < LEAST and page != last and page + 1 not in chapters] == []
    assert [page + 1 for _, page, above in places if above < LONE_CM] == []


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"zh_CN"}))
def test_that_pages_of_an_impact_assessment_are_filled_and_end_with_no_heading(language, monkeypatch):
    monkeypatch.setattr("lhasaplan.report.chapters.audit_chapters.overview_map", lambda *_, **__: None)
    check_pages(the_draft("impact-assessment", language, a_project(), a_check()), load_translations(language))


def test_that_a_table_is_signed_on_its_own_page():
    rows = tuple((f"Motion {number}", "") for number in range(9))
    signed = [Grid(("Motion", "Decision"), rows, (3, 1), "The decision", label="Table 1"), Paragraph("Place, date", "signature")]
    for lines in (33, 34, 35):  # with 34 the table is the last that fits
        blocks = [*(Paragraph(f"Line {number}.") for number in range(lines)), Heading("Decision"), *signed]
        draft = Document("A plan", "Town", "en", (), tuple(blocks))
        reader = PdfReader(io.BytesIO(pdf.typeset(draft, Translations(), format="pdf", pdf_standards=pdf.TAGGED)))
        texts = [page.extract_text() for page in reader.pages]
        of_sign, of_motion = (next(n for n, text in enumerate(texts) if word in text) for word in ("Place, date", "Motion 8"))
        assert of_sign == of_motion, lines


def test_that_a_long_table_begins_with_three_rows_at_least():
    rows = tuple((f"Row {number:02d}", "of a list") for number in range(60))
    table = Grid(("Name", "What it is"), rows, (1, 3), "The list", label="Table 1")
    begins = set()
    for lines in range(36, 46):
        blocks = [*(Paragraph(f"Line {number}.") for number in range(lines)), Heading("List"), table]
        draft = Document("A plan", "Town", "en", (), tuple(blocks))
        reader = PdfReader(io.BytesIO(pdf.typeset(draft, Translations(), format="pdf", pdf_standards=pdf.TAGGED)))
        texts = [page.extract_text() for page in reader.pages]
        first = next(n for n, text in enumerate(texts) if "Row 00" in text)
        assert "Row 02" in texts[first], lines
        assert f"Line {lines - 1}." in texts[first] or "Row 30" in texts[first], lines
        begins.add(first)
    assert begins == {0, 1}  # some begin on the first page, and some go to the next


def test_that_records_short_leads_and_what_is_signed_stay_with_what_follows():
    blocks = [
        Heading("Risks"),
        Paragraph("Rests on: Article 35"),
        Paragraph("A" * 400),
        Paragraph("Signed:", "record"),
        Grid(("a", "b"), (("1", "2"),), (1, 1)),
        Paragraph("Place", "signature"),
        Paragraph("Name", "signature"),
        Paragraph("End"),
    ]
    assert stays_with_next(blocks) == {1, 3, 4, 5}


def test_that_the_signs_of_a_plan_are_a_row_each_with_their_cameras():
    blocks = compose_plan(a_project(), a_check(), Translations(), DraftOrder()).blocks
    (signs,) = (block for block in blocks if isinstance(block, Grid) and block.anchor == "signs")
    assert signs.headings == ("Sign on record", "Count", "Cameras")
    assert sum(int(count) for _, count, _ in signs.rows) == sum(len(names.split(", ")) for *_, names in signs.rows)
    assert len({sign for sign, *_ in signs.rows}) == len(signs.rows)
