"""What goes back to OpenStreetMap: changed tags alone, under the version that was read; never who or what is seen."""

import json
import re
import shutil
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import osmium
import pyogrio
import pytest
import shapely

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.records.osm_changes import CameraWords, OsmNode, change_of
from lhasaplan.errors import InputError

NODES = (
    (1, 3, {"man_made": "surveillance", "direction": "90", "operator": "Tram Co", "note:fr": "près du café & <bar>"}),
    (2, 7, {"man_made": "surveillance", "camera:type": "dome", "camera:direction": "10;190"}),  # two cameras
    (3, 1, {"man_made": "surveillance"}),
    (4, 2, {"man_made": "surveillance", "amenity": "place_of_worship"}),
    (5, 2, {"man_made": "surveillance", "religion": "any"}),
    (6, 4, {"man_made": "surveillance", "height": "4", "camera:mount": "pole", "camera:type": "fixed"}),
    (8, 5, {"man_made": "surveillance", "surveillance:type": "ALPR", "camera:type": "fixed", "direction": "350-30"}),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An extract with cameras, and the project that it was imported into."""
    here = tmp_path_factory.mktemp("extract")
    with osmium.SimpleWriter(str(here / "city.osm.pbf")) as file:
        for number, version, tags in NODES:
            at = (24.94 + number * 1e-3, 60.17)
            file.add_node(
                osmium.osm.mutable.Node(id=number, version=version, location=at, tags=tags, timestamp="2024-05-01T00:00:00Z")
            )
    assert main(["new", str(here / "city.gpkg"), "--rules", "eu-gdpr"]) == 0
    assert main(["import", str(here / "city.gpkg"), str(here / "city.osm.pbf")]) == 0
    return here


def corrected(folder, **by_id):
    """Return the project with values of some cameras corrected, by the number of their node."""
    project = workflow.open_project(open_services(), str(folder / "city.gpkg")).project
    wanted = {f"node/{name.removeprefix('n')}": values for name, values in by_id.items()}
    assert set(wanted) <= {camera.camera_id for camera in project.cameras}
    return replace(project, cameras=tuple(replace(each, **wanted.get(each.camera_id, {})) for each in project.cameras))


def changes_of(folder, **by_id):
    found = workflow.osm_changes(open_services(), corrected(folder, **by_id), folder / "city.osm.pbf")
    return {each.node.node_id: dict(each.changed) for each in found.changes}


def test_that_what_was_corrected_changes_its_own_tags_alone(folder):
    aimed = {"azimuth_deg": 271.4, "mount_height_m": 3.5, "tilt_deg": 15.0, "kind": Kind.DOME, "mount": Mount.WALL}
    assert changes_of(folder, n1=aimed, n6={"mount_height_m": 4.01, "kind": Kind.FIXED}) == {
        1: {
            "direction": ("90", "271"),  # under the key that the node has
            "height": ("", "3.5"),
            "camera:angle": ("", "15"),
            "camera:type": ("", "dome"),
            "camera:mount": ("", "wall"),
        }
    }


def test_that_nothing_was_corrected_is_no_change(folder):
    assert changes_of(folder) == {}


def test_that_owner_purpose_masks_and_names_never_go_out(folder):
    secret = {"owner": "Refuge of the Town", "purpose": "door of the refuge", "name": "Refuge", "retention_days": 3}
    assert changes_of(folder, n3={**secret, "mask_sector_deg": ((10.0, 20.0),)}) == {}


def test_that_a_protected_place_a_tag_that_is_never_read_and_two_directions_are_left(folder):
    turned = {"azimuth_deg": 45.0}
    project = workflow.open_project(open_services(), str(folder / "city.gpkg")).project
    known = {
        f"n{each.camera_id.removeprefix('node/')}": turned for each in project.cameras if each.camera_id in ("node/4", "node/5")
    }
    found = workflow.osm_changes(open_services(), corrected(folder, n3=turned, **known), folder / "city.osm.pbf")
    assert [each.node.node_id for each in found.changes] == [3]
    assert found.left >= len(known)


def test_that_a_camera_that_is_planned_or_gone_says_nothing(folder):
    gone = {"azimuth_deg": 45.0, "status": Status.REMOVED}
    assert changes_of(folder, n3=gone, n1={"azimuth_deg": 45.0, "status": Status.PLANNED}) == {}


def test_that_another_extract_and_a_coarse_pack_are_refused(folder, tmp_path):
    project = corrected(folder, n3={"azimuth_deg": 45.0})
    with osmium.SimpleWriter(str(tmp_path / "later.osm.pbf")) as file:
        file.add_node(osmium.osm.mutable.Node(id=3, version=2, location=(24.943, 60.17), tags={"man_made": "surveillance"}))
    with pytest.raises(InputError, match="not the imported file"):
        workflow.osm_changes(open_services(), project, tmp_path / "later.osm.pbf")
    with pytest.raises(InputError, match="coarse"):
        workflow.osm_changes(open_services(), replace(project, packs=("cn-limits",)), folder / "city.osm.pbf")


@pytest.mark.parametrize("ending", ["osc", "osm"])
def test_that_the_file_is_read_by_osmium_with_every_other_tag_and_the_version(folder, tmp_path, ending):
    services = open_services()
    found = workflow.osm_changes(services, corrected(folder, n1={"azimuth_deg": 180.0}), folder / "city.osm.pbf")
    file = services.drafts.write_osm_changes(
        tmp_path / f"fix.{ending}", found.changes, 'A "comment" --- with <signs> & dashes --'
    )
    (node,) = [
        (n.id, n.version, dict(n.tags), round(n.location.lon, 6)) for n in osmium.FileProcessor(str(file), osmium.osm.NODE)
    ]
    assert node == (1, 3, {**NODES[0][2], "direction": "180"}, 24.941)
    root = ElementTree.parse(file).getroot()
    if ending == "osc":
        assert [each.tag for each in root] == ["modify"]
    else:
        assert root.find("node").get("action") == "modify"
        assert root.find("changeset/tag[@k='comment']").get("v") == 'A "comment" --- with <signs> & dashes --'


def test_that_the_verb_says_each_change_and_writes_nothing_where_there_is_none(folder, tmp_path, capsys):
    extract, copy, out = str(folder / "city.osm.pbf"), tmp_path / "copy.gpkg", tmp_path / "fix.osc"
    shutil.copy(folder / "city.gpkg", copy)
    assert main(["osm", str(copy), extract, "--out", str(out)]) == 0
    assert "Changes of tags: 0" in capsys.readouterr().out
    assert not out.exists()
    services = open_services()
    opened = workflow.open_project(services, str(copy))
    workflow.save(replace(opened, project=corrected(folder, n3={"azimuth_deg": 45.0})))
    assert main(["osm", str(copy), extract, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Changes of tags: 1" in said
    assert "camera:direction" in said
    assert '<tag k="camera:direction" v="45"/>' in out.read_text("utf-8")
    assert main(["osm", str(copy), extract, "--out", str(tmp_path / "fix.txt")]) == 2


def test_that_a_value_within_rounding_is_no_change_and_north_is_north_from_both_sides():
    node = OsmNode(1, 1, 0.0, 0.0, {"camera:direction": "0"}, Camera("node/1", 0.0, 0.0, azimuth_deg=0.0))
    assert change_of(Camera("node/1", 0.0, 0.0, azimuth_deg=359.8), node, CameraWords()) is None
    turned = change_of(Camera("node/1", 0.0, 0.0, azimuth_deg=359.3), node, CameraWords())
    assert turned.changed == {"camera:direction": ("0", "359")}


def test_that_a_reader_of_plates_is_said_by_its_type_of_device(folder):
    assert changes_of(folder, n3={"kind": Kind.PLATE_READER}) == {3: {"surveillance:type": ("", "ALPR")}}
    assert changes_of(folder, n8={"kind": Kind.DOME}) == {
        8: {"surveillance:type": ("ALPR", "camera"), "camera:type": ("fixed", "dome")}
    }


def test_that_the_sides_of_a_picture_are_turned_together(folder):
    assert changes_of(folder, n8={"azimuth_deg": 90.0}) == {8: {"direction": ("350-30", "70-110")}}


def found(number, east_m, **values):
    """Return a camera of a survey so far east of node 3."""
    project = found.project
    near = next(each for each in project.cameras if each.camera_id == "node/3")
    own = {"extra": {"observers": "a;b"}, "source_date": "2026-11-30", **values}
    return Camera(f"walk {number}", near.x_m + east_m, near.y_m, owner="Refuge", purpose="door", **own)


def test_that_what_a_survey_found_is_a_new_node_without_owner_and_near_a_known_camera_none(folder, tmp_path):
    services, project = open_services(), corrected(folder, n1={"azimuth_deg": 180.0})
    found.project = project
    finds = (
        found(1, 40.0, kind=Kind.DOME, azimuth_deg=10.0),
        found(2, 4.9),  # may be node 3
        found(3, 50.0, mount=Mount.INDOOR),
        found(4, 60.0, extra={}),  # nobody of a survey recorded it
        found(5, 70.0, status=Status.PLANNED),
        found(6, 100.0),  # 2 m behind the facade of a house
    )
    x_m, y_m = finds[-1].x_m, finds[-1].y_m
    house = Layer(
        "buildings", np.array(["h"], object), np.array([shapely.box(x_m - 2, y_m - 9, x_m + 9, y_m + 9)], object), ({},)
    )
    town = replace(project, cameras=(*project.cameras, *finds), layers={**project.layers, "buildings": house})
    result = workflow.osm_changes(services, town, folder / "city.osm.pbf")
    new, old = result.changes
    assert (new.node.node_id, new.node.version, old.node.node_id, result.doubtful) == (-1, 0, 1, 2)
    assert new.tags == {
        "man_made": "surveillance",
        "surveillance:type": "camera",
        "camera:type": "dome",
        "camera:direction": "10",
        "survey:date": "2026-11-30",
    }
    for ending in ("osc", "osm"):
        file = services.drafts.write_osm_changes(tmp_path / f"finds.{ending}", result.changes, "Finds")
        read = {each.id: (each.version, dict(each.tags)) for each in osmium.FileProcessor(str(file), osmium.osm.NODE)}
        assert read == {-1: (0, dict(new.tags)), 1: (3, {**NODES[0][2], "direction": "180"})}
    assert [each.tag for each in ElementTree.parse(tmp_path / "finds.osc").getroot()] == ["create", "modify"]


def test_that_a_hundred_corrections_are_applied_by_osmium_and_read_by_another_reader(tmp_path):
    tags = {"man_made": "surveillance", "note": "kept", "ref": "x < y & z"}
    with osmium.SimpleWriter(str(tmp_path / "city.osm.pbf")) as file:
        for number in range(1, 103):
            at = (24.94 + number * 1e-4, 60.17)
            own = {**tags, "direction": str(number)}
            file.add_node(osmium.osm.mutable.Node(id=number, version=number % 9 + 1, location=at, tags=own))
    nodes = [
        OsmNode(n, n % 9 + 1, 24.94 + n * 1e-4, 60.17, {**tags, "direction": str(n)}, Camera("", 0.0, 0.0, azimuth_deg=n))
        for n in range(1, 101)
    ]
    changes = [change_of(Camera("", 0.0, 0.0, azimuth_deg=n.node_id + 200.0), n, CameraWords()) for n in nodes]
    drafts = open_services().drafts
    osc = drafts.write_osm_changes(tmp_path / "hundred.osc", changes, "A hundred")
    # The map takes a node only under the version that it has, and raises it by one.
    assert {each.id: each.version for each in osmium.FileProcessor(str(osc))} == {n: n % 9 + 1 for n in range(1, 101)}
    taken = re.sub(r'version="(\d)" lat', lambda found: f'version="{int(found[1]) + 1}" lat', osc.read_text("utf-8"))
    osc.write_text(taken, "utf-8")
    merged = osmium.MergeInputReader()
    merged.add_file(str(tmp_path / "city.osm.pbf"))
    merged.add_file(str(osc))
    with osmium.SimpleWriter(str(tmp_path / "merged.osm.pbf")) as file:
        merged.apply(file)
    now = {each.id: dict(each.tags) for each in osmium.FileProcessor(str(tmp_path / "merged.osm.pbf"), osmium.osm.NODE)}
    turned = {n: str((n + 200) % 360) if n <= 100 else str(n) for n in range(1, 103)}
    assert now == {n: {**tags, "direction": said} for n, said in turned.items()}

    edits = drafts.write_osm_changes(tmp_path / "hundred.osm", changes, "A hundred")
    read = pyogrio.read_dataframe(edits, layer="points")  # GDAL leaves note out by its own settings
    assert dict(zip(read["osm_id"].astype(int), read["other_tags"], strict=True)) == {
        n: f'"direction"=>"{turned[n]}"' for n in range(1, 101)
    }
    assert list(read.geometry.x.round(7)) == [round(24.94 + n * 1e-4, 7) for n in range(1, 101)]


def test_that_an_answer_of_overpass_as_json_keeps_the_version_that_corrections_need(tmp_path):
    node = {"type": "node", "id": 9, "lat": 60.17, "lon": 24.94, "version": 4, "tags": {"man_made": "surveillance"}}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"version": 0.6, "generator": "Overpass API", "elements": [node]}), "utf-8")
    assert [(each.node_id, each.version) for each in open_services().files.read_camera_nodes(path, {9})] == [(9, 4)]


def test_that_a_query_asks_for_everything_in_the_rectangle_and_names_no_tag_of_a_place(folder, capsys):
    assert main(["overpass", "24.94,60.16,24.96,60.17"]) == 0
    said = capsys.readouterr().out
    assert "node(60.16,24.94,60.17,24.96);" in said
    assert said.rstrip().endswith("out meta;")
    assert "religion" not in said
    assert main(["overpass", str(folder / "city.gpkg")]) == 0
    box = capsys.readouterr().out.split("node(")[1].split(")")[0].split(",")
    # the cameras lie at 60.17 from 24.941 to 24.948; some 200 m around, outwards to the next thousandth or the one after
    assert [float(each) for each in box] == pytest.approx([60.1675, 24.9385, 60.1725, 24.9505], abs=0.0006)


@pytest.mark.parametrize("box", ["24.96,60.16,24.94,60.17", "24,60,x,61", "nan,60,25,61", "24,60,26,62", "1,2,3"])
def test_that_no_rectangle_and_one_too_large_are_told(box):
    with pytest.raises(InputError, match="rectangle"):
        workflow.overpass_query(box)
