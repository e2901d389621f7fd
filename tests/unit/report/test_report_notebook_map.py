"""The map of a notebook: every text of the data is text, nothing is loaded from a network, and nothing withheld is on it."""

import html
import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from report_factory import a_check, a_project, an_assessment
from test_report_hostile_pages import opened
from test_report_hostile_text import PAYLOADS, hostile_city

from lhasaplan.api.answers import Answer
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.spelling import printable
from lhasaplan.errors import GateError, InputError
from lhasaplan.workflow import shown

LAYERS = ("fields", "seen_frontage", "findings", "parts", "gaps", "overlaps", "service", "cameras")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.attributes = [], set()

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.attributes |= {name for name, _ in attrs}


def tags_of(text):
    read = Tags()
    read.feed(text)
    return read


def an_answer(project, assessment):
    services = open_services()
    project, assessment = shown(services, project, assessment, False)
    return Answer(assessment, project, services)


def page_of(answer, layers=LAYERS, **more):
    return answer.explore(layers, **more).get_root().render()


def features_of(page):
    """Return what the data of all layers say, as the page's script reads them."""
    found = [each for data in re.findall(r"_add\((\{.*?\})\);\n", page) for each in json.loads(data)["features"]]
    for each in found:
        each["properties"]["lines"] = [unquote(line) for line in each["properties"]["lines"]]
    return found


@pytest.fixture(scope="module")
def hostile():
    project, assessment, give = hostile_city(*PAYLOADS)
    return an_answer(project, assessment), give


@pytest.fixture(scope="module")
def pages(hostile):
    return page_of(hostile[0]), page_of(an_answer(a_project(), a_check(synthetic=True)))


def test_that_hostile_texts_make_no_element_and_no_attribute(pages):
    bad, good = map(tags_of, pages)
    assert bad.found == good.found
    assert bad.attributes == good.attributes


def test_that_nothing_of_a_text_is_reckoned_as_a_template(pages):
    page = pages[0]
    assert "49 seven" not in page
    said = [line for each in features_of(page) for line in each["properties"]["lines"]]
    assert any("{{7*7}} seven" in line for line in said)
    assert any("${7*7}" in line for line in said)


def test_that_every_name_of_a_camera_comes_back_as_it_was(hostile, pages):
    answer, _ = hostile
    said = {line for each in features_of(pages[0]) for line in each["properties"]["lines"]}
    assert {f"name: {name}" for name in answer.cameras["name"]} <= said
    names = " ".join(answer.cameras["name"])
    assert names == printable(names)


def test_that_a_page_loads_nothing_from_a_network_until_somebody_names_tiles(pages):
    good = pages[1]
    loaded = re.findall(r'(?:src|href)="([^"]*)"', good)
    assert {each.partition(":")[0] for each in loaded} == {"data"}
    assert "://" not in re.sub(r"data:[^\"]*", "", good)
    tiles = page_of(an_answer(a_project(), a_check()), ("cameras",), tiles="https://a.example/{z}/{x}/{y}.png", attribution="A")
    assert "https://a.example/{z}/{x}/{y}.png" in tiles


def test_that_tiles_need_a_credit_which_is_text():
    answer = an_answer(a_project(), a_check())
    with pytest.raises(InputError, match="say whom to credit"):
        answer.explore(tiles="tiles/{z}/{x}/{y}.png")
    page = page_of(answer, ("cameras",), tiles="t/{z}/{x}/{y}.png", attribution="</script><script>{{7*7}}'\"")
    assert tags_of(page).found.count("script") == tags_of(page_of(answer, ("cameras",))).found.count("script")
    assert "49" not in re.findall(r'"attribution": (.*)', page)[0]
    with pytest.raises(InputError, match="no address of tiles"):
        answer.explore(tiles="{{7*7}}/{z}", attribution="A")


def test_that_a_coarse_answer_has_no_fields_and_coarse_places_on_the_map():
    answer = an_answer(a_project(), an_assessment(public_precision_deg=0.01))
    found = features_of(page_of(answer, ("fields", "seen_frontage", "cameras")))
    assert len(found) == len(answer.cameras)
    for each in found:
        assert [round(number, 2) for number in each["geometry"]["coordinates"]] == each["geometry"]["coordinates"]


def test_that_frames_have_names_and_are_refused_as_tables_are():
    answer = an_answer(a_project(), a_check())
    assert len(answer.cameras) == len(a_check().cameras)
    assert len(answer.parts) == len(a_check().parts)
    assert list(answer.areas.columns)[:2] == ["area_id", "name"]
    audit = an_answer(a_project(), an_assessment())
    with pytest.raises(GateError):
        audit.explore(("parts",))
    with pytest.raises(InputError, match="is not a table of"):
        audit.explore(("places",))
    with pytest.raises(InputError, match="ask for its streets anew"):
        audit.streets  # noqa: B018 - worked out when it is asked for


def test_that_an_answer_shows_itself_as_a_table_of_text(hostile):
    answer, _ = hostile
    read = tags_of(answer._repr_html_())
    assert set(read.found) == {"table", "caption", "tr", "td"}
    assert not read.attributes
    assert html.escape(answer.project.name) in answer._repr_html_()


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_that_a_browser_draws_the_map_and_runs_no_text(hostile, tmp_path):
    path = tmp_path / "map.html"
    hostile[0].explore(LAYERS).save(str(path))
    dom = opened(path, tmp_path / "profile")
    assert "<title>ran</title>" not in dom
    assert dom.count("leaflet-interactive") > 5
    assert dom.count("leaflet-control-layers-selector") == len(LAYERS)
    assert "onerror" not in tags_of(dom).attributes
