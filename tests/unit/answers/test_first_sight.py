"""The cones that are drawn first are those of the whole answers."""

import pytest
import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import set_up, set_up_walls
from lhasaplan.core.demand.ground_in_view import ground_seen
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.live.near_camera import coverage_preview
from lhasaplan.workflow import open_sample
from lhasaplan.workflow.answers import reference_data


@pytest.fixture(scope="module")
def town():
    services = open_services()
    project = open_sample(services, services.content.read_sample("hilltown"))
    return project, set_up(project, reference_data(services, project))


def test_that_coverage_preview_is_the_sight_of_the_answers(town):
    project, city = town
    cameras = [camera for camera in project.cameras if camera.status.name == "OPERATING"]
    first, live = coverage_preview(city, cameras), with_cameras(make_live(city), cameras)
    assert [one.placed.camera for one in first] == cameras
    for one in first:
        result = live.results[one.placed.camera.camera_id]
        fields = (*((result.certain,) if result.certain is not None else ()), *result.possible)
        assert one.placed == result.placed
        assert len(one.fields) == len(fields)
        for mine, theirs in zip(sorted(one.fields, key=lambda f: f.basis), sorted(fields, key=lambda f: f.basis), strict=True):
            assert mine.geometry.equals(theirs.geometry)


def test_that_the_grounds_are_what_the_fields_show_at_25_px_m(town):
    project, city = town
    for one in coverage_preview(city, project.cameras[:6]):
        for field, ground in zip(one.fields, one.grounds, strict=True):
            assert shapely.symmetric_difference(ground, ground_seen(field)).area < 0.01


def test_that_no_cameras_have_no_sight(town):
    assert coverage_preview(town[1], ()) == ()


def test_that_the_walls_of_a_city_suffice_and_the_city_set_up_on_them_is_the_same(town):
    project, city = town
    walls = set_up_walls(project, city.reference_data)
    in_walls, in_city = coverage_preview(walls, project.cameras), coverage_preview(city, project.cameras)
    for one, other in zip(in_walls, in_city, strict=True):
        assert one.placed == other.placed
        assert shapely.equals_exact(one.grounds, other.grounds).all()
    on_them = set_up(project, city.reference_data, walls=walls)
    assert on_them.rooms is walls.rooms
    assert [place.protected_id for place in on_them.protected] == [place.protected_id for place in city.protected]
