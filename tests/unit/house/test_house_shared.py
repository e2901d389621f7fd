"""The verbs on a project that an office shares in a database: the same job as on a file, and two who do it at a time."""

import json
import subprocess
import sys

import pytest

from lhasaplan.cli import main

CORNERS = [[24.9410, 60.1697], [24.9414, 60.1697], [24.9414, 60.1699], [24.9410, 60.1699], [24.9410, 60.1697]]
CAMERAS = "camera_id,lon,lat,azimuth_deg,mount_height_m\nC1,24.9412,60.1695,0,4\nC2,24.9416,60.1695,0,4\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    house = {"type": "Feature", "properties": {"building": "yes"}, "geometry": {"type": "Polygon", "coordinates": [CORNERS]}}
    (tmp_path / "houses.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [house]}), "utf-8")
    (tmp_path / "cameras.csv").write_text(CAMERAS, "utf-8")
    return tmp_path


def test_that_the_whole_job_is_done_in_a_database(folder, postgis, capsys, monkeypatch):
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", "seven grey herons at noon")
    town = postgis.fresh()
    for words in (
        ["new", town, "--rules", "eu-gdpr"],
        ["import", town, "houses.geojson", "--as", "buildings"],
        ["import", town, "cameras.csv", "--as", "cameras"],
    ):
        assert main(words) == 0, capsys.readouterr()
    assert main(["new", town, "--rules", "eu-gdpr"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["audit", town, "--json", "audit.json"]) in {0, 1}
    reported = json.loads((folder / "audit.json").read_text("utf-8"))
    assert len(reported["cameras"]) == 2
    assert main(["export", town, "--format", "register", "--out", "drafts"]) == 0
    assert list((folder / "drafts").iterdir())
    capsys.readouterr()
    assert main(["journal", town]) == 0
    assert "register" in capsys.readouterr().out
    assert main(["doctor", town]) == 0
    copy, file = postgis.fresh(), "copy.gpkg"
    assert main(["doctor", town, "--repair", file]) == main(["doctor", file, "--repair", copy]) == 0
    assert main(["journal", copy]) == 0
    assert "register" in capsys.readouterr().out
    assert main(["seal", town]) == 2
    assert "kept in a database" in capsys.readouterr().err


def test_that_an_audit_of_the_database_finds_what_an_audit_of_the_file_finds(folder, postgis, capsys):
    found = []
    for town in ("town.gpkg", postgis.fresh()):
        assert main(["new", town, "--rules", "eu-gdpr"]) == 0
        assert main(["import", town, "houses.geojson", "--as", "buildings"]) == 0
        assert main(["import", town, "cameras.csv", "--as", "cameras"]) == 0
        main(["audit", town, "--json", "audit.json"])
        found.append(json.loads((folder / "audit.json").read_text("utf-8"))["findings"])
    assert found[0] == found[1]
    assert found[0]


def test_that_two_programs_that_change_it_at_a_time_lose_nothing(folder, postgis, capsys):
    town = postgis.fresh()
    assert main(["new", town, "--rules", "eu-gdpr"]) == 0
    assert main(["import", town, "houses.geojson", "--as", "buildings"]) == 0
    tables = []
    for number in range(3):
        rows = "".join(f"W{number}-{at},24.941{at},60.169{number},0,4\n" for at in range(5))
        (folder / f"cameras-{number}.csv").write_text("camera_id,lon,lat,azimuth_deg,mount_height_m\n" + rows, "utf-8")
        tables.append(f"cameras-{number}.csv")
    program = [sys.executable, "-m", "lhasaplan", "import", town]
    running = [subprocess.Popen([*program, table, "--as", "cameras"], stderr=subprocess.PIPE, text=True) for table in tables]
    ends = [(each.communicate()[1], each.returncode) for each in running]
    assert [code for _, code in ends] == [0, 0, 0], ends
    assert int(postgis.sql(f'SELECT count(*) FROM "{town.rpartition("=")[2]}".cameras')) == 15
    capsys.readouterr()
    assert main(["journal", town]) == 0
    reported = capsys.readouterr().out
    assert all(table in reported for table in tables)
