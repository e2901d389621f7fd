"""Read a table of points that somebody asks about: point_id with lon, lat or x_m, y_m, and a height if it is not 1.5 m."""

import csv
import math
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import NamedPoint

EYE_HEIGHT_M = 1.5  # VISIBILITY.md: the height of a target unless another is given
GEOGRAPHIC, METRIC = ("lon", "lat"), ("x_m", "y_m")


def read_points(path: Path) -> tuple[NamedPoint, ...]:
    """Return the points of a CSV file; InputError with every fault, each with its row and column."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Fault("This file cannot be read as UTF-8 text", Where(file=path.name))) from error
    rows = list(csv.DictReader(text.splitlines()))
    columns = _columns(path, rows)
    faults: list[Fault] = []
    points = tuple(_point(path, number, row, columns, faults) for number, row in enumerate(rows, 2))
    faults += _same_ids(path, points)
    if faults:
        raise InputError(*faults)
    return points


def _same_ids(path: Path, points: tuple[NamedPoint, ...]) -> list[Fault]:
    """Return a fault for each point whose id an earlier row has: the pairs of both could not be told apart."""
    first: dict[str, int] = {}
    rows = [(number, point.point_id, first.setdefault(point.point_id, number)) for number, point in enumerate(points, 2)]
    return [
        Fault(
            "the id {id} is already used in row {number}", Where(path.name, number, "point_id"), {"id": name, "number": earlier}
        )
        for number, name, earlier in rows
        if earlier != number
    ]


def _columns(path: Path, rows: list[dict[str, str]]) -> tuple[str, str]:
    if not rows:
        raise InputError(Fault("This table has no rows", Where(file=path.name)))
    for pair in (GEOGRAPHIC, METRIC):
        if all(name in rows[0] for name in pair):
            return pair
    raise InputError(Fault("This table needs the columns lon and lat, or x_m and y_m", Where(file=path.name)))


def _point(path: Path, number: int, row: dict[str, str], columns: tuple[str, str], faults: list[Fault]) -> NamedPoint:
    first, second = (_number(path, number, row, name, faults) for name in columns)
    height = row.get("height_m") or ""
    height_m = _number(path, number, row, "height_m", faults) if height.strip() else EYE_HEIGHT_M
    if columns == GEOGRAPHIC and not (abs(first) <= 180 and abs(second) <= 90):
        faults.append(Fault("This is not a position on earth in degrees", Where(path.name, number, "lon, lat")))
    return NamedPoint(row.get("point_id") or str(number - 1), first, second, columns == GEOGRAPHIC, height_m)


def _number(path: Path, number: int, row: dict[str, str], name: str, faults: list[Fault]) -> float:
    text = (row.get(name) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(Fault("{value} is not a number", Where(path.name, number, name), {"value": text or "''"}))
        return 0.0
    return value
