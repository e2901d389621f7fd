"""Read the ground that a project stands on; one without terrain is level, and no reader of rasters is loaded for it."""

import math

import numpy as np

from lhasaplan.core.project.project import Project
from lhasaplan.core.site.terrain import Bounds, Terrain, level

BEYOND_M = 500.0  # ground is read this far around the cameras, and farther where one reaches farther
SNAP_M = 500.0  # so that a camera that moves a little needs no other grid


def read_ground(project: Project) -> Terrain:
    """Return the ground around a project's cameras from the rasters that it stores; level if there is none."""
    near = _near_cameras(project)
    records = [each for each in project.terrain if each.content and near and _meet(each.bounds_m, near)]
    if near is None or not records:
        return level()
    from lhasaplan.io.terrain.terrain_grid import ground_of  # noqa: PLC0415 - rasters are read where there are some

    return ground_of(records, project.crs, near)


def _near_cameras(project: Project) -> Bounds | None:
    """Return the box around all that cameras can reach, None without cameras."""
    if not project.cameras:
        return None
    x, y = (np.array([getattr(camera, axis) for camera in project.cameras], float) for axis in ("x_m", "y_m"))
    reach = max(BEYOND_M, *(camera.range_m or 0.0 for camera in project.cameras))
    west, south = (math.floor((axis.min() - reach) / SNAP_M) * SNAP_M for axis in (x, y))
    east, north = (math.ceil((axis.max() + reach) / SNAP_M) * SNAP_M for axis in (x, y))
    return west, south, east, north


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
