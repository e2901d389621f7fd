"""A proposal is tried in a project as a program or a verb asks for it: gate, guard and what may be told hold there, too."""

from dataclasses import replace

import pytest
from answers_town import box, camera, house, layer, town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.changes.camera_change import AddCamera, ChangeStatus, TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.model.camera import Status
from lhasaplan.errors import GateError, InputError

HOME = house(1, -8, 12, 8, 24)
CHURCH = ("way/8", box(-30, -4, -20, 6), {"amenity": "place_of_worship"})
REFUGE = ("way/9", box(20, -4, 30, 6), {"amenity": "womens_refuge"})


@pytest.fixture(scope="module")
def project():
    """A camera that looks north at a home; a church west of it, a refuge east of it."""
    return replace(town(HOME, cameras=[camera("a")], places=layer("places", CHURCH, REFUGE)), packs=("eu-gdpr",))


@pytest.fixture(scope="module")
def services():
    return open_services()


def places_after(services, project, azimuth_deg, **words):
    effect = workflow.evaluate(services, project, Proposal((TurnCamera("a", azimuth_deg),)), **words)
    return {cls: sum(pair[1] for pair in row.values()) for cls, row in effect.places.items() if row}


def test_that_a_turn_from_a_home_to_a_church_changes_what_is_counted(services, project):
    assert places_after(services, project, 0.0)["home"] == 1
    west = places_after(services, project, 270.0)
    assert (west["home"], west["protected"]) == (0, 1)


def test_that_a_refuge_is_counted_for_whoever_answers_for_the_camera_alone(services, project):
    assert places_after(services, project, 90.0)["protected"] == 0
    assert places_after(services, project, 90.0, private=True)["protected"] == 1


def test_that_outside_the_gate_a_planned_camera_is_refused_with_all_that_is_missing(services, project):
    planned = Proposal((AddCamera(camera("b", y=-30.0, status=Status.PLANNED)),))
    with pytest.raises(GateError) as caught:
        workflow.evaluate(services, project, planned)
    assert "would be planned" in str(caught.value.faults[0])
    assert len(caught.value.faults) > 1


def test_that_to_take_a_camera_away_is_free_and_a_project_without_a_city_is_bad_input(services, project):
    effect = workflow.evaluate(services, project, Proposal((ChangeStatus("a", Status.REMOVED),)))
    assert (effect.unasked_m2[1], effect.places["home"]["error"][1]) == (0.0, 0)
    with pytest.raises(InputError, match="empty"):
        workflow.evaluate(services, replace(project, crs=""), Proposal())
