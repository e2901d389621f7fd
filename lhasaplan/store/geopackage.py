"""Load and save the project file: an edit costs what it changes, and whatever ends the program, the file is whole."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.project import PlaceKey, Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import clear_earlier, refuse_read_only, replacing
from lhasaplan.files.scratch import clear_leftovers
from lhasaplan.files.undisturbed import needs_copy, refuses_locks
from lhasaplan.ports import Rescued
from lhasaplan.store.connection import FileConnection, connected, register_functions, transaction
from lhasaplan.store.journal_table import EXPORTS, SUMMARY, append_export, read_entries
from lhasaplan.store.migrations import SCHEMA_VERSION, schema_version
from lhasaplan.store.project_lock import GONE, ProjectFile, in_turn, locked_to_read, locked_to_write
from lhasaplan.store.project_states import (
    KeptState,
    can_change,
    change_state,
    changed_meanwhile,
    is_as_written,
    note_writing,
    read_state,
    refuse_unlike,
    replaced_layers,
    stamp_of,
    state_in,
    write_state,
)
from lhasaplan.store.recognising import reading, require_project, writing
from lhasaplan.store.sealed import shut
from lhasaplan.store.tables import has_table

OTHER_PROGRAM = marked("Another program wrote to this file after this one did; look through what it may have changed")

NOT_SEALED = marked("This project is not sealed, so it has no passphrase")


class GeoPackageStore(ProjectFile):
    """Keeps a project in a GeoPackage file (see :class:`lhasaplan.ports.Store`).

    It remembers what it loaded and saved, so that an edit writes the rows that differ, and nothing over what another start or
    another program did meanwhile.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._kept: KeptState | None = None

    @in_turn
    def load(self) -> Project:
        """Return the project that the file holds; an older schema is brought up to date in memory.

        Raises InputError when there is no such file, it is no project, a newer program wrote it, or another one has locked it.
        """
        _clear_up(self.path)
        require_project(self.path)
        with reading(self.path):
            stamp = stamp_of(self.path)  # before what is read: of what is written meanwhile the next saving asks again
            with connected(self.path, read_only=True) as source:
                source.execute("BEGIN")  # one state from the first table to the last; without it a copy would wait for ever
                is_current = schema_version(source) == SCHEMA_VERSION
                project = read_state(source, self.name)
        self._kept = KeptState(stamp, project, is_current=is_current)
        return project

    @in_turn
    def has_results(self) -> bool:
        """Tell whether the file was saved together with answers; InputError as in :meth:`load`."""
        require_project(self.path)
        with reading(self.path), connected(self.path, read_only=True) as source:
            return has_table(source, SUMMARY)

    @in_turn
    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Keep the project, and results if given: the rows that differ from what the file holds, or the file as a whole.

        On failure the file holds what it held. Tables that other programs put into it stay. Raises InputError when the path
        holds something else than a project, is open for writing elsewhere, was changed since it was loaded, or cannot be
        written.
        """
        # Answers about places that lie closed would lead to them, camera by camera, in a file that others read.
        bare, results = shut(project, key), None if project.has_opened else assessment
        is_new = not self.exists()
        if is_new and self._kept is not None:
            raise InputError(Fault(GONE, Where(file=self.name)))
        if not is_new:
            require_project(self.path)
        with writing(self.path):
            refuse_read_only(self.path.resolve())
            _clear_up(self.path)
            self._lock.refuse_locked()
            if not is_new and self._kept is not None and self._can_change(self._kept, bare):
                self._change(self._kept, bare, results)
            else:
                self._replace(bare, results, is_new)
            self._kept = KeptState(stamp_of(self.path), bare, results)

    def _can_change(self, kept: KeptState, bare: Project) -> bool:
        """Tell whether rows may be changed in the file as it stands: it has our schema, and closes nothing anew."""
        return can_change(kept, bare) and self._takes_changes()

    def _change(self, kept: KeptState, bare: Project, results: Assessment | None) -> None:
        with locked_to_write(self.path) as target:
            self._refuse_changed(target)
            change_state(target, kept, bare, results)
            self._dress(target, bare)
            note_writing(target)

    def _replace(self, bare: Project, results: Assessment | None, is_new: bool) -> None:
        with replacing(self.path) as fresh:
            with nullcontext() if is_new else locked_to_read(self.path) as old:
                before = None if old is None else stamp_of(self.path, old)
                if old is not None:
                    self._refuse_changed(old)
                _write(bare, old, fresh, results, self._dress)
                if old is not None and stamp_of(self.path, old) != before:  # where no lock kept others from writing
                    raise changed_meanwhile(self.path)
            if is_new and self.exists():
                raise changed_meanwhile(self.path)

    @in_turn
    def copied(self, path: Path) -> "GeoPackageStore":
        """Return the store of a copy at another path, which holds what this file holds if that is known, and nothing else yet.

        What is saved there next costs what differs from here, not a city.
        """
        copy = GeoPackageStore(path)
        with writing(path):
            if self._kept is not None and self.exists() and self._kept.stamp == stamp_of(self.path) and not needs_copy(self.path):
                with replacing(path) as draft:
                    shutil.copyfile(self.path, draft)
                copy._kept = self._kept.stamped(stamp_of(path))
        return copy

    @in_turn
    def log(self, entry: JournalEntry) -> None:
        """Append a row to the table of exports; all else stays, the schema too."""
        require_project(self.path)
        with writing(self.path):
            refuse_read_only(self.path.resolve())
            _clear_up(self.path)
            is_ours = self._kept is not None and self._kept.stamp == stamp_of(self.path)
            with self._as_it_stands() if self._takes_changes() else self._anew() as (target, is_known):
                append_export(target, entry)
                if is_known:  # what another program wrote before stays to be told
                    note_writing(target)
            if self._kept is not None and is_ours:
                self._kept = self._kept.stamped(stamp_of(self.path))

    @contextmanager
    def _as_it_stands(self) -> Iterator[tuple[FileConnection, bool]]:
        """Give a connection that alone may write to the file, and tell whether this program was the last to do so."""
        with locked_to_write(self.path) as target:
            yield target, is_as_written(target)

    @contextmanager
    def _anew(self) -> Iterator[tuple[FileConnection, bool]]:
        """Give a connection to a copy that takes the place of the file, and tell who wrote that last as above."""
        with (
            replacing(self.path) as fresh,
            locked_to_read(self.path) as old,
            _written_anew(old, fresh) as target,
            transaction(target),
        ):
            before = stamp_of(self.path, old)
            yield target, is_as_written(old)
            if stamp_of(self.path, old) != before:
                raise changed_meanwhile(self.path)

    def _takes_changes(self) -> bool:
        """Tell whether the file may be changed as it stands.

        No other name leads to it (those that share it are states of before and stay so), and its disk takes locks: without them
        two programs may change it at once, so it is replaced whole.
        """
        return self.path.stat().st_nlink == 1 and not refuses_locks(self.path)

    @property
    def is_sealed(self) -> bool:
        """Say that the file opens without a passphrase."""
        return False

    @property
    def has_passphrase(self) -> bool:
        """Say that none opens this file."""
        return False

    def unseal(self, passphrase: str) -> None:
        """Refuse a passphrase: nothing is sealed here."""
        del passphrase
        raise InputError(Fault(NOT_SEALED, Where(file=self.name)))

    @in_turn
    def remarks(self) -> tuple[Fault, ...]:
        """Return what a person should know about the file: that another program wrote to it since this one did."""
        with reading(self.path), connected(self.path, read_only=True) as source:
            return () if is_as_written(source) else (Fault(OTHER_PROGRAM, Where(file=self.name)),)

    @in_turn
    def replaced(self) -> tuple[Layer, ...]:
        """Return what other programs took out of the layers, or wrote over, since this program wrote them."""
        with reading(self.path), connected(self.path, read_only=True) as source:
            return () if is_as_written(source) else replaced_layers(source)

    @in_turn
    def state_of(self, copy: Path) -> str:
        """Return what tells the state of the project in a copy, or in the file, whatever was logged since."""
        with reading(copy), connected(copy, read_only=True) as source:
            return state_in(source) if is_as_written(source) else ""

    @in_turn
    def examine(self) -> tuple[Fault, ...]:
        """Return all that is wrong with the file; see :func:`lhasaplan.store.recognising.examine`."""
        from lhasaplan.store.recognising import examine  # noqa: PLC0415 - few starts ask for it

        return (*self.remarks(), *examine(self.path))

    def rescue(self) -> Rescued:
        """Return what can be read of the file; see :func:`lhasaplan.store.rescuing.rescue`."""
        from lhasaplan.store.rescuing import rescue  # noqa: PLC0415 - few starts ask for it

        return rescue(self.path)

    @in_turn
    def logged(self) -> tuple[JournalEntry, ...]:
        """Return the rows of the table of exports."""
        require_project(self.path)
        with reading(self.path), connected(self.path, read_only=True) as source:
            return read_entries(source, EXPORTS, self.name)

    def _refuse_changed(self, source: FileConnection) -> None:
        """Raise InputError where another start or program changed the project since it was loaded: its work would be lost."""
        if self._kept is not None and self._kept.stamp != stamp_of(self.path, source):
            refuse_unlike(self._kept.project, read_state(source, self.name), self.path)


def _clear_up(path: Path) -> None:
    """Remove what a start that was killed left beside the file."""
    clear_earlier(path.resolve())
    clear_leftovers(path.resolve().parent)


@contextmanager
def _written_anew(old: FileConnection | None, fresh: Path) -> Iterator[FileConnection]:
    """Give a connection to the new file, with all that is in the old one."""
    with connected(fresh) as target:
        if old is not None:
            old.backup(target)
            register_functions(target)
        target.execute("PRAGMA journal_mode = MEMORY")
        target.execute("PRAGMA temp_store = MEMORY")
        target.execute("PRAGMA synchronous = OFF")  # the whole file is brought to disk before it takes its place
        yield target


def _write(
    project: Project,
    old: FileConnection | None,
    fresh: Path,
    assessment: Assessment | None,
    dress: Callable[[sqlite3.Connection, Project], None],
) -> None:
    """Write the new file, with what other programs put into the old one.

    The project comes without what is closed (:func:`lhasaplan.store.sealed.shut`).
    """
    with _written_anew(old, fresh) as target:
        write_state(target, project, assessment, is_new=old is None)
        with transaction(target):
            dress(target, project)
            note_writing(target)
