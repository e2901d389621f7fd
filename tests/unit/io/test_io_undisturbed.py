"""A map file that is read stays as it was, with all that lies beside it."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import geopandas
import pyogrio
import pytest
import shapely

from lhasaplan.errors import InputError
from lhasaplan.files import undisturbed as module
from lhasaplan.io.importing.importer import digest, read_file


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.gpkg"
    boxes = [shapely.box(385_000, 6_671_000, 385_010, 6_671_010), shapely.box(385_020, 6_671_000, 385_030, 6_671_010)]
    frame = geopandas.GeoDataFrame({"building": ["yes", "house"]}, geometry=boxes, crs="EPSG:32635")
    pyogrio.write_dataframe(frame, path, layer="buildings")
    return path


def _count(path):
    return sum(len(layer) for layer in read_file(path).layers)


def _state(folder):
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.iterdir()}


def _leave(path, mode):
    """Leave file and log as a program that was killed does: one house is gone, and that stands in the log alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        for trigger in writer.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            writer.execute(f"DROP TRIGGER {trigger[0]}")
        writer.execute(f"PRAGMA journal_mode = {mode}")
        writer.execute("PRAGMA cache_size = 1")
        if mode == "DELETE":
            writer.execute("BEGIN")
        writer.execute("DELETE FROM buildings WHERE fid = 1")
        if mode == "DELETE":
            writer.execute("CREATE TABLE more AS SELECT hex(zeroblob(50000))")
        kept = {each: each.read_bytes() for each in path.parent.iterdir()}
    for each, content in kept.items():
        each.write_bytes(content)


def test_that_rows_in_a_pending_log_are_read_and_nothing_is_changed(houses):
    _leave(houses, "WAL")
    before = _state(houses.parent)
    assert {"houses.gpkg-wal", "houses.gpkg-shm"} <= before.keys()
    assert _count(houses) == 1
    assert _state(houses.parent) == before


def test_that_a_change_that_was_cut_off_is_not_read_and_nothing_is_changed(houses):
    _leave(houses, "DELETE")
    before = _state(houses.parent)
    assert "houses.gpkg-journal" in before
    assert _count(houses) == 2
    assert _state(houses.parent) == before


def test_that_a_file_last_written_with_a_log_is_read_without_making_one(houses):
    with closing(sqlite3.connect(houses)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    before = _state(houses.parent)
    assert _count(houses) == 2
    assert _state(houses.parent) == before


def test_that_the_same_file_with_another_log_has_another_digest(houses):
    _leave(houses, "WAL")
    with_log = digest(houses)
    houses.with_name("houses.gpkg-wal").unlink()
    assert digest(houses) != with_log


def test_that_a_file_that_is_written_to_without_end_is_told_and_not_read_torn(houses, monkeypatch):
    _leave(houses, "WAL")
    states = iter(range(99))
    monkeypatch.setattr(module, "_state", lambda _path: next(states))
    with pytest.raises(InputError, match="Another program holds this file open"):
        read_file(houses)


_HOLD = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE'); print(flush=True); input()"


def test_that_a_file_that_another_program_has_locked_is_told(houses, monkeypatch):
    monkeypatch.setattr(module, "WAIT_S", 0.01)
    with subprocess.Popen([sys.executable, "-c", _HOLD, houses], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(InputError, match=r"houses\.gpkg: Another program holds"):
            read_file(houses)
        other.communicate(b"\n")
