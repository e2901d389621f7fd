"""Take files into the project, and save it; hold it while the window shows it, and keep its last states."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.app.commands.opening import ClosedPlacesCommands, Leaving, Opening
from lhasaplan.app.commands.workbench import MANDATE_PANEL, Workbench
from lhasaplan.app.dialogs import AskedImport
from lhasaplan.app.jobs import Report
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import ANY_COLUMN
from lhasaplan.core.project.project import Project
from lhasaplan.errors import ConflictError, Fault, InputError, UserError, Where
from lhasaplan.files.replacing import back_up, fault_of, note_seen
from lhasaplan.files.scratch import account
from lhasaplan.ports import PROJECT_ENDING, FileStore, KeptProject, ProjectStores, SharedStore, Store

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportPreview, ImportReport

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
        password = self._closed.passphrase_of_file(address)
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


# Take files into the project: read, shown, and taken when the person says so; one undo step takes them out again.

IMPORTED, NOT_TAKEN = marked("Imported: {files}."), marked("Nothing was imported.")
MANDATE_READ = marked("The mandate was read.")
CHANGED = marked("The project was changed while the files were read. Import them again.")


class Importing:
    """Reads in jobs, edits when all is read."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def take_in(self, wish: AskedImport) -> None:
        """Read the files of a wish beside the window, show what they would bring, and take it if the person says so."""
        before = self._bench.session.project
        self._bench.notices.start(
            "file", lambda report: self._read(before, wish, report), lambda found: self._ask(before, *found)
        )

    def _read(self, before: Project, wish: AskedImport, report: Report) -> "tuple[Project, ImportPreview]":
        project, reports = before, list["ImportReport"]()
        for number, path in enumerate(wish.paths):
            report(number / len(wish.paths), marked("Importing"))
            project, found = workflow.import_file(
                self._bench.services,
                project,
                path,
                kind=wish.kind,
                crs=wish.crs,
                datum=wish.datum,
                replace_more=wish.replace_more,
                no_use=(ANY_COLUMN,),  # asked about in the box, before anything is taken
                progress=partial(_still_wanted, report, number / len(wish.paths)),
            )
            reports.append(found)
        report(0.98, marked("Importing"))
        return project, workflow.preview_import(before, project, reports)

    def _ask(self, before: Project, grown: Project, preview: "ImportPreview") -> None:
        session, notices = self._bench.session, self._bench.notices
        if not self._bench.dialogs.ask_take(preview):
            notices.note(NOT_TAKEN)
            return
        if session.project is not before:  # an edit came between; nothing of it may be lost
            notices.note(CHANGED)
            return
        session.edit(marked("Import"), lambda _project: grown)
        remarks = [remark for file in preview.files for remark in file.remarks]
        files = ", ".join(file.name for file in preview.files)
        tone = Tone.NOTE if remarks else Tone.DONE
        notices.note(IMPORTED, notices.said_of(remarks), tone, notices.undoing(before), files=files)

    def read_mandate(self) -> None:
        """Read the mandate that the gate asks for."""
        path = self._bench.dialogs.ask_open(mandate=True)
        if path is None:
            return
        project, services = self._bench.session.project, self._bench.services

        def work(_report: Report) -> tuple[Project, tuple[Fault, ...]]:
            stated = workflow.mandate(services, project, path)
            return stated, workflow.remarks_on_mandate(services, stated) if stated.crs else ()

        self._bench.notices.start("file", work, lambda found: self._take_mandate(*found))

    def _take_mandate(self, project: Project, remarks: Sequence[Fault]) -> None:
        self._bench.session.edit(marked("Read mandate"), lambda _project: project)
        session, notices = self._bench.session, self._bench.notices
        notices.note_remarks(MANDATE_READ, remarks)
        session.attention.bring(MANDATE_PANEL)


def _still_wanted(report: Report, share: float, _share: float, _step: str) -> None:
    """Say once more how far the files are: what raises there ends the reading of one."""
    report(share, marked("Importing"))


def is_project(stores: ProjectStores, path: Path) -> bool:
    """Tell whether a file is a project of this program."""
    try:
        store = stores.open(path)
        _ = store.is_sealed or store.has_results()
    except InputError:
        return False
    return True


# Take files in that are dropped or chosen: a project is opened, anything else imported, under rules that are chosen first.


class Dropping:
    """Does the same with files that are dropped and with those that are chosen in the File menu."""

    def __init__(self, bench: Workbench, opening: Opening, importing: Importing) -> None:
        self._bench, self._opening, self._importing = bench, opening, importing

    def take(self, paths: Sequence[Path]) -> None:
        """Take dropped files: one that is a project is opened; where no rules are chosen yet, these are asked for first."""
        if len(paths) == 1 and paths[0].suffix.lower() == PROJECT_ENDING:
            stores, path = self._bench.services.stores, paths[0]
            self._bench.notices.start("file", lambda _report: is_project(stores, path), lambda yes: self._take_one(path, yes))
        elif paths:
            self._import(paths)

    def ask_and_import(self) -> None:
        """Take in city data or cameras that a person chooses."""
        wish = self._bench.dialogs.ask_import()
        if wish is not None:
            self._take_in(wish)

    def _take_one(self, path: Path, is_project: bool) -> None:
        if is_project:
            self._opening.reopen(str(path))
        else:
            self._import((path,))

    def _import(self, paths: Sequence[Path]) -> None:
        self._take_in(AskedImport(tuple(paths), None, None, ""))

    def _take_in(self, wish: AskedImport) -> None:
        """Import, under rules that are asked for where the project is empty and has none yet."""
        project = self._bench.session.project
        if project.packs or project.crs:
            self._importing.take_in(wish)
        else:
            self._opening.begin(lambda: self._importing.take_in(wish))
