"""Each panel of the window shown alone, without a window: it needs the session and the language, and knows nothing else."""

from dataclasses import replace

import pytest
from gui_town import TODAY, FakeContext, FakeDialogs, assessment_of, stand_in, town
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from lhasaplan import workflow
from lhasaplan.app.commands import make_commands
from lhasaplan.app.look import Language
from lhasaplan.app.map.style import GROUPS
from lhasaplan.app.models.findings import FindingsSheet
from lhasaplan.app.panels import selected
from lhasaplan.app.panels.camera import CameraPanel
from lhasaplan.app.panels.fields import MaskEditor
from lhasaplan.app.panels.finding_cards import MitigationsList
from lhasaplan.app.panels.findings import FindingDetail, FindingsPanel, ResultsBar
from lhasaplan.app.panels.layers import LayersPanel, SummaryPanel
from lhasaplan.app.panels.parts import PartDetail, PartsPanel
from lhasaplan.app.panels.selected import CameraNotes, NecessityBlock, SelectedPanel
from lhasaplan.app.panels.start import STEPS, StartCard
from lhasaplan.app.shell.status_line import EffectLine, Readout
from lhasaplan.app.shell.window_parts import make_workbench
from lhasaplan.app.tools import TOOLS
from lhasaplan.app.tools.candidates import CandidatesPanel
from lhasaplan.app.tools.declaring import UnknownUsePanel
from lhasaplan.app.tools.overpass import GivingBack, QueryDialog
from lhasaplan.app.tools.picture import PicturePanel
from lhasaplan.app.tools.who_sees import WhoSeesPanel
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.records.osm_changes import CameraWords, OsmNode, change_of


@pytest.fixture
def bench(qapp, monkeypatch):
    context = stand_in(FakeContext(), monkeypatch)
    made = make_workbench(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    made.session.open(town(), None)
    made.session.set_assessment(assessment_of(made.session.project, context.gate), made.session.project)
    made.session.select("known")
    yield made
    made.jobs.stop()
    made.canvas.stop()


PANELS = {
    "camera": lambda bench: CameraPanel(bench.session, bench.language, lambda _values, _gesture: None, bench.names),
    "notes": lambda bench: CameraNotes(bench.session, bench.language, bench.names, str, {}),
    "cures": lambda bench: MitigationsList(bench.session, bench.language),
    "effect": lambda bench: EffectLine(bench.sight.effect_changed, bench.language),
    "finding": lambda bench: FindingDetail(
        bench.session, bench.language, bench.names, FindingsSheet(bench.language, bench.names)
    ),
    "layers": lambda bench: LayersPanel(bench.session.shown, bench.language, GROUPS, lambda _key: []),
    "findings": lambda bench: FindingsPanel(bench.session, bench.language, bench.names),
    "masks": lambda bench: MaskEditor(bench.language),
    "necessity": lambda bench: NecessityBlock(bench.session, bench.language, bench.names),
    "part": lambda bench: PartDetail(bench.language, bench.names),
    "parts": lambda bench: PartsPanel(bench.session, bench.language, bench.names),
    "readout": lambda bench: Readout(bench.canvas, bench.session, bench.language, bench.city.lonlat),
    "results": lambda bench: ResultsBar(bench.session, bench.language),
    "start": lambda bench: StartCard(bench.canvas, bench.session, bench.language, dict.fromkeys(dict(STEPS), lambda: None)),
    "selected": lambda bench: SelectedPanel(bench.session, bench.language),
    "summary": lambda bench: SummaryPanel(bench.session, bench.language),
    "candidates": lambda bench: CandidatesPanel(bench.language, bench.names, bench.session.preferences),
    "unknown_use": lambda bench: UnknownUsePanel(bench.language, bench.session.preferences),
    "picture": lambda bench: PicturePanel(bench.language),
    "who_sees": lambda bench: WhoSeesPanel(bench.names, bench.language, lambda _text: ()),
}


@pytest.mark.parametrize("key", PANELS)
def test_that_a_panel_can_be_shown_alone_and_follows_state_and_language(qtbot, bench, key):
    panel = PANELS[key](bench)
    qtbot.addWidget(bench.canvas if key == "start" else panel)
    panel.show()
    bench.language.use("fr")
    bench.session.select("bare")
    bench.session.open(town(), None)
    bench.session.select("")
    assert not panel.grab().isNull()


def test_that_every_tool_can_be_made_at_a_workbench_without_a_window(qtbot, bench):
    commands = make_commands(bench)
    tools = [make(bench, commands) for make in TOOLS]
    panels = [panel for tool in tools for panel in tool.panels]
    for panel in panels:
        qtbot.addWidget(panel.widget)
    assert len({tool.key for tool in tools}) == len(tools)
    assert len({panel.key for panel in panels}) == len(panels) == 23


def test_that_commands_work_without_a_window(bench):
    commands = make_commands(bench)
    commands.editing.correct({"range_m": 55.0})
    assert bench.session.selected.range_m == 55.0
    commands.editing.undo()
    assert bench.session.selected.range_m == 30.0
    bench.session.selection.choose("bare", "known")
    commands.editing.remove()
    assert [str(camera.status) for camera in bench.session.project.cameras] == ["removed", "removed"]
    commands.editing.undo()  # both in one step
    assert [str(camera.status) for camera in bench.session.project.cameras] == ["operating", "operating"]


def test_that_links_of_a_record_are_text_and_opened_by_a_click_alone(qtbot, bench, monkeypatch):
    opened = []
    monkeypatch.setattr(selected.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    extra = {"mapillary": "12&3", "image": "javascript:alert(1)", "check_date": "<b>2026</b>", "website": "https://example.org/a"}
    forms = {"mapillary": "https://www.mapillary.com/app/?pKey={value}", "image": "{value}", "website": "{value}"}
    project = bench.session.project
    cameras = tuple(replace(each, extra=extra) if each.camera_id == "known" else each for each in project.cameras)
    bench.session.open(replace(project, cameras=cameras), None)
    bench.session.select("known")
    besides = selected.RecordedBesides(bench.session, bench.language, forms)
    qtbot.addWidget(besides)
    assert besides.text.textFormat() is Qt.TextFormat.PlainText
    assert besides.text.text().splitlines()[1:] == [f"{key}: {extra[key]}" for key in sorted(extra)]
    assert [button.text() for button in besides.links] == ["Open mapillary in the browser", "Open website in the browser"]
    assert opened == []
    besides.links[0].click()
    assert opened == ["https://www.mapillary.com/app/?pKey=12%263"]
    bench.session.select("bare")
    assert besides.links == []


@pytest.mark.parametrize(
    "value", ["file:///etc/passwd", "ftp://example.org", "https://u:p@example.org/", "https://[x", "a b", ""]
)
def test_that_what_is_no_address_of_the_web_has_no_button(value):
    assert selected.address_of("website", value, {"website": "{value}"}) == ""
    assert selected.address_of("other", "https://example.org", {"website": "{value}"}) == ""


def test_that_a_query_is_shown_for_the_project_and_copied(qtbot, bench):
    dialog = QueryDialog(bench)
    qtbot.addWidget(dialog)
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == workflow.overpass_query(workflow.overpass_box(bench.session.project))
    dialog.box.setText("1,2,3")
    assert "no rectangle" in dialog.text.toPlainText()
    assert not dialog.copy.isEnabled()


def test_that_corrections_are_shown_before_they_are_written(qtbot, bench, tmp_path, monkeypatch):
    node = OsmNode(7, 3, 24.94, 60.17, {"direction": "90"}, Camera("node/7", 0.0, 0.0, azimuth_deg=90.0))
    change = change_of(Camera("node/7", 0.0, 0.0, azimuth_deg=180.0), node, CameraWords())
    asked = []
    monkeypatch.setattr(workflow, "osm_changes", lambda _services, _project, extract: asked.append(extract) or found)
    shown = []
    monkeypatch.setattr(FakeDialogs, "ask_osm_file", lambda _self, lines: shown.extend(lines) or wish, raising=False)
    giving, file = GivingBack(bench), tmp_path / "fix.osc"
    found, wish = workflow.OsmChanges((change,), 0), None
    giving.begin()  # no extract is chosen
    assert asked == []
    bench.dialogs.answer["ask_extract"] = tmp_path / "town.osm.pbf"
    giving.begin()  # the person thinks better of it
    qtbot.waitUntil(lambda: shown == ["node/7 · direction: 90 → 180"])
    assert not file.exists()
    wish = file, "As surveyed"
    giving.begin()
    qtbot.waitUntil(file.exists)
    assert '<tag k="direction" v="180"/>' in file.read_text("utf-8")


def test_that_the_cards_of_thousands_of_findings_are_laid_out_without_asking_python_for_each(qtbot, bench, monkeypatch):
    asked, counted = [], FindingsSheet.rowCount
    monkeypatch.setattr(FindingsSheet, "rowCount", lambda sheet, parent=None: asked.append(sheet) or counted(sheet, parent))
    panel = FindingsPanel(bench.session, bench.language, bench.names)
    qtbot.addWidget(panel)
    panel.resize(1200, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    finding = bench.session.assessment.findings[0]
    asked.clear()
    panel.model.set_rows([replace(finding, finding_id=f"f-{number}") for number in range(2000)])
    last = panel.cards.model().index(1999, 0)
    assert panel.cards.visualRect(last).top() > 1999 * panel.cards.visualRect(last).height() - 600
    assert len(asked) < 500
