"""The workbook: numbers as numbers, text never a formula, headings frozen and filtered."""

import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from report_factory import a_check, a_project, an_assessment, certain_camera
from xlsxwriter import Workbook

from lhasaplan.core.base.translations import Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.facts.tables import SHEETS
from lhasaplan.report.formats.xlsx import SAFE_ON_DISK, _formats, _write_rows, write_xlsx
from lhasaplan.report.text.columns import Column, Table


@pytest.fixture
def book(tmp_path):
    def write(assessment):
        path, *_ = write_xlsx(a_project(), assessment, tmp_path, Translations())
        return openpyxl.load_workbook(path)

    return write


def test_that_the_sheets_are_those_of_the_tables(book):
    assert book(a_check()).sheetnames == [
        "summary",
        "cameras",
        "necessity",
        "sightings",
        "in view",
        "findings",
        "other remedies",
        "parts",
        "views of parts",
        "what would serve",
        "sums",
        "overlaps",
        "assumptions",
        "data",
        "totals",
    ]
    names = [
        "summary",
        "cameras",
        "necessity",
        "sightings",
        "in view",
        "findings",
        "other remedies",
        "assumptions",
        "data",
        "totals",
    ]
    assert book(an_assessment()).sheetnames == names
    assert book(an_assessment(findings=())).sheetnames == [name for name in names if name != "other remedies"]


def test_that_a_name_that_looks_like_a_formula_stays_text(book):
    base = certain_camera()
    camera = replace(base.placed.camera, name="=1+1", owner="@SUM(A1)", purpose="http://example.org")
    evil = replace(base, placed=replace(base.placed, camera=camera))
    sheet = book(an_assessment(cameras=(evil,)))["cameras"]
    texts = [cell for row in sheet.iter_rows() for cell in row if cell.value in ("=1+1", "@SUM(A1)", "http://example.org")]
    assert [cell.data_type for cell in texts] == ["s"] * 4  # the name stands twice: as recorded, and as the camera is called
    assert all(cell.hyperlink is None for cell in texts)


def test_that_headings_are_frozen_and_filtered_and_printed_on_every_page(book):
    sheet = book(an_assessment())["cameras"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.print_title_rows == "$1:$1"


def test_that_a_synthetic_workbook_says_so_in_its_first_row_and_in_print(book):
    for sheet in book(a_check(synthetic=True)).worksheets:
        assert sheet["A1"].value == "FICTITIOUS / SYNTHETIC DATA"
        assert "FICTITIOUS" in sheet.oddHeader.left.text
        assert sheet.freeze_panes == "B3"


def test_that_numbers_are_numbers_and_what_is_not_known_is_empty(book):
    rows = list(book(an_assessment())["findings"].iter_rows(values_only=True))
    column = rows[0].index("Measured, high")
    assert [row[column] for row in rows[1:]] == [80.5, 180, None]


def test_that_a_printed_page_carries_only_columns_that_can_be_read(book):
    for sheet in book(a_check()).worksheets:
        assert sheet.page_setup.orientation == "landscape"
        last = column_index_from_string(sheet.print_area.rsplit("$", 2)[1])
        width = sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1] if cell.column <= last)
        assert 20 < width <= 220


def test_that_kinds_of_finding_are_words(book):
    rows = list(book(an_assessment())["findings"].iter_rows(values_only=True))
    column = rows[0].index("Kind")
    assert {row[column] for row in rows[1:]} == {"view of homes", "purpose not recorded"}


def test_that_a_long_sheet_prints_its_first_rows_and_says_so(book):
    finding = an_assessment().findings[0]
    many = tuple(replace(finding, finding_id=f"f{number}") for number in range(320))
    sheet = book(an_assessment(findings=many))["findings"]
    assert sheet.print_area.rsplit("$", 1)[1] == "121"
    assert sheet.max_row == 321
    assert "printed: the first 120 of 320 rows" in sheet.oddHeader.left.text


@pytest.mark.parametrize("language", ["en", "fr", "zh_CN", "de"])
def test_that_sheets_have_names_of_their_own_that_a_workbook_may_have(language):
    names = [load_translations(language)(text) for text in SHEETS.values()]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


CELLS = (
    ("text", 1.5, True, None, 7, 'a <b> & "c"'),
    (" before and after\n", -0.25, False, "", 1_000_000, "\x07 bell _x0041_"),
    (None, None, None, None, None, None),
    ("长" * 40_000, 12345.678, True, "x", 0, "\U0001f600" * 20_000),
)


def sheet_of(path):
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml")


def test_that_rows_are_written_as_the_library_writes_them_cell_by_cell(tmp_path):
    columns = tuple(Column(str(n), "Title", digits=2, width=60) for n in range(6))
    table = Table("cameras", "Title", columns, CELLS)
    for name in ("ours", "theirs"):
        with Workbook(str(tmp_path / name), {**SAFE_ON_DISK, "constant_memory": True}) as book:
            sheet, formats = book.add_worksheet(), _formats(book)
            sheet.write_string(0, 0, "head", formats["head"])
            if name == "ours":
                _write_rows(sheet, table, 1, Translations(), formats)
                continue
            for row, values in enumerate(CELLS, 1):
                for column, value in enumerate(values):
                    if isinstance(value, bool):
                        sheet.write_boolean(row, column, value)
                    elif isinstance(value, (int, float)):
                        sheet.write_number(row, column, value, formats[f"number{2 if isinstance(value, float) else 0}"])
                    elif value is not None:
                        sheet.write_string(row, column, value, formats["text" if column < 3 else "unwrapped"])
    assert sheet_of(tmp_path / "ours") == sheet_of(tmp_path / "theirs")
