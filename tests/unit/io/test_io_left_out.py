"""What an import leaves out beside cameras is counted, and webcams at nests and weather masts are told as such."""

import json
from dataclasses import replace

import pytest
from osm_files import Node, write

from lhasaplan.core.model.camera import WATCHES
from lhasaplan.io.importing.importer import read_file


def node(number, **tags):
    return Node(id=number, location=(24.94 + number * 1e-4, 60.17), tags={key.replace("__", ":"): tags[key] for key in tags})


def devices():
    return [
        node(1, man_made="surveillance"),
        node(2, highway="speed_camera"),
        node(3, highway="speed_camera", maxspeed="50"),
        node(4, man_made="surveillance", surveillance__type="microphone"),
    ]


def counts(found):
    return {
        remark.template.partition(" were left out")[0]: remark.params["count"]
        for remark in found.remarks
        if "count" in remark.params
    }


def test_that_speed_cameras_and_devices_that_are_no_cameras_are_counted(tmp_path):
    found = read_file(write(tmp_path / "town.osm.pbf", devices()))
    assert [camera.camera_id for camera in found.cameras] == ["node/1"]
    assert counts(found) == {"speed cameras": 2, "devices that are no cameras": 1}


def test_that_a_vector_file_with_tags_counts_them_too(tmp_path):
    features = [
        {"type": "Feature", "properties": dict(each.tags), "geometry": {"type": "Point", "coordinates": list(each.location)}}
        for each in devices()
    ]
    path = tmp_path / "town.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_file(path)
    assert len(found.cameras) == 1
    assert counts(found).get("speed cameras") == 2


@pytest.mark.parametrize(
    ("tags", "watches"),
    [
        ({"name": "Falcon cam", "contact__webcam": "https://example.org"}, "nature"),
        ({"name": "Storchenkamera"}, ""),  # a stork's, but the word does not begin with one of the list alone
        ({"name": "Webcam Storchennest"}, "nature"),
        ({"surveillance__zone": "weather"}, "nature"),
        ({"name": "Falcon House"}, ""),  # no webcam: the name of a house clears nothing
        ({"name": "Main Street"}, ""),
    ],
)
def test_that_a_webcam_at_a_nest_or_a_weather_mast_is_told_as_such(tmp_path, tags, watches):
    (camera,) = read_file(write(tmp_path / "town.osm.pbf", [node(1, man_made="surveillance", **tags)])).cameras
    assert camera.extra.get(WATCHES, "") == watches
    assert replace(camera, extra={}).mount is None
