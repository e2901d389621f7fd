"""What a camera sees of points, by plain ray casting: numpy alone, and nothing of any engine.

A point is seen when it is in the picture, within range, and the straight line to it from the lens meets neither a solid nor the
ground. Solids are prisms: an outline with holes between two heights. The ground is bilinear between the centres of its cells.
Arrays of points have shape (P, 3): metres east, north and up.
"""

import math
from itertools import pairwise

import numpy as np

GRAZE_M = 1e-3  # a line that is in a solid, or under the ground, by less passes by
EDGE_M = 0.05  # a point whose answer changes within this is too near an edge to be scored
SEEN, RANGE, PICTURE, SOLID, GROUND, INSIDE = range(6)
REASONS = ("", "out of range", "out of picture", "solid", "ground", "inside a solid")


def picture_px(camera, points):
    """Return column, row and depth of points relative to the lens, and the focal length, px; NaN behind a rectilinear lens."""
    azimuth, tilt = math.radians(camera["azimuth_deg"]), math.radians(camera["tilt_deg"])
    ahead = np.array([math.sin(azimuth) * math.cos(tilt), math.cos(azimuth) * math.cos(tilt), -math.sin(tilt)])
    right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
    down = np.cross(ahead, right)
    depth = points @ ahead
    if camera["kind"] == "fisheye":
        focal = camera["image_width_px"] / math.radians(camera["hfov_deg"])
        angle = np.arctan2(np.linalg.norm(points - depth[:, None] * ahead, axis=1), depth)
        return focal * angle, np.zeros(len(points)), np.linalg.norm(points, axis=1), focal
    focal = camera["image_width_px"] / 2.0 / math.tan(math.radians(camera["hfov_deg"]) / 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        column, row = focal * (points @ right) / depth, focal * (points @ down) / depth
    behind = depth <= 0.0
    return np.where(behind, np.nan, column), np.where(behind, np.nan, row), depth, focal


def in_picture(camera, points):
    """Return which points, relative to the lens, are in the picture, and the pixel density there, px/m across."""
    column, row, depth, focal = picture_px(camera, points)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(column) <= camera["image_width_px"] / 2.0) & (np.abs(row) <= camera["image_height_px"] / 2.0)
    return inside, focal / np.maximum(depth, 0.05)


def are_inside(x, y, rings):
    """Return which places lie in an outline with holes, by the even-odd rule; rings end where they begin."""
    inside = np.zeros(np.shape(x), bool)
    for corners in rings:
        for (x0, y0), (x1, y1) in pairwise(corners):
            if y0 != y1:
                inside ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside


def metres_inside(lens, points, solid):
    """Return how many metres of the line from lens to each point lie inside a solid, shape (P,)."""
    way = points - lens
    cuts = [np.zeros(len(points)), *_crossings(lens, way, solid["rings"]), np.ones(len(points))]
    shares = np.sort(np.column_stack(cuts), axis=1)
    low, high = shares[:, :-1], shares[:, 1:]
    middle = (low + high) / 2.0
    x, y = (lens[k] + middle * way[:, k, None] for k in range(2))
    below, above = _between_heights(lens[2], way[:, 2, None], solid)
    inside = np.clip(np.minimum(high, above) - np.maximum(low, below), 0.0, None) * are_inside(x, y, solid["rings"])
    return inside.sum(axis=1) * np.linalg.norm(way, axis=1)


def _crossings(lens, way, rings):
    """Return, for each side of an outline, the share of each way at which it crosses; 1 where it does not."""
    for corners in rings:
        for a, b in zip(np.asarray(corners[:-1], float), np.asarray(corners[1:], float), strict=True):
            wall, start = b - a, a - lens[:2]
            cross = way[:, 0] * wall[1] - way[:, 1] * wall[0]
            with np.errstate(divide="ignore", invalid="ignore"):
                along = (start[0] * wall[1] - start[1] * wall[0]) / cross
                at = (start[0] * way[:, 1] - start[1] * way[:, 0]) / cross
                yield np.where((at >= 0.0) & (at <= 1.0) & (along > 0.0) & (along < 1.0), along, 1.0)


def _between_heights(z, rise, solid):
    """Return the shares of a way between which it is above the base and below the top of a solid."""
    with np.errstate(divide="ignore", invalid="ignore"):
        base, top = (solid["base_m"] - z) / rise, (solid["top_m"] - z) / rise
    is_level, is_between = rise == 0.0, solid["base_m"] < z < solid["top_m"]
    below = np.where(is_level, 0.0 if is_between else 1.0, np.minimum(base, top))
    return below, np.where(is_level, 1.0 if is_between else 0.0, np.maximum(base, top))


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


def rise_over_line_m(lens, point, terrain):
    """Return how far the ground rises over the line from lens to point, exactly: the least is below 0 where it is free.

    Between two lines through cell centres the ground along the way is a parabola, known by its ends and its middle.
    """
    heights, west, north, cell = terrain
    way = point - lens
    east, south = west + cell * (np.arange(heights.shape[1]) + 0.5), north - cell * (np.arange(heights.shape[0]) + 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        cuts = np.concatenate([(east - lens[0]) / way[0], (south - lens[1]) / way[1]])
    ends = np.concatenate([[0.0], np.sort(cuts[(cuts > 0.0) & (cuts < 1.0)]), [1.0]])
    shares = np.stack([ends[:-1], (ends[:-1] + ends[1:]) / 2.0, ends[1:]])
    x, y, z = (lens[k] + shares * way[k] for k in range(3))
    first, middle, last = ground_m(terrain, x, y) - z
    bend, slope = 2.0 * (first + last - 2.0 * middle), 4.0 * middle - 3.0 * first - last
    with np.errstate(divide="ignore", invalid="ignore"):
        top = np.clip(np.nan_to_num(-slope / (2.0 * bend)), 0.0, 1.0)
    return float(np.max([first, last, first + top * (slope + top * bend)]))


def see(camera, lens, points, solids, terrain):
    """Return for each point why it is not seen (0: it is seen; else the place in ``REASONS``), and the density there."""
    in_it, density = in_picture(camera, points - lens)
    reason = np.where(in_it, SEEN, PICTURE)
    reason[np.hypot(*(points - lens)[:, :2].T) > camera["range_m"]] = RANGE
    for solid in solids:
        rows = np.flatnonzero(reason == SEEN)
        reason[rows[metres_inside(lens, points[rows], solid) > GRAZE_M]] = SOLID
    for row in np.flatnonzero(reason == SEEN) if terrain is not None else ():
        if rise_over_line_m(lens, points[row], terrain) > GRAZE_M:
            reason[row] = GROUND
    for solid in solids:
        height = (points[:, 2] > solid["base_m"]) & (points[:, 2] < solid["top_m"])
        reason[height & are_inside(points[:, 0], points[:, 1], solid["rings"])] = INSIDE
    return reason, density


def are_near_edge(camera, lens, points, solids, terrain, edge_m=EDGE_M):
    """Return which points change their answer when they are moved by ``edge_m`` east, west, north, south, up or down.

    So do points that are within range on the plan and not along the line, since tools measure one or the other.
    """
    seen, near = see(camera, lens, points, solids, terrain)[0] == SEEN, are_between_ranges(camera, points - lens)
    for move in np.vstack([np.eye(3), -np.eye(3)]) * edge_m:
        near |= (see(camera, lens, points + move, solids, terrain)[0] == SEEN) != seen
    return near


def are_between_ranges(camera, points):
    """Return which points, relative to the lens, are within range on the plan and beyond it along the line."""
    range_m = camera["range_m"]
    return (np.linalg.norm(points[:, :2], axis=1) <= range_m) & (np.linalg.norm(points, axis=1) > range_m)


def is_line_free(lens, point, solids, terrain, step_m=0.01):
    """Return whether a line is free, by asking every centimetre of it: the slow second look at ``see``."""
    share = np.linspace(0.0, 1.0, max(2, int(np.linalg.norm(point - lens) / step_m)))[1:-1]
    x, y, z = (lens[k] + share * (point[k] - lens[k]) for k in range(3))
    if np.any(ground_m(terrain, x, y) > z) and terrain is not None:
        return False
    return not any(np.any(are_inside(x, y, each["rings"]) & (z > each["base_m"]) & (z < each["top_m"])) for each in solids)
