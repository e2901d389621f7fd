"""Layers and legend as one tree: ticks, groups, opacity, undo, and what is kept for the next start."""

import numpy as np
import pytest
import shapely
from amounts import some_by_day
from gui_town import layer
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from shapely.geometry import LineString, box

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.rasters import illumination, shade_of
from lhasaplan.app.map.style import LAYERS
from lhasaplan.app.map.words_on_map import (
    LabelSpot,
    PlaceNames,
    StreetNames,
    TakenGround,
    Tile,
    Words,
    _beside,
    draw_words,
    is_ground,
)
from lhasaplan.app.shell import recall, remember
from lhasaplan.core.city.coastline import sea_of, sea_of_cut
from lhasaplan.errors import Fault, Where
from lhasaplan.io.importing.basemap_file import NEAR_ALONE

ON, OFF, SOME = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked


def tree_of(window):
    return window.docks.panels["layers"].tree


def group(window, title):
    tree = tree_of(window)
    return next(tree.topLevelItem(n) for n in range(tree.topLevelItemCount()) if tree.topLevelItem(n).text(0) == title)


def test_that_every_layer_stands_in_the_tree_once_with_what_it_looks_like(window):
    panel = window.docks.panels["layers"]
    assert set(panel._items) == {key for key, _, _ in LAYERS}
    views = panel._items["protected_views"]
    lines = [views.child(n).text(0) for n in range(views.childCount())]
    assert lines[0] == "View of a protected place: severe"
    assert not panel._items["possible"].icon(0).isNull()


def test_that_a_tick_of_a_group_is_one_step_that_can_be_undone(window):
    before = window.session.shown.keys
    city = group(window, "City")
    city.setCheckState(0, OFF)
    assert {"buildings", "roads", "trees"}.isdisjoint(window.session.shown.keys)
    window.menus["undo"].trigger()
    assert window.session.shown.keys == before
    assert city.checkState(0) == ON
    window.menus["redo"].trigger()
    assert city.checkState(0) == OFF


@pytest.mark.nightly  # by day a tick, its step back and what is kept here
def test_that_a_group_with_some_layers_off_says_so(window):
    window.docks.panels["layers"].set_on("buildings", False)
    assert group(window, "City").checkState(0) == SOME


def test_that_opacity_reaches_the_map_and_is_one_step_however_long_the_slider_is_moved(window):
    panel, steps = window.docks.panels["layers"], window.session.history.count()
    panel.choose("possible")
    for percent in (80, 60, 40):
        panel.slider.setValue(percent)
    assert window.canvas.opacity == {"possible": 0.4}
    assert window.session.history.count() == steps + 1
    window.menus["undo"].trigger()
    assert window.canvas.opacity == {}
    assert panel.slider.value() == 100


@pytest.mark.nightly  # by day a tick, its step back and what is kept here
def test_that_what_the_map_shows_is_no_change_of_the_project(window):
    window.docks.panels["layers"].set_on("buildings", False)
    assert not window.session.is_dirty
    window.menus["bookmark"].trigger()
    assert window.session.is_dirty
    window.menus["undo"].trigger()
    assert not window.session.is_dirty


def test_that_layers_and_opacity_are_kept_between_starts(window, tmp_path):
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.session.shown.switch("roads", False)
    window.session.shown.set_strength("possible", 0.25)
    remember(window, kept)
    window.session.shown.switch("roads", True)
    window.session.shown.set_strength("possible", 1.0)
    recall(window, kept)
    assert "roads" not in window.session.shown.keys
    assert window.session.shown.strength("possible") == 0.25


BROKEN = ("", "{", "[]", '{"on": 3, "known": [], "opacity": {}}', '{"on": [], "known": []}')


# By day what is no JSON and what is JSON of another shape.
@pytest.mark.parametrize("broken", some_by_day(BROKEN, {"{", BROKEN[3]}))
def test_that_broken_memory_of_layers_is_left_alone(window, tmp_path, broken):
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    kept.setValue("layers", broken)
    before = window.session.shown.look
    recall(window, kept)
    assert window.session.shown.look == before


# Words on the map


def written(words, shown, scale=0.5):
    """Return the pixels of a tile with these words."""
    picture = QImage(512, 512, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    draw_words(painter, words, shown, (0.0, 0.0, 512.0 * scale, 512.0 * scale), scale)
    painter.end()
    return picture


def is_blank(picture):
    return not np.frombuffer(picture.constBits(), np.uint8).any()


def test_that_a_camera_has_its_name_beside_it_near_and_none_on_a_city_map(qapp):
    words = Words(StreetNames(None), PlaceNames(()), (LabelSpot(100.0, 100.0, "C-17"),))
    shown = ShownMap(frozenset({"cameras", "camera_names"}))
    assert not is_blank(written(words, shown, 0.5))
    assert is_blank(written(words, shown, 2.0))
    assert is_blank(written(words, ShownMap(frozenset({"cameras"})), 0.5))


def test_that_a_name_that_finds_no_free_side_is_left_out(qapp):
    crowd = tuple(
        LabelSpot(128.0 + 3.0 * x, 128.0 + 3.0 * y, "a very long name of a camera") for x in range(-4, 5) for y in range(-4, 5)
    )
    picture = QImage(512, 512, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    metrics, taken = QFontMetricsF(painter.font()), TakenGround()
    found = list(_beside(crowd, Tile((0.0, 0.0, 256.0, 256.0), 0.5, metrics.height()), metrics, taken))
    painter.end()
    assert 0 < len(found) < len(crowd)
    assert len(taken.names) == len(found)
    assert not any(a.intersects(b) for n, a in enumerate(taken.names) for b in taken.names[:n])


@pytest.mark.parametrize(
    ("tags", "is_written"),
    [
        ({"leisure": "park", "name": "Kaisaniemi Park"}, True),
        ({"natural": "water", "name": "Long Lake"}, True),
        ({"leisure": "park", "name": "Hospital Park"}, False),
        ({"leisure": "park", "name": "Garden", "amenity": "kindergarten"}, False),
        ({"leisure": "playground", "name": "The Swings"}, False),
        ({"leisure": "park"}, False),
    ],
)
def test_that_only_ground_of_no_protected_kind_and_name_is_named(tags, is_written):
    assert (is_ground(box(0, 0, 9, 9), tags) and AppContext().may_be_named(tags)) is is_written


def test_that_without_a_rule_no_place_is_named(qapp):
    parks = layer("places", [box(0, 0, 250, 250)], [{"leisure": "park", "name": "Park"}])
    shown = ShownMap(frozenset({"place_names", "places"}))
    assert is_blank(written(Words(StreetNames(None), PlaceNames((parks,))), shown))
    assert not is_blank(written(Words(StreetNames(None), PlaceNames((parks,), lambda _tags: True)), shown))


# Sea and relief


def test_that_the_sea_lies_to_the_right_of_its_coast_whichever_way_that_goes():
    frame = (0.0, 0.0, 100.0, 100.0)
    (south,) = sea_of([LineString([(-300, 50), (300, 50)])], frame)
    (north,) = sea_of([LineString([(300, 50), (-300, 50)])], frame)
    assert south.bounds == (-100.0, -100.0, 200.0, 50.0)
    assert north.bounds == (-100.0, 50.0, 200.0, 200.0)


def test_that_an_island_is_dry_and_a_coast_that_ends_in_the_city_makes_no_sea():
    frame = (0.0, 0.0, 100.0, 100.0)
    island = shapely.LinearRing([(20, 20), (80, 20), (80, 80), (20, 80)])  # land on its left
    (around,) = sea_of([LineString(island.coords)], frame)
    assert around.area == pytest.approx(300.0 * 300.0 - 60.0 * 60.0)
    assert sea_of([LineString([(-300, 50), (50, 50)])], frame) == []


def test_that_a_coast_beyond_the_city_changes_nothing():
    near, far = LineString([(-300, 50), (300, 50)]), LineString([(5000, 50), (6000, 50)])
    frame = (0.0, 0.0, 100.0, 100.0)
    assert sea_of([far], frame) == []
    assert [sea.bounds for sea in sea_of([near, far], frame)] == [(-100.0, -100.0, 200.0, 50.0)]


def test_that_the_sea_of_an_extract_that_was_cut_reaches_its_edge():
    # Ground of 400 m by 200 m; the coast crosses it 50 m from the south and ends 6 m short of its sides.
    ground = layer("places", [box(0, 0, 400, 200)], [{"landuse": "grass"}])
    (sea,) = sea_of_cut([LineString([(6, 50), (394, 50)])], {"places": ground})
    assert sea.bounds == (0.0, 0.0, 400.0, 50.0)
    assert sea.area == pytest.approx(400 * 50)
    assert sea_of_cut([LineString([(100, 50), (300, 50)])], {"places": ground}) == []


def test_that_a_slope_towards_the_light_is_brighter_than_one_away_from_it():
    across, down = np.meshgrid(np.arange(5.0), np.arange(5.0))
    north_west, south_east = across + down, -across - down  # rising away from the corner that the light comes from, or to it
    level = illumination(np.zeros((5, 5)), 1.0)[2, 2]
    assert illumination(north_west, 1.0)[2, 2] > level > illumination(south_east, 1.0)[2, 2]


def test_that_the_shade_covers_the_grid_and_level_ground_has_none():
    shade = shade_of(np.zeros((4, 6)), 1000.0, 2000.0, 10.0)
    assert shade.box_m == (1000.0, 1960.0, 1060.0, 2000.0)
    assert shade.image.pixelColor(3, 2).alpha() == 0


# Background maps


class Patch:
    """A background map that is red everywhere."""

    name = "red"
    remarks = ()

    def picture(self, box_m, width_px, height_px):
        pixels = np.zeros((height_px, width_px, 4), np.uint8)
        pixels[..., 0], pixels[..., 3] = 255, 255
        return pixels


def pixel(window, x_m, y_m):
    at = [round(one) for one in window.canvas.viewport.to_screen(x_m, y_m)]
    return window.canvas.grab().toImage().pixelColor(*at).name()


def test_that_a_background_map_lies_under_houses_and_goes_with_its_layer(qtbot, window):
    window.canvas.show_box((0, 0, 110, 90))
    laying = window.tools["basemaps"].commands
    assert not window.menus["no_basemap"].isEnabled()
    laying._lay(Patch())
    qtbot.waitUntil(lambda: pixel(window, 5, 50) == "#ff0000")  # neither house nor street
    assert pixel(window, 20, 70) != "#ff0000"  # a house
    window.docks.panels["layers"].set_on("basemap", False)
    qtbot.waitUntil(lambda: pixel(window, 5, 50) != "#ff0000")
    window.menus["no_basemap"].trigger()
    assert window.canvas.basemaps == ()


def test_that_what_is_no_background_map_is_told(qtbot, window, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    window.tools["basemaps"].commands.add(tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: "no background map" in window.strip.lines.toPlainText())


@pytest.mark.nightly  # by day a tick, its step back and what is kept here
def test_that_what_is_to_be_noted_about_a_background_map_is_told(window):
    patch = Patch()
    patch.remarks = (Fault(NEAR_ALONE, Where("city.tif")),)
    window.tools["basemaps"].commands._lay(patch)
    assert "gdaladdo" in window.strip.lines.toPlainText()
    window.menus["no_basemap"].trigger()
