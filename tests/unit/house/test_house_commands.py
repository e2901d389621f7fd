"""Verbs from outside: what they print, what they leave on disk, and their exit codes."""

import csv
import json
import re
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from made_once import made_once
from rasterio import warp
from sources import shared_data

from lhasaplan import __version__, workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.cli.run import take_language
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.model.file_kinds import DRAFT_FORMATS, KINDS
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.workflow.drafting import NOTE

HOUSE = [[24.9410, 60.1700], [24.9414, 60.1700], [24.9414, 60.1702], [24.9410, 60.1702], [24.9410, 60.1700]]
CAMERA = "camera_id,lon,lat,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,image_width_px,image_height_px,range_m,kind,mount"


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A folder with a house to the north of a camera that looks at it from 15 m, and a project with both."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LHASAPLAN_LANG", raising=False)
    return made_once(tmp_path, __name__, make_town)


def make_town():
    feature = {
        "type": "Feature",
        "properties": {"building": "house", "height": "6"},
        "geometry": {"type": "Polygon", "coordinates": [HOUSE]},
    }
    Path("houses.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    Path("cameras.csv").write_text(f"{CAMERA}\nC1,24.9412,60.16987,4,0,5,60,1920,1080,60,fixed,pole\n")
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr,municipal-safety"]) == 0
    assert main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"]) == 0


def test_that_the_version_can_be_asked_for_alone(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"lhasaplan {__version__}\n"


def test_that_help_names_every_verb_and_no_other(capsys):
    main(["--help"])
    listed = [
        line.split()[0]
        for line in capsys.readouterr().out.split("Commands:")[1].splitlines()
        if line.startswith("  ") and line[2] != " "
    ]
    assert listed == [
        "new",
        "import",
        "mandate",
        "confirm",
        "declare",
        "protect",
        "seal",
        "audit",
        "check",
        "propose",
        "export",
        "merge",
        "compare",
        "sight",
        "exposure",
        "route",
        "overpass",
        "osm",
        "demo",
        "open",
        "packs",
        "plan",
        "decisions",
        "journal",
        "doctor",
        "verify",
    ]


@pytest.mark.parametrize(
    "verb",
    [
        "new",
        "import",
        "confirm",
        "declare",
        "protect",
        "audit",
        "check",
        "propose",
        "export",
        "sight",
        "exposure",
        "route",
        "overpass",
        "osm",
        "demo",
        "mandate",
        "open",
        "packs",
        "plan",
        "decisions",
    ],
)
def test_that_the_help_of_a_verb_teaches_by_an_example(verb, capsys):
    assert main([verb, "--help"]) == 0
    assert "Example" in capsys.readouterr().out


def test_that_help_follows_the_language(capsys):
    main(["audit", "--help", "--lang", "zh_CN"])
    assert "示例" in capsys.readouterr().out


def test_that_the_language_may_stand_anywhere_or_in_the_environment():
    assert take_language(["audit", "a.gpkg", "--lang", "fr"], {}) == (["audit", "a.gpkg"], "fr")
    assert take_language(["--lang=zh_CN", "doctor"], {"LHASAPLAN_LANG": "fr"}) == (["doctor"], "zh_CN")
    assert take_language(["doctor"], {"LHASAPLAN_LANG": "fr"}) == (["doctor"], "fr")


def test_that_a_verb_of_later_is_absent(capsys):
    assert main(["bench"]) == 2
    assert "There is no command bench." in capsys.readouterr().err


def test_that_a_camera_that_looks_at_a_home_from_near_ends_audit_with_exit_code_1(town, capsys):
    assert main(["audit", "town.gpkg", "--json", "audit.json"]) == 1
    said = capsys.readouterr().out
    assert "can see homes" in said
    answer = json.loads((town / "audit.json").read_text())
    assert answer["cameras"][0]["id"] == "C1"
    assert answer["parts"] is None


def test_that_an_audit_names_the_cameras_to_ask_about_first_and_its_findings_in_words(town, capsys):
    # Nothing but the place is known of two cameras 11 and 30 m from the house: 18,268 / 11 = 1,661 and 609 px/m at most.
    (town / "more.csv").write_text("camera_id,lon,lat\nNEAR,24.9412,60.1699\nFAR,24.9412,60.16973\n")
    assert main(["import", "town.gpkg", "more.csv", "--as", "cameras"]) == 0
    capsys.readouterr()
    assert main(["audit", "town.gpkg", "--lang", "fr"]) == 1
    said = capsys.readouterr().out
    asked = said[said.index("À demander d'abord") : said.index("constats en tout")].splitlines()
    assert asked[0].endswith(": 2")
    assert ["NEAR" in asked[1], "FAR" in asked[2]] == [True, True]
    assert "vue sur des logements (3)" in said
    assert "view_home" not in said
    assert "Caméras en service : 3" in said


def test_that_an_audit_keeps_its_answers_in_the_project_for_qgis(town):
    main(["audit", "town.gpkg"])
    with sqlite3.connect(town / "town.gpkg") as connection:
        kinds = {row[0] for row in connection.execute("SELECT kind FROM result_findings")}
        views = connection.execute("SELECT camera_id, certainty FROM result_views").fetchall()
    assert "view_home" in kinds
    assert views == [("C1", "certain")]


def test_that_check_outside_the_gate_says_what_is_missing_and_still_writes_the_audit(town, capsys):
    assert main(["check", "town.gpkg", "--json", "check.json"]) == 3
    answer = json.loads((town / "check.json").read_text())
    assert answer["gate"]["open"] is False
    assert answer["gate"]["missing"]
    assert answer["parts"] is None
    assert "no mandate" in capsys.readouterr().err


def test_that_a_plan_draft_outside_the_gate_is_refused_and_the_audit_written(town):
    assert main(["export", "town.gpkg", "--format", "xlsx", "--plan", "city", "--out", "drafts"]) == 3
    assert (town / "drafts" / "audit.xlsx").exists()
    assert not list((town / "drafts").glob("plan*"))


def test_that_a_rejected_import_leaves_every_byte_of_the_project(town, capsys):
    before = (town / "town.gpkg").read_bytes()
    (town / "bad.csv").write_text(
        f"{CAMERA}\nC2,24.9,60.1,4,372,5,60,1920,1080,60,fixed,pole\nC3,24.9,60.1,x,0,5,60,1920,1080,60,spy,pole\n"
    )
    assert main(["import", "town.gpkg", "bad.csv", "houses.geojson", "--as", "cameras"]) == 2
    assert (town / "town.gpkg").read_bytes() == before
    reported = capsys.readouterr().err
    assert all(fault in reported for fault in ("azimuth_deg", "mount_height_m", "kind"))


def test_that_a_dry_run_leaves_every_byte_of_the_project(town, capsys):
    before = (town / "town.gpkg").read_bytes()
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras", "--dry-run"]) == 0
    assert (town / "town.gpkg").read_bytes() == before
    assert "cameras 1" in capsys.readouterr().out


def test_that_an_existing_file_is_not_made_anew(town, capsys):
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr"]) == 2
    assert "exists already" in capsys.readouterr().err


def test_that_unknown_packs_are_all_told_with_those_that_are_there(town, capsys):
    assert main(["new", "other.gpkg", "--rules", "foo,bar"]) == 2
    reported = capsys.readouterr().err
    assert all(name in reported for name in ("foo", "bar", "eu-gdpr"))
    assert not (town / "other.gpkg").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "none.gpkg"],
        ["audit", "town.gpkg", "--at", "north"],
        ["import", "town.gpkg", "none.pbf"],
        ["import", "town.gpkg", "cameras.csv", "--as", "spies"],
        ["export", "town.gpkg", "--format", "odt", "--out", "drafts"],
        ["demo", "--city", "atlantis"],
        ["sight", "town.gpkg", "--points", "none.csv", "--out", "pairs.csv"],
        ["audit", "town.gpkg", "--lang", "xx"],
        ["audit"],
    ],
)
def test_that_bad_input_ends_with_exit_code_2_and_a_sentence(town, words, capsys):
    assert main(words) == 2
    reported = capsys.readouterr().err
    assert reported.strip()
    assert "Traceback" not in reported


def test_that_faults_speak_the_language_of_the_user(town, capsys):
    main(["audit", "none.gpkg", "--lang", "zh_CN"])
    assert "没有这个项目" in capsys.readouterr().err


def test_that_a_spot_before_the_lens_is_seen_and_one_behind_the_house_is_not(town, capsys):
    main(["audit", "town.gpkg", "--at", "24.9412,60.16995"])
    before = capsys.readouterr().out
    main(["audit", "town.gpkg", "--at", "24.9412,60.17035"])
    behind = capsys.readouterr().out
    assert "C1" in before.split("Distance")[1]
    assert "C1 cannot see it" in behind


def pairs_of(folder, points):
    (folder / "points.csv").write_text("point_id,lon,lat\n" + points)
    assert main(["sight", "town.gpkg", "--points", "points.csv", "--out", "pairs.csv"]) == 0
    with (folder / "pairs.csv").open() as file:
        return list(csv.DictReader(file))


def test_that_sight_tells_density_or_the_reason_for_every_pair_in_range(town):
    street, hidden = pairs_of(town, "street,24.9412,60.16995\nhidden,24.9412,60.17035\n")
    assert (street["seen"], street["certainty"], street["reason"]) == ("true", "certain", "")
    assert float(street["density_high_px_m"]) > 100
    assert (hidden["seen"], hidden["reason"]) == ("false", "building")
    assert hidden["blocker_id"]


def test_that_sight_tells_all_of_a_point_on_protected_ground_but_what_blocks(town):
    (pair,) = pairs_of(town, "garden,24.9412,60.1701\n")
    assert (pair["seen"], pair["reason"], pair["blocker_id"]) == ("false", "", "")
    assert float(pair["distance_m"]) > 0


def test_that_sight_leaves_pairs_out_of_range_out(town):
    assert pairs_of(town, "far,24.9412,60.18\n") == []


def test_that_sight_without_points_is_refused_outside_the_gate(town):
    assert main(["sight", "town.gpkg", "--out", "pairs.csv"]) == 3
    assert not (town / "pairs.csv").exists()


def test_that_nothing_is_confirmed_without_a_selection(town, capsys):
    words = ["confirm", "town.gpkg", "--purpose", "a", "--reason", "b", "--milder", "c", "--by", "d"]
    assert main(words) == 2
    assert "--list" in capsys.readouterr().err


@pytest.fixture
def coarse_town(town):
    """The same town under a pack that asks for coarse positions."""
    assert main(["new", "coarse.gpkg", "--rules", "cn-limits"]) == 0
    assert main(["import", "coarse.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    assert main(["import", "coarse.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    return town


def test_that_no_camera_is_named_where_a_pack_asks_for_coarse_positions(coarse_town, capsys):
    capsys.readouterr()
    main(["audit", "coarse.gpkg", "--json", "coarse.json", "--out", "drafts"])
    main(["audit", "coarse.gpkg", "--at", "24.9412,60.16995"])
    said = capsys.readouterr()
    assert "C1" not in said.out + said.err
    written = (coarse_town / "coarse.json").read_text()
    assert '"C1"' not in written
    assert "24.94" in written
    assert "24.9412" not in written


def test_that_pairs_are_not_written_where_a_pack_asks_for_coarse_positions_unless_private(coarse_town):
    (coarse_town / "points.csv").write_text("point_id,lon,lat\na,24.9412,60.16995\n")
    words = ["sight", "coarse.gpkg", "--points", "points.csv", "--out", "pairs.csv"]
    assert main(words) == 2
    assert not (coarse_town / "pairs.csv").exists()
    assert main([*words, "--private"]) == 0


def test_that_answers_of_a_coarse_pack_leave_no_geometry_in_the_project(coarse_town):
    main(["audit", "coarse.gpkg"])
    with sqlite3.connect(coarse_town / "coarse.gpkg") as connection:
        names = {row[0] for row in connection.execute("SELECT table_name FROM gpkg_contents")}
    assert "results" in names
    assert not {"result_findings", "result_views"} & names


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a screen is always there")
def test_that_a_window_without_a_screen_is_a_sentence(monkeypatch, capsys):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["open"]) == 2
    assert "no screen" in capsys.readouterr().err


@pytest.mark.nightly  # by day each of these verbs runs on a street (the rest of this file), and the demo on a town
def test_that_a_real_city_works_the_first_time(tmp_path, monkeypatch, capsys):
    source = shared_data("monaco/monaco.osm.pbf")
    monkeypatch.chdir(tmp_path)
    assert main(["new", "monaco.gpkg", "--rules", "eu-gdpr,municipal-safety"]) == 0
    assert main(["import", "monaco.gpkg", str(source)]) == 0
    assert main(["audit", "monaco.gpkg", "--json", "audit.json"]) == 0  # assumed views stay notes
    assert main(["export", "monaco.gpkg", "--format", "xlsx,html", "--out", "drafts"]) == 0
    assert main(["check", "monaco.gpkg"]) == 3
    assert "no mandate" in capsys.readouterr().err
    assert {path.name for path in (tmp_path / "drafts").iterdir()} == {"audit.xlsx", "audit.html", "map.html", NOTE}


def test_that_a_format_that_fails_is_a_sentence_and_the_others_are_written(town, capsys):
    def fail(*_args, **_options):
        raise ValueError("unexpected token")

    services = open_services()
    broken = replace(services, writers={**services.writers, "html": fail})
    capsys.readouterr()
    assert main(["export", "town.gpkg", "--format", "html,register", "--out", "drafts"], broken) == 2
    said = capsys.readouterr()
    assert "Not all drafts of the format html could be written: ValueError: unexpected token" in said.err
    assert "Traceback" not in said.out + said.err
    assert "wrote drafts/register.csv" in said.out
    assert {path.name for path in (town / "drafts").iterdir()} == {"register.csv", "register.json", NOTE}


def test_that_answers_are_kept_and_drafts_written_where_the_json_fails(town, capsys):
    few = {"register": (services := open_services()).writers["register"]}
    (town / "folder.json").mkdir()
    assert main(["audit", "town.gpkg", "--json", "folder.json"], replace(services, writers=few)) == 2
    assert "Not all drafts of the format json could be written" in capsys.readouterr().err
    assert services.stores.open("town.gpkg").has_results()


def test_that_the_count_grid_has_a_camera_before_the_house_and_nothing_behind_it(town, capsys):
    assert main(["sight", "town.gpkg", "--grid", "counts.tif"]) == 0
    assert "1 camera " in capsys.readouterr().out
    with rasterio.open(town / "counts.tif") as grid:
        counts, (east, north) = grid.read(1), warp.transform("EPSG:4326", grid.crs, [24.9412] * 2, [60.16995, 60.17035])
        assert (grid.res, grid.nodata, counts.max()) == ((1.0, 1.0), 0, 1)
        before, behind = (grid.index(x, y) for x, y in zip(east, north, strict=True))
    assert counts[before] == 1
    assert not all(0 <= at < size for at, size in zip(behind, counts.shape, strict=True)) or counts[behind] == 0


def test_that_a_grid_is_not_written_where_a_pack_asks_for_coarse_positions_unless_private(coarse_town):
    words = ["sight", "coarse.gpkg", "--grid", "counts.tif"]
    assert main(words) == 2
    assert not (coarse_town / "counts.tif").exists()
    assert main([*words, "--private"]) == 0


def test_that_sight_asks_what_to_write(town, capsys):
    assert main(["sight", "town.gpkg"]) == 2
    assert main(["sight", "town.gpkg", "--points", "points.csv", "--grid", "counts.tif"]) == 2
    assert "--out PAIRS.csv" in capsys.readouterr().err
    assert not (town / "counts.tif").exists()


def test_that_a_grid_of_cameras_without_a_direction_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cameras.csv").write_text("camera_id,lon,lat\nA,24.9412,60.1699\n")
    assert main(["new", "city.gpkg", "--rules", "eu-gdpr"]) == 0
    assert main(["import", "city.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    assert main(["sight", "city.gpkg", "--grid", "counts.tif"]) == 2
    assert "no certain view" in capsys.readouterr().err
    assert not (tmp_path / "counts.tif").exists()


@pytest.mark.parametrize("words", [["--points", "points.csv", "--out", "pairs.csv"], ["--grid", "counts.tif"]])
def test_that_sight_lets_the_named_scheduler_compute(town, words, capsys):
    (town / "points.csv").write_text("point_id,lon,lat\na,24.9412,60.16995\n")
    assert main(["sight", "town.gpkg", *words, "--scheduler", "nowhere"]) == 2
    assert "tcp://HOST:PORT" in capsys.readouterr().err


def test_that_two_files_of_one_name_are_not_taken_in_together(town, capsys):
    for folder, camera in (("north", "C7"), ("south", "C8")):
        (town / folder).mkdir()
        (town / folder / "cameras.csv").write_text(f"camera_id,lon,lat\n{camera},24.94,60.17\n")
    assert main(["import", "town.gpkg", "north/cameras.csv", "south/cameras.csv"]) == 2
    assert "two files have this name" in capsys.readouterr().err


def test_that_two_layers_of_one_file_stand_beside_each_other(town):
    ground = [shapely.box(24.94, 60.17, 24.941, 60.171), shapely.box(24.942, 60.17, 24.943, 60.171)]
    for name, append in (("houses", False), ("yards", True)):
        wkb = shapely.to_wkb(np.array(ground, object))
        kinds = np.array(["house", "school"], object)
        pyogrio.raw.write("map.gpkg", wkb, [kinds], ["use"], layer=name, append=append, crs="EPSG:4326", geometry_type="Polygon")
    assert main(["import", "town.gpkg", "map.gpkg|layername=houses", "--as", "buildings"]) == 0
    assert main(["import", "town.gpkg", "map.gpkg|layername=yards", "--as", "areas"]) == 0
    layers = workflow.open_project(open_services(), "town.gpkg").project.layers
    assert (sum(str(key).startswith("map/houses") for key in layers["buildings"].ids), len(layers["areas"])) == (2, 2)


def test_that_a_spot_that_no_camera_can_see_is_told_in_a_sentence_and_how_it_was_read(town, capsys):
    assert main(["audit", "town.gpkg", "--at", "24.9312,60.16995"]) == 0
    assert "No camera can see 24.9312,60.16995 (longitude, latitude)." in capsys.readouterr().out


def test_that_a_spot_with_latitude_first_is_refused_in_a_sentence(town, capsys):
    assert main(["audit", "town.gpkg", "--at", "60.16995,24.9412"]) == 2
    assert "longitude 60.17, latitude 24.9412 lies more than 50 km from everything in the project" in " ".join(
        capsys.readouterr().err.split()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_help_of_export_has_a_line_for_each_form_and_each_example(language, capsys):
    main(["export", "--help", "--lang", language])
    lines, titles = capsys.readouterr().out.splitlines(), load_translations(language)
    assert [each.key for each in DRAFT_FORMATS if f"    {each.key:15}{titles(each.title)}" not in lines] == []
    assert "    export monaco.gpkg --format docx,html --out drafts" in lines


def test_that_help_names_every_kind_of_data_that_can_be_taken_in(capsys):
    main(["import", "--help"])
    reported = capsys.readouterr().out
    assert [kind for kind in KINDS if kind not in reported] == []


CALLED_WRONGLY = (
    (["new", "town.gpkg"], "Name the rule packs: --rules PACK,PACK. The command packs lists them."),
    (["audit", "town.gpkg", "--at"], "--at takes a value; none follows it."),
    (["audit"], "PROJECT is missing."),
    (["audit", "town.gpkg", "more"], "This is one word too many: more"),
    (["audit", "town.gpkg", "--strict=yes"], "--strict takes no value."),
    (["audit", "town.gpkg", "--zzzz"], "There is no option --zzzz."),
    (["audit", "town.gpkg", "--jso"], "There is no option --jso. Do you mean --json, --out?"),
    (["exprt"], "There is no command exprt. Do you mean export, exposure?"),
    (["zzzz"], "There is no command zzzz."),
    (["propose", "town.gpkg", "--budget", "three"], "--budget takes a whole number, e.g. 3."),
    (["exposure", "town.gpkg", "--speed", "fast"], "--speed takes a number, e.g. 2.5."),
)


@pytest.mark.parametrize(("words", "said"), CALLED_WRONGLY)
def test_that_a_wrong_call_is_told_in_a_sentence_with_the_way_to_more(words, said, capsys):
    assert main(words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == said
    assert len(lines) == 1 or lines[0].startswith("Usage: lhasaplan")
    assert len(lines) == 1 or lines[1].endswith("--help says more.")


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("words", [words for words, _ in CALLED_WRONGLY])
def test_that_a_wrong_call_is_told_without_english(words, language, capsys):
    assert main(["--lang", language, *words]) == 2
    told = capsys.readouterr().err
    assert not re.search(r"Usage:|Error|Missing|No such|Invalid|Try|There is|takes|says", told)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_that_no_page_of_help_keeps_the_english_of_its_library(language, capsys):
    for verb in ([], ["new"], ["exposure"], ["demo"]):
        assert main(["--lang", language, *verb, "--help"]) == 0
        page = capsys.readouterr().out
        assert not re.search(r"Usage:|\brequired\b|\[default|Show this|^Commands:|^Arguments:", page, re.MULTILINE)


def test_that_the_list_of_verbs_cuts_no_line(capsys):
    main(["--help"])
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]
