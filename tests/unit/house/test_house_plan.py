"""The verb plan: a kept version becomes steps, which are drafted, decided, ordered and done; done alone changes what stands."""

import json
from dataclasses import replace

import pytest

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.journal import StepsTaken
from lhasaplan.core.project.plan import inventory
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.workflow.samples import open_sample

FILE = "town.gpkg"
GO = ("HT-06", "HT-08", "HT-11", "HT-13", "HT-15")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Return a town of thirteen cameras, and one that somebody drew, whose plan takes five down as a kept version has it."""
    services = open_services()
    folder = tmp_path_factory.mktemp("plan")
    project = open_sample(services, services.content.read_sample("hilltown"))
    kept = tuple(camera for camera in project.cameras if camera.camera_id not in GO)
    version = PlanVersion("fewer", kept, "no part needs them", "2026-05-01", "A. Example")
    services.stores.open(folder / FILE).save(replace(project, versions=(version,)))
    assert main(["plan", str(folder / FILE), "--take", "fewer", "--by", "A. Example"]) == 0
    return (folder / FILE).read_bytes()


@pytest.fixture
def town(planned, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_bytes(planned)
    capsys.readouterr()
    return tmp_path / FILE


def stored(town):
    return open_services().stores.open(town).load()


def reported(capsys):
    return capsys.readouterr().out


def test_that_a_version_is_listed_as_drafted_steps_by_whom_and_what_stands_is_as_before(town, capsys):
    assert main(["plan", FILE]) == 0
    said = reported(capsys)
    assert said.count("is taken down") == said.count("A. Example") == 5
    assert said.count("comes") == 1
    assert said.count("drafted") == 6
    assert "Cameras today: 13; with the plan: 9" in said
    assert sum(camera.status is Status.OPERATING for camera in stored(town).cameras) == 13


def test_that_a_plan_and_the_version_that_it_was_made_of_differ_in_nothing_that_goes(town, capsys):
    before = stored(town)
    gone = [replace(each, status=Status.REMOVED) if each.camera_id in GO else each for each in inventory(before)]
    open_services().stores.open(town).save(replace(before, versions=(PlanVersion("gone", tuple(gone), "", "2026-05-01"),)))
    assert main(["compare", FILE, FILE, "--version", "gone"]) == 0
    said = reported(capsys)
    assert not [name for name in GO if name in said]
    assert "new: " not in said


def test_that_a_step_is_decided_and_ordered_by_name_and_day_and_what_stands_is_the_same(town, capsys):
    before = inventory(stored(town))
    one = GO[0]
    assert main(["plan", FILE, one, "--stage", "decided", "--by", "Council", "--on", "2026-05-04"]) == 0
    assert main(["plan", FILE, one, "--stage", "ordered", "--by", "B. Example", "--on", "2026-05-11"]) == 0
    (step,) = (each for each in stored(town).plan if each.camera_id == one)
    assert (step.stage, step.by, step.on) == ("ordered", "B. Example", "2026-05-11")
    assert inventory(stored(town)) == before
    kept = [entry for entry in stored(town).journal if isinstance(entry.event, StepsTaken)]
    assert [(entry.event.stage, entry.event.on, entry.who) for entry in kept] == [
        ("decided", "2026-05-04", "Council"),
        ("ordered", "2026-05-11", "B. Example"),
    ]
    assert "Cameras today: 13; with the plan: 9" in reported(capsys)


def test_that_done_alone_moves_a_step_into_what_stands_with_its_date_and_number_and_the_audit_counts_it(town, capsys):
    before, one = stored(town), GO[0]
    removed = sum(camera.status is Status.REMOVED for camera in before.cameras)
    assert main(["plan", FILE, one, "--stage", "done", "--by", "B. Example", "--on", "2026-06-01"]) == 0
    assert "Cameras today: 12; with the plan: 9" in reported(capsys)
    after = stored(town)
    rows = {camera.camera_id: camera for camera in after.cameras}
    assert rows[one].status is Status.REMOVED
    (note,) = rows[one].corrections
    assert (note.field, note.before, note.source, note.date) == ("status", "operating", "B. Example", "2026-06-01")
    assert [camera for camera in after.cameras if camera.camera_id != one] == [
        camera for camera in before.cameras if camera.camera_id != one
    ]
    assert {each.camera_id for each in after.plan if each.is_open} == {*GO[1:], "HT-10"}
    assert main(["audit", FILE, "--json", "audit.json"]) in {0, 1}
    answers = json.loads((town.parent / "audit.json").read_text("utf-8"))
    assert answers["totals"]["cameras"] == {"operating": 12, "planned": 1, "removed": 1 + removed}
    (given,) = (each.number for each in before.numbers if each.camera_id == one)
    assert [each["number"] for each in answers["plan"] if each["camera"] == one] == [str(given)]
    assert [each for each in after.numbers if each.series != "part"] == list(before.numbers)


def test_that_a_step_that_is_dropped_leaves_the_plan_and_its_camera_stands(town, capsys):
    before = stored(town)
    one = GO[0]
    assert main(["plan", FILE, one, "--stage", "dropped", "--by", "B. Example"]) == 0
    assert "Cameras today: 13; with the plan: 10" in reported(capsys)
    assert one not in {each.camera_id for each in stored(town).plan}
    assert stored(town).cameras == before.cameras


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--stage", "built", "--by", "B. Example"], "built is not a stage of a step"),
        (["--stage", "done"], "needs the name"),
        (["--stage", "done", "--by", "B. Example", "--on", "2999-01-01"], "2999-01-01"),
        (["--by", "B. Example"], "State the progress"),
    ],
)
def test_that_a_stage_without_name_past_day_or_meaning_is_refused_and_nothing_is_kept(town, words, said, capsys):
    one, before = GO[0], town.read_bytes()
    assert main(["plan", FILE, one, *words]) == 2
    assert said in capsys.readouterr().err
    assert town.read_bytes() == before


def test_that_a_camera_of_no_step_and_a_step_that_is_done_already_are_refused(town, capsys):
    one = GO[0]
    assert main(["plan", FILE, one, "--stage", "done", "--by", "B. Example", "--on", "2026-06-01"]) == 0
    for camera in (one, "nowhere"):
        assert main(["plan", FILE, camera, "--stage", "done", "--by", "B. Example"]) == 2
        assert f"The plan has nothing for camera {camera}" in capsys.readouterr().err


def test_that_outside_the_gate_no_version_becomes_a_plan(town, capsys):
    services = open_services()
    shut = replace(stored(town), mandate=None, plan=())
    services.stores.open(town).save(shut)
    assert main(["plan", FILE, "--take", "fewer", "--by", "A. Example"]) == 3
    assert "mandate" in capsys.readouterr().err
    assert stored(town).plan == ()
