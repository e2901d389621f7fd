"""The tool that takes drawn protected places out: an act of its own, by name, that can be taken back."""

from collections.abc import Mapping

from lhasaplan import workflow
from lhasaplan.app.commands.analysing import decide
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import drawn_files

TAKEN = marked("Take out drawn protected places")
NONE_OPEN = marked("Nothing is drawn here that could be taken out. Closed places have to be opened with their passphrase before.")


class TakingOut:
    """Asks which, and who; the step can be taken back as any other."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def take_out(self) -> None:
        """Find the drawn places, ask which go, then take them out."""
        project = self._bench.session.project
        self._bench.notices.start("file", lambda _report: drawn_files(project), lambda files: self._ask(project, files))

    def _ask(self, project: Project, files: Mapping[str, int]) -> None:
        if not files:
            self._bench.notices.tell(NONE_OPEN)
            return
        services = self._bench.engine.services
        wish = self._bench.dialogs.ask_removal(files)
        if wish is not None:
            decide(self._bench, project, TAKEN, TAKEN, lambda: (workflow.drop_drawn(services, project, wish.by, wish.files), ()))


KEY = "drawn_places"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    taking = TakingOut(bench)
    entry = Entry("take_out", marked("&Take out drawn protected places…"), taking.take_out)
    return Tool(KEY, entries=((marked("&Edit"), entry),), commands=taking)
