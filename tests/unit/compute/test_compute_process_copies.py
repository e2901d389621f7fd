"""Jobs side by side in copies of a process: the same answers, errors, progress and cancel as one after the other."""

import itertools
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

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


def both(jobs, progress=no_progress):
    """Return the answers of jobs in their order; each process takes one, then works it off before it asks for the next."""

    def work(numbers, progress):
        return {number: jobs[number](progress) for number in numbers}

    done = side_by_side(work, range(len(jobs)), progress)
    return [done[number] for number in range(len(jobs))]


def answer_of(value, progress):
    progress(0.5, "half")
    return value, os.getpid()


@pytest.fixture
def taken(tmp_path):
    """A file that a job in the copy leaves, and for which ``slow`` waits here: so the copy has surely taken one."""
    return tmp_path / "taken"


def slow(taken):
    def wait(progress):
        for _ in range(1_000):
            progress(0.0, "slow")
            if taken.exists():
                return "slow"
            time.sleep(0.01)
        raise AssertionError("the copy took no job")

    return wait


def wait_for(is_so):
    """Wait until something is so, for ten seconds at most."""
    assert any(is_so() or time.sleep(0.01) for _ in range(1_000))


def test_that_jobs_are_taken_here_from_the_front_and_in_a_copy_from_the_end_until_none_is_left(copied, tmp_path):
    here = os.getpid()

    def work(letters, progress):
        taken = {}
        for number, letter in enumerate(letters):
            taken[letter] = number, os.getpid()
            (tmp_path / letter).touch()
            wait_for(lambda: (tmp_path / "a").exists() and (tmp_path / "h").exists())  # so each takes one
        return taken

    done = side_by_side(work, "abcdefgh", no_progress)
    assert sorted(done) == list("abcdefgh")
    own = [letter for letter in sorted(done) if done[letter][1] == here]
    others = [letter for letter in sorted(done) if done[letter][1] != here]
    assert own + others == list("abcdefgh")
    assert len({process for _, process in done.values()}) == 2
    assert [done[letter][0] for letter in own] == list(range(len(own)))
    assert [done[letter][0] for letter in reversed(others)] == list(range(len(others)))
    assert own
    assert others


def test_that_jobs_are_done_here_one_after_the_other_where_no_copy_is_safe(monkeypatch):
    monkeypatch.setattr(process_copies, "can_copy", lambda: False)
    assert both([partial(answer_of, value) for value in "ab"]) == [("a", os.getpid()), ("b", os.getpid())]


def test_that_no_process_is_copied_beside_a_second_thread():
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    try:
        assert not can_copy()
    finally:
        is_over.set()
        thread.join()


def test_that_what_a_copy_raises_is_raised_here_with_its_faults(copied, taken):
    here, fault = os.getpid(), Fault("{name} is no day", params={"name": "x"})

    def fail(progress):
        taken.touch()
        if os.getpid() != here:
            raise InputError(fault)

    with pytest.raises(InputError) as raised:
        both([slow(taken), fail])
    assert raised.value.faults == (fault,)


def test_that_a_job_whose_copy_was_killed_is_done_here(copied, taken):
    here = os.getpid()

    def killed_elsewhere(progress):
        if os.getpid() != here:
            taken.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert both([slow(taken), killed_elsewhere]) == ["slow", "done"]


def test_that_the_share_never_falls_where_a_copy_was_killed_after_it_told_of_its_own(copied, tmp_path):
    here, shares, heard = os.getpid(), [], tmp_path / "heard"

    def told_and_killed(progress):
        if os.getpid() != here:
            progress(0.5, "a half")
            wait_for(heard.exists)
            os.kill(os.getpid(), signal.SIGKILL)
        if heard.exists():  # the second job, which the copy had taken
            progress(0.1, "done again")
            progress(0.6, "done again")
        else:
            wait_for(lambda: progress(0.25, "a quarter") or 0.75 in shares)
            heard.touch()

    both([told_and_killed, told_and_killed], lambda share, _step: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-2:] == [0.75, pytest.approx(0.85)]


def test_that_a_cancel_here_stops_a_copy_at_its_next_word_before_side_by_side_returns(copied, taken, tmp_path):
    def at_work(progress):
        taken.touch()
        try:
            for _ in range(1_000):
                progress(0.0, "work")
                time.sleep(0.02)
        finally:
            (tmp_path / "left").touch()

    def cancel(share, step):
        if taken.exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        both([slow(taken), at_work], cancel)
    assert (tmp_path / "left").exists()


def test_that_the_shares_that_both_processes_did_add_up(copied, tmp_path):
    here, shares = os.getpid(), []

    def quarter(progress):
        if os.getpid() != here:
            progress(0.25, "a quarter of all")
            wait_for((tmp_path / "at work").exists)  # else it might take both
            return
        (tmp_path / "at work").touch()
        wait_for(lambda: progress(0.25, "a quarter of all") or 0.5 in shares)  # until the copy has told of its own

    both([quarter, quarter], lambda share, _step: shares.append(share))
    assert 0.5 in shares
    assert set(shares) <= {0.25, 0.5}, "its own share before the copy has told of one"


def test_that_a_copy_and_this_process_read_the_same_spooled_shapes(copied, tmp_path):
    kept, done = ShapeSpool()([shapely.Point(x, 0.0) for x in range(2_000)]), tmp_path / "done"

    def read(progress):
        read = [one.read().x for _ in range(5) for one in kept]
        with done.open("a") as both_note:
            both_note.write(f"{os.getpid()}\n")
        wait_for(lambda: len(done.read_text().split()) == 2)  # so each takes one, and both read at a time
        return os.getpid(), read

    (one, its), (other, others) = both([read, read])
    assert one == os.getpid() != other, "heard of a copy"
    assert its == others == [float(x) for x in range(2_000)] * 5


def test_that_a_copy_ends_at_once_with_a_process_that_was_killed_whatever_job_it_is_at(copied):
    listen, told = os.pipe()

    def told_and_asleep(_progress):
        os.write(told, f"{os.getpid()} ".encode())
        time.sleep(60.0)

    process = os.fork()
    if process == 0:
        both([told_and_asleep, told_and_asleep])
        os._exit(0)
    os.close(told)
    words = b""
    while words.count(b" ") < 2:
        words += os.read(listen, 64)
    (copy,) = {int(word) for word in words.split()} - {process}
    begin_s = time.monotonic()
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while os.path.exists(f"/proc/{copy}") and Path(f"/proc/{copy}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < begin_s + 10.0, "it sleeps on"
        time.sleep(0.01)
    os.close(listen)


def test_that_a_copy_that_is_stopped_before_its_first_job_ends_there(copied, monkeypatch, tmp_path):
    first = os.getpid()

    def stopped(_process):
        raise KeyboardInterrupt

    monkeypatch.setattr(process_copies, "_die_with", stopped)
    with suppress(KeyboardInterrupt):
        both([partial(answer_of, 1), partial(answer_of, 2)])
    if os.getpid() != first:
        (tmp_path / "escaped").touch()
        os._exit(0)
    assert list(tmp_path.iterdir()) == []


def test_that_a_job_of_which_no_copy_can_be_made_is_done_here(copied, monkeypatch):
    def refused():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(process_copies.os, "fork", refused)
    answers = both([partial(answer_of, value) for value in "ab"])
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

    assert both([talk, talk]) == [True, True]


def test_that_what_cannot_be_read_from_a_copy_is_done_here(copied, taken):
    here = os.getpid()

    def fail(progress):
        if os.getpid() != here:
            taken.touch()
            raise TwoWordsError("a", "b")
        return "done"

    assert both([slow(taken), fail]) == ["slow", "done"]
