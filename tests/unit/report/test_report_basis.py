"""An audit's answers and a check's are never called the same, and each output says which it is; a number is rounded once."""

import json
import re
from dataclasses import replace
from itertools import product

import docx
import openpyxl
import pptx
import pyogrio
import pytest
from amounts import some_by_day
from assessment_values import assessment_json
from hypothesis import given
from hypothesis import strategies as st
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.chapters.audit_chapters import totals
from lhasaplan.report.chapters.draft_facts import facts_of
from lhasaplan.report.chapters.impact_answers import unasked_text
from lhasaplan.report.documents.council_summary import compose_summary
from lhasaplan.report.facts.basis import NAMES, OF_CHECK, STATED, basis_of, worded
from lhasaplan.report.facts.summary import line_text, summarise
from lhasaplan.report.facts.tables import summary_table
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import page
from lhasaplan.report.formats.pptx import write_pptx
from lhasaplan.report.formats.register import write_register
from lhasaplan.report.formats.xlsx import write_xlsx
from lhasaplan.report.slides.deck_chapters import ground_blocks
from lhasaplan.report.text.finding_words import ground_words

AREAS = st.floats(0.0, 5e6, allow_nan=False)


# By day both kinds and the language without spaces: the words go one way, and the next test holds them in every language.
DAILY = {("check", "en"), ("audit", "zh_CN")}


@pytest.mark.parametrize("reported", some_by_day(product(("audit", "check"), LANGUAGES), DAILY), ids=str)
def test_that_each_output_says_whether_an_audit_or_a_check_gave_it(reported, tmp_path, monkeypatch):
    kind, language = reported
    assessment = {"audit": an_assessment, "check": a_check}[kind]()
    monkeypatch.setattr("lhasaplan.report.chapters.camera_chapter.camera_map", lambda *_, **__: None)  # no words stand in maps
    for module in ("chapters.audit_chapters", "slides.deck_chapters"):
        monkeypatch.setattr(f"lhasaplan.report.{module}.overview_map", lambda *_, **__: None)
    translations, project = load_translations(language), a_project()
    name, stated = translations(NAMES[kind]), translations(STATED[kind])
    for write in (write_docx, write_xlsx, write_pptx, write_gpkg, write_register):
        write(project, assessment, tmp_path, translations)
    assert assessment_json(assessment)["answers"] == kind
    assert json.loads((tmp_path / "register.json").read_text("utf-8"))["answers"] == kind
    word = docx.Document(tmp_path / "audit.docx")
    assert any(stated in one.text.replace("\xa0", " ") for one in word.paragraphs)
    assert name in {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert all(name in sheet.oddHeader.left.text for sheet in openpyxl.load_workbook(tmp_path / "audit.xlsx"))
    front = pptx.Presentation(tmp_path / "audit.pptx").slides[0]
    assert name in {cell.text for one in front.shapes if one.has_table for row in one.table.rows for cell in row.cells}
    facts = pyogrio.read_dataframe(tmp_path / "audit.gpkg", layer="metadata")
    assert dict(zip(facts.key, facts.value, strict=True))["answers"] == kind
    text = page(project, assessment, translations)
    assert stated.replace("'", "&#x27;") in text


def test_that_no_word_for_ground_is_an_audits_and_a_checks_as_well():
    assert not set(OF_CHECK) & set(OF_CHECK.values())
    for language in LANGUAGES:
        translations = load_translations(language)
        alike = {said for said, instead in OF_CHECK.items() if translations(said) == translations(instead)}
        assert not alike
        check = worded(translations, a_check())
        assert all(check(said) == translations(instead) for said, instead in OF_CHECK.items())
        assert worded(translations, an_assessment()) is translations


def test_that_a_check_never_says_with_no_purpose_stated_in_its_tables(tmp_path):
    write_docx(a_project(), a_check(), tmp_path, Translations())
    for name in ("audit", "plan"):
        tables = docx.Document(tmp_path / f"{name}.docx").tables
        cells = {cell.text for table in tables for row in table.rows for cell in row.cells}
        assert not [text for text in cells if re.search(r"no purpose (is )?stated", text)]


def ground_of(seen, unasked):
    """Return an assessment with these sums; of the streets too."""
    sums = {"area_seen_certain_m2": seen, "unasked_certain_m2": unasked, "area_seen_possible_m2": seen}
    return an_assessment(
        totals={**an_assessment().totals, **sums, "unasked_possible_m2": unasked, "streets_seen_certain_m": seen}
    )


def number(text):
    return float(re.sub(r"[^\d.]", "", text.split(" m")[0].replace("%", "")))


@given(AREAS, st.floats(0.0, 1.0))
def test_that_every_printed_figure_is_the_value_rounded_once(seen, share):
    assessment = ground_of(seen, seen * share)
    values = {line.key: float(line.value) for line in summarise(assessment)}
    wanted = {key: f"{value:.0f}" for key, value in values.items()}
    [grid] = totals(facts_of(a_project(), assessment, Translations()))
    shown = [
        value for key, value in wanted.items() if seen > 0 or key == "cameras" or value != "0"
    ]  # no zeros of what is certain
    assert [f"{number(row[1]):.0f}" for row in grid.rows] == shown
    rows = summary_table(assessment, Translations()).rows
    assert {key: float(value) for _, value, _, key in rows} == {
        line.key: float(f"{line.value:.{line.digits}f}") for line in summarise(assessment)
    }
    slide, *_ = ground_blocks(facts_of(a_project(), assessment, Translations()))
    for row, kind in zip(slide.rows, ("certain", "possible"), strict=True):
        assert number(row[1]) == float(wanted[f"area_seen_{kind}_m2"])
        assert number(row[2]) == float(wanted[f"unasked_{kind}_m2"])
        assert row[3] == wanted.get(f"unasked_{kind}_percent", "–")
    reported = compose_summary(a_project(), assessment, Translations()).text() if seen > 4e6 else ""
    unasked = next(one for one in summarise(assessment) if one.key == "unasked_certain_m2")
    assert not reported or line_text(unasked, Translations()).removesuffix(" m²") in reported


def test_that_a_share_of_68_517_percent_is_69_and_never_68():
    # Rounded to 68.5 first, and from there to the even 68, as it was.
    assessment = ground_of(100_000.0, 68_517.0)
    [grid] = totals(facts_of(a_project(), assessment, Translations()))
    assert dict(grid.rows)["Share of the certain ground with no purpose stated"] == "69 %"
    slide, *_ = ground_blocks(facts_of(a_project(), assessment, Translations()))
    assert slide.rows[0][3] == "69"


def test_that_the_basis_is_told_by_the_parts_alone():
    assert (basis_of(an_assessment()), basis_of(a_check()), basis_of(replace(a_check(), parts=()))) == ("audit", "check", "check")


def test_that_ground_that_is_partly_asked_for_is_not_said_to_be_asked_for_by_nobody_though_it_rounds_alike():
    facts = facts_of(a_project(), a_check(), Translations())
    whole = [replace(each, area_m2=1250.4, unasked_m2=1250.4) for each in facts.standing[:1]]
    part = [replace(whole[0], unasked_m2=1249.6)]
    said = [unasked_text(replace(facts, assessment=replace(facts.assessment, cameras=tuple(each)))) for each in (whole, part)]
    assert ["any of it" in each for each in said] == [True, False]
    assert ["none of it" in ground_words(*each, Translations()) for each in (whole, part)] == [True, False]
