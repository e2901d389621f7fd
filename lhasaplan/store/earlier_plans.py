"""Bring plans and journals of earlier schemas to today's."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from lhasaplan.store.tables import has_table, read_rows

Told = tuple[str, dict[str, Any]]
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
    found = ((re.fullmatch(form, sentence, re.DOTALL), told) for form, told in _BY_FORM)
    return next((told(match) for match, told in found if match), ("earlier_note", {"text": sentence}))


def _listed(text: str) -> list[str]:
    return text.split(", ") if text else []


def _lost(known: int, unknown: int) -> Told:
    return "protection_lost", {"known": known, "unknown": unknown}


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
