"""Kernels that are compiled ahead of time are those that answers need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lhasaplan.core.sight.compiled import compilation

ROOT = Path(__file__).resolve().parents[3]
NEEDED = """
import numpy as np
from numba.core import event
from lhasaplan.core.sight import warming
with event.install_recorder("numba:compile") as compiled:
    warming.warm_up(over_relief=True)
print(len(compiled.buffer))
"""


@pytest.mark.nightly
def test_that_after_the_groups_were_compiled_nothing_is_left_to_compile(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(*words):
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, env=environment)
        return done.stdout.strip()

    assert int(run("-c", NEEDED.replace("True)", "False)"))) > 0
    for groups in (["polygons"], ["points", "relief"]):
        run("-m", "lhasaplan.compute.kernels", *groups)
    assert run("-c", NEEDED) == "0"


FRESH = """
import subprocess
from types import SimpleNamespace
from lhasaplan.compute import kernels
from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER
from pathlib import Path

started = []
subprocess.Popen = lambda words, **_: started.append(words[3:]) or SimpleNamespace(wait=int)
kernels.compile_beside()
Path(CACHE_FOLDER, "points.nbi").touch()
kernels.compile_beside()
print(started)
"""


def test_that_kernels_are_compiled_beside_where_there_are_none_and_never_again(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[['polygons', 'points'], ['walls']]"


def test_that_a_start_beside_another_start_does_not_stumble_over_what_that_one_is_writing(tmp_path, monkeypatch):
    """Python writes a compiled module under a passing name: between list and look it may be gone, as this link's end is."""
    folder = tmp_path / "sight" / "compiled"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "compilation.py").write_text("")
    monkeypatch.setattr(compilation, "__file__", str(folder / "compilation.py"))
    before = compilation.cache_folder()
    (folder / "__pycache__" / "compilation.cpython-311.pyc.1404").symlink_to(tmp_path / "gone")
    assert compilation.cache_folder() == before
    (folder / "arcs.py").write_text("")
    assert compilation.cache_folder() != before
