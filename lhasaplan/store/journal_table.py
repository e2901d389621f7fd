"""The tables of the journal and of exports: an event a row, with what it says as JSON, when it was and who did it."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.journal_json import BROKEN, VERSION, event_from_json, event_to_json, name_of
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.table_rows import TableRows
from lhasaplan.store.tables import read_rows

JOURNAL, EXPORTS = "journal", "exports"
_COLUMNS = (("event", "TEXT"), ("version", "INTEGER"), ("data", "TEXT"), ("when", "TEXT"), ("who", "TEXT"))


def entry_rows(table: str, entries: Sequence[JournalEntry]) -> TableRows:
    """Return a table of events."""
    return TableRows(table, entries, lambda: entries, _COLUMNS, lambda some: [_row(entry) for entry in some])


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


def _entry(row: Mapping[str, object], where: Where) -> JournalEntry:
    try:
        raw = json.loads(str(row["data"]))
    except ValueError as error:
        raise InputError(Fault(BROKEN, where, {"value": str(row["data"])[:80]})) from error
    event = event_from_json(str(row["event"]), row["version"], raw, where)
    return JournalEntry(event, str(row["when"] or ""), str(row["who"] or ""))
