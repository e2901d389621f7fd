"""The public face: what a program gets by ``import lhasaplan``, and that docs/python.md is true."""

import contextlib
import csv
import inspect
import io
import json
import re
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest
from made_once import made_once
from PIL import Image
from translation_keys import ROOT

import lhasaplan
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Status
from lhasaplan.errors import GateError, InputError

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)
HEAVY = {"numpy", "pandas", "geopandas", "shapely", "scipy", "numba", "pydantic", "pyproj", "typer", "rich", "PySide6"}


def run(code, names):
    """Run a block; return what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, "docs/python.md", "exec"), names)
    return said.getvalue()


@pytest.mark.nightly  # by day each function of the page is called with the values below, and the page names all of them
def test_that_the_page_on_python_prints_what_it_says_and_makes_its_picture(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    names, said = {}, ""
    for kind, text in BLOCK.findall(PAGE):
        if kind == "text":
            assert said == text
        said = run(text, names) if kind == "python" else ""
        assert not said or kind == "python"
    with Image.open("python.png") as made, Image.open(ROOT / "docs" / "pictures" / "python.png") as kept:
        assert made.size == kept.size
        assert len(made.convert("RGB").getcolors(1 << 20)) > 100  # something is drawn


def test_that_importing_the_package_loads_nothing_heavy():
    probe = "import sys; before = set(sys.modules); import lhasaplan; dir(lhasaplan); print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    assert [name for name in loaded if name.startswith("lhasaplan")] == ["lhasaplan", "lhasaplan.deferred", "lhasaplan.errors"]
    assert len(loaded) <= 45


def test_that_every_name_of_the_stub_is_there_says_what_it_is_and_stands_on_the_page():
    names = [name for name in dir(lhasaplan) if not name.startswith("_")]
    assert {"open_project", "sight", "audit", "check", "export"} <= set(names)
    for name in names:
        offered = getattr(lhasaplan, name)
        assert offered.__doc__, name
        if not isinstance(offered, type):
            assert f"`{name}(" in PAGE, name
            assert "Raises" in offered.__doc__ or ":func:`audit`" in offered.__doc__, name
    assert (ROOT / "lhasaplan" / "py.typed").is_file()


def test_that_the_page_calls_functions_as_they_can_be_called_and_names_those_that_tell_progress():
    reported = dict(re.findall(r"^\| `(\w+)\((.*?)\)` \|", PAGE, re.MULTILINE))
    for name, words in reported.items():
        named = [word.partition("=")[0].strip() for word in words.split(",")]
        assert set(named) <= set(inspect.signature(getattr(lhasaplan, name)).parameters), name
    (telling,) = re.findall(r"^(`.*) take `progress`", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", telling)) == {
        name for name in reported if "progress" in inspect.signature(getattr(lhasaplan, name)).parameters
    }


def test_that_a_name_that_is_not_offered_is_no_attribute():
    with pytest.raises(AttributeError):
        getattr(lhasaplan, "places")  # noqa: B009 - no name that there is


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A project with one camera before a house, as the command line makes it."""
    monkeypatch.chdir(tmp_path)
    return made_once(tmp_path, __name__, make_town)


def make_town():
    ring = [[24.9410, 60.1700], [24.9414, 60.1700], [24.9414, 60.1702], [24.9410, 60.1702], [24.9410, 60.1700]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    house = {"type": "Feature", "properties": {"building": "house", "height": "6"}, "geometry": shape}
    Path("houses.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [house]}))
    heads = "camera_id,lon,lat,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,image_width_px,range_m,kind,mount"
    Path("cameras.csv").write_text(f"{heads}\nC1,24.9412,60.16987,4,0,5,60,1920,60,fixed,pole\n")
    Path("points.csv").write_text("point_id,lon,lat\nstreet,24.9412,60.16996\n")
    main(["new", "town.gpkg", "--rules", "eu-gdpr,municipal-safety"])
    main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"])
    main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"])


def test_that_program_and_command_line_write_the_same_file_and_the_same_pairs(town):
    project = lhasaplan.open_project("town.gpkg")
    lhasaplan.audit(project).write_json("program.json")
    main(["audit", "town.gpkg", "--json", "shell.json"])
    assert (town / "program.json").read_bytes() == (town / "shell.json").read_bytes()
    main(["sight", "town.gpkg", "--points", "points.csv", "--out", "pairs.csv"])
    [row] = csv.reader((town / "pairs.csv").read_text().splitlines()[1:])
    for points in ("points.csv", {"street": (24.9412, 60.16996)}):
        [pair] = lhasaplan.sight(project, points).pairs
        assert pair.seen
        reported = [cell_of(value) for value in astuple(pair)]
        assert row[: len(reported)] == reported  # behind it stand remarks on the build, if its data are not those of a release


def cell_of(value):
    """Return how a table tells a value: nothing where nothing is told."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_that_a_point_that_is_no_place_is_named(town):
    with pytest.raises(InputError, match=r"north: nan, 60\.0 is no place") as reported:
        lhasaplan.sight(lhasaplan.open_project("town.gpkg"), {"north": (float("nan"), 60.0), "far": (24.9, 91.0)})
    assert len(reported.value.faults) == 2


def test_that_a_project_shows_no_content_when_it_is_printed(town):
    assert repr(lhasaplan.open_project("town.gpkg")) == (
        "<OpenProject: town; 1 cameras; EPSG:32635; packs eu-gdpr, municipal-safety>"
    )


def test_that_a_change_is_tried_and_nothing_is_changed(town):
    project = lhasaplan.open_project("town.gpkg")
    away = lhasaplan.evaluate(project, [lhasaplan.TurnCamera("C1", azimuth_deg=180.0)], unit_prices={lhasaplan.Work.AIM: 80.0})
    assert away.places["home"]["due"] == (1, 0)
    assert away.cost.total == 80.0
    gone = lhasaplan.evaluate(project, lhasaplan.Proposal((lhasaplan.RemoveCamera("C1"),), reason="no purpose"))
    assert (gone.unasked_m2[1], gone.cost.total) == (0.0, None)
    assert gone.unasked_m2[0] == away.unasked_m2[0] == pytest.approx(102.9, abs=0.1)  # as the shell prints it for this town


def test_that_a_file_of_the_office_s_prices_gives_the_work_its_cost(town, tmp_path):
    prices, turned = tmp_path / "office.toml", [lhasaplan.TurnCamera("C1", azimuth_deg=180.0)]
    prices.write_text("[unit_prices]\naim = 95\n", encoding="utf-8")
    project = lhasaplan.open_project("town.gpkg")
    assert lhasaplan.evaluate(project, turned, unit_prices=prices).cost.total == 95.0
    assert lhasaplan.evaluate(project, turned).cost.total is None  # the shipped file is to be filled
    prices.write_text("[unit_prices]\naim = 0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"office\.toml, unit_prices\.aim: 0 is no price"):
        lhasaplan.evaluate(project, turned, unit_prices=prices)


def test_that_no_camera_is_planned_outside_the_gate_and_none_changed_that_is_not_there(town):
    project = lhasaplan.open_project("town.gpkg")
    with pytest.raises(GateError, match="C1 would be planned, but the gate is not open"):
        lhasaplan.evaluate(project, [lhasaplan.ChangeStatus("C1", Status.PLANNED)])
    with pytest.raises(InputError, match="There is no camera C2 to change"):
        lhasaplan.evaluate(project, [lhasaplan.TurnCamera("C2", 10.0)])


def test_that_exact_pairs_are_refused_where_a_pack_asks_for_coarse_positions(town):
    main(["new", "coarse.gpkg", "--rules", "cn-limits"])
    main(["import", "coarse.gpkg", "houses.geojson", "--as", "buildings"])
    main(["import", "coarse.gpkg", "cameras.csv", "--as", "cameras"])
    project = lhasaplan.open_project("coarse.gpkg")
    with pytest.raises(InputError, match="coarse positions"):
        lhasaplan.sight(project, "points.csv")
    assert len(lhasaplan.sight(project, "points.csv", private=True).pairs) == 1
    assert lhasaplan.audit(project).to_pandas("cameras").camera_id.tolist() == ["camera-0001"]


def test_that_drafts_of_an_answer_are_those_that_may_be_shown(town):
    answer = lhasaplan.audit(lhasaplan.open_project("town.gpkg"))
    files = lhasaplan.export(answer, town / "drafts", ["gpkg", "register"])
    assert {path.name for path in files} == {"audit.gpkg", "register.csv", "register.json"}
    with pytest.raises(InputError, match="docxx is not a format"):
        lhasaplan.export(answer, town / "other", ["docxx"])
    assert not (town / "other").exists()


def test_that_files_come_in_all_or_none_and_are_kept_only_when_saved(town):
    project = lhasaplan.open_project("town.gpkg")
    (town / "bad.csv").write_text("camera_id,lon,lat\nX,east,north\n")
    with pytest.raises(InputError, match=r"bad\.csv"):
        lhasaplan.import_files(project, "more.csv", "bad.csv", kind="cameras")
    (town / "more.csv").write_text("camera_id,lon,lat\nC2,24.9413,60.1699\n")
    changed = lhasaplan.import_files(project, town / "more.csv", kind="cameras")
    assert (project.cameras, changed.cameras) == (("C1",), ("C1", "C2"))
    assert lhasaplan.open_project("town.gpkg").cameras == ("C1",)
    lhasaplan.save(changed)
    assert lhasaplan.open_project("town.gpkg").cameras == ("C1", "C2")


def test_that_a_project_is_saved_at_an_address_once_and_never_over_another(town):
    made = lhasaplan.new_project(["eu-gdpr"], crs="EPSG:32635")
    with pytest.raises(InputError, match="never saved"):
        lhasaplan.save(made)
    with pytest.raises(InputError, match="exists already"):
        lhasaplan.save(made, "town.gpkg")
    kept = lhasaplan.save(made, "new.gpkg")
    lhasaplan.save(lhasaplan.import_files(kept, "cameras.csv", kind="cameras"))
    assert lhasaplan.open_project("new.gpkg").cameras == ("C1",)


def test_that_no_program_imports_a_planned_camera_outside_the_gate(town):
    (town / "plan.csv").write_text("camera_id,lon,lat,status\nP1,24.9413,60.1699,planned\n")
    with pytest.raises(GateError, match="P1"):
        lhasaplan.import_files(lhasaplan.open_project("town.gpkg"), "plan.csv", kind="cameras")


def test_that_drafts_of_a_program_stand_in_the_journal_of_a_project_that_is_kept(town, capsys):
    answer = lhasaplan.audit(lhasaplan.open_project("town.gpkg"))
    lhasaplan.export(answer, "drafts", ["register"])
    capsys.readouterr()
    assert main(["journal", "town.gpkg"]) == 0
    assert "register" in capsys.readouterr().out


def test_that_an_effect_gives_its_tables_and_names_those_there_are(town):
    project = lhasaplan.open_project("town.gpkg")
    effect = lhasaplan.evaluate(project, [lhasaplan.TurnCamera("C1", azimuth_deg=180.0)], unit_prices={lhasaplan.Work.AIM: 80.0})
    assert effect.to_pandas("work").values.tolist() == [["aim", 1, 80.0, 80.0, ""]]
    places = effect.to_pandas("places").set_index(["class", "grade"])
    assert places.loc[("home", "due")].tolist() == [1, 0]
    assert effect.to_pandas().columns.tolist()[:2] == ["part_id", "cameras"]
    with pytest.raises(InputError, match="parts, places, areas, work"):
        effect.to_pandas("cameras")


def test_that_the_verbs_of_decisions_and_plans_are_those_of_the_command_line(town):
    project = lhasaplan.open_project("town.gpkg")
    why = {"purpose": "order", "reason": "a crossing", "milder": "a lamp", "by": "A. B."}
    with pytest.raises(lhasaplan.InputError, match="There is no candidate X"):
        lhasaplan.confirm(project, "X", **why)
    with pytest.raises(lhasaplan.GateError, match="There is no mandate"):
        lhasaplan.propose(project)
    [house] = project._project.layers["buildings"].ids
    declared = lhasaplan.declare(project, str(house), fact="not_dwelling", by="A. B.")
    assert "has no effect" in str(declared.remarks[-1])  # the map says by itself that it is a house
    assert project._project.declarations == ()
    (town / "mandate.toml").write_text("controller = 3\n", encoding="utf-8")
    with pytest.raises(lhasaplan.InputError, match=r"mandate\.toml"):
        lhasaplan.mandate(project, town / "mandate.toml")


def test_that_two_plans_are_compared_as_the_command_line_compares_them(town):
    one = lhasaplan.open_project("town.gpkg")
    turned = (town / "cameras.csv").read_text().replace(",4,0,5,60,", ",4,180,5,60,")
    (town / "turned.csv").write_text(turned)
    main(["new", "other.gpkg", "--rules", "eu-gdpr,municipal-safety"])
    main(["import", "other.gpkg", "houses.geojson", "--as", "buildings"])
    main(["import", "other.gpkg", "turned.csv", "--as", "cameras"])
    found = lhasaplan.compare(one, lhasaplan.open_project("other.gpkg"))
    assert found.changes.camera_ids == ("C1",)
    assert found.is_same_town
    assert found.effect.places["home"]["due"] == (1, 0)


def test_that_an_answer_has_the_areas_of_its_project_as_a_map(town):
    ring = [[24.94, 60.16], [24.95, 60.16], [24.95, 60.18], [24.94, 60.18], [24.94, 60.16]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "Feature", "properties": {"name": "Centre"}, "geometry": shape}
    (town / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    project = lhasaplan.open_project("town.gpkg")
    areas = lhasaplan.audit(lhasaplan.import_files(project, "areas.geojson", kind="areas")).to_geopandas("areas")
    assert (areas.name.tolist(), areas.crs.to_epsg()) == (["Centre"], 32635)
    assert lhasaplan.audit(project).to_geopandas("areas").empty
