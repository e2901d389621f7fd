"""Carry out what a person decided: asked in a job, one step that can be taken back."""

from collections.abc import Callable

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault

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
        if remarks:
            bench.notices.note_remarks(remarked, remarks, bench.notices.undoing(before))

    def work(report: Report) -> Decided:
        report(0.1, step)
        return make()

    bench.notices.start("file", work, take)
