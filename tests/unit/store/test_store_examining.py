"""Damage in a project file is found and told by page and row; what can be read is kept as a new file, what is lost is listed."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import shapely
from amounts import examples
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from project_values import layer_of, projects, same_project, small_town

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.journal import DraftsExported, JournalEntry, ProtectionLost
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.project_tables import OWN_TABLES
from lhasaplan.workflow import rescue

PAGE = 4096


@pytest.fixture
def path(tmp_path):
    return tmp_path / "town.gpkg"


def many_houses():
    houses = layer_of("buildings", [shapely.box(x, 6_670_000, x + 5, 6_670_005) for x in range(385_000, 389_000, 10)])
    cameras = tuple(Camera(f"C{n}", 385_000.0 + n, 6_669_995.0) for n in range(20))
    return replace(small_town(), layers={"buildings": houses}, cameras=cameras)


def changed(path, *statements):
    with closing(sqlite3.connect(path)) as other:
        triggers = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            other.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            other.execute(statement)
        other.commit()


def reported(path):
    return [fault.template for fault in GeoPackageStore(path).examine()]


def leaf_of(path, table):
    """Return where a page in the middle of a table lies; its rows are cells of a leaf of the table's tree."""
    with closing(sqlite3.connect(path)) as source:
        pages = [row[0] for row in source.execute("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (table,))]
    return (pages[len(pages) // 2] - 1) * PAGE


def overwritten(path, offset, content):
    with path.open("r+b") as stream:
        stream.seek(offset)
        stream.write(content)


@examples(
    6,
    nightly=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(states=st.lists(projects(), min_size=1, max_size=3))
def test_that_nothing_is_wrong_with_what_this_program_wrote_and_all_of_it_is_rescued(tmp_path, states):
    path = tmp_path / "town.gpkg"
    path.unlink(missing_ok=True)
    store = GeoPackageStore(path)
    for state in states:
        store.save(state)
        store.log(JournalEntry(DraftsExported(("pdf",)), "2026-02-05"))
        assert store.examine() == ()
        found = store.rescue()
        assert same_project(found.project, state)
        assert (found.logged, found.lost, found.lost_features) == (store.logged(), (), ())


def test_that_a_damaged_page_is_found_and_only_its_rows_are_lost(path, tmp_path):
    GeoPackageStore(path).save(many_houses())
    try:
        offset = leaf_of(path, "buildings")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not tell where its pages lie (dbstat)")
    overwritten(path, offset, b"\xff" * PAGE)
    with pytest.raises(InputError, match="damaged"):
        GeoPackageStore(path).load()
    assert any("page of the file is damaged" in text for text in reported(path))
    before = path.read_bytes()
    lost = rescue(open_services(), path, tmp_path / "new.gpkg")
    assert path.read_bytes() == before
    project = GeoPackageStore(tmp_path / "new.gpkg").load()
    gone = {fault.where.row for fault in lost}
    assert {fault.where.item for fault in lost} == {"buildings"}
    assert 0 < len(gone) < 100
    kept = [f"way/{number}" for number in range(1, 401) if number not in gone]
    assert list(project.layers["buildings"].ids) == kept
    assert project.cameras == many_houses().cameras
    assert project.journal[-1].event == ProtectionLost(0, len(gone))
    assert GeoPackageStore(tmp_path / "new.gpkg").examine() == ()


def pages_of(path):
    """Return the number of each page, and of which table or index it is; the first, which tells what the file is, is left out."""
    try:
        with closing(sqlite3.connect(path)) as source:
            return [row for row in source.execute("SELECT pageno, name FROM dbstat") if row[0] > 1]
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not tell where its pages lie (dbstat)")


def test_that_whatever_page_is_damaged_the_rest_is_rescued_and_the_table_is_told(tmp_path, path):
    GeoPackageStore(path).save(many_houses())
    whole, noise = path.read_bytes(), (bytes(range(7, 256, 3)) * 50)[:PAGE]
    for number, name in pages_of(path):
        damaged = tmp_path / f"{number}.gpkg"
        damaged.write_bytes(whole)
        overwritten(damaged, (number - 1) * PAGE, noise)
        try:
            found = GeoPackageStore(damaged).rescue()
        except InputError:  # of the tables that say what the file is, nothing may be left to stand on
            assert name.startswith(("sqlite_", "gpkg_", "lhasaplan_"))
            continue
        assert len(found.project.cameras) == 20 or name == "cameras"
        assert name not in OWN_TABLES or name in {fault.where.item for fault in found.lost}


def test_that_values_rows_and_tables_that_are_lost_are_each_told(path):
    GeoPackageStore(path).save(replace(many_houses(), layers={**many_houses().layers, "roads": small_town().layers["roads"]}))
    changed(
        path,
        "UPDATE cameras SET kind = 'spy' WHERE fid = 3",
        "UPDATE cameras SET geom = x'00' WHERE fid = 5",
        "UPDATE buildings SET tags = 'house' WHERE fid = 7",
        "UPDATE journal SET data = '{' WHERE fid = 1",
        "DROP TABLE roads",
        "CREATE TABLE mine (a)",
    )
    found = GeoPackageStore(path).rescue()
    lost = {(fault.template.split(" ")[1], fault.where.item, fault.where.row, fault.where.column) for fault in found.lost}
    assert lost == {
        ("value", "cameras", 3, "kind"),
        ("row", "cameras", 5, None),
        ("value", "buildings", 7, "tags"),
        ("value", "journal", 1, "data"),
        ("row", "journal", 1, "data"),
        ("table", "roads", None, None),
        ("table", "mine", None, None),
    }
    assert [camera.camera_id for camera in found.project.cameras] == [f"C{n}" for n in range(20) if n != 4]
    assert found.project.cameras[2].kind is None
    assert len(found.lost_features) == 2  # the tags of a house, and a table of streets whose length nobody knows any more
    assert {name: len(layer) for name, layer in found.project.layers.items()} == {"buildings": 400, "roads": 0}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA application_id = 7", "not marked as a GeoPackage"),
        ("DROP TABLE gpkg_extensions", "which every GeoPackage has"),
        ("DROP TABLE bookmarks", "lists a table"),
        ("DELETE FROM rtree_cameras_geom WHERE id = 2", "spatial index"),
        ("UPDATE rtree_cameras_geom SET maxx = minx + 1, minx = minx - 9, maxx = minx - 5 WHERE id = 2", "spatial index"),
        ("UPDATE gpkg_contents SET srs_id = 77 WHERE table_name = 'cameras'", "is not there"),
        ("UPDATE cameras SET kind = 'spy' WHERE fid = 2", "is not a value here"),
        ("DROP TABLE buildings", "is missing, so this project is damaged"),
        ("CREATE TABLE mine (a)", "Another program wrote to this file"),
    ],
)
def test_that_each_damage_has_its_word(path, statement, words):
    GeoPackageStore(path).save(many_houses())
    assert reported(path) == []
    changed(path, statement)
    assert any(words in text for text in reported(path))


def test_that_a_writing_of_another_program_is_told_at_opening_until_the_project_is_saved(path):
    store = GeoPackageStore(path)
    store.save(many_houses())
    assert store.remarks() == ()
    changed(path, "CREATE TABLE mine (a)")
    assert [fault.template.split(" wrote")[0] for fault in store.remarks()] == ["Another program"]
    store.log(JournalEntry(DraftsExported(("pdf",)), "2026-02-05"))
    assert len(store.remarks()) == 1
    store.save(replace(store.load(), name="seen"))
    assert store.remarks() == ()


def test_that_the_verb_says_what_is_wrong_and_writes_what_is_left(path, tmp_path, capsys):
    GeoPackageStore(path).save(many_houses())
    assert main(["doctor", str(path)]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    changed(path, "UPDATE cameras SET kind = 'spy' WHERE fid = 3")
    assert main(["doctor", str(path)]) == 1
    assert "town.gpkg row 3, column kind, cameras" in capsys.readouterr().err
    new = tmp_path / "new.gpkg"
    assert main(["doctor", str(path), "--repair", str(new)]) == 1
    printed = capsys.readouterr()
    assert "column kind, cameras: This value cannot be read and is lost: spy" in printed.err
    assert "Lost: 1" in printed.out
    assert main(["doctor", str(new)]) == 0
    assert main(["doctor", str(path), "--repair", str(new)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["doctor", str(tmp_path / "none.gpkg")]) == 2


COPIED = 'event, version, data, "when", who'
LOG_BREAKS = {
    "a row changed": "UPDATE exports SET who = 'nobody' WHERE fid = 2",
    "a day changed": "UPDATE exports SET \"when\" = '2020-01-01' WHERE fid = 3",
    "a row left out": "DELETE FROM exports WHERE fid = 2",
    "the first row left out": "DELETE FROM exports WHERE fid = 1",
    "the last row left out": "DELETE FROM exports WHERE fid = 3",
    "all rows left out": "DELETE FROM exports",
    "a link taken out": "UPDATE exports SET link = NULL WHERE fid = 3",
    "a row put in": f"INSERT INTO exports ({COPIED}) SELECT {COPIED} FROM exports LIMIT 1",
}


@pytest.mark.parametrize("how", LOG_BREAKS)
def test_that_what_somebody_did_to_the_log_of_exports_is_told(path, how):
    store = GeoPackageStore(path)
    store.save(small_town())
    for number in range(3):
        store.log(JournalEntry(DraftsExported(("pdf",), level="public", files={"audit.pdf": f"{number}"}), "2026-02-05", "A. B."))
        store.save(replace(store.load(), name=f"town {number}"))
    assert reported(path) == []
    changed(path, LOG_BREAKS[how])
    assert any("log of what left the project" in text for text in reported(path))


def test_that_a_log_of_before_links_goes_on_with_them(path):
    store = GeoPackageStore(path)
    store.save(small_town())
    entry = JournalEntry(DraftsExported(("pdf",)), "2026-02-05")
    store.log(entry)
    changed(
        path, "ALTER TABLE exports DROP COLUMN link", "UPDATE gpkg_contents SET description = '' WHERE table_name = 'exports'"
    )
    store = GeoPackageStore(path)
    store.log(entry)
    store.log(entry)
    assert store.logged() == (entry,) * 3
    assert not any("log of what left" in text for text in reported(path))
    changed(path, "UPDATE exports SET who = 'nobody' WHERE fid = 2")
    assert any("log of what left the project was changed" in text for text in reported(path))
