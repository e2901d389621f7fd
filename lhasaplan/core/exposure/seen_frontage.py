"""Where the walls and ground in view lie: in which sectors, and drawn; all views at once."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.exposure.azimuth_sectors import Sectors, azimuth_deg, merge_by_group, turned
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, TO

_MEETS_M = 1e-3
_APART_M = 1e4
_WKB_LINE, _WKB_LINES = 2, 5  # well-known binary, as OGC 06-103r4 section 8.2 has it; order 1 is little-endian
_HEAD = np.dtype([("order", "u1"), ("type", "<u4"), ("lines", "<u4")])
_LINE = np.dtype([("order", "u1"), ("type", "<u4"), ("points", "<u4"), ("xy", "<f8", 4)])


def seen_sectors(
    seen: SeenWalls, group: IntArray, ground_group: IntArray, lens_xy_m: FloatArray, convergence_deg: FloatArray
) -> list[Sectors]:
    """Return the true azimuths, clockwise pairs, in which each group's pieces and ground lie as the lens meets them.

    Parameters
    ----------
    group, ground_group : shape (N,), (G,); which group each belongs to.
    lens_xy_m, convergence_deg : shape (count, 2), (count,); of each group's camera.
    """
    ends = [seen.ends_m() - lens_xy_m[group][:, None, :]]
    owner = [group]
    ring, of_ring = shapely.get_coordinates(seen.ground.shape, return_index=True)
    if len(ring):  # every edge of an outline is an arc; the ground between them lies within
        same = np.flatnonzero(of_ring[1:] == of_ring[:-1])
        its = ground_group[of_ring[same]]
        ends.append(np.stack([ring[same], ring[same + 1]], axis=1) - lens_xy_m[its][:, None, :])
        owner.append(its)
    pairs, number = np.concatenate(ends), np.concatenate(owner)
    first, last = (azimuth_deg(pairs[:, k, 0], pairs[:, k, 1]) for k in (0, 1))
    turn = (last - first + 180.0) % 360.0 - 180.0
    merged = merge_by_group(number, (first + turn / 2.0) % 360.0, np.abs(turn) / 2.0, len(lens_xy_m))
    return [turned(each, by) for each, by in zip(merged, convergence_deg.tolist(), strict=True)]


def seen_lines(seen: SeenWalls, group: IntArray, floor_px_m: FloatArray) -> ObjectArray:
    """Return the frontage that each group shows as one MultiLineString: a line for each run along a wall.

    The lines are as long as the frontage that is told. Places where people hide are left out: a line before a refuge would lead
    to it (docs/protected-places.md).

    Parameters
    ----------
    group : shape (N,); which group each piece belongs to.
    floor_px_m : shape (count,); the density from which frontage of the group counts.
    """
    along = _at_density(seen, floor_px_m[group])
    keep = np.flatnonzero(_are_shown(seen)[seen.place] & (along[:, 1] > along[:, 0]))
    lines, owner = _runs(seen, group[keep], seen.wall[keep], along[keep])
    found = np.full(len(floor_px_m), shapely.MultiLineString(), object)
    start = np.flatnonzero(np.diff(owner, prepend=-1))
    if len(start):
        found[owner[start]] = _drawn(lines, start)
    return found


def seen_areas(seen: SeenWalls, group: IntArray, count: int) -> list[BaseGeometry | None]:
    """Return the open ground that each of ``count`` groups shows, where nobody hides; None where there is none."""
    told = _are_shown(seen)[seen.ground.place]
    return [shapely.union_all(some) if len(some := seen.ground.shape[told & (group == g)]) else None for g in range(count)]


def _are_shown(seen: SeenWalls) -> BoolArray:
    """Tell which places are drawn."""
    return ~np.array([place.hides_people for place in seen.walls.places], bool)


def _at_density(seen: SeenWalls, floor_px_m: FloatArray) -> FloatArray:
    """Return from where to where along its wall each piece has a density or a better one; its inverse runs evenly."""
    first, last = seen.figure[:, [FROM, TO]].T
    at0, at1 = 1.0 / np.maximum(seen.figure[:, [BEST0, BEST1]].T, 1e-9)
    limit = 1.0 / floor_px_m
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = first + (last - first) * np.clip((limit - at0) / (at1 - at0), 0.0, 1.0)
    low = np.where(at0 <= limit, first, np.where(at1 <= limit, cut, last))
    high = np.where(at1 <= limit, last, np.where(at0 <= limit, cut, first))
    return np.column_stack((low, high))


def _runs(seen: SeenWalls, group: IntArray, wall: IntArray, along_m: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return lines, shape (n, 2, 2), and their groups: pieces of a group on one wall of which none begins beyond those before."""
    if not len(group):
        return np.zeros((0, 2, 2)), np.zeros(0, np.int64)
    order = np.lexsort((along_m[:, 0], wall, group))
    group, wall, along = group[order], wall[order], along_m[order]
    is_other = np.r_[True, (group[1:] != group[:-1]) | (wall[1:] != wall[:-1])]
    shift = np.cumsum(is_other) * _APART_M  # pieces of different walls never meet
    reach = np.maximum.accumulate(along[:, 1] + shift)
    opens = np.flatnonzero(np.r_[True, along[1:, 0] + shift[1:] > reach[:-1] + _MEETS_M])
    last = np.maximum.reduceat(along[:, 1], opens)
    start, way = seen.walls.lines_of(wall[opens])
    ends = np.stack([start + way * along[opens, 0][:, None], start + way * last[:, None]], axis=1)
    return ends, group[opens]


def _drawn(ends_m: FloatArray, start: IntArray) -> ObjectArray:
    """Return MultiLineStrings of lines from end to end, shape (N, 2, 2), a new one at each start; read from bytes.

    One line alone costs as much to make as three that are read.
    """
    lines = np.empty(len(ends_m), _LINE)
    lines["order"], lines["type"], lines["points"], lines["xy"] = 1, _WKB_LINE, 2, ends_m.reshape(-1, 4)
    heads = np.empty(len(start), _HEAD)
    heads["order"], heads["type"], heads["lines"] = 1, _WKB_LINES, np.diff(start, append=len(lines))
    written, cuts = lines.tobytes(), [*(start * _LINE.itemsize).tolist(), None]
    pieces = (head.tobytes() + written[low:high] for head, low, high in zip(heads, cuts, cuts[1:], strict=False))
    return np.asarray(shapely.from_wkb(np.array([*pieces, None], object)[:-1]), object)
