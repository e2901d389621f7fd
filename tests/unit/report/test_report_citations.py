"""Every number of a shipped pack or paper is cited as lawyers of each language cite it."""

import re
import tomllib
from pathlib import Path

import pytest

from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.report.text import finding_words
from lhasaplan.report.text.style import cited, load_citations

DATA = Path(__file__).resolve().parents[3] / "data"
NO_CITATION = re.compile(  # names that are the same in every language, and those that packs word themselves
    r"Policy \d.*|Cerfa .*|Videoprotection perimeter|Traffic cameras|DPIA .*|Passport to Compliance|ICO video .*|Yearly review"
)
PATTERNS = {
    ("GDPR", "en"): r"Articles? \d+(\(\d+\))?(\([a-z]\))?(, \d+(\(\d+\))?(\([a-z]\))?)* GDPR",
    ("GDPR", "de"): r"Art\. \d+( Abs\. \d+)?( lit\. [a-z])?(, (\d+|Abs\. \d+)( lit\. [a-z])?)* DSGVO",
    (
        "GDPR",
        "fr",
    ): r"articles \d+ et \d+ du RGPD|article \d+((,( et)? paragraphe \d+(, point [a-z]\))?)+,)? du RGPD",
    ("GDPR", "zh_CN"): r"《通用数据保护条例》（GDPR）第 \d+ 条.*",
    ("EDPB", "en"): r"EDPB Guidelines 3/2019, paras? \d+(–\d+| ff\.)?|EDPB Guidelines 3/2019, para\. \d+",
    ("EDPB", "de"): r"EDSA-Leitlinien 3/2019, Rn\. \d+(–\d+| ff\.)?",
    ("EDPB", "fr"): r"lignes directrices 3/2019 du CEPD, points? \d+( à \d+| et suivants)?",
    ("EDPB", "zh_CN"): r"EDPB 第 3/2019 号指南第 \d+.* ?段",
}


def _numbers():
    """Return the numbers of all articles of shipped packs, and those that chapters of shipped papers rest on."""
    found = {}
    for path in sorted([*DATA.glob("rules/*.toml"), *DATA.glob("dossiers/*.toml")]):
        content = tomllib.loads(path.read_text("utf-8"))
        found |= dict.fromkeys(article["number"] for article in content.get("articles", []) if "number" in article)
        found |= dict.fromkeys(chapter["rests_on"] for chapter in content.get("chapters", []) if chapter.get("rests_on"))
    return list(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_shipped_number_has_a_citation_in_the_form_of_its_language(language):
    numbers = _numbers()
    assert len(numbers) > 100
    assert [number for number in numbers if not cited(number, language) and not NO_CITATION.fullmatch(number)] == []
    for number in numbers:
        pattern = PATTERNS.get((number.split(" ")[0], language))
        assert pattern is None or re.fullmatch(pattern, cited(number, language)), cited(number, language)


def test_that_citations_read_as_worked_out_by_hand():
    assert cited("GDPR 5(1)(e)", "de") == "Art. 5 Abs. 1 lit. e DSGVO"
    assert cited("EDPB 27", "de") == "EDSA-Leitlinien 3/2019, Rn. 27"
    assert cited("GDPR 5(1)(c)", "fr") == "article 5, paragraphe 1, point c), du RGPD"
    assert cited("GDPR 6(1)(e), 6(3)", "fr") == "article 6, paragraphe 1, point e), et paragraphe 3, du RGPD"
    assert cited("GDPR 35(1), 35(3)(c)", "de") == "Art. 35 Abs. 1, Abs. 3 lit. c DSGVO"
    assert cited("GDPR 28, 32", "fr") == "articles 28 et 32 du RGPD"
    assert cited("L251-4 ff.", "fr") == "articles L. 251-4 et suivants du code de la sécurité intérieure"
    assert cited("L252-6, L252-7", "fr") == "articles L. 252-6 et L. 252-7 du code de la sécurité intérieure"
    assert cited("R252-3 (1); L251-2", "en").count("of the French Internal Security Code") == 2
    assert cited("LO 7/2021 arts. 15 to 17", "de") == "Art. 15–17 der Ley Orgánica 7/2021 (Spanien)"
    assert cited("Art. 5(1)(c)", "de") == ""


def test_that_a_law_a_guideline_a_court_and_a_policy_are_told_apart():
    kinds = {"GDPR 9": "law", "EDPB 27": "guideline", "LG Berlin 67 S 305/17": "court", "Completeness of the file": "policy"}
    sources = load_citations()["sources"]
    assert {number: next(s["kind"] for s in sources if re.fullmatch(s["match"], number)) for number in kinds} == kinds
    assert "policy of this program" in cited("Completeness of the file", "en")
    for number in ("OVG NRW 5 B 137/21, VG Koeln 20 K 6706/20 (assemblies)", "VG Koeln 20 K 6706/20 (parts taken out)"):
        assert "(court)" in cited(number, "en")
        assert "(tribunal)" in cited(number, "fr")


@pytest.mark.parametrize(("language", "said"), [("en", "not upheld"), ("de", "nicht bestätigt"), ("fr", "non confirmée")])
def test_that_a_decision_that_did_not_hold_says_so_wherever_it_is_cited(language, said):
    for number in ("VG Koeln 20 L 2344/20", "VG Koeln 20 L 2344/20 (entrances)"):
        assert said in finding_words.article_text("de-bdsg", number, Translations(language))


def test_that_what_nobody_checked_says_so_beside_its_citation():
    terms = {f"mark:p:GDPR {number}": {"en": mark} for number, mark in (("5(2)", "M"), ("9", "V"), ("36", "U"))}
    reported = [finding_words.article_term(terms, "p", f"GDPR {number}", Translations()) for number in ("5(2)", "9", "36")]
    assert reported == [
        "Article 5(2) GDPR (from memory, not yet checked)",
        "Article 9 GDPR",
        "Article 36 GDPR (to be confirmed)",
    ]


def test_that_a_court_on_dummies_is_no_basis_for_a_lens_that_nobody_recorded():
    german = tomllib.loads((DATA / "rules" / "de-bdsg.toml").read_text("utf-8"))
    (berlin,) = [article for article in german["articles"] if article["number"].startswith("LG Berlin")]
    assert berlin["findings"] == ["pan_tilt"]
