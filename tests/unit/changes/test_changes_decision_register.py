"""One register holds all that people decided, of whatever kind, each with its subject, answer, reason, name, day and sheet."""

from dataclasses import replace

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution, Suspended
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import Minute, with_minutes
from lhasaplan.core.records.register_rows import Decided, Decides, DecisionRegister

STATED = {"unit_price": "4200", "currency": "EUR", "phase": "2027", "priced_in": "schedule.xlsx 2"}
PRICED = {name: text for name, text in STATED.items() if name != "priced_in"}
DECIDED = {"decision": "approved", "decided_by": "Council", "decided_on": "2026-05-04", "decided_in": "minutes.xlsx 5"}
CAMERA = Camera("A", 0.0, 0.0, extra={**STATED, **DECIDED})
APPROVED = Camera("B", 0.0, 0.0, approved_on="2020-01-01", input_file="baseline.csv")
LOST = Declaration("way/5", "not_dwelling", "A. Clerk", "2026-05-02", "a shed")
PROJECT = Project(
    cameras=(CAMERA,),
    baseline=(APPROVED, replace(APPROVED, approved_on="2021-01-01", status=Status.REMOVED)),
    confirmations=(Confirmation("part", "safety", "two collisions", "signs", "A. Example", "2026-05-01"),),
    excuses=(Excuse("part", "works", "B. Example", "2026-05-03"),),
    resolutions=(Resolution("option", "Which?", "approved", "As today", "Council", "", "2026-05-04", "minutes.xlsx 2"),),
    suspended=(Suspended("declaration", "way/5", "not_dwelling", "gone", "2026-06-01", declaration=LOST),),
)


def test_that_each_decision_stands_there_once_with_all_that_is_known_of_it():
    assert DecisionRegister(PROJECT).entries == (
        Decided(Decides.CONFIRMATION, "part", "safety", "two collisions", "A. Example", "2026-05-01", milder_means="signs"),
        Decided(Decides.EXCUSE, "part", "excuse", "works", "B. Example", "2026-05-03"),
        Decided(Decides.QUESTION, "option", "approved", "As today", "Council", "2026-05-04", "minutes.xlsx 2", question="Which?"),
        Decided(Decides.CAMERA, "camera:A", "approved", "", "Council", "2026-05-04", "minutes.xlsx 5"),
        Decided(Decides.SCHEDULE, "camera:A", "4200 EUR 2027", sheet="schedule.xlsx 2", is_on_record=True, stated=PRICED),
        Decided(Decides.APPROVAL, "camera:B", "", on="2020-01-01", sheet="baseline.csv"),
        Decided(Decides.WITHDRAWAL, "camera:B", "", on="2021-01-01", sheet="baseline.csv"),
        Decided(
            Decides.DECLARATION, "way/5", "not_dwelling", "a shed", "A. Clerk", "2026-05-02", suspended="gone", since="2026-06-01"
        ),
    )


def test_that_a_decision_is_open_until_it_is_made_and_an_option_is_chosen_by_its_name():
    register = DecisionRegister(PROJECT)
    assert register.is_open("review")
    assert not register.is_open("option")
    assert register.chosen_option().outcome == "As today"
    assert [each.item for each in register.approving(["option", "review", "camera:A"])] == ["option", "camera:A"]


def test_that_minutes_say_in_the_register_in_which_sheet_and_row_they_stand():
    rows = (
        Minute("camera:A", "", {"decision": "refused", "decided_by": "Council", "decided_on": "2026-07-01"}, 7),
        Minute("review", "When?", {"decision": "approved", "decided_by": "Council"}, 8),
    )
    register = DecisionRegister(with_minutes(PROJECT, rows, "july.xlsx").project)
    assert (register.on("camera:A").decision, register.on("camera:A").sheet) == ("refused", "july.xlsx 7")
    assert register.on("review").sheet == "july.xlsx 8"
