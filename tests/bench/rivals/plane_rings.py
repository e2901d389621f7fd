"""Rings round cameras on disk: written by us, read by the tools of the plane (numpy only)."""

import numpy as np


def save_rings(path, groups):
    """Write the rings of all cameras as plain arrays."""
    rings = [ring for group in groups for ring in group]
    camera = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    np.savez(path, corner=np.concatenate(rings), length=[len(ring) for ring in rings], camera=camera)


def load_rings(path):
    """Return what ``save_rings`` wrote, as nested lists of (x, y)."""
    saved = np.load(path)
    rings = np.split(saved["corner"], np.cumsum(saved["length"])[:-1])
    groups = [[] for _ in range(int(saved["camera"].max()) + 1)]
    for camera, ring in zip(saved["camera"], rings, strict=True):
        groups[int(camera)].append(ring.tolist())
    return groups
