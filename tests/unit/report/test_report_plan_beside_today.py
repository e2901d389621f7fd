"""A draft after an option was taken over says of today what it said before, and who goes; minutes reach every page."""

from dataclasses import replace

import pytest

from lhasaplan import workflow
from lhasaplan.app.state import edits
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.wording import Wording
from lhasaplan.core.project.plan_step import Action, Stage
from lhasaplan.core.records.camera_corrections import Author
from lhasaplan.core.records.minutes import Minute, contradictions, with_minutes
from lhasaplan.errors import InputError
from lhasaplan.ports import DraftOrder
from lhasaplan.report.city_plan.compose import compose_plan
from lhasaplan.report.city_plan.delivery import cost_of_work
from lhasaplan.report.city_plan.plan_facts import facts_of
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.redaction import public_values

AUTHOR, COUNCIL = Author("A. Example", "2026-05-01"), "Council of the town"


@pytest.fixture(scope="module")
def town():
    services = open_services()
    project = workflow.open_sample(services, services.read_sample("hilltown"))
    option = next(each for each in workflow.propose(services, project, ("all",)).options if each.leave.name == "all")
    after = edits.accepted(project, option.proposal, AUTHOR)[1](project)
    return services, project, after


def shown(services, project):
    found = workflow.check(services, project)
    options = workflow.plan_options(services, project, found)
    return *public_values(project, found), DraftOrder(options=options, date="2026-05-01")


@pytest.fixture(scope="module")
def drafts(town):
    services, *projects = town
    return [shown(services, each) for each in projects]


@pytest.fixture(scope="module")
def texts(drafts):
    return [compose_plan(*values, Wording(), order).text() for *values, order in drafts]


def test_that_the_first_page_counts_thirteen_cameras_today_and_the_same_places_before_and_after(texts):
    for text in texts:
        assert "beside 13 today" in text
    assert "New cameras planned: 1, beside 13 today" in texts[0]
    assert "New cameras planned: 13, beside 13 today. Parts served as asked: then 11 of 14, today 6." in texts[1]
    assert "Certain views of them that are due or an error: then 0, today 2." in texts[1]


def test_that_the_plan_names_all_eleven_removals_and_the_one_change(texts):
    assert "Cameras that the plan takes down: 11 (1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13). They stand until that is done." in texts[1]
    assert "Cameras that the plan changes: 1 (3)." in texts[1]
    assert "Cameras with the plan: 15." in texts[1]
    assert "The plan takes these cameras down. They stand until that is done." in texts[1]


def test_that_the_figures_of_today_in_the_summary_are_those_of_before(drafts):
    before, after = ({line.key: line.value for line in summarise(assessment)} for _, assessment, _ in drafts)
    ofplan = {
        "cameras_planned",
        "cameras_to_go",
        "cameras_to_change",
        "cameras_with_plan",
        "findings_planned",
        "parts_met_with_plan",
    }
    assert {key: value for key, value in after.items() if key not in ofplan} == {
        key: value for key, value in before.items() if key not in ofplan
    }
    assert (after["cameras_to_go"], after["cameras_to_change"], after["cameras_with_plan"]) == (11, 1, 15)


def row(item, decision, number, **values):
    return Minute(item, "", {"decision": decision, "decided_by": COUNCIL, "decided_on": "2026-05-04", **values}, number)


def test_that_a_camera_that_the_council_refuses_is_in_no_layout_and_no_cost_and_page_one_names_who_approved(town):
    services, _, project = town
    rows = (
        row("option", "approved", 2, outcome="With planned cameras"),
        row("camera:planned-1", "refused", 3),
        row("camera:planned-2", "approved", 4),
        row("camera:HT-06", "approved", 5),
    )
    decided = with_minutes(project, rows).project
    stages = {step.camera_id: step.stage for step in decided.plan}
    assert "planned-1" not in stages
    assert {stages["planned-2"], stages["HT-06"]} == {Stage.DECIDED}
    assert stages["planned-3"] is Stage.DRAFTED
    *values, order = shown(services, decided)
    facts = facts_of(*values, Wording(), order)
    assert "planned-1" not in {result.placed.camera.camera_id for result in facts.standing}
    *known, order_before = shown(services, project)
    work = [sum(cost_of_work(one).counts.values()) for one in (facts_of(*known, Wording(), order_before), facts)]
    assert work[1] == work[0] - 1
    text = compose_plan(*values, Wording(), order).text()
    assert f"Approved so far, as stated below, by: {COUNCIL}, 2026-05-04." in text
    assert "approved by nobody" not in text
    still_open = text.split("What is to be decided")[1].split("Which option is chosen?")[0]
    assert "Who reports to the council" in still_open


def test_that_rows_of_minutes_that_cannot_both_be_are_refused_with_both_named(town, tmp_path):
    services, _, project = town
    table = tmp_path / "minutes.csv"
    table.write_text(
        "item,question,decision,decided_by\n"
        "planned,,approved,Council\n"
        "camera:planned-1,,refused,Council\n"
        "removals,,refused,Council\n"
        "camera:HT-06,,approved,Council\n"
    )
    with pytest.raises(InputError) as caught:
        workflow.import_file(services, project, table)
    assert [Wording().fault(fault).split(";")[0] for fault in caught.value.faults] == [
        "minutes.csv row 3, column decision: camera:planned-1 is refused, but row 2 says that planned is approved",
        "minutes.csv row 5, column decision: camera:HT-06 is approved, but row 4 says that removals is refused",
    ]
    told = (row("planned", "changed", 2), row("camera:planned-1", "refused", 3))
    assert contradictions(project, told) == ()


def test_that_the_same_minutes_can_be_taken_again_when_a_camera_has_left_the_plan(town, tmp_path):
    services, _, project = town
    table = tmp_path / "minutes.csv"
    table.write_text("item,question,decision,decided_by\ncamera:planned-1,Is it put up?,refused,Council\n")
    once, _ = workflow.import_file(services, project, table)
    assert [(step.action, step.camera_id) for step in project.plan if step not in once.plan] == [(Action.ADD, "planned-1")]
    again, _ = workflow.import_file(services, replace(once, inputs=()), table)
    assert again.plan == once.plan
