"""The tables of the journal and of exports: an event a row, with what it says as JSON, when it was and who did it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.given_number import NumberBlock
from lhasaplan.core.project.journal import (
    BROKEN,
    KINDS,
    VERSION,
    JournalEntry,
    NumbersHandedOut,
    event_from_json,
    event_to_json,
    name_of,
)
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.table_rows import TableRows
from lhasaplan.store.tables import Stamp, has_table, read_rows, write_attributes

JOURNAL, EXPORTS = "journal", "exports"
CHANGED = marked("The log of what left the project was changed here, or rows before this one were taken out")
SHORTENED = marked("The log of what left the project was shortened: rows at its end were taken out")
_LINK = ("link", "TEXT")
_COLUMNS = (("event", "TEXT"), ("version", "INTEGER"), ("data", "TEXT"), ("when", "TEXT"), ("who", "TEXT"))
EXPORT_COLUMNS = (*_COLUMNS, _LINK)


def append_export(connection: sqlite3.Connection, entry: JournalEntry) -> None:
    """Append a row to the exports, with a digest over it and the digest of the row before; the caller's transaction keeps it."""
    if not has_table(connection, EXPORTS):
        write_attributes(connection, EXPORTS, EXPORT_COLUMNS, (), Stamp("", f"{entry.when}T00:00:00.000Z"))
    if _LINK[0] not in {column[1] for column in connection.execute(f"PRAGMA table_info({EXPORTS})")}:
        connection.execute(f"ALTER TABLE {EXPORTS} ADD COLUMN {_LINK[0]} {_LINK[1]}")
    last = connection.execute(f"SELECT {_LINK[0]} FROM {EXPORTS} ORDER BY fid DESC LIMIT 1").fetchone()
    row = linked_row(str(last[0] or "") if last else "", entry)
    listed = ", ".join(f'"{name}"' for name, _ in EXPORT_COLUMNS)
    connection.execute(f"INSERT INTO {EXPORTS} ({listed}) VALUES (?, ?, ?, ?, ?, ?)", row)
    # The end of the chain stands where a row that is taken off the end does not take it along.
    changed = "UPDATE gpkg_contents SET last_change = ?, description = ? WHERE table_name = ?"
    connection.execute(changed, (f"{entry.when}T00:00:00.000Z", row[-1], EXPORTS))


def linked_row(before: str, entry: JournalEntry) -> tuple[object, ...]:
    """Return a row of the exports, its link last: the digest over the link of the row before and all of this row."""
    row = _row(entry)
    return (*row, _link(before, row))


def broken_links(connection: sqlite3.Connection, file: str) -> Iterator[Fault]:
    """Give the first row of the exports that was changed, put in or left out; rows of programs before the chain are free."""
    if not has_table(connection, EXPORTS) or _LINK[0] not in {c[1] for c in connection.execute(f"PRAGMA table_info({EXPORTS})")}:
        return
    listed = ", ".join(f'"{name}"' for name, _ in EXPORT_COLUMNS)
    last = ""
    for fid, *row, link in connection.execute(f"SELECT fid, {listed} FROM {EXPORTS} ORDER BY fid"):
        if (last or link) and _link(last, row) != link:
            yield Fault(CHANGED, Where(file, fid, item=EXPORTS))
            return
        last = str(link or "")
    end = connection.execute("SELECT description FROM gpkg_contents WHERE table_name = ?", (EXPORTS,)).fetchone()
    if (end[0] if end else "") != last:
        yield Fault(SHORTENED, Where(file, item=EXPORTS))


def _link(before: str, row: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps([before, *row], ensure_ascii=False).encode()).hexdigest()


def entry_rows(entries: Sequence[JournalEntry]) -> TableRows:
    """Return the journal."""
    return TableRows(JOURNAL, entries, lambda: entries, _COLUMNS, lambda some: [_row(entry) for entry in some])


def _row(entry: JournalEntry) -> tuple[object, ...]:
    data = json.dumps(event_to_json(entry.event), ensure_ascii=False)
    return name_of(entry.event), VERSION, data, entry.when, entry.who


def read_entries(connection: sqlite3.Connection, table: str, file: str) -> tuple[JournalEntry, ...]:
    """Return the events of a table, none where there is no such table; InputError names each row that is broken."""
    faults: list[Fault] = []
    entries = []
    for row in read_rows(connection, table):
        try:
            entries.append(_entry(row, Where(file, int(str(row["fid"])), "data", table)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return tuple(entries)


def handed_out(connection: sqlite3.Connection) -> tuple[NumberBlock, ...]:
    """Return the numbers that were handed to districts, as the exports tell; a row that was damaged is reported by ``doctor``."""
    if not has_table(connection, EXPORTS):
        return ()
    name = next(name for name, kind in KINDS.items() if kind is NumbersHandedOut)
    found: list[NumberBlock] = []
    for (data,) in connection.execute(f"SELECT data FROM {EXPORTS} WHERE event = ? ORDER BY fid", (name,)):
        try:
            event = event_from_json(name, VERSION, json.loads(str(data)), Where(item=EXPORTS))
        except (ValueError, InputError):
            continue
        found += event.blocks if isinstance(event, NumbersHandedOut) else ()
    return tuple(found)


def _entry(row: Mapping[str, object], where: Where) -> JournalEntry:
    try:
        raw = json.loads(str(row["data"]))
    except ValueError as error:
        raise InputError(Fault(BROKEN, where, {"value": str(row["data"])[:80]})) from error
    event = event_from_json(str(row["event"]), row["version"], raw, where)
    return JournalEntry(event, str(row["when"] or ""), str(row["who"] or ""))
