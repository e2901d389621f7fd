"""A resident asks who may see an address."""

from dataclasses import replace

import numpy as np
import pytest
from gui_town import layer, town
from shapely.geometry import LineString, Point, box

from lhasaplan.app.map.search import find_address
from lhasaplan.app.state import edits
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


@pytest.mark.parametrize("text", ["Église-Straße 7", "7, eglise-strasse", "  EGLISE-STRASSE   7 "])
def test_that_an_address_is_found_as_people_write_it(text):
    found = find_address(city(), text)
    assert found.is_spot
    assert box(0, 60, 40, 80).contains(found.geometry)


def test_that_a_street_is_found_whole_and_by_its_beginning():
    assert find_address(city(), "market").geometry.bounds == (0, 40, 200, 40)
    assert not find_address(city(), "Market Street").is_spot


def test_that_no_place_is_found_by_its_name():
    assert find_address(city(), "Shelter") is None
    assert find_address(city(), " ") is None
    corridor = layer("roads", [LineString([(0, 70), (40, 70)])], [{"name": "Ward", "highway": "corridor"}])
    assert find_address({"roads": corridor}, "Ward") is None


def test_that_the_walls_are_asked_about_before_every_two_metres_and_at_each_storey():
    points = before_walls(box(0, 0, 10, 10), 7.0)
    assert sorted({float(z) for z in points[:, 2]}) == [1.5, 4.5]
    ring = box(-0.3, -0.3, 10.3, 10.3).exterior
    assert max(ring.distance(Point(x, y)) for x, y, _ in points) == pytest.approx(0.0, abs=1e-9)
    steps = np.hypot(*np.diff(points[points[:, 2] == 1.5][:, :2], axis=0).T)
    assert steps.max() <= 2.0


def ask(qtbot, window, text):
    window.docks.panels["who_sees"].address.setText(text)
    with qtbot.waitSignal(window.bench.spots.answered) as answered:
        window.docks.panels["who_sees"].address.returnPressed.emit()
    return answered.args


def test_that_an_address_is_gone_to_and_asked_about(qtbot, window):
    window.commands.opening.take(replace(town(), layers={**town().layers, **city()}), None)
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2)
    answers, is_of_walls = ask(qtbot, window, "Eglise-strasse 7")
    assert is_of_walls
    # The camera at (50, 40) reaches 30 m: the near corner (40, 60) of the house is 22 m away, its middle 36 m.
    assert [one.camera_id for one in answers if one.certainty == "certain"] == ["known"]
    assert "walls" in window.docks.panels["who_sees"].head.text()


def test_that_coordinates_are_gone_to_and_asked_about_in_the_open(qtbot, window):
    _, is_of_walls = ask(qtbot, window, "47.0003, 9.0005")
    assert not is_of_walls
    assert window.canvas.spot == pytest.approx((50.0, 30.0), abs=0.01)


def test_that_a_street_is_shown_and_nothing_is_asked(qtbot, window):
    window.commands.opening.take(replace(town(), layers={**town().layers, **city()}), None)
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2)
    window.tools["who_sees"].commands.find_address("old lane")
    qtbot.waitUntil(lambda: window.canvas.highlight is not None)
    assert window.canvas.spot is None


@pytest.mark.parametrize(("text", "word"), [("Nowhere 1", "No street"), ("10.0, 10.0", "outside")])
def test_that_what_is_not_there_is_told(qtbot, window, text, word):
    window.tools["who_sees"].commands.find_address(text)
    qtbot.waitUntil(lambda: window.strip.notice is not None)
    assert word in window.strip.text.text()
    assert window.bench.dialogs.told == []


def test_that_ctrl_f_leads_to_the_field_of_an_address(window):
    window.activateWindow()
    window.menus["find"].trigger()
    assert window.docks.panels["who_sees"].address.isVisible()
    assert window.focusWidget() is window.docks.panels["who_sees"].address


def test_that_no_camera_is_said_to_be_blind_before_it_was_computed(qtbot, window):
    window.tools["who_sees"].commands.ask(40.0, 45.0)
    qtbot.waitUntil(lambda: bool(window.canvas.lines))
    window.bench.sight._backlog.begin({})  # as while the sight of an opened city is on its way
    window.docks.panels["who_sees"].set_complete(window.bench.sight.is_complete)
    window.docks.panels["who_sees"].show_answers(())
    assert window.docks.panels["who_sees"].head.text() == "Not every camera has been computed yet; the answer is still growing."
    window.docks.panels["who_sees"].set_complete(True)
    assert window.docks.panels["who_sees"].head.text() == "No camera of the project is known to see this spot."


def test_that_the_answer_follows_the_camera(qtbot, window):
    window.tools["who_sees"].commands.ask(40.0, 45.0)
    qtbot.waitUntil(lambda: len(window.canvas.lines) == 1)
    # From 50 m farther east the camera, which reaches 30 m, can no longer see the spot.
    window.session.edit("Move camera", edits.moved("known", 100.0, 40.0, window.session.author))
    qtbot.waitUntil(lambda: window.docks.panels["who_sees"].head.text().startswith("0 can see"))
    assert window.canvas.lines == ()
