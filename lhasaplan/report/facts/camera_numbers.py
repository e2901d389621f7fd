"""One numbering of cameras for every format: maps carry the number, lists the number and what it stands for.

A number is given once and kept with the project (:mod:`lhasaplan.core.project.numbering`): an audit and a check, a city and its
district give the same camera the same number, and a number on a map says at once whether anything stands there.
"""

from collections.abc import Mapping

from lhasaplan.core.project.numbering import labels
from lhasaplan.core.results.assessment import Assessment


def camera_numbers(assessment: Assessment) -> Mapping[str, str]:
    """Return the number of each camera by its id, in the order of the assessment.

    Where the identifiers were replaced, as in coarse outputs, the cameras are counted anew.
    """
    cameras = [result.placed.camera for result in assessment.cameras]
    if all(camera.camera_id in assessment.numbers for camera in cameras):
        return {camera.camera_id: assessment.numbers[camera.camera_id] for camera in cameras}
    states = {result.placed.camera.camera_id: result.replaces for result in assessment.cameras if result.replaces}
    return labels(cameras, (), states)
