"""The project file is treated as its owner left it, and every thing that is no project gets its own sentence."""

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pyogrio
import pytest
from project_values import small_town

from lhasaplan.core.project.project import Project
from lhasaplan.errors import InputError
from lhasaplan.files import undisturbed
from lhasaplan.files.scratch import LOCK, PREFIX, clear_leftovers, scratch_folder
from lhasaplan.store import connection
from lhasaplan.store.geopackage import GeoPackageStore


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    return path


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch):
    for module in (connection, undisturbed):
        monkeypatch.setattr(module, "WAIT_S", 0.01)


def renamed(path):
    store = GeoPackageStore(path)
    store.save(replace(store.load(), name="other"))


def test_that_a_read_only_project_is_read_and_not_replaced(town):
    town.chmod(0o444)
    before = town.read_bytes()
    with pytest.raises(InputError, match="rights of this file"):
        renamed(town)
    assert town.read_bytes() == before
    assert GeoPackageStore(town).load().name == small_town().name


def test_that_a_project_in_a_read_only_folder_is_not_replaced(town):
    town.parent.chmod(0o555)
    try:
        with pytest.raises(InputError, match="rights of this file or of its folder"):
            renamed(town)
    finally:
        town.parent.chmod(0o755)
    assert os.listdir(town.parent) == ["town.gpkg"]


def test_that_saving_keeps_rights_owner_and_marks_of_the_file(town):
    town.chmod(0o640)
    if os.getuid() == 0:
        os.chown(town, 1234, 4321)
    owner = (town.stat().st_uid, town.stat().st_gid)
    marked = _mark(town)
    renamed(town)
    assert stat.S_IMODE(town.stat().st_mode) == 0o640
    assert (town.stat().st_uid, town.stat().st_gid) == owner
    assert not marked or os.getxattr(town, "user.note") == b"mine"


def _mark(path):
    try:
        os.setxattr(path, "user.note", b"mine")
    except (AttributeError, OSError):
        return False
    return True


def test_that_of_a_link_the_target_is_written_and_the_link_stays(town, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    link = other / "link.gpkg"
    link.symlink_to(town)
    renamed(link)
    assert link.is_symlink()
    assert GeoPackageStore(town).load().name == "other"
    assert os.listdir(other) == ["link.gpkg"]


def test_that_a_hard_link_keeps_the_state_of_before(town):
    copy = town.with_name("snapshot.gpkg")
    copy.hardlink_to(town)
    before = copy.read_bytes()
    renamed(town)
    assert copy.read_bytes() == before
    assert GeoPackageStore(town).load().name == "other"


@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
def test_that_a_project_that_another_program_holds_is_told_as_such(town, how):
    before = town.read_bytes()
    with closing(sqlite3.connect(town, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        with pytest.raises(InputError, match="Another program holds this"):
            renamed(town)
    assert town.read_bytes() == before
    assert os.listdir(town.parent) == ["town.gpkg"]


def _empty(path):
    path.write_bytes(b"")


def _folder(path):
    path.mkdir()


def _foreign(path):
    import geopandas
    import shapely

    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, layer="mine")


def _table(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (a)")


def _versionless(path):
    GeoPackageStore(path).save(small_town())
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM lhasaplan_project WHERE key = 'schema_version'")
        database.commit()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_empty, "empty"),
        (_folder, "is a folder"),
        (os.mkfifo, "no ordinary file"),
        (_foreign, "This GeoPackage is not a project"),
        (_table, "This file is not a project"),
        (_versionless, "does not say which version"),
    ],
)
def test_that_each_thing_that_is_no_project_gets_its_own_sentence(tmp_path, make, words):
    path = tmp_path / "it.gpkg"
    make(path)
    store = GeoPackageStore(path)
    for use in (store.load, store.has_results, lambda: store.save(Project())):
        with pytest.raises(InputError, match=words):
            use()
    assert os.listdir(tmp_path) == ["it.gpkg"]


def test_that_reading_a_project_with_a_log_leaves_file_and_log_as_they_were(town):
    _leave_log(town)
    before = _state(town.parent)
    project = GeoPackageStore(town).load()
    assert project.name == "from the log"
    assert _state(town.parent) == before


def test_that_reading_a_project_that_had_a_log_leaves_none_beside_it(town):
    with closing(sqlite3.connect(town)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    before = _state(town.parent)
    GeoPackageStore(town).load()
    assert _state(town.parent) == before


def test_that_a_change_that_another_program_left_half_done_is_taken_back_on_a_copy(town):
    whole = town.read_bytes()
    _leave_journal(town)
    assert town.read_bytes() != whole
    before = _state(town.parent)
    assert GeoPackageStore(town).load().name == small_town().name
    assert _state(town.parent) == before
    renamed(town)
    assert os.listdir(town.parent) == ["town.gpkg"]
    assert GeoPackageStore(town).load().name == "other"


def _state(folder):
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.iterdir()}


def _leave_log(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE lhasaplan_project SET value = ? WHERE key = 'name'", ('"from the log"',))
        kept = {each: each.read_bytes() for each in path.parent.iterdir()}
    for each, content in kept.items():
        each.write_bytes(content)


def _leave_journal(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the end
        writer.execute("BEGIN")
        writer.execute("UPDATE lhasaplan_project SET value = 'half' || hex(zeroblob(20000))")
        kept = {each: each.read_bytes() for each in path.parent.iterdir()}
        writer.execute("ROLLBACK")
    for each, content in kept.items():
        each.write_bytes(content)


def test_that_a_start_that_begins_a_file_meanwhile_is_not_written_over(tmp_path, monkeypatch):
    path = tmp_path / "town.gpkg"
    theirs = tmp_path / "theirs.gpkg"
    GeoPackageStore(theirs).save(replace(small_town(), name="theirs"))
    from lhasaplan.store import geopackage

    write = geopackage._write

    def late(*words):
        os.replace(theirs, path)
        return write(*words)

    monkeypatch.setattr(geopackage, "_write", late)
    with pytest.raises(InputError, match="Another start"):
        GeoPackageStore(path).save(small_town())
    assert GeoPackageStore(path).load().name == "theirs"


def test_that_what_a_dead_process_left_is_cleared_and_a_living_one_keeps_its_folder(town):
    dead = town.parent / f"{PREFIX}dead0000"
    dead.mkdir()
    (dead / LOCK).touch()
    (dead / "town.gpkg").write_bytes(b"half")
    (dead / "town.gpkg-journal").write_bytes(b"half")
    (town.parent / f"{PREFIX}empty000").mkdir()
    with scratch_folder(town.parent) as living:
        (living / "half").touch()
        GeoPackageStore(town).load()
        assert sorted(os.listdir(town.parent)) == sorted([living.name, "town.gpkg"])
        assert (living / "half").exists()
    assert os.listdir(town.parent) == ["town.gpkg"]


def test_that_a_folder_that_only_looks_like_a_leftover_is_kept(town):
    mine = town.parent / f"{PREFIX}notes"
    mine.mkdir()
    (mine / "notes.txt").touch()
    clear_leftovers(town.parent)
    assert (mine / "notes.txt").exists()


def test_that_what_earlier_versions_left_is_cleared_when_its_process_is_gone(town):
    gone, here = town.with_name(".town.gpkg.999999999.new"), town.with_name(f".town.gpkg.{os.getpid()}.new")
    journal, another = town.with_name(".town.gpkg.999999999.new-journal"), town.with_name(".b.gpkg.999999999.new")
    drafts, fresh = town.parent / ".draft-abcd_123", town.parent / ".draft-abcd_124"
    for each in (gone, here, journal, another):
        each.touch()
    for folder in (drafts, fresh):
        folder.mkdir()
        (folder / "audit.docx").touch()
    for old in (drafts / "audit.docx", drafts):
        os.utime(old, (1e9, 1e9))
    GeoPackageStore(town).load()
    assert set(town.parent.iterdir()) == {town, here, another, fresh}
