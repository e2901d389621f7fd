"""Facts about real files: counts made by a second method, encodings of real tables, the shipped sample."""

from collections import Counter

import osmium
import pytest
from sources import ROOT, shared_data

from lhasaplan.core.city.building_heights import buildings_from
from lhasaplan.errors import InputError
from lhasaplan.io.content.layer_spec import load_height_rules
from lhasaplan.io.importing.importer import read_file


def outlines(path):
    """Return ids of ways and relations with a building tag, and of those that osmium assembles to areas."""
    tagged, assembled = set(), set()
    for item in osmium.FileProcessor(str(path)).with_areas():
        if "building" not in item.tags or item.is_node():
            continue
        is_way = item.from_way() if item.is_area() else item.is_way()
        number = item.orig_id() if item.is_area() else item.id
        (assembled if item.is_area() else tagged).add(f"{'way' if is_way else 'relation'}/{number}")
    return tagged, assembled


def layer(imported, name):
    return next(each for each in imported.layers if each.name == name)


@pytest.fixture(scope="module")
def monaco_path():
    return shared_data("monaco/monaco.osm.pbf")


@pytest.fixture(scope="module")
def monaco(monaco_path):
    return read_file(monaco_path)


def test_that_every_monaco_outline_is_a_building_a_remark_or_a_site(monaco, monaco_path):
    tagged, assembled = outlines(monaco_path)
    said = {remark.where.item for remark in monaco.remarks}
    assert len(tagged) == 1286
    assert set(layer(monaco, "buildings").ids) == assembled
    assert len(tagged - assembled - said) == 1  # relation 13453960 is of type site: a museum of two houses, no outline


def test_that_monaco_has_fourteen_cameras_three_with_direction(monaco):
    assert len(monaco.cameras) == 14
    assert sorted(c.azimuth_deg for c in monaco.cameras if c.azimuth_deg is not None) == [0.0, 160.0, 240.0]
    assert Counter(c.kind for c in monaco.cameras) == {"dome": 8, "fixed": 3, "pan_tilt": 3}


def test_that_monaco_has_the_date_of_its_replication(monaco):
    assert (monaco.crs, monaco.record.date, monaco.record.kind) == ("EPSG:32632", "2023-12-26", "osm")


def test_that_monaco_heights_come_from_tags_where_there_are_tags(monaco):
    buildings = buildings_from(layer(monaco, "buildings"), load_height_rules())
    sources = Counter(buildings.height_source)
    with_height = sum("height" in tags for tags in buildings.tags)
    assert with_height >= 39
    assert sources["height"] == with_height
    assert sources["levels"] == sum("building:levels" in tags and "height" not in tags for tags in buildings.tags)
    assert (buildings.top_m > buildings.base_m).all()


def test_that_every_monaco_way_with_a_highway_is_on_a_layer(monaco, monaco_path):
    lines = {f"way/{item.id}" for item in osmium.FileProcessor(str(monaco_path)) if item.is_way() and "highway" in item.tags}
    ids = {feature_id for each in monaco.layers for feature_id in each.ids}
    left_out = lines - ids
    assert len(lines) > 2000
    assert len(left_out) <= 0.01 * len(lines)  # roads that are only planned, and elevators drawn as ways


def test_that_no_layer_of_monaco_holds_the_faith_of_a_place(monaco):
    keys = {key for each in monaco.layers for tags in each.tags for key in tags}
    assert not {key for key in keys if "religion" in key or "denomination" in key}


def test_that_the_shipped_sample_is_read_with_its_broken_rings_as_remarks():
    path = ROOT / "data" / "samples" / "helsinki" / "helsinki.osm.pbf"
    helsinki = read_file(path)
    tagged, assembled = outlines(path)
    assert len(helsinki.cameras) == 221
    assert (len(tagged), len(assembled)) == (500, 446)
    assert set(layer(helsinki, "buildings").ids) == assembled
    listed = [r for r in helsinki.remarks if r.where.item in tagged]
    (more,) = [r.params["count"] for r in helsinki.remarks if "more like" in r.template]
    assert len(listed) + more == 500 - 446


def test_that_the_zagreb_table_is_read_in_its_own_encoding():
    zagreb = read_file(shared_data("cameras/zagreb.csv"))
    assert len(zagreb.cameras) == 137
    assert zagreb.cameras[0].extra["Lokacija"] == "Martićeva - Šubićeva"
    assert zagreb.crs == "EPSG:32633"


def test_that_points_without_any_attribute_need_to_be_called_cameras():
    path = shared_data("cameras/dakar.geojson")
    with pytest.raises(InputError, match="--as"):
        read_file(path)
    assert len(read_file(path, "cameras").cameras) == 103


def test_that_bearings_of_taiwan_are_azimuths_and_its_types_stay_as_they_are():
    taiwan = read_file(shared_data("cameras/taiwan.geojson"))
    assert len(taiwan.cameras) == 2512
    assert sum(camera.azimuth_deg is not None for camera in taiwan.cameras) == 1624
    assert Counter(camera.extra["type"] for camera in taiwan.cameras)["red_light"] == 376


def test_that_published_rasters_are_recorded():
    tile = read_file(shared_data("monaco/N43E007.hgt.zip"), project_crs="EPSG:32632").terrain[0]
    london = read_file(shared_data("london/dsm_barb_1m_tif.tif"), project_crs="EPSG:27700").terrain[0]
    assert 70.0 < tile.resolution_m < 90.0
    assert london.resolution_m == pytest.approx(1.0, abs=0.01)
