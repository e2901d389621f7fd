"""Reuse scratch and output arrays of the kernels between batches: allocating them costs more than a view."""

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from lhasaplan.core.sight.compiled.directions import BINS
from lhasaplan.core.sight.sweep.boundary import Boundary
from lhasaplan.core.sight.sweep.density_bands import ARC_STEP_DEG
from lhasaplan.core.sight.sweep.events import ITEM_COLUMNS, MOST_PER_WALL, Events, Sweeping
from lhasaplan.core.sight.sweep.ground_profile import Profiles
from lhasaplan.core.sight.sweep.near_to_far import AT_ONCE, WALL_COLUMNS, Occlusion
from lhasaplan.core.sight.sweep.relief_sweep import FIRST_WAITING, MOST_WAITING, Hills
from lhasaplan.core.sight.sweep.rotational_sweep import SPARE_VERTICES, Rings, SweepRoom


def occlusion_scratch(size: int) -> Occlusion:
    """Return scratch for up to this many walls or parts."""
    buffer, ahead = (np.empty(BINS), np.empty((BINS, 4))), (np.empty(AT_ONCE, np.int64), np.empty((2, AT_ONCE, 2), np.int64))
    return Occlusion(*buffer, np.empty((size, WALL_COLUMNS)), np.empty(size, np.int64), *ahead, np.empty((2, AT_ONCE)))


class Scratch:
    """Arrays for one thread at a time, made when they are first asked for, kept while they suffice."""

    def __init__(self) -> None:
        self._room, self._hills, self._rings = _make_room(0), _make_hills(0), _make_rings(0)
        self._occlusion = occlusion_scratch(0)

    def room(self, size: int) -> SweepRoom:
        """Return scratch of a sweep for up to this many walls."""
        if len(self._room.occlusion.part) < size:
            self._room = _make_room(size)
        return self._room

    def occlusion(self, size: int) -> Occlusion:
        """Return scratch for gathering up to so many parts, for who sweeps nothing."""
        if len(self._occlusion.part) < size:
            self._occlusion = occlusion_scratch(size)
        return self._occlusion

    def hills(self, size: int) -> Hills:
        """Return scratch for profiles over relief."""
        if self._hills.value.shape[2] < size:
            self._hills = _make_hills(size)
        return self._hills

    def rings(self, size: int) -> Rings:
        """Return output with room for at least one view of the greatest size."""
        if len(self._rings.xy) < _most_points(size):
            self._rings = _make_rings(size)
        return self._rings


_FREE: deque[Scratch] = deque()


@contextmanager
def lent_scratch() -> Iterator[Scratch]:
    """Lend scratch arrays that are not in use.

    It outlives the threads, which come and go with each call: the first touch of new arrays costs more than many views.
    """
    try:
        scratch = _FREE.pop()
    except IndexError:  # asking for the length first would not be safe between threads
        scratch = Scratch()
    try:
        yield scratch
    finally:
        _FREE.append(scratch)


def _make_room(size: int) -> SweepRoom:
    """Return new scratch of a sweep for up to this many walls."""
    n = math.ceil(180.0 / ARC_STEP_DEG) + 2
    angle = np.radians(np.arange(-n, n + 1) * ARC_STEP_DEG)
    arc = np.ascontiguousarray(np.column_stack((np.cos(angle), np.sin(angle))))
    events, vertices = MOST_PER_WALL * size, 10 * size + 2 * SPARE_VERTICES
    return SweepRoom(
        occlusion_scratch(size),
        Events(
            np.empty(events),
            np.empty(events, np.int64),
            np.empty((events, 2)),
            np.empty(BINS + 2, np.int64),
            np.empty(events, np.int64),
            np.empty(events),
        ),
        Sweeping(
            np.empty(2 * size, np.int64),
            np.empty(size, np.int64),
            np.empty((size, ITEM_COLUMNS)),
            np.empty((3, size, 4), np.int64),
            np.zeros(2, np.int64),
        ),
        Boundary(
            np.empty((vertices, 2)),
            np.empty(vertices, np.int64),
            np.empty(vertices, np.int64),
            np.empty(vertices, np.int64),
            arc,
            math.radians(ARC_STEP_DEG),
            np.empty((2, 2 * size)),
            np.zeros(1),
            np.zeros(1, np.int64),
            np.empty(2 * size),
            np.empty(2),
        ),
    )


def _make_hills(size: int) -> Hills:
    """Return new scratch for profiles over relief."""
    rows = FIRST_WAITING + MOST_WAITING
    profiles = Profiles(np.empty((rows, size, 2), np.int64), np.empty((rows, size, 2)))
    waiting = np.empty((MOST_WAITING, 3)), np.empty(MOST_WAITING, np.int64)
    return Hills(profiles, np.empty((3, 2, size, 2)), *waiting)


def _most_points(size: int) -> int:
    """Return how many points a view with so many walls has at most."""
    return 14 * size + 6 * SPARE_VERTICES


def _make_rings(size: int) -> Rings:
    """Return new output."""
    points = _most_points(size) if size else 0
    end, views, is_sound = (np.empty(points, np.int64) for _ in range(3))
    return Rings(np.empty((points, 2)), end, np.empty(points), views, is_sound)
