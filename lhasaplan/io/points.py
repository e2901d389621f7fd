"""Read a table of points that somebody asks about: point_id with lon, lat or x_m, y_m, and a height if it is not 1.5 m."""

import math
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.table import Row, Table, read_table
from lhasaplan.ports import NamedPoint

EYE_HEIGHT_M = 1.5  # VISIBILITY.md: the height of a target unless another is given
GEOGRAPHIC, METRIC = ("lon", "lat"), ("x_m", "y_m")


def read_points(path: Path) -> tuple[NamedPoint, ...]:
    """Return the points of a table, CSV or XLSX as cameras come in; InputError with every fault, each with row and column."""
    table = read_table(path)
    columns = _columns(table)
    faults: list[Fault] = []
    points = tuple(_point(table, row, columns, faults) for row in table.rows)
    faults += _same_ids(table, points)
    if faults:
        raise InputError(*faults)
    return points


def _same_ids(table: Table, points: tuple[NamedPoint, ...]) -> list[Fault]:
    """Return a fault for each point whose id an earlier row has: the pairs of both could not be told apart."""
    first: dict[str, int] = {}
    numbered = zip((row.number for row in table.rows), points, strict=True)
    rows = [(number, point.point_id, first.setdefault(point.point_id, number)) for number, point in numbered]
    return [
        Fault(
            "the id {id} is already used in row {number}", Where(table.file, number, "point_id"), {"id": name, "number": earlier}
        )
        for number, name, earlier in rows
        if earlier != number
    ]


def _columns(table: Table) -> tuple[str, str]:
    if not table.rows:
        raise InputError(Fault("This table has no rows", Where(file=table.file)))
    for pair in (GEOGRAPHIC, METRIC):
        if all(name in table.headings for name in pair):
            return pair
    raise InputError(Fault("This table needs the columns lon and lat, or x_m and y_m", Where(file=table.file)))


def _point(table: Table, row: Row, columns: tuple[str, str], faults: list[Fault]) -> NamedPoint:
    first, second = (_number(table, row, name, faults) for name in columns)
    height_m = _number(table, row, "height_m", faults) if _cell(table, row, "height_m") else EYE_HEIGHT_M
    if columns == GEOGRAPHIC and not (abs(first) <= 180 and abs(second) <= 90):
        faults.append(Fault("This is not a position on earth in degrees", Where(table.file, row.number, "lon, lat")))
    name = _cell(table, row, "point_id") or str(row.number - 1)
    return NamedPoint(name, first, second, columns == GEOGRAPHIC, height_m)


def _cell(table: Table, row: Row, name: str) -> str:
    return row.cells[table.headings.index(name)].strip() if name in table.headings else ""


def _number(table: Table, row: Row, name: str, faults: list[Fault]) -> float:
    text = _cell(table, row, name)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(Fault("{value} is not a number", Where(table.file, row.number, name), {"value": text or "''"}))
        return 0.0
    return value
