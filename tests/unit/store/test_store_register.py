"""All that people decided is one table of the project file, of one form; lists and records of cameras are read out of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution, Suspended, Thing
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.register_rows import Decided, Decides, DecisionRegister, lists_of
from lhasaplan.errors import InputError
from lhasaplan.store.connection import register_functions
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.tables import Stamp, drop_table, write_attributes

SHED = Thing("a.pbf", "shed", "POINT (1 2)", 1.0)
PRICED = {"unit_price": "4200", "currency": "EUR", "phase": "2027", "priced_for": "take_away", "priced_in": "schedule.xlsx 2"}
MINUTED = {
    "decision": "approved",
    "outcome": "goes",
    "decided_by": "Council",
    "decided_on": "2026-05-04",
    "decided_in": "m.xlsx 5",
}
CAMERA = Camera("A", 1.0, 2.0, extra={"pole": "7", **MINUTED, **PRICED})
LOST = Declaration("way/5", "not_dwelling", "A. Clerk", "2026-05-02", "a shed", SHED)
DECIDED = Project(
    name="town",
    cameras=(CAMERA, Camera("B", 3.0, 4.0, extra={"pole": "8"})),
    confirmations=(Confirmation("part", "safety", "two collisions", "signs", "A. Example", "2026-05-01", SHED),),
    excuses=(Excuse("part", "works", "B. Example", "2026-05-03"),),
    declarations=(Declaration("way/1", "not_dwelling", "A. B.", "2026-05-01", "a mill", SHED),),
    resolutions=(
        Resolution("option", "Which?", "approved", "As today", "Council", "2026-09-01", "2026-05-04", "m.xlsx 2"),
        Resolution("camera:Z", decision="refused", decided_by="Council", decided_on="2026-05-04", sheet="m.xlsx 3"),
    ),
    suspended=(
        Suspended("declaration", "way/5", "not_dwelling", "gone", "2026-06-01", declaration=LOST),
        Suspended("excuse", "q", "", "other", "2026-06-01", excuse=Excuse("q", "snow", "B. Example", "2026-01-03", SHED)),
    ),
)


def table(path, query='SELECT decides, subject, answer, "by", "on", sheet, suspended FROM decisions ORDER BY fid'):
    with closing(sqlite3.connect(path)) as source:
        return source.execute(query).fetchall()


def kept(path, project=DECIDED):
    store = GeoPackageStore(path)
    store.save(project)
    return store


def test_that_each_decision_of_whatever_kind_is_a_row_of_one_table(tmp_path):
    kept(tmp_path / "town.gpkg")
    assert table(tmp_path / "town.gpkg") == [
        ("camera", "camera:A", "approved", "Council", "2026-05-04", "m.xlsx 5", ""),
        ("schedule", "camera:A", "4200 EUR 2027", "", "", "schedule.xlsx 2", ""),
        ("declaration", "way/5", "not_dwelling", "A. Clerk", "2026-05-02", "", "gone"),
        ("excuse", "q", "excuse", "B. Example", "2026-01-03", "", "other"),
        ("declaration", "way/1", "not_dwelling", "A. B.", "2026-05-01", "", ""),
        ("confirmation", "part", "safety", "A. Example", "2026-05-01", "", ""),
        ("excuse", "part", "excuse", "B. Example", "2026-05-03", "", ""),
        ("question", "option", "approved", "Council", "2026-05-04", "m.xlsx 2", ""),
        ("camera", "camera:Z", "refused", "Council", "2026-05-04", "m.xlsx 3", ""),
    ]
    assert [json.loads(extra) for (extra,) in table(tmp_path / "town.gpkg", "SELECT extra FROM cameras")] == [
        {"pole": "7"},
        {"pole": "8"},
    ]


def test_that_lists_and_records_of_cameras_are_read_out_of_the_register(tmp_path):
    kept(tmp_path / "town.gpkg")
    found = GeoPackageStore(tmp_path / "town.gpkg").load()
    for name in ("cameras", "confirmations", "excuses", "declarations", "resolutions", "suspended"):
        assert getattr(found, name) == getattr(DECIDED, name), name


def test_that_pages_read_the_rows_that_the_file_has(tmp_path):
    """What stands on record and what was kept of a camera that is gone are rows alike; approvals are cameras of the baseline."""
    kept(tmp_path / "town.gpkg")
    pages = [(each.decides, each.subject, each.answer, each.sheet) for each in DecisionRegister(DECIDED).entries]
    rows = table(tmp_path / "town.gpkg", "SELECT decides, subject, answer, sheet FROM decisions")
    assert sorted(pages) == sorted(rows)


def test_that_a_row_written_by_another_program_is_a_decision_and_one_of_no_kind_is_refused_by_its_row(tmp_path):
    path = tmp_path / "town.gpkg"
    kept(path, small_town())
    with sqlite3.connect(path) as other:
        columns = '"decides", "subject", "answer", "reason", "by", "on"'
        said = ("declaration", "way/1", "dwelling", "curtains", "A. B.", "2026-05-01")
        other.execute(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?)", said)
    assert GeoPackageStore(path).load().declarations == (Declaration("way/1", "dwelling", "A. B.", "2026-05-01", "curtains"),)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE decisions SET decides = 'whim'")
    with pytest.raises(InputError) as caught:
        GeoPackageStore(path).load()
    where = caught.value.faults[0].where
    assert (where.row, where.column, where.item) == (1, "decides", "decisions")


def test_that_a_row_about_a_camera_that_another_program_took_out_is_kept_as_what_a_meeting_decided():
    rows = [
        Decided(Decides.CAMERA, "camera:A", "refused", by="Council", on="2026-05-04", sheet="m.xlsx 5", is_on_record=True),
        Decided(Decides.SCHEDULE, "camera:A", "4200", is_on_record=True, stated={"unit_price": "4200"}),
    ]
    found = lists_of(rows, ())
    assert found.resolutions == (
        Resolution("camera:A", decision="refused", decided_by="Council", decided_on="2026-05-04", sheet="m.xlsx 5"),
    )


def test_that_an_edit_writes_the_rows_that_differ_alone(tmp_path):
    """Of 200 declarations one says otherwise: the others keep their rows, which a trigger of another program would count."""
    many = tuple(Declaration(f"way/{n}", "not_dwelling", "A. B.", "2026-05-01", "a mill") for n in range(200))
    store = kept(tmp_path / "town.gpkg", replace(DECIDED, declarations=many))
    with sqlite3.connect(tmp_path / "town.gpkg") as other:
        other.execute("CREATE TABLE seen (what TEXT)")
        other.execute("CREATE TRIGGER see AFTER UPDATE ON decisions BEGIN INSERT INTO seen VALUES (NEW.subject); END")
    now = store.load()
    otherwise = replace(now.declarations[7], reason="a barn")
    store.save(replace(now, declarations=(*now.declarations[:7], otherwise, *now.declarations[8:])))
    assert table(tmp_path / "town.gpkg", "SELECT what FROM seen") == [("way/7",)]


def of_schema_6(path):
    """Make a file as schema 6 had it: a table for each kind of decision, and what was stated of cameras in their records."""
    kept(path, replace(DECIDED, confirmations=(), excuses=(), declarations=(), resolutions=(), suspended=()))
    thing, stamp = (
        json.dumps({"source": "a.pbf", "kind": "shed", "ground": "POINT (1 2)", "storeys": 1.0}),
        Stamp("", "2026-01-01"),
    )
    lost = {"subject": "way/5", "fact": "not_dwelling", "by": "A. Clerk", "date": "2026-05-02", "reason": "a shed"}
    snow = {"part_id": "q", "reason": "snow", "by": "B. Example", "date": "2026-01-03"}
    before = {
        "confirmations": [
            ("part_id", "purpose", "reason", "milder_means", "by", "date", "thing"),
            ("part", "safety", "two collisions", "signs", "A. Example", "2026-05-01", thing),
        ],
        "excuses": [("part_id", "reason", "by", "date"), ("part", "works", "B. Example", "2026-05-03")],
        "declarations": [
            ("subject", "fact", "by", "date", "reason", "thing"),
            ("way/1", "not_dwelling", "A. B.", "2026-05-01", "a mill", thing),
        ],
        "resolutions": [
            ("item", "question", "decision", "outcome", "decided_by", "due_on", "decided_on", "sheet"),
            ("option", "Which?", "approved", "As today", "Council", "2026-09-01", "2026-05-04", "m.xlsx 2"),
            ("camera:Z", "", "refused", "", "Council", "", "2026-05-04", "m.xlsx 3"),
        ],
        "suspended": [
            ("decision", "subject", "fact", "why", "since", "confirmation", "excuse", "declaration"),
            *(
                (
                    "declaration",
                    "way/5",
                    "not_dwelling",
                    "gone",
                    "2026-06-01",
                    None,
                    None,
                    json.dumps({**lost, "thing": json.loads(thing)}),
                ),
                ("excuse", "q", "", "other", "2026-06-01", None, json.dumps({**snow, "thing": json.loads(thing)}), None),
            ),
        ],
    }
    with sqlite3.connect(path, isolation_level=None) as other:
        register_functions(other)
        drop_table(other, "decisions")
        for name, (columns, *rows) in before.items():
            write_attributes(other, name, [(column, "TEXT") for column in columns], rows, stamp)
        other.execute("UPDATE cameras SET extra = ? WHERE camera_id = 'A'", (json.dumps(CAMERA.extra),))
        other.execute("UPDATE lhasaplan_project SET value = '6' WHERE key = 'schema_version'")


def test_that_the_tables_of_before_become_rows_of_the_register_and_are_gone_after_the_next_saving(tmp_path):
    path = tmp_path / "six.gpkg"
    of_schema_6(path)
    store = GeoPackageStore(path)
    found = store.load()
    for name in ("cameras", "confirmations", "excuses", "declarations", "resolutions", "suspended"):
        assert getattr(found, name) == getattr(DECIDED, name), name
    store.save(found)
    there = {name for (name,) in table(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "decisions" in there
    assert not {"confirmations", "excuses", "declarations", "resolutions", "suspended"} & there
    assert len(table(path)) == 9
    assert store.examine() == ()


def test_that_a_broken_decision_of_before_is_told_and_rescue_reads_the_others(tmp_path):
    path = tmp_path / "six.gpkg"
    of_schema_6(path)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE suspended SET excuse = 'no json' WHERE fid = 2")
    with pytest.raises(InputError) as caught:
        GeoPackageStore(path).load()
    assert caught.value.faults[0].where.item == "decisions"
    rescued = GeoPackageStore(path).rescue()
    assert (rescued.project.declarations, rescued.project.confirmations) == (DECIDED.declarations, DECIDED.confirmations)
    assert rescued.project.suspended[0] == DECIDED.suspended[0]


def test_that_a_table_of_another_program_that_bears_the_name_stays_under_another(tmp_path):
    path = tmp_path / "six.gpkg"
    of_schema_6(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        write_attributes(other, "decisions", [("what", "TEXT")], [("theirs",)], Stamp("", "2026-01-01"))
    store = GeoPackageStore(path)
    store.save(store.load())
    assert table(path, "SELECT what FROM decisions_of_before") == [("theirs",)]
    assert len(table(path)) == 9
