"""Take out of a damaged project file all that can still be read, and say what cannot, row by row."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from shapely.errors import GEOSException

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Rescued
from lhasaplan.qgis.dressing import is_of_qgis
from lhasaplan.store.connection import bounds, connected, register_functions
from lhasaplan.store.journal_table import CLOSED, EXPORTS, read_entries
from lhasaplan.store.migrations import META, migrate
from lhasaplan.store.project_states import REPLACED, replaced_layers
from lhasaplan.store.project_tables import READ_TABLES, names_of_layers, read_project
from lhasaplan.store.recognising import every_reader, faults_of, reading, require_project
from lhasaplan.store.tables import REGISTERS, has_table

ROW_LOST = marked("This row cannot be read and is lost")
CELL_LOST = marked("This value cannot be read and is lost: {value}")
TABLE_LOST = marked("The table {table} cannot be read and is lost, with {count} rows")
FOREIGN_LEFT = marked("The table {table} of another program is not carried over")
LOSSES = "losses"  # the table of what left protection
_MOST_ROUNDS = 4
_GREATEST_KEY = 2**63 - 1  # of SQLite


def rescue(path: Path) -> Rescued:
    """Return the project as far as it can be read, and a fault for each row, value and table that is lost.

    Raises InputError where there is no project of this or an earlier version at all.
    """
    require_project(path)
    with reading(path), connected(path, read_only=True) as source:
        return rescue_tables(source, path.name)


def rescue_tables(source: sqlite3.Connection, file: str) -> Rescued:
    """Return what can be read behind an open connection, and what cannot."""
    with closing(sqlite3.connect(":memory:")) as copy:
        register_functions(copy)
        lost = list(_copied(source, copy, file))
        layers = set(names_of_layers(copy))
        migrate(copy)
        lost += _mended(copy, file)
        project = read_project(copy, file)
        replaced = _replaced(source)
        counted = {(layer.name, key) for layer in replaced for key in layer.ids}
        features = tuple(_features(source, lost, {*layers, LOSSES}, counted))
        return Rescued(project, read_entries(copy, EXPORTS, file), tuple(lost), features, replaced)


def _features(
    source: sqlite3.Connection, lost: Sequence[Fault], tables: set[str], counted: set[tuple[str, str]]
) -> Iterator[Tags | None]:
    """Give one for each feature that is lost or lost its tags, by which protected places are known: its tags if they can be read.

    Of a table that is gone as many as it is known to have had, and one at least. A loss that was known and cannot be read is one.
    What another program broke is among the rows that it replaced, which ``counted`` names by layer and id.
    """
    for fault in lost:
        table = str(fault.where.item)
        if table not in tables or (fault.template == CELL_LOST and fault.where.column != "tags"):
            continue
        if fault.template == ROW_LOST and table != LOSSES:
            key, tags = _said_of(source, table, fault.where.row)
            yield from () if (table, key) in counted else (tags,)
        else:
            yield from [None] * max(1, int(str(fault.params.get("count", 1))))


def _said_of(source: sqlite3.Connection, table: str, row: int | None) -> tuple[str, Tags | None]:
    """Return id and tags of a row whose shape is broken; none where they are, too."""
    try:
        key, text = source.execute(f'SELECT id, tags FROM "{table}" WHERE fid = ?', (row,)).fetchone()
        return str(key), {str(name): str(value) for name, value in json.loads(text).items()}
    except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError):
        return "", None


def _replaced(source: sqlite3.Connection) -> tuple[Layer, ...]:
    try:
        return replaced_layers(source)
    except (sqlite3.DatabaseError, GEOSException):
        return ()


def _copied(source: sqlite3.Connection, copy: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Copy the tables of the project row by row; give what cannot be read."""
    made = {str(name): str(sql) for name, sql in source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")}
    yield from _copy_table(source, copy, META, made, file)
    layers = names_of_layers(copy)
    for name in (*READ_TABLES, EXPORTS, CLOSED, *layers):
        yield from _copy_table(source, copy, name, made, file)
    known = {META, *READ_TABLES, EXPORTS, CLOSED, REPLACED, *layers}
    foreign = [name for name in made if name not in known and not _is_of_the_format(name)]
    yield from (Fault(FOREIGN_LEFT, Where(file, item=name), {"table": name}) for name in foreign)


def _is_of_the_format(name: str) -> bool:
    """Tell whether a table is made anew with each file: registers, indexes, answers, styles."""
    return is_of_qgis(name) or name.startswith(("gpkg_", "rtree_", "sqlite_", "result_")) or name in {*REGISTERS, "results"}


def _copy_table(
    source: sqlite3.Connection, copy: sqlite3.Connection, name: str, made: Mapping[str, str], file: str
) -> Iterator[Fault]:
    where = Where(file, item=name)
    if name not in made:
        if name in names_of_layers(copy) or name == "cameras":
            yield Fault(TABLE_LOST, where, {"table": name, "count": _last_key(source, name)})
        return
    copy.execute(made[name])
    columns = [row[1] for row in copy.execute(f'PRAGMA table_info("{name}")')]
    marks = ", ".join("?" * len(columns))
    rows, lost = _readable(source, name)
    copy.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    yield from (Fault(ROW_LOST, replace(where, row=key)) for key in lost)
    if not rows and not lost and not _can_be_read(source, name):
        yield Fault(TABLE_LOST, where, {"table": name, "count": 0})


def _last_key(source: sqlite3.Connection, name: str) -> int:
    try:
        row = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
    except sqlite3.DatabaseError:
        row = None
    return int(row[0]) if row else 0


def _readable(source: sqlite3.Connection, name: str) -> tuple[list[tuple[object, ...]], list[int]]:
    """Return the rows of a table that can be read, geometry too, and the keys of those that cannot."""
    rows: list[tuple[object, ...]] = []
    lost: list[int] = []
    at = [row[1] for row in source.execute(f'PRAGMA table_info("{name}")')]
    geom = at.index("geom") if "geom" in at else None
    # A key beyond the bytes of the file is none, but damage.
    most = int(source.execute("PRAGMA page_count").fetchone()[0]) * int(source.execute("PRAGMA page_size").fetchone()[0])
    last_known = max((key for key in (_last_key(source, name), _greatest(source, name)) if key <= most), default=0)
    waiting = [(1, last_known), (last_known + 1, _GREATEST_KEY)]
    while waiting:
        first, last = waiting.pop()
        try:
            found = source.execute(f'SELECT * FROM "{name}" WHERE fid BETWEEN ? AND ? ORDER BY fid', (first, last)).fetchall()
        except sqlite3.DatabaseError:
            if first == last:
                lost.append(first)
            elif first < last <= last_known:
                middle = (first + last) // 2
                waiting += [(middle + 1, last), (first, middle)]
            continue
        for row in found:
            if geom is None or _is_geometry(row[geom]):
                rows.append(row)
            else:
                lost.append(int(row[0]))
    return rows, sorted(lost)


def _can_be_read(source: sqlite3.Connection, name: str) -> bool:
    try:
        source.execute(f'SELECT 1 FROM "{name}"').fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _greatest(source: sqlite3.Connection, name: str) -> int:
    try:
        return int(source.execute(f'SELECT max(fid) FROM "{name}"').fetchone()[0] or 0)
    except sqlite3.DatabaseError:
        return 0


def _is_geometry(blob: object) -> bool:
    try:
        bounds(blob)  # type: ignore[arg-type]
    except (GEOSException, TypeError, AttributeError):
        return False
    return True


def _mended(copy: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Take out values and then rows that no reader takes; give each."""
    for _ in range(_MOST_ROUNDS):
        found = [fault for name, read in every_reader(copy, file).items() for fault in faults_of(read, Where(file, item=name))]
        if not found:
            return
        for fault in found:
            yield from _taken_out(copy, fault)
    raise InputError(*found)


def _taken_out(copy: sqlite3.Connection, fault: Fault) -> Iterator[Fault]:
    table, row, column = str(fault.where.item), fault.where.row, fault.where.column
    if row is None:
        count = copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] if has_table(copy, table) else 0
        copy.execute(f'DELETE FROM "{table}"')
        yield Fault(TABLE_LOST, fault.where, {"table": table, "count": count})
        return
    value = _cell(copy, table, row, column)
    if value is None:
        copy.execute(f'DELETE FROM "{table}" WHERE fid = ?', (row,))
        yield Fault(ROW_LOST, fault.where)
    else:
        copy.execute(f'UPDATE "{table}" SET "{column}" = NULL WHERE fid = ?', (row,))
        yield Fault(CELL_LOST, fault.where, {"value": str(value)[:80]})


def _cell(copy: sqlite3.Connection, table: str, row: int, column: str | None) -> object:
    """Return what stands in a cell; None where nothing does or the table has no such column."""
    columns = {str(each[1]) for each in copy.execute(f'PRAGMA table_info("{table}")')}
    if column not in columns:
        return None
    found = copy.execute(f'SELECT "{column}" FROM "{table}" WHERE fid = ?', (row,)).fetchone()
    return found[0] if found else None
