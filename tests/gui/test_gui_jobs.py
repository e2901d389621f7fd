"""Jobs beside the window, and the edits that they follow."""

import gc
import threading
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject

from lhasaplan.app import jobs as jobs_module
from lhasaplan.app.jobs import Jobs
from lhasaplan.app.models import findings
from lhasaplan.app.shell import Collector
from lhasaplan.app.state import edits
from lhasaplan.app.state.edits import Author
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, UserError

BY = Author("register", "2026-11-25")


def test_that_only_the_newest_answer_is_shown(qtbot):
    jobs, shown, gate = Jobs(), [], threading.Event()
    jobs.start("lane", lambda _report: gate.wait(60) and "old", shown.append, shown.append)
    jobs.start("lane", lambda _report: "new", shown.append, shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    gate.set()
    qtbot.wait(30)
    assert shown == ["new"]
    jobs.stop()


def test_that_a_following_lane_shows_what_runs_and_then_the_newest_in_wait(qtbot):
    jobs, shown, gate = Jobs(), [], threading.Event()
    jobs.start("lane", lambda _report: gate.wait(60) and 1, shown.append, shown.append, follow=True)
    for number in (2, 3, 4):
        jobs.start("lane", lambda _report, number=number: number, shown.append, shown.append, follow=True)
    gate.set()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown == [1, 4]
    jobs.stop()


def test_that_job_numbers_rise():
    jobs = Jobs()
    numbers = [jobs.start(f"lane {n}", lambda _report: None, lambda _: None, lambda _: None) for n in range(3)]
    assert numbers == [1, 2, 3]
    jobs.stop()


def test_that_a_cancelled_job_stops_at_its_next_step(qtbot):
    jobs, shown, ended = Jobs(), [], threading.Event()

    def work(report):
        try:
            while True:
                report(0.5, "step")
        finally:
            ended.set()

    jobs.start("lane", work, shown.append, shown.append)
    jobs.cancel("lane")
    assert ended.wait(60)
    qtbot.wait(30)
    assert shown == []
    jobs.stop()


def test_that_a_lane_is_idle_before_what_went_wrong_is_told(qtbot):
    jobs, seen = Jobs(), []

    def fail(report):
        raise UserError(Fault("broken"))

    jobs.idle_changed.connect(lambda _lane, idle: seen.append(idle))
    jobs.start("file", fail, seen.append, lambda _error: seen.append("told"))
    qtbot.waitUntil(lambda: "told" in seen)
    assert seen == [False, True, "told"]
    jobs.stop()


def test_that_what_is_wrong_with_a_file_comes_back_as_a_value(qtbot):
    jobs, wrong = Jobs(), []

    def bad(_report):
        raise InputError(Fault("bad row"))

    def gone(_report):
        raise FileNotFoundError("x.csv")

    jobs.start("a", bad, wrong.append, wrong.append)
    jobs.start("b", gone, wrong.append, wrong.append)
    qtbot.waitUntil(lambda: len(wrong) == 2)
    assert {str(error) for error in wrong} == {"bad row", "The file could not be read or written: x.csv"}
    jobs.stop()


def test_that_a_planned_camera_that_is_removed_is_gone():
    camera_id, place = edits.placed(Project(), 1.0, 2.0, BY)
    project = place(Project())
    assert project.cameras[0].status is Status.PLANNED
    assert edits.removed(camera_id, BY)(project).cameras == ()


def test_that_a_planned_camera_is_drawn_and_not_corrected():
    camera_id, place = edits.placed(Project(), 1.0, 2.0, BY)
    project = edits.turned(camera_id, 90.0, BY)(place(Project()))
    assert project.cameras[0].corrections == ()


def test_that_a_value_set_to_what_it_is_leaves_no_correction():
    project = Project(cameras=(Camera("a", 0.0, 0.0, azimuth_deg=90.0),))
    assert edits.turned("a", 90.0, BY)(project).cameras[0].corrections == ()


def test_that_a_correction_keeps_every_digit_of_a_coordinate():
    project = edits.moved("a", 386081.0, 6671790.0, BY)(Project(cameras=(Camera("a", 386080.25, 6671789.5),)))
    assert [note.before for note in project.cameras[0].corrections] == ["386080.25", "6671789.5"]


def test_that_a_turn_past_north_stays_below_360():
    project = edits.turned("a", 359.99, BY)(Project(cameras=(Camera("a", 0.0, 0.0),)))
    assert project.cameras[0].azimuth_deg == 0.0


class Cycle(QObject):
    def __init__(self, deaths):
        super().__init__()
        self.myself, self.deaths = self, deaths

    def __del__(self):
        self.deaths.append(threading.current_thread())


@pytest.fixture
def usual_threshold():
    """Look for garbage as often as the program does: tests look more seldom."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("usual_threshold")
def test_that_garbage_made_in_the_window_is_never_collected_by_a_worker(qtbot):
    collector, deaths = Collector(every_ms=10), []
    Cycle(deaths)

    def make_many():
        for _ in range(5):
            assert [[i] for i in range(20_000)]

    worker = threading.Thread(target=make_many)
    worker.start()
    worker.join()
    gc_count_is_high = [[i] for i in range(2_000)]
    qtbot.waitUntil(lambda: bool(deaths) and bool(gc_count_is_high))
    assert deaths == [threading.main_thread()]
    collector.stop()


def test_that_a_planned_camera_takes_the_first_free_number():
    taken = Project(cameras=(Camera("planned-1", 0.0, 0.0), Camera("planned-3", 0.0, 0.0)))
    assert edits.placed(taken, 1.0, 2.0, BY)[0] == "planned-2"


def test_that_memory_is_handed_back_once_after_much_work_and_not_while_more_is_under_way(qtbot, monkeypatch):
    handed, gate = [], threading.Event()
    monkeypatch.setattr("lhasaplan.compute.give_back", lambda: handed.append(gate.is_set()))
    monkeypatch.setattr(jobs_module, "REST_MS", 1)
    monkeypatch.setattr(jobs_module, "MUCH_S", 0.01)
    jobs, done = Jobs(), []
    jobs.start("other", lambda _report: gate.wait(60), done.append, done.append)
    jobs.start("lane", lambda _report: time.sleep(0.02), done.append, done.append)
    qtbot.waitUntil(lambda: len(done) == 1)
    qtbot.wait(20)
    assert handed == []  # the other one still works
    gate.set()
    qtbot.waitUntil(lambda: bool(handed))
    qtbot.wait(20)
    assert handed == [True]
    jobs.start("lane", lambda _report: None, done.append, done.append)
    qtbot.waitUntil(lambda: len(done) == 3)
    qtbot.wait(20)
    assert handed == [True]  # that was not much
    jobs.stop()


def test_that_a_file_is_read_while_three_jobs_wait_for_the_kernels(qtbot):
    jobs, gate, done = Jobs(), threading.Event(), []
    for lane in ("warm", "sight", "analysis"):
        jobs.start(lane, lambda _report: gate.wait(60), lambda _found: None, lambda _error: None)
    jobs.start("file", lambda _report: "read", done.append, lambda _error: None)
    qtbot.waitUntil(lambda: done == ["read"])
    gate.set()
    jobs.stop()


def test_that_findings_are_sorted_and_counted_by_the_job_that_works_them_out_and_not_by_the_window(window, qtbot, monkeypatch):
    gravity, asked = findings._gravity, []
    monkeypatch.setattr(findings, "_gravity", lambda finding: asked.append(threading.current_thread()) or gravity(finding))
    counter, counters = findings.Counter, []
    monkeypatch.setattr(findings, "Counter", lambda things: counters.append(threading.current_thread()) or counter(things))
    window.commands.analysing.audit()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    results = window.session.assessment
    assert len(asked) >= len(results.findings) > 1
    assert threading.main_thread() not in asked
    assert findings.gravest_first(results) == tuple(sorted(results.findings, key=gravity))
    assert threading.main_thread() not in counters
    counted = findings.counted(results)
    severities = [each.severity for each in results.findings]
    assert counted.findings == {each: severities.count(each) for each in set(severities)}
    seen = [(one.cls, one.grade) for each in results.cameras for one in each.sightings]
    assert counted.views == {each: seen.count(each) for each in set(seen)}


def test_that_what_cameras_see_is_counted_of_those_alone_that_operate(window, qtbot):
    window.commands.analysing.audit()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    results = window.session.assessment
    most = max(results.cameras, key=lambda each: len(each.sightings))
    placed = replace(most.placed, camera=replace(most.placed.camera, status=Status.PLANNED))
    others = tuple(each for each in results.cameras if each is not most)
    counted = findings.counted(replace(results, cameras=(*others, replace(most, placed=placed))))
    assert sum(counted.views.values()) == sum(len(each.sightings) for each in others)
    assert most.sightings
