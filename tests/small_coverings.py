"""Coverings so small that every choice can be tried."""

import itertools

import numpy as np
from bench.incidences import of_sets
from hypothesis import strategies as st

from lhasaplan.core.covering.problem import Covering


@st.composite
def coverings(draw, most_need=2):
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 8))
    sets = [sorted(draw(st.sets(st.integers(0, rows - 1)))) for _ in range(columns)]
    matrix = of_sets(sets, rows)
    most = np.minimum(np.diff(matrix.row_start), most_need)
    need = np.array([draw(st.integers(0, int(most[row]))) for row in range(rows)], np.int64)
    cost = np.array([draw(st.integers(1, 5)) for _ in range(columns)], float)
    return Covering(matrix, cost, need)


def choices(columns):
    return (np.array(each, bool) for each in itertools.product((False, True), repeat=columns))


def least_cost(problem):
    """Every choice, one after the other."""
    return min(problem.value(each) for each in choices(problem.incidence.columns) if problem.is_met_by(each))
