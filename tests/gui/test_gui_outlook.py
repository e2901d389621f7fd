"""The camera from outside, with the real sight and the real mouse and keys."""

import pytest
from gui_town import town
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.app.tools.outlook import CAPTION, NONE_CHOSEN, NOT_RECORDED

LONG_MS = 300_000  # where kernels are compiled for the first time, beside much else


@pytest.fixture
def shown(qtbot):
    context = AppContext()
    window = MainWindow(context, Language(context.services.content.load_translations), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.history.setClean())
    window.show()
    window.commands.opening.take(town())
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2, timeout=LONG_MS)
    window.docks.bring("outlook")
    panel = window.docks.panels["outlook"]
    qtbot.waitUntil(lambda: panel.caption.text() == NONE_CHOSEN)
    window.session.select("known")
    qtbot.waitUntil(lambda: panel.view.sight is not None and window.bench.sight.is_complete, timeout=LONG_MS)
    return window


def test_that_pulling_walks_around_the_camera_and_a_double_click_goes_back(qtbot, shown):
    panel, outlooks = shown.docks.panels["outlook"], shown.tools["outlook"].commands
    view, usual = panel.view, outlooks.spot
    assert panel.caption.text().startswith(CAPTION)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    QTest.mouseMove(view, QPoint(150, 60))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 60))
    assert outlooks.spot.bearing_deg == pytest.approx((usual.bearing_deg + 20.0) % 360.0)
    qtbot.waitUntil(lambda: view.sight.spot == outlooks.spot, timeout=20_000)
    QTest.mouseMove(view, QPoint(20, 20))
    assert view.sight.spot == outlooks.spot  # nothing is held any more
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    qtbot.waitUntil(lambda: outlooks.spot == usual, timeout=20_000)


def test_that_wheel_and_keys_go_nearer_and_up_and_no_menu_takes_them(qtbot, shown):
    view, outlooks = shown.docks.panels["outlook"].view, shown.tools["outlook"].commands
    usual, at = outlooks.spot, QPointF(80.0, 50.0)
    wheel = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, wheel)
    assert outlooks.spot.away_m == pytest.approx(usual.away_m / 1.2)
    view.setFocus()
    for key in (Qt.Key.Key_Minus, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert outlooks.spot.away_m == pytest.approx(usual.away_m)
    assert outlooks.spot.down_deg == pytest.approx(usual.down_deg + 5.0)
    assert outlooks.spot.bearing_deg == pytest.approx((usual.bearing_deg + 10.0) % 360.0)
    assert shown.session.selected_id == "known"


def test_that_the_look_follows_the_camera_and_says_why_there_is_none(qtbot, shown):
    panel = shown.docks.panels["outlook"]
    before = panel.view.sight
    shown.session.edit("Turn camera", edits.turned("known", 90.0, shown.session.author))
    qtbot.waitUntil(lambda: panel.view.sight.outlook.corners_px != before.outlook.corners_px, timeout=20_000)
    shown.session.select("bare")
    qtbot.waitUntil(lambda: panel.caption.text() == NOT_RECORDED, timeout=20_000)
