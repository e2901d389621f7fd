"""The schedule goes out, is filled in and comes back; totals of the workbook are formulas that give the program's figures."""

import re
from dataclasses import replace

import openpyxl
import pytest
from report_factory import a_check, a_project, a_project_of_three, planned_camera

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.formats.xlsx import write_xlsx


@pytest.fixture
def project():
    return a_project_of_three()


@pytest.fixture
def schedule(project, tmp_path):
    _, path = write_xlsx(project, a_check(), tmp_path, Translations(), DraftOrder(date="2026-11-27"))
    return path


def filled(path, **cells):
    """Fill in the first row as an office would, and return the file."""
    book = openpyxl.load_workbook(path)
    sheet = book["schedule"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "plan-1")
    for name, value in cells.items():
        row[heads.index(name)].value = value
    book.save(path)
    return path


def test_that_the_schedule_has_a_row_for_each_camera_that_comes_or_goes(schedule):
    sheet = openpyxl.load_workbook(schedule)["schedule"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[1]) for row in rows if row[0]] == [("node/42", "2"), ("plan-1", "P1")]
    assert sheet.freeze_panes == "D2"
    assert {str(each.type) for each in sheet.data_validations.dataValidation} == {"decimal", "whole", "list"}


def test_that_what_the_office_fills_in_comes_back_and_stands_in_the_plan(project, schedule):
    filled(schedule, unit_price=4200, phase=2027, decision="approved", decided_by="Council", decided_on="2026-12-01")
    changed, report = workflow.import_file(open_services(), project, schedule)
    [camera] = [each for each in changed.cameras if each.camera_id == "plan-1"]
    stated = {name: camera.extra[name] for name in ("unit_price", "phase", "decision", "decided_by", "decided_on")}
    assert stated == {
        "unit_price": "4200",
        "phase": "2027",
        "decision": "approved",
        "decided_by": "Council",
        "decided_on": "2026-12-01",
    }
    assert report.counts == {"decisions": 1}
    planned = replace(planned_camera(), placed=replace(planned_camera().placed, camera=camera))
    check = a_check(cameras=(*a_check().cameras[:2], planned))
    reported = compose_plan(changed, check, Translations()).text()
    assert "2027 | P1 · " in reported
    assert "new camera with its pole | 1 | 4 200.00 | 4 200.00" in reported


def test_that_an_import_of_the_same_cameras_leaves_what_was_stated(project, schedule, tmp_path):
    from lhasaplan.workflow.imports import merge_cameras

    filled(schedule, phase=2028)
    changed, _ = workflow.import_file(open_services(), project, schedule)
    merged = merge_cameras(changed.cameras, project.cameras, "cameras.csv")
    assert next(each for each in merged if each.camera_id == "plan-1").extra["phase"] == "2028"


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [("unit_price", 0, "0 is no price"), ("phase", 27, "27 is no year"), ("decision", "perhaps", "perhaps is no decision")],
)
def test_that_a_cell_that_is_none_is_refused_and_nothing_is_taken(project, schedule, cell, value, said):
    filled(schedule, **{cell: value})
    with pytest.raises(InputError) as caught:
        workflow.import_file(open_services(), project, schedule)
    assert said in str(caught.value.faults[0])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("id,phase,decision\nplan-1,2027,open\n", "one column must hold their ids"),
        ("camera_id,phase,decision\nplan-1,2027,open\nplan-1,2028,open\n", "the id plan-1 is already used in row 2"),
        ("camera_id,phase,decision,unit_price\nplan-1,2027,open,inf\n", "inf is no price"),
    ],
)
def test_that_a_schedule_that_cannot_be_told_is_refused_in_a_sentence(project, tmp_path, rows, said):
    path = tmp_path / "schedule.csv"
    path.write_text(rows)
    with pytest.raises(InputError) as caught:
        workflow.import_file(open_services(), project, path, kind="decisions")
    assert said in Translations().fault(caught.value.faults[0])


def test_that_a_price_is_read_as_offices_write_it(project, tmp_path):
    path = tmp_path / "schedule.csv"
    path.write_text('camera_id;phase;decision;unit_price\nplan-1;2027;open;"4 200,50"\n')
    changed, _ = workflow.import_file(open_services(), project, path)
    assert next(each for each in changed.cameras if each.camera_id == "plan-1").extra["unit_price"] == "4200.5"


def test_that_a_price_of_one_camera_is_no_price_of_another(project):
    """Of two new cameras one has a price: the other's is to be filled in, and so is the sum."""
    known, other = planned_camera(), planned_camera()
    priced = replace(known.placed.camera, extra={"unit_price": "5000"})
    cameras = (
        *a_check().cameras[:1],
        replace(known, placed=replace(known.placed, camera=priced)),
        replace(other, placed=replace(other.placed, camera=replace(other.placed.camera, camera_id="plan-2"))),
    )
    reported = compose_plan(project, a_check(cameras=cameras), Translations()).text()
    assert "new camera with its pole | 1 | 5 000.00 | 5 000.00" in reported
    assert "new camera with its pole | 1 | to be filled in | to be filled in" in reported
    assert "In all |  |  | to be filled in" in reported


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("plan-1;100;euro",), "schedule.csv row 2, column currency: euro is no currency"),
        (("plan-1;100;eur", "node/42;200;CHF"), "row 3, column currency: CHF is not the currency of row 2, which is EUR"),
    ],
)
def test_that_prices_are_in_one_currency_and_the_row_of_another_is_named(project, tmp_path, rows, said):
    path = tmp_path / "schedule.csv"
    path.write_text("\n".join(("camera_id;unit_price;currency;phase;decision", *(f"{row};2027;open" for row in rows))))
    with pytest.raises(InputError) as caught:
        workflow.import_file(open_services(), project, path)
    assert said in Translations().fault(caught.value.faults[0])


def test_that_the_currency_of_a_price_that_stays_is_that_of_all(project, tmp_path):
    path = tmp_path / "schedule.csv"
    path.write_text("camera_id;unit_price;currency;phase;decision\nplan-1;100;EUR;2027;open\n")
    stated, _ = workflow.import_file(open_services(), project, path)
    path.write_text("camera_id;unit_price;currency;phase;decision\nnode/42;200;CHF;2027;open\n")
    with pytest.raises(InputError, match="CHF is not the currency of camera plan-1, which is EUR"):
        workflow.import_file(open_services(), stated, path)


def test_that_totals_are_formulas_that_give_the_programs_figures(tmp_path):
    """Worked out here from the cells that a formula names, by no code of the program."""
    path, *_ = write_xlsx(a_project(), a_check(), tmp_path, Translations())
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["totals"].iter_rows(min_row=2)]
    assert len(rows) > 5
    for title, formula, figure, _ in rows:
        assert worked_out(book, formula) == pytest.approx(figure), title
    found = {row[0]: row[2] for row in rows}
    assert found["cameras: Area it can see (m²)"] == pytest.approx(800.1 + 1250.0 + 1250.0)
    assert found["findings: Severity = due"] == 1


def worked_out(book, formula):
    name, sheet, cells, value = re.fullmatch(r"=(SUM|COUNTIF)\('([^']+)'!([$A-Z0-9:]+)(?:,\"(.*)\")?\)", formula).groups()
    values = [row[0].value for row in book[sheet][cells.replace("$", "")]]
    return sum(each for each in values if each is not None) if name == "SUM" else sum(each == value for each in values)


def test_that_a_schedule_in_another_language_comes_back_with_its_sums(project, tmp_path):
    _, path = write_xlsx(project, a_check(), tmp_path, load_translations("de"), DraftOrder(date="2026-11-27"))
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book["schedule"][1]]
    assert {"Einheitspreis [unit_price]", "Summe [sum]"} <= set(heads)
    row = next(row for row in book["schedule"].iter_rows(min_row=2) if row[0].value == "plan-1")
    row[heads.index("Einheitspreis [unit_price]")].value = 4200
    book.save(path)  # openpyxl keeps the formulas of the sums without their values, as some programs do
    changed, _ = workflow.import_file(open_services(), project, path)
    assert [each.extra["unit_price"] for each in changed.cameras if each.camera_id == "plan-1"] == ["4200"]
