"""Deciding about candidates in the window: the real use cases, gate and guard, over the shipped fictitious town."""

import pytest
import samples
from gui_town import FakeDialogs
from PySide6.QtCore import Qt

from lhasaplan import bootstrap, workflow
from lhasaplan.app.dialogs.decisions import Decision
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow

TODAY = "2026-11-25"
WHY = Decision("many fell here", "A. Example", "safety at crossings", "a warning light was tried")


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = bootstrap.open_services()
    path = tmp_path_factory.mktemp("town") / "hilltown.gpkg"
    services.stores.open(path).save(samples.sample("hilltown"))
    return path


@pytest.fixture
def window(qtbot, hilltown):
    made = MainWindow(AppContext(), Language(AppContext().services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.show()
    with qtbot.waitSignal(made.session.layers_changed, timeout=20_000):
        made.commands.opening.open_address(hilltown)
    return made


def find(qtbot, window):
    qtbot.mouseClick(window.docks.panels["candidates"].list, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.docks.panels["candidates"].sheet.rowCount() > 0, timeout=30_000)


def states(window):
    return {row.part.part_id: row.state for row in window.tools["candidates"].commands.listing.rows}


def settle(qtbot, window):
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("file"), timeout=30_000)


def first_open(window):
    return next(part for part, state in states(window).items() if state == "open")


def decide(qtbot, window, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)


def test_that_the_panel_lists_what_the_command_line_lists(qtbot, window):
    find(qtbot, window)
    project = window.session.project
    listed = workflow.list_candidates(bootstrap.open_services(), project)
    assert states(window) == {row.part.part_id: row.state for row in listed.rows}
    assert {"open", "confirmed"} <= set(states(window).values())


def test_that_a_confirmation_is_one_step_that_can_be_undone(qtbot, window):
    find(qtbot, window)
    part_id = first_open(window)
    purpose = window.session.project.mandate.purposes[0]
    window.bench.dialogs.answer["ask_confirmation"] = Decision(WHY.reason, WHY.by, purpose, WHY.milder)
    window.docks.panels["candidates"].choose({part_id})
    decide(qtbot, window, window.docks.panels["candidates"].confirm)
    assert window.bench.dialogs.reported == []
    made = next(c for c in window.session.project.confirmations if c.part_id == part_id)
    assert (made.purpose, made.reason, made.milder_means, made.by) == (purpose, WHY.reason, WHY.milder, WHY.by)
    assert states(window)[part_id] == "open"  # of the list as it was found …
    assert shown_state(window, part_id) == "confirmed"  # … and as it is decided now
    assert window.docks.panels["candidates"].chosen == (part_id,)
    assert not window.docks.panels["candidates"].confirm.isEnabled()  # it is confirmed once
    window.menus["undo"].trigger()
    assert shown_state(window, part_id) == "open"
    assert part_id not in {c.part_id for c in window.session.project.confirmations}


def shown_state(window, part_id):
    rows = window.docks.panels["candidates"].sheet.all_rows
    return next(row.state for row in rows if row.part.part_id == part_id)


def test_that_candidates_of_several_kinds_are_not_confirmed_together_and_that_is_said(qtbot, window):
    find(qtbot, window)
    panel = window.docks.panels["candidates"]
    rows = [row for row in window.tools["candidates"].commands.listing.rows if row.state == "open"]
    other = next(row for row in rows if row.part.category != rows[0].part.category)
    panel.choose([rows[0].part.part_id])
    assert panel.confirm.isEnabled()
    panel.choose([rows[0].part.part_id, other.part.part_id])
    assert not panel.confirm.isEnabled()
    assert "of several kinds (2)" in panel.sentence((rows[0], other))


def test_that_a_purpose_outside_the_mandate_is_told_and_nothing_is_decided(qtbot, window):
    find(qtbot, window)
    before = window.session.project
    window.bench.dialogs.answer["ask_confirmation"] = Decision("because", "A. Example", "general order", "signs")
    window.docks.panels["candidates"].choose({first_open(window)})
    decide(qtbot, window, window.docks.panels["candidates"].confirm)
    assert "general order is not a purpose of the mandate" in window.strip.text.text()
    assert window.session.project is before


def test_that_without_a_mandate_nothing_is_asked(qtbot, window):
    from dataclasses import replace

    find(qtbot, window)
    window.session.edit("Import", lambda project: replace(project, mandate=None))
    window.docks.panels["candidates"].choose({first_open(window)})
    decide(qtbot, window, window.docks.panels["candidates"].confirm)
    assert "Without a mandate" in window.strip.text.text()


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_a_confirmed_part_can_be_excused_by_name(qtbot, window):
    find(qtbot, window)
    part_id = window.session.project.confirmations[0].part_id
    window.bench.dialogs.answer["ask_excuse"] = Decision("closed for works", "A. Example")
    window.docks.panels["candidates"].choose({part_id})
    assert window.docks.panels["candidates"].excuse.isEnabled()
    decide(qtbot, window, window.docks.panels["candidates"].excuse)
    excuse = next(e for e in window.session.project.excuses if e.part_id == part_id)
    assert (excuse.reason, excuse.by) == ("closed for works", "A. Example")
    assert shown_state(window, part_id) == "excused"


def test_that_only_confirmed_parts_can_be_excused(qtbot, window):
    find(qtbot, window)
    window.docks.panels["candidates"].choose({first_open(window)})
    assert window.docks.panels["candidates"].confirm.isEnabled()
    assert not window.docks.panels["candidates"].excuse.isEnabled()


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_search_and_state_narrow_the_list(qtbot, window):
    find(qtbot, window)
    panel = window.docks.panels["candidates"]
    panel.state.setCurrentIndex(panel.state.findData("confirmed"))
    assert panel.sheet.rowCount() == len(window.session.project.confirmations)
    panel.search.setText("no such thing at all")
    assert panel.sheet.rowCount() == 0


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_a_chosen_candidate_is_shown_on_the_map(qtbot, window):
    find(qtbot, window)
    part_id = first_open(window)
    part = next(row.part for row in window.tools["candidates"].commands.listing.rows if row.part.part_id == part_id)
    window.docks.panels["candidates"].picked.emit(part)
    assert window.canvas.marks.highlight is part.geometry


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_another_city_takes_the_list_away(qtbot, window, hilltown):
    find(qtbot, window)
    window.commands.opening.open_address(hilltown)
    qtbot.waitUntil(lambda: window.docks.panels["candidates"].sheet.rowCount() == 0, timeout=20_000)


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_a_file_saved_after_a_check_opens_with_the_same_findings(qtbot, window, tmp_path):
    services, project = bootstrap.open_services(), window.session.project
    answers = workflow.check(services, project)
    services.stores.open(tmp_path / "checked.gpkg").save(project, answers)
    window.commands.opening.open_address(tmp_path / "checked.gpkg")
    qtbot.waitUntil(lambda: window.session.assessment is not None, timeout=60_000)
    assert {f.finding_id for f in window.session.assessment.findings} == {f.finding_id for f in answers.findings}


def test_that_candidates_are_named_before_their_ids_and_as_the_parts_of_the_results_are(qtbot, window):
    find(qtbot, window)
    panel = window.docks.panels["candidates"]
    called = panel.sheet.place("called")
    assert panel.table.shown_columns[0] == called
    assert panel.table.isColumnHidden(panel.sheet.place("part_id"))
    qtbot.waitUntil(lambda: not any(panel.sheet.called(row) == row.part.part_id for row in panel.sheet.all_rows), timeout=20_000)
    names = [panel.sheet.called(row) for row in panel.sheet.all_rows]
    assert len(set(names)) == len(names)
    assert not any(row.part.part_id in panel.sheet.called(row) for row in panel.sheet.all_rows)


def test_that_the_sentence_below_says_what_is_asked_and_what_was_decided(qtbot, window):
    find(qtbot, window)
    panel = window.docks.panels["candidates"]
    assert panel.reported.text().startswith("Candidates are parts")
    part_id = window.session.project.confirmations[0].part_id
    panel.choose([part_id])
    (row,) = panel.chosen_rows
    assert panel.reported.text().endswith(f"needs {row.part.required.density_px_m:g} px/m: confirmed")
    assert panel.reported.text().startswith(panel.sheet.called(row))
    panel.table.selectAll()
    assert panel.reported.text().startswith(f"{len(panel.sheet.all_rows)} candidates chosen")


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_candidates_are_grouped_by_state_and_kept_by_category(qtbot, window):
    find(qtbot, window)
    sheet = window.docks.panels["candidates"].sheet
    sheet.group_by("state")
    heads = {heading.name: heading.count for _, heading in sheet.headings()}
    assert heads["confirmed"] == len(window.session.project.confirmations)
    sheet.group_by("")
    category = sheet.values_of("category")[0]
    sheet.keep_values("category", {category})
    assert 0 < len(sheet.shown_rows) < len(sheet.all_rows)
    assert len({row.part.category for row in sheet.shown_rows}) == 1


@pytest.mark.nightly  # by day the list, a confirmation and the gate here, and other lists are searched and clicked so
def test_that_a_click_on_the_map_chooses_the_candidate_there(qtbot, window):
    find(qtbot, window)
    window.session.attention.bring("candidates")
    qtbot.waitUntil(window.docks.panels["candidates"].isVisible)
    panel = window.docks.panels["candidates"]
    row = next(row for row in panel.sheet.all_rows if row.part.geometry.area > 0)
    middle = row.part.geometry.representative_point()
    window.canvas.spot_picked.emit(middle.x, middle.y)
    assert row.part.part_id in panel.chosen
    qtbot.waitUntil(lambda: not panel.picture.is_empty, timeout=30_000)
