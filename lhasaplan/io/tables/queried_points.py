"""Read a table of points to ask about: point_id with lon, lat or x_m, y_m, and a height if it is not 1.5 m."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lhasaplan.core.base.crs import GEOGRAPHIC
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.camera_table import fits_column
from lhasaplan.io.tables.columns import TableColumn, load_point_columns, measured, understand, with_units
from lhasaplan.io.tables.positions import find_positions
from lhasaplan.io.tables.table_file import read_table
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with
from lhasaplan.ports import NamedPoint

EYE_HEIGHT_M = 1.5  # docs/sight.md: the height of a target unless another is given


def read_points(path: Path, crs: str = "") -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
    """Return the points of a table, CSV or XLSX as cameras come in, and remarks on how it was read.

    ``crs`` is the system of columns in metres: the project's.

    Raises
    ------
    InputError
        Every fault, each with row and column.
    """
    with reading(path):
        look_at(path)
        table = read_table(path)
        with reported_with(table.faults):
            return _points(table, crs)


def _points(table: TextTable, crs: str) -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
    if not table.rows:
        raise InputError(Fault("This table has no rows", Where(file=table.file)))
    meaning = understand(table.headings, load_point_columns(), lambda index, column: fits_column(table, index, column))
    columns = with_units(load_point_columns(), table.headings, meaning)
    faults: list[Fault] = []
    places = find_positions(table, meaning, crs, faults)
    is_geographic = places.crs == GEOGRAPHIC
    lines = [_PointLine(table, row, meaning.known, columns, faults) for row in table.rows]
    points = tuple(_point(line, xy, is_geographic) for line, xy in zip(lines, places.xy, strict=True))
    faults += _same_ids(table, points)
    if faults:
        raise InputError(*faults)
    return points, (*table.remarks, *places.remarks)


def _same_ids(table: TextTable, points: tuple[NamedPoint, ...]) -> list[Fault]:
    """Return a fault for each point whose id an earlier row has: the pairs of both could not be distinguished."""
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


@dataclass(frozen=True, slots=True)
class _PointLine:
    """One row with what its headings mean; faults of its cells are added to ``faults``."""

    table: TextTable
    row: TextRow
    known: Mapping[str, int]
    columns: Mapping[str, TableColumn]
    faults: list[Fault]

    def text(self, name: str) -> str:
        return self.row.cells[self.known[name]].strip() if name in self.known else ""

    def number(self, name: str) -> float:
        text = self.text(name)
        value = measured(text, self.columns[name])
        if value is None:
            where = self.table.where(self.row, self.known[name])
            self.faults.append(Fault("{value} is not a number", where, {"value": text or "''"}))
        return 0.0 if value is None else value


def _point(line: _PointLine, xy: tuple[float, float], is_geographic: bool) -> NamedPoint:
    height_m = line.number("height_m") if line.text("height_m") else EYE_HEIGHT_M
    name = line.text("point_id") or str(line.row.number - 1)
    return NamedPoint(name, *xy, is_geographic, height_m)
