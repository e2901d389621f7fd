"""What findings and parts ask for: a cure applied to a record, a change that would serve a part shown on the map."""

from lhasaplan.app.commands.candidate_tasks import CandidateTasks
from lhasaplan.app.state import edits
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Cure, Finding

CURED, CURED_BY = marked("cure that was tried out"), marked("cure that was tried out ({by})")


class CureTasks(CandidateTasks):
    """The methods behind the cures of a finding and what would serve a part."""

    def apply_cure(self, finding: Finding, cure: Cure) -> None:
        """Change the record of the camera as the cure leaves it; the results are then older than the project."""
        author = self._session.author
        source = self._say(CURED_BY, by=author.source) if author.source else self._say(CURED)
        audited = self._session.audited(finding.camera_id)
        made_for = None if audited is None else (audited,)
        proposal = cure.as_proposal(finding.finding_id)
        self._session.edit(marked("Apply cure"), edits.carried_out(proposal, edits.Author(source, author.date), made_for))

    def show_option(self, result: PartResult, option: ServiceOption) -> None:
        """Show what would serve a part on the map, as it was tried out; only while the gate is open."""
        if not self._session.may_plan:
            return
        camera = option.as_changed
        self._window.canvas.highlight = result.part.geometry
        self._window.canvas.show_finding(result.part.geometry, (camera.x_m, camera.y_m))
        self._window.proposals.show(camera)
