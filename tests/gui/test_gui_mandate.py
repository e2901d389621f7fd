"""A planner fills in the mandate, draws the plan area and opens the gate, each missing thing by its button."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox

from lhasaplan.app.dialogs.decisions import ask_excuse
from lhasaplan.app.panels.fields import Amount, ChoiceField, WholeAmount
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.gate.planning_ground import metric_area
from lhasaplan.errors import Fault, GateError, InputError

TEXTS = {
    "controller": "City of Town",
    "legal_basis": "Streets act, section 4",
    "complaint_route": "The board",
    "impact_assessment_officer": "A. Example",
    "public_register": "town.example/cameras",
}


@pytest.fixture
def mandating(qtbot, window):
    window.menus["fill_mandate"].trigger()
    made = window.tools["mandate"].commands
    qtbot.waitUntil(lambda: made.state is not None)
    return made


def write(form):
    for name, text in TEXTS.items():
        form.fields[name].setText(text)
    form.fields["purposes"].setPlainText("traffic\n\nfire")
    form.fields["supervisory_authority"].setCurrentIndex(1)
    form.fields["impact_assessment_date"].line.setText("2026-03-10")
    form.fields["retention_days"].setValue(3.0)


def click(qtbot, canvas, *places_m):
    for place in places_m:
        x, y = canvas.viewport.to_screen(*place)
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def test_that_a_mandate_is_filled_in_and_the_gate_answers(qtbot, window, mandating):
    panel = mandating.panel
    panel.gate.buttons[0].click()
    assert panel.form.fields["controller"].hasFocus()
    assert not panel.keep.isEnabled()
    below = panel.form.y()
    write(panel.form)
    qtbot.waitUntil(panel.reported.isVisible)
    assert panel.form.y() == below  # nothing moves under the pointer of who writes
    panel.keep.click()
    stated = window.session.project.mandate
    assert (stated.controller, stated.purposes, stated.retention_days) == ("City of Town", ("traffic", "fire"), 3.0)
    assert stated.supervisory_authority == "Board of Country"
    assert not panel.reported.isVisible()
    assert not panel.keep.isEnabled()
    qtbot.waitUntil(lambda: len(mandating.state.gate.missing) == 1)
    window.session.history.undo()
    assert panel.form.mandate.controller == ""


def test_that_days_are_written_where_a_double_click_marked_the_words_for_none(qtbot, mandating):
    days = mandating.panel.form.fields["retention_days"]
    line = days.lineEdit()
    qtbot.mouseDClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() - 12, line.height() // 2))
    assert line.selectedText() == line.text() == "not stated"
    qtbot.keyClicks(line, "14")
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert days.value() == 14.0


def test_that_a_cell_is_confirmed_on_the_map_and_opens_the_gate(qtbot, window, mandating):
    write(mandating.panel.form)
    mandating.panel.keep.click()
    qtbot.waitUntil(lambda: len(mandating.state.gate.missing) == 1)
    mandating.panel.gate.buttons[0].click()
    click(qtbot, window.canvas, (750.0, 250.0))
    assert mandating.cells.chosen == {"cell:1:0"}
    mandating.panel.cells.reason.setText("water")
    mandating.panel.cells.by.setText("A. Example")
    mandating.panel.cells.confirm.click()
    qtbot.waitUntil(lambda: mandating.state.gate.open)
    assert [each.subject for each in window.session.project.declarations] == ["cell:1:0"]
    assert window.session.mode.tool == ""
    assert "open" in mandating.panel.gate.head.text()


def test_that_the_plan_area_is_drawn_corner_by_corner(qtbot, window, mandating):
    mandating.draw("plan_area_wkt")
    click(qtbot, window.canvas, (0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 0.0))
    area = metric_area(window.session.project.mandate.plan_area_wkt, Crs("EPSG:32632"))
    assert area.symmetric_difference(shapely.Polygon([(0, 0), (100, 0), (100, 80)])).area < 200.0  # a pixel at each edge


def test_that_how_an_area_is_drawn_is_said_while_it_is_drawn_and_no_longer(qtbot, window, mandating):
    mandating.draw("plan_area_wkt")
    assert "Enter or a click on the first one closes it" in window.status.currentMessage()
    window.session.mode.use("")
    assert window.status.currentMessage() == ""
    window.menus["draw_area"].trigger()
    assert "Enter or a click on the first one closes it" in window.status.currentMessage()


def test_that_no_field_of_any_panel_is_changed_by_a_wheel_that_passes(window):
    kinds, panels = (QComboBox, QAbstractSpinBox), window.docks.panels.values()
    fields = [each for panel in panels for kind in kinds for each in panel.findChildren(kind)]
    assert len(fields) > 20
    ours = [each for each in fields if not each.objectName().startswith("qt_")]  # a calendar's year is shown with the focus alone
    assert [type(each).__name__ for each in ours if not isinstance(each, ChoiceField | Amount | WholeAmount)] == []


def test_that_the_wheel_scrolls_over_the_form_and_changes_nothing_in_it(qtbot, window, mandating):
    form = mandating.panel.form
    write(form)
    before = form.mandate
    window.canvas.setFocus()
    for name in ("supervisory_authority", "retention_days"):
        field = form.fields[name]
        at = QPointF(field.rect().center())
        wheel = QWheelEvent(
            at, field.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, wheel)
    assert form.mandate == before


def test_that_an_area_is_taken_by_its_name_and_the_extent_from_it(qtbot, window, mandating):
    mandating.take_area("plan_area_wkt", "area:Old town")
    qtbot.waitUntil(lambda: window.session.project.mandate is not None)
    mandating.cover_area()
    stated = window.session.project.mandate
    assert stated.building_extent_wkt == stated.plan_area_wkt != ""


def test_that_the_mandate_is_saved_as_a_file(qtbot, window, mandating):
    mandating.panel.form.fields["controller"].setText("City of Town")
    window.bench.dialogs.answer["ask_save_mandate"] = Path("mandate.toml")
    mandating.save()
    qtbot.waitUntil(lambda: bool(window.bench.context.saved))
    assert window.bench.context.saved[0][1].controller == "City of Town"


def test_that_a_refusal_of_the_gate_leads_to_what_is_missing(window):
    window.bench.notices.note_error(GateError(Fault("There is no mandate.")))
    (button,) = window.strip.buttons
    button.click()
    assert "mandate" in window.docks.in_front


def test_that_a_refusal_of_the_gate_ends_with_the_next_edit_and_another_failure_stays(window):
    window.bench.notices.note_error(GateError(Fault("There is no mandate.")))
    window.session.edit("Name", lambda project: replace(project, name="a"))
    assert not window.strip.notices
    window.bench.notices.note_error(InputError(Fault("There is no mandate.")))
    window.session.edit("Name", lambda project: replace(project, name="b"))
    assert window.strip.notices


def test_that_reasons_written_in_vain_stand_in_the_box_again(qtbot, window):
    written = []

    def answer(form):
        reason, by = form._fields()
        written.append((reason.toPlainText(), by.text()))
        reason.setPlainText("too dear")
        by.setText("A. Example")
        return 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lhasaplan.app.dialogs.form.Form.exec", answer)
        for _ in range(2):
            ask_excuse(window, window.language, 1)
    assert written == [("", ""), ("too dear", "A. Example")]
