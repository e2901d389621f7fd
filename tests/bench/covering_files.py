"""Published set covering instances that are made anew, and random ones of cities.

Grossman and Wool (1997), Computational experience with approximation algorithms for the set covering problem.
"""

from itertools import combinations

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from lhasaplan.core.covering.problem import Covering, Incidence, incidence_of


def clique(number: int) -> Covering:
    """CLR: of ``number`` points each of the 2 to the number - 1, less 1, colourings by two colours needs a four of one colour."""
    fours = [sum(1 << point for point in four) for four in combinations(range(number), 4)]
    sides = np.arange(1, 2 ** (number - 1))[:, None]  # the last point has the other colour; all of one colour asks for nothing
    four = np.array(fours)[None, :]
    return _unicost(incidence_of(((sides & four) == four) | ((sides & four) == 0)))


def cycles(number: int) -> Covering:
    """CYC: every cycle of four edges of a cube of so many dimensions needs one of its edges."""
    edges = {}
    for corner in range(2**number):
        for axis in range(number):
            if not corner >> axis & 1:
                edges[corner, axis] = len(edges)
    rows, columns, count = [], [], 0
    for a, b in combinations(range(number), 2):
        for corner in range(2**number):
            if corner >> a & 1 or corner >> b & 1:
                continue
            four = (corner, a), (corner, b), (corner | 1 << b, a), (corner | 1 << a, b)
            rows += [count] * 4
            columns += [edges[each] for each in four]
            count += 1
    return _unicost(incidence_of(sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=(count, len(edges)))))


def _unicost(matrix: Incidence) -> Covering:
    return Covering(matrix, np.ones(matrix.columns), np.ones(matrix.rows, np.int64))


def within_range(positions: int, points: int, range_m: float, seed: int = 1) -> tuple[Incidence, np.ndarray]:
    """Return which of so many positions by chance see which points by chance, those within range; and whole weights 1 to 10."""
    chance = np.random.default_rng(seed)
    at, asked = chance.random((positions, 2)) * 1000.0, chance.random((points, 2)) * 1000.0
    near = cKDTree(at).sparse_distance_matrix(cKDTree(asked), range_m, output_type="ndarray")
    shape = (points, positions)
    matrix = sparse.csc_array((np.ones(len(near)), (near["j"], near["i"])), shape=shape)
    return incidence_of(matrix), chance.integers(1, 11, points).astype(float)
