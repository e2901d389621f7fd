"""Long loops tell their progress, so that a cancel is heard soon."""

import time
from concurrent.futures import wait

import numpy as np
import pytest
from answers_town import bare_camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base import progress as progress_module
from lhasaplan.core.base.progress import no_progress, two_at_a_time, watched
from lhasaplan.core.city.building_heights import HeightRules, buildings_from
from lhasaplan.core.protection.places import find_protected
from lhasaplan.errors import Cancelled

HOUSES = [house(k, 12 * k, 20, 12 * k + 10, 30) for k in range(64)]
LAYER = layer("buildings", *HOUSES)


class Told:
    """Progress that notes what it is told, and cancels at the ``last``-th word."""

    def __init__(self, last=10**9):
        self.shares, self.steps, self.last = [], [], last

    def __call__(self, share, step):
        self.shares.append(share)
        self.steps.append(step)
        if len(self.shares) == self.last:
            raise Cancelled


def test_that_a_loop_tells_its_share_where_its_length_is_known():
    reported = Told()
    assert list(watched(range(10), reported, "step", every=4)) == list(range(10))
    assert reported.shares == [0.0, 0.4, 0.8]
    assert list(watched(iter("ab"), reported, "step", every=1)) == ["a", "b"]
    assert reported.shares[3:] == [0.0, 0.0]


def test_that_long_jobs_side_by_side_tell_how_far_they_are_together():
    reported = Told()

    def half(number, progress):
        progress(0.5, "halves")
        time.sleep(0.2)
        return 2 * number

    assert two_at_a_time(half, range(4), reported) == [0, 2, 4, 6]
    assert reported.shares == sorted(reported.shares)
    assert all(share in {0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0} for share in reported.shares)
    assert "halves" in reported.steps
    assert two_at_a_time(half, [7], Told()) == [14]


@pytest.mark.parametrize("fails", [False, True])
def test_that_long_jobs_stop_where_they_report_once_one_fails_or_is_cancelled(fails):
    started, finished = [], []

    def work(number, progress):
        started.append(number)
        for _ in range(500):
            time.sleep(0.01)
            progress(0.0, "step")
            if fails and number == 0 and len(started) > 1:
                raise ValueError(number)
        finished.append(number)

    with pytest.raises(ValueError if fails else Cancelled):
        two_at_a_time(work, range(8), no_progress if fails else Told(last=4))
    assert not finished
    assert len(started) < 8


def test_that_a_search_of_many_houses_can_be_stopped_in_the_middle():
    reported, houses = Told(), buildings_from(LAYER, HeightRules())
    places = find_protected({}, houses, reference_data().kinds, (), reported)
    assert len(places) == 64
    assert len(reported.shares) >= 64 // 16
    with pytest.raises(Cancelled):
        find_protected({}, houses, reference_data().kinds, (), Told(last=len(reported.shares)))


def test_that_an_audit_goes_forward_and_every_word_of_it_may_be_the_last():
    project, known = town(*HOUSES, cameras=[bare_camera(f"c{k}", 30 * k) for k in range(20)]), reference_data(pack())
    reported = Told()
    audit(project, known, reported)
    assert {"protected", "sight", "findings"} <= set(reported.steps)
    assert all(0.0 <= share <= 1.0 for share in reported.shares)
    heard = [is_cancelled(project, known, last) for last in np.linspace(1, len(reported.shares), 12).astype(int).tolist()]
    assert all(heard[:6])


def is_cancelled(project, known, last):
    """Tell whether the word was told; threads speak by the clock, so that one run may have fewer words than another."""
    reported = Told(last)
    try:
        audit(project, known, reported)
    except Cancelled:
        return True
    assert len(reported.shares) < last  # a cancel that was told is always heard
    return False


def test_that_long_jobs_stop_where_they_report_once_the_program_is_interrupted(monkeypatch):
    """Ctrl-C arrives where the caller waits, not in what it is told."""
    finished, waited = [], []

    def interrupted(*args, **keys):
        waited.append(1)
        if len(waited) == 3:
            raise KeyboardInterrupt
        return wait(*args, **keys)

    def work(number, progress):
        for _ in range(500):
            time.sleep(0.01)
            progress(0.0, "step")
        finished.append(number)

    monkeypatch.setattr(progress_module, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        two_at_a_time(work, range(4), no_progress)
    assert not finished


def test_that_two_long_jobs_are_at_work_at_a_time_however_many_processors_there_are(monkeypatch):
    monkeypatch.setattr(progress_module.os, "cpu_count", lambda: 16)
    at_work, most = [], []

    def work(number, progress):
        at_work.append(number)
        most.append(len(at_work))
        time.sleep(0.05)
        at_work.remove(number)

    two_at_a_time(work, range(6), no_progress)
    assert max(most) == 2
