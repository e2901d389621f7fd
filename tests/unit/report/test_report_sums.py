"""One table of counts and numbers, read back from every format, for what stands, for the plan and for a district of it."""

import json
import re
from collections import Counter
from html import unescape

import docx
import openpyxl
import pptx
import pytest
import samples
from amounts import is_night, some_by_day
from pypdf import PdfReader
from test_report_plan_beside_today import AUTHOR, an_option

from lhasaplan import workflow
from lhasaplan.app.look import Language
from lhasaplan.app.panels.layers import SummaryPanel
from lhasaplan.app.state import Session, edits
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.project.numbering import labels, numbered
from lhasaplan.core.project.plan import inventory, replacing, with_all_steps
from lhasaplan.core.project.plan_step import Action
from lhasaplan.core.records.schedule import done
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.redaction import public_values

# By day Word stands for print and page, which are set from the same draft (test_report_one_draft.py).
FORMATS = ("docx", "pdf", "xlsx", "pptx", "html") if is_night() else ("docx", "xlsx", "pptx")


def city(services):
    project = samples.sample("hilltown")
    return numbered(edits.accepted(project, an_option(project), AUTHOR)[1](project))


def district(services):
    return workflow.draft_district(services, city(services), "South Bank")


def met(assessment):
    return sum(part.verdict is Verdict.MET for part in assessment.parts)


def expected(services, project, today):
    """Return the table worked out from the project, and from what an audit finds once every step is done."""
    steps = with_all_steps(project).plan
    count = Counter(step.action for step in steps)
    stand = sum(camera.status is Status.OPERATING for camera in inventory(project))
    built = workflow.check(services, done(project, [step.camera_id for step in steps], AUTHOR))
    called = labels(project.cameras, project.numbers, replacing(project))
    return {
        "today": stand,
        "then": stand + count[Action.ADD] - count[Action.REMOVE],
        "come": count[Action.ADD],
        "go": count[Action.REMOVE],
        "parts": len(today.parts),
        "met": met(today),
        "met then": met(built),
        "gone": {called[step.camera_id] for step in steps if step.action is Action.REMOVE},
        "coming": {called[step.camera_id] for step in steps if step.action is Action.ADD},
        "changed": count[Action.CHANGE],
    }


@pytest.fixture(scope="module", params=["plan", pytest.param("district", marks=pytest.mark.nightly)])
def drafts(request, tmp_path_factory):
    services, folder = open_services(), tmp_path_factory.mktemp("sums")
    project = {"plan": city, "district": district}[request.param](services)
    found = workflow.check(services, project)
    workflow.export(services, project, found, FORMATS, folder, language="en", date="2026-05-01")
    write_json(public_values(project, found)[1], folder / "check.json")
    return folder, expected(services, project, found), project, found


def words(text):
    return " ".join(text.replace("\u200b", "").replace("\u202f", " ").replace("\xa0", " ").replace("|", " ").split())


def of_word(folder):
    file = docx.Document(folder / "plan.docx")
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return words(" ".join([*(each.text for each in file.paragraphs), *cells]))


def of_pdf(folder):
    return words(" ".join(page.extract_text() for page in PdfReader(folder / "plan.pdf").pages))


def of_page(folder):
    text = re.sub(r"<(script|style).*?</\1>", " ", (folder / "plan.html").read_text("utf-8"), flags=re.DOTALL)
    return words(unescape(re.sub(r"<[^>]+>", " ", text)))


def of_slides(folder):
    shapes = [shape for slide in pptx.Presentation(folder / "plan.pptx").slides for shape in slide.shapes]
    cells = (cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells)
    return words(" ".join([*(shape.text_frame.text for shape in shapes if shape.has_text_frame), *cells]))


TEXTS = {"docx": of_word, "pdf": of_pdf, "html": of_page, "pptx": of_slides}


@pytest.mark.parametrize("name", some_by_day(TEXTS, {"docx", "pptx"}))
def test_that_options_and_work_count_the_same_in_every_draft(drafts, name):
    folder, table, *_ = drafts
    text = TEXTS[name](folder)
    today = re.search(r"As today (\d+) (\d+) of (\d+)", text)
    then = re.search(r"As drafted: with the planned cameras (\d+) (\d+) of (\d+)", text)
    assert [int(each) for each in today.groups()] == [table["today"], table["met"], table["parts"]]
    assert [int(each) for each in then.groups()] == [table["then"], table["met then"], table["parts"]]
    work = text[text.index("Work Quantity Unit price Sum") :]
    work = work[: work.index("In all")]
    come = re.findall(r"new camera (?:with its pole|on a wall|on a roof|indoors) (\d+)", work)
    assert (sum(map(int, come)), [*map(int, re.findall(r"camera taken down (\d+)", work))]) == (table["come"], [table["go"]])


@pytest.mark.parametrize("name", some_by_day(("docx", "pdf", "html"), {"docx"}))
def test_that_the_summary_names_the_same_numbers_in_every_draft(drafts, name):
    folder, table, *_ = drafts
    text = TEXTS[name](folder)
    assert f"{table['today']} cameras are in operation today; the plan adds {table['come']}." in text
    gone = re.search(r"Cameras that the plan removes: (\d+) \(([^)]*)\)\. They stay until that is done\.", text)
    assert (int(gone[1]), set(gone[2].split(", "))) == (table["go"], table["gone"])
    assert f"Cameras with the plan: {table['then']}." in text


def test_that_the_workbook_lists_the_same_cameras_under_the_same_numbers(drafts):
    folder, table, *_ = drafts
    rows = list(openpyxl.load_workbook(folder / "schedule.xlsx")["schedule"].iter_rows(min_row=2, values_only=True))
    listed = {str(row[1]): str(row[3]) for row in rows if row[0]}
    assert {number for number, work in listed.items() if work == "camera taken down"} == table["gone"]
    assert {number for number, work in listed.items() if work.startswith("new camera")} == table["coming"]


def test_that_programs_read_the_same_table(drafts):
    folder, table, *_ = drafts
    reported = json.loads((folder / "check.json").read_text("utf-8"))
    totals, plan = reported["totals"], reported["totals"]["with_plan"]
    assert (totals["cameras"]["operating"], plan["cameras"]) == (table["today"], table["then"])
    assert (plan["come"], plan["go"]) == (table["come"], table["go"])
    verdicts = totals["parts"]
    assert (verdicts["before"].get("met", 0), verdicts["after"].get("met", 0)) == (table["met"], table["met then"])
    assert len(reported["parts"]) == table["parts"]
    numbers = {each["action"]: set() for each in reported["plan"]}
    for each in reported["plan"]:
        numbers[each["action"]].add(each["number"])
    assert (numbers["remove"], numbers["add"]) == (table["gone"], table["coming"])
    assert len({part["number"] for part in reported["parts"]}) == table["parts"]


@pytest.fixture(scope="module")
def window(drafts, qapp):
    """Return what the window says of the project: its summary, and what its lists call cameras."""
    *_, project, found = drafts
    session, language = Session("2026-05-01"), Language(lambda _code: Translations())
    session.open(project, None)
    session.set_assessment(found, project)
    summary = SummaryPanel(session, language)
    streets = NearestStreet(project.layers.get("roads"), None)
    yield words(summary.toPlainText()), workflow.camera_names(project, streets, Translations())
    summary.deleteLater()


def test_that_the_summary_of_the_window_counts_the_same_today_and_with_the_plan(drafts, window):
    _, table, _, _ = drafts
    text, _ = window
    for title, key in (
        ("Cameras operating", "today"),
        ("Cameras planned", "come"),
        ("Cameras that the plan changes", "changed"),
        ("Cameras to be removed", "go"),
        ("Cameras with the plan", "then"),
    ):
        assert f"{title} {table[key]} " in text, title
    pair = f"met {table['met']} → {table['met then']} "
    assert pair in text or pair == "met 0 → 0 "  # a verdict of no part has no row
    verdicts = text[text.index("Confirmed parts: before → after planned cameras") :]
    before = [int(each) for each in re.findall(r"(\d+) → \d+", verdicts)]
    assert sum(before) == table["parts"]


def test_that_the_lists_of_the_window_call_cameras_by_the_same_numbers(drafts, window):
    _, table, project, _ = drafts
    _, names = window
    steps = with_all_steps(project).plan
    for action, key in ((Action.REMOVE, "gone"), (Action.ADD, "coming")):
        own = {step.camera_id for step in steps if step.action is action}
        named = {camera.camera_id for camera in project.cameras if camera.name}
        reported = {match[1] for each in own - named if (match := re.search(r"\((P?\d+)\)$", names[each]))}
        assert reported <= table[key]
        assert len(reported) == len(own - named)
