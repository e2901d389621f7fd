"""The tool by which a person makes suspended decisions anew or drops them, one at a time; each can be taken back."""

from lhasaplan import workflow
from lhasaplan.app.commands.analysing import Decided, decide
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked
from lhasaplan.core.records.register_rows import suspended_reported
from lhasaplan.report.facts.decided_words import suspended_rows

KEY = "suspended"
RENEWING, DROPPING = marked("Renew a suspended decision"), marked("Drop a suspended decision")


class Suspending:
    """Asks which, what becomes of it, why and who; the step can be taken back as any other."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def ask(self) -> None:
        """Ask what becomes of one of the suspended decisions, then do that."""
        project, services = self._bench.session.project, self._bench.engine.services
        rows = suspended_rows(suspended_reported(project.suspended), self._bench.language.translations)
        texts = {number: f"{what}, {subject}: {answer}. {why}." for number, what, subject, answer, _by, _on, why, _to_do in rows}
        wish = self._bench.dialogs.ask_suspended(texts)
        if wish is None:
            return
        step = DROPPING if wish.to is None else RENEWING
        said = workflow.Ending(wish.why.by, wish.why.reason)

        def make() -> Decided:
            if wish.to is None:
                return workflow.drop_suspended(services, project, wish.which, said), ()
            return workflow.renew_suspended(services, project, wish.which, said, wish.to), ()

        decide(self._bench, project, step, step, make)


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    suspending, session = Suspending(bench), bench.session
    are_there = ToolCondition(lambda: bool(session.project.suspended), (session.project_changed,))
    entry = Entry(KEY, marked("Suspended decisions…"), suspending.ask, condition=are_there)
    return Tool(KEY, entries=((marked("&Edit"), entry),), commands=suspending)
