"""Refuse a database (GeoPackage) whose views never end, before GDAL runs them: it cannot be stopped once it does."""

import re
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lhasaplan.errors import Cancelled, Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.parse.file_check import copy_within_limits
from lhasaplan.io.parse.limits import load_limits

_MAGIC = b"SQLite format 3\0"
_STEPS = 10_000  # of the machine of SQLite between two looks at the clock
_ROWS = 1000
_UNKNOWN_FUNCTION = re.compile(r"no such function: (\w+)")


def check_views(path: Path) -> None:
    """Run each view of a database within the limits of time and rows.

    Raises
    ------
    InputError
        A view does not end within them, or cannot be run; each such view is named.
    """
    with _database(path) as file:
        if file is None:
            return
        # Immutable, so that nothing is written beside the file; what a journal still holds is read by GDAL alike.
        mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "mode=ro&immutable=1"
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{mode}", uri=True)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
            faults = [fault for name in names if (fault := _run(database, name, path.name))]
    if faults:
        raise InputError(*faults)


@contextmanager
def _database(path: Path) -> Iterator[Path | None]:
    """Yield the database that a file is or that a zip holds, None where there is none."""
    if path.suffix.casefold() != ".zip":
        with path.open("rb") as stream:
            is_database = stream.read(len(_MAGIC)) == _MAGIC
        yield path if is_database else None
        return
    with zipfile.ZipFile(path) as archive, scratch_folder() as folder:
        for member in archive.infolist():
            with archive.open(member) as source:
                if source.read(len(_MAGIC)) != _MAGIC:
                    continue
            copy = folder / "copy.gpkg"
            with archive.open(member) as source, copy.open("wb") as target:
                copy_within_limits(source, target, path)
            yield copy
            return
        yield None


def _run(database: sqlite3.Connection, view: str, file: str) -> Fault | None:
    limits = load_limits().view
    end = time.monotonic() + limits.most_seconds
    params = {"view": view, "seconds": f"{limits.most_seconds:g}", "rows": f"{limits.most_rows:,}"}
    endless = Fault(
        "the view {view} gives more than {rows} rows or takes longer than {seconds} s; save it as a table", Where(file), params
    )
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        return endless if _counts_beyond(database, view, limits.most_rows) else None
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            text = "the view {view} cannot be run here; save it as a table, or delete it"
            return Fault(text, Where(file), {"view": view})
        if time.monotonic() < end:
            raise Cancelled from error
        return endless


def _counts_beyond(database: sqlite3.Connection, view: str, most: int) -> bool:
    """Say whether a view has more rows; functions that only GDAL knows give nothing here."""
    quoted = view.replace('"', '""')
    while True:
        try:
            rows, count = database.execute(f'SELECT * FROM "{quoted}"'), 0
            while got := len(rows.fetchmany(_ROWS)):
                count += got
                if count > most:
                    return True
            return False
        except sqlite3.OperationalError as error:
            if not (unknown := _UNKNOWN_FUNCTION.search(str(error))):
                raise
            database.create_function(unknown[1], -1, lambda *_: None)
