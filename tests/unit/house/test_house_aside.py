"""A job beside the caller's work gives its answer, its error, or stops when the caller leaves."""

import threading

import pytest

from lhasaplan.core.base.progress import BackgroundJob, no_progress


def test_that_the_answer_comes_while_the_caller_works():
    with BackgroundJob(lambda reported: sum(range(10))) as job:
        assert job.answer(no_progress, "sum") == 45


def test_that_an_error_of_the_job_is_the_callers():
    with pytest.raises(ZeroDivisionError), BackgroundJob(lambda reported: 1 // 0) as job:
        job.answer(no_progress, "sum")


def test_that_the_job_has_stopped_when_the_caller_has_left_by_an_error():
    has_begun, has_ended = threading.Event(), threading.Event()

    def work(reported):
        try:
            while True:
                reported(0.0, "step")
                has_begun.set()
        finally:
            has_ended.set()

    def leave():
        with BackgroundJob(work):
            has_begun.wait()
            raise KeyError

    with pytest.raises(KeyError):
        leave()
    assert has_ended.is_set()


def test_that_waiting_can_be_cancelled():
    def cancel(share, step):
        raise InterruptedError

    def work(reported):
        while True:
            reported(0.0, "step")

    with pytest.raises(InterruptedError), BackgroundJob(work) as job:
        job.answer(cancel, "sum")
