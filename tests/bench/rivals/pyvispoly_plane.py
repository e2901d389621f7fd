"""pyvispoly (CGAL): one visibility polygon in the plane per camera, in exact numbers."""

import json

import pyvispoly as pv

from ..worker import serve
from .plane_rings import load_rings


def prepare(folder):
    """Return a run over all cameras, with or without the making of each camera's arrangement."""
    groups = load_rings(folder / "rings.npz")
    if json.loads((folder / "settings.json").read_text("utf-8")).get("making"):
        return lambda: {"answers": len([_look(_arrangement(group)) for group in groups])}
    ready = [_arrangement(group) for group in groups]
    return lambda: {"answers": len([_look(one) for one in ready])}


def _arrangement(group):
    box, *holes = [[pv.Point(*corner) for corner in ring] for ring in group]
    return pv.VisibilityPolygonCalculator(pv.PolygonWithHoles(box, holes))


def _look(arrangement):
    return arrangement.compute_visibility_polygon(pv.Point(0.0, 0.0))


if __name__ == "__main__":
    serve(prepare)
