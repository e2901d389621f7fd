"""Bring the tables of a project into a database, at the cost of the rows that differ, and read them in the form of the file."""

import sqlite3
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count, pairwise

import shapely
from psycopg import sql
from psycopg.sql import Identifier, Placeholder

from lhasaplan.core.base.progress import paused
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.projects import ROWS, distinguished
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.connection import register_functions
from lhasaplan.store.journal_table import CLOSED, EXPORTS, JOURNAL, VERSIONS
from lhasaplan.store.migrations import META
from lhasaplan.store.project_tables import DECISION_KEY, DECISIONS, READ_TABLES, names_of_layers
from lhasaplan.store.shared.layout import RANK, Connection, form_of
from lhasaplan.store.table_rows import Row, TableRows, some_at_a_time
from lhasaplan.store.tables import Stamp, create_core, has_table, spatial_ref, write_attributes

# Out of a database into memory, in the form of the file, so that one reader knows both.

_HEAD = struct.pack("<2sBBi", b"GP", 0, 1, 0)  # of a geometry in a GeoPackage: no envelope; ISO WKB follows
_SQLITE_TYPES = {"text": "TEXT", "bigint": "INTEGER", "double precision": "REAL", "bytea": "BLOB"}
_STAMP = Stamp("", "1970-01-01T00:00:00.000Z")


@contextmanager
def image(connection: Connection, schema: str, names: Collection[str] | None = None) -> Iterator[sqlite3.Connection]:
    """Give the tables of a project as a GeoPackage in memory; of some of them alone where they are named, and its facts."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy, paused():
        register_functions(copy)
        create_core(copy)
        _copy(connection, schema, META, copy)
        for name in (*READ_TABLES, CLOSED, EXPORTS, *names_of_layers(copy)) if has_table(copy, META) else ():
            if names is None or name in names:
                _copy(connection, schema, name, copy)
        yield copy


def _copy(connection: Connection, schema: str, name: str, copy: sqlite3.Connection) -> None:
    columns = form_of(connection, schema, name)
    if not columns:
        return
    wanted = sql.SQL(", ").join(
        sql.SQL("ST_AsBinary({}, 'NDR')" if _is_shape(kind) else "{}" if kind in _SQLITE_TYPES else "{}::text").format(
            Identifier(column)
        )
        for column, kind in columns
    )
    query = sql.SQL("SELECT {} FROM {} ORDER BY {} NULLS LAST, fid").format(wanted, Identifier(schema, name), Identifier(RANK))
    shapes = [at for at, (_, kind) in enumerate(columns) if _is_shape(kind)]
    with connection.cursor(binary=True) as cursor:
        rows = (_read_cells(row, shapes) for row in cursor.execute(query))
        write_attributes(copy, name, [(column, _SQLITE_TYPES.get(kind, "TEXT")) for column, kind in columns], rows, _STAMP)
    if name == EXPORTS:  # the end of the chain stands beside the table here, too
        end = connection.execute(
            "SELECT obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relname = %s",
            (schema, name),
        ).fetchone()
        copy.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (end[0] if end else "", name))


def _is_shape(kind: str) -> bool:
    return kind.rpartition(".")[2].startswith("geometry")


def _read_cells(row: tuple[object, ...], shapes: list[int]) -> list[object]:
    cells = list(row)
    for at in shapes:
        shape = cells[at]
        cells[at] = _HEAD + shape if isinstance(shape, bytes | memoryview) else None
    return cells


# From one state to another in the database.

NO_SYSTEM = marked("The database does not know the coordinate system {crs}, and this account may not put it there: {error}")
NO_SIGN = marked("A database keeps no sign of the code 0 in a text; take it out")
HELD_BACK = marked(
    "the database kept {found} of {wanted} changed rows of {table}: rights on rows or a trigger held the others back. "
    "Nothing was saved; ask who looks after the database"
)
OTHER_VALUES = marked(
    "the database holds other values in {table} than were sent: a trigger changed them. Nothing was saved; "
    "ask who looks after the database"
)
_POSTGRES_TYPES = {"TEXT": "text", "INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}
_NO_KEY = {JOURNAL, EXPORTS}


def write_table(connection: Connection, schema: str, table: TableRows, crs: str) -> None:
    """Replace a table: where it is there in the same form its rows alone go, so that rights and styles of others stay."""
    srid = srid_of(connection, crs) if table.shapes is not None else None
    values = table.values()
    kind = _kind(table, srid)
    if form_of(connection, schema, table.name) == [*((("geom", kind),) if kind else ()), *_typed(table.columns)]:
        connection.execute(sql.SQL("TRUNCATE {}").format(Identifier(schema, table.name)))
    else:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(Identifier(schema, table.name)))
        _create(connection, schema, table, kind)
    many, rank = _Many(connection, schema, table, srid), count(1)
    for some in some_at_a_time(values):
        many.add(some, [float(next(rank)) for _ in some])


def change_table(connection: Connection, schema: str, old: TableRows, new: TableRows, crs: str) -> None:
    """Bring a table, which holds the rows of ``old`` in their order, to those of ``new``; who wrote the others stays named."""
    query = sql.SQL("SELECT fid, coalesce({}, 0) FROM {} ORDER BY {} NULLS LAST, fid")
    rows = connection.execute(query.format(Identifier(RANK), Identifier(schema, new.name), Identifier(RANK))).fetchall()
    fids, ranks = [int(fid) for fid, _ in rows], [float(rank) for _, rank in rows]
    before, after, olds, values = keys_of(old), keys_of(new), old.values(), new.values()
    was = {key: at for at, key in enumerate(before)}
    known = [was.get(key) for key in after]
    unlike = [
        at for at, row in enumerate(known) if row is not None and not (olds[row] is values[at] or bool(olds[row] == values[at]))
    ]
    fresh = [at for at, row in enumerate(known) if row is None]
    touched = [values[at] for at in (*unlike, *fresh)]
    known_columns = {name for name, _ in form_of(connection, schema, new.name)}
    if any(name not in known_columns for name, _ in new.columns):  # of a program of before that knew fewer
        write_table(connection, schema, new, crs)
        return
    if len(fids) != len(before) or (new.shapes is not None and not _fits(connection, schema, new, touched)):
        write_table(connection, schema, new, crs)
        return
    wanted = ranks_for([None if row is None else ranks[row] for row in known])
    stays = set(after)
    many = _Many(connection, schema, new, srid_of(connection, crs) if new.shapes is not None else None)
    many.take_out([fids[row] for key, row in was.items() if key not in stays])
    many.set_cells([values[at] for at in unlike], [fids[known[at] or 0] for at in unlike])
    many.set_ranks([(wanted[at], fids[row]) for at, row in enumerate(known) if row is not None and wanted[at] != ranks[row]])
    if fresh:
        many.add([values[at] for at in fresh], [wanted[at] for at in fresh])


@dataclass(frozen=True, slots=True)
class _Many:
    """What is done to many rows of one table at a time."""

    connection: Connection
    schema: str
    table: TableRows
    srid: int | None

    def take_out(self, fids: Sequence[int]) -> None:
        if fids:
            query = sql.SQL("DELETE FROM {} WHERE fid = ANY(%s)").format(Identifier(self.schema, self.table.name))
            self._require(self.connection.execute(query, (list(fids),)).rowcount, len(fids))

    def set_cells(self, values: Sequence[object], fids: Sequence[int]) -> None:
        names, rows = _written_cells(self.table, values, self.srid)
        self._set(names, [(*row, fid) for row, fid in zip(rows, fids, strict=True)])
        self._read_back([name for name in names if name != "geom"], dict(zip(fids, rows, strict=True)), names)

    def set_ranks(self, pairs: Sequence[tuple[float, int]]) -> None:
        self._set([RANK], pairs)

    def _set(self, names: Sequence[str], rows: Sequence[Row]) -> None:
        reported = sql.SQL(", ").join(sql.SQL("{} = {}").format(Identifier(name), Placeholder()) for name in names)
        query = sql.SQL("UPDATE {} SET {} WHERE fid = %s").format(Identifier(self.schema, self.table.name), reported)
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(query, rows)
                self._require(cursor.rowcount, len(rows))

    def add(self, values: Sequence[object], ranks: Sequence[float]) -> None:
        names, rows = _written_cells(self.table, values, self.srid)
        listed = sql.SQL(", ").join(map(Identifier, (*names, RANK)))
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(Identifier(self.schema, self.table.name), listed)
        with self.connection.cursor() as cursor:
            with cursor.copy(query) as copy:
                for row, rank in zip(rows, ranks, strict=True):
                    copy.write_row((*row, rank))
            self._require(cursor.rowcount, len(rows))

    def _require(self, found: int, wanted: int) -> None:
        """Raise where the database kept fewer rows than it was given: rights on rows and triggers hold them back in silence."""
        if found != wanted:
            words = {"found": found, "wanted": wanted, "table": self.table.name}
            raise InputError(Fault(HELD_BACK, Where(self.schema), words))

    def _read_back(self, wanted: Sequence[str], rows: Mapping[int, Row], names: Sequence[str]) -> None:
        """Raise where rows hold other values now than were sent, as where a trigger changed them."""
        if not rows or not wanted:
            return
        listed = sql.SQL(", ").join(map(Identifier, ("fid", *wanted)))
        query = sql.SQL("SELECT {} FROM {} WHERE fid = ANY(%s)").format(listed, Identifier(self.schema, self.table.name))
        places = [names.index(name) for name in wanted]
        kept = {int(row[0]): list(row[1:]) for row in self.connection.execute(query, (list(rows),)).fetchall()}
        if any(kept.get(fid) != [row[place] for place in places] for fid, row in rows.items()):
            raise InputError(Fault(OTHER_VALUES, Where(self.schema), {"table": self.table.name}))


def _fits(connection: Connection, schema: str, table: TableRows, values: Sequence[object]) -> bool:
    """Tell whether rows go into a table as it is: heights need a column of no type."""
    form = dict(form_of(connection, schema, table.name))
    return form.get("geom") == "geometry" or table.shapes is None or not any(shapely.has_z(table.shapes(values)))


def keys_of(table: TableRows) -> list[str]:
    """Return what tells the rows of a table apart: the fields of a merge, else the place, with a number where one comes again."""
    values = table.values()
    if table.name in _NO_KEY or not values:
        return [str(at) for at in range(len(values))]
    names = ROWS.get("versions" if table.name == VERSIONS else table.name)
    if table.keys is not None:
        found = table.keys(values)
    elif names is not None:
        found = [" ".join(str(getattr(value, name)) for name in names) for value in values]
    else:
        at = 0 if table.shapes is None else 1  # of a feature: geometry, id, source, tags
        found = [str(value[at]) if isinstance(value, tuple) else str(number) for number, value in enumerate(values)]
    return distinguished(found)


def ranks_for(known: Sequence[float | None]) -> list[float]:
    """Return rising numbers for rows in their order: those that are known stay where they rise, others come between.

    >>> ranks_for([1.0, None, 2.0, None]), ranks_for([2.0, 1.0]), ranks_for([])
    ([1.0, 1.5, 2.0, 3.0], [2.0, 3.0], [])
    """
    found: list[float] = []
    last = 0.0
    for rank, above in zip(known, _next_known(known), strict=True):
        if rank is not None and rank > last:
            last = rank
        else:
            last = (last + above) / 2 if rank is None and above is not None and above > last else last + 1.0
        found.append(last)
    rises = all(one < other for one, other in pairwise(found))
    return found if rises else [float(number) for number in range(1, len(known) + 1)]


def _next_known(known: Sequence[float | None]) -> list[float | None]:
    """Return for each place the first number that is known from there on."""
    found: list[float | None] = []
    above: float | None = None
    for rank in reversed(known):
        above = rank if rank is not None else above
        found.append(above)
    return found[::-1]


def _written_cells(table: TableRows, values: Sequence[object], srid: int | None) -> tuple[list[str], list[Row]]:
    names = [name for name, _ in table.columns]
    cells = [[_plain(cell, table.name) for cell in row] for row in table.cells(values)]
    if table.shapes is None:
        return names, list(cells)
    shapes = shapely.set_srid(table.shapes(values), srid or 0)
    texts = shapely.to_wkb(shapes, hex=True, include_srid=bool(srid), flavor="extended")
    return ["geom", *names], [(text, *row) for text, row in zip(texts, cells, strict=True)]


def _plain(cell: object, table: str) -> object:
    if isinstance(cell, str) and "\0" in cell:
        raise InputError(Fault(NO_SIGN, Where(item=table)))
    return int(cell) if isinstance(cell, bool) else cell


def srid_of(connection: Connection, crs: str) -> int:
    """Return the number of a coordinate system in the database, where it is put if it is missing; 0 for none."""
    name, _, organisation, code, wkt = spatial_ref(crs)
    if not crs:
        return 0
    known = connection.execute("SELECT auth_name FROM spatial_ref_sys WHERE srid = %s", (code,)).fetchone()
    if known is None:
        put = "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext) VALUES (%s, %s, %s, %s)"
        connection.execute(put, (code, organisation, code, wkt))
    elif str(known[0]).upper() != organisation.upper():
        raise InputError(Fault(NO_SYSTEM, params={"crs": crs, "error": f"{known[0]}:{code}, {name}"}))
    return code


def _kind(table: TableRows, srid: int | None) -> str:
    """Return the type of the geometry; where heights stand beside none no type says both, so rows alone bear the system."""
    shapes = table.shapes
    if shapes is None:
        return ""
    if any(shapely.has_z(shapes(some)).any() for some in some_at_a_time(table.values())):
        return "geometry"
    return f"geometry({'Point' if table.kind == 'POINT' else 'Geometry'},{srid})" if srid else "geometry"


def _typed(columns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, _POSTGRES_TYPES[kind]) for name, kind in columns]


def _create(connection: Connection, schema: str, table: TableRows, kind: str) -> None:
    target = Identifier(schema, table.name)
    columns = [*((("geom", kind),) if kind else ()), *_typed(table.columns)]
    described = sql.SQL(", ").join(sql.SQL("{} {}").format(Identifier(name), sql.SQL(its)) for name, its in columns)
    connection.execute(
        sql.SQL(
            "CREATE TABLE {} (fid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, {}, {} double precision, "
            "changed_no bigint, changed_by text, changed_at timestamptz)"
        ).format(target, described, Identifier(RANK))
    )
    if kind:
        connection.execute(sql.SQL("CREATE INDEX ON {} USING gist (geom)").format(target))
    _watch(connection, schema, table.name, columns)


def key_expression(name: str, columns: Sequence[tuple[str, str]], row: str) -> str:
    """Return the SQL that says what tells a row apart, as :func:`keys_of` says it of values."""
    names = DECISION_KEY if name == DECISIONS else ROWS.get("versions" if name == VERSIONS else name)
    if names is None:
        reported = [column for column, _ in columns]
        names = ("id",) if "geom" in reported else (reported[0],)
    return "concat_ws(' ', " + ", ".join(f"""coalesce({row}."{each}"::text, '')""" for each in names) + ")"


def _watch(connection: Connection, schema: str, name: str, columns: Sequence[tuple[str, str]]) -> None:
    """Record the author of every change of a table, whatever program makes it; the order of rows has none."""
    known: Mapping[str, sql.Composable] = {
        "t": Identifier(schema, name),
        "s": Identifier(schema),
        "columns": sql.SQL(", ").join(Identifier(column) for column, _ in columns),
        "key": sql.Literal(key_expression(name, columns, "($1)")),
    }
    for text in (
        "CREATE TRIGGER lhasaplan_row BEFORE INSERT OR UPDATE OF {columns} ON {t} "
        "FOR EACH ROW EXECUTE FUNCTION {s}.lhasaplan_row()",
        "CREATE TRIGGER lhasaplan_gone BEFORE DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {s}.lhasaplan_gone({key})",
        "CREATE TRIGGER lhasaplan_table AFTER INSERT OR UPDATE OR DELETE ON {t} EXECUTE FUNCTION {s}.lhasaplan_table()",
    ):
        connection.execute(sql.SQL(text).format(**known))
