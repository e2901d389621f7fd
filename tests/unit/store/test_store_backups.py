"""The last states of a project file are kept whole, the oldest going, whatever the clock says."""

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.files.replacing import back_up, backups
from lhasaplan.store.geopackage import GeoPackageStore


@pytest.fixture
def path(tmp_path):
    GeoPackageStore(tmp_path / "town.gpkg").save(small_town())
    return tmp_path / "town.gpkg"


def renamed(path, name):
    store = GeoPackageStore(path)
    store.save(replace(store.load(), name=name))


def test_that_the_last_states_are_kept_in_their_order_and_the_oldest_go(path, tmp_path):
    folder = tmp_path / "kept"
    for number in range(7):
        renamed(path, f"state {number}")
        os.utime(path, (1e9 - number, 1e9 - number))  # the clock runs backwards
        assert back_up(path, folder, most=3) is not None
    kept = backups(path, folder)
    assert [GeoPackageStore(each).load().name for each in kept] == ["state 4", "state 5", "state 6"]
    assert [each.name for each in kept] == ["town.0005.gpkg", "town.0006.gpkg", "town.0007.gpkg"]


def test_that_a_state_is_kept_once(path, tmp_path):
    assert back_up(path, tmp_path / "kept") is not None
    assert back_up(path, tmp_path / "kept") is None
    assert len(backups(path, tmp_path / "kept")) == 1


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_that_nobody_else_may_read_them(path, tmp_path):
    copy = back_up(path, tmp_path / "kept")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_that_what_stands_in_a_log_beside_the_file_is_kept_too(path, tmp_path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE lhasaplan_project SET value = ? WHERE key = 'name'", ('"from the log"',))
        copy = back_up(path, tmp_path / "kept")
    assert GeoPackageStore(copy).load().name == "from the log"


def test_that_a_file_of_another_name_is_none_of_them(path, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for name in ("town.gpkg", "town.0001.txt", "towns.0001.gpkg", "town.1.gpkg", "city.0001.gpkg"):
        (folder / name).touch()
    assert backups(path, folder) == []
