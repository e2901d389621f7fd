"""The neighbourhood in space, with the real sight, real mouse and keys: it opens over the map, turns, tilts and closes."""

import pytest
from gui_town import town
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.map.neighbourhood import Standpoint
from lhasaplan.app.shell import MainWindow

LONG_MS = 300_000  # where kernels are compiled for the first time, beside much else


@pytest.fixture
def shown(qtbot):
    context = AppContext()
    window = MainWindow(context, Language(context.services.content.load_translations), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.history.setClean())
    window.show()
    window.commands.opening.take(town())
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2 and window.bench.sight.live is not None, timeout=LONG_MS)
    window.session.select("known")
    window.menus["neighbourhood"].trigger()
    qtbot.waitUntil(lambda: window.tools["neighbourhood"].commands.view.town is not None, timeout=LONG_MS)
    return window


def test_that_the_neighbourhood_is_turned_by_mouse_wheel_and_keys_and_closed_by_esc(qtbot, shown):
    view = shown.tools["neighbourhood"].commands.view
    assert shown.menus["neighbourhood"].isChecked()
    assert view.geometry() == shown.canvas.rect()
    before = view.standpoint
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(150, 80))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 80))
    assert (view.standpoint.bearing_deg, view.standpoint.tilt_deg) == pytest.approx((20.0, before.tilt_deg + 6.0))
    at = QPointF(80.0, 50.0)
    wheel = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, wheel)
    assert view.standpoint.px_per_m == pytest.approx(before.px_per_m * 1.2)
    for key, modifier in ((Qt.Key.Key_Minus, 0), (Qt.Key.Key_Left, 0), (Qt.Key.Key_Left, 0), (Qt.Key.Key_Up, 0)):
        QTest.keyClick(view, key, Qt.KeyboardModifier(modifier))
    assert view.standpoint.px_per_m == pytest.approx(before.px_per_m)
    assert view.standpoint.bearing_deg == pytest.approx(0.0)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.standpoint.east_m > 0.0
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.isHidden()
    assert not shown.menus["neighbourhood"].isChecked()
    assert shown.session.selected_id == "known"  # Esc of the map lets go of a camera; here it closed the view alone


def test_that_a_click_picks_a_camera_and_the_caption_says_what_was_assumed_in_every_language(qtbot, shown):
    view = shown.tools["neighbourhood"].commands.view
    assert "Buildings: 2. Heights recorded: 0; from storeys: 0; assumed from the kind: 2." in view.caption
    shown.language.use("zh_CN")
    assert "建筑物：2" in view.caption
    (at,) = (at for lens, at in view._marks() if lens.camera_id == "bare")
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert shown.session.selected_id == "bare"
    assert not view.isHidden()


def test_that_on_a_small_map_the_caption_says_the_keys_alone_and_the_rest_in_its_tip(shown):
    view = shown.tools["neighbourhood"].commands.view
    view.resize(1200, 900)
    view.grab()
    assert not view.is_short
    view.resize(500, 300)
    view.grab()
    assert view.is_short
    assert view.caption_box.height() < 0.25 * view.height()
    assert "lowest to the highest point in view" in view.toolTip()


@pytest.mark.parametrize(("east", "north", "up", "tilt", "expected"), [
    (10.0, 0.0, 0.0, 0.0, (20.0, 0.0)),  # straight down it is a map: 2 px a metre
    (0.0, 10.0, 0.0, 60.0, (0.0, 10.0)),  # what lies ahead is half as long at 60 degrees
    (0.0, 0.0, 10.0, 30.0, (0.0, 10.0)),  # and half of a height stands up at 30
])  # fmt: skip
def test_that_a_standpoint_shows_places_where_the_formula_has_them(east, north, up, tilt, expected):
    import numpy as np

    (at,) = Standpoint(0.0, tilt, 2.0).on_screen(np.array([[east, north, up]]))
    assert at == pytest.approx(expected)
