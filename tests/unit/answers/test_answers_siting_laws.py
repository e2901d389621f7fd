"""Laws of proposals on small towns drawn by lot, beside answers that are worked out anew for the town as it would be."""

import dataclasses
from itertools import combinations

import numpy as np
import shapely
from amounts import examples
from answers_town import X0, Y0, box, camera, house, layer, reference_data
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from test_answers_check import drawn
from test_answers_siting import RULES, council_of, open_gate, with_roads
from undone import taken_back

from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.rules.audit_policy import GenericClass
from lhasaplan.core.siting.choosing import Allowance, allowances, apart, fullest, not_so_much, together, watching_a_quarter

__all__ = ["open_gate"]
FEW = dataclasses.replace(RULES, positions=6, most_new=24, most_masked=12, azimuth_step_deg=90.0)
FORBIDDEN = box(-60, 8, -6, 60)
GRAVE = ("due", "error")


@st.composite
def towns(draw):
    """Give a street with homes, a place where no camera may stand, and up to three cameras that look anywhere."""
    homes = [house(k, *draw(st.sampled_from(HOMES))) for k in range(1, 3)]
    cameras = [
        camera(
            f"c{k}",
            x=float(draw(st.integers(-12, 12))),
            azimuth=float(draw(st.integers(0, 23)) * 15),
            hfov_deg=draw(st.sampled_from([35.0, 68.0])),
            range_m=45.0,
        )
        for k in range(draw(st.integers(0, 3)))
    ]
    project = with_roads(*cameras)
    layers = {
        **project.layers,
        "buildings": layer("buildings", *homes),
        "areas": layer("areas", ("area/1", FORBIDDEN, {"lhasaplan:camera": "no"})),
    }
    return dataclasses.replace(project, layers=layers), draw(st.sampled_from([40.0, 60.0]))


HOMES = ((-4, 40, 4, 48), (-30, 30, -22, 42), (22, 18, 30, 30), (-20, -20, -8, -10), (10, 38, 20, 46))


def anew(council, cameras):
    """Return the answers about a town with these cameras, worked out from nothing."""
    project = dataclasses.replace(council.project, cameras=cameras)
    city = set_up(project, reference_data())
    return with_cameras(make_live(city, request(city, find_candidates(city))), cameras)


def shares_of(council, live):
    """Return what is served and seen of each part by all recorded cameras, planned ones too."""
    whole = council.whole
    shown = [live.column_of(each.camera_id) for each in council_cameras(live)]
    served = {int(point) for column in shown for point in column.served(live.needs).tolist()}
    return [
        sum(whole.weight[point] for point in served if whole.part[point] == part) / whole.total[part]
        for part in range(len(whole.total))
    ]


def council_cameras(live):
    return [result.placed.camera for result in live.results.values() if result.placed.camera.status.value != "removed"]


def grave_places(live):
    cameras = {each.camera_id for each in council_cameras(live)}
    return {
        (key, each.cls, grade): each.places_by_grade.get(grade, 0)
        for key, result in live.results.items()
        if key in cameras
        for each in result.sightings
        for grade in GRAVE
    }


@given(towns())
@examples(4, nightly=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # the gate stays open
def test_that_no_proposal_lowers_a_part_shows_a_home_or_stands_where_none_may(open_gate, drawn_town):
    project, density = drawn_town
    council = council_of(project, drawn(density=density), rules=FEW)
    today = anew(council, project.cameras)
    offered = tuple(state.camera for state in council.table.states if state.action == "new")
    assert not any(grave_places(anew(council, offered)).values())  # chosen or not
    for allowance in allowances(1, 2):
        option = council.option(allowance)
        after = apply(option.proposal, project.cameras)
        assert apply(taken_back(option.proposal, project.cameras), after) == project.cameras
        then = anew(council, after)
        assert all(b >= a - 1e-9 for a, b in zip(shares_of(council, today), shares_of(council, then), strict=True))
        before, new = grave_places(today), {each.camera_id for each in after} - {each.camera_id for each in project.cameras}
        for (key, cls, grade), count in grave_places(then).items():
            assert count <= (0 if key in new else before.get((key, cls, grade), 0))
        for each in after:
            if each.camera_id in new:
                at = shapely.Point(each.x_m, each.y_m)
                assert not FORBIDDEN.intersects(at)
                assert not any(at.within(ground.ground) for ground in council.live.city.protected)


def far_off(parts, most_new=60):
    """Return what may be done for parts along 360 m, each served from afar by a lens that looks level and shows 4,500 m2."""
    street = shapely.LineString([(X0 - 250, Y0 + 14), (X0 + 250, Y0 + 14)])
    roads = layer("roads", ("way/900", street, {"highway": "residential"}))
    project = dataclasses.replace(with_roads(), layers={**with_roads().layers, "roads": roads})
    asked = [drawn(density=40.0, shape=box(x - 4, 20, x + 4, 28), name=f"p{x}") for x in parts]
    level = dataclasses.replace(RULES, classes=(GenericClass("narrow", 35.0),), headroom_deg=45.0, most_new=most_new)
    return council_of(project, *asked, rules=level)


def test_that_a_quarter_watched_whole_by_a_proposal_is_refused_and_what_is_left_passes():
    """Ten parts: two cameras at once are more than a quarter may be."""
    council = far_off(range(-180, 181, 40))
    allowance = Allowance("budget", most_new=10)
    first = council.choice(allowance)
    cameras = [council.table.states[k].camera for k in first.states]
    assert watching_a_quarter(council.live.city, cameras), "the towns of this test must ask for too much"
    option = council.option(allowance)
    assert option.refused
    left = [council.table.states[k].camera for k in option.choice.states]
    assert left
    assert watching_a_quarter(council.live.city, left) == []
    assert option.choice.service[0] < first.service[0]
    assert option.choice.service[0] <= option.choice.service[1] <= first.service[1] + 1e-6


def test_that_an_option_is_the_same_where_its_bounds_are_not_told_and_they_are_no_lower():
    council = far_off((-120, -40, 40), most_new=4)
    told, untold = (council.option(Allowance("budget", most_new=3), tells_bounds=each) for each in (True, False))
    assert told.refused, "the guard's own rows must be asked"
    assert (told.choice.states, council.figures(told)) == (untold.choice.states, council.figures(untold))
    assert told.choice.service[0] <= told.choice.service[1] < untold.choice.service[1]


def test_that_no_set_that_the_guard_lets_stand_passes_the_bounds_of_an_option():
    """Beside every set of up to three of few new cameras, the guard asked for each."""
    council = far_off((-120, -40, 40), most_new=4)
    new = np.flatnonzero(council.table.is_action("new")).tolist()
    assert 5 <= len(new) <= 16
    option = council.option(Allowance("budget", most_new=3))
    assert option.refused, "the towns of this test must ask for too much"
    stands = [each for many in range(4) for each in combinations(new, many) if may_stand(council, each)]
    reached = {each: council.whole.reached(np.isin(np.arange(len(council.table.states)), each)) for each in stands}
    assert max(each.sum() for each in reached.values()) <= option.choice.service[1] + 1e-6
    mine = council.whole.reached(council.chosen(option))
    as_good = [each for each, parts in reached.items() if (parts >= mine - 1e-6).all()]
    costs = [sum(council.table.states[k].cost(council.rules.weights) for k in each) for each in as_good]
    assert option.choice.cost[1] <= min(costs) + 1e-6
    assert option.choice.cost[0] >= min(costs) - 1e-6
    assert option.choice.cameras[1] <= min(map(len, as_good))


def may_stand(council, numbers):
    states = [council.table.states[k] for k in numbers]
    places = {state.one_of for state in states}
    return len(places) == len(states) and watching_a_quarter(council.live.city, [state.camera for state in states]) == []


def test_that_what_the_models_are_told_of_a_circle_refuses_nothing_that_the_guard_lets_stand():
    """Ground that two cameras show counts once in one row, for each of them in the other: the first is never too strict."""
    council = far_off((-120, -40, 40), most_new=4)
    new = np.flatnonzero(council.table.is_action("new")).tolist()
    grounds = [council.table.states[k].ground for k in new]
    circle = fullest(council.live.city, grounds)
    shared, limit = together(grounds, circle), apart(grounds, circle)
    loose, strict = 0, 0
    for some in combinations(range(len(new)), 2):
        is_in = np.isin(np.arange(len(new)), some)
        area = shapely.union_all([grounds[k] for k in some]).area
        assert shared.taken(is_in).sum() <= area + 1e-6
        assert limit.takes[is_in].sum() >= area - 1e-6
        cut = not_so_much([grounds[k] for k in some], some, circle, len(new))
        is_refused = fullest(council.live.city, [grounds[k] for k in some]) is not None
        assert not is_refused or cut.takes[is_in].sum() > cut.most
        loose, strict = loose + (shared.taken(is_in).sum() > circle.most_m2), strict + is_refused
    assert 0 < loose <= strict
