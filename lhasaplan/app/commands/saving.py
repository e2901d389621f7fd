"""Save the project, and close what was drawn as protected in it."""

from collections.abc import Callable

from lhasaplan.app.commands.closed_places import ClosedPlaces
from lhasaplan.app.commands.leaving import Leaving
from lhasaplan.app.commands.opening import Opening
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import ConflictError, UserError
from lhasaplan.ports import OpenProject, Store

SAVED = marked("Saved: {name}.")


class Saving:
    """Writes the project file in a job."""

    def __init__(self, bench: Workbench, leaving: Leaving, opening: Opening, closed: ClosedPlaces) -> None:
        self._bench, self._leaving, self._opening, self._closed = bench, leaving, opening, closed
        self.on_conflict: Callable[[OpenProject, ConflictError], object] = lambda _opened, error: bench.notices.note_error(error)

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
            store = self._bench.engine.open_derived(self._bench.session.store, address)
        except UserError as error:
            self._bench.notices.note_error(error)
            return

        def work(report: Report) -> Store:
            report(0.1, marked("Reaching the database"))
            if password:
                store.unseal(password)
            return store

        self._bench.notices.start("file", work, self._save)

    def _save(self, store: Store) -> None:
        opened, results = self._bench.session.opened_in(store), self._bench.session.kept_results

        def work(report: Report) -> OpenProject:
            report(0.2, marked("Saving the project"))
            self._bench.engine.save(opened, results)
            return opened

        def fail(error: UserError) -> None:
            if isinstance(error, ConflictError):
                self.on_conflict(opened, error)
            else:
                self._bench.notices.note_error(error)

        self._bench.jobs.start("file", work, self._mark_saved, fail)

    def _mark_saved(self, saved: OpenProject) -> None:
        if saved.project is self._bench.session.project:
            self._bench.session.mark_saved(saved.store)
        self._bench.notices.note(SAVED, name=saved.store.name)

    def protect(self) -> None:
        """Close the drawn protected places and save: no step before it can be undone, since that would open them again."""
        store = self._bench.session.store or self._leaving.ask_store()
        if store is not None:
            self._closed.close(self._bench.session.opened_in(store), self._take_closed)

    def _take_closed(self, closed: OpenProject) -> None:
        self._opening.take_opened(closed)
        self._bench.notices.note(marked("The drawn protected places are closed in the project file."))
