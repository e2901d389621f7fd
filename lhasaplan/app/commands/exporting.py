"""Write drafts of the last results."""

from functools import partial
from pathlib import Path

from lhasaplan.app.commands.notices import WRITTEN
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.work.jobs import Report
from lhasaplan.core.base.wording import marked

NO_RESULTS = marked("There are no results yet. Run the audit first.")
STALE_RESULTS = marked("The project was changed since the last analysis. Run it again before exporting.")


class Exporting:
    """Asks which drafts, writes them in a job, tells which were written."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def export(self) -> None:
        """Write drafts; refused while there are no results of the project as it is."""
        results, project, notices = self._bench.session.assessment, self._bench.session.project, self._bench.notices
        if results is None or self._bench.session.is_stale:
            notices.tell(NO_RESULTS if results is None else STALE_RESULTS)
            return
        wish = self._bench.dialogs.ask_export()
        if wish is None:
            return

        def work(report: Report) -> list[Path]:
            told = partial(_writing, report)
            return self._bench.engine.export(project, results, wish.formats, wish.folder, wish.language, progress=told)

        notices.start("file", work, lambda files: notices.tell(WRITTEN, [*map(str, files)]))


def _writing(report: Report, share: float, step: str) -> None:
    """Say how much of the drafts is written; which step of it is no news."""
    del step
    report(share, marked("Writing the drafts"))
