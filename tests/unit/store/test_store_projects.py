"""The project file gives back what was put in, whole or not at all, and other programs can read it."""

import sqlite3
from dataclasses import replace

import numpy as np
import pyogrio
import pytest
import shapely
from amounts import examples
from hypothesis import HealthCheck, given
from project_values import layer_of, projects, same_project, small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.journal import FileImported, JournalEntry
from lhasaplan.core.project.project import Project
from lhasaplan.errors import InputError
from lhasaplan.store import project_tables
from lhasaplan.store.connection import connected, encode, transaction
from lhasaplan.store.geopackage import GeoPackageStore


@examples(10, nightly=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(project=projects())
def test_that_a_project_comes_back_as_it_was_saved(tmp_path, project):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(project)
    assert same_project(GeoPackageStore(path).load(), project)


def test_that_the_same_project_gives_the_same_bytes(tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        GeoPackageStore(tmp_path / name).save(small_town())
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


@pytest.mark.parametrize(("layer", "features"), [("buildings", 2), ("roads", 1), ("cameras", 2)])
def test_that_gdal_reads_each_layer_in_its_crs(tmp_path, layer, features):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    meta, _, geometry, _ = pyogrio.raw.read(path, layer=layer)
    assert len(geometry) == features
    assert meta["crs"] == "EPSG:32635"


def test_that_gdal_lists_layers_and_tables(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    listed = {name for name, _ in pyogrio.list_layers(path)}
    assert {"buildings", "roads", "cameras", "mandate", "decisions", "inputs", "journal", "lhasaplan_project"} <= listed


def test_that_gdal_finds_features_by_the_spatial_index(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    _, _, geometry, fields = pyogrio.raw.read(
        path, layer="buildings", bbox=(385_000, 6_670_000, 385_015, 6_670_015), columns=["id"]
    )
    assert list(fields[0]) == ["way/1"]
    assert shapely.from_wkb(geometry[0]).equals(small_town().layers["buildings"].geometry[0])


def test_that_a_camera_moved_by_another_program_stands_at_its_new_place(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    frame = pyogrio.read_dataframe(path, layer="cameras", fid_as_index=False)
    frame.geometry = frame.geometry.translate(5.0, -3.0)
    pyogrio.write_dataframe(frame, path, layer="cameras")
    before, after = small_town().cameras[0], GeoPackageStore(path).load().cameras[0]
    assert (after.x_m - before.x_m, after.y_m - before.y_m) == (5.0, -3.0)


def test_that_an_edit_by_hand_keeps_the_spatial_index_true(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    blob = encode(np.array([shapely.Point(1.0, 2.0)], object), 32635)[0]
    with connected(path) as connection:
        connection.execute("UPDATE cameras SET geom = ? WHERE camera_id = 'C1'", (blob,))
        boxes = connection.execute("SELECT minx, miny FROM rtree_cameras_geom ORDER BY id").fetchall()
    assert boxes[0] == (1.0, 2.0)


def test_that_a_feature_drawn_elsewhere_without_id_or_tags_is_taken(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER rtree_roads_geom_insert")
        connection.execute("INSERT INTO roads (geom) SELECT geom FROM roads LIMIT 1")
    roads = GeoPackageStore(path).load().layers["roads"]
    assert list(roads.ids) == ["way/9", "roads/2"]
    assert roads.tags[1] == {}


def test_that_foreign_tables_in_the_file_stay(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE layer_styles (name TEXT)")
        connection.execute("INSERT INTO layer_styles VALUES ('mine')")
    GeoPackageStore(path).save(replace(small_town(), cameras=()))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM layer_styles").fetchall() == [("mine",)]


def test_that_a_layer_taken_out_leaves_no_trace(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    GeoPackageStore(path).save(replace(small_town(), layers={}))
    with sqlite3.connect(path) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert not {name for name in names if "buildings" in name or "roads" in name}


@pytest.mark.parametrize("error", [OSError("disk full"), sqlite3.OperationalError("disk I/O error")])
@pytest.mark.parametrize("step", ["_camera_rows", "_meta_rows"])
def test_that_a_failure_half_way_leaves_the_old_file_as_it_was(tmp_path, monkeypatch, step, error):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    before = path.read_bytes()

    def fail(*_args):
        raise error

    monkeypatch.setattr(project_tables, step, fail)
    with pytest.raises(InputError, match="cannot be written"):
        GeoPackageStore(path).save(replace(small_town(), name="other"))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["town.gpkg"]


def test_that_a_failure_when_the_new_file_takes_its_place_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(PermissionError("in use")))
    with pytest.raises(InputError, match="in use"):
        GeoPackageStore(path).save(Project())
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["town.gpkg"]


def test_that_a_newer_project_is_refused_and_says_so(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE lhasaplan_project SET value = '99' WHERE key = 'schema_version'")
    for use in (lambda: GeoPackageStore(path).load(), lambda: GeoPackageStore(path).save(Project())):
        with pytest.raises(InputError, match="newer version"):
            use()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no database", b"x" * 5000])
def test_that_a_file_of_another_kind_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "town.gpkg"
    path.write_bytes(content)
    for use in (lambda: GeoPackageStore(path).load(), lambda: GeoPackageStore(path).save(Project())):
        with pytest.raises(InputError, match="not a project"):
            use()
    assert path.read_bytes() == content


def test_that_another_geopackage_is_never_overwritten(tmp_path):
    path = tmp_path / "mine.gpkg"
    pyogrio.write_dataframe(_frame(), path, layer="mine")
    with pytest.raises(InputError, match="not a project"):
        GeoPackageStore(path).save(Project())
    assert len(pyogrio.read_dataframe(path)) == 1


def _frame():
    import geopandas

    return geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs="EPSG:4326")


def test_that_a_missing_file_is_told_with_the_way_to_make_one(tmp_path):
    with pytest.raises(InputError, match="new PROJECT"):
        GeoPackageStore(tmp_path / "none.gpkg").load()


def test_that_a_cell_that_is_no_value_is_named_with_its_row_and_column(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with connected(path) as connection:
        connection.execute("UPDATE cameras SET kind = 'spy', mount = 'moon' WHERE camera_id = 'C2'")
    with pytest.raises(InputError) as caught:
        GeoPackageStore(path).load()
    where = [(fault.where.row, fault.where.column) for fault in caught.value.faults]
    assert where == [(2, "kind"), (2, "mount")]


def test_that_a_log_left_by_another_program_is_folded_in_before_saving(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    _leave_log(path)
    assert path.with_name("town.gpkg-wal").exists()
    GeoPackageStore(path).save(replace(small_town(), name="after"))
    assert not path.with_name("town.gpkg-wal").exists()
    assert GeoPackageStore(path).load().name == "after"


def test_that_a_project_held_open_elsewhere_is_not_replaced_under_it(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE edit (a)")
    with pytest.raises(InputError, match="close it there"):
        GeoPackageStore(path).save(Project())
    other.close()


def _leave_log(path):
    """Copy database and log while a writer is open, as a crashed program leaves them."""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE edit (a)")
    kept = [(p, p.read_bytes()) for p in (path, path.with_name("town.gpkg-wal"))]
    writer.close()
    for file, content in kept:
        file.write_bytes(content)


def test_that_a_project_without_a_crs_can_be_kept(tmp_path):
    project = Project(name="new", packs=("eu-gdpr",))
    GeoPackageStore(tmp_path / "new.gpkg").save(project)
    assert same_project(GeoPackageStore(tmp_path / "new.gpkg").load(), project)


def test_that_a_geometry_keeps_every_bit_of_its_coordinates(tmp_path):
    exact = (0.1 + 0.2, 1e7 / 3)
    project = replace(small_town(), cameras=(Camera("C", *exact),))
    GeoPackageStore(tmp_path / "town.gpkg").save(project)
    loaded = GeoPackageStore(tmp_path / "town.gpkg").load().cameras[0]
    assert (loaded.x_m, loaded.y_m) == exact


def test_that_missing_and_empty_geometries_come_back_as_such(tmp_path):
    layer = layer_of("areas", [None, shapely.Polygon(), shapely.Point(1, 2)])
    GeoPackageStore(tmp_path / "town.gpkg").save(Project(crs="EPSG:32635", layers={"areas": layer}))
    geometry = GeoPackageStore(tmp_path / "town.gpkg").load().layers["areas"].geometry
    assert geometry[0] is None
    assert geometry[1].is_empty
    assert geometry[2] == shapely.Point(1, 2)


def test_that_tags_broken_by_another_program_are_told_by_their_row(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with connected(path) as connection:
        connection.execute("UPDATE buildings SET tags = 'house' WHERE fid = 2")
    with pytest.raises(InputError) as caught:
        GeoPackageStore(path).load()
    assert [(fault.where.row, fault.where.column, fault.where.item) for fault in caught.value.faults] == [
        (2, "tags", "buildings")
    ]


def test_that_a_damaged_project_is_a_sentence(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    content = bytearray(path.read_bytes())
    content[20_000:] = b"x" * (len(content) - 20_000)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"damaged|not a project"):
        GeoPackageStore(path).load()


def test_that_a_broken_geometry_is_a_sentence(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with connected(path) as connection:
        connection.execute("DROP TRIGGER rtree_roads_geom_update1")
        connection.execute("DROP TRIGGER rtree_roads_geom_update2")
        connection.execute("DROP TRIGGER rtree_roads_geom_update3")
        connection.execute("DROP TRIGGER rtree_roads_geom_update4")
        connection.execute("UPDATE roads SET geom = substr(geom, 1, 50)")
    with pytest.raises(InputError, match="damaged"):
        GeoPackageStore(path).load()


def noted(project, file):
    return replace(project, journal=(*project.journal, JournalEntry(FileImported(file), "2026-02-04", "")))


def test_that_what_another_start_did_meanwhile_is_not_written_over(tmp_path):
    path = tmp_path / "town.gpkg"
    here, there = GeoPackageStore(path), GeoPackageStore(path)
    here.save(small_town())
    mine, theirs = here.load(), there.load()
    there.save(noted(theirs, "b.csv"))
    with pytest.raises(InputError, match="Another start changed this project"):
        here.save(noted(mine, "a.csv"))
    assert GeoPackageStore(path).load().journal[-1].event.file == "b.csv"
    assert list(tmp_path.iterdir()) == [path]
    here.save(noted(here.load(), "a.csv"))
    assert [entry.event.file for entry in here.load().journal][-2:] == ["b.csv", "a.csv"]


def test_that_one_start_may_save_again_and_again_and_take_a_step_back(tmp_path):
    store = GeoPackageStore(tmp_path / "town.gpkg")
    store.save(small_town())
    project = store.load()
    store.save(noted(project, "b.csv"))
    store.save(project)
    assert store.load().journal == project.journal


def test_that_a_transaction_that_sqlite_ended_itself_tells_the_first_error(tmp_path):
    with connected(tmp_path / "x.gpkg") as connection:
        connection.execute("PRAGMA max_page_count = 2")  # as on a full disk
        connection.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.Error, match="full"), transaction(connection):
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
