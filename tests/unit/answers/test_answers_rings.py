"""Rings at a distance: parts that lie more than 15 m from a protected place, asked of ``propose`` with all that it may add."""

import dataclasses

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, layer, reference_data, town
from test_answers_check import confirmed, drawn
from test_answers_siting import LITTLE

from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.exposure.grading import protected_densities
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.rules.audit_policy import SitingRules
from lhasaplan.core.siting import options as options_module
from lhasaplan.core.siting.choosing import Allowance, rings
from lhasaplan.core.siting.options import ROUND_A_PLACE, OptionSolver
from lhasaplan.core.siting.states import table_of

PLACE = box(-8, -8, 8, 8)
TAGS = {
    "worship": {"building": "mosque"},
    "home": {"building": "house"},
    "health": {"building": "hospital"},
    "school": {"building": "school"},
    "refuge": {"building": "yes", "social_facility": "shelter"},
    "party": {"building": "yes", "office": "political_party"},
}
AWAY_M = 26.5  # of the streets' middles from the middle of the place: parts lie 15.5 m off its walls
WORSHIP_M = 37.5  # squares and ways within 25 m of worship are its ground


@pytest.fixture(autouse=True)
def open_gate(monkeypatch):
    """These towns state no mandate: what the gate asks is tested elsewhere, what guard and audit ask is asked."""
    monkeypatch.setattr("lhasaplan.core.live.effect.InsideGate.lacking_more", lambda *_: [])


def streets(away_m):
    far = 70.0
    lines = (
        (-far, -away_m, far, -away_m),
        (-far, away_m, far, away_m),
        (-away_m, -far, -away_m, far),
        (away_m, -far, away_m, far),
    )
    shapes = [shapely.LineString([(X0 + a, Y0 + b), (X0 + c, Y0 + d)]) for a, b, c, d in lines]
    return layer("roads", *((f"way/{900 + n}", shape, {"highway": "residential"}) for n, shape in enumerate(shapes)))


def ring_of_parts(away_m):
    near, far = away_m - 3, away_m + 3
    shapes = box(-6, -far, 6, -near), box(-6, near, 6, far), box(-far, -6, -near, 6), box(near, -6, far, 6)
    return tuple(drawn(density=25.0, shape=shape, name=f"p{n}") for n, shape in enumerate(shapes))


def council_round(tags):
    built = town(("way/1", PLACE, {**tags, "height": "9"}), cameras=[])
    away_m = WORSHIP_M if tags == TAGS["worship"] else AWAY_M
    parts = ring_of_parts(away_m)
    project = dataclasses.replace(
        built, layers={**built.layers, "roads": streets(away_m)}, hand_made_parts=parts, confirmations=confirmed(*parts)
    )
    city = set_up(project, reference_data())
    requested = request(city, find_candidates(city))
    live = with_cameras(make_live(city, requested), [])
    rules = SitingRules(positions=6, most_new=40, azimuth_step_deg=60.0, corners=False)
    return requested, OptionSolver(live, project, table_of(live, rules), rules, LITTLE)


def share_shown(city, cameras):
    """The share of the walls of the place that cameras show at 25 px/m or better, by points of 0.5 m at 1.5 m: another way."""
    context = set_in(city, cameras)
    outline = shapely.segmentize(PLACE.exterior, 0.5)
    middles = shapely.get_coordinates(outline)
    middles = (middles[1:] + middles[:-1]) / 2.0
    outside = middles + 0.05 * (middles - [X0, Y0]) / np.abs(middles - [X0, Y0]).max(axis=1)[:, None]
    density = protected_densities(context, context.view_table, np.column_stack([outside, np.full(len(outside), 1.5)])).toarray()
    return float((density.max(axis=1) >= 25.0).mean())


@pytest.mark.parametrize("kind", TAGS)
def test_that_a_ring_of_parts_too_far_for_the_guard_gets_no_cameras_that_show_a_place_from_round_about(kind, monkeypatch):
    requested, council = council_round(TAGS[kind])
    assert len(requested.parts) == 4
    option = council.option(Allowance("all", may_remove=True, may_change=True, most_new=8))
    proposed = [council.table.states[k].camera for k in option.choice.states]
    assert not proposed or share_shown(council.live.city, proposed) <= 0.5 + 0.02

    monkeypatch.setattr(options_module, "rings", lambda *_: [])
    free = council.option(Allowance("all", may_remove=True, may_change=True, most_new=8))
    unguarded = [council.table.states[k].camera for k in free.choice.states]
    if share_shown(council.live.city, unguarded) > 0.5:
        assert any(fault.template == ROUND_A_PLACE for fault in option.refused)


def test_that_four_cameras_round_a_place_are_a_ring_and_two_are_none():
    _, council = council_round(TAGS["worship"])
    city = council.live.city
    round_it = [
        camera(f"c{n}", x=x, y=y, azimuth=azimuth, range_m=60.0, hfov_deg=60.0)
        for n, (x, y, azimuth) in enumerate(((0, -24, 0), (0, 24, 180), (-24, 0, 90), (24, 0, 270)))
    ]
    (ring,) = rings(city, round_it, [None] * 4)
    assert ring.most_m == pytest.approx(32.0)
    assert ring.adds_m.sum() == pytest.approx(64.0, abs=2.0)
    assert rings(city, round_it[:2], [None] * 2) == []
    assert rings(city, round_it, [*round_it[:2], None, None]) == []  # what stands and is not changed adds nothing
