"""The lens calculator through real clicks and keys: figures follow, a camera is taken and given, what cannot be is refused."""

import pytest
from amounts import some_by_day
from PySide6.QtCore import Qt

from lhasaplan.core.model.optics import LensClass

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot, window):
    window.menus["lens_calculator"].trigger()
    qtbot.waitUntil(lambda: "lens_calculator" in window.docks.in_front)
    return window.docks.panels["lens_calculator"]


def write(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def record(window):
    return next(c for c in window.session.project.cameras if c.camera_id == "known")


def test_that_angle_and_focal_length_follow_each_other(qtbot, panel):
    write(qtbot, panel.fields["sensor_width_mm"], "4.8")
    write(qtbot, panel.fields["focal_length_mm"], "2.4")
    assert panel.fields["hfov_deg"].value() == 90.0
    write(qtbot, panel.fields["hfov_deg"], "53.1301")
    assert panel.fields["focal_length_mm"].value() == pytest.approx(4.8, abs=0.01)  # half the angle has a tangent of a half


def test_that_the_figures_are_those_worked_out_by_hand(qtbot, panel):
    for name, text in (("hfov_deg", "90"), ("tilt_deg", "0"), ("away_m", "24"), ("mount_height_m", "4")):
        write(qtbot, panel.fields[name], text)
    # 1920 px at 90 degrees: 960 px of focal length; a level lens sees 960 / 24 px on a metre there.
    assert panel.figures["Density there"].text() == "40.0 px/m"
    assert panel.figures["Width of the picture there"].text() == "48.0 m"
    assert panel.figures["reach_25"].text() == "38.4 m"
    assert panel.figures["The picture ends at"].text() == "at the horizon"
    # 62.5 px/m at 24 m: twice the angle whose tangent is 1920 / (2 · 62.5 · 24) = 0.64, which is 65.2 degrees.
    assert panel.figures["For {density} px/m there"].text() == "65.2°, focal length 3.8 mm"


def test_that_a_camera_is_taken_and_its_lens_given_back_in_one_step(qtbot, window, panel):
    assert not panel.take.isEnabled()
    window.session.select("known")
    qtbot.mouseClick(panel.take, LEFT)
    assert (panel.question["hfov_deg"], panel.question["image_width_px"], panel.question["tilt_deg"]) == (60.0, 1920, 10.0)
    write(qtbot, panel.fields["hfov_deg"], "45")
    write(qtbot, panel.fields["tilt_deg"], "20")
    assert record(window).hfov_deg == 60.0
    qtbot.mouseClick(panel.give, LEFT)
    given = record(window)
    assert (given.hfov_deg, given.tilt_deg, given.sensor_width_mm) == (45.0, 20.0, 4.8)
    assert given.focal_length_mm == pytest.approx(4.8 / (2 * 0.41421356), abs=0.01)
    assert window.session.history.count() == 1
    window.menus["undo"].trigger()
    assert record(window).hfov_deg == 60.0


def test_that_a_straight_lens_cannot_be_asked_wider_than_it_can_be(qtbot, panel):
    write(qtbot, panel.fields["hfov_deg"], "150")
    assert panel.question["hfov_deg"] <= 120.0
    write(qtbot, panel.fields["focal_length_mm"], "0.6")  # 152 degrees on 4.8 mm
    assert panel.question["hfov_deg"] <= 120.0
    panel.lens.setFocus()
    qtbot.keyClick(panel.lens, Qt.Key.Key_Down)
    assert panel.question.lens_class is LensClass.EQUIDISTANT
    assert not panel.fields["focal_length_mm"].isEnabled()
    write(qtbot, panel.fields["hfov_deg"], "150")
    assert panel.question["hfov_deg"] == 150.0


def test_that_the_sketch_follows(qtbot, panel):
    before = panel.sketch.grab().toImage()
    write(qtbot, panel.fields["tilt_deg"], "60")
    assert panel.sketch.grab().toImage() != before


# By day one language: that no sentence lacks its translation is held without a window (tests/test_architecture.py).
@pytest.mark.parametrize("code", some_by_day(("fr", "zh_CN", "de"), {"fr"}))
def test_that_the_calculator_follows_a_switch_of_language(qtbot, window, panel, code):
    window.menus[f"language_{code}"].trigger()
    english = {"Density there", "Blind zone", "Take from the camera", "nowhere", "all of the ground", "at the horizon"}
    words = {label.text() for label in (*panel._titles.values(), *panel.figures.values(), panel.take)}
    assert not words & english
