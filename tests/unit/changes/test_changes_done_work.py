"""Only what is done of a plan changes what stands, with its date and what stood there before."""

from dataclasses import replace

import pytest

from lhasaplan.core.changes.camera_change import AddCamera, RemoveCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.project.numbering import handed_numbers, labels, numbered, numbered_after, part_numbers, with_numbers_of
from lhasaplan.core.project.plan import Drafted, proposed_upon, replacing, with_plan
from lhasaplan.core.project.plan_step import Action, GivenNumber, PlanStep, Series, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Author, done
from lhasaplan.errors import InputError

WORKS = Author("Works office", "2026-06-01")
A, B = Camera("a", 0.0, 0.0, azimuth_deg=10.0), Camera("b", 5.0, 0.0)
NEW = Camera("n", 7.0, 0.0, status=Status.PLANNED)


@pytest.fixture
def plan():
    wished = Proposal((TurnCamera("a", 90.0), RemoveCamera("b"), AddCamera(NEW)))
    return numbered(proposed_upon(numbered(Project(cameras=(A, B))), wished, Drafted("A. B.", "2026-02-03")))


def by_id(project):
    return {camera.camera_id: camera for camera in project.cameras}


def test_that_a_change_that_is_done_stands_as_planned_and_keeps_what_stood_before(plan):
    after = done(plan, ["a"], WORKS)
    note = Correction("azimuth_deg", "10", "Works office", "2026-06-01")
    assert by_id(after)["a"] == replace(A, azimuth_deg=90.0, corrections=(note,))
    assert "a-planned" not in by_id(after)
    assert PlanStep("a", Action.CHANGE, "", Stage.DONE, "Works office", "2026-06-01") in after.plan


def test_that_a_removal_that_is_done_stays_on_record_and_an_addition_operates_since_that_day(plan):
    after = by_id(done(plan, ["b", "n"], WORKS))
    assert after["b"].status is Status.REMOVED
    assert (after["n"].status, after["n"].installed_on) == (Status.OPERATING, "2026-06-01")
    assert after["a"] is by_id(plan)["a"]


def test_that_with_all_done_what_stands_is_what_was_planned(plan):
    after = done(plan, ["a", "b", "n"], WORKS)
    standing = [camera for camera in after.cameras if camera.status is Status.OPERATING]
    wished = with_plan(plan)
    assert [(each.camera_id, each.x_m, each.azimuth_deg) for each in standing] == [
        (each.camera_id, each.x_m, each.azimuth_deg) for each in wished
    ]
    assert not any(step.is_open for step in after.plan)


def test_that_a_camera_to_which_the_plan_does_nothing_is_refused_by_name(plan):
    for camera_id in ("a", "x"):
        with pytest.raises(InputError) as caught:
            done(done(plan, ["a"], WORKS), [camera_id], WORKS)
        assert caught.value.faults[0].params == {"camera": camera_id}


def test_that_numbers_are_given_once_and_none_again(plan):
    def called(project):
        return labels(project.cameras, project.numbers, replacing(project))

    assert called(plan) == {"a": "1", "b": "2", "n": "P1", "a-planned": "1→"}
    after = done(plan, ["b", "n"], WORKS)
    assert called(after)["n"] == "3"
    dropped = numbered(replace(after, cameras=(*after.cameras[:1], Camera("c", 1.0, 1.0), replace(NEW, camera_id="m"))))
    assert called(dropped) == {"a": "1", "c": "4", "m": "P2"}


def confirmed(project, *part_ids):
    said = (Confirmation(part, "safety", "two collisions", "signs", "A. Example", "2026-05-01") for part in part_ids)
    return replace(project, confirmations=tuple(said))


def test_that_parts_are_numbered_when_they_are_confirmed_and_no_number_comes_again(plan):
    town = numbered(confirmed(plan, "bridge", "door"))
    assert part_numbers(town) == {"bridge": 1, "door": 2}
    other = numbered_after(town, confirmed(town, "door", "apron"))
    assert part_numbers(other) == {"bridge": 1, "door": 2, "apron": 3}
    again = numbered_after(other, confirmed(other, "apron", "bridge", "door"))
    assert part_numbers(again) == {"bridge": 1, "door": 2, "apron": 3}


def test_that_a_district_has_the_citys_numbers_of_its_parts_and_what_it_confirms_comes_back_with_its_own(plan):
    city = numbered(confirmed(plan, "bridge", "door", "apron"))
    handed = replace(plan, numbers=handed_numbers(city.numbers, {"door"}))
    north = numbered(confirmed(handed, "door", "stop"))
    south = numbered(confirmed(handed, "door", "quay"))
    assert (part_numbers(north)["door"], part_numbers(north)["stop"], part_numbers(south)["quay"]) == (2, 4, 4)
    whole, otherwise = with_numbers_of(confirmed(city, "bridge", "door", "apron", "stop", "quay"), [("N", north), ("S", south)])
    assert part_numbers(whole) == {"bridge": 1, "door": 2, "apron": 3, "stop": 4, "quay": 5}
    assert [(each.camera_id, each.there, each.here, each.is_part) for each in otherwise] == [("quay", "4", "5", True)]


def test_that_a_district_goes_on_above_the_citys_numbers_and_keeps_its_own_where_no_other_has_them(plan):
    north = numbered(replace(plan, cameras=(*plan.cameras, replace(NEW, camera_id="north"))))
    south = numbered(replace(plan, cameras=(*plan.cameras, replace(NEW, camera_id="south"))))
    assert north.numbers[-1] == GivenNumber(Series.PLANNED, "north", 2)
    whole = replace(plan, cameras=(*plan.cameras, north.cameras[-1], south.cameras[-1]))
    city, otherwise = with_numbers_of(whole, [("North", north), ("South", south)])
    numbers = {each.camera_id: each.number for each in city.numbers if each.series is Series.PLANNED}
    assert numbers == {"n": 1, "north": 2, "south": 3}
    assert [(each.district, each.camera_id, each.there, each.here) for each in otherwise] == [("South", "south", "P2", "P3")]
