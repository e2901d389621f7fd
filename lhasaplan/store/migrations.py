"""Bring an older project file up to date, one step a version; each step is SQL on an open copy."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.store.connection import register_functions
from lhasaplan.store.tables import REGISTERS, Stamp, drop_table, has_table, read_rows, write_attributes

# Decisions, plans and journals of earlier schemas as today's.

Told = tuple[str, JsonObject]
_BY_FORM: tuple[tuple[str, Callable[[re.Match[str]], Told]], ...] = (
    (r"new project, rules (.*)", lambda m: ("project_made", {"packs": _listed(m[1])})),
    (r"import of closed places", lambda m: ("closed_file_imported", {})),
    (r"import (.+)", lambda m: ("file_imported", {"file": m[1]})),
    (r"mandate (.+)", lambda m: ("mandate_stated", {"file": m[1]})),
    (r"confirm (.+)", lambda m: ("parts_confirmed", {"part_ids": _listed(m[1])})),
    (r"excuse (.+)", lambda m: ("part_excused", {"part_id": m[1]})),
    (r"declare by (.+)", lambda m: ("facts_declared", {"facts": [], "source": m[1]})),
    (r"declare (.+): (\w+)", lambda m: ("facts_declared", {"facts": [{"fact": m[2], "subjects": _listed(m[1])}]})),
    (r"close (\d+) drawn places", lambda m: ("places_closed", {"count": int(m[1])})),
    (r"take out (\d+) drawn places", lambda m: ("places_taken_out", {"count": int(m[1])})),
    (r"protected features gone: (\d+), of unknown use: (\d+)", lambda m: _lost(int(m[1]), int(m[2]))),
    (r"protected features: (\d+) before, (\d+) since", lambda m: _lost(int(m[1]) - int(m[2]), 0)),
)


def event_of(sentence: str) -> Told:
    """Return the name of the event that a sentence told, and what it says; any other sentence is kept as it stands.

    >>> event_of("import town.osm")
    ('file_imported', {'file': 'town.osm'})
    >>> event_of("walked through the town")
    ('earlier_note', {'text': 'walked through the town'})
    """
    found = ((re.fullmatch(form, sentence, re.DOTALL), reported) for form, reported in _BY_FORM)
    return next((reported(match) for match, reported in found if match), ("earlier_note", {"text": sentence}))


def _listed(text: str) -> list[str]:
    return text.split(", ") if text else []


def _lost(known: int, unknown: int) -> Told:
    return "protection_lost", {"known": known, "unknown": unknown}


PROPOSED = ("siting", "cure", "part_option", "plan_version")  # sources of a proposal that somebody took over; by hand is a record
StepRow = tuple[str, str, str, str, str, str, str, str]  # camera_id, action, as_planned, stage, by, on, reason, plan


def steps_of(connection: sqlite3.Connection) -> list[StepRow]:
    """Return the steps, and let the cameras stand that a proposal alone took away."""
    rows = [
        {key: "" if value is None else str(value) for key, value in row.items() if key != "geom"}
        for row in read_rows(connection, "cameras")
    ]
    taken = dict(_taken_away(connection))
    steps: list[StepRow] = []
    for row in rows:
        key, status = row["camera_id"] or f"camera/{row['fid']}", row.get("status", "")
        if status == "planned":
            steps.append((key, "add", "", "drafted", row.get("source", ""), row.get("source_date", ""), "", ""))
        elif status == "removed" and key in taken and (kept := _without_note(row.get("corrections", ""))) is not None:
            connection.execute(
                "UPDATE cameras SET status = 'operating', corrections = ? WHERE fid = ?",
                (json.dumps(kept, ensure_ascii=False), row["fid"]),
            )
            steps.append((key, "remove", "", "drafted", *taken[key]))
    return steps


def _taken_away(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    """Give the cameras that proposals took away, each with who did it, when, why and from what; the last of one counts."""
    for row in read_rows(connection, "journal") if has_table(connection, "journal") else []:
        proposal = _proposal(row)
        if proposal.get("source") not in PROPOSED:
            continue
        who, when = str(row.get("who") or ""), str(row.get("when") or "")
        for change in proposal.get("changes", ()):
            if change.get("change") == "status" and change.get("status") == "removed":
                reported = str(proposal.get("reason") or ""), str(proposal.get("about") or "")
                yield str(change.get("camera_id", "")), (who, when, *reported)


def _proposal(row: dict[str, object]) -> JsonObject:
    try:
        data = json.loads(str(row.get("data") or "{}")) if row.get("event") == "cameras_changed" else {}
    except ValueError:  # what is broken is told when the journal is read
        return {}
    proposal = data.get("proposal", {}) if isinstance(data, dict) else {}
    return proposal if isinstance(proposal, dict) else {}


def _without_note(text: str) -> list[object] | None:
    """Return the corrections without the last, where that is the removal of a camera that operated; None where it is another."""
    try:
        notes = json.loads(text or "[]")
    except ValueError:
        return None
    is_removal = bool(notes) and isinstance(notes[-1], dict) and notes[-1].get("field") == "status"
    return notes[:-1] if is_removal and notes[-1].get("before") == "operating" else None


# Bring the decisions of files up to schema 6, which had a table for each kind, into the one register of today.
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
_Row = JsonObject


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
            reported = ", identifier = :new" if name == "gpkg_contents" else ""
            names = {"new": THEIRS, "old": REGISTER}
            connection.execute(f"UPDATE {name} SET table_name = :new{reported} WHERE table_name = :old", names)
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


def _row(decides: str, row: Mapping[str, object]) -> _Row:
    reported = {name: row.get(name) or "" for name in ("reason", "by")} | {"on": row.get("date") or "", "thing": row.get("thing")}
    if decides == "declaration":
        return {"decides": decides, "subject": row.get("subject"), "answer": row.get("fact"), **reported}
    answer = row.get("purpose") if decides == "confirmation" else decides
    return {
        "decides": decides,
        "subject": row.get("part_id"),
        "answer": answer,
        "milder_means": row.get("milder_means") or "",
        **reported,
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
            reported, sheet = " ".join(priced[name] for name in _TOLD if name in priced), priced.pop("priced_in", "")
            stated = json.dumps(priced, ensure_ascii=False)
            yield {"decides": "schedule", **about, "answer": reported, "sheet": sheet, "stated": stated}
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
