"""Opening and closing drawn protected places from the window, as jobs beside its other work on files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lhasaplan.app.work.engine import Engine
from lhasaplan.app.work.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import UserError
from lhasaplan.ports import OpenProject

if TYPE_CHECKING:
    from lhasaplan.app.shell.window import MainWindow

CLOSED = marked(
    "{count} drawn protected places of this project are closed. Without their passphrase they are missing here, and nothing may "
    "be planned."
)
Done = Callable[[OpenProject], None]


class ClosedPlacesTasks:
    """Asks for passphrases and hands on the project as they leave it."""

    def __init__(self, window: "MainWindow", engine: Engine, tell_error: Callable[[UserError], None]) -> None:
        self._window, self._engine, self._tell_error = window, engine, tell_error

    def open_if_closed(self, opened: OpenProject, done: Done) -> None:
        """Hand on the project, opened where its places are closed and the person gives their passphrase.

        After a wrong one it is asked for again, until the person leaves them closed.
        """
        passphrase = self._ask(opened.project.closed_count) if opened.project.is_closed else None
        if not passphrase:
            done(opened)
            return

        def work(report: Report) -> OpenProject:
            report(0.2, marked("Opening the closed places"))
            return self._engine.open_places(opened, passphrase)

        def failed(error: UserError) -> None:
            self._tell_error(error)
            self.open_if_closed(opened, done)

        self._window.jobs.start("file", work, done, failed)

    def _ask(self, count: int) -> str | None:
        text = self._window.language(CLOSED, count=count)
        passphrase: str | None = self._window.dialogs.ask_passphrase(text)
        return passphrase

    def close(self, opened: OpenProject, done: Done) -> None:
        """Close the drawn places and save in one go, and hand on the project."""
        passphrase = self._window.dialogs.ask_new_passphrase()
        if not passphrase:
            return

        def work(report: Report) -> OpenProject:
            report(0.2, marked("Closing the drawn places"))
            closed = self._engine.close_places(opened, passphrase)
            self._engine.save(closed, None)
            return closed

        self._window.jobs.start("file", work, done, self._tell_error)
