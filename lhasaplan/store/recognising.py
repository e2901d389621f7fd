"""Tell a project from everything else that a path may lead to, and say in a sentence why a file cannot be used."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shapely.errors import GEOSException

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.refusals import IN_USE, NO_RIGHT, NO_ROOM, fault_of
from lhasaplan.store.connection import connected
from lhasaplan.store.migrations import META, SCHEMA_VERSION, schema_version
from lhasaplan.store.tables import has_table

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
