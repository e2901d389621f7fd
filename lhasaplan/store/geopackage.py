"""Load and save the project file: whole, atomically, and in the newest schema."""

import sqlite3
from contextlib import closing
from pathlib import Path

from shapely.errors import GEOSException

from lhasaplan.core.assessment import Assessment
from lhasaplan.core.project import ClosedPlaces, Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.atomic import replacing
from lhasaplan.store.connection import connected, register_functions, transaction
from lhasaplan.store.migrations import SCHEMA_VERSION, migrate, schema_version
from lhasaplan.store.project_tables import read_project, write_project
from lhasaplan.store.results import SUMMARY, write_results
from lhasaplan.store.strongbox import new_lock, open_box, shut
from lhasaplan.store.tables import Stamp, create_core

_UNDATED = "1970-01-01"  # the same project gives the same bytes: no clock is read here


Journal = tuple[tuple[object, ...], ...]


class GeoPackageStore:
    """Keeps projects in GeoPackage files (see :class:`lhasaplan.ports.ProjectStore`).

    It remembers the journal of what it loaded and saved, so that it does not write over what another start did meanwhile.
    """

    def __init__(self) -> None:
        self._known: dict[Path, Journal] = {}

    def load(self, path: Path) -> Project:
        """Return the project that the file holds; an older schema is brought up to date in memory.

        Raises InputError when there is no such file, it is no project, or a newer program wrote it.
        """
        _require_project(path)
        self._known[path.resolve()] = _journal(path)
        try:
            return _read(path)
        except (sqlite3.Error, GEOSException) as error:
            params = {"error": str(error)}
            raise InputError(Fault("This project is damaged or in use: {error}", Where(file=path.name), params)) from error

    def has_results(self, path: Path) -> bool:
        """Tell whether the file was saved together with answers; InputError as in :meth:`load`."""
        _require_project(path)
        with connected(path, read_only=True) as source:
            found = source.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (SUMMARY,)).fetchone()
        return bool(found[0])

    def save(self, project: Project, path: Path, assessment: Assessment | None = None) -> None:
        """Write the project, and results if given; on failure the old file is untouched.

        Tables that other programs put into the file stay. Raises InputError when the path holds something else than a
        project, is open for writing elsewhere, has another journal than when it was loaded, or cannot be written.
        """
        old = path.exists()
        if old:
            _require_project(path)
            _settle(path)
        try:
            with replacing(path) as fresh:
                _write(project, path if old else None, fresh, assessment)
                self._refuse_changed(path)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                Fault("This file cannot be written: {error}", Where(file=path.name), {"error": str(error)})
            ) from error
        self._known[path.resolve()] = _journal(path)

    def new_lock(self, passphrase: str) -> ClosedPlaces:
        """Return the lock of a new passphrase; InputError when it is short."""
        return new_lock(passphrase)

    def open_closed(self, project: Project, passphrase: str) -> Project:
        """Return the project with its closed places in the layers; InputError when the passphrase is another."""
        return open_box(project, passphrase)

    def _refuse_changed(self, path: Path) -> None:
        """Raise InputError where another start changed the project since it was loaded: its work would be lost."""
        known = self._known.get(path.resolve())
        if known is not None and path.exists() and _journal(path) != known:
            text = "Another start changed this project meanwhile, so nothing was saved; open it again and repeat the step"
            raise InputError(Fault(text, Where(file=path.name)))


def _journal(path: Path) -> Journal:
    """Return the rows of a project's journal; none where it has no such table."""
    try:
        with connected(path, read_only=True) as source:
            return tuple(source.execute("SELECT * FROM journal").fetchall())
    except sqlite3.Error:
        return ()


def _read(path: Path) -> Project:
    with connected(path, read_only=True) as source, closing(sqlite3.connect(":memory:")) as copy:
        if schema_version(source) == SCHEMA_VERSION:
            return read_project(source, path.name)
        source.backup(copy)
        migrate(copy)
        return read_project(copy, path.name)


def _write(project: Project, old: Path | None, fresh: Path, assessment: Assessment | None) -> None:
    changed = project.journal[-1].when if project.journal else _UNDATED
    stamp = Stamp(project.crs, f"{changed}T00:00:00.000Z")
    with connected(fresh) as target:
        if old is not None:
            _copy(old, target)
        target.execute("PRAGMA journal_mode = MEMORY")
        target.execute("PRAGMA temp_store = MEMORY")
        target.execute("PRAGMA synchronous = OFF")  # the whole file is brought to disk before it takes its place
        with transaction(target):
            create_core(target)
            if old is not None:
                migrate(target)
            write_project(target, shut(project), stamp)
            # Answers about places that lie closed would lead to them, camera by camera, in a file that others read.
            write_results(target, None if project.has_opened else assessment, stamp)
        if project.closed is not None:
            target.execute("VACUUM")  # pages that an earlier state left free still hold what is closed now


def _copy(old: Path, target: sqlite3.Connection) -> None:
    with connected(old, read_only=True) as source:
        source.backup(target)
    register_functions(target)


def _require_project(path: Path) -> None:
    where = Where(file=path.name)
    if not path.is_file():
        raise InputError(Fault("There is no such project; make one with: new PROJECT --rules PACK", where))
    try:
        with connected(path, read_only=True) as source:
            version = schema_version(source)
    except sqlite3.Error as error:
        raise InputError(Fault("This file is not a project of this program", where)) from error
    if version is None:
        raise InputError(Fault("This file is not a project of this program", where))
    if version > SCHEMA_VERSION:
        params = {"found": version, "known": SCHEMA_VERSION}
        raise InputError(
            Fault("A newer version of this program wrote this project (schema {found}, known {known})", where, params)
        )


def _settle(path: Path) -> None:
    """Fold the log that another program left beside the file into it: a stale log would damage the new file."""
    if not path.with_name(f"{path.name}-wal").exists():
        return
    try:
        with connected(path) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "locked"
    if mode != "delete":
        raise InputError(Fault("Another program holds this project open; close it there first", Where(file=path.name)))
