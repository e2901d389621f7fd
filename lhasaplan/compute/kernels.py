"""Compile groups of sight kernels here, all where none is named: ``python -m lhasaplan.compute.kernels points relief``.

The launcher starts such processes once an environment is made, and the window where there was no launcher, so that the first
answer need not wait for one after the other.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

import numpy as np

from lhasaplan.core.picture.outlook import blend_triangles
from lhasaplan.core.picture.painting import PALETTE, Light, PictureLens, Surfaces, draw_edges, draw_figure, paint

# Compile or load what colours pictures, ahead of the first one.

SIZE = (2, 2)


def warm_up() -> None:
    """Run each kernel once on a picture of four pixels."""
    count = SIZE[0] * SIZE[1]
    ray, away = np.tile([1.0, 0.0, 0.1], (count, 1)), np.tile([10.0, np.inf], (count, 1))
    surface, figure = np.full((count, 4), -3, np.int32), np.zeros(count, np.uint8)
    out, veiled, grid, frame = np.zeros((count, 3), np.uint8), np.zeros(count, bool), np.zeros((1, 1), np.uint8), np.ones(3)
    lens = PictureLens(0.0, 0.0, 5.0, 1.0, 0.0, 1.0, 0.0, 1000.0, False)
    light = Light(lens, 1e-3, 50.0, -1.0, 1, False, True)
    surfaces = Surfaces(np.ones(1), np.ones(1), np.zeros(1, bool), grid, frame, grid, frame, np.array([25.0]))
    paint(SIZE, ray, away, surface, figure, np.zeros(0, bool), light, surfaces, PALETTE, out, veiled)
    draw_edges(SIZE, away, surface, figure, out)
    draw_figure(SIZE, (0, 1, 0, 1), np.array([10.0, 1.0, 0.0, 5.0]), ray, away, figure)
    triangle, box = np.ones((1, 3, 3)), np.array([[0, 1, 0, 1]])
    blend_triangles(SIZE, triangle, box, ray, away, np.zeros(3), 0.1, out)


NEEDED_BY_PICTURES, OF_PICTURES = ("pictures", "colours"), "painting.paint"  # the last kernel that is compiled for them
NEEDED_FIRST = (("polygons", "points"), ("walls",))  # by what a city on level ground is looked through, a process each


def compile_groups(groups: Sequence[str]) -> None:
    """Run each kernel of the groups, of all where none is named, once on a tiny town."""
    from lhasaplan.core.sight.warming import GROUPS  # noqa: PLC0415 - numba is loaded when it is needed

    known = {**GROUPS, "colours": warm_up}
    for group in groups or known:
        known[group]()


def are_kept(kernel: str = "") -> bool:
    """Tell whether any kernel of this edition, or one of a name, was compiled before and kept."""
    from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER, IS_KEPT  # noqa: PLC0415 - numba is loaded when it is needed

    return IS_KEPT and any(
        name.startswith(kernel) and name.endswith(".nbi") for _, _, names in os.walk(CACHE_FOLDER) for name in names
    )


def compile_beside(needed: Iterable[Sequence[str]] = NEEDED_FIRST) -> None:
    """Compile groups, those that a first city needs, in processes of their own where nothing was compiled before; wait for them.

    This process stays free to draw meanwhile, which it is not while it compiles itself. What fails there is done here when it
    is needed; where kernels cannot be kept, nothing is done beside.
    """
    from lhasaplan.core.sight.compiled.compilation import IS_KEPT  # noqa: PLC0415 - numba is loaded when it is needed

    if not IS_KEPT or are_kept():
        return
    for each in [_started(groups) for groups in needed]:
        each.wait()


def compile_pictures_beside() -> None:
    """Compile what pictures through the lens need in a process of its own, where that was not done before; wait for it."""
    from lhasaplan.core.sight.compiled.compilation import IS_KEPT  # noqa: PLC0415 - numba is loaded when it is needed

    if IS_KEPT and not are_kept(OF_PICTURES):
        _started(NEEDED_BY_PICTURES).wait()


def _started(groups: Sequence[str]) -> "subprocess.Popen[bytes]":
    words, nowhere = [sys.executable, "-m", "lhasaplan.compute.kernels", *groups], subprocess.DEVNULL
    no_window = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))
    return subprocess.Popen(words, stdout=nowhere, stderr=nowhere, creationflags=no_window)


if __name__ == "__main__":
    gc.disable()  # a process that ends at once leaves no garbage worth looking for
    compile_groups(sys.argv[1:])
