"""Drafts read aloud: what a PDF and a Word file say to a program that reads them, parsed back from the files."""

import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from amounts import some_by_day
from docx.oxml.ns import qn
from pypdf import PdfReader
from report_factory import a_check, a_project

from lhasaplan.core.base.translations import Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.formats import docx as word
from lhasaplan.report.formats import pdf
from lhasaplan.report.formats.typst_beside import set_beside
from lhasaplan.report.text.document import Document, Figure, Grid, Heading, Paragraph, bound_draft, heading_levels

TAGS = {"en": "en-GB", "fr": "fr-FR", "de": "de-DE", "zh_CN": "zh-CN"}


# By day the language without spaces: tags are given by one way in each.
@pytest.fixture(scope="module", params=some_by_day(TAGS, {"zh_CN"}))
def plan(request, tmp_path_factory) -> tuple[Document, Path]:
    translations = load_translations(request.param)
    draft = bound_draft(compose_plan(a_project(), a_check(synthetic=True), translations, DraftOrder(date="2026-11-27")))
    folder = tmp_path_factory.mktemp(request.param)
    pdf.write_document(draft, folder / "plan.pdf", translations)
    word.write_document(draft, folder / "plan.docx", translations)
    return draft, folder


@pytest.fixture(scope="module")
def reader(plan):
    return PdfReader(plan[1] / "plan.pdf")


def elements(node):
    """Give every element of a structure tree from its root on, in the order in which it is read."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from elements(each)
    elif hasattr(node, "get"):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def of_kind(reader, *kinds):
    return [each for each in elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]) if each["/S"] in kinds]


def test_that_a_pdf_says_that_it_keeps_the_standard_its_title_and_its_language(plan, reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == TAGS[plan[0].language]
    assert reader.metadata.title == plan[0].title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_that_the_headings_of_a_pdf_are_tagged_in_order_and_stand_in_its_outline(plan, reader):
    reported = [level for block, level in heading_levels(plan[0].blocks) if isinstance(block, Heading)]
    tagged = [int(each["/S"][2:]) for each in of_kind(reader, *(f"/H{level}" for level in range(1, 7)))]
    assert tagged == reported
    assert all(deeper - level <= 1 for level, deeper in pairwise(reported))
    names = [each.title for each in flat(reader.outline)]
    assert names == [block.text.replace("\u200b", "") for block in plan[0].blocks if isinstance(block, Heading)]


def flat(outline):
    for each in outline:
        yield from flat(each) if isinstance(each, list) else (each,)


def test_that_tables_of_a_pdf_have_heads_and_pictures_have_words(plan, reader):
    tables, figures = ([block for block in plan[0].blocks if isinstance(block, kind)] for kind in (Grid, Figure))
    assert len(of_kind(reader, "/Table")) >= len(tables) > 5
    heads = len(of_kind(reader, "/TH"))
    assert heads == sum(len(each.headings) for each in tables)
    pictures = of_kind(reader, "/Figure")
    assert len(pictures) == len(figures) > 1
    assert [str(each["/Alt"]) for each in pictures] == [each.alt or each.caption for each in figures]


def test_that_captions_of_a_pdf_stand_in_their_tables_and_words_in_paragraphs(plan, reader):
    captioned = [block for block in plan[0].blocks if isinstance(block, Grid) and block.label]
    firsts = [next(elements(each["/K"])) for each in of_kind(reader, "/Table")]
    assert [each["/S"] for each in firsts].count("/Caption") == len(captioned) > 5
    assert len(of_kind(reader, "/Caption")) == len(
        [b for b in plan[0].blocks if isinstance(b, (Grid, Figure)) and b.caption and b.label]
    )
    assert len(of_kind(reader, "/P")) >= len([block for block in plan[0].blocks if isinstance(block, Paragraph)]) > 10


def test_that_every_head_of_a_table_says_of_what_it_is_the_head(reader):
    scopes = [
        attribute.get("/Scope") for each in of_kind(reader, "/TH") for attribute in each["/A"] if attribute["/O"] == "/Table"
    ]
    assert scopes == ["/Column"] * len(of_kind(reader, "/TH"))


def test_that_marks_page_heads_and_feet_of_a_pdf_are_no_part_of_its_reading(reader):
    contents = [page.get_contents().get_data() for page in reader.pages]
    assert all(b"/Artifact" in each for each in contents)


def test_that_a_long_draft_is_the_same_file_where_a_process_of_its_own_sets_it(plan, tmp_path):
    draft, folder = plan
    assert len(draft.blocks) >= pdf.LONG
    here = pdf.typeset(draft, load_translations(draft.language), format="pdf", pdf_standards=pdf.TAGGED)
    assert (folder / "plan.pdf").read_bytes() == here


def test_that_a_draft_that_cannot_be_set_in_its_own_process_says_why(tmp_path):
    (tmp_path / "document.typ").write_text("#panic()", encoding="utf-8")
    with pytest.raises(RuntimeError, match="panicked"):
        set_beside(tmp_path, {"input": str(tmp_path / "document.typ"), "format": "pdf"})


def test_that_strong_words_of_a_pdf_are_set_in_a_strong_face(reader):
    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert {name.split("+")[1].removesuffix("-Identity-H") for name in fonts} == {"NotoSansSC-Regular", "NotoSansCJKjp-Bold"}
    assert not any(b" Tr\n" in page.get_contents().get_data() for page in reader.pages)  # letters with a line round them


def test_that_word_has_styles_captions_references_contents_and_words_for_pictures(plan):
    draft, folder = plan
    document = docx.Document(folder / "plan.docx")
    headings = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert headings == [(f"Heading {block.level}", block.text) for block in draft.blocks if isinstance(block, Heading)]
    codes = [node.text.split()[0] for node in document.element.body.iter(qn("w:instrText"))]
    numbered = [block for block in draft.blocks if isinstance(block, (Grid, Figure)) and block.label]
    assert codes.count("SEQ") == len(numbered) > 5
    assert codes.count("PAGEREF") == len([block for block in draft.blocks if isinstance(block, Heading) and block.level <= 2])
    assert codes.count("REF") > 0
    captions = [each for each in document.paragraphs if each.style.name == "Caption"]
    assert len(captions) == len([block for block in draft.blocks if isinstance(block, (Grid, Figure)) and block.caption])
    alts = [each.get("descr") for each in document.element.body.iter(qn("wp:docPr"))]
    assert alts == [block.alt or block.caption for block in draft.blocks if isinstance(block, Figure)]
    marks = {each.get(qn("w:name")) for each in document.element.body.iter(qn("w:bookmarkStart"))}
    asked = {
        node.text.split()[1]
        for node in document.element.body.iter(qn("w:instrText"))
        if node.text.split()[0] in {"REF", "PAGEREF"}
    }
    assert asked <= marks


def test_that_word_says_title_and_language_and_no_other_program(plan):
    draft, folder = plan
    core = docx.Document(folder / "plan.docx").core_properties
    assert (core.title, core.language) == (draft.title, TAGS[draft.language])
    with zipfile.ZipFile(folder / "plan.docx") as parts:
        assert b"<Application>lhasaplan</Application>" in parts.read("docProps/app.xml")


@pytest.mark.parametrize(
    ("levels", "reported"),
    [((1, 2, 3, 1), (1, 2, 3, 1)), ((1, 3, 3, 2), (1, 2, 2, 2)), ((2, 3, 1, 2), (1, 2, 1, 2)), ((3, 3), (1, 1))],
)
def test_that_a_draft_whose_headings_leave_a_level_out_is_read_without_a_gap(levels, reported):
    blocks = tuple(Heading(f"H{n}", level) for n, level in enumerate(levels))
    assert tuple(level for _, level in heading_levels(blocks)) == reported
    assert (
        pdf.typeset(Document("T", "S", "en", (), blocks), Translations(), format="pdf", pdf_standards=pdf.TAGGED)[:4] == b"%PDF"
    )
