"""Load and save the project file: whole, atomically, and in the newest schema."""

import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path

from lhasaplan.core.project.project import ClosedPlaces, Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.files.earlier import clear_earlier
from lhasaplan.files.replacing import refuse_read_only, replacing
from lhasaplan.files.scratch import clear_leftovers
from lhasaplan.store.connection import connected, register_functions, transaction
from lhasaplan.store.holding import Journal, changed_meanwhile, held, journal_of
from lhasaplan.store.migrations import SCHEMA_VERSION, migrate, schema_version
from lhasaplan.store.project_tables import read_project, require_tables, write_project
from lhasaplan.store.recognising import reading, require_project, writing
from lhasaplan.store.results import SUMMARY, write_results
from lhasaplan.store.strongbox import new_lock, open_box, shut
from lhasaplan.store.tables import Stamp, create_core

_UNDATED = "1970-01-01"  # the same project gives the same bytes: no clock is read here


class GeoPackageStore:
    """Keeps projects in GeoPackage files (see :class:`lhasaplan.ports.ProjectStore`).

    It remembers the journal of what it loaded and saved, so that it does not write over what another start did meanwhile.
    """

    def __init__(self) -> None:
        self._known: dict[Path, Journal] = {}

    def load(self, path: Path) -> Project:
        """Return the project that the file holds; an older schema is brought up to date in memory.

        Raises InputError when there is no such file, it is no project, a newer program wrote it, or another one holds it.
        """
        _clear_up(path)
        require_project(path)
        with reading(path), connected(path, read_only=True) as source:
            source.execute("BEGIN")  # one state from the first table to the last; without it a copy would wait for ever
            known = journal_of(source)
            project = _read(source, path.name)
        self._known[path.resolve()] = known
        return project

    def has_results(self, path: Path) -> bool:
        """Tell whether the file was saved together with answers; InputError as in :meth:`load`."""
        require_project(path)
        with reading(path), connected(path, read_only=True) as source:
            found = source.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (SUMMARY,)).fetchone()
        return bool(found[0])

    def save(self, project: Project, path: Path, assessment: Assessment | None = None) -> None:
        """Write the project, and results if given; on failure the old file is untouched.

        Tables that other programs put into the file stay. Raises InputError when the path holds something else than a
        project, is open for writing elsewhere, has another journal than when it was loaded, or cannot be written.
        """
        is_new = not path.exists()
        if not is_new:
            require_project(path)
        with writing(path):
            refuse_read_only(path.resolve())
            _clear_up(path)
            with replacing(path) as fresh:
                with nullcontext() if is_new else held(path) as old:
                    self._refuse_changed(path, old)
                    known = _write(project, old, fresh, assessment)
                if is_new and path.exists():
                    raise changed_meanwhile(path)
        self._known[path.resolve()] = known

    def new_lock(self, passphrase: str) -> ClosedPlaces:
        """Return the lock of a new passphrase; InputError when it is short."""
        return new_lock(passphrase)

    def open_closed(self, project: Project, passphrase: str) -> Project:
        """Return the project with its closed places in the layers; InputError when the passphrase is another."""
        return open_box(project, passphrase)

    def _refuse_changed(self, path: Path, old: sqlite3.Connection | None) -> None:
        """Raise InputError where another start changed the project since it was loaded: its work would be lost."""
        known = self._known.get(path.resolve())
        if known is not None and old is not None and journal_of(old) != known:
            raise changed_meanwhile(path)


def _clear_up(path: Path) -> None:
    """Remove what a start that was killed left beside the file."""
    clear_earlier(path.resolve())
    clear_leftovers(path.resolve().parent)


def _read(source: sqlite3.Connection, name: str) -> Project:
    with closing(sqlite3.connect(":memory:")) as copy:
        if schema_version(source) == SCHEMA_VERSION:
            require_tables(source, name)
            return read_project(source, name)
        source.backup(copy)
        migrate(copy)
        return read_project(copy, name)


def _write(project: Project, old: sqlite3.Connection | None, fresh: Path, assessment: Assessment | None) -> Journal:
    """Write the new file, with what other programs put into the old one; return the journal that it holds."""
    changed = project.journal[-1].when if project.journal else _UNDATED
    stamp = Stamp(project.crs, f"{changed}T00:00:00.000Z")
    with connected(fresh) as target:
        if old is not None:
            old.backup(target)
            register_functions(target)
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
        return journal_of(target)
