"""The same numbers in Word, Excel, GeoPackage, HTML and JSON, read back from the files."""

import json
import re
from functools import cache
from html import unescape
from itertools import product

import docx
import openpyxl
import pyogrio
import pytest
import samples
from amounts import some_by_day
from map_areas import features
from report_factory import a_check, a_project
from test_report_pdf import read_back

from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.formats.pdf import write_pdf
from lhasaplan.report.formats.register import write_register
from lhasaplan.report.formats.xlsx import write_xlsx

AREAS = {"cam-1": 800.1, "node/42": 1250.0, "plan-1": 1250.0}
UNASKED = {"cam-1": 300.0, "node/42": 1250.0, "plan-1": 100.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drafts")
    write_json(a_check(), folder / "check.json")
    for write in (write_docx, write_xlsx, write_gpkg, write_html, write_pdf, write_register):
        write(a_project(), a_check(), folder, Translations())
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
    assert {row["Camera"]: row["of this asked for by no confirmed part (m²)"] for row in sheet} == UNASKED

    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="cameras")
    assert dict(zip(layer.camera_id, layer.area_m2, strict=True)) == AREAS
    assert dict(zip(layer.camera_id, layer.unasked_m2, strict=True)) == UNASKED

    table = _table_with(_word_tables(folder / "audit.docx"), "of this asked for by no confirmed part (m²)")
    column = table[0].index("Area it can see (m²)")
    planned = _table_with(_word_tables(folder / "plan.docx"), "Parts it serves")
    shown = {row[table[0].index("Camera")]: _number(row[column]) for row in table[1:]}
    by_number = {row[planned[0].index("No.")]: _number(row[planned[0].index("Area it can see (m²)")]) for row in planned[1:]}
    assert by_number == {"P1": AREAS["plan-1"]}
    assert shown | {"plan-1": by_number["P1"]} == AREAS

    reported = [each["properties"]["text"] for each in features((folder / "map.html").read_text("utf-8"))]
    ground = r"(?:can see|able to see up to) ([\d.\u00a0\u202f ]+) m², (?:of this|none of it|which no)"
    said = re.findall(ground, "\n".join(reported))
    assert {_number(found) for found in said} == set(AREAS.values())


def test_that_the_pdf_and_the_register_have_the_figures_of_the_answers(folder):
    printed = " ".join(" ".join(read_back(folder / "audit.pdf")).split())
    assert re.search(r"\b1 \S+ operating recorded 800\.1 300\.0 due below a note cam-1 ", printed.replace("\u200b", ""))
    assert " 2 Camera operating assumed 1 250.0 1 250.0 note note node/42 " in printed
    entries = json.loads((folder / "register.json").read_text("utf-8"))["entries"]
    assert {one["id"]: one["ground_in_view_m2"] for one in entries} == {name: round(area) for name, area in AREAS.items()}
    assert {one["id"]: one["without_purpose_m2"] for one in entries} == {name: round(area) for name, area in UNASKED.items()}


def test_that_totals_agree(folder):
    # Operating cameras only: 800.06 + 1250.0 = 2050.06 and 300.04 + 1250.0 = 1550.04 m2.
    sheet = {row["Name in the JSON file"]: row["Value"] for row in _sheet(folder, "summary")}
    assert (sheet["cameras"], sheet["cameras_planned"], sheet["area_seen_certain_m2"]) == (2, 1, 1550.1)
    assert (sheet["unasked_certain_m2"], sheet["area_seen_possible_m2"], sheet["unasked_possible_m2"]) == (1150.0, 500.0, 400.0)
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="summary")
    assert dict(zip(layer.key, layer.value, strict=True)) == sheet
    for name in ("audit.docx", "plan.docx"):
        totals = dict(_table_with(_word_tables(folder / name), "Totals")[1:])
        assert _number(totals["Ground that they can see for certain"]) == 1550
        assert _number(totals["of this that no confirmed part asks for"]) == 1150
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
    shown = sorted((r["Camera"], r["Can see"], r["Severity"], r["Frontage at its own grade (m)"]) for r in sheet)
    assert shown == [(camera, words[cls], grade, metres) for camera, cls, grade, metres in expected]


def test_that_the_table_of_sightings_counts_the_cameras(folder):
    table = _table_with(_word_tables(folder / "audit.docx"), "Cameras that can see")
    # One certain view of homes is due; two views are possible, both due or severe at the narrow assumption only.
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


# The key of a figure of the first page, and where the JSON has it; shares follow from two of these.
IN_JSON = {
    "area_seen_certain_m2": "area_seen_certain_m2",
    "unasked_certain_m2": "unasked_certain_m2",
    "area_seen_possible_m2": "area_seen_possible_m2",
    "unasked_possible_m2": "unasked_possible_m2",
}


# By day the longer check in the language without spaces; figures go one way into each.
PAIRS = some_by_day(product(("audit", "check"), LANGUAGES), {("check", "zh_CN")})


@pytest.fixture(scope="module", params=PAIRS, ids=str)
def hilltown(request, tmp_path_factory):
    """Return the JSON of a real town's audit or check, and the drafts of it in one language."""
    kind, language = request.param
    folder, translations = tmp_path_factory.mktemp("town"), load_translations(language)
    project, assessment = answers_of(kind)
    with pytest.MonkeyPatch.context() as patch:  # maps cost more than all the rest and hold no figure that is read back here
        patch.setattr("lhasaplan.report.chapters.camera_chapter.camera_map", lambda *_, **__: None)
        patch.setattr("lhasaplan.report.chapters.audit_chapters.overview_map", lambda *_, **__: None)
        for write in (write_docx, write_xlsx, write_html, write_pdf):
            write(project, assessment, folder, translations)
    write_json(assessment, folder / "answers.json")
    return json.loads((folder / "answers.json").read_text("utf-8")), folder, worded(translations, assessment), assessment


@cache
def answers_of(kind):
    project = samples.sample("hilltown")
    return project, samples.audited() if kind == "audit" else samples.checked()


def _figures_of(data, assessment):
    """Return what the first page must show, worked out from the JSON alone; areas and shares as printed."""
    totals = data["totals"]
    shown = {key: f"{totals[name]:.0f}" for key, name in IN_JSON.items()}
    for kind in ("certain", "possible"):
        seen = totals[f"area_seen_{kind}_m2"]
        shown |= {f"unasked_{kind}_percent": f"{100 * totals[f'unasked_{kind}_m2'] / seen:.0f}"} if seen else {}
    planned = {camera["id"] for camera in data["cameras"] if camera["status"] == "planned"}
    found = [finding for finding in data["findings"] if finding["camera"] not in planned]
    for severity in ("error", "due", "note"):
        sure = [one for one in found if one["severity"] == severity and one["certainty"] == "certain"]
        shown[f"findings_{severity}_certain"] = str(len(sure))
    shown["findings_possible"] = str(sum(one["certainty"] == "possible" for one in found))
    shown["cameras"] = str(sum(camera["status"] == "operating" for camera in data["cameras"]))
    shown |= {"parts": str(len(data["parts"])), "overlaps": str(len(data["overlaps"]))} if data["parts"] is not None else {}
    return shown


def test_that_the_first_page_in_every_format_and_language_has_the_figures_of_the_json(hilltown):
    data, folder, translations, assessment = hilltown
    titles = {line.key: translations(line.title) for line in summarise(assessment)}
    wanted = {_spaced(titles[key]): value for key, value in _figures_of(data, assessment).items()}
    assert len(wanted) == len(_figures_of(data, assessment))  # no two figures share a title
    word = dict(row[:2] for row in _table_with(_word_tables(folder / "audit.docx"), translations("Totals"))[1:])
    page = (folder / "map.html").read_text("utf-8")
    cells = re.findall(r'<td class="text">([^<]*)</td><td class="number">([^<]*)</td></tr>', page)
    web = {unescape(name): unescape(value) for name, value in cells}
    report = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]><td[^>]*>([^<]*)</td></tr>", (folder / "audit.html").read_text("utf-8"))
    for shown in (word, web, {unescape(name): unescape(value) for name, value in report}):
        reported = {_spaced(name): _digits(value) for name, value in shown.items()}
        assert {name: reported[name] for name in wanted} == wanted
    printed = re.sub(r"\s", "", "".join(read_back(folder / "audit.pdf")))
    assert not [name for name, value in wanted.items() if re.sub(r"\s", "", name) + value not in printed]
    book = openpyxl.load_workbook(folder / "audit.xlsx")[translations("summary")]
    sheet = {row[-1]: row[1] for row in book.iter_rows(values_only=True)}
    assert {key: f"{sheet[key]:.1f}" for key in IN_JSON} == {key: f"{data['totals'][name]:.1f}" for key, name in IN_JSON.items()}


def _spaced(text):
    return re.sub(r"\s", " ", text)


def _digits(text):
    return re.sub(r"\D", "", text.replace("m²", ""))


def test_that_an_audit_and_a_check_of_one_town_differ_and_say_so():
    """All ground that is seen is unasked in an audit; a check knows parts, so that less is: two figures with two names."""
    audit, check = (answers_of(kind)[1] for kind in ("audit", "check"))
    assert audit.totals["unasked_certain_m2"] == pytest.approx(audit.totals["area_seen_certain_m2"])
    assert check.totals["unasked_certain_m2"] < audit.totals["unasked_certain_m2"]
    assert check.totals["area_seen_certain_m2"] == pytest.approx(audit.totals["area_seen_certain_m2"])
    titles = [{line.title for line in summarise(one) if line.key.startswith("unasked")} for one in (audit, check)]
    said = [{worded(Translations(), one)(title) for title in these} for one, these in zip((audit, check), titles, strict=True)]
    assert not said[0] & said[1]
