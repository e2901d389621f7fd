"""Keep shapes in an unnamed temporary file, or in memory where the disk is full."""

import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.kept_shapes import Kept, Shape

PIECE_BYTES = 2**22  # shapes of some hundred cameras


class ShapeSpool:
    """A :data:`~lhasaplan.core.base.kept_shapes.ShapeSink`: written one behind the other, read from any thread."""

    def __init__(self, give_back: Callable[[], None] = lambda: None) -> None:
        """``give_back`` hands memory that was freed to the system; it is called as the file grows."""
        self._give_back, self._reported = give_back, 0
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lies open as long as one of its shapes is held
        self._lock, self._end = Lock(), 0

    def __call__(self, shapes: Sequence[Shape]) -> Sequence[Shape]:
        """Put shapes away and return what stands for each."""
        drawn: ObjectArray = np.array([None if isinstance(each, Kept) else each for each in (*shapes, None)], object)[:-1]
        written, areas = shapely.to_wkb(drawn).tolist(), shapely.area(drawn).tolist()
        blobs = [each.wkb() if isinstance(each, Kept) else blob for each, blob in zip(shapes, written, strict=True)]
        with self._lock:
            at = self._end
            try:
                self._append(b"".join(blobs))
            except OSError:  # no room, or the disk is gone: the answers matter more than memory
                return shapes
        self._hand_back()
        starts = np.cumsum([at, *map(len, blobs)])[:-1].tolist()
        return [_SpooledShape(self, start, len(blob), area) for start, blob, area in zip(starts, blobs, areas, strict=True)]

    def _hand_back(self) -> None:
        if self._end - self._reported >= PIECE_BYTES:
            self._reported = self._end
            self._give_back()

    def _append(self, content: bytes) -> None:
        self._file.seek(self._end)
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        self._end += len(content)

    def read(self, start: int, size: int) -> bytes:
        """Return what was written there."""
        if sys.platform != "win32":  # where a copy of this process reads the same open file at its own places
            return os.pread(self._file.fileno(), size, start)
        with self._lock:
            self._file.seek(start)
            return self._file.read(size) or b""


class _SpooledShape(Kept):
    __slots__ = ("_area_m2", "_size", "_spool", "_start")

    def __init__(self, spool: ShapeSpool, start: int, size: int, area_m2: float) -> None:
        self._spool, self._start, self._size, self._area_m2 = spool, start, size, area_m2

    def read(self) -> BaseGeometry:
        """Return the shape, read from the file."""
        shape: BaseGeometry = shapely.from_wkb(self.wkb())
        return shape

    def wkb(self) -> bytes:
        """Return what was written of the shape."""
        return self._spool.read(self._start, self._size)

    @property
    def area_m2(self) -> float:
        """Return the area that the shape had when it was put away; 0 of lines."""
        return 0.0 if math.isnan(self._area_m2) else self._area_m2
