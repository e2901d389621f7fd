"""Cuts hold for every whole choice and lift the bound that fractions leave."""

from unittest import mock

import numpy as np
import pytest
from bench.incidences import of_sets
from hypothesis import given
from hypothesis import strategies as st
from small_coverings import coverings, least_cost

from lhasaplan.core.covering import problem as problems
from lhasaplan.core.covering.bounds import Bound, ascent, first_prices
from lhasaplan.core.covering.cuts import broken_cuts, halved, raised_by_cuts
from lhasaplan.core.covering.problem import Covering, reduced


def ring(length):
    """Return rows in a ring and a column for each two neighbours: of an odd number half and a half are covered by fractions."""
    return Covering(of_sets([[k, (k + 1) % length] for k in range(length)], length), np.ones(length), np.ones(length, np.int64))


def prices_of(problem):
    return Bound(0.0, first_prices(problem), problem.cost)


@pytest.mark.parametrize(("length", "least"), [(3, 2), (5, 3)])
def test_that_a_cut_lifts_the_bound_of_an_odd_ring_to_its_least_cost(length, least):
    by_prices = list(ascent(ring(length), length, 300))[-1].value
    by_cuts = list(raised_by_cuts(ring(length), prices_of(ring(length)), 5))[-1].value
    assert by_prices == pytest.approx(length / 2, abs=0.01)
    assert by_cuts == pytest.approx(least, abs=0.02)


def test_that_halves_of_a_ring_of_three_break_the_sum_of_its_rows():
    assert broken_cuts(ring(3), np.full(3, 0.5)).tolist() == [[0, 1, 2, -1, -1]]
    assert len(broken_cuts(ring(3), np.array([1.0, 1.0, 0.0]))) == 0


def test_that_a_sum_of_rows_is_halved_and_rounded_up():
    # Rows {0, 1}, {0, 2}, {0, 3} and needs 1, 1, 1: half of 3 x0 + x1 + x2 + x3 >= 3 is 2 x0 + x1 + x2 + x3 >= 2.
    problem = Covering(of_sets([[0, 1, 2], [0], [1], [2]], 3), np.ones(4), np.ones(3, np.int64))
    sums = halved(problem, np.array([[0, 1, 2]]))
    assert sorted(sums.columns.tolist()) == [0, 0, 1, 2, 3]
    assert sums.length.tolist() == [5]
    assert sums.need.tolist() == [2]


@given(coverings())
def test_that_no_bound_with_cuts_is_above_the_least_cost(problem):
    least = least_cost(problem)
    for bound in raised_by_cuts(problem, prices_of(problem), 6):
        assert bound.value <= least + 1e-9


@given(coverings(), st.data())
def test_that_rows_and_columns_in_order_are_the_same_covering(problem, data):
    with mock.patch.object(problems, "LARGE_ENTRIES", 1):
        part = reduced(problem)
    assert least_cost(part.problem) == least_cost(problem)
    columns = part.problem.incidence.columns
    choice = np.array(data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns)), bool)
    assert part.problem.value(choice) == problem.value(part.widened(choice, problem.incidence.columns))
    if part.problem.is_met_by(choice):
        assert problem.is_met_by(part.widened(choice, problem.incidence.columns))
