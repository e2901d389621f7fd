"""The tool with which a person decides which candidates are demand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lhasaplan import workflow
from lhasaplan.app.commands.analysing import Decided, decide
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.notices import DO_MISSING, MANDATE_PANEL
from lhasaplan.app.commands.tool import Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.app.tools.candidates.panel import CandidatesPanel
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.place import Part

if TYPE_CHECKING:
    from lhasaplan.workflow import Listing

# List candidates, confirm and excuse them; the same use cases as on the command line.

NO_MANDATE = marked("Without a mandate nothing can become demand.")
SHUT = marked("While the gate is closed nothing can become demand.")
NO_CANDIDATES = marked(
    "The rule packs of this project have no duties, so there are no candidates. A pack such as municipal-safety has some."
)
LANE = "place"
ASKING = marked("Checking the gate")


class Deciding(QObject):
    """Keeps the list up to date with what is decided, after an edit or its undoing."""

    listed = Signal(object)  # the candidates with what was decided, None when there is no list
    drawn = Signal(bytes)  # the picture of the candidate that was asked for last

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.listing: Listing | None = None
        bench.session.decisions_changed.connect(self._follow_decisions)
        bench.session.layers_changed.connect(self._forget)

    def list_candidates(self) -> None:
        """Find the candidates and list them."""
        project = self._bench.session.project

        def work(report: Report) -> "Listing":
            report(0.1, marked("Finding candidates"))
            return workflow.list_candidates(self._bench.engine.services, project)

        self._bench.notices.start("file", work, self._take)

    def _take(self, listing: "Listing") -> None:
        self.listing = listing
        self._bench.names.name_too(tuple(row.part for row in listing.rows), listing.terms)
        self.listed.emit(listing)
        if not listing.rows:
            self._bench.notices.note(NO_CANDIDATES, tone=Tone.NOTE)

    def _follow_decisions(self) -> None:
        if self.listing is not None:
            self.listed.emit(workflow.with_decisions(self.listing, self._bench.session.project))

    def _forget(self) -> None:
        """Take the list away: it is of another city."""
        self.listing = None
        self._bench.names.name_too((), {})
        self.listed.emit(None)

    def draw(self, part: Part) -> None:
        """Draw where a candidate lies, as reports do; protected ground is marked in no picture."""
        project, say, engine = self._bench.session.project, self._bench.language, self._bench.engine

        def work(_report: Report) -> bytes:
            return engine.place_picture(project, part, say.translations)

        self._bench.jobs.start(LANE, work, self.drawn.emit, self._bench.notices.tell_once, follow=True)

    def confirm(self, ids: tuple[str, ...]) -> None:
        """Ask for purpose, reasons and name, then make the candidates demand; one undo step reverts it."""
        project, services = self._bench.session.project, self._bench.engine.services
        gate = self._bench.session.gate
        if project.mandate is None or (gate is not None and not gate.open):  # before reasons are written in vain
            to_do = (DO_MISSING, lambda: self._bench.session.attention.bring(MANDATE_PANEL))
            self._bench.notices.note(NO_MANDATE if project.mandate is None else SHUT, tone=Tone.NOTE, actions=(to_do,))
            return
        wish = self._bench.dialogs.ask_confirmation(project.mandate.purposes, len(ids))
        if wish is None:
            return
        why = {"purpose": wish.purpose, "reason": wish.reason, "milder": wish.milder, "by": wish.by}

        def make() -> Decided:
            return workflow.confirm(services, project, workflow.CandidateSelection(ids), **why)[0], ()

        decide(self._bench, project, marked("Confirm candidates"), ASKING, make)

    def excuse(self, ids: tuple[str, ...]) -> None:
        """Ask for reason and name, then excuse the parts."""
        project, services = self._bench.session.project, self._bench.engine.services
        wish = self._bench.dialogs.ask_excuse(len(ids))
        if wish is None:
            return

        def make() -> Decided:
            changed = project
            for part_id in ids:
                changed = workflow.excuse(services, changed, part_id, reason=wish.reason, by=wish.by)
            return changed, ()

        decide(self._bench, project, marked("Excuse parts"), ASKING, make)


KEY = "candidates"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, deciding = CandidatesPanel(bench.language, bench.names, bench.session.preferences), Deciding(bench)
    deciding.listed.connect(panel.show_listing)
    panel.wished.connect(deciding.list_candidates)
    panel.picked.connect(commands.looking.show_part)
    panel.picked.connect(deciding.draw)
    panel.picture_wished.connect(deciding.draw)
    deciding.drawn.connect(panel.picture.show_png)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.confirm_wished.connect(deciding.confirm)
    panel.excuse_wished.connect(deciding.excuse)
    dock = Panel(KEY, marked("Candidates"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=deciding)
