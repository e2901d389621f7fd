"""Hand map layers to the script of a page in few letters: shapes as steps from point to point, repeated words once.

A shape is a text of pieces. A piece begins with a sign that says what it is (``.`` a point, ``~`` a line, ``+`` a ring, ``!`` a
hole of the ring before) and goes on with whole numbers: for each point the steps east and north from the point before it, in
units of ``10**-digits`` degrees, on from piece to piece and shape to shape of a layer. A number has its sign in its lowest bit
and is written five bits at a time, the lowest first, in the 64 signs of ``ALPHABET``; the upper half says that more follow.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
POINT, LINE, RING, HOLE = ".~+!"
LEAST = {POINT: 1, LINE: 2, RING: 3, HOLE: 3}  # points that a piece has at least
SLOT = "\ue002"  # where a number stood in a line; no page can print it, so no line has it
BETWEEN_NUMBERS = "|"  # between numbers, which are none of it
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")


class ShapeWriter:
    """Writes the shapes of one layer, one after the other."""

    def __init__(self, digits: int) -> None:
        self._scale, self._at = 10.0**digits, np.zeros(2, np.int64)

    def write(self, shape: BaseGeometry) -> str:
        """Return a shape in longitude and latitude as text."""
        return "".join(self._piece(sign, points) for sign, points in _pieces(shape))

    def _piece(self, sign: str, points: FloatArray) -> str:
        """Return a piece, or nothing of one that is smaller than a step."""
        units = np.rint(points * self._scale).astype(np.int64)
        moves = np.r_[True, np.any(np.diff(units, axis=0) != 0, axis=1)]
        if moves.sum() < LEAST[sign]:
            return ""
        steps = np.diff(units[moves], axis=0, prepend=self._at[np.newaxis])
        self._at = units[-1]
        return sign + "".join(map(_number, steps.ravel().tolist()))


def _pieces(shape: BaseGeometry) -> Iterator[tuple[str, FloatArray]]:
    """Give the pieces of a shape; a ring without the point that closes it."""
    for part in shapely.get_parts(shapely.get_parts(shape)).tolist():
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            yield RING, shapely.get_coordinates(part.exterior)[:-1]
            yield from ((HOLE, shapely.get_coordinates(ring)[:-1]) for ring in part.interiors)
        else:
            yield POINT if part.geom_type == "Point" else LINE, shapely.get_coordinates(part)


def _number(value: int) -> str:
    """Return a whole number in signs of the alphabet."""
    rest, text = value << 1 if value >= 0 else (-value << 1) - 1, ""
    while rest > 31:
        text, rest = text + ALPHABET[32 + (rest & 31)], rest >> 5
    return text + ALPHABET[rest]


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


def packed(features: Iterable[tuple[BaseGeometry, str, dict[str, Any]]], digits: int, lines: Lines) -> dict[str, Any]:
    """Return shapes with texts and looks: ``styles`` once each, ``features`` as style, text, shape; ``digits`` of steps."""
    writer, styles, rows = ShapeWriter(digits), list[dict[str, Any]](), list[list[Any]]()
    for shape, text, style in features:
        if style not in styles:
            styles.append(style)
        rows.append([styles.index(style), lines.code(text), writer.write(shape)])
    return {"digits": digits, "styles": styles, "features": rows}
