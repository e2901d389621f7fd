"""Every sentence about protected places and parts is there in Chinese and French, with the same parameters."""

import ast
import re
from pathlib import Path

import pytest

import lhasaplan
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.io.content.catalogue import load_translations

MODULES = ("protection/minimum", "demand/guard", "demand/part_builders", "demand/neighbourhood")


def sentences():
    for name in MODULES:
        source = (Path(lhasaplan.__file__).parent / "core" / f"{name}.py").read_text(encoding="utf-8")
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "marked":
                yield ast.literal_eval(call.args[0])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_is_translated_with_its_parameters(language):
    catalogue = load_translations(language).catalogue
    found = sorted(set(sentences()))
    assert len(found) > 15
    for sentence in found:
        assert sorted(re.findall(r"\{\w+\}", catalogue.get(sentence, ""))) == sorted(re.findall(r"\{\w+\}", sentence)), sentence
        assert catalogue[sentence] != sentence
