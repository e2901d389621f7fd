"""Facts about drawings (DXF): closed lines, blocks, units, systems, and what is refused."""

import math
import random

import ezdxf
import pytest
import shapely

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import layers_in, read_file
from lhasaplan.io.parse.file_check import load_limits

CRS = "EPSG:25832"
EAST, NORTH = 479_000.0, 5_473_000.0  # Heidelberg
SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0)]


def at(points, dx=0.0, dy=0.0, unit=1.0):
    return [((EAST + dx + x) * unit, (NORTH + dy + y) * unit) for x, y in points]


def drawing(units=6, version="R2013"):
    made = ezdxf.new(version, units=units)
    return made, made.modelspace()


def saved(made, path, **options):
    made.saveas(path, **options)
    return path


def read(path, kind=None, **options):
    return read_file(path, kind, CRS, **options)


def only(imported):
    (layer,) = imported.layers
    return layer


def said(call):
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def remarks(imported):
    return " | ".join(str(each) for each in imported.remarks)


@pytest.mark.parametrize(("version", "form"), [("R12", "asc"), ("R2000", "asc"), ("R2018", "asc"), ("R2013", "bin")])
def test_that_a_closed_line_is_a_building_in_every_form_of_dxf(tmp_path, version, form):
    made, model = drawing(version=version)
    if version == "R12":
        model.add_polyline2d(at(SQUARE), close=True, dxfattribs={"layer": "Gebäude", "thickness": 12.5})
    else:
        model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "Gebäude", "thickness": 12.5})
    layer = only(read(saved(made, tmp_path / "plan.dxf", fmt=form)))
    assert layer.name == "buildings"
    assert layer.geometry[0].equals(shapely.Polygon(at(SQUARE)))
    assert layer.tags[0]["height"] == "12.5"
    assert layer.tags[0]["building"] == "yes"


def test_that_a_line_that_comes_back_to_its_start_is_closed_and_an_open_one_is_told(tmp_path):
    made, model = drawing()
    model.add_lwpolyline([*at(SQUARE), *at(SQUARE[:1])], dxfattribs={"layer": "buildings"})
    model.add_lwpolyline(at(SQUARE, 20.0), dxfattribs={"layer": "buildings"})
    found = read(saved(made, tmp_path / "plan.dxf"))
    assert len(only(found)) == 1
    assert "1 features have no geometry that the layer buildings can take" in remarks(found)


def test_that_millimetres_become_metres_and_it_is_told(tmp_path):
    made, model = drawing(units=4)
    model.add_lwpolyline(at(SQUARE, unit=1000.0), close=True, dxfattribs={"layer": "buildings", "thickness": 9000.0})
    found = read(saved(made, tmp_path / "plan.dxf"))
    assert only(found).geometry[0].area == pytest.approx(50.0)
    assert only(found).tags[0]["height"] == "9"
    assert "millimeters" in remarks(found).lower()


def test_that_a_unit_that_cannot_be_true_is_not_used_and_it_is_told(tmp_path):
    made, model = drawing(units=1)  # inches: what many programs write without asking
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    found = read(saved(made, tmp_path / "plan.dxf"))
    assert only(found).geometry[0].area == pytest.approx(50.0)
    assert "lies nowhere in EPSG:25832; it is read in metres" in remarks(found)


@pytest.mark.parametrize("units", [0, 99])
def test_that_a_drawing_without_a_unit_that_is_known_is_read_in_metres(tmp_path, units):
    made, model = drawing()
    made.header["$INSUNITS"] = units
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    found = read(saved(made, tmp_path / "plan.dxf"))
    assert only(found).geometry[0].area == pytest.approx(50.0)
    assert "does not say its unit" in remarks(found)


def test_that_feet_in_a_grid_of_feet_stay_as_they_are(tmp_path):
    made, model = drawing(units=2)
    corner = (985_000.0, 200_000.0)  # Manhattan in EPSG:2263, US survey feet
    model.add_lwpolyline([(corner[0] + x, corner[1] + y) for x, y in SQUARE], close=True, dxfattribs={"layer": "buildings"})
    found = read_file(saved(made, tmp_path / "plan.dxf"), None, "EPSG:2263", project_crs="EPSG:32618")
    assert only(found).geometry[0].area == pytest.approx(50.0 * 0.3048**2, rel=1e-3)


def test_that_a_block_is_as_if_drawn_in_its_place_and_brings_what_is_written_at_it(tmp_path):
    made, model = drawing()
    house = made.blocks.new("HOUSE")
    house.add_lwpolyline(SQUARE, close=True)
    placed = model.add_blockref("HOUSE", (EAST, NORTH), dxfattribs={"layer": "buildings", "rotation": 90.0, "xscale": 2.0})
    placed.add_attrib("HEIGHT", "7", (0, 0))
    placed.add_attrib("religion", "any", (0, 0))
    layer = only(read(saved(made, tmp_path / "plan.dxf")))
    assert layer.geometry[0].bounds == pytest.approx((EAST - 5.0, NORTH, EAST, NORTH + 20.0))  # 20 m x 5 m, turned left
    assert layer.tags[0]["height"] == "7"
    assert "religion" not in layer.tags[0]


def test_that_blocks_within_blocks_and_in_rows_all_stand(tmp_path):
    made, model = drawing()
    made.blocks.new("HOUSE").add_lwpolyline(SQUARE, close=True)
    pair = made.blocks.new("PAIR")
    pair.add_blockref("HOUSE", (0, 0))
    pair.add_blockref("HOUSE", (20, 0))
    rows = {"layer": "buildings", "row_count": 2, "column_count": 3, "row_spacing": 50, "column_spacing": 100}
    model.add_blockref("PAIR", (EAST, NORTH), dxfattribs=rows)
    layer = only(read(saved(made, tmp_path / "plan.dxf")))
    expected = {(EAST + x + i, NORTH + y) for x in (0, 100, 200) for y in (0, 50) for i in (0, 20)}
    assert {shape.bounds[:2] for shape in layer.geometry} == expected
    assert len(set(layer.ids)) == 12


def test_that_a_block_on_a_layer_of_poles_is_one_pole_where_it_is_set(tmp_path):
    made, model = drawing()
    lamp = made.blocks.new("LAMP")
    lamp.add_circle((0, 0), 0.3)
    lamp.add_line((0, 0), (1, 1))
    model.add_blockref("LAMP", (EAST + 1.0, NORTH + 2.0), dxfattribs={"layer": "Laternen"})
    model.add_circle((EAST + 5.0, NORTH), 0.2, dxfattribs={"layer": "Laternen"})
    model.add_point((EAST + 9.0, NORTH), dxfattribs={"layer": "Laternen"})
    layer = only(read(saved(made, tmp_path / "plan.dxf")))
    assert layer.name == "poles"
    assert [(p.x - EAST, p.y - NORTH) for p in layer.geometry] == [(1.0, 2.0), (5.0, 0.0), (9.0, 0.0)]


def test_that_blocks_with_attributes_are_cameras(tmp_path):
    made, model = drawing()
    made.blocks.new("CAM").add_circle((0, 0), 0.3)
    placed = model.add_blockref("CAM", (EAST, NORTH), dxfattribs={"layer": "cameras"})
    for tag, text in {"CAMERA_ID": "C7", "AZIMUTH_DEG": "90", "HFOV_DEG": "60", "MOUNT_HEIGHT_M": "5"}.items():
        placed.add_attrib(tag, text, (0, 0))
    (camera,) = read(saved(made, tmp_path / "plan.dxf")).cameras
    assert (camera.camera_id, camera.x_m, camera.y_m, camera.mount_height_m) == ("C7", EAST, NORTH, 5.0)


def test_that_lines_are_walls_of_a_floor_plan(tmp_path):
    made, model = drawing()
    model.add_line(*at(SQUARE[:2]), dxfattribs={"layer": "A-WALL"})
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "A-FURN"})
    found = read_file(tmp_path / f"{saved(made, tmp_path / 'plan.dxf').name}|layername=A-WALL", "floor_walls", CRS)
    assert (only(found).name, only(found).geometry[0].length) == ("floor_walls", 10.0)


def test_that_an_arc_is_as_round_as_it_was_drawn(tmp_path):
    made, model = drawing()
    half = math.tan(math.pi / 4.0)  # the bulge of a half circle
    x, y = at(SQUARE[:1])[0]
    model.add_lwpolyline([(x - 10.0, y, half), (x + 10.0, y, half)], format="xyb", close=True, dxfattribs={"layer": "buildings"})
    assert only(read(saved(made, tmp_path / "plan.dxf"))).geometry[0].area == pytest.approx(math.pi * 100.0, rel=0.01)


def test_that_several_layers_are_asked_about_and_one_is_chosen_by_name(tmp_path):
    made, model = drawing()
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "C-BLDG"})
    model.add_lwpolyline(at(SQUARE, 50.0), close=True, dxfattribs={"layer": "C-PARK"})
    path = saved(made, tmp_path / "plan.dxf")
    text = said(lambda: read(path, "buildings"))
    assert "plan.dxf|layername=C-BLDG" in text
    assert "C-BLDG, C-PARK" in text
    chosen = only(read_file(path.with_name("plan.dxf|layername=C-BLDG"), "buildings", CRS))
    assert chosen.geometry[0].equals(shapely.Polygon(at(SQUARE)))
    assert "it has C-BLDG, C-PARK" in said(lambda: read_file(path.with_name("plan.dxf|layername=C"), "buildings", CRS))


def test_that_the_layers_of_a_file_are_listed_to_be_chosen_from(tmp_path):
    made, model = drawing()
    made.blocks.new("HOUSE").add_lwpolyline(SQUARE, close=True)
    model.add_blockref("HOUSE", (EAST, NORTH), dxfattribs={"layer": "C-BLDG"})
    model.add_line((0, 0), (1, 1), dxfattribs={"layer": "C-PARK"})
    model.add_text("x", dxfattribs={"layer": "NOTES"})
    assert layers_in(saved(made, tmp_path / "plan.dxf")) == ("C-BLDG", "C-PARK")
    (tmp_path / "a.csv").write_text("lon,lat\n1,2\n")
    assert layers_in(tmp_path / "a.csv") == ()
    (tmp_path / "b.gpkg").write_text("nothing")
    assert "b.gpkg" in said(lambda: layers_in(tmp_path / "b.gpkg"))


def test_that_layers_that_are_not_clear_are_named_and_left_out(tmp_path):
    made, model = drawing()
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    model.add_lwpolyline(at(SQUARE, 50.0), close=True, dxfattribs={"layer": "C-PARK"})
    model.add_text("Rathaus", dxfattribs={"layer": "buildings"})
    found = read(saved(made, tmp_path / "plan.dxf"))
    assert len(only(found)) == 1
    assert "C-PARK" in remarks(found)
    assert "1 TEXT" in remarks(found)


def test_that_a_drawing_without_a_system_is_refused_and_the_project_has_one_to_lend(tmp_path):
    made, model = drawing()
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    path = saved(made, tmp_path / "plan.dxf")
    assert "--crs" in said(lambda: read_file(path))
    found = read_file(path, project_crs=CRS)
    assert only(found).geometry[0].equals(shapely.Polygon(at(SQUARE)))
    assert "it is read in that of the project, EPSG:25832" in remarks(found)


def test_that_a_drawing_around_nothing_is_refused_and_never_taken_for_degrees(tmp_path):
    made, model = drawing()
    model.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "buildings"})
    assert "do not lie in EPSG:25832" in said(lambda: read(saved(made, tmp_path / "plan.dxf")))


def test_that_a_loop_of_blocks_is_refused_by_name(tmp_path):
    made, model = drawing()
    made.blocks.new("A").add_blockref("B", (0, 0))
    made.blocks.new("B").add_blockref("A", (0, 0))
    model.add_blockref("A", (EAST, NORTH), dxfattribs={"layer": "buildings"})
    assert "the blocks A, B of this drawing hold each other" in said(lambda: read(saved(made, tmp_path / "plan.dxf")))


@pytest.mark.parametrize("is_empty", [False, True])
def test_that_a_bomb_of_blocks_is_refused_before_it_is_taken_apart(tmp_path, is_empty):
    made, model = drawing()
    core = made.blocks.new("B0")
    if not is_empty:
        core.add_lwpolyline(SQUARE, close=True)
    for level in range(1, 13):
        block = made.blocks.new(f"B{level}")
        for _ in range(10):
            block.add_blockref(f"B{level - 1}", (0, 0))
    model.add_blockref("B12", (EAST, NORTH), dxfattribs={"layer": "buildings"})
    text = said(lambda: read(saved(made, tmp_path / "plan.dxf")))
    assert f"{load_limits().drawing.most_shapes:,} or more shapes" in text


def test_that_blocks_too_deep_are_refused(tmp_path):
    made, model = drawing()
    made.blocks.new("B0").add_lwpolyline(SQUARE, close=True)
    for level in range(1, 40):
        made.blocks.new(f"B{level}").add_blockref(f"B{level - 1}", (0, 0))
    model.add_blockref("B39", (EAST, NORTH), dxfattribs={"layer": "buildings"})
    assert "more than 32 deep" in said(lambda: read(saved(made, tmp_path / "plan.dxf")))


def test_that_a_cut_drawing_is_refused_and_never_half_read(tmp_path):
    made, model = drawing()
    for step in range(50):
        model.add_lwpolyline(at(SQUARE, 20.0 * step), close=True, dxfattribs={"layer": "buildings"})
    path = saved(made, tmp_path / "plan.dxf")
    whole = path.read_text()
    for share in (0.3, 0.6, 0.9, 0.99):
        path.write_text(whole[: int(len(whole) * share)])
        assert "plan.dxf" in said(lambda: read(path))


def test_that_a_block_of_another_drawing_is_told(tmp_path):
    made, model = drawing()
    made.add_xref_def("other.dwg", "OTHER")
    model.add_blockref("OTHER", (EAST, NORTH), dxfattribs={"layer": "buildings"})
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    assert "only point to other drawings" in remarks(read(saved(made, tmp_path / "plan.dxf")))


def test_that_a_mutated_drawing_is_read_or_refused_in_words(tmp_path):
    made, model = drawing()
    made.blocks.new("HOUSE").add_lwpolyline(SQUARE, close=True)
    model.add_blockref("HOUSE", (EAST, NORTH), dxfattribs={"layer": "buildings"})
    model.add_lwpolyline(at(SQUARE), close=True, dxfattribs={"layer": "buildings"})
    path, chance = saved(made, tmp_path / "plan.dxf"), random.Random("drawing")
    whole = path.read_bytes()
    start = whole.index(b"ENTITIES")
    for turn in range(16):
        content = bytearray(whole)
        for _ in range(4):
            content[chance.randrange(start if turn % 2 else 0, len(content))] = chance.randrange(256)
        path.write_bytes(bytes(content))
        try:
            found = read(path)
        except InputError as error:
            assert all(fault.template for fault in error.faults)  # noqa: PT017 - either way is right
        else:
            assert found.layers
