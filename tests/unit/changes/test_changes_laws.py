"""What holds of any change of any cameras: it can be taken back, found as a difference, written and read."""

import json
from dataclasses import fields, replace

import pytest
from amounts import examples
from hypothesis import given
from hypothesis import strategies as st
from project_values import CAMERA
from undone import taken_back

from lhasaplan.core.changes.camera_change import (
    VALUE_CHANGES,
    AddCamera,
    ChangeLens,
    ChangeMask,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TurnCamera,
    value_changes,
    values_changed,
)
from lhasaplan.core.changes.proposal import (
    KINDS,
    Proposal,
    Source,
    apply,
    carried_over,
    difference,
    from_json,
    to_json,
)
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.records.schedule import Author, recorded
from lhasaplan.errors import InputError

NAMES = [f"c{number}" for number in range(7)]


@st.composite
def plans(draw):
    """Draw a list of cameras with ids of a small stock, so that two plans share some."""
    ids = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(replace(draw(CAMERA), camera_id=name) for name in ids)


@st.composite
def proposals(draw, plan):
    """Draw changes that can be made one after the other, and the plan that they begin with."""
    standing, changes = {each.camera_id: each for each in plan}, []
    for _ in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from(NAMES))
        other = replace(draw(CAMERA), camera_id=name)
        if name not in standing:
            change = AddCamera(other, draw(st.none() | st.integers(0, len(standing))))
        else:
            change = draw(st.sampled_from([RemoveCamera(name), *(kind.to_match(other) for kind in VALUE_CHANGES)]))
        after = change.applied(standing.get(name))
        standing = {**standing, name: after} if after else {key: c for key, c in standing.items() if key != name}
        changes.append(change)
    return Proposal(tuple(changes), draw(st.text()), draw(st.sampled_from(list(Source))), draw(st.text()))


def test_that_each_field_of_a_camera_belongs_to_one_kind_of_change():
    named = [name for kind in VALUE_CHANGES for name in values_changed(kind)]
    assert sorted(named) == sorted(field.name for field in fields(Camera) if field.name != "camera_id")


@examples(10, nightly=150)
@given(plans(), plans())
def test_that_the_difference_of_two_plans_makes_one_the_other(before, after):
    assert apply(difference(before, after), before) == after


@examples(10, nightly=150)
@given(st.data())
def test_that_a_proposal_taken_back_leaves_the_cameras_as_they_were(data):
    plan = data.draw(plans())
    proposal = data.draw(proposals(plan))
    assert apply(taken_back(proposal, plan), apply(proposal, plan)) == plan


@examples(10, nightly=150)
@given(st.data())
def test_that_the_inverse_of_each_change_gives_the_camera_back(data):
    plan = data.draw(plans())
    standing = {each.camera_id: each for each in plan}
    for change in data.draw(proposals(plan)).changes:
        before = standing.get(change.camera_id)
        after = change.applied(before)
        assert change.inverse(before).applied(after) == before
        standing[change.camera_id] = after


@examples(10, nightly=150)
@given(st.data())
def test_that_a_proposal_is_read_as_it_was_written(data):
    proposal = data.draw(proposals(data.draw(plans())))
    assert from_json(json.loads(json.dumps(to_json(proposal)))) == proposal
    assert all(from_json(to_json(Proposal((each,)))).changes == (each,) for each in proposal.changes)


@examples(10, nightly=150)
@given(plans())
def test_that_a_plan_does_not_differ_from_itself(plan):
    assert difference(plan, plan).changes == ()
    assert difference(plan, tuple(replace(each) for each in plan)).changes == ()


@examples(10, nightly=150)
@given(plans(), plans())
def test_that_cameras_which_a_proposal_does_not_name_stay_the_same_objects(before, after):
    proposal = difference(before, after)
    kept = [camera for camera in apply(proposal, before) if camera.camera_id not in proposal.camera_ids]
    assert all(any(camera is each for each in before) for camera in kept)


def test_that_a_camera_moved_to_the_front_of_the_list_leaves_and_comes_alone():
    a, b, c = (Camera(name, 0.0, 0.0) for name in "abc")
    assert difference((a, b, c), (c, a, b)).changes == (RemoveCamera("c"), AddCamera(c, 0))


def test_that_a_turn_and_a_move_are_two_changes_that_can_be_taken_one_by_one():
    before = Camera("a", 1.0, 2.0, azimuth_deg=10.0, range_m=30.0)
    after = replace(before, x_m=5.0, azimuth_deg=20.0)
    assert value_changes(before, after) == (MoveCamera("a", 5.0, 2.0), TurnCamera("a", 20.0))
    assert apply(Proposal((TurnCamera("a", 20.0),)), (before,)) == (replace(before, azimuth_deg=20.0),)


@pytest.mark.parametrize(
    "change", [TurnCamera("b", 1.0), RemoveCamera("b"), ChangeStatus("b", Status.REMOVED), AddCamera(Camera("a", 0.0, 0.0))]
)
def test_that_a_change_of_a_camera_that_is_not_there_or_a_second_of_one_id_is_refused(change):
    with pytest.raises(InputError):
        apply(Proposal((change,)), (Camera("a", 0.0, 0.0),))


def test_that_two_cameras_of_one_id_are_no_plan():
    with pytest.raises(InputError, match="There is already a camera a"):
        difference((Camera("a", 0.0, 0.0), Camera("a", 1.0, 0.0)), ())


def test_that_all_faults_of_a_written_proposal_are_told_with_number_and_field():
    raw = to_json(Proposal((TurnCamera("a", 1.0), MoveCamera("a", 1.0, 2.0), AddCamera(Camera("b", 0.0, 0.0)))))
    raw["changes"][0]["azimuth_deg"] = "north"
    raw["changes"][1] |= {"change": "jump"}
    raw["changes"][2]["camera"] |= {"status": "asleep", "colour": "red"}
    raw["source"] = "oracle"
    with pytest.raises(InputError) as caught:
        from_json(raw, "plan.json")
    reported = [str(fault) for fault in caught.value.faults]
    assert reported == [
        "plan.json, column source: oracle is not a value here",
        "plan.json row 1, column azimuth_deg: north is not a value here",
        f"plan.json row 2: jump is not a kind of change; the kinds are {', '.join(KINDS)}",
        "plan.json row 3, column camera.colour: colour is no field of a change",
        "plan.json row 3, column camera.status: asleep is not a value here",
    ]


@pytest.mark.parametrize("value", [None, True, "1", [], float("nan"), float("inf"), 10**400])
def test_that_what_is_no_number_is_no_place(value):
    with pytest.raises(InputError):
        from_json({**to_json(Proposal()), "changes": [{"change": "move", "camera_id": "a", "x_m": value, "y_m": 0.0}]})


@pytest.mark.parametrize(
    "raw", [None, [], "text", {}, {"schema": "lhasaplan-proposal/2"}, {**to_json(Proposal()), "changes": {}}]
)
def test_that_what_is_no_proposal_is_refused(raw):
    with pytest.raises(InputError):
        from_json(raw)


# A proposal that was made for earlier cameras.


@examples(10, nightly=150)
@given(st.data())
def test_that_for_the_cameras_that_it_was_made_for_a_proposal_stays_what_it_is(data):
    plan = data.draw(plans())
    proposal = data.draw(proposals(plan))
    assert apply(carried_over(proposal, plan, plan), plan) == apply(proposal, plan)


def test_that_a_mask_joins_those_that_came_since_and_leaves_a_picture_that_was_changed_since():
    then = Camera("a", 0.0, 0.0, hfov_deg=90.0, image_width_px=1920, mask_sector_deg=((0.0, 10.0),))
    now = replace(then, x_m=3.0, image_width_px=640, mask_sector_deg=((0.0, 10.0), (50.0, 60.0)))
    narrower = replace(ChangeLens.to_match(then), hfov_deg=40.0)
    proposal = Proposal((ChangeMask("a", (), ((0.0, 10.0), (20.0, 30.0))), narrower))
    (after,) = apply(carried_over(proposal, (then,), (now,)), (now,))
    assert after == replace(now, hfov_deg=40.0, mask_sector_deg=((0.0, 10.0), (50.0, 60.0), (20.0, 30.0)))


def test_that_a_mask_that_a_proposal_lifts_is_lifted_though_another_came_since():
    then = Camera("a", 0.0, 0.0, mask_sector_deg=((0.0, 10.0), (20.0, 30.0)), extra={"x": "1", "y": "2"})
    now = replace(then, mask_sector_deg=((0.0, 10.0), (20.0, 30.0), (50.0, 60.0)), extra={"x": "1", "y": "2", "z": "3"})
    lifted = ChangeRecord.to_match(replace(then, extra={"x": "5"}))
    (after,) = apply(carried_over(Proposal((ChangeMask("a", (), ((20.0, 30.0),)), lifted)), (then,), (now,)), (now,))
    assert after.mask_sector_deg == ((20.0, 30.0), (50.0, 60.0))
    assert after.extra == {"x": "5", "z": "3"}


def test_that_what_is_recorded_keeps_the_note_and_a_plan_that_is_dropped_leaves_the_list():
    author = Author("survey", "2026-05-01")
    stands, planned = Camera("a", 0.0, 0.0, azimuth_deg=10.0), Camera("b", 0.0, 0.0, status=Status.PLANNED)
    gone = Proposal((TurnCamera("a", 20.0), ChangeStatus("b", Status.REMOVED)))
    (kept,) = recorded((stands, planned), apply(gone, (stands, planned)), author)
    assert (kept.azimuth_deg, kept.corrections) == (20.0, (Correction("azimuth_deg", "10", "survey", "2026-05-01"),))
