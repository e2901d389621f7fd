"""Load and save the project file: whole, atomically, and in the newest schema."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.place_key import PlaceKey
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.files.earlier import clear_earlier
from lhasaplan.files.replacing import refuse_read_only, replacing
from lhasaplan.files.scratch import clear_leftovers
from lhasaplan.store.connection import connected, register_functions, transaction
from lhasaplan.store.holding import Journal, changed_meanwhile, journal_of, locked
from lhasaplan.store.journal_table import EXPORTS, read_entries, write_entries
from lhasaplan.store.migrations import SCHEMA_VERSION, migrate, schema_version
from lhasaplan.store.project_tables import read_project, require_tables, write_project
from lhasaplan.store.recognising import reading, require_project, writing
from lhasaplan.store.results import SUMMARY, write_results
from lhasaplan.store.strongbox import shut
from lhasaplan.store.tables import Stamp, create_core, has_table

_UNDATED = "1970-01-01"  # the same project gives the same bytes: no clock is read here


class GeoPackageStore:
    """Keeps a project in a GeoPackage file (see :class:`lhasaplan.ports.Store`).

    It remembers the journal of what it loaded and saved, so that it does not write over what another start did meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))
        self._known: Journal | None = None

    @property
    def address(self) -> str:
        """Return the URL of the file that is written: of a symbolic link its target."""
        return Path(os.path.realpath(self.path)).as_uri()

    @property
    def name(self) -> str:
        """Return the name of the file, without its folder."""
        return self.path.name

    def exists(self) -> bool:
        """Tell whether there is something at this path."""
        return self.path.exists()

    def load(self) -> Project:
        """Return the project that the file holds; an older schema is brought up to date in memory.

        Raises InputError when there is no such file, it is no project, a newer program wrote it, or another one holds it.
        """
        _clear_up(self.path)
        require_project(self.path)
        with reading(self.path), connected(self.path, read_only=True) as source:
            source.execute("BEGIN")  # one state from the first table to the last; without it a copy would wait for ever
            known = journal_of(source)
            project = _read(source, self.name)
        self._known = known
        return project

    def has_results(self) -> bool:
        """Tell whether the file was saved together with answers; InputError as in :meth:`load`."""
        require_project(self.path)
        with reading(self.path), connected(self.path, read_only=True) as source:
            return has_table(source, SUMMARY)

    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Write the project, and results if given; on failure the old file is untouched.

        Tables that other programs put into the file stay. Raises InputError when the path holds something else than a
        project, is open for writing elsewhere, has another journal than when it was loaded, or cannot be written.
        """
        # Answers about places that lie closed would lead to them, camera by camera, in a file that others read.
        bare, results = shut(project, key), None if project.has_opened else assessment
        is_new = not self.exists()
        if not is_new:
            require_project(self.path)
        with writing(self.path):
            refuse_read_only(self.path.resolve())
            _clear_up(self.path)
            with replacing(self.path) as fresh:
                with nullcontext() if is_new else locked(self.path) as old:
                    self._refuse_changed(old)
                    known = _write(bare, old, fresh, results)
                if is_new and self.exists():
                    raise changed_meanwhile(self.path)
        self._known = known

    def log(self, entry: JournalEntry) -> None:
        """Write the file anew with one more row in its table of exports; all else stays, the schema too."""
        require_project(self.path)
        with writing(self.path):
            _clear_up(self.path)
            with replacing(self.path) as fresh, locked(self.path) as old:
                _append(entry, old, fresh)

    def logged(self) -> tuple[JournalEntry, ...]:
        """Return the rows of the table of exports."""
        require_project(self.path)
        with reading(self.path), connected(self.path, read_only=True) as source:
            return read_entries(source, EXPORTS, self.name)

    def _refuse_changed(self, old: sqlite3.Connection | None) -> None:
        """Raise InputError where another start changed the project since it was loaded: its work would be lost."""
        if self._known is not None and old is not None and journal_of(old) != self._known:
            raise changed_meanwhile(self.path)


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


def _append(entry: JournalEntry, old: sqlite3.Connection, fresh: Path) -> None:
    stamp = Stamp("", f"{entry.when}T00:00:00.000Z")
    with _written_anew(old, fresh) as target, transaction(target):
        create_core(target)
        write_entries(target, EXPORTS, (*read_entries(target, EXPORTS, fresh.name), entry), stamp)


@contextmanager
def _written_anew(old: sqlite3.Connection | None, fresh: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to the new file, with all that is in the old one."""
    with connected(fresh) as target:
        if old is not None:
            old.backup(target)
            register_functions(target)
        target.execute("PRAGMA journal_mode = MEMORY")
        target.execute("PRAGMA temp_store = MEMORY")
        target.execute("PRAGMA synchronous = OFF")  # the whole file is brought to disk before it takes its place
        yield target


def _write(project: Project, old: sqlite3.Connection | None, fresh: Path, assessment: Assessment | None) -> Journal:
    """Write the new file, with what other programs put into the old one; return the journal that it holds.

    The project comes without what is closed (:func:`lhasaplan.store.strongbox.shut`).
    """
    changed = project.journal[-1].when if project.journal else _UNDATED
    stamp = Stamp(project.crs, f"{changed}T00:00:00.000Z")
    with _written_anew(old, fresh) as target:
        with transaction(target):
            create_core(target)
            if old is not None:
                migrate(target)
            write_project(target, project, stamp)
            write_results(target, assessment, stamp)
        if project.closed is not None:
            target.execute("VACUUM")  # pages that an earlier state left free still hold what is closed now
        return journal_of(target)
