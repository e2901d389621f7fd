"""Run the analyses, stop them, and write drafts of the last results."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lhasaplan import workflow
from lhasaplan.app.commands.workbench import WRITTEN, Action, Workbench
from lhasaplan.app.jobs import ANALYSIS, Report
from lhasaplan.app.models.findings import counted, gravest_first
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.progress import Progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.errors import DraftsError, Fault, UserError
from lhasaplan.ports import Store

# Carry out what a person decided: asked in a job, one step that can be taken back.
CHANGED = marked("The project was changed meanwhile, so nothing was decided. Please decide again.")
Decided = tuple[Project, tuple[Fault, ...]]


def decide(
    bench: Workbench, before: Project, template: str, step: str, make: Callable[[], Decided], *, remarked: str = ""
) -> None:
    """Make the project that a person decided on and edit, unless the project was changed meanwhile; tell remarks on it.

    Parameters
    ----------
    before : the project that the person decided about, and that ``make`` changes; it was taken before a search or a box.
    template : what the step is called when it is taken back.
    step : what the job says it does.
    remarked : the sentence above the remarks.
    """
    session = bench.session

    def take(decided: Decided) -> None:
        changed, remarks = decided
        if session.project is not before:  # an edit came between; nothing of it may be lost
            bench.notices.note(CHANGED, tone=Tone.NOTE)
            return
        session.edit(template, lambda _project: changed)
        bench.dialogs.forget_words()
        if remarks:
            bench.notices.note_remarks(remarked, remarks, bench.notices.undoing(before))

    def work(report: Report) -> Decided:
        report(0.1, step)
        return make()

    bench.notices.start("file", work, take)


FINDINGS, CANDIDATES = "findings", "candidates"
DONE = marked("The audit is done. Severe: {error}, due: {due}, note: {note}.")
CHECKED = marked("The check is done. Severe: {error}, due: {due}, note: {note}.")
STALE = marked("The analysis is done, but the project was changed meanwhile. Severe: {error}, due: {due}, note: {note}.")


class Analysing:
    """Audit and check as jobs; their results become those of the session."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def warm_up(self) -> None:
        """Make the sight kernels ready while the user looks around, and say so when they cannot be kept."""
        self._bench.notices.start("warm", lambda _report: self._bench.context.warm_up(), self._bench.notices.remark)

    def audit(self) -> None:
        """Compute what the cameras see and must not see."""
        self._run(self._bench.context.audit)

    def check(self) -> None:
        """Compute the audit and, behind the gate, what is served."""
        self._run(self._bench.context.check)

    def run_what_fits(self) -> None:
        """Run the analysis that fits the project: a project with a mandate is one to be planned."""
        (self.check if self._bench.session.project.mandate is not None else self.audit)()

    def _run(self, analyse: Callable[[Project, Store | None, Report], Assessment]) -> None:
        project, store = self._bench.session.project, self._bench.session.store
        self._bench.notices.start(ANALYSIS, lambda report: _sorted(analyse(project, store, report)), partial(self._take, project))

    def _take(self, project: Project, found: Assessment) -> None:
        session = self._bench.session
        session.set_assessment(found, project)
        may_begin = found.gate.open and not found.findings and not found.parts
        session.attention.bring(CANDIDATES if may_begin else FINDINGS)  # with nothing found, where a plan begins
        reported = counted(found).findings
        template = STALE if session.is_stale else DONE if found.parts is None else CHECKED
        tone = Tone.NOTE if session.is_stale else Tone.DONE
        error, due, note = (reported.get(each, 0) for each in GRAVEST_FIRST)
        self._bench.notices.note(template, tone=tone, error=error, due=due, note=note)

    def cancel_analysis(self) -> None:
        """Stop the analysis."""
        self._bench.jobs.cancel(ANALYSIS)

    def cancel(self) -> None:
        """Stop the analysis and the work on a file."""
        self.cancel_analysis()
        self._bench.jobs.cancel("file")


def _sorted(found: Assessment) -> Assessment:
    """Return results when their findings are sorted and counted as they are listed: many would hold the window up."""
    for results in (found, found.disclosed):
        if results is not None:
            gravest_first(results)
            counted(results)
    return found


# Write drafts of the last results.

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
        first = next((each for each in files if each.stem == "plan"), files[0])  # what was asked for, before what it rests on
        actions = [(OPEN_FILE, partial(open_outside, first)), (OPEN_FOLDER, partial(open_outside, files[0].parent))]
    said = bench.notices.said_of(remarks)
    bench.notices.note(WRITTEN, lambda: [*map(str, files), *said()], actions=actions)


class Exporting:
    """Asks which drafts, writes them in a job, tells which were written."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def export(self) -> None:
        """Write drafts; refused while there are no results of the project as it is."""
        session, notices, dialogs = self._bench.session, self._bench.notices, self._bench.dialogs
        results, project, store = results_of_now(self._bench), session.project, session.store
        if results is None:
            return
        wish = dialogs.ask_export(may_propose=results.gate.open, cameras=len(project.cameras), is_plan=session.is_planning())
        if wish is None:
            return

        who, services = self._bench.session.author.source, self._bench.services

        def work(report: Report) -> tuple[list[Path], tuple[Fault, ...]]:
            progress: Progress = lambda share, _step: report(share, marked("Writing the drafts"))  # noqa: E731
            how: dict[str, Any] = {"language": wish.language, "templates": wish.templates, "progress": progress}
            if wish.proposals and results.gate.open:
                found = workflow.propose(services, project, progress=part_of(progress, 0.0, 0.4))
                how["proposals"] = workflow.disclosed_proposals(found, private=False)
                how["progress"] = part_of(progress, 0.4, 1.0)
            files = workflow.export(services, project, results, wish.formats, wish.folder, **how)
            self._log(store, wish.formats, files, who)
            return files, services.drafts.template_remarks(wish.templates)

        notices.start("file", work, lambda written: tell_written(self._bench, *written))

    def _log(self, store: Store | None, formats: Sequence[str], files: Sequence[Path], who: str) -> None:
        """Keep with the project that drafts were written; where that cannot be, they are there all the same."""
        if store is None:
            return
        try:
            workflow.log_export(self._bench.services, store, formats, files=files, who=who)
        except UserError as error:
            raise DraftsError(error.faults, files) from error
