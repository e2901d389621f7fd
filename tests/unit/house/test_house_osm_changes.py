"""What goes back to OpenStreetMap: changed tags alone, under the version that was read; never who or what is seen."""

import shutil
from dataclasses import replace
from xml.etree import ElementTree

import osmium
import pytest

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.records.osm_changes import CameraWords, OsmNode, change_of
from lhasaplan.errors import InputError

NODES = (
    (1, 3, {"man_made": "surveillance", "direction": "90", "operator": "Tram Co", "note:fr": "près du café & <bar>"}),
    (2, 7, {"man_made": "surveillance", "camera:type": "dome", "camera:direction": "10;190"}),  # two cameras
    (3, 1, {"man_made": "surveillance"}),
    (4, 2, {"man_made": "surveillance", "amenity": "place_of_worship"}),
    (5, 2, {"man_made": "surveillance", "religion": "any"}),
    (6, 4, {"man_made": "surveillance", "height": "4", "camera:mount": "pole", "camera:type": "fixed"}),
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
