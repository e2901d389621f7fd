"""The line of drafts: what stands together in it, and how the share that is told grows while two processes take from its ends."""

import sys
import time
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest
from amounts import some_by_day
from report_factory import a_check, a_project

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import process_copies
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.file_kinds import DRAFT_FORMATS
from lhasaplan.io.content.papers import load_dossiers
from lhasaplan.ports import DraftOrder
from lhasaplan.report.maps import base_map
from lhasaplan.workflow import drafting
from lhasaplan.workflow.drafting import _in_line, export, export_shown

FORMATS = ("xlsx", "docx", "pdf", "html", "pptx", "geojson")


def services_that_write(seconds_by_format, formats=FORMATS):
    """Return the real services with writers that last so long, and write a file of their name."""

    def writer(name):
        def write(_project, _assessment, folder, *_values):
            time.sleep(seconds_by_format.get(name, 0.0))
            (folder / name).write_text(name, "utf-8")
            return (folder / name,)

        return write

    return replace(open_services(), writers={name: writer(name) for name in formats})


COPIED = pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied"))


@pytest.mark.parametrize("is_copied", [False, COPIED])
@pytest.mark.parametrize("slow", ["pdf", "xlsx"])
def test_that_the_share_never_falls_and_is_never_more_than_the_whole(is_copied, slow, tmp_path, monkeypatch):
    monkeypatch.setattr(process_copies, "can_copy", lambda: is_copied)
    told = []
    files = export_shown(
        services_that_write({slow: 0.3}),
        a_project(),
        a_check(),
        FORMATS,
        tmp_path,
        language="en",
        progress=lambda share, _step: told.append(share),
    )
    assert [path.name for path in files] == list(FORMATS)
    assert all(before <= after + 1e-9 for before, after in pairwise(told)), told
    assert told[-1] < 1.0, "the last format is told of when it is written, not before"


@pytest.mark.parametrize(
    ("formats", "is_asked"),
    [(("docx", "pptx"), True), (("gpkg", "letter"), True), (("docx", "pdf", "xlsx"), False), (("xlsx", "register"), False)],
)
def test_that_maps_are_prepared_where_both_processes_may_draw_some(formats, is_asked, tmp_path):
    asked = []
    drafts = SimpleNamespace(prepare_maps=lambda *_values: asked.append(formats))
    services = replace(services_that_write({}, formats), drafts=drafts)
    export_shown(services, a_project(), a_check(), formats, tmp_path, language="en")
    assert asked == [formats] * is_asked


# By day those that draw none, and some that are quickly written.
DAILY = {"xlsx", "minutes", "register", "questionnaire", "masks", "gpkg", "letter", "html"}


@pytest.mark.parametrize("draft_format", some_by_day(DRAFT_FORMATS, [each for each in DRAFT_FORMATS if each.key in DAILY]))
def test_that_a_format_has_maps_if_its_writer_asks_what_maps_draw_of_cameras(draft_format, tmp_path, monkeypatch):
    drawn = {}
    monkeypatch.setattr(base_map, "_drawn", drawn)
    order = DraftOrder(dossiers=tuple(load_dossiers()), audited_on="2026-12-02")
    open_services().writers[draft_format.key](a_project(), a_check(), tmp_path, Translations(), order)
    assert bool(drawn) is draft_format.has_maps


def test_that_the_share_never_falls_where_options_were_looked_for_and_none_found(tmp_path, monkeypatch):
    def none_found(_services, _project, _assessment, _prices, progress, *, private):
        progress(0.5, "options")
        return ()

    told = []
    monkeypatch.setattr(drafting, "plan_options", none_found)
    monkeypatch.setattr(process_copies, "can_copy", lambda: False)
    services = services_that_write({})
    export(services, a_project(), a_check(), ("docx",), tmp_path, language="en", progress=lambda share, _step: told.append(share))
    assert told == sorted(told)
    assert told[0] == told[-1] == 0.15, "half of three tenths; the one format is told of before it is written"


def test_that_reports_of_the_same_chapters_stand_together_and_each_format_once():
    line = _in_line(["register", "html", "letter", "pdf", "pptx", "docx", "new"])
    assert list(line.items()) == [
        ("docx", ("docx", "pdf", "html")),
        ("pptx", ("pptx",)),
        ("register", ("register",)),
        ("new", ("new",)),
        ("letter", ("letter",)),
    ]
    assert _in_line(["pdf", "xlsx"]) == {"pdf": ("pdf",), "xlsx": ("xlsx",)}
