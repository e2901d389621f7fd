"""Memory that was freed goes back to the system."""

import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from lhasaplan.compute import give_back


def held_pages():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is handed back")
def test_that_freed_geometries_give_their_memory_back_though_some_between_them_stay():
    shapes = shapely.buffer(shapely.points(np.arange(20_000.0), 0.0), 1.0, quad_segs=64)
    kept = shapes[::100].copy()
    full = held_pages()
    del shapes
    give_back()
    assert full - held_pages() > 10_000  # pages of 4 kB, of the 80 MB that 20,000 rings of 257 points take
    assert shapely.is_valid(kept).all()
