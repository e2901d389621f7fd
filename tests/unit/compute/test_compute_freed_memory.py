"""Memory that was freed goes back to the system."""

import os
import subprocess
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


THREADS = """
import ctypes, threading
from lhasaplan.compute import open_sight

def take():
    libc.free(libc.malloc(1_000))
    together.wait()

libc, together = ctypes.CDLL(None), threading.Barrier(40)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
with open_sight():
    threads = [threading.Thread(target=take) for _ in range(40)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
libc.malloc_stats()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no arenas")
def test_that_forty_threads_share_as_many_arenas_as_there_are_processors():
    bare = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    ran = subprocess.run([sys.executable, "-c", THREADS], env=bare, capture_output=True, text=True, check=True)
    assert 1 <= ran.stderr.count("Arena ") <= (os.cpu_count() or 1)
