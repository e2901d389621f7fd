"""The journal keeps what happened as typed events: read back as they were written, and said in the reader's language."""

import gzip
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from project_values import events, small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.changes.camera_change import ChangeMask, MoveCamera, TurnCamera
from lhasaplan.core.changes.proposal import KINDS as CHANGE_KINDS
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.project.journal import (
    KINDS,
    VERSION,
    CamerasChanged,
    ClosedFileImported,
    DeclaredFact,
    DistrictMade,
    DistrictsMerged,
    DraftsExported,
    EarlierNote,
    FactsDeclared,
    FileImported,
    JournalEntry,
    MandateStated,
    NumbersHandedOut,
    PartExcused,
    PartsConfirmed,
    PlacesClosed,
    PlacesTakenOut,
    PlanDrafted,
    ProjectMade,
    ProjectOpened,
    ProjectsMerged,
    ProtectionLost,
    StepsTaken,
    SuspendedEnded,
    event_from_json,
    event_to_json,
    name_of,
)
from lhasaplan.core.project.journal_words import CHANGES, said
from lhasaplan.core.project.plan_step import NumberBlock, Series
from lhasaplan.core.protection.lost_protection import losses
from lhasaplan.errors import InputError, Where
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.migrations import SCHEMA_VERSION, event_of
from lhasaplan.store.tables import read_rows

# A town of three buildings that the verbs of the program of schema 2 made: new, import, mandate, confirm, declare, protect.
KEPT = Path(__file__).parent / "kept" / "schema-2.gpkg.gz"
CROSSING = "municipal-safety:pedestrian_crossing:node/1000003/1"
DAY = "2026-11-27"


@pytest.fixture
def earlier(tmp_path):
    path = tmp_path / "town.gpkg"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()))
    return path


def sentences(path):
    with sqlite3.connect(path) as connection:
        return [row["what"] for row in read_rows(connection, "journal")]


def test_that_a_journal_of_sentences_is_read_as_the_events_that_they_told(earlier):
    assert sentences(earlier)[1:4] == ["import town.osm", "import cameras.csv", "mandate mandate.toml"]
    assert [(entry.event, entry.who) for entry in GeoPackageStore(earlier).load().journal] == [
        (ProjectMade(("eu-gdpr", "municipal-safety")), ""),
        (FileImported("town.osm"), ""),
        (FileImported("cameras.csv"), ""),
        (MandateStated("mandate.toml"), ""),
        (ClosedFileImported(), ""),
        (PartsConfirmed((CROSSING,)), "A. Example"),
        (PartExcused(CROSSING), "A. B."),
        (FactsDeclared((DeclaredFact("not_dwelling", ("way/40",)),)), "A. B."),
        (FileImported("town.osm"), ""),
        (ProtectionLost(1), ""),
        (PlacesClosed(1), ""),
    ]


def test_that_a_file_of_before_is_whole_in_the_newest_schema_once_it_is_saved(earlier):
    store = GeoPackageStore(earlier)
    before = store.load()
    store.save(before)
    with sqlite3.connect(earlier) as connection:
        ((version,),) = connection.execute("SELECT value FROM lhasaplan_project WHERE key = 'schema_version'").fetchall()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(journal)")]
    assert (int(version), columns) == (SCHEMA_VERSION, ["fid", "event", "version", "data", "when", "who"])
    after = GeoPackageStore(earlier).load()
    assert after.journal == before.journal
    assert (len(after.cameras), after.confirmations[0].part_id, after.closed_count) == (2, CROSSING, 1)


def test_that_protection_which_was_lost_before_is_counted_still(earlier):
    assert [(loss.known, loss.unknown, loss.day) for loss in losses(GeoPackageStore(earlier).load())] == [(1, 0, DAY)]


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        ("confirm a, b", PartsConfirmed(("a", "b"))),
        ("declare cell:770:13340: no_buildings", FactsDeclared((DeclaredFact("no_buildings", ("cell:770:13340",)),))),
        ("declare way/1, way/2: dwelling", FactsDeclared((DeclaredFact("dwelling", ("way/1", "way/2")),))),
        ("take out 2 drawn places", PlacesTakenOut(2)),
        ("declare by uses.csv", FactsDeclared((), "uses.csv")),
        ("protected features: 12 before, 3 since", ProtectionLost(9)),
        ("import of two files.csv", FileImported("of two files.csv")),
        (
            "declare dwelling of 3 buildings of unknown use in West",
            EarlierNote("declare dwelling of 3 buildings of unknown use in West"),
        ),
        ("", EarlierNote("")),
    ],
)
def test_that_each_sentence_of_before_is_the_event_that_it_told(sentence, event):
    name, data = event_of(sentence)
    assert event_from_json(name, 1, data, Where()) == event


@given(event=events())
def test_that_an_event_reads_back_from_json_as_it_was(event):
    assert event_from_json(name_of(event), VERSION, event_to_json(event), Where()) == event


def test_that_what_a_later_field_would_say_is_its_default():
    assert event_from_json("facts_declared", 1, {"facts": [{"fact": "x", "subjects": []}]}, Where()) == FactsDeclared(
        (DeclaredFact("x", ()),)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("event = 'camera_dreamt'", "event camera_dreamt in form 1"),
        ("version = 2", "event file_imported in form 2"),
        ("data = '{'", "is not a value here"),
        ("data = '[]'", "is not a value here"),
        ("data = '{}'", "is not a value here"),
        ("data = '{\"file\": 7}'", "is not a value here"),
        ('data = \'{"file": "a", "colour": "red"}\'', "is not a value here"),
        ("event = 'cameras_changed'", "no proposal with the schema"),
        ("event = NULL", "event None in form 1"),
    ],
)
def test_that_an_event_that_is_newer_or_broken_is_named_by_its_row(tmp_path, change, words):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE journal SET {change}")
    with pytest.raises(InputError, match=words) as caught:
        GeoPackageStore(path).load()
    assert {(fault.where.row, fault.where.item) for fault in caught.value.faults} == {(1, "journal")}


SAID = (
    *(ProjectMade(("eu-gdpr",)), FileImported("a"), FileImported("a", "osm", "00", {"roads": 1}), ClosedFileImported()),
    *(ProtectionLost(2, 3), MandateStated("m"), PartsConfirmed(("p",)), PartsConfirmed(("p",), "safety")),
    *(PartExcused("p"), PartExcused("p", "r"), PlacesClosed(2), PlacesTakenOut(2)),
    *(DraftsExported(("pdf",)), DraftsExported(("pdf",), True)),
    NumbersHandedOut("North", (NumberBlock(Series.PLANNED, 101, 199),)),
    *(DistrictMade("Town", "North"), DistrictsMerged({"North": 2}), ProjectsMerged("theirs.gpkg", {"cameras": 2})),
    *(ProjectOpened("0" * 64), ProjectOpened("", is_read_only=True)),
    *(FactsDeclared((), "t"), FactsDeclared((DeclaredFact("dwelling", ("way/1",)),))),
    FactsDeclared((DeclaredFact("f", ("p",)),), "t"),
    CamerasChanged(Proposal((TurnCamera("C", 1.0),))),
    CamerasChanged(Proposal((TurnCamera("C", 1.0),), "why")),
    PlanDrafted(Proposal((TurnCamera("C", 1.0),))),
    StepsTaken(("C",), "decided", "2026-11-30"),
    *(SuspendedEnded("excuse", "p", to=to, reason="r") for to in ("", "q")),
    *(SuspendedEnded("declaration", "way/1", "dwelling", to, "r") for to in ("", "way/2")),
)


def test_that_every_kind_of_event_but_an_earlier_note_is_among_those_that_are_said_here():
    assert {type(event) for event in SAID} == set(KINDS.values()) - {EarlierNote}


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("event", SAID, ids=name_of)
def test_that_an_event_is_said_in_the_language_of_the_reader(event, language):
    assert said(event, load_translations(language)) != said(event, load_translations("en"))


def test_that_every_kind_of_change_has_its_word():
    assert set(CHANGES) == set(CHANGE_KINDS.values())


def test_that_no_sentence_lists_what_was_declared_of_which_building():
    declared = FactsDeclared((DeclaredFact("dwelling", ("way/17", "way/18"), "Refuge of the Heron"),))
    assert said(declared, load_translations("en")) == "Declared, with the number of things: dwelling (2)"


def test_that_changes_of_cameras_are_said_camera_by_camera():
    changes = (MoveCamera("C1", 1.0, 2.0), TurnCamera("C1", 90.0), ChangeMask("C2"))
    assert said(CamerasChanged(Proposal(changes, "away from the school")), load_translations("en")) == (
        "Changed cameras (away from the school): C1: moved, turned; C2: another mask"
    )


def test_that_the_verb_journal_tells_day_person_and_event(tmp_path, capsys):
    path = tmp_path / "town.gpkg"
    entry = JournalEntry(CamerasChanged(Proposal((TurnCamera("C1", 90.0),))), "2026-02-05", "A. Example")
    open_services().stores.open(path).save(replace(small_town(), journal=(*small_town().journal, entry)))
    assert main(["--lang", "fr", "journal", str(path)]) == 0
    reported = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "2026-02-03 – Importé a.pbf : buildings 2, roads 1" in reported
    assert "2026-02-05 A. Example Caméras modifiées : C1: tournée" in reported


def test_that_where_positions_are_coarse_cameras_are_counted_and_nobody_is_named(tmp_path, capsys):
    path = tmp_path / "town.gpkg"
    event = CamerasChanged(Proposal((TurnCamera("node/123", 90.0), MoveCamera("node/456", 1.0, 2.0)), "seen by Ann"))
    coarse = replace(small_town(), packs=("cn-limits",), journal=(JournalEntry(event, "2026-02-05", "A. Example"),))
    open_services().stores.open(path).save(coarse)
    assert main(["journal", str(path)]) == 0
    reported = capsys.readouterr().out
    assert "Changed cameras, their number: 2 (turned, moved)" in reported
    assert not [word for word in ("node/123", "node/456", "Ann", "A. Example") if word in reported]
    assert main(["journal", str(path), "--private"]) == 0
    assert "node/123" in capsys.readouterr().out


def test_that_every_kind_of_event_has_a_name_of_its_own():
    assert len(set(KINDS.values())) == len(KINDS) == 21


def test_that_drafts_that_left_stand_in_the_journal_and_nothing_else_of_the_file_changes(earlier):
    entry, store = JournalEntry(DraftsExported(("pdf",), True), "2026-12-01"), GeoPackageStore(earlier)
    before = store.load()
    store.log(entry)
    assert store.logged() == (entry,)
    with sqlite3.connect(earlier) as connection:
        assert connection.execute("SELECT value FROM lhasaplan_project WHERE key = 'schema_version'").fetchone() == ("2",)
    assert GeoPackageStore(earlier).load().journal == before.journal
    assert [each.name for each in earlier.parent.iterdir()] == [earlier.name]
    opened = workflow.open_project(open_services(), earlier)
    assert workflow.journal(opened) == (*before.journal, entry)
