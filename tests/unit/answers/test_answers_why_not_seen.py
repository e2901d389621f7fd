"""Why a spot is not seen: what blocks and the height that would do, withheld where who sees a spot withholds it."""

import pytest
from answers_town import X0, Y0, box, camera, house, layer, reference_data, town

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.who_sees import who_sees, why_not_seen
from lhasaplan.core.site.mounting import ask_about

SHED = house(1, -5, 10, 5, 12, kind="shed", height=6.0)


def answers(project, x, y):
    context = make_context(project, reference_data(), False)
    asked = ask_about(X0 + x, Y0 + y, context.terrain, context.buildings)
    placed = {each.camera.camera_id: each for each in context.placed}
    return why_not_seen(who_sees(context, X0 + x, Y0 + y), placed, asked, context.scene, context.terrain)


def test_that_what_blocks_where_and_the_height_that_would_do_are_told():
    # Lens 4 m, shed 6 m from 10 to 12 m, spot 1.5 m at 30 m: the line falls 2.5 m in 30 and meets the wall at 4 - 2.5 / 3 m.
    # Over its far edge, 18 m in front of the spot: 1.5 + 4.5 * 30 / 18 = 9 m.
    (why,) = answers(town(SHED, cameras=[camera(tilt_deg=5.0)]), 0.0, 30.0)
    assert (why.witness.reason, why.witness.blocker_id) == ("building", "way/1")
    found = why.obstruction
    assert (found.x_m - X0, found.y_m - Y0, found.z_m) == pytest.approx((0.0, 10.0, 4 - 2.5 / 3), abs=0.01)
    assert why.height_m == pytest.approx(9.0, abs=0.01)


def test_that_a_camera_that_looks_away_is_told_without_a_height():
    (why,) = answers(town(SHED, cameras=[camera(azimuth=180.0)]), 0.0, 30.0)
    assert (why.witness.reason, why.obstruction, why.height_m) == ("out_of_angle", None, None)


def test_that_cameras_that_see_the_spot_are_not_asked():
    assert answers(town(SHED, cameras=[camera(tilt_deg=5.0)]), 0.0, 9.0) == ()


@pytest.mark.parametrize("spot", [(0.0, 30.0), (3.0, 26.0)])
def test_that_on_protected_ground_nothing_is_told_of_what_blocks(spot):
    graves = layer("places", ("n1", box(-10, 20, 10, 40), {"amenity": "grave_yard"}))
    (why,) = answers(town(SHED, cameras=[camera(tilt_deg=5.0)], places=graves), *spot)
    assert (why.witness.reason, why.witness.blocker_id, why.obstruction, why.height_m) == ("", "", None, None)


def test_that_a_refuge_changes_no_answer():
    refuge = layer("places", ("n1", box(20, 20, 30, 30), {"amenity": "womens_refuge"}))
    for spot in ((0.0, 30.0), (0.0, 14.0), (-20.0, 5.0), (25.0, 25.0)):
        with_it, without = (answers(town(SHED, cameras=[camera(tilt_deg=5.0)], **at), *spot) for at in ({"places": refuge}, {}))
        assert with_it == without
