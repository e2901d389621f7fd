"""Numbers in a reader's language, and densities that say no more than they mean."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest
from amounts import some_by_day
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import Column
from lhasaplan.report.text.document import Figure, Grid
from lhasaplan.report.text.numerals import density_text, number_text, short_number
from lhasaplan.report.text.style import long_date

FRENCH = Translations("fr", {".": ","})


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(80.46, 80.46, "80"), (30.0, 180.0, "30–180"), (999.6, 1000.0, "1000"), (31.2, 48211.0, "31 to over 1000")],
)
def test_that_a_density_beyond_a_thousand_is_only_said_to_be_more(low, high, text):
    assert density_text(low, high, Translations()) == text


def test_that_an_interval_from_nothing_says_how_much_it_is_at_most():
    # One end of an assumption shows nothing: "0-48" reads as if nothing were 0 px/m sharp.
    assert density_text(0.0, 48.0, Translations()) == "up to 48"
    assert density_text(0.0, 1400.0, Translations()) == "up to over 1000"
    assert density_text(0.0, 0.0, Translations()) == "0"


def test_that_two_ends_beyond_a_thousand_are_one():
    assert density_text(1400.0, 48211.0, Translations()) == "over 1000"


def test_that_french_text_has_a_decimal_comma_in_every_kind_of_number():
    assert number_text(62.5, FRENCH, 1) == "62,5"
    assert number_text(2892.0, FRENCH) == FRENCH.number(2892.4) == "2 892"
    assert short_number(40.0, FRENCH) == "40"
    assert Column("share", "Share", digits=3).text(0.857, FRENCH) == "0,857"
    assert words.value_text((12.5, 40.0), FRENCH) == "12,5–40"


def test_that_a_sentence_and_a_table_cap_a_density_and_the_finding_keeps_it():
    finding = an_assessment().findings[1]
    row = {**finding.params["sharpest"][0], "density_px_m": (48211.4, 48211.4)}
    finding = replace(finding, measured=48211.4, params={**finding.params, "sharpest": (row,)})
    assert "at over 1000 px/m" in finding_words.sentence(finding, Translations())
    assert Column("best", "Best", "px/m", 1).text(48211.4, Translations()) == "over 1000"
    assert finding.measured == 48211.4


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "1 May 2026", "31 December 2026"),
        ("de", "1. Mai 2026", "31. Dezember 2026"),
        ("fr", "1er mai 2026", "31 décembre 2026"),
        ("zh_CN", "2026年5月1日", "2026年12月31日"),
    ],
)
def test_that_a_letter_writes_a_day_as_its_language_does(language, first, last):
    assert (long_date("2026-05-01", language), long_date("2026-12-31", language)) == (first, last)
    assert long_date("spring of 2026", language) == "spring of 2026"


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"de", "zh_CN"}))
def test_that_drafts_write_days_as_their_language_does_and_only_lists_of_files_as_computers_do(language, monkeypatch):
    monkeypatch.setattr("lhasaplan.report.chapters.audit_chapters.overview_map", lambda *_, **__: None)
    translations, order, written = load_translations(language), DraftOrder(date="2026-11-27"), set()
    for compose in (compose_audit, compose_plan):
        for block in compose(a_project(), a_check(), translations, order).blocks:
            if not isinstance(block, Grid) or translations("SHA-256") not in block.headings:
                written |= set(_strings(block))
    for deck in (compose_audit_deck, compose_plan_deck):
        composed = deck(a_project(), a_check(), translations, order)
        for slide in (*composed.slides, *composed.appendix):
            written |= {text for block in slide.blocks for text in _strings(block)}
    assert [text for text in written if re.search(r"\d{4}-\d\d-\d\d", text)] == []
    assert any(long_date("2024-05-01", language) in text for text in written)


def _strings(value):
    """Give every text of a block, however deep, but of its pictures."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _strings(each)
    elif is_dataclass(value) and not isinstance(value, Figure):
        yield from _strings(tuple(getattr(value, field.name) for field in fields(value)))
