"""The verb merge with --base: three files that diverged, worked out by hand, decided in a table, nothing lost without a word."""

import csv
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.project.journal import JournalEntry, MandateStated, ProjectsMerged
from lhasaplan.core.project.project import Bookmark
from lhasaplan.store.geopackage import GeoPackageStore

BASE = {"C1": 10.0, "C2": 20.0, "C3": 30.0, "C4": 40.0}
MINE = {"C1": 11.0, "C2": 20.0, "C4": 41.0, "C5": 50.0}  # C1 and C4 turned, C3 taken out, C5 new
THEIRS = {"C1": 10.0, "C2": 22.0, "C3": 33.0, "C4": 42.0, "C6": 60.0}  # C2, C3 and C4 turned, C6 new


def town(azimuths, step="", bookmarks=()):
    known = small_town()
    cameras = tuple(replace(known.cameras[0], camera_id=key, azimuth_deg=at) for key, at in azimuths.items())
    steps = (JournalEntry(MandateStated(step), "2026-03-01"),) if step else ()
    return replace(known, cameras=cameras, packs=("eu-gdpr",), journal=(*known.journal, *steps), bookmarks=bookmarks)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "backups").mkdir()
    for name, project in (
        ("backups/town.0001.gpkg", town(BASE)),
        ("mine.gpkg", town(MINE, "mine")),
        ("theirs.gpkg", town(THEIRS, "theirs", (Bookmark("gate", 1, 2, 30),))),
    ):
        GeoPackageStore(tmp_path / name).save(project)
    return tmp_path


WORDS = ["merge", "mine.gpkg", "theirs.gpkg", "--base", "backups/town.0001.gpkg", "--to", "both.gpkg"]


def read(path):
    return open_services().stores.open(path).load()


def azimuths(project):
    return {each.camera_id: each.azimuth_deg for each in project.cameras}


def test_that_conflicts_are_listed_by_row_and_column_and_nothing_is_written(folder, capsys):
    assert main([*WORDS, "--conflicts", "open.csv"]) == 2
    rows = list(csv.DictReader((folder / "open.csv").open(encoding="utf-8-sig")))
    assert [(row["kind"], row["key"], row["column"], row["mine"], row["theirs"]) for row in rows] == [
        ("cameras", "C3", "", "–", "…"),
        ("cameras", "C4", "azimuth_deg", "41.0", "42.0"),
    ]
    assert "Open conflicts: 2" in capsys.readouterr().err
    assert not (folder / "both.gpkg").exists()


def test_that_a_table_of_sides_decides_each_and_the_whole_is_what_was_worked_out(folder, capsys):
    assert main([*WORDS, "--conflicts", "open.csv"]) == 2
    rows = list(csv.DictReader((folder / "open.csv").open(encoding="utf-8-sig")))
    with (folder / "open.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, rows[0].keys())
        table.writeheader()
        table.writerows({**row, "side": {"C3": "mine", "C4": "theirs"}[row["key"]]} for row in rows)
    assert main([*WORDS, "--resolve", "open.csv"]) == 0
    found = read(folder / "both.gpkg")
    assert azimuths(found) == {"C1": 11.0, "C2": 22.0, "C4": 42.0, "C5": 50.0, "C6": 60.0}
    assert [each.name for each in found.bookmarks] == ["gate"]
    assert {each.event.file for each in found.journal if isinstance(each.event, MandateStated)} == {"mine", "theirs"}
    assert found.journal[-1].event == ProjectsMerged("theirs.gpkg", {"cameras": 3, "bookmarks": 1})
    assert azimuths(read(folder / "mine.gpkg")) == MINE
    assert "cameras 3 (C2, C4, C6)" in capsys.readouterr().out


def test_that_one_row_is_decided_in_words_and_a_side_decides_the_others(folder):
    assert main([*WORDS, "--resolve", "cameras C3=theirs", "--prefer", "mine"]) == 0
    found = azimuths(read(folder / "both.gpkg"))
    assert (found["C3"], found["C4"]) == (33.0, 41.0)


def test_that_the_base_is_found_among_backups(folder):
    GeoPackageStore(folder / "backups" / "other.gpkg").save(town({"X": 1.0}, "of another plan"))
    (folder / "backups" / "note.gpkg").write_text("no project", "utf-8")
    words = [*WORDS[:4], "backups", *WORDS[5:], "--prefer", "theirs"]
    assert main(words) == 0
    assert azimuths(read(folder / "both.gpkg"))["C4"] == 42.0
    (folder / "backups" / "town.0001.gpkg").unlink()
    assert main([*words[:-3], "again.gpkg", *words[-2:]]) == 2


def test_that_a_base_that_is_none_is_remarked(folder, capsys):
    GeoPackageStore(folder / "strange.gpkg").save(town(BASE, "of another plan"))
    main([*WORDS[:4], "strange.gpkg", *WORDS[5:], "--prefer", "mine"])
    assert "may not be their origin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "reported"),
    [
        (["--prefer", "city"], "no side here"),
        (["--resolve", "cameras C1=mine"], "no row that both changed"),
        (["--resolve", "cameras C4=city"], "no side here"),
        (["--resolve", "C4=mine"], "no choice of a row"),
        (["--resolve", "none.csv"], "cannot be read"),
    ],
)
def test_that_a_choice_that_cannot_be_followed_is_told(folder, capsys, more, reported):
    assert main([*WORDS, *more]) == 2
    assert reported in capsys.readouterr().err
    assert not (folder / "both.gpkg").exists()


def test_that_projects_of_different_systems_are_not_merged(folder, capsys):
    GeoPackageStore(folder / "far.gpkg").save(replace(town(THEIRS), crs="EPSG:3067"))
    assert main(["merge", "mine.gpkg", "far.gpkg", "--base", "backups/town.0001.gpkg", "--to", "both.gpkg"]) == 2
    assert "different coordinate systems" in capsys.readouterr().err
