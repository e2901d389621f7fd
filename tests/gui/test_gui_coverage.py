"""How sight of many cameras looks on the map: one quiet shape of the possible, a smooth shade of the certain."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from gui_town import assessment_of, result_of, town, view_of
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from shapely.geometry import LineString, Point, Polygon, box

from lhasaplan.app.map.cones import Overlays, draw_overlays
from lhasaplan.app.map.coverage import BLOCKS, FAINTEST, FEW, CameraShapes, Cone, blocks_of, level_of
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.sight import CurrentSight, seen_of
from lhasaplan.app.map.style import DARK, DARK_CLEAR, LIGHT, LIGHT_CLEAR
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.results.finding import Severity

ALL = ShownMap(frozenset({"certain", "possible", "far", "night", "protected_views"}))


def one_block(**shapes):
    return Overlays(blocks=(CameraShapes(**shapes),))


def drawn(overlays, shown=ALL, box_m=(0.0, 0.0, 200.0, 200.0), scale=1.0):
    picture = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    draw_overlays(painter, overlays, shown, box_m, scale)
    painter.end()
    return picture


def alpha(picture, x, y):
    """North is up: metres from the lower left corner."""
    return picture.pixelColor(round(x), round(199 - y)).alpha()


def test_that_ten_possible_cones_over_each_other_look_like_one():
    one = drawn(one_block(possible=Shapes([box(20, 20, 120, 120)])))
    ten = drawn(one_block(possible=Shapes([box(20, 20, 120, 120)] * 10)))
    assert one == ten
    assert alpha(one, 70, 70) == pytest.approx(LIGHT.possible.alpha(), abs=1)


def test_that_nothing_more_is_painted_of_a_picture_that_is_left():
    cones = one_block(possible=Shapes([box(20 * n, 20, 20 * n + 15, 120) for n in range(80)]))

    def looks_until_left_at(number):
        looks = []

        def is_left():
            looks.append(len(looks))
            return len(looks) > number

        left = drawn(cones, replace(ALL, is_left=is_left))
        assert (left == drawn(Overlays())) is (len(looks) > number), "it is not shown, so it needs no colours either"
        return len(looks)

    whole = looks_until_left_at(1000)
    assert looks_until_left_at(4) < whole, "paths that are still to come are not drawn"


def test_that_possible_sight_has_no_lines_inside_and_a_soft_one_round_the_whole():
    joined = drawn(one_block(possible=Shapes([box(20, 20, 100, 120), box(60, 20, 160, 120)])))
    row = [alpha(joined, x, 70) for x in range(30, 150)]
    assert set(row) == {row[0]}
    assert max(alpha(joined, x, 70) for x in range(15, 25)) > row[0]
    assert alpha(joined, 10, 70) == 0


def test_that_near_sight_is_stronger_than_far_whatever_is_drawn_first():
    both = drawn(one_block(possible=Shapes([box(20, 20, 80, 80)]), far=Shapes([box(20, 20, 160, 160)])))
    assert alpha(both, 50, 50) > alpha(both, 140, 140) > 0


def test_that_a_layer_at_half_its_opacity_is_half_as_strong_and_one_that_is_off_is_not_there():
    overlays = one_block(possible=Shapes([box(20, 20, 160, 160)]))
    half = drawn(overlays, replace(ALL, opacity={"possible": 0.5, "far": 0.5}))
    assert alpha(half, 90, 90) == pytest.approx(LIGHT.possible.alpha() / 2, abs=1)
    assert alpha(drawn(overlays, replace(ALL, visible=frozenset({"certain"}))), 90, 90) == 0


def test_that_the_camera_that_is_drawn_live_is_left_out_of_the_shape():
    overlays = one_block(possible=Shapes([box(20, 20, 80, 80), box(120, 20, 180, 80)], ["known", "other"]))
    picture = drawn(overlays, replace(ALL, lifted_id="known"))
    assert alpha(picture, 50, 50) == 0
    assert alpha(picture, 150, 50) > 0


def known_cone():
    """A camera at (100, 20) that looks north with 60 degrees and 1920 px: focal length 1663 px, 25 px/m at 66 m of depth."""
    view = replace(view_of(town().cameras[0]), x_m=100.0, y_m=20.0, range_m=150.0, tilt_deg=0.0, hfov_deg=60.0)
    return Cone(view, 0.0), Point(100.0, 20.0).buffer(150.0).intersection(box(60, 20, 140, 200))


def test_that_certain_sight_grows_fainter_with_every_metre():
    cone, ground = known_cone()
    picture = drawn(one_block(certain=Shapes([ground]), cones=(cone,)))
    levels = [alpha(picture, 100, y) for y in range(35, 80, 5)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1]


def test_that_the_sharper_of_two_cameras_is_shown_whatever_is_drawn_first():
    sharp, ground = known_cone()
    blurred = replace(sharp, view=replace(sharp.view, width_px=960))  # 25 px/m end at 33 m
    near = ground.intersection(Point(100.0, 20.0).buffer(33.0))
    pairs = [((ground, sharp), (near, blurred)), ((near, blurred), (ground, sharp)), ((ground, sharp),)]
    pictures = [drawn(one_block(certain=Shapes([g for g, _ in pair]), cones=tuple(c for _, c in pair))) for pair in pairs]
    first, *others = ([alpha(picture, x, y) for x in (80, 100, 120) for y in range(40, 150, 10)] for picture in pictures)
    assert others == [first, first]


def test_that_levels_rise_by_the_same_step_with_each_doubling():
    steps = np.diff(level_of(np.array([25.0, 50.0, 100.0, 200.0])).astype(int))
    assert level_of(np.array([25.0]))[0] == FAINTEST
    assert np.ptp(steps) <= 1


def test_that_the_pointer_finds_the_gravest_frontage_that_is_as_near():
    wall = LineString([(0, 0), (50, 0)])
    overlays = one_block(views={Severity.NOTE: Shapes([wall], ["a"]), Severity.ERROR: Shapes([wall], ["b"])})
    assert overlays.frontage_at(25.0, 2.0, within_m=3.0).grade is Severity.ERROR
    assert overlays.frontage_at(25.0, 9.0, within_m=3.0) is None


def test_that_frontage_under_the_pointer_is_stronger_and_thin_again_when_it_leaves(qtbot, window):
    canvas = window.canvas
    wall = LineString([(60.0, 60.0), (100.0, 60.0)])
    canvas.show_box((40, 30, 110, 90))
    canvas.set_overlays(one_block(views={Severity.ERROR: Shapes([wall], ["known"])}))
    at = [round(one) for one in canvas.viewport.to_screen(80.0, 60.0)]
    qtbot.mouseMove(canvas, pos=QPoint(*at))
    assert canvas.marks.frontage is not None
    qtbot.mouseMove(canvas, pos=QPoint(at[0], at[1] + 60))
    assert canvas.marks.frontage is None


def test_that_a_dark_window_has_a_dark_map_and_a_light_one_a_light_map(qtbot, window):
    window.menus["scheme_dark"].trigger()
    qtbot.waitUntil(lambda: window.canvas.palette_now is DARK)
    window.menus["scheme_light"].trigger()
    qtbot.waitUntil(lambda: window.canvas.palette_now is LIGHT)
    window.menus["scheme_system"].trigger()


def test_that_colours_for_the_colour_blind_follow_light_and_dark(qtbot, window):
    window.menus["scheme_light"].trigger()
    window.menus["clear_colours"].setChecked(True)
    assert window.canvas.palette_now is LIGHT_CLEAR
    window.menus["scheme_dark"].trigger()
    qtbot.waitUntil(lambda: window.canvas.palette_now is DARK_CLEAR)
    window.menus["clear_colours"].setChecked(False)
    assert window.canvas.palette_now is DARK
    window.menus["scheme_light"].trigger()


def test_that_both_palettes_know_the_same_kinds():
    assert LIGHT.cover.keys() == DARK.cover.keys()
    assert LIGHT.roads.keys() == DARK.roads.keys()
    assert len(LIGHT.ramp) == len(DARK.ramp) == 4


def crowd(count):
    camera = town().cameras[0]
    return {f"c{n}": seen_of(result_of(replace(camera, camera_id=f"c{n}", x_m=float(n)))) for n in range(count)}


def test_that_a_change_of_one_camera_makes_one_block_anew_and_no_other():
    seen = crowd(FEW + 1)
    before = blocks_of(CurrentSight(seen), {})
    moved = seen_of(result_of(replace(town().cameras[0], camera_id="c7", x_m=900.0)))
    after = blocks_of(CurrentSight({**seen, "c7": moved}), {}, before)
    changed = [one for one, other in zip(after, before, strict=True) if one is not other]
    assert len(before) == len(after) == BLOCKS
    assert len(changed) == 1
    assert "c7" in changed[0].pieces


def test_that_a_camera_that_is_gone_leaves_its_block():
    seen = crowd(FEW + 2)
    before = blocks_of(CurrentSight(seen), {})
    after = blocks_of(CurrentSight({key: one for key, one in seen.items() if key != "c3"}), {}, before)
    assert {key for block in after for key in block.pieces} == seen.keys() - {"c3"}
    assert sum(one is not other for one, other in zip(after, before, strict=True)) == 1


def test_that_few_cameras_are_one_block_and_results_alone_are_drawn_too():
    (block,) = blocks_of(CurrentSight(crowd(3)), {"bare": result_of(town().cameras[1])})
    assert set(block.pieces) == {"c0", "c1", "c2", "bare"}
    assert len(block.certain) == 3


def test_that_a_small_map_drawn_from_fewer_points_looks_like_one_drawn_from_all():
    rings = [Point(400.0 * x, 400.0 * y).buffer(30.0, quad_segs=90) for x in range(1, 5) for y in range(1, 5)]
    holed = shapely.difference(rings[0], box(390.0, 390.0, 404.0, 408.0))
    shapes, everyone = Shapes([holed, *rings[1:]]), np.arange(16)
    coarse, fine = shapes.path(everyone, (0.0, 2000.0), 0.2), shapes.path(everyone, (0.0, 2000.0), 1.0)
    assert coarse.elementCount() < 0.7 * fine.elementCount()
    assert fine.elementCount() == shapely.get_num_coordinates(np.array([holed, *rings[1:]])).sum()
    assert coarse.contains(QPointF(0.2 * 400.0, 0.2 * (2000.0 - 424.0)))
    assert not coarse.contains(QPointF(0.2 * 396.0, 0.2 * (2000.0 - 400.0)))


def test_that_shapes_at_the_edge_of_a_box_are_in_it_as_a_tree_has_it():
    places = [box(x, y, x + 10.0, y + 10.0) for x in range(0, 100, 10) for y in range(0, 100, 10)]
    asked = (20.0, 33.0, 41.5, 60.0)
    assert Shapes(places).within(asked).tolist() == sorted(shapely.STRtree(places).query(box(*asked)).tolist())
    assert Shapes(places).within(asked, 10.5).tolist() == []


def test_that_shapes_taken_from_two_and_joined_are_as_if_made_of_their_geometry():
    rng = np.random.default_rng(8)
    lines = [LineString(rng.uniform(0, 60, (count, 2)) + rng.uniform(0, 9000, 2)) for count in rng.integers(2, 9, 40)]
    keys = [f"c{number % 7}" for number in range(40)]
    asked = {"c0", "c3", "c5"}
    kept = [(line, key) for line, key in zip(lines[:30], keys, strict=False) if key in asked]
    expected = Shapes([*(line for line, _ in kept), *lines[30:]], [*(key for _, key in kept), *keys[30:]])
    found = Shapes.joined([Shapes(lines[:30], keys[:30]).of(asked), Shapes(lines[30:], keys[30:])])
    assert list(found.keys) == list(expected.keys)
    for x, y in rng.uniform(0, 9000, (60, 2)):
        box_m = (x, y, x + 1500.0, y + 1500.0)
        assert found.within(box_m).tolist() == expected.within(box_m).tolist()
    for scale in (0.1, 3.0):  # a place keeps 4 mm
        paths = [each.path(np.arange(len(each)), (0.0, 9000.0), scale) for each in (found, expected)]
        points = [[(p.elementAt(i).x, p.elementAt(i).y) for i in range(p.elementCount())] for p in paths]
        assert points[0] == [pytest.approx(point, abs=0.004 * scale) for point in points[1]]


def test_that_a_block_made_anew_keeps_the_views_of_its_other_cameras():
    camera, other = town().cameras[:2]
    wall = LineString([(camera.x_m + 5.0, camera.y_m), (camera.x_m + 5.0, camera.y_m + 6.0)])
    one = replace(assessment_of(town(), Gate(True)).cameras[0].sightings[0], geometry=wall)
    results = {"a": replace(result_of(camera), sightings=(one,)), "b": replace(result_of(other), sightings=(one,))}
    (before,) = blocks_of(CurrentSight({}), results)
    (after,) = blocks_of(CurrentSight({}), {**results, "b": result_of(other)}, (before,))
    lines = [[*block.views.values(), *block.beyond.values()] for block in (before, after)]
    assert [{key for shapes in found for key in shapes.keys} for found in lines] == [{"a", "b"}, {"a"}]
    assert sum(map(len, lines[1])) == sum(len(shapes.of({"a"})) for shapes in lines[0])


COUNTS = ShownMap(frozenset({"counts"}))


def pixel(picture, x, y):
    return picture.pixelColor(round(x), round(199 - y))


def near(one, other):
    return all(abs(a - b) <= 2 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize(("count", "place"), [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3), (10, 4), (300, 4)])
def test_that_a_place_has_the_colour_of_how_many_cameras_see_it(count, place, palette):
    shown = replace(COUNTS, palette=palette)
    picture = drawn(one_block(possible=Shapes([box(20, 20, 120, 120)] * count)), shown)
    assert near(pixel(picture, 70, 70), palette.counts[place])
    assert pixel(picture, 150, 150).alpha() == 0


def test_that_near_far_and_certain_sight_count_alike_and_one_camera_counts_once_where_its_fields_meet():
    far, close = box(20, 20, 160, 60), box(20, 60, 160, 100)  # fields of one camera lie beside each other
    picture = drawn(
        one_block(certain=Shapes([box(20, 20, 60, 100)]), cones=(), possible=Shapes([close]), far=Shapes([far])), COUNTS
    )
    assert {pixel(picture, 120, y).name() for y in range(25, 95)} == {pixel(picture, 120, 30).name()}
    assert near(pixel(picture, 120, 30), LIGHT.counts[0])
    assert near(pixel(picture, 40, 30), LIGHT.counts[1])


def test_that_the_selected_camera_is_counted_too():
    overlays = one_block(possible=Shapes([box(20, 20, 80, 80)], ["known"]))
    assert near(pixel(drawn(overlays, replace(COUNTS, lifted_id="known")), 50, 50), LIGHT.counts[0])


def test_that_the_nearest_line_is_found_as_a_tree_of_lines_finds_it():
    rng = np.random.default_rng(5)
    lines = [LineString(rng.uniform(0, 60, (count, 2)) + rng.uniform(0, 300, 2)) for count in rng.integers(2, 6, 80)]
    shapes, tree = Shapes(lines), shapely.STRtree(lines)
    for x, y in rng.uniform(0, 360, (60, 2)):
        index, away = tree.query_nearest(Point(x, y), max_distance=9.0, return_distance=True)
        found = shapes.nearest(x, y, 9.0)
        assert (found is None) == (not len(index))
        if found is not None:
            assert found[0] in index
            assert found[1] == pytest.approx(away[0], abs=0.01)
    assert Shapes([box(0, 0, 9, 9)]).nearest(1.0, 1.0, 5.0) is None


def test_that_points_beyond_a_tile_are_left_out_and_nothing_on_it_changes(qapp):
    rng = np.random.default_rng(3)
    turn = np.sort(rng.uniform(0.0, 2.0 * np.pi, (20, 300)), axis=1)
    reach = rng.uniform(20.0, 900.0, (20, 300))  # stars that go out of the tile and come back, over every side and corner
    corners = np.stack((100.0 + reach * np.cos(turn), 100.0 + reach * np.sin(turn)), axis=-1)
    stars, whole, seen_m = Shapes([Polygon(star) for star in corners]), [], (-16.0, -16.0, 216.0, 216.0)
    for number in range(20):
        pictures, points = [], []
        for within in (None, seen_m):
            path = stars.path(np.array([number]), (0.0, 200.0), 1.0, within)
            picture = QImage(200, 200, QImage.Format.Format_RGB32)
            picture.fill(QColor("white"))
            painter = QPainter(picture)
            painter.setBrush(QColor("black"))
            painter.drawPath(path)
            painter.end()
            pictures.append(np.frombuffer(picture.constBits(), np.uint8).copy())
            points.append(path.elementCount())
        assert points[1] < 0.8 * points[0]
        whole.append(np.mean(pictures[0] != pictures[1]))
    assert max(whole) < 0.001  # Qt rounds where a long line crosses a dot
