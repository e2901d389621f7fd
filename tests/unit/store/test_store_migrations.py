"""A project file of an older version opens, and is not touched by being opened."""

import json
import sqlite3
from dataclasses import replace

import pytest

from lhasaplan.core.changes.camera_change import ChangeStatus, TurnCamera
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.project.journal import CamerasChanged, JournalEntry
from lhasaplan.core.project.plan_step import Action, PlanStep, PlanVersion
from lhasaplan.core.project.project import Project
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.migrations import SCHEMA_VERSION


def version_0(path):
    """Make a file as version 0 wrote it: confirmations without the milder means, no journal, no terrain."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE lhasaplan_project (fid INTEGER PRIMARY KEY, key TEXT, value TEXT)")
        facts = {"schema_version": 0, "name": "old", "crs": "EPSG:32635", "packs": ["eu-gdpr"], "layers": []}
        rows = [(key, json.dumps(value)) for key, value in facts.items()]
        connection.executemany("INSERT INTO lhasaplan_project (key, value) VALUES (?, ?)", rows)
        connection.execute(
            "CREATE TABLE confirmations (fid INTEGER PRIMARY KEY, part_id TEXT, purpose TEXT, reason TEXT, by TEXT, date TEXT)"
        )
        connection.execute("INSERT INTO confirmations VALUES (1, 'p', 'traffic', 'crash', 'A. B.', '2025-01-01')")
    return path


def test_that_a_version_0_project_opens_with_what_it_lacked_left_empty(tmp_path):
    project = GeoPackageStore(version_0(tmp_path / "old.gpkg")).load()
    assert (project.name, project.packs) == ("old", ("eu-gdpr",))
    assert [(c.part_id, c.reason, c.milder_means) for c in project.confirmations] == [("p", "crash", "")]


def test_that_opening_an_older_project_does_not_change_its_file(tmp_path):
    path = version_0(tmp_path / "old.gpkg")
    before = path.read_bytes()
    GeoPackageStore(path).load()
    assert path.read_bytes() == before


def test_that_saving_an_older_project_brings_its_file_up_to_date(tmp_path):
    path = version_0(tmp_path / "old.gpkg")
    store = GeoPackageStore(path)
    store.save(store.load())
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT value FROM lhasaplan_project WHERE key = 'schema_version'").fetchone()
    assert found == (str(SCHEMA_VERSION),)
    assert store.load().confirmations[0].reason == "crash"


def test_that_an_older_file_can_be_replaced_by_another_project(tmp_path):
    path = version_0(tmp_path / "old.gpkg")
    GeoPackageStore(path).save(Project(name="fresh"))
    assert GeoPackageStore(path).load().name == "fresh"


def test_that_what_was_declared_before_reasons_were_asked_stands_without_one(tmp_path):
    path = version_0(tmp_path / "old.gpkg")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE lhasaplan_project SET value = '2' WHERE key = 'schema_version'")
        connection.execute("ALTER TABLE confirmations ADD COLUMN milder_means TEXT DEFAULT ''")
        connection.execute("CREATE TABLE declarations (fid INTEGER PRIMARY KEY, subject TEXT, fact TEXT, by TEXT, date TEXT)")
        connection.execute("INSERT INTO declarations VALUES (1, 'way/1', 'not_dwelling', 'A. B.', '2025-01-01')")
    (declared,) = GeoPackageStore(path).load().declarations
    assert (declared.subject, declared.fact, declared.by, declared.reason) == ("way/1", "not_dwelling", "A. B.", "")


def test_that_a_project_of_before_has_no_versions_of_its_plan_and_keeps_new_ones(tmp_path):
    store = GeoPackageStore(version_0(tmp_path / "old.gpkg"))
    old = store.load()
    assert old.versions == ()
    version = PlanVersion("B", (Camera("a", 1.0, 2.0, azimuth_deg=30.5, extra={"büro": "2"}),), "milder", "2026-01-02", "A. B.")
    store.save(replace(old, versions=(version,)))
    assert store.load().versions == (version,)


def test_that_a_version_that_somebody_broke_is_told_by_its_row(tmp_path):
    path = tmp_path / "new.gpkg"
    store = GeoPackageStore(path)
    store.save(Project(name="p", versions=(PlanVersion("A"), PlanVersion("B"))))
    for broken in ("no json", '{"schema": "lhasaplan-proposal/1", "source": "by_hand", "about": "", "reason": "", "changes": 3}'):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE plan_versions SET cameras = ? WHERE name = 'B'", (broken,))
        with pytest.raises(InputError) as caught:
            store.load()
        where = caught.value.faults[0].where
        assert (where.file, where.row, where.column, where.item) == ("new.gpkg", 2, "cameras", "plan_versions")


def of_schema_5(path, project):
    """Make a file as schema 5 had it: planned cameras and removals stand among what operates, and there is no table of a plan."""
    GeoPackageStore(path).save(project)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE lhasaplan_project SET value = '5' WHERE key = 'schema_version'")
        for table in ("plan", "numbers"):
            connection.execute(f"DELETE FROM gpkg_contents WHERE table_name = '{table}'")
            connection.execute(f"DROP TABLE {table}")
    return path


def removed(key, note=None):
    return Camera(key, 1.0, 2.0, status=Status.REMOVED, corrections=() if note is None else (note,))


def test_that_planned_cameras_and_removals_that_a_proposal_made_become_steps_of_the_plan(tmp_path):
    note = Correction("status", "operating", "A. B.", "2026-02-03")
    earlier = Correction("azimuth_deg", "10", "A. B.", "2025-01-01")
    cameras = (
        Camera("stands", 1.0, 2.0),
        Camera("comes", 1.0, 2.0, status=Status.PLANNED, source="A. B.", source_date="2026-02-01"),
        replace(removed("by option", note), corrections=(earlier, note)),
        removed("by hand", note),
        removed("imported"),
    )
    option = Proposal((ChangeStatus("by option", Status.REMOVED), TurnCamera("stands", 5.0)), "fewer", Source.SITING, "fewer")
    hand = Proposal((ChangeStatus("by hand", Status.REMOVED),))
    journal = tuple(JournalEntry(CamerasChanged(each), "2026-02-03", "A. B.") for each in (option, hand))
    found = GeoPackageStore(of_schema_5(tmp_path / "five.gpkg", Project(name="p", cameras=cameras, journal=journal))).load()
    assert found.plan == (
        PlanStep("comes", Action.ADD, by="A. B.", on="2026-02-01"),
        PlanStep("by option", Action.REMOVE, by="A. B.", on="2026-02-03", reason="fewer", plan="fewer"),
    )
    kept = {camera.camera_id: camera for camera in found.cameras}
    assert (kept["by option"].status, kept["by option"].corrections) == (Status.OPERATING, (earlier,))
    assert (kept["by hand"], kept["imported"]) == (removed("by hand", note), removed("imported"))
