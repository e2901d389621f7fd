"""What the findings ask for: a cure that was tried out, applied to the record of its camera as one step."""

from lhasaplan.app import edits
from lhasaplan.app.candidate_tasks import CandidateTasks
from lhasaplan.core.finding import Cure, Finding
from lhasaplan.core.wording import marked

CURED, CURED_BY = marked("cure that was tried out"), marked("cure that was tried out ({by})")


class CureTasks(CandidateTasks):
    """The methods behind the cures of a finding."""

    def apply_cure(self, finding: Finding, cure: Cure) -> None:
        """Change the record of the camera as the cure leaves it; the results are then older than the project."""
        author = self._session.author
        source = self._say(CURED_BY, by=author.source) if author.source else self._say(CURED)
        edit = edits.cured(finding.camera_id, cure, edits.Author(source, author.date))
        self._session.edit(marked("Apply cure"), edit)
