"""What a lens sees of a wall, worked out by hand. The wall runs from west to east, 20 m north of the lens unless a test says so.

A wall is looked at 0.05 m before its line, at 19.95 m. An edge with its top at T, a share t of the way from a lens at height z,
hides what is below z + (T - z) / t.
"""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town, view

from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import densities, make_scene
from lhasaplan.core.sight.lens.frustum import columns_of, lens_sets, limits_of_view_px_m
from lhasaplan.core.sight.obstacles.relief import make_relief
from lhasaplan.core.sight.walls.engine import seen_pieces
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, HIGH0, HIGH1, LOW0, LOW1, TO, Mounts, limits_of_pieces

AWAY_M = 19.95
HALF_M = 50.0  # the wall begins so far to the west
FOCAL_PX = 960 / math.tan(math.radians(34))
NOTHING = make_scene(town())


def wall(top=9.0, base=0.0, north=20.0, half=HALF_M, own=-1):
    """A wall that looks south: its building is on the left of the way east."""
    return [-half, north, half, north, base, top, own]


def pieces(lens, *walls, scene=NOTHING, least_px_m=1.0, hangs_on=None):
    """What a lens sees of walls; ``hangs_on`` is the building of its mount and its wall as (x, y, unit x, unit y)."""
    building, line = hangs_on or (-1, [np.nan] * 4)
    mounts = Mounts(np.array([building]), np.array([line], float))
    return seen_pieces([lens], mounts, np.array(walls, float), scene, least_px_m)


def heights(found, x, half=HALF_M):
    """The intervals of height in view at a place ``x`` metres east of the lens, from below."""
    s, at = x + half, []
    for row in found.figure:
        if row[FROM] <= s < row[TO]:
            share = (s - row[FROM]) / (row[TO] - row[FROM])
            at.append((row[LOW0] + share * (row[LOW1] - row[LOW0]), row[HIGH0] + share * (row[HIGH1] - row[HIGH0])))
    return sorted(at)


def ends(found, half=HALF_M):
    """From where to where along the wall anything is in view, metres east of the lens."""
    return found.figure[:, FROM].min() - half, found.figure[:, TO].max() - half


def near(*intervals, within=1e-6):
    """Expect these intervals, in any case as many."""
    return [pytest.approx(each, abs=within) for each in intervals]


def prism(west, south, east, north, base, top):
    return shapely.box(west, south, east, north), base, top


# What stands before a wall


def test_that_with_nothing_before_it_a_wall_is_seen_from_its_base_to_its_top():
    found = pieces(view(), wall(top=9.0, base=1.5))
    assert heights(found, 0.3) == near((1.5, 9.0))
    reach = AWAY_M * math.tan(math.radians(34))
    assert ends(found) == pytest.approx((-reach, reach), abs=1e-6)


def test_that_a_piece_is_a_metre_long_at_most():
    found = pieces(view(), wall())
    length = found.figure[:, TO] - found.figure[:, FROM]
    assert length.max() <= 1.0 + 1e-9
    assert length.sum() == pytest.approx(2 * AWAY_M * math.tan(math.radians(34)), abs=1e-6)


@pytest.mark.parametrize(("top", "edge"), [(6.0, 5.0), (4.0, 8.0)])
def test_that_above_a_lower_building_the_wall_begins_where_the_line_over_its_edge_arrives(top, edge):
    # A building from 5 to 8 m: over one that is higher than the lens the near edge counts, over a lower one the far edge.
    scene = make_scene(town(prism(-30, 5, 30, 8, 0, top)))
    low = 5.0 + (top - 5.0) * AWAY_M / edge  # 8.99 and 2.506
    assert heights(pieces(view(z=5.0), wall(top=12.0), scene=scene), 0.3) == near((low, 12.0))


def test_that_a_building_as_high_as_the_line_to_the_top_hides_the_wall():
    scene = make_scene(town(prism(-30, 5, 30, 8, 0, 6.0)))
    assert len(pieces(view(z=5.0), wall(top=8.99 + 0.11), scene=scene).wall)
    assert not len(pieces(view(z=5.0), wall(top=8.99 + 0.09), scene=scene).wall)  # less than 0.1 m of height


def test_that_beside_a_building_the_wall_is_seen_whole():
    # Its east side at x = 2 runs from 5 to 8 m; lines past its near corner arrive at 2 * 19.95 / 5 = 7.98 m.
    scene = make_scene(town(prism(-30, 5, 2, 8, 0, 30.0)))
    found = pieces(view(z=5.0), wall(), scene=scene)
    assert ends(found)[0] == pytest.approx(2.0 * AWAY_M / 5.0)
    assert heights(found, 8.0) == near((0.0, 9.0))


def test_that_a_raised_deck_leaves_two_intervals():
    # A deck from 4 to 5 m over 10 to 12 m; a lens at 3 m sees below its far edge and above its near one.
    scene = make_scene(town(prism(-30, 10, 30, 12, 4.0, 5.0)))
    found = pieces(view(z=3.0), wall(top=12.0), scene=scene)
    below, above = 3.0 + 1.0 * AWAY_M / 12.0, 3.0 + 2.0 * AWAY_M / 10.0  # 4.66 and 6.99
    assert heights(found, 0.33) == near((0.0, below), (above, 12.0))
    assert len(set(found.column.tolist())) < len(found.column)  # both are of the same stretch


def test_that_a_low_roof_that_meets_the_wall_hides_what_is_below_it():
    # From 12 m up the roof at 3 m before the wall is looked over to the wall itself; from 2 m up its near edge counts.
    scene = make_scene(town(prism(-30, 10, 30, 20, 0, 3.0)))
    assert heights(pieces(view(z=12.0), wall(), scene=scene), 0.3) == near((3.0, 9.0))
    assert heights(pieces(view(z=2.0), wall(), scene=scene), 0.3) == near((2.0 + 1.0 * AWAY_M / 10.0, 9.0))


def test_that_a_lens_inside_a_building_sees_nothing_outside():
    around = make_scene(town(prism(-3, -3, 3, 3, 0, 8.0)))
    assert not len(pieces(view(z=5.0), wall(), scene=around).wall)
    assert len(pieces(view(z=8.5), wall(), scene=around).wall)  # on its roof


def test_that_relief_hides_what_is_below_the_line_over_a_crest():
    # A ridge 4 m high and flat from y = 9.5 to 11.5, both centres of cells; the lens is 2 m above level ground. The line over its
    # near edge arrives at 6.2 m; the ground is asked every half cell, so that it may be met half a metre later: at 6.0 m.
    n = 160
    y = 80.0 - (np.arange(n) + 0.5)[:, None] + np.zeros((1, n))
    ridge = make_relief(np.clip(5.0 - np.abs(y - 10.5), 0.0, 4.0), -80.0, 80.0, 1.0)
    ((low, high),) = heights(pieces(view(z=2.0), wall(top=20.0), scene=make_scene(town(), ridge)), 0.3)
    assert 2.0 + 2.0 * AWAY_M / 10.0 <= low <= 2.0 + 2.0 * AWAY_M / 9.5
    assert high == pytest.approx(20.0)


# What the lens takes in


def test_that_upper_and_lower_edge_of_the_picture_bound_a_wall():
    rise = AWAY_M * math.tan(math.radians(20))  # 7.261
    found = pieces(view(z=8.0, vfov=40.0), wall(top=20.0))
    for x in (0.3, 9.0):  # on a wall across the axis they are level
        assert heights(found, x) == near((8.0 - rise, 8.0 + rise), within=1e-5)


def test_that_a_tilted_picture_has_slanted_sides_on_a_wall():
    # 40 degrees, tilt 30: x metres aside a spot is in the picture up to (19.95 cos 30 - x / tan 20) / sin 30 above the lens, and
    # nowhere above its level, where the picture of 60 degrees ends.
    tan, cos = math.tan(math.radians(20)), math.cos(math.radians(30))
    found = pieces(view(z=9.0, hfov=40.0, tilt=30.0, vfov=60.0), wall(top=20.0))
    for x in (0.3, 6.0, -6.0, 7.0, -7.5):
        high = min(9.0, 9.0 + (AWAY_M * cos - abs(x) / tan) / 0.5)
        assert heights(found, x) == near((0.0, high), within=1e-5)
    widest = tan * (AWAY_M * cos + (9.0 - 0.1) * 0.5)  # where 0.1 m above the ground are left
    assert ends(found) == pytest.approx((-widest, widest), abs=1e-4)


def test_that_a_lens_that_looks_up_sees_less_to_the_sides_below():
    tan, cos = math.tan(math.radians(20)), math.cos(math.radians(30))
    found = pieces(view(z=5.0, hfov=40.0, tilt=-30.0, vfov=80.0), wall(top=20.0))
    low = 5.0 + (8.0 / tan - AWAY_M * cos) / 0.5  # 14.4, above the lower edge 10 degrees down
    assert heights(found, 8.0) == near((low, 20.0), within=1e-5)


def test_that_density_is_told_where_a_tenth_of_a_metre_has_it_all_over():
    level = pieces(view(z=5.0), wall())
    assert level.figure[:, [BEST0, BEST1]] == pytest.approx(FOCAL_PX / AWAY_M)
    # Tilted down by 20 degrees it falls towards the ground: the wall's highest 0.1 m begin at 8.9 m, 1.1 m below the lens.
    down = pieces(view(z=10.0, tilt=20.0), wall())
    depth = AWAY_M * math.cos(math.radians(20)) + 1.1 * math.sin(math.radians(20))
    middle = (down.figure[:, FROM] >= HALF_M - 5) & (down.figure[:, TO] <= HALF_M + 5)
    assert down.figure[middle][:, [BEST0, BEST1]] == pytest.approx(FOCAL_PX / depth)


def test_that_what_is_less_sharp_than_asked_is_left_out():
    # A level lens shows all of the wall at 71.3 px/m. Tilted by 20 degrees 75 px/m end at a depth of 18.98 m: 0.67 m below it.
    assert len(pieces(view(), wall(), least_px_m=71.3).wall)
    assert not len(pieces(view(), wall(), least_px_m=71.4).wall)
    sin, cos = math.sin(math.radians(20)), math.cos(math.radians(20))
    low = 8.0 - (FOCAL_PX / 75.0 - AWAY_M * cos) / sin
    assert heights(pieces(view(z=8.0, tilt=20.0), wall(), least_px_m=75.0), 0.3) == near((low, 9.0))


def test_that_range_ends_a_view_along_the_wall():
    reach = math.sqrt(20.5**2 - AWAY_M**2)  # 4.717
    assert ends(pieces(view(range_m=20.5), wall())) == pytest.approx((-reach, reach), abs=1e-4)
    assert not len(pieces(view(range_m=19.9), wall()).wall)


def test_that_a_bent_lens_sees_all_round_and_as_sharply_as_it_is_near():
    circle = full_circle(z=5.0, width=3000)
    found = pieces(circle, wall(half=20.0))
    assert ends(found, half=20.0) == pytest.approx((-20.0, 20.0))
    assert heights(found, 0.3, half=20.0) == near((0.0, 9.0))
    focal_px = 3000 / (2 * math.pi)
    # 0.1 m of height about the lens's own: its ends lie 0.05 m above and below.
    middle = found.figure[np.argmin(np.abs(found.figure[:, FROM] - 20.0))]
    assert middle[BEST0] == pytest.approx(focal_px / math.hypot(AWAY_M, 0.05))
    first = found.figure[np.argmin(found.figure[:, FROM])]
    assert first[BEST0] == pytest.approx(focal_px / math.hypot(20.0, AWAY_M, 0.05))


def test_that_the_picture_of_a_bent_lens_ends_at_its_upper_edge():
    # A panorama of 60 degrees upright: 30 degrees up, which is higher the farther the wall is.
    panorama = full_circle(z=5.0, width=3000, height_px=500)
    found = pieces(replace(panorama, vfov_deg=60.0), wall(top=30.0))
    for x in (0.0, 10.0):
        high = 5.0 + math.hypot(x, AWAY_M) * math.tan(math.radians(30))
        assert heights(found, x) == near((0.0, high), within=1e-4)


# Masks

LEVEL = view(z=5.0, hfov=90.0, vfov=2 * math.degrees(math.atan(540 / 960)))  # 960 px to the tangent: 1 m at 19.95 m is 48.1 px


def test_that_a_mask_by_compass_cuts_a_wall_where_its_bearings_meet_it():
    masked = replace(LEVEL, mask_sector_deg=((0.0, 30.0),))
    found = pieces(masked, wall())
    assert heights(found, -0.1) == near((0.0, 9.0))
    assert heights(found, 0.1) == heights(found, AWAY_M * math.tan(math.radians(30)) - 0.01) == []
    assert heights(found, AWAY_M * math.tan(math.radians(30)) + 0.01) == near((0.0, 9.0))


def test_that_a_mask_in_the_picture_leaves_what_lies_above_and_below_it():
    # From 400 to 540 px, the picture's middle: 0 to 140 / 960 * 19.95 = 2.909 m above the lens.
    mask = ((960.0, 400.0), (1440.0, 400.0), (1440.0, 540.0), (960.0, 540.0))
    found = pieces(replace(LEVEL, mask_px=(mask,)), wall())
    assert heights(found, 3.33) == near((0.0, 5.0), (5.0 + 140 / 960 * AWAY_M, 9.0))
    assert heights(found, -0.05) == near((0.0, 9.0))
    assert heights(found, AWAY_M / 2 + 0.1) == near((0.0, 9.0))  # 1440 px is at a tangent of 0.5


def test_that_the_slanted_side_of_a_mask_leaves_the_rest_within_a_tenth_of_a_metre():
    # Below the middle, and above a line that falls by 540 px over 480: 1.125 m a metre.
    mask = ((960.0, 540.0), (1440.0, 540.0), (1440.0, 1080.0))
    found = pieces(replace(LEVEL, mask_px=(mask,)), wall())
    for x in (0.52, 1.57, 3.01, 4.2):
        assert heights(found, x) == near((0.0, 5.0 - 1.125 * x), (5.0, 9.0), within=0.1)


def test_that_a_mask_over_the_whole_wall_leaves_nothing():
    mask = ((0.0, 0.0), (1920.0, 0.0), (1920.0, 1080.0), (0.0, 1080.0))
    assert not len(pieces(replace(LEVEL, mask_px=(mask,)), wall()).wall)


def test_that_a_mask_hides_nothing_of_a_lens_that_may_turn():
    mask = ((0.0, 0.0), (1920.0, 0.0), (1920.0, 1080.0), (0.0, 1080.0))
    assert len(pieces(replace(LEVEL, mask_px=(mask,), swing_deg=20.0), wall()).wall)


# Which walls


def test_that_a_wall_is_not_seen_from_behind():
    west, south, east, north, *rest = wall()
    assert not len(pieces(view(), [east, north, west, south, *rest]).wall)


def test_that_a_wall_behind_the_lens_is_not_seen():
    west, south, east, north, *rest = wall(north=-20.0)
    assert not len(pieces(view(), [east, north, west, south, *rest]).wall)
    assert len(pieces(view(azimuth=180.0), [east, north, west, south, *rest]).wall)


def test_that_the_facade_that_a_camera_hangs_on_is_not_its_view_but_other_walls_of_the_house_are():
    # The camera hangs on the wall along x = -0.3 and looks north; the house has another wall across its view.
    along = [-0.3, -5.0, -0.3, 15.0, 0.0, 9.0, 4.0]  # looks east, towards the lens
    assert set(pieces(view(), along, wall(own=4)).wall.tolist()) == {0, 1}
    hung = pieces(view(), along, wall(own=4), hangs_on=(4, [-0.3, -5.0, 0.0, 1.0]))
    assert set(hung.wall.tolist()) == {1}
    other = pieces(view(), [*along[:-1], 5.0], hangs_on=(4, [-0.3, -5.0, 0.0, 1.0]))
    assert len(other.wall)  # the same line, another house


def test_that_pieces_come_in_the_order_of_views_and_walls():
    mounts = Mounts(np.array([-1, -1]), np.full((2, 4), np.nan))
    rows = np.array([wall(north=30.0), wall(top=4.0, half=5.0)], float)
    found = seen_pieces([view(), view(x=3.0)], mounts, rows, NOTHING, 1.0)
    order = list(zip(found.viewer.tolist(), found.wall.tolist(), strict=True))
    assert order == sorted(order)
    assert set(order) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_that_nobody_and_nothing_gives_nothing():
    assert not len(seen_pieces([], Mounts(np.zeros(0, np.int64), np.zeros((0, 4))), np.array([wall()]), NOTHING, 1.0).wall)
    assert not len(seen_pieces([view()], Mounts(np.array([-1]), np.full((1, 4), np.nan)), np.zeros((0, 7)), NOTHING, 1.0).wall)


# Against rays


def walls_by_rays(lens, scene, half, top, step=0.25):
    """Which points of a grid on the wall the sight lines see."""
    x, z = np.meshgrid(np.arange(-half + step / 2, half, step), np.arange(step / 2, top, step))
    xyz = np.column_stack((x.ravel(), np.full(x.size, AWAY_M), z.ravel()))
    return xyz, densities([lens], xyz, scene).toarray()[:, 0] >= 1.0


def seen_m2(found, wall):
    """How much of a wall is in view."""
    figure = found.figure[found.wall == wall]
    heights = (figure[:, HIGH0] - figure[:, LOW0] + figure[:, HIGH1] - figure[:, LOW1]) / 2.0
    return float((heights * (figure[:, TO] - figure[:, FROM])).sum())


@pytest.mark.parametrize("seed", range(3))
def test_that_of_many_walls_as_much_is_seen_as_of_each_alone(seed):
    """What is hidden is refused cell by cell and wall by wall where there are many walls; one alone is always looked at."""
    rng = np.random.default_rng(seed)
    corners = [(20.0 * column, 20.0 * row + 8.0 * (row > 0)) for column in range(-8, 9) for row in range(-7, 9)]
    tops = rng.uniform(3, 15, len(corners)).tolist()
    houses = [prism(x - 6.0, y, x + 6.0, y + 12.0, 0.0, top) for (x, y), top in zip(corners, tops, strict=True)]
    rings = [shapely.get_coordinates(shapely.box(*outline.bounds, ccw=True)) for outline, _, _ in houses]
    rows = [[*a, *b, 0.0, top, -1] for ring, top in zip(rings, tops, strict=True) for a, b in pairwise(ring)]
    lens, scene = full_circle(x=rng.uniform(-60, 60), y=16.0, z=4.0, range_m=170.0), make_scene(town(*houses))
    found = pieces(lens, *rows, scene=scene)
    some = rng.choice(len(rows), 120, replace=False).tolist()
    assert len({*found.wall.tolist()}) > 48
    assert [seen_m2(found, w) for w in some] == near(*(seen_m2(pieces(lens, rows[w], scene=scene), 0) for w in some))


@pytest.mark.parametrize("seed", range(6))
def test_that_sight_lines_see_the_same_of_a_wall(seed):
    rng = np.random.default_rng(seed)
    prisms = [prism(x, y, x + w, y + 2.0, b, b + h) for x, y, w, b, h in zip(
        rng.uniform(-12, 8, 6), rng.uniform(3, 17, 6), rng.uniform(1, 6, 6), rng.choice([0.0, 0.0, 2.5], 6), rng.uniform(1, 6, 6),
        strict=True)]  # fmt: skip
    scene = make_scene(town(*prisms))
    more = {"lens_class": LensClass.EQUIDISTANT, "hfov": 180.0, "vfov": 180.0} if seed % 3 == 2 else {}
    lens = view(z=rng.uniform(2, 9), azimuth=rng.uniform(-25, 25), tilt=rng.uniform(0, 30) if not more else 0.0, **more)
    found = pieces(lens, wall(top=12.0, half=15.0), scene=scene)
    xyz, by_ray = walls_by_rays(lens, scene, 15.0, 12.0)
    held = {x: heights(found, x, half=15.0) for x in np.unique(xyz[:, 0]).tolist()}
    by_piece = np.array([any(low <= z <= high for low, high in held[x]) for x, _, z in xyz.tolist()])
    edge = np.array([min((abs(z - each) for pair in held[x] for each in pair), default=9.0) for x, _, z in xyz.tolist()])
    wrong = (by_ray != by_piece) & (edge > 0.1)
    beside = [held.get(x + side, []) for x, _, z in xyz[wrong].tolist() for side in (-0.25, 0.25)]
    assert wrong.mean() < 0.01, (xyz[wrong][:5], beside[:2])


@pytest.mark.parametrize("swing", [0.0, 180.0])
def test_that_of_a_wall_before_a_lens_of_unknown_tilt_the_nearest_place_is_told_no_less_sharp_than_it_may_be(swing):
    lens = replace(view(tilt=20.0), swing_deg=swing, tilt_swing_deg=20.0)
    found = pieces(lens, wall(north=1.5))
    start, way = np.tile([-HALF_M, 1.45], (len(found.wall), 1)), np.tile([1.0, 0.0], (len(found.wall), 1))
    lens_xyz, least = np.array([[lens.x_m, lens.y_m, lens.lens_z_m]]), np.empty(len(found.wall))
    limits_of_pieces(lens_sets(columns_of([lens])), lens_xyz, found.viewer, start, way, found.figure, least)
    for row in found.figure:
        for share in np.linspace(0.02, 0.98, 25):
            s = row[FROM] + share * (row[TO] - row[FROM])
            z = np.linspace(row[LOW0] + share * (row[LOW1] - row[LOW0]), row[HIGH0] + share * (row[HIGH1] - row[HIGH0]), 9)
            _, high = limits_of_view_px_m(lens, np.full(9, s - HALF_M), np.full(9, 1.45), lens.lens_z_m - z)
            reported = 1.0 / ((1.0 - share) / row[BEST0] + share / row[BEST1])
            assert high.max() <= reported * 1.01  # a peak between two of the eighths that are asked


def test_that_a_wall_which_the_side_of_the_picture_cuts_is_told_as_sharply_as_any_height_of_the_lens_may_have_it():
    # 24 m ahead the picture ends some 14 m aside, farther out for a higher lens; beyond, density goes by how far aside a spot is.
    lens = replace(view(z=8.0, tilt=14.5, hfov=60.0), lowest_lens_z_m=2.5)
    found = pieces(lens, wall(north=24.0, half=15.0))
    start, way = np.tile([-15.0, 23.95], (len(found.wall), 1)), np.tile([1.0, 0.0], (len(found.wall), 1))
    lens_xyz, least = np.array([[lens.x_m, lens.y_m, lens.lens_z_m]]), np.empty(len(found.wall))
    limits_of_pieces(lens_sets(columns_of([lens])), lens_xyz, found.viewer, start, way, found.figure, least)
    assert len(found.wall)
    for row in found.figure:
        for share in np.linspace(0.02, 0.98, 25):
            s = row[FROM] + share * (row[TO] - row[FROM])
            z = np.linspace(row[LOW0] + share * (row[LOW1] - row[LOW0]), row[HIGH0] + share * (row[HIGH1] - row[HIGH0]), 9)
            _, high = limits_of_view_px_m(lens, np.full(9, s - 15.0), np.full(9, 23.95), lens.lens_z_m - z)
            reported = 1.0 / ((1.0 - share) / row[BEST0] + share / row[BEST1])
            assert high.max() <= reported * 1.0005
