"""Settings that every test shares."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

settings.register_profile("project", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def postgis():
    """Give a database server of this run's own (``tests/postgis_server.py``)."""
    from postgis_server import running

    with running() as server:
        yield server
