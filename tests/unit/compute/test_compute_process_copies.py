"""Jobs side by side in copies of a process: the same answers, errors, progress and cancel as one after the other."""

import itertools
import os
import signal
import sys
import threading
import time
from functools import partial

import pytest
import shapely

from lhasaplan.compute import process_copies
from lhasaplan.compute.process_copies import can_copy, side_by_side
from lhasaplan.core.base.progress import no_progress
from lhasaplan.errors import Cancelled, Fault, InputError
from lhasaplan.files.spooled_shapes import ShapeSpool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")


@pytest.fixture
def copied(monkeypatch):
    """Jobs are done in copies, whatever else runs in the tests' process."""
    monkeypatch.setattr(process_copies, "can_copy", lambda: True)


class TwoWordsError(Exception):
    """An error that pickle writes and cannot read again."""

    def __init__(self, one, two):
        super().__init__(one)


def answer_of(value, progress):
    progress(0.5, "half")
    return value, os.getpid()


def test_that_answers_come_in_the_order_of_the_jobs_and_the_first_is_done_here(copied):
    answers = side_by_side([partial(answer_of, value) for value in "abc"], no_progress)
    assert [value for value, _ in answers] == ["a", "b", "c"]
    assert answers[0][1] == os.getpid()
    assert len({process for _, process in answers}) == 3


def test_that_jobs_are_done_here_one_after_the_other_where_no_copy_is_safe(monkeypatch):
    monkeypatch.setattr(process_copies, "can_copy", lambda: False)
    shares = []
    answers = side_by_side([partial(answer_of, value) for value in "ab"], lambda share, _step: shares.append(share))
    assert answers == [("a", os.getpid()), ("b", os.getpid())]
    assert shares == [0.25, 0.75]


def test_that_no_process_is_copied_beside_a_second_thread():
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    try:
        assert not can_copy()
    finally:
        is_over.set()
        thread.join()


def test_that_what_a_copy_raises_is_raised_here_with_its_faults(copied):
    fault = Fault("{name} is no day", params={"name": "x"})

    def fail(progress):
        raise InputError(fault)

    with pytest.raises(InputError) as raised:
        side_by_side([partial(answer_of, "a"), fail], no_progress)
    assert raised.value.faults == (fault,)


def test_that_a_job_whose_copy_was_killed_is_done_here(copied):
    here = os.getpid()

    def killed_elsewhere(progress):
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert side_by_side([partial(answer_of, "a"), killed_elsewhere], no_progress)[1] == "done"


def test_that_a_cancel_here_stops_a_copy_at_its_next_word_before_side_by_side_returns(copied, tmp_path):
    def at_work(progress):
        try:
            for _ in range(1_000):
                progress(0.0, "work")
                time.sleep(0.02)
        finally:
            (tmp_path / "left").touch()

    def cancel(share, step):
        raise Cancelled

    with pytest.raises(Cancelled):
        side_by_side([partial(answer_of, "a"), at_work], cancel)
    assert (tmp_path / "left").exists()


def test_that_the_progress_of_two_jobs_is_their_mean(copied):
    here, shares = os.getpid(), []

    def half(progress):
        time.sleep(0.0 if os.getpid() == here else 0.2)
        progress(0.5, "half")
        time.sleep(0.0 if os.getpid() == here else 0.2)

    side_by_side([half, half], lambda share, _step: shares.append(share))
    assert shares[0] == 0.25
    assert 0.75 in shares


def test_that_a_copy_and_this_process_read_the_same_spooled_shapes(copied):
    kept = ShapeSpool()([shapely.Point(x, 0.0) for x in range(2_000)])

    def read(progress):
        return [one.read().x for _ in range(5) for one in kept]

    assert side_by_side([read, read], no_progress) == [[float(x) for x in range(2_000)] * 5] * 2


def test_that_a_job_of_which_no_copy_can_be_made_is_done_here(copied, monkeypatch):
    def refused():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(process_copies.os, "fork", refused)
    answers = side_by_side([partial(answer_of, value) for value in "ab"], no_progress)
    assert answers == [("a", os.getpid()), ("b", os.getpid())]


def test_that_a_copy_goes_on_while_nobody_listens(copied, monkeypatch, tmp_path):
    here, at_its_end = os.getpid(), tmp_path / "at its end"
    monkeypatch.setattr(process_copies, "TELL_S", 0.0)

    def talk(progress):
        if os.getpid() == here:  # nobody listens until this is done
            tries = itertools.takewhile(lambda _: not at_its_end.exists(), range(2_000))
            return sum(time.sleep(0.01) or 1 for _ in tries) < 2_000
        for _ in range(400):
            progress(0.5, "step " * 2_000)
        at_its_end.touch()
        return True

    assert side_by_side([talk, talk], no_progress) == [True, True]


def test_that_what_cannot_be_read_from_a_copy_is_done_here(copied):
    here = os.getpid()

    def fail(progress):
        if os.getpid() != here:
            raise TwoWordsError("a", "b")
        return "done"

    assert side_by_side([partial(answer_of, "a"), fail], no_progress)[1] == "done"
