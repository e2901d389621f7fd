"""Routes, streets and paths from outside: files in and out, addresses, and what a pack that never plans lets nobody have."""

import csv
import json
import re
import sqlite3
from dataclasses import replace

import geopandas
import pyogrio
import pytest
import shapely

import lhasaplan
from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import GateError, InputError
from lhasaplan.ports import Heads
from lhasaplan.report.formats.streets_map import streets_page

HEAD = "camera_id,lon,lat,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,image_width_px,image_height_px,range_m,kind,mount,status"
CAMERA = "C1,24.9412,60.1700,4,0,0,68,1920,1080,60,fixed,pole,operating"
GREY = "#c3c9d0"
WEST, EAST = (24.9400, 60.1702), (24.9424, 60.1702)  # a street 22 m before the camera, across its view


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def square(lon, lat, **tags):
    ring = [[lon, lat], [lon + 2e-4, lat], [lon + 2e-4, lat + 1e-4], [lon, lat + 1e-4], [lon, lat]]
    return feature("Polygon", [ring], **tags)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A street before a camera, with a house at each end, in a project of an ordinary pack and in one that never plans."""
    here = tmp_path_factory.mktemp("street")
    houses = [square(24.9398, 60.17025, **{"building": "house", "addr:street": "Mill Street", "addr:housenumber": "1"})]
    houses += [square(24.9423, 60.17025, **{"building": "house", "addr:street": "Mill Street", "addr:housenumber": "12"})]
    around = [WEST, (24.9400, 60.1696), (24.9424, 60.1696), EAST]
    roads = [feature("LineString", [WEST, EAST], highway="residential", name="Mill Street")]
    roads += [feature("LineString", around, highway="residential", name="Back Lane")]
    (here / "houses.geojson").write_text(collection(*houses))
    (here / "roads.geojson").write_text(collection(*roads))
    (here / "cameras.csv").write_text(f"{HEAD}\n{CAMERA}\n")
    (here / "walk.geojson").write_text(collection(feature("LineString", [WEST, EAST])))
    places = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>3</ele></trkpt>' for lon, lat in (WEST, EAST))
    gpx = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="60.17" lon="24.94"/>{}</gpx>'
    (here / "walk.gpx").write_text(gpx.format(f"<trk><trkseg>{places}</trkseg></trk>"))
    (here / "bare.gpx").write_text(gpx.format(""))
    for name, packs in (("town", "eu-gdpr"), ("never", "cn-limits")):
        file = str(here / f"{name}.gpkg")
        assert main(["new", file, "--rules", packs]) == 0
        for layer, kind in (("houses.geojson", "buildings"), ("roads.geojson", "roads"), ("cameras.csv", "cameras")):
            assert main(["import", file, str(here / layer), "--as", kind]) == 0
    return here


@pytest.fixture
def town(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LHASAPLAN_LANG", raising=False)
    return folder


def run(folder, verb, project, *words):
    return main([verb, str(folder / f"{project}.gpkg"), *map(str, words)])


def test_that_a_route_gets_its_table_figures_and_chart(town, tmp_path):
    files = [word for ending in ("csv", "json", "svg", "gpkg", "geojson") for word in ("--out", f"walk.{ending}")]
    assert run(town, "exposure", "town", town / "walk.gpx", *files) == 0
    with (tmp_path / "walk.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = json.loads((tmp_path / "walk.json").read_text("utf-8"))
    assert {row["certain"] for row in rows} == {"C1"}
    in_view = sum(float(row["to_m"]) - float(row["from_m"]) for row in rows if row["state"] == "certain")
    assert in_view == pytest.approx(found["lengths"]["certain_m"], abs=0.05)
    assert in_view == pytest.approx(2 * 22.28 * 0.6745, abs=0.5)  # 0.0002 degrees of latitude are 22.28 m; tan 34 = 0.6745
    assert found["seconds"]["certain"] == pytest.approx(in_view / (5.0 / 3.6), abs=0.1)
    assert found["stretches"][0]["certain"] == ["C1"]
    assert (
        b"in view" in (tmp_path / "walk.svg").read_bytes() or (tmp_path / "walk.svg").stat().st_size > 5_000
    )  # letters as paths
    stretches = geopandas.read_file(tmp_path / "walk.gpkg", layer="stretches")
    assert stretches.length.sum() == pytest.approx(in_view, abs=0.05)
    assert len(geopandas.read_file(tmp_path / "walk.geojson")) == len(stretches) == len(rows)


def test_that_a_route_that_nobody_sees_is_a_layer_without_rows(town, tmp_path):
    behind = tmp_path / "behind.geojson"  # 20 m behind the camera, which looks north
    behind.write_text(collection(feature("LineString", [(24.9411, 60.16982), (24.9413, 60.16982)])))
    for ending in ("gpkg", "geojson"):
        assert run(town, "exposure", "town", behind, "--out", f"walk.{ending}") == 0
        assert pyogrio.read_info(tmp_path / f"walk.{ending}")["features"] == 0


def test_that_answers_about_streets_and_walks_are_frames_tables_and_maps(town):
    project = lhasaplan.open_project(town / "town.gpkg")
    streets, walk = lhasaplan.streets(project), lhasaplan.exposure(project, [WEST, EAST])
    assert sorted(streets.streets.name) == ["Back Lane", "Mill Street"]
    assert streets.areas.empty
    paths = lhasaplan.route(project, WEST, EAST)
    for answer, name in ((streets, "streets"), (walk, "stretches"), (paths, "paths")):
        assert "in view, certain" in answer._repr_html_()
        assert f'"{report_titles()[name]}"' in answer.explore().get_root().render()


def test_that_a_bent_street_is_drawn_as_a_line_and_an_area_filled():
    from lhasaplan.report.formats.notebook_map import explore_map

    shapes = {"streets": shapely.LineString([(0, 0), (100, 0), (100, 100)]), "areas": shapely.box(0, 0, 100, 100)}
    fills = []
    for name, shape in shapes.items():
        frame = geopandas.GeoDataFrame({"share_certain": [0.5], "share_possible": [0.0]}, geometry=[shape], crs="EPSG:32632")
        page = explore_map({name: frame}, Heads(()), Translations()).get_root().render()
        (style,) = re.findall(r'"style": (\{[^}]*"fillColor"[^}]*\})', page)
        fills.append(json.loads(style)["fill"])
    assert fills == [False, True]


def report_titles():
    from lhasaplan.report.formats.notebook_map import LAYER_TITLES

    return LAYER_TITLES


def test_that_a_route_of_gpx_of_geojson_and_of_coordinates_is_one_route(town):
    project = lhasaplan.open_project(town / "town.gpkg")
    three = [lhasaplan.exposure(project, route) for route in (town / "walk.gpx", town / "walk.geojson", [WEST, EAST])]
    assert three[0].walk.lengths.certain_m > 20.0
    for each in three[1:]:
        assert each.walk.lengths.certain_m == pytest.approx(three[0].walk.lengths.certain_m, abs=0.3)
    assert list(three[0].to_pandas().columns[:4]) == ["line", "from_m", "to_m", "state"]


def test_that_a_route_of_gpx_counts_as_a_track_does_and_its_points_do_not(town, tmp_path):
    text = (town / "walk.gpx").read_text("utf-8")
    for old, new in (("trkpt", "rtept"), ("<trkseg>", ""), ("</trkseg>", ""), ("trk>", "rte>")):
        text = text.replace(old, new)
    (tmp_path / "planned.gpx").write_text(text)
    project = lhasaplan.open_project(town / "town.gpkg")
    walked, planned = (lhasaplan.exposure(project, file).walk for file in (town / "walk.gpx", tmp_path / "planned.gpx"))
    assert planned.lengths == walked.lengths


def test_that_a_route_leaves_nothing_in_the_project(town):
    before = rows_of(town / "town.gpkg")
    assert run(town, "exposure", "town", town / "walk.gpx", "--out", "walk.json") == 0
    assert run(town, "route", "town", "24.9400,60.1702", "24.9424,60.1702") == 0
    fresh = {
        row
        for name, rows in rows_of(town / "town.gpkg").items()
        for row in rows
        if row not in before.get(name, []) and name[0] != "s"
    }
    assert "walk" not in str(fresh)
    assert "24.94" not in str(fresh)
    assert {row[1] for row in fresh if "sha256" in str(row)} <= {"project_opened"}  # as any verb notes that it opened a project


def rows_of(project):
    with sqlite3.connect(project) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def test_that_a_file_without_a_line_and_another_ending_are_sentences(town, capsys):
    assert run(town, "exposure", "town", town / "bare.gpx") == 2
    assert "no line in this file" in capsys.readouterr().err
    assert run(town, "exposure", "town", town / "walk.gpx", "--out", "walk.docx") == 2
    assert ".csv .json .geojson .gpkg .svg .png .pdf" in capsys.readouterr().err
    assert run(town, "exposure", "town", town / "walk.gpx", "--speed", "0") == 2
    assert "not a walking speed" in capsys.readouterr().err
    with pytest.raises(InputError, match="two places or more"):
        lhasaplan.exposure(lhasaplan.open_project(town / "town.gpkg"), [WEST])


def test_that_streets_get_a_table_and_a_layer(town, tmp_path):
    assert run(town, "exposure", "town", "--out", "s.csv", "--out", "s.gpkg", "--out", "s.geojson", "--out", "s.json") == 0
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["Back Lane", "Mill Street"]
    assert float(rows["Mill Street"]["certain_m"]) == pytest.approx(30.0, abs=2.0)
    assert float(rows["Back Lane"]["certain_m"]) == 0.0
    frame = geopandas.read_file(tmp_path / "s.gpkg", layer="streets")
    assert frame.length.sum() == pytest.approx(frame["length_m"].sum(), abs=0.1)
    with sqlite3.connect(tmp_path / "s.gpkg") as file:  # no areas were imported
        (style,) = [qml for (qml,) in file.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'streets'")]
    assert style.count("share_possible") >= 5  # a class for each quarter, and one without any
    assert "areas" not in pyogrio.list_layers(tmp_path / "s.gpkg")[:, 0]
    assert json.loads((tmp_path / "s.geojson").read_text("utf-8"))["features"][0]["properties"]["name"] == "Back Lane"
    assert json.loads((tmp_path / "s.json").read_text("utf-8"))["streets"][1]["name"] == "Mill Street"
    answer = lhasaplan.streets(lhasaplan.open_project(town / "town.gpkg"))
    assert answer.to_geopandas()["certain_m"].sum() == pytest.approx(answer.whole.certain_m, abs=0.05)
    assert not len(answer.to_geopandas("areas"))


def test_that_the_map_of_streets_holds_their_shares_and_no_name_is_a_program(town, tmp_path):
    assert run(town, "exposure", "town", "--out", "s.html") == 0
    text = (tmp_path / "s.html").read_text("utf-8")
    found = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text, flags=re.DOTALL)[1])
    certain, either = found["layers"]
    colours = [[layer["styles"][each[0]]["color"] for each in layer["features"]] for layer in (certain, either)]
    assert colours == [[GREY, "#a9cbe8"], [GREY, "#cfc9e8"]]  # Back Lane, and Mill Street of which 30 of 133 m are in view
    assert "https://" not in text.replace("https://leafletjs.com", "")
    streets = workflow.streets(open_services(), workflow.open_project(open_services(), str(town / "town.gpkg")).project)
    hostile = replace(streets, streets=(replace(streets.streets[1], name="</script><img src=x onerror=alert(1)>"),))
    page = streets_page(hostile, Heads(), Translations())
    assert "<img src=x" not in page
    assert page.count("</script>") == 3


def test_that_a_path_between_addresses_avoids_the_camera_and_says_what_that_costs(town, tmp_path, capsys):
    words = ["Mill Street 1", "Mill Street 12", "--out", "p.json", "--out", "p.gpx", "--out", "p.geojson"]
    assert run(town, "route", "town", *words) == 0
    assert "as much as 10 metres" in capsys.readouterr().out
    found = json.loads((tmp_path / "p.json").read_text("utf-8"))
    assert found["shortest"]["lengths"]["certain_m"] > 25.0
    assert found["least_seen"]["lengths"]["certain_m"] == 0.0
    assert found["least_seen"]["cost_m"] == pytest.approx(found["least_seen"]["lengths"]["length_m"])
    assert found["shortest"]["lengths"]["length_m"] < found["least_seen"]["lengths"]["length_m"]
    tracks = geopandas.read_file(tmp_path / "p.gpx", layer="tracks")
    assert tracks["name"].tolist() == ["shortest", "least_seen"]
    assert shapely.get_coordinates(geopandas.read_file(tmp_path / "p.geojson").geometry)[:, 0] == pytest.approx(24.941, abs=0.01)


def test_that_an_unmapped_number_takes_the_nearest_and_says_so_and_no_address_is_refused(town, capsys):
    assert run(town, "route", "town", "Mill Street 2", "Mill Street 1") == 0
    assert "this number is not mapped" in capsys.readouterr().err
    assert run(town, "route", "town", "Elm Street 2", "Mill Street 1") == 2
    assert "not an address or crossing" in capsys.readouterr().err
    assert run(town, "route", "town", "C1", "Mill Street 1") == 2  # no camera is an address


def test_that_no_cost_makes_a_path_seek_cameras(town, capsys):
    """A cost below 1 would make a metre in view cheaper than another one: the path that is seen most."""
    for cost in ("0.5", "0", "-3", "nan"):
        assert run(town, "route", "town", "Mill Street 1", "Mill Street 12", "--cost", cost) == 2
        assert "not a cost for a metre in view" in capsys.readouterr().err


# Under a pack that never plans.


def test_that_a_pack_that_never_plans_has_no_streets_no_paths_and_no_files_of_them(town, tmp_path, capsys):
    assert run(town, "exposure", "never", "--out", "s.gpkg", "--private") == 3
    assert "cn-limits" in capsys.readouterr().err
    assert run(town, "route", "never", "24.9400,60.1702", "24.9424,60.1702", "--out", "p.json") == 3
    assert not list(tmp_path.iterdir())
    project = lhasaplan.open_project(town / "never.gpkg")
    with pytest.raises(GateError):
        lhasaplan.streets(project)
    with pytest.raises(GateError):
        lhasaplan.route(project, WEST, EAST)
    withheld = lhasaplan.exposure(project, [WEST, EAST], private=True)
    assert withheld.walk.lengths.certain_m > 20.0
    for frame in (withheld.to_pandas, withheld.to_geopandas):  # an empty frame would say that nothing is in view
        with pytest.raises(InputError, match="only the sums"):
            frame()


def test_that_a_route_under_such_a_pack_gets_its_sums_and_no_place_and_no_camera(town, tmp_path, capsys):
    for more in ((), ("--private",)):
        assert run(town, "exposure", "never", town / "walk.gpx", "--out", "walk.json", *more) == 0
        found = json.loads((tmp_path / "walk.json").read_text("utf-8"))
        assert found["lengths"]["certain_m"] > 20.0
        assert found["stretches"] is None  # withheld, which is not the same as none
        assert found["cameras"] is None
        said = capsys.readouterr()
        assert "C1" not in said.out
        assert "only the sums of a walk" in said.err
        for ending in ("csv", "svg", "gpkg", "geojson"):
            assert run(town, "exposure", "never", town / "walk.gpx", "--out", f"walk.{ending}", *more) == 2
            assert not (tmp_path / f"walk.{ending}").exists()


def test_that_points_under_such_a_pack_get_what_is_in_view_and_no_list_of_the_rest(town):
    points = {"before": (24.9412, 60.1702), "behind": (24.9412, 60.1698), "aside": (24.9406, 60.1702)}
    told, withheld = (
        [(pair.point_id, pair.seen) for pair in lhasaplan.sight(lhasaplan.open_project(town / name), points, private=True).pairs]
        for name in ("town.gpkg", "never.gpkg")
    )
    assert told == [("before", True), ("behind", False), ("aside", False)]
    assert withheld == [("before", True)]


@pytest.mark.parametrize("packs", [("eu-gdpr", "cn-limits"), ("cn-limits", "municipal-safety")])
def test_that_a_planning_pack_beside_it_changes_nothing(town, packs):
    services = open_services()
    project = replace(workflow.open_project(services, str(town / "town.gpkg")).project, packs=packs)
    with pytest.raises(GateError, match="cn-limits"):
        workflow.streets(services, project)


def test_that_a_pack_that_was_edited_to_plan_is_held_to_what_was_shipped(town):
    real = open_services()
    (never,) = real.content.load_packs(["cn-limits"])

    class Edited:
        def __getattr__(self, name):
            return getattr(real.content, name)

        def load_packs(self, _names):
            return (replace(never, planning="yes", changed=True),)

    services = replace(real, content=Edited())
    project = workflow.open_project(real, str(town / "never.gpkg")).project
    with pytest.raises(GateError):
        workflow.streets(services, project)


def test_that_the_pack_of_another_country_opens_no_streets_where_nothing_is_ever_planned(tmp_path, monkeypatch, capsys):
    """An operator in Lhasa who loads eu-gdpr instead of cn-limits."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roads.geojson").write_text(
        collection(feature("LineString", [[91.1170, 29.6530], [91.1190, 29.6530]], highway="residential", name="Road"))
    )
    (tmp_path / "cameras.csv").write_text(f"{HEAD}\nL1,91.1180,29.6528,4,0,0,68,1920,1080,60,fixed,pole,operating\n")
    assert main(["new", "lhasa.gpkg", "--rules", "eu-gdpr,municipal-safety"]) == 0
    assert main(["import", "lhasa.gpkg", "roads.geojson", "--as", "roads"]) == 0
    assert main(["import", "lhasa.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    capsys.readouterr()
    assert main(["exposure", "lhasa.gpkg", "--out", "s.csv"]) == 3
    assert "cn-limits is the law" in capsys.readouterr().err
    assert main(["route", "lhasa.gpkg", "91.1170,29.6530", "91.1190,29.6530", "--out", "p.json"]) == 3
    assert main(["exposure", "lhasa.gpkg", "roads.geojson", "--out", "w.json"]) == 0
    assert json.loads((tmp_path / "w.json").read_text("utf-8"))["stretches"] is None
    assert not (tmp_path / "s.csv").exists()


def test_that_a_camera_that_is_planned_counts_nowhere_so_none_can_be_tried_on_streets(town):
    """Outside the gate no new camera is tried: a table of streets must not be a way to see what one would add."""
    services = open_services()
    project = workflow.open_project(services, str(town / "town.gpkg")).project
    (known,) = project.cameras
    tried = replace(known, camera_id="T1", azimuth_deg=180.0, status=type(known.status).PLANNED)
    assert workflow.streets(services, replace(project, cameras=(known, tried))).whole == workflow.streets(services, project).whole
