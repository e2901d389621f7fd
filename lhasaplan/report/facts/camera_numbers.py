"""One numbering of cameras for every format: maps carry the number, lists the number and what it stands for.

Cameras in operation are numbered 1, 2, 3 …, planned ones P1, P2 …: an audit, which looks at no planned camera, and a check
give the same camera the same number, and a number on a map says at once whether anything stands there.
"""

from collections.abc import Mapping

from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment

PLANNED = "P"


def camera_numbers(assessment: Assessment) -> Mapping[str, str]:
    """Return the number of each camera by its id, in the order of the assessment.

    Ask it of the whole assessment: one of an area, or of what operates today, would begin anew.
    """
    counts = {False: 0, True: 0}
    found: dict[str, str] = {}
    for result in assessment.cameras:
        camera = result.placed.camera
        is_planned = camera.status is Status.PLANNED
        counts[is_planned] += 1
        found[camera.camera_id] = f"{PLANNED if is_planned else ''}{counts[is_planned]}"
    return found
