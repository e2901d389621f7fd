"""A questionnaire goes out to each controller and comes back: what was possible turns into certain, and nothing else changes."""

import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from made_once import made_once

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Camera, Kind, Status
from lhasaplan.core.records.schedule import ASKED, Author, ControllerAnswer, asked_of, take_answers, to_ask
from lhasaplan.report.formats.questionnaire import HEADINGS, file_name, rule_of
from lhasaplan.workflow.drafting import NOTE

HOUSE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"building":"house","height":"6"},"geometry":'
    '{"type":"Polygon","coordinates":[[[24.9410,60.17],[24.9414,60.17],[24.9414,60.1702],[24.941,60.1702],[24.941,60.17]]]}}]}'
)
EVIL = "=HYPERLINK(1)"
FULL = {"azimuth_deg": "5", "hfov_deg": "60", "image_width_px": "1920", "kind": "fixed", "retention_days": "unknown"}
HUNG = {"tilt_deg": "5", "mount_height_m": "4"}  # without these a view stays possible


@pytest.fixture
def town(tmp_path, monkeypatch):
    """Three cameras before a house: two of one controller of which little is known, one of another that has an evil name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LHASAPLAN_LANG", raising=False)
    return made_once(tmp_path, __name__, make_town)


def make_town():
    Path("houses.geojson").write_text(HOUSE)
    Path("cameras.csv").write_text(
        "camera_id,name,lon,lat,mount,owner,tilt_deg\n"
        f"C1,,24.9412,60.16987,pole,City,5\nC2,,24.9413,60.16987,pole,City,\n=3,{EVIL},24.9411,60.16987,pole,Port,\n"
    )
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr"]) == 0
    assert main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    assert main(["export", "town.gpkg", "--format", "questionnaire", "--out", "out"]) == 0


def rows_of(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def fill_csv(path, answers):
    """Write answers into a questionnaire, by camera."""
    rows = rows_of(path)
    for row in rows:
        row.update(answers.get(row["camera_id"], {}))
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        table = csv.DictWriter(file, HEADINGS)
        table.writeheader()
        table.writerows(rows)


def cameras():
    return {camera.camera_id: camera for camera in workflow.open_project(open_services(), "town.gpkg").project.cameras}


def views():
    main(["audit", "town.gpkg", "--json", "audit.json"])
    return {each["id"]: each for each in json.loads(Path("audit.json").read_text())["cameras"]}


def test_that_each_controller_gets_its_own_cameras_with_the_canonical_columns(town):
    assert sorted(path.name for path in Path("out").iterdir()) == [
        NOTE,
        *("questionnaire-01-city.csv", "questionnaire-01-city.xlsx", "questionnaire-02-port.csv", "questionnaire-02-port.xlsx"),
    ]
    rows = rows_of("out/questionnaire-01-city.csv")
    assert [row["camera_id"] for row in rows] == ["C1", "C2"]
    assert tuple(rows[0]) == HEADINGS
    assert (rows[0]["tilt_deg"], rows[0]["azimuth_deg"]) == ("5.0", "")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_that_a_filled_questionnaire_turns_possible_into_certain(town, form, capsys):
    before = cameras()
    assert not views()["C1"]["certain"]
    path = Path(f"out/questionnaire-01-city.{form}")
    answers = {**FULL, **HUNG, "answered_by": "A. Officer", "answered_on": "2026-10-01", "mask_sector_deg": "100,120"}
    if form == "csv":
        fill_csv(path, {"C1": answers})
    else:
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        for name, text in answers.items():
            sheet.cell(2, HEADINGS.index(name) + 1, text)
        book.save(path)
    capsys.readouterr()
    assert main(["import", "town.gpkg", str(path)]) == 0
    reported = "".join(capsys.readouterr())
    assert "taken from the answers: C1: " in reported
    assert "azimuth_deg 5" in reported
    result = views()["C1"]
    assert (result["certain"], {each["basis"] for each in result["sightings"]}) == (True, {"recorded"})
    after = cameras()
    one = after["C1"]
    assert (one.azimuth_deg, one.hfov_deg, one.image_width_px, one.kind, one.retention_days) == (
        5.0,
        60.0,
        1920,
        Kind.FIXED,
        None,
    )
    assert one.mask_sector_deg == ((100.0, 120.0),)
    assert {(each.source, each.date) for each in one.corrections} == {(f"A. Officer ({path.name})", "2026-10-01")}
    # All that was not asked for, or not answered, is as it was; so are the cameras that nobody answered for.
    given = {each.field: getattr(before["C1"], each.field) for each in one.corrections}
    assert replace(one, **given, corrections=()) == before["C1"]
    assert {name: after[name] for name in ("C2", "=3")} == {name: before[name] for name in ("C2", "=3")}


def test_that_answers_outlive_another_import_of_the_cameras(town):
    fill_csv("out/questionnaire-01-city.csv", {"C1": FULL})
    assert main(["import", "town.gpkg", "out/questionnaire-01-city.csv"]) == 0
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    assert cameras()["C1"].azimuth_deg == 5.0


def test_that_a_recorded_cell_is_not_overwritten_and_that_is_told(town, capsys):
    fill_csv("out/questionnaire-01-city.csv", {"C1": {"tilt_deg": "40", "azimuth_deg": "7"}})
    capsys.readouterr()
    assert main(["import", "town.gpkg", "out/questionnaire-01-city.csv"]) == 0
    assert "not asked for, so left as recorded: C1: tilt_deg" in "".join(capsys.readouterr())
    assert (cameras()["C1"].tilt_deg, cameras()["C1"].azimuth_deg) == (5.0, 7.0)


def test_that_an_untouched_questionnaire_and_unknown_answers_change_nothing(town, capsys):
    before = cameras()
    fill_csv("out/questionnaire-01-city.csv", {"C1": dict.fromkeys(("azimuth_deg", "purpose", "kind"), "unknown")})
    assert main(["import", "town.gpkg", "out/questionnaire-01-city.csv", "--as", "answers"]) == 0
    assert "the answers change nothing" in "".join(capsys.readouterr())
    assert cameras() == before


def test_that_an_import_of_answers_speaks_of_neither_layers_nor_coordinates(town, capsys):
    main(["export", "town.gpkg", "--format", "questionnaire", "--out", "out"])
    capsys.readouterr()
    assert main(["import", "town.gpkg", "out/questionnaire-01-city.csv"]) == 0
    said = capsys.readouterr()
    assert "EPSG" not in said.out + said.err
    assert "the answers change nothing" in said.out + said.err


def test_that_all_faults_are_told_and_then_nothing_is_taken(town, capsys):
    before = cameras()
    fill_csv("out/questionnaire-01-city.csv", {"C1": {"azimuth_deg": "north-ish", "hfov_deg": "150"}, "C2": {"range_m": "-4"}})
    capsys.readouterr()
    assert main(["import", "town.gpkg", "out/questionnaire-01-city.csv"]) == 2
    reported = capsys.readouterr().err
    assert "row 2, column azimuth_deg" in reported
    assert "row 3, column range_m" in reported
    assert "150 degrees is too wide for a rectilinear lens" in reported
    assert cameras() == before


def test_that_an_answer_about_a_camera_that_is_not_there_is_told(town, capsys):
    path = Path("out/questionnaire-01-city.csv")
    path.write_text(path.read_text("utf-8-sig").replace("\nC2,", "\nC9,"), "utf-8")
    assert main(["import", "town.gpkg", str(path)]) == 2
    assert "the project has no camera C9" in capsys.readouterr().err


def test_that_no_cell_is_a_formula_and_an_id_like_one_comes_back_all_the_same(town):
    with zipfile.ZipFile("out/questionnaire-02-port.xlsx") as book:
        assert not [name for name in book.namelist() if name.startswith("xl/worksheets/sheet") and b"<f>" in book.read(name)]
    (row,) = rows_of("out/questionnaire-02-port.csv")
    assert (row["camera_id"], row["name"]) == ("'=3", f"'{EVIL}")
    fill_csv("out/questionnaire-02-port.csv", {"'=3": FULL})
    assert main(["import", "town.gpkg", "out/questionnaire-02-port.csv"]) == 0
    assert cameras()["=3"].azimuth_deg == 5.0


def test_that_excel_opens_the_asked_cells_alone_and_offers_the_words(town):
    sheet = openpyxl.load_workbook("out/questionnaire-01-city.xlsx").worksheets[0]
    open_cells = {HEADINGS[cell.column - 1] for cell in sheet[2] if not cell.protection.locked}
    assert open_cells == {*ASKED, "answered_by", "answered_on"} - {"tilt_deg", "mount"}
    assert sheet.protection.sheet
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert '"fixed,dome,fisheye,panorama,pan_tilt,plate_reader,unknown"' in lists


def test_that_coarse_projects_write_none_without_leave(town, capsys):
    assert main(["new", "coarse.gpkg", "--rules", "cn-limits"]) == 0
    assert main(["import", "coarse.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    capsys.readouterr()
    assert main(["export", "coarse.gpkg", "--format", "questionnaire", "--out", "coarse"]) == 2
    assert "questionnaires are written only with --private" in capsys.readouterr().err
    assert not list(Path("coarse").iterdir())


def test_that_only_what_a_record_lacks_is_asked_and_nothing_of_what_does_not_operate():
    bare = Camera("a", 0.0, 0.0)
    assert asked_of(bare) == ASKED
    assert "focal_length_mm" not in asked_of(replace(bare, hfov_deg=60.0))
    assert "hfov_deg" not in asked_of(replace(bare, sensor_width_mm=5.0, focal_length_mm=4.0))
    assert [asked_of(replace(bare, status=status)) for status in (Status.PLANNED, Status.REMOVED)] == [(), ()]
    assert to_ask([bare, replace(bare, camera_id="b", status=Status.PLANNED)]) == {"": [bare]}


def test_that_an_answer_is_taken_for_its_camera_alone():
    two = (Camera("a", 0.0, 0.0), Camera("b", 0.0, 0.0, azimuth_deg=1.0))
    answers = (ControllerAnswer("b", {"azimuth_deg": 9.0, "purpose": "traffic"}),)
    taken = take_answers(two, answers, Author("form.csv", "2026-11-27"))
    assert taken.cameras[0] == two[0]
    assert (taken.cameras[1].azimuth_deg, taken.cameras[1].purpose) == (1.0, "traffic")
    assert (taken.changed, taken.not_asked) == ({"b": ("purpose",)}, {"b": ("azimuth_deg",)})


def test_that_a_controllers_name_makes_no_path():
    assert file_name(3, "../../etc/passwd") == "questionnaire-03-etc-passwd"
    assert file_name(1, "市政府") == "questionnaire-01-controller"


def test_that_limits_of_excel_are_those_of_the_columns():
    assert rule_of("azimuth_deg", Translations())["maximum"] == 360.0
    assert rule_of("kind", Translations())["source"][-1] == "unknown"
