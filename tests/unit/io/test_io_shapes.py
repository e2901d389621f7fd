"""Facts about broken shapes, layers that are not read, systems that are not known and heights that say nothing: each is told."""

import json
import sqlite3

import numpy as np
import pyogrio
import pytest
import shapely

from lhasaplan.io.importing.importer import read_file

AT = (7.4, 43.7)


def ring(*corners, at=AT):
    """Return a ring of corners in steps of 0.001 degrees, as they are given: it is closed only if they are."""
    return [[at[0] + 0.001 * x, at[1] + 0.001 * y] for x, y in corners]


SQUARE = ring((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
FAR = [ring((8, 8), (9, 8), (9, 9), (8, 9), (8, 8))]
SHAPES = {
    "cross or touch themselves": ([ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))], 0.5),
    "a hole outside of themselves": ([SQUARE, ring((2, 2), (3, 2), (3, 3), (2, 3), (2, 2))], 2.0),
    "a hole within a hole": (
        [
            ring((0, 0), (6, 0), (6, 6), (0, 6), (0, 0)),
            ring((1, 1), (5, 1), (5, 5), (1, 5), (1, 1)),
            ring((2, 2), (3, 2), (3, 3), (2, 3), (2, 2)),
        ],
        36 - 16 + 1,
    ),
    "were not closed": ([SQUARE[:-1]], 1.0),
}


def geojson(path, shapes, kind="Polygon", **more):
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": {"height": "5", "id": f"h/{number}"},
            "geometry": {"type": kind, "coordinates": shape},
        }
        for number, shape in enumerate(shapes, start=1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}))
    return path


def said(imported):
    return [str(remark) for remark in imported.remarks]


@pytest.mark.parametrize("words", SHAPES)
@pytest.mark.parametrize("name", ["buildings", "areas", "places"])
def test_that_a_broken_outline_is_repaired_and_told_with_its_id(tmp_path, words, name):
    shape, squares = SHAPES[words]
    found = read_file(geojson(tmp_path / f"{name}.geojson", [shape, FAR]))
    broken, sound = found.layers[0].geometry
    assert shapely.is_valid(broken)
    assert broken.area == pytest.approx(squares * sound.area, rel=0.001)
    (reported,) = [text for text in said(found) if words in text]
    assert reported.startswith(f"{name}.geojson: 1 outlines")
    assert reported.endswith(": h/1")


def test_that_many_broken_outlines_are_counted_and_the_first_named(tmp_path):
    bow = SHAPES["cross or touch themselves"][0]
    (reported,) = said(read_file(geojson(tmp_path / "areas.geojson", [bow] * 40)))
    assert "40 outlines" in reported
    assert reported.endswith(": h/1, h/2, h/3, h/4, h/5, …")


def test_that_sound_outlines_are_not_spoken_of(tmp_path):
    twice = [corner for corner in SQUARE for _ in range(2)]  # a point that comes twice breaks nothing
    assert said(read_file(geojson(tmp_path / "areas.geojson", [[SQUARE], [twice], FAR]))) == []


def test_that_a_place_that_is_broken_beyond_repair_is_not_lost(tmp_path):
    flat = [ring((0, 0), (1, 0), (2, 0), (0, 0))]
    assert len(read_file(geojson(tmp_path / "places.geojson", [flat, FAR])).layers[0]) == 2


def test_that_features_without_a_shape_or_of_another_are_named(tmp_path):
    path = geojson(tmp_path / "buildings.geojson", [[SQUARE], FAR])
    content = json.loads(path.read_text())
    content["features"][0]["geometry"] = None
    content["features"].append(
        {**content["features"][1], "properties": {"id": "h/9"}, "geometry": {"type": "Point", "coordinates": AT}}
    )
    path.write_text(json.dumps(content))
    texts = said(read_file(path))
    assert any("1 features of the layer buildings have no shape" in text and text.endswith(": h/1") for text in texts)
    assert any("have no geometry that the layer buildings can take" in text and text.endswith(": h/9") for text in texts)


def town(path, layers, heights=(5.0, 6.0)):
    squares = [shapely.Polygon(SQUARE), shapely.Polygon(FAR[0])]
    for number, name in enumerate(layers):
        pyogrio.raw.write(
            *(path, shapely.to_wkb(squares), [np.array(heights)], ["height"]),
            **{"layer": name, "geometry_type": "Polygon", "crs": "EPSG:4326", "append": number > 0},
        )
    return path


def test_that_tables_and_layers_that_are_not_read_are_named(tmp_path):
    path = town(tmp_path / "town.gpkg", ["buildings", "old_houses", "areas"])
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT)")
    texts = said(read_file(path, "buildings"))
    assert any(
        "only the layers buildings are read as buildings; these were left out: old_houses, areas" in text for text in texts
    )
    assert any("have no shapes and were not read: owners" in text for text in texts)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::99999", "our own grid"])
def test_that_an_unknown_system_is_named_and_gives_way_to_the_one_that_is_given(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    path = geojson(tmp_path / "areas.geojson", [[SQUARE]], crs=crs)
    assert any(f"names the coordinate system {name}" in text for text in said(read_file(path)))
    known = geojson(
        tmp_path / "known.geojson", [[SQUARE]], crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    )
    assert said(read_file(known, "areas")) == []


def buildings(path, heights):
    squares = [shapely.box(7.4 + 0.01 * n, 43.7, 7.401 + 0.01 * n, 43.701) for n in range(len(heights))]
    columns = [np.array(heights, object)]
    pyogrio.raw.write(path, shapely.to_wkb(squares), columns, ["height"], geometry_type="Polygon", crs="EPSG:4326")
    return read_file(path)


def test_that_heights_that_are_all_missing_or_all_alike_are_told(tmp_path):
    none = said(buildings(tmp_path / "buildings.gpkg", [None] * 3))
    assert ["holds no height for any of the 3 buildings" in text for text in none] == [True]
    alike = said(buildings(tmp_path / "buildings.fgb", ["9"] * 12))
    assert ["all 12 buildings have 9 in the column height" in text for text in alike] == [True]
    assert said(buildings(tmp_path / "buildings.geojson", ["9"] * 11 + ["10"])) == []
