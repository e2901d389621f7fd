"""Every sentence of the rules is there in every language, with the same gaps to fill."""

import ast
from string import Formatter

import pytest

from lhasaplan.content import content_folder
from lhasaplan.io.content.catalogue import load_wording

PACKAGE = content_folder("data").parent / "lhasaplan"
MODULES = (
    "core/gate/decide",
    "core/gate/plan_area",
    "core/rules/mandate_check",
    "core/gate/planning_ground",
    "io/content/packs",
    "io/content/pack_model",
    "io/parse/toml_file",
    "io/parse/validation",
    "io/content/mandate",
)


def sentences():
    for name in MODULES:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "marked":
                yield node.args[0].value


def gaps(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("language", ["zh_CN", "fr"])
def test_that_every_sentence_is_translated_with_its_gaps(language):
    catalogue = load_wording(language).catalogue
    assert [text for text in sentences() if gaps(catalogue.get(text, "{?}")) != gaps(text)] == []
