"""The slides for a council: what every slide says, that nothing is cut or lies over another, and who may not be named."""

import io
import zipfile
from dataclasses import replace
from functools import cache
from itertools import combinations, product

import pptx
import pytest
from amounts import some_by_day
from PIL import ImageFont
from pptx.util import Emu
from report_factory import a_check, a_part, a_project, an_assessment, certain_camera, possible_camera

from lhasaplan.content import font_files
from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.core.districts.conformity import Conformity, ConformityRow, Difference
from lhasaplan.core.project.journal import DistrictMade
from lhasaplan.core.project.project import Reason
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.policy_files import load_district_rules
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.pptx import build, write_pptx
from lhasaplan.report.formats.slide_blocks import letters_pt
from lhasaplan.report.redaction import public_values
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.slides.deck_flow import Box, PlacedBlock
from lhasaplan.report.text.document import Bullets
from lhasaplan.report.text.style import long_date

LONG = "Bridge of the Association for the Very Long Names of Bridges and Quays " * 4
OVER = Emu(2000)  # rounding to whole units, a five hundredth of a millimetre


def opened(deck):
    stream = io.BytesIO()
    build(deck).save(stream)
    return pptx.Presentation(stream)


@cache
def council_deck(which, about, language):
    """The audit's or the plan's slides, usual or crowded, read back once for all facts about them."""
    compose = {"audit": compose_audit_deck, "plan": compose_plan_deck}[which]
    assessment = {"usual": lambda: a_check(synthetic=True), "crowded": crowded}[about]()
    return opened(compose(a_project(), assessment, load_translations(language)))


@pytest.fixture(scope="module")
def plan():
    return opened(compose_plan_deck(a_project(), a_check(synthetic=True), Translations()))


def texts(slide):
    """Return the words of a slide, those of its tables among them."""
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return said + cells


def tables(presentation):
    shapes = [shape for slide in presentation.slides for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in shape.table.rows] for shape in shapes]


def test_that_plan_slides_are_written_only_behind_the_gate(tmp_path):
    assert [p.name for p in write_pptx(a_project(), an_assessment(), tmp_path / "a", Translations())] == ["audit.pptx"]
    assert [p.name for p in write_pptx(a_project(), a_check(), tmp_path / "b", Translations())] == ["audit.pptx", "plan.pptx"]
    with pytest.raises(ValueError, match="gate"):
        compose_plan_deck(a_project(), an_assessment(), Translations())


def test_that_every_slide_and_its_notes_say_that_it_is_fictitious_and_not_approved(plan):
    for slide in plan.slides:
        for said in (" ".join(texts(slide)), slide.notes_slide.notes_text_frame.text):
            assert "FICTITIOUS / SYNTHETIC DATA" in said
            assert "DRAFT, NOT APPROVED" in said


def test_that_an_audit_of_real_data_has_no_mark_and_says_that_there_is_no_mandate():
    deck = opened(compose_audit_deck(a_project(), an_assessment(), Translations()))
    first = " ".join(texts(deck.slides[0]))
    assert "none: this is an audit, without gaps, proposals or a plan" in first
    assert "FICTITIOUS" not in first
    assert "1 May 2024" in first


def test_that_the_first_slide_of_a_plan_bears_the_mandate_and_the_second_answers(plan):
    first, second = (texts(slide) for slide in list(plan.slides)[:2])
    assert {"City of Test", "Data Protection Ombudsman", "A. Officer"} <= set(first)
    # One part: without a camera a gap, today partial, met with the planned camera (report_factory).
    assert any(
        "With the planned cameras 1 of 1 confirmed parts are met, today 0, without any camera 0" in text for text in second
    )


def test_that_ground_without_purpose_stands_in_letters_as_large_as_coverage(plan):
    cards = [shape for shape in plan.slides[1].shapes if shape.has_text_frame and len(shape.text_frame.paragraphs) == 7]
    assert [card.text_frame.paragraphs[0].text for card in cards] == [
        "Confirmed parts that are met",
        "Ground in view that no part asks for (summed over cameras)",
        "Views that must end",
    ]
    sizes = [[run.font.size for paragraph in card.text_frame.paragraphs for run in paragraph.runs] for card in cards]
    assert sizes[0] == sizes[1] == sizes[2]
    assert [paragraph.text.replace("\xa0", " ") for paragraph in cards[1].text_frame.paragraphs][2::2] == [
        "0 m²",
        "300 (up to 1 550) m²",
        "300 (up to 1 650) m²",
    ]


def test_that_no_camera_is_an_option_and_a_thing_to_decide(plan):
    [options] = [table for table in tables(plan) if table[0][0] == "Option"]
    assert [row[0] for row in options[1:]] == ["No camera (marked)", "As today", "As drafted: with the planned cameras"]
    ballot = [row[0] for table in tables(plan) if table[0][0] == "Question" for row in table[1:]]
    assert "Which option is chosen? “No camera” is one of them." in ballot


def test_that_a_deck_asks_each_question_in_one_list():
    audit = opened(compose_audit_deck(a_project(), an_assessment(), Translations()))
    motions = [row[0] for table in tables(audit) if table[0][0] == "Question" and "What follows" in table[0] for row in table[1:]]
    assert motions
    cells = [cell for table in tables(audit) for row in table for cell in row]
    assert [cells.count(motion) for motion in motions] == [1] * len(motions)


def test_that_the_notes_of_every_slide_say_where_its_numbers_stand(plan):
    reported = [slide.notes_slide.notes_text_frame.text for slide in plan.slides]
    assert [
        text
        for text in reported
        if "Where the numbers come from" not in text
        and not any(word in text for word in ("stand", "counts", "questions", "report has"))
    ] == []
    assert any("sheet overlaps of audit.xlsx" in text for text in reported)


def test_that_pictures_and_charts_have_words_for_who_cannot_see_them(plan):
    shown = [shape for slide in plan.slides for shape in slide.shapes if shape.has_chart or shape.shape_type == 13]
    assert len(shown) >= 4
    assert all(shape._element.xpath(".//p:cNvPr/@descr")[0] for shape in shown)


def test_that_no_number_at_a_bar_is_broken_in_two(plan):
    charts = [shape.chart for slide in plan.slides for shape in slide.shapes if shape.has_chart]
    labels = [one.data_labels._element for chart in charts for one in chart.plots[0].series]
    assert labels
    assert {wrap for each in labels for wrap in each.xpath("c:txPr/a:bodyPr/@wrap")} == {"none"}
    assert all(each.xpath("c:txPr/a:bodyPr/@wrap") for each in labels)


def test_that_slides_are_wide_numbered_titled_and_read_out_from_the_title_to_the_number(plan):
    assert plan.slide_width / plan.slide_height == pytest.approx(16 / 9, rel=1e-4)
    for slide in plan.slides:
        assert slide.shapes[0] == slide.shapes.title
        assert slide.shapes.title.text
        assert 'type="slidenum"' in slide.shapes[-1]._element.xml


# By day the one that has a font of its own and one that has none.
LOCALES = {"en": "en-GB", "fr": "fr-FR", "zh_CN": "zh-CN", "de": "de-DE"}


@pytest.mark.parametrize("language", some_by_day(LOCALES, {"zh_CN", "fr"}))
def test_that_slides_name_their_language_and_a_font_for_chinese(language):
    locale = LOCALES[language]
    deck = build(compose_audit_deck(a_project(), an_assessment(), load_translations(language)))
    said = {
        run._r.rPr.get("lang")
        for slide in deck.slides
        for s in slide.shapes
        if s.has_text_frame
        for p in s.text_frame.paragraphs
        for run in p.runs
    }
    assert said == {locale}
    assert deck.core_properties.language == locale
    stream = io.BytesIO()
    deck.save(stream)
    with zipfile.ZipFile(stream) as archive:
        theme = archive.read("ppt/theme/theme1.xml").decode()
    assert theme.count('<a:latin typeface="Arial"') == theme.count('<a:ea typeface="Noto Sans SC"/>') == 2


def test_that_a_deck_names_no_author_program_or_printer(tmp_path):
    write_pptx(a_project(), a_check(), tmp_path, Translations())
    with zipfile.ZipFile(tmp_path / "plan.pptx") as archive:
        names = archive.namelist()
        everything = b" ".join(archive.read(name) for name in names if name.endswith((".xml", ".rels")))
    assert [name for name in names if "printer" in name or "thumbnail" in name or name.endswith("app.xml")] == []
    assert pptx.Presentation(tmp_path / "plan.pptx").core_properties.author == ""
    assert [word for word in (b"Canny", b"python-pptx", b"Macintosh", str(tmp_path).encode()) if word in everything] == []


def test_that_a_coarse_deck_has_no_map():
    deck = opened(compose_audit_deck(*public_values(a_project(), an_assessment(public_precision_deg=0.01)), Translations()))
    assert [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13] == []
    assert any("The map is left out" in text for slide in deck.slides for text in texts(slide))


def crowded():
    """Return a check whose project, cameras and parts have names longer than any table has room for."""
    parts = tuple(replace(a_part(), part=replace(a_part().part, part_id=f"p{n}", name=f"{LONG}{n}")) for n in range(30))
    cameras = [certain_camera(), *(possible_camera(f"node/{n}") for n in range(20))]
    named = [replace(c, placed=replace(c.placed, camera=replace(c.placed.camera, name=LONG))) for c in cameras]
    notes = tuple((f"{LONG} {LONG} {n}.", {}) for n in range(12))
    return a_check(project=LONG * 3, parts=parts, cameras=tuple(named), notes=notes, synthetic=True, closed_places=1234)


def box(shape):
    return shape.left, shape.top, shape.left + shape.width, shape.top + shape.height


def shares(one, other):
    """Say whether two boxes have area in common."""
    return all(min(one[n + 2], other[n + 2]) - max(one[n], other[n]) > OVER for n in (0, 1))


# By day the crowded deck in the language of the longest words and the usual one in that without spaces.
DECKS = some_by_day(product(("usual", "crowded"), LANGUAGES), {("usual", "zh_CN"), ("crowded", "de")})


@pytest.mark.parametrize("deck", DECKS, ids=str)
def test_that_nothing_on_a_slide_leaves_it_or_lies_over_another(deck):
    about, language = deck
    for shown in (council_deck("audit", about, language), council_deck("plan", about, language)):
        for number, slide in enumerate(shown.slides, 1):
            boxes = [box(shape) for shape in slide.shapes]
            inside = [b[0] >= 0 and b[1] >= 0 and b[2] <= shown.slide_width and b[3] <= shown.slide_height for b in boxes]
            assert all(inside), number
            assert not any(shares(one, other) for one, other in combinations(boxes, 2)), number


FONT = ImageFont.truetype(str(font_files()[0]), 100)


def lines_needed(text, width_cm, size_pt):
    """Return in how many lines a text fits, letter by letter in another font than the writer measures with."""
    count, line = 1, ""
    for word in text.replace("\xa0", "x").split(" "):
        for piece in (word,) if word.isascii() else word:
            joined = f"{line} {piece}" if line and piece == word else line + piece
            if FONT.getlength(joined) / 100 * size_pt * 2.54 / 72 <= width_cm:
                line = joined
            else:
                count, line = count + 1, piece
    return count


@pytest.mark.parametrize("deck", DECKS, ids=str)
def test_that_every_text_fits_in_its_box(deck):
    about, language = deck
    for slide in council_deck("plan", about, language).slides:
        for shape in (s for s in slide.shapes if s.has_text_frame and s.text_frame.text and not s.is_placeholder):
            frame = shape.text_frame
            width = (shape.width - frame.margin_left - frame.margin_right) / 360000
            needed = sum(_height(paragraph, width) for paragraph in frame.paragraphs)
            assert needed <= shape.height / 360000 + 0.05, shape.text_frame.text


def _height(paragraph, width_cm):
    indent = int(paragraph._p.pPr.get("marL", 0)) / 360000
    size = paragraph.runs[0].font.size.pt
    lines = lines_needed(paragraph.text, width_cm - indent, size)
    return (lines * paragraph.line_spacing.pt + paragraph.space_after.pt) * 2.54 / 72


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"de"}))
def test_that_every_cell_fits_in_its_row_and_no_table_leaves_its_slide(language):
    for slide in council_deck("plan", "crowded", language).slides:
        for shape in (s for s in slide.shapes if s.has_table):
            assert abs(sum(row.height for row in shape.table.rows) - shape.height) < 20 * OVER
            for row in shape.table.rows:
                for cell, column in zip(row.cells, shape.table.columns, strict=True):
                    width = (column.width - cell.margin_left - cell.margin_right) / 360000
                    lines = sum(_height(paragraph, width) for paragraph in cell.text_frame.paragraphs if paragraph.runs)
                    assert lines + 0.24 <= row.height / 360000 + 0.05, cell.text


def test_that_a_slide_that_is_too_full_goes_on_and_says_so():
    deck = council_deck("plan", "crowded", "en")
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert "What was left out, and the limits (1/" in " ".join(titles)
    left_out = [" ".join(texts(slide)) for slide in deck.slides if slide.shapes.title.text.startswith("What was left out")]
    assert all(f"{n}." in " ".join(left_out) for n in range(12))


@pytest.mark.parametrize(
    ("count", "reported"), [(24, "Each of these cameras can be removed alone"), (25, "each considered alone: 25.")]
)
def test_that_a_slide_names_the_cameras_that_can_go_while_they_can_be_read(count, reported):
    cameras = tuple(possible_camera(f"node/{n}") for n in range(count))
    deck = opened(compose_plan_deck(a_project(), a_check(cameras=cameras, overlaps=()), Translations()))
    [slide] = [slide for slide in deck.slides if slide.shapes.title.text == "What is seen twice and can be removed"]
    assert any(reported in text for text in texts(slide))


def test_that_a_long_table_says_how_many_rows_it_left_to_the_report():
    deck = council_deck("plan", "crowded", "en")
    said = [text for slide in deck.slides for text in texts(slide)]
    assert "The first 8 of 30; the report lists all." in said
    assert "The first 8 of 21; the report lists all." in said


DIFFERING = (
    ConformityRow(
        *("c1", Difference.MOVED),
        measured=(0.0, 4.0),
        reason=Reason("c1", "moved", "a drain lies there", "B. Example", "2026-11-20"),
    ),
    ConformityRow("c2", Difference.KEPT),
)
HANDED = DistrictMade("Town", "North", "Approved 2026", "2026-12-01", "0123456789abcdef" * 4)


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"en", "zh_CN"}))
def test_that_a_district_s_deck_says_how_it_stands_to_which_plan_of_the_city_and_why(language):
    order = DraftOrder(conformity=Conformity("Town", "North", "2027-01-15", load_district_rules(), DIFFERING, handed=HANDED))
    deck = compose_plan_deck(a_project(), a_check(), load_translations(language), order)
    slide = opened(deck).slides[2]
    assert slide.shapes.title.text == load_translations(language)("Conformity with the city's plan")
    reported = " ".join(texts(slide))
    reason = f"a drain lies there · B. Example · {long_date('2026-11-20', language)}"
    for fact in ("Approved 2026", long_date("2026-12-01", language), "0123 4567 89ab cdef", reason):
        assert fact in reported.replace("\xa0", " ").replace("\u200b", "")
    assert "4567 89ab cdef 0123" not in reported
    assert len(deck.slides) <= 9


def test_that_a_city_s_deck_has_no_slide_of_conformity():
    titles = [slide.title for slide in compose_plan_deck(a_project(), a_check(), Translations()).slides]
    assert "Conformity with the city's plan" not in titles
    assert "What it costs is to be filled in: the office has not stated the unit prices" in titles
    assert len(titles) <= 8


def test_that_no_mark_of_a_slide_is_cut_where_its_sentence_is_too_long_for_a_line():
    marks = ("ENTWURF, NICHT GENEHMIGT", "Nur für den Dienstgebrauch", "ERFUNDENE / SYNTHETISCHE DATEN")
    own = "Eigene Fassung: Dieses Exemplar des Programms ist keine Veröffentlichung; für seine Daten bürgt niemand. (Own build)"
    deck = replace(compose_audit_deck(a_project(), a_check(), Translations("de")), marks=(*marks, own))
    for slide in build(deck).slides:
        [said] = [shape.text_frame.text for shape in slide.shapes if shape.name == "Marks"]
        assert said == " · ".join((*marks, "Eigene Fassung (Own build)"))
        assert own in slide.notes_slide.notes_text_frame.text


def test_that_a_chart_names_every_bar_and_sets_thousands_apart(plan):
    charts = [shape.chart for slide in plan.slides for shape in slide.shapes if shape.has_chart]
    assert charts
    for chart in charts:
        assert 'tickLblSkip val="1"' in chart._chartSpace.xml
        assert all('"000' in series.data_labels.number_format for series in chart.plots[0].series)


def test_that_letters_of_a_chart_are_as_small_as_its_bars_ask():
    placed = PlacedBlock(Bullets(("",)), Box(1.0, 3.0, 28.0, 6.0))
    # Six tenths of 6 cm are the bars': 0.45 cm for each of eight, 0.36 cm of it letters, which are 10.2 points.
    assert [letters_pt(bars, placed) for bars in (2, 8, 40)] == [14, 10, 8]


def test_that_slides_of_a_plan_without_parts_compare_ground_alone():
    presentation = opened(compose_plan_deck(a_project(), a_check(parts=()), Translations()))
    [compared] = [slide for slide in presentation.slides if "The options compared" in texts(slide)]
    [chart] = [shape.chart for shape in compared.shapes if shape.has_chart]
    assert chart.plots[0].series[0].name == "Ground in view that no part asks for (m², summed)"
