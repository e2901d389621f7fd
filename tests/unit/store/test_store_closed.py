"""Places that users draw as protected lie in the project file so that only their passphrase opens them."""

import hashlib
import json
import os
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace

import pytest
import shapely
from project_values import layer_of, same_layer, same_project, small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.journal import ClosedFileImported, FileImported, JournalEntry
from lhasaplan.core.protection.drawn_places import with_drawn, without_drawn
from lhasaplan.errors import InputError
from lhasaplan.store import sealed
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.journal_table import CLOSED_SCHEME
from lhasaplan.store.sealed import new_lock, open_box

PASSPHRASE = "seven grey herons at noon"
# No other coordinate of the town has these digits, so their bytes in the file can only be those of the refuge.
WEST, SOUTH, EAST, NORTH = 385_113.173, 6_670_127.391, 385_124.819, 6_670_139.557
REFUGE = shapely.box(WEST, SOUTH, EAST, NORTH)
WAY = shapely.LineString([(385_201.113, 6_670_201.227), (385_233.331, 6_670_207.449)])
NAMES = ("Refuge of the Heron", "refuge_of_the_heron.geojson", "Walk of Lanterns")


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    """A key takes a tenth of a second and 128 MB by design; the tests ask for dozens."""
    monkeypatch.setattr(sealed, "_WORK", 2**8)


def town_with_refuge(**changes):
    """Return the small town with a refuge and a processional way that a user drew; a file of its own brought them."""
    town = small_town()
    drawn = layer_of(
        "places",
        [REFUGE, WAY, shapely.Point(385_050, 6_670_050)],
        ids=["places/1", "places/2", "node/5"],
        tags=[{"lhasaplan": "protected", "name": NAMES[0]}, {"Kind": "Processional Way", "name": NAMES[2]}, {"amenity": "bench"}],
        source=[NAMES[1], NAMES[1], "a.pbf"],
    )
    record = InputRecord(NAMES[1], "f1a2b3", 2, "2026-02-02", "", "places")
    entry = JournalEntry(FileImported(NAMES[1], "places", "f1a2b3", {"places": 2}), "2026-02-04", "")
    values = {"layers": {**town.layers, "places": drawn}, "inputs": (*town.inputs, record), "journal": (*town.journal, entry)}
    return replace(town, **values, **changes)


def keep_closed(project, path, passphrase=PASSPHRASE):
    """Save a project under the lock of a new passphrase."""
    lock, key = new_lock(passphrase)
    GeoPackageStore(path).save(replace(project, closed=lock), key=key)


def opened(path, passphrase=PASSPHRASE):
    """Return the project in a file with its closed places, and their key."""
    return open_box(GeoPackageStore(path).load(), passphrase)


def traces(folder):
    """Return what of the refuge and the way can be found in any file of the folder: digits, bytes, bounds, names."""
    corners = [value for shape in (REFUGE, WAY) for pair in shapely.get_coordinates(shape).tolist() for value in pair]
    doubles = {f"{value} as bytes {order}": struct.pack(f"{order}d", value) for value in corners for order in "<>"}
    # The spatial index keeps floats of half the length, rounded down or up by SQLite.
    steps = [struct.unpack("<i", struct.pack("<f", value))[0] + step for value in corners for step in (-1, 0, 1)]
    floats = {f"{step} in the index": struct.pack(">i", step) for step in steps}
    texts = {text: text.encode() for text in (*NAMES, *(str(value) for value in corners), "f1a2b3", PASSPHRASE)}
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return sorted(name for name, sought in {**doubles, **floats, **texts}.items() if sought in whole)


def test_that_a_plain_file_shows_the_refuge_to_the_same_search(tmp_path):
    GeoPackageStore(tmp_path / "town.gpkg").save(town_with_refuge())
    found = traces(tmp_path)
    assert {*NAMES, "f1a2b3", f"{WEST} as bytes <"} <= set(found)
    assert any(name.endswith("in the index") for name in found)


def test_that_no_byte_of_a_closed_file_tells_of_the_refuge(tmp_path):
    keep_closed(town_with_refuge(), tmp_path / "town.gpkg")
    assert traces(tmp_path) == []


def test_that_closing_leaves_nothing_of_what_the_file_held_plain(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(town_with_refuge())
    keep_closed(GeoPackageStore(path).load(), path)
    assert traces(tmp_path) == []


def test_that_closing_leaves_nothing_in_the_log_or_in_free_pages_of_another_program(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(town_with_refuge())
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE copy_in_gis AS SELECT geom, tags FROM places")
    other.execute("DROP TABLE copy_in_gis")
    other.close()
    keep_closed(GeoPackageStore(path).load(), path)
    assert traces(tmp_path) == []
    assert [each.name for each in tmp_path.iterdir()] == ["town.gpkg"]


def test_that_a_closed_project_opens_without_the_places_and_says_how_many_are_missing(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    found = GeoPackageStore(path).load()
    assert (found.is_closed, found.closed_count) == (True, 2)
    assert list(found.layers["places"].ids) == ["node/5"]
    assert [record.path for record in found.inputs] == ["a.pbf"]
    assert [type(entry.event) for entry in found.journal] == [FileImported, ClosedFileImported]


def test_that_the_passphrase_gives_back_what_was_drawn(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    found, drawn = opened(path)[0], town_with_refuge()
    assert not found.is_closed
    bare, taken = without_drawn(drawn)
    same = with_drawn(bare, taken)
    assert all(same_layer(found.layers[name], same.layers[name]) for name in drawn.layers)
    assert found.inputs == drawn.inputs


def test_that_an_accent_counts_the_same_from_every_keyboard(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path, "h\u00e9rons gris \u00e0 midi")
    assert not opened(path, "he\u0301rons gris a\u0300 midi")[0].is_closed


def test_that_a_wrong_passphrase_is_told_as_such(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    with pytest.raises(InputError, match="does not open the closed places"):
        opened(path, PASSPHRASE.upper())


def test_that_a_key_costs_what_the_scheme_of_the_file_says(monkeypatch):
    monkeypatch.undo()
    work = (sealed._WORK, sealed._BLOCK, sealed._LANES)
    expected = hashlib.scrypt(b"seven grey herons", salt=b"0" * 16, n=2**17, r=8, p=1, maxmem=2**28, dklen=32)
    assert sealed.secret_of("seven grey herons", b"0" * 16) == expected
    assert f"scrypt-{work[0]}-{work[1]}-{work[2]} AES-256-GCM" == CLOSED_SCHEME


def test_that_a_short_passphrase_is_refused():
    with pytest.raises(InputError, match="take at least 12 signs"):
        new_lock("eleven sign")


def test_that_saving_a_closed_project_keeps_its_places_closed_and_whole(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    locked = GeoPackageStore(path).load()
    moved = replace(locked, cameras=(*locked.cameras, Camera("C3", 385_000.0, 6_670_000.0)))
    GeoPackageStore(path).save(moved)
    assert same_project(GeoPackageStore(path).load(), moved)
    assert len(opened(path)[0].layers["places"]) == 3


def test_that_places_which_were_opened_are_closed_again_by_saving(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    project, key = opened(path)
    GeoPackageStore(path).save(project, key=key)
    GeoPackageStore(tmp_path / "copy.gpkg").save(project, key=key)
    assert traces(tmp_path) == []
    assert GeoPackageStore(path).load().closed_count == GeoPackageStore(tmp_path / "copy.gpkg").load().closed_count == 2


def test_that_saving_an_opened_project_again_leaves_the_box_as_it_is(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    before = GeoPackageStore(path).load().closed
    project, key = opened(path)
    GeoPackageStore(path).save(project, key=key)
    assert GeoPackageStore(path).load().closed == before


def test_that_a_place_drawn_later_goes_into_the_same_box(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    project, key = opened(path)
    later = layer_of("areas", [REFUGE], ids=["areas/1"], tags=[{"lhasaplan": "protected", "name": NAMES[0]}])
    GeoPackageStore(path).save(replace(project, layers={**project.layers, "areas": later}), key=key)
    assert traces(tmp_path) == []
    found = GeoPackageStore(path).load()
    assert found.closed_count == 3
    assert list(opened(path)[0].layers["areas"].ids) == ["areas/1"]


def test_that_a_new_passphrase_makes_the_old_one_useless(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    project, _ = opened(path)
    keep_closed(project, path, "nine white geese at dawn")
    with pytest.raises(InputError, match="does not open"):
        opened(path)
    assert not opened(path, "nine white geese at dawn")[0].is_closed


def test_that_a_feature_given_the_id_of_a_closed_place_does_not_take_its_place(tmp_path):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    locked = GeoPackageStore(path).load()
    bench = layer_of("places", [shapely.Point(0, 0)], ids=["places/1"], tags=[{"amenity": "bench"}])
    project, _ = open_box(replace(locked, layers={**locked.layers, "places": bench}), PASSPHRASE)
    places = project.layers["places"]
    assert [(str(key), tags.get("lhasaplan")) for key, tags in zip(places.ids, places.tags, strict=True)] == [
        ("places/1", None),
        ("places/1/drawn", "protected"),
        ("places/2", None),
    ]


BREAKS = {
    "the box emptied": "UPDATE closed_places SET box = x''",
    "the box cut": "UPDATE closed_places SET box = substr(box, 1, 40)",
    "the salt a text": "UPDATE closed_places SET salt = 'abc'",
    "the count lowered": "UPDATE closed_places SET count = 0",
    "the row gone": "DELETE FROM closed_places",
    "the table gone": "DROP TABLE closed_places",
    "the fact gone": "DELETE FROM lhasaplan_project WHERE key = 'closed_places'",
    "the fact lowered": "UPDATE lhasaplan_project SET value = '0' WHERE key = 'closed_places'",
}


@pytest.mark.parametrize("how", BREAKS)
def test_that_a_box_that_somebody_touched_still_counts_as_closed(tmp_path, how):
    path = tmp_path / "town.gpkg"
    keep_closed(town_with_refuge(), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(BREAKS[how])
        connection.commit()
    found = GeoPackageStore(path).load()
    assert (found.is_closed, found.closed_count) == (True, 2)


def test_that_the_box_does_not_tell_how_crooked_a_place_is(tmp_path):
    sizes = set()
    for number, sides in enumerate((1, 16)):  # 5 and 65 corners
        town = town_with_refuge()
        shape = REFUGE if sides == 1 else shapely.Point(WEST, SOUTH).buffer(10, quad_segs=sides // 1)
        town.layers["places"].geometry[0] = shape
        path = tmp_path / f"{number}.gpkg"
        keep_closed(town, path)
        sizes.add(len(GeoPackageStore(path).load().closed.box))
    assert len(sizes) == 1


def test_that_a_file_of_before_places_could_be_closed_opens_plain_and_saves_as_plain(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(town_with_refuge())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE lhasaplan_project SET value = ? WHERE key = 'schema_version'", (json.dumps(1),))
        connection.execute("DELETE FROM lhasaplan_project WHERE key = 'closed_places'")
        connection.execute("DROP TABLE decisions")
        connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'decisions'")
        connection.execute("DROP TABLE journal")
        connection.execute('CREATE TABLE journal (fid INTEGER PRIMARY KEY, what TEXT, "when" TEXT, who TEXT)')
        connection.commit()
    found, plain = GeoPackageStore(path).load(), replace(town_with_refuge(), journal=())
    assert found.closed is None
    assert same_project(found, plain)
    GeoPackageStore(path).save(found)
    assert same_project(GeoPackageStore(path).load(), plain)


def test_that_a_failed_saving_leaves_no_file_beside_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(town_with_refuge())
    project = GeoPackageStore(path).load()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(InputError, match="cannot be written"):
        keep_closed(project, path)
    assert [each.name for each in tmp_path.iterdir()] == ["town.gpkg"]
