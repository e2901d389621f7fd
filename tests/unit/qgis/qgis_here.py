"""The system's Python with QGIS, where it is installed; tests that need it are skipped with a word where it is not."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
ABSENT = "QGIS is not installed for the system's Python (Debian: qgis, python3-qgis)"


@cache
def has_qgis():
    if not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0


needs_qgis = pytest.mark.skipif(not has_qgis(), reason=ABSENT)


def in_qgis(script, *words, **environment):
    """Return what a script printed as JSON, run by that Python without a screen and without this program's packages."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    env = {**kept, "QT_QPA_PLATFORM": "offscreen", **environment}
    run = subprocess.run([PYTHON, script, *map(str, words)], capture_output=True, text=True, env=env, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])
