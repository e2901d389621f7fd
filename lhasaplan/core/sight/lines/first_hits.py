"""What the rays of a picture meet first, over uneven ground too: how far away, which surface, of which building."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.lines.meeting import (
    GROUND,
    MOST_QUICK,
    SKY,
    SPARE,
    STEEPEST,
    Direction,
    Eye,
    Fan,
    Met,
    fan_of,
    make_fan,
    meet_level_ground,
    meet_single_walls,
    meet_town,
    put_in_order,
)
from lhasaplan.core.sight.obstacles.building_index import neighbours
from lhasaplan.core.sight.obstacles.relief import BLOCK_CELLS, TILE_CELLS, Relief
from lhasaplan.core.sight.obstacles.relief_lines import GRAZE_M, GridLine, ground_share, sample_cell, share_in_cells
from lhasaplan.core.sight.obstacles.scene import Scene, is_indoors, walls_before, walls_of

WIDEST_COS = 0.998  # of the angle between two borders, beyond which a bin has no profile and its rays are asked one by one
TWIST = 3.5  # a cell's own bend along a diagonal, in bends of the cells around it, at most
KINK_CELLS = 1.42  # how many cells of bend a line of no length may gather where it crosses borders of cells
NONE_M, ROUNDING_M, TINY = 1e30, 1e-9, 1e-300
ROUGH_M = 0.3  # a profile so far above its knots is held against the highest cells


@inner
def _turned(ahead: float, aside: float, eye: Eye) -> Direction:
    """Return a direction of the lens's frame as east and north."""
    return ahead * eye.cos_axis - aside * eye.sin_axis, ahead * eye.sin_axis + aside * eye.cos_axis


@inner
def _in_cells(x: float, y: float, relief: Relief) -> tuple[float, float]:
    """Return the column and the row of a place, told in cell centres."""
    return (x - relief.west) / relief.cell - 0.5, (relief.north - y) / relief.cell - 0.5


@inner
def _highest_cell(first_row: float, last_row: float, first_column: float, last_column: float, relief: Relief) -> float:
    """Return a height that no ground rises above in a box told in cell centres."""
    rows, columns = relief.height.shape
    row0, row1 = int(min(max(first_row, 0.0), rows - 1.0)), int(min(max(last_row, 0.0), rows - 1.0))
    column0, column1 = int(min(max(first_column, 0.0), columns - 1.0)), int(min(max(last_column, 0.0), columns - 1.0))
    found = -STEEPEST
    for row in range(row0 // BLOCK_CELLS, row1 // BLOCK_CELLS + 1):
        for column in range(column0 // BLOCK_CELLS, column1 // BLOCK_CELLS + 1):
            found = max(found, relief.block_highest[row, column])
    return found


@inner
def _sharpest(row0: float, row1: float, column0: float, column1: float, relief: Relief) -> tuple[float, float]:
    """Return the strongest bend and the steepest slope of the tiles under a box told in cell centres, within the grid."""
    bend = steep = 0.0
    for row in range(int(row0) // TILE_CELLS, int(row1) // TILE_CELLS + 1):
        for column in range(int(column0) // TILE_CELLS, int(column1) // TILE_CELLS + 1):
            bend, steep = max(bend, relief.bend[row, column]), max(steep, relief.steep[row, column])
    return bend, steep


@inner
def _off_straight(length: float, bend: float, cell: float) -> float:
    """Return how far bilinear ground may rise above the straight line between two of its points.

    A line that turns downwards by an angle in all lies at most length / 4 of it above its chord; ground turns by its bend
    where a line crosses borders of cells, and by its twist between them.
    """
    return length / 4.0 * bend * (length * (1.0 + TWIST) + KINK_CELLS * cell)


@inner
def _between(start: float, one: float, other: float, near: float, far: float) -> tuple[float, float]:
    """Return the least and the most that two directions come to between two distances."""
    least = min(min(one, other) * near, min(one, other) * far)
    return start + least, start + max(max(one, other) * near, max(one, other) * far)


@inner
def _fill_profile(
    u: Direction, v: Direction, ring: FloatArray, ground: FloatArray, high: FloatArray, eye: Eye, relief: Relief
) -> None:
    """Write heights that the ground between two directions does not rise above, at the near and at the far end of each ring.

    Between its ends that height is a straight line: the higher one of the ground at both borders, and what the ground may
    rise above the lines between those four places.
    """
    rows, columns = relief.height.shape
    x, y = _in_cells(eye.x, eye.y, relief)
    is_grid = rows > 2 and columns > 2  # a smaller one has no bends
    ux, uy, vx, vy = u[0] / relief.cell, -u[1] / relief.cell, v[0] / relief.cell, -v[1] / relief.cell
    apart = math.sqrt((u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2)
    bulge = apart * apart / 7.0  # 1 / cos of half the angle, less 1, is an eighth of its square and a little more
    for k in range(len(high)):
        near, far = ring[k], ring[k + 1]
        reach = far * (1.0 + bulge)
        column0, column1 = _between(x, ux, vx, near, reach)
        row0, row1 = _between(y, uy, vy, near, reach)
        spare = STEEPEST
        if is_grid and row0 >= 0.0 and column0 >= 0.0 and row1 <= rows - 1.001 and column1 <= columns - 1.001:
            bend, steep = _sharpest(row0, row1, column0, column1, relief)
            spare = _off_straight(reach - near, bend, relief.cell) + _off_straight(apart * reach, bend, relief.cell)
            spare += steep * (reach - far)
        one, other = max(ground[k, 0], ground[k, 1]) + spare, max(ground[k + 1, 0], ground[k + 1, 1]) + spare
        if spare > ROUGH_M:
            limit = _highest_cell(row0, row1, column0, column1, relief)
            if min(one, other) > limit:  # of one end alone it would cut the ground between them
                one, other = limit, limit
        high[k, 0], high[k, 1] = one, other


@inner
def _sample_along(u: Direction, k: int, ring: FloatArray, ground: FloatArray, eye: Eye, relief: Relief) -> None:
    """Write the ground along a direction at each ring into a column."""
    x, y = _in_cells(eye.x, eye.y, relief)
    for n in range(len(ring)):
        ground[n, k] = sample_cell(relief.height, x + u[0] / relief.cell * ring[n], y - u[1] / relief.cell * ring[n])


@inner
def _end(i: int, away: float, fan: Fan, met: Met) -> None:
    """Let a ray end at the ground."""
    met.near[i, 0] = 1.0 / max(away, 1.0 / STEEPEST)
    met.surface[i, 0], met.surface[i, 1] = GROUND, -1


@inner
def _last(i: int, eye: Eye, met: Met) -> float:
    """Return how far a ray goes: to what it has met or to the reach."""
    return min(eye.reach, 1.0 / met.near[i, 0]) if met.near[i, 0] > 0.0 else eye.reach


@inner
def _meet_alone(i: int, eye: Eye, relief: Relief, fan: Fan, met: Met) -> None:
    """Let one ray end at the ground, looked for from the lens on."""
    far = _last(i, eye, met)
    ux, uy = _turned(fan.ray[i, 0], fan.ray[i, 1], eye)
    share = ground_share(relief, eye.x, eye.y, eye.z, eye.x + ux * far, eye.y + uy * far, eye.z - fan.ray[i, 2] * far)
    if share <= 1.0:
        _end(i, share * far, fan, met)


@inner
def _first_under(z: FloatArray, line: GridLine, way: float) -> float:
    """Return how far along a line of so many metres the ground first rises above it, ``NONE_M`` if nowhere.

    ``line`` goes on by so many cells and so much height a metre. In a cell the ground is a quadratic along it, told by the
    cell's corners; beside the grid it is asked as elsewhere.
    """
    rows, columns = z.shape
    last_column, last_row = line.column + line.columns * way, line.row + line.rows * way
    is_in = min(line.column, last_column, line.row, last_row) >= 0.0
    if not is_in or max(line.column, last_column) > columns - 1.001 or max(line.row, last_row) > rows - 1.001:
        whole = GridLine(line.column, line.row, line.z, line.columns * way, line.rows * way, line.rise * way)
        share = share_in_cells(z, whole, 0.0, 1.0)
        return share * way if share <= 1.0 else NONE_M
    j, i, s = int(line.column), int(line.row), 0.0
    across = 1.0 / line.columns if line.columns != 0.0 else NONE_M
    down = 1.0 / line.rows if line.rows != 0.0 else NONE_M
    ahead, below = (1 if across > 0.0 else 0), (1 if down > 0.0 else 0)
    while True:
        leaves_column, leaves_row = (j + ahead - line.column) * across, (i + below - line.row) * down
        end = min(leaves_column, leaves_row, way)
        found = _first_in_cell(z[i, j], z[i, j + 1], z[i + 1, j], z[i + 1, j + 1], line.column - j, line.row - i, line, s, end)
        if found <= end or end >= way - ROUNDING_M:
            return found
        if leaves_column <= leaves_row:
            j += 2 * ahead - 1
        else:
            i += 2 * below - 1
        s = end


@inner
def _first_in_cell(
    z00: float, z01: float, z10: float, z11: float, column: float, row: float, line: GridLine, start: float, end: float
) -> float:
    """Return how far along a line its cell's ground first rises above it between two distances, ``NONE_M`` if nowhere.

    Parameters
    ----------
    column, row : of the line's start, from the corner of the cell whose height is ``z00``.
    """
    east, south, twist = z01 - z00, z10 - z00, z00 - z01 - z10 + z11
    above = z00 + column * east + row * south + column * row * twist - line.z - GRAZE_M
    climb = line.columns * east + line.rows * south + (column * line.rows + row * line.columns) * twist - line.rise
    square = line.columns * line.rows * twist
    if above + start * (climb + start * square) > 0.0:
        return start
    if above + end * (climb + end * square) <= 0.0 and (square >= 0.0 or not -2.0 * square * start < climb < -2.0 * square * end):
        return NONE_M
    rest = climb * climb - 4.0 * square * above
    if rest < 0.0:
        return NONE_M
    root = math.sqrt(rest)  # the ground's own climb past the line where they meet
    # Of two forms of the same solution the one that does not cancel.
    found = (root - climb) / (2.0 * square) if climb < 0.0 else -2.0 * above / max(climb + root, TINY)
    return max(found, start) if found <= end + ROUNDING_M else NONE_M


@inner
def _meet_under_profile(
    i: int, first: int, ring: FloatArray, high: FloatArray, eye: Eye, relief: Relief, fan: Fan, met: Met
) -> None:
    """Let one ray end at the ground: its cells are stepped through only where it lies below the profile."""
    slope, last = fan.ray[i, 2], _last(i, eye, met)
    ux, uy = _turned(fan.ray[i, 0], fan.ray[i, 1], eye)
    for k in range(first, len(high)):
        near = ring[k]
        if near >= last:
            return
        far = ring[k + 1]
        over, beyond = eye.z - slope * near - high[k, 0], eye.z - slope * far - high[k, 1]
        if over > 0.0 and beyond > 0.0:
            continue
        if over > 0.0:
            near += (far - near) * (1.0 - 1e-9) * over / (over - beyond)
        way = min(far, last) - near
        column, row = _in_cells(eye.x + ux * near, eye.y + uy * near, relief)
        line = GridLine(column, row, eye.z - slope * near, ux / relief.cell, -uy / relief.cell, -slope)
        met_m = _first_under(relief.height, line, way)
        if met_m <= way:
            _end(i, near + met_m, fan, met)
            return


@inner
def _meet_bin(b: int, ring: FloatArray, high: FloatArray, eye: Eye, relief: Relief, fan: Fan, met: Met) -> None:
    """Let the rays between two borders end at the ground under their profile."""
    first = 0
    for d in range(fan.dips - 1, -1, -1):  # from below upwards: no ray comes below the profile nearer than one below it
        dip = min(fan.extent[2] + (d + 1.0) / fan.extent[3], 1.0 - 1e-12)
        steepest = dip / (1.0 - abs(dip)) + SPARE * (1.0 + abs(dip) / (1.0 - abs(dip)))
        while first < len(high):
            if eye.z - steepest * ring[first] <= high[first, 0] or eye.z - steepest * ring[first + 1] <= high[first, 1]:
                break
            first += 1
        for i in range(fan.start[b * fan.dips + d], fan.start[b * fan.dips + d + 1]):
            _meet_under_profile(i, first, ring, high, eye, relief, fan, met)


@kernel
def meet_relief(eye: Eye, ring: FloatArray, ground: FloatArray, high: FloatArray, relief: Relief, fan: Fan, met: Met) -> None:
    """Let rays end at uneven ground within reach.

    Parameters
    ----------
    ring : shape (k + 1,); ascending distances, from 0 to the reach, between which a profile is straight.
    ground, high : shapes (k + 1, 2) and (k, 2); room for the ground along two borders, and for the profile between them.
    """
    _sample_along(_turned(fan.border[0, 0], fan.border[0, 1], eye), 0, ring, ground, eye, relief)
    for b in range(fan.bearings):
        u, v = _turned(fan.border[b, 0], fan.border[b, 1], eye), _turned(fan.border[b + 1, 0], fan.border[b + 1, 1], eye)
        _sample_along(v, (b + 1) % 2, ring, ground, eye, relief)
        if u[0] * v[0] + u[1] * v[1] >= WIDEST_COS:
            _fill_profile(u, v, ring, ground, high, eye, relief)
            _meet_bin(b, ring, high, eye, relief, fan, met)
        else:
            for i in range(fan.start[b * fan.dips], fan.start[(b + 1) * fan.dips]):
                _meet_alone(i, eye, relief, fan, met)


NOTHING = (SKY, -1, SKY, -1)
NEAR_SHARE, LEAST_RING_M = 0.05, 1.0  # how far apart knots of a profile of the ground are
FAR_SHARE, FAR_RING_M = 0.01, 2.0
FEWEST_KEPT = 1 << 14  # rays for which arrays are kept, up to those of a quick picture
BELOW_GROUND_M = 1.0  # walls are looked for so far below the lowest ground within reach


_kept = threading.local()


@dataclass(frozen=True, eq=False, slots=True)
class Hits:
    """What each ray meets first, in the order of the rays or of the picture's pixels, row by row.

    Parameters
    ----------
    ray : shape (n, 3); unit level direction, ahead and to the left of the axis, and metres down for each level metre.
    away_m : shape (n, 2); level distance of what is solid, and of trees and hoardings, which do not hide that here; endless
        where there is none.
    surface : shape (n, 4); face and building of what is solid, then of trees and hoardings. A face is ``SKY``, ``GROUND``,
        ``ROOF``, ``UNDERSIDE``; a wall has the number of its last corner in the index, a wall of a floor plan or of an indoor
        lens's own outline one below -4. A building has its number in the scene or among the screens, -1 for none.
    """

    ray: FloatArray
    away_m: FloatArray
    surface: "NDArray[np.int32]"


def picture_hits(
    view: View, size: tuple[int, int], scene: Scene, reach_m: float, screens: Scene | None = None, *, is_lent: bool = False
) -> Hits:
    """Return what stands in the picture of a view, a ray through the middle of each pixel.

    Parameters
    ----------
    size : columns and rows.
    reach_m : how far from the lens buildings, and uneven ground, are looked for; level ground goes on to the horizon.
    screens : trees and hoardings, as a town of their own.
    is_lent : the answer's arrays are used again for the next one that is lent in this thread: done with before then.
    """
    return _hits(view, fan_of(replace(view.lens, range_m=0.0), *size), scene, reach_m, screens, is_lent=is_lent)


def ray_hits(view: View, direction: FloatArray, scene: Scene, reach_m: float, screens: Scene | None = None) -> Hits:
    """Return what single rays from the lens of a view meet; direction is east, north, down, shape (n, 3)."""
    azimuth = math.radians(view.azimuth_deg)
    east, north, down = np.asarray(direction, float).T
    ahead, aside = north * math.cos(azimuth) + east * math.sin(azimuth), east * math.cos(azimuth) - north * math.sin(azimuth)
    return _hits(view, make_fan(np.column_stack((aside, ahead, down))), scene, reach_m, screens)


def _hits(view: View, fan: Fan, scene: Scene, reach_m: float, screens: Scene | None, *, is_lent: bool = False) -> Hits:
    count = len(fan.ray)
    met = Met(*_room("met", count))
    met.near[:], met.surface[:] = 0.0, NOTHING
    axis = math.radians(90.0 - view.azimuth_deg)
    own = view.own_building if is_indoors(view) else -1
    eye = Eye(view.x_m, view.y_m, view.lens_z_m, math.cos(axis), math.sin(axis), float(reach_m), own)
    lowest = _lowest(view, scene, eye.reach)
    _meet(0, scene, eye, lowest, fan, met)
    if screens is not None:
        _meet(1, screens, eye._replace(skipped=-1), lowest, fan, met)
    if own >= 0:
        meet_single_walls(eye, _own_walls(view, scene), own, fan, met)
    if not scene.relief.is_level:
        ring = _rings(eye.reach, scene.relief.cell)
        meet_relief(eye, ring, np.empty((len(ring), 2)), np.empty((len(ring) - 1, 2)), scene.relief, fan, met)
    elif view.lens_z_m > 0.0:
        meet_level_ground(view.lens_z_m, fan, met)
    hits = Hits(fan.in_order, *(_room("answer", count) if is_lent else _new_room(count)))
    put_in_order(fan, met, hits.away_m, hits.surface)
    return hits


def _room(what: str, count: int) -> "tuple[FloatArray, NDArray[np.int32]]":
    """Return arrays of this thread for so many rays: the first touch of new ones takes longer than the rays do."""
    if not FEWEST_KEPT <= count <= MOST_QUICK:
        return _new_room(count)
    kept: tuple[FloatArray, NDArray[np.int32]] | None = _kept.__dict__.get(what)
    if kept is None or len(kept[0]) != count:
        kept = _kept.__dict__[what] = _new_room(count)
    return kept


def _new_room(count: int) -> "tuple[FloatArray, NDArray[np.int32]]":
    return np.empty((count, 2)), np.empty((count, 4), np.int32)


def _meet(layer: int, scene: Scene, eye: Eye, lowest: float, fan: Fan, met: Met) -> None:
    town = scene.index
    near = neighbours(eye.reach + town.widest + 2.0)
    corners = int(np.diff(town.ring_start[town.part_ring]).max(initial=0))
    meet_town(layer, eye, lowest, town, near, np.empty((corners, 2)), fan, met)


def _rings(reach_m: float, cell_m: float) -> FloatArray:
    """Return distances between which a profile of the ground is straight: close at first, then half a cell apart or farther."""
    found = [0.0]
    while found[-1] < reach_m:
        step = min(max(NEAR_SHARE * found[-1], LEAST_RING_M), max(FAR_SHARE * found[-1], cell_m / 2.0, FAR_RING_M))
        found.append(min(reach_m, found[-1] + step))
    return np.array(found)


def _lowest(view: View, scene: Scene, reach_m: float) -> float:
    """Return a height below all ground within reach."""
    relief = scene.relief
    if relief.is_level:
        return 0.0
    rows, columns = relief.height.shape
    row = np.clip(((relief.north - view.y_m) + np.array([-reach_m, reach_m])) / relief.cell, 0, rows - 1).astype(np.int64)
    column = np.clip(((view.x_m - relief.west) + np.array([-reach_m, reach_m])) / relief.cell, 0, columns - 1).astype(np.int64)
    return float(relief.height[row[0] : row[1] + 1, column[0] : column[1] + 1].min()) - BELOW_GROUND_M


def _own_walls(view: View, scene: Scene) -> FloatArray:
    """Return the walls around an indoor lens: its building's outline and those of the floor plan that stand on its level."""
    own: ObjectArray = scene.buildings.polygons[[view.own_building]]
    outline, _ = walls_of(own)
    walls = np.vstack((outline, walls_before(view, scene)))
    span = scene.buildings.base_m[view.own_building], scene.buildings.top_m[view.own_building]
    return np.ascontiguousarray(np.column_stack((walls, np.broadcast_to(span, (len(walls), 2)))))
