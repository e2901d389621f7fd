"""Scratch and output arrays of the kernels, kept per thread: making them costs more than a view."""

import math
import threading
from typing import cast

import numpy as np

from lhasaplan.core.sight.boundary import Boundary
from lhasaplan.core.sight.diamond import BINS
from lhasaplan.core.sight.events import MOST_PER_WALL, Events
from lhasaplan.core.sight.gather import WALL_COLUMNS, Occlusion
from lhasaplan.core.sight.outline import ARC_STEP_DEG
from lhasaplan.core.sight.profile import Profiles
from lhasaplan.core.sight.relief_sweep import FIRST_WAITING, MOST_WAITING, Hills
from lhasaplan.core.sight.sweep import SPARE_VERTICES, Rings, Room
from lhasaplan.core.sight.wedge import Sweeping

_SCRATCH = threading.local()


def occlusion_scratch(size: int) -> Occlusion:
    """Return scratch for up to this many walls or parts."""
    return Occlusion(np.empty(BINS), np.empty((BINS, 4)), np.empty((size, WALL_COLUMNS)), np.empty(size, np.int64))


def room_for(size: int) -> Room:
    """Return this thread's scratch for up to this many walls; it is kept, since making it costs more than a view."""
    kept = getattr(_SCRATCH, "room", None)
    if kept is None or len(kept.occlusion.part) < size:
        kept = _SCRATCH.room = _make_room(size)
    return cast(Room, kept)


def _make_room(size: int) -> Room:
    """Return new scratch of a sweep for up to this many walls."""
    n = math.ceil(180.0 / ARC_STEP_DEG) + 2
    angle = np.radians(np.arange(-n, n + 1) * ARC_STEP_DEG)
    arc = np.ascontiguousarray(np.column_stack((np.cos(angle), np.sin(angle))))
    events, vertices = MOST_PER_WALL * size, 10 * size + 2 * SPARE_VERTICES
    return Room(
        occlusion_scratch(size),
        Events(
            np.empty(events),
            np.empty(events, np.int64),
            np.empty((events, 2)),
            np.empty(BINS + 2, np.int64),
            np.empty(events, np.int64),
        ),
        Sweeping(np.empty(2 * size, np.int64), np.empty((size, 5)), np.empty((3, size, 4), np.int64), np.zeros(1, np.int64)),
        Boundary(
            np.empty((vertices, 2)),
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


def hills_for(size: int) -> Hills:
    """Return this thread's scratch for profiles over relief."""
    kept = getattr(_SCRATCH, "hills", None)
    if kept is None or kept.value.shape[2] < size:
        rows = FIRST_WAITING + MOST_WAITING
        profiles = Profiles(np.empty((rows, size, 2), np.int64), np.empty((rows, size, 2)))
        waiting = np.empty((MOST_WAITING, 3)), np.empty(MOST_WAITING, np.int64)
        kept = _SCRATCH.hills = Hills(profiles, np.empty((3, 2, size, 2)), *waiting)
    return cast(Hills, kept)


def rings_for(size: int) -> Rings:
    """Return this thread's output with room for at least one view of the greatest size."""
    points, kept = 14 * size + 6 * SPARE_VERTICES, getattr(_SCRATCH, "rings", None)
    if kept is None or len(kept.xy) < points:
        kept = _SCRATCH.rings = Rings(
            np.empty((points, 2)),
            np.empty(points, np.int64),
            np.empty(points),
            np.empty(points, np.int64),
            np.empty(points, np.int64),
        )
    return cast(Rings, kept)
