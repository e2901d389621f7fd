"""Which walls each view may see, and what hides of them: one view after the other, wall by wall."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner, kernel
from lhasaplan.core.sight.lens.true_picture import Fleet
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.sweep.near_to_far import PARTS, Lens, Occlusion, gather
from lhasaplan.core.sight.walls.bearings import SECTORS, Horizon, is_below, raise_horizon, sector_of, sort_by_bearing
from lhasaplan.core.sight.walls.facade import (
    ALL_HIDDEN,
    FULL,
    IS_BAND,
    OWN,
    S0,
    S1,
    SHADOW_COLUMNS,
    UPPER0,
    UPPER1,
    Facade,
    add_shadows,
    facade_before,
    is_before,
    is_faced,
    way,
)
from lhasaplan.core.sight.walls.piece_columns import Pieces
from lhasaplan.core.sight.walls.pieces import CLOSE, LEAST_HEIGHT_M, SHORTEST_M, Lenses, WallRoom, see_wall

MANY_WALLS = 96  # of fewer, half of which turn away, each is looked at, which costs less than the horizon
NARROW = 1e-6  # a picture of less than a half circle has half an angle with a greater cosine
BEYOND_M = 0.1  # what lies wholly so far behind a wall is not asked about it
ON_LINE_M = 0.5  # a wall this near to the line that the mount hangs on is the mount's own facade


class Walls(NamedTuple):
    """Walls sorted by the cells of a grid.

    Parameters
    ----------
    row : shape (W, 7); see ``facade``.   number : shape (W,); the caller's index of each.
    cell_start : shape (columns * rows + 1,).   frame : x, y of the corner, the cell's width, half the longest wall.
    cell_circle : shape (columns * rows, 5); x, y, radius, highest top and lowest base of what holds all walls of a cell.
    """

    row: FloatArray
    number: IntArray
    cell_start: IntArray
    cell_circle: FloatArray
    columns: int
    rows: int
    frame: FloatArray


@called
def _cells_near(v: int, lenses: Lenses, walls: Walls, room: WallRoom) -> int:
    """Note the cells of which walls may lie in the range and the picture of a view; returns their number, FULL without room."""
    fleet = lenses.fleet
    x, y, reach, cos, sin = fleet.place[v, 0], fleet.place[v, 1], fleet.reach[v], fleet.half[v, 0], fleet.half[v, 1]
    beyond, (left, bottom, width) = reach + walls.frame[3], (walls.frame[0], walls.frame[1], walls.frame[2])
    first_column, last_column = (
        max(0, int((x - beyond - left) // width)),
        min(walls.columns - 1, int((x + beyond - left) // width)),
    )
    first_row, last_row = max(0, int((y - beyond - bottom) // width)), min(walls.rows - 1, int((y + beyond - bottom) // width))
    n = an_int(0)
    for row in range(first_row, last_row + 1):
        for cell in range(row * walls.columns + first_column, row * walls.columns + last_column + 1):
            if walls.cell_start[cell + 1] == walls.cell_start[cell]:
                continue
            dx, dy, radius = walls.cell_circle[cell, 0] - x, walls.cell_circle[cell, 1] - y, walls.cell_circle[cell, 2]
            if dx * dx + dy * dy > (reach + radius) ** 2:
                continue
            ahead, aside = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1], abs(dy * fleet.axis[v, 0] - dx * fleet.axis[v, 1])
            if cos > NARROW and aside * cos - ahead * sin > radius:
                continue
            if n >= len(room.cell):
                return FULL
            room.cell[n] = cell
            n += 1
    return n


@inner
def _is_own(v: int, w: int, lenses: Lenses, walls: Walls) -> bool:
    """Return whether a wall is the facade that the camera itself hangs on."""
    if lenses.own[v] < 0 or walls.row[w, OWN] != lenses.own[v]:
        return False
    x, y, ux, uy = lenses.own_wall[v, 0], lenses.own_wall[v, 1], lenses.own_wall[v, 2], lenses.own_wall[v, 3]
    a = abs((walls.row[w, 0] - x) * uy - (walls.row[w, 1] - y) * ux)
    b = abs((walls.row[w, 2] - x) * uy - (walls.row[w, 3] - y) * ux)
    return bool(a < ON_LINE_M and b < ON_LINE_M)


@inner
def _looked_at(v: int, f: Facade, fleet: Fleet) -> Facade:
    """Return the wall with what of it lies in range and between the widest bearings of the picture; empty if first > last."""
    first, last = an_open(f)
    span = math.sqrt(max(fleet.reach[v] ** 2 - f.away * f.away, 0.0))
    first, last = max(first, f.foot - span), min(last, f.foot + span)
    cos, sin = fleet.half[v, 0], fleet.half[v, 1]
    if cos > NARROW:  # a picture wider than a half circle is asked bearing by bearing
        # The borders of the picture as directions, and the wall's line in them: what lies outside either border is cut off.
        ax, ay = fleet.axis[v, 0], fleet.axis[v, 1]
        for side in range(2):
            s = sin if side == 0 else -sin
            bx, by = ax * cos - ay * s, ay * cos + ax * s
            nx, ny = (-by, bx) if side == 0 else (by, -bx)  # away from the picture
            # Along the wall the distance beyond the border is linear.
            at0 = (f.along_x * (-f.foot) - f.along_y * f.away) * nx + (f.along_y * (-f.foot) + f.along_x * f.away) * ny
            step = f.along_x * nx + f.along_y * ny
            if abs(step) < CLOSE:
                if at0 > 0.0:
                    return Facade(f.x, f.y, f.along_x, f.along_y, f.length, f.base, f.top, f.foot, f.away, 1.0, 0.0)
            elif step > 0.0:
                last = min(last, -at0 / step)
            else:
                first = max(first, -at0 / step)
    return Facade(f.x, f.y, f.along_x, f.along_y, f.length, f.base, f.top, f.foot, f.away, first, last)


@inner
def an_open(f: Facade) -> tuple[float, float]:
    """Return both ends of a wall."""
    return 0.0, f.length


@called
def _gathered(
    v: int, cells: int, lenses: Lenses, walls: Walls, town: TownIndex, near: Neighbours, room: WallRoom, s: Occlusion
) -> tuple[int, bool]:
    """Gather the parts that may stand before any wall of the cells; returns their number, FULL without room.

    Of many walls the horizon is raised besides, by which most of them are refused; whether it is comes second.
    """
    fleet, low, high, far, count = lenses.fleet, math.inf, -math.inf, 0.0, an_int(0)
    x, y = fleet.place[v, 0], fleet.place[v, 1]
    for i in range(cells):
        cell = room.cell[i]
        dx, dy, radius = walls.cell_circle[cell, 0] - x, walls.cell_circle[cell, 1] - y, walls.cell_circle[cell, 2]
        low, high = min(low, walls.cell_circle[cell, 4]), max(high, walls.cell_circle[cell, 3])
        far = max(far, math.sqrt(dx * dx + dy * dy) + radius)
        count += walls.cell_start[cell + 1] - walls.cell_start[cell]
    lens = Lens(
        x, y, fleet.place[v, 2], low, high, min(far, fleet.reach[v]) + 1.0, fleet.axis[v, 0], fleet.axis[v, 1],
        fleet.half[v, 0], fleet.half[v, 1], fleet.half[v, 2], fleet.skipped[v], False,
    )  # fmt: skip
    found = gather(lens, town, near, an_int(PARTS), s).number
    if found > 0 and not sort_by_bearing(found, s.part, x, y, town, room.by):
        return an_int(FULL), False
    has_horizon = found > 0 and count > MANY_WALLS
    if has_horizon:
        raise_horizon(found, s.part, room.by, x, y, fleet.place[v, 2], low, far, town, room.horizon)
    return found, has_horizon


@inner
def _shadows_on(
    w: int, f: Facade, x: float, y: float, z: float, parts: int, town: TownIndex, room: WallRoom, s: Occlusion
) -> tuple[int, float]:
    """Add the shadows of all parts in the sectors that a wall fills; returns their number, and up to where all of it is hidden.

    The number is FULL without room and ALL_HIDDEN where nothing is left. Nearer parts come first, so that what they hide from
    end to end spares the shadows of those behind.
    """
    shadows, floor = an_int(0), f.base
    if parts == 0:
        return shadows, floor
    ax, ay = way(f, f.first)
    bx, by = way(f, f.last)
    first, last = sector_of(bx, by), sector_of(ax, ay)  # from right to left is counter-clockwise
    far_m = math.sqrt(max(ax * ax + ay * ay, bx * bx + by * by)) + BEYOND_M
    for i in range((last - first) % SECTORS + 1):
        b = (first + i) % SECTORS
        for at in range(room.by.start[b], room.by.start[b + 1]):
            if room.by.from_m[at] > far_m:
                break
            j = room.by.part[at]
            if room.by.asked[j] == w:
                continue
            room.by.asked[j] = w
            if is_before(s.part[j], x, y, f, town):
                known = shadows
                shadows = add_shadows(s.part[j], x, y, z, _from(f, floor), town, room.shadow, shadows, room.crossing)
                if shadows < 0:
                    return shadows, floor
                floor = _floor_of(f, floor, known, shadows, room)
                shadows = _without_hidden(known, shadows, room)
                if floor > f.top - LEAST_HEIGHT_M:
                    return an_int(ALL_HIDDEN), floor
    return _that_count(floor, shadows, room), floor


@inner
def _from(f: Facade, base: float) -> Facade:
    """Return a wall of which all below a height is hidden."""
    return Facade(f.x, f.y, f.along_x, f.along_y, f.length, base, f.top, f.foot, f.away, f.first, f.last)


@inner
def _floor_of(f: Facade, floor: float, known: int, shadows: int, room: WallRoom) -> float:
    """Return up to where the shadows from ``known`` on hide all of a wall, each of them alone."""
    for n in range(known, shadows):
        spans = room.shadow[n, S0] <= f.first + SHORTEST_M and room.shadow[n, S1] >= f.last - SHORTEST_M
        if spans and room.shadow[n, IS_BAND] == 0.0:
            floor = max(floor, min(room.shadow[n, UPPER0], room.shadow[n, UPPER1]))
    return floor


@inner
def _without_hidden(known: int, shadows: int, room: WallRoom) -> int:
    """Keep of the shadows from ``known`` on those that lie below no earlier one, in their order; returns how many there are."""
    kept = known
    for n in range(known, shadows):
        if room.shadow[n, IS_BAND] == 0.0 and _is_below_earlier(n, known, room):
            continue
        if kept < n:
            for column in range(SHADOW_COLUMNS):
                room.shadow[kept, column] = room.shadow[n, column]
        kept += 1
    return kept


@inner
def _is_below_earlier(n: int, known: int, room: WallRoom) -> bool:
    """Return whether one of the first shadows hides all that a later one does."""
    first, last, top = room.shadow[n, S0], room.shadow[n, S1], max(room.shadow[n, UPPER0], room.shadow[n, UPPER1])
    for m in range(known):
        spans = room.shadow[m, S0] <= first and room.shadow[m, S1] >= last and room.shadow[m, IS_BAND] == 0.0
        if spans and min(room.shadow[m, UPPER0], room.shadow[m, UPPER1]) >= top:
            return True
    return False


@called
def _that_count(floor: float, shadows: int, room: WallRoom) -> int:
    """Keep the shadows that reach above a height and lie below no other one, in their order; returns how many."""
    kept = an_int(0)
    for n in range(shadows):
        if room.shadow[n, IS_BAND] > 0.0 or (
            max(room.shadow[n, UPPER0], room.shadow[n, UPPER1]) > floor and not _is_below_another(n, kept, shadows, room)
        ):
            for column in range(SHADOW_COLUMNS):
                room.shadow[kept, column] = room.shadow[n, column]
            kept += 1
    return kept


@inner
def _is_below_another(n: int, kept: int, shadows: int, room: WallRoom) -> bool:
    """Return whether another shadow hides all that this one does: one of those kept so far, or of those still to come."""
    first, last, top = room.shadow[n, S0], room.shadow[n, S1], max(room.shadow[n, UPPER0], room.shadow[n, UPPER1])
    for m in range(shadows):
        if (m < kept or m > n) and room.shadow[m, S0] <= first and room.shadow[m, S1] >= last and room.shadow[m, IS_BAND] == 0.0:
            least = min(room.shadow[m, UPPER0], room.shadow[m, UPPER1])
            if least > top or (least == top and m < kept):
                return True
    return False


@inner
def _is_hidden(f: Facade, z: float, horizon: Horizon) -> bool:
    """Return whether what stands nearer surely hides all that is looked at of a wall."""
    ax, ay = way(f, f.first)
    bx, by = way(f, f.last)
    aside = min(max(f.foot, f.first), f.last) - f.foot
    return is_below(ax, ay, bx, by, f.top - z, math.sqrt(f.away * f.away + aside * aside), horizon)


@inner
def _is_cell_hidden(cell: int, x: float, y: float, z: float, walls: Walls, horizon: Horizon) -> bool:
    """Return whether what stands nearer surely hides all walls of a cell."""
    dx, dy, radius = walls.cell_circle[cell, 0] - x, walls.cell_circle[cell, 1] - y, walls.cell_circle[cell, 2]
    square = dx * dx + dy * dy
    if square <= 4.0 * radius * radius:
        return False
    distance = math.sqrt(square)
    sine = radius / distance
    cosine = math.sqrt(1.0 - sine * sine)
    ax, ay, bx, by = dx * cosine + dy * sine, dy * cosine - dx * sine, dx * cosine - dy * sine, dy * cosine + dx * sine
    return is_below(ax, ay, bx, by, walls.cell_circle[cell, 3] - z, distance - radius, horizon)


@called
def _see_walls_from(
    v: int, lenses: Lenses, walls: Walls, town: TownIndex, relief: Relief, near: Neighbours, s: Occlusion, room: WallRoom,
    out: Pieces, m: int,
) -> int:  # fmt: skip
    """Write the seen pieces of all walls that one view may see; returns the number of pieces, FULL without room."""
    cells = _cells_near(v, lenses, walls, room)
    if cells <= 0:
        return m if cells == 0 else FULL
    parts, has_horizon = _gathered(v, cells, lenses, walls, town, near, room, s)
    if parts < 0:
        return FULL
    x, y, z, reach = lenses.fleet.place[v, 0], lenses.fleet.place[v, 1], lenses.fleet.place[v, 2], lenses.fleet.reach[v]
    for i in range(cells):
        cell = room.cell[i]
        if has_horizon and _is_cell_hidden(cell, x, y, z, walls, room.horizon):
            continue
        for w in range(walls.cell_start[cell], walls.cell_start[cell + 1]):
            if not is_faced(walls.row, w, x, y):
                continue
            f = facade_before(walls.row, w, x, y)
            if f.away <= 0.0 or f.away > reach or _is_own(v, w, lenses, walls):
                continue
            f = _looked_at(v, f, lenses.fleet)
            if f.last - f.first < SHORTEST_M or (has_horizon and _is_hidden(f, z, room.horizon)):
                continue
            shadows, floor = _shadows_on(w, f, x, y, z, parts, town, room, s)
            if shadows == FULL:
                return FULL
            if shadows == ALL_HIDDEN:
                continue
            m = see_wall(v, walls.number[w], _from(f, floor), shadows, lenses, town, relief, room, out, m)
            if m == FULL:
                return FULL
    return m


@kernel
def see_walls(
    views: IntArray, first: int, lenses: Lenses, walls: Walls, town: TownIndex, relief: Relief, near: Neighbours, s: Occlusion,
    room: WallRoom, out: Pieces,
) -> tuple[int, int]:  # fmt: skip
    """See the walls of the views from ``first`` on; returns the next view to ask and the number of pieces.

    It stops early when the pieces or the scratch of a view do not fit: at ``first`` if there is no room for even one.
    """
    m = an_int(0)
    for i in range(first, len(views)):
        reached = _see_walls_from(views[i], lenses, walls, town, relief, near, s, room, out, m)
        if reached == FULL:
            return i, m
        m = reached
    return len(views), m
