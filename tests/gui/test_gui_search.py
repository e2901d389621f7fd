"""Search cameras, streets, addresses, bookmarks and coordinates, and go there."""

from dataclasses import replace

import pytest
from gui_town import layer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shapely.geometry import LineString, box

from lhasaplan.app.map.measuring import MeasuredLine, measure_text
from lhasaplan.app.map.words_on_map import street_name
from lhasaplan.app.tools.bookmarks import SearchBox
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.address_search import MOST, HitKind, SearchIndex, find
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Bookmark

LAYERS = {
    "roads": layer(
        "roads",
        [LineString([(0, 0), (50, 0)]), LineString([(50, 0), (90, 0)]), LineString([(0, 9), (9, 9)])],
        [{"highway": "residential", "name": "Rue de l'Église"}] * 2 + [{"highway": "footway", "name": "Clinic Path"}],
    ),
    "buildings": layer(
        "buildings",
        [box(0, 5, 10, 15), box(20, 5, 30, 15)],
        [
            {"addr:street": "Rue de l'Église", "addr:housenumber": "12"},
            {"addr:street": "Rue de l'Église", "addr:housenumber": "3", "name": "Women's shelter"},
        ],
    ),
}
CAMERAS = (Camera("node/17", 5.0, 5.0, name="North gate"), Camera("node/18", 6.0, 6.0))
VIEWS = (Bookmark("Harbour", 1.0, 2.0, 300.0),)


def search(text):
    return find(text, SearchIndex.of(LAYERS, street_name), CAMERAS, VIEWS, lambda lon, lat: (lon * 10.0, lat * 10.0))


@pytest.mark.parametrize(
    ("text", "kinds", "label"),
    [
        ("north", [HitKind.CAMERA], "North gate · node/17"),
        ("node/18", [HitKind.CAMERA], "node/18"),
        ("harb", [HitKind.BOOKMARK], "Harbour"),
        ("rue de l'eglise 12", [HitKind.ADDRESS], "Rue de l'Église 12"),
        ("12, rue de l'Église", [HitKind.ADDRESS], "Rue de l'Église 12"),
        ("Église", [HitKind.STREET, HitKind.ADDRESS, HitKind.ADDRESS], "Rue de l'Église"),
        ("shelter", [], None),
        ("clinic", [], None),
        ("  ", [], None),
    ],
)
def test_that_a_text_finds_what_it_names_and_no_place(text, kinds, label):
    hits = search(text)
    assert [hit.kind for hit in hits] == kinds
    assert [hit.label for hit in hits][:1] == ([label] if label else [])


def test_that_a_drawn_place_is_found_neither_by_its_address_nor_by_the_name_of_its_way():
    tags = {"addr:street": "Hidden Lane", "addr:housenumber": "7", "lhasaplan": "protected"}
    way = {"highway": "residential", "name": "Hidden Way", "lhasaplan": "processional_way"}
    layers = {
        "places": layer("places", [box(60, 5, 70, 15)], [tags]),
        "roads": layer("roads", [LineString([(0, 0), (50, 0)])], [way]),
    }
    assert find("hidden", SearchIndex.of(layers, street_name), (), (), lambda lon, lat: (lon, lat)) == []
    assert find("hidden lane 7", SearchIndex.of(layers, street_name), (), (), lambda lon, lat: (lon, lat)) == []


def test_that_an_address_of_several_buildings_is_one_hit():
    twice = {"buildings": layer("buildings", [box(0, 0, 9, 9), box(10, 0, 19, 9)], [LAYERS["buildings"].tags[0]] * 2)}
    hits = list(SearchIndex.of(twice, street_name).addresses("rue de l'eglise"))
    assert [hit.label for hit in hits] == ["Rue de l'Église 12"]


def test_that_two_numbers_are_degrees_in_both_orders_and_metres():
    places = [(hit.geometry.x, hit.geometry.y) for hit in search("60.5, 24.9")]
    assert places == [(249.0, 605.0), (605.0, 249.0), (60.5, 24.9)]
    assert [(hit.geometry.x, hit.geometry.y) for hit in search("385000 6672000")] == [(385000.0, 6672000.0)]


def test_that_a_street_in_pieces_is_one_hit_over_its_whole_length():
    street = search("eglise")[0]
    assert street.geometry.bounds == (0.0, 0.0, 90.0, 0.0)


def test_that_no_kind_crowds_out_the_others():
    many = tuple(Camera(f"rue-{n}", 0.0, 0.0) for n in range(200))
    hits = find("rue", SearchIndex.of(LAYERS, street_name), many, (), lambda lon, lat: (lon, lat))
    assert [hit.kind for hit in hits] == [HitKind.CAMERA] * MOST + [HitKind.STREET, HitKind.ADDRESS, HitKind.ADDRESS]


def test_that_one_writes_chooses_by_arrow_and_goes_there(qtbot, window):
    named = tuple(replace(camera, name=f"Gate {n}") for n, camera in enumerate(window.session.project.cameras))
    window.session.edit("Name", lambda project: replace(project, cameras=named))
    window.menus["search"].trigger()
    field_box = window.canvas.findChild(SearchBox)
    assert field_box.isVisible()
    qtbot.keyClicks(field_box.field, "gate")
    assert field_box.list.count() == 2
    qtbot.keyClick(field_box.field, Qt.Key.Key_Down)
    qtbot.keyClick(field_box.field, Qt.Key.Key_Return)
    assert window.session.selected_id == "bare"
    assert window.canvas.viewport.x_m == pytest.approx(80.0)
    qtbot.keyClick(field_box.field, Qt.Key.Key_Escape)
    assert not field_box.isVisible()
    assert window.session.selected_id == "bare"  # Esc was for the field


def test_that_no_scroll_bar_lies_over_the_last_of_several_long_hits(qtbot, window):
    long = "Gate of the northern car park behind the old tram depot and its lower yard"
    named = tuple(replace(camera, name=f"{long} {n}") for n, camera in enumerate(window.session.project.cameras))
    window.session.edit("Name", lambda project: replace(project, cameras=named))
    window.menus["search"].trigger()
    field_box = window.canvas.findChild(SearchBox)
    qtbot.keyClicks(field_box.field, "gate")
    QTest.qWait(50)
    hits = field_box.list
    last = hits.item(hits.count() - 1)
    assert hits.count() == 2
    assert hits.viewport().rect().contains(hits.visualItemRect(last).center())
    assert hits.viewport().height() >= 2 * hits.sizeHintForRow(0)
    assert long in last.toolTip()


def test_that_enter_in_the_search_chooses_no_camera_in_the_middle_of_the_map_below(qtbot, window):
    window.menus["search"].trigger()
    field_box = window.canvas.findChild(SearchBox)
    qtbot.keyClicks(field_box.field, "zzz")
    window.canvas._look(replace(window.canvas.viewport, x_m=50.0, y_m=40.0))
    qtbot.keyClick(field_box.field, Qt.Key.Key_Return)
    QTest.qWait(100)
    assert window.session.selected_id == ""  # where "known" stands


def test_that_a_search_for_nothing_says_so_and_forgets_with_the_project(qtbot, window):
    window.menus["search"].trigger()
    field_box = window.canvas.findChild(SearchBox)
    qtbot.keyClicks(field_box.field, "zzz")
    assert field_box.list.item(0).text() == "The project has nothing of this name"
    qtbot.keyClick(field_box.field, Qt.Key.Key_Return)
    window.session.left.emit()
    assert not field_box.isVisible()


def test_that_a_measured_line_tells_length_true_bearing_and_area():
    east = MeasuredLine(((0.0, 0.0), (30.0, 0.0)))
    assert measure_text(east, Translations(), convergence_deg=0.7) == "30.0 m · 90.7°"
    ring = MeasuredLine(((0.0, 0.0), (4.0, 0.0), (4.0, 3.0)))
    assert measure_text(ring, Translations()) == "7.0 m · 0.0° · 6 m²"
    assert MeasuredLine(((0.0, 0.0),)).bearing_deg(0.0) is None
