"""A plan is steps upon what stands: whatever it does, what stands stays as it is."""

from dataclasses import replace

import pytest

from lhasaplan.core.changes.camera_change import AddCamera, MoveCamera, RemoveCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.project.plan import (
    Drafted,
    about_with_plan,
    at_stage,
    following,
    inventory,
    leaving,
    plan_changes,
    planned_for,
    proposed_upon,
    with_all_steps,
    with_plan,
    without_steps,
)
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project

MADE = Drafted("A. B.", "2026-02-03", "fewer", "option 2")
A, B = Camera("a", 0.0, 0.0, azimuth_deg=10.0), Camera("b", 5.0, 0.0, azimuth_deg=20.0)
GONE = Camera("g", 9.0, 0.0, status=Status.REMOVED)
NEW = Camera("n", 7.0, 0.0, status=Status.PLANNED, source="C. D.", source_date="2026-01-01")
TOWN = Project(cameras=(A, B, GONE))


def of_all():
    """Return the town in which a is turned, b goes and n comes."""
    wished = Proposal((TurnCamera("a", 90.0), RemoveCamera("b"), AddCamera(NEW)))
    return proposed_upon(TOWN, wished, MADE)


def test_that_what_stands_is_the_same_value_with_any_plan():
    assert inventory(of_all()) == TOWN.cameras
    assert [each is other for each, other in zip(inventory(of_all()), TOWN.cameras, strict=True)] == [True] * 3


def test_that_a_plan_names_each_camera_with_what_it_does_who_and_when():
    stated = {"by": "A. B.", "on": "2026-02-03", "reason": "fewer", "plan": "option 2"}
    assert of_all().plan == (
        PlanStep("a", Action.CHANGE, "a-planned", **stated),
        PlanStep("b", Action.REMOVE, **stated),
        PlanStep("n", Action.ADD, **stated),
    )


def test_that_with_the_plan_a_changed_camera_bears_its_own_id_and_one_that_goes_is_gone():
    turned = replace(A, azimuth_deg=90.0)
    assert with_plan(of_all()) == (turned, GONE, NEW)
    assert leaving(of_all()) == {"a", "b"}
    assert plan_changes(of_all()).changes == (RemoveCamera("b"), TurnCamera("a", 90.0), AddCamera(NEW, 2))


def test_that_taking_the_same_over_again_changes_nothing():
    once = of_all()
    again = planned_for(once, with_plan(once), Drafted("E. F.", "2026-03-01"))
    assert (again.plan, again.cameras is once.cameras) == (once.plan, True)


def test_that_a_camera_as_it_stands_leaves_the_plan():
    back = planned_for(of_all(), (A, B, GONE), MADE)
    assert (back.plan, back.cameras) == ((), TOWN.cameras)


def test_that_a_drawn_camera_without_a_step_is_one_by_whom_its_record_names():
    drawn = replace(TOWN, cameras=(*TOWN.cameras, NEW))
    assert with_all_steps(drawn).plan == (PlanStep("n", Action.ADD, by="C. D.", on="2026-01-01"),)
    assert with_all_steps(TOWN) is TOWN


def test_that_a_planned_state_that_was_dropped_leaves_its_camera_as_it_stands():
    dropped = replace(of_all(), cameras=(*TOWN.cameras, NEW))
    assert leaving(dropped) == {"b"}
    assert [each.camera_id for each in with_all_steps(dropped).plan] == ["b", "n"]


def test_that_a_camera_that_is_gone_comes_again_under_an_id_of_its_own():
    again = planned_for(TOWN, (A, B, replace(GONE, status=Status.OPERATING)), MADE)
    assert again.plan == (PlanStep("planned-1", Action.ADD, by="A. B.", on="2026-02-03", reason="fewer", plan="option 2"),)
    assert [(each.camera_id, each.status) for each in again.cameras[2:]] == [("g", "removed"), ("planned-1", "planned")]


def test_that_a_planned_state_follows_a_correction_of_what_it_does_not_change():
    plan = of_all()
    corrected = replace(A, x_m=1.0, mount_height_m=5.0, corrections=(Correction("x_m", "0", "E. F.", "2026-03-01"),))
    after = following(plan, replace(plan, cameras=(corrected, *plan.cameras[1:])))
    assert with_plan(after)[0] == replace(corrected, azimuth_deg=90.0)


def test_that_a_change_of_a_planned_state_is_one_of_its_camera():
    moved = about_with_plan(Proposal((MoveCamera("a-planned", 3.0, 0.0),)), of_all())
    assert with_plan(proposed_upon(of_all(), moved, MADE))[0] == replace(A, azimuth_deg=90.0, x_m=3.0)


@pytest.mark.parametrize("camera_id", ["a", "b", "n"])
def test_that_a_step_can_be_decided_and_left_out_alone(camera_id):
    decided = at_stage(of_all(), [camera_id], Stage.DECIDED, "Council", "2026-04-01")
    (step,) = [each for each in decided.plan if each.stage is Stage.DECIDED]
    assert (step.camera_id, step.by, step.on) == (camera_id, "Council", "2026-04-01")
    left = without_steps(decided, [camera_id])
    assert camera_id not in {each.camera_id for each in left.plan}
    assert len(left.plan) == 2
    assert inventory(left) == TOWN.cameras
