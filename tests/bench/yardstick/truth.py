"""What a camera sees of points, by plain ray casting: numpy alone, and nothing of any engine.

A point is seen when it is in the picture, within range, and the straight line to it from the lens meets neither a solid nor the
ground. Solids are prisms: an outline with holes between two heights. The ground is bilinear between the centres of its cells.
"""

import math
from itertools import pairwise

import numpy as np

STEP_M = 0.1  # along a line over terrain
GRAZE_M = 1e-3  # a line that is in a solid for less passes by


def picture_px(camera, dx, dy, dz):
    """Return column, row and depth of points at (dx, dy, dz) east, north and up of the lens; NaN behind a rectilinear lens."""
    azimuth, tilt = math.radians(camera["azimuth_deg"]), math.radians(camera["tilt_deg"])
    ahead = np.array([math.sin(azimuth) * math.cos(tilt), math.cos(azimuth) * math.cos(tilt), -math.sin(tilt)])
    right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
    down = np.cross(ahead, right)
    way = np.stack([dx, dy, dz], -1)
    depth = way @ ahead
    if camera["kind"] == "fisheye":
        focal = camera["image_width_px"] / math.radians(camera["hfov_deg"])
        aside = way - depth[:, None] * ahead
        angle, length = np.arctan2(np.linalg.norm(aside, axis=1), depth), np.linalg.norm(way, axis=1)
        return focal * angle, np.zeros(len(way)), focal, length
    focal = camera["image_width_px"] / 2.0 / math.tan(math.radians(camera["hfov_deg"]) / 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        column, row = focal * (way @ right) / depth, focal * (way @ down) / depth
    behind = depth <= 0.0
    return np.where(behind, np.nan, column), np.where(behind, np.nan, row), focal, depth


def in_picture(camera, dx, dy, dz):
    """Return which points are in the picture and in range, and the pixel density there, px/m across."""
    column, row, focal, depth = picture_px(camera, dx, dy, dz)
    half = camera["image_width_px"] / 2.0, camera["image_height_px"] / 2.0
    with np.errstate(invalid="ignore"):
        inside = (np.abs(column) <= half[0]) & (np.abs(row) <= half[1])
    return inside & (np.hypot(dx, dy) <= camera["range_m"]), focal / np.maximum(depth, 0.05)


def crossings(start, end, rings):
    """Return the sorted shares of the way from start to end at which it crosses the outline."""
    found = [0.0, 1.0]
    for corners in rings:
        ring = np.asarray(corners, float)
        a, b = ring[:-1], ring[1:]
        way, wall, from_start = end - start, b - a, a - start
        cross = way[0] * wall[:, 1] - way[1] * wall[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (from_start[:, 0] * wall[:, 1] - from_start[:, 1] * wall[:, 0]) / cross
            at = (from_start[:, 0] * way[1] - from_start[:, 1] * way[0]) / cross
        found += along[(cross != 0.0) & (at >= 0.0) & (at <= 1.0) & (along > 0.0) & (along < 1.0)].tolist()
    return np.array(sorted(found))


def is_inside(x, y, rings):
    """Return whether a point lies in an outline with holes, by the even-odd rule."""
    inside = False
    for corners in rings:
        ring = np.asarray(corners, float)
        x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        spans = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            east = x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        inside ^= bool(np.count_nonzero(spans & east) % 2)
    return inside


def metres_inside(lens, point, solid):
    """Return how many metres of the line from lens to point lie inside a solid."""
    shares = crossings(lens[:2], point[:2], solid["rings"])
    length, inside = float(np.linalg.norm(point - lens)), 0.0
    for low, high in pairwise(shares):
        middle = lens[:2] + (low + high) / 2.0 * (point[:2] - lens[:2])
        if is_inside(middle[0], middle[1], solid["rings"]):
            inside += _between_heights(lens[2], point[2], low, high, solid) * length
    return inside


def _between_heights(z0, z1, low, high, solid):
    """Return which share of a line lies between base and top, of the part of it from low to high."""
    if z0 == z1:
        return high - low if solid["base_m"] < z0 < solid["top_m"] else 0.0
    at = sorted(((solid["base_m"] - z0) / (z1 - z0), (solid["top_m"] - z0) / (z1 - z0)))
    return max(0.0, min(high, at[1]) - max(low, at[0]))


def ground_m(terrain, x, y):
    """Return the height of the ground, bilinear between cell centres; 0 without terrain."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if terrain is None:
        return np.zeros(x.shape)
    heights, west, north, cell = terrain
    column, row = (x - west) / cell - 0.5, (north - y) / cell - 0.5
    c = np.clip(np.floor(column).astype(int), 0, heights.shape[1] - 2)
    r = np.clip(np.floor(row).astype(int), 0, heights.shape[0] - 2)
    u, v = column - c, row - r
    above = heights[r, c] * (1 - u) + heights[r, c + 1] * u
    below = heights[r + 1, c] * (1 - u) + heights[r + 1, c + 1] * u
    return above * (1 - v) + below * v


def is_under_ground(lens, point, terrain):
    """Return whether the ground rises over the line on its way."""
    count = max(2, int(np.linalg.norm(point[:2] - lens[:2]) / STEP_M))
    share = np.arange(1, count) / count
    x, y, z = (lens[k] + share * (point[k] - lens[k]) for k in range(3))
    return bool(np.any(ground_m(terrain, x, y) > z + GRAZE_M))


def see(camera, lens, points, solids, terrain):
    """Return which points, shape (P, 3), a camera sees, and at which density."""
    inside, density = in_picture(camera, *(points - lens).T)
    for row in np.flatnonzero(inside):
        is_cut = any(metres_inside(lens, points[row], solid) > GRAZE_M for solid in solids)
        if is_cut or (terrain is not None and is_under_ground(lens, points[row], terrain)):
            inside[row] = False
    return inside, density
