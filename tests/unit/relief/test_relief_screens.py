"""Facts about trees and hoardings: their crowns, their leaves, and what they hide."""

import math

import numpy as np
import pytest
import shapely
from answers_town import layer
from sight_town import full_circle, town, view

from lhasaplan.core.city.trees_and_hoardings import PIECE_M, Leafless, ScreenRules, Season, screens_from, with_screens
from lhasaplan.core.sight import densities, explain, make_scene
from lhasaplan.core.site.terrain import TerrainSheet, lay_over
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_screen_rules

RULES = ScreenRules()
NOBODY = np.empty((0, 2))


def trees(*features, rules=RULES, lenses=NOBODY, reach=None, piece_m=None):
    return screens_from(layer("trees", *features), rules, lenses, reach, piece_m)


def tree(name, x, y, **tags):
    return name, shapely.Point(x, y), {"natural": "tree", **tags}


def sees(a_view, scene, *points):
    return [bool(d > 0) for d in densities([a_view], np.array(points, float), scene).toarray()[:, 0]]


def test_that_a_recorded_crown_and_height_hold():
    (screen,) = trees(tree("node/1", 10, 20, height="10 m", diameter_crown="6")).polygons
    assert screen.bounds == pytest.approx((7, 17, 13, 23))
    rows = trees(tree("node/1", 10, 20, height="10 m", diameter_crown="6"))
    assert (rows.ids[0], rows.base_m[0], rows.top_m[0]) == ("tree/node/1", 3.0, 10.0)


def test_that_what_is_not_recorded_is_assumed():
    rows = trees(tree("n", 0, 0), ("row", shapely.LineString([(0, 0), (20, 0)]), {"natural": "tree_row"}))
    assert rows.top_m.tolist() == [8.0, 8.0]
    assert rows.base_m.tolist() == pytest.approx([2.4, 2.4])
    assert rows.polygons[0].bounds == pytest.approx((-2.5, -2.5, 2.5, 2.5))
    assert rows.polygons[1].bounds == pytest.approx((-2.0, -2.0, 22.0, 2.0))


def test_that_a_length_that_makes_no_sense_is_not_believed():
    assert trees(tree("n", 0, 0, height="900")).top_m[0] == 8.0


def test_that_a_wood_stands_on_the_ground():
    rows = trees(("way/2", shapely.box(0, 0, 30, 30), {"natural": "wood"}))
    assert (rows.base_m[0], rows.top_m[0], rows.polygons[0].area) == (0.0, 12.0, 900.0)


def test_that_a_board_stands_across_the_way_it_faces():
    # Facing east (90) the board runs north and south.
    rows = trees(("n", shapely.Point(0, 0), {"advertising": "billboard", "direction": "90", "width": "4"}))
    assert rows.polygons[0].bounds == pytest.approx((-0.1, -2.0, 0.1, 2.0), abs=1e-6)
    assert rows.ids[0] == "hoarding/n"


def test_that_a_board_of_unknown_direction_hides_in_every_direction():
    rows = trees(("n", shapely.Point(0, 0), {"advertising": "billboard", "width": "4"}))
    assert rows.polygons[0].bounds == pytest.approx((-2.0, -2.0, 2.0, 2.0))


def test_that_bare_crowns_do_not_hide_but_evergreens_and_boards_do():
    rows = trees(
        tree("oak", 0, 0, leaf_type="broadleaved"),
        tree("yew", 9, 0, leaf_type="needleleaved"),
        tree("larch", 18, 0, leaf_type="needleleaved", genus="Larix"),
        ("board", shapely.Point(27, 0), {"advertising": "billboard"}),
        rules=load_screen_rules(),
    )
    rules = load_screen_rules()
    assert list(rows.hiding(Season.IN_LEAF, rules).ids) == ["tree/oak", "tree/yew", "tree/larch", "hoarding/board"]
    assert list(rows.hiding(Season.LEAFLESS, rules).ids) == ["tree/yew", "hoarding/board"]


def test_that_the_first_leafless_entry_that_fits_counts():
    rules = ScreenRules(leafless=(Leafless("a", frozenset({"x"}), 0.9), Leafless("b", frozenset({"y"}), 0.1)))
    assert trees(tree("n", 0, 0, a="x", b="y"), rules=rules).leafless_share[0] == 0.9


def test_that_a_tree_before_a_wall_hides_it_from_crown_to_top_only():
    # Lens 3 m; crown from 2.4 to 8 m, nearest at y = 12.5; target before a wall at 29.9 m. A line to height z is at
    # 3 + (z - 3) / 29.9 * y: it passes below the crown if it is under 2.4 m at 12.5 m, which is z < 1.565,
    # and above it if it is over 8 m there, which is z > 14.96.
    scene = make_scene(with_screens(town((shapely.box(-9, 30, 9, 31), 0, 40)), trees(tree("n", 0, 15))))
    camera = view(z=3.0, vfov=170.0)
    assert sees(camera, scene, (0, 29.9, 1.55), (0, 29.9, 1.58), (0, 29.9, 14.9), (0, 29.9, 15.0)) == [True, False, False, True]


def test_that_a_tree_is_named_by_its_id():
    scene = make_scene(with_screens(town(), trees(tree("node/7", 0, 15))))
    reason = explain(view(z=3.0), np.array([0.0, 30.0, 3.0]), scene)
    assert (reason.reason, reason.blocker_id) == ("tree", "tree/node/7")
    assert reason.seen_from_m == pytest.approx(15.0, abs=0.01)  # see the wall above


def test_that_trees_change_no_number_of_a_building():
    houses = town((shapely.box(0, 0, 5, 5), 0, 6))
    both = with_screens(houses, trees(tree("n", 20, 20)))
    assert list(both.ids) == ["b0", "tree/n"]
    assert len(both) == len(both.tags) == 2


def test_that_a_camera_is_not_blinded_by_the_tree_it_hangs_in():
    lens = np.array([[1.0, 0.0]])
    assert len(trees(tree("n", 0, 0), lenses=lens)) == 0
    assert len(trees(tree("n", 6, 0), lenses=lens)) == 1  # its crown ends 2.5 m from the lens


def test_that_a_wood_has_a_clearing_around_a_camera():
    rows = trees(("way/2", shapely.box(0, 0, 40, 40), {"natural": "wood"}), lenses=np.array([[20.0, 20.0]]))
    assert rows.polygons[0].distance(shapely.Point(20, 20)) == pytest.approx(5.0 * math.cos(math.pi / 12), abs=1e-6)
    scene = make_scene(with_screens(town(), rows))
    assert sees(full_circle(20, 20, 3.0), scene, (20, 24, 1.5), (20, 27, 1.5)) == [True, False]


def test_that_only_what_is_looked_at_is_taken():
    reach = shapely.box(0, 0, 10, 10)
    rows = trees(tree("n", 50, 50), ("w", shapely.box(-100, -100, 5, 5), {"natural": "wood"}), reach=reach)
    assert list(rows.ids) == ["tree/w"]
    assert rows.polygons[0].area == pytest.approx(25.0)


def test_that_a_wood_on_a_slope_stands_on_it_piece_by_piece():
    y = 99.5 - np.arange(100)
    slope = lay_over([TerrainSheet("s", 1.0, np.repeat(0.5 * y[:, None], 100, axis=1))], 0.0, 100.0, 1.0)
    wood = trees(("w", shapely.box(10, 10, 90, 90), {"natural": "wood"}), piece_m=PIECE_M)
    assert len(wood) == 25  # squares of one grid, begun at 0, 20, ... 80
    standing = make_scene(with_screens(town(), wood), slope.relief).buildings
    tops = standing.top_m - 0.5 * shapely.get_y(shapely.centroid(standing.polygons))
    assert np.abs(tops - 12.0).max() < 6.0  # within the rise of a piece, instead of 20 m over the whole wood
    assert shapely.union_all(wood.polygons).area == pytest.approx(6400.0)


def test_that_rules_that_make_no_sense_are_all_told(tmp_path):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "trees.toml").write_text('[screens]\ncrown_m = "wide"\nhides_from = 2.0\n', "utf-8")
    with pytest.raises(InputError) as caught:
        load_screen_rules(tmp_path)
    reported = {fault.params["key"] for fault in caught.value.faults}
    assert {"crown_m", "hides_from", "tree_height_m"} <= reported
