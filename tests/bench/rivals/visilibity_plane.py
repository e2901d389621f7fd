"""VisiLibity: one visibility polygon in the plane per camera."""

import json

import visilibity as vis

from ..worker import serve
from .plane_rings import load_rings

EPSILON_M = 1e-7


def prepare(folder):
    """Return a run over all cameras, with or without the making of each camera's environment."""
    groups = load_rings(folder / "rings.npz")
    if json.loads((folder / "settings.json").read_text("utf-8")).get("making"):
        return lambda: {"answers": len([_look(_environment(group)) for group in groups])}
    ready = [_environment(group) for group in groups]
    return lambda: {"answers": len([_look(one) for one in ready])}


def _environment(group):
    """Return the walls; their polygons are returned too, since the library does not keep them alive."""
    shapes = [vis.Polygon([vis.Point(*corner) for corner in ring]) for ring in group]
    return vis.Environment(shapes), shapes


def _look(environment):
    eye = vis.Point(0.0, 0.0)
    return vis.Visibility_Polygon(eye, environment[0], EPSILON_M)


if __name__ == "__main__":
    serve(prepare)
