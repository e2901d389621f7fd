"""Embree by embreex: the first triangle that each ray of a picture meets, its tree of the town made before."""

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from ..worker import serve

COLUMNS, ROWS = 640, 360
HEIGHT_SHARE = 1080 / 1920
CORNER = 500_000.0, 5_400_000.0


def prepare(folder):
    """Return a run over all cameras: rays made and cast, distances read."""
    lenses = dict(np.load(folder / "lenses.npz"))
    scene = EmbreeScene()
    TriangleMesh(scene, np.load(folder / "triangles.npy"))
    places = np.column_stack((lenses["x"] - CORNER[0], lenses["y"] - CORNER[1], lenses["z"]))
    angles = np.column_stack((lenses["azimuth"], lenses["tilt"], lenses["hfov"]))
    return lambda: {"answers": len([_look(scene, *each) for each in zip(places, angles, strict=True)])}


def _look(scene, place, angles):
    direction = _rays(*np.radians(angles))
    origin = np.broadcast_to(place.astype(np.float32), direction.shape).copy()
    return scene.run(origin, direction, query="DISTANCE")


def _rays(azimuth, tilt, hfov):
    """Return the directions of the pixels of a straight lens, east, north, up."""
    half = np.tan(min(hfov, np.radians(120.0)) / 2.0)
    right = (2.0 * (np.arange(COLUMNS, dtype=np.float32) + 0.5) / COLUMNS - 1.0) * half
    below = (2.0 * (np.arange(ROWS, dtype=np.float32) + 0.5) / ROWS - 1.0) * half * HEIGHT_SHARE
    right, below = np.meshgrid(right, below)
    forward, down = np.cos(tilt) - below * np.sin(tilt), np.sin(tilt) + below * np.cos(tilt)
    east = forward * np.sin(azimuth) + right * np.cos(azimuth)
    north = forward * np.cos(azimuth) - right * np.sin(azimuth)
    rays = np.stack((east, north, -down), axis=-1).reshape(-1, 3)
    return (rays / np.linalg.norm(rays, axis=1, keepdims=True)).astype(np.float32)


if __name__ == "__main__":
    serve(prepare)
