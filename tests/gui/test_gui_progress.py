"""How far work has come and how long it will still take, below the map."""

import pytest

from lhasaplan.app.jobs import Pace
from lhasaplan.app.shell import window_parts


def test_that_the_rest_is_told_by_what_is_done_once_that_can_be_told():
    pace = Pace()
    pace.begin("analysis", 0.0)
    assert pace.left_s("analysis", 0.5, 2.9) is None  # too early
    assert pace.left_s("analysis", 0.01, 60.0) is None  # too little is done
    assert pace.left_s("analysis", 0.2, 10.0) == pytest.approx(40.0)
    pace.begin("analysis", 100.0)
    assert pace.left_s("analysis", 0.5, 104.0) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("took_s", "share", "text"),
    [
        (10.0, 0.25, "compute what cameras see, about 30 s left"),
        (100.0, 0.25, "compute what cameras see, about 5 min left"),
        (1.0, 0.25, "compute what cameras see"),
    ],
)
def test_that_the_line_below_the_map_says_how_long_it_will_take(qtbot, window, monkeypatch, took_s, share, text):
    now_s = [0.0]
    monkeypatch.setattr(window_parts, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(window.bench.jobs, "is_busy", lambda lane: lane == "analysis")
    window.bench.jobs.idle_changed.emit("analysis", False)
    now_s[0] = took_s
    window.bench.jobs.progressed.emit("analysis", share, "sight")
    assert window.status.step.text() == text
