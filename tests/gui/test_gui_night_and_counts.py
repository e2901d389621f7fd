"""Night in place of day on the map, and how many cameras show each part."""

from types import SimpleNamespace

import pytest
from shapely.geometry import box

from lhasaplan.app.map.style import BY_DAY, LIGHT
from lhasaplan.app.tools.map_states import CountBadges


def test_that_night_takes_the_place_of_day_and_day_comes_back(window):
    assert not window.menus["night"].isChecked()
    window.menus["night"].trigger()
    assert window.menus["night"].isChecked()
    assert "night" in window.session.shown.keys
    assert not BY_DAY & window.session.shown.keys
    assert not window.canvas.visible & BY_DAY
    window.menus["night"].trigger()
    assert window.session.shown.keys >= BY_DAY
    assert "night" not in window.session.shown.keys


def test_that_night_is_one_step_that_can_be_taken_back(window):
    before, steps = window.session.shown.keys, window.session.history.index()
    window.menus["night"].trigger()
    assert window.session.history.index() == steps + 1
    window.session.history.undo()
    assert window.session.shown.keys == before


@pytest.mark.nightly  # by day night and counts are shown and taken back here
def test_that_the_tick_goes_when_day_is_shown_again_by_its_layer(window):
    window.menus["night"].trigger()
    window.session.shown.switch("certain", True)
    assert not window.menus["night"].isChecked()


def test_that_counts_take_the_place_of_day_and_of_night_and_one_undo_brings_them_back(qtbot, window):
    window.menus["night"].trigger()
    window.menus["count_map"].trigger()
    assert window.menus["count_map"].isChecked()
    assert not window.menus["night"].isChecked()
    assert window.session.shown.keys & (BY_DAY | {"night", "counts"}) == {"counts"}
    qtbot.waitUntil(lambda: "counts" in window.canvas.contents)  # the legend explains the classes
    window.session.history.undo()
    assert window.menus["night"].isChecked()
    window.session.history.redo()
    window.menus["count_map"].trigger()
    assert window.session.shown.keys & (BY_DAY | {"night", "counts"}) == BY_DAY


@pytest.fixture
def badges(window):
    """Badges over the map: one part that two cameras show, and one that none does."""
    parts = tuple(
        SimpleNamespace(part=SimpleNamespace(geometry=box(x, 30, x + 10, 40)), cameras=cameras)
        for x, cameras in ((20, ("known", "bare")), (60, ()))
    )
    session = SimpleNamespace(current_results=SimpleNamespace(parts=parts))
    return CountBadges(SimpleNamespace(session=session, canvas=window.canvas))


def test_that_parts_carry_the_number_of_their_cameras_while_the_results_hold(badges):
    assert badges.counts == ((25.0, 35.0, 2), (65.0, 35.0, 0))
    badges._session.current_results = None
    assert badges.counts == ()


@pytest.mark.nightly  # by day night and counts are shown and taken back here
def test_that_without_parts_there_is_nothing_to_count(window):
    assert not window.menus["counts"].isEnabled()


@pytest.mark.nightly  # by day night and counts are shown and taken back here
def test_that_badges_are_painted_only_while_they_are_on(qtbot, window, badges):
    window.canvas.show_box((0, 0, 100, 80))
    window.canvas.grab()  # orders the tiles
    qtbot.waitUntil(lambda: window.canvas.is_whole)
    at = window.canvas.viewport.to_screen(65.0, 35.0)

    def colour():
        image, ratio = window.canvas.grab().toImage(), window.canvas.devicePixelRatioF()
        return image.pixelColor(round((at[0] - 7) * ratio), round(at[1] * ratio)).name()

    before = colour()
    badges.turn(True)
    qtbot.waitUntil(lambda: colour() == LIGHT.gap_line.name())
    badges.turn(False)
    qtbot.waitUntil(lambda: colour() == before)
