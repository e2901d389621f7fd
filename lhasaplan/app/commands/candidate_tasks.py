"""What the candidates panel asks for: the list, a confirmation, an excuse; the same use cases as on the command line."""

from typing import Any

from lhasaplan.app.commands.file_tasks import FileTasks
from lhasaplan.app.work.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project

NO_MANDATE = marked("Nothing can be demand without a mandate: read the mandate first (File menu).")
NO_CANDIDATES = marked("The project's packs have no duties, so nothing is a candidate. A pack such as municipal-safety has some.")


class CandidateTasks(FileTasks):
    """The methods behind the candidates panel."""

    _listing: Any = None

    def list_candidates(self) -> None:
        """Find the candidates and list them."""
        project = self._session.project

        def work(report: Report) -> Any:
            report(0.1, marked("Finding candidates"))
            return self._engine.list_candidates(project)

        self._start("file", work, self._show_listing)

    def _show_listing(self, listing: Any) -> None:
        self._listing = listing
        self._window.candidates.show_listing(listing)
        if not listing.rows:
            self.tell(NO_CANDIDATES)

    def follow_decisions(self) -> None:
        """Show what is decided now, after an edit or its undoing."""
        if self._listing is not None:
            self._window.candidates.show_listing(self._engine.with_decisions(self._listing, self._session.project))

    def forget_candidates(self) -> None:
        """Take the list away: it is of another city."""
        self._listing = None
        self._window.candidates.show_listing(None)

    def show_part(self, part: Part) -> None:
        """Go to where a part or a candidate is."""
        self._window.proposals.clear()
        self._window.canvas.highlight = part.geometry
        self._window.canvas.show_finding(part.geometry, None)

    def confirm_candidates(self, ids: tuple[str, ...]) -> None:
        """Ask for purpose, reasons and name, then make the candidates demand; one undo step takes it back."""
        project = self._session.project
        if project.mandate is None:
            self.tell(NO_MANDATE)
            return
        wish = self._window.dialogs.ask_confirmation(project.mandate.purposes, len(ids))
        if wish is not None:
            self._decide(marked("Confirm candidates"), lambda: self._engine.confirm(project, ids, wish))

    def excuse_parts(self, ids: tuple[str, ...]) -> None:
        """Ask for reason and name, then excuse the parts."""
        project, wish = self._session.project, self._window.dialogs.ask_excuse(len(ids))
        if wish is not None:
            self._decide(marked("Excuse parts"), lambda: self._engine.excuse(project, ids, wish))

    def _decide(self, template: str, decide: Any) -> None:
        before = self._session.project

        def take(changed: Project) -> None:
            if self._session.project is not before:  # an edit came between; nothing of it may be lost
                self.tell(marked("The project was changed meanwhile, so nothing was decided. Please decide again."))
                return
            self._session.edit(template, lambda _project: changed)

        def work(report: Report) -> Project:
            report(0.1, marked("Asking the gate"))
            return decide()  # type: ignore[no-any-return]

        self._start("file", work, take)
