"""What is told while a camera is dragged: places of which outputs tell no figure are not found by dragging a probe about."""

from dataclasses import replace
from functools import cache

import pytest
from answers_town import box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.live.effect import effect_on, places_by_class
from lhasaplan.core.live.live_answers import make_live, with_cameras

HOME, UNKNOWN = house(1, -30, 20, -15, 32), house(2, 20, 20, 32, 32, kind="yes")
SPOTS = [(x, y) for x in range(-40, 41, 20) for y in range(-20, 11, 10)]
DRAWN = ("way/9", box(-5, 20, 5, 30), {"lhasaplan": "protected"})
REFUGE = ("way/9", box(-5, 20, 5, 30), {"amenity": "womens_refuge"})
LAWYER = ("node/9", box(25, 25, 26, 26).centroid, {"office": "lawyer"})  # in the house of unknown use
CHURCH = ("way/9", box(-5, 20, 5, 30), {"amenity": "place_of_worship"})


def project_of(*places, cameras=()):
    layers = {"places": layer("places", *places)} if places else {}
    return town(HOME, UNKNOWN, cameras=cameras, **layers)


def dragged(*places, is_disclosed):
    """The counts after each step of a probe that is dragged over the town."""
    live = make_live(set_up(project_of(*places), reference_data(pack())))
    before, found = with_cameras(live, [camera("probe")]), []
    for x, y in SPOTS:
        after = with_cameras(before, [camera("probe", x, y)])
        found.append(effect_on(("probe",), before, after, is_disclosed=is_disclosed).places)
        before = after
    return found


@cache
def where_nothing_is():
    return dragged(is_disclosed=True)


@pytest.mark.parametrize("place", [DRAWN, REFUGE], ids=["drawn", "refuge"])
def test_that_a_probe_that_is_dragged_about_finds_no_undisclosed_place(place):
    assert dragged(place, is_disclosed=True) == where_nothing_is()


@pytest.mark.parametrize("place", [DRAWN, REFUGE], ids=["drawn", "refuge"])
def test_that_whoever_opened_the_places_sees_them_counted(place):
    assert dragged(place, is_disclosed=False) != where_nothing_is()


@pytest.mark.parametrize("place", [CHURCH, LAWYER], ids=["church", "lawyer"])
def test_that_a_place_of_which_outputs_tell_is_counted_for_everybody(place):
    assert dragged(place, is_disclosed=True) == dragged(place, is_disclosed=False) != where_nothing_is()


@pytest.mark.parametrize("place", [DRAWN, REFUGE, LAWYER, CHURCH])
@pytest.mark.parametrize("spot", [(0, 0), (-20, 0), (20, 10)])
def test_that_what_is_told_live_is_what_outputs_of_an_audit_tell(place, spot):
    probe = camera("probe", *spot)
    live = with_cameras(make_live(set_up(project_of(place), reference_data(pack()))), [probe])
    found = audit(project_of(place, cameras=[probe]), reference_data(pack()))
    shown = (found.disclosed or found).cameras
    assert places_by_class([live.disclosed_result("probe")]) == places_by_class(shown)
    assert places_by_class([live.results["probe"]]) == places_by_class(found.cameras)


def test_that_a_camera_that_is_gone_or_turned_away_leaves_nothing_behind():
    live = make_live(set_up(project_of(DRAWN), reference_data(pack())))
    looking = with_cameras(live, [camera("probe")])
    assert "probe" in looking.disclosed
    assert "probe" not in with_cameras(looking, [replace(camera("probe"), azimuth_deg=180.0)]).disclosed
    assert "probe" not in with_cameras(looking, (), ["probe"]).disclosed
