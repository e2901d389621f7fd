"""Groups of joined things are the connected components of a graph, numbered by their first member."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from lhasaplan.core.base.arrays import joined_groups
from lhasaplan.core.demand.neighbourhood import clusters


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_that_groups_are_the_connected_components(count, pairs):
    a, b = np.array([pair for pair in pairs if max(pair) < count], np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(count, count))
    assert joined_groups(a, b, count).tolist() == connected_components(graph, directed=False)[1].tolist()


def test_that_a_long_chain_in_any_order_is_one_group():
    order = np.random.default_rng(3).permutation(20_000)
    assert set(joined_groups(order[:-1], order[1:], len(order)).tolist()) == {0}


def test_that_nothing_joined_leaves_each_alone():
    assert joined_groups(np.empty(0, np.int64), np.empty(0, np.int64), 3).tolist() == [0, 1, 2]


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20.0))
def test_that_clusters_are_those_of_a_tree_of_points(seed, within_m):
    points = np.random.default_rng(seed).uniform(0.0, 60.0, (30, 2))
    pairs = KDTree(points).query_pairs(within_m, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(30, 30))
    assert clusters(points, within_m).tolist() == connected_components(graph, directed=False)[1].tolist()
