"""Facts about answers on real ground: what a rise hides, what trees hide from whom, and what outputs say of it."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, bare_camera, box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.columns import behind_trees
from lhasaplan.core.demand.outdoor_parts import sample_demand
from lhasaplan.core.exposure.grading import behind_ground
from lhasaplan.core.exposure.seen_walls import look_at_walls
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.protection.ground import ProtectedGround, depths_m, protected_walls
from lhasaplan.core.sight import explain
from lhasaplan.core.site.terrain import TerrainSheet, lay_over
from lhasaplan.io.content.policy_files import load_screen_rules

HALF = 100.0


def ground(height):
    """Terrain in 1 m cells around the town's origin, from a function of x and y there."""
    x = -HALF + 0.5 + np.arange(2 * HALF)
    heights = np.asarray(height(x[None, :] + 0.0 * x[:, None], -x[:, None] + 0.0 * x[None, :]), float)
    return lay_over([TerrainSheet("made.tif", 1.0, heights)], X0 - HALF, Y0 + HALF, 1.0)


HIGH = ground(lambda _x, y: 300.0 + 0.0 * y)
CREST = ground(lambda _x, y: np.maximum(0.0, 8.0 - np.abs(y - 15.0)))  # 8 m high, across the way to the house


def known(terrain=None):
    mine = reference_data(pack())
    return mine if terrain is None else replace(mine, terrain=terrain)


def notes(assessment):
    return [template for template, _ in assessment.notes]


# A house 30 m before the camera: 1920 / (2 tan 34) / 30 = 47 px/m, a note.
FACED = house(1, -10, 30, 10, 40)
WATCHED = town(FACED, cameras=[camera()])


def test_that_high_level_ground_gives_the_same_answers_as_none():
    plain, high = audit(WATCHED, known()), audit(WATCHED, known(HIGH))
    (a,), (b,) = plain.cameras, high.cameras
    assert a.sightings
    assert len(a.sightings) == len(b.sightings)
    for one, other in zip(a.sightings, b.sightings, strict=True):
        assert (one.cls, one.grade) == (other.cls, other.grade)
        assert one.density_px_m == pytest.approx(other.density_px_m)
        assert one.frontage_m == pytest.approx(other.frontage_m)
    assert a.certain.area_m2 == pytest.approx(b.certain.area_m2, rel=5e-4)


def test_that_a_crest_hides_a_home_and_is_named_as_the_reason():
    # Lens 4 m high at y = 0, crest 8 m high at y = 15: a line over it is at 12 m before the house at 30 m, above its roof.
    assert audit(WATCHED, known()).cameras[0].sightings
    assert not audit(WATCHED, known(CREST)).cameras[0].sightings
    (witness,) = who_sees(make_context(WATCHED, known(CREST), with_planned=False), X0, Y0 + 29.0)
    assert (witness.certainty, witness.reason, witness.blocker_id) == ("not", "terrain", "")


def test_that_a_home_in_a_made_up_pit_is_told_as_ranges_and_masks_are():
    # Walls of the pit 2 m off the house, which stands 20 m off the lens (due) on ground 12 m below all around it.
    home = house(1, -4, 20, 4, 28)
    pit = ground(lambda x, y: np.where((np.abs(x) < 6) & (np.abs(y - 24.0) < 6), -12.0, 0.0))
    plain, dug = (audit(town(home, cameras=[camera()]), each) for each in (known(), known(pit)))
    assert [str(each.grade) for each in plain.cameras[0].sightings] == ["due"]
    assert not dug.cameras[0].sightings
    assert [(str(v.cls), v.basis, v.by, str(v.grade)) for v in dug.cameras[0].ended_by_record] == [
        ("home", "recorded", "ground", "due")
    ]
    assert dug.totals["ended_by_record"]["ground"]["home"] == 1
    ((text, params),) = [(text, params) for text, params in dug.notes if text.startswith("Only imported terrain hides")]
    assert (params["homes"], params["cameras"]) == (1, ("c1",))
    assert "Check the terrain" in text


def test_that_a_bank_round_a_home_is_told_and_ground_that_hides_no_due_view_is_not():
    bank = ground(lambda x, y: np.where(np.maximum(np.abs(x), np.abs(y - 24.0)).round() == 8, 14.0, 0.0))
    found = audit(town(house(1, -4, 20, 4, 28), cameras=[camera()]), known(bank))
    assert [(v.by, str(v.grade)) for v in found.cameras[0].ended_by_record] == [("ground", "due")]
    assert not audit(WATCHED, known(CREST)).cameras[0].ended_by_record  # 30 m off it would be a note


def test_that_outputs_name_the_ground_and_its_cell():
    reported = dict(audit(WATCHED, known(CREST)).notes)
    template = "The ground comes from the stored terrain: {sources}. Sight is computed in cells of {cell_m} m."
    assert reported[template] == {"sources": "made.tif (1 m)", "cell_m": "1"}


def test_that_a_camera_beyond_the_terrain_is_counted():
    away = town(FACED, cameras=[camera(), camera("far", x=500.0)])
    reported = dict(audit(away, known(CREST)).notes)
    assert reported["{count} cameras stand beyond the stored terrain; the height of its edge is used."] == {"count": 1}


def test_that_a_facade_goes_from_the_ground_before_it_to_the_flat_roof():
    # Ground rises 1 m in 10 northwards. The house from y = 10 to 20 stands on 1.5 m, its 6 m roof is at 7.5 m above y = 0.
    slope = ground(lambda _x, y: 0.1 * y)
    context = make_context(town(house(1, -5, 10, 5, 20)), known(slope), with_planned=False)
    walls = protected_walls(context.protected, None, context.terrain, context.buildings)
    y = (walls.ends_m[:, [1, 3]] - Y0).mean(axis=1)
    south, north = np.abs(y - 10) < 0.1, np.abs(y - 20) < 0.1
    assert walls.base_m[south] == pytest.approx(np.full(5, 1.0), abs=0.06)  # 10 m in five walls, each on the ground before it
    assert walls.base_m[north] == pytest.approx(np.full(5, 2.0), abs=0.06)
    assert walls.top_m == pytest.approx(np.full(20, 7.5), abs=0.06)
    assert walls.ground_m == pytest.approx(0.1 * y, abs=0.06)
    assert set(map(tuple, walls.above_m.tolist())) == {(0.0, 6.0)}  # on level ground


def test_that_demand_stands_on_the_ground():
    part = Part("p", "p", "", "", "c", "zone", "area", box(0, 20, 8, 28), Required(25.0, 1, 0.9), "s", "r")
    slope = ground(lambda _x, y: 0.1 * y)
    demand = sample_demand([part], ProtectedGround(()), None, slope)
    assert demand.xyz_m[:, 2] == pytest.approx(1.5 + 0.1 * (demand.xyz_m[:, 1] - Y0))


def oak(x, y):
    return "node/7", shapely.Point(X0 + x, Y0 + y), {"natural": "tree", "height": "20", "diameter_crown": "12"}


def test_that_a_tree_before_a_home_is_no_mask():
    # Its crown would hide the house from 6 m up; a hoarding the rest.
    board = ("way/8", shapely.LineString([(X0 - 9, Y0 + 10), (X0 + 9, Y0 + 10)]), {"advertising": "billboard", "height": "30"})
    screened = town(FACED, cameras=[camera()], trees=layer("trees", oak(0, 15), board))
    plain, leafy = audit(WATCHED, known()), audit(screened, known())
    assert [s.grade for s in plain.cameras[0].sightings] == [s.grade for s in leafy.cameras[0].sightings]
    assert plain.cameras[0].certain.area_m2 == leafy.cameras[0].certain.area_m2
    assert any("hoardings can hide confirmed parts. They never hide a protected place" in template for template in notes(leafy))
    assert not any("Trees" in template for template in notes(plain))


def test_that_points_behind_trees_are_counted_in_leaf_and_without_leaves():
    # Lens at 4 m; both crowns from 2.4 m up are in the way of points at 4 m behind them; the yew keeps its needles.
    yew = ("node/9", shapely.Point(X0 + 10, Y0 + 15), {"natural": "tree", "leaf_type": "needleleaved"})
    plain_oak = ("node/7", shapely.Point(X0, Y0 + 15), {"natural": "tree"})
    mine = replace(known(), screens=load_screen_rules())
    context = make_context(town(cameras=[camera()], trees=layer("trees", plain_oak, yew)), mine, with_planned=False)
    points = np.array([[X0, Y0 + 30, 4.0], [X0 + 20, Y0 + 30, 4.0], [X0 - 15, Y0 + 30, 4.0]])
    assert behind_trees(context, points, lambda _share, _step: None) == (2, 1)
    reason = explain(context.view_table.views[0], points[0], context.in_leaf)
    assert (reason.reason, reason.blocker_id) == ("tree", "tree/node/7")


def test_that_trees_on_a_slope_stand_on_it():
    slope = ground(lambda _x, y: 0.2 * y)
    context = make_context(town(cameras=[camera()], trees=layer("trees", oak(0, 40))), known(slope), with_planned=False)
    assert context.in_leaf.buildings.top_m[-1] == pytest.approx(8.0 + 20.0, abs=0.7)
    assert context.in_leaf.buildings.base_m[-1] == pytest.approx(8.0 + 6.0, abs=0.7)


def test_that_a_camera_that_moves_to_a_facade_counts_from_the_ground_there():
    # Ground rises 1 m in 2. Drawn 1 m inside the upper facade of a house from y = 10 to 20, at y = 19 on 9.5 m;
    # it hangs 0.05 m before it on 10.025 m, with 4 m above that.
    slope = ground(lambda _x, y: 0.5 * y)
    upper = house(1, -5, 10, 5, 20, height=12.0)
    (placed,) = make_context(town(upper, cameras=[camera(y=19.0, mount=None)]), known(slope), with_planned=False).placed
    assert placed.views[0].y_m == pytest.approx(Y0 + 20.05)
    assert placed.views[0].lens_z_m == pytest.approx(14.025, abs=0.01)


def test_that_no_assumed_height_puts_a_lens_into_the_slope():
    # The house's roof is 4 m above the middle of a slope of 1 in 1: below the ground at its upper facade.
    steep = ground(lambda _x, y: 1.0 * y)
    low = house(1, -5, 10, 5, 20, height=4.0)
    (placed,) = make_context(town(low, cameras=[bare_camera(y=19.5)]), known(steep), with_planned=False).placed
    height = [view.lens_z_m - (view.y_m - Y0) for view in placed.views]
    assert min(height) == pytest.approx(0.5, abs=0.01)


def test_that_a_house_down_a_slope_lies_in_no_pit_and_one_with_a_way_in_still_does():
    def depth(height):
        context = make_context(town(house(1, -4, 20, 4, 28)), known(ground(height)), with_planned=False)
        walls = protected_walls(context.protected, None, context.terrain, context.buildings)
        return depths_m(walls, context.scene.relief)

    assert depth(lambda _x, y: -0.3 * y) == pytest.approx(np.zeros(16), abs=1e-9)  # steep, and half of all around is lower
    dug = depth(lambda x, y: np.where((np.abs(x) < 8) & (np.abs(y - 24.0) < 8) | (np.abs(x) < 2) & (y > 24.0), -5.0, 0.0))
    assert dug == pytest.approx(np.full(16, 5.0), abs=0.1)


# A churchyard of 8 by 8 m, its middle 24 m north of a lens, on the floor of a pit 12 m deep that begins 2 m beyond it.
YARD = layer("places", ("way/9", box(-4, 20, 4, 28), {"landuse": "cemetery"}))
ON_THE_RIM, BEHIND = camera("rim", y=17.5, tilt_deg=40.0), camera("behind")


def pit_at(level_m):
    return ground(lambda x, y: level_m + np.where((np.abs(x) < 6) & (np.abs(y - 24.0) < 6), -12.0, 0.0))


@pytest.mark.parametrize("level_m", [0.0, 12.0, 300.0])
def test_that_open_ground_in_a_pit_is_seen_from_the_rim_and_told_for_the_camera_behind(level_m):
    # From behind, the lens 4 m up passes the rim at 18 m: its line is 4 / 18 * 10 + 4 = 6.2 m down at the far edge, 12 m deep.
    found = audit(town(cameras=[ON_THE_RIM, BEHIND], places=YARD), known(pit_at(level_m)))
    rim, behind = found.cameras
    assert [str(each.cls) for each in rim.sightings] == ["protected"]
    assert not behind.sightings
    assert [(str(v.cls), v.by, str(v.grade)) for v in behind.ended_by_record] == [("protected", "ground", "due")]
    assert found.totals["behind_terrain"]["hidden"]["protected"] == 1


def test_that_without_its_pit_open_ground_is_as_sharp_as_on_level_land():
    # 1423.3 px of focal length at 20.2 m, where the nearest square metre ends: 70.5 px/m, due, wherever the datum lies.
    (level,) = audit(town(cameras=[BEHIND], places=YARD), known()).cameras
    assert [str(each.grade) for each in level.sightings] == ["due"]
    context = make_context(town(cameras=[BEHIND], places=YARD), known(pit_at(300.0)), with_planned=False)
    walls = protected_walls(context.protected, None, context.terrain, context.buildings)
    seen = behind_ground(context, look_at_walls(context, walls)).seen
    (density,) = seen.ground.density_px_m.tolist()
    assert density == pytest.approx(level.sightings[0].density_px_m[1], rel=1e-3)


def test_that_open_ground_up_and_down_a_slope_is_judged_at_its_own_height():
    # The land falls 1 m in 4: the yard's middle, 24 m on, lies 6 m below the lens's foot, as deep as without ground in the way.
    slope = ground(lambda _x, y: 200.0 - 0.25 * y)
    (plain,) = audit(town(cameras=[BEHIND], places=YARD), known(slope)).cameras
    context = make_context(town(cameras=[BEHIND], places=YARD), known(slope), with_planned=False)
    walls = protected_walls(context.protected, None, context.terrain, context.buildings)
    seen = behind_ground(context, look_at_walls(context, walls)).seen
    (drop,) = seen.ground.drop_m.tolist()
    assert drop == pytest.approx(4.0 - 1.5 + 6.0, abs=0.3)
    assert plain.ended_by_record == ()
