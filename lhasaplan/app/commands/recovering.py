"""Offer unsaved work of a window that was killed, and open it again as unsaved work."""

from functools import partial
from pathlib import Path

from lhasaplan.app.commands.closed_places import ClosedPlaces
from lhasaplan.app.commands.leaving import Leaving
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.autosave import QUIET_MS, Autosave, LostWork, lost_work
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.wording import marked
from lhasaplan.ports import OpenProject, Store

FOUND = marked("Unsaved work of {name} is here, of {written}: the program ended before it was saved.")
RECOVER, DISCARD = marked("Recover it"), marked("Throw it away")
RECOVERED = marked("The unsaved work is open again. Save it to keep it.")
SAVED_SINCE = marked("{name} was saved elsewhere since. The unsaved work is open without a file; save it under another name.")
UNNAMED = marked("new project")


class Recovering:
    """Keeps copies while the window runs, and offers those that others left."""

    def __init__(self, bench: Workbench, leaving: Leaving, closed: ClosedPlaces) -> None:
        self._bench, self._leaving, self._closed = bench, leaving, closed
        self.autosave = Autosave(bench.session, bench.engine, bench.jobs)

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
        engine = self._bench.engine
        if lost.secret:
            engine.open_copy(None, lost.file, lost.secret)
        passphrase = self._closed.passphrase_of_file(lost.file)
        if passphrase is None:
            return

        def work(report: Report) -> tuple[OpenProject, Store | None]:
            report(0.2, marked("Reading the project"))
            if passphrase:
                engine.open_store(lost.file).unseal(passphrase)
            opened = engine.open_project(lost.file)
            return opened, self._store_of(lost, passphrase)

        def show(opened: OpenProject, store: Store | None) -> None:
            self._closed.open_if_closed(opened, lambda with_places: self._show(with_places, store, lost))

        self._bench.notices.start("file", work, lambda found: show(*found))

    def _store_of(self, lost: LostWork, passphrase: str) -> Store | None:
        """Return where the project is kept; none where it was saved elsewhere since, for that would be written over."""
        if not lost.address:
            return None
        store = self._bench.engine.open_store(lost.address)
        if store.exists() and store.is_sealed and passphrase:
            store.unseal(passphrase)
        if not lost.is_newer(store):
            return None
        if store.exists():
            store.load()  # so that saving sees whether another start changes the file from now on
        return store

    def _show(self, opened: OpenProject, store: Store | None, lost: LostWork) -> None:
        session, notices = self._bench.session, self._bench.notices
        session.open(opened.project, store, opened.key)
        session.history.resetClean()
        self.autosave.adopt(lost)
        if lost.address and store is None:
            notices.note(SAVED_SINCE, tone=Tone.NOTE, name=lost.name)
        else:
            notices.note(RECOVERED)
