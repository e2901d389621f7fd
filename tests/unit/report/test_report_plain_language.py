"""Phrases that readers stumbled over do not come back, in any language."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from measure_language import LANGUAGES, measured


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_no_banned_phrase_stands_in_any_text_of_a_language(language):
    found = measured(language)
    assert found.texts > 2000  # nobody looked at an empty folder
    assert found.banned == ()
