"""Select cameras on the map by a box, a lasso, or all at once."""

import pytest
from PySide6.QtCore import QPoint, Qt

from lhasaplan.app.map.shapes import places_inside

LEFT = Qt.MouseButton.LeftButton


def pixel(window, x_m, y_m):
    return QPoint(*(round(one) for one in window.canvas.viewport.to_screen(x_m, y_m)))


def drag(qtbot, window, places, keys=Qt.KeyboardModifier.NoModifier):
    canvas, (first, *others) = window.canvas, [pixel(window, *place) for place in places]
    qtbot.mousePress(canvas, LEFT, keys, first)
    for at in others:
        qtbot.mouseMove(canvas, at)
    qtbot.mouseRelease(canvas, LEFT, keys, others[-1])


def show(window):
    window.canvas.show_box((0, 0, 110, 90))
    window.session.select("")


def test_that_a_box_drawn_with_shift_takes_the_cameras_inside(qtbot, window):
    show(window)
    drag(qtbot, window, [(30, 55), (60, 35), (95, 25)], Qt.KeyboardModifier.ShiftModifier)
    assert set(window.session.selection.ids) == {"known", "bare"}
    assert window.canvas.marks.outline == ()
    assert "2 cameras selected" in window.status.currentMessage()


@pytest.mark.nightly  # by day a box and a lasso select here
def test_that_a_box_of_the_menu_adds_with_control(qtbot, window):
    show(window)
    window.menus["select_box"].trigger()
    drag(qtbot, window, [(30, 55), (50, 35), (60, 25)])
    assert window.session.selection.ids == ("known",)
    drag(qtbot, window, [(70, 55), (80, 35), (95, 25)], Qt.KeyboardModifier.ControlModifier)
    assert window.session.selection.ids == ("known", "bare")


def test_that_a_lasso_takes_what_it_goes_round_and_escape_ends_it(qtbot, window):
    show(window)
    window.menus["select_lasso"].trigger()
    drag(qtbot, window, [(70, 55), (70, 25), (95, 25), (95, 55), (75, 55)])
    assert window.session.selection.ids == ("bare",)
    window.menus["let_go"].trigger()
    assert not window.menus["select_lasso"].isChecked()


@pytest.mark.nightly  # by day a box and a lasso select here
def test_that_a_click_with_a_box_at_hand_asks_nothing_of_the_ground(qtbot, window):
    show(window)
    window.menus["select_box"].trigger()
    qtbot.mouseClick(window.canvas, LEFT, pos=pixel(window, 20, 10))
    assert window.canvas.marks.spot is None


def test_that_all_cameras_are_selected_and_a_plain_drag_still_pans(qtbot, window):
    show(window)
    window.menus["select_all"].trigger()
    assert set(window.session.selection.ids) == {"known", "bare"}
    before = window.canvas.viewport
    drag(qtbot, window, [(20, 10), (30, 12), (40, 14)])
    assert window.canvas.viewport != before


def test_that_a_lasso_that_crosses_itself_has_both_loops():
    eight = [(0, 0), (10, 10), (10, 0), (0, 10)]
    assert places_inside([(1, 5), (9, 5), (5, 9)], eight) == [0, 1]
