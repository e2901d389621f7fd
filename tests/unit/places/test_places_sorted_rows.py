"""Rows by several whole numbers are in the order that numpy's own sort by keys gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.base.arrays import order_of

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5), st.integers(-1, 1)), max_size=60)


@given(ROWS, st.sampled_from([1, 10**6, 10**17]))  # with the greatest the keys of a row fit into no one number
def test_that_rows_are_in_the_order_of_lexsort(rows, times):
    first, second, third = np.array(rows, np.int64).reshape(-1, 3).T * times
    assert order_of(first, second, third).tolist() == np.lexsort((third, second, first)).tolist()


@pytest.mark.parametrize("count", [0, 1, 7])
def test_that_rows_in_order_stay(count):
    assert order_of(np.arange(count), np.zeros(count, np.int64)).tolist() == list(range(count))
