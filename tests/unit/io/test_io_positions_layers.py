"""Facts about map layers that lie elsewhere than they say: refused whole, with the systems in which they would lie right."""

import json

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lhasaplan.core.base.crs import Crs, transform
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file

HELSINKI = (24.94, 60.17)
PARIS = (2.35, 48.85)


def squares(crs, lon, lat, count=4):
    """Return small squares beside each other around a place, in the coordinates of a system."""
    x, y = (float(value) for value in transform("EPSG:4326", crs, lon, lat)) if crs != "EPSG:4326" else (lon, lat)
    size = 20.0 if abs(x) > 180.0 else 0.0002
    return [shapely.box(x + 2 * k * size, y, x + (2 * k + 1) * size, y + size) for k in range(count)]


def geojson(tmp_path, shapes, name="buildings.geojson", **members):
    features = [
        {"type": "Feature", "properties": {"id": f"h{n}"}, "geometry": json.loads(shapely.to_geojson(s))}
        for n, s in enumerate(shapes)
    ]
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}))
    return path


def shapefile(tmp_path, shapes, says, name="buildings.shp"):
    path = tmp_path / name
    ids = np.array([f"h{n}" for n in range(len(shapes))], object)
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes)), [ids], ["id"], crs=says or "EPSG:4326", geometry_type="Polygon")
    if not says:
        path.with_suffix(".prj").unlink()
    return path


def refusal(path, **options):
    with pytest.raises(InputError) as caught:
        read_file(path, **options)
    return str(caught.value)


def middle(found):
    shape = found.layers[0].geometry[0]
    return tuple(float(value) for value in Crs(found.crs).to_lonlat(shape.centroid.x, shape.centroid.y))


@pytest.mark.parametrize("system", ["EPSG:32635", "EPSG:3067", "EPSG:3857"])
def test_that_a_geojson_in_metres_is_refused_and_read_where_its_system_is_said(tmp_path, system):
    path = geojson(tmp_path, squares(system, *HELSINKI))
    text = refusal(path, project_crs="EPSG:3067", near=HELSINKI)
    assert "4 of 4 features" in text
    assert system in text.partition("perhaps")[2]
    found = read_file(path, crs=system, project_crs="EPSG:3067", near=HELSINKI)
    assert middle(found) == pytest.approx(HELSINKI, abs=0.001)
    assert len(found.layers[0]) == 4


def test_that_latitudes_before_longitudes_are_refused(tmp_path):
    lhasa = [shapely.box(y, x, y + 0.0002, x + 0.0002) for x, y in [(91.1, 29.65), (91.2, 29.65)]]
    assert "latitude first" in refusal(geojson(tmp_path, lhasa))  # 91.1 is no latitude
    paris = [shapely.box(48.85, 2.35, 48.8502, 2.3502)]
    assert "latitude first" in refusal(geojson(tmp_path, paris), project_crs="EPSG:32631", near=PARIS)


def test_that_a_part_of_a_file_that_lies_nowhere_keeps_the_whole_out_with_ids(tmp_path):
    shapes = [*squares("EPSG:4326", *HELSINKI), *squares("EPSG:32635", *HELSINKI, count=2)]
    text = refusal(geojson(tmp_path, shapes), project_crs="EPSG:32635", near=HELSINKI)
    assert "2 of 6 features" in text
    assert "(4, 5)" in text
    assert "EPSG:32635" in text


def test_that_a_shapefile_whose_prj_lies_is_refused_with_the_system_in_which_it_lies_beside_the_project(tmp_path):
    path = shapefile(tmp_path, squares("EPSG:32635", *HELSINKI), says="EPSG:32634")
    text = refusal(path, project_crs="EPSG:32635", near=HELSINKI)
    assert "say --crs EPSG:32635" in text
    assert middle(read_file(path, crs="EPSG:32635", project_crs="EPSG:32635", near=HELSINKI)) == pytest.approx(
        HELSINKI, abs=0.001
    )


def test_that_a_prj_of_degrees_over_metres_and_the_reverse_is_refused(tmp_path):
    metres = shapefile(tmp_path, squares("EPSG:2154", *PARIS), says="EPSG:4326")
    assert "EPSG:2154" in refusal(metres, project_crs="EPSG:2154", near=PARIS)
    degrees = shapefile(tmp_path, squares("EPSG:4326", *PARIS), says="EPSG:2154", name="houses.shp")
    assert "EPSG:4326" in refusal(degrees, project_crs="EPSG:2154", near=PARIS)


def test_that_a_shapefile_without_a_prj_is_read_in_what_its_numbers_fit(tmp_path):
    degrees = shapefile(tmp_path, squares("EPSG:4326", *PARIS), says="")
    assert middle(read_file(degrees, project_crs="EPSG:2154")) == pytest.approx(PARIS, abs=0.001)
    metres = shapefile(tmp_path, squares("EPSG:2154", *PARIS), says="", name="houses.shp")
    assert middle(read_file(metres, "buildings", project_crs="EPSG:2154")) == pytest.approx(PARIS, abs=0.001)
    assert "EPSG:2154" in refusal(metres, kind="buildings", project_crs="EPSG:32631", near=PARIS)


def test_that_a_true_word_of_the_file_counts_before_the_callers_and_that_is_told(tmp_path):
    path = shapefile(tmp_path, squares("EPSG:2154", *PARIS), says="EPSG:2154")
    found = read_file(path, crs="EPSG:32631")
    assert middle(found) == pytest.approx(PARIS, abs=0.001)
    assert any("--crs EPSG:32631 was not used" in str(remark) for remark in found.remarks)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["EPSG:32635", "EPSG:3067", "EPSG:3857", "EPSG:25835"]), st.floats(24.5, 25.5), st.floats(59.9, 60.5))
def test_that_a_system_that_is_said_sets_a_layer_where_it_was(tmp_path_factory, system, lon, lat):
    path = geojson(tmp_path_factory.mktemp("law"), squares(system, lon, lat, 1))
    assert middle(read_file(path, crs=system, project_crs="EPSG:3067")) == pytest.approx((lon, lat), abs=0.001)
