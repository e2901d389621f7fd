"""Find where the rows of a table stand: longitude and latitude, metres of a grid, WKT, or two columns without heading."""

from dataclasses import dataclass

from lhasaplan.core.crs import GEOGRAPHIC
from lhasaplan.errors import Fault, Where
from lhasaplan.io.cells import read_cell
from lhasaplan.io.columns import Column, Meaning, load_columns
from lhasaplan.io.table import Row, Table
from lhasaplan.io.values import arc_deg, number, pair

Pair = tuple[int, int]  # indexes of the east and the north column
POSITION = ("lon", "lat", "x_m", "y_m", "wkt")  # the columns that say where a row stands
_MISSING = "the position is missing"
DEGREES = ("lon", "lat")
_NOWHERE = (0.0, 0.0)  # stands in for a position that is a fault


@dataclass(frozen=True, slots=True)
class Positions:
    """East and north of each row in one coordinate system, with what had to be guessed."""

    xy: tuple[tuple[float, float], ...]
    crs: str
    remarks: tuple[Fault, ...] = ()


def find_positions(table: Table, meaning: Meaning, crs: str, faults: list[Fault]) -> Positions:
    """Return the positions of all rows; what is wrong is added to the faults.

    Degrees win over metres where a table has both. ``crs`` is the system of metres, empty when none is known.
    """
    known, columns = meaning.known, load_columns()
    if "lon" in known and "lat" in known:
        return _pairs(table, (known["lon"], known["lat"]), (columns["lon"], columns["lat"]), GEOGRAPHIC, faults)
    if "x_m" in known and "y_m" in known:
        return _metres(table, (known["x_m"], known["y_m"]), crs, faults)
    if "wkt" in known:
        return _wkt(table, known["wkt"], crs, faults)
    named = _unnamed(table)
    if named is None and (both := _column_of_pairs(table)) is not None:
        return _both(table, both, faults)
    if named is None:
        faults.append(
            Fault("no columns for the position; name them lon and lat, x_m and y_m, or wkt", Where(table.file, table.heading_row))
        )
        return Positions(tuple(_NOWHERE for _ in table.rows), GEOGRAPHIC)
    found = _pairs(table, named, (columns["lon"], columns["lat"]), GEOGRAPHIC, faults)
    words = {"lon": str(named[0] + 1), "lat": str(named[1] + 1)}
    remark = Fault(
        "columns {lat} and {lon} have no heading; they are read as latitude and longitude",
        Where(table.file, table.heading_row),
        words,
    )
    return Positions(found.xy, found.crs, (remark,))


def _pairs(table: Table, pair: Pair, columns: tuple[Column, Column], crs: str, faults: list[Fault]) -> Positions:
    xy = tuple(_pair(table, row, pair, columns, faults) for row in table.rows)
    return Positions(xy, crs)


def _pair(table: Table, row: Row, pair: Pair, columns: tuple[Column, Column], faults: list[Fault]) -> tuple[float, float]:
    if not row.cells[pair[0]] and not row.cells[pair[1]]:
        faults.append(Fault(_MISSING, table.where(row)))
        return _NOWHERE
    east, north = (_cell(table, row, index, column, faults) for index, column in zip(pair, columns, strict=True))
    return east, north


def _cell(table: Table, row: Row, index: int, column: Column, faults: list[Fault]) -> float:
    text = row.cells[index]
    if column.name in DEGREES and (arc := arc_deg(text)) is not None:
        text = str(arc)
    value = read_cell(text, column, table.where(row, index)) if text else Fault("this value is missing", table.where(row, index))
    if isinstance(value, Fault):
        faults.append(value)
        return 0.0
    return float(value)


def _metres(table: Table, pair: Pair, crs: str, faults: list[Fault]) -> Positions:
    columns = load_columns()
    if _are_degrees(table, pair):
        found = _pairs(table, pair, (columns["lon"], columns["lat"]), GEOGRAPHIC, faults)
        words = {"x": table.headings[pair[0]], "y": table.headings[pair[1]]}
        remark = Fault(
            "columns {x} and {y} hold degrees; they are read as longitude and latitude",
            Where(table.file, table.heading_row),
            words,
        )
        return Positions(found.xy, GEOGRAPHIC, (remark,))
    if not crs:
        faults.append(_no_crs(table))
    return _pairs(table, pair, (columns["x_m"], columns["y_m"]), crs, faults)


def _no_crs(table: Table) -> Fault:
    return Fault(
        "positions are in metres, but no coordinate system is known; give it as --crs EPSG:n",
        Where(table.file, table.heading_row),
    )


def _are_degrees(table: Table, pair: Pair) -> bool:
    """Say whether all values fit degrees and at least one has decimals; a grid's metres of a city never do."""
    values = [(number(row.cells[pair[0]]), number(row.cells[pair[1]])) for row in table.rows]
    both = [(x, y) for x, y in values if x is not None and y is not None]
    fit = all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in both)
    return bool(both) and fit and any(x % 1 or y % 1 for x, y in both)


def _wkt(table: Table, index: int, crs: str, faults: list[Fault]) -> Positions:
    xy = tuple(_point(table, row, index, faults) for row in table.rows)
    if all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in xy):
        return Positions(xy, GEOGRAPHIC)
    if not crs:
        faults.append(_no_crs(table))
    return Positions(xy, crs)


def _point(table: Table, row: Row, index: int, faults: list[Fault]) -> tuple[float, float]:
    text, where = row.cells[index], table.where(row, index)
    value = read_cell(text, load_columns()["wkt"], where) if text else Fault(_MISSING, where)
    if isinstance(value, Fault):
        faults.append(value)
        return _NOWHERE
    return float(value.x), float(value.y)


def _column_of_pairs(table: Table) -> int | None:
    """Return the column in which each filled cell holds a latitude and a longitude, as portals of open data write them."""
    for index in range(len(table.headings)):
        cells = [pair(row.cells[index]) for row in table.rows if row.cells[index]]
        if cells and all(both is not None and _is_spot(both) for both in cells):
            return index
    return None


def _is_spot(both: tuple[float, float]) -> bool:
    """Say whether two numbers are a latitude and a longitude: at least one is given more exactly than to a degree."""
    return abs(both[0]) <= 90.0 and abs(both[1]) <= 180.0 and any(value % 1 for value in both)


def _both(table: Table, index: int, faults: list[Fault]) -> Positions:
    spots = [pair(row.cells[index]) for row in table.rows]
    faults += [Fault(_MISSING, table.where(row)) for row, spot in zip(table.rows, spots, strict=True) if spot is None]
    text = "the column {column} holds two numbers; they are read as latitude and longitude"
    remark = Fault(text, Where(table.file, table.heading_row), {"column": table.headings[index] or str(index + 1)})
    return Positions(tuple(spot[::-1] if spot else _NOWHERE for spot in spots), GEOGRAPHIC, (remark,))


def _unnamed(table: Table) -> Pair | None:
    """Return (lon, lat) of the only two columns without heading, side by side and full of degrees; latitude comes first.

    Latitude first is what tables of people mostly have (ISO 6709); values beyond 90 in the first column turn the order.
    """
    blank = [index for index, heading in enumerate(table.headings) if not heading]
    if len(blank) != 2 or blank[1] != blank[0] + 1:
        return None
    first, second = ([number(row.cells[index]) for row in table.rows] for index in blank)
    if not first or any(value is None or abs(value) > 180.0 for value in (*first, *second)):
        return None
    if any(abs(value or 0.0) > 90.0 for value in first):
        return (blank[0], blank[1])
    return None if any(abs(value or 0.0) > 180.0 for value in second) else (blank[1], blank[0])
