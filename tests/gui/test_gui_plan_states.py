"""The map as it is today, with the plan, and what changes: three switches that are layers, so that a step takes them back."""

from dataclasses import replace

import pytest
from gui_town import town
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from lhasaplan.app.map.cones import Symbol, draw_symbol
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan_step import Action, PlanStep

NEW = Camera("new", 20.0, 40.0, azimuth_deg=90.0, hfov_deg=60.0, range_m=20.0, status=Status.PLANNED)
PLAN = (PlanStep("bare", Action.REMOVE), PlanStep("new", Action.ADD))
SIDE = 41  # pixels of a small picture with the camera in its middle


@pytest.fixture
def planned(qtbot, window):
    """The town with a plan: one camera stays, one goes, one is new."""
    project = replace(town(), cameras=(*town().cameras, NEW), plan=PLAN)
    window.commands.opening.take(project, None)
    qtbot.waitUntil(lambda: drawn(window) == {"known", "bare", "new"})
    return window


def drawn(window):
    return {symbol.camera_id for symbol in window.canvas.overlays.symbols}


def switch(window):
    return window.tools["plan_states"].commands


def test_that_the_switches_are_there_where_there_is_a_plan_and_nowhere_else(window):
    assert not switch(window).isVisible()
    window.session.edit("Place camera", lambda project: replace(project, cameras=(*project.cameras, NEW)))
    assert switch(window).isVisible()
    window.menus["undo"].trigger()
    assert not switch(window).isVisible()


def test_that_each_switch_shows_its_cameras_and_gaps_and_one_step_takes_it_back(qtbot, planned):
    buttons, keys = switch(planned).buttons, planned.session.shown
    assert buttons["map_difference"].isChecked()
    qtbot.mouseClick(buttons["map_today"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: drawn(planned) == {"known", "bare"})
    assert "gaps" in keys.keys
    assert "gaps_with_plan" not in keys.keys
    qtbot.mouseClick(buttons["map_plan"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: drawn(planned) == {"known", "new"})
    assert "gaps_with_plan" in keys.keys
    assert "gaps" not in keys.keys
    assert [key for key, button in buttons.items() if button.isChecked()] == ["map_plan"]
    planned.menus["undo"].trigger()
    qtbot.waitUntil(lambda: drawn(planned) == {"known", "bare"})
    assert buttons["map_today"].isChecked()
    planned.menus["map_difference"].trigger()
    qtbot.waitUntil(lambda: drawn(planned) == {"known", "bare", "new"})
    assert planned.menus["map_difference"].isChecked()


def test_that_what_a_hidden_camera_sees_is_not_drawn_either(qtbot, planned):
    def seen():
        return {key for block in planned.canvas.overlays.blocks for key in block.pieces}

    planned.menus["map_plan"].trigger()
    qtbot.waitUntil(lambda: drawn(planned) == {"known", "new"})
    assert "bare" not in seen()
    planned.menus["map_today"].trigger()
    qtbot.waitUntil(lambda: "bare" in seen())
    assert "new" not in seen()


def picture(symbol):
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    draw_symbol(painter, QPointF(SIDE / 2, SIDE / 2), symbol, 8.0)
    painter.end()
    return image


def test_that_what_goes_stays_and_is_new_differ_by_their_sign_and_not_by_colour_alone():
    stays = picture(Symbol("a", 0.0, 0.0, 30.0, Status.OPERATING))
    goes = picture(Symbol("a", 0.0, 0.0, 30.0, Status.OPERATING, goes=True))
    new = picture(Symbol("a", 0.0, 0.0, 30.0, Status.PLANNED))
    middle, out = SIDE // 2, 3
    light = {
        name: (
            image.pixelColor(middle + out, middle).lightness() > 140,  # an arm of the plus, which stands upright
            image.pixelColor(middle + out, middle + out).lightness() > 140,  # an arm of the cross
        )
        for name, image in {"stays": stays, "goes": goes, "new": new}.items()
    }
    assert light == {"stays": (False, False), "goes": (False, True), "new": (True, False)}
