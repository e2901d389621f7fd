"""A resident asks who may see an address."""

from dataclasses import replace

import numpy as np
import pytest
from gui_town import layer, town
from shapely.geometry import LineString, Point, box

from lhasaplan.app.map.words_on_map import street_name
from lhasaplan.app.state import edits
from lhasaplan.core.city.address_search import SearchIndex, find
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.site.mounting import before_walls

HOUSES = [
    {"building": "house", "addr:street": "Église-Straße", "addr:housenumber": "7"},
    {"building": "yes", "name": "Shelter"},
]


def city():
    roads = [LineString([(0, 40), (100, 40)]), LineString([(100, 40), (200, 40)]), LineString([(0, 0), (0, 90)])]
    names = [{"name": name, "highway": "residential"} for name in ("Market Street", "Market Street", "Old Lane")]
    return {
        "buildings": layer("buildings", [box(0, 60, 40, 80), box(60, 60, 100, 80)], HOUSES),
        "roads": layer("roads", roads, names),
    }


def found(text, layers):
    return find(text, SearchIndex.of(layers, street_name), (), (), lambda lon, lat: (lon, lat))


def test_that_no_place_is_found_by_its_name():
    assert found("Shelter", city()) == []
    corridor = layer("roads", [LineString([(0, 70), (40, 70)])], [{"name": "Ward", "highway": "corridor"}])
    assert found("Ward", {"roads": corridor}) == []


def test_that_a_street_is_found_whole():
    assert found("market", city())[0].geometry.bounds == (0, 40, 200, 40)


def test_that_the_walls_are_asked_about_before_every_two_metres_and_at_each_storey():
    points = before_walls(box(0, 0, 10, 10), 7.0)
    assert sorted({float(z) for z in points[:, 2]}) == [1.5, 4.5]
    ring = box(-0.3, -0.3, 10.3, 10.3).exterior
    assert max(ring.distance(Point(x, y)) for x, y, _ in points) == pytest.approx(0.0, abs=1e-9)
    steps = np.hypot(*np.diff(points[points[:, 2] == 1.5][:, :2], axis=0).T)
    assert steps.max() <= 2.0


@pytest.fixture
def asked(qtbot, window):
    """The panel, in a town with addresses that have been looked through."""
    window.commands.opening.take(replace(town(), layers={**town().layers, **city()}), None)
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2)
    with qtbot.waitSignal(window.commands.searching.ready):
        window.menus["find"].trigger()
    return window.docks.panels["who_sees"]


def write(panel, text):
    panel.address.setText(text)
    panel.address.textEdited.emit(text)


def ask(qtbot, window, panel, text):
    write(panel, text)
    with qtbot.waitSignal(window.bench.spots.answered) as answered:
        panel.address.returnPressed.emit()
    return answered.args


def test_that_an_address_is_gone_to_and_asked_about(qtbot, window, asked):
    answers, is_of_walls = ask(qtbot, window, asked, "eglise-str. 7")
    assert is_of_walls
    # The camera at (50, 40) reaches 30 m: the near corner (40, 60) of the house is 22 m away, its middle 36 m.
    assert [one.camera_id for one in answers if one.certainty == "certain"] == ["known"]
    assert asked.about.text() == "Église-Straße 7"
    assert "walls" in asked.head.text()


def test_that_an_answer_is_gone_when_another_question_is_written(qtbot, window, asked):
    ask(qtbot, window, asked, "7 Église-Straße, 75005 Paris")
    write(asked, "Nowhere Road 5")
    assert asked.list.topLevelItemCount() == 0
    assert window.canvas.marks.spot is None
    asked.address.returnPressed.emit()
    assert asked.about.text().startswith("The project has no address, street, crossing or camera")
    assert not asked.head.isVisible()


def test_that_the_nearest_house_is_asked_about_and_said_where_the_number_is_not_mapped(qtbot, window, asked):
    ask(qtbot, window, asked, "Eglise-Strasse 9")
    assert asked.about.text() == "9 is not mapped; nearest: Église-Straße 7"


def test_that_coordinates_are_gone_to_and_asked_about_in_the_open(qtbot, window, asked):
    _, is_of_walls = ask(qtbot, window, asked, "47.0003, 9.0005")
    assert not is_of_walls
    assert window.canvas.marks.spot == pytest.approx((50.0, 30.0), abs=0.01)


def test_that_a_street_is_shown_and_its_houses_are_offered(qtbot, window, asked):
    write(asked, "old lane")
    asked.address.returnPressed.emit()
    assert window.canvas.marks.highlight is not None
    assert window.canvas.marks.spot is None
    assert "Old Lane" in asked.about.text()


def test_that_what_lies_outside_the_city_is_told(window, asked):
    write(asked, "10.0, 10.0")
    asked.address.returnPressed.emit()
    assert "outside" in window.strip.text.text()


def test_that_ctrl_f_leads_to_the_field_of_an_address(window):
    window.activateWindow()
    window.menus["find"].trigger()
    assert window.docks.panels["who_sees"].address.isVisible()
    assert window.focusWidget() is window.docks.panels["who_sees"].address


def test_that_no_camera_is_said_to_be_blind_before_it_was_computed(qtbot, window):
    window.tools["who_sees"].commands.ask(40.0, 45.0)
    qtbot.waitUntil(lambda: bool(window.canvas.marks.lines))
    window.bench.sight._backlog.begin({})  # as while the sight of an opened city is on its way
    window.docks.panels["who_sees"].set_complete(window.bench.sight.is_complete)
    window.docks.panels["who_sees"].show_answers(())
    assert (
        window.docks.panels["who_sees"].head.text().splitlines()[0] == "Some cameras are still being computed; more may be found."
    )
    window.docks.panels["who_sees"].set_complete(True)
    assert window.docks.panels["who_sees"].head.text().splitlines()[0] == "No camera of the project is known to see this spot."


def test_that_the_answer_follows_the_camera(qtbot, window):
    window.tools["who_sees"].commands.ask(40.0, 45.0)
    qtbot.waitUntil(lambda: len(window.canvas.marks.lines) == 1)
    # From 50 m farther east the camera, which reaches 30 m, can no longer see the spot.
    window.session.edit("Move camera", edits.moved("known", 100.0, 40.0, window.session.author))
    qtbot.waitUntil(lambda: window.docks.panels["who_sees"].head.text().find("certain 0, possible 0") > 0)
    assert window.canvas.marks.lines == ()


def test_that_of_many_possible_views_the_sharpest_alone_have_lines_and_all_certain_ones(qtbot, window):
    window.tools["who_sees"].commands.ask(40.0, 45.0)
    qtbot.waitUntil(lambda: len(window.canvas.marks.lines) == 1)
    certain, possible = (Witness("known", each, (50.0, 50.0), 12.0) for each in ("certain", "possible"))
    window.bench.spots.answered.emit([certain] * 30 + [possible] * 30, False)
    drawn = window.canvas.marks.lines
    assert [line.is_certain for line in drawn] == [True] * 30 + [False] * 24
