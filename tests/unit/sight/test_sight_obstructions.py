"""Where a line of sight is blocked, and how high a lens must hang: worked out by hand, and held to the engine by laws."""

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sight_streets import STREET
from sight_streets import view as street_view
from sight_town import Mount, town, view

from lhasaplan.core.sight import explain, make_scene
from lhasaplan.core.sight.lines.pairs import obstruction
from lhasaplan.core.sight.obstacles.relief import make_relief

WALL = shapely.box(-5, 10, 5, 12)
TARGET = np.array([0.0, 30.0, 1.5])


def test_that_the_far_edge_of_a_roof_decides_how_high_the_lens_must_hang():
    # Lens 3 m, roof 6 m from 10 to 12 m, target 1.5 m at 30 m. The line over the far edge, 18 m before the target, rises 4.5 m
    # in 18: 1.5 + 30 / 4 = 9 m at the lens; over the near edge, 20 m before it, 8.25 m would do.
    found = obstruction(view(z=3), TARGET, make_scene(town((WALL, 0, 6))))
    assert found.lens_z_m == pytest.approx(9.0, abs=0.005)
    # The line of now falls 1.5 m in 30 and meets the near wall after 10: at 2.5 m.
    assert (found.x_m, found.y_m, found.z_m) == pytest.approx((0.0, 10.0, 2.5), abs=0.01)
    assert (found.reason.reason, found.reason.blocker_id) == ("building", "b0")


def test_that_a_target_above_the_roof_asks_for_the_near_edge():
    # From a target 10 m high over a roof of 12 m: over the near edge 10 + 2 * 30 / 20 = 13 m, over the far one 10 + 2 * 30 / 18.
    found = obstruction(view(z=3), np.array([0.0, 30.0, 10.0]), make_scene(town((WALL, 0, 12))))
    assert found.lens_z_m == pytest.approx(10 + 2 * 30 / 18, abs=0.005)


def test_that_the_highest_of_two_houses_decides_and_the_nearest_is_named():
    scene = make_scene(town((WALL, 0, 6), (shapely.box(-5, 20, 5, 22), 0, 5)))
    found = obstruction(view(z=3), TARGET, scene)
    assert found.reason.blocker_id == "b0"
    # Over the second, 8 m before the target: 1.5 + 3.5 * 30 / 8 = 14.625 m.
    assert found.lens_z_m == pytest.approx(14.625, abs=0.005)


def test_that_nothing_is_said_where_the_point_is_seen_or_out_of_the_picture_or_masked():
    scene = make_scene(town((WALL, 0, 6)))
    assert obstruction(view(z=3), np.array([0.0, 9.0, 1.5]), scene) is None
    assert obstruction(view(z=3), np.array([0.0, -9.0, 1.5]), scene) is None
    assert obstruction(view(z=3, mask_sector_deg=((350.0, 10.0),)), TARGET, scene) is None


def test_that_a_rise_of_the_ground_is_where_the_line_meets_it():
    # A crest of 4 m at 20.5 m, its sides falling 1 in 1; the line from 5 m at 0.5 m to 1.5 m at 60.5 m falls 3.5 in 60:
    # y - 16.5 = 5 - 3.5 (y - 0.5) / 60 at y = 20.34. Over the crest, 40 m before the target: 1.5 + 2.5 * 60 / 40 = 5.25 m.
    side = np.arange(-129.5, 130.0)
    crest = np.maximum(0.0, 4.0 - np.abs(-side[:, None] - 20.5 + 0.0 * side[None, :]))
    scene = make_scene(town(), make_relief(crest, -130.0, 130.0, 1.0))
    found = obstruction(view(y=0.5, z=5.0), np.array([0.0, 60.5, 1.5]), scene)
    assert found.reason.reason == "terrain"
    assert (found.x_m, found.y_m, found.z_m) == pytest.approx((0.0, 20.3425, 3.8425), abs=0.005)
    assert found.lens_z_m == pytest.approx(5.25, abs=0.005)


def test_that_a_lens_under_its_own_roof_is_helped_by_no_height():
    block = shapely.box(-20, -20, 20, 20)
    scene = make_scene(town((block, 0, 12), (shapely.box(-2, 30, 2, 32), 0, 6)))
    inside = view(z=3.0, mount=Mount.POLE)
    found = obstruction(inside, np.array([0.0, 60.0, 1.5]), scene)
    assert found is None or found.lens_z_m is None or found.lens_z_m >= 12.0


@given(st.integers(0, 40), st.floats(-20, 260), st.floats(-28, 28), st.floats(0.5, 6.0))
@example(0, 1.0, 19.0, 1.0)
@settings(max_examples=60, deadline=None)
def test_that_a_lens_at_that_height_sees_over_and_one_a_little_lower_does_not(number, x, y, z):
    one = dataclasses.replace(
        street_view(number, 53.0 * number % 250.0, 0.0, 0.0), hfov_deg=360.0, vfov_deg=180.0, tilt_deg=0.0, range_m=400.0
    )
    one = dataclasses.replace(one, lens_class=type(one.lens_class)("equidistant"))
    point = np.array([x, y, z])
    found = obstruction(one, point, STREET)
    if found is None or found.lens_z_m is None:
        return
    assert found.lens_z_m > one.lens_z_m
    # A wall is met a millimetre early or late. Close behind one the line is steep: the height z + (top - z) * D / d of the lens
    # changes by (height - z)^2 / ((top - z) * D) for each metre of d; the tops of the street are 5, 8, 11 and 14 m high.
    over_m = 5.0 + int(found.reason.blocker_id.removeprefix("way/")) % 4 * 3.0 - z
    steep = (found.lens_z_m - z) ** 2 / max(over_m * np.hypot(x - one.x_m, y - one.y_m), 1e-3)
    above, below = (dataclasses.replace(one, lens_z_m=found.lens_z_m + by) for by in (0.01, -0.02 - 0.001 * steep))
    assert explain(above, point, STREET).reason == "seen"
    assert explain(below, point, STREET).reason == "building"
    # What blocks stands where it is said to: just before it the line is clear, just behind it is not.
    lens, at = np.array([one.x_m, one.y_m, one.lens_z_m]), np.array([found.x_m, found.y_m, found.z_m])
    before, behind = (lens + (at - lens) * (1 + by / max(np.linalg.norm(at - lens), 1e-9)) for by in (-0.05, 0.05))
    assert explain(one, before, STREET).reason == "seen"
    assert explain(one, behind, STREET).reason == "building"
