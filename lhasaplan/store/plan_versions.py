"""The table of plan versions: each a row, its cameras as the proposal (JSON) that makes them where there were none."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from lhasaplan.core.changes import apply, difference, from_json, to_json
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.table_rows import TableRows
from lhasaplan.store.tables import read_rows

VERSIONS = "plan_versions"
_COLUMNS = (("name", "TEXT"), ("reason", "TEXT"), ("when", "TEXT"), ("who", "TEXT"), ("cameras", "TEXT"))


def version_rows(versions: Sequence[PlanVersion]) -> TableRows:
    """Return the table."""
    return TableRows(VERSIONS, versions, lambda: versions, _COLUMNS, lambda some: [_row(version) for version in some])


def _row(version: PlanVersion) -> tuple[str, ...]:
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
