"""Seen pieces of walls as plain arrays, as the kernel of walls writes them, and what they show, added up by sighting."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, order_of, row_numbers
from lhasaplan.core.sight.compiled.compilation import called, inner, kernel
from lhasaplan.core.sight.compiled.directions import LensSet, lens_set, limits_px_m, sharpest_px_m

# Columns of a piece: from and to along its wall; at either end the lower and the upper height, and the highest density that
# 0.1 m of height reaches there.
FROM, TO, LOW0, LOW1, HIGH0, HIGH1, BEST0, BEST1 = range(8)
PIECE_COLUMNS = 8


class Mounts(NamedTuple):
    """Where cameras hang: the building of each view's mount, -1 for none, and its wall: x, y and unit vector, NaN without one."""

    building: IntArray  # shape (V,)
    wall: FloatArray  # shape (V, 4)


class Pieces(NamedTuple):
    """Pieces in order of view and wall, shape (N,) each; ``figure`` has ``PIECE_COLUMNS`` columns.

    Pieces of one ``column`` stand above each other on the same stretch of wall.
    """

    viewer: IntArray
    wall: IntArray
    column: IntArray
    figure: FloatArray

    def where(self, keep: BoolArray | IntArray | slice) -> "Pieces":
        """Return some of the pieces."""
        rows = row_numbers(keep)
        return Pieces(self.viewer[rows], self.wall[rows], self.column[rows], self.figure[rows])


def joined_pieces(found: "list[Pieces]") -> Pieces:
    """Return the pieces of all batches by view and wall, those of one wall in their order, columns numbered from 0."""
    viewer, wall, column, figure = found[0] if len(found) == 1 else _after_each_other(found)
    order = order_of(viewer, wall)
    column, opens = column[order], np.full(len(order), True)
    opens[1:] = column[1:] != column[:-1]
    return Pieces(viewer[order], wall[order], np.cumsum(opens) - 1, np.take(figure, order, axis=0))


def _after_each_other(found: "list[Pieces]") -> Pieces:
    """Return the pieces of all batches, each column with its own number."""
    none, shift, columns = np.empty(0, np.int64), 0, []
    for each in found:
        columns.append(each.column + shift)
        shift += int(each.column.max(initial=-1)) + 1
    return Pieces(
        np.concatenate([none, *(each.viewer for each in found)]),
        np.concatenate([none, *(each.wall for each in found)]),
        np.concatenate([none, *columns]),
        np.concatenate([np.empty((0, PIECE_COLUMNS)), *(each.figure for each in found)]),
    )


# Between which densities each seen piece of wall may be shown, where a view stands for several lenses.

EIGHTHS = 8  # of a piece of wall; a picture less wide than an eighth shows no metre
EVEN = 1.001
NEAR_SHARE = 0.06  # of the distance; of what is smaller the middle is no nearer than the ends by half a thousandth


@inner
def _holds_any(lens: LensSet) -> bool:
    """Return whether some picture of a set holds a spot wherever it is: then its density hangs on its distance and depth alone.

    The nearest height has the greatest density, one of both ends the least: the greatest depth is convex over heights.
    """
    return bool(lens.is_bent > 0.0 or (lens.swing >= math.pi and lens.most_turn > math.pi / 2.0))


@inner
def _limits_between(lens: LensSet, dx: float, dy: float, z: float, low: float, high: float) -> tuple[float, float]:
    """Return the limits of what stands between two heights; ``z`` is that of the highest lens.

    Far away they are met at either height or nearest to the lens. Near it a picture may just hold what is between these, unless
    it can be turned to any spot.
    """
    fewest, most = limits_px_m(lens, dx, dy, z - min(max(z, low), high))
    steps = EIGHTHS if not _holds_any(lens) and (high - low) ** 2 > NEAR_SHARE**2 * (dx * dx + dy * dy) else 1
    for k in range(steps + 1):
        least, best = limits_px_m(lens, dx, dy, z - (low + (high - low) * k / steps))
        fewest, most = min(fewest, least), max(most, best)
    return fewest, most


@inner
def _is_near(start: FloatArray, along: FloatArray, figure: FloatArray, i: int, x: float, y: float) -> bool:
    """Return whether a piece is so long for its distance that its density does not run evenly from end to end."""
    s = 0.5 * (figure[i, FROM] + figure[i, TO])
    dx, dy = start[i, 0] + along[i, 0] * s - x, start[i, 1] + along[i, 1] * s - y
    return bool((figure[i, TO] - figure[i, FROM]) ** 2 > NEAR_SHARE**2 * (dx * dx + dy * dy))


@kernel
def limits_of_pieces(
    table: FloatArray, lens_xyz: FloatArray, view: IntArray, start: FloatArray, along: FloatArray, figure: FloatArray,
    least_px_m: FloatArray,
) -> None:  # fmt: skip
    """Write the highest density that any lens of a set may give either end of pieces of walls, and the lowest of each piece.

    Between the ends a longer lens may hold what it holds at neither, and a piece near the lens is nearest in its middle; then the
    whole piece has the sharpest density of any spot.
    """
    for i in range(len(view)):
        lens, x, y, z = lens_set(table, view[i]), lens_xyz[view[i], 0], lens_xyz[view[i], 1], lens_xyz[view[i], 2]
        if lens.is_set == 0.0:
            continue
        has_sides = lens.swing < math.pi  # where its pictures end a spot must lie deeper, and density runs unevenly
        a, b, least, top, rises = 0.0, 0.0, math.inf, 0.0, False
        for k in range(EIGHTHS + 1 if has_sides or _is_near(start, along, figure, i, x, y) else 2):
            share = 0.0 if k == 0 else 1.0 if k == 1 else (k - 1) / EIGHTHS  # both ends first
            s = figure[i, FROM] + share * (figure[i, TO] - figure[i, FROM])
            low = figure[i, LOW0] + share * (figure[i, LOW1] - figure[i, LOW0])
            high = figure[i, HIGH0] + share * (figure[i, HIGH1] - figure[i, HIGH0])
            dx, dy = start[i, 0] + along[i, 0] * s - x, start[i, 1] + along[i, 1] * s - y
            fewest, most = _limits_between(lens, dx, dy, z, low, high)
            if k == 0:
                a, least = most, fewest
            elif k == 1:
                b, least = most, min(least, fewest)
            else:
                top = max(top, most)
                rises = rises or most > EVEN / ((1.0 - share) / a + share / b)
        figure[i, BEST0], figure[i, BEST1], least_px_m[i] = (top, top, least) if rises else (a, b, least)


LEAST_HEIGHT_M = 0.1
SLACK_M = 1e-9
# Columns of a sum: places, metres of frontage, lowest and highest density, distance, metres in all and of them at night; then
# the look and the stretch of wall that are being added up, the most metres of that stretch, and the metres before it.
THINGS, METRES, LOW_PX, HIGH_PX, AWAY, WEIGHT, LIT, LOOK, COLUMN, WIDEST, BEFORE = range(11)
SUM_COLUMNS = 11


class SeenRows(NamedTuple):
    """Pieces in view in order of camera, case, look, wall and column, shape (N,); ``figure`` as in ``piece_columns``."""

    camera: IntArray
    is_open: BoolArray  # of a view that stands for several lenses
    look: IntArray
    wall: IntArray
    column: IntArray
    figure: FloatArray
    least_px_m: FloatArray


class SeenLines(NamedTuple):
    """Walls by number: first end and unit vector, the ground before each, its place, the place's class, whether people hide."""

    start: FloatArray
    along: FloatArray
    ground_m: FloatArray
    place: IntArray
    kind: IntArray
    hides_people: BoolArray


class Looks(NamedTuple):
    """Views by number: their ``LensSet``, where their lenses are, and whether all but their pixels is known."""

    table: FloatArray
    lens_m: FloatArray
    is_aimed: BoolArray


@inner
def _clipped(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


@inner
def _sharpest(look: int, dx: float, dy: float, low: float, high: float, looks: Looks) -> float:
    """Return the highest density of what stands upright between two heights: at either, or at the height of the lens."""
    lens, z = lens_set(looks.table, look), looks.lens_m[look, 2]
    ahead, aside = dx * lens.axis_cos + dy * lens.axis_sin, abs(dy * lens.axis_cos - dx * lens.axis_sin)
    ends = max(sharpest_px_m(lens, ahead, aside, z - low), sharpest_px_m(lens, ahead, aside, z - high))
    return max(ends, sharpest_px_m(lens, ahead, aside, z - _clipped(z, low, high)))


@called
def _measured(
    i: int, a: float, b: float, low0: float, low1: float, high0: float, high1: float, range_m: float, rows: SeenRows,
    lines: SeenLines, looks: Looks,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return lowest and highest density, distance and the share within a range of a piece from ``a`` to ``b`` along its wall.

    Of what may be seen by several lenses both densities are those of the whole piece.
    """
    w, look = rows.wall[i], rows.look[i]
    x, y, z = looks.lens_m[look, 0], looks.lens_m[look, 1], looks.lens_m[look, 2]
    sx, sy, ux, uy = lines.start[w, 0] - x, lines.start[w, 1] - y, lines.along[w, 0], lines.along[w, 1]
    ax, ay, bx, by = sx + ux * a, sy + uy * a, sx + ux * b, sy + uy * b
    if rows.is_open[i]:
        low, high = rows.least_px_m[i], max(rows.figure[i, BEST0], rows.figure[i, BEST1])
    else:
        high = max(_sharpest(look, ax, ay, low0, high0, looks), _sharpest(look, bx, by, low1, high1, looks))
        low = high
    length = b - a
    foot, aside = -(ax * ux + ay * uy), abs(ax * uy - ay * ux)
    near = _clipped(foot, 0.0, length)
    level = math.sqrt((ax + ux * near) ** 2 + (ay + uy * near) ** 2)
    drop = z - _clipped(z, min(low0, low1), max(high0, high1))
    share = 0.0
    if range_m >= aside and length > 0.0:  # False of a range that is not known
        half = math.sqrt(max(range_m * range_m - aside * aside, 0.0))
        share = (_clipped(foot + half, 0.0, length) - _clipped(foot - half, 0.0, length)) / length
    return low, high, math.sqrt(level * level + drop * drop), share


@kernel
def measure_between(
    low_m: FloatArray, high_m: FloatArray, range_m: FloatArray, rows: SeenRows, lines: SeenLines, looks: Looks, out: FloatArray
) -> None:
    """Write what each piece shows between two heights at either end, shape (N, 2): as ``_measured``, shape (N, 4)."""
    for i in range(len(rows.wall)):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = _measured(
            i, rows.figure[i, FROM], rows.figure[i, TO], low_m[i, 0], low_m[i, 1], high_m[i, 0], high_m[i, 1],
            range_m[rows.camera[i]], rows, lines, looks,
        )  # fmt: skip


@inner
def _cut(at0: float, at1: float, first: float, last: float) -> tuple[float, float]:
    """Return from which share to which a line that runs from ``at0`` to ``at1`` is not below 0."""
    step = 1.0 if at0 == at1 else at0 - at1
    if at0 < 0.0:
        first = max(first, 1.0 if at1 < 0.0 else at0 / step)
    if at1 < 0.0:
        last = min(last, 0.0 if at0 < 0.0 else at0 / step)
    return first, last


@kernel
def sum_bands(
    floor_m: FloatArray, ceiling_m: FloatArray, night_m: FloatArray, kinds: int, first_number: int, rows: SeenRows,
    lines: SeenLines, looks: Looks, counted: IntArray, sums: FloatArray,
) -> None:  # fmt: skip
    """Add up what pieces show in each band of height: the metres of the look that shows most, the sharpest, the nearest.

    Both edges of a piece are straight, so that one end of it at most is cut off by either height of a band.

    Parameters
    ----------
    floor_m, ceiling_m : shape (B,); heights above the ground before the wall.   night_m : of each camera, NaN if not known.
    kinds, first_number : of the numbers of sightings (``grading.group_numbers``): how many classes, and the first in ``sums``.
    counted : shape (B, places), scratch of -1.
    sums : shape (B, sightings, SUM_COLUMNS); zeros, densities and distance infinite where the least is asked, LOOK -1.
    """
    for i in range(len(rows.wall)):
        w, look, case = rows.wall[i], rows.look[i], int(rows.is_open[i])
        whose = rows.camera[i] * 2 + case
        g = (rows.camera[i] * kinds + lines.kind[w]) * 2 + case - first_number
        ground, start, length = lines.ground_m[w], rows.figure[i, FROM], rows.figure[i, TO] - rows.figure[i, FROM]
        l0, l1, h0, h1 = rows.figure[i, LOW0], rows.figure[i, LOW1], rows.figure[i, HIGH0], rows.figure[i, HIGH1]
        for band in range(len(floor_m)):
            floor, ceiling = ground + floor_m[band], ground + ceiling_m[band]
            least, most = floor + LEAST_HEIGHT_M - SLACK_M, ceiling - LEAST_HEIGHT_M + SLACK_M
            first, last = _cut(h0 - least, h1 - least, 0.0, 1.0)
            first, last = _cut(most - l0, most - l1, first, last)
            if last <= first:
                continue
            low0, low1 = max(l0 + first * (l1 - l0), floor), max(l0 + last * (l1 - l0), floor)
            high0, high1 = min(h0 + first * (h1 - h0), ceiling), min(h0 + last * (h1 - h0), ceiling)
            a, b = start + first * length, start + last * length
            low, high, away, share = _measured(
                i, a, b, low0, low1, max(high0, low0), max(high1, low1), night_m[rows.camera[i]], rows, lines, looks
            )
            sums[band, g, LOW_PX] = min(sums[band, g, LOW_PX], low if looks.is_aimed[look] else 0.0)
            sums[band, g, HIGH_PX] = max(sums[band, g, HIGH_PX], high)
            if not lines.hides_people[w]:
                sums[band, g, AWAY] = min(sums[band, g, AWAY], away)
            sums[band, g, WEIGHT] += b - a
            sums[band, g, LIT] += (b - a) * share
            if counted[band, lines.place[w]] != whose:
                counted[band, lines.place[w]] = whose
                sums[band, g, THINGS] += 1.0
            _add_stretch(sums[band, g], look, rows.column[i], b - a)
    for band in range(len(sums)):
        for g in range(len(sums[band])):
            _end_look(sums[band, g])


@inner
def _add_stretch(total: FloatArray, look: int, column: int, metres: float) -> None:
    """Add metres to those of a look; pieces above each other count once, by the longest."""
    if total[LOOK] != look:
        _end_look(total)
        total[LOOK], total[COLUMN], total[BEFORE], total[WIDEST] = look, column, 0.0, metres
    elif total[COLUMN] != column:
        total[BEFORE] += total[WIDEST]
        total[COLUMN], total[WIDEST] = column, metres
    else:
        total[WIDEST] = max(total[WIDEST], metres)


@inner
def _end_look(total: FloatArray) -> None:
    """Keep the metres of the look that showed most."""
    if total[LOOK] >= 0.0:
        total[METRES] = max(total[METRES], total[BEFORE] + total[WIDEST])
