"""Signs before the ways into a view: a lens at the origin looking north, 68 degrees wide, 40 m far, on open ground."""

import math
from dataclasses import replace

import pytest
import shapely
from answers_town import X0, Y0, article, bare_camera, camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.findings.entry_signs import entries_of, ways_of
from lhasaplan.core.results.finding import MitigationAction, Severity
from lhasaplan.core.rules.audit_policy import SignRule

# Three streets into a square in view: one along y = 25, which the view cuts where |x| = 25 tan 34 = 16.86, and one from the
# square to the north, which leaves the view at its far end, y = 40.
EDGE_M = 25 * math.tan(math.radians(34))
STREETS = (
    ("way/1", shapely.LineString([(X0 - 100, Y0 + 25), (X0 + 100, Y0 + 25)]), {"highway": "residential"}),
    ("way/2", shapely.LineString([(X0, Y0 + 20), (X0, Y0 + 100)]), {"highway": "residential"}),
)


def sign(number, x, y, **tags):
    return f"s{number}", shapely.Point(X0 + x, Y0 + y), tags


def findings(*signs, streets=STREETS, houses=(), rules=None, **values):
    one = camera(**{"range_m": 40.0, "sign": "", **values})
    others = {"signs": layer("signs", *signs)} if signs else {}
    project = town(*houses, cameras=[one], roads=layer("roads", *streets), **others)
    return project, [each for each in audit(project, rules or reference_data()).findings if "sign" in each.kind]


def bare(*signs, **values):
    """Return how many ways in have no sign, of how many; None where there is no finding."""
    found = [each for each in findings(*signs, **values)[1] if each.kind == "sign_not_before_entry"]
    return (found[0].params["unsigned"], found[0].params["entries"]) if found else None


def test_that_of_three_streets_with_one_sign_two_have_none():
    # 4.3 m before the western entry and 3 m beside the middle of the street.
    project, (found,) = findings(sign(1, -20, 28))
    assert (found.params["unsigned"], found.params["entries"], found.severity) == (2, 3, Severity.NOTE)
    points = {(round(point.x - X0, 1), round(point.y - Y0, 1)) for point in found.geometry.geoms}
    assert points == {(round(EDGE_M, 1), 25.0), (0.0, 40.0)}
    assert found.mitigation.action is MitigationAction.SIGN
    assert len(found.mitigation.values["at"]) == 2
    placed = [sign(2 + n, point.x - X0, point.y - Y0) for n, point in enumerate(found.geometry.geoms)]
    assert bare(sign(1, -20, 28), *placed) is None  # the mitigation ends its finding
    assert project.cameras[0].sign == ""


def test_that_without_any_sign_at_the_ways_in_it_is_due():
    _, (found,) = findings(
        sign(1, 150, 150), rules=reference_data(pack("law", articles=[article("112", "sign_not_before_entry")]))
    )
    assert (found.severity, found.article, found.params["before_m"]) == (Severity.DUE, "112", 15.0)


@pytest.mark.parametrize(
    ("place", "has_sign"),
    [
        ((-EDGE_M - 14.0, 25.0), True),
        ((-EDGE_M - 16.0, 25.0), False),  # too far before
        ((-EDGE_M - 9.0, 34.0), True),  # 9 m beside: half the street is 5 m, and 5 m more
        ((-EDGE_M - 9.0, 36.0), False),
        ((-EDGE_M + 5.0, 25.0), False),  # in the view: too late
        ((-EDGE_M + 0.8, 25.0), True),  # 0.66 m from the edge of the view
    ],
)
def test_that_a_sign_stands_before_the_view_and_beside_the_way(place, has_sign):
    assert bare(sign(1, *place)) == (2 if has_sign else 3, 3)


@pytest.mark.parametrize(
    ("tags", "has_sign"),
    [
        ({"text": "yes", "pictogram": "no"}, True),
        ({"text": "no", "pictogram": "yes"}, False),  # nothing to read
        ({"camera_ids": "c1;c9"}, True),
        ({"camera_ids": "c9"}, False),  # it speaks for another camera
    ],
)
def test_that_a_sign_must_be_readable_and_speak_for_the_camera(tags, has_sign):
    assert bare(sign(1, -20, 28, **tags)) == (2 if has_sign else 3, 3)


def test_that_signs_for_cameras_that_nobody_knows_are_counted():
    project, _ = findings(sign(1, -20, 28, camera_ids="c9"), sign(2, -20, 28, camera_ids="c9;c1"), sign(3, 0, 0))
    assert [params for template, params in audit(project, reference_data()).notes if "signs" in template] == [{"count": 1}]


def test_that_positions_answer_the_question_and_a_recorded_no_stays():
    kinds = {each.kind for each in findings(sign(1, -20, 28))[1]}
    assert kinds == {"sign_not_before_entry"}
    assert "sign_missing" in {each.kind for each in findings(sign(1, -20, 28), sign="no")[1]}


def test_that_without_positions_the_record_is_asked():
    assert [each.kind for each in findings()[1]] == ["sign_unknown"]


def test_that_a_possible_view_gives_no_finding_on_positions():
    project = town(cameras=[bare_camera()], roads=layer("roads", *STREETS), signs=layer("signs", sign(1, 150, 150)))
    assert [each.kind for each in audit(project, reference_data()).findings if "sign" in each.kind] == ["sign_unknown"]


def test_that_the_shadow_of_a_house_is_a_gap_in_the_view_and_not_its_end():
    # A shed 10 to 14 m ahead, 4 m wide: at y = 25 its shadow is 2 * 2 * 25 / 10 = 10 m wide, less than 15.
    # The street to the north lies in the shadow all along.
    shed = house(1, -2, 10, 2, 14, kind="shed")
    assert bare(sign(1, 150, 150), houses=[shed]) == (2, 2)
    # 6 m wide: 15.0 m and more are a view that ends and begins again.
    wide = house(1, -3.2, 10, 3.2, 14, kind="shed")
    assert bare(sign(1, 150, 150), houses=[wide]) == (4, 4)


def test_that_a_carriageway_and_its_pavement_are_one_way_in():
    pavement = ("way/3", shapely.LineString([(X0 - 100, Y0 + 29), (X0 + 100, Y0 + 29)]), {"highway": "footway"})
    # 4 m apart along the edge's 34 degrees: hypot(4, 4 tan 34) = 4.8 m.
    assert bare(sign(1, 150, 150), streets=(*STREETS, pavement)) == (3, 3)


def test_that_private_ways_and_tunnels_are_no_ways_in():
    closed = tuple((name, line, {**tags, "access": "private"}) for name, line, tags in STREETS)
    assert bare(sign(1, 150, 150), streets=closed) is None


def test_that_a_way_that_ends_in_view_enters_once_and_a_ring_inside_never():
    seen = shapely.box(0, 0, 100, 100)
    blind = shapely.LineString([(50, -50), (50, 50)])
    ring = shapely.LineString([(20, 20), (40, 20), (40, 40), (20, 20)])
    lines = shapely.from_wkt([blind.wkt, ring.wkt])
    (entry,) = entries_of(seen, ways_of(lines, shapely.area(lines)), SignRule())
    assert (entry[0].x_m, entry[0].y_m, entry[0].way) == (50.0, 0.0, 0)


def test_that_an_entry_on_protected_ground_counts_but_is_not_named():
    yard = layer("places", ("way/9", shapely.box(X0 + 10, Y0 + 20, X0 + 30, Y0 + 30), {"leisure": "playground"}))
    one = camera(range_m=40.0, sign="")
    project = town(cameras=[one], roads=layer("roads", *STREETS), places=yard, signs=layer("signs", sign(1, 150, 150)))
    (found,) = [each for each in audit(project, reference_data()).findings if each.kind == "sign_not_before_entry"]
    assert (found.params["unsigned"], len(found.geometry.geoms), len(found.mitigation.values["at"])) == (3, 2, 2)


def test_that_a_stricter_distance_of_the_policy_counts():
    rules = reference_data()
    strict = replace(rules, policy=replace(rules.policy, signs=SignRule(before_m=3.0)))
    assert bare(sign(1, -20, 28), rules=strict) == (3, 3)
