"""The minutes of a meeting go out, are filled in and come back; a meeting is shown eight slides, and an annex."""

import io
from dataclasses import replace

import openpyxl
import pptx
import pytest
from amounts import some_by_day
from report_factory import a_check, a_project_of_three, an_assessment, certain_camera, planned_camera, possible_camera

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.disclosure import LEAST, at_level
from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.records.filled_in import MINUTED
from lhasaplan.core.records.minutes import Item
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.motions import Motion
from lhasaplan.report.documents.audit_and_plan import compose_minutes, compose_plan
from lhasaplan.report.formats.pptx import build
from lhasaplan.report.formats.questionnaire import write_minutes
from lhasaplan.report.redaction import public_values
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.text.document import Grid

COUNCIL, MOST = "Council of the joint meeting", 8


@pytest.fixture
def project():
    return a_project_of_three()


@pytest.fixture
def minutes(project, tmp_path):
    path, _ = write_minutes(project, a_check(), tmp_path, Translations(), DraftOrder(date="2026-11-27"))
    return path


def filled(path, **rows):
    """Write what was decided into the rows of these items, as a clerk would, and return the file."""
    book = openpyxl.load_workbook(path)
    sheet = book["minutes"]
    heads = [cell.value for cell in sheet[1]]
    for item, cells in rows.items():
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == item.replace("_plan_1", ":plan-1"))
        for name, value in cells.items():
            row[heads.index(name)].value = value
    book.save(path)
    return path


def imported(project, path, **how):
    return workflow.import_file(open_services(), project, path, **how)


DECIDED = {
    "decision": "approved",
    "outcome": "As today",
    "decided_by": COUNCIL,
    "due_on": "2027-03-31",
    "decided_on": "2026-12-01",
}


def test_that_minutes_are_confirmed_in_the_words_of_the_meeting_and_their_help_sheet_is_not_called_left_out(project, minutes):
    _, report = imported(project, filled(minutes, camera_plan_1=DECIDED))
    told = [str(each) for each in report.remarks]
    assert told == [
        f"{minutes.name}: taken from the minutes: plan-1: approved, As today, {COUNCIL}, 2027-03-31, 2026-12-01",
    ]


def test_that_the_sheet_has_a_row_for_each_question_and_for_each_camera_that_comes_or_goes(minutes):
    sheet = openpyxl.load_workbook(minutes)["minutes"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == ["option", "planned", "views", "review", "camera:node/42", "camera:plan-1"]
    assert rows[0][1].startswith("Which option is chosen? “No camera” is one of them. (No camera; As today;")
    assert {cell for row in rows for cell in row[2:-1]} == {None}
    assert [str(each.type) for each in sheet.data_validations.dataValidation] == ["list"]
    assert "For use inside the office" in sheet.oddHeader.left.text


def test_that_what_a_meeting_decided_comes_back_stays_in_the_file_and_stands_in_plan_and_deck(project, minutes, tmp_path):
    camera = {"decision": "changed", "outcome": "with a mask", "decided_by": COUNCIL, "due_on": "2027-06-30"}
    filled(minutes, option=DECIDED, camera_plan_1=camera)
    changed, report = imported(project, minutes)
    assert report.counts == {"decisions": 2}
    [resolution] = changed.resolutions
    assert replace(resolution, question="") == Resolution(Item.OPTION, **DECIDED, sheet="minutes.xlsx 2")
    store = open_services().stores.open(tmp_path / "kept.gpkg")
    store.save(changed)
    assert open_services().stores.open(tmp_path / "kept.gpkg").load().resolutions == changed.resolutions
    [planned] = [each for each in changed.cameras if each.camera_id == "plan-1"]
    result = replace(planned_camera(), placed=replace(planned_camera().placed, camera=planned))
    check = a_check(cameras=(*a_check().cameras[:2], result))
    plan = compose_plan(changed, check, Translations()).text()
    assert f"approved: As today | {COUNCIL}, decided on 1 December 2026, until 31 March 2027" in plan
    assert f"approved with changes: with a mask, {COUNCIL}, until 30 June 2027" in plan
    first, *_ = decisions_of(opened(compose_plan_deck(changed, check, Translations())))
    assert f"{COUNCIL}, decided on 1 December 2026, until 31 March 2027" in " ".join(cells(first))


def test_that_minutes_in_another_language_have_its_words_as_heads_and_come_back(project, tmp_path):
    path, _ = write_minutes(project, a_check(), tmp_path, load_translations("zh_CN"), DraftOrder(date="2026-11-27"))
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book["minutes"][1]]
    assert heads[1:3] == ["问题 [question]", "决定 [decision]"]
    book["minutes"].cell(2, heads.index("决定 [decision]") + 1).value = "refused"
    book["minutes"].cell(2, heads.index("负责方 [decided_by]") + 1).value = COUNCIL
    book.save(path)
    changed, report = imported(project, path)
    assert report.counts == {"decisions": 1}
    assert [(each.item, each.decision) for each in changed.resolutions] == [(Item.OPTION, "refused")]


def test_that_the_same_minutes_change_nothing_twice_and_a_second_meeting_changes_what_it_states(project, minutes):
    filled(minutes, option=DECIDED)
    once, _ = imported(project, minutes)
    twice, report = imported(once, minutes, kind="decisions")
    assert report.counts == {"decisions": 0}
    assert twice.resolutions == once.resolutions
    filled(minutes, option={"decision": "refused", "outcome": None, "due_on": None})
    again, _ = imported(twice, minutes)
    [resolution] = again.resolutions
    assert (resolution.decision, resolution.outcome, resolution.due_on) == ("refused", "As today", "2027-03-31")


def test_that_an_import_of_the_same_cameras_leaves_what_was_decided_of_them(project, minutes):
    from lhasaplan.workflow.imports import merge_cameras

    changed, _ = imported(project, filled(minutes, camera_plan_1=DECIDED))
    merged = merge_cameras(changed.cameras, project.cameras, "cameras.csv")
    kept = next(each for each in merged if each.camera_id == "plan-1").extra
    assert {name: kept[name] for name in DECIDED} == DECIDED


def test_that_every_cell_that_is_none_is_told_with_its_row_and_column_and_nothing_is_taken(project, minutes):
    wrong = {"decision": "perhaps", "due_on": "soon"}
    filled(minutes, option=wrong, planned={"decision": "approved"}, views={"outcome": "masks"})
    with pytest.raises(InputError) as caught:
        imported(project, minutes)
    said = [Translations().fault(fault) for fault in caught.value.faults]
    assert [text.split(":")[0] for text in said] == [
        "minutes.xlsx row 2, column decision",
        "minutes.xlsx row 2, column due_on",
        "minutes.xlsx row 3, column decided_by",
        "minutes.xlsx row 4, column decision",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("item,question,decision,decided_by\nbudget,How much?,approved,Mayor\n", "budget is no question of a meeting"),
        ("item,question,decision,decided_by\nviews,,open,\nviews,,open,\n", "the id views is already used in row 2"),
        ("item,question,decision,decided_by\ncamera:gone,,approved,Mayor\n", "the project has no camera gone"),
    ],
)
def test_that_minutes_that_cannot_be_told_are_refused_in_a_sentence(project, tmp_path, rows, said):
    path = tmp_path / "minutes.csv"
    path.write_text(rows)
    with pytest.raises(InputError) as caught:
        imported(project, path, kind="decisions")
    assert said in Translations().fault(caught.value.faults[0])


def test_that_minutes_without_a_column_of_items_are_none(tmp_path):
    path = tmp_path / "minutes.csv"
    path.write_text("thing,question,decision\nviews,,open\n")
    assert open_services().files.filled_in_name(path) == ""
    with pytest.raises(InputError, match="the column item is missing"):
        open_services().files.read_filled_in(path, MINUTED)


def test_that_the_public_is_told_what_was_decided_and_neither_by_whom_nor_in_whose_words(project):
    named = Resolution(
        Item.VIEWS, "Is the house of Nobody-Else masked?", "approved", "as Nobody-Else asked", COUNCIL, "2027-01-01"
    )
    reported, answers = at_level(replace(project, resolutions=(named,)), a_check(), LEAST["public"])
    shown, assessment = public_values(reported, answers)
    text = compose_plan(shown, assessment, Translations(), DraftOrder(level="public")).text()
    assert "until 1 January 2027" in text
    assert "Nobody-Else" not in text
    assert COUNCIL not in text


def test_that_what_is_not_asked_any_more_stands_with_the_question_as_it_was_put(project):
    earlier = Resolution(Item.REMOVALS, "Are the two old poles taken down?", "approved", "", COUNCIL)
    deck = compose_audit_deck(
        replace(project, resolutions=(earlier,)), an_assessment(cameras=(certain_camera(),)), Translations()
    )
    assert "Are the two old poles taken down?" in " ".join(row[0] for row in rows_of(deck.appendix, "Decided before"))
    plan = compose_plan(replace(project, resolutions=(earlier,)), a_check(), Translations()).text()
    assert f"Are the two old poles taken down? | approved | {COUNCIL}" in plan


def rows_of(slides, title):
    [slide] = [each for each in slides if each.title == title]
    return [row for block in slide.blocks if isinstance(block, Grid) for row in block.rows]


def opened(deck):
    stream = io.BytesIO()
    build(deck).save(stream)
    return pptx.Presentation(stream)


def cells(slide):
    return [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]


def titles(presentation):
    return [slide.shapes.title.text for slide in presentation.slides]


def decisions_of(presentation):
    return [slide for slide in presentation.slides if slide.shapes.title.text.startswith("Decision ")]


# By day the plan's, which has more to decide; both are laid out by the same words.
@pytest.mark.parametrize("compose", some_by_day((compose_plan_deck, compose_audit_deck), {compose_plan_deck}))
def test_that_a_meeting_is_shown_at_most_eight_slides_with_every_question_and_all_others_are_its_annex(project, compose):
    many = tuple(replace(possible_camera(f"node/{n}"), removable=True) for n in range(40))
    for check in (a_check(), a_check(cameras=(certain_camera(), *many, planned_camera()), synthetic=True)):
        presentation = opened(compose(project, check, Translations()))
        said = titles(presentation)
        assert said.index("Annex") <= MOST
        asked = [n for n, title in enumerate(said) if title.startswith("Decision ") and "(2/" not in title and " of " in title]
        assert asked == list(range(asked[0], asked[0] + len(asked)))
        assert len(asked) >= 3
        [shown] = [n for n, title in enumerate(said) if title == f"The council is asked {len(asked)} questions"]
        assert shown < said.index("Annex")
        for number in asked:
            notes = presentation.slides[number].notes_slide.notes_text_frame.text
            assert "of minutes.xlsx. The command import reads them back" in notes
            assert cells(presentation.slides[number])[:2] == ["Decision", "By whom, until when"]


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"zh_CN"}))
def test_that_the_whole_mandate_stands_on_the_first_slide_and_the_level_on_each(project, language):
    translations = load_translations(language)
    presentation = opened(compose_plan_deck(project, a_check(), translations))
    first = cells(presentation.slides[0])
    assert {"City of Test", "Data Protection Ombudsman", "A. Officer", translations("Rule packs")} <= set(first)
    for slide in presentation.slides:
        said = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert translations("For use inside the office") in said


def test_that_what_options_serve_and_what_they_show_unasked_are_charts_of_one_size(project):
    presentation = opened(compose_plan_deck(project, a_check(), Translations()))
    [slide] = [each for each in presentation.slides if each.shapes.title.text == "The options compared"]
    served, unasked = [shape for shape in slide.shapes if shape.has_chart]
    assert (served.width, served.height) == (unasked.width, unasked.height)
    options = [row for row in tables(presentation) if row[0] == "Option"]
    assert options
    certain, possible = (series.values for series in unasked.chart.plots[0].series)
    values = dict(zip(served.chart.plots[0].categories, zip(certain, possible, strict=True), strict=True))
    assert values == {"No camera": (0, 0), "As today": (300, 1250), "As drafted: with the planned cameras": (300, 1350)}


def tables(presentation):
    return [
        [cell.text for cell in row.cells]
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]


def test_that_the_minutes_to_be_signed_ask_what_the_sheet_asks(project, minutes):
    draft = compose_minutes(project, a_check(), Translations(), DraftOrder())
    grids = [block for block in draft.blocks if isinstance(block, Grid) and block.headings[0] == "Question"]
    asked = [row[0] for grid in grids for row in grid.rows]
    sheet = openpyxl.load_workbook(minutes)["minutes"]
    there = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(there) == len(asked)
    assert all(text.startswith(question) for text, question in zip(there, asked, strict=True))  # then what may be chosen
    assert Motion(Item.OPTION, asked[0]).resolution is None


def test_that_the_same_project_gives_the_same_minutes(project, tmp_path):
    order = DraftOrder(date="2026-11-27")
    one, other = (
        [path.read_bytes() for path in write_minutes(project, a_check(), tmp_path / n, Translations(), order)] for n in "ab"
    )
    assert one == other


def test_that_no_line_of_the_help_runs_off_its_printed_page(minutes):
    sheet = openpyxl.load_workbook(minutes)["How to fill this in"]
    assert all(row[0].alignment.wrap_text for row in sheet.iter_rows())
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
