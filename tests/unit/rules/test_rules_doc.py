"""docs/rules.md is what the packs say."""

import importlib.util

from lhasaplan.content import content_folder

ROOT = content_folder("data").parent


def tool():
    spec = importlib.util.spec_from_file_location("make_rules_doc", ROOT / "tools" / "make_rules_doc.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_the_page_is_made_from_the_packs_of_today():
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == tool().page(), "run python tools/make_rules_doc.py"


def test_that_what_is_unsure_is_printed_as_to_be_confirmed():
    page = tool().page()
    assert "| LO 7/2021 art. 18 | to be confirmed |" in page
    assert "| U |" not in page
