"""The three workspaces: which panels stand in each, when they come, and that what a person closes or arranges stays so."""

from dataclasses import replace
from pathlib import Path

import pytest
from amounts import some_by_day
from gui_looks import at_rest
from gui_town import TODAY, FakeContext, FakeDialogs, assessment_of, stand_in, town
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from lhasaplan.app.commands.opening import DISCARD, FOUND, RECOVER
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow, recall, remember
from lhasaplan.app.shell.workspaces import PANELS, Workspace, Workspaces
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Bookmark
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.results.finding import MitigationAction
from lhasaplan.report.facts.necessity import was_tried

CONTROLLER = Mandate(controller="City of Example")


@pytest.fixture
def empty(qtbot, monkeypatch):
    context = stand_in(FakeContext(), monkeypatch)
    made = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(window):
    """The panels that are not closed, in front or behind others."""
    return {key for key, dock in window.docks.docks.items() if not dock.isHidden()}


def audited(qtbot, window):
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()


def test_that_an_empty_window_shows_the_first_card_and_nothing_else(empty):
    assert empty.start.isVisible()
    assert not shown(empty)
    assert not empty.toolbar.isVisible()
    empty.commands.opening.take(town(), None)
    assert shown(empty) == {"layers", "summary", "selected", "cameras"}
    assert empty.toolbar.isVisible()
    assert not empty.start.isVisible()


def test_that_findings_come_forward_with_results_and_go_with_the_project(qtbot, window):
    assert "findings" not in shown(window)
    audited(qtbot, window)
    qtbot.waitUntil(lambda: "findings" in window.docks.in_front)
    assert shown(window) == {"layers", "summary", "selected", "cameras", "findings", "unknown_use"}
    window.commands.opening.take(town(), None)
    assert "findings" not in shown(window)


@pytest.mark.parametrize(
    ("packs", "mandate", "work"),
    [
        (("eu-gdpr",), None, Workspace.AUDIT),
        (("eu-gdpr",), CONTROLLER, Workspace.PLAN),
        (("eu-gdpr", "cn-limits"), CONTROLLER, Workspace.AUDIT),  # rules of which one never plans
        (("municipal-safety",), CONTROLLER, Workspace.AUDIT),  # duties alone
    ],
)
def test_that_what_a_project_is_chooses_the_workspace(window, packs, mandate, work):
    window.commands.opening.take(replace(town(), packs=packs, mandate=mandate), None)
    assert window.workspaces.work is work
    assert window.menus[f"work_{work}"].isChecked()
    assert [each for each, button in window.toolbar.works.items() if button.isChecked()] == [work]
    assert [each for each, button in window.toolbar.works.items() if button.font().bold()] == [work]


def test_that_the_rules_are_read_once_however_often_the_project_is_edited(window):
    read = []
    Workspaces(window, window.session, window.docks, lambda packs: read.append(packs) or True)
    window.commands.opening.take(replace(town(), mandate=CONTROLLER), None)
    for name in "abc":
        window.session.edit("Name", lambda project, name=name: replace(project, name=name))
    assert read == [("eu-gdpr",)]


def test_that_a_workspace_chosen_by_hand_stays_until_another_project_comes(window):
    window.menus["work_present"].trigger()
    window.session.edit("Fill in", lambda project: replace(project, mandate=CONTROLLER))
    assert window.workspaces.work is Workspace.PRESENT
    window.menus["undo"].trigger()
    assert window.workspaces.work is Workspace.PRESENT
    window.commands.opening.take(town(), None)
    assert window.workspaces.work is Workspace.AUDIT


def test_that_what_may_be_planned_stays_shown_until_the_next_check_says_otherwise(qtbot, window):
    audited(qtbot, window)
    window.session.set_gate(Gate(open=True))
    window.menus["work_plan"].trigger()
    assert "candidates" in shown(window)
    window.session.edit("Draw", lambda project: replace(project, layers=dict(project.layers)))
    assert window.session.gate is None  # not judged anew yet
    assert "candidates" in shown(window)
    audited(qtbot, window)
    assert "candidates" not in shown(window)


def test_that_where_nothing_is_found_a_check_leads_to_the_candidates(qtbot, window, context):
    context.gate = Gate(open=True)
    analysing, project, brought = window.commands.analysing, window.session.project, []
    window.session.attention.panel_wished.connect(brought.append)
    found = replace(assessment_of(project, context.gate), findings=(), parts=())
    analysing._take(project, found)
    analysing._take(project, replace(found, gate=Gate(open=False)))
    analysing._take(project, assessment_of(project, context.gate))
    assert brought == ["candidates", "findings", "findings"]


def test_that_the_export_of_a_plan_is_asked_as_one_and_that_of_an_audit_is_not(qtbot, window):
    asked = []
    window.bench.dialogs.ask_export = lambda **how: asked.append(how["is_plan"])
    audited(qtbot, window)
    for work in ("audit", "plan", "present"):
        window.menus[f"work_{work}"].trigger()
        window.commands.exporting.export()
    assert asked == [False, True, False]  # presented is what the project is, and this one has no mandate


def test_that_the_mandate_stays_while_it_is_filled_in_and_does_not_come_to_a_project_that_has_one(window):
    window.menus["work_plan"].trigger()
    assert "mandate" in shown(window)
    window.session.edit("Fill in", lambda project: replace(project, mandate=CONTROLLER))
    assert window.session.gate is None  # nobody judged it anew
    assert "mandate" in shown(window)
    window.commands.opening.take(replace(town(), mandate=CONTROLLER), None)
    assert window.workspaces.work is Workspace.PLAN
    assert "mandate" not in shown(window)


def test_that_each_workspace_has_the_panels_of_its_work_alone(qtbot, window):
    audited(qtbot, window)
    for work in Workspace:
        window.menus[f"work_{work}"].trigger()
        assert shown(window) <= {key for key, row in PANELS.items() if work in row.works}
    assert shown(window) == {"layers", "summary", "selected"}  # to present: the map has the room


def test_that_bookmarks_come_with_the_first_one_and_go_with_the_last(window):
    window.bench.bookmarks.add(Bookmark("square", 1.0, 2.0, 100.0))
    assert "bookmarks" in shown(window)
    assert "layers" in window.docks.in_front  # it comes behind what is looked at
    window.menus["undo"].trigger()
    assert "bookmarks" not in shown(window)


def test_that_what_is_closed_and_called_in_a_workspace_is_so_again_after_another_one(window):
    window.docks.close("layers")
    window.docks.bring("lens_calculator")
    window.menus["work_plan"].trigger()
    assert "layers" in shown(window)
    assert "lens_calculator" not in shown(window)
    window.menus["work_audit"].trigger()
    assert "layers" not in shown(window)
    assert "lens_calculator" in shown(window)


def test_that_the_panels_of_each_workspace_are_remembered_from_day_to_day(window, tmp_path):
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.docks.close("layers")
    window.menus["work_plan"].trigger()
    window.docks.close("summary")
    remember(window, kept)
    window.docks.bring("summary")
    window.menus["work_audit"].trigger()
    window.docks.bring("layers")
    recall(window, kept)
    assert "layers" not in shown(window)
    window.menus["work_plan"].trigger()
    assert "summary" not in shown(window)
    assert "layers" in shown(window)


def test_that_a_meeting_leaves_the_panels_as_they_were(qtbot, window):
    audited(qtbot, window)
    before = shown(window)
    window.menus["meeting"].trigger()
    assert not shown(window)
    window.session.assessment_changed.emit()  # as work that ends meanwhile
    assert not shown(window)
    window.menus["meeting"].trigger()
    qtbot.waitUntil(lambda: shown(window) == before)


def test_that_choosing_a_camera_leaves_the_map_as_large_as_it_was(qtbot, window):
    before = at_rest(qtbot, lambda: window.canvas.size().toTuple())
    window.session.select("known")
    window.session.select("bare")
    assert at_rest(qtbot, lambda: window.canvas.size().toTuple()) == before


def test_that_the_panel_at_the_right_turns_to_what_was_chosen(qtbot, window):
    panel = window.docks.panels["selected"]
    audited(qtbot, window)
    window.session.select("known")
    assert panel.current == "camera"
    finding = window.session.assessment.findings[0]
    window.docks.panels["findings"].cards.picked.emit(finding)
    assert panel.current == "finding"
    assert window.docks.panels["findings"].detail.finding is finding
    window.tools["who_sees"].commands.ask(50.0, 30.0)
    assert panel.current == "who_sees"
    assert "picture" not in window.docks.in_front
    window.docks.bring("picture")
    assert panel.current == "camera"
    assert "picture" in window.docks.in_front


def test_that_a_card_leads_the_map_to_its_finding_and_lights_the_wall(qtbot, window):
    audited(qtbot, window)
    cards = window.docks.panels["findings"].cards
    qtbot.waitUntil(cards.isVisible)
    index = cards.model().index(0, 0)
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=cards.visualRect(index).center())
    gravest = window.docks.panels["findings"].model.shown_rows[0]
    assert window.commands.looking.finding is gravest
    assert window.session.selected_id == gravest.camera_id
    assert window.docks.panels["findings"].table.chosen_rows == (gravest,)
    assert window.canvas.marks.highlight is gravest.geometry


def test_that_the_card_of_a_camera_that_is_chosen_on_the_map_is_brought_into_view(qtbot, window):
    audited(qtbot, window)
    panel = window.docks.panels["findings"]
    cards, sheet = panel.cards, panel.model
    qtbot.waitUntil(cards.isVisible)
    row = next(row for row, finding in enumerate(sheet.shown_rows) if finding.camera_id == "bare")
    cards.setFixedHeight(
        cards.visualRect(cards.model().index(0, 0)).height()
    )  # of the list as high as one card only that is seen
    other = next(finding for finding in sheet.shown_rows if finding.camera_id == "known")
    panel.table.choose_rows([other.finding_id])
    cards.scrollTo(cards.model().index(0 if row else len(sheet.shown_rows) - 1, 0))
    window.session.select("bare")
    qtbot.waitUntil(lambda: cards.viewport().rect().contains(cards.visualRect(cards.model().index(row, 0)).center()))


def test_that_cards_stand_in_the_order_of_gravity_and_are_written_in_the_language(qtbot, window):
    audited(qtbot, window)
    sheet = window.docks.panels["findings"].model
    ranks = [{"error": 0, "due": 1, "note": 2}[finding.severity] for finding in sheet.shown_rows]
    assert ranks == sorted(ranks)
    tried = next(each for each in sheet.shown_rows if each.mitigation is not None and was_tried(each.mitigation))
    english = sheet.card_of(tried)
    window.menus["language_de"].trigger()
    german = sheet.card_of(tried)
    assert all(one != other for one, other in zip(english, german, strict=True))


def test_that_a_remedy_that_was_only_named_promises_nothing(qtbot, window):
    audited(qtbot, window)
    sheet = window.docks.panels["findings"].model
    tried = next(each for each in sheet.shown_rows if each.mitigation is not None and was_tried(each.mitigation))
    assert "this finding ends" in sheet.card_of(tried).change
    asked = replace(tried, mitigation=replace(tried.mitigation, action=MitigationAction.ASK, alternatives=None))
    assert sheet.card_of(asked).remedy
    assert sheet.card_of(asked).change == ""


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"de"}))
def test_that_every_workspace_fits_a_screen_of_1280_pixels(qtbot, window, code):
    window.menus[f"language_{code}"].trigger()
    audited(qtbot, window)
    window.session.select("known")
    for work in Workspace:
        window.menus[f"work_{work}"].trigger()
        assert at_rest(qtbot, lambda: window.minimumSizeHint().width()) <= 1270


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"de"}))
def test_that_on_a_low_screen_unsaved_work_is_offered_above_the_first_card_and_neither_is_cut(qtbot, empty, code):
    empty.menus[f"language_{code}"].trigger()
    empty.resize(1280, 700)
    found = {"name": "a town with a long name.gpkg", "written": "2026-11-24 17:30"}
    empty.bench.notices.note(FOUND, stays=True, actions=((RECOVER, lambda: None), (DISCARD, lambda: None)), **found)

    def is_laid_out():
        labels = (empty.strip.text, empty.start.title, empty.start.text, empty.start.drop)
        is_whole = all(label.height() >= label.heightForWidth(label.width()) for label in labels)
        return is_whole and empty.start.geometry().top() > empty.strip.geometry().bottom()

    qtbot.waitUntil(is_laid_out)
    assert empty.canvas.rect().contains(empty.start.geometry())


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"de"}))
def test_that_no_tab_at_the_left_is_cut_with_bookmarks_among_them(qtbot, window, code):
    window.menus[f"language_{code}"].trigger()
    window.bench.bookmarks.add(Bookmark("square", 1.0, 2.0, 100.0))

    def left_bar():
        wanted = window.docks.docks["layers"].windowTitle()
        bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return next(bar for bar in bars if wanted in {bar.tabText(tab) for tab in range(bar.count())})

    qtbot.waitUntil(lambda: left_bar().count() == 3)
    width = at_rest(qtbot, lambda: left_bar().width())
    assert sum(left_bar().tabRect(tab).width() for tab in range(3)) <= width


@pytest.mark.parametrize("size_px", [(1280, 700), (1280, 720)])
def test_that_the_map_has_a_quarter_of_a_small_window_at_first(qtbot, empty, size_px):
    empty.resize(*size_px)
    empty.commands.opening.open_address(Path("town.gpkg"))
    qtbot.waitUntil(empty.docks.docks["selected"].isVisible)
    width, height = at_rest(qtbot, lambda: (empty.canvas.width(), empty.canvas.height()))
    assert width * height >= 1 / 4 * size_px[0] * size_px[1]


def test_that_the_answer_about_a_spot_goes_with_its_project(qtbot, window):
    window.session.attention.bring("why_not_seen")
    assert "why_not_seen" in shown(window)
    window.commands.opening.open_address(Path("other.gpkg"))
    qtbot.waitUntil(lambda: "why_not_seen" not in shown(window))
    qtbot.waitUntil(lambda: "selected" in shown(window))
