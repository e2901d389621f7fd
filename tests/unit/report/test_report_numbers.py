"""Hundreds of numbers of one project, read back from each format by readers of others, against the JSON of its answers.

``python -m pytest -m nightly -s tests/unit/report/test_report_numbers.py`` prints how many were compared in each format.
"""

import json
import re
import subprocess
from collections import Counter
from html import unescape

import docx
import openpyxl
import pptx
import pytest
import samples

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.workflow.drafting import shown

pytestmark = pytest.mark.nightly

FORMATS = ("docx", "pdf", "html", "xlsx", "pptx", "summary")
AREA, UNASKED = "Area it can see (m²)", "of this asked for by no confirmed part (m²)"
TODAY, THEN = "Share served today", "Share served with planned"
TWICE, DEMAND = "Area that both see (m²)", "Demand that both serve"
CLASSES = {
    "home": "homes",
    "protected": "other protected places",
    "dwelling_likely": "likely dwellings (use unknown)",
    "use_unknown": "buildings of unknown use",
}
LEAST = {"docx": 150, "html": 150, "pdf": 60, "xlsx": 70, "pptx": 100}  # numbers that are compared at least


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Return the folder with all drafts of the sample with a plan, its answers as JSON, and what cameras are called."""
    folder, services = tmp_path_factory.mktemp("numbers"), open_services()
    project, checked = samples.sample("hilltown"), samples.checked()
    workflow.export(services, project, checked, FORMATS, folder, language="en", date="2026-12-01")
    write_json(shown(services, project, checked)[1], folder / "answers.json")
    names = {camera.name: camera.camera_id for camera in project.cameras}
    return folder, json.loads((folder / "answers.json").read_text("utf-8")), names


def in_word(path):
    return [[[_plain(cell.text) for cell in row.cells] for row in table.rows] for table in docx.Document(path).tables]


def in_slides(path):
    shapes = [shape for slide in pptx.Presentation(path).slides for shape in slide.shapes if shape.has_table]
    return [[[_plain(cell.text) for cell in row.cells] for row in shape.table.rows] for shape in shapes]


def in_page(path):
    tables = re.findall(r"<table>(.*?)</table>", path.read_text("utf-8"), flags=re.DOTALL)
    rows = ([re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)] for table in tables)
    return [[[_plain(unescape(cell)) for cell in row] for row in table if row] for table in rows]


def in_workbook(path):
    """Return each sheet from its heads on: banners stand above them."""
    sheets = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in openpyxl.load_workbook(path))
    return [rows[next(n for n, row in enumerate(rows) if sum(cell is not None for cell in row) > 1) :] for rows in sheets]


def _plain(text):
    return re.sub(r"[\u200b\u00ad]", "", text).replace("\xa0", " ").replace("\u202f", " ").replace("\n", " ")


def number(cell):
    """Return a printed number; a workbook has numbers."""
    return float(cell) if isinstance(cell, int | float) else float(cell.replace(" ", "").removesuffix("m²"))


def facts_of(table, names):
    """Give what a table says as pairs of a fact of the answers and the number that stands there."""
    head, rows = table[0], table[1:]
    columns = {name: n for n, name in enumerate(head) if name}
    if AREA in columns and UNASKED in columns:
        for row in rows:
            camera = _camera(row[columns.get("Camera", columns.get("Name on plan"))], names)
            yield ("area", camera), number(row[columns[AREA]])
            yield ("unasked", camera), number(row[columns[UNASKED]])
    if TODAY in columns and THEN in columns:
        for place, row in enumerate(rows):
            yield ("share", place), number(row[columns[TODAY]])
            yield ("share_then", place), number(row[columns[THEN]])
    if TWICE in columns:
        for row in rows:
            pair = tuple(_camera(row[n], names) for n in (0, 1))
            yield ("twice", *pair), number(row[columns[TWICE]])
            yield ("demand", *pair), number(row[columns[DEMAND]])
    if head[0] == "Cameras that can see":
        for row in rows:
            for column, cell in zip(head[1:], row[1:], strict=True):
                yield ("seen", row[0], column), number(cell)


def _camera(cell, names):
    """Return the id of a camera that is called by id, name, or number and name."""
    return names.get(cell, names.get(cell.partition(" · ")[2], cell))


def answers_of(values, *, with_plan):
    """Return the facts of the JSON by the same keys; sightings are those of today or with the plan."""
    facts = {}
    for camera in values["cameras"]:
        facts["area", camera["id"]], facts["unasked", camera["id"]] = camera["area_m2"], camera["unasked_m2"]
    for place, part in enumerate(values["parts"]):
        facts["share", place] = part["measured"]["share_served"]
        facts["share_then", place] = part["measured_after"]["share_served"]
    for pair in values["overlaps"]:
        facts["twice", pair["a"], pair["b"]], facts["demand", pair["a"], pair["b"]] = pair["area_m2"], pair["demand"]
    totals = values["totals"]["with_plan"] if with_plan else values["totals"]
    for cls, name in CLASSES.items():
        certain, possible = (totals["sightings"][cls][sure] for sure in ("certain", "possible"))
        ends = [totals["would_reach"][cls][end] for end in ("least", "most")]
        columns = ("certain: severe", "certain: due", "certain: note")
        facts |= {("seen", name, c): certain[g] for c, g in zip(columns, ("error", "due", "note"), strict=True)}
        facts["seen", name, "possible"] = sum(possible.values())
        for column, end in zip(("of these due or severe: at least", "at most"), ends, strict=True):
            facts["seen", name, column] = end["due"] + end["error"]
    return facts


@pytest.mark.parametrize(
    ("form", "read", "files"),
    [
        ("docx", in_word, ("audit.docx", "plan.docx")),
        ("html", in_page, ("audit.html", "plan.html")),
        ("xlsx", in_workbook, ("audit.xlsx",)),
        ("pptx", in_slides, ("audit.pptx", "plan.pptx")),
    ],
)
def test_that_each_number_of_a_format_is_that_of_the_answers(town, form, read, files):
    folder, values, names = town
    today, then = (answers_of(values, with_plan=with_plan) for with_plan in (False, True))
    compared, wrong = Counter(), []
    for file in files:
        facts = (today,) if file.startswith("audit") else (today, then)  # an audit leaves planned cameras out
        for table in read(folder / file):
            for key, value in facts_of(table, names):
                compared[key[0]] += 1
                if value not in [each[key] for each in facts]:
                    wrong.append((file, key, value, today[key]))
    print(form, sum(compared.values()), dict(compared))
    assert not wrong
    assert sum(compared.values()) >= LEAST[form]


def test_that_each_number_of_the_pdf_is_that_of_the_answers(town):
    folder, values, _ = town
    text = {
        name: " ".join(
            subprocess.run(
                ["pdftotext", "-layout", folder / f"{name}.pdf", "-"], capture_output=True, text=True, check=True
            ).stdout.split()
        )
        for name in ("audit", "plan")
    }
    compared = 0
    for camera in values["cameras"]:
        if camera["status"] != "operating":
            continue
        pair = rf"{_printed(camera['area_m2'])} {_printed(camera['unasked_m2'])}(?: [a-z]+)+ {camera['id']}\b"
        assert re.search(pair, text["audit"]), camera["id"]
        compared += 2
    for twice in values["overlaps"]:
        assert f"{_printed(twice['area_m2'])} {_printed(twice['demand'])}" in text["plan"], twice
        compared += 2
    for part in values["parts"]:
        shares = (f"{part[each]['share_served']:.3f}" for each in ("measured", "measured_after"))
        assert all(share in text["plan"] for share in shares), part["id"]
        compared += 2
    print("pdf", compared)
    assert compared >= LEAST["pdf"]


def _printed(value):
    """Return a number as drafts in English print it, by one digit."""
    return f"{value:,.1f}".replace(",", " ")


def test_that_options_have_the_same_figures_in_word_on_the_page_on_slides_and_in_the_summary(town):
    folder, _, _ = town
    read = {"docx": in_word(folder / "plan.docx"), "html": in_page(folder / "plan.html"), "pptx": in_slides(folder / "plan.pptx")}
    options = {form: next(table for table in tables if table[0][0] == "Option") for form, tables in read.items()}
    assert options["docx"] == options["html"] == options["pptx"]
    summary = next(table for table in in_page(folder / "council-summary.html") if table[0][0] == "Option")
    columns = [options["docx"][0].index(name) for name in summary[0]]
    assert [[row[n] for n in columns] for row in options["docx"]] == summary
    assert sum(cell[:1].isdigit() for row in summary for cell in row) >= 20
