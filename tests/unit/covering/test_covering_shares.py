"""Parts served by shares: the best of the model beside every choice tried, and its bounds, on small random towns."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lhasaplan.core.covering.bounds import SolverLimits
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Floors, Limit, Shared, Shares, least_cost, most_service

LITTLE = Effort(limits=SolverLimits(nodes=500))
SLACK = 1e-6


@st.composite
def towns(draw):
    """Give states of up to three cameras, two parts of a few points, and what may be new, kept, and taken."""
    points, states = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    cells = st.lists(st.booleans(), min_size=points * states, max_size=points * states)
    sees = np.array(draw(cells)).reshape(points, states)
    serves = sees & np.array(draw(cells)).reshape(points, states)
    part = np.array([0, 1, *(draw(st.integers(0, 1)) for _ in range(points - 2))])
    weight = np.array([float(draw(st.integers(1, 4))) for _ in range(points)])
    one_of = np.array([draw(st.integers(0, 2)) for _ in range(states)])
    cost = np.array([float(draw(st.integers(1, 9))) for _ in range(states)])
    need = np.array([draw(st.integers(1, 2)) for _ in range(points)])
    is_new = np.array([draw(st.booleans()) for _ in range(states)])
    takes = np.array([float(draw(st.integers(0, 3))) for _ in range(states)])
    limits = (Limit(takes, float(draw(st.integers(0, 5)))),) if draw(st.booleans()) else ()
    pieces = draw(st.integers(0, 2))
    cells = st.lists(st.integers(0, 3), min_size=pieces * states, max_size=pieces * states)
    shared = (Shared(sparse.csr_array(np.array(draw(cells), float).reshape(pieces, states)), float(draw(st.integers(0, 5)))),)
    total, aim = np.bincount(part, weight, minlength=2), np.array([draw(st.sampled_from([0.5, 0.9, 1.0])) for _ in range(2)])
    matrices = (sparse.csr_array(each.astype(float)) for each in (serves, sees))
    fixed = np.zeros(states, bool)
    return Shares(*matrices, weight, part, need, total, aim, cost, one_of, is_new, fixed, limits, shared if pieces else ()), draw(
        st.integers(0, 2)
    )


def choices(shares, most):
    """Give every choice that sets, budget and limits let stand."""
    for each in product([False, True], repeat=len(shares.cost)):
        choice = np.array(each)
        taken = shares.one_of[choice]
        within = all(limit.takes[choice].sum() <= limit.most for limit in shares.limits)
        within &= all(limit.takes.toarray()[:, choice].max(axis=1, initial=0.0).sum() <= limit.most for limit in shares.shared)
        if len(taken) == len(set(taken.tolist())) and (choice & shares.is_counted).sum() <= most and within:
            yield choice


def keeps(shares, floors, choice):
    return (shares.served(choice) >= floors.served - SLACK).all() and (shares.seen(choice) >= floors.seen - SLACK).all()


@given(towns())
def test_that_no_choice_serves_more_than_the_one_found_and_none_costs_less(town):
    """Nothing stands today, so that every choice keeps the floors; then the floors are raised to what was found."""
    shares, most = town
    nothing, none = np.zeros(len(shares.cost), bool), Floors(np.zeros(2), np.zeros(2))
    found = most_service(shares, none, nothing, most, LITTLE)
    best = max(shares.reached(each).sum() for each in choices(shares, most))
    assert abs(found.value - best) <= SLACK
    assert best - SLACK <= found.bound <= best + SLACK  # so small a town is always proved
    least = least_cost(shares, none, found.is_chosen, most, LITTLE)
    kept = Floors(np.minimum(shares.served(found.is_chosen), shares.aim), np.zeros(2))
    cheapest = min(shares.cost[each].sum() for each in choices(shares, most) if keeps(shares, kept, each))
    assert abs(least.value - cheapest) <= SLACK
    assert cheapest - SLACK <= least.bound <= cheapest + SLACK
    assert any((least.is_chosen == each).all() for each in choices(shares, most))


@given(towns(), st.integers(0, 63))
def test_that_no_part_falls_below_what_stands_today(town, number):
    shares, most = town
    allowed = list(choices(shares, most))
    today = allowed[number % len(allowed)]
    floors = Floors(shares.served(today), shares.seen(today))
    found = most_service(shares, floors, today, most, LITTLE)
    assert keeps(shares, floors, found.is_chosen)
    best = max(shares.reached(each).sum() for each in allowed if keeps(shares, floors, each))
    assert abs(found.value - best) <= SLACK
    assert found.bound >= best - SLACK
