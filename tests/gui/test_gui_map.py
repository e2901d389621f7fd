"""The map's parts on their own: viewport, shapes, tiles, scale bar."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from gui_looks import at_rest, colour_on_blue
from gui_town import layer
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt, QThreadPool
from PySide6.QtGui import QColor, QImage
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, box

from lhasaplan.app.map.cones import prepare_overlays
from lhasaplan.app.map.decorations import LEGEND, nice_length_m
from lhasaplan.app.map.ground import prepare_ground, with_surveys
from lhasaplan.app.map.shapes import Shapes, geometry_path, visible
from lhasaplan.app.map.sight import CurrentSight
from lhasaplan.app.map.style import LAYERS, LIGHT
from lhasaplan.app.map.tiles import TILE_PX, TileCache, TileKey, TileStack, _Drawing, _Order, tiles_in
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state import edits
from lhasaplan.core.model.layer import COVER, Layer

places = st.floats(-1e6, 1e6)
viewports = st.builds(Viewport, places, places, st.integers(-10, 20), st.integers(10, 4000), st.integers(10, 3000))


def test_that_points_of_a_finding_are_rings_and_lines_stay_lines():
    ways_in = MultiPoint([(0, 0), (50, 0)])
    width = geometry_path(visible(ways_in, 6.0), (-10.0, 10.0), 1.0).boundingRect().width()
    assert width == pytest.approx(62.0)
    line = LineString([(0, 0), (5, 0)])
    assert (visible(line, 6.0), visible(None, 6.0)) == (line, None)


@given(viewports, st.floats(0, 4000), st.floats(0, 3000))
def test_that_screen_and_world_are_each_other_s_way_back(viewport, x_px, y_px):
    assert viewport.to_screen(*viewport.to_world(x_px, y_px)) == pytest.approx((x_px, y_px), abs=1e-3)


@given(viewports, st.floats(0, 4000), st.floats(0, 3000), st.integers(-3, 3))
def test_that_zoom_leaves_the_point_under_the_pointer_where_it_is(viewport, x_px, y_px, steps):
    before = viewport.to_world(x_px, y_px)
    assert viewport.zoomed(steps, x_px, y_px).to_world(x_px, y_px) == pytest.approx(before, abs=1e-2)


@given(viewports, places, places, st.floats(1, 3e4), st.floats(1, 3e4))
def test_that_a_fitted_box_is_shown_whole(viewport, x, y, width, height):
    x0, y0, x1, y1 = viewport.fitted((x, y, x + width, y + height)).box_m
    assert x0 <= x
    assert y0 <= y
    assert x1 >= x + width
    assert y1 >= y + height


@given(viewports)
def test_that_the_tiles_cover_the_viewport(viewport):
    keys = list(tiles_in(viewport))
    boxes = np.array([key.box_m for key in keys])
    x0, y0, x1, y1 = viewport.box_m
    assert boxes[:, 0].min() <= x0
    assert boxes[:, 1].min() <= y0
    assert boxes[:, 2].max() >= x1
    assert boxes[:, 3].max() >= y1
    assert len(keys) == len(set(keys)) <= (viewport.width_px / TILE_PX + 2) * (viewport.height_px / TILE_PX + 2)


def test_that_a_hole_of_an_area_stays_empty_and_two_areas_over_each_other_stay_full():
    ring = Point(0, 0).buffer(10).difference(Point(0, 0).buffer(4))
    shapes = Shapes([ring, box(5, -2, 30, 2)])
    path = shapes.path(shapes.within((-50, -50, 50, 50)), (0.0, 0.0), 1.0)
    assert not path.contains(QPointF(0, 0))
    assert path.contains(QPointF(7, 0))
    assert path.contains(QPointF(20, 0))


def test_that_north_is_up_and_metres_become_pixels():
    path = geometry_path(LineString([(100, 200), (110, 220)]), (100.0, 220.0), 2.0)
    points = [(path.elementAt(i).x, path.elementAt(i).y) for i in range(2)]
    assert points == [(0.0, 40.0), (20.0, 0.0)]


def test_that_parts_of_one_object_keep_its_key_and_points_are_left_out():
    shapes = Shapes(
        [MultiPolygon([box(0, 0, 1, 1), box(3, 3, 4, 4)]), Point(5, 5), LineString([(0, 0), (9, 9)])], ["a", "b", "c"]
    )
    assert list(shapes.keys) == ["a", "a", "c"]


def test_that_shapes_too_small_to_notice_are_left_out():
    shapes = Shapes([box(0, 0, 1, 1), box(0, 0, 9, 9)])
    assert list(shapes.within((0, 0, 10, 10), smallest_m=5.0)) == [1]


def test_that_shapes_without_any_give_an_empty_path():
    assert Shapes([]).path(np.zeros(0, dtype=np.int64), (0.0, 0.0), 1.0).isEmpty()


def test_that_no_protected_kind_is_drawn_of_the_places():
    tags = (
        {"amenity": "place_of_worship"},
        {"amenity": "hospital"},
        {"landuse": "cemetery"},
        {"leisure": "playground"},
        {"natural": "water"},
    )
    shapes = np.empty(5, dtype=object)
    shapes[:] = [box(i, 0, i + 1, 1) for i in range(5)]
    ground = prepare_ground({"places": Layer("places", np.arange(5).astype(str).astype(object), shapes, tags)})
    assert list(ground.cover) == [COVER["natural", "water"]]
    assert sum(len(s) for s in ground.cover.values()) == 1


def test_that_the_cache_drops_the_tile_that_was_used_least_lately():
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    cache = TileCache(limit_bytes=2 * image.sizeInBytes())
    a, b, c = (TileKey(0, column, 0) for column in range(3))
    cache.put(a, image, True)
    cache.put(b, image, True)
    cache.get(a)
    cache.put(c, image, True)
    assert cache.get(a)
    assert cache.get(c)
    assert not cache.get(b)


def test_that_only_tiles_over_dirty_ground_grow_stale():
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    cache = TileCache()
    near, far = TileKey(0, 0, 0), TileKey(0, 9, 9)
    cache.put(near, image, True)
    cache.put(far, image, True)
    cache.age((10.0, 10.0, 20.0, 20.0))
    assert not cache.get(near).is_fresh
    assert cache.get(far).is_fresh


def test_that_a_coarser_picture_stands_in_while_a_tile_is_pending(qtbot):
    pool = QThreadPool()
    stack = TileStack(pool, QColor("white"))
    stack.set_content(lambda painter, _box, _scale, _is_left: painter.fillRect(0, 0, TILE_PX, TILE_PX, QColor("red")))
    viewport = Viewport(100.0, 100.0, 2, 64, 64)

    def shown(at):
        colour = colour_on_blue(stack, at)
        stack.order(1.0)
        return colour

    assert shown(viewport) == "#0000ff"
    qtbot.waitUntil(lambda: shown(viewport) == "#ff0000")
    assert shown(viewport.zoomed(2)) == "#ff0000"
    qtbot.waitUntil(lambda: not stack.is_pending)
    pool.waitForDone()


@pytest.mark.parametrize("is_wanted", [True, False])
def test_that_a_job_that_qt_keeps_holds_nothing_of_the_map_that_it_drew(qtbot, is_wanted):
    city, pool = CurrentSight(), QThreadPool()
    stack = TileStack(pool)
    if is_wanted:
        stack._wanted = frozenset({TileKey(0, 0, 0)})
    else:
        stack.want_nothing()
    kept = _Drawing(stack, [_Order(TileKey(0, 0, 0))], lambda *_, drawn=city: None, 1.0)
    kept.setAutoDelete(False)
    pool.start(kept)
    pool.waitForDone()
    left = weakref.ref(city)
    del city
    gc.collect()
    assert left() is None


def test_that_the_scale_bar_is_round():
    assert [nice_length_m(x) for x in (0.7, 3.0, 99.0, 640.0, 2500.0)] == [0.5, 2.0, 50.0, 500.0, 2000.0]


def test_that_a_map_without_results_explains_no_results():
    overlays = prepare_overlays((), CurrentSight(), None, 0.0)
    assert overlays.contents(frozenset({"cameras", "gaps", "protected_views"})) == frozenset()


def test_that_a_click_on_the_legend_opens_it_and_folds_it_again(qtbot, window):
    canvas = window.canvas

    def card():
        canvas.grab()
        return QRectF(canvas._legend_card)

    qtbot.waitUntil(lambda: not card().isEmpty() and canvas.is_whole and window.bench.sight.is_complete)
    folded = at_rest(qtbot, card)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=folded.center().toPoint())
    assert at_rest(qtbot, card).height() > 2 * folded.height()
    assert canvas.marks.spot is None  # the click was for the legend, not for the ground below it
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas._legend_card.center().toPoint())
    assert at_rest(qtbot, card) == folded


def one_thing(name, shape):
    shapes = np.empty(1, dtype=object)
    shapes[:] = [shape]
    return {name: Layer(name, np.array([name], object), shapes, ({},))}


def put_up_a_sign(window):
    layers = {**window.session.project.layers, **one_thing("signs", Point(20.0, 35.0))}
    window.session.edit("Import", lambda project: replace(project, layers=layers))


def colour_at(window, x_m, y_m):
    at = QPointF(*window.canvas.viewport.to_screen(x_m, y_m)).toPoint()
    return window.canvas.grab().toImage().pixelColor(at).name()


def colours_near(window, x_m, y_m):
    """What is painted at a place and one pixel round it: where the middle of the map lies between two, a sign is as well."""
    at = QPointF(*window.canvas.viewport.to_screen(x_m, y_m)).toPoint()
    image = window.canvas.grab().toImage()
    return {image.pixelColor(at.x() + right, at.y() + down).name() for right in (-1, 0, 1) for down in (-1, 0, 1)}


def test_that_a_sign_is_drawn_explained_and_gone_with_its_layer(qtbot, window):
    window.canvas.show_box((10, 20, 50, 50))
    assert "signs" not in window.canvas.contents
    put_up_a_sign(window)
    qtbot.waitUntil(lambda: LIGHT.sign.name() in colours_near(window, 20, 35))
    assert "signs" in window.canvas.contents
    window.docks.panels["layers"].set_on("signs", False)
    qtbot.waitUntil(lambda: LIGHT.sign.name() not in colours_near(window, 20, 35))
    assert "signs" not in window.canvas.contents
    for _ in range(2):  # the tick, then the sign
        window.menus["undo"].trigger()
    assert "signs" not in window.session.project.layers


def test_that_walls_of_floor_plans_are_explained_where_they_are_drawn():
    ground = prepare_ground(one_thing("floor_walls", LineString([(10, 65), (30, 65)])))
    is_on = frozenset({"floor_walls", "signs"})
    assert ground.contents(is_on, metres_per_px=0.5) == {"floor_walls"}
    assert ground.contents(is_on, metres_per_px=2.0) == frozenset()
    assert ground.contents(frozenset(), metres_per_px=0.5) == frozenset()


def test_that_the_night_of_the_camera_at_hand_is_explained_while_its_layer_is_on(qtbot, window):
    window.session.select("known")
    window.session.edit("Change camera", edits.changed("known", {"night_range_m": 20.0}, window.session.author))
    window.docks.panels["layers"].set_on("night", True)
    qtbot.waitUntil(lambda: "night" in window.canvas.contents)
    window.docks.panels["layers"].set_on("night", False)
    assert "night" not in window.canvas.contents


def test_that_every_kind_of_content_has_its_line_in_the_legend():
    lines = {row.content for row in LEGEND}
    explained_by_looks = {
        "protected_views",
        "buildings",
        "roads",
        "names",
        "camera_names",
        "place_names",
        "places",
        "trees",
        "hillshade",
        "basemap",
    }
    assert {key for key, _, _ in LAYERS} - explained_by_looks <= lines


def test_that_higher_buildings_are_a_shade_darker_and_one_of_unknown_height_is_the_lightest(qtbot, window):
    tags = ({"building": "yes"}, {"building": "yes", "building:levels": "4"}, {"building": "yes", "height": "60"})
    shapes = [box(10 * number - 40, 60, 10 * number - 32, 68) for number in range(3)]
    houses = layer("buildings", shapes, tags)
    window.session.edit("Import", lambda project: replace(project, layers={**project.layers, "buildings": houses}))
    window.canvas.show_box((-45.0, 55.0, -5.0, 75.0))
    shades = {-36: 0, -26: 1, -16: 3}  # of unknown height; of four storeys, 12 m; of 60 m
    expected = {x_m: LIGHT.building_fills[shade].name() for x_m, shade in shades.items()}
    qtbot.waitUntil(lambda: {x_m: colour_at(window, x_m, 64) for x_m in shades} == expected)
    lightness = [fill.lightness() for fill in LIGHT.building_fills]
    assert lightness == sorted(lightness, reverse=True)


def test_that_ground_where_nobody_looked_is_hatched_beside_the_surveyed_and_nothing_without_surveys():
    bare = prepare_ground(one_thing("buildings", box(0, 0, 100, 100)))
    assert with_surveys(bare, None).contents(frozenset({"surveys"}), 1.0) == set()
    ground = with_surveys(bare, box(0, 0, 50, 100))
    assert ground.contents(frozenset({"surveys"}), 1.0) == {"surveys"}
    path = ground.not_surveyed.path(np.array([0]), (0.0, 0.0), 1.0)  # a unit a metre, y down
    assert [path.contains(QPointF(x, -50.0)) for x in (25.0, 75.0)] == [False, True]
