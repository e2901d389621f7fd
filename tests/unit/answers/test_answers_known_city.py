"""An audit of a city that is set up already is that of one made from nothing."""

from dataclasses import fields, replace

import numpy as np
import pytest
import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import make_context, set_up
from lhasaplan.core.live.live_answers import make_live
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.workflow import open_sample
from lhasaplan.workflow.answers import audit, reference_data


@pytest.fixture(scope="module")
def town():
    services = open_services()
    project = open_sample(services, services.content.read_sample("hilltown"))
    return services, project, set_up(project, reference_data(services, project))


def values(finding):
    return tuple(getattr(finding, field.name) for field in fields(finding))


def test_that_an_audit_in_a_city_that_is_known_says_what_one_from_nothing_says(town):
    services, project, city = town
    anew, again = audit(services, project), audit(services, project, known=city)
    assert city.ground.sorted_places is None
    live = make_live(city)
    assert make_live(city).near.near is live.near.near
    assert len(anew.findings) > 10
    for known in (again, audit(services, project, known=city)):
        assert [values(finding) for finding in known.findings] == [values(finding) for finding in anew.findings]
        assert known.totals == anew.totals
        assert [one.area_m2 for one in known.cameras] == [one.area_m2 for one in anew.cameras]


def test_that_nothing_is_made_again_of_the_same_layers_and_declarations(town):
    services, project, city = town
    fewer = replace(project, cameras=project.cameras[1:])
    context = make_context(fewer, reference_data(services, fewer), with_planned=False, known=city)
    assert context.scene is city.scene
    assert context.protected is city.protected
    assert context.ground is city.ground
    assert len(context.placed) > 0


def test_that_protected_places_are_found_anew_where_somebody_declared_a_use(town):
    services, project, city = town
    unknown = next(place for place in city.protected if not place.kinds and place.buildings)
    said = Declaration(unknown.protected_id, "not_dwelling", "A. Example", "2026-05-01")
    changed = replace(project, declarations=(*project.declarations, said))
    again, anew = (set_up(changed, reference_data(services, changed), known=known) for known in (city, None))
    ids = [place.protected_id for place in again.protected]
    assert unknown.protected_id not in ids
    assert [place.protected_id for place in again.ground.places] == ids
    assert ids == [place.protected_id for place in anew.protected]
    assert again.scene is city.scene


def test_that_protected_places_are_found_anew_where_a_layer_changed(town):
    services, project, city = town
    free = shapely.box(0.0, 0.0, 5.0, 5.0)
    school = Layer("more", np.array(["way/new"], object), np.array([free], object), ({"amenity": "school"},))
    changed = replace(project, layers={**project.layers, "more": school})
    again = set_up(changed, reference_data(services, changed), known=city)
    assert {place.protected_id for place in again.protected} - {place.protected_id for place in city.protected} == {"way/new"}
    assert again.scene is city.scene
