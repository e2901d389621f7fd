import threading
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from bench.incidences import of_sets
from bench.maximal_cover import MaximalCovering, cover_most, interchanged
from bench.or_library import read_text
from hypothesis import given
from hypothesis import strategies as st
from small_coverings import choices, coverings, least_cost

from lhasaplan.core.covering import pieces as pieces_of
from lhasaplan.core.covering import row_weighting
from lhasaplan.core.covering.bounds import LinearModel, SolverLimits, ascent, solve
from lhasaplan.core.covering.pieces import bettered
from lhasaplan.core.covering.problem import (
    Covering,
    greedy,
    incidence_of,
    pruned,
    reduced,
    restricted,
    without_dominated,
    without_implied_rows,
)
from lhasaplan.core.covering.row_weighting import improved
from lhasaplan.core.covering.set_cover import Effort, cover, model_of
from lhasaplan.errors import InputError

LITTLE = Effort(passes=60, steps=400, limits=SolverLimits(nodes=200))


@given(coverings())
def test_that_the_answer_is_that_of_every_choice_tried(problem):
    answer = cover(problem, LITTLE)
    assert problem.is_met_by(answer.is_chosen)
    assert answer.value == problem.value(answer.is_chosen) == pytest.approx(least_cost(problem))
    assert answer.is_proved


@given(coverings())
def test_that_where_a_time_is_used_up_the_answer_is_that_of_every_choice_tried(problem):
    answer = cover(problem, replace(LITTLE, steps=10**9, seconds_left=lambda: 60.0))
    assert problem.is_met_by(answer.is_chosen)
    assert answer.value == problem.value(answer.is_chosen) == pytest.approx(least_cost(problem))
    assert answer.is_proved


@given(coverings())
def test_that_no_bound_of_prices_is_above_the_least_cost(problem):
    least = least_cost(problem)
    for bound in ascent(problem, problem.value(greedy(problem)) + 0.1, 40):
        assert bound.value <= least + 1e-9


@given(coverings(), st.integers(0, 100))
def test_that_a_search_of_any_length_gives_a_choice_that_covers_all_and_costs_no_more(problem, steps):
    first = greedy(problem)
    after = improved(problem, first, steps, seed=3)
    assert problem.is_met_by(after)
    assert problem.value(after) <= problem.value(first)


@given(coverings(), st.integers(0, 100))
def test_that_a_search_with_a_tournament_covers_all_and_costs_no_more(problem, steps):
    first = greedy(problem)
    with mock.patch.object(row_weighting, "FEW", 0):
        after = improved(problem, first, steps, seed=3)
    assert problem.is_met_by(after)
    assert problem.value(after) <= problem.value(first)


@pytest.mark.parametrize("need", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_that_a_tournament_lets_the_same_columns_go_as_a_look_at_all_of_them(seed, need):
    # No two costs are alike, so that no two columns are missed equally.
    matrix = incidence_of(np.random.default_rng(seed).random((120, 90)) < 0.12)
    problem = Covering(matrix, np.random.default_rng(seed).uniform(1.0, 2.0, 90), np.full(120, need))
    first = pruned(problem, np.ones(90, bool))
    after = []
    for few in (0, 90):
        with mock.patch.object(row_weighting, "FEW", few):
            after.append(improved(problem, first, 500, seed))
    assert after[0].tolist() == after[1].tolist()
    assert problem.value(after[0]) < problem.value(first)


@given(coverings())
def test_that_of_a_pruned_choice_no_column_can_go(problem):
    left = pruned(problem, np.ones(problem.incidence.columns, bool))
    assert problem.is_met_by(left)
    for column in np.flatnonzero(left):
        fewer = left.copy()
        fewer[column] = False
        assert not problem.is_met_by(fewer)


@given(coverings(), st.integers(1, 4))
def test_that_the_most_that_can_be_covered_is_that_of_every_choice_tried(drawn, most):
    problem = MaximalCovering(drawn.incidence, np.arange(1.0, drawn.incidence.rows + 1.0), most)
    few = (each for each in choices(drawn.incidence.columns) if each.sum() <= most)
    answer = cover_most(problem, LITTLE)
    assert answer.is_chosen.sum() <= most
    assert answer.value == max(map(problem.value, few)) == problem.value(answer.is_chosen)
    assert answer.bound == answer.value


def grid(columns=60, rows=90, seed=4):
    matrix = incidence_of(np.random.default_rng(seed).random((rows, columns)) < 0.08)
    return Covering(matrix, np.ones(columns), (np.diff(matrix.row_start) > 0).astype(np.int64))


def test_that_a_seed_gives_the_same_answer_each_time():
    first, again = (cover(grid(), Effort(passes=20, steps=3000, limits=SolverLimits(nodes=0))) for _ in range(2))
    assert first.is_chosen.tolist() == again.is_chosen.tolist()
    assert first.bound == again.bound


def test_that_the_exact_search_beside_proves_what_no_other_step_does():
    # Its gap is too wide for an exact search in turn, and prices leave the bound below 12.
    some = Effort(passes=20, steps=2000, most_gap=0.0, small_entries=0)
    alone = cover(grid(90, 60), some)
    beside = cover(grid(90, 60), replace(some, steps=10**9, seconds_left=lambda: 60.0))
    exact = solve(model_of(grid(90, 60)), SolverLimits())
    assert alone.bound <= beside.bound == beside.value == pytest.approx(exact.value) == pytest.approx(exact.bound)
    assert not alone.is_proved


def test_that_progress_never_falls_while_the_exact_search_is_waited_for():
    shares = []
    some = Effort(passes=20, steps=10**9, most_gap=0.0, small_entries=0, seconds_left=lambda: 60.0)
    cover(grid(90, 60), some, progress=lambda share, _: shares.append(share))
    assert shares == sorted(shares)


def test_that_a_solver_hears_of_a_better_answer_while_it_works():
    model = model_of(grid(90, 60))
    best = solve(model, SolverLimits())
    offers = [best.x]
    one_node = SolverLimits(nodes=1)
    assert solve(model, one_node).value > best.value + 0.5
    assert solve(model, one_node, better=lambda: offers.pop() if offers else None).value == pytest.approx(best.value)


def test_that_a_cancel_ends_the_exact_search_beside():
    before = threading.active_count()

    def cancel(_share, _step):
        if threading.active_count() > before:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cover(grid(300, 200), Effort(steps=10**9, seconds_left=lambda: 60.0), progress=cancel)
    assert threading.active_count() == before


def test_that_each_better_answer_is_told_and_none_is_beyond_its_bound():
    reported = []
    last = cover(grid(), LITTLE, reported.append)
    assert [each.value for each in reported] == sorted((each.value for each in reported), reverse=True)
    assert [each.bound for each in reported] == sorted(each.bound for each in reported)
    assert all(each.bound <= last.value <= each.value for each in reported)


def test_that_the_best_so_far_is_kept_when_no_time_is_left():
    answer = cover(grid(), Effort(seconds_left=lambda: 0.0))
    assert grid().is_met_by(answer.is_chosen)
    assert answer.bound <= answer.value


def test_that_a_row_that_no_column_covers_is_refused():
    with pytest.raises(ValueError, match="do not cover"):
        cover(Covering(of_sets([[0]], 2), np.ones(1), np.ones(2, np.int64)))


def test_that_two_columns_change_places_where_that_covers_more():
    # Greedy takes the wide column 0 (rows 0-3), then needs 1 and 2; the best pair is 1 and 2, which cover all six rows.
    problem = MaximalCovering(of_sets([[1, 2, 3, 4], [0, 1, 2], [3, 4, 5]], 6), np.ones(6), 2)
    first = np.array([True, True, False])
    assert problem.value(first) == 5.0
    assert problem.value(interchanged(problem, first, 100)) == 6.0


def test_that_a_known_answer_whose_cost_presolve_reduces_does_not_lift_the_bound():
    # A column that must be chosen (row 0) leaves the model with its cost of 10: what is claimed of the rest must count it.
    sets = [[0], *[[1 + k, 1 + (k + 1) % 7, 1 + (k + 3) % 7] for k in range(7)]]
    matrix = of_sets(sets, 8).matrix().tocsr()
    cost = np.array([10.0, *[1.0] * 7])
    model = LinearModel(cost, matrix, np.ones(8), np.full(8, np.inf), np.ones(8), np.ones(8, bool))
    reported = solve(model, SolverLimits(), np.ones(8))
    best = min(cost @ each for each in choices(8) if (matrix @ each >= 1).all())
    assert reported.value == pytest.approx(best)
    assert reported.bound <= best + 1e-6


def test_that_a_model_without_an_answer_says_so():
    one = incidence_of(np.ones((1, 1))).matrix().tocsr()
    reported = solve(
        LinearModel(np.ones(1), one, np.array([2.0]), np.array([np.inf]), np.ones(1), np.ones(1, bool)), SolverLimits()
    )
    assert reported.is_impossible
    assert reported.x is None


def test_that_both_forms_of_a_published_file_are_read():
    # Three rows, four columns of cost 1 2 3 4; row by row, and column by column.
    rows = read_text("3 4\n1 2 3 4\n2\n1 3\n1\n2\n2\n3 4\n")
    columns = read_text("3 4\n1 1 1\n2 1 2\n3 2 1 3\n4 1 3\n")
    for problem in (rows, columns):
        assert problem.cost.tolist() == [1, 2, 3, 4]
        assert problem.incidence.matrix().toarray().tolist() == [[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 1]]
    assert read_text("3 4\n1 2 3 4\n2\n1 3\n1\n2\n2\n3 4\n", unicost=True).cost.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("text", ["", "3 4\n1 2", "3 4\n1 2 3 x", "1 1\n1\n1\n2\n", "1 1\n0\n1\n1\n"])
def test_that_any_other_file_is_refused_in_a_sentence(text):
    with pytest.raises(InputError):
        read_text(text)


@given(coverings(), st.integers(1, 5), st.sampled_from([1, 3, 800]))
def test_that_a_choice_bettered_in_pieces_covers_all_and_costs_no_more(problem, pieces, columns):
    first = greedy(problem)
    with mock.patch.object(pieces_of, "COLUMNS", columns):
        after = bettered(problem, first, pieces if (problem.need > 0).any() else 0, seed=2)
    assert problem.is_met_by(after)
    assert problem.value(after) <= problem.value(first)


def test_that_another_choice_of_the_same_cost_is_taken_where_none_is_better():
    # Five rows in a ring, a column for each two neighbours: three serve in five ways, two do not.
    problem = Covering(of_sets([[k, (k + 1) % 5] for k in range(5)], 5), np.ones(5), np.ones(5, np.int64))
    first = np.array([True, False, True, False, True])
    assert improved(problem, first, 20, seed=1).tolist() == first.tolist()
    after = improved(problem, first, 20, seed=1, takes_alike=True)
    assert problem.is_met_by(after)
    assert after.sum() == 3
    assert after.tolist() != first.tolist()


@given(coverings())
def test_that_without_dominated_columns_the_least_cost_is_the_same(problem):
    part = restricted(problem, without_dominated(problem))
    assert part.problem.can_be_met
    assert least_cost(part.problem) == least_cost(problem)


@given(coverings(), st.data())
def test_that_what_serves_the_reduced_covering_serves_the_whole_and_the_least_cost_is_the_same(problem, data):
    part = reduced(problem)
    assert least_cost(part.problem) == least_cost(problem)
    columns = part.problem.incidence.columns
    choice = np.array(data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns)), bool)
    if part.problem.is_met_by(choice):
        assert problem.is_met_by(part.widened(choice, problem.incidence.columns))


def test_that_a_row_goes_whose_columns_include_all_of_one_that_needs_as_much():
    # Columns of the rows: a {0, 1}, b {0, 1, 2}, c {2, 3} needing 1, d {2, 3, 4} needing 2, e as c, f {0, 1} needing nothing.
    sets = [[0, 1, 5], [0, 1, 5], [1, 2, 3, 4], [2, 3, 4], [3]]
    problem = Covering(of_sets(sets, 6), np.ones(5), np.array([1, 1, 1, 2, 1, 0]))
    assert without_implied_rows(problem).tolist() == [True, False, True, True, False, False]


def test_that_a_column_goes_where_as_many_others_as_a_row_needs_cover_all_its_rows_for_no_more():
    # Column 1 lies in 0 and 3, column 2 in 0 alone; 4 costs more than 0, of which it has the rows; 5 and 6 are alike.
    sets = [[0, 1, 2], [0, 1], [2], [0, 1, 3], [0, 1, 2], [4], [4]]
    matrix, cost = of_sets(sets, 5), np.array([2.0, 2.0, 2.0, 2.0, 3.0, 1.0, 1.0])
    once, twice = (without_dominated(Covering(matrix, cost, np.full(5, need))).tolist() for need in (1, 2))
    assert once == [True, False, False, True, False, True, False]
    assert twice == [True, False, True, True, True, True, True]
