"""Facts about map files: layers by name or by tags, attributes as tags, cameras as points, systems and refusals."""

import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely

from lhasaplan.content import content_folder
from lhasaplan.errors import InputError
from lhasaplan.io.content import layer_spec
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.tags import tags_of_rows, unfolded

SQUARE = shapely.box(24.94, 60.17, 24.941, 60.171)
OTHER = shapely.box(24.942, 60.17, 24.943, 60.172)
POINT = shapely.Point(24.94, 60.17)


def write(path, features, crs="EPSG:4326", layer=None, **options):
    """Write (geometry, {field: value}) pairs; every field of any feature becomes a column."""
    fields = list(dict.fromkeys(key for _, tags in features for key in tags))
    columns = [np.array([tags.get(field) for _, tags in features], object) for field in fields]
    kinds = {shape.geom_type for shape, _ in features}
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape, _ in features], object),
        columns,
        fields,
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=crs,
        layer=layer,
        **options,
    )
    return path


def only(imported):
    (layer,) = imported.layers
    return layer


@pytest.mark.parametrize("name", ["buildings.gpkg", "buildings.shp", "buildings.geojson", "buildings.fgb"])
def test_that_every_format_gives_the_same_building(tmp_path, name):
    layer = only(read_file(write(tmp_path / name, [(SQUARE, {"hoehe": "12,5", "name": "A"})])))
    assert layer.name == "buildings"
    assert layer.tags[0] == {"building": "yes", "hoehe": "12,5", "height": "12,5", "name": "A", "source:height": "table"}
    assert layer.geometry[0].area == pytest.approx(55.5 * 111.4, rel=0.01)  # 0.001 degrees each way at 60.17 N


def test_that_a_zipped_shapefile_is_read(tmp_path):
    write(tmp_path / "houses.shp", [(SQUARE, {"name": "A"})])
    with zipfile.ZipFile(tmp_path / "houses.zip", "w") as archive:
        for part in tmp_path.glob("houses.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    assert only(read_file(tmp_path / "houses.zip", "buildings")).tags[0]["name"] == "A"


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("GBK", "用途：住宅；拉萨市城关区"),
        ("UTF-8", "用途：住宅"),
        ("UTF-8", "Hôtel de la Préfecture"),
        ("CP1252", "Résidence d'été à la mer"),
        ("CP1250", "Škola pod Řípem, žluťoučký"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_that_a_shapefile_that_does_not_say_its_encoding_is_read_in_it(tmp_path, encoding, label, zipped):
    path = write(tmp_path / "houses.shp", [(SQUARE, {"name": label})], encoding=encoding)
    (tmp_path / "houses.cpg").unlink()
    if zipped:
        path = tmp_path / "houses.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("houses.*"):
                if part != path:
                    archive.write(part, part.name)
    assert only(read_file(path, "buildings")).tags[0]["name"] == label


def test_that_all_layers_of_a_geopackage_are_read_each_by_its_name(tmp_path):
    path = tmp_path / "city.gpkg"
    write(path, [(SQUARE, {"levels": "3"})], layer="Gebäude")
    write(path, [(shapely.LineString([(24.94, 60.17), (24.95, 60.17)]), {"highway": "primary"})], layer="roads", append=True)
    write(path, [(POINT, {"camera_id": "A", "azimuth": 90.0})], layer="cameras", append=True)
    found = read_file(path)
    assert {layer.name: len(layer) for layer in found.layers} == {"buildings": 1, "roads": 1}
    assert found.layers[0].tags[0]["building:levels"] == "3"
    assert [(camera.camera_id, camera.azimuth_deg) for camera in found.cameras] == [("A", 90.0)]
    assert [layer.name for layer in read_file(f"{path}|layername=roads").layers] == ["roads"]


def test_that_features_with_tags_are_sorted_as_in_openstreetmap(tmp_path):
    path = write(
        tmp_path / "export.geojson",
        [
            (SQUARE, {"building": "school", "@id": "way/1"}),
            (POINT, {"amenity": "bench", "@id": "node/2"}),
            (POINT, {"man_made": "surveillance", "direction": "90;180", "@id": "node/3"}),
            (POINT, {"note": "nothing", "@id": "node/4"}),
        ],
    )
    found = read_file(path)
    assert {layer.name: list(layer.ids) for layer in found.layers} == {"buildings": ["way/1"], "places": ["node/2"]}
    assert [camera.camera_id for camera in found.cameras] == ["node/3#1", "node/3#2"]
    assert found.remarks[-1].params["count"] == 1


@pytest.mark.parametrize("name", ["places.gpkg", "places.geojson", "places.shp", "places.fgb"])
def test_that_the_faith_of_a_place_is_never_read_from_a_map_file(tmp_path, name):
    second = "denominati" if name.endswith(".shp") else "denomination"  # a Shapefile cuts names to ten letters
    tags = {"amenity": "place_of_worship", "religion": "any", second: "any"}
    layer = only(read_file(write(tmp_path / name, [(POINT, tags)])))
    assert layer.tags == ({"amenity": "place_of_worship"},)


@pytest.mark.parametrize(
    "nested", ['"name"=>"N","religion"=>"any","denomination"=>"any"', '{"name": "N", "religion": "any", "religion:zh": "any"}']
)
def test_that_the_faith_of_a_place_cannot_hide_in_a_column_of_many_tags(tmp_path, nested):
    path = write(tmp_path / "places.gpkg", [(POINT, {"amenity": "place_of_worship", "other_tags": nested})])
    assert only(read_file(path)).tags == ({"amenity": "place_of_worship", "name": "N"},)


def test_that_the_faith_of_a_place_is_no_extra_of_a_camera(tmp_path):
    path = write(tmp_path / "cameras.geojson", [(POINT, {"religion": "any", "Bezirk": "Mitte"})])
    assert read_file(path).cameras[0].extra == {"Bezirk": "Mitte"}


def test_that_camera_points_tell_all_faults_by_feature(tmp_path):
    path = write(
        tmp_path / "cameras.geojson", [(POINT, {"id": "A", "azimuth": 400.0}), (POINT, {"id": "A", "azimuth": 90.0, "fov": 0.0})]
    )
    with pytest.raises(InputError) as caught:
        read_file(path)
    assert sorted((fault.where.item, fault.where.column) for fault in caught.value.faults) == [
        ("feature 1", "azimuth"),
        ("feature 2", "fov"),
        ("feature 2", "id"),
    ]


def test_that_a_camera_that_is_no_point_is_a_fault(tmp_path):
    with pytest.raises(InputError, match="stands at a point"):
        read_file(write(tmp_path / "cameras.geojson", [(SQUARE, {"id": "A"})]))


def test_that_a_layer_of_which_nothing_is_known_asks_for_its_kind(tmp_path):
    path = write(tmp_path / "stuff.geojson", [(POINT, {"note": "x"})])
    with pytest.raises(InputError, match="--as"):
        read_file(path)
    assert only(read_file(path, "places")).tags == ({"note": "x"},)


def test_that_positions_in_another_system_land_on_the_same_spot(tmp_path):
    gauss = shapely.transform(POINT, lambda _: np.array([[385_700.0, 6_672_200.0]]))
    metres = read_file(
        write(tmp_path / "cameras.gpkg", [(gauss, {"id": "A"})], crs="EPSG:3067"), project_crs="EPSG:32635"
    ).cameras[0]
    assert (metres.x_m, metres.y_m) == pytest.approx(
        (385_700.0, 6_672_200.0), abs=0.01
    )  # ETRS-TM35FIN is UTM 35 on another datum


def test_that_web_mercator_data_are_read_into_a_metric_grid(tmp_path):
    mercator = shapely.Point(2_776_308.1, 8_438_000.0)
    found = read_file(write(tmp_path / "cameras.gpkg", [(mercator, {"id": "A"})], crs="EPSG:3857"))
    assert found.crs == "EPSG:32635"


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_that_metres_without_a_system_ask_for_it(tmp_path):
    path = write(tmp_path / "buildings.shp", [(shapely.box(385_000, 6_672_000, 385_010, 6_672_010), {"name": "A"})], crs=None)
    with pytest.raises(InputError, match="--crs"):
        read_file(path)
    found = read_file(path, crs="EPSG:32635")
    assert only(found).geometry[0].area == pytest.approx(100.0)
    assert "it is read in EPSG:32635" in str(found.remarks[0])


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_that_a_system_that_does_not_exist_is_a_fault_even_where_the_file_and_the_project_say_theirs(tmp_path):
    path = write(tmp_path / "buildings.geojson", [(SQUARE, {})])
    with pytest.raises(InputError, match="EPSG:99999 is not a known coordinate system"):
        read_file(path, crs="EPSG:99999", project_crs="EPSG:32635")


def test_that_degrees_without_a_system_are_taken_as_such_and_said(tmp_path):
    found = read_file(write(tmp_path / "buildings.shp", [(SQUARE, {"name": "A"})], crs=None))
    assert found.crs == "EPSG:32635"
    assert "does not say its coordinate system" in str(found.remarks[0])


def test_that_a_file_of_an_unknown_form_is_told_the_known_ones(tmp_path):
    (tmp_path / "city.dwg").write_bytes(b"x")
    with pytest.raises(InputError, match=r"\.gpkg"):
        read_file(tmp_path / "city.dwg")


def test_that_buildings_that_are_no_ground_are_left_out_and_counted(tmp_path):
    path = write(tmp_path / "buildings.gpkg", [(SQUARE, {"name": "A"}), (POINT, {"name": "B"})])
    found = read_file(path)
    assert len(only(found)) == 1
    assert found.remarks[0].params == {"count": 1, "layer": "buildings", "ids": "buildings/2"}


def test_that_a_crossed_outline_becomes_valid_and_a_flat_one_is_named(tmp_path):
    bow = shapely.Polygon([(24.94, 60.17), (24.941, 60.171), (24.941, 60.17), (24.94, 60.171)])
    flat = shapely.Polygon([(24.94, 60.17), (24.941, 60.171), (24.94, 60.17), (24.941, 60.171)])
    found = read_file(write(tmp_path / "buildings.gpkg", [(bow, {"name": "A"}), (flat, {"name": "B"})]))
    assert [shape.is_valid for shape in only(found).geometry] == [True]
    assert "no area" in str(found.remarks[-1])


def test_that_ids_come_from_the_file_only_when_each_is_different(tmp_path):
    good = write(tmp_path / "buildings.gpkg", [(SQUARE, {"id": "a"}), (SQUARE, {"id": "b"})])
    bad = write(tmp_path / "bati.gpkg", [(SQUARE, {"id": "a"}), (OTHER, {"id": "a"})])
    assert list(only(read_file(good)).ids) == ["buildings/a", "buildings/b"]
    one, other = only(read_file(bad)).ids
    assert one != other
    assert {one[:5], other[:5]} == {"bati/"}


def test_that_ids_that_are_made_are_those_of_the_ground_whatever_the_order_of_rows_and_corners(tmp_path):
    """Rows shuffled, a row on top, rings that begin elsewhere, two of one ground: each keeps its id."""
    far = shapely.transform(SQUARE, lambda xy: xy + 0.001)
    turned = shapely.Polygon(np.roll(shapely.get_coordinates(SQUARE)[:-1], 1, axis=0))
    rows = [(SQUARE, {"use": "shop"}), (OTHER, {"use": "depot"}), (OTHER, {"use": "home"})]

    def ids(name, some):
        layer = only(read_file(write(tmp_path / name / "bati.geojson", some)))
        return dict(zip((tags["use"] for tags in layer.tags), layer.ids, strict=True))

    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
    found = ids("a", rows)
    assert len(set(found.values())) == 3
    assert ids("b", rows[::-1]) == found
    assert ids("c", [(turned, {"use": "shop"}), *rows[1:]]) == found
    on_top = ids("d", [(far, {"use": "kiosk"}), *rows])
    assert {use: on_top[use] for use in found} == found


def test_that_nonsense_heights_are_listed_up_to_fifty_and_then_counted(tmp_path):
    path = write(tmp_path / "buildings.gpkg", [(SQUARE, {"height": "0"})] * 60)
    remarks = read_file(path).remarks
    assert len(remarks) == 51
    assert remarks[-1].params == {"count": 10}


def test_that_a_broken_map_file_is_an_input_error(tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"no map")
    with pytest.raises(InputError, match=r"x\.gpkg"):
        read_file(tmp_path / "x.gpkg")


def test_that_nested_properties_of_geojson_are_taken_apart(tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [24.94, 60.17]},
        "properties": {"tags": {"amenity": "place_of_worship", "religion": "any"}},
    }
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert only(read_file(path)).tags == ({"amenity": "place_of_worship"},)


def test_that_cameras_exported_from_openstreetmap_are_read_by_their_tags(tmp_path):
    tags = {"@id": "node/3", "man_made": "surveillance", "direction": "90;180", "camera:mount": "street_lamp"}
    found = read_file(write(tmp_path / "cameras.geojson", [(POINT, tags), (POINT, {"@id": "node/4", "man_made": "mast"})]))
    assert [(camera.camera_id, camera.mount) for camera in found.cameras] == [("node/3#1", "pole"), ("node/3#2", "pole")]
    assert found.layers == ()


def test_that_an_empty_layer_does_not_stop_the_others(tmp_path):
    path = write(tmp_path / "city.gpkg", [(SQUARE, {"name": "A"})], layer="buildings")
    nothing = np.empty(0, object)
    pyogrio.raw.write(path, nothing, [nothing], ["x"], geometry_type="Point", crs="EPSG:4326", layer="stuff", append=True)
    assert [layer.name for layer in read_file(path).layers] == ["buildings"]


def test_that_a_floor_plan_of_lines_is_read_by_its_name_with_its_levels(tmp_path):
    line = shapely.LineString([(24.94, 60.17), (24.9401, 60.17)])
    layer = only(read_file(write(tmp_path / "Grundriss.geojson", [(line, {"Geschoss": "2"})])))
    assert (layer.name, layer.tags[0]["indoor"], layer.tags[0]["level"]) == ("floor_walls", "wall", "2")


def test_that_rooms_exported_from_openstreetmap_are_walls_beside_what_they_are(tmp_path):
    path = write(tmp_path / "all.geojson", [(SQUARE, {"indoor": "room", "amenity": "toilets"})])
    layers = {layer.name: layer for layer in read_file(path).layers}
    assert layers["places"].tags[0]["amenity"] == "toilets"
    assert layers["floor_walls"].tags == ({"indoor": "room"},)


@pytest.mark.parametrize("name", ["buildings.shp", "buildings.geojson"])
def test_that_a_column_is_a_key_in_other_letters_or_as_a_shapefile_cuts_it(tmp_path, name):
    written = {"BUILDING": "office", "Amenity": "clinic", "ADDR_FLATS": "1-8", "social_fac": "shelter"}
    tags = only(read_file(write(tmp_path / name, [(SQUARE, written)]))).tags[0]
    meant = {"building": "office", "amenity": "clinic", "addr:flats": "1-8", "social_facility": "shelter"}
    assert {key: tags.get(key) for key in meant} == meant


def test_that_tags_in_capitals_are_sorted_as_any_others(tmp_path):
    (layer,) = read_file(write(tmp_path / "x.geojson", [(POINT, {"AMENITY": "clinic"})])).layers
    assert (layer.name, layer.tags) == ("places", ({"amenity": "clinic"},))


def test_that_a_key_which_a_person_adds_to_the_protected_kinds_is_read_from_maps(tmp_path, monkeypatch):
    kinds = (content_folder("data") / "protected.toml").read_text(encoding="utf-8")
    more = '[[kind]]\nname = "club"\nclass = "protected"\ntags = ["club=*"]\n'
    (tmp_path / "protected.toml").write_text(kinds + more, encoding="utf-8")
    monkeypatch.setattr(layer_spec, "content_folder", lambda name: tmp_path if name == "data" else content_folder(name))
    (layer,) = read_file(write(tmp_path / "x.geojson", [(POINT, {"club": "chess", "denomination": "x"})])).layers
    assert (layer.name, layer.tags) == ("places", ({"club": "chess"},))


def test_that_a_layer_that_is_not_clear_does_not_keep_the_clear_ones_out_and_is_named(tmp_path):
    path = tmp_path / "city.gpkg"
    write(path, [(SQUARE, {"levels": "3"})], layer="buildings")
    write(path, [(SQUARE, {"zone": "UA1"})], layer="plan_zones", append=True)
    found = read_file(path)
    assert only(found).name == "buildings"
    (remark,) = [each for each in found.remarks if "plan_zones" in str(each)]
    assert "left out" in str(remark)
    assert "|layername=plan_zones" in str(remark)


def test_that_a_file_of_which_no_layer_is_clear_is_refused(tmp_path):
    path = tmp_path / "city.gpkg"
    for number in (1, 2):
        write(path, [(SQUARE, {"zone": "UA1"})], layer=f"zones{number}", append=number > 1)
    with pytest.raises(InputError, match="not clear") as refused:
        read_file(path)
    assert len(refused.value.faults) == 2


def test_that_a_collection_gives_its_ground_and_an_empty_or_missing_outline_is_counted(tmp_path):
    square = shapely.geometry.mapping(SQUARE)
    mixed = {"type": "GeometryCollection", "geometries": [square, {"type": "Point", "coordinates": [24.94, 60.17]}]}
    outlines = [square, mixed, {"type": "Polygon", "coordinates": []}, None]
    features = [{"type": "Feature", "properties": {"building": "house"}, "geometry": each} for each in outlines]
    path = tmp_path / "buildings.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_file(path)
    (remark,) = [each for each in found.remarks if "count" in each.params]
    houses, places = found.layers
    first, second = houses.geometry
    assert first.equals(second)
    assert remark.params["count"] == 2
    assert (places.name, [shape.geom_type for shape in places.geometry]) == ("places", ["Point"])  # its point is protected, too
    assert found.record.unread_protected == 2


def footprints(tmp_path, crs, outline, **columns):
    """Return the path of a GeoPackage of one building with these columns."""
    path = tmp_path / "buildings.gpkg"
    values = [np.array([each], object) for each in columns.values()]
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(outline)]), values, np.array(list(columns), object), crs=crs, geometry_type="Polygon"
    )
    return path


def test_that_heights_in_feet_by_their_heading_become_metres(tmp_path):
    imported = read_file(footprints(tmp_path, "EPSG:4326", SQUARE, HEIGHT_FT="30"))
    assert imported.layers[0].tags[0]["height"] == "9.144"


def test_that_plain_heights_beside_coordinates_in_feet_are_doubted(tmp_path):
    downtown = shapely.box(982_000, 198_000, 982_100, 198_100)  # feet of the state plane of New York
    reported = {
        name: read_file(footprints(tmp_path, "EPSG:2263", downtown, **{name: "30"})).remarks for name in ("height", "height_ft")
    }
    assert [remark.params["column"] for remark in reported["height"]] == ["height"]
    assert reported["height_ft"] == ()


def test_that_buildings_without_any_height_are_told_with_their_columns(tmp_path):
    (remark,) = read_file(footprints(tmp_path, "EPSG:4326", SQUARE, plot="7")).remarks
    assert remark.params["columns"] == "plot"


@pytest.mark.parametrize(
    ("name", "text"), [("a.geojson", "hello"), ("a.gpkg", "hello"), ("a.geojson", '{"type": "FeatureCollection", "fe')]
)
def test_that_no_path_of_the_machine_stands_in_the_words_for_a_broken_file(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / name)
    assert str(tmp_path) not in str(caught.value)
    assert "driver" not in str(caught.value)


def test_that_the_footprints_of_a_city_model_are_read_where_it_has_some(tmp_path):
    ring = " ".join(f"{x} {y} 0" for x, y in SQUARE.exterior.coords)
    (tmp_path / "city.gml").write_text(
        '<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:bldg="http://www.opengis.net/citygml/building/2.0"><core:cityObjectMember><bldg:Building gml:id="b1">'
        '<bldg:lod0FootPrint><gml:MultiSurface srsName="EPSG:4326"><gml:surfaceMember><gml:Polygon><gml:exterior>'
        f'<gml:LinearRing><gml:posList srsDimension="3">{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
        "</gml:surfaceMember></gml:MultiSurface></bldg:lod0FootPrint></bldg:Building></core:cityObjectMember></core:CityModel>"
    )
    assert len(only(read_file(tmp_path / "city.gml", kind="buildings", crs="EPSG:4326"))) == 1


@pytest.mark.parametrize("cell", ["12", "", "a\x07b", "\x07", '{"height": "3"}', '"height"=>"3"', "\u202ex"])
@pytest.mark.parametrize("heading", ["height", "tags", "other_tags", "religion", "hei\x07ght", "Properties"])
def test_that_rows_of_whole_columns_are_the_tags_of_each_row(heading, cell):
    headings, columns = ("name", heading), (["a", "", "c"], ["x", cell, ""])
    rows = zip(*columns, strict=True)
    assert tags_of_rows(headings, columns) == [unfolded({k: v for k, v in zip(headings, row, strict=True) if v}) for row in rows]
