"""Parts in the window: judged behind the gate, with what would serve them; empty outside it. Real services, a made-up town."""

from dataclasses import replace

import pytest
import samples
from amounts import some_by_day
from gui_town import FakeDialogs
from PySide6.QtCore import Qt

from lhasaplan import bootstrap, workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.panels.parts import OPTION_ROLE
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import inventory, with_plan
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Author
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.facts.part_options import service_lines
from lhasaplan.report.facts.tables import part_table

BRIDGE = "municipal-safety:bridge:way/2/1"


@pytest.fixture(scope="module")
def checked():
    """The fictitious town with the answers of its check."""
    return samples.sample("hilltown"), samples.checked()


@pytest.fixture
def window(qtbot, checked):
    project, answers = checked
    made = MainWindow(AppContext(), Language(load_translations), "2026-11-25", FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.show()
    made.commands.opening.take(project, None)
    qtbot.waitUntil(lambda: made.bench.sight.city is not None, timeout=20_000)
    made.session.set_assessment(answers, project)
    return made


def choose(window, part_id):
    kept = window.docks.panels["parts"].filter
    row = next(r for r in range(kept.rowCount()) if kept.index(r, 0).data(ROW_ROLE).part.part_id == part_id)
    window.docks.panels["parts"].table.selectRow(row)


def without_mandate(window):
    window.session.edit("Import", lambda project: replace(project, mandate=None))


def test_that_every_part_stands_with_the_verdicts_of_the_drafts(window, checked):
    table = part_table(checked[1], load_translations("en"))
    kept = window.docks.panels["parts"].filter
    shown = {(kept.index(r, 0).data(), kept.index(r, 2).data(), kept.index(r, 3).data()) for r in range(kept.rowCount())}
    columns = {column.key: column for column in table.columns}
    texts = [
        [columns[k].text(v, load_translations("en")) for v in table.column(k)] for k in ("label", "verdict", "verdict_after")
    ]
    assert shown == set(zip(*texts, strict=True))
    assert len(shown) == 14


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_shares_are_sorted_as_numbers(window):
    window.docks.panels["parts"].table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    kept = window.docks.panels["parts"].filter
    shares = [kept.index(r, 4).data(ROW_ROLE).measured.share_served for r in range(kept.rowCount())]
    assert shares == sorted(shares)


def test_that_a_chosen_part_says_what_shows_it_what_hides_it_and_what_would_serve_it(qtbot, window, checked):
    choose(window, BRIDGE)
    result = next(r for r in checked[1].parts if r.part.part_id == BRIDGE)
    detail = window.docks.panels["parts"].detail
    qtbot.waitUntil(lambda: "Shown by: Bridge north head:" in detail.text.text())
    assert "HT-03" not in detail.text.text()
    assert "in the blind zone at the mount (1)" in detail.text.text()
    lines = [detail.options.item(k).text().split("\n")[0] for k in range(detail.options.count())]
    assert lines == service_lines(result, load_translations("en"), window.bench.names.thing)
    assert window.canvas.marks.highlight is result.part.geometry


def test_that_a_chosen_part_has_a_chart_of_what_serves_it_against_what_that_shows(qtbot, window, checked):
    choose(window, BRIDGE)
    result = next(r for r in checked[1].parts if r.part.part_id == BRIDGE)
    beside = {each.placed.camera.camera_id: each.unasked_m2 for each in checked[1].cameras}
    today = sorted(((view.share_served, beside[view.camera_id]) for view in result.views), reverse=True)
    then = [(option.share_after, option.unasked_after_m2) for option in result.service]
    chart = window.docks.panels["parts"].detail.chart
    assert [(row.share, row.unasked_m2) for row in chart.rows] == [*today, *then][:8]
    qtbot.waitUntil(lambda: chart.accessibleDescription().startswith("Bridge north head: serves "))


def test_that_no_identifier_stands_where_a_part_is_not_seen_because_of_a_building(qtbot, window, checked):
    project, answers = checked
    first, ids = answers.parts[0], [str(each) for each in project.layers["buildings"].ids[:2]]
    hidden = replace(first, blockers=((ids[0], 3), (ids[1], 2)), blocker_kinds=dict.fromkeys(ids, "building"))
    window.session.set_assessment(replace(answers, parts=(hidden, *answers.parts[1:])), project)
    model = window.docks.panels["parts"].model
    qtbot.waitUntil(lambda: all(window.bench.names.thing(each) != each for each in ids))
    column = [each.key for each in model.columns].index("blockers")
    said = [str(model.index(row, column).data()) for row in range(model.rowCount())]
    assert not [text for text in said if any(each in text for each in ids)]
    assert any("Building, " in text for text in said)


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_a_part_that_nothing_tried_would_serve_says_so(window):
    choose(window, "municipal-safety:emergency_bay:node/584/1")
    assert "24 changes were computed, and none would serve it" in window.docks.panels["parts"].detail.serves.text()
    assert window.docks.panels["parts"].detail.options.count() == 0


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_a_part_that_is_met_asks_for_nothing(window):
    choose(window, "municipal-safety:junction:node/4/1")
    assert not window.docks.panels["parts"].detail.serves.isVisible()


def click_first_option(qtbot, window):
    choose(window, BRIDGE)
    window.docks.docks["parts"].raise_()
    options = window.docks.panels["parts"].detail.options
    at = options.visualItemRect(options.item(0)).center()
    qtbot.mouseClick(options.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: window.canvas.marks.proposal is not None, timeout=20_000)
    return options.item(0).data(OPTION_ROLE).as_changed


def test_that_a_click_on_a_change_shows_it_on_the_map_and_changes_nothing(qtbot, window):
    project = window.session.project
    camera = click_first_option(qtbot, window)
    assert window.canvas.marks.proposal.seen.placed.camera is camera
    assert window.session.project is project
    assert not window.session.is_dirty


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_a_change_leaves_the_map_when_something_else_is_looked_at(qtbot, window):
    click_first_option(qtbot, window)
    window.session.select("HT-03")
    assert window.canvas.marks.proposal is None


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_parts_are_searched_in_every_column(window):
    window.docks.panels["parts"].search.setText("HT-04")
    assert window.docks.panels["parts"].filter.rowCount() == 1


def test_that_without_a_check_no_part_is_listed_and_the_way_to_one_is_said(window, checked):
    window.session.set_assessment(replace(checked[1], parts=None), checked[0])
    assert window.docks.panels["parts"].model.rowCount() == 0
    assert "The check judges parts" in window.docks.panels["parts"].hint.text()


def test_that_outside_the_gate_no_part_is_listed_and_what_is_missing_is_said(window, checked):
    project = replace(checked[0], mandate=None)
    window.commands.opening.take(project, None)
    window.session.set_assessment(workflow.check(bootstrap.open_services(), project), project)
    assert window.docks.panels["parts"].model.rowCount() == 0
    assert "The gate is closed" in window.docks.panels["parts"].hint.text()
    assert "mandate" in window.docks.panels["parts"].hint.text()


def test_that_parts_go_when_the_mandate_goes_and_come_back_with_it(window):
    assert window.docks.panels["parts"].model.rowCount() == 14
    without_mandate(window)
    assert window.docks.panels["parts"].model.rowCount() == 0
    window.menus["undo"].trigger()
    assert window.docks.panels["parts"].model.rowCount() == 14


def test_that_nothing_is_proposed_on_the_map_once_the_gate_is_no_longer_judged(qtbot, window):
    choose(window, BRIDGE)
    part = window.docks.panels["parts"].detail._result
    without_mandate(window)
    window.commands.mitigating.show_option(part, part.service[0])
    assert not window.bench.jobs.is_busy("proposal")
    assert window.canvas.marks.proposal is None


def test_that_parts_are_called_stale_after_an_edit(window):
    assert window.docks.panels["parts"].hint.text() == ""
    window.session.edit("Change camera", edits.changed("HT-03", {"range_m": 55.0}, window.session.author))
    assert "changed after these results" in window.docks.panels["parts"].hint.text()


# By day one language: that no sentence lacks its translation is held without a window (tests/test_architecture.py).
@pytest.mark.parametrize("code", some_by_day(("fr", "zh_CN", "de"), {"de"}))
def test_that_parts_follow_a_switch_of_language(window, code):
    choose(window, "municipal-safety:emergency_bay:node/584/1")
    window.menus[f"language_{code}"].trigger()
    assert load_translations(code)("gap") in {window.docks.panels["parts"].filter.index(r, 2).data() for r in range(14)}
    assert "computed" not in window.docks.panels["parts"].detail.serves.text()


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_a_part_whose_data_are_missing_says_in_full_what_is_asked(window):
    choose(window, next(r.part.part_id for r in window.session.assessment.parts if r.verdict == "asked"))
    reported = window.docks.panels["parts"].detail.text.text().splitlines()
    assert reported[0].endswith(": data missing, asked")
    assert reported[1] == "No door is mapped: where is the entrance?"


def apply_first_option(qtbot, window):
    option = window.docks.panels["parts"].detail.options.item(0).data(OPTION_ROLE)
    click_first_option(qtbot, window)
    qtbot.mouseClick(window.docks.panels["parts"].detail.apply, Qt.MouseButton.LeftButton)
    return option


def test_that_a_change_is_applied_as_it_was_tried_out_and_taken_back_to_the_same_project(qtbot, window):
    before = window.session.project
    choose(window, BRIDGE)
    option = apply_first_option(qtbot, window)
    chosen, project = window.session.selected_id, window.session.project
    assert inventory(project) == inventory(before)  # what stands stays until the step is done
    planned = {camera.camera_id: camera for camera in with_plan(project)}
    assert replace(planned[chosen], camera_id="", source="", source_date="", corrections=()) == replace(
        option.as_changed, camera_id="", source="", source_date="", corrections=()
    )
    others = [camera for camera in planned.values() if camera.camera_id != chosen]
    assert others == [camera for camera in with_plan(before) if camera.camera_id != chosen]
    window.menus["undo"].trigger()
    assert window.session.project is before


@pytest.mark.nightly  # by day the table of parts here, and what it says without a window (test_report_evidence.py)
def test_that_no_second_change_is_applied_before_the_check_was_run_again(qtbot, window):
    choose(window, BRIDGE)
    apply_first_option(qtbot, window)
    detail = window.docks.panels["parts"].detail
    assert not detail.apply.isEnabled()
    assert "Run the check again" in detail.reason.text()


def test_that_a_new_camera_that_is_accepted_gets_an_id_that_no_camera_has():
    taken = Camera("planned-1", 0.0, 0.0, status=Status.PLANNED)
    option = Proposal((AddCamera(replace(taken, camera_id="proposed:p1", x_m=5.0)),), source=Source.PART_OPTION, about="p1")
    project = Project(cameras=(taken,))
    camera_id, edit = edits.accepted(project, option, Author("A. Example", "2026-05-01"))
    assert (camera_id, [each.camera_id for each in edit(project).cameras]) == ("planned-2", ["planned-1", "planned-2"])
    assert (edit(project).cameras[1].x_m, edit(project).cameras[1].source) == (5.0, "A. Example")
