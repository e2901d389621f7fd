"""Maximal covering by spopt: its model from a matrix of distances, its solver HiGHS by pulp; run in .venv-rivals."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pulp
from scipy import sparse
from spopt.locate import MCLP

folder = Path(sys.argv[1])
cover = sparse.load_npz(folder / "matrix.npz").toarray()
with np.load(folder / "weight.npz") as stored:
    weight, most = stored["weight"], int(stored["most"])
start, wall = time.process_time(), time.perf_counter()
model = MCLP.from_cost_matrix(1.0 - cover, weight, service_radius=0.5, p_facilities=most)
model_s = time.perf_counter() - wall
model = model.solve(pulp.HiGHS(msg=False, threads=1, gapRel=0))
used = time.process_time() - start
print(json.dumps({"value": pulp.value(model.problem.objective), "cpu_s": used, "model_s": model_s}))
