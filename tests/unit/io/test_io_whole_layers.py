"""Facts about layers whose name says what all of them is: no faith is read, and nothing in them drops out of protection."""

import geopandas
import pytest
import shapely

from lhasaplan.core.protection.kind_types import NEVER_READ
from lhasaplan.io.content.protected_kinds import load_protected_kinds
from lhasaplan.io.importing.importer import read_file

KINDS = load_protected_kinds().index()


def extract(folder, name, columns, shape=None):
    """Write a Shapefile of two features as extracts have them."""
    shapes = [shape or shapely.Point(2.5 + 0.001 * n, 47.0) for n in range(2)]
    geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(folder / f"{name}.shp")
    return folder / f"{name}.shp"


def read(path, kind=None):
    return [tags for layer in read_file(path, kind=kind).layers for tags in layer.tags]


@pytest.mark.parametrize("name", ["gis_osm_pofw_free_1", "gis_osm_pofw_a_free_1", "places_of_worship"])
@pytest.mark.parametrize("kind", [None, "places"])
def test_that_a_layer_of_places_of_worship_is_one_as_a_whole_and_no_faith_is_kept(tmp_path, name, kind):
    found = read(
        extract(tmp_path, name, {"code": [3100, 3300], "fclass": ["this_faith", "that_faith"], "name": ["A", "B"]}), kind
    )
    assert [KINDS.names(tags) for tags in found] == [("worship",)] * 2
    assert not any("faith" in value or value in ("3100", "3300") for tags in found for value in tags.values())
    assert not any(NEVER_READ in tags for tags in found)


@pytest.mark.parametrize("name", ["schools", "écoles", "hospitals_2", "mosques", "больницы", "city_hospitals", "list of mosques"])
def test_that_a_layer_that_is_called_as_what_is_protected_holds_that(tmp_path, name):
    found = read(extract(tmp_path, name, {"label": ["A", "B"]}), "places")
    assert all(KINDS.names(tags) for tags in found)


def test_that_what_a_row_says_besides_stays(tmp_path):
    found = read(extract(tmp_path, "schools", {"amenity": ["clinic", "bench"]}), "places")
    assert [KINDS.names(tags) for tags in found] == [("health", "school"), ("school",)]


@pytest.mark.parametrize("name", ["school_cameras", "benches", "gis_osm_pois_free_1"])
def test_that_a_name_that_only_has_such_a_word_says_nothing_of_all(tmp_path, name):
    found = read(extract(tmp_path, name, {"amenity": ["bench", "bench"]}), "places")
    assert not any(KINDS.names(tags) for tags in found)
