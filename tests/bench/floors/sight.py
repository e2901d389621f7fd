"""The least that sight takes: read each wall and each cell of ground before a camera once, write each point and each pair once.

Nothing is compared, sorted or cut. What must be written (points of the polygons, seen pairs, cells of the count grid) is counted
from our own answer before the time runs.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numba
import numpy as np
import shapely

from ..ours.face import banded, counts, fields, matrix, polygons, relief_in, scene_of
from ..ours.views import views_of
from ..worker import serve
from ..workload import load

CELL_M = 16.0  # of the grid that walls lie in, each in that of its middle


class Grid(NamedTuple):
    """What lies in each cell: rows ``start[c]`` to ``start[c + 1]`` of ``wall`` (ends and height), or heights of ground."""

    west: float
    south: float
    cell_m: float
    columns: int
    start: np.ndarray
    wall: np.ndarray


class Ground(NamedTuple):
    """Heights by row from the north; none on level ground."""

    west: float
    north: float
    cell_m: float
    height: np.ndarray


LEVEL = Ground(0.0, 0.0, 1e9, np.zeros((0, 0), np.float32))


@numba.njit(nogil=True, fastmath=True)
def read_and_write(eyes, written, walls, ground, points, ring, pair):
    """Do the least for each camera, given as x, y, range, axis and cosine of half its angle; return a sum of what was read."""
    read = 0.0
    for k in range(len(eyes)):
        x, y, reach, along, across, least = eyes[k]
        cell, rows = walls.cell_m, len(walls.start) // walls.columns
        for row in range(max(0, int((y - reach - walls.south) / cell)), min(rows, int((y + reach - walls.south) / cell) + 1)):
            dy = walls.south + (row + 0.5) * cell - y
            for column in range(
                max(0, int((x - reach - walls.west) / cell)), min(walls.columns, int((x + reach - walls.west) / cell) + 1)
            ):
                dx = walls.west + (column + 0.5) * cell - x
                away = np.sqrt(dx * dx + dy * dy)
                if away <= reach and dx * along + dy * across >= least * away:
                    at = row * walls.columns + column
                    for w in range(walls.start[at], walls.start[at + 1]):
                        for value in range(5):
                            read += walls.wall[w, value]
        read += _ground_read(eyes[k], ground)
        for point in range(written[k, 0], written[k + 1, 0]):
            ring[point, 0], ring[point, 1] = x, y
        for at in range(written[k, 1], written[k + 1, 1]):
            p = at % len(points)
            read += points[p, 0] + points[p, 1]
            pair[at].density, pair[at].camera = reach, k
    return read


@numba.njit(nogil=True, fastmath=True)
def _ground_read(eye, ground):
    x, y, reach, along, across, least = eye
    read, cell, (rows, columns) = 0.0, ground.cell_m, ground.height.shape
    for row in range(max(0, int((ground.north - y - reach) / cell)), min(rows, int((ground.north - y + reach) / cell) + 1)):
        dy = ground.north - (row + 0.5) * cell - y
        half = np.sqrt(max(0.0, reach * reach - dy * dy))
        left, right = max(0, int((x - half - ground.west) / cell)), min(columns, int((x + half - ground.west) / cell) + 1)
        if least <= -1.0:
            read += ground.height[row, left:right].sum()
            continue
        for column in range(left, right):
            dx = ground.west + (column + 0.5) * cell - x
            if dx * along + dy * across >= least * np.sqrt(dx * dx + dy * dy):
                read += ground.height[row, column]
    return read


def prepare(folder):
    """Return a run over all cameras, by as many threads as there are cores where a whole city is asked."""
    town, lenses, points, settings = load(folder)
    views, scene, is_city = views_of(lenses), scene_of(town.buildings(), folder), len(points) > 0
    answer = banded if settings.get("bands") else fields if settings.get("whole") else polygons
    seen = answer(views, scene)
    pairs = np.bincount(matrix(views, points, scene).indices, minlength=len(views)) if is_city else np.zeros(len(views), np.int64)
    sizes = np.column_stack((_point_counts(seen), pairs))
    written = np.concatenate((np.zeros((1, 2), np.int64), np.cumsum(sizes, axis=0)))
    shapes = seen if isinstance(seen, np.ndarray) else np.array([getattr(field, "geometry", None) for field in seen], object)
    grid = counts(shapes)[0] if settings.get("grid") else np.zeros((0, 0))
    ring, pair = np.empty((written[-1, 0], 2)), np.empty(written[-1, 1], [("density", np.float32), ("camera", np.int32)])
    eyes, walls, ground = _eyes(lenses), walls_by_cell(town), _ground(folder)
    xy = points[:, :2] if is_city else np.zeros((1, 2))
    cores = len(os.sched_getaffinity(0)) if is_city else 1
    ends = np.linspace(0, len(eyes), cores + 1).astype(int)

    def part(number):
        low, high = ends[number], ends[number + 1]
        read_and_write(eyes[low:high], written[low : high + 1], walls, ground, xy, ring, pair)
        rows = slice(len(grid) * number // cores, len(grid) * (number + 1) // cores)
        grid[rows] = number

    def run():
        if cores == 1:
            part(0)
        else:
            list(pool.map(part, range(cores)))
        return {"answers": len(eyes)}

    pool = ThreadPoolExecutor(cores)
    return run


def _point_counts(seen):
    """Return how many points the answer for each camera has: of a polygon, a field, or its bands."""
    if isinstance(seen, np.ndarray):
        return shapely.get_num_coordinates(seen)
    if seen and isinstance(seen[0], tuple):
        return np.array([sum(shapely.get_num_coordinates(band) for _, band in bands) for bands in seen], np.int64)
    return shapely.get_num_coordinates([field.geometry for field in seen])


def _eyes(lenses):
    axis, half = np.radians(lenses.azimuth), np.radians(lenses.hfov) / 2.0
    least = np.where(half >= np.pi, -1.0, np.cos(half))
    return np.column_stack((lenses.x, lenses.y, lenses.range, np.sin(axis), np.cos(axis), least))


def walls_by_cell(town):
    """Return the walls by the cells of their middles."""
    last = town.start[1:] - 1
    following = np.arange(1, len(town.corner_m) + 1)
    following[last] = town.start[:-1]
    ends = np.concatenate((town.corner_m, town.corner_m[following]), axis=1)
    top = np.repeat(town.top_m, np.diff(town.start))
    west, south = town.corner_m.min(axis=0) - CELL_M
    columns, rows = (((town.corner_m.max(axis=0) - (west, south)) // CELL_M).astype(int) + 2).tolist()
    middle = (((ends[:, :2] + ends[:, 2:]) / 2.0 - (west, south)) // CELL_M).astype(int)
    cell = middle[:, 1] * columns + middle[:, 0]
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(columns * rows + 1))
    near = np.column_stack((ends - np.tile((west, south), 2), top)).astype(np.float32)
    return Grid(float(west), float(south), CELL_M, columns, start, near[order])


def _ground(folder):
    relief = relief_in(folder)
    if relief is None:
        return LEVEL
    saved = np.load(folder / "ground.npz")
    west, north, cell_m = map(float, saved["frame"])
    return Ground(west, north, cell_m, saved["height"].astype(np.float32))


if __name__ == "__main__":
    serve(prepare)
