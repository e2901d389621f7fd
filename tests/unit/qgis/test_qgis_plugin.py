"""The plugin in real QGIS: its zip installed, its algorithms run, a model of two steps, clear refusals, a cancel."""

import ast
import configparser
import json
import os
import re
import stat
import sys
import zipfile
from pathlib import Path

import geopandas
import pytest
from qgis_here import in_qgis, needs_qgis
from shapely.geometry import LineString, Point, box

from lhasaplan.cli.run import main

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("run_in_qgis.py")
X, Y, CRS = 385000.0, 6672000.0, "EPSG:32635"


@pytest.fixture(scope="module")
def tools():
    sys.path.insert(0, str(ROOT / "tools"))
    yield
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def archive(tools, tmp_path_factory):
    from make_qgis_plugin import make

    return make(tmp_path_factory.mktemp("dist"))


def put(folder, name, rows, shapes):
    geopandas.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_file(folder / f"{name}.gpkg", layer=name)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Two cameras back to back, a tall house 20 m east of the one that looks east; spots before it, behind it, to the side."""
    folder = tmp_path_factory.mktemp("town")
    lens = {"hfov_deg": 60.0, "image_width_px": 1920, "image_height_px": 1080, "mount_height_m": 4.0, "tilt_deg": 10.0}
    ways = [{"camera_id": "A", "azimuth_deg": 90.0, "kind": "fixed", **lens}, {"camera_id": "B", "azimuth_deg": 300.0, **lens}]
    put(folder, "cameras", ways, [Point(X, Y), Point(X + 10, Y)])
    put(folder, "buildings", [{"building": "office", "height": 12.0}], [box(X + 20, Y - 10, X + 40, Y + 10)])
    put(folder, "spots", [{"point_id": name} for name in ("before", "behind")], [Point(X + 15, Y), Point(X + 60, Y)])
    put(folder, "walk", [{"n": 1}], [LineString([(X + 2, Y), (X + 60, Y)])])
    ways = [LineString([(X - 30, Y), (X + 15, Y)]), LineString([(X - 30, Y), (X - 30, Y + 40), (X + 15, Y + 40), (X + 15, Y)])]
    put(folder, "roads", [{"highway": "residential", "name": name} for name in ("Short Lane", "Long Lane")], ways)
    put(folder, "square", [{"n": 1}], [box(X + 12, Y - 3, X + 18, Y + 3)])
    project = str(folder / "town.gpkg")
    assert main(["new", project, "--rules", "eu-gdpr"]) == 0
    for name in ("buildings", "roads", "cameras"):
        assert main(["import", project, str(folder / f"{name}.gpkg"), "--as", name]) == 0
    return folder


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program as an installed command is: a file that is run, and that needs nothing of QGIS's Python."""
    path = tmp_path_factory.mktemp("program") / "lhasaplan"
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lhasaplan "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture(scope="module")
def reported(archive, town, program):
    return in_qgis(SCRIPT, archive, town, LHASAPLAN_PROGRAM=str(program))


@pytest.fixture(scope="module")
def in_view(archive, town, program):
    return in_qgis(SCRIPT, archive, town, "in-view-only", LHASAPLAN_PROGRAM=str(program))


def test_that_the_zip_holds_the_plugin_and_no_more_and_is_the_same_each_time(archive, tmp_path, tools):
    from make_qgis_plugin import make

    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        assert "lhasaplan" not in {line.split()[1].partition(".")[0] for name in names for line in imports(packed, name)}
    assert {Path(name).parent.name for name in names} == {"lhasaplan_qgis"}
    assert {"metadata.txt", "__init__.py"} <= {Path(name).name for name in names}
    assert {Path(name).suffix for name in names} == {".py", ".txt", ".svg", ".json", ""}
    assert "lhasaplan_qgis/LICENSE" in names
    assert make(tmp_path).read_bytes() == archive.read_bytes()


def imports(packed, name):
    if not name.endswith(".py"):
        return []
    return [line for line in packed.read(name).decode().splitlines() if line.startswith(("import ", "from "))]


@needs_qgis
def test_that_six_algorithms_with_help_are_offered(reported):
    assert set(reported["algorithms"]) == {"visibility", "whosees", "audit", "exposure", "streets", "route"}
    assert all(help_signs > 500 for _, help_signs in reported["algorithms"].values())


@needs_qgis
def test_that_a_walk_is_in_view_before_the_house_and_not_behind_it(in_view):
    # The camera at X looks east, 60 degrees wide, tilted 10 degrees down; the house from X + 20 hides the rest of the line.
    walk = in_view["exposure"]
    assert walk["LENGTH_M"] == 58.0
    assert 0.0 < walk["CERTAIN_M"] + walk["POSSIBLE_M"] < 18.0
    assert walk["fields"] == [*("line", "from_m", "to_m", "state", "certain_px_m", "highest_px_m", "certain", "possible")]
    assert {each["state"] for each in walk["stretches"]} <= {"certain", "possible"}
    assert max(each["to_m"] for each in walk["stretches"]) <= 18.25
    assert walk["hidden"] == 0


@needs_qgis
def test_that_streets_come_with_their_symbols_from_layers_and_from_a_project(in_view):
    assert in_view["streets"]["file"] == in_view["streets"]["layers"] == ["Long Lane", "Short Lane"]
    assert in_view["streets"]["renderer"] == "RuleRenderer"


@needs_qgis
def test_that_both_paths_come_with_their_lengths(in_view):
    assert set(in_view["route"]) == {"shortest", "least_seen"}
    assert in_view["route"]["shortest"] == 45.0


@needs_qgis
def test_that_visibility_polygons_come_from_layers_in_their_system_with_progress(reported):
    seen = reported["visibility"]
    assert seen["cameras"] == ["A", "B"]
    assert seen["crs"] == CRS
    assert seen["area_m2"] > 500
    assert "compute what cameras see" in seen["steps"]


@needs_qgis
def test_that_a_spot_behind_the_house_is_told_with_what_hides_it(reported):
    rows = {(point, camera): (seen, reason) for point, camera, seen, reason, _ in reported["who_sees"]["all"]}
    assert rows["before", "A"] == (True, "")
    assert rows["behind", "A"] == (False, "building")
    assert reported["who_sees"]["seen"] == sum(seen for seen, _ in rows.values()) == 1


@needs_qgis
def test_that_the_audit_of_a_project_file_writes_drafts_and_counts_findings(reported):
    shown = {name for name in reported["audit"]["files"] if not name.startswith(".")}
    assert shown == {"audit.gpkg", "register.csv", "register.json"}
    assert reported["audit"]["NOTES"] > 0
    assert reported["audit"]["ERRORS"] == 0


@needs_qgis
def test_that_a_model_cuts_the_polygons_by_a_layer(reported):
    # The square lies whole in the view of A, which is the only camera that looks there, and once.
    assert reported["model"]["square_m2"] == 36.0
    assert reported["model"]["area_m2"] == pytest.approx(36.0, abs=0.1)


@needs_qgis
def test_that_what_is_wrong_is_said(reported):
    faults = reported["faults"]
    assert faults["nothing"] == "Give a project file of lhasaplan, or a layer of cameras."
    assert "not both" in faults["both"]
    assert "not a project of this program" in faults["no project"]
    assert "in metres" in faults["degrees"]
    assert "There is no rule pack moon" in faults["no such rules"]
    assert "tick the field" in faults["unread field"]
    assert faults["field ticked"] == "not refused"


@needs_qgis
def test_that_a_cancel_ends_the_program(reported):
    assert reported["cancelled"].startswith("Cancelled")


@needs_qgis
def test_that_a_program_that_is_not_there_is_told(archive, town):
    reported = in_qgis(SCRIPT, archive, town, "faults-only", LHASAPLAN_PROGRAM=os.devnull + "/nowhere")
    assert "The program lhasaplan was not found" in reported["not there"]


@needs_qgis
def test_that_the_texts_are_in_the_language_of_qgis(archive, town):
    assert in_qgis(SCRIPT, archive, town, "titles-only", LANG="fr_FR.UTF-8", LC_ALL="fr_FR.UTF-8")["audit"] == "Audit de caméras"
    assert in_qgis(SCRIPT, archive, town, "titles-only", LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")["audit"] == "摄像机审计"


@needs_qgis
def test_that_qgis_judges_versions_as_these_tests_do(archive, town):
    judged = in_qgis(SCRIPT, archive, town, "versions-only", *VERSIONS)
    assert judged == {each: is_compatible(each, **bounds()) for each in VERSIONS}


# What holds without QGIS.

PLUGIN = ROOT / "qgis-plugin" / "lhasaplan_qgis"
VERSIONS = {
    "3.26.3": False,
    "3.28": True,
    "3.40.6": True,
    "3.44.11": True,
    "4.0": True,
    "4.2.1": True,
    "4.98.0": True,
    "5.0": False,
}


def is_compatible(version, lowest, highest):
    """QGIS's rule: the three numbers lie between both bounds; a bound without a third number is .0 below and .99 above."""
    numbers = [[int(each) for each in text.split(".")] for text in (version, lowest, highest)]
    asked, low, high = ([*each, *[fill][: 3 - len(each)]] for each, fill in zip(numbers, (0, 0, 99), strict=True))
    return low <= asked <= high


def metadata():
    said = configparser.ConfigParser(interpolation=None)
    said.read_string((PLUGIN / "metadata.txt").read_text("utf-8"))
    return said["general"]


def bounds():
    return {"lowest": metadata()["qgisMinimumVersion"], "highest": metadata()["qgisMaximumVersion"]}


def trees():
    return {file.name: ast.parse(file.read_text("utf-8")) for file in PLUGIN.glob("*.py")}


@pytest.mark.parametrize(("version", "may"), VERSIONS.items())
def test_that_the_plugin_is_offered_from_3_28_to_4(version, may):
    assert is_compatible(version, **bounds()) is may


def test_that_the_zip_lacks_nothing_that_the_site_of_plugins_asks_for_but_addresses(archive, tmp_path, tools):
    from make_qgis_plugin import make, missing

    assert missing(archive) == ["email", "repository", "tracker"]
    given = {"email": "office@example.org", "repository": "https://example.org/r", "tracker": "https://example.org/r/issues"}
    assert not missing(make(tmp_path, given))


def test_that_name_and_use_of_the_plugin_are_told_in_four_languages():
    assert {f"{key}[{of}]" for key in ("description", "about") for of in ("de", "fr", "zh_cn")} <= set(metadata())


def test_that_qt_comes_through_qgis_and_enumerations_are_named_in_full():
    # Qt 6 has no short names of enumerations: QgsProcessing.TypeVectorPoint is QgsProcessing.SourceType.TypeVectorPoint.
    short = set()
    for name, tree in trees().items():
        modules = {each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
        assert not any(re.match("PyQt|PySide", module) for module in modules), name
        above = {id(child): each for each in ast.walk(tree) for child in ast.iter_child_nodes(each)}
        for each in ast.walk(tree):
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and re.match("Q[a-z]", each.value.id):
                parent = above[id(each)]
                is_called = isinstance(parent, ast.Call) and parent.func is each
                is_scope = isinstance(parent, ast.Attribute) or each.attr in {"SourceType", "Type"}
                if re.match("[A-Z][a-z]", each.attr) and not is_called and not is_scope:
                    short.add(f"{name}: {each.value.id}.{each.attr}")
    assert not short


def test_that_every_text_of_the_plugin_is_in_four_languages_with_its_gaps():
    calls = [each for tree in trees().values() for each in ast.walk(tree) if isinstance(each, ast.Call)]
    named = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id in {"say", "marked"}]
    texts = {each.args[0].value for each in named if isinstance(each.args[0], ast.Constant)}
    assert len(texts) > 50
    for language in ("de", "fr", "zh_CN"):
        translated = json.loads((PLUGIN / f"texts_{language}.json").read_text("utf-8"))
        assert translated.keys() == texts
        for text, words in translated.items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", words)), text


def test_that_titles_of_parameters_are_translated():
    plain = [
        (name, each.args[1].value)
        for name, tree in trees().items()
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and re.match("QgsProcessing(Parameter|Output)", getattr(each.func, "id", ""))
        if len(each.args) > 1 and isinstance(each.args[1], ast.Constant) and each.args[1].value != "GeoPackage"
    ]
    assert not plain
