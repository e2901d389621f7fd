"""The drafts as web pages: the words of the Word file, escaped, readable without sight, nothing fetched, marked on each page."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from report_factory import EVIL, a_check, a_project, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.documents.camera_pages import compose_camera_pages
from lhasaplan.report.documents.council_summary import compose_summary
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.web_page import POLICY, build
from lhasaplan.report.text.document import Document, Figure, Grid, Heading

VOID = {"meta", "img", "col"}


class Reader(HTMLParser):
    """Reads a page as a browser does: tags that close in their order, and the words between them."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def drafts(language="en", **changes):
    words = Translations(language)
    whole = a_check(**changes)
    yield compose_audit(a_project(), whole, words)
    yield compose_plan(a_project(), whole, words)
    yield compose_camera_pages(a_project(), whole, words)
    yield compose_summary(a_project(), whole, words)


@pytest.fixture(scope="module", params=range(4), ids=["audit", "plan", "camera-pages", "summary"])
def draft(request):
    return list(drafts(synthetic=True))[request.param]


@pytest.fixture(scope="module")
def page(draft):
    return Reader(build(draft, Translations()))


def test_that_every_word_of_the_draft_stands_on_the_page(draft, page):
    said = {text.replace("\xa0", " ") for text in page.words}
    running = "".join(page.words).replace("\xa0", " ")  # a reference is a link inside its sentence
    for line in draft.text().splitlines():
        for piece in filter(None, line.replace("\xa0", " ").split(" | ")):
            assert piece in said or any(piece in one for one in said) or piece in running, piece


def test_that_every_tag_is_closed(page):
    assert page.open == []


def test_that_no_heading_leaves_out_a_level_and_the_title_alone_is_the_first(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_that_heads_say_what_they_head_and_pictures_have_words(page):
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    assert page.all("img")
    assert all(len(picture["alt"]) > 10 for picture in page.all("img"))


def test_that_links_of_the_contents_lead_somewhere(page):
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {link["href"].removeprefix("#") for link in page.all("a")} <= ids


def test_that_nothing_is_fetched_and_nothing_runs(draft):
    text = build(draft, Translations())
    assert f'content="{POLICY}"' in text
    assert POLICY.startswith("default-src 'none'")
    assert "script-src" not in POLICY
    assert not Reader(text).all("script")
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text[: text.index("<main>")])


def test_that_text_of_the_data_stays_text():
    grid, figure = Grid((EVIL,), ((EVIL,),), (1,), EVIL), Figure(b"", EVIL, 1.0, '" onload="x')
    text = build(Document(EVIL, EVIL, "en", (EVIL,), (Heading(EVIL), grid, figure), EVIL), Translations())
    assert "<script" not in text
    assert Reader(text).all("img")[0]["alt"] == '" onload="x'


def test_that_a_printed_page_carries_the_banner_in_the_margin():
    text = build(next(drafts(synthetic=True)), Translations())
    assert "FICTITIOUS / SYNTHETIC DATA" in Reader(text).words
    printed = text[text.index("@media print") : text.index("</style>")]
    assert re.search(r"\.banner \{ position: fixed", printed)
    assert 'class="banner"' not in build(next(drafts(synthetic=False)), Translations())


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("fr", "fr"), ("zh_CN", "zh-Hans"), ("de", "de")])
def test_that_the_page_says_its_language(language, tag):
    assert Reader(build(next(drafts(language)), Translations(language))).all("html") == [{"lang": tag}]


def test_that_a_plan_is_written_only_behind_the_gate(tmp_path):
    audited = write_html(a_project(), an_assessment(), tmp_path / "a", Translations())
    checked = write_html(a_project(), a_check(), tmp_path / "b", Translations())
    assert [path.name for path in audited] == ["audit.html", "map.html"]
    assert [path.name for path in checked] == ["audit.html", "plan.html", "map.html"]


def test_that_the_same_draft_gives_the_same_page():
    one, two = (build(next(drafts()), Translations()) for _ in range(2))
    assert one == two
