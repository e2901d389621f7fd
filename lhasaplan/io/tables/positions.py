"""Find where the rows of a table stand: longitude and latitude, metres of a grid, WKT, or two columns without heading."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.crs import GEOGRAPHIC
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.cell_values import arc_deg, arc_side, number, pair
from lhasaplan.io.parse.coordinate_systems import System, heading_system
from lhasaplan.io.tables.columns import Meaning, TableColumn, is_filled, load_columns, read_cell
from lhasaplan.io.tables.row_positions import NOWHERE, Positions, placed, systems_of_rows
from lhasaplan.io.tables.table_rows import TextRow, TextTable

Pair = tuple[int, int]  # indexes of the east and the north column
POSITION = ("lon", "lat", "x_m", "y_m", "wkt", "coordinate_system")  # the columns that say where a row stands
DEGREES, METRES = ("lon", "lat"), ("x_m", "y_m")
_MISSING = "the position is missing"
_SIDES = {"lon": "EW", "lat": "NS"}
_APART = {"lon": 0.0005, "lat": 0.0005, "x_m": 50.0, "y_m": 50.0}  # two columns of one value may differ by so much
DIFFER = marked("the columns {one} and {other} say different things of one position; leave only the one that is right")
SWAPPED = marked("latitude {lat} is outside -90 to 90; longitude {lon} is not: if the two are exchanged, exchange their headings")
OTHER_SIDE = marked("{value} names a side of the other axis; are longitude and latitude exchanged?")
PASSED_OVER = marked("the columns {columns} say 0 or nothing in {count} rows; the columns {others} were taken there")

__all__ = ["POSITION", "Positions", "find_positions"]


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns of one kind of position in one system: each axis may stand in several columns."""

    east: tuple[int, ...]
    north: tuple[int, ...]
    system: System | None

    def names(self, table: TextTable) -> str:
        return ", ".join(table.headings[index] for index in (*self.east, *self.north))


@dataclass(frozen=True, slots=True)
class _ReadPosition:
    """Positions as they stand in the rows, what the headings say of their system, and remarks."""

    xy: tuple[tuple[float, float], ...]
    crs: str
    headed: Sequence[System | None]
    remarks: tuple[Fault, ...] = ()


def find_positions(table: TextTable, meaning: Meaning, crs: str, faults: list[Fault], datum: str = "") -> Positions:
    """Return the positions of all rows; what is wrong is added to the faults.

    Degrees win over metres where a table has both. ``crs`` is the system of metres, empty when none is known; what the file
    says of its rows counts before it. ``datum`` is what the caller says of shifts, empty for nothing.
    """
    read = _read(table, meaning, crs, faults)
    systems = systems_of_rows(table, meaning, read.headed, datum, faults)
    found = placed(table, read.xy, read.crs, systems, faults)
    return replace(found, remarks=(*read.remarks, *found.remarks))


def _read(table: TextTable, meaning: Meaning, crs: str, faults: list[Fault]) -> _ReadPosition:
    unheaded = (None,) * len(table.rows)
    for names in (DEGREES, METRES):
        if groups := _groups(table, meaning, names, faults):
            return _columns(table, groups, names, GEOGRAPHIC if names == DEGREES else crs, faults)
    if "wkt" in meaning.known:
        xy = tuple(_point(table, row, meaning.known["wkt"], faults) for row in table.rows)
        fit_degrees = all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in xy if not math.isnan(x))
        return _ReadPosition(xy, GEOGRAPHIC if fit_degrees else crs, unheaded)
    named = _unnamed(table)
    if named is None and (both := _column_of_pairs(table)) is not None:
        return _both(table, both, faults)
    if named is None:
        faults.append(
            Fault("no columns for the position; name them lon and lat, x_m and y_m, or wkt", Where(table.file, table.heading_row))
        )
        return _ReadPosition((NOWHERE,) * len(table.rows), GEOGRAPHIC, unheaded)
    found = _columns(table, [_Group((named[0],), (named[1],), None)], DEGREES, GEOGRAPHIC, faults)
    words = {"lon": str(named[0] + 1), "lat": str(named[1] + 1)}
    remark = Fault(
        "columns {lat} and {lon} have no heading; they are read as latitude and longitude",
        Where(table.file, table.heading_row),
        words,
    )
    return replace(found, remarks=(remark,))


def _groups(table: TextTable, meaning: Meaning, names: tuple[str, str], faults: list[Fault]) -> list[_Group]:
    """Return the columns of a position by the system that their headings name, those that need no shift first."""
    both = [meaning.also.get(name, ()) for name in names]
    if not all(both):
        return []
    systems = [{index: heading_system(table.headings[index])[0] for index in axis} for axis in both]
    said = dict.fromkeys(system for axis in systems for system in axis.values())
    groups = [_Group(_said(both[0], systems[0], system), _said(both[1], systems[1], system), system) for system in said]
    whole = [group for group in groups if group.east and group.north]
    if not whole:  # one heading names the system, the other does not
        whole = [_Group(both[0], both[1], next((system for system in said if system is not None), None))]
        if len([system for system in said if system is not None]) > 1:
            headings = [table.headings[axis[0]] for axis in both]
            faults.append(Fault(DIFFER, Where(table.file, table.heading_row), {"one": headings[0], "other": headings[1]}))
    return sorted(whole, key=lambda group: bool(group.system and group.system.shift))


def _columns(table: TextTable, groups: Sequence[_Group], names: tuple[str, str], crs: str, faults: list[Fault]) -> _ReadPosition:
    first = groups[0]
    is_degrees = names == METRES and _are_degrees(table, first)
    columns = tuple(load_columns()[name] for name in (DEGREES if is_degrees else names))
    taken = [_group_of(row, groups) for row in table.rows]
    xy = tuple(_pair(table, row, group, columns, faults) for row, group in zip(table.rows, taken, strict=True))
    remarks = []
    if is_degrees:
        words = {"x": table.headings[first.east[0]], "y": table.headings[first.north[0]]}
        text = "columns {x} and {y} hold degrees; they are read as longitude and latitude"
        remarks.append(Fault(text, Where(table.file, table.heading_row), words))
    if count := sum(group is not first for group in taken):
        others = dict.fromkeys(group.names(table) for group in taken if group is not first)
        words = {"columns": first.names(table), "others": ", ".join(others)}
        remarks.append(Fault(PASSED_OVER, Where(table.file, table.heading_row), {**words, "count": count}))
    return _ReadPosition(xy, GEOGRAPHIC if is_degrees else crs, [group.system for group in taken], tuple(remarks))


def _said(axis: Sequence[int], named: Mapping[int, System | None], system: System | None) -> tuple[int, ...]:
    """Return the columns of an axis whose headings name this system."""
    return tuple(index for index in axis if named[index] == system)


def _group_of(row: TextRow, groups: Sequence[_Group]) -> _Group:
    """Return the first columns that say something in a row: not nothing, and not 0 and 0."""
    for group in groups if len(groups) > 1 else ():
        if any(number(row.cells[index]) not in {None, 0.0} or arc_deg(row.cells[index]) for index in (*group.east, *group.north)):
            return group
    return groups[0]


def _pair(
    table: TextTable, row: TextRow, group: _Group, columns: tuple[TableColumn, ...], faults: list[Fault]
) -> tuple[float, float]:
    filled = [
        [i for i in axis if is_filled(row.cells[i], column)]
        for axis, column in zip((group.east, group.north), columns, strict=True)
    ]
    if not any(filled):
        faults.append(Fault(_MISSING, table.where(row)))
        return NOWHERE
    axes = zip((group.east, group.north), filled, columns, strict=True)
    found: list[Fault] = []
    east, north = (_axis(table, row, mine or axis[:1], column, found) for axis, mine, column in axes)
    if columns[0].name == "lon" and (swapped := _exchanged(table, row, group, east)):
        found = [swapped]
    faults.extend(found)
    return NOWHERE if found else (east, north)


def _axis(table: TextTable, row: TextRow, indexes: Sequence[int], column: TableColumn, faults: list[Fault]) -> float:
    """Return what the columns of one axis say in a row; of several, zeros beside other values say nothing."""
    found = {index: _cell(table, row, index, column, faults) for index in indexes}
    said = {index: value for index, value in found.items() if value != 0.0} or found
    low, high = min(said, key=lambda index: said[index]), max(said, key=lambda index: said[index])
    if said[high] - said[low] > _APART[column.name]:
        faults.append(Fault(DIFFER, table.where(row), {"one": table.headings[low], "other": table.headings[high]}))
    return next(iter(said.values()))


def _cell(table: TextTable, row: TextRow, index: int, column: TableColumn, faults: list[Fault]) -> float:
    text = row.cells[index]
    side = arc_side(text) if column.name in DEGREES else ""
    if side and side not in _SIDES[column.name]:
        faults.append(Fault(OTHER_SIDE, table.where(row, index), {"value": text}))
        return 0.0
    if column.name in DEGREES and (arc := arc_deg(text)) is not None:
        text = str(arc)
    value = read_cell(text, column, table.where(row, index)) if text else Fault("this value is missing", table.where(row, index))
    if isinstance(value, Fault):
        faults.append(value)
        return 0.0
    return float(value)


def _exchanged(table: TextTable, row: TextRow, group: _Group, lon: float) -> Fault | None:
    """Return a fault where the latitude can only be a longitude."""
    lat = number(row.cells[group.north[0]])
    east = number(row.cells[group.east[0]])
    if lat is None or east is None or not 90.0 < abs(lat) <= 180.0 or abs(east) > 90.0:
        return None
    return Fault(SWAPPED, table.where(row, group.north[0]), {"lat": f"{lat:g}", "lon": f"{east:g}"})


def _are_degrees(table: TextTable, group: _Group) -> bool:
    """Say whether all values fit degrees and at least one has decimals; a grid's metres of a city never do."""
    values = [(number(row.cells[group.east[0]]), number(row.cells[group.north[0]])) for row in table.rows]
    both = [(x, y) for x, y in values if x is not None and y is not None]
    fit = all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in both)
    return bool(both) and fit and any(x % 1 or y % 1 for x, y in both)


def _point(table: TextTable, row: TextRow, index: int, faults: list[Fault]) -> tuple[float, float]:
    text, where = row.cells[index], table.where(row, index)
    value = read_cell(text, load_columns()["wkt"], where) if text else Fault(_MISSING, where)
    if isinstance(value, Fault):
        faults.append(value)
        return NOWHERE
    return float(value.x), float(value.y)


def _column_of_pairs(table: TextTable) -> int | None:
    """Return the column in which each filled cell holds a latitude and a longitude, as portals of open data write them."""
    for index in range(len(table.headings)):
        cells = [pair(row.cells[index]) for row in table.rows if row.cells[index]]
        if cells and all(both is not None and _is_spot(both) for both in cells):
            return index
    return None


def _is_spot(both: tuple[float, float]) -> bool:
    """Say whether two numbers are a latitude and a longitude: at least one is given more exactly than to a degree."""
    return abs(both[0]) <= 90.0 and abs(both[1]) <= 180.0 and any(value % 1 for value in both)


def _both(table: TextTable, index: int, faults: list[Fault]) -> _ReadPosition:
    spots = [pair(row.cells[index]) for row in table.rows]
    faults += [Fault(_MISSING, table.where(row)) for row, spot in zip(table.rows, spots, strict=True) if spot is None]
    text = "the column {column} holds two numbers; they are read as latitude and longitude"
    remark = Fault(text, Where(table.file, table.heading_row), {"column": table.headings[index] or str(index + 1)})
    headed = (heading_system(table.headings[index])[0],) * len(table.rows)
    return _ReadPosition(tuple(spot[::-1] if spot else NOWHERE for spot in spots), GEOGRAPHIC, headed, (remark,))


def _unnamed(table: TextTable) -> Pair | None:
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
