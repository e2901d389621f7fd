"""An edit changes the rows that differ, in the file as it stands; what another program did to it is never written over."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import shapely
from amounts import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from project_values import layer_of, projects, same_project, small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.journal import DraftsExported, JournalEntry
from lhasaplan.errors import InputError
from lhasaplan.store.connection import connected, decode
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.table_rows import difference

PAGE = 4096


@pytest.fixture
def path(tmp_path):
    return tmp_path / "town.gpkg"


def many_houses():
    """Return the small town with a thousand houses, and twenty cameras."""
    houses = layer_of("buildings", [shapely.box(x, 6_670_000, x + 5, 6_670_005) for x in range(385_000, 395_000, 10)])
    cameras = tuple(Camera(f"C{n}", 385_000.0 + n, 6_669_995.0) for n in range(20))
    return replace(small_town(), layers={"buildings": houses}, cameras=cameras)


@given(old=st.text("abc", max_size=8), new=st.text("abc", max_size=8))
def test_that_what_differs_makes_one_sequence_of_another(old, new):
    found = difference(old, new)
    made = [found.changed.get(at, value) for at, value in enumerate(old) if at not in found.gone]
    assert "".join([*made, *found.added]) == new
    assert not found.changed.keys() & set(found.gone)
    if old == new:
        assert len(found) == 0


@examples(8, nightly=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(states=st.lists(projects(), min_size=2, max_size=4))
def test_that_a_file_that_went_through_states_holds_the_last(tmp_path, states):
    path = tmp_path / "town.gpkg"
    path.unlink(missing_ok=True)
    store = GeoPackageStore(path)
    for state in states:
        store.save(state)
        assert same_project(GeoPackageStore(path).load(), state)


def test_that_what_was_taken_out_of_a_project_is_not_left_in_its_file(path, monkeypatch):
    def careless(*how, connect=sqlite3.connect, **more):
        """Open as an SQLite does that was built without overwriting what is deleted."""
        connection = connect(*how, **more)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", careless)
    town, store = many_houses(), GeoPackageStore(path)
    shelter = Camera("C99", 385_000.0, 6_669_995.0, owner="Refuge in Hill Street")
    store.save(replace(town, cameras=(*town.cameras, shelter)))
    assert b"Refuge in Hill Street" in path.read_bytes()
    store.save(town)
    assert b"Refuge in Hill Street" not in path.read_bytes()


def test_that_a_turned_camera_changes_a_few_pages_of_the_file(path):
    GeoPackageStore(path).save(many_houses())
    store = GeoPackageStore(path)
    project, before = store.load(), path.read_bytes()
    store.save(replace(project, cameras=(replace(project.cameras[0], azimuth_deg=77.0), *project.cameras[1:])))
    after = path.read_bytes()
    pages = [n for n in range(0, len(before), PAGE) if before[n : n + PAGE] != after[n : n + PAGE]]
    assert len(after) == len(before) > 60 * PAGE
    assert len(pages) <= 4  # the header, the cameras, the dates of tables, the number of the writing
    assert GeoPackageStore(path).load().cameras[0].azimuth_deg == 77.0


def _without(cameras, at):
    return (*cameras[:at], *cameras[at + 1 :])


@pytest.mark.parametrize(
    "change",
    [
        lambda cameras: _without(cameras, 3),
        lambda cameras: _without(_without(cameras, 17), 3),
        lambda cameras: (*cameras, Camera("new", 384_000.0, 6_660_000.0)),
        lambda cameras: (*cameras[:5], Camera("new", 384_000.0, 6_660_000.0), *cameras[5:]),
        lambda cameras: (cameras[0], replace(cameras[1], x_m=399_000.0), *cameras[2:]),
        lambda cameras: tuple(reversed(cameras)),
        lambda _cameras: (),
    ],
    ids=["one gone", "two gone", "one more", "one between", "one moved far", "the order", "none left"],
)
def test_that_index_and_extent_stay_true_whatever_is_changed(path, change):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    first = replace(project, cameras=_without(project.cameras, 9))  # from here on the keys have a gap
    store.save(first)
    last = replace(first, cameras=change(first.cameras))
    store.save(last)
    assert same_project(GeoPackageStore(path).load(), last)
    with connected(path, read_only=True) as source:
        rows = dict(source.execute("SELECT fid, geom FROM cameras").fetchall())
        index = {row[0]: row[1:] for row in source.execute("SELECT id, minx, maxx, miny, maxy FROM rtree_cameras_geom")}
        box = source.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'cameras'").fetchone()
    points = decode(list(rows.values()))
    assert index.keys() == rows.keys()
    for key, point in zip(rows, points, strict=True):
        min_x, max_x, min_y, max_y = index[key]
        assert min_x <= point.x <= max_x
        assert min_y <= point.y <= max_y
    if len(points):
        west, south, east, north = shapely.total_bounds(points)
        assert np.all(np.array(box) * (1, 1, -1, -1) <= np.array((west, south, -east, -north)))


def test_that_places_set_by_another_program_are_not_written_over_and_said(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    with connected(path) as other:
        other.execute("UPDATE cameras SET azimuth_deg = 12.5 WHERE camera_id = 'C4'")
    with pytest.raises(InputError, match=r"Another program changed this file .*cameras"):
        store.save(replace(project, name="mine"))
    found = GeoPackageStore(path).load()
    assert (found.name, found.cameras[4].azimuth_deg) == (project.name, 12.5)


def test_that_a_table_of_another_program_stays_and_hinders_no_saving(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE layer_styles (name TEXT)")
        other.execute("INSERT INTO layer_styles VALUES ('mine')")
        other.commit()
    store.save(replace(project, name="mine"))
    assert GeoPackageStore(path).load().name == "mine"
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM layer_styles").fetchall() == [("mine",)]


def test_that_an_export_between_two_edits_is_kept_and_no_hindrance(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    entry = JournalEntry(DraftsExported(("pdf",)), "2026-02-05")
    store.log(entry)
    store.save(replace(project, name="second"))
    assert store.logged() == (entry,)
    assert GeoPackageStore(path).load().name == "second"


def test_that_a_file_in_another_ones_place_is_not_written_over(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    GeoPackageStore(path.with_name("other.gpkg")).save(small_town())
    path.with_name("other.gpkg").replace(path)
    with pytest.raises(InputError, match="Another program changed this file"):
        store.save(replace(project, name="mine"))
    assert GeoPackageStore(path).load().name == "small town"


def test_that_a_disk_that_is_full_leaves_the_file_as_it_was(path, monkeypatch):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project, before = store.load(), path.read_bytes()
    monkeypatch.setattr("lhasaplan.store.project_states.change_project", _full)
    with pytest.raises(InputError, match="no room left"):
        store.save(replace(project, name="mine"))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["town.gpkg"]


def _full(target, *_):
    pages = target.execute("PRAGMA page_count").fetchone()[0]
    target.execute(f"PRAGMA max_page_count = {pages}")  # as on a full disk
    target.execute("CREATE TABLE t (x)")
    target.execute("INSERT INTO t VALUES (zeroblob(100000))")


def test_that_a_copy_begins_with_what_the_file_holds_and_takes_edits_row_by_row(path, monkeypatch):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project, copy = store.load(), store.copied(path.with_name("copy.gpkg"))
    monkeypatch.setattr("lhasaplan.store.geopackage._write", None)  # nothing is written anew as a whole
    copy.save(replace(project, name="copy"))
    assert GeoPackageStore(path.with_name("copy.gpkg")).load().name == "copy"
    assert GeoPackageStore(path).load().name == project.name


def test_that_a_copy_of_what_another_program_changed_is_written_as_a_whole(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    project = store.load()
    with connected(path) as other:
        other.execute("UPDATE cameras SET azimuth_deg = 12.5 WHERE camera_id = 'C4'")
    copy = store.copied(path.with_name("copy.gpkg"))
    assert not copy.exists()
    copy.save(project)
    assert same_project(GeoPackageStore(path.with_name("copy.gpkg")).load(), project)


ON_THE_DISK = """
import os, sys
from pathlib import Path
from lhasaplan.files.replacing import replacing
from lhasaplan.store.project_lock import locked_to_write

brought = []
os.fsync = lambda descriptor: brought.append(os.path.realpath(f"/proc/self/fd/{descriptor}"))
with replacing(Path(sys.argv[1])) as draft:
    draft.write_bytes(b"")
print(*(Path(path).name for path in brought))
with locked_to_write(Path(sys.argv[1])) as connection:
    print(connection.execute("PRAGMA synchronous").fetchone()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a descriptor does not tell its file")
def test_that_what_is_saved_is_brought_to_the_disk_before_it_takes_its_place(tmp_path):
    """In a process of its own: tests do not wait for the disk."""
    done = subprocess.run([sys.executable, "-c", ON_THE_DISK, tmp_path / "town.gpkg"], capture_output=True, text=True, check=True)
    extra = "3"  # synchronous = EXTRA
    assert done.stdout.split() == ["town.gpkg", tmp_path.name, extra]
