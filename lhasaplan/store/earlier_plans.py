"""Read the steps of a plan out of a project of schema 5, where planned cameras and removals stood among what operates.

The forms of events and corrections are those of that schema and stand here as they were then: a step of a migration never
changes.
"""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from lhasaplan.store.tables import has_table, read_rows

PROPOSED = ("siting", "cure", "part_option", "plan_version")  # sources of a proposal that somebody took over; by hand is a record
Step = tuple[str, str, str, str, str, str, str, str]  # camera_id, action, as_planned, stage, by, on, reason, plan


def steps_of(connection: sqlite3.Connection) -> list[Step]:
    """Return the steps, and let the cameras stand that a proposal alone took away."""
    rows = [
        {key: "" if value is None else str(value) for key, value in row.items() if key != "geom"}
        for row in read_rows(connection, "cameras")
    ]
    taken = dict(_taken_away(connection))
    steps: list[Step] = []
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
                told = str(proposal.get("reason") or ""), str(proposal.get("about") or "")
                yield str(change.get("camera_id", "")), (who, when, *told)


def _proposal(row: dict[str, object]) -> dict[str, Any]:
    try:
        data = json.loads(str(row.get("data") or "{}")) if row.get("event") == "cameras_changed" else {}
    except ValueError:  # what is broken is told when the journal is read
        return {}
    proposal = data.get("proposal", {}) if isinstance(data, dict) else {}
    return proposal if isinstance(proposal, dict) else {}


def _without_note(text: str) -> list[Any] | None:
    """Return the corrections without the last, where that is the removal of a camera that operated; None where it is another."""
    try:
        notes = json.loads(text or "[]")
    except ValueError:
        return None
    is_removal = bool(notes) and isinstance(notes[-1], dict) and notes[-1].get("field") == "status"
    return notes[:-1] if is_removal and notes[-1].get("before") == "operating" else None
