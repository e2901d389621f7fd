"""A disk that refuses every lock, as some network drives do: a project there is read, saved and logged, and no work is lost."""

import errno
import fcntl
import os
import sqlite3
from dataclasses import replace

import pytest
from project_values import same_project, small_town

from lhasaplan.core.project.journal import JournalEntry, ProjectOpened
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore

ENTRY = JournalEntry(ProjectOpened(by="audit"), "2026-02-05")


@pytest.fixture
def drive(tmp_path, monkeypatch):
    """Give a folder whose disk takes no locks: Python gets none, and SQLite must not ask for one."""

    def refuse(*_asked):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "lockf", refuse)
    monkeypatch.setattr(fcntl, "flock", refuse)
    opened, seen = sqlite3.connect, []

    def connect(database, **how):
        seen.append(str(database))
        return opened(database, **how)

    monkeypatch.setattr(sqlite3, "connect", connect)
    yield tmp_path
    files = [each for each in seen if each.startswith("file:")]
    assert files
    assert all("nolock=1" in each for each in files)  # whatever asks for a lock there is told that the file is held


def test_that_a_project_is_made_changed_logged_and_read_there(drive):
    store = GeoPackageStore(drive / "town.gpkg")
    store.save(small_town())
    store.save(replace(store.load(), name="later"))
    for _ in range(2):
        store.log(ENTRY)
    again = GeoPackageStore(drive / "town.gpkg")
    assert same_project(again.load(), replace(small_town(), name="later"))
    assert again.logged() == (ENTRY, ENTRY)
    assert (again.remarks(), again.examine()) == ((), ())
    assert [each.name for each in drive.iterdir()] == ["town.gpkg"]


def test_that_what_another_start_saved_meanwhile_is_not_written_over(drive):
    path = drive / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    here, there = GeoPackageStore(path), GeoPackageStore(path)
    mine, theirs = here.load(), there.load()
    there.save(replace(theirs, name="theirs"))
    with pytest.raises(InputError, match="changed this"):
        here.save(replace(mine, name="mine"))
    assert GeoPackageStore(path).load().name == "theirs"


def test_that_a_change_while_the_next_state_is_written_is_not_written_over(drive, monkeypatch):
    path = drive / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    here, there = GeoPackageStore(path), GeoPackageStore(path)
    mine, theirs = here.load(), there.load()
    dress = GeoPackageStore._dress

    def meanwhile(store, *given):
        dress(store, *given)
        if store is here:
            there.save(replace(theirs, name="theirs"))

    monkeypatch.setattr(GeoPackageStore, "_dress", meanwhile)
    with pytest.raises(InputError, match="changed this"):
        here.save(replace(mine, name="mine"))
    assert GeoPackageStore(path).load().name == "theirs"
