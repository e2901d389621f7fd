"""Why a camera does not see a spot, as the window says it."""

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.words import BLOCKERS

# Of the camera whose row it is; what stands between is called as in drafts.
REASONS = BLOCKERS | {
    "out_of_range": marked("beyond its range"),
    "out_of_angle": marked("outside its angle"),
    "blind_zone": marked("in the blind zone below it"),
    "seen": "",
}


def reason_text(reason: str, say: Language) -> str:
    """Return the words of a reason; empty for a camera that sees."""
    said = REASONS.get(reason, reason)
    return say(said) if said else ""
