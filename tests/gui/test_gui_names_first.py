"""What the window says calls things by name: sentences of findings, tips on the map, what hides a part."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from gui_town import assessment_of
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QApplication

from lhasaplan.app.jobs.names import CalledInWindow
from lhasaplan.app.models.findings import finding_text
from lhasaplan.app.state import edits
from lhasaplan.app.tools.meeting import MeetingBar
from lhasaplan.content import font_files
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.results.finding import Certainty, Finding, Severity


@pytest.fixture
def named(qtbot, window):
    window.session.edit("Rename camera", edits.changed("known", {"name": "Hall <door>"}, window.session.author))
    qtbot.waitUntil(lambda: window.bench.names.camera("known") == "Hall <door>")
    window.session.set_assessment(assessment_of(window.session.project, Gate(False, ())), window.session.project)
    return window


def test_that_the_sentence_of_a_finding_calls_its_camera_by_name_and_not_by_id(named):
    panel = named.docks.panels["findings"]
    panel.table.selectRow(0)
    assert panel.detail.text.text().startswith("Camera “Hall <door>” can see homes")
    assert "known" not in panel.detail.text.text().replace("No mask known", "")


@pytest.mark.nightly  # by day the map and a finding name a camera here
def test_that_a_meeting_is_told_the_name(qtbot, named):
    named.menus["meeting"].trigger()
    qtbot.keyClick(named.canvas, Qt.Key.Key_2)
    said = next(bar for bar in named.canvas.findChildren(MeetingBar) if bar.isVisible()).words.text()
    named.menus["meeting"].trigger()
    assert said.startswith("Camera “Hall <door>” can see")


def test_that_the_tip_over_a_camera_on_the_map_is_its_name(monkeypatch, named):
    reported, canvas = [], named.canvas
    tips = SimpleNamespace(showText=lambda _at, text: reported.append(text), hideText=lambda: reported.append(""))
    monkeypatch.setattr("lhasaplan.app.map.QToolTip", tips)
    camera = edits.camera_of(named.session.project, "known")
    at = QPoint(*map(round, canvas.viewport.to_screen(camera.x_m, camera.y_m)))
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
    assert ["Hall &lt;door&gt;" in text for text in reported] == [True]


@pytest.mark.nightly  # by day the map and a finding name a camera here
def test_that_quotation_marks_are_narrow_but_in_chinese(qapp, window):
    before = QFont(qapp.font())
    font = font_files()[0]
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))
    qapp.setFont(QFont(families[0], 10))
    widths = {}
    for code in ("zh_CN", "en", "de"):
        window.language.use(code)
        metrics = QFontMetricsF(qapp.font())
        widths[code] = metrics.horizontalAdvance("“") / metrics.horizontalAdvance("你")
    qapp.setFont(before)
    assert widths == {"zh_CN": 1.0, "en": pytest.approx(0.47, abs=0.1), "de": pytest.approx(0.47, abs=0.1)}


@pytest.mark.nightly  # by day the map and a finding name a camera here
def test_that_a_note_about_many_cameras_names_one_in_its_cell_and_ends_its_tip(named):
    sheet = named.docks.panels["findings"].model
    asked = next(each for each in sheet.all_rows if each.finding_id == "f2")
    many = replace(asked, camera_id="", cameras=("known", *(f"node/{n}" for n in range(300))), params={"count": 301})
    sheet.set_rows([many])
    index = sheet.index(0, sheet.place("camera"))
    assert index.data() == "Hall <door> and 300 more"
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "and 289 more" in tip
    assert len(tip) < 400


def test_that_a_finding_on_a_part_calls_it_by_name_and_not_by_id(window):
    finding = Finding(
        "gap:pack:stop:1", "gap", Severity.NOTE, Certainty.CERTAIN, "pack", "1", "", 0.0, 0.9, "share", None, None,
        {"part": "pack:stop:1", "category": "stop", "share_percent": 0, "cameras": ()},
    )  # fmt: skip
    window.bench.names._called = CalledInWindow(parts={"pack:stop:1": "Stop, High Street"})
    assert "Stop, High Street" in finding_text(finding, window.language, window.bench.names)
    card = window.docks.panels["findings"].model.card_of(finding)
    assert card.title.endswith("Stop, High Street")
    assert "pack:stop:1" not in card.sentence
