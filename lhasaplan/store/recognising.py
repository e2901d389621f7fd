"""Tell a project from everything else that a path may lead to, and look through its file for what is damaged."""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from shapely.errors import GEOSException

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import IN_USE, NO_RIGHT, NO_ROOM, fault_of
from lhasaplan.files.undisturbed import needs_copy
from lhasaplan.store.connection import bounds, connected
from lhasaplan.store.journal_table import EXPORTS, broken_links, read_entries
from lhasaplan.store.migrations import META, SCHEMA_VERSION, schema_version
from lhasaplan.store.project_tables import NO_TABLE, names_of_layers, readers
from lhasaplan.store.tables import APPLICATION_ID, REGISTERS, has_table

_SENTENCES = {
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_LOCKED: IN_USE,
    sqlite3.SQLITE_FULL: NO_ROOM,
    sqlite3.SQLITE_PERM: NO_RIGHT,
    sqlite3.SQLITE_READONLY: NO_RIGHT,
    sqlite3.SQLITE_CANTOPEN: NO_RIGHT,
}
DAMAGED = marked("This project is damaged: {error}")
UNREADABLE = marked("This project is damaged: a part of it is not what it was when it was written; take the file from a copy")
UNWRITTEN = marked("This file cannot be written: {error}")


def require_project(path: Path) -> None:
    """Raise InputError unless the path leads to a project that this version reads."""
    with reading(path):
        fault = no_file(path) or _no_project(path)
    if fault is not None:
        raise InputError(fault)


def no_file(path: Path) -> Fault | None:
    """Return why no file can be read at a path."""
    where = Where(file=path.name)
    if path.is_dir():
        return Fault("This is a folder; name the project file in it", where)
    if not path.exists():
        return Fault("There is no such project; make one with: new PROJECT --rules PACK", where)
    if not path.is_file():
        return Fault("This is no ordinary file; a project is a file that ends in .gpkg", where)
    if not path.stat().st_size:
        return Fault("This file is empty, so it is not a project of this program; remove it, and make one with: new", where)
    return None


def _no_project(path: Path) -> Fault | None:
    where = Where(file=path.name)
    with connected(path, read_only=True) as source:
        if not has_table(source, META):
            if has_table(source, "gpkg_contents"):
                return Fault("This GeoPackage is not a project of this program; a project takes it in with: import", where)
            return Fault("This file is not a project of this program", where)
        return version_fault(source, path.name)


def version_fault(source: sqlite3.Connection, file: str) -> Fault | None:
    """Return why this version does not read a project: it says no version, or a newer one wrote it."""
    version = schema_version(source)
    if version is None:
        return Fault("This project is damaged: it does not say which version wrote it", Where(file=file))
    if version > SCHEMA_VERSION:
        params = {"found": version, "known": SCHEMA_VERSION}
        text = "A newer version of this program wrote this project (schema {found}, known {known})"
        return Fault(text, Where(file=file), params)
    return None


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what SQLite, the system or a broken geometry says while a project is read into a sentence.

    So too what Python says of rows without a column, of text that is none and of numbers that are texts.
    """
    try:
        with _reported(path, DAMAGED):
            yield
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, struct.error) as error:
        raise InputError(Fault(UNREADABLE, Where(file=path.name))) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system says while a project is written into a sentence."""
    with _reported(path, UNWRITTEN):
        yield


@contextmanager
def _reported(path: Path, otherwise: str) -> Iterator[None]:
    where = Where(file=path.name)
    try:
        yield
    except sqlite3.Error as error:
        raise InputError(_fault_of(error, where, otherwise)) from error
    except GEOSException as error:
        raise InputError(Fault(otherwise, where, {"error": str(error)})) from error
    except OSError as error:
        raise InputError(fault_of(error, where, otherwise)) from error


def _fault_of(error: sqlite3.Error, where: Where, otherwise: str) -> Fault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the number tells kinds of the same trouble
    if code == sqlite3.SQLITE_NOTADB:
        return Fault("This file is not a project of this program", where)
    sentence = _SENTENCES.get(code)
    return Fault(sentence, where) if sentence else Fault(otherwise, where, {"error": str(error)})


# What is damaged in a file: its pages, what a GeoPackage must have, and every row of the project.

MOST = 100  # faults of pages, beyond which more tell nothing new
PAGE = marked("A page of the file is damaged: {error}")
NO_REGISTER = marked("The table {table} is missing, which every GeoPackage has, so other programs do not open this file")
NO_MARK = marked("The file is not marked as a GeoPackage, so other programs may not open it")
FOREIGN = marked("A row of {table} leads to one of {parent} that is not there")
NOT_THERE = marked("The file lists a table {table} that is not in it")
BAD_INDEX = marked("The spatial index of {table} does not fit its rows, so maps of other programs leave some out")
UNFINISHED = marked("A change was cut off here; the next saving takes it back")
_SLACK_M = 0.001  # an index of floats makes nothing of what is as good as 0
Rows = Callable[[], object]


def examine(path: Path) -> tuple[Fault, ...]:
    """Return what is wrong with a file; nothing of it is changed.

    Raises InputError where there is no project of this or an earlier version at all.
    """
    require_project(path)
    with reading(path):
        unfinished = [Fault(UNFINISHED, Where(file=path.name))] if needs_copy(path) else []
        with connected(path, read_only=True) as source:
            return (*unfinished, *examine_tables(source, path.name))


def examine_tables(source: sqlite3.Connection, file: str) -> tuple[Fault, ...]:
    """Return what is wrong with pages, tables and rows behind an open connection."""
    steps = (damaged_pages, _format, _indexes, _rows, broken_links)
    return tuple(fault for step in steps for fault in step(source, file))


def examine_rows(source: sqlite3.Connection, file: str) -> tuple[Fault, ...]:
    """Return what is wrong with the rows of a project whose pages a database keeps."""
    return (*_rows(source, file), *broken_links(source, file))


def damaged_pages(source: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Give what SQLite finds in its own pages, and rows that lead nowhere."""
    try:
        for (reported,) in source.execute(f"PRAGMA integrity_check({MOST})").fetchall():
            if reported != "ok":
                yield Fault(PAGE, Where(file), {"error": reported})
        for table, row, parent, _ in source.execute("PRAGMA foreign_key_check").fetchall():
            yield Fault(FOREIGN, Where(file, row, item=table), {"table": table, "parent": parent})
    except sqlite3.DatabaseError as error:
        yield Fault(PAGE, Where(file), {"error": str(error)})


def _format(source: sqlite3.Connection, file: str) -> Iterator[Fault]:
    if source.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        yield Fault(NO_MARK, Where(file))
    missing = [name for name in ("gpkg_spatial_ref_sys", *REGISTERS) if not has_table(source, name)]
    yield from (Fault(NO_REGISTER, Where(file), {"table": name}) for name in missing)
    if "gpkg_contents" not in missing:
        listed = [str(row[0]) for row in source.execute("SELECT table_name FROM gpkg_contents")]
        views = {row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
        yield from (
            Fault(NOT_THERE, Where(file), {"table": name}) for name in listed if name not in views and not has_table(source, name)
        )


def _indexes(source: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Give the tables whose index has other rows than they have, or boxes that do not hold their geometry."""
    for name in _tables_with_shapes(source):
        with suppress(sqlite3.DatabaseError, GEOSException, struct.error):  # told with the pages and the rows
            index = {row[0]: row[1:] for row in source.execute(f'SELECT id, minx, maxx, miny, maxy FROM "rtree_{name}_geom"')}
            boxes = {fid: bounds(blob) for fid, blob in source.execute(f'SELECT fid, geom FROM "{name}"')}
            filled = {fid: box for fid, box in boxes.items() if box is not None}
            if index.keys() != filled.keys() or not all(_holds(index[fid], box) for fid, box in filled.items()):
                yield Fault(BAD_INDEX, Where(file, item=name), {"table": name})


def _holds(entry: tuple[float, ...], box: tuple[float, ...]) -> bool:
    min_x, max_x, min_y, max_y = entry
    over = (min_x - box[0], min_y - box[1], box[2] - max_x, box[3] - max_y)
    return max(over) <= _SLACK_M


def _tables_with_shapes(source: sqlite3.Connection) -> list[str]:
    found = source.execute(
        "SELECT name FROM sqlite_master WHERE name LIKE 'rtree\\_%\\_geom' ESCAPE '\\' AND sql LIKE 'CREATE VIRTUAL%'"
    )
    return [str(row[0])[len("rtree_") : -len("_geom")] for row in found]


def _rows(source: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Give what this program cannot read of a file of its own version; older ones are read after they were brought up to date."""
    if schema_version(source) == SCHEMA_VERSION:
        gone = [name for name in ("cameras", *names_of_layers(source)) if not has_table(source, name)]
        yield from (Fault(NO_TABLE, Where(file), {"table": name}) for name in gone)
        for name, read in every_reader(source, file).items():
            if name not in gone:
                yield from faults_of(read, Where(file, item=name))


def every_reader(source: sqlite3.Connection, file: str) -> dict[str, Rows]:
    """Return what reads each table, that of exports too, which no opening asks for."""
    return {**readers(source, file), EXPORTS: partial(read_entries, source, EXPORTS, file)}


def faults_of(read: Rows, where: Where) -> tuple[Fault, ...]:
    """Return what hinders the reading of one table; nothing where it is read."""
    try:
        read()
    except InputError as error:
        return error.faults
    except sqlite3.DatabaseError as error:
        return (Fault(PAGE, where, {"error": str(error)}),)
    except (GEOSException, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, struct.error):
        return (Fault(UNREADABLE, where),)
    return ()
