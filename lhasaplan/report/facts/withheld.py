"""What drafts with coarse positions do not tell, said as not told: it must never read as if there were none of it."""

from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import Assessment

MASKS = marked("Masks, those on record and those to be set, are not told in this version.")
OWNERS = marked("Which controller has how many cameras is not told in this version.")
SERVING = marked("{part}: what was tried out to serve it is not told in this version.")
OPTIONS = marked(
    "Here no camera, today and the planned cameras are compared; options that take down, move or change cameras are not told in "
    "this version."
)
TOGETHER = marked(
    "No confirmed part loses anything when one of these cameras goes; which of them can go together is not told in this version."
)


def withholds(assessment: Assessment) -> bool:
    """Return whether what leads to a camera was taken out: exact places, directions, lenses, masks, owners, changes of it."""
    return assessment.public_precision_deg is not None
