"""Laws of the gate and the territory, over made-up worlds."""

import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "rules"))

from rules_world import COUNTRIES, EAST, MANDATE, TERRITORY, WEST, WEST_LAW, gate, pack, planned

from lhasaplan.core.city.territory import METRES_A_DEGREE, TOLERANCE_M, Territory
from lhasaplan.core.gate.planning_ground import plain_name, planning_grounds, region_of
from lhasaplan.core.project.decisions import REQUIRED_FIELDS, Mandate
from lhasaplan.core.rules.pack import CORE_THRESHOLDS, Thresholds, loosened

positions = st.tuples(st.floats(14.9, 15.5), st.floats(-0.1, 0.3))
subsets = st.sets(st.sampled_from(REQUIRED_FIELDS))


@given(positions)
def test_that_the_territory_agrees_with_distances_worked_out_one_by_one(position):
    point, territory = shapely.Point(position), Territory(COUNTRIES)
    answer = bool(territory.contains([WEST], np.array([position[0]]), np.array([position[1]]))[0])
    # On the equator degrees of longitude and latitude are taken as equally long; within 5 m of the limit either will do.
    away = COUNTRIES[WEST].distance(point) * METRES_A_DEGREE
    foreign = COUNTRIES[EAST].distance(point) * METRES_A_DEGREE  # the tolerance holds over sea with no other state within it
    slow = away == 0 or (away <= TOLERANCE_M < foreign)
    assert answer == slow or min(abs(away - TOLERANCE_M), abs(foreign - TOLERANCE_M)) < 5.0


@given(positions)
def test_that_one_more_country_in_the_pack_loses_no_ground(position):
    territory, lon, lat = Territory(COUNTRIES), np.array([position[0]]), np.array([position[1]])
    alone, both = territory.contains([WEST], lon, lat)[0], territory.contains([WEST, EAST], lon, lat)[0]
    assert both or not alone


@given(positions, st.sampled_from([(WEST,), (EAST,), (WEST, EAST)]), st.booleans())
def test_that_no_file_wins_ground_that_no_shipped_pack_has(position, countries, renamed):
    mine = pack("my-town" if renamed else "west-law", "yes", countries, sha256="edited")
    box = (*position, *position)
    won = region_of(planning_grounds([mine], TERRITORY), TERRITORY, box)
    shipped = region_of(planning_grounds([WEST_LAW], TERRITORY), TERRITORY, box)
    assert shapely.difference(won, shipped.buffer(1e-9)).area < 1e-12


@settings(max_examples=25)
@given(subsets)
def test_that_the_gate_is_open_only_for_a_whole_mandate(emptied):
    blank = Mandate()
    mandate = replace(MANDATE, **{name: getattr(blank, name) for name in emptied})
    judged = gate(mandate=mandate)
    assert judged.open == (not emptied)
    assert len(judged.missing) >= len(emptied)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(15.0, 15.4), st.floats(0.0, 0.2)), max_size=4))
def test_that_one_more_planned_camera_never_opens_a_shut_gate(places):
    cameras = [planned(*place, f"new-{i}") for i, place in enumerate(places)]
    opened = [gate(cameras=cameras[:n]).open for n in range(len(cameras) + 1)]
    assert opened == sorted(opened, reverse=True)


@given(st.builds(Thresholds, *(st.floats(0, 300) for _ in range(5))))
def test_that_a_figure_is_looser_exactly_when_it_is_above_the_core(thresholds):
    names = [f.name for f in fields(Thresholds)[:5]]
    assert set(loosened(thresholds)) == {n for n in names if getattr(thresholds, n) > getattr(CORE_THRESHOLDS, n)}


@example("\N{SQUARED LATIN CAPITAL LETTER A}")
@given(st.text())
def test_that_a_plain_name_is_plain_already(name):
    assert plain_name(plain_name(name)) == plain_name(name)
