"""Bring the decisions of files up to schema 6, which had a table for each kind, into the one register of today."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from lhasaplan.store.tables import REGISTERS, has_table, read_rows

DECIDED_BEFORE = ("confirmations", "excuses", "declarations", "resolutions", "suspended")
REGISTER, THEIRS = "decisions", "decisions_of_before"
_COLUMNS = (
    *("decides", "subject", "answer", "reason", "by", "on", "sheet", "suspended", "since"),
    *("milder_means", "question", "due_on", "is_on_record", "stated", "thing"),
)
_MINUTED = ("decision", "outcome", "decided_by", "due_on", "decided_on", "decided_in")  # of a camera, in its record
_PRICES = ("price_move", "price_mount", "price_aim", "price_lens", "price_mask", "price_range")
_TOLD = ("unit_price", *_PRICES, "currency", "phase")
_NOT_TEXT = {"is_on_record": 0, "stated": "{}", "thing": None}
_Row = dict[str, Any]


def decided_rows(connection: sqlite3.Connection) -> list[_Row]:
    """Return all decisions of a file as rows of the register, and take out of its cameras what was stated of them there."""
    return [*_made(connection), *_of_meetings(connection), *_stated(connection), *_suspended(connection)]


def write_register(connection: sqlite3.Connection, rows: list[_Row]) -> None:
    """Make the table of the register; it is written anew, with all that a GeoPackage says of a table, at the next saving.

    A table of another program that bears this name by chance stays under another one.
    """
    if has_table(connection, REGISTER):
        connection.execute(f"ALTER TABLE {REGISTER} RENAME TO {THEIRS}")
        for name in (each for each in REGISTERS if has_table(connection, each)):
            told = ", identifier = :new" if name == "gpkg_contents" else ""
            names = {"new": THEIRS, "old": REGISTER}
            connection.execute(f"UPDATE {name} SET table_name = :new{told} WHERE table_name = :old", names)
    listed = ", ".join(f'"{name}"' for name in _COLUMNS)
    connection.execute(f"CREATE TABLE {REGISTER} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {listed})")
    marks = ", ".join("?" * len(_COLUMNS))
    cells = [tuple(row.get(name, _NOT_TEXT.get(name, "")) for name in _COLUMNS) for row in rows]
    connection.executemany(f"INSERT INTO {REGISTER} ({listed}) VALUES ({marks})", cells)


def _made(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row in read_rows(connection, "declarations"):
        yield _row("declaration", row)
    for row in read_rows(connection, "confirmations"):
        yield _row("confirmation", row)
    for row in read_rows(connection, "excuses"):
        yield _row("excuse", row)


def _row(decides: str, row: Mapping[str, Any]) -> _Row:
    told = {name: row.get(name) or "" for name in ("reason", "by")} | {"on": row.get("date") or "", "thing": row.get("thing")}
    if decides == "declaration":
        return {"decides": decides, "subject": row.get("subject"), "answer": row.get("fact"), **told}
    answer = row.get("purpose") if decides == "confirmation" else decides
    return {
        "decides": decides,
        "subject": row.get("part_id"),
        "answer": answer,
        "milder_means": row.get("milder_means") or "",
        **told,
    }


def _of_meetings(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row in read_rows(connection, "resolutions"):
        item = str(row.get("item") or "")
        yield {
            "decides": "camera" if item.startswith("camera:") else "question",
            "subject": item,
            **{name: row.get(of) or "" for name, of in _OF_RESOLUTIONS.items()},
        }


_OF_RESOLUTIONS = {
    "answer": "decision",
    "reason": "outcome",
    "by": "decided_by",
    "on": "decided_on",
    "sheet": "sheet",
    "question": "question",
    "due_on": "due_on",
}


def _stated(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row in read_rows(connection, "cameras"):
        try:
            extra = json.loads(str(row.get("extra") or "{}"))
        except ValueError:  # what is broken is told when the cameras are read
            continue
        if not isinstance(extra, dict) or not {*_MINUTED, *_TOLD}.intersection(extra):
            continue
        about = {"subject": f"camera:{row['camera_id'] or 'camera/' + str(row['fid'])}", "is_on_record": 1}
        minuted = {name: text for name in _MINUTED if (text := extra.pop(name, ""))}
        if minuted:
            answers = {name: minuted.get(of, "") for name, of in {**_OF_RESOLUTIONS, "sheet": "decided_in"}.items()}
            yield {"decides": "camera", **about, **answers, "question": ""}
        priced = {name: text for name in (*_TOLD, "priced_for", "priced_in") if (text := extra.pop(name, ""))}
        if priced:
            told, sheet = " ".join(priced[name] for name in _TOLD if name in priced), priced.pop("priced_in", "")
            stated = json.dumps(priced, ensure_ascii=False)
            yield {"decides": "schedule", **about, "answer": told, "sheet": sheet, "stated": stated}
        connection.execute("UPDATE cameras SET extra = ? WHERE fid = ?", (json.dumps(extra, ensure_ascii=False), row["fid"]))


def _suspended(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row in read_rows(connection, "suspended"):
        decides = str(row.get("decision"))
        try:
            made = json.loads(str(row.get(decides) or "{}"))
            thing = made.get("thing")
        except (ValueError, AttributeError):  # told by its row when the register is read
            yield {"decides": decides, "subject": row.get("subject"), "suspended": "gone", "thing": row.get(decides)}
            continue
        found = _row(decides, {**made, "thing": None if thing is None else json.dumps(thing, ensure_ascii=False)})
        yield {**found, "suspended": row.get("why") or "gone", "since": row.get("since") or ""}
