"""Where the rays of a picture meet uneven ground: each bin of bearings has a profile that its ground does not rise above."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.obstacles.relief import BLOCK_CELLS, TILE_CELLS, Relief
from lhasaplan.core.sight.obstacles.relief_lines import GRAZE_M, GridLine, ground_share, sample_cell, share_in_cells
from lhasaplan.core.sight.rays.meeting import GROUND, SPARE, STEEPEST, Direction, Eye, Fan, Met

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
