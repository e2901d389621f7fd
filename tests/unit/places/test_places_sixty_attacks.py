"""Sixty ways round the guard, each by the least that shows it: rings, words, gate, borders, statuses, seals, levels, decisions.

Every attack is a function that is true where the guard holds. Rings are counted by a second method, buffers: the share of a
place's outline within 15 m of the parts that were let stand, whatever the guard measures.
"""

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "unit" / "answers"), str(TESTS / "unit" / "rules")]

from answers_town import box, house, reference_data, town  # noqa: E402
from rules_world import DUTIES, NEVER, WEST_LAW, gate, mandate, part, planned  # noqa: E402
from test_answers_check import confirmed, drawn  # noqa: E402
from test_rules_gate import one_cell_empty  # noqa: E402

from lhasaplan.core.context.audit_context import set_up  # noqa: E402
from lhasaplan.core.demand.guard import find_candidates, request  # noqa: E402
from lhasaplan.core.model.camera import Camera, Mount, Placed, Status  # noqa: E402
from lhasaplan.core.project.decisions import Declaration, stands_for  # noqa: E402
from lhasaplan.core.protection.minimum import loosened  # noqa: E402
from lhasaplan.core.results.assessment import Assessment, CameraResult, Gate  # noqa: E402
from lhasaplan.core.results.finding import WITHHELD, Matter, disclosed  # noqa: E402
from lhasaplan.io.content.packs import load_territory  # noqa: E402
from lhasaplan.io.content.protected_kinds import load_protected_kinds  # noqa: E402
from lhasaplan.report.redaction import public_values  # noqa: E402

KINDS = load_protected_kinds()
INDEX = KINDS.index()
PLACES = {
    "mosque": {"building": "mosque"},
    "hospital": {"building": "hospital"},
    "school": {"building": "school"},
    "party": {"building": "yes", "office": "political_party"},
    "home": {"building": "house"},
    "shelter": {"building": "yes", "social_facility": "shelter"},
}
SIDE_M = 40.0
OUTLINE = box(0, 0, SIDE_M, SIDE_M).exterior


def strip(side, away, wide=2.0, low=0.0, high=SIDE_M):
    """A strip along one wall, so far from it."""
    return [
        box(low, -away - wide, high, -away),
        box(SIDE_M + away, low, SIDE_M + away + wide, high),
        box(low, SIDE_M + away, high, SIDE_M + away + wide),
        box(-away - wide, low, -away, high),
    ][side]


RINGS = {
    "four strips at 1.1 m": [strip(n, 1.1) for n in range(4)],
    "four strips at 11 m": [strip(n, 11.0) for n in range(4)],
    "ten mats a side": [strip(n, 1.1, 2.0, 4.0 * k, 4.0 * k + 2.0) for n in range(4) for k in range(10)],
    "one frame with a hole": [box(-4, -4, 44, 44).difference(box(-1.1, -1.1, 41.1, 41.1))],
    "two angles": [
        shapely.union_all([strip(0, 1.1), strip(1, 1.1, low=-3.1)]),
        shapely.union_all([strip(2, 1.1), strip(3, 1.1, high=43.1)]),
    ],
    "dots of 1 m2": [strip(n, 3.0, 1.0, 5.0 * k, 5.0 * k + 1.0) for n in range(4) for k in range(8)],
}


@cache
def let_stand(kind, ring):
    """Return the parts that the guard lets stand when all of a ring are confirmed."""
    name, shape, tags = house(1, 0, 0, SIDE_M, SIDE_M, height=9.0)
    project = town((name, shape, {**tags, **PLACES[kind]}))
    parts = tuple(drawn(density=25.0, shape=each, name=f"p{n}") for n, each in enumerate(RINGS[ring]))
    asked = replace(project, hand_made_parts=parts, confirmations=confirmed(*parts))
    city = set_up(asked, reference_data())
    return [each.geometry for each in request(city, find_candidates(city)).parts]


def ring(kind, of):
    def holds():
        near = shapely.union_all([each.buffer(15.0) for each in let_stand(kind, of)])
        return shapely.intersection(OUTLINE, near).length <= 0.5 * OUTLINE.length + 1.0

    return holds


def says(kind, **tags):
    return lambda: kind in INDEX.names({key.replace("__", ":"): value for key, value in tags.items()})


def shut(**values):
    return lambda: not gate(**values).open


def in_country(lon, lat, code):
    return lambda: load_territory().at(lon, lat) == (code,)


RECORDED = Camera("HT-1", 385_000.0, 6_671_000.0, owner="Works", name="Gate", source="OSM", purpose="traffic", sign="yes")


def owner_in(found):
    return found.cameras[0].placed.camera.owner


def shown_of(camera, precision_deg):
    """Return what outputs show of one camera and its answers, coarsely or (with None) as it stands."""
    placed = Placed(camera, (), (), Mount.POLE, certain=False)
    result = CameraResult(placed, 24.93, 60.16, None, (), 0.0, 0.0, None, ())
    value = Assessment("t", "EPSG:32635", False, (), Gate(False), (), (result,), None, {}, None, (), {}, {}, {})
    return public_values(replace(town(), cameras=(camera,)), replace(value, public_precision_deg=precision_deg))


def coarse(read, wanted):
    """What a public version has of a camera whose record says all."""

    def holds():
        return read(*shown_of(RECORDED, 0.01)) == wanted

    return holds


def loosens(kind, **changes):
    """Whether a table of kinds that says less of one is refused."""

    def holds():
        fewer = tuple(replace(each, **changes) if each.name == kind else each for each in KINDS.kinds)
        return bool(loosened(replace(KINDS, kinds=fewer), "kinds.toml"))

    return holds


CELL = Declaration("cell:0:0", "no_buildings", "A. Example", "2026-05-01")
OPEN = {"parts": [part(15.11, 0.11)]}  # inside the plan area: with this alone the gate is open
ATTACKS = {
    # rings and doors
    **{f"ring: {of} round a {kind}": ring(kind, of) for kind in ("mosque", "party") for of in RINGS},
    **{f"ring: four strips at 1.1 m round a {kind}": ring(kind, "four strips at 1.1 m") for kind in ("hospital", "school")},
    **{f"ring: ten mats a side round a {kind}": ring(kind, "ten mats a side") for kind in ("home", "shelter")},
    # words
    "word: full width": says("health", amenity="ＨＯＳＰＩＴＡＬ"),
    "word: a letter of another script": says("worship", amenity="сhurch"),
    "word: a sign of no width": says("worship", amenity="place\u200b_of_worship"),
    "word: a soft hyphen": says("worship", amenity="pla\u00adce_of_worship"),
    "word: words joined by slashes": says("worship", amenity="place/of/worship"),
    "word: words written as one": says("worship", amenity="placeofworship"),
    "word: a figure for a letter": says("health", amenity="h0spital"),
    "word: letters of mathematics": says("health", amenity="𝐡𝐨𝐬𝐩𝐢𝐭𝐚𝐥"),
    "word: accents apart from their letters": says("worship", building="mosque\u0301e"),
    "word: a list with a shop first": says("worship", building="shop;kirche"),
    "word: inside a longer Chinese value": says("worship", amenity="旧清真大寺东楼"),
    "word: a final tsheg": says("worship", amenity="ལྷ་ཁང་"),
    "word: vowel points": says("worship", amenity="مَسجِد"),
    "word: a numbered key": says("health", **{"amenity__2": "hospital"}),
    # schemas
    "schema: BD TOPO": says("worship", NATURE="Culte musulman"),
    "schema: Overture as JSON": says("school", categories='{"primary": "elementary_school"}'),
    "schema: tags with a dot": says("health", **{"tags.amenity": "hospital"}),
    "schema: BAG, two uses": says("school", gebruiksdoel="winkelfunctie,onderwijsfunctie"),
    "schema: homes beside a shop": says("dwelling", building="retail", nb_logements="3"),
    "schema: ALKIS": says("worship", gfk="31001_3046"),
    # gate
    "gate: no complaint route": shut(mandate=mandate(complaint_route=""), **OPEN),
    "gate: a dash for an officer": shut(mandate=mandate(impact_assessment_officer="-"), **OPEN),
    "gate: an assessment of tomorrow": shut(mandate=mandate(impact_assessment_date="2026-11-26"), **OPEN),
    "gate: an authority on no list": shut(mandate=mandate(supervisory_authority="Friends of the police"), **OPEN),
    "gate: a pack that never plans beside": shut(packs=(WEST_LAW, DUTIES, NEVER), **OPEN),
    "gate: duties alone": shut(packs=(DUTIES,), **OPEN),
    "gate: a part in the other state": shut(parts=[part(15.3, 0.1)]),
    # borders
    "border: Monaco's Rock": in_country(7.4246, 43.7306, "492"),
    "border: Gibraltar": in_country(-5.3526, 36.1408, "292"),
    "border: Pas de la Casa": in_country(1.7335, 42.5427, "020"),
    "border: Büsingen": in_country(8.69, 47.6967, "276"),
    # statuses
    "status: a planned camera in the other state": shut(cameras=[planned(15.3, 0.1)]),
    "status: one planned where no pack reaches": shut(cameras=[replace(planned(15.3, 0.1), status=Status.PLANNED, name="old")]),
    # seals and tables
    "seal: worship without its tags": loosens("worship", tags=("building=church",)),
    "seal: a home that is no home": loosens("dwelling", tags=()),
    "seal: a kind without ground": loosens("worship", forecourt_m=0.0),
    # levels
    "level: an owner": coarse(lambda _, found: owner_in(found), ""),
    "level: masks called none": lambda: disclosed((), Matter.MASKS, frozenset(Matter)) == WITHHELD,
    "level: nothing said of what is withheld": coarse(lambda _, found: found.withheld, frozenset(Matter)),
    # decisions
    "decision: by nobody": lambda: not stands_for("n/a", "2026-05-01"),
    "decision: by a full stop": lambda: not stands_for(".", "2026-05-01"),
    "decision: of no day": lambda: not stands_for("A. Example", "soon"),
    "decision: of a day that there is not": lambda: not stands_for("A. Example", "2026-02-30"),
    "decision: a cell of somewhere else": lambda: not gate(built=one_cell_empty()[0], declarations=(CELL,)).open,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_that_an_attack_does_not_get_through(name):
    assert ATTACKS[name]()


def test_that_the_gate_of_the_attacks_is_open_without_them_and_the_level_shows_an_owner_where_no_pack_asks():
    assert gate(**OPEN).open
    assert owner_in(shown_of(RECORDED, None)[1]) == "Works"


def test_that_there_are_sixty_and_that_the_slow_measure_tells_a_ring():
    assert len(ATTACKS) >= 60
    whole = shapely.union_all([each.buffer(15.0) for each in RINGS["four strips at 1.1 m"]])
    assert shapely.intersection(OUTLINE, whole).length == pytest.approx(OUTLINE.length)
    assert np.isclose(OUTLINE.length, 160.0)
