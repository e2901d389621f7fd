"""The window with the real engine: a cone stops at a wall, and a change of the camera is followed."""

from pathlib import Path

import pytest
from gui_town import town

from lhasaplan.app.engine import Engine
from lhasaplan.app.i18n import Language
from lhasaplan.app.window import MainWindow


@pytest.fixture
def real(qtbot):
    engine = Engine()
    window = MainWindow(engine, Language(engine.wording), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.undo_stack.setClean())
    window.show()
    window.tasks.take_project(town(), Path("town.gpkg"))
    qtbot.waitUntil(lambda: len(window.desk.sight.seen) == 2, timeout=60_000)
    return window


def test_that_the_cone_stops_at_the_house_and_follows_a_turn(qtbot, real):
    known = real.desk.sight.seen["known"]
    assert known.certain is not None
    # The camera stands at (50, 40) and looks north, 30 m far and 30 degrees to each side, between houses that begin at
    # y = 60 and leave 20 m. Free, the cone would be 30 sin 30 = 15 m wide to each side; the walls let pass what leaves
    # them by 20 tan 30 = 11.5 m.
    x0, _, x1, y1 = known.certain.geometry.bounds
    assert y1 == pytest.approx(70.0, abs=0.1)
    assert (x0, x1) == pytest.approx((50 - 11.5, 50 + 11.5), abs=0.1)
    real.session.select("known")
    real.camera.fields["azimuth_deg"].setValue(180.0)
    qtbot.waitUntil(lambda: real.desk.sight.seen["known"].certain.geometry.bounds[3] < 41.0, timeout=60_000)


def test_that_the_ground_at_night_appears_with_its_range_and_is_drawn_when_asked_for(qtbot, real):
    assert real.desk.sight.seen["known"].night is None
    real.session.select("known")
    real.camera.fields["night_range_m"].setValue(15.0)
    qtbot.waitUntil(lambda: real.desk.sight.seen["known"].night is not None, timeout=60_000)
    known = real.desk.sight.seen["known"]
    assert known.night.bounds[3] == pytest.approx(40.0 + 15.0, abs=0.01)  # it looks north from y = 40
    before = real.grab().toImage()
    real.layers.set_on("night", on=True)
    qtbot.waitUntil(lambda: real.grab().toImage() != before, timeout=20_000)


def test_that_a_camera_without_numbers_is_only_possible(real):
    bare = real.desk.sight.seen["bare"]
    assert bare.certain is None
    assert bare.possible
    assert "azimuth_deg" in bare.placed.assumed
