"""pysovist: one exact isovist in the plane per camera."""

import json

import numpy as np
import pysovist

from ..worker import serve
from .plane_rings import load_rings


def prepare(folder):
    """Return a run over all cameras, with or without the making of each camera's plan."""
    walls = [_walls(group) for group in load_rings(folder / "rings.npz")]
    if json.loads((folder / "settings.json").read_text("utf-8")).get("making"):
        return lambda: {"answers": len([_look(pysovist.Plan(one)) for one in walls])}
    ready = [pysovist.Plan(one) for one in walls]
    return lambda: {"answers": len([_look(plan) for plan in ready])}


def _walls(group):
    """Return the segments of the holes; the range ends the view, so no box is needed."""
    return np.concatenate([np.stack((ring, np.roll(ring, -1, axis=0)), 1) for ring in map(np.array, group[1:])])


def _look(plan):
    return pysovist.isovist(plan, (0.0, 0.0), max_distance=150.0)


if __name__ == "__main__":
    serve(prepare)
