"""What goes wrong at a planner's hand, by real clicks and keys: refused, remarked or taken back, and never in another's way."""

import re
from dataclasses import replace

import pytest
from gui_looks import at_rest
from gui_town import assessment_of, layer, town
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from shapely.geometry import LineString, box

from lhasaplan.app.dialogs import Dialogs
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.layer import COVER, COVER_LINES
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.records.unusual import stands_in_water
from lhasaplan.core.results.assessment import Gate
from lhasaplan.errors import Fault, InputError
from lhasaplan.io.content.policy_files import load_unusual_rules

LEFT = Qt.MouseButton.LeftButton


def click(qtbot, window, x_m, y_m, modifier=Qt.KeyboardModifier.NoModifier):
    at = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))
    qtbot.mouseClick(window.canvas, LEFT, modifier, pos=at)


def record(window, camera_id="known"):
    return next(c for c in window.session.project.cameras if c.camera_id == camera_id)


def panel_of(window, key="camera"):
    return window.docks.panels[key]


def activate(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def write(qtbot, field, text, end=Qt.Key.Key_Return):
    """Write into a field as a person does: click it, mark all, type, enter."""
    qtbot.mouseClick(field, LEFT)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, end)


def press_undo(qtbot, window):
    """Press Ctrl+Z where the keys go now."""
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def audited(window):
    window.session.set_assessment(assessment_of(window.session.project, window.bench.context.gate), window.session.project)


# A wrong number or day


def test_that_a_day_is_read_as_tables_write_it_and_a_word_is_none(qtbot, window):
    activate(qtbot, window)
    click(qtbot, window, 50, 40)
    assert window.commands.editing.correct({"installed_on": "31.05.2026"}) is None
    assert record(window).installed_on == "2026-05-31"
    assert window.commands.editing.correct({"installed_on": "soon"}) is not None
    assert record(window).installed_on == "2026-05-31"


def test_that_an_angle_too_wide_for_its_lens_is_refused_in_its_field_with_the_way_out_there(qtbot, window):
    activate(qtbot, window)
    click(qtbot, window, 50, 40)
    panel = panel_of(window)
    write(qtbot, panel.fields["hfov_deg"], "130")
    assert record(window).hfov_deg == 60.0
    assert panel.refusal.isVisible()
    assert "120°" in panel.refusal.text.text()
    assert window.bench.dialogs.reported == []
    qtbot.mouseClick(panel.refusal.buttons[0], LEFT)
    assert (record(window).hfov_deg, record(window).lens_class) == (130.0, LensClass.EQUIDISTANT)
    assert not panel.refusal.isVisible()
    assert QApplication.focusWidget() is panel.fields["hfov_deg"]
    window.menus["undo"].trigger()
    assert (record(window).hfov_deg, record(window).lens_class) == (60.0, None)


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_a_refused_number_gives_way_to_the_recorded_one(qtbot, window):
    click(qtbot, window, 50, 40)
    panel = panel_of(window)
    write(qtbot, panel.fields["hfov_deg"], "130")
    qtbot.mouseClick(panel.refusal.buttons[1], LEFT)
    assert panel.fields["hfov_deg"].number == 60.0
    assert not window.session.is_dirty


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_a_kind_whose_lens_cannot_be_so_wide_is_refused_at_the_kind(qtbot, window):
    window.session.edit(
        "x", lambda p: replace(p, cameras=(replace(p.cameras[0], hfov_deg=180.0, lens_class=LensClass.EQUIDISTANT), p.cameras[1]))
    )
    click(qtbot, window, 50, 40)
    panel = panel_of(window)
    lens = panel.choices["lens_class"]
    lens.setFocus()
    qtbot.keyClick(lens, Qt.Key.Key_Up)  # from fisheye to straight
    assert record(window).lens_class is LensClass.EQUIDISTANT
    assert panel.refusal.isVisible()


def test_that_a_camera_that_cannot_be_computed_never_stops_another(qtbot, window):
    """As an import may bring it: 130 degrees with a straight lens."""
    window.session.edit("x", lambda p: replace(p, cameras=(p.cameras[0], replace(p.cameras[1], hfov_deg=130.0))))
    qtbot.waitUntil(lambda: "bare" in window.bench.sight.faults)
    assert "bare" not in window.bench.sight.sight.seen  # its old cone does not stay as if it were current
    click(qtbot, window, 50, 40)
    write(qtbot, panel_of(window).fields["range_m"], "55")
    qtbot.waitUntil(lambda: window.bench.sight.sight.seen["known"].placed.camera.range_m == 55)
    assert window.bench.dialogs.reported == []
    click(qtbot, window, 80, 40)
    assert "130" in panel_of(window).notes.remarks.text()
    write(qtbot, panel_of(window).fields["hfov_deg"], "90")
    qtbot.waitUntil(lambda: "bare" in window.bench.sight.sight.seen)
    assert window.bench.sight.faults == {}


# Taking back


def test_that_ctrl_z_takes_back_while_a_field_has_the_focus(qtbot, window):
    activate(qtbot, window)
    click(qtbot, window, 50, 40)
    field = panel_of(window).fields["range_m"]
    write(qtbot, field, "55")
    assert record(window).range_m == 55.0
    assert QApplication.focusWidget() is field
    press_undo(qtbot, window)
    assert record(window).range_m == 30.0
    assert field.number == 30.0


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_ctrl_z_first_takes_back_what_is_being_written_into_a_number(qtbot, window):
    activate(qtbot, window)
    click(qtbot, window, 50, 40)
    field = panel_of(window).fields["range_m"]
    write(qtbot, field, "55")
    field.selectAll()
    qtbot.keyClicks(field, "77")
    press_undo(qtbot, window)
    assert field.text() == "55 m"
    assert record(window).range_m == 55.0
    press_undo(qtbot, window)
    assert record(window).range_m == 30.0


def test_that_ctrl_z_takes_a_mitigation_back_that_was_applied_by_its_button(qtbot, window):
    activate(qtbot, window)
    audited(window)
    panel = panel_of(window, "findings")
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=panel.table.visualRect(panel.filter.index(0, 0)).center())
    before = record(window)
    button = panel.detail.mitigations.apply
    button.setFocus()
    qtbot.mouseClick(button, LEFT)
    assert record(window).mask_sector_deg == ((10.0, 40.0),)
    press_undo(qtbot, window)
    assert record(window) == before


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_cones_stay_through_226_steps_back(qtbot, window):
    click(qtbot, window, 50, 40)
    field = panel_of(window).fields["azimuth_deg"]
    for number in range(225):
        write(qtbot, field, str(number + 1))
    window.menus["remove"].trigger()
    assert window.session.history.count() == 226
    for _ in range(226):
        press_undo(qtbot, window)
    assert record(window) == town().cameras[0]
    qtbot.waitUntil(lambda: window.bench.sight.is_complete)
    assert window.bench.sight.sight.seen.keys() == {"known", "bare"}


# What is shown is of now


def test_that_protected_views_of_a_changed_camera_do_not_stay_drawn(qtbot, window):
    audited(window)
    qtbot.waitUntil(lambda: len(window.canvas.overlays.blocks[0].beyond) == 1)
    click(qtbot, window, 50, 40)
    assert window.canvas.marks.selected.views is None  # as the results have them
    write(qtbot, panel_of(window).fields["azimuth_deg"], "180")
    assert window.canvas.marks.selected.views == ()
    qtbot.waitUntil(lambda: window.canvas.overlays.blocks[0].beyond == {})
    window.menus["undo"].trigger()
    qtbot.waitUntil(lambda: len(window.canvas.overlays.blocks[0].beyond) == 1)


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_the_mark_of_a_finding_goes_once_its_camera_is_changed(qtbot, window):
    audited(window)
    panel = panel_of(window, "findings")
    row = panel.table.visualRect(panel.filter.index(0, 0))
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=row.center())
    assert window.canvas.marks.highlight is not None
    write(qtbot, panel_of(window).fields["azimuth_deg"], "180")
    assert window.canvas.marks.highlight is None
    qtbot.waitUntil(panel.bar.isVisible)
    QApplication.sendPostedEvents()  # the panel is laid out anew for its line
    assert panel.table.visualRect(panel.filter.index(0, 0)) == row  # the line that says so moves no row
    assert panel.table.mapTo(panel, QPoint(0, 0)).y() < panel.bar.y()


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_no_field_moves_when_notes_come_and_go(qtbot, window):
    audited(window)
    click(qtbot, window, 50, 40)
    panel = panel_of(window)
    fields = (*panel.fields.values(), *panel.choices.values(), panel.name)
    body = panel.area.widget()

    def laid_out():
        return [(field.mapTo(body, QPoint(0, 0)), field.width()) for field in fields]

    before = at_rest(qtbot, laid_out)
    write(qtbot, panel.fields["mount_height_m"], "60")
    write(qtbot, panel.fields["night_range_m"], "1920")
    qtbot.waitUntil(lambda: len(panel.notes.remarks.text().splitlines()) == 2)
    qtbot.waitUntil(lambda: "changed after the analysis" in panel.notes.necessity.text())
    assert at_rest(qtbot, laid_out) == before


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_coordinates_of_the_project_before_do_not_stay(qtbot, window):
    qtbot.mouseMove(window.canvas, QPoint(200, 200))
    qtbot.waitUntil(lambda: window.status.readout.text() != "")
    window.commands.opening.take(town())
    assert window.status.readout.text() == ""
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2)
    assert window.status.readout.text() == ""


# What can be done


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_a_click_on_the_selected_camera_brings_its_record_forward(qtbot, window):
    click(qtbot, window, 50, 40)
    click(qtbot, window, 10, 10)  # asks about a spot, whose panel comes forward
    qtbot.waitUntil(lambda: "who_sees" in window.docks.in_front)
    click(qtbot, window, 50, 40)
    qtbot.waitUntil(lambda: "camera" in window.docks.in_front)
    assert "who_sees" not in window.docks.in_front


def test_that_remove_can_be_had_only_with_a_camera_that_stands(qtbot, window):
    assert not window.menus["remove"].isEnabled()
    click(qtbot, window, 50, 40)
    assert window.menus["remove"].isEnabled()
    qtbot.mouseClick(panel_of(window).remove, LEFT)
    assert record(window).status is Status.REMOVED
    assert not window.menus["remove"].isEnabled()
    assert not panel_of(window).remove.isEnabled()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    window.menus["let_go"].trigger()
    assert not window.menus["remove"].isEnabled()


def test_that_several_cameras_are_chosen_with_ctrl_and_removed_in_one_step(qtbot, window):
    click(qtbot, window, 50, 40)
    click(qtbot, window, 80, 40, Qt.KeyboardModifier.ControlModifier)
    assert window.session.selection.ids == ("known", "bare")
    assert window.canvas.marks.chosen == {"known"}  # ringed; the last one has the handles
    assert window.canvas.marks.selected.symbol.camera_id == "bare"
    qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert {camera.status for camera in window.session.project.cameras} == {Status.REMOVED}
    window.menus["undo"].trigger()
    assert {camera.status for camera in window.session.project.cameras} == {Status.OPERATING}


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_a_planned_camera_can_be_renamed(qtbot, window, context):
    context.gate = Gate(True)
    audited(window)
    window.menus["place"].trigger()
    click(qtbot, window, 20, 30)
    panel, planned = panel_of(window), window.session.selected_id
    write(qtbot, panel.name, "North gate")
    assert record(window, planned).name == "North gate"
    assert panel.title.text() == "North gate"
    window.menus["undo"].trigger()
    assert panel.title.text() == planned


# Remarks


def wet(window):
    """Put a river of 20 m through the south of the town."""
    places = layer("places", [box(0, 0, 100, 20)], [{"natural": "water"}])
    window.session.edit("x", lambda project: replace(project, layers={**project.layers, "places": places}))


@pytest.mark.nightly  # by day a refusal, a step back and a remark of each kind here
def test_that_a_camera_placed_in_water_is_remarked(qtbot, window, context):
    context.gate = Gate(True)
    wet(window)
    audited(window)
    window.menus["place"].trigger()
    click(qtbot, window, 50, 10)
    assert "water" in panel_of(window).notes.remarks.text()
    assert "water" in panel_of(window).signs["x_m"].toolTip()
    click(qtbot, window, 80, 40)
    assert panel_of(window).notes.remarks.text() == ""


@pytest.mark.parametrize(("field", "plain", "odd"), [("mount_height_m", "12", "60"), ("night_range_m", "120", "1920")])
def test_that_what_is_unusual_is_remarked_and_taken_all_the_same(qtbot, window, field, plain, odd):
    click(qtbot, window, 50, 40)
    panel = panel_of(window)
    write(qtbot, panel.fields[field], plain)
    assert panel.notes.remarks.text() == ""
    write(qtbot, panel.fields[field], odd)
    assert f"{float(odd):g}" in panel.notes.remarks.text()
    assert getattr(record(window), field) == float(odd)
    signs = {name for name, sign in panel.signs.items() if sign.text()}
    assert signs == {field}  # beside the field, where the eye is
    assert f"{float(odd):g}" in panel.signs[field].toolTip()
    press_undo(qtbot, window)
    assert panel.signs[field].text() == ""


def test_that_bridges_piers_and_houses_over_water_are_no_water():
    river = layer("places", [box(0, 0, 100, 20)], [{"natural": "water"}])
    bridge = layer("roads", [LineString([(50, -10), (50, 30)])], [{"highway": "primary", "bridge": "yes"}])
    house = layer("buildings", [box(80, 5, 90, 15)], [{"building": "boathouse"}])
    layers = {"places": river, "roads": bridge, "buildings": house}
    found = {x: stands_in_water(x, 10.0, layers, load_unusual_rules().water) for x in (10.0, 45.0, 70.0, 85.0, 110.0)}
    # The bridge stands for 15 m to either side of its middle line.
    assert found == {10.0: True, 45.0: False, 70.0: True, 85.0: False, 110.0: False}


def test_that_all_that_is_remarked_as_water_is_drawn_as_water():
    water, drawn = load_unusual_rules().water, COVER[("natural", "water")]
    areas = {(key, value) for key, values in water.areas.items() for value in values}
    lines = {(key, value): width_m for key, widths_m in water.line_width_m.items() for value, width_m in widths_m.items()}
    assert areas == {kind for kind, colour in COVER.items() if colour == drawn}
    assert lines == {kind: width_m for kind, (_, width_m) in COVER_LINES.items()}


def test_that_an_error_of_the_program_in_one_camera_stops_no_other(qtbot, window, context, capsys):
    def follow(live, project, cameras, gone, is_planning, progress):
        if any(camera.range_m == 13.0 for camera in cameras):
            raise RuntimeError("a fault of our own")
        return type(context).follow(context, live, project, cameras, gone, is_planning, progress)

    context.follow = follow
    with qtbot.captureExceptions() as raised:
        window.session.edit(
            "x", lambda p: replace(p, cameras=(replace(p.cameras[0], azimuth_deg=5.0), replace(p.cameras[1], range_m=13.0)))
        )
        qtbot.waitUntil(lambda: "bare" in window.bench.sight.faults)
        qtbot.waitUntil(lambda: window.bench.sight.sight.seen["known"].placed.camera.azimuth_deg == 5.0)
        qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("sight"))  # it may try the broken one once more
        qtbot.wait(20)
    assert {str(error) for _, error, _ in raised} == {"a fault of our own"}
    assert "bare" not in window.bench.sight.sight.seen


def test_that_what_went_wrong_can_be_closed_and_is_said_in_the_language_of_the_moment(qtbot, window):
    window.bench.notices.note_error(
        InputError(
            Fault("there is no layer {layer} with shapes in this drawing; it has {names}", params={"layer": "a", "names": "b"})
        )
    )
    english = window.strip.text.text()
    window.menus["language_zh_CN"].trigger()
    assert window.strip.text.text() != english
    assert re.search("[\u4e00-\u9fff]", window.strip.text.text())
    assert window.strip.close_button.toolTip() == "关闭"
    qtbot.mouseClick(window.strip.close_button, Qt.MouseButton.LeftButton)
    assert not window.strip.isVisible()


@pytest.mark.parametrize("lines", [["short"], ["a list", *map(str, range(30))]])
def test_that_a_box_is_closed_by_its_button_whose_words_are_in_the_language(qtbot, window, lines):
    window.menus["language_zh_CN"].trigger()
    words = []

    def close():
        box = QApplication.activeModalWidget()
        try:
            words.extend(button.text() for button in box.findChildren(QPushButton))
        finally:  # a box that stays open would hold the test for good
            box.accept()

    QTimer.singleShot(0, close)
    Dialogs(window, window.bench.language).tell("title", lines)
    assert words
    assert all(re.search("[\u4e00-\u9fff]", each) for each in words)
