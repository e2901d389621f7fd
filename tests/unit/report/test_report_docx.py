"""The Word drafts: what stands on the first page, on every page, and in a Chinese one."""

import docx
import pytest
from docx.oxml.ns import qn
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.formats import pdf, web_page
from lhasaplan.report.formats.docx import build, write_docx
from lhasaplan.report.formats.docx_parts import TWIPS_PER_CM, table_element
from lhasaplan.report.text.document import Document, Grid, PageFormat, Paragraph
from lhasaplan.report.text.finding_words import article_text
from lhasaplan.report.text.style import text_width_cm
from lhasaplan.report.text.text_width import breakable, width_of


@pytest.fixture(scope="module")
def plan():
    return build(compose_plan(a_project(), a_check(synthetic=True), Translations()), Translations())


def _texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def test_that_a_plan_is_written_only_behind_the_gate(tmp_path):
    assert [p.name for p in write_docx(a_project(), an_assessment(), tmp_path / "a", Translations())] == ["audit.docx"]
    assert [p.name for p in write_docx(a_project(), a_check(), tmp_path / "b", Translations())] == ["audit.docx", "plan.docx"]


def test_that_composing_a_plan_outside_the_gate_is_refused():
    with pytest.raises(ValueError, match="gate"):
        compose_plan(a_project(), an_assessment(), Translations())


def test_that_every_page_of_a_synthetic_draft_says_so_and_that_it_is_not_approved(plan):
    head = " ".join(paragraph.text for paragraph in plan.sections[0].header.paragraphs)
    assert "FICTITIOUS / SYNTHETIC DATA" in head
    assert "DRAFT, NOT APPROVED" in head


def test_that_the_mandate_is_the_first_table_of_the_plan(plan):
    rows = {row.cells[0].text: row.cells[1].text for row in plan.tables[0].rows}
    assert rows["Controller"] == "City of Test"
    assert rows["Supervisory authority"] == "Data Protection Ombudsman"
    assert "CHANGED" in rows["Rule packs"]


def test_that_the_options_start_with_no_camera(plan):
    table = next(t for t in plan.tables if t.rows[0].cells[0].text == "Option")
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert rows == [
        ["No camera (marked)", "0", "0 of 1", "0", "0", "0", "to be filled in"],
        ["As today", "2", "0 of 1", "1", "300 (up to 1\xa0550)", "2", "–"],
        ["As drafted: with the planned cameras", "3", "1 of 1", "0", "300 (up to 1\xa0650)", "2", "to be filled in"],
    ]


def test_that_a_plan_names_what_was_left_out(plan):
    texts = _texts(plan)
    assert "p2: excused by C. Clerk on 1 March 2024: closed until May" in texts
    assert "Trees are stored but not used in sight yet." in texts


def test_that_a_plan_carries_no_coordinates(plan):
    cells = [cell.text for table in plan.tables for row in table.rows for cell in row.cells]
    assert not any("24.92" in text or "60.17" in text or "385000" in text for text in cells + _texts(plan))


def test_that_the_head_of_every_table_repeats_and_no_row_is_split(plan):
    for table in plan.tables[1:]:  # that of the cover has no head
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_that_no_table_is_wider_than_the_text(plan):
    upright, on_its_side = text_width_cm(PageFormat()), text_width_cm(PageFormat(landscape=True))
    widths = [sum(cell.width.cm for cell in table.rows[0].cells) for table in plan.tables]
    assert {round(width, 1) for width in widths} == {round(upright, 1), round(on_its_side, 1)}


def test_that_a_chinese_draft_has_a_chinese_font_and_language():
    document = build(compose_audit(a_project(), an_assessment(), Translations("zh_CN")), Translations("zh_CN"))
    properties = document.styles["Normal"].element.rPr
    assert properties.rFonts.get(qn("w:eastAsia")) == "Noto Sans SC"
    assert all(lang.get(qn("w:eastAsia")) == "zh-CN" for lang in document.styles.element.iter(qn("w:lang")))


def test_that_the_audit_has_a_map_and_a_figure_for_each_camera_with_findings():
    document = build(compose_audit(a_project(), an_assessment(), Translations()), Translations())
    assert len(document.inline_shapes) == 3  # the overview, and both cameras of which something is found
    assert all(shape.width.cm <= text_width_cm(PageFormat()) + 0.01 for shape in document.inline_shapes)


def test_that_pages_are_numbered_by_fields():
    document = build(compose_audit(a_project(), an_assessment(), Translations()), Translations())
    codes = [node.text.strip() for node in document.sections[0].footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_that_an_area_shows_only_its_own_parts_and_cameras():
    draft = compose_plan(a_project(), a_check(), Translations(), DraftOrder("North"))
    assert "p1" not in draft.text().split()
    assert draft.subtitle.endswith("North")


def test_that_the_audit_never_says_that_a_camera_sees():
    text = compose_audit(a_project(), an_assessment(), Translations()).text()
    assert " sees " not in text
    assert "can see" in text


def test_that_a_project_without_cameras_still_gives_an_audit(tmp_path):
    empty = an_assessment(cameras=(), findings=(), assumed_counts={}, not_requested={}, inputs=())
    [path] = write_docx(a_project(), empty, tmp_path, Translations())
    said = _texts(docx.Document(path))
    assert "There is no map, since there is no camera." in said
    assert "No camera in operation is known" in said
    assert not any("0 m² of ground" in each for each in said)


def test_that_a_long_digest_can_break_and_reads_the_same():
    assert breakable("ab" * 20).replace("\u200b", "") == "ab" * 20
    assert breakable("short words stay") == "short words stay"
    assert breakable("Datenschutzbeauftragter, Rettungswagenbucht") == "Datenschutzbeauftragter, Rettungswagenbucht"
    assert breakable("a-word-that-ends-with-a-sign:").replace("\u200b", "") == "a-word-that-ends-with-a-sign:"


def test_that_no_line_ends_between_a_number_and_its_unit(tmp_path):
    """81 258 at the end of a line and m² at the head of the next reads as another number, in every format of a draft."""
    draft = Document("T", "S", "en", (), (Paragraph("seen: 81 258 m²"), Grid(("Area",), (("1 550 m²",),), (1.0,))))
    word = build(draft, Translations())
    assert _texts(word)[2] == "seen: 81\xa0258\xa0m²"
    assert word.tables[0].rows[1].cells[0].text == "1\xa0550\xa0m²"
    assert "81\xa0258\xa0m²" in web_page.build(draft, Translations())
    assert pdf._values(draft, Translations(), tmp_path)["blocks"][0]["pieces"] == [["seen: 81\xa0258\xa0m²", ""]]


def test_that_a_project_with_a_name_longer_than_a_property_holds_is_written(tmp_path):
    [path] = write_docx(a_project(), an_assessment(project="Quay " * 80), tmp_path, Translations())
    assert len(docx.Document(path).core_properties.subject) == 255


@pytest.mark.parametrize(
    ("language", "reported"),
    [("fr", "Politique 3 : finalité (sécurité municipale)"), ("zh_CN", "政策 3：目的 (市政安全)")],
)
def test_that_a_policy_of_a_pack_is_cited_in_the_language_of_the_draft(language, reported):
    assert article_text("municipal-safety", "Policy 3: purpose", load_translations(language)) == reported


def test_that_a_column_of_a_word_table_is_as_wide_as_its_longest_word():
    grid = Grid(("Schweregrad", "Was"), (("gravierend", "Einblick in Wohnungen"),), (0.5, 9.0))
    narrow, wide = (int(column.get(qn("w:w"))) / TWIPS_PER_CM for column in table_element(grid, 17.0).iter(qn("w:gridCol")))
    assert narrow > width_of("Schweregrad", 8.5, bold=True) > 17.0 * 0.5 / 9.5
    assert narrow + wide == pytest.approx(17.0, abs=0.01)


def test_that_the_last_three_rows_of_a_long_word_table_stay_together():
    grid = Grid(("No.",), tuple((str(number),) for number in range(40)), (1.0,))
    kept = [row.find(f".//{qn('w:keepNext')}") is not None for row in table_element(grid, 17.0).iter(qn("w:tr"))][1:]
    assert [number for number, holds in enumerate(kept) if holds] == [0, 1, 37, 38]
    tail = [row.find(f".//{qn('w:keepNext')}") is not None for row in table_element(grid, 17.0, has_tail=True).iter(qn("w:tr"))]
    assert tail[-1]


def test_that_a_word_table_of_a_few_tall_rows_may_go_on_overleaf():
    def kept(text):
        element = table_element(Grid(("What",), ((text,),) * 9, (1.0,)), 5.0)
        return [row.find(f".//{qn('w:keepNext')}") is not None for row in element.iter(qn("w:tr"))][1:]

    assert kept("one line") == [True] * 8 + [False]
    assert kept("some lines of words " * 9) == [True, True, False, False, False, False, True, True, False]
