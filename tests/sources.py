"""Where published data for tests lies; a test without it skips and says so."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """Return a file of the published data, or skip the test."""
    folder = os.environ.get("LHASAPLAN_DATA") or ROOT.parent / "shared" / "data"
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"published data not here: {name}")
    return path
