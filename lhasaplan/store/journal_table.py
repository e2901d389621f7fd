"""The tables of the journal, of exports, plan versions, closed places, and the last answers that QGIS shows."""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lhasaplan.core.base.kept_shapes import as_kept, read_shapes
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import apply, difference, from_json, to_json
from lhasaplan.core.model.camera import Field
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
from lhasaplan.core.project.plan_step import NumberBlock, PlanVersion
from lhasaplan.core.project.project import ClosedPlaces
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import Finding
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.table_rows import TableRows, write_table
from lhasaplan.store.tables import Stamp, drop_table, has_table, read_rows, write_attributes

# Keep the last answers in the project file, so that QGIS shows them: findings, views and a summary.

SUMMARY, FINDINGS, VIEWS = "results", "result_findings", "result_views"
TABLES = (SUMMARY, FINDINGS, VIEWS)
_FINDING = ("id", "kind", "severity", "certainty", "pack", "article", "camera_id", "measured", "required", "unit", "cure")
_VIEW = (("camera_id", "TEXT"), ("basis", "TEXT"), ("certainty", "TEXT"), ("area_m2", "REAL"))


def write_results(connection: sqlite3.Connection, assessment: Assessment | None, stamp: Stamp) -> None:
    """Replace the stored answers; without an assessment those of the older state are taken away."""
    for name in TABLES:
        drop_table(connection, name)
    for table in result_rows(assessment):
        write_table(connection, table, stamp)


def result_rows(assessment: Assessment | None) -> tuple[TableRows, ...]:
    """Return the tables of the answers, none without an assessment.

    Where a pack asks for coarse positions in what is passed on, no geometry of an answer is stored.
    """
    if assessment is None:
        return ()
    facts = _summary(assessment)
    summary = TableRows(SUMMARY, assessment, lambda: facts, [("key", "TEXT"), ("value", "TEXT")], lambda some: some)
    return (summary, _findings(assessment), _view_rows(assessment)) if assessment.public_precision_deg is None else (summary,)


def _summary(assessment: Assessment) -> list[tuple[str, str]]:
    severities = Counter(finding.severity.value for finding in assessment.findings)
    facts = {
        "gate_open": assessment.gate.open,
        "gate_missing": [template.format(**params) for template, params in assessment.gate.missing],
        "packs": assessment.packs,
        "data": assessment.data,
        "cameras": len(assessment.cameras),
        "findings": severities,
        "not_requested": assessment.not_requested,
        "protected_counts": assessment.protected_counts,
        "assumed_counts": assessment.assumed_counts,
        "totals": assessment.totals,
    }
    return [(key, json.dumps(to_plain(value), ensure_ascii=False, default=str)) for key, value in facts.items()]


def _findings(assessment: Assessment) -> TableRows:
    columns = [(name, "REAL" if name == "required" else "TEXT") for name in _FINDING]
    rows, shapes = (
        (lambda some: [_finding_row(each) for each in some]),
        (lambda some: read_shapes([as_kept(each, "geometry") for each in some])),
    )
    return TableRows(FINDINGS, assessment, lambda: assessment.findings, columns, rows, shapes)


def _finding_row(finding: Finding) -> tuple[object, ...]:
    return (
        finding.finding_id,
        finding.kind,
        finding.severity.value,
        finding.certainty.value,
        finding.pack,
        finding.article,
        ", ".join(finding.camera_ids),
        None if finding.measured is None else json.dumps(finding.measured, default=float),
        finding.required,
        finding.unit,
        None if finding.mitigation is None else finding.mitigation.action.value,
    )


def _view_rows(assessment: Assessment) -> TableRows:
    views = [view for camera in assessment.cameras for view in _views(camera)]
    return TableRows(
        VIEWS,
        assessment,
        lambda: views,
        _VIEW,
        lambda some: [(camera_id, field.basis.value, certainty, field.area_m2) for camera_id, certainty, field in some],
        lambda some: read_shapes([as_kept(field, "geometry") for _, _, field in some]),
    )


def _views(camera: CameraResult) -> list[tuple[str, str, Field]]:
    name = camera.placed.camera.camera_id
    certain = [] if camera.certain is None else [(name, "certain", camera.certain)]
    return [*certain, *((name, "possible", field) for field in camera.possible)]


# The tables of the journal and of exports, of plan versions and of closed places.

# An event a row, with what it says as JSON, when it was and who did it.
JOURNAL, EXPORTS = "journal", "exports"
CHANGED = marked("The log of what left the project was changed here, or rows before this one were taken out")
SHORTENED = marked("The log of what left the project was shortened: rows at its end were taken out")
_LINK = ("link", "TEXT")
_EVENT_COLUMNS = (("event", "TEXT"), ("version", "INTEGER"), ("data", "TEXT"), ("when", "TEXT"), ("who", "TEXT"))
EXPORT_COLUMNS = (*_EVENT_COLUMNS, _LINK)


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
    row = _event_row(entry)
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
    return TableRows(JOURNAL, entries, lambda: entries, _EVENT_COLUMNS, lambda some: [_event_row(entry) for entry in some])


def _event_row(entry: JournalEntry) -> tuple[object, ...]:
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


# Plan versions: each a row, its cameras as the proposal (JSON) that makes them where there were none.
VERSIONS = "plan_versions"
_VERSION_COLUMNS = (("name", "TEXT"), ("reason", "TEXT"), ("when", "TEXT"), ("who", "TEXT"), ("cameras", "TEXT"))


def version_rows(versions: Sequence[PlanVersion]) -> TableRows:
    """Return the table."""
    return TableRows(VERSIONS, versions, lambda: versions, _VERSION_COLUMNS, lambda some: [_version_row(each) for each in some])


def _version_row(version: PlanVersion) -> tuple[str, ...]:
    cameras = json.dumps(to_json(difference((), version.cameras)), ensure_ascii=False)
    return version.name, version.reason, version.when, version.who, cameras


def read_versions(connection: sqlite3.Connection, file: str) -> tuple[PlanVersion, ...]:
    """Return the versions, none where there is no such table; InputError names row and column of what is broken."""
    faults: list[Fault] = []
    versions = []
    for row in read_rows(connection, VERSIONS):
        where = Where(file, int(str(row["fid"])), "cameras", VERSIONS)
        try:
            versions.append(_version(row, where))
        except InputError as error:
            faults += [Fault(fault.template, where, fault.params) for fault in error.faults]
    if faults:
        raise InputError(*faults)
    return tuple(versions)


def _version(row: Mapping[str, object], where: Where) -> PlanVersion:
    try:
        raw = json.loads(str(row["cameras"]))
    except ValueError as error:
        raise InputError(Fault("{value} is not a value here", where, {"value": str(row["cameras"])[:80]})) from error
    cameras = apply(from_json(raw), ())
    name, reason, when, who = (str(row[key] or "") for key in ("name", "reason", "when", "who"))
    return PlanVersion(name, cameras, reason, when, who)


# Closed places: their number, and their data encrypted with the passphrase.
CLOSED = "closed_places"
CLOSED_COUNT = "closed_places"  # the same count among the facts: where the table was taken away, planning stays shut all the same
_CLOSED_COLUMNS = (("scheme", "TEXT"), ("count", "INTEGER"), ("salt", "BLOB"), ("box", "BLOB"))
CLOSED_SCHEME = "scrypt-131072-8-1 AES-256-GCM"


def closed_rows(closed: ClosedPlaces) -> TableRows:
    """Return the table, which a project without closed places does not have."""
    return TableRows(
        CLOSED,
        closed,
        lambda: (closed,),
        _CLOSED_COLUMNS,
        lambda some: [(CLOSED_SCHEME, each.count, each.salt, each.box) for each in some],
    )


def read_closed(connection: sqlite3.Connection, count: int) -> ClosedPlaces | None:
    """Return the closed places of a file; a broken table gives a box that nothing opens, and never none."""
    rows = read_rows(connection, CLOSED)
    if not rows:
        return ClosedPlaces(count, b"") if count else None
    reported = rows[0].get("count")
    most = max(count, reported if isinstance(reported, int) else 0)
    return ClosedPlaces(most, _bytes(rows[0].get("salt")), _bytes(rows[0].get("box")))


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else b""
