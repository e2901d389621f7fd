"""Batches: which views and points belong together, and that the whole is what one piece would give."""

import time

import numpy as np
import pytest
import shapely
from sight_streets import STREET, points, views

from lhasaplan.compute import BatchedSight, Threads, open_sight
from lhasaplan.compute.batched import batches_of, points_for
from lhasaplan.core.context.scenes import IN_PROCESS
from lhasaplan.core.sight.walls import engine
from lhasaplan.core.sight.walls.piece_columns import Mounts


class Stopped(Exception):
    """A cancel of the tests."""


def same_fields(some, others):
    """Tell whether fields are the same to the last bit."""
    return [wkb(field) for field in some] == [wkb(field) for field in others]


def wkb(field):
    return field.basis, field.area_m2, shapely.to_wkb(field.geometry), [(d, shapely.to_wkb(band)) for d, band in field.bands]


def same_matrix(a, b):
    return a.shape == b.shape and all((getattr(a, n) == getattr(b, n)).all() for n in ("indptr", "indices", "data"))


@pytest.mark.parametrize("size", [1, 7, 64])
def test_that_batches_of_any_size_give_the_same_bytes_as_one_piece(size):
    batched = BatchedSight(Threads(size))
    assert same_fields(batched.visibility_fields(views(40), STREET), IN_PROCESS.visibility_fields(views(40), STREET))
    whole = IN_PROCESS.densities(views(40), points(400), STREET)
    assert whole.nnz > 100
    assert same_matrix(batched.densities(views(40), points(400), STREET), whole)


def test_that_nothing_asked_is_nothing_answered():
    batched = BatchedSight(Threads())
    assert batched.visibility_fields((), STREET) == ()
    assert batched.densities((), np.zeros((2, 3)), STREET).shape == (2, 0)
    assert batched.densities(views(3), np.empty((0, 3)), STREET).shape == (0, 3)


def test_that_walls_asked_about_again_are_not_sorted_again(monkeypatch):
    sorted_rows = []
    sort_walls = engine.sort_walls
    monkeypatch.setattr(engine, "sort_walls", lambda rows: sorted_rows.append(rows) or sort_walls(rows))
    rows, mounts = np.array([[5.0, 20.0, -5.0, 20.0, 0.0, 9.0, -1.0]]), Mounts(np.full(3, -1), np.full((3, 4), np.nan))
    with open_sight() as sight:
        for _ in range(2):
            sight.seen_pieces(views(3), mounts, rows, STREET, 1.0)
        sight.seen_pieces(views(3), mounts, rows + 1.0, STREET, 1.0)
    assert len(sorted_rows) == 2


def test_that_every_view_is_in_one_batch():
    batches = batches_of(views(40), 7)
    assert sorted(np.concatenate(batches).tolist()) == list(range(40))
    assert max(len(batch) for batch in batches) == 7


def test_that_a_batch_gets_the_points_in_its_reach():
    one = views(1)[0]  # stands at the origin and reaches 60 m
    xyz = np.array([[0.0, 59.0, 1.5], [900.0, 0.0, 0.5], [-59.0, 0.0, 7.0]])
    (near,) = points_for([[one]], xyz)
    assert near.tolist() == [0, 2]


def test_that_a_cancel_is_obeyed_before_the_work_is_done():
    said = []

    def stop(share, step):
        said.append(share)
        if share > 0.1:
            raise Stopped

    with pytest.raises(Stopped):
        BatchedSight(Threads(8)).visibility_fields(views(6000), STREET, progress=stop)
    assert said[-1] < 0.6


def test_that_progress_is_told_while_a_long_batch_runs():
    reported = []
    Threads().run(lambda scene, s: time.sleep(s), STREET, [(0.35,), (0.35,)], lambda share, step: reported.append(share))
    assert len(reported) >= 3


def test_that_this_machine_works_when_no_scheduler_is_named():
    with open_sight() as sight:
        assert isinstance(sight.workers, Threads)
