"""Arcs that meet are joined to runs."""

import numpy as np

from lhasaplan.core.sight.compiled.small_kernels import joined


def test_that_arcs_of_one_group_that_meet_or_nearly_meet_are_one_run():
    group = np.array([0, 0, 0, 2, 2])
    low, end = np.array([0.0, 3.0, 20.0, 5.0, 6.0]), np.array([10.0, 4.0, 30.0, 9.0, 7.0])
    first, high = joined(group, low, end, 1.0)
    assert first.tolist() == [0, 2, 3]  # the second lies in the first; the third begins 10 degrees beyond it
    assert high.tolist() == [10.0, 30.0, 9.0]
    assert joined(group, low, end, 10.0)[0].tolist() == [0, 3]  # exactly the gap apart is still one; groups never join
