"""Set covering by HiGHS alone, from the matrix to its best choice; it ends when a file says so."""

import json
import sys
from pathlib import Path

import numpy as np
from scipy import sparse

from lhasaplan.core.covering.bounds import SolverLimits, solve
from lhasaplan.core.covering.problem import Covering, incidence_of
from lhasaplan.core.covering.set_cover import model_of

folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
with np.load(folder / "covering.npz") as stored:
    shape = len(stored["need"]), len(stored["cost"])
    matrix = sparse.csc_array((np.ones(len(stored["rows"])), stored["rows"], stored["start"]), shape=shape)
    problem = Covering(incidence_of(matrix), stored["cost"], stored["need"])
reported = solve(model_of(problem), SolverLimits(seconds=seconds))
value = None if reported.x is None else reported.value
print(json.dumps({"value": value, "bound": reported.bound}))
