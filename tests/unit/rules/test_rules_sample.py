"""A fictitious territory opens for the shipped sample alone, known by the content of its layers."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from rules_world import AREA, CRS, TERRITORY, gate, missing, pack, part

from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.planning_ground import terms_of
from lhasaplan.core.model.layer import Layer, digest_layers, feature_digests, take
from lhasaplan.core.project.project import District

SEA = Territory({}, {})


def layer(x=0.0, ids=("way/1", "way/2")):
    geometry = np.array([shapely.box(x, 0, x + 10, 10), shapely.box(50, 0, 60, 10)], object)
    return Layer("buildings", np.array(ids, object), geometry, ({}, {}))


LAYERS = {"buildings": layer()}
FICTION = pack(
    "fiction", countries=("fictitious",), territory_wkt=AREA.replace("15.12", "15.125"), sample_digests=(digest_layers(LAYERS),)
)
WORLD = Territory(TERRITORY.countries, {"fiction": terms_of(FICTION)})


def test_that_the_sample_opens():
    assert missing(packs=[FICTION], territory=WORLD, layers=LAYERS, parts=[part(15.11, 0.11)]) == []


@pytest.mark.parametrize("other", [{}, {"buildings": layer(0.02)}, {**LAYERS, "roads": layer()}, {"roads": layer()}])
def test_that_other_layers_in_the_same_place_do_not(other):
    said = missing(packs=[FICTION], territory=WORLD, layers=other)
    assert said == ["The rule pack fiction is only for the shipped sample, and these layers are not the sample."]


def test_that_the_sample_opens_nowhere_else():
    assert not gate(packs=[FICTION], territory=WORLD, layers=LAYERS, parts=[part(15.3, 0.3)]).open


def test_that_an_edited_sample_pack_cannot_name_another_city():
    mine = {"buildings": layer(7.0)}
    edited = replace(FICTION, sample_digests=(digest_layers(mine),), sha256="edited")
    assert not gate(packs=[edited], territory=WORLD, layers=mine).open


def test_that_a_sample_pack_that_drops_its_digests_opens_nothing():
    assert not gate(packs=[replace(FICTION, sample_digests=())], territory=WORLD, layers={"buildings": layer(7.0)}).open


def test_that_a_made_up_sample_pack_opens_nothing():
    mine = replace(FICTION, name="my-fiction")
    assert not gate(packs=[mine], territory=WORLD, layers=LAYERS).open


def test_that_the_order_of_features_does_not_change_the_digest():
    turned = Layer("buildings", LAYERS["buildings"].ids[::-1], LAYERS["buildings"].geometry[::-1], ({}, {}))
    assert digest_layers({"buildings": turned}) == digest_layers(LAYERS)


def test_that_nanometres_do_not_change_the_digest():
    assert digest_layers({"buildings": layer(1e-9)}) == digest_layers(LAYERS)


def test_that_another_id_changes_the_digest():
    assert digest_layers({"buildings": layer(ids=("way/1", "way/3"))}) != digest_layers(LAYERS)


def test_that_an_empty_layer_is_as_good_as_none():
    assert digest_layers({**LAYERS, "roads": Layer("roads", np.empty(0, object), np.empty(0, object), ())}) == digest_layers(
        LAYERS
    )


def test_that_the_world_is_on_the_equator():
    assert CRS.to_xy(15.0, 0.0)[0] == pytest.approx(500_000, abs=1e-3)


def area(west, east):
    """Return a layer of one area between these degrees of longitude; the territory reaches from 15.10 to 15.125."""
    x, y = CRS.to_xy(np.array([west, east]), np.array([0.105, 0.115]))
    ground = np.array([shapely.box(x[0], y[0], x[1], y[1])], object)
    return Layer("areas", np.array(["north"], object), ground, ({"name": "North"},))


def test_that_an_area_inside_the_territory_neither_opens_nor_closes_the_sample():
    assert missing(packs=[FICTION], territory=WORLD, layers={**LAYERS, "areas": area(15.105, 15.115)}) == []
    assert not gate(packs=[FICTION], territory=WORLD, layers={"areas": area(15.105, 15.115)}).open


def test_that_an_area_that_reaches_out_of_the_territory_is_another_town():
    said = missing(packs=[FICTION], territory=WORLD, layers={**LAYERS, "areas": area(15.105, 15.14)})
    assert said == ["The rule pack fiction is only for the shipped sample, and these layers are not the sample."]


def test_that_a_part_of_the_sample_is_known_by_what_was_left_out_and_by_nothing_else():
    one, other = (take(LAYERS["buildings"], np.arange(2) == row) for row in (0, 1))
    left_out = tuple(feature_digests({"buildings": other}).values())
    district = District("Town", "North", "POLYGON EMPTY", left_out=left_out)
    layers = {"buildings": one}
    assert missing(packs=[FICTION], territory=WORLD, layers=layers, district=district) == []
    assert not gate(packs=[FICTION], territory=WORLD, layers=layers).open
    assert not gate(packs=[FICTION], territory=WORLD, layers={"buildings": layer(7.0)}, district=district).open
    again = replace(district, left_out=(*left_out, *left_out))
    assert not gate(packs=[FICTION], territory=WORLD, layers=layers, district=again).open
