"""The line of drafts: what stands together in it, and how the share that is told grows while two processes take from its ends."""

import sys
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from report_factory import a_check, a_project

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import process_copies
from lhasaplan.workflow import drafting
from lhasaplan.workflow.drafting import _in_line, export, export_shown

FORMATS = ("xlsx", "docx", "pdf", "html", "pptx", "geojson")


def services_that_write(seconds_by_format):
    """Return the real services with writers that last so long, and write a file of their name."""

    def writer(name):
        def write(_project, _assessment, folder, *_values):
            time.sleep(seconds_by_format.get(name, 0.0))
            (folder / name).write_text(name, "utf-8")
            return (folder / name,)

        return write

    return replace(open_services(), writers={name: writer(name) for name in FORMATS})


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
