"""Open and close drawn protected places, and read other projects beside the one that is shown."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import UserError
from lhasaplan.ports import KeptProject

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

        ``name`` says which of several is asked about.
        """
        store = self._bench.engine.open_store(address)
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
        passphrase = self._ask(opened.project.closed_count) if opened.project.is_closed else None
        if not passphrase:
            done(opened)
            return

        def work(report: Report) -> KeptProject:
            report(0.2, marked("Opening the closed places"))
            return self._bench.engine.open_places(opened, passphrase)

        def failed(error: UserError) -> None:
            self._bench.notices.tell_error(error)
            self.open_if_closed(opened, done)

        self._bench.jobs.start("file", work, done, failed)

    def _ask(self, count: int) -> str | None:
        return self._bench.dialogs.ask_passphrase(self._bench.language(CLOSED, count=count))

    def close(self, opened: KeptProject, done: Done) -> None:
        """Close the drawn places and save in one go, and hand on the project."""
        passphrase = self._bench.dialogs.ask_new_passphrase()
        if not passphrase:
            return

        def work(report: Report) -> KeptProject:
            report(0.2, marked("Closing the drawn places"))
            closed = self._bench.engine.close_places(opened, passphrase)
            self._bench.engine.save(closed, None)
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
        passphrases = dict[Path, str]()
        for path in paths:
            try:
                passphrase = self._closed.passphrase_of_file(path, path.name)
            except UserError as error:
                self._bench.notices.note_error(error)
                return
            if passphrase is None:
                return
            passphrases[path] = passphrase

        def work(report: Report) -> Opened:
            report(0.2, READING)
            return {path: self._bench.engine.open_other(path, passphrase) for path, passphrase in passphrases.items()}

        self._bench.notices.start("file", work, then)

    def versions_of(self, opened: Opened) -> Mapping[Path, str] | None:
        """Return the version of the plan that a person chooses in each project that has any, empty for the current plan.

        None if the person thought better of it.
        """
        names = {path: [each.name for each in one.project.versions] for path, one in opened.items() if one.project.versions}
        return self._bench.dialogs.ask_versions(names) if names else {}
