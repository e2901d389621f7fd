"""Every sentence of the rules is there in every language, with the same gaps to fill."""

import ast
import tomllib
from string import Formatter

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.io.content.catalogue import load_translations

ROOT = content_folder("data").parent
PACKAGE = ROOT / "lhasaplan"
MODULES = (
    "core/gate/decide",
    "core/gate/planning_ground",
    "core/rules/pack",
    "core/gate/planning_ground",
    "io/content/packs",
    "io/content/packs",
    "io/parse/toml_file",
    "io/parse/validation",
    "io/content/packs",
)


def sentences():
    for name in MODULES:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "marked":
                yield node.args[0].value


def gaps(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_is_translated_with_its_gaps(language):
    catalogue = load_translations(language).catalogue
    assert [text for text in sentences() if gaps(catalogue.get(text, "{?}")) != gaps(text)] == []


def test_that_what_is_shipped_has_a_german_term_wherever_it_has_a_french_one():
    folders = (ROOT / "data" / "rules", ROOT / "data" / "samples", ROOT / "layers" / "specs")
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.toml"))]
    terms = [term for text in texts for term in _terms(tomllib.loads(text))]
    assert len(terms) > 200
    assert [term["en"] for term in terms if not term.get("de")] == []


def _terms(value):
    """Yield the tables with one text in English and French, wherever they stand."""
    if isinstance(value, dict) and isinstance(value.get("en"), str) and isinstance(value.get("fr"), str):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _terms(child)
