"""A table that went out comes back whole: each row is what it was, each filled cell is taken or named, each value is echoed."""

import csv

import openpyxl
import pytest
from report_factory import a_check, a_project_of_three

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.records.schedule import row_mark
from lhasaplan.errors import InputError
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.xlsx import write_xlsx


@pytest.fixture
def project():
    return a_project_of_three()


@pytest.fixture
def schedule(project, tmp_path):
    _, path = write_xlsx(project, a_check(), tmp_path, Translations(), DraftOrder(date="2026-11-27"))
    return path


def changed(path, change):
    book = openpyxl.load_workbook(path)
    sheet = book["schedule"]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[0].value: dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2) if row[0].value}
    change(sheet, rows)
    book.save(path)
    return path


def taken(project, path):
    after, report = workflow.import_file(open_services(), project, path)
    return {camera.camera_id: camera.extra for camera in after.cameras}, "\n".join(map(str, report.remarks))


def test_that_each_value_is_echoed_as_it_was_understood(project, schedule):
    def fill(_sheet, rows):
        rows["plan-1"]["unit_price"].value = 1234
        rows["plan-1"]["decision"].value = "approved"

    cameras, said = taken(project, changed(schedule, fill))
    assert cameras["plan-1"]["unit_price"] == "1234"
    assert "plan-1: unit_price 1 234.00, decision approved" in said


@pytest.mark.parametrize(("text", "small", "large"), [("1,234", "1.234", "1234"), ("12.500", "12.5", "12500")])
def test_that_a_price_that_may_be_two_is_refused_with_both(project, schedule, text, small, large):
    def fill(_sheet, rows):
        rows["plan-1"]["unit_price"].value = text

    with pytest.raises(InputError, match=f"{text} may be {small} or {large}"):
        taken(project, changed(schedule, fill))


@pytest.mark.parametrize(
    ("text", "kept"), [("1 234,50", "1234.5"), ("1,234.50", "1234.5"), ("1.234.567", "1234567"), ("980,5", "980.5")]
)
def test_that_a_price_that_is_clear_is_taken(project, schedule, text, kept):
    def fill(_sheet, rows):
        rows["plan-1"]["unit_price"].value = text

    assert taken(project, changed(schedule, fill))[0]["plan-1"]["unit_price"] == kept


def test_that_a_decision_does_not_land_on_another_camera_where_ids_were_moved(project, schedule):
    def swap(_sheet, rows):
        rows["plan-1"]["decision"].value = "approved"
        first, second = rows["plan-1"]["camera_id"], rows["node/42"]["camera_id"]
        first.value, second.value = second.value, first.value

    with pytest.raises(InputError, match="no more what it was when the table went out") as reported:
        taken(project, changed(schedule, swap))
    assert {fault.where.row for fault in reported.value.faults} == {2, 3}


@pytest.mark.parametrize("column", ["name", "work"])
def test_that_a_row_whose_name_or_work_was_changed_is_refused(project, schedule, column):
    def alter(_sheet, rows):
        rows["plan-1"]["decision"].value = "approved"
        rows["plan-1"][column].value = "something else"

    with pytest.raises(InputError, match="no more what it was"):
        taken(project, changed(schedule, alter))


def test_that_rows_may_be_sorted(project, schedule):
    def turn(sheet, rows):
        rows["plan-1"]["decision"].value = "approved"
        top, below = ([cell.value for cell in sheet[number]] for number in (2, 3))
        for number, values in ((2, below), (3, top)):
            for column, value in enumerate(values, 1):
                sheet.cell(number, column).value = value

    assert taken(project, changed(schedule, turn))[0]["plan-1"]["decision"] == "approved"


def test_that_a_row_that_is_filled_in_without_an_id_is_refused(project, schedule):
    def erase(_sheet, rows):
        rows["plan-1"]["decision"].value = "approved"
        rows["plan-1"]["camera_id"].value = None

    with pytest.raises(InputError, match="filled in, but does not say what it is about"):
        taken(project, changed(schedule, erase))


def test_that_a_renamed_column_is_refused_with_those_that_are_missing(project, schedule):
    def rename(sheet, rows):
        rows["plan-1"]["unit_price"].value = 500
        next(cell for cell in sheet[1] if cell.value == "unit_price").value = "Preis"

    with pytest.raises(InputError, match=r"the column Preis is none of this table.*rows [23].*these are missing: unit_price"):
        taken(project, changed(schedule, rename))


def test_that_a_column_of_an_office_is_named_and_not_taken(project, schedule):
    def add(sheet, rows):
        rows["plan-1"]["decision"].value = "approved"
        sheet.cell(1, sheet.max_column + 1).value = "Bemerkung"
        sheet.cell(rows["plan-1"]["decision"].row, sheet.max_column).value = "see letter"

    cameras, said = taken(project, changed(schedule, add))
    assert cameras["plan-1"]["decision"] == "approved"
    assert "the column Bemerkung is none of this table, and what stands in it was not taken" in said


def test_that_a_formula_without_a_value_is_refused_where_it_is_filled_in(project, schedule):
    def count(_sheet, rows):
        rows["plan-1"]["unit_price"].value = "=2*600"

    with pytest.raises(InputError, match="formula whose value is not in the file"):
        taken(project, changed(schedule, count))


def test_that_a_table_without_marks_is_taken_as_it_is(project, tmp_path):
    """As a person writes one by hand, or one of an earlier version."""
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["camera_id", "phase", "decision", "unit_price"], ["plan-1", "2027", "approved", "900"]])
    assert taken(project, tmp_path / "s.csv")[0]["plan-1"]["unit_price"] == "900"


def test_that_a_mark_is_no_number_for_a_spreadsheet_and_heeds_every_part():
    marks = [row_mark(*parts) for parts in (("HT-06", "Gate"), ("HT-0", "6Gate"), ("HT-06", "gate"), ("HT-06", "Gate", ""))]
    assert len(set(marks)) == 4
    assert all(mark[0] == "m" and len(mark) == 9 for mark in marks)
