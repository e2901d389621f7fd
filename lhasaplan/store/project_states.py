"""The state of a project that a file holds: what is known of it, whether anybody wrote since, and how the next is written."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.progress import paused
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store import connection
from lhasaplan.store.connection import COUNTER, FileConnection, transaction
from lhasaplan.store.journal_table import JOURNAL, write_results
from lhasaplan.store.migrations import META, SCHEMA_VERSION, migrate, schema_version
from lhasaplan.store.project_tables import change_project, read_project, require_tables, unlike_tables, write_project
from lhasaplan.store.tables import Stamp, create_core, has_table

# Keep what other programs take out of the layers of a project file, or write over, until this program has counted it.
#
# Triggers of the file itself put the row as it was into a table: they work in whatever program opens it (QGIS, GDAL, SQLite).
REPLACED = "lhasaplan_replaced"
_COLUMNS = "id TEXT, source TEXT, tags TEXT, geom BLOB"
_EVENTS = {
    "gone": 'AFTER DELETE ON "{layer}"',
    "other": 'AFTER UPDATE OF geom, tags ON "{layer}" WHEN OLD.geom IS NOT NEW.geom OR OLD.tags IS NOT NEW.tags',
}


def watch(connection: sqlite3.Connection, layers: Iterable[str]) -> None:
    """Let layers keep what is taken out of them from now on, and forget what was kept: the project that is written has it."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {REPLACED} (fid INTEGER PRIMARY KEY, layer TEXT, {_COLUMNS})")
    connection.execute(f"DELETE FROM {REPLACED}")
    for layer in layers:
        for event, when in _EVENTS.items():
            name = f"lhasaplan_{event}_{layer}".replace('"', '""')
            text = layer.replace("'", "''")
            connection.execute(
                f'CREATE TRIGGER IF NOT EXISTS "{name}" {when.format(layer=layer)} BEGIN INSERT INTO {REPLACED} '
                f"(layer, id, source, tags, geom) VALUES ('{text}', OLD.id, OLD.source, OLD.tags, OLD.geom); END"
            )


def replaced_layers(connection: sqlite3.Connection) -> tuple[Layer, ...]:
    """Return the rows that other programs took out or wrote over, as layers; damaged tags say nothing."""
    if not has_table(connection, REPLACED):
        return ()
    rows = connection.execute(f"SELECT layer, id, source, tags, geom FROM {REPLACED} ORDER BY fid").fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for name, *row in rows:
        found.setdefault(str(name), []).append(tuple(row))
    return tuple(_layer(name, some) for name, some in found.items())


def _layer(name: str, rows: Sequence[tuple[object, ...]]) -> Layer:
    names, sources, texts, blobs = zip(*rows, strict=True)
    ids: ObjectArray = np.empty(len(rows), object)
    ids[:] = [str(each or "") for each in names]
    tags = tuple(_tags(each) for each in texts)
    return Layer(name, ids, connection.decode(blobs), tags, tuple(str(each or "") for each in sources))


def _tags(text: object) -> Tags:
    try:
        return {str(key): str(value) for key, value in json.loads(str(text or "{}")).items()}
    except (ValueError, AttributeError):
        return {}


ANOTHER_START = marked("Another start changed this project meanwhile, so nothing was saved; open it again and repeat the step")
ANOTHER_PROGRAM = marked(
    "Another program changed this file since it was opened (tables: {tables}), so nothing was saved; "
    "save under another name, or open it again and repeat the step"
)
WRITTEN_AT, SAVINGS = "written_at", "savings"
NOT_HERE = "-1"  # no transaction of the file: another program wrote last
FileStamp = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class KeptState:
    """What a file held when it was loaded or saved here.

    Parameters
    ----------
    stamp : tells the file apart from what another program makes of it.
    project : as the file holds it, without what is closed.
    results : the very answers that were saved with it, None for none; ``...`` where nobody knows.
    is_current : the file is of the schema of this program.
    """

    stamp: FileStamp
    project: Project
    results: object = ...
    is_current: bool = True

    def stamped(self, stamp: FileStamp) -> "KeptState":
        """Return the same after a writing of our own that changed nothing of the project."""
        return replace(self, stamp=stamp)


def stamp_of(path: Path, connection: FileConnection | None = None) -> FileStamp:
    """Return a stamp that changes when an SQLite file is written or replaced; it rests on more than the clock.

    While the file is locked by a connection its counter is asked for there: see :class:`FileConnection`.
    """
    counter = counter_of(path) if connection is None else connection.counter()
    file = path.resolve()
    log = file.with_name(file.name + "-wal")
    logged = log.stat().st_size if log.exists() else 0
    state = path.stat()
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, counter, logged


def counter_of(path: Path) -> int:
    """Return how many transactions an SQLite file has seen, as its header says."""
    with path.open("rb") as stream:
        return int.from_bytes(stream.read(100)[COUNTER])


def note_writing(target: FileConnection) -> None:
    """Write into a file, in the transaction that writes it, which transaction that is: who writes later shows by the counter."""
    _set_fact(target, WRITTEN_AT, str(target.counter() + 1))


def note_other_writing(target: sqlite3.Connection) -> None:
    """Write into a copy that another program wrote to its file last: a copy has no counter of its own that shows it."""
    _set_fact(target, WRITTEN_AT, NOT_HERE)


def note_writing_of_copy(target: FileConnection) -> None:
    """Write into a file that was copied from elsewhere that this program wrote it, unless another one had written before."""
    row = target.execute(f"SELECT value FROM {META} WHERE key = ?", (WRITTEN_AT,)).fetchone()
    if row is not None and row[0] != NOT_HERE:
        note_other_writing(target)  # the same value once more would be no writing to SQLite, and not count
        note_writing(target)


def is_as_written(source: FileConnection) -> bool:
    """Tell whether this program was the last to write to a file; yes of one that does not say, since earlier programs did not."""
    row = source.execute(f"SELECT value FROM {META} WHERE key = ?", (WRITTEN_AT,)).fetchone()
    return row is None or str(row[0]) == str(source.counter())


def savings(source: sqlite3.Connection) -> int:
    """Return how often a project was saved, which what is logged does not count; 0 of one that earlier programs saved."""
    row = source.execute(f"SELECT value FROM {META} WHERE key = ?", (SAVINGS,)).fetchone() if has_table(source, META) else None
    return int(row[0]) if row else 0


def note_savings(target: sqlite3.Connection, number: int) -> None:
    """Write how often the project was saved, in the transaction that saves it."""
    _set_fact(target, SAVINGS, str(number))


def state_in(source: sqlite3.Connection) -> str:
    """Return what tells the state of a project from others of the same file: its savings, and the last row of its journal."""
    last = source.execute(f"SELECT * FROM {JOURNAL} ORDER BY fid DESC LIMIT 1").fetchone() if has_table(source, JOURNAL) else None
    return f"{savings(source)} {hashlib.sha256(repr(last).encode()).hexdigest()[:16]}"


def _set_fact(target: sqlite3.Connection, key: str, value: str) -> None:
    if not target.execute(f"UPDATE {META} SET value = ? WHERE key = ?", (value, key)).rowcount:
        target.execute(f"INSERT INTO {META} (key, value) VALUES (?, ?)", (key, value))


def refuse_unlike(kept: Project, found: Project, path: Path) -> None:
    """Raise InputError where a file holds another project than it did: another start told it in the journal, or a program."""
    tables = unlike_tables(kept, found)
    if JOURNAL in tables:
        raise changed_meanwhile(path)
    if tables:
        raise InputError(Fault(ANOTHER_PROGRAM, Where(file=path.name), {"tables": ", ".join(tables)}))


def changed_meanwhile(path: Path) -> InputError:
    """Return the error of a project that another start changed since it was loaded: saving would lose its work."""
    return InputError(Fault(ANOTHER_START, Where(file=path.name)))


# From one state to the next on an open connection, wherever what it writes is kept.

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
