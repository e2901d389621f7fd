"""Lines of sight by brute force: every wall near the camera against every line; shares no code with the engine."""

import math

import numpy as np
import shapely
from scipy import ndimage

from ..rivals.shadows import Lens

CHUNK = 4000
WIDEST_STRAIGHT_DEG = 120.0  # lenses wider than this are bent
GROUND_STEPS = 4  # samples of the ground for each cell of a line


class Hills:
    """A grid of heights at cell centres, bilinear between them."""

    def __init__(self, height: np.ndarray, frame: np.ndarray) -> None:
        self.height, self.frame = height, frame

    def at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the ground at points."""
        left, upper, cell = self.frame
        place = ((upper - y) / cell - 0.5, (x - left) / cell - 0.5)
        return ndimage.map_coordinates(self.height, place, order=1, mode="nearest")

    def hide(self, lens: Lens, xy: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return which targets the ground hides, sampled along each line."""
        steps = int(GROUND_STEPS * lens.range / self.frame[2])
        share = (np.arange(1, steps) / steps)[None, :]
        hidden = np.zeros(len(xy), bool)
        for low in range(0, len(xy), CHUNK):
            to = xy[low : low + CHUNK]
            x, y = (start + (end[:, None] - start) * share for start, end in zip((lens.x, lens.y), to.T, strict=True))
            line = lens.z + (z[low : low + CHUNK, None] - lens.z) * share
            hidden[low : low + CHUNK] = (self.at(x, y) > line).any(axis=1)
        return hidden


class Walls:
    """All walls of footprints: x1 y1 x2 y2, shape (W, 4), and the top above each."""

    def __init__(self, polygons: np.ndarray, top_m: np.ndarray) -> None:
        rings, building = shapely.get_rings(polygons, return_index=True)
        corner, ring = shapely.get_coordinates(rings, return_index=True)
        joined = ring[1:] == ring[:-1]
        self.ends, self.top = np.c_[corner[:-1], corner[1:]][joined], top_m[building[ring[:-1][joined]]]
        self.tree = shapely.STRtree(shapely.linestrings(self.ends.reshape(-1, 2, 2)))

    def hide(self, lens: Lens, xy: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return which targets outside buildings are hidden: a line is cut where it meets a wall below its top."""
        near = self.tree.query(shapely.Point(lens.x, lens.y), predicate="dwithin", distance=lens.range)
        hidden = np.zeros(len(xy), bool)
        for low in range(0, len(xy), CHUNK):
            hidden[low : low + CHUNK] = self._cut(lens, xy[low : low + CHUNK], z[low : low + CHUNK], near)
        return hidden

    def _cut(self, lens: Lens, xy: np.ndarray, z: np.ndarray, near: np.ndarray) -> np.ndarray:
        eye = np.array((lens.x, lens.y))
        a, b = self.ends[near, :2] - eye, self.ends[near, 2:] - eye
        dx, dy = (xy - eye).T[:, :, None]
        left, right = dx * a[:, 1] - dy * a[:, 0], dx * b[:, 1] - dy * b[:, 0]
        twice = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = twice / (right - left)  # how far along the line it meets the wall's line
            is_met = (left * right <= 0.0) & (share > 0.0) & (share < 1.0)
            is_cut = is_met & (lens.z + (z[:, None] - lens.z) * share < self.top[near])
        return is_cut.any(axis=1)


def in_picture(lens: Lens, xy: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return which targets lie within range, true picture and outside the masks; full circles go by bearing and dip."""
    if lens.hfov > WIDEST_STRAIGHT_DEG:
        return by_bearing(lens, xy, z)
    dx, dy, drop = xy[:, 0] - lens.x, xy[:, 1] - lens.y, lens.z - z
    depth, right, below = _in_lens_frame(lens, dx, dy, drop)
    across, upright = (math.tan(math.radians(angle / 2.0)) for angle in (lens.hfov, lens.vfov))
    return (np.abs(right) <= across * depth) & (np.abs(below) <= upright * depth) & _unmasked_in_range(lens, dx, dy, drop)


def by_bearing(lens: Lens, xy: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the same with the picture taken by bearing and dip, as polygons take it."""
    dx, dy, drop = xy[:, 0] - lens.x, xy[:, 1] - lens.y, lens.z - z
    aside = (np.degrees(np.arctan2(dx, dy)) - lens.azimuth + 180.0) % 360.0 - 180.0
    down = np.degrees(np.arctan2(drop, np.hypot(dx, dy)))
    shown = (np.abs(aside) <= lens.hfov / 2.0) & (np.abs(down - lens.tilt) <= lens.vfov / 2.0)
    return shown & _unmasked_in_range(lens, dx, dy, drop)


def _unmasked_in_range(lens: Lens, dx: np.ndarray, dy: np.ndarray, drop: np.ndarray) -> np.ndarray:
    shown = np.hypot(dx, dy) <= lens.range
    if not np.isnan(lens.mask_sector[0]):
        first, last = lens.mask_sector
        shown &= (np.degrees(np.arctan2(dx, dy)) - first) % 360.0 > (last - first) % 360.0
    return shown & ~_boxed(lens, dx, dy, drop)


def _in_lens_frame(lens: Lens, dx: np.ndarray, dy: np.ndarray, drop: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distances along the axis, to its right, and below it in the picture."""
    azimuth, tilt = math.radians(lens.azimuth), math.radians(lens.tilt)
    forward, right = dx * math.sin(azimuth) + dy * math.cos(azimuth), dx * math.cos(azimuth) - dy * math.sin(azimuth)
    return forward * math.cos(tilt) + drop * math.sin(tilt), right, drop * math.cos(tilt) - forward * math.sin(tilt)


def _boxed(lens: Lens, dx: np.ndarray, dy: np.ndarray, drop: np.ndarray) -> np.ndarray:
    """Return which targets fall into the box masked in the picture of a pinhole."""
    if np.isnan(lens.mask_box[0]):
        return np.zeros(len(dx), bool)
    depth, right, below = _in_lens_frame(lens, dx, dy, drop)
    focal = 960.0 / math.tan(math.radians(lens.hfov) / 2.0)
    depth = np.maximum(depth, 1e-9)
    u, v = 960.0 + focal * right / depth, 540.0 + focal * below / depth
    left, top, right_edge, bottom = lens.mask_box
    return (u > left) & (u < right_edge) & (v > top) & (v < bottom)
