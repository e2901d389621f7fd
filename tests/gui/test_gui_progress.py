"""How far work has come and how long it will still take, below the map."""

import time

import pytest
from PySide6.QtWidgets import QApplication

from lhasaplan.app.jobs import Pace
from lhasaplan.app.shell import status_line


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
    monkeypatch.setattr(status_line, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(window.bench.jobs, "is_busy", lambda lane: lane == "analysis")
    window.bench.jobs.idle_changed.emit("analysis", False)
    now_s[0] = took_s
    window.bench.jobs.progressed.emit("analysis", share, "sight")
    assert window.status.step.text() == text


def test_that_what_a_tool_asks_for_is_not_cut_by_the_progress_of_work(qtbot, window):
    window.resize(1000, 700)
    status, attention = window.status, window.session.attention
    window.bench.jobs.start("file", lambda _report: time.sleep(1.5), lambda _none: None, print)
    qtbot.waitUntil(status.step.isVisible)
    sentence = (
        "Click corner after corner; a click on the first one or Return closes the area, Backspace takes the last corner back."
    )
    attention.guide("area", sentence)
    QApplication.processEvents()
    shown = [widget for widget in (status.bar, status.step, status.readout) if widget.isVisible()]
    left = min(widget.x() for widget in (status.stop, *shown))
    assert status.fontMetrics().horizontalAdvance(sentence) < left
    attention.guide("area", "")
    assert status.bar.isVisible()
    assert status.readout.isVisible()
    qtbot.waitUntil(lambda: not status.bar.isVisible())
