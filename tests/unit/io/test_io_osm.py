"""Facts about reading OpenStreetMap: which layer claims a feature, how cameras are read, what is never read."""

import pytest
from osm_files import Node, Relation, Way, square, write

from lhasaplan.core.model.camera import Kind, Mount
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file


def layers_of(imported):
    return {layer.name: dict(zip(layer.ids, layer.tags, strict=True)) for layer in imported.layers}


def shapes_of(imported, name):
    layer = next(layer for layer in imported.layers if layer.name == name)
    return {feature_id: shape.geom_type for feature_id, shape in zip(layer.ids, layer.geometry, strict=True)}


def one_square(path, tags, nodes=()):
    corners, ring = square(1, 24.94, 60.17)
    return read_file(write(path, [*corners, *nodes], [Way(id=7, nodes=ring, tags=tags)]))


def camera(path, **tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    node = Node(id=5, location=(24.94, 60.17), tags={"man_made": "surveillance", **tags})
    return read_file(write(path / "c.osm.pbf", [node]))


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_that_every_form_of_the_file_is_read(tmp_path, ending):
    imported = one_square(tmp_path / f"town{ending}", {"building": "yes"})
    assert layers_of(imported)["buildings"] == {"way/7": {"building": "yes"}}
    assert imported.crs == "EPSG:32635"


def test_that_a_building_with_an_amenity_is_a_building_only(tmp_path):
    imported = one_square(tmp_path / "a.osm.pbf", {"building": "yes", "amenity": "school", "name": "A"})
    assert layers_of(imported) == {"buildings": {"way/7": {"building": "yes", "amenity": "school", "name": "A"}}}


def test_that_a_square_is_ground_and_a_roundabout_a_line(tmp_path):
    plaza = one_square(tmp_path / "p.osm.pbf", {"highway": "pedestrian", "area": "yes"})
    ring = one_square(tmp_path / "r.osm.pbf", {"highway": "primary", "junction": "roundabout"})
    assert shapes_of(plaza, "roads") == {"way/7": "Polygon"}
    assert shapes_of(ring, "roads") == {"way/7": "LineString"}


def test_that_a_railway_platform_is_ground_among_the_roads(tmp_path):
    assert shapes_of(one_square(tmp_path / "p.osm.pbf", {"railway": "platform"}), "roads") == {"way/7": "Polygon"}


def test_that_layers_get_what_their_files_name(tmp_path):
    nodes = [
        Node(id=50, location=(24.9, 60.1), tags={"highway": "crossing"}),
        Node(id=51, location=(24.9, 60.1), tags={"natural": "tree", "height": "9"}),
        Node(id=52, location=(24.9, 60.1), tags={"amenity": "clinic", "healthcare": "clinic"}),
        Node(id=53, location=(24.9, 60.1), tags={"created_by": "somebody"}),
    ]
    found = layers_of(one_square(tmp_path / "n.osm.pbf", {"boundary": "administrative", "name": "Old town"}, nodes))
    assert {name: sorted(features) for name, features in found.items()} == {
        "areas": ["way/7"],
        "trees": ["node/51"],
        "places": ["node/50", "node/52"],
    }


def test_that_a_courtyard_of_a_multipolygon_stays_open(tmp_path):
    outer, outer_ring = square(1, 24.94, 60.17, 0.003)
    inner, inner_ring = square(11, 24.941, 60.171, 0.001)
    ways = [Way(id=1, nodes=outer_ring), Way(id=2, nodes=inner_ring)]
    whole = Relation(id=9, members=[("w", 1, "outer"), ("w", 2, "inner")], tags={"type": "multipolygon", "building": "yes"})
    imported = read_file(write(tmp_path / "m.osm.pbf", outer + inner, ways, [whole]))
    layer = imported.layers[0]
    assert list(layer.ids) == ["relation/9"]
    assert len(layer.geometry[0].interiors) == 1


def test_that_a_ring_of_two_points_is_a_remark_and_the_rest_is_read(tmp_path):
    corners, ring = square(1, 24.94, 60.17)
    ways = [Way(id=1, nodes=ring, tags={"building": "yes"}), Way(id=2, nodes=[1, 2, 1], tags={"building": "house"})]
    imported = read_file(write(tmp_path / "b.osm.pbf", corners, ways))
    assert list(layers_of(imported)["buildings"]) == ["way/1"]
    assert [remark.where.item for remark in imported.remarks] == ["way/2"]


def test_that_an_open_building_is_a_remark(tmp_path):
    corners, ring = square(1, 24.94, 60.17)
    ways = [Way(id=1, nodes=ring, tags={"building": "yes"}), Way(id=2, nodes=ring[:3], tags={"building": "house"})]
    assert [r.where.item for r in read_file(write(tmp_path / "b.osm.pbf", corners, ways)).remarks] == ["way/2"]


def test_that_a_road_cut_by_the_edge_keeps_the_points_it_has(tmp_path):
    nodes = [Node(id=1, location=(24.94, 60.17)), Node(id=2, location=(24.95, 60.17))]
    imported = read_file(write(tmp_path / "e.osm.pbf", nodes, [Way(id=3, nodes=[1, 2, 99], tags={"highway": "service"})]))
    assert len(imported.layers[0].geometry[0].coords) == 2


def test_that_a_part_lends_its_height_only_to_an_outline_without_one(tmp_path):
    (low, low_ring), (high, high_ring) = square(1, 24.94, 60.17, 0.003), square(11, 24.95, 60.17, 0.003)
    (part, part_ring), (other, other_ring) = square(21, 24.941, 60.171), square(31, 24.951, 60.171)
    ways = [
        Way(id=1, nodes=low_ring, tags={"building": "yes"}),
        Way(id=2, nodes=high_ring, tags={"building": "yes", "building:levels": "2"}),
        Way(id=3, nodes=part_ring, tags={"building:part": "yes", "height": "21"}),
        Way(id=4, nodes=other_ring, tags={"building:part": "yes", "height": "30"}),
    ]
    found = layers_of(read_file(write(tmp_path / "p.osm.pbf", low + high + part + other, ways)))["buildings"]
    assert found == {
        "way/1": {"building": "yes", "height": "21"},
        "way/2": {"building": "yes", "building:levels": "2"},
    }


@pytest.mark.parametrize("key", ["religion", "denomination", "Religion", "religion:zh", "was:religion", "religion_1"])
@pytest.mark.parametrize("tags", [{"building": "church"}, {"amenity": "place_of_worship"}])
def test_that_the_faith_of_a_place_is_never_read(tmp_path, key, tags):
    imported = one_square(tmp_path / "f.osm.pbf", {**tags, key: "any", "name": "N"})
    (features,) = layers_of(imported).values()
    assert features == {"way/7": {**tags, "name": "N"}}


def test_that_no_layer_file_can_bring_the_faith_of_a_place_back(tmp_path):
    import shutil

    from lhasaplan.content import content_folder
    from lhasaplan.io.content.layer_spec import load_layer_specs
    from lhasaplan.io.osm.features import read_osm

    folder = tmp_path / "layers"
    shutil.copytree(content_folder("layers"), folder)
    kept = folder / "kept_tags.toml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("keep = [", 'keep = ["religion", '), encoding="utf-8")
    node = Node(id=1, location=(24.9, 60.1), tags={"amenity": "place_of_worship", "religion": "any"})
    found = read_osm(write(tmp_path / "f.osm.pbf", [node]), load_layer_specs(folder))
    assert found.layers[0].tags == ({"amenity": "place_of_worship"},)


def test_that_the_date_is_the_one_in_the_header(tmp_path):
    node = Node(id=1, location=(24.9, 60.1), tags={"amenity": "bench"}, timestamp="2020-01-01T00:00:00Z")
    dated = write(tmp_path / "d.osm.pbf", [node], header={"osmosis_replication_timestamp": "2023-12-26T21:21:22Z"})
    plain = write(tmp_path / "e.osm.pbf", [node])
    assert [read_file(path).record.date for path in (dated, plain)] == ["2023-12-26", "2020-01-01"]


def test_that_the_licence_goes_with_the_data(tmp_path):
    record = one_square(tmp_path / "l.osm.pbf", {"building": "yes"}).record
    assert (record.path, record.licence, record.features) == ("l.osm.pbf", "© OpenStreetMap contributors, ODbL 1.0", 1)


def test_that_one_kind_can_be_asked_for(tmp_path):
    corners, ring = square(1, 24.94, 60.17)
    ways = [Way(id=1, nodes=ring, tags={"building": "yes"}), Way(id=2, nodes=ring[:2], tags={"highway": "path"})]
    path = write(tmp_path / "k.osm.pbf", corners, ways)
    assert list(layers_of(read_file(path, "roads"))) == ["roads"]


def test_that_a_broken_file_is_an_input_error(tmp_path):
    (tmp_path / "x.osm.pbf").write_bytes(b"this is no map")
    with pytest.raises(InputError, match=r"x\.osm\.pbf"):
        read_file(tmp_path / "x.osm.pbf")


def test_that_a_camera_with_a_position_alone_stays_unknown_in_everything_else(tmp_path):
    (found,) = camera(tmp_path).cameras
    assert found.camera_id == "node/5"
    assert found.source == "OpenStreetMap"
    assert {found.azimuth_deg, found.tilt_deg, found.kind, found.mount, found.mount_height_m} == {None}


def test_that_a_camera_keeps_what_is_tagged(tmp_path):
    (found,) = camera(
        tmp_path, camera__type="dome", camera__mount="wall", direction="NNE", height="5 m", camera__angle="15", operator="O"
    ).cameras
    assert (found.kind, found.mount, found.azimuth_deg) == (Kind.DOME, Mount.WALL, 22.5)
    assert (found.mount_height_m, found.tilt_deg, found.owner) == (5.0, 15.0, "O")


def test_that_what_a_map_links_to_and_who_answers_for_it_is_kept_and_the_day_is_that_of_installation(tmp_path):
    kept = {"image": "https://example.org/1.jpg", "mapillary": "123", "panoramax": "a-b", "camera:polarized": "yes"}
    kept |= {"contact:phone": "+358 1", "manufacturer": "Axis", "model": "P3245", "check_date": "2026-05-01"}
    named = {key.replace(":", "__"): value for key, value in kept.items()}
    (read,) = camera(tmp_path, start_date="2024-05-01", **named).cameras
    assert (read.installed_on, {key: read.extra[key] for key in kept}) == ("2024-05-01", kept)
    (tmp_path / "year").mkdir()
    (vague,) = camera(tmp_path / "year", start_date="2019").cameras
    assert (vague.installed_on, vague.extra["start_date"]) == ("", "2019")


def test_that_several_directions_are_several_cameras(tmp_path):
    found = camera(tmp_path, camera__direction="90;270", direction="10").cameras
    assert [(each.camera_id, each.azimuth_deg) for each in found] == [("node/5#1", 90.0), ("node/5#2", 270.0)]


def test_that_a_guard_is_no_camera(tmp_path):
    with pytest.raises(InputError, match="nothing in this file"):
        camera(tmp_path, surveillance__type="guard")


@pytest.mark.parametrize(
    ("named", "kind"),
    [({}, Kind.PLATE_READER), ({"camera__type": "fixed"}, Kind.PLATE_READER), ({"camera__type": "dome"}, Kind.DOME)],
)
def test_that_a_reader_of_number_plates_has_lenses_of_its_own_kind(tmp_path, named, kind):
    assert camera(tmp_path, surveillance__type="ALPR", **named).cameras[0].kind is kind


def test_that_a_camera_indoors_is_mounted_indoors(tmp_path):
    assert camera(tmp_path, surveillance="indoor", camera__mount="ceiling").cameras[0].mount is Mount.INDOOR


def test_that_an_estimated_height_says_so(tmp_path):
    (found,) = camera(tmp_path, est_height="6").cameras
    assert (found.mount_height_m, found.extra["height_source"]) == (6.0, "est_height")


@pytest.mark.parametrize(
    ("key", "value"), [("direction", "up"), ("direction", "400"), ("height", "high"), ("camera:angle", "steep")]
)
def test_that_an_odd_value_is_a_remark_and_counts_as_unknown(tmp_path, key, value):
    imported = camera(tmp_path, **{key: value})
    assert [remark.params for remark in imported.remarks] == [{"key": key, "value": value}]
    assert imported.cameras[0].azimuth_deg is None


def test_that_a_camera_drawn_as_ground_stands_in_its_middle(tmp_path):
    imported = one_square(tmp_path / "w.osm.pbf", {"man_made": "surveillance"})
    (found,) = imported.cameras
    assert found.camera_id == "way/7"
    assert imported.layers == ()


def test_that_a_camera_has_the_date_of_its_last_edit_else_of_the_file(tmp_path):
    tags = {"man_made": "surveillance"}
    nodes = [
        Node(id=1, location=(24.9, 60.1), tags=tags, timestamp="2019-05-08T21:09:42Z"),
        Node(id=2, location=(24.9, 60.1), tags=tags),
    ]
    path = write(tmp_path / "t.osm.pbf", nodes, header={"osmosis_replication_timestamp": "2023-12-26T21:21:22Z"})
    assert [each.source_date for each in read_file(path).cameras] == ["2019-05-08", "2023-12-26"]


def test_that_a_fence_round_a_school_yard_leaves_the_yard_ground(tmp_path):
    yard = one_square(tmp_path / "y.osm.pbf", {"amenity": "school", "barrier": "fence"})
    fence = one_square(tmp_path / "f.osm.pbf", {"barrier": "fence"})
    assert shapes_of(yard, "places") == {"way/7": "Polygon"}
    assert shapes_of(fence, "places") == {"way/7": "LineString"}


def test_that_a_wooded_cemetery_is_a_place_first(tmp_path):
    found = one_square(tmp_path / "c.osm.pbf", {"landuse": "cemetery", "natural": "wood"})
    assert shapes_of(found, "places") == {"way/7": "Polygon"}


def test_that_a_house_mapped_as_a_point_is_a_place(tmp_path):
    node = Node(id=1, location=(24.9, 60.1), tags={"building": "house"})
    assert shapes_of(read_file(write(tmp_path / "h.osm.pbf", [node])), "places") == {"node/1": "Point"}


def test_that_a_room_is_a_wall_beside_what_else_it_is(tmp_path):
    nodes, ring = square(1, 24.9, 60.1)
    tags = {"indoor": "room", "shop": "books", "level": "1", "name": "Books"}
    found = read_file(write(tmp_path / "a.osm", nodes, [Way(id=9, nodes=ring, tags=tags)]))
    layers = {layer.name: layer for layer in found.layers}
    assert layers["floor_walls"].tags == ({"indoor": "room", "level": "1"},)  # nothing that could make it a place
    assert layers["floor_walls"].geometry[0].geom_type == "Polygon"
    assert layers["places"].tags[0]["shop"] == "books"


def test_that_a_wall_indoors_is_a_line_and_an_area_without_walls_is_none(tmp_path):
    nodes, ring = square(1, 24.9, 60.1)
    ways = [
        Way(id=7, nodes=[1, 2], tags={"indoor": "wall"}),
        Way(id=8, nodes=ring, tags={"indoor": "wall", "level": "0;1"}),
        Way(id=9, nodes=ring, tags={"indoor": "area"}),
    ]
    (layer,) = read_file(write(tmp_path / "a.osm", nodes, ways)).layers
    assert (layer.name, sorted(layer.ids)) == ("floor_walls", ["way/7", "way/8"])
    assert {each.geom_type for each in layer.geometry} == {"LineString"}


def test_that_an_indoor_camera_keeps_its_level(tmp_path):
    (found,) = camera(tmp_path, indoor="yes", level="-1").cameras
    assert (found.mount, found.level, "level" in found.extra) == (Mount.INDOOR, "-1", False)


@pytest.mark.parametrize(
    ("tags", "kind", "mount", "unread"),
    [
        ({"camera__type": "Dome", "camera__mount": "Wall"}, Kind.DOME, Mount.WALL, []),
        ({"camera__type": "panning;ptz"}, Kind.PAN_TILT, None, []),
        ({"camera__type": "dome;odd"}, Kind.DOME, None, []),
        ({"camera__type": "dome;fixed"}, None, None, ["camera:type"]),
        ({"camera__type": "odd", "camera__mount": "pole;wall"}, None, None, ["camera:mount", "camera:type"]),
    ],
)
def test_that_kind_and_mount_are_read_in_capitals_and_lists_and_doubted_where_they_differ(tmp_path, tags, kind, mount, unread):
    imported = camera(tmp_path, **tags)
    (found,) = imported.cameras
    assert (found.kind, found.mount) == (kind, mount)
    assert [remark.params["key"] for remark in imported.remarks] == unread == sorted(found.extra)


def test_that_a_lamp_that_is_a_camera_too_is_a_camera(tmp_path):
    node = Node(id=5, location=(24.94, 60.17), tags={"man_made": "street_lamp; surveillance"})
    imported = read_file(write(tmp_path / "c.osm.pbf", [node]))
    assert [each.camera_id for each in imported.cameras] == ["node/5"]
