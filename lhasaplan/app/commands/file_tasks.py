"""What the File menu asks for, done as jobs: new, open, save, import, mandate, export."""

from collections.abc import Callable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan.app.commands.closed_places import ClosedPlacesTasks
from lhasaplan.app.work.engine import Engine
from lhasaplan.app.work.jobs import Report, unreadable
from lhasaplan.core.base.fault_summary import shortened
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.place_key import PlaceKey
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import DraftsError, Fault, UserError
from lhasaplan.ports import OpenProject, Store

if TYPE_CHECKING:
    from lhasaplan.app.shell.window import MainWindow

NO_RESULTS = marked("There are no results yet. Run the audit first.")
STALE_RESULTS = marked("The project was changed since the last analysis. Run it again before exporting.")
AGAIN = marked("This project was saved with results. They are computed again from what the file holds.")
WRITTEN = marked("These drafts were written:")
AGAIN_MS = 8000


class FileTasks:
    """The methods ``do_<key>`` behind the File menu, and how the window tells things."""

    def __init__(self, window: "MainWindow", engine: Engine) -> None:
        self._window, self._engine = window, engine
        self._say, self._session, self._jobs = window.language, window.session, window.jobs
        self._closed = ClosedPlacesTasks(window, engine, self.tell_error)

    # Telling

    def tell(self, template: str, lines: list[str] | None = None) -> None:
        """Tell a sentence, and a list under it."""
        self._window.dialogs.tell("lhasaplan", [self._say(template), *(lines or [])])

    def tell_error(self, error: UserError) -> None:
        """Tell everything that is wrong, in the user's language, and which drafts were written all the same."""
        lines = [self._say.fault(fault) for fault in shortened(error.faults)]
        if isinstance(error, DraftsError) and error.files:
            lines += [self._say(WRITTEN), *error.files]
        self._window.dialogs.tell(self._say(marked("This did not work")), lines)

    def _start(self, lane: str, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        self._jobs.start(lane, work, done, self.tell_error)

    def warm_up(self) -> None:
        """Make the sight kernels ready while the user looks around, and say so when they cannot be kept."""
        self._start("warm", lambda _report: self._engine.warm_up(), self._tell_remark)

    def _tell_remark(self, remark: Fault | None) -> None:
        if remark is not None:
            self._window.statusBar().showMessage(self._say.fault(remark))

    # Files

    def may_leave(self) -> bool:
        """Ask about unsaved changes; say whether the project may be left."""
        if not self._session.is_dirty:
            return True
        answer = self._window.dialogs.ask_save()
        return answer == "discard" or (answer == "save" and self._save_now())

    def _save_now(self) -> bool:
        """Save before leaving, in this thread: nothing may come between."""
        store = self._session.store or self._ask_store()
        if store is None:
            return False
        try:
            self._engine.save(self._session.opened_in(store), self._results_to_save())
        except (UserError, OSError) as error:
            self.tell_error(error if isinstance(error, UserError) else unreadable(error))
            return False
        self._session.mark_saved(store)
        return True

    def _ask_store(self) -> Store | None:
        path = self._window.dialogs.ask_save_as()
        return None if path is None else self._engine.open_store(path)

    def _results_to_save(self) -> Assessment | None:
        return None if self._session.is_stale else self._session.assessment

    def do_new(self) -> None:
        """Begin a project under chosen rule packs."""
        if not self.may_leave():
            return
        packs = self._window.dialogs.ask_packs(self._engine.pack_titles(self._say.code))
        if packs is not None:
            self._start("file", lambda _report: self._engine.new_project(packs), self.take_project)

    def do_sample_helsinki(self) -> None:
        """Look around in a real city that can be audited."""
        self._open_sample("helsinki")

    def do_sample_hilltown(self) -> None:
        """Look around in a made-up town with a mandate."""
        self._open_sample("hilltown")

    def _open_sample(self, city: str) -> None:
        if not self.may_leave():
            return

        def work(report: Report) -> Project:
            report(0.2, marked("Reading the sample"))
            return self._engine.open_sample(city)

        self._start("file", work, self.take_project)

    def do_open(self) -> None:
        """Open a project file."""
        path = self._window.dialogs.ask_open() if self.may_leave() else None
        if path is not None:
            self.open_address(path)

    def open_address(self, address: str | PathLike[str]) -> None:
        """Open the project that is kept at this address."""
        self._start("file", lambda report: self._load(address, report), lambda found: self._take_opened(*found))

    def _load(self, address: str | PathLike[str], report: Report) -> tuple[OpenProject, bool]:
        report(0.2, marked("Reading the project"))
        opened = self._engine.open_project(address)
        return opened, opened.store.has_results()

    def _take_opened(self, found: OpenProject, has_results: bool) -> None:
        """Show a project; where it was saved with results, compute them again: other programs may have changed the file."""
        self._closed.open_if_closed(found, lambda opened: self._show_opened(opened, has_results))

    def _show_opened(self, opened: OpenProject, has_results: bool) -> None:
        self.take_opened(opened)
        for remark in self._engine.remarks_on_drawn(opened.project):
            self._tell_remark(remark)
        if has_results:
            self._window.statusBar().showMessage(self._say(AGAIN), AGAIN_MS)
            self._window.tasks.do_check()

    def take_opened(self, opened: OpenProject) -> None:
        """Show a project that is kept somewhere."""
        self.take_project(opened.project, opened.store, opened.key)

    def take_project(self, project: Project, store: Store | None = None, key: PlaceKey | None = None) -> None:
        """Show another project; without a store it is kept nowhere yet."""
        self._jobs.cancel("analysis")
        self._window.actions_["measure"].setChecked(False)
        self._window.desk.open_elsewhere()
        self._window.who_sees.show_answers(None)
        self._session.open(project, store, key)

    def do_save(self) -> None:
        """Save where the project lies."""
        if self._session.store is None:
            self.do_save_as()
        else:
            self._save(self._session.store)

    def do_save_as(self) -> None:
        """Save under another name."""
        store = self._ask_store()
        if store is not None:
            self._save(store)

    def _save(self, store: Store) -> None:
        opened, results = self._session.opened_in(store), self._results_to_save()

        def work(report: Report) -> OpenProject:
            report(0.2, marked("Saving the project"))
            self._engine.save(opened, results)
            return opened

        self._start("file", work, self._mark_saved)

    def _mark_saved(self, saved: OpenProject) -> None:
        if saved.project is self._session.project:
            self._session.mark_saved(saved.store)

    def do_import(self) -> None:
        """Take files into the project; one undo step takes them out again."""
        wish = self._window.dialogs.ask_import()
        if wish is None:
            return
        project = self._session.project

        def work(report: Report) -> tuple[Project, list[Fault]]:
            grown, remarks = project, []
            for number, path in enumerate(wish.paths):
                report(number / len(wish.paths), marked("Importing"))
                grown, found = self._engine.import_file(
                    grown, path, wish.kind, wish.crs, wish.datum, replace_more=wish.replace_more
                )
                remarks += found.remarks
            return grown, remarks

        self._start("file", work, self._take_import)

    def _take_import(self, found: tuple[Project, list[Fault]]) -> None:
        grown, remarks = found
        self._session.edit(marked("Import"), lambda _project: grown)
        if remarks:
            self.tell(marked("The file was imported. Please note:"), [self._say.fault(fault) for fault in remarks])

    def do_mandate(self) -> None:
        """Read the mandate that the gate asks for."""
        path = self._window.dialogs.ask_open(mandate=True)
        if path is None:
            return
        project = self._session.project
        self._start("file", lambda _report: self._engine.set_mandate(project, path), self._take_mandate)

    def _take_mandate(self, project: Project) -> None:
        self._session.edit(marked("Read mandate"), lambda _project: project)

    def do_protect(self) -> None:
        """Close the drawn protected places and save: no step before it can be undone, since that would open them again."""
        store = self._session.store or self._ask_store()
        if store is not None:
            self._closed.close(self._session.opened_in(store), self._take_closed)

    def _take_closed(self, closed: OpenProject) -> None:
        self.take_opened(closed)
        self.tell(marked("The drawn protected places are closed in the project file."))

    def do_export(self) -> None:
        """Write drafts of the last results."""
        results, project = self._session.assessment, self._session.project
        if results is None or self._session.is_stale:
            self.tell(NO_RESULTS if results is None else STALE_RESULTS)
            return
        wish = self._window.dialogs.ask_export()
        if wish is None:
            return

        def work(report: Report) -> list[Path]:
            told = partial(_writing, report)
            return self._engine.export(project, results, wish.formats, wish.folder, wish.language, progress=told)

        self._start("file", work, lambda files: self.tell(WRITTEN, [*map(str, files)]))

    def do_quit(self) -> None:
        """Close the window."""
        self._window.close()


def _writing(report: Report, share: float, _step: str) -> None:
    """Say how much of the drafts is written."""
    report(share, marked("Writing the drafts"))
