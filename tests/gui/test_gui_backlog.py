"""What waits to be looked through, followed change by change, is what going through all cameras finds."""

from dataclasses import replace

from gui_town import result_of, town
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.app.jobs.live_sight import Backlog
from lhasaplan.app.map.sight import seen_of
from lhasaplan.app.state.selection import CameraFinder
from lhasaplan.core.changes.proposal import changed_ids, replaced
from lhasaplan.core.live.near_camera import CoveragePreview
from lhasaplan.core.model.camera import Camera, Status

IDS = "abcd"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("move", "status", "plan", "add", "remove", "swap", "cone", "answer", "drop")),
        st.sampled_from(IDS),
        st.sampled_from(tuple(Status)),
    ),
    max_size=14,
)


class Town:
    """A list of cameras that is edited, and what is known of each."""

    def __init__(self):
        self.cameras = tuple(Camera(name, 0.0, 0.0) for name in IDS[:3])
        self.is_planning, self.seen, self.answered = False, {}, {}

    def do(self, backlog, what, name, status):
        """Do one thing to the list, or take one thing as known."""
        here = next((c for c in self.cameras if c.camera_id == name), None)
        if what == "plan":
            self.is_planning = not self.is_planning
        elif what == "swap":
            self.cameras = (*self.cameras[1:], *self.cameras[:1])
        elif what == "add" and here is None:
            self.cameras = (*self.cameras, Camera(name, 0.0, 0.0, status=status))
        elif here is not None:
            self._do(backlog, what, here, status)

    def _do(self, backlog, what, here, status):
        if what == "remove":
            self.cameras = tuple(c for c in self.cameras if c is not here)
        elif what in ("move", "status"):
            after = replace(here, x_m=here.x_m + 1.0) if what == "move" else replace(here, status=status)
            self.cameras = tuple(after if c is here else c for c in self.cameras)
        elif what == "cone":
            self.seen[here.camera_id] = here
            backlog.take_cones([here])
        elif what == "answer":
            self.answered[here.camera_id] = here
            backlog.take_answers([here])
        elif what == "drop":
            self.seen.pop(here.camera_id, None)
            self.answered.pop(here.camera_id, None)
            backlog.drop([here.camera_id])


@given(STEPS)
def test_that_following_finds_what_going_through_all_cameras_finds(steps):
    town, backlog = Town(), Backlog()
    backlog.follow(town.cameras, is_planning=False)
    for step in steps:
        town.do(backlog, *step)
        backlog.follow(town.cameras, is_planning=town.is_planning)
        looked_at = (Status.OPERATING, Status.PLANNED) if town.is_planning else (Status.OPERATING,)
        standing = {c.camera_id: c for c in town.cameras if c.status in looked_at}
        assert list(backlog.standing.items()) == list(standing.items())
        for waiting, known in ((backlog.blank, town.seen), (backlog.stale, town.answered)):
            assert waiting == {key: c for key, c in standing.items() if known.get(key) is not c}
        assert all(backlog.has_cone(c) is (town.seen.get(c.camera_id) is c) for c in town.cameras)


def test_that_a_camera_that_is_no_more_looked_at_is_told():
    here = Camera("a", 0.0, 0.0)
    backlog = Backlog()
    backlog.follow((here,), is_planning=False)
    backlog.has_lost = False
    backlog.follow((replace(here, x_m=1.0),), is_planning=False)
    assert not backlog.has_lost
    backlog.follow((replace(here, status=Status.REMOVED),), is_planning=False)
    assert backlog.has_lost
    backlog.has_lost = False
    backlog.take_answers([here])  # of a job that ran meanwhile
    assert backlog.has_lost


@given(STEPS)
def test_that_replaced_rows_and_changed_cameras_are_those_that_differ(steps):
    town, backlog = Town(), Backlog()
    before, finder = town.cameras, CameraFinder()
    for step in steps:
        town.do(backlog, *step)
        now = {c.camera_id: c for c in town.cameras}
        assert changed_ids(before, town.cameras) == {c.camera_id for c in before if now.get(c.camera_id) != c}
        rows = replaced(before, town.cameras)
        if rows is not None:
            assert [c.camera_id for c in before] == [c.camera_id for c in town.cameras]
            assert rows == tuple(k for k, c in enumerate(before) if c is not town.cameras[k])
        for name in IDS:
            assert finder.find(town.cameras, name) is now.get(name)
            assert finder.find(before, name) is next((c for c in before if c.camera_id == name), None)


def test_that_the_cones_of_many_cameras_stand_before_the_rest_of_their_town_is_set_up(window, qtbot, monkeypatch):
    context, done = window.bench.context, []
    cameras = tuple(Camera(f"c{number}", 2.0 * number, 40.0, range_m=10.0) for number in range(300))
    open_city = context.open_city

    def cones(_city, some, _progress):
        done.append(len(some))
        seen = [seen_of(result_of(camera)) for camera in some]
        return tuple(CoveragePreview(one.placed, one.fields, tuple(f.geometry for f in one.fields), None) for one in seen)

    def set_up(*asked):
        done.append("town")
        return open_city(*asked)

    monkeypatch.setattr(context, "coverage_preview", cones, raising=False)
    monkeypatch.setattr(context, "open_city", set_up)
    window.session.open(replace(town(), cameras=cameras), None)
    qtbot.waitUntil(lambda: window.bench.sight.is_complete)
    assert done[:2] == [256, "town"]  # in the stand-in town other walls stand then, so its cones are drawn again
    assert window.bench.sight.sight.seen.keys() == {camera.camera_id for camera in cameras}
