"""Facts about roofs whose height above the datum is recorded."""

import json

import numpy as np
import pytest
import shapely
from bench.live_edits import make_state, with_building_changed
from sight_town import view

from lhasaplan.core.city.building_heights import HeightRules, buildings_from
from lhasaplan.core.live.state import make_spots
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.ground import protected_walls
from lhasaplan.core.sight import densities, make_scene
from lhasaplan.core.site.terrain import TerrainSheet, lay_over, level, with_roofs
from lhasaplan.io.importing.importer import read_file

HALF = 60
RULES = HeightRules(roof_kinds=frozenset({"roof"}))


def hill():
    """Ground at 100 m that rises 1 m in 10 northwards; 100 m at y = 0."""
    y = HALF - 0.5 - np.arange(2 * HALF)
    return lay_over([TerrainSheet("h", 1.0, np.repeat(100.0 + 0.1 * y[:, None], 2 * HALF, axis=1))], -HALF, HALF, 1.0)


def houses(*tags, shape=None):
    shapes = np.empty(len(tags), object)
    shapes[:] = [shape or shapely.box(-5, 10, 5, 20)] * len(tags)  # on 101 to 102 m, median 101.5 m
    return buildings_from(Layer("buildings", np.array([f"h{k}" for k in range(len(tags))], object), shapes, tags), RULES)


def tops(terrain, *tags):
    return with_roofs(houses(*tags), terrain, RULES).top_m.tolist()


def test_that_a_recorded_roof_counts_instead_of_the_height_above_the_ground():
    assert tops(hill(), {"building": "house", "roof:ele": "111,5 m", "height": "4"}) == pytest.approx([10.0])
    scene = make_scene(with_roofs(houses({"building": "house", "roof:ele": "111.5"}), hill(), RULES), hill().relief)
    assert scene.buildings.top_m.tolist() == pytest.approx([111.5])


@pytest.mark.parametrize("roof", ["101.4", "90", "-3", "flat", "900", "", "nan"])
def test_that_a_roof_below_its_ground_or_beyond_all_buildings_counts_nothing(roof):
    assert tops(hill(), {"building": "house", "roof:ele": roof, "height": "4"}) == [4.0]


def test_that_without_terrain_a_recorded_roof_counts_nothing():
    assert tops(level(), {"building": "house", "roof:ele": "111.5", "height": "4"}) == [4.0]


def test_that_beyond_the_terrain_a_recorded_roof_counts_nothing():
    away = houses({"roof:ele": "111.5", "height": "4"}, shape=shapely.box(-5, 55, 5, 65))
    assert with_roofs(away, hill(), RULES).top_m.tolist() == [4.0]


def test_that_the_base_of_a_roof_on_posts_goes_with_it():
    found = with_roofs(houses({"building": "roof", "roof:ele": "106.5"}), hill(), RULES)
    assert (found.base_m[0], found.top_m[0]) == pytest.approx((4.7, 5.0))  # 0.3 m thick


def test_that_a_recorded_roof_decides_what_is_seen_over_it():
    # A lens at 107 m over (0, 0); the house has its top at 103.5 (2 m by height) or at 111.5 m; the target behind it at 104 m.
    camera, target = view(z=107.0, vfov=170.0), np.array([[0.0, 40.0, 105.5]])
    low, high = ({"building": "house", "height": "2", **more} for more in ({}, {"roof:ele": "111.5"}))
    seen = [densities([camera], target, make_scene(with_roofs(houses(t), hill(), RULES), hill().relief)).nnz for t in (low, high)]
    assert seen == [1, 0]


def test_that_the_frontage_of_a_home_reaches_up_to_its_recorded_roof():
    tags = {"building": "house", "height": "4", "roof:ele": "110.5"}
    found = with_roofs(houses(tags), hill(), RULES)
    front = shapely.MultiLineString([[(-5, 10), (5, 10)]])  # before it the ground is at about 101 m
    home = ProtectedPlace("h0", ProtectedClass.HOME, found.polygons[0], front, 0, top_m=float(found.top_m[0]))
    walls = protected_walls([home], terrain=hill(), buildings=found)
    assert walls.base_m == pytest.approx(np.full(5, 101.0), abs=0.1)
    assert walls.top_m == pytest.approx(np.full(5, 110.5), abs=0.1)


def test_that_a_changed_house_stands_as_one_of_a_whole_run():
    relief, camera = hill().relief, view(z=107.0, vfov=170.0)
    known = with_roofs(houses({"building": "house", "roof:ele": "111.5"}), hill(), RULES)
    spots = make_spots(np.array([[0.0, 40.0, 105.5]]))
    low = make_state([camera], houses({"building": "house", "height": "2"}), spots, make=lambda town: make_scene(town, relief))
    changed = with_building_changed(low, 0, known.polygons[0], top_m=float(known.top_m[0]))
    assert (low.matrix().nnz, changed.matrix().nnz) == (1, 0)
    assert changed.scene.buildings.top_m.tolist() == make_scene(known, relief).buildings.top_m.tolist()


@pytest.mark.parametrize("heading", ["roof_z_m", "dachhoehe_nn", "Dachhöhe_NN", "z_toit", "roof:ele", "屋顶高程", "ROOF_Z_FT"])
def test_that_columns_of_roof_heights_are_understood(tmp_path, heading):
    ring = [[24.94, 60.17], [24.941, 60.17], [24.941, 60.171], [24.94, 60.171], [24.94, 60.17]]
    value = 111.5 / 0.3048 if heading.endswith("FT") else 111.5
    feature = {"type": "Feature", "properties": {heading: value}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "b.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    (layer,) = read_file(tmp_path / "b.geojson", "buildings").layers
    assert float(layer.tags[0]["roof:ele"]) == pytest.approx(111.5, abs=1e-3)
