"""The same numbers in Word, Excel, GeoPackage, HTML and JSON, read back from the files."""

import json
import re
from html import unescape

import docx
import openpyxl
import pyogrio
import pytest
from report_factory import a_check, a_project
from test_report_pdf import read_back

from lhasaplan.core.wording import Wording
from lhasaplan.report.data import write_json
from lhasaplan.report.docx import write_docx
from lhasaplan.report.gis import write_gpkg
from lhasaplan.report.html import write_html
from lhasaplan.report.pdf import write_pdf
from lhasaplan.report.register import write_register
from lhasaplan.report.xlsx import write_xlsx

AREAS = {"cam-1": 800.1, "node/42": 1250.0, "plan-1": 1250.0}
UNASKED = {"cam-1": 300.0, "node/42": 1250.0, "plan-1": 100.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drafts")
    write_json(a_check(), folder / "check.json")
    for write in (write_docx, write_xlsx, write_gpkg, write_html, write_pdf, write_register):
        write(a_project(), a_check(), folder, Wording())
    return folder


def _word_tables(path):
    return [
        [[cell.text.replace("\u200b", "") for cell in row.cells] for row in table.rows] for table in docx.Document(path).tables
    ]


def _table_with(tables, heading):
    return next(table for table in tables if heading in table[0])


def _sheet(folder, name):
    rows = list(openpyxl.load_workbook(folder / "audit.xlsx")[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _number(text):
    return float(text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").removesuffix("m²"))


def test_that_area_and_unasked_area_of_each_camera_agree(folder):
    data = json.loads((folder / "check.json").read_text("utf-8"))
    assert {c["id"]: c["area_m2"] for c in data["cameras"]} == AREAS
    assert {c["id"]: c["unasked_m2"] for c in data["cameras"]} == UNASKED

    sheet = _sheet(folder, "cameras")
    assert {row["Camera"]: row["Area it can see (m²)"] for row in sheet} == AREAS
    assert {row["Camera"]: row["of this no purpose stated (m²)"] for row in sheet} == UNASKED

    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="cameras")
    assert dict(zip(layer.camera_id, layer.area_m2, strict=True)) == AREAS
    assert dict(zip(layer.camera_id, layer.unasked_m2, strict=True)) == UNASKED

    table = _table_with(_word_tables(folder / "audit.docx"), "of this no purpose stated (m²)")
    column = table[0].index("Area it can see (m²)")
    planned = _table_with(_word_tables(folder / "plan.docx"), "Parts it serves")
    shown = {row[0]: _number(row[column]) for row in table[1:]}
    assert shown | {planned[1][0]: _number(planned[1][planned[0].index("Area it can see (m²)")])} == AREAS

    page = unescape((folder / "map.html").read_text("utf-8"))
    said = re.findall(r"(?:can see|able to see up to) ([\d.\u00a0\u202f ]+) m(?:²|\\u00b2), of this", page)
    assert {_number(found) for found in said} == set(AREAS.values())


def test_that_the_pdf_and_the_register_have_the_figures_of_the_answers(folder):
    printed = " ".join(" ".join(read_back(folder / "audit.pdf")).split())
    assert "cam-1 operating recorded 800.1 300.0" in printed
    assert "node/42 operating assumed 1 250.0 1 250.0" in printed
    entries = json.loads((folder / "register.json").read_text("utf-8"))["entries"]
    assert {one["id"]: one["ground_in_view_m2"] for one in entries} == {name: round(area) for name, area in AREAS.items()}
    assert {one["id"]: one["without_purpose_m2"] for one in entries} == {name: round(area) for name, area in UNASKED.items()}


def test_that_totals_agree(folder):
    # Operating cameras only: 800.06 + 1250.0 = 2050.06 and 300.04 + 1250.0 = 1550.04 m2.
    sheet = {row["Key"]: row["Value"] for row in _sheet(folder, "summary")}
    assert (sheet["cameras"], sheet["cameras_planned"], sheet["area_seen_certain_m2"]) == (2, 1, 1550.1)
    assert (sheet["unasked_certain_m2"], sheet["area_seen_possible_m2"], sheet["unasked_possible_m2"]) == (1150.0, 500.0, 400.0)
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="summary")
    assert dict(zip(layer.key, layer.value, strict=True)) == sheet
    for name in ("audit.docx", "plan.docx"):
        totals = dict(_table_with(_word_tables(folder / name), "Totals")[1:])
        assert _number(totals["Ground that they can see for certain"]) == 1550
        assert _number(totals["of this with no purpose stated"]) == 1150
    cells = re.findall(
        r'<td class="text">([^<]*)</td><td class="number">([^<]*)</td></tr>', (folder / "map.html").read_text("utf-8")
    )
    assert _number(dict(cells)["Ground that they can see for certain"]) == 1550


def test_that_sightings_agree(folder):
    data = json.loads((folder / "check.json").read_text("utf-8"))
    expected = sorted((c["id"], s["class"], s["severity"], s["frontage_m"]) for c in data["cameras"] for s in c["sightings"])
    assert expected == [("cam-1", "home", "due", 12.3), ("node/42", "home", "note", 9.0), ("node/42", "protected", "note", 9.0)]
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="seen_frontage")
    assert sorted(zip(layer.camera_id, layer["class"], layer.grade, layer.frontage_m, strict=True)) == expected
    sheet = _sheet(folder, "sightings")
    words = {"home": "homes", "protected": "other protected places"}
    shown = sorted((r["Camera"], r["Can see"], r["Severity"], r["Frontage in view (m)"]) for r in sheet)
    assert shown == [(camera, words[cls], grade, metres) for camera, cls, grade, metres in expected]


def test_that_the_table_of_sightings_counts_the_cameras(folder):
    table = _table_with(_word_tables(folder / "audit.docx"), "Cameras that can see")
    # One certain view of homes is due; two views are possible, both due or error at the narrow assumption only.
    assert table[1] == ["homes", "0", "1", "0", "1", "0", "1"]
    assert table[2] == ["other protected places", "0", "0", "0", "1", "0", "1"]


def test_that_findings_agree_in_number_and_severity(folder):
    data = json.loads((folder / "check.json").read_text("utf-8"))
    expected = sorted((f["id"], f["severity"], f["certainty"]) for f in data["findings"])
    assert sorted((r["Finding"], r["Severity"], r["Certainty"]) for r in _sheet(folder, "findings")) == expected
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="findings")
    assert sorted(zip(layer.finding_id, layer.severity, layer.certainty, strict=True)) == expected
    page = (folder / "map.html").read_text("utf-8")
    assert page.count("<li><button") == len(expected)


def test_that_parts_and_overlaps_agree(folder):
    part = json.loads((folder / "check.json").read_text("utf-8"))["parts"][0]
    row = _sheet(folder, "parts")[0]
    assert (
        (row["Share served today"], row["Verdict today"])
        == (part["measured"]["share_served"], part["verdict"])
        == (0.857, "partial")
    )
    assert row["Gap (m²)"] == 30.0  # 5 m by 6 m
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="gaps")
    assert layer.gap_m2[0] == pytest.approx(layer.geometry.area[0]) == 30.0
    table = _table_with(_word_tables(folder / "plan.docx"), "Verdict today")
    assert table[1][table[0].index("Share served today")] == "0.857"
    assert _sheet(folder, "overlaps")[0]["Area that both see (m²)"] == pytest.approx(55.5, abs=0.1)


def test_that_the_report_as_a_web_page_has_the_tables_of_the_word_file(folder):
    """Read by another reader than ours, cell by cell: every table of the report and of the plan, in the same order."""
    for name in ("audit", "plan"):
        page = (folder / f"{name}.html").read_text("utf-8")
        tables = [
            [
                [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
                for row in re.findall(r"<tr>(.*?)</tr>", table)
            ]
            for table in re.findall(r"<table>(.*?)</table>", page, flags=re.DOTALL)
        ]
        assert tables == _word_tables(folder / f"{name}.docx")
