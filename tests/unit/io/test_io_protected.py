"""What is protected is never left out at import, whatever its shape and its other tags; what is broken is counted."""

import json

import pytest
import shapely

from lhasaplan.io.importing.importer import read_file

LON, LAT = 25.0, 60.2
RING = [(0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001)]
BOW_TIE = [(0, 0), (0.001, 0.001), (0.001, 0), (0, 0.001)]


def at(corner):
    return LON + corner[0], LAT + corner[1]


def closed(corners):
    return [at(each) for each in (*corners, corners[0])]


def geojson(folder, *features, name="town.geojson"):
    rows = [
        {
            "type": "Feature",
            "properties": tags,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for shape, tags in features
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


def osm(folder, ways, relations="", missing=()):
    """Ways are (corners, tags) by id, each closed; corners listed as missing are named and not in the file."""
    nodes, lines = [], []
    for way, (corners, tags) in ways.items():
        ids = [way * 100 + k for k in range(len(corners))]
        nodes += [
            f'<node id="{each}" version="1" lon="{at(c)[0]}" lat="{at(c)[1]}"/>'
            for each, c in zip(ids, corners, strict=True)
            if each not in missing
        ]
        refs = "".join(f'<nd ref="{each}"/>' for each in (*ids, ids[0]))
        lines.append(f'<way id="{way}" version="1">{refs}{tagged(tags)}</way>')
    path = folder / "town.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join([*nodes, *lines])}{relations}</osm>', encoding="utf-8")
    return path


def tagged(tags):
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def features(found):
    return {
        str(identity): (layer.name, shape, tags)
        for layer in found.layers
        for identity, shape, tags in zip(layer.ids, layer.geometry, layer.tags, strict=True)
    }


FULL_M2 = shapely.Polygon(closed(RING)).area * 111_200 * 55_400  # of a thousandth of a degree each way, about


@pytest.mark.parametrize("tags", [{"building": "house"}, {"building": "yes"}])
@pytest.mark.parametrize("name", ["town.geojson", "buildings.geojson"])
def test_that_a_house_that_is_drawn_as_a_closed_line_is_a_building(tmp_path, tags, name):
    (found,) = features(read_file(geojson(tmp_path, (shapely.LineString(closed(RING)), tags), name=name))).values()
    assert found[0] == "buildings"
    assert found[1].area == pytest.approx(FULL_M2, rel=0.02)


def test_that_points_and_lines_of_homes_in_a_file_of_buildings_are_places(tmp_path):
    rows = [
        (shapely.Point(at((0, 0))), {"id": "a/1", "building": "house"}),
        (shapely.LineString([at((0, 0)), at((0.001, 0))]), {"id": "a/2", "building": "house"}),
        (shapely.Polygon(closed(RING)), {"id": "a/3", "building": "retail"}),
        (shapely.Point(at((0, 0))), {"id": "a/4", "building": "retail"}),
    ]
    found = features(read_file(geojson(tmp_path, *rows, name="buildings.geojson")))
    assert {identity: row[0] for identity, row in found.items()} == {"a/1": "places", "a/2": "places", "a/3": "buildings"}


def test_that_every_part_of_a_mixed_collection_is_read_where_it_is_protected(tmp_path):
    mixed = shapely.GeometryCollection([shapely.Polygon(closed(RING)), shapely.Point(at((0.01, 0.01)))])
    found = read_file(geojson(tmp_path, (mixed, {"amenity": "school"}), (mixed, {"shop": "bakery"})))
    assert sorted(int(shapely.get_dimensions(row[1])) for row in features(found).values()) == [0, 2, 2]


def test_that_protected_features_without_a_place_are_counted(tmp_path):
    rows = [(None, {"amenity": "school"}), (None, {"shop": "bakery"}), (shapely.Point(at((0, 0))), {"amenity": "school"})]
    assert read_file(geojson(tmp_path, *rows)).record.unread_protected == 1


def test_that_a_house_without_an_area_is_counted(tmp_path):
    flat = shapely.Polygon([at((0, 0)), at((0.001, 0)), at((0, 0))])
    house = shapely.Polygon(closed(RING))
    found = read_file(geojson(tmp_path, (flat, {"building": "house"}), (house, {"building": "house"}), name="buildings.geojson"))
    assert (found.record.features, found.record.unread_protected) == (1, 1)


@pytest.mark.parametrize("tags", [{"amenity": "school"}, {"building": "house"}, {"landuse": "cemetery"}])
@pytest.mark.parametrize("form", ["osm", "geojson"])
def test_that_an_outline_that_crosses_itself_is_read_as_valid_ground(tmp_path, tags, form):
    path = osm(tmp_path, {1: (BOW_TIE, tags)}) if form == "osm" else geojson(tmp_path, (shapely.Polygon(closed(BOW_TIE)), tags))
    found = read_file(path)
    (row,) = features(found).values()
    assert row[1].is_valid
    assert row[1].area == pytest.approx(FULL_M2 / 2, rel=0.02)
    assert found.record.unread_protected == 0
    if form == "geojson":
        assert any("cross or touch themselves" in remark.template for remark in found.remarks)


def test_that_an_outline_that_is_cut_off_is_counted_and_what_is_known_of_it_read(tmp_path):
    ways = {1: (RING, {"amenity": "school"}), 2: (RING, {"building": "house"}), 3: (RING, {"shop": "mall"})}
    found = read_file(osm(tmp_path, ways, missing=(102, 202, 302)))
    assert {identity: row[0] for identity, row in features(found).items()} == {"way/1": "places", "way/2": "places"}
    assert found.record.unread_protected == 2


def test_that_a_broken_site_is_counted(tmp_path):
    relation = f'<relation id="9" version="1"><member type="way" ref="77" role="outer"/>{tagged({"type": "multipolygon"})}'
    relation += f"{tagged({'amenity': 'hospital'})}</relation>"
    found = read_file(osm(tmp_path, {1: (RING, {"shop": "mall"})}, relation))
    assert found.record.unread_protected == 1


@pytest.mark.parametrize("form", ["osm", "geojson"])
def test_that_a_school_with_the_tag_of_a_camera_is_both(tmp_path, form):
    tags = {"amenity": "school", "man_made": "surveillance"}
    path = osm(tmp_path, {1: (RING, tags)}) if form == "osm" else geojson(tmp_path, (shapely.Polygon(closed(RING)), tags))
    found = read_file(path)
    assert ([row[0] for row in features(found).values()], len(found.cameras)) == (["places"], 1)


def test_that_a_camera_that_is_nothing_else_is_a_camera_alone(tmp_path):
    found = read_file(geojson(tmp_path, (shapely.Point(at((0, 0))), {"man_made": "surveillance", "amenity": "parking"})))
    assert (features(found), len(found.cameras)) == ({}, 1)


def test_that_a_house_whose_outline_is_said_to_be_no_area_is_a_building(tmp_path):
    found = features(read_file(osm(tmp_path, {1: (RING, {"building": "house", "area": "no"})})))
    assert found["way/1"][0] == "buildings"
