"""Save the project, hold it while the window shows it, and keep its last states."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.app.commands.opening import ClosedPlacesCommands, Leaving, Opening
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import ConflictError, Fault, InputError, UserError, Where
from lhasaplan.files.replacing import back_up, fault_of, note_seen
from lhasaplan.files.scratch import account
from lhasaplan.ports import FileStore, KeptProject, SharedStore, Store

# Hold the project that the window shows, so that others see by whom it is worked on, and keep the state of its opening.

LANE = "backup"
NOT_KEPT = marked("No backup of this file could be kept: {error}")

READ_ONLY = marked("This project is open elsewhere, so it is read only here.")
LOOK_AT = marked("Please note about the file of this project:")


class Holding:
    """Follows where the project is kept."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._store: Store | None = None
        self._folder: Path | None = None

    def begin(self, folder: Path | None = None) -> None:
        """Hold what is shown from now on, and keep the state of each file when it is opened in this folder."""
        self._folder = folder
        self._bench.session.document_changed.connect(self._follow)

    def _follow(self) -> None:
        store = self._bench.session.store
        if store is not self._store:
            self.end()
            self._store = store
            found = store.lock() if store is not None else ()
            remarks = (*found, *(store.remarks() if store is not None and store.exists() else ()))
            if remarks:
                template, say = READ_ONLY if found else LOOK_AT, self._bench.language.fault
                self._bench.notices.note(
                    template,
                    lambda: [*map(say, remarks)],
                    Tone.NOTE,
                    stays=True,
                    holds=lambda: self._bench.session.store is store,
                )
            if store is not None and self._folder is not None:
                self._note_opening(store, self._folder, is_read_only=bool(found))

    def _note_opening(self, store: Store, folder: Path, *, is_read_only: bool) -> None:
        """Keep the file as it is now, then log in it that it was opened; where either cannot be, the status line says so."""
        path = store.file if isinstance(store, FileStore) and store.file.is_file() else None
        place = folder / hashlib.sha256(store.address.encode()).hexdigest()[:16]

        def work(_report: Report) -> None:
            if path is not None and not is_read_only:
                _kept(path, lambda: back_up(path, place, state_of=partial(workflow.known_state, store)))
            if path is not None or isinstance(store, SharedStore):
                _logged(lambda: workflow.log_opening(self._bench.services, store, account(), is_read_only=is_read_only))
            if path is not None and not is_read_only:
                _kept(path, lambda: note_seen(path, place))

        self._bench.jobs.start(LANE, work, lambda _nothing: None, self._tell)

    def _tell(self, error: UserError) -> None:
        self._bench.session.attention.say(" ".join(self._bench.language.fault(fault) for fault in error.faults))

    def end(self) -> None:
        """Let others lock it."""
        if self._store is not None:
            self._store.unlock()
        self._store = None


def _kept(path: Path, keep: Callable[[], object]) -> None:
    try:
        keep()
    except OSError as error:
        raise InputError(fault_of(error, Where(file=path.name), NOT_KEPT)) from error


def _logged(log: Callable[[], object]) -> None:
    try:
        log()
    except InputError as error:
        raise InputError(Fault(workflow.NOT_LOGGED), *error.faults) from error


# Save the project, and close what was drawn as protected in it.

SAVED = marked("Saved: {name}.")


class Saving:
    """Writes the project file in a job."""

    def __init__(self, bench: Workbench, leaving: Leaving, opening: Opening, closed: ClosedPlacesCommands) -> None:
        self._bench, self._leaving, self._opening, self._closed = bench, leaving, opening, closed
        self.on_conflict: Callable[[KeptProject, ConflictError], object] = lambda _opened, error: bench.notices.note_error(error)

    def save(self) -> None:
        """Save where the project is kept."""
        store = self._bench.session.store
        if store is None:
            self.save_as()
        else:
            self._save(store)

    def save_as(self) -> None:
        """Save under another name."""
        store = self._leaving.ask_store()
        if store is not None:
            self._save(store)

    def save_into(self, address: str) -> None:
        """Save where an office shares it, under an address that no project has yet; the window goes on with that one."""
        try:
            password = self._closed.passphrase_of_file(address)
        except UserError as error:
            self._bench.notices.note_error(error)
            return
        if password is None:
            return
        try:
            store = self._leaving.derived(address)
        except UserError as error:
            self._bench.notices.note_error(error)
            return

        def work(report: Report) -> Store:
            report(0.1, marked("Connecting to the database"))
            if password:
                store.unseal(password)
            return store

        self._bench.notices.start("file", work, self._save)

    def _save(self, store: Store) -> None:
        opened, results = self._bench.session.opened_in(store), self._bench.session.kept_results

        def work(report: Report) -> KeptProject:
            report(0.2, marked("Saving the project"))
            workflow.save(opened, results)
            return opened

        def fail(error: UserError) -> None:
            if isinstance(error, ConflictError):
                self.on_conflict(opened, error)
            else:
                self._bench.notices.note_error(error)

        self._bench.jobs.start("file", work, self._mark_saved, fail)

    def _mark_saved(self, saved: KeptProject) -> None:
        if saved.project is self._bench.session.project:
            self._bench.session.mark_saved(saved.store)
        self._bench.notices.note(SAVED, name=saved.store.name)

    def protect(self) -> None:
        """Close the drawn protected places and save: no step before it can be undone, since that would open them again."""
        store = self._bench.session.store or self._leaving.ask_store()
        if store is not None:
            self._closed.close(self._bench.session.opened_in(store), self._take_closed)

    def _take_closed(self, closed: KeptProject) -> None:
        self._opening.take_opened(closed)
        self._bench.notices.note(marked("The drawn protected places are closed in the project file."))
