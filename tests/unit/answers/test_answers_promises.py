"""What is promised of a change holds when it is carried out: tried and recorded lenses stand in one world."""

import dataclasses

import numpy as np
import pytest
import shapely
from amounts import examples
from answers_town import X0, Y0, camera, house, layer, reference_data, town
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString
from test_answers_check import drawn, inside_gate
from test_answers_service import ROADS, applied

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.mitigation.new_mounts import LONLAT_DECIMALS
from lhasaplan.core.results.finding import alternatives_of

PART = drawn(density=50.0)


def tree(name, x, y, **tags):
    return f"node/{name}", shapely.Point(X0 + x, Y0 + y), {"natural": "tree", **tags}


def promises(project):
    """Return, for each option of the part, what it promised and what a check of the changed project gives."""
    (found,) = inside_gate(project, PART).parts
    for option in found.service:
        (after,) = inside_gate(applied(project, option), PART).parts
        yield (option.verdict_after, pytest.approx(option.share_after, abs=1e-9)), (after.verdict, after.measured.share_served)


def test_that_a_new_camera_looks_past_the_same_trees_before_and_after_it_stands():
    # The pole stands at y = 40.5, the points at y = 22 and 26: at y = 34 the lines are between 2.4 m and 4 m high, in the crowns.
    row = [tree(n, x, 34, diameter_crown="4") for n, x in enumerate(range(-14, 15, 4))]
    bare, leafy = (town(cameras=[], roads=ROADS, **trees) for trees in ({}, {"trees": layer("trees", *row)}))
    assert [option.action for part in inside_gate(bare, PART).parts for option in part.service] == ["new"]
    pairs = list(promises(leafy))
    assert pairs
    assert all(promised == given for promised, given in pairs)


@examples(5, nightly=60)
@given(
    st.lists(st.tuples(st.integers(-25, 25), st.integers(3, 45), st.integers(2, 9)), max_size=12),
    st.sampled_from([0.0, 40.0, 75.0, 180.0]),
)
def test_that_every_option_gives_what_it_promised_whatever_trees_stand_there(trees, azimuth):
    leafy = layer("trees", *(tree(n, x, y, diameter_crown=str(d)) for n, (x, y, d) in enumerate(trees)))
    project = town(cameras=[camera(azimuth=azimuth)], roads=ROADS, trees=leafy)
    assert all(promised == given for promised, given in promises(project))


def test_that_no_new_camera_is_proposed_in_a_tree():
    # Crowns of 7 m every 2 m cover the whole kerb at y = 40.5: each lens there would take its tree away.
    row = [tree(n, x, 40, diameter_crown="7") for n, x in enumerate(range(-70, 71, 2))]
    (found,) = inside_gate(town(cameras=[], roads=ROADS, trees=layer("trees", *row)), PART).parts
    assert all(
        shapely.Point(o.as_changed.x_m - X0, o.as_changed.y_m - Y0).distance(LineString([(-70, 40), (70, 40)])) > 3.5
        for o in found.service
    )


def test_that_a_lens_beside_a_wood_would_have_it_cleared_and_one_beside_a_crown_would_not():
    # A wood gets a clearing of 5 m around a lens; a crown of 2.5 m is left out only where the lens hangs in it.
    wood = ("way/9", shapely.box(X0 + 20, Y0, X0 + 60, Y0 + 40), {"natural": "wood"})
    trees = layer("trees", wood, tree(1, 0, 100))
    screened = make_context(town(cameras=[], trees=trees), reference_data(), with_planned=False).screened
    spots = np.array([[16.0, 20.0], [14.0, 20.0], [1.0, 100.0], [4.0, 100.0]]) + np.array([X0, Y0])
    assert screened.hold_a_lens(spots).tolist() == [True, False, True, False]


def test_that_a_new_camera_is_tried_where_its_written_place_is():
    (found,) = inside_gate(town(cameras=[], roads=ROADS), PART).parts
    (new,) = found.service
    x, y = Crs(town().crs).from_lonlat([new.values["lon"]], [new.values["lat"]])
    assert (new.as_changed.x_m, new.as_changed.y_m) == (pytest.approx(x[0], abs=1e-9), pytest.approx(y[0], abs=1e-9))
    assert round(new.values["lon"], LONLAT_DECIMALS) == new.values["lon"]


@pytest.mark.parametrize(("away", "offered"), [(76, False), (81, True)])
def test_that_a_narrower_lens_is_not_promised_to_end_a_view_that_it_brings_nearer(away, offered):
    # The near home begins 19 degrees left of the axis: a lens of 35 degrees leaves it out, with 3,045 px/m at one metre instead
    # of 1,423. The home 76 m ahead, 19 px/m today, is then graded at 40; beyond the range of 80 m nothing is.
    near, far = house(7, -14, 10, -6, 18), house(8, -6, away, 6, away + 8)
    project = town(near, far, cameras=[camera(hfov_deg=68.0, image_width_px=1920, range_m=80.0)])
    (result,) = audit(project, reference_data()).cameras
    (sighting,) = result.sightings
    assert sighting.places == 1
    lenses = [
        mitigation
        for mitigation in (sighting.mitigation, *alternatives_of(sighting.mitigation))
        if "hfov_deg" in mitigation.values
    ]
    assert bool(lenses) == offered
    for mitigation in lenses:
        narrowed = dataclasses.replace(
            project.cameras[0], hfov_deg=mitigation.values["hfov_deg"], vfov_deg=mitigation.values["vfov_deg"]
        )
        (after,) = audit(dataclasses.replace(project, cameras=(narrowed,)), reference_data()).cameras
        assert after.sightings == ()


def test_that_what_a_tree_hides_does_not_depend_on_who_else_looks():
    wood = layer("trees", ("way/9", shapely.box(X0 + 20, Y0 + 20, X0 + 200, Y0 + 170), {"natural": "wood"}))
    project = town(cameras=[camera()], trees=wood)
    context = make_context(project, reference_data(), with_planned=False)
    own = context.in_leaf
    far = dataclasses.replace(context.view_table.views[0], x_m=X0 + 150, y_m=Y0 - 10, range_m=500.0)
    wide = context.in_leaf_for([far])
    assert wide is not own
    points = np.column_stack([X0 + np.linspace(-60, 60, 200), Y0 + np.linspace(5, 55, 200), np.full(200, 1.5)])
    seen = [context.sight.densities(context.view_table.views, points, scene).toarray() for scene in (own, wide)]
    np.testing.assert_array_equal(*seen)
