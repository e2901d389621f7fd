"""Records that cannot both be are refused with both named: minutes, schedules, steps of the plan, approvals, declarations."""

from dataclasses import replace

import pytest

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.project.projects import join
from lhasaplan.errors import InputError

X, Y = 500_248.0, 6_740_248.0
COMING = Camera("P-1", X, Y, status=Status.PLANNED, input_file="cameras.csv")
STANDS = Camera("A-1", X + 30.0, Y, input_file="cameras.csv")
PROJECT = Project("town", "EPSG:32635", ("eu-gdpr",), cameras=(COMING, STANDS))
HEADS = "item,question,decision,decided_by,decided_on\n"


@pytest.fixture
def take(tmp_path):
    """Take a table into a project, and return it."""
    services = open_services()

    def taken(project, name, text, kind=None):
        (tmp_path / name).write_text(text)
        return workflow.import_file(services, project, tmp_path / name, kind=kind)[0]

    return taken


def refusals(take, project, name, text, kind=None):
    with pytest.raises(InputError) as caught:
        take(project, name, text, kind)
    return [Translations().fault(fault) for fault in caught.value.faults]


def row(decision, day="", camera="P-1"):
    return f"{HEADS}camera:{camera},,{decision},Council,{day}\n"


def test_that_minutes_of_an_earlier_day_do_not_undo_what_was_decided_since(take):
    june = take(PROJECT, "june.csv", row("approved", "2026-06-01"))
    (said,) = refusals(take, june, "march.csv", row("refused", "2026-03-01"))
    assert said.startswith(
        "march.csv row 2, column decision: camera:P-1 is refused on 2026-03-01, but june.csv row 2 says that "
        "camera:P-1 is approved"
    )
    july = take(june, "july.csv", row("refused", "2026-07-01"))
    assert [camera.camera_id for camera in july.cameras] == ["A-1"]


def test_that_minutes_without_a_day_do_not_undo_those_of_another_sheet(take):
    decided = take(PROJECT, "june.csv", row("approved", "2026-06-01"))
    (said,) = refusals(take, decided, "some.csv", row("refused"))
    assert "some.csv row 2, column decision: camera:P-1 is refused without a day, but june.csv row 2 says that" in said
    undated = take(PROJECT, "june.csv", row("approved"))
    assert "State the day" in refusals(take, undated, "some.csv", row("refused"))[0]
    take(undated, "july.csv", row("refused", "2026-07-01"))
    take(undated, "june.csv", row("refused"))  # a sheet of the same name takes the place of what it said


@pytest.mark.parametrize(
    ("stage", "on", "day", "is_refused"),
    [
        (Stage.DONE, "2026-05-01", "2026-06-01", True),
        (Stage.ORDERED, "2026-05-01", "2026-05-01", True),
        (Stage.ORDERED, "2026-05-01", "", True),
        (Stage.ORDERED, "2026-05-01", "2026-06-01", False),  # an order is stopped
        (Stage.DECIDED, "2026-05-01", "2026-06-01", False),
    ],
)
def test_that_minutes_do_not_refuse_what_is_done_or_ordered(take, stage, on, day, is_refused):
    camera = replace(COMING, status=Status.OPERATING) if stage is Stage.DONE else COMING
    step = PlanStep("P-1", Action.ADD, "", stage, "Works", on)
    project = replace(PROJECT, cameras=(camera, STANDS), plan=(step,))
    if is_refused:
        (said,) = refusals(take, project, "m.csv", row("refused", day))
        assert f"m.csv row 2, column decision: camera:P-1 is refused, but the plan says {stage} by Works on {on}" in said
    else:
        assert take(project, "m.csv", row("refused", day)).cameras == (STANDS,)


@pytest.mark.parametrize(
    ("decision", "camera", "status", "said"),
    [
        ("refused", "P-1", Status.OPERATING, "approvals.csv has the camera as approved that day"),
        ("approved", "P-1", Status.REMOVED, "approvals.csv withdraws its approval that day"),
        ("approved", "A-1", Status.OPERATING, "approvals.csv has the camera as approved that day"),  # it is taken down
        ("approved", "P-1", Status.OPERATING, ""),
        ("refused", "A-1", Status.OPERATING, ""),  # it stays
    ],
)
def test_that_minutes_and_approvals_of_one_day_do_not_say_otherwise_of_one_camera(take, decision, camera, status, said):
    known = next(each for each in PROJECT.cameras if each.camera_id == camera)
    approval = replace(known, status=status, approved_on="2026-05-01", input_file="approvals.csv")
    project = replace(PROJECT, baseline=(approval,))
    sheet = row(decision, "2026-05-01", camera)
    if said:
        assert [said in text for text in refusals(take, project, "m.csv", sheet)] == [True]
    else:
        take(project, "m.csv", sheet)
    take(project, "m.csv", row(decision, "2026-06-01", camera))  # of a later day


def test_that_an_approval_of_what_was_put_up_since_says_the_same_as_its_minutes(take):
    built = replace(COMING, status=Status.OPERATING)
    approval = replace(built, approved_on="2026-05-01", input_file="approvals.csv")
    step = PlanStep("P-1", Action.ADD, "", Stage.DONE, "Works", "2026-06-01")
    project = replace(PROJECT, cameras=(built, STANDS), plan=(step,), baseline=(approval,))
    take(project, "m.csv", row("approved", "2026-05-01"))


def test_that_two_files_do_not_approve_and_withdraw_on_one_day(take):
    heads = "camera_id,x_m,y_m,status,approved_on\n"
    one = take(PROJECT, "approved.csv", f"{heads}A-1,{X + 30},{Y},operating,2026-05-01\n", "baseline")
    assert [each.camera_id for each in one.baseline] == ["A-1"]
    (said,) = refusals(take, one, "withdrawn.csv", f"{heads}A-1,{X + 30},{Y},removed,2026-05-01\n", "baseline")
    assert "this file withdraws the approval of camera A-1 on 2026-05-01, and approved.csv has it as approved that day" in said
    take(one, "withdrawn.csv", f"{heads}A-1,{X + 30},{Y},removed,2026-06-01\n", "baseline")


def test_that_a_price_in_the_place_of_another_sheet_s_is_told_with_both(tmp_path):
    services, heads = open_services(), "camera_id,unit_price,phase,decision\n"
    for name, price in (("one.csv", 4200), ("two.csv", 5000)):
        (tmp_path / name).write_text(f"{heads}P-1,{price},2027,open\n")
    project, _ = workflow.import_file(services, PROJECT, tmp_path / "one.csv")
    _, report = workflow.import_file(services, project, tmp_path / "two.csv")
    reported = [Translations().fault(each) for each in report.remarks]
    assert any(
        "two.csv row 2, column unit_price: 5 000.00 of camera P-1 takes the place of 4 200.00, which one.csv 2 states" in text
        for text in reported
    )


def test_that_two_sides_that_declare_opposite_uses_of_one_building_are_in_conflict():
    sides = [
        replace(PROJECT, declarations=(Declaration("way/5", fact, by, "2026-05-01", "seen"),))
        for fact, by in (("dwelling", "A. Clerk"), ("not_dwelling", "B. Clerk"))
    ]
    found = join(PROJECT, *sides)
    assert [(each.kind, each.key) for each in found.conflicts] == [("declarations", "way/5 dwelling")]
    chosen = join(PROJECT, *sides, {("declarations", "way/5 dwelling"): "theirs"})
    assert [(each.fact, each.by) for each in chosen.project.declarations] == [("not_dwelling", "B. Clerk")]
