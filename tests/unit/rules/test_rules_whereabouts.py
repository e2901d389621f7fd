"""Where the coordinates put a plan, and what the names in it say to that."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.territory import FEWEST, Territory, names_of, odd_script, script_of, whereabouts
from lhasaplan.core.model.layer import Layer
from lhasaplan.io.content.countries import load_scripts
from lhasaplan.io.content.packs import load_territory

HELSINKI = ("EPSG:3879", 25_496_800, 6_673_000)  # east and north of the middle of the city


def place(system, x, y, half_m=500.0):
    return whereabouts(shapely.box(x - half_m, y - half_m, x + half_m, y + half_m), Crs(system), load_territory())


def test_that_a_plan_is_told_where_it_lies_by_system_degrees_and_country():
    where = place(*HELSINKI)
    assert (where.lon, where.lat) == (pytest.approx(24.94, abs=0.02), pytest.approx(60.17, abs=0.02))
    assert where.countries == (("246", "Finland"),)
    assert where.system.startswith("EPSG:3879, ETRS89 / GK25FIN")
    assert "Finland" in where.system


def test_that_a_city_relabelled_into_another_zone_is_told_there():
    east, north = 385_000, 6_671_000  # Helsinki in zone 35; the same metres in zone 32 lie in Norway
    assert place("EPSG:32635", east, north).countries[0][1] == "Finland"
    assert place("EPSG:32632", east, north).countries != (("246", "Finland"),)


def test_that_the_outlines_of_a_country_in_pieces_have_no_seams():
    where = place(*HELSINKI)
    inland = shapely.box(25.0, 61.2, 27.5, 62.8)  # lakes, and seams of the pieces that the outlines are kept in; no border
    assert not shapely.intersects(where.outlines, inland)
    assert len(where.outlines.geoms) < 500


def test_that_a_plan_at_sea_is_in_no_country():
    assert place("EPSG:32626", 500_000, 5_000_000).countries == ()


def test_that_the_locator_shows_outlines_near_the_plan_only():
    where = place(*HELSINKI)
    west, south, east, north = shapely.bounds(where.outlines)
    assert where.box_deg[0] <= west < where.lon < east <= where.box_deg[2]
    assert where.box_deg[1] <= south < where.lat < north <= where.box_deg[3]


@pytest.mark.parametrize(
    ("text", "script"),
    [("Rue de l'Église", "Latin"), ("拉萨市", "Han"), ("བོད", "Tibetan"), ("Ленина", "Cyrillic"), ("서울", "Hangul"), ("42", "")],
)
def test_that_a_name_has_a_script(text, script):
    assert script_of(text) == script


SCRIPTS = load_scripts()
CHINESE, FINNISH = ["北京路"] * FEWEST, ["Mannerheimintie"] * FEWEST


@pytest.mark.parametrize(
    ("names", "country", "said"),
    [
        (CHINESE, "250", ("Han", 1.0)),
        (CHINESE, "156", None),
        (FINNISH, "246", None),
        (FINNISH, "156", ("Latin", 1.0)),
        (FINNISH[:-1], "156", None),
        (FINNISH + CHINESE, "246", None),
    ],
)
def test_that_names_in_another_script_than_the_country_s_are_remarked(names, country, said):
    assert odd_script(names, (country,), SCRIPTS) == said


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["246", "156", "643", "392"]))
def test_that_only_a_majority_in_a_foreign_script_is_remarked(latin, han, country):
    found = odd_script(["Street"] * latin + ["大街"] * han, (country,), SCRIPTS)
    usual = SCRIPTS.get(country, frozenset({"Latin"}))
    foreign = {"Latin": latin, "Han": han}
    reported = [script for script, count in foreign.items() if count > (latin + han) / 2 and script not in usual]
    assert ([] if found is None else [found[0]]) == (reported if latin + han >= FEWEST else [])


def test_that_names_come_from_every_layer_and_a_town_without_names_says_nothing():
    town = Layer("roads", np.array(["way/1", "way/2"], object), np.array([None, None], object), ({"name": "Nowhere"}, {}))
    assert names_of({"roads": town}) == ["Nowhere"]
    assert odd_script([], ("246",), SCRIPTS) is None
    assert odd_script(CHINESE, (), SCRIPTS) is None


def test_that_every_country_of_the_table_of_scripts_is_on_the_map():
    territory = load_territory()
    assert set(SCRIPTS) <= set(territory.countries)
    assert Territory({}).at(0.0, 0.0) == ()
