"""Countries, exact where packs plan; 2 km over open sea; who declares near a border."""

import runpy

import numpy as np
import pytest
import shapely
from rules_world import COUNTRIES, EAST, WEST
from sources import ROOT

from lhasaplan.core.city.territory import Territory
from lhasaplan.io.content.countries import Countries
from lhasaplan.io.content.packs import load_packs, load_territory

# The made-up squares are on the equator: 0.01 of a degree is 1106 m north and, by the same figure, east.
SQUARES = Territory(COUNTRIES)


def is_in(codes, lon, lat, territory=SQUARES):
    return bool(territory.contains(codes, np.array([lon]), np.array([lat]))[0])


def test_that_inside_is_inside():
    assert is_in([WEST], 15.1, 0.1)


def test_that_the_sea_within_two_kilometres_still_counts():
    assert is_in([WEST], 15.1, -0.018)  # 1990 m


def test_that_the_sea_beyond_two_kilometres_does_not():
    assert not is_in([WEST], 15.1, -0.0182)  # 2012 m


def test_that_a_step_into_another_state_does_not_count():
    assert not is_in([WEST], 15.2001, 0.1)


def test_that_the_sea_within_two_kilometres_of_another_state_too_is_no_open_sea():
    assert not is_in([WEST], 15.19, -0.01)  # 1106 m south of the one, 1563 m from the other
    assert is_in([WEST], 15.18, -0.01)  # 1106 m and 2471 m
    assert is_in([WEST, EAST], 15.19, -0.01)


def test_that_a_strip_of_land_that_neither_outline_holds_is_nobodys():
    # The outlines of the two leave 0.001 degree between them: 111 m.
    slivers = Territory({WEST: shapely.box(15.0, 0.0, 15.1995, 0.2), EAST: shapely.box(15.2005, 0.0, 15.4, 0.2)})
    assert not is_in([WEST], 15.2, 0.1, slivers)


def test_that_both_states_of_one_pack_join():
    assert is_in([WEST, EAST], 15.2001, 0.1)


def test_that_an_unknown_code_holds_nothing():
    assert not is_in(["903"], 15.1, 0.1)


def test_that_a_position_that_is_none_lies_nowhere():
    assert SQUARES.contains([WEST], np.array([np.nan, 15.1]), np.array([0.1, 0.1])).tolist() == [False, True]


def test_that_points_far_apart_are_each_judged_where_they_are():
    lon = np.array([15.1, 100.0, 15.3])
    assert SQUARES.contains([WEST], lon, np.full(3, 0.1)).tolist() == [True, False, False]


def test_that_the_tolerance_is_a_distance_on_the_ground_in_the_north_too():
    # At 60 degrees north a degree of longitude is half as long: 0.03 is 1.66 km, 0.04 is 2.2 km.
    north = Territory({WEST: shapely.box(15.0, 59.9, 15.2, 60.1)})
    assert is_in([WEST], 15.23, 60.0, north)
    assert not is_in([WEST], 15.24, 60.0, north)


def test_that_the_tolerance_crosses_the_180th_meridian():
    fiji = Territory({WEST: shapely.box(179.0, -17.0, 180.0, -16.0)})
    assert is_in([WEST], -179.99, -16.5, fiji)
    assert not is_in([WEST], -179.9, -16.5, fiji)


def test_that_an_area_is_covered_as_a_whole_or_not():
    assert SQUARES.covers([WEST], shapely.box(15.05, 0.05, 15.15, 0.15))
    assert not SQUARES.covers([WEST], shapely.box(15.05, 0.05, 15.25, 0.15))


NAMED = {"properties": {"name": "Nowhere"}}
TOOL = runpy.run_path(str(ROOT / "tools/pack_countries.py"))  # a tool is no part of the package
PACKED = TOOL["packed"]


def drawn(topology, folder):
    """The countries of a topology, packed and read again."""
    np.savez(folder / "some.npz", **PACKED(topology))
    return Countries(folder / "some.npz")


def test_that_arcs_are_chains_of_steps_and_walk_backwards(tmp_path):
    topology = {
        "transform": {"scale": [0.5, 0.25], "translate": [10, 20]},
        "arcs": [[[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]]],
    }
    topology["objects"] = {"countries": {"geometries": [{"type": "Polygon", "id": "900", "arcs": [[0, -2]], **NAMED}]}}
    (square,) = shapely.get_parts(drawn(topology, tmp_path)["900"])
    assert square.equals(shapely.box(10, 20, 12, 21))


def test_that_what_rounding_left_of_an_islet_falls_out_with_its_lakes(tmp_path):
    square, speck = [[0, 0], [9, 0], [0, 9], [-9, 0], [0, -9]], [[2, 2], [1, 0], [-1, 0]]
    lake, other = [[1, 1], [3, 0], [0, 3], [-3, -3]], [[20, 0], [1, 0], [0, 1], [-1, -1]]
    rings = [[[0], [1], [2]], [[1], [2]], [[3]]]  # with a speck and a lake; a speck with a lake; another island
    topology = {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "arcs": [square, speck, lake, other],
        "objects": {"countries": {"geometries": [{"type": "MultiPolygon", "arcs": rings, **NAMED}]}},
    }
    found = shapely.get_parts(drawn(topology, tmp_path)["name:Nowhere"])
    assert [each.area for each in found] == [81.0 - 4.5, 0.5]


def test_that_of_two_countries_that_hold_the_same_ground_the_smaller_piece_has_it():
    host, enclave = shapely.box(0, 0, 10, 10), shapely.box(4, 4, 5, 5)
    cut = dict(TOOL["without_overlap"]([(100.0, "host", host), (1.0, "enclave", enclave)]))
    assert (cut["host"].area, cut["enclave"].area) == (99.0, 1.0)


def test_that_outlines_are_exact_near_planning_ground_and_coarse_elsewhere():
    # One cell of a degree is exact; the coarse country reaches over it and beyond, its neighbour without a number is cut out.
    cells = {(0, 0): [(0.25, "900", shapely.box(0, 0, 0.5, 0.5))]}
    coarse = {"900": [shapely.box(0, 0, 3, 1)], "name:Other": [shapely.box(0.25, 0, 0.5, 0.5)]}
    found = TOOL["joined"](cells, {(0, 0)}, coarse)
    assert shapely.union_all(found["900"]).equals(shapely.union(shapely.box(0, 0, 0.25, 0.5), shapely.box(1, 0, 3, 1)))
    assert found["name:Other"] == coarse["name:Other"]


def test_that_packed_shapes_are_read_as_they_were_to_a_metre_and_specks_fall_out(tmp_path):
    lake = shapely.box(15.05, 0.05, 15.15, 0.15)
    square, speck = shapely.box(15.0, 0.0, 15.2, 0.2).difference(lake), shapely.box(20.0, 0.0, 20.000001, 0.000001)
    np.savez(tmp_path / "some.npz", **TOOL["packed_shapes"]({"900": [square, speck]}, {"900": "Nowhere"}))
    (found,) = shapely.get_parts(Countries(tmp_path / "some.npz")["900"])
    assert found.equals_exact(square.normalize(), 1e-6) or found.symmetric_difference(square).area < 1e-9


def test_that_the_box_of_each_shipped_polygon_is_that_of_what_is_drawn(world):
    pieces = world.countries.pieces
    for row in range(0, len(pieces.codes), 40):
        assert pieces.drawn[row].bounds == tuple(pieces.boxes_deg[row].tolist())


def test_that_a_ring_whose_steps_lie_in_two_parts_of_the_file_is_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("lhasaplan.io.content.countries.STEPS_A_PART", 4)
    ring = shapely.Point(15.0, 50.0).buffer(0.1, quad_segs=3)  # 13 positions
    np.savez(tmp_path / "some.npz", **TOOL["packed_shapes"]({"900": [ring, ring]}, {"900": "Nowhere"}))
    for found in shapely.get_parts(Countries(tmp_path / "some.npz")["900"]):
        assert shapely.hausdorff_distance(found, ring) < 1e-5


@pytest.fixture(scope="module")
def world():
    return load_territory()


@pytest.mark.parametrize(
    ("place", "code", "lon", "lat"),
    [
        ("Helsinki", "246", 24.94, 60.17),
        ("Suomenlinna", "246", 24.985, 60.145),
        ("Monaco", "492", 7.42, 43.735),
        ("Vatican", "336", 12.453, 41.903),
        ("Saint-Denis, Reunion", "250", 55.45, -20.88),
        ("Lhasa", "156", 91.11, 29.65),
        ("Pristina", "name:Kosovo", 21.17, 42.66),
        ("Chukotka beyond the 180th meridian", "643", -175.0, 67.0),
        ("Ceuta", "724", -5.31, 35.89),
        ("Mariehamn", "248", 19.94, 60.10),
    ],
)
def test_that_a_place_lies_in_its_state(world, place, code, lon, lat):
    assert is_in([code], lon, lat, world)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "planned"),
    [
        ("Helsinki", 24.94, 60.17, True),
        ("Monaco is no member and lies in its own state", 7.42, 43.735, False),
        ("Beausoleil beside it", 7.42, 43.76, True),
        ("Vatican", 12.453, 41.903, False),
        ("Rome", 12.49, 41.90, True),
        ("Lhasa", 91.11, 29.65, False),
        ("Nicosia north", 33.36, 35.22, False),
        ("Nicosia south", 33.36, 35.14, True),
        ("Geneva", 6.14, 46.20, False),
        ("London", -0.12, 51.5, False),
        ("Kralendijk, Bonaire", -68.27, 12.15, False),
        ("Cayenne", -52.33, 4.93, True),
        ("Longyearbyen", 15.63, 78.22, False),
        ("Oslo", 10.75, 59.91, True),
        ("Noumea", 166.45, -22.27, False),
    ],
)
def test_that_the_gdpr_pack_reaches_as_far_as_its_law(world, place, lon, lat, planned):
    from lhasaplan.core.gate.planning_ground import PlanningGround, region_of, terms_of

    (pack,) = load_packs(["eu-gdpr"])
    ground = PlanningGround(pack.name, terms_of(pack), (terms_of(pack),))
    region = region_of([ground], world, (lon, lat, lon, lat))
    assert bool(region.intersects(shapely.Point(lon, lat))) is planned


# Eleven places at borders, in small states and in exclaves, each with the state that it lies in
BORDERS = [
    ("Monaco, the Rock", 7.4246, 43.7306, "492"),
    ("Gibraltar", -5.3526, 36.1408, "292"), ("Pas de la Casa", 1.7335, 42.5427, "020"),
    ("Chiasso", 9.0300, 45.8330, "756"), ("Albina", -54.0530, 5.4975, "740"), ("Büsingen", 8.6900, 47.6967, "276"),
    ("Campione", 8.9710, 45.9700, "380"), ("Kastellorizo", 29.5920, 36.1490, "300"), ("Llívia", 1.9800, 42.4650, "724"),
    ("Vatican", 12.4530, 41.9030, "336"), ("San Marino", 12.4470, 43.9360, "674"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "lon", "lat", "code"), BORDERS)
def test_that_a_place_at_a_border_lies_in_its_own_state_alone(world, place, lon, lat, code):
    assert world.at(lon, lat) == (code,)
    others = {"250", "276", "300", "380", "724"} - {code}
    assert [other for other in sorted(others) if is_in([other], lon, lat, world)] == []


def test_that_akrotiri_and_northern_nicosia_are_no_ground_of_cyprus(world):
    assert not is_in(["196"], 32.96, 34.58, world)
    assert not is_in(["196"], 33.365, 35.19, world)
    assert is_in(["196"], 33.38, 35.15, world)


# Within 300 m of a line


def at_border(lon, codes=(WEST,)):
    return SQUARES.neighbours(codes, [shapely.Point(lon, 0.1)])


def test_that_a_plan_within_300_m_of_another_state_is_near_its_border():
    assert at_border(15.1975) == ((EAST,), (WEST,))  # 276 m
    assert at_border(15.197) == ((), (WEST,))  # 332 m
    assert at_border(15.1975, (WEST, EAST)) == ((), (WEST, EAST))


def test_that_every_country_of_every_pack_is_on_the_map(world):
    from lhasaplan.io.content.packs import available_packs

    codes = {code for pack in load_packs(available_packs()) for code in pack.countries} - {"fictitious"}
    assert codes <= set(world.countries)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "planned"),
    [
        ("London", -0.12, 51.5, True),
        ("Cardiff", -3.18, 51.48, True),
        ("Carlisle", -2.93, 54.89, True),
        ("Berwick", -2.0, 55.77, True),
        ("Coldstream", -2.25, 55.652, False),
        ("Gretna", -3.07, 54.995, False),
        ("Edinburgh", -3.19, 55.95, False),
        ("Belfast", -5.93, 54.6, False),
        ("Douglas, Isle of Man", -4.48, 54.15, False),
    ],
)
def test_that_the_code_of_england_and_wales_stops_at_their_borders(world, place, lon, lat, planned):
    from lhasaplan.core.gate.planning_ground import PlanningGround, region_of, terms_of

    (pack,) = load_packs(["uk-sccop"])
    ground = PlanningGround(pack.name, terms_of(pack), (terms_of(pack),))
    region = region_of([ground], world, (lon, lat, lon, lat))
    assert bool(region.intersects(shapely.Point(lon, lat))) is planned


def test_that_a_country_drawn_across_itself_is_mended_where_it_is_asked_for():
    # A bow tie: two triangles that meet at (1, 1); its middle left and right lie outside.
    world = Territory({WEST: shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])})
    assert world.at(0.2, 1.0) == (WEST,)
    assert world.at(1.0, 0.2) == ()
    assert is_in([WEST], 1.9, 1.0, world)
    assert not is_in([WEST], 1.0, 1.9, world)


def test_that_a_box_inside_a_country_of_two_mended_halves_has_no_outlines():
    assert Territory({WEST: shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])}).outlines((0.1, 0.9, 0.2, 1.1)).is_empty
