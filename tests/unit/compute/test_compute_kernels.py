"""Kernels that are compiled ahead of time are those that answers need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
