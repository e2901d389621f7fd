"""Groups of things: views cut into batches of neighbours and run in threads; things joined by pairs or closeness, or sampled."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, slices
from lhasaplan.core.base.progress import Progress

# Groups of things: joined by pairs, close to each other, or sampled on a regular grid.


# Number the groups into which pairs join things: connected components of a graph without directions.
def joined_groups(a: IntArray, b: IntArray, count: int) -> IntArray:
    """Return the group of each of ``count`` things, shape (count,), numbered in the order of their first member.

    Each thing takes the lowest number among those that it is joined with, until none is lower (Shiloach and Vishkin 1982).

    Parameters
    ----------
    a, b : shape (n,); pairs of things that are in one group.

    Examples
    --------
    >>> joined_groups(np.array([3, 0]), np.array([1, 2]), 5)
    array([0, 1, 0, 1, 2])
    """
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        hooked = label.copy()
        np.minimum.at(hooked, label[a], low)
        np.minimum.at(hooked, label[b], low)
        while not np.array_equal(hooked, hooked[hooked]):
            hooked = hooked[hooked]
        if np.array_equal(hooked, label):
            return np.asarray(np.unique(label, return_inverse=True)[1], np.int64)
        label = hooked


# Groups of points that lie close to each other.
def clusters(points: FloatArray, within_m: float) -> IntArray:
    """Return a group number for each point, shape (n,): points within a distance of each other are one group."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    at = shapely.points(points)
    a, b = shapely.STRtree(at).query(at, predicate="dwithin", distance=within_m)
    return joined_groups(a, b, len(points))


# Points on a regular grid inside a shape, the same for every shape that lies on the same ground.
def grid_points(area: BaseGeometry, step_m: float) -> FloatArray:
    """Return the grid points inside an area, shape (n, 2); a point on it when it is smaller than the grid.

    The grid is anchored to the coordinate system, so that neighbours share it and small edits move no point.
    """
    if area.is_empty:
        return np.empty((0, 2))
    x0, y0, x1, y1 = shapely.bounds(area)
    x, y = np.meshgrid(_steps(x0, x1, step_m), _steps(y0, y1, step_m))
    inside = shapely.contains_xy(area, x.ravel(), y.ravel())
    points = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
    return points if len(points) else shapely.get_coordinates(shapely.point_on_surface(area))


def _steps(low: float, high: float, step_m: float) -> FloatArray:
    return (np.arange(np.floor(low / step_m), np.floor(high / step_m) + 1.0) + 0.5) * step_m


# Cut work into batches of neighbouring views and run them in threads, with progress and cancel.

VIEWS_A_BATCH = 64
CELL_M = 64.0  # neighbours lie in one
TELL_S = 0.05
STEP = "sight"
Answer = TypeVar("Answer")
Job = TypeVar("Job")


def batches(rows: FloatArray, size: int = VIEWS_A_BATCH) -> list[IntArray]:
    """Return the views in batches of neighbours, so that they meet the same walls in the cache."""
    if len(rows) < 2:
        return [np.zeros(1, np.int64)] if len(rows) else []
    order = along_curve(rows[:, 0], rows[:, 1])
    return [order[some] for some in slices(len(order), size)]


def along_curve(x: FloatArray, y: FloatArray) -> IntArray:
    """Return the order of points along a Z curve through cells of ``CELL_M``."""

    def spread(v: FloatArray) -> NDArray[np.uint64]:
        bits: NDArray[np.uint64] = ((v - v.min()) / CELL_M).astype(np.uint64)
        for shift, mask in (
            (16, 0x0000FFFF0000FFFF),
            (8, 0x00FF00FF00FF00FF),
            (4, 0x0F0F0F0F0F0F0F0F),
            (2, 0x3333333333333333),
            (1, 0x5555555555555555),
        ):
            bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
        return bits

    return np.argsort(spread(x) | (spread(y) << np.uint64(1)), kind="stable").astype(np.int64)


def in_threads(work: Callable[[Job], Answer], jobs: Sequence[Job], progress: Progress) -> list[Answer]:
    """Return the answers in the order of the jobs; progress is reported twenty times a second and may cancel by raising."""
    progress(0.0, STEP)
    if len(jobs) < 2:
        return [work(job) for job in jobs]
    line = _Line(work, jobs)
    threads = min(len(jobs), os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        pending = {pool.submit(line.work_off) for _ in range(threads)}
        try:
            while pending:
                done, pending = wait(pending, timeout=TELL_S, return_when=FIRST_EXCEPTION)
                for one in done:
                    one.result()
                progress(len(line.answers) / len(jobs), STEP)
        except BaseException:
            line.is_stopped = True
            raise
    return [line.answers[number] for number in range(len(jobs))]


class _Line(Generic[Job, Answer]):
    """Jobs in a line: each thread takes the next one, so that their number costs nothing."""

    def __init__(self, work: Callable[[Job], Answer], jobs: Sequence[Job]) -> None:
        self._work, self._jobs = work, iter(enumerate(jobs))
        self.answers: dict[int, Answer] = {}
        self.is_stopped = False

    def work_off(self) -> None:
        """Take jobs until none is left; taking one from a plain iterator is safe between threads."""
        for number, job in self._jobs:
            if self.is_stopped:
                return
            self.answers[number] = self._work(job)
