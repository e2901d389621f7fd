"""A verb that reads a project logs in its chain who did, by which verb and what the file was; no backup or copy is misled."""

import hashlib
import os
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.project.journal import ProjectOpened
from lhasaplan.files.replacing import back_up, backups, note_seen
from lhasaplan.ports import KeptProject
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.sealed import SealedStore

KINDS = {"plain": GeoPackageStore, "sealed": lambda path: SealedStore(path, b"s" * 16, b"k" * 32)}


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.gpkg"
    workflow.save(KeptProject(small_town(), open_services().stores.open(path)))
    return path


def logged(path):
    return [(entry.who, entry.event) for entry in GeoPackageStore(path).logged()]


def test_that_a_verb_that_reads_is_logged_with_account_and_digest_and_the_chain_holds(town, monkeypatch):
    monkeypatch.setenv("LOGNAME", "anna")
    before = hashlib.sha256(town.read_bytes()).hexdigest()
    assert main(["journal", str(town)]) == 0
    between = hashlib.sha256(town.read_bytes()).hexdigest()
    assert main(["compare", str(town), str(town)]) == 0
    assert main(["doctor", str(town)]) == 0  # which looks at pages and rows, shows nothing of them and leaves every byte
    assert logged(town) == [
        ("anna", ProjectOpened(before, by="journal")),
        ("anna", ProjectOpened(between, by="compare")),
    ]


def test_that_a_repair_is_logged_in_the_new_project_and_leaves_the_old_one(town, tmp_path):
    before = town.read_bytes()
    assert main(["doctor", str(town), "--repair", str(tmp_path / "new.gpkg")]) == 0
    ((_, event),) = logged(tmp_path / "new.gpkg")
    assert event == ProjectOpened(hashlib.sha256(before).hexdigest(), is_read_only=True, by="doctor")
    assert town.read_bytes() == before


def test_that_a_project_that_may_not_be_written_is_read_and_told_as_not_logged(town, capsys):
    town.chmod(0o444)
    before = town.read_bytes()
    assert main(["journal", str(town)]) == 0
    assert "That it was opened could not be logged" in capsys.readouterr().err
    assert town.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_that_what_is_logged_is_no_new_state_and_an_edit_is(tmp_path, kind):
    store = KINDS[kind](tmp_path / "town.gpkg")
    store.save(small_town())
    first = store.state_of(store.path)
    project = store.load()
    services = open_services()
    for by in ("audit", "journal"):
        workflow.log_opening(services, store, "anna", by=by)
    assert store.state_of(store.path) == first != ""
    store.save(replace(project, name="another"))
    assert store.state_of(store.path) not in {first, ""}


def test_that_openings_in_scripts_push_no_backup_out(town, tmp_path):
    store, services, folder = GeoPackageStore(town), open_services(), tmp_path / "kept"
    assert back_up(town, folder, state_of=store.state_of) is not None
    note_seen(town, folder)
    for _ in range(3):
        workflow.log_opening(services, store, "anna", by="audit")
        os.utime(town, ns=(0, 0))
        assert back_up(town, folder, state_of=store.state_of) is None
    store.save(replace(store.load(), name="another"))
    assert back_up(town, folder, state_of=store.state_of) is not None
    assert len(backups(town, folder)) == 2
