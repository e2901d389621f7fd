"""Meet buildings near to far: those hidden by opaque walls never reach the sweep or the sight lines."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import a_bool, an_int, fetch_row, inner
from lhasaplan.core.sight.compiled.directions import bin_of, diamond
from lhasaplan.core.sight.lens.frustum import RAISED
from lhasaplan.core.sight.obstacles.building_index import CELL_M, Neighbours, TownIndex
from lhasaplan.core.sight.obstacles.relief import FOUNDATION_M
from lhasaplan.core.sight.sweep.angular_buffer import OUT, arc_of, close_bins, covered, open_bins

# Columns of a wall: its line, the line of its shadow's end, its role, the diamond angles and places of its two ends
# (clockwise one first), its greatest inverse distance, the inverse distances of its ends, and the part that it bounds.
A, B, SA, SB, ROLE, P0, P1, X0, Y0, X1, Y1, W_MAX, W0, W1, PART = range(15)
WALL_COLUMNS = 15
FRONT, LOW, BACK = 0.0, 1.0, 2.0  # opaque front; front of a part that one sees over; the back behind it
FLAT_M2 = 1e-9  # walls seen edge-on: twice the area between lens and wall
SMALLEST = 1e-18

PARTS, PLANE, RELIEF = 0, 1, 2  # what is gathered: parts for sight lines, walls for a sweep on a plane or over relief
NEAR_LENS = -1  # a part in whose circle the lens is
BURIED = -2  # the lens is inside a solid wall
FULL = -1  # the scratch arrays are too short
MOST_IN_CACHE = 50_000  # parts, of 64 bytes each and as many of corners: the processor's cache holds these without being asked
AT_ONCE = 16  # cells, or parts, whose arcs are worked out before any of them is asked
OF_CELLS, OF_PARTS = 0, 1  # whose arcs


class Lens(NamedTuple):
    """One view in the lens's own frame: x along the axis.

    ``low`` and ``high`` bound the heights of the targets; equal for a plane. ``skipped`` is a building that does not
    block (an indoor camera's own), -1 for none, RAISED for all decks. ``is_turned`` swaps up and down, for planes above the lens.
    """

    x: float
    y: float
    z: float
    low: float
    high: float
    reach: float
    cos_axis: float
    sin_axis: float
    cos_half: float
    sin_half: float
    last: float  # diamond angle of the sector's upper border; the lower one is its negative
    skipped: int
    is_turned: bool


@inner
def lens_of(row: FloatArray, low: float, high: float) -> Lens:
    """Return a view's lens from its row (see ``engine.lens_rows``) for targets between two heights."""
    half = row[5]
    last = 2.0 if half >= math.pi else diamond(math.cos(half), math.sin(half))
    cos_half = -1.0 if half >= math.pi else math.cos(half)
    sin_half = 0.0 if half >= math.pi else math.sin(half)
    return Lens(
        row[0], row[1], row[2], low, high, row[3], math.cos(row[4]), math.sin(row[4]), cos_half, sin_half, last,
        int(row[6]), row[5] < 0.0,
    )  # fmt: skip


class Gathered(NamedTuple):
    """What was gathered: walls for a sweep or parts for sight lines, and how many solids contain the lens."""

    number: int
    inside: int


class Occlusion(NamedTuple):
    """Scratch of the gathering: the angular buffer, walls, parts; the next few cells, the arcs of cells and of parts."""

    buf: FloatArray
    ends: FloatArray
    wall: FloatArray
    part: IntArray
    cell: IntArray
    arc: IntArray
    arc_w: FloatArray


class Corners(NamedTuple):
    """Corners of rings, the place of the lens among them, and the part that they bound, NEAR_LENS if it may hold the lens."""

    xy: FloatArray
    x: float
    y: float
    part: int


@inner
def base_and_top(k: int, lens: Lens, town: TownIndex) -> tuple[float, float]:
    """Return base and top of a part, up and down swapped if the lens looks at a plane above it."""
    if lens.is_turned:
        return -town.part[k, 4], -town.part[k, 3]
    return town.part[k, 3], town.part[k, 4]


@inner
def rings_of(k: int, town: TownIndex) -> int:
    """Return how many rings a part has."""
    return an_int(1) if town.part[k, 7] > 0.0 else town.part_ring[k + 1] - town.part_ring[k]


@inner
def ring_of(k: int, nth: int, town: TownIndex) -> tuple[int, int]:
    """Return the first corner of a part's ring and the one after its last."""
    if town.part[k, 7] > 0.0:
        first = int(town.part[k, 6])
        return first, first + int(town.part[k, 7])
    ring = town.part_ring[k] + nth
    return town.ring_start[ring], town.ring_start[ring + 1]


@inner
def contains(k: int, x: float, y: float, town: TownIndex) -> bool:
    """Return whether a part's solid contains a point (courtyards excepted)."""
    is_in = False
    for nth in range(rings_of(k, town)):
        start, end = ring_of(k, nth, town)
        px, py = town.corner[end - 1, 0] - x, town.corner[end - 1, 1] - y
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - x, town.corner[v, 1] - y
            if (py > 0.0) != (qy > 0.0) and (px * qy - py * qx > 0.0) == (qy > py):
                is_in = not is_in
            px, py = qx, qy
    return is_in


@inner
def _greatest_w(a: float, b: float, x0: float, y0: float, x1: float, y1: float, w0: float, w1: float) -> float:
    """Return the greatest inverse distance on a wall: at an end, or at the foot of the perpendicular."""
    ex, ey = x1 - x0, y1 - y0
    if x0 * ex + y0 * ey >= 0.0:
        return w0
    if x1 * ex + y1 * ey <= 0.0:
        return w1
    return math.sqrt(a * a + b * b)


class Corner(NamedTuple):
    """A corner in the lens's frame: its diamond angle, place and inverse distance."""

    p: float
    x: float
    y: float
    w: float


@inner
def _corner(dx: float, dy: float, lens: Lens) -> Corner:
    """Return the corner so far east and north of the lens."""
    x, y = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    return Corner(diamond(x, y), x, y, 1.0 / math.sqrt(max(x * x + y * y, SMALLEST)))


@inner
def _add_wall(first: Corner, then: Corner, shade: float, role: float, part: int, s: Occlusion, n: int) -> int:
    """Write a part's wall between two corners, clockwise one first, into row n unless it is hidden; return the next row."""
    c = first.x * then.y - first.y * then.x
    a, b = (then.y - first.y) / c, (first.x - then.x) / c
    w_max = _greatest_w(a, b, first.x, first.y, then.x, then.y, first.w, then.w)
    if covered(s.buf, bin_of(first.p), bin_of(then.p), w_max):
        return n
    wall = s.wall
    wall[n, A], wall[n, B], wall[n, SA], wall[n, SB], wall[n, ROLE] = a, b, a * shade, b * shade, role
    wall[n, P0], wall[n, X0], wall[n, Y0], wall[n, W0] = first.p, first.x, first.y, first.w
    wall[n, P1], wall[n, X1], wall[n, Y1], wall[n, W1] = then.p, then.x, then.y, then.w
    wall[n, W_MAX], wall[n, PART] = w_max, part
    if role == FRONT:
        close_bins(s.buf, s.ends, first.p, then.p, a, b, first.w, then.w)
    return n + 1


@inner
def _add_ring(
    corners: Corners, start: int, end: int, factor: float, shade: float, is_opaque: bool, lens: Lens, s: Occlusion, n: int
) -> int:
    """Add the walls of a ring that face the right way and are not hidden yet.

    ``factor`` enlarges the ring from the lens; ``shade`` is the inverse distance of a shadow's end as a share of its
    wall's. Opaque parts need their fronts only, and close the bins behind them. A corner is turned into the lens's frame
    only where a wall is seen.
    """
    px, py = (corners.xy[end - 1, 0] - corners.x) * factor, (corners.xy[end - 1, 1] - corners.y) * factor
    before, is_known = Corner(0.0, 0.0, 0.0, 0.0), False
    for v in range(start, end):
        qx, qy = (corners.xy[v, 0] - corners.x) * factor, (corners.xy[v, 1] - corners.y) * factor
        c = px * qy - py * qx
        if c < -FLAT_M2 or (c > FLAT_M2 and not is_opaque):
            if not is_known:
                before = _corner(px, py, lens)
            after = _corner(qx, qy, lens)
            if c < 0.0:
                n = _add_wall(after, before, shade, FRONT if is_opaque else LOW, corners.part, s, n)
            else:
                n = _add_wall(before, after, shade, BACK, corners.part, s, n)
            if n >= len(s.wall) - 1:
                return n
            before, is_known = after, True
        else:
            is_known = False
        px, py = qx, qy
    return n


@inner
def _add_walls(k: int, x: float, y: float, lens: Lens, town: TownIndex, s: Occlusion, n: int, inside: int) -> Gathered:
    """Add a part's walls for the sweep on the plane ``lens.low``; x, y is its middle in the lens's frame.

    Its shadow on the plane ends at the wall's distance times (lens - plane) / (lens - top). A part whose base is above
    the plane is the same as one that stands on it, enlarged from the lens by (lens - plane) / (lens - base).
    """
    base, top = base_and_top(k, lens, town)
    if base >= lens.z or top <= lens.low:
        return Gathered(n, inside)
    drop = lens.z - lens.low
    factor = drop / (lens.z - base) if base > lens.low else 1.0
    shade = (lens.z - top) / drop * factor
    x, y, radius = x * factor, y * factor, town.part[k, 2] * factor
    if factor > 1.0:
        arc = arc_of(x, y, radius, lens.reach, lens.cos_half, lens.sin_half)
        if covered(s.buf, arc.first, arc.last, arc.w):
            return Gathered(n, inside)
    away = math.sqrt(x * x + y * y)
    is_opaque = shade <= 0.0 or (away > radius * 1.01 and shade / (away - radius) <= 1.0 / lens.reach)
    if away <= radius and contains(k, lens.x, lens.y, town):
        if is_opaque:
            return Gathered(BURIED, inside)
        inside += 1
    corners = Corners(town.corner, lens.x, lens.y, k if away > radius * 1.01 else NEAR_LENS)
    for nth in range(rings_of(k, town)):
        start, end = ring_of(k, nth, town)
        n = _add_ring(corners, start, end, factor, shade, is_opaque, lens, s, n)
        if n >= len(s.wall) - 1:
            return Gathered(FULL, inside)
    return Gathered(n, inside)


@inner
def _hides_all_behind(k: int, away: float, lens: Lens, town: TownIndex) -> bool:
    """Return whether a part hides every target between ``lens.low`` and ``lens.high`` behind it within range."""
    base, top, radius = town.part[k, 3], town.part[k, 4], town.part[k, 2]
    if base > min(lens.low, lens.z):
        return False
    if top >= max(lens.high, lens.z):
        return True
    if lens.high >= lens.z or away <= radius * 1.01:
        return False
    shade = (lens.z - top) / (lens.z - lens.high)
    return bool(shade / (away - radius) <= 1.0 / lens.reach)


@inner
def _add_walls_over(k: int, x: float, y: float, lens: Lens, town: TownIndex, s: Occlusion, n: int, inside: int) -> Gathered:
    """Add a part's walls for the sweep over relief; as shadow's end the slope of its roof's edge is kept.

    Raised decks are left out: over relief they throw no simple shadow.
    """
    base, top = town.part[k, 3], town.part[k, 4]
    if top <= min(lens.z, lens.low) or base > min(lens.z, lens.low) - FOUNDATION_M / 2.0:
        return Gathered(n, inside)
    away, radius = math.sqrt(x * x + y * y), town.part[k, 2]
    is_opaque = _hides_all_behind(k, away, lens, town)
    if away <= radius and contains(k, lens.x, lens.y, town):
        if is_opaque or top > lens.z:
            return Gathered(BURIED, inside)
        inside += 1
    corners = Corners(town.corner, lens.x, lens.y, k if away > radius * 1.01 else NEAR_LENS)
    for nth in range(rings_of(k, town)):
        start, end = ring_of(k, nth, town)
        n = _add_ring(corners, start, end, 1.0, top - lens.z, is_opaque, lens, s, n)
        if n >= len(s.wall) - 1:
            return Gathered(FULL, inside)
    return Gathered(n, inside)


@inner
def _note_part(k: int, x: float, y: float, lens: Lens, town: TownIndex, s: Occlusion, n: int) -> Gathered:
    """Note a part that may cut a sight line, and close the bins behind an opaque one."""
    base, top = town.part[k, 3], town.part[k, 4]
    if base >= max(lens.z, lens.high) or top <= min(lens.z, lens.low):
        return Gathered(n, 0)
    if n >= len(s.part) - 1:
        return Gathered(FULL, 0)
    s.part[n] = k
    if _hides_all_behind(k, math.sqrt(x * x + y * y), lens, town):
        corners = Corners(town.corner, lens.x, lens.y, k)
        for nth in range(rings_of(k, town)):
            start, end = ring_of(k, nth, town)
            # One row of scratch is enough: the fronts only close bins here.
            _add_ring(corners, start, end, 1.0, 0.0, a_bool(True), lens, s, an_int(0))
    return Gathered(n + 1, 0)


@inner
def close_where_shadows_end_hidden(count: int, drop: float, s: Occlusion) -> None:
    """Take parts for opaque whose shadows all end behind opaque walls or out of range: nothing is seen past them either.

    A shadow's line is ``drop`` times where it ends. Their fronts become opaque, their backs count as hidden: no inverse
    distance is below theirs. A lens at a part's own corner sees backs without fronts: such parts stay as they are.
    """
    wall, k = s.wall, an_int(0)
    while k < count:
        first, part = k, wall[k, PART]
        is_hidden = wall[k, ROLE] != FRONT and part != NEAR_LENS
        while k < count and wall[k, PART] == part:
            if wall[k, ROLE] == BACK and is_hidden:
                shade = math.sqrt((wall[k, SA] ** 2 + wall[k, SB] ** 2) / (wall[k, A] ** 2 + wall[k, B] ** 2))
                is_hidden = covered(s.buf, bin_of(wall[k, P0]), bin_of(wall[k, P1]), wall[k, W_MAX] * shade / drop)
            k += 1
        if is_hidden:
            for j in range(first, k):
                wall[j, W_MAX] = 0.0 if wall[j, ROLE] == BACK else wall[j, W_MAX]
                wall[j, ROLE] = FRONT


@inner
def _windings(xy: FloatArray, start: int, end: int) -> int:
    """Return how often a ring winds around the origin: 1 for a shell around it, -1 for a hole, 0 if it lies beside."""
    turns = an_int(0)
    px, py = xy[end - 1, 0], xy[end - 1, 1]
    for v in range(start, end):
        qx, qy = xy[v, 0], xy[v, 1]
        if (py > 0.0) != (qy > 0.0) and (px * qy - py * qx > 0.0) == (qy > py):
            turns += 1 if qy > py else -1
        px, py = qx, qy
    return turns


@inner
def add_plates(
    first: int, last: int, ring_start: IntArray, xy: FloatArray, lens: Lens, s: Occlusion, found: Gathered
) -> Gathered:
    """Add the walls of rings that hide what lies on them and nothing behind: shadows that end at the ring itself.

    ``xy`` are corners east and north of the lens, what is hidden on their left.
    """
    n, inside = found.number, found.inside
    for ring in range(first, last):
        start, end = ring_start[ring], ring_start[ring + 1]
        if end - start < 3:
            continue
        inside += _windings(xy, start, end)
        n = _add_ring(Corners(xy, 0.0, 0.0, an_int(NEAR_LENS)), start, end, 1.0, 1.0, a_bool(False), lens, s, n)
        if n >= len(s.wall) - 1:
            return Gathered(FULL, inside)
    return Gathered(n, inside)


@inner
def gather(lens: Lens, town: TownIndex, near: Neighbours, what: int, s: Occlusion) -> Gathered:
    """Gather walls (for a sweep) or parts (for sight lines), near to far; see FULL and BURIED for the failures."""
    first, last = bin_of(-lens.last), bin_of(lens.last)
    open_bins(s.buf, s.ends, first, last, lens.reach)
    found, shut = Gathered(an_int(0), an_int(0)), first
    for o in range(0, len(near.distance), AT_ONCE):
        away = near.distance[o] - 1.4143 * CELL_M
        if away > lens.reach + town.widest + CELL_M:
            break
        if away > town.widest:  # is the whole sector closed nearer than any further cell?
            w = 1.0 / (away - town.widest)
            while shut <= last and s.buf[shut] > w:
                shut += 1
            if shut > last:
                break
        for j in range(_list_cells(o, min(o + AT_ONCE, len(near.distance)), lens, town, near, s)):
            if covered(s.buf, s.arc[OF_CELLS, j, 0], s.arc[OF_CELLS, j, 1], s.arc_w[OF_CELLS, j]):
                continue
            found = _gather_cell(s.cell[j], lens, town, what, s, found)
            if found.number < 0:
                return found
    return found


@inner
def _list_cells(first: int, end: int, lens: Lens, town: TownIndex, near: Neighbours, s: Occlusion) -> int:
    """Write the cells at some offsets that hold parts and are not outside the sector, with their arcs; return their number."""
    columns, rows, count = town.size[0], town.size[1], an_int(0)
    column0, row0 = int((lens.x - town.origin[0]) // CELL_M), int((lens.y - town.origin[1]) // CELL_M)
    for o in range(first, end):
        column, row = column0 + near.offset[o, 0], row0 + near.offset[o, 1]
        s.cell[count] = row * columns + column
        is_on_grid = min(column, row, columns - 1 - column, rows - 1 - row) >= 0
        count += is_on_grid and _cell_is_ahead(column, row, lens, town)
    for j in range(count):
        _write_arc(town.cell_circle, s.cell[j], an_int(OF_CELLS), j, lens, s)
        if town.cell_circle[s.cell[j], 3] == town.cell_circle[s.cell[j], 4]:
            s.arc_w[OF_CELLS, j] = OUT
    if len(town.part) > MOST_IN_CACHE:
        for j in range(count):  # the parts of all these cells are on their way while those of the first are gathered
            k = int(town.cell_circle[s.cell[j], 3])
            fetch_row(town.part, k)
            fetch_row(town.part, k + 2)
    return count


@inner
def _write_arc(circles: FloatArray, k: int, kind: int, j: int, lens: Lens, s: Occlusion) -> None:
    """Write the arc of a circle as the ``j``-th of the cells or of the parts."""
    dx, dy = circles[k, 0] - lens.x, circles[k, 1] - lens.y
    x, y = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    arc = arc_of(x, y, circles[k, 2], lens.reach, lens.cos_half, lens.sin_half)
    s.arc[kind, j, 0], s.arc[kind, j, 1], s.arc_w[kind, j] = arc.first, arc.last, arc.w


@inner
def _cell_is_ahead(column: int, row: int, lens: Lens, town: TownIndex) -> bool:
    """Return whether a cell may be in the sector, told by its place alone: its row in memory need not be fetched."""
    dx, dy = town.origin[0] + (column + 0.5) * CELL_M - lens.x, town.origin[1] + (row + 0.5) * CELL_M - lens.y
    x, y = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    too_far = x * x + y * y - (lens.reach + town.spread) * (lens.reach + town.spread)
    return bool(max(too_far, abs(y) * lens.cos_half - x * lens.sin_half - town.spread) <= 0.0)


@inner
def _is_raised(k: int, lens: Lens, town: TownIndex) -> bool:
    """Return whether a part stands above the ground: on level ground the bases of others are 0, over relief far below it."""
    base = town.part[k, 3]
    return bool(base != 0.0 and base > min(lens.z, lens.low) - FOUNDATION_M / 2.0)


@inner
def _gather_cell(cell: int, lens: Lens, town: TownIndex, what: int, s: Occlusion, found: Gathered) -> Gathered:
    """Gather the parts of one grid cell, some at a time: the arcs of all of them first, then what walls leave of them."""
    end = int(town.cell_circle[cell, 4])
    for first in range(int(town.cell_circle[cell, 3]), end, AT_ONCE):
        count = min(AT_ONCE, end - first)
        for j in range(count):
            _write_arc(town.part, first + j, an_int(OF_PARTS), j, lens, s)
        for j in range(count):
            if covered(s.buf, s.arc[OF_PARTS, j, 0], s.arc[OF_PARTS, j, 1], s.arc_w[OF_PARTS, j]):
                continue
            found = _gather_part(first + j, lens, town, what, s, found)
            if found.number < 0:
                return found
    return found


@inner
def _gather_part(k: int, lens: Lens, town: TownIndex, what: int, s: Occlusion, found: Gathered) -> Gathered:
    """Gather one part, unless the lens looks through it."""
    if int(town.part[k, 5]) == lens.skipped or (lens.skipped == RAISED and _is_raised(k, lens, town)):
        return found
    dx, dy = town.part[k, 0] - lens.x, town.part[k, 1] - lens.y
    x, y = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    if what == PLANE:
        return _add_walls(k, x, y, lens, town, s, found.number, found.inside)
    if what == RELIEF:
        return _add_walls_over(k, x, y, lens, town, s, found.number, found.inside)
    return _note_part(k, x, y, lens, town, s, found.number)
