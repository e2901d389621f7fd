"""Answers that come after the project went on: jobs are finished one at a time, and sight is a box beside each camera."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import shapely
from PySide6.QtCore import QObject, Signal

from lhasaplan.app.jobs import live_sight
from lhasaplan.app.state import Session
from lhasaplan.core.live import live_answers
from lhasaplan.core.model.camera import Camera, Status


class Jobs(QObject):
    """Holds one job and one that waits, as the window's do; ``finish`` does the first."""

    idle_changed, is_stopped = Signal(str, bool), False

    def __init__(self):
        super().__init__()
        self.running = self.waiting = None

    def is_busy(self, lane):
        return lane == "sight" and self.running is not None

    def cancel(self, lane):
        self.running = self.waiting = None

    def start(self, lane, work, done, failed=None, follow=False, broken=None):
        if self.running and follow:
            self.waiting = work, done
        else:
            self.running = work, done

    def finish(self):
        (work, done), self.running = self.running, None
        done(work(lambda *told: None))
        if self.running is None:
            self.running, self.waiting = self.waiting, None


class Seen(SimpleNamespace):
    """What a camera sees: nothing, at its place."""

    def prepared(self, with_views=True):
        return self


def seen(camera, not_mapped=None):
    return Seen(placed=SimpleNamespace(camera=camera), fields=(), views=(), grounds=(), sightings=(), not_mapped=not_mapped)


class Context:
    """Answers about a batch at once."""

    def follow(self, known, project, batch, gone, may_plan, report):
        kept = {key: each for key, each in known.results.items() if key not in gone}
        return SimpleNamespace(city=known.city, results=kept | {c.camera_id: seen(c) for c in batch}, requested=None)


class Town:
    """A session with cameras a, b and c at 0, 100 and 200 m, all of them answered, and the boxes that are to be drawn anew."""

    def __init__(self, qtbot):
        self.qtbot, self.session, self.jobs, self.looked = qtbot, Session("2026-12-01"), Jobs(), []
        self.sight = live_sight.LiveSight(self.session, Context(), self.jobs)
        cameras = tuple(Camera(name, 100.0 * k, 0.0, status=Status.OPERATING) for k, name in enumerate("abc"))
        self.session.open(replace(self.session.project, cameras=cameras), None)
        city = SimpleNamespace(project=self.session.project, rooms=None)
        self.sight.take_city(SimpleNamespace(city=city, results={c.camera_id: seen(c) for c in cameras}, requested=None))
        self.settle()
        self.sight.looked.connect(self.looked.append)

    def settle(self):
        self.qtbot.waitUntil(self._is_settled, timeout=5_000)

    def _is_settled(self):
        if self.jobs.running:
            self.jobs.finish()
        return self.jobs.running is None and not self.sight._backlog_now().stale

    def edit(self, change):
        self.session.edit("edit", lambda project: replace(project, cameras=change(project.cameras)))

    def drag(self, name, x_m):
        """Drag a camera until its cone alone is drawn, and let it go."""
        self.session.select(name)
        self.session.follow_drag(True)
        self.sight.mark_start()
        self.edit(lambda cameras: tuple(replace(c, x_m=x_m) if c.camera_id == name else c for c in cameras))
        self.jobs.finish()
        self.session.follow_drag(False)


@pytest.fixture
def town(qtbot, monkeypatch):
    monkeypatch.setattr(live_answers, "is_decided", lambda *city: True)
    monkeypatch.setattr(live_sight, "seen_of", lambda result: seen(result.placed.camera))
    monkeypatch.setattr(live_sight, "cones_in", lambda city, cameras, report: [seen(c) for c in cameras])
    monkeypatch.setattr(live_sight, "ahead_of_answers", lambda cone, before: cone)
    monkeypatch.setattr(live_sight, "seen_bounds", lambda one: (one.placed.camera.x_m, 0.0, one.placed.camera.x_m + 0.5, 1.0))
    monkeypatch.setattr(live_sight, "result_in", lambda live, name, discloses_all: live.results[name])
    monkeypatch.setattr(live_sight.LiveSight, "_tell_effect", lambda self: None)
    return Town(qtbot)


def without(name):
    return lambda cameras: tuple(c for c in cameras if c.camera_id != name)


@pytest.mark.parametrize("then", ["nothing", "another is dragged", "another is deleted"])
def test_that_the_ground_of_a_dragged_camera_is_drawn_anew_with_its_answers(town, then):
    town.drag("a", 5.0)
    if then == "another is dragged":
        town.drag("b", 105.0)
    elif then == "another is deleted":
        town.edit(without("c"))
    town.looked.clear()
    town.settle()
    assert any(west <= 5.0 <= east for west, _, east, _ in filter(None, town.looked))


@pytest.mark.parametrize("when", ["its cone is made", "its answers are made"])
def test_that_a_camera_deleted_while_it_is_computed_and_taken_back_is_computed_again(town, when):
    town.session.select("a")
    town.edit(lambda cameras: tuple(replace(c, x_m=5.0) if c.camera_id == "a" else c for c in cameras))
    if when == "its answers are made":
        assert town.jobs.running
    town.edit(without("a"))
    town.settle()
    assert "a" not in town.sight.sight.seen
    town.session.history.undo()
    town.settle()
    assert town.sight.sight.seen["a"].placed.camera is town.session.camera("a")
    assert town.sight.answers_now(town.session.camera("a"), discloses_all=True) is not None


def test_that_a_camera_placed_undone_at_once_and_redone_is_computed(town):
    town.edit(lambda cameras: (*cameras, Camera("n", 50.0, 0.0, status=Status.OPERATING)))
    town.session.select("n")
    town.session.history.undo()
    town.settle()
    town.session.history.redo()
    town.settle()
    assert set(town.sight.sight.seen) == {"a", "b", "c", "n"}
    assert town.sight.answers_now(town.session.camera("n"), discloses_all=True) is not None


def test_that_ground_that_nobody_mapped_is_drawn_with_the_first_cones(town, monkeypatch):
    new = Camera("n", 50.0, 0.0, status=Status.OPERATING)
    town.edit(lambda cameras: (*cameras, new))
    town.jobs.cancel("sight")
    beyond = shapely.box(0.0, 65.0, 10.0, 117.0)
    monkeypatch.setattr(live_sight, "cones_in", lambda city, cameras, report: [seen(new, beyond)])
    town.looked.clear()
    town.sight._draw_first([new], SimpleNamespace())
    town.jobs.finish()
    assert town.looked == [beyond.bounds]
