"""Align several cameras: on one line, the same distance apart, or looking the same way."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.model.camera import Camera

Cameras = tuple[Camera, ...]


def on_a_line(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras moved square onto the line from the first to the last; two that stand on one spot make none."""
    (x0, y0), (x1, y1) = _ends(cameras)
    length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
    if length2 == 0.0:
        return tuple(cameras)
    shares = [((c.x_m - x0) * (x1 - x0) + (c.y_m - y0) * (y1 - y0)) / length2 for c in cameras]
    placed = (replace(c, x_m=x0 + s * (x1 - x0), y_m=y0 + s * (y1 - y0)) for c, s in zip(cameras, shares, strict=True))
    return (cameras[0], *tuple(placed)[1:-1], cameras[-1])


def evenly_spaced(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras the same distance apart on the line from the first to the last, in the order that they stand in along it."""
    (x0, y0), (x1, y1) = _ends(cameras)
    between = sorted(cameras[1:-1], key=lambda c: (c.x_m - x0) * (x1 - x0) + (c.y_m - y0) * (y1 - y0))
    steps = len(cameras) - 1
    placed = {
        each.camera_id: replace(each, x_m=x0 + k * (x1 - x0) / steps, y_m=y0 + k * (y1 - y0) / steps)
        for k, each in enumerate(between, start=1)
    }
    return tuple(placed.get(camera.camera_id, camera) for camera in cameras)


def turned_alike(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras that look where the last one looks."""
    return tuple(replace(camera, azimuth_deg=cameras[-1].azimuth_deg) for camera in cameras)


def _ends(cameras: Sequence[Camera]) -> tuple[tuple[float, float], tuple[float, float]]:
    first, last = cameras[0], cameras[-1]
    return (first.x_m, first.y_m), (last.x_m, last.y_m)
