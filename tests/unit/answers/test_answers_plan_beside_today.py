"""Whatever an option puts into the plan, what is answered of today stays as it was: the hilltown before and after the click."""

from collections import Counter
from dataclasses import replace

import pytest
import samples
from amounts import some_by_day

from lhasaplan import workflow
from lhasaplan.app.state import edits
from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.totals import sightings_table
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.plan import inventory, planned_project, with_plan
from lhasaplan.core.project.plan_step import Action, PlanVersion
from lhasaplan.core.records.schedule import Author
from lhasaplan.report.facts.summary import standing_with_plan, today

AUTHOR = Author("A. Example", "2026-05-01")
OF_TODAY = (
    *(
        "certain",
        "possible",
        "night_unknown",
        "moved_to_facade",
        "sightings",
        "would_reach",
        "ended_by_record",
        "cameras_with_unasked",
    ),
    *("area_seen_certain_m2", "area_seen_possible_m2", "unasked_certain_m2", "unasked_possible_m2", "removable"),
    *("streets_seen_certain_m", "cameras_by_place", "behind_terrain"),
)


@pytest.fixture(scope="module")
def town():
    services = open_services()
    project = samples.sample("hilltown")
    return services, project, samples.checked(), samples.proposed()


# By day the option with all kinds of steps.
@pytest.fixture(scope="module", params=some_by_day(("remove-only", "change-only", "all"), {"all"}))
def taken(town, request):
    services, project, _, proposals = town
    option = next(each for each in proposals.options if each.allowance.name == request.param)
    after = edits.accepted(project, option.proposal, AUTHOR)[1](project)
    return request.param, option, after, workflow.check(services, after)


def certain_errors(found):
    table = sightings_table(today(found).cameras)
    return sum(row["certain"]["error"] for row in table.values())


def test_that_thirteen_cameras_operate_and_three_errors_stand_before_and_after(town, taken):
    before, (_, _, _, after) = town[2], taken
    for found in (before, after):
        assert found.totals["cameras"]["operating"] == 13
        assert sum(each.severity == "error" for each in today(found).findings) == 3
    assert certain_errors(after) == certain_errors(before)


def test_that_every_figure_of_today_is_what_it_was(town, taken):
    before, after = town[2].totals, taken[3].totals
    assert {name: after[name] for name in OF_TODAY} == {name: before[name] for name in OF_TODAY}
    assert after["parts"]["before"] == before["parts"]["before"]


def test_that_every_part_and_camera_answers_of_today_as_before(town, taken):
    before, after = town[2], taken[3]
    for one, other in zip(before.parts, after.parts, strict=True):
        assert (other.part.part_id, other.verdict, other.measured) == (one.part.part_id, one.verdict, one.measured)
        assert (other.gap is None) is (one.gap is None)
        assert other.gap is None or other.gap.equals(one.gap)
    kept = {each.placed.camera.camera_id: each for each in today(after).cameras}
    assert list(kept) == [each.placed.camera.camera_id for each in today(before).cameras]
    for each in today(before).cameras:
        now = kept[each.placed.camera.camera_id]
        assert now.placed.camera is each.placed.camera or now.placed.camera == each.placed.camera
        assert (now.area_m2, now.unasked_m2, now.removable) == (each.area_m2, each.unasked_m2, each.removable)


def test_that_with_the_plan_is_what_a_check_of_the_town_as_it_would_be_says(town, taken):
    services, found = town[0], taken[3]
    alone = workflow.check(services, planned_project(taken[2]))
    for one, other in zip(alone.parts, found.parts, strict=True):
        assert (other.verdict_after, other.measured_after) == (one.verdict_after, one.measured_after)
    then = standing_with_plan(found)
    assert found.totals["with_plan"]["cameras"] == len(then) == len(standing_with_plan(alone))
    assert found.totals["with_plan"]["sightings"] == sightings_table(standing_with_plan(alone))
    assert sum(each.unasked_m2 for each in then) == pytest.approx(sum(each.unasked_m2 for each in standing_with_plan(alone)))


def test_that_each_camera_that_the_option_touches_is_named_by_what_is_done_to_it(town, taken):
    name, option, after, found = taken
    removed = {change.camera_id for change in option.proposal.changes if getattr(change, "status", None) is Status.REMOVED}
    count = Counter(step.action for step in after.plan)
    assert {step.camera_id for step in after.plan if step.action is Action.REMOVE} == removed
    assert {"remove-only": 5, "change-only": 0, "all": 12}[name] == len(removed) == count[Action.REMOVE]
    totals = found.totals["with_plan"]
    assert (totals["go"], totals["changed"]) == (count[Action.REMOVE], count[Action.CHANGE])
    assert {each.placed.camera.camera_id for each in found.cameras if each.leaves and not each.as_planned} == removed
    assert all(step.by == "A. Example" and step.on == "2026-05-01" and step.plan == name for step in after.plan if step.plan)


def test_that_what_stands_is_the_very_same_record(town, taken):
    assert inventory(taken[2]) == inventory(town[1])


def test_that_a_version_counts_the_cameras_that_it_has(town, taken):
    services, project, _, _ = town

    cameras = with_plan(taken[2])
    kept = replace(project, versions=(PlanVersion("kept", cameras, when="2026-05-01"),))
    options = workflow.plan_options(services, kept, workflow.check(services, kept))
    (option,) = [each for each in options if each.name == "kept"]
    assert option.cameras == sum(camera.status is not Status.REMOVED for camera in cameras)
