"""Every sentence of the drafts has its Chinese and its French, with the same places to fill."""

import ast
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


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_is_translated_and_none_is_left_over(language):
    assert _templates() - set(_everything(language)) == set()
    assert set(_catalogue(language)) - _templates() == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_translations_fill_the_same_places(language):
    assert [english for english, text in _catalogue(language).items() if _fields(english) != _fields(text)] == []


def test_that_every_field_that_is_asked_for_has_a_word():
    assert QUESTIONS.keys() <= FIELDS.keys()
