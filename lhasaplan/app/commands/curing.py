"""Apply a cure of a finding or an option of a part, or show on the map what it would do."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.core.base.wording import marked
from lhasaplan.core.records.camera_corrections import Author
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Cure, Finding

CURED, CURED_BY = marked("cure that was tried out"), marked("cure that was tried out ({by})")
SAID_DONE, SAID_DONE_BY = marked("cure that is said to be carried out"), marked("cure that is said to be carried out ({by})")


class Curing:
    """Cures and options are proposals; each becomes one edit."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def apply(self, finding: Finding, cure: Cure) -> None:
        """Put the cure into the plan; outside the gate, where there is none, record that it was carried out."""
        session, say = self._bench.session, self._bench.language
        author, plans = session.author, session.may_plan
        of_nobody, of_somebody = (CURED, CURED_BY) if plans else (SAID_DONE, SAID_DONE_BY)
        source = say(of_somebody, by=author.source) if author.source else say(of_nobody)
        audited = session.audited(finding.camera_id)
        made_for = None if audited is None else (audited,)
        proposal = cure.as_proposal(finding.finding_id)
        make = edits.drafted if plans else edits.carried_out
        name = marked("Apply cure") if plans else marked("Record a cure as carried out")
        session.edit(name, make(proposal, Author(source, author.date), made_for))

    def apply_option(self, result: PartResult, option: ServiceOption) -> None:
        """Put what would serve a part into the plan, while the project is as it was tried out in and the gate is open."""
        session = self._bench.session
        if session.current_results is None or not session.may_plan:
            return
        camera_id, edit = edits.accepted(session.project, option.proposal, session.author)
        session.edit(marked("Apply change"), edit)
        session.select(camera_id)

    def show_option(self, result: PartResult, option: ServiceOption) -> None:
        """Show what would serve a part on the map, as it was tried out; only while the gate is open."""
        if not self._bench.session.may_plan:
            return
        camera, canvas = option.as_changed, self._bench.canvas
        canvas.set_highlight(result.part.geometry)
        canvas.show_finding(result.part.geometry, (camera.x_m, camera.y_m))
        self._bench.proposals.show(camera)
