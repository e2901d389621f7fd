"""Bring an older project file up to date, one step a version; each step is SQL on an open copy."""

import json
import sqlite3
from collections.abc import Callable

from lhasaplan.store.connection import register_functions
from lhasaplan.store.earlier_schemas import DECIDED_BEFORE, decided_rows, event_of, steps_of, write_register
from lhasaplan.store.tables import Stamp, drop_table, has_table, write_attributes

META = "lhasaplan_project"
Step = Callable[[sqlite3.Connection], None]


def schema_version(connection: sqlite3.Connection) -> int | None:
    """Return the version that the file says it has; None when it is no project."""
    if not has_table(connection, META):
        return None
    row = connection.execute(f"SELECT value FROM {META} WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row and str(row[0]).isdigit() else None


def migrate(connection: sqlite3.Connection) -> None:
    """Run every step that the file has not seen; the caller holds a copy, never the user's file."""
    register_functions(connection)
    for version in range(schema_version(connection) or 0, len(STEPS)):
        STEPS[version](connection)
        connection.execute(f"UPDATE {META} SET value = ? WHERE key = 'schema_version'", (str(version + 1),))


def _name_the_milder_means(connection: sqlite3.Connection) -> None:
    """0 to 1: a confirmation names the milder means considered; before, a reason was all that was asked."""
    if has_table(connection, "confirmations"):
        connection.execute("ALTER TABLE confirmations ADD COLUMN milder_means TEXT DEFAULT ''")


def _count_closed_places(connection: sqlite3.Connection) -> None:
    """1 to 2: drawn protected places may be closed; those of before are plain, and stay so until a user closes them.

    An older program would not know of them and plan over them, hence the version.
    """
    connection.execute(f"INSERT INTO {META} (key, value) VALUES ('closed_places', '0')")


def _give_reasons_of_declarations(connection: sqlite3.Connection) -> None:
    """2 to 3: a declared fact has a reason; before, name and day were all that was asked."""
    if has_table(connection, "declarations"):
        connection.execute("ALTER TABLE declarations ADD COLUMN reason TEXT DEFAULT ''")


def _type_the_journal(connection: sqlite3.Connection) -> None:
    """3 to 4: the journal holds events in a form of their own; before, each was a sentence, from which some were read back."""
    if not has_table(connection, "journal"):
        return
    for name, kind in (("event", "TEXT"), ("version", "INTEGER"), ("data", "TEXT")):
        connection.execute(f"ALTER TABLE journal ADD COLUMN {name} {kind}")
    reported = ((fid, *event_of(str(what or ""))) for fid, what in connection.execute("SELECT fid, what FROM journal").fetchall())
    rows = [(name, json.dumps(data, ensure_ascii=False), fid) for fid, name, data in reported]
    connection.executemany("UPDATE journal SET event = ?, version = 1, data = ? WHERE fid = ?", rows)


def _keep_plan_versions(connection: sqlite3.Connection) -> None:
    """4 to 5: versions of a plan are kept, in a table of their own; an older program would save the project without them."""


def _plan_beside_what_stands(connection: sqlite3.Connection) -> None:
    """5 to 6: the plan is steps beside what stands; before, taking a proposal over wrote a removal as done.

    Cameras that are planned become steps, and so do those that are on record as removed where the journal knows that a proposal
    took them away: they stand. A camera that was taken away otherwise is gone, as its record says. Numbers are given anew.
    """
    columns = ("camera_id", "action", "as_planned", "stage", "by", "on", "reason", "plan")
    rows = steps_of(connection) if has_table(connection, "cameras") else []
    if not rows:
        return
    changed = connection.execute("SELECT max(last_change) FROM gpkg_contents").fetchone()[0] or ""
    write_attributes(connection, "plan", [(name, "TEXT") for name in columns], rows, Stamp("", changed))


def _one_register(connection: sqlite3.Connection) -> None:
    """6 to 7: all that people decided is one table; before, each kind had one, and cameras bore what was stated of them."""
    rows = decided_rows(connection)
    for name in DECIDED_BEFORE:
        drop_table(connection, name)
    write_register(connection, rows)


STEPS: tuple[Step, ...] = (
    _name_the_milder_means,
    _count_closed_places,
    _give_reasons_of_declarations,
    _type_the_journal,
    _keep_plan_versions,
    _plan_beside_what_stands,
    _one_register,
)
SCHEMA_VERSION = len(STEPS)
