"""What would end a finding, as choices: the cure first, then what else ends it, in rank; only tried ones can be applied."""

from dataclasses import dataclass

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Cure, Finding
from lhasaplan.report.facts.alternatives import named_cures, other_cure_text, tried_cures, was_tried

FIRST = marked("Ends it: {cures}")
ALSO = marked("Also ends it, tried out: {cures}")
NAMED = marked("May also end it, not tried out: {cures}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One cure of a finding as a line; ``is_tried`` says that it was looked through and ends the finding."""

    cure: Cure
    text: str
    is_tried: bool


def choices_of(finding: Finding, say: Language) -> tuple[Choice, ...]:
    """Return the cures of a finding in the order in which they are recommended; nothing where none is known."""
    if finding.cure is None:
        return ()
    text = other_cure_text(finding.cure, say.wording)
    is_tried = was_tried(finding.cure)
    others = [(ALSO, cure, True) for cure in tried_cures(finding.cure)]
    others += [(NAMED, cure, False) for cure in named_cures(finding.cure)]
    first = Choice(finding.cure, say(FIRST, cures=text) if is_tried else text, is_tried)
    return first, *(Choice(cure, say(line, cures=other_cure_text(cure, say.wording)), tried) for line, cure, tried in others)
