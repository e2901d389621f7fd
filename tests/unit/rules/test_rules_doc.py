"""Pages and tables of docs that tools make are those of the packs, the corpus and the camera fields of today."""

import importlib.util

from lhasaplan.content import content_folder

ROOT = content_folder("data").parent


def tool(name="make_rules_doc"):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_the_page_is_made_from_the_packs_of_today():
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == tool().page(), "run python tools/make_rules_doc.py"


def test_that_what_is_unsure_is_printed_as_to_be_confirmed():
    page = tool().page()
    assert "*LO 7/2021 art. 18* (to be confirmed):" in page
    assert "(U)" not in page


def test_that_every_article_of_every_pack_is_on_the_page_with_its_mark_and_rule():
    made = tool()
    page = made.page()
    packs = made.load_packs(made.pack_files())
    articles = [article for pack in packs for article in pack.articles]
    assert len(articles) > 100
    assert [a.number for a in articles if f"{made.marked(a)}: " not in page] == []
    assert [a.number for a in articles if made.cell(a.term["en"]) not in page and a.term["en"] not in page] == []


def test_that_the_page_of_odd_files_is_made_from_the_corpus_of_today():
    written = (ROOT / "docs" / "reading-odd-files.md").read_text(encoding="utf-8")
    assert written == tool("make_corpus_doc").page(), "run python tools/make_corpus_doc.py"


def test_that_the_tables_of_camera_fields_are_made_from_the_table_of_today():
    made = tool("make_fields_doc")
    assert [path.name for path in made.PAGES if path.read_text("utf-8") != made.page(path)] == [], "run tools/make_fields_doc.py"
