"""Incidences of small coverings that tests write as lists: the rows of each column."""

import numpy as np
from scipy import sparse

from lhasaplan.core.covering.problem import incidence_of


def of_sets(sets, rows):
    """The incidence of columns that are given as lists of rows."""
    lengths = [len(each) for each in sets]
    start = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    flat = np.fromiter((row for each in sets for row in each), np.int64, int(start[-1]))
    return incidence_of(sparse.csc_array((np.ones(len(flat)), flat, start), shape=(rows, len(sets))))
