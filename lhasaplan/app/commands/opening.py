"""Make, open and close projects, and offer to recover unsaved work after a crash."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path

from PySide6.QtCore import QEventLoop

from lhasaplan import workflow
from lhasaplan.app.commands.analysing import Analysing
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.jobs.autosave import QUIET_MS, Autosave, LostWork, lost_work
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import PlaceKey, Project
from lhasaplan.errors import Fault, UserError
from lhasaplan.ports import KeptProject, Store

# Open and close drawn protected places, as jobs beside other work on files.
CLOSED = marked(
    "{count} drawn protected places of this project are closed. Without their passphrase they are missing here, and nothing may "
    "be planned."
)
SEALED = marked("This project is sealed as a whole. It opens with its passphrase alone.")
SEALED_FILE = marked("{file} is sealed as a whole. It opens with its passphrase alone.")
PASSWORD = marked("The database of this project asks for the password of your account. It is stored nowhere.")
Done = Callable[[KeptProject], None]


class ClosedPlacesCommands:
    """Asks for passphrases and hands on the project as they leave it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def passphrase_of_file(self, address: str | PathLike[str], name: str = "") -> str | None:
        """Return the passphrase of a sealed project, empty where none is needed; None if the person thought better of it.

        ``name`` says which of several is asked about. None, too, where nothing can be opened there, which is told.
        """
        try:
            store = self._bench.services.stores.open(address)
        except UserError as error:
            self._bench.notices.note_error(error)
            return None
        if store.needs_password:
            return self._bench.dialogs.ask_passphrase(self._bench.language(PASSWORD)) or None
        if not store.is_sealed:
            return ""
        text = self._bench.language(SEALED_FILE, file=name) if name else self._bench.language(SEALED)
        return self._bench.dialogs.ask_passphrase(text) or None

    def open_if_closed(self, opened: KeptProject, done: Done) -> None:
        """Hand on the project, opened where its places are closed and the person gives their passphrase.

        After a wrong one it is asked for again, until the person leaves them closed.
        """
        passphrase: str | None = None
        if opened.project.is_closed:
            passphrase = self._bench.dialogs.ask_passphrase(self._bench.language(CLOSED, count=opened.project.closed_count))
        if not passphrase:
            done(opened)
            return

        def work(report: Report) -> KeptProject:
            report(0.2, marked("Opening the closed places"))
            return workflow.open_places(self._bench.services, opened, passphrase)

        def failed(error: UserError) -> None:
            self._bench.notices.tell_error(error)
            self.open_if_closed(opened, done)

        self._bench.jobs.start("file", work, done, failed)

    def close(self, opened: KeptProject, done: Done) -> None:
        """Close the drawn places and save in one go, and hand on the project."""
        passphrase = self._bench.dialogs.ask_new_passphrase()
        if not passphrase:
            return

        def work(report: Report) -> KeptProject:
            report(0.2, marked("Closing the drawn places"))
            closed = workflow.close_places(self._bench.services, opened, passphrase)
            workflow.save(closed)
            return closed

        self._bench.notices.start("file", work, done)


# Read other projects beside the one that is shown: of a sealed one the passphrase is asked for, of versions which counts.
READING = marked("Reading the project")
Opened = Mapping[Path, KeptProject]


class ReadingBeside:
    """Asks what must be known before, and reads in a job."""

    def __init__(self, bench: Workbench, closed: ClosedPlacesCommands) -> None:
        self._bench, self._closed = bench, closed

    def read(self, paths: Sequence[Path], then: Callable[[Opened], object]) -> None:
        """Hand on what these files hold; nothing where the person gives no passphrase of one that is sealed."""
        passphrases, services = dict[Path, str](), self._bench.services
        for path in paths:
            passphrase = self._closed.passphrase_of_file(path, path.name)
            if passphrase is None:
                return
            passphrases[path] = passphrase

        def work(report: Report) -> Opened:
            report(0.2, READING)
            for path, passphrase in passphrases.items():
                if passphrase:
                    services.stores.open(path).unseal(passphrase)
            return {path: workflow.open_project(services, path) for path in passphrases}

        self._bench.notices.start("file", work, then)

    def versions_of(self, opened: Opened) -> Mapping[Path, str] | None:
        """Return the version of the plan that a person chooses in each project that has any, empty for the current plan.

        None if the person thought better of it.
        """
        names = {path: [each.name for each in one.project.versions] for path, one in opened.items() if one.project.versions}
        return self._bench.dialogs.ask_versions(names) if names else {}


# Leave a project: ask about unsaved changes, and save before it goes.
LANE = "saving"


class Leaving:
    """Asked before another project comes or the window closes."""

    def __init__(self, bench: Workbench) -> None:
        self._session, self._stores = bench.session, bench.services.stores
        self._dialogs, self._notices, self._jobs = bench.dialogs, bench.notices, bench.jobs

    def may_leave(self) -> bool:
        """Ask about unsaved changes; say whether the project may be left."""
        if not self._session.is_dirty:
            return True
        answer = self._dialogs.ask_save()
        return answer == "discard" or (answer == "save" and self._save_now())

    def ask_store(self) -> Store | None:
        """Ask where the project is to be kept."""
        project = self._session.project
        first = next((record.path.partition(".")[0] for record in project.inputs), "")
        path = self._dialogs.ask_save_as(project.name or first)
        return None if path is None else self.derived(path)

    def derived(self, address: str | PathLike[str]) -> Store:
        """Return where what is shown can be kept besides: sealed as the project is."""
        store = self._session.store
        return self._stores.derived([] if store is None else [store], address)

    def _save_now(self) -> bool:
        """Save in a job while the window goes on painting and takes no input: nothing may come between."""
        store = self._session.store or self.ask_store()
        if store is None:
            return False
        opened, results = self._session.opened_in(store), self._session.kept_results
        waiting, failed = QEventLoop(), list[UserError]()

        def work(report: Report) -> None:
            report(0.2, marked("Saving the project"))
            workflow.save(opened, results)

        def fail(error: UserError) -> None:
            failed.append(error)
            waiting.quit()

        self._jobs.start(LANE, work, lambda _nothing: waiting.quit(), fail, broken=fail)
        waiting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for error in failed:
            self._notices.tell_error(error)
        if not failed:
            self._session.mark_saved(store)
        return not failed


FOUND = marked("There is unsaved work on {name}, of {written}: the program ended before it was saved.")
RECOVER, DISCARD = marked("Recover it"), marked("Discard it")
RECOVERED = marked("The unsaved work is open again. Save it to keep it.")
SAVED_SINCE = marked(
    "{name} has been saved elsewhere in the meantime. The unsaved work is open without a file; save it under another name."
)
UNNAMED = marked("new project")


class Recovering:
    """Keeps copies while the window runs, and offers those that others left."""

    def __init__(self, bench: Workbench, leaving: Leaving, closed: ClosedPlacesCommands) -> None:
        self._bench, self._leaving, self._closed = bench, leaving, closed
        self.autosave = Autosave(bench.session, bench.services.stores, bench.jobs)

    def begin(self, folder: Path, quiet_ms: int = QUIET_MS) -> None:
        """Offer what is left in a folder, and keep copies there from now on."""
        for lost in lost_work(folder) if folder.is_dir() else ():
            name = lost.name or self._bench.language(UNNAMED)
            actions = ((RECOVER, partial(self.recover, lost)), (DISCARD, lost.drop))
            self._bench.notices.note(FOUND, tone=Tone.NOTE, actions=actions, stays=True, name=name, written=lost.written)
        self.autosave.begin(folder, quiet_ms)

    def recover(self, lost: LostWork) -> None:
        """Open unsaved work; it stays where it is until it was saved, or copied anew."""
        if not self._leaving.may_leave():
            return
        context, stores = self._bench.context, self._bench.services.stores
        if lost.secret:
            stores.copy(None, lost.file, lost.secret)
        passphrase = self._closed.passphrase_of_file(lost.file)
        if passphrase is None:
            return

        def work(report: Report) -> tuple[KeptProject, Store | None]:
            report(0.2, marked("Reading the project"))
            if passphrase:
                stores.open(lost.file).unseal(passphrase)
            opened = context.open_project(lost.file)
            return opened, self._store_of(lost, passphrase)

        def show(opened: KeptProject, store: Store | None) -> None:
            self._closed.open_if_closed(opened, lambda with_places: self._show(with_places, store, lost))

        self._bench.notices.start("file", work, lambda found: show(*found))

    def _store_of(self, lost: LostWork, passphrase: str) -> Store | None:
        """Return where the project is kept; none where it was saved elsewhere since, for that would be written over."""
        if not lost.address:
            return None
        store = self._bench.services.stores.open(lost.address)
        if store.exists() and store.is_sealed and passphrase:
            store.unseal(passphrase)
        if not lost.is_newer(store):
            return None
        if store.exists():
            store.load()  # so that saving sees whether another start changes the file from now on
        return store

    def _show(self, opened: KeptProject, store: Store | None, lost: LostWork) -> None:
        session, notices = self._bench.session, self._bench.notices
        session.open(opened.project, store, opened.key)
        session.history.resetClean()
        self.autosave.adopt(lost)
        if lost.address and store is None:
            notices.note(SAVED_SINCE, tone=Tone.NOTE, name=lost.name)
        else:
            notices.note(RECOVERED)


# Begin and open projects: under chosen rules, from a sample, from a file.
AGAIN = marked("This project was saved with results. The program computes them again from the file.")
AGAIN_MS = 8000


@dataclass(frozen=True, slots=True)
class _ReadProject:
    """A project as its file has it, whether it was saved with results, and what is to be said of drawn places in it."""

    opened: KeptProject
    has_results: bool
    remarks: tuple[Fault, ...]


class Opening:
    """Every way to another project."""

    def __init__(self, bench: Workbench, leaving: Leaving, closed: ClosedPlacesCommands, analysing: Analysing) -> None:
        self._bench, self._leaving, self._closed, self._analysing = bench, leaving, closed, analysing

    def begin(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin a project under chosen rule packs, and go on with what is to be done in it."""
        if not self._leaving.may_leave():
            return
        services = self._bench.services
        packs = self._bench.dialogs.ask_packs(workflow.pack_titles(services, self._bench.language.code))
        if packs is None:
            return

        def take(project: Project) -> None:
            self.take(project)
            then()

        self._bench.notices.start("file", lambda _report: workflow.new_project(services, tuple(packs), ""), take)

    def open_sample(self, city: str) -> None:
        """Look around in a shipped city."""
        if not self._leaving.may_leave():
            return

        def work(report: Report) -> Project:
            report(0.2, marked("Reading the sample"))
            return self._bench.context.open_sample(city)

        self._bench.notices.start("file", work, self.take)

    def ask_and_open(self) -> None:
        """Open a project file."""
        path = self._bench.dialogs.ask_open() if self._leaving.may_leave() else None
        if path is not None:
            self.open_address(path)

    def reopen(self, address: str) -> None:
        """Open a project whose address is known, unless unsaved changes hold."""
        if self._leaving.may_leave():
            self.open_address(address)

    def open_address(self, address: str | PathLike[str]) -> None:
        """Open the project that is kept at this address; of a sealed one the passphrase is asked for first."""
        passphrase = self._closed.passphrase_of_file(address)
        if passphrase is None:
            return

        def work(report: Report) -> _ReadProject:
            report(0.2, marked("Reading the project"))
            if passphrase:
                self._bench.services.stores.open(address).unseal(passphrase)
            opened = self._bench.context.open_project(address)
            return _ReadProject(opened, opened.store.has_results(), workflow.remarks_on_drawn(opened.project))

        self._bench.notices.start("file", work, self._take_opened)

    def _take_opened(self, read: "_ReadProject") -> None:
        """Show a project; where it was saved with results, compute them again: other programs may have changed the file."""
        self._closed.open_if_closed(read.opened, lambda opened: self._show_opened(opened, read))

    def _show_opened(self, opened: KeptProject, read: "_ReadProject") -> None:
        self.take_opened(opened)
        is_as_read = opened.project is read.opened.project
        for remark in read.remarks if is_as_read else workflow.remarks_on_drawn(opened.project):
            self._bench.notices.remark(remark)
        if read.has_results:
            self._bench.session.attention.say(self._bench.language(AGAIN), AGAIN_MS)
            self._analysing.check()

    def take_opened(self, opened: KeptProject) -> None:
        """Show a project that is kept somewhere."""
        self.take(opened.project, opened.store, opened.key)

    def take(self, project: Project, store: Store | None = None, key: PlaceKey | None = None) -> None:
        """Show another project; without a store it is kept nowhere yet."""
        self._analysing.cancel_analysis()
        self._bench.session.open(project, store, key)
