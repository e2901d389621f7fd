"""The rows of one table as values: written whole, or brought from one state to another at the cost of what differs."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import shapely

from lhasaplan.core.base.arrays import ObjectArray, slices
from lhasaplan.store.connection import encode
from lhasaplan.store.tables import Stamp, add_spatial_ref, drop_table, has_table, widen_box, write_attributes, write_features

Row = Sequence[object]
Value = TypeVar("Value")
ROWS_A_PIECE = 1_024  # shapes of a region may lie elsewhere, and are not all read back at once
_MOST_SHARE = 0.5  # where more of a table differs, it is written anew as a whole


class Several(tuple[object, ...]):
    """The objects of which rows are made where they are several: the same where each is."""

    __slots__ = ()


@dataclass(frozen=True, eq=False, slots=True)
class TableRows:
    """What one table holds.

    Parameters
    ----------
    origin : what the rows are made of; the same object stands for the same rows, without a look at them.
    values : gives a row each; what is the same object, or equal, is the same row.
    cells : make rows of some of the values, in the order of ``columns``, which are (name, SQL type).
    shapes : make geometries of some of the values, shape (n,); none for a table without geometry.
    kind : the type of geometry, as GeoPackage names it.
    keys : tell rows apart where a merge does not say by which fields.
    """

    name: str
    origin: object
    values: Callable[[], Sequence[object]]
    columns: Sequence[tuple[str, str]]
    cells: Callable[[Sequence[Any]], Sequence[Row]]
    shapes: Callable[[Sequence[Any]], ObjectArray] | None = None
    kind: str = "GEOMETRY"
    keys: Callable[[Sequence[Any]], list[str]] | None = None

    def is_of(self, other: "TableRows") -> bool:
        """Tell whether two states of a table are made of the very same objects, and need no look at their rows."""
        one, two = self.origin, other.origin
        if isinstance(one, Several) and isinstance(two, Several):
            return len(one) == len(two) and all(a is b for a, b in zip(one, two, strict=True))
        return one is two


@dataclass(frozen=True, slots=True)
class RowDifference:
    """How a sequence becomes another: values to set by position, positions to take out, and what comes at the end."""

    changed: Mapping[int, object]
    gone: range
    added: Sequence[object]

    def __len__(self) -> int:
        return len(self.changed) + len(self.gone) + len(self.added)


def write_table(connection: sqlite3.Connection, table: TableRows, stamp: Stamp) -> None:
    """Replace a table."""
    values, shapes = table.values(), table.shapes
    if shapes is None:
        write_attributes(connection, table.name, table.columns, table.cells(values), stamp)
    else:
        pieces = ((shapes(some), table.cells(some)) for some in some_at_a_time(values))
        write_features(connection, table.name, pieces, table.columns, stamp=stamp, shape=table.kind)


def some_at_a_time(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield the values of a table, as many as are written together."""
    return (values[some] for some in slices(len(values), ROWS_A_PIECE))


def change_tables(
    connection: sqlite3.Connection, before: Mapping[str, TableRows], after: Mapping[str, TableRows], stamp: Stamp
) -> None:
    """Bring the tables of a file from one state to another; a table whose origin is the same object is not looked at."""
    for name in before.keys() - after.keys():
        drop_table(connection, name)
    for name, table in after.items():
        old = before.get(name)
        if old is None or not has_table(connection, name):
            write_table(connection, table, stamp)
        elif not old.is_of(table):
            _change(connection, old, table, stamp)


def _change(connection: sqlite3.Connection, old: TableRows, new: TableRows, stamp: Stamp) -> None:
    values = old.values()
    found = difference(values, new.values())
    if len(found) > _MOST_SHARE * max(len(values), 2) or (len(found) and _lacks_columns(connection, new)):
        write_table(connection, new, stamp)
    elif len(found):
        keys = _keys(connection, new.name, len(values))
        _set(connection, new, [(keys[at], value) for at, value in found.changed.items()], stamp)
        connection.executemany(f'DELETE FROM "{new.name}" WHERE fid = ?', [(keys[at],) for at in found.gone])
        _add(connection, new, found.added, stamp)
        connection.execute("UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", (stamp.changed, new.name))


def _lacks_columns(connection: sqlite3.Connection, table: TableRows) -> bool:
    """Tell whether a table is of a program of before that knew fewer columns; it is written anew then."""
    there = {str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table.name}")')}
    return any(name not in there for name, _ in table.columns)


def is_alike(one: TableRows, other: TableRows) -> bool:
    """Tell whether two tables hold the same rows as a file keeps them: in cells, and geometry in bytes."""
    return one.is_of(other) or _as_kept(one) == _as_kept(other)


def _as_kept(table: TableRows) -> tuple[list[Row], list[bytes | None]]:
    values = table.values()
    shapes = None if table.shapes is None else encode(table.shapes(values), 0)
    return [tuple(row) for row in table.cells(values)], shapes or []


def difference(old: Sequence[object], new: Sequence[object]) -> RowDifference:
    """Return how one sequence becomes the other, order included.

    >>> difference("abcd", "abxd").changed, difference("abcd", "abcde").added, difference("abcd", "bcd").gone
    ({2: 'x'}, 'e', range(0, 1))
    """
    if len(new) >= len(old):
        return RowDifference({at: new[at] for at in _unlike(old, new)}, range(0), new[len(old) :])
    start = next(_unlike(old, new), len(new))
    rest = list(reversed(old[start:])), list(reversed(new[start:]))
    tail = next(_unlike(*rest), len(new) - start)
    first_gone, end = len(new) - tail, len(old) - tail
    changed = {at: new[at] for at in range(start, first_gone) if not _is_same(old[at], new[at])}
    return RowDifference(changed, range(first_gone, end), new[:0])


def _unlike(old: Sequence[object], new: Sequence[object]) -> Iterator[int]:
    return (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if not _is_same(one, other))


def _is_same(one: object, other: object) -> bool:
    return one is other or bool(one == other)


def _keys(connection: sqlite3.Connection, name: str, count: int) -> Sequence[int]:
    """Return the keys of the rows in their order; where nothing was ever taken out they need not be read."""
    first, last = connection.execute(f'SELECT min(fid), max(fid) FROM "{name}"').fetchone()
    if (first, last) == (1, count):
        return range(1, count + 1)
    return [int(row[0]) for row in connection.execute(f'SELECT fid FROM "{name}" ORDER BY fid')]


def _set(connection: sqlite3.Connection, table: TableRows, changed: Sequence[tuple[int, object]], stamp: Stamp) -> None:
    names, rows = _filled(connection, table, [value for _, value in changed], stamp)
    reported = ", ".join(f'"{name}" = ?' for name in names)
    pairs = ((*row, key) for row, (key, _) in zip(rows, changed, strict=True))
    connection.executemany(f'UPDATE "{table.name}" SET {reported} WHERE fid = ?', pairs)


def _add(connection: sqlite3.Connection, table: TableRows, values: Sequence[object], stamp: Stamp) -> None:
    names, rows = _filled(connection, table, values, stamp)
    listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    connection.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', rows)


def _filled(
    connection: sqlite3.Connection, table: TableRows, values: Sequence[object], stamp: Stamp
) -> tuple[list[str], Sequence[Row]]:
    """Return names and cells of rows, geometry first where the table has one; what the file says of its extent follows."""
    names, cells = [name for name, _ in table.columns], table.cells(values)
    if table.shapes is None:
        return names, cells
    shapes = table.shapes(values)
    blobs = encode(shapes, add_spatial_ref(connection, stamp.crs))
    widen_box(connection, table.name, shapes)
    if any(shapely.has_z(shapes)):
        connection.execute("UPDATE gpkg_geometry_columns SET z = 2 WHERE table_name = ?", (table.name,))
    return ["geom", *names], [(blob, *row) for blob, row in zip(blobs, cells, strict=True)]
