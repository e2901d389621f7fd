"""A fictitious territory opens for the shipped sample alone, known by the content of its layers."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from rules_world import AREA, CRS, TERRITORY, gate, missing, pack, part

from lhasaplan.core.city.layer_digest import digest_layers
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.planning_ground import terms_of
from lhasaplan.core.model.layer import Layer

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
    assert said == ["The rule pack fiction opens for the shipped sample alone, and these layers are not it."]


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
