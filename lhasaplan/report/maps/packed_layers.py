"""Hand map layers to the script of a page in few letters: shapes as steps from point to point, repeated words once.

A shape is a text of pieces. A piece begins with a sign that says what it is (``.`` a point, ``~`` a line, ``+`` a ring, ``!`` a
hole of the ring before) and goes on with whole numbers: for each point the steps east and north from the point before it, in
units of ``10**-digits`` degrees, on from piece to piece and shape to shape of a layer. A number has its sign in its lowest bit
and is written five bits at a time, the lowest first, in the 64 signs of ``ALPHABET``; the upper half says that more follow.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.plain_values import JsonObject

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
POINT, LINE, RING, HOLE = ".~+!"
LEAST = {POINT: 1, LINE: 2, RING: 3, HOLE: 3}  # points that a piece has at least
SLOT = "\ue002"  # where a number stood in a line; no page can print it, so no line has it
BETWEEN_NUMBERS = "|"  # between numbers, which are none of it
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")


def shape_texts(shapes: Sequence[BaseGeometry], digits: int) -> list[str]:
    """Return the shapes of one layer, in longitude and latitude, as texts; a piece that is smaller than a step is left out.

    All at once: a city has millions of points.
    """
    pieces, shape_of, signs = _pieces(shapes)
    points, piece_of = _points(pieces, signs)
    units = np.rint(points * 10.0**digits).astype(np.int64)
    is_first = np.diff(piece_of, prepend=-1) != 0
    moves = is_first | np.any(np.diff(units, axis=0, prepend=0) != 0, axis=1)
    counts = np.bincount(piece_of[moves], minlength=len(pieces))
    is_long = counts >= np.array([LEAST[sign] for sign in signs], int)
    steps = np.diff(units[moves & is_long[piece_of]], axis=0, prepend=0)
    ends = np.cumsum(np.where(is_long, counts, 0))
    words = _written(steps, ends)
    texts = [""] * len(shapes)
    for piece in np.flatnonzero(is_long).tolist():
        texts[shape_of[piece]] += signs[piece] + words[piece]
    return texts


def _pieces(shapes: Sequence[BaseGeometry]) -> tuple[ObjectArray, list[int], list[str]]:
    """Return the rings, lines and points of shapes in their order, the shape that each is of, and the sign of each."""
    collections, of = shapely.get_parts(np.array([*shapes, None], object)[:-1], return_index=True)
    parts, inner = shapely.get_parts(collections, return_index=True)
    shape_of, is_shown = of[inner], ~shapely.is_empty(parts)
    parts, shape_of = parts[is_shown], shape_of[is_shown]
    kinds = shapely.get_type_id(parts)
    areas, others = np.flatnonzero(kinds == shapely.GeometryType.POLYGON), np.flatnonzero(kinds != shapely.GeometryType.POLYGON)
    rings, ring_of = shapely.get_rings(parts[areas], return_index=True)
    is_hole = np.diff(ring_of, prepend=-1) == 0
    marks = [HOLE if hole else RING for hole in is_hole]
    marks += [POINT if kind == shapely.GeometryType.POINT else LINE for kind in kinds[others]]
    part_of = np.concatenate([areas[ring_of], others])
    order = np.argsort(part_of, kind="stable")
    pieces: ObjectArray = np.concatenate([rings, parts[others]])[order]
    return pieces, shape_of[part_of[order]].tolist(), [marks[n] for n in order.tolist()]


def _points(pieces: ObjectArray, signs: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """Return the points of all pieces and the piece that each is of; a ring goes without the point that closes it."""
    points, piece_of = shapely.get_coordinates(pieces, return_index=True)
    is_ring = np.array([sign in (RING, HOLE) for sign in signs], bool)
    is_last = np.diff(piece_of, append=len(pieces)) != 0
    is_kept = ~(is_last & is_ring[piece_of])
    return points[is_kept], piece_of[is_kept]


def _written(steps: IntArray, ends: IntArray) -> list[str]:
    """Return the steps as words, one for each piece, which ends before so many steps."""
    rest = np.where(steps >= 0, steps << 1, (-steps << 1) - 1).ravel()
    signs, columns, is_open = np.frombuffer(ALPHABET.encode("ascii"), np.uint8), [], np.ones(len(rest), bool)
    while is_open.any():
        goes_on = rest > 31
        columns.append(np.where(is_open, signs[(rest & 31) + 32 * goes_on], 0))
        is_open, rest = is_open & goes_on, rest >> 5
    table = np.column_stack(columns) if columns else np.empty((0, 0), np.uint8)
    lengths = np.count_nonzero(table, axis=1)
    text = table[table != 0].tobytes().decode("ascii")
    stops = np.concatenate([[0], np.cumsum(lengths)])[2 * ends].tolist()
    return [text[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


class Lines:
    """Lines of popups without their numbers, each kind once: ten thousand cameras say the same of other figures."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def code(self, text: str) -> list[int | str]:
        """Return a text as numbers of its lines, each followed by what stands in its slots, if it has some."""
        return [each for line in text.split("\n") for each in self._line(line)] if text else []

    def _line(self, line: str) -> list[int | str]:
        plain = line.replace(SLOT, "")
        kind = NUMBER.sub(SLOT, plain)
        index, numbers = self._index.setdefault(kind, len(self._index)), NUMBER.findall(plain)
        return [index, BETWEEN_NUMBERS.join(numbers)] if numbers else [index]

    def kinds(self) -> list[str]:
        """Return the lines in the order of their numbers."""
        return list(self._index)


def packed(features: Sequence[tuple[BaseGeometry, str, JsonObject]], digits: int, lines: Lines) -> JsonObject:
    """Return shapes with texts and looks: ``styles`` once each, ``features`` as style, text, shape; ``digits`` of steps."""
    styles, rows = list[JsonObject](), list[list[Any]]()
    shapes = shape_texts([shape for shape, _, _ in features], digits)
    for (_, text, style), shape in zip(features, shapes, strict=True):
        if style not in styles:
            styles.append(style)
        rows.append([styles.index(style), lines.code(text), shape])
    return {"digits": digits, "styles": styles, "features": rows}
