"""The plugin in real QGIS: its zip installed, its algorithms run, a model of two steps, clear refusals, a cancel."""

import os
import stat
import sys
import zipfile
from pathlib import Path

import geopandas
import pytest
from qgis_here import in_qgis, needs_qgis
from shapely.geometry import Point, box

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
    put(folder, "square", [{"n": 1}], [box(X + 12, Y - 3, X + 18, Y + 3)])
    project = str(folder / "town.gpkg")
    assert main(["new", project, "--rules", "eu-gdpr"]) == 0
    for name in ("buildings", "cameras"):
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


def test_that_the_zip_holds_the_plugin_and_no_more_and_is_the_same_each_time(archive, tmp_path, tools):
    from make_qgis_plugin import make

    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        assert "lhasaplan" not in {line.split()[1].partition(".")[0] for name in names for line in imports(packed, name)}
    assert {Path(name).parent.name for name in names} == {"lhasaplan_qgis"}
    assert {"metadata.txt", "__init__.py"} <= {Path(name).name for name in names}
    assert {Path(name).suffix for name in names} == {".py", ".txt", ".svg"}
    assert make(tmp_path).read_bytes() == archive.read_bytes()


def imports(packed, name):
    return [line for line in packed.read(name).decode().splitlines() if line.startswith(("import ", "from "))]


@needs_qgis
def test_that_three_algorithms_with_help_are_offered(reported):
    assert set(reported["algorithms"]) == {"visibility", "whosees", "audit"}
    assert all(help_signs > 500 for _, help_signs in reported["algorithms"].values())


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
    assert {"audit.gpkg", "register.csv", "register.json"} == set(reported["audit"]["files"])
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
