"""Read other projects beside the one that is shown: of a sealed one the passphrase is asked for, of versions which counts."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lhasaplan.app.commands.closed_places import ClosedPlaces
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import UserError
from lhasaplan.ports import OpenProject

READING = marked("Reading the project")
Opened = Mapping[Path, OpenProject]


class ReadingBeside:
    """Asks what must be known before, and reads in a job."""

    def __init__(self, bench: Workbench, closed: ClosedPlaces) -> None:
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
        """Return the version of the plan that a person chooses in each project that has any, empty for the plan of now.

        None if the person thought better of it.
        """
        names = {path: [each.name for each in one.project.versions] for path, one in opened.items() if one.project.versions}
        return self._bench.dialogs.ask_versions(names) if names else {}
