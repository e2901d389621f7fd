"""Number the groups into which pairs join things: connected components of a graph without directions."""

import numpy as np

from lhasaplan.core.base.arrays import IntArray


def joined_groups(a: IntArray, b: IntArray, count: int) -> IntArray:
    """Return the group of each of ``count`` things, shape (count,), numbered in the order of their first member.

    Each thing takes the lowest number among those that it is joined with, until none is lower (Shiloach and Vishkin 1982).

    Parameters
    ----------
    a, b : shape (n,); pairs of things that are in one group.

    Examples
    --------
    >>> joined_groups(np.array([3, 0]), np.array([1, 2]), 5)
    array([0, 1, 0, 1, 2])
    """
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        hooked = label.copy()
        np.minimum.at(hooked, label[a], low)
        np.minimum.at(hooked, label[b], low)
        while not np.array_equal(hooked, hooked[hooked]):
            hooked = hooked[hooked]
        if np.array_equal(hooked, label):
            return np.asarray(np.unique(label, return_inverse=True)[1], np.int64)
        label = hooked
