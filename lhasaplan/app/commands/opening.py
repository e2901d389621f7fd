"""Begin and open projects: under chosen rules, from a sample, from a file."""

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike

from lhasaplan.app.commands.analysing import Analysing
from lhasaplan.app.commands.closed_places import ClosedPlaces
from lhasaplan.app.commands.leaving import Leaving
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.place_key import PlaceKey
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, UserError
from lhasaplan.ports import OpenProject, Store

AGAIN = marked("This project was saved with results. They are computed again from what the file holds.")
AGAIN_MS = 8000


@dataclass(frozen=True, slots=True)
class _Read:
    """A project as its file has it, whether it was saved with results, and what is to be said of drawn places in it."""

    opened: OpenProject
    has_results: bool
    remarks: tuple[Fault, ...]


class Opening:
    """Every way to another project."""

    def __init__(self, bench: Workbench, leaving: Leaving, closed: ClosedPlaces, analysing: Analysing) -> None:
        self._bench, self._leaving, self._closed, self._analysing = bench, leaving, closed, analysing

    def begin(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin a project under chosen rule packs, and go on with what is to be done in it."""
        if not self._leaving.may_leave():
            return
        engine = self._bench.engine
        packs = self._bench.dialogs.ask_packs(engine.pack_titles(self._bench.language.code))
        if packs is None:
            return

        def take(project: Project) -> None:
            self.take(project)
            then()

        self._bench.notices.start("file", lambda _report: engine.new_project(packs), take)

    def open_sample(self, city: str) -> None:
        """Look around in a shipped city."""
        if not self._leaving.may_leave():
            return

        def work(report: Report) -> Project:
            report(0.2, marked("Reading the sample"))
            return self._bench.engine.open_sample(city)

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
        try:
            passphrase = self._closed.passphrase_of_file(address)
        except UserError as error:
            self._bench.notices.note_error(error)
            return
        if passphrase is None:
            return

        def work(report: Report) -> _Read:
            report(0.2, marked("Reading the project"))
            if passphrase:
                self._bench.engine.open_store(address).unseal(passphrase)
            opened = self._bench.engine.open_project(address)
            return _Read(opened, opened.store.has_results(), self._bench.engine.remarks_on_drawn(opened.project))

        self._bench.notices.start("file", work, self._take_opened)

    def _take_opened(self, read: "_Read") -> None:
        """Show a project; where it was saved with results, compute them again: other programs may have changed the file."""
        self._closed.open_if_closed(read.opened, lambda opened: self._show_opened(opened, read))

    def _show_opened(self, opened: OpenProject, read: "_Read") -> None:
        self.take_opened(opened)
        is_as_read = opened.project is read.opened.project
        for remark in read.remarks if is_as_read else self._bench.engine.remarks_on_drawn(opened.project):
            self._bench.notices.remark(remark)
        if read.has_results:
            self._bench.session.attention.say(self._bench.language(AGAIN), AGAIN_MS)
            self._analysing.check()

    def take_opened(self, opened: OpenProject) -> None:
        """Show a project that is kept somewhere."""
        self.take(opened.project, opened.store, opened.key)

    def take(self, project: Project, store: Store | None = None, key: PlaceKey | None = None) -> None:
        """Show another project; without a store it is kept nowhere yet."""
        self._analysing.cancel_analysis()
        self._bench.session.open(project, store, key)
