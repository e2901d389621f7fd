"""A file is written whole or not at all."""

import errno
from dataclasses import replace

import pytest
from amounts import some_by_day
from pyogrio.errors import DataSourceError
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.pptx import write_pptx
from lhasaplan.report.formats.xlsx import write_xlsx
from lhasaplan.report.text.document import Remembered
from lhasaplan.report.text.output_files import replacing


def test_that_a_failed_draft_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "audit.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _fail_half_way(path):
    with replacing(path) as draft:
        draft.write_text("half")
        raise RuntimeError


def test_that_a_draft_that_a_full_disk_stops_is_named_and_not_its_temporary_file(tmp_path):
    with pytest.raises(OSError, match="No space left") as stopped, replacing(tmp_path / "audit.txt"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert stopped.value.filename == str(tmp_path / "audit.txt")


def test_that_what_gdal_cannot_write_is_told_of_the_file(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise DataSourceError("database or disk is full")

    monkeypatch.setattr("pyogrio.write_dataframe", full)
    with pytest.raises(OSError, match="disk is full") as stopped:
        write_gpkg(a_project(), a_check(), tmp_path, Translations())
    assert stopped.value.filename == str(tmp_path / "audit.gpkg")
    assert not list(tmp_path.iterdir())


def test_that_a_finished_draft_takes_the_place(tmp_path):
    path = tmp_path / "new" / "audit.txt"
    with replacing(path) as draft:
        draft.write_text("whole")
    assert path.read_text() == "whole"


# A check has all that an audit has and a plan: by day it in Word and the workbook and the audit in the others, all at night.
BOTH = [
    (write, make) for make in (an_assessment, a_check) for write in (write_docx, write_xlsx, write_gpkg, write_html, write_pptx)
]
DAILY = {(write, an_assessment) for write in (write_gpkg, write_html, write_pptx)} | {
    (write_docx, a_check),
    (write_xlsx, a_check),
}


@pytest.mark.parametrize("how", some_by_day(BOTH, DAILY), ids=lambda how: " of ".join(each.__name__ for each in how))
def test_that_the_same_assessment_gives_the_same_bytes(how, tmp_path):
    write, make = how
    drawn_anew = make(cameras=tuple(map(replace, make().cameras)))
    first = [path.read_bytes() for path in write(a_project(), make(), tmp_path / "a", Translations())]
    again = [path.read_bytes() for path in write(a_project(), drawn_anew, tmp_path / "b", Translations())]
    assert len(first) >= 1
    assert first == again


def test_that_a_draft_is_made_once_for_one_owner_and_let_go_with_it():
    made = []
    memory = Remembered()
    one, two = object(), object()

    def make():
        made.append(1)
        return len(made)

    assert [memory(one, ("a",), make), memory(one, ("a",), make), memory(one, ("b",), make)] == [1, 1, 2]
    assert [memory(two, ("a",), make), memory(one, ("a",), make)] == [3, 4]
