"""GeoParquet and Overture: footprints with heights, what is protected under Overture's words, and refusals."""

import json

import pytest
import shapely
from pyproj import CRS
from shapely.geometry import Point, box

from lhasaplan.errors import InputError
from lhasaplan.io.content.layer_spec import load_layer_specs
from lhasaplan.io.importing.importer import read_file

pa = pytest.importorskip("pyarrow", reason="pyarrow is of the extra parquet, which no lock has")
pq = pytest.importorskip("pyarrow.parquet")

LON, LAT = 24.94, 60.17
GEO = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}


def written(path, columns, shapes, geo=GEO):
    table = pa.table({**columns, "geometry": [None if each is None else shapely.to_wkb(each) for each in shapes]})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)} if geo else {}), path)
    return path


def house(n):
    return box(LON + n * 1e-3, LAT, LON + n * 1e-3 + 2e-4, LAT + 1e-4)


def overture(path, rows, shapes, **more):
    columns = {
        key: [row.get(key) for row in rows] for key in ("id", "subtype", "class", "height", "num_floors", "is_underground")
    }
    columns["names"] = [{"primary": row.get("name"), "common": None} for row in rows]
    columns["sources"] = [[{"property": "", "dataset": "OpenStreetMap"}] for _ in rows]
    columns["level"] = [7] * len(rows)
    return written(path, {**columns, **more}, shapes)


def layers_of(found):
    return {layer.name: layer for layer in found.layers}


def test_that_footprints_of_a_projected_file_come_with_height_and_id(tmp_path):
    crs = CRS("EPSG:32635").to_json_dict()
    geo = {**GEO, "columns": {"geometry": {"encoding": "WKB", "crs": crs}}}
    shapes = [box(385000, 6672000, 385010, 6672020)]
    path = written(tmp_path / "buildings.parquet", {"id": ["b7"], "height": [9.5], "use": ["church"]}, shapes, geo)
    found = read_file(path)
    [layer] = found.layers
    assert (layer.name, found.crs) == ("buildings", "EPSG:32635")
    assert layer.ids[0] == "buildings/b7"
    assert layer.tags[0]["height"] == "9.5"
    assert load_layer_specs().protects(dict(layer.tags[0]))
    assert layer.geometry[0].area == pytest.approx(200.0)


def test_that_a_file_without_a_system_is_longitude_and_latitude_and_null_asks_for_it(tmp_path):
    path = written(tmp_path / "buildings.parquet", {"height": [6.0]}, [house(0)])
    assert read_file(path, project_crs="EPSG:32635").layers[0].geometry[0].area == pytest.approx(123.4, abs=2.0)
    geo = {**GEO, "columns": {"geometry": {"encoding": "WKB", "crs": None}}}
    far = written(tmp_path / "far.parquet", {"height": [6.0]}, [box(385000, 6672000, 385010, 6672020)], geo)
    with pytest.raises(InputError, match="does not say its coordinate system"):
        read_file(far, kind="buildings")


def test_that_buildings_of_overture_keep_storeys_and_what_protects_them(tmp_path):
    rows = [
        {"id": "a", "subtype": "residential", "class": "apartments", "num_floors": 4, "name": "Long House"},
        {"id": "b", "subtype": "religious", "class": None, "height": 12.0},
        {"id": "c", "subtype": "education", "class": None},
        {"id": "d", "subtype": "transportation", "class": "garage", "is_underground": True},
        {"id": "e", "subtype": None, "class": None},
    ]
    found = read_file(overture(tmp_path / "city.parquet", rows, [house(n) for n in range(5)]))
    tags = {each.removeprefix("city/"): dict(its) for each, its in zip(found.layers[0].ids, found.layers[0].tags, strict=True)}
    assert [tags[each]["building"] for each in "abcde"] == ["apartments", "religious", "school", "garage", "yes"]
    assert tags["a"]["building:levels"] == "4"
    assert tags["a"]["name"] == "Long House"
    assert tags["d"]["location"] == "underground"
    assert "level" not in tags["a"]  # of Overture the order of drawing, of OpenStreetMap a storey
    protects = load_layer_specs().protects
    assert [each for each in "abcde" if protects(tags[each])] == ["a", "b", "c"]  # homes, too
    assert any("sources" in str(remark) for remark in found.remarks)


def test_that_every_protected_category_of_overture_is_a_place_or_asked_about(tmp_path):
    kinds = ["church_cathedral", "mosque", "hindu_temple", "elementary_school", "doctor", "lawyer", "labor_union", "playground"]
    kinds += ["political_organization", "retirement_home", "homeless_shelter", "cemeteries", "media_news_company", "synagogue"]
    rows = [{"primary": each, "alternate": ["coffee_shop"]} for each in kinds]
    shapes = [Point(LON + n * 1e-3, LAT) for n in range(len(kinds))]
    names = [{"primary": f"N {n}"} for n in range(len(kinds))]
    path = written(tmp_path / "places.parquet", {"names": names, "categories": rows}, shapes)
    found = read_file(path, kind="places")
    protects = load_layer_specs().protects
    [layer] = found.layers
    unprotected = [kinds[n] for n, tags in enumerate(layer.tags) if not protects(dict(tags))]
    assert not unprotected


def test_that_a_category_beside_the_first_one_protects_too(tmp_path):
    columns = {"names": [{"primary": "Hall"}], "categories": [{"primary": "event_venue", "alternate": ["mosque"]}]}
    found = read_file(written(tmp_path / "places.parquet", columns, [Point(LON, LAT)]), kind="places")
    assert load_layer_specs().protects(dict(found.layers[0].tags[0]))


@pytest.mark.parametrize(
    ("geo", "words"),
    [
        (None, "says of no column that it holds shapes"),
        ({**GEO, "columns": {"geometry": {"encoding": "polygon"}}}, "written as polygon"),
        ({**GEO, "columns": "x"}, "says of no column"),
        ({**GEO, "primary_column": "shape", "columns": {"shape": {"encoding": "WKB"}}}, "written as WKB"),
    ],
)
def test_that_a_table_without_shapes_as_wkb_says_what_to_do(tmp_path, geo, words):
    with pytest.raises(InputError, match=words):
        read_file(written(tmp_path / "buildings.parquet", {"height": [3.0]}, [house(0)], geo))


def test_that_rows_without_a_shape_or_with_bytes_that_are_none_are_told(tmp_path):
    table = pa.table({"id": ["a", "b", "c"], "geometry": [shapely.to_wkb(house(0)), None, b"no shape"]})
    path = tmp_path / "buildings.parquet"
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(GEO)}), path)
    found = read_file(path)
    assert len(found.layers[0]) == 1
    assert any("b" in str(each) and "c" in str(each) for each in found.remarks)


def test_that_a_file_that_unpacks_beyond_measure_is_refused_before_it_is_read(tmp_path):
    rows = 300_000  # one value as often: some kilobytes, 300 MB of it as text
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 1000]))
    table = pa.table({"a": column, "geometry": pa.nulls(rows, pa.binary())})
    path = tmp_path / "bomb.parquet"
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(GEO)}), path)
    assert path.stat().st_size < 5_000_000
    with pytest.raises(InputError, match="unpacked, this file would hold"):
        read_file(path, kind="buildings")


def test_that_damage_is_a_sentence(tmp_path):
    path = written(tmp_path / "buildings.parquet", {"height": [3.0] * 50}, [house(n) for n in range(50)])
    content = bytearray(path.read_bytes())
    content[20:200] = bytes(180)
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_file(path)
