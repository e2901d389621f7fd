"""The system's Python with QGIS, where it is installed; tests that need it are skipped with a word where it is not."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PYTHON = "/usr/bin/python3"
PACKAGE = "/usr/lib/python3/dist-packages/qgis/core/__init__.py"
ABSENT = "QGIS is not installed for the system's Python (Debian: qgis, python3-qgis)"


# A test that runs QGIS starts the program again and again, so it is nightly.
NEEDS_QGIS = (pytest.mark.nightly, pytest.mark.skipif(not Path(PACKAGE).exists(), reason=ABSENT))


def needs_qgis(test):
    for mark in NEEDS_QGIS:
        test = mark(test)
    return test


def in_qgis(script, *words, **environment):
    """Return what a script printed as JSON, run by that Python without a screen, our packages and anybody's settings."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    with TemporaryDirectory() as settings:  # none of the user's own settings, which may name another program
        env = {
            **kept,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": settings,
            "XDG_DATA_HOME": settings,
            **environment,
        }
        command = [PYTHON, script, *map(str, words)]
        run = subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=1200)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])
