"""Open and close drawn protected places, as jobs beside other work on files."""

from collections.abc import Callable
from os import PathLike

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import UserError
from lhasaplan.ports import OpenProject

CLOSED = marked(
    "{count} drawn protected places of this project are closed. Without their passphrase they are missing here, and nothing may "
    "be planned."
)
SEALED = marked("This project is sealed as a whole. It opens with its passphrase alone.")
SEALED_FILE = marked("{file} is sealed as a whole. It opens with its passphrase alone.")
PASSWORD = marked("The database of this project asks for the password of your account. It is stored nowhere.")
Done = Callable[[OpenProject], None]


class ClosedPlaces:
    """Asks for passphrases and hands on the project as they leave it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def passphrase_of_file(self, address: str | PathLike[str], name: str = "") -> str | None:
        """Return the passphrase of a sealed project, empty where none is needed; None if the person thought better of it.

        ``name`` says which of several is asked about.
        """
        store = self._bench.engine.open_store(address)
        if store.needs_password:
            return self._bench.dialogs.ask_passphrase(self._bench.language(PASSWORD)) or None
        if not store.is_sealed:
            return ""
        text = self._bench.language(SEALED_FILE, file=name) if name else self._bench.language(SEALED)
        return self._bench.dialogs.ask_passphrase(text) or None

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
            return self._bench.engine.open_places(opened, passphrase)

        def failed(error: UserError) -> None:
            self._bench.notices.tell_error(error)
            self.open_if_closed(opened, done)

        self._bench.jobs.start("file", work, done, failed)

    def _ask(self, count: int) -> str | None:
        return self._bench.dialogs.ask_passphrase(self._bench.language(CLOSED, count=count))

    def close(self, opened: OpenProject, done: Done) -> None:
        """Close the drawn places and save in one go, and hand on the project."""
        passphrase = self._bench.dialogs.ask_new_passphrase()
        if not passphrase:
            return

        def work(report: Report) -> OpenProject:
            report(0.2, marked("Closing the drawn places"))
            closed = self._bench.engine.close_places(opened, passphrase)
            self._bench.engine.save(closed, None)
            return closed

        self._bench.notices.start("file", work, done)
