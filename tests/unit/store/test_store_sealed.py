"""A sealed project tells nothing without its passphrase: no text, no pattern, and no plain file beside it at any time."""

import math
import os
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from project_values import same_project, small_town

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.journal import ClosedFileImported, DraftsExported, FileImported, JournalEntry
from lhasaplan.core.protection.drawn_places import disclosed_journal
from lhasaplan.errors import InputError
from lhasaplan.store import sealed
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.opening import Stores
from lhasaplan.store.sealed import MAGIC, SealedStore, is_sealed_file, seal

PASSPHRASE = "seven grey herons at noon"
TEXTS = (b"SQLite format 3", b"small town", b"gpkg_contents", b"EPSG:32635", b"residential", b"traffic", PASSPHRASE.encode())


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    monkeypatch.setattr(sealed, "_WORK", 2**8)


@pytest.fixture
def path(tmp_path):
    GeoPackageStore(tmp_path / "town.gpkg").save(small_town())
    seal(tmp_path / "town.gpkg", PASSPHRASE)
    return tmp_path / "town.gpkg"


def opened(path, passphrase=PASSPHRASE):
    store = SealedStore(path)
    store.unseal(passphrase)
    return store


def layer_of(*features, source):
    shapes = np.array([*(shape for _, shape, _ in features), None], object)[:-1]
    return Layer(
        "places", np.array([each[0] for each in features], object), shapes, tuple(f[2] for f in features), (source,) * len(shapes)
    )


def entropy_bits(content):
    counts = Counter(content)
    return -sum(count / len(content) * math.log2(count / len(content)) for count in counts.values())


def test_that_the_file_holds_no_text_and_no_pattern(path, tmp_path):
    content = path.read_bytes()
    GeoPackageStore(tmp_path / "plain.gpkg").save(small_town())
    plain = (tmp_path / "plain.gpkg").read_bytes()
    assert all(text in plain for text in TEXTS[:-1])
    assert [text for text in TEXTS if text in content] == []
    assert entropy_bits(plain) < 4 < 7.99 < entropy_bits(content[len(MAGIC) :])
    assert os.listdir(tmp_path) in (["town.gpkg", "plain.gpkg"], ["plain.gpkg", "town.gpkg"])


def test_that_two_sealings_of_the_same_project_have_nothing_in_common(path):
    store = opened(path)
    project, before = store.load(), path.read_bytes()
    store.save(project)
    after = path.read_bytes()
    same = sum(one == other for one, other in zip(before[100:], after[100:], strict=True))
    assert same < len(before) / 100  # of random bytes one in 256 is alike


def test_that_the_passphrase_gives_all_of_it_back_and_another_nothing(path):
    assert same_project(opened(path).load(), small_town())
    with pytest.raises(InputError, match="does not open the project"):
        opened(path, PASSPHRASE.upper())
    for use in (SealedStore(path).load, SealedStore(path).has_results, SealedStore(path).logged, SealedStore(path).examine):
        with pytest.raises(InputError, match="its passphrase alone"):
            use()


@pytest.mark.parametrize("at", [len(MAGIC) + 1, len(MAGIC) + 20, 500, -1])
def test_that_a_byte_that_somebody_changed_breaks_the_seal(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="somebody changed its file"):
        opened(path)


@pytest.mark.parametrize("length", [len(MAGIC), len(MAGIC) + 20, 2000])
def test_that_a_file_that_was_cut_short_is_told(path, length):
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InputError, match="somebody changed its file"):
        opened(path)


def test_that_nothing_plain_is_ever_written(path, monkeypatch):
    written = []
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: written.append(bytes(content)) or write(descriptor, content))
    put = os.replace
    monkeypatch.setattr(os, "replace", lambda old, new: written.append(Path(old).read_bytes()) or put(old, new))
    connect = sealed.sqlite3.connect
    monkeypatch.setattr(sealed.sqlite3, "connect", lambda name, **how: written.append(str(name).encode()) or connect(name, **how))
    store = opened(path)
    store.save(replace(store.load(), name="renamed"))
    store.log(JournalEntry(DraftsExported(("pdf",)), "2026-02-05"))
    assert written
    assert b":memory:" in written
    assert [each for each in written if b"SQLite format" in each or b"renamed" in each or each.endswith(b".gpkg")] == []
    assert opened(path).load().name == "renamed"


def test_that_another_start_meanwhile_is_not_written_over(path):
    here, there = opened(path), opened(path)
    mine, theirs = here.load(), there.load()
    there.save(replace(theirs, name="theirs", cameras=()))
    with pytest.raises(InputError, match="changed this file"):
        here.save(replace(mine, name="mine"))
    assert opened(path).load().name == "theirs"


def test_that_what_is_logged_while_a_project_is_saved_costs_neither(path):
    store, log = opened(path), [JournalEntry(DraftsExported((str(number),)), "2026-02-05") for number in range(6)]
    town = store.load()
    with ThreadPoolExecutor(2) as threads:
        logging = threads.submit(lambda: [store.log(entry) for entry in log])
        saving = threads.submit(lambda: [store.save(replace(town, name=f"town {number}")) for number in range(6)])
        logging.result()
        saving.result()
    assert (opened(path).load().name, opened(path).logged()) == ("town 5", tuple(log))


def test_that_a_project_is_sealed_by_verb_used_by_others_and_made_plain_again(tmp_path, monkeypatch, capsys):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", PASSPHRASE)
    assert main(["seal", str(path)]) == 0
    assert is_sealed_file(path)
    assert main(["seal", str(path)]) == 2
    assert main(["journal", str(path)]) == 0
    assert main(["doctor", str(path)]) == 0
    assert "a.pbf" in capsys.readouterr().out
    monkeypatch.delenv("LHASAPLAN_FILE_PASSPHRASE")
    assert main(["journal", str(path)]) == 2
    assert "passphrase is needed" in capsys.readouterr().err
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("LHASAPLAN_NEW_PASSPHRASE", "nine white geese at dawn")
    assert main(["seal", str(path), "--change"]) == 0
    with pytest.raises(InputError, match="does not open"):
        opened(path)
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", "nine white geese at dawn")
    assert main(["seal", str(path), "--undo"]) == 0
    assert same_project(GeoPackageStore(path).load(), small_town())


def test_that_a_short_passphrase_seals_nothing(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with pytest.raises(InputError, match="take at least 12 signs"):
        seal(path, "eleven sign")
    assert not is_sealed_file(path)


def test_that_a_copy_is_sealed_as_the_project_is_and_one_by_a_key_opens_with_it_alone(path, tmp_path):
    stores = Stores()
    store = stores.open(path)
    store.unseal(PASSPHRASE)
    copy = stores.copy(store, tmp_path / "copy.gpkg")
    copy.save(store.load())
    assert same_project(opened(tmp_path / "copy.gpkg").load(), small_town())
    stores.copy(None, tmp_path / "keyed.gpkg", b"k" * 32).save(small_town())
    assert Stores().copy(None, tmp_path / "keyed.gpkg", b"k" * 32).load().name == "small town"
    with pytest.raises(InputError, match="does not open"):
        Stores().copy(None, tmp_path / "keyed.gpkg", b"j" * 32).load()
    assert open_services().stores.open(tmp_path / "keyed.gpkg").is_sealed


def test_that_what_is_made_of_a_sealed_project_is_sealed_with_the_same_passphrase(path, tmp_path):
    stores = Stores()
    source = stores.open(path)
    source.unseal(PASSPHRASE)
    made = stores.derived([source], tmp_path / "district.gpkg")
    assert not made.exists()
    made.save(source.load())
    assert is_sealed_file(tmp_path / "district.gpkg")
    assert same_project(opened(tmp_path / "district.gpkg").load(), small_town())


def test_that_nothing_of_a_sealed_project_is_put_into_a_plain_one_or_a_database(path, tmp_path):
    stores, plain = Stores(), tmp_path / "city.gpkg"
    GeoPackageStore(plain).save(small_town())
    source = stores.open(path)
    source.unseal(PASSPHRASE)
    with pytest.raises(InputError, match="seal it first"):
        stores.derived([stores.open(plain), source], plain)
    with pytest.raises(InputError, match="kept in a database"):
        stores.derived([source], "postgresql://anna@office/town?project=one")
    assert stores.derived([stores.open(plain)], plain) is stores.open(plain)


def test_that_a_repaired_sealed_project_is_sealed(path, tmp_path, monkeypatch):
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", PASSPHRASE)
    assert main(["doctor", str(path), "--repair", str(tmp_path / "repaired.gpkg")]) == 0
    assert is_sealed_file(tmp_path / "repaired.gpkg")
    assert opened(tmp_path / "repaired.gpkg").load().name == small_town().name


def test_that_the_journal_names_no_file_of_drawn_places_alone(tmp_path):
    project = small_town()
    refuge = layer_of(("r1", shapely.Point(0, 0).buffer(5), {"lhasaplan": "protected"}), source="Refuge Mayer.geojson")
    event = FileImported("Refuge Mayer.geojson", "places", "", {})
    reported = disclosed_journal(
        replace(project, layers={**project.layers, "places": refuge}, journal=(JournalEntry(event, "2026-01-01"),))
    )
    assert [type(entry.event) for entry in reported] == [ClosedFileImported]


def test_that_a_project_made_plain_again_was_written_by_no_other_program(path):
    sealed.unseal_file(opened(path))
    assert GeoPackageStore(path).remarks() == ()


def test_that_a_seal_does_not_hide_that_another_program_wrote(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE mine (a)")
    store = seal(path, PASSPHRASE)
    sealed.unseal_file(store)
    (reported,) = GeoPackageStore(path).remarks()
    assert "Another program wrote" in reported.template
