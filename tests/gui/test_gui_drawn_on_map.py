"""What a user drew as protected stands on no map, and others who look on are shown what outputs tell."""

from dataclasses import replace

import pytest
from gui_town import assessment_of, layer, result_of
from shapely.geometry import LineString, Point, box

from lhasaplan.app.jobs.live_sight import result_in
from lhasaplan.app.map.ground import prepare_ground
from lhasaplan.app.map.sight import seen_of
from lhasaplan.app.tools.versions.commands import overlays_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.project import ClosedPlaces
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity, SightingBasis

DRAWN = {"lhasaplan": "protected"}
SHAPES = {
    "areas": ([box(0, 0, 50, 50), box(20, 20, 30, 30)], {"name": "North"}),
    "places": ([box(0, 0, 50, 50), box(20, 20, 30, 30)], {"leisure": "park"}),
    "roads": ([LineString([(0, 0), (50, 0)]), LineString([(0, 9), (50, 9)])], {"highway": "residential"}),
    "trees": ([Point(1, 1), Point(25, 25)], {"natural": "tree"}),
    "floor_walls": ([LineString([(0, 0), (5, 0)]), LineString([(20, 20), (30, 20)])], {"indoor": "wall"}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_that_the_map_is_the_same_with_and_without_a_drawn_place_in_any_layer(name):
    shapes, tags = SHAPES[name]
    bare = prepare_ground({name: layer(name, shapes[:1], [tags])})
    drawn = prepare_ground({name: layer(name, shapes, [tags, tags | DRAWN])})
    assert reported(drawn) == reported(bare)
    assert reported(prepare_ground({name: layer(name, shapes, [tags, tags])})) != reported(bare)


def reported(ground):
    """How many shapes of each look a ground has, and its trees."""
    several = [len(shapes) for shapes in (*ground.cover.values(), *ground.roads.values())]
    return [*several, *(len(one) if one is not None else 0 for one in (ground.areas, ground.floor_walls))], ground.trees


class SomeLive:
    """Answers of one camera that sees an undisclosed place, of which outputs tell nothing."""

    def __init__(self, camera, sighting):
        self.results = {camera.camera_id: replace(result_of(camera), sightings=(sighting,))}

    def disclosed_result(self, key):
        return replace(self.results[key], sightings=())


def test_that_a_compared_plan_draws_views_of_undisclosed_places_for_nobody_who_may_not_see_them(window):
    camera = window.session.project.cameras[0]
    live = SomeLive(camera, _sighting(camera))
    results = _assessment(window, live.results.values())
    shown = overlays_of(live, (camera,), results, 0.0, {}, is_disclosed=True)
    assert not list(shown.views_of(Severity.ERROR))
    assert list(overlays_of(live, (camera,), results, 0.0, {}).views_of(Severity.ERROR))
    assert result_in(live, camera.camera_id, discloses_all=False).sightings == ()


def test_that_a_meeting_shows_what_outputs_tell_and_saving_keeps_the_whole(window):
    whole = _assessment(window, ())
    reported = replace(whole, disclosed=None)
    whole = replace(whole, disclosed=reported)
    session = window.session
    session.set_assessment(whole, session.project)
    session.hold(True)
    assert session.assessment is session.current_results is reported
    assert session.kept_results is whole
    session.set_assessment(whole, session.project)  # an analysis that ends meanwhile
    assert session.assessment is reported
    session.hold(False)
    assert session.assessment is session.kept_results is whole


def test_that_in_a_meeting_nobody_sees_lines_to_places_that_were_opened(window):
    session, follower = window.session, window.bench.map
    camera = session.project.cameras[0]
    session.set_assessment(_assessment(window, ()), session.project)
    turned = replace(camera, azimuth_deg=90.0)
    session.project = replace(session.project, cameras=(turned,), closed=ClosedPlaces(1, b"", b"", lie_open=True))
    seen = seen_of(replace(result_of(turned), sightings=(_sighting(turned),)))
    assert follower._views_of(turned, seen)
    session.hold(True)
    assert follower._views_of(turned, seen) == ()


def _sighting(camera):
    frontage = LineString([(0, 0), (9, 0)])
    found, error = (200.0, 200.0), Severity.ERROR
    return Sighting(
        camera.camera_id, ProtectedClass.PROTECTED, SightingBasis.RECORDED, error, None, None, found, 9.0, 1, (), frontage, None
    )


def _assessment(window, results):
    return replace(assessment_of(window.session.project, window.bench.context.gate), cameras=tuple(results))
