"""Write drafts of the last results."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lhasaplan.app.commands.analysing import Analysing
from lhasaplan.app.commands.notices import WRITTEN, Action
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import DraftsError, Fault, UserError
from lhasaplan.ports import Store

OPEN_FILE, OPEN_FOLDER = marked("Open the file"), marked("Open the folder")
NO_RESULTS = marked("There are no results yet.")
STALE_RESULTS = marked("The project was changed since the last analysis: these results are out of date.")
RUN_NOW = marked("Run now")


def results_of_now(bench: Workbench) -> Assessment | None:
    """Return the results of the project as it is, which alone may leave the window; tell why there are none."""
    results = bench.session.current_results
    if results is None:
        run = (RUN_NOW, Analysing(bench).run_what_fits)
        bench.notices.note(STALE_RESULTS if bench.session.is_stale else NO_RESULTS, tone=Tone.NOTE, actions=(run,))
    return results


def tell_written(bench: Workbench, files: Sequence[Path], remarks: Sequence[Fault] = ()) -> None:
    """Tell in the strip what was written and what is remarked on it, with buttons that open it."""
    open_outside = bench.dialogs.open_outside
    actions: list[Action] = []
    if files:
        actions = [(OPEN_FILE, partial(open_outside, files[0])), (OPEN_FOLDER, partial(open_outside, files[0].parent))]
    said = bench.notices.said_of(remarks)
    bench.notices.note(WRITTEN, lambda: [*map(str, files), *said()], actions=actions)


class Exporting:
    """Asks which drafts, writes them in a job, tells which were written."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def export(self) -> None:
        """Write drafts; refused while there are no results of the project as it is."""
        results, project, notices = results_of_now(self._bench), self._bench.session.project, self._bench.notices
        may_propose = results is not None and results.gate.open
        wish = (
            self._bench.dialogs.ask_export(may_propose=may_propose, cameras=len(project.cameras)) if results is not None else None
        )
        store = self._bench.session.store
        if results is None or wish is None:
            return

        who, engine = self._bench.session.author.source, self._bench.engine

        def work(report: Report) -> tuple[list[Path], tuple[Fault, ...]]:
            reported = partial(_writing, report)
            how: dict[str, Any] = {"progress": reported, "templates": wish.templates, "proposals": wish.proposals}
            files = engine.export(project, results, wish.formats, wish.folder, wish.language, **how)
            self._log(store, wish.formats, files, who)
            return files, engine.services.drafts.template_remarks(wish.templates)

        notices.start("file", work, lambda written: tell_written(self._bench, *written))

    def _log(self, store: Store | None, formats: Sequence[str], files: Sequence[Path], who: str) -> None:
        """Keep with the project that drafts were written; where that cannot be, they are there all the same."""
        if store is None:
            return
        try:
            self._bench.engine.log_export(store, formats, files, who)
        except UserError as error:
            raise DraftsError(error.faults, files) from error


def _writing(report: Report, share: float, step: str) -> None:
    """Say how much of the drafts is written; which step of it is no news."""
    del step
    report(share, marked("Writing the drafts"))
