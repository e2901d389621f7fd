"""Every sentence of the drafts has its Chinese and its French, with the same places to fill."""

import ast
import re
import string
import tomllib

import pytest
from sources import ROOT

from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.findings.sentences import QUESTIONS
from lhasaplan.report.text.words import FIELDS


def _templates():
    found = set()
    core = ROOT / "lhasaplan" / "core"
    shown = core / "model" / "camera_fields.py", core / "findings" / "sentences.py"  # their words are in drafts
    for path in (*shown, *sorted((ROOT / "lhasaplan" / "report").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("marked", "translations") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def _catalogue(language, names=("report", "papers", "slides")):
    folder = ROOT / "reports" / "translations" / language
    return {k: v for name in names for k, v in tomllib.loads((folder / f"{name}.toml").read_text("utf-8")).items()}


def _everything(language):
    folder = ROOT / "reports" / "translations" / language
    return _catalogue(language, [path.stem for path in folder.glob("*.toml")])


def _fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


# A word that bears a claim: what a table of limits covers, whom ground serves, what is only possible. Every language keeps it.
KEPT = (
    (r"within the limits|that the limits", {"fr": "limites", "de": "Grenzen", "zh_CN": "限度"}),
    (r"nobody ask", {"fr": "personne", "de": "niemand", "zh_CN": "无人"}),
    (r"may be able to see", {"fr": "pourr|peu(?:t|vent) (?:les )?voir", "de": "möglicherweise|könn|kann", "zh_CN": "可能"}),
)


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize(("english", "kept"), KEPT)
def test_that_no_translation_claims_more_than_the_english(language, english, kept):
    meant = {key: text for key, text in _everything(language).items() if re.search(english, key)}
    assert meant
    assert {key: text for key, text in meant.items() if not re.search(kept[language], text)} == {}


def test_that_no_finding_is_never_said_as_no_problem():
    chinese = _everything("zh_CN")
    assert [key for key in ("The audit has no finding on this.", "Nothing was found.") if "问题" in chinese[key]] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_is_translated_and_none_is_left_over(language):
    assert _templates() - set(_everything(language)) == set()
    assert set(_catalogue(language)) - _templates() == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_translations_fill_the_same_places(language):
    assert [english for english, text in _catalogue(language).items() if _fields(english) != _fields(text)] == []


def test_that_every_field_that_is_asked_for_has_a_word():
    assert QUESTIONS.keys() <= FIELDS.keys()
