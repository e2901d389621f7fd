"""Web pages of a hostile city in a real browser: the map works, no text of the data runs, nothing runs off the page."""

import re
import shutil
import subprocess

import pytest
from test_report_hostile_text import LONG, PAYLOADS, hostile_city

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services

BROWSER = shutil.which("chromium")
pytestmark = [pytest.mark.nightly, pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")]
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--virtual-time-budget=4000")
MEASURE = """<script>window.onload = function () {
  document.title = "wide " + document.documentElement.scrollWidth + " of " + window.innerWidth; };</script>"""


def opened(path, profile, width=1200):
    """Return the page as the browser has it after its scripts ran."""
    words = [BROWSER, *QUIET, f"--user-data-dir={profile}", f"--window-size={width},900", "--dump-dom", path.as_uri()]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout


def without_policy(path):
    """Return a copy of a page that would run whatever got into it."""
    bare = path.with_name(f"bare-{path.name}")
    bare.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text("utf-8")), "utf-8")
    return bare


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the folders of pages with hostile and with long texts."""
    folders = {}
    for name, texts in (("hostile", PAYLOADS), ("long", (LONG,))):
        folders[name] = tmp_path_factory.mktemp(name)
        workflow.export(open_services(), *hostile_city(*texts)[:2], ("html", "pages", "summary"), folders[name], language="en")
    return folders


@pytest.mark.parametrize("name", ["map", "audit", "plan", "camera-pages", "council-summary"])
@pytest.mark.parametrize("has_policy", [True, False])
def test_that_no_text_of_the_data_runs_with_the_policy_or_without(pages, tmp_path, name, has_policy):
    path = pages["hostile"] / f"{name}.html"
    dom = opened(path if has_policy else without_policy(path), tmp_path)
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)[1]
    assert title != "ran"
    assert "{{7*7}} seven" in title
    if name == "map":
        assert dom.count("leaflet-control-layers-selector") >= 8
        assert "leaflet-control-scale-line" in dom


@pytest.mark.parametrize("name", ["map", "audit", "plan", "camera-pages", "council-summary"])
@pytest.mark.parametrize("width", [1200, 600])
def test_that_nothing_runs_off_a_page(pages, tmp_path, name, width):
    bare = without_policy(pages["long"] / f"{name}.html")
    bare.write_text(bare.read_text("utf-8").replace("</body>", f"{MEASURE}</body>"), "utf-8")
    wide, room = map(int, re.search(r"<title>wide (\d+) of (\d+)</title>", opened(bare, tmp_path, width)).groups())
    assert wide <= room
