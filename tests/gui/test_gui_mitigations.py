"""What would end a finding: listed beside it, and applied to the record of its camera."""

from dataclasses import replace

import pytest
from amounts import some_by_day
from PySide6.QtCore import Qt

from lhasaplan.app.look import NEAR_PX
from lhasaplan.app.state import edits
from lhasaplan.core.records.schedule import written
from lhasaplan.core.results.assessment import Gate

MASK, TURN, MOVE = 0, 1, 2


@pytest.fixture
def mitigations(qtbot, window):
    """The mitigations of the view of a home, with its finding chosen."""
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()
    window.docks.panels["findings"].table.selectRow(0)
    return window.docks.panels["findings"].detail.mitigations


def known(window):
    return edits.camera_of(window.session.project, "known")


def apply(qtbot, mitigations, row):
    mitigations.list.setCurrentRow(row)
    qtbot.mouseClick(mitigations.apply, Qt.MouseButton.LeftButton)


def test_that_the_mitigation_stands_first_then_what_was_tried_then_what_is_only_named(mitigations):
    starts = [mitigations.list.item(row).text().split(":")[0] for row in range(mitigations.list.count())]
    assert starts == ["Ends it", "Also ends it, computed", "May also end it, not computed"]
    assert "Turn the camera to 300 degrees" in mitigations.list.item(TURN).text()


def test_that_the_mitigation_is_applied_with_source_and_date_as_one_step_back(qtbot, window, mitigations):
    window.docks.panels["camera"].by.setText("field visit")
    apply(qtbot, mitigations, MASK)
    assert known(window).mask_sector_deg == ((10.0, 40.0),)
    note = known(window).corrections[-1]
    assert (note.field, note.before, note.source, note.date) == (
        "mask_sector_deg",
        "",
        "remedy that is said to be carried out (field visit)",
        "2026-11-25",
    )
    window.menus["undo"].trigger()
    assert known(window).mask_sector_deg == ()
    assert window.session.history.index() == 0


def test_that_outside_the_gate_a_mitigation_is_said_to_correct_the_record_and_inside_to_be_planned(window, mitigations):
    mitigations.list.setCurrentRow(MASK)
    assert mitigations.apply.text() == "Record as carried out"
    assert "already changed" in mitigations.reason.text()
    window.session.set_gate(Gate(open=True))
    assert mitigations.apply.text() == "Apply this remedy"
    assert "The program computed this remedy" in mitigations.reason.text()


@pytest.mark.nightly  # by day a mitigation is listed, applied and called stale here
def test_that_another_mitigation_that_was_tried_out_is_applied_in_its_place(qtbot, window, mitigations):
    apply(qtbot, mitigations, TURN)
    assert known(window).azimuth_deg == 300.0
    assert known(window).mask_sector_deg == ()


@pytest.mark.nightly  # by day a mitigation is listed, applied and called stale here
def test_that_a_mitigation_that_is_only_named_cannot_be_applied(qtbot, window, mitigations):
    before = window.session.project
    apply(qtbot, mitigations, MOVE)
    assert not mitigations.apply.isEnabled()
    assert window.session.project is before
    assert "computed remedy can be applied" in mitigations.reason.text()


def test_that_the_results_are_stale_once_a_mitigation_is_applied(qtbot, window, mitigations):
    apply(qtbot, mitigations, MASK)
    assert window.session.is_stale
    assert "Run the analysis again" in window.docks.panels["summary"].toPlainText()


def test_that_a_mitigation_tried_on_an_older_record_is_not_applied_until_the_change_is_undone(window, mitigations):
    window.session.edit("Change camera", edits.changed("known", {"range_m": 55.0}, window.session.author))
    assert not mitigations.apply.isEnabled()
    assert "The camera was changed after the analysis" in mitigations.reason.text()
    window.menus["undo"].trigger()
    assert mitigations.apply.isEnabled()


@pytest.mark.nightly  # by day a mitigation is listed, applied and called stale here
def test_that_a_change_of_another_camera_leaves_the_mitigation_good(window, mitigations):
    window.session.edit("Change camera", edits.changed("bare", {"range_m": 55.0}, window.session.author))
    assert mitigations.apply.isEnabled()


def test_that_what_of_a_protected_place_is_in_view_is_told_with_the_finding(window, mitigations):
    reported = window.docks.panels["findings"].detail.surfaces.text()
    assert "10_m in view, up to 150_px/m, the nearest 21_m away".replace("_", "\N{NO-BREAK SPACE}") in reported


@pytest.mark.nightly  # by day a mitigation is listed, applied and called stale here
def test_that_a_finding_without_a_mitigation_offers_none(window, mitigations):
    window.docks.panels["findings"].table.selectRow(1)
    assert not mitigations.isVisible()
    assert not window.docks.panels["findings"].detail.surfaces.isVisible()


@pytest.mark.nightly  # by day a mitigation is listed, applied and called stale here
def test_that_a_finding_that_is_gone_no_longer_stands_beside_the_table(window, mitigations):
    assert window.docks.panels["findings"].detail.isVisible()
    without = replace(window.session.assessment, findings=window.session.assessment.findings[1:])
    window.session.set_assessment(without, window.session.project)
    assert not window.docks.panels["findings"].detail.isVisible()


def test_that_the_polygons_of_an_earlier_mask_stay_on_record_when_a_mitigation_adds_one():
    square = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.5))
    assert written((square,)) == "0 0, 10 0, 10 5.5"


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"de"}))
def test_that_why_a_mitigation_can_be_applied_is_said_over_the_whole_width(qtbot, window, mitigations, code):
    window.menus[f"language_{code}"].trigger()
    window.resize(1280, 700)
    mitigations.list.setCurrentRow(MOVE)
    reason = mitigations.reason
    qtbot.waitUntil(lambda: reason.height() >= reason.heightForWidth(reason.width()))
    assert reason.width() >= mitigations.bar.width() - 2 * NEAR_PX
    assert max(map(reason.fontMetrics().horizontalAdvance, reason.text().split())) <= reason.contentsRect().width()


def test_that_the_list_is_as_high_as_its_lines_and_the_words_below_it_are_seen(qtbot, window, mitigations):
    detail, listed = window.docks.panels["findings"].detail, mitigations.list

    def is_whole():
        last = listed.visualItemRect(listed.item(listed.count() - 1))
        return last.bottom() < listed.viewport().height() <= last.bottom() + 8

    qtbot.waitUntil(is_whole)
    detail.resize(260, detail.height())  # words wrap into more lines
    qtbot.waitUntil(is_whole)
    qtbot.waitUntil(lambda: detail.surfaces.y() - (mitigations.y() + mitigations.height()) < 120)
