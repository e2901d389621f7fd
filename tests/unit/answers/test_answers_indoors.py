"""Cameras indoors: at a nest box, and where the data have no building around them."""

from answers_town import camera, house, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.model.camera import WATCHES, Mount
from lhasaplan.core.results.finding import Certainty, Severity

HOME = house(1, -10, -10, 10, 10)
BESIDE = house(1, -10, 10, 10, 20)


def inside(**changes):
    assessment = audit(town(HOME, cameras=[camera(**changes)]), reference_data())
    return [each for each in assessment.findings if each.kind == "indoor_forbidden"]


def test_that_a_camera_inside_a_home_is_an_error_and_one_at_a_nest_box_a_question():
    (strict,) = inside(mount=Mount.INDOOR)
    assert (strict.severity, strict.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    for mount in (Mount.INDOOR, None):
        (nest,) = inside(mount=mount, extra={WATCHES: "nature"})
        assert (nest.severity, nest.certainty) == (Severity.NOTE, Certainty.POSSIBLE)
        assert nest.params["variant"] == "nature"


def test_that_nothing_is_said_of_an_indoor_camera_without_a_building_around_it():
    def answers(mount):
        return audit(town(BESIDE, cameras=[camera(mount=mount)]), reference_data())

    assert answers(Mount.POLE).cameras[0].sightings
    indoors = answers(Mount.INDOOR)
    assert (indoors.cameras[0].sightings, indoors.cameras[0].area_m2 < 1.0) == ((), True)
    assert (NOTES["indoors_nowhere"], {"count": 1}) in indoors.notes
    assert not [each for each in indoors.findings if each.kind.startswith("view_")]


def test_that_an_indoor_camera_in_a_building_that_the_data_have_is_looked_through_as_before():
    assessment = audit(town(HOME, cameras=[camera(mount=Mount.INDOOR)]), reference_data())
    assert (NOTES["indoors_nowhere"], {"count": 1}) not in assessment.notes
    assert assessment.cameras[0].area_m2 > 1.0
