"""A file that each version of the schema wrote is kept; every step of the migration is tried on the file of its version."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from project_values import small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse
from lhasaplan.core.project.journal import EarlierNote, FileImported
from lhasaplan.core.project.plan_step import Action, GivenNumber, PlanStep, PlanVersion, Series
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.migrations import SCHEMA_VERSION, STEPS, migrate, schema_version

# Written by the programs of their time from the small town of the tests; that of schema 2 by the verbs of its program
# (test_store_journal.py), and none by schema 0, which no program wrote that was given away.
KEPT = Path(__file__).parent / "kept"
VERSIONS = range(1, SCHEMA_VERSION + 1)
OF_THE_TOWN = [version for version in VERSIONS if version != 2]


def unpacked(version, folder):
    path = folder / "town.gpkg"
    path.write_bytes(gzip.decompress((KEPT / f"schema-{version}.gpkg.gz").read_bytes()))
    return path


def version_in(path):
    with closing(sqlite3.connect(path)) as source:
        return schema_version(source)


@pytest.mark.parametrize("version", VERSIONS)
def test_that_a_file_of_each_version_is_kept_and_says_which_it_is(version, tmp_path):
    assert version_in(unpacked(version, tmp_path)) == version


@pytest.mark.parametrize("version", OF_THE_TOWN)
def test_that_all_that_a_file_of_a_version_held_is_there(version, tmp_path):
    path = unpacked(version, tmp_path)
    before = path.read_bytes()
    found, town = GeoPackageStore(path).load(), small_town()
    assert path.read_bytes() == before
    assert (found.name, found.crs, found.packs, found.cameras, found.inputs) == (
        town.name,
        town.crs,
        town.packs,
        town.cameras,
        town.inputs,
    )
    assert {name: list(layer.ids) for name, layer in found.layers.items()} == {
        name: list(layer.ids) for name, layer in town.layers.items()
    }
    assert found.baseline == (Camera("C1", 385_020.0, 6_669_995.0, azimuth_deg=12.0, approved_on="2025-05-06"),)
    assert found.mandate == town.mandate
    assert found.confirmations == (Confirmation("p", "traffic", "crash", "lights", "A. B.", "2025-01-01"),)
    assert found.excuses == (Excuse("p", "works", "A. B.", "2025-02-01"),)
    reason = "a shed" if version >= 3 else ""
    assert found.declarations == (Declaration("way/1", "not_dwelling", "A. B.", "2025-03-01", reason),)
    assert isinstance(found.journal[0].event, FileImported | EarlierNote)
    assert found.closed is None
    plan = (PlanVersion("B", (Camera("a", 1.0, 2.0, azimuth_deg=30.5),), "milder", "2026-01-02", "A. B."),)
    assert found.versions == (plan if version >= 5 else ())
    step = PlanStep("C1", Action.REMOVE, by="A. B.", on="2026-02-01", reason="no part needs it")
    assert found.plan == ((step,) if version >= 6 else ())
    assert found.numbers == ((GivenNumber(Series.STANDING, "C1", 1),) if version >= 6 else ())


@pytest.mark.parametrize("version", VERSIONS)
def test_that_a_kept_file_is_saved_in_the_newest_schema_and_is_whole(version, tmp_path):
    path = unpacked(version, tmp_path)
    store = GeoPackageStore(path)
    before = store.load()
    store.save(before)
    assert version_in(path) == SCHEMA_VERSION
    assert store.examine() == ()
    after = GeoPackageStore(path).load()
    assert (after.cameras, after.journal, after.declarations) == (before.cameras, before.journal, before.declarations)
    assert (after.versions, after.bookmarks, after.baseline) == (before.versions, before.bookmarks, before.baseline)


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_that_each_step_leads_to_the_next_version_alone(version, tmp_path, monkeypatch):
    with closing(sqlite3.connect(unpacked(version, tmp_path), isolation_level=None)) as copy:
        monkeypatch.setattr("lhasaplan.store.migrations.STEPS", STEPS[: version + 1])
        migrate(copy)
        assert schema_version(copy) == version + 1
