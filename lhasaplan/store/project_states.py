"""Bring the tables of a project from one state to the next on an open connection, wherever what it writes is kept."""

import sqlite3
from contextlib import closing

from lhasaplan.core.base.progress import paused
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.store.connection import transaction
from lhasaplan.store.kept_state import KeptState, note_savings, savings, watch
from lhasaplan.store.migrations import SCHEMA_VERSION, migrate, schema_version
from lhasaplan.store.project_tables import change_project, read_project, require_tables, write_project
from lhasaplan.store.results import write_results
from lhasaplan.store.tables import Stamp, create_core

_UNDATED = "1970-01-01"  # the same project gives the same bytes: no clock is read here


@paused()
def read_state(source: sqlite3.Connection, name: str) -> Project:
    """Return the project; one of an older schema is brought up to date on a copy."""
    with closing(sqlite3.connect(":memory:")) as copy:
        if schema_version(source) == SCHEMA_VERSION:
            require_tables(source, name)
            return read_project(source, name)
        source.backup(copy)
        migrate(copy)
        return read_project(copy, name)


def can_change(kept: KeptState, bare: Project) -> bool:
    """Tell whether rows may be changed as they stand: they are of our schema and system, and nothing is closed anew."""
    old, new = kept.project.closed, bare.closed
    is_as_closed = (old.salt if old else None) == (new.salt if new else None)
    return kept.is_current and is_as_closed and kept.project.crs == bare.crs


def change_state(target: sqlite3.Connection, kept: KeptState, bare: Project, results: Assessment | None) -> None:
    """Change the rows that differ; the caller's transaction keeps them."""
    stamp, number = _stamp(bare), savings(target) + 1
    change_project(target, kept.project, bare, stamp)
    if results is not kept.results:
        write_results(target, results, stamp)
    watch(target, bare.layers)
    note_savings(target, number)


@paused()
def write_state(target: sqlite3.Connection, bare: Project, results: Assessment | None, *, is_new: bool) -> None:
    """Write all tables anew; those of other programs stay."""
    stamp, number = _stamp(bare), savings(target) + 1
    with transaction(target):
        create_core(target)
        if not is_new:
            migrate(target)
        write_project(target, bare, stamp)
        write_results(target, results, stamp)
        watch(target, bare.layers)
        note_savings(target, number)
    if bare.closed is not None:
        target.execute("VACUUM")  # pages that an earlier state left free still hold what is closed now


def _stamp(project: Project) -> Stamp:
    changed = project.journal[-1].when if project.journal else _UNDATED
    return Stamp(project.crs, f"{changed}T00:00:00.000Z")
