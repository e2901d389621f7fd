"""Proposals in the window: options, bounds, trade-off, and taking over in one step. Real services, a made-up town."""

from dataclasses import replace

import pytest
import samples
from gui_town import FakeDialogs
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from lhasaplan import workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language, ink
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.plan import inventory, leaving, replacing
from lhasaplan.core.project.plan_step import Action
from lhasaplan.core.siting.robustness import doubts
from lhasaplan.io.content.catalogue import load_translations

REMOVE, BUDGET, ALL = 1, 3, 4  # rows of options


class KnownContext(AppContext):
    """Answers with what was worked out once for the town; else it is the context of the window."""

    def __init__(self, known):
        super().__init__()
        self.known, self.budgets, self.blocks = known, [], False

    def propose(self, _services, project, _requested, budget, progress):
        self.budgets.append(budget)
        progress(0.5, "siting")
        while self.blocks:
            progress(0.5, "siting")
        return self.known


@pytest.fixture(scope="module")
def town():
    return samples.sample("hilltown"), samples.checked(), samples.proposed()


@pytest.fixture
def window(qtbot, town, monkeypatch):
    project, answers, known = town
    context = KnownContext(known)
    monkeypatch.setattr(workflow, "propose", context.propose)
    made = MainWindow(context, Language(load_translations), "2026-11-25", FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.resize(1400, 900)
    made.show()
    made.commands.opening.take(project, None)
    qtbot.waitUntil(lambda: made.bench.sight.city is not None, timeout=20_000)
    made.session.set_assessment(answers, project)
    qtbot.waitUntil(lambda: made.bench.sight.is_complete, timeout=30_000)
    made.menus["siting"].trigger()
    return made


def panel(window):
    return window.docks.panels["siting"]


def proposed(qtbot, window):
    qtbot.mouseClick(panel(window).propose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel(window).model.rowCount() == 5)
    return panel(window)


def choose(qtbot, window, row):
    shown = panel(window)
    at = shown.options.visualRect(shown.model.index(row, 0)).center()
    qtbot.mouseClick(shown.options.viewport(), Qt.MouseButton.LeftButton, pos=at)
    return [shown.changes.topLevelItem(k) for k in range(shown.changes.topLevelItemCount())]


def settled(qtbot, window):
    qtbot.waitUntil(lambda: not any(map(window.bench.jobs.is_busy, ("versions", "taking"))), timeout=30_000)


def cells(shown, row):
    return [shown.model.index(row, column).data() for column in range(shown.model.columnCount())]


def test_that_options_stand_beside_each_other_with_the_figures_of_the_command_line(qtbot, window, town):
    shown, council = proposed(qtbot, window), town[2].council
    assert cells(shown, 0)[0] == "Nothing changes"
    for row, option in enumerate(town[2].options):
        figures = council.figures(option)
        assert cells(shown, row)[1] == str(int(figures["cameras"]))
        assert cells(shown, row)[2] == f"{int(figures['parts_met'])}/{int(figures['parts'])}"
        assert float(cells(shown, row)[4].replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "")) == round(
            figures["unasked_m2"]
        )


def test_that_the_budget_of_the_box_is_asked_for(qtbot, window):
    panel(window).budget.setFocus()
    panel(window).budget.selectAll()
    qtbot.keyClicks(panel(window).budget, "2")
    proposed(qtbot, window)
    assert window.bench.context.budgets == [2]


def test_that_outside_the_gate_it_is_said_what_is_missing_and_nothing_is_worked_out(qtbot, window, town):
    gate = replace(town[1].gate, open=False, missing=(("There is no mandate.", {}),))
    window.session.set_gate(gate)
    qtbot.mouseClick(panel(window).propose, Qt.MouseButton.LeftButton)
    assert window.bench.dialogs.reported[-1][1][-1] == "There is no mandate."
    assert window.bench.context.budgets == []


def test_that_work_shows_how_far_it_is_and_can_be_stopped(qtbot, window):
    window.bench.context.blocks = True
    shown = panel(window)
    qtbot.mouseClick(shown.propose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.bar.value() == 500)
    assert not shown.propose.isEnabled()
    qtbot.mouseClick(shown.cancel, Qt.MouseButton.LeftButton)
    assert shown.propose.isEnabled()
    assert shown.cancel.isHidden()
    assert shown.model.rowCount() == 0


def test_that_an_option_says_what_it_changes_why_and_its_bound_and_lies_on_the_map(qtbot, window, town):
    shown = proposed(qtbot, window)
    items = choose(qtbot, window, BUDGET)
    option = town[2].options[BUDGET]
    selected = window.docks.panels["selected"]
    assert selected.current == "option"  # in the panel at the right, and the table has the whole width
    assert tuple(item.data(0, Qt.ItemDataRole.UserRole) for item in items) == option.proposal.camera_ids
    assert all("serves " in item.text(2) and " m² that nobody asks for" in item.text(2) for item in items)
    assert "computed plan" in shown.bounds.text()
    assert shown.reported.text().startswith("Changes existing cameras and adds at most")
    versioning, compared = window.tools["versions"].commands
    qtbot.waitUntil(lambda: versioning.shown is not None, timeout=30_000)
    most = option.allowance.most_new
    assert [sheet.name for sheet in compared.sheets] == ["Now", f"Changes, and new cameras: {most} at most"]
    window.menus["language_de"].trigger()
    assert [sheet.name for sheet in compared.sheets] == ["Jetzt", f"Änderungen, und neue Kameras: höchstens {most}"]
    window.menus["language_en"].trigger()
    assert shown.isVisible()
    choose(qtbot, window, 0)
    assert compared.sheets is None
    assert "This option changes nothing." in shown.bounds.text()
    shown.show_found(None)
    assert selected.current == "camera"


def test_that_what_is_ticked_is_taken_over_in_one_step(qtbot, window):
    before = window.session.project
    proposed(qtbot, window)
    items = choose(qtbot, window, REMOVE)
    kept = items[0].data(0, Qt.ItemDataRole.UserRole)
    items[0].setCheckState(0, Qt.CheckState.Unchecked)
    gone = panel(window).ticked
    assert kept not in gone
    qtbot.mouseClick(panel(window).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.project is not before, timeout=30_000)
    project = window.session.project
    assert {step.camera_id for step in project.plan if step.action is Action.REMOVE} == set(gone)
    assert inventory(project) == inventory(before)
    assert kept not in leaving(project)
    assert str(window.session.project.journal[-1].event.proposal.source) == "siting"
    window.menus["undo"].trigger()
    assert (window.session.project.cameras, window.session.project.plan) == (before.cameras, before.plan)
    settled(qtbot, window)


def test_that_new_cameras_are_taken_over_as_plans_with_ids_of_their_own(qtbot, window):
    before = {camera.camera_id for camera in window.session.project.cameras}
    proposed(qtbot, window)
    choose(qtbot, window, BUDGET)
    qtbot.mouseClick(panel(window).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.session.project.cameras) > len(before), timeout=30_000)
    new = [camera for camera in window.session.project.cameras if camera.camera_id not in before]
    states = replacing(window.session.project)
    assert all(camera.status is Status.PLANNED for camera in new)
    assert all(camera.camera_id.startswith("planned-") for camera in new if camera.camera_id not in states)
    assert {states[camera.camera_id] for camera in new if camera.camera_id in states} <= before
    settled(qtbot, window)


@pytest.mark.nightly  # by day options are listed, chosen and taken over here
def test_that_proposals_grow_old_with_an_edit_and_young_again_with_its_undoing(qtbot, window):
    shown = proposed(qtbot, window)
    choose(qtbot, window, REMOVE)
    settled(qtbot, window)
    camera = window.session.project.cameras[0]
    window.session.edit("Turn camera", edits.turned(camera.camera_id, 10.0, window.session.author))
    assert not shown.options.isEnabled()
    assert not shown.tabs.isEnabled()
    assert "changed after these proposals" in shown.reported.text()
    assert not shown.take.isEnabled()
    window.menus["undo"].trigger()
    assert shown.options.isEnabled()
    settled(qtbot, window)


def test_that_the_chosen_option_is_drawn_beside_the_others_by_what_it_serves_and_shows(qtbot, window):
    shown = proposed(qtbot, window)
    choose(qtbot, window, REMOVE)
    rows = shown.compared.rows
    assert [row.is_chosen for row in rows] == [False, True, False, False, False]
    assert [(row.share, row.unasked_m2) for row in rows] == [
        (each.figures["reached"], each.figures["unasked_m2"]) for each in shown._found.options
    ]


@pytest.mark.nightly  # by day options are listed, chosen and taken over here
def test_that_the_trade_off_is_drawn_and_told_in_words_with_its_knee(qtbot, window, town):
    shown = proposed(qtbot, window)
    lines = shown.chart.accessibleDescription().split("\n")
    assert len(lines) == len(town[2].curve) > 2
    assert [line.endswith("(knee)") for line in lines] == [each.is_knee for each in town[2].curve]
    assert lines[0].startswith("0 new cameras: ")
    shown.chart.resize(300, 170)
    assert _has(shown.chart.grab().toImage(), ink("good"))


@pytest.mark.nightly  # by day what is drawn in the dark has colours that can be told (test_gui_colours.py)
def test_that_in_the_dark_the_chart_is_light_on_dark(qtbot, window):
    shown = proposed(qtbot, window)
    dark = QPalette()
    dark.setColor(QPalette.ColorRole.Window, QColor("#202020"))
    dark.setColor(QPalette.ColorRole.WindowText, QColor("#eeeeee"))
    shown.chart.setPalette(dark)
    assert _has(shown.chart.grab().toImage(), QColor("#eeeeee"))


@pytest.mark.nightly  # by day no sentence lacks its translation (tests/test_architecture.py), and other panels follow a switch
def test_that_the_panel_speaks_french_and_chinese(qtbot, window):
    shown = proposed(qtbot, window)
    choose(qtbot, window, REMOVE)
    for code, word in (("fr", "Proposer"), ("zh_CN", "提出方案")):
        window.menus[f"language_{code}"].trigger()
        assert shown.propose.text() == word
    assert "新增摄像机" in shown.chart.accessibleDescription()
    settled(qtbot, window)


@pytest.mark.nightly  # by day options are listed, chosen and taken over here
def test_that_in_a_narrow_window_no_figure_of_an_option_is_cut(qtbot, window):
    shown = proposed(qtbot, window)
    window.resize(1280, 800)
    for code in ("en", "de", "fr", "zh_CN"):
        window.menus[f"language_{code}"].trigger()
        qtbot.waitUntil(lambda: shown.options.horizontalScrollBar().maximum() == 0)
        columns = range(1, shown.model.columnCount())
        assert all(shown.options.columnWidth(each) >= shown.options.sizeHintForColumn(each) for each in columns)
        heads = shown.options.horizontalHeader()
        assert all(shown.options.columnWidth(each) >= heads.sectionSizeHint(each) for each in columns)


@pytest.mark.nightly  # by day options are listed, chosen and taken over here
def test_that_the_words_of_what_an_option_changes_are_wrapped_and_not_cut(qtbot, window):
    changes = proposed(qtbot, window).changes
    choose(qtbot, window, REMOVE)
    changes.header().setStretchLastSection(False)  # or it takes all room again once the panel is laid out
    changes.header().resizeSection(2, 40)  # room for one of its words in a line
    lines = 3 * changes.fontMetrics().height()
    qtbot.waitUntil(lambda: changes.visualItemRect(changes.topLevelItem(0)).height() >= lines)
    settled(qtbot, window)


def test_that_an_option_says_how_sure_it_is_in_plain_words(qtbot, window, town):
    shown, option = proposed(qtbot, window), town[2].options[ALL]
    for row in (REMOVE, BUDGET, ALL):
        choose(qtbot, window, row)
    assert "Checking what depends" in shown.bounds.text()
    qtbot.waitUntil(lambda: "Checking what" not in shown.bounds.text() and "proposed-" not in shown.bounds.text(), timeout=60_000)
    council = town[2].council
    others = {key for keys in council.changed_by_weights(option).values() for key in keys}
    assert (" counted double, " in shown.bounds.text()) == bool(others)
    assert ("is served by" in shown.bounds.text()) == bool(doubts(council, option).intervals)
    assert "(new)" in shown.bounds.text()
    window.menus["language_de"].trigger()
    assert "doppelt" in shown.bounds.text()
    choose(qtbot, window, BUDGET)  # that waited while others were chosen
    qtbot.waitUntil(lambda: "von Annahmen abhängt" not in shown.bounds.text(), timeout=60_000)
    settled(qtbot, window)


@pytest.mark.nightly  # by day options are listed, chosen and taken over here
def test_that_another_project_takes_the_proposals_away(qtbot, window):
    shown = proposed(qtbot, window)
    window.session.history.setClean()
    window.commands.opening.take(window.session.project, None)
    assert shown.model.rowCount() == 0
    assert shown.chart.accessibleDescription() == "No trade-off yet."


def _has(image, colour):
    return any(image.pixelColor(x, y) == colour for x in range(image.width()) for y in range(image.height()))
