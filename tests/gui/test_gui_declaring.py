"""Declaring uses, taking drawn places out and looking at candidates in the window: real use cases over a small town."""

from dataclasses import replace

import pytest
from answers_town import bare_camera, box, house, layer, town
from gui_town import FakeDialogs
from PySide6.QtCore import QItemSelectionModel, Qt

from lhasaplan import bootstrap, workflow
from lhasaplan.app.dialogs.decisions import Decision
from lhasaplan.app.dialogs.declarations import AreaDeclaration, Removal
from lhasaplan.app.jobs.engine import Engine
from lhasaplan.app.look.language import Language
from lhasaplan.app.shell.window import MainWindow
from lhasaplan.app.tools.candidates.panel import CandidatesPanel
from lhasaplan.core.project.journal import PlacesTakenOut, ProtectionLost
from lhasaplan.core.project.project import Project

TODAY = "2026-11-25"
WHY = Decision("seen on site", "A. Example")
HOUSES = (
    house(1, 0, 20, 10, 30, "yes"),
    house(2, 20, 20, 30, 30, "yes"),
    ("way/3", box(40, 20, 50, 30), {"building": "yes", "addr:housenumber": "7"}),
    house(4, 60, 20, 70, 30),
)
WEST = layer("areas", ("way/90", box(-5, 15, 35, 35), {"name": "West"}))
REFUGE = layer("places", ("way/91", box(0, 50, 10, 60), {"lhasaplan": "protected"}))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    services = bootstrap.open_services()
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    project = replace(town(*HOUSES, cameras=[bare_camera()], areas=WEST, places=REFUGE), packs=("eu-gdpr",))
    services.open_store(path).save(project)
    return path


@pytest.fixture
def window(qtbot, kept):
    made = MainWindow(Engine(), Language(Engine().wording), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.show()
    with qtbot.waitSignal(made.session.layers_changed, timeout=20_000):
        made.commands.opening.open_address(kept)
    return made


def panel_of(window):
    return window.docks.panels["unknown_use"]


def listed(window):
    model = panel_of(window).model
    return sorted(model.index(row, 0).data() for row in range(model.rowCount()))


def click(qtbot, window, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not any(map(window.bench.jobs.is_busy, ("file", "unknown_use"))), timeout=30_000)


def choose(window, *ids):
    table, rows = panel_of(window).table, panel_of(window).filter
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table.clearSelection()
    for row in range(rows.rowCount()):
        if rows.index(row, 0).data() in ids:
            table.selectionModel().select(rows.index(row, 0), flags)


@pytest.fixture
def found(qtbot, window):
    click(qtbot, window, panel_of(window).list)
    assert listed(window) == ["way/1", "way/2", "way/3"]
    return window


def facts(window):
    return [(d.subject, d.fact, d.reason, d.by) for d in window.session.project.declarations]


def test_that_several_buildings_are_declared_at_once_and_that_is_taken_back(qtbot, found):
    found.bench.dialogs.answer["ask_declaration"] = WHY
    assert not panel_of(found).dwelling.isEnabled()
    choose(found, "way/1", "way/2")
    click(qtbot, found, panel_of(found).dwelling)
    assert facts(found) == [(name, "dwelling", "seen on site", "A. Example") for name in ("way/1", "way/2")]
    qtbot.waitUntil(lambda: listed(found) == ["way/3"], timeout=20_000)
    assert [fact.subjects for fact in found.session.project.journal[-1].event.facts] == [("way/1", "way/2")]
    found.menus["undo"].trigger()
    assert facts(found) == []
    qtbot.waitUntil(lambda: listed(found) == ["way/1", "way/2", "way/3"], timeout=20_000)


def test_that_who_thinks_better_of_it_declares_nothing(qtbot, found):
    choose(found, "way/1")
    click(qtbot, found, panel_of(found).not_dwelling)
    assert facts(found) == []


def test_that_an_area_is_declared_and_likely_dwellings_are_left_with_a_word(qtbot, found):
    assert found.bench.engine.area_names(found.session.project) == ("West",)
    found.bench.dialogs.answer["ask_area_declaration"] = AreaDeclaration("West", "not_dwelling", WHY)
    click(qtbot, found, panel_of(found).by_area)
    assert [row[:2] for row in facts(found)] == [("way/1", "not_dwelling"), ("way/2", "not_dwelling")]
    qtbot.waitUntil(lambda: listed(found) == ["way/3"], timeout=20_000)


def test_that_a_table_is_taken_whole_or_its_faults_are_told_with_their_rows(qtbot, found, tmp_path):
    path = tmp_path / "uses.csv"
    found.bench.dialogs.answer["ask_declaration_table"] = path
    path.write_text("id,declaration,reason,by\nway/1,dwelling,bells,A. B.\nway/77,dwelling,bells,A. B.\n", encoding="utf-8")
    click(qtbot, found, panel_of(found).by_table)
    assert "uses.csv row 3: There is no building way/77" in found.strip.lines.toPlainText().splitlines()
    assert facts(found) == []
    path.write_text("id,declaration,reason,by\nway/1,dwelling,bells,A. B.\n", encoding="utf-8")
    click(qtbot, found, panel_of(found).by_table)
    assert facts(found) == [("way/1", "dwelling", "bells", "A. B.")]


def test_that_a_building_that_is_picked_is_shown_on_the_map(found):
    panel = panel_of(found)
    panel.table.setCurrentIndex(panel.filter.index(0, 0))
    picked = panel.filter.index(0, 0).data()
    number = [name for name, *_ in HOUSES].index(picked)
    assert found.canvas.highlight.equals(HOUSES[number][1])


def test_that_search_narrows_the_list(found):
    panel_of(found).search.setText("likely")
    assert panel_of(found).filter.rowCount() == 1


def test_that_another_city_takes_the_list_away(qtbot, found):
    found.session.open(Project(), None)
    assert listed(found) == []


# --- drawn places ---------------------------------------------------------------------------------------------------------


def take_out(qtbot, window):
    window.menus["take_out"].trigger()
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("file"), timeout=20_000)


def test_that_a_drawn_place_goes_by_an_act_of_its_own_and_comes_back(qtbot, window):
    before = window.session.project
    window.bench.dialogs.answer["ask_removal"] = Removal(("",), "A. Example")
    take_out(qtbot, window)
    assert "places" not in window.session.project.layers
    assert [entry.event for entry in window.session.project.journal[-2:]] == [PlacesTakenOut(1), ProtectionLost(1)]
    window.menus["undo"].trigger()
    assert window.session.project is before


def test_that_nothing_goes_without_a_confirmation(qtbot, window):
    before = window.session.project
    take_out(qtbot, window)
    assert window.session.project is before


def test_that_where_nothing_is_drawn_that_is_told(qtbot, window):
    window.session.edit("Import", lambda project: replace(project, layers={"buildings": project.layers["buildings"]}))
    take_out(qtbot, window)
    assert "Nothing is drawn here" in window.bench.dialogs.told[-1][1][0]


# --- pictures of candidates -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = bootstrap.open_services()
    path = tmp_path_factory.mktemp("town") / "hilltown.gpkg"
    services.open_store(path).save(workflow.open_sample(services, services.read_sample("hilltown")))
    return path


def test_that_the_candidate_that_is_chosen_has_street_place_and_a_small_map(qtbot, window, hilltown):
    with qtbot.waitSignal(window.session.layers_changed, timeout=20_000):
        window.commands.opening.open_address(hilltown)
    panel = window.docks.panels["candidates"]
    assert isinstance(panel, CandidatesPanel)
    qtbot.mouseClick(panel.list, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0, timeout=30_000)
    assert panel.picture.is_empty
    heads = [panel.model.headerData(column, Qt.Orientation.Horizontal) for column in range(panel.model.columnCount())]
    assert heads[3:6] == ["Street", "Longitude", "Latitude"]
    row = next(row for row in range(panel.filter.rowCount()) if panel.filter.index(row, 3).data() == "Market Street")
    assert float(panel.filter.index(row, 5).data()) == pytest.approx(45.0, abs=0.02)
    panel.table.setCurrentIndex(panel.filter.index(row, 0))
    qtbot.waitUntil(lambda: not panel.picture.is_empty, timeout=30_000)
    panel.show_listing(None)
    assert panel.picture.is_empty
