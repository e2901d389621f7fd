"""Declaring uses, taking drawn places out and looking at candidates in the window: real use cases over a small town."""

from dataclasses import replace

import pytest
import samples
from answers_town import X0, Y0, bare_camera, box, house, layer, town
from gui_town import FakeDialogs
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication

from lhasaplan import bootstrap
from lhasaplan.app.dialogs.decisions import AreaDeclaration, Decision, OneDeclaration, Removal, SuspendedWish
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.tools.candidates import CandidatesPanel
from lhasaplan.core.project.decisions import Declaration, Suspended, Thing
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
NAMED = "way/5", box(80, 20, 90, 30), {"building": "retail", "name": "Evangelische Kirche"}
WEST = layer("areas", ("way/90", box(-5, 15, 35, 35), {"name": "West"}))
REFUGE = layer("places", ("way/91", box(0, 50, 10, 60), {"lhasaplan": "protected"}))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    services = bootstrap.open_services()
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    project = replace(town(*HOUSES, cameras=[bare_camera()], areas=WEST, places=REFUGE), packs=("eu-gdpr",))
    services.stores.open(path).save(project)
    return path


@pytest.fixture
def window(qtbot, kept):
    made = MainWindow(AppContext(), Language(AppContext().services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.show()
    with qtbot.waitSignal(made.session.layers_changed, timeout=20_000):
        made.commands.opening.open_address(kept)
    return made


def panel_of(window):
    return window.docks.panels["unknown_use"]


def listed(window):
    return sorted(row.identity for row in panel_of(window).sheet.shown_rows)


def click(qtbot, window, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not any(map(window.bench.jobs.is_busy, ("file", "unknown_use"))), timeout=30_000)


def choose(window, *ids):
    table, sheet = panel_of(window).table, panel_of(window).sheet
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table.clearSelection()
    for ident in ids:
        table.selectionModel().select(sheet.index(sheet.line_of(ident), 0), flags)


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


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_who_thinks_better_of_it_declares_nothing(qtbot, found):
    choose(found, "way/1")
    click(qtbot, found, panel_of(found).not_dwelling)
    assert facts(found) == []


def test_that_an_area_is_declared_and_likely_dwellings_are_left_with_a_word(qtbot, found):
    assert found.bench.area_names() == ("West",)
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


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_a_building_that_is_picked_is_shown_on_the_map(found):
    panel = panel_of(found)
    panel.table.setCurrentIndex(panel.sheet.index(0, 0))
    picked = panel.sheet.shown_rows[0].identity
    number = [name for name, *_ in HOUSES].index(picked)
    assert found.canvas.marks.highlight.equals(HOUSES[number][1])


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_search_narrows_the_list(found):
    panel_of(found).search.setText("likely")
    assert panel_of(found).sheet.rowCount() == 1


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_another_city_takes_the_list_away(qtbot, found):
    found.session.open(Project(), None)
    assert listed(found) == []


def column(window, key):
    sheet = panel_of(window).sheet
    return [sheet.index(row, sheet.place(key)).data() for row in range(sheet.rowCount())]


def test_that_buildings_are_named_before_their_ids_by_their_own_address(found):
    assert panel_of(found).table.shown_columns[0] == panel_of(found).sheet.place("called")
    assert sorted(column(found, "called")) == ["Building way/1", "Building way/2", "Building way/3"]  # no street has a name here
    assert sorted(column(found, "area_m2")) == ["100", "100", "100"]


def test_that_one_sentence_says_what_is_known_of_the_chosen_building_and_how_many_are_chosen(found):
    assert "The use of these buildings is unknown" in panel_of(found).reported.text()
    choose(found, "way/3")
    assert panel_of(found).reported.text() == "Building way/3: dwelling, likely, 100 m² of ground"
    choose(found, "way/1", "way/2")
    assert panel_of(found).reported.text().startswith("2 buildings chosen")


def test_that_a_click_on_the_map_chooses_the_building_there(qtbot, found):
    found.session.attention.bring("unknown_use")
    qtbot.waitUntil(panel_of(found).isVisible)
    middle = HOUSES[1][1].centroid
    (row,) = (row for row in panel_of(found).sheet.all_rows if row.identity == "way/2")
    assert row.shape.equals(HOUSES[1][1])
    found.canvas.spot_picked.emit(middle.x, middle.y)
    assert panel_of(found).chosen == ("way/2",)
    found.canvas.spot_picked.emit(middle.x - 500.0, middle.y)
    assert panel_of(found).chosen == ("way/2",)


def test_that_rows_go_to_a_spreadsheet_and_come_back_with_what_is_declared(qtbot, found):
    panel = panel_of(found)
    choose(found, "way/1", "way/2")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, *rows = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t")[-1] == "Identifier"
    said = "\tdeclaration\treason\tby"
    filled = [head + said, *(row + "\tnot lived in\tseen on site\tA. Example" for row in rows)]
    QGuiApplication.clipboard().setText("\n".join(filled))
    qtbot.keyClick(panel.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(facts(found)) == 2, timeout=20_000)
    assert facts(found) == [(name, "not_dwelling", "seen on site", "A. Example") for name in ("way/1", "way/2")]
    found.menus["undo"].trigger()
    assert facts(found) == []


def test_that_pasted_rows_with_a_fault_change_nothing_and_say_where(qtbot, found):
    QGuiApplication.clipboard().setText("Identifier\tdeclaration\treason\tby\nway/77\tdwelling\tbells\tA. B.")
    click(qtbot, found, panel_of(found).by_paste)
    assert "clipboard.tsv row 2: There is no building way/77" in found.strip.text.text()
    assert facts(found) == []


# --- one building's name, and a border --------------------------------------------------------------------------------------


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_the_building_clicked_last_is_asked_about_and_its_name_cleared(qtbot, window):
    asked, panel = [], panel_of(window)
    houses = layer("buildings", *HOUSES, NAMED)
    window.session.edit("Import", lambda project: replace(project, layers={**project.layers, "buildings": houses}))
    window.bench.dialogs.ask_name_declaration = lambda building: asked.append(building) or OneDeclaration("way/5", WHY)
    click(qtbot, window, panel.not_as_named)
    panel.choose_at(X0 + 85.0, Y0 + 25.0)
    click(qtbot, window, panel.not_as_named)
    assert asked == ["", "way/5"]
    assert set(facts(window)) == {("way/5", "not_as_named", "seen on site", "A. Example")}
    window.menus["undo"].trigger()


def test_that_a_name_that_is_none_is_refused_with_what_would_be_right(qtbot, window):
    window.bench.dialogs.answer["ask_name_declaration"] = OneDeclaration("way/4", WHY)
    click(qtbot, window, panel_of(window).not_as_named)
    assert facts(window) == []
    assert "way/4 is not a building with a known use" in window.strip.lines.toPlainText()


def test_that_the_country_is_declared_where_the_plan_comes_near_a_border_alone(qtbot, window, monkeypatch):
    window.bench.dialogs.answer["ask_border_declaration"] = OneDeclaration("border:250", WHY)
    click(qtbot, window, panel_of(window).in_country)
    assert facts(window) == []  # no border is near
    monkeypatch.setattr("lhasaplan.workflow.borders_to_declare", lambda _services, _project: (("border:250", "France"),))
    click(qtbot, window, panel_of(window).in_country)
    qtbot.waitUntil(lambda: facts(window) == [("border:250", "in_country", "seen on site", "A. Example")], timeout=20_000)


def test_that_an_edit_during_the_search_for_borders_is_not_lost(qtbot, window, monkeypatch):
    """The person answers about the project of the search; what was edited meanwhile stays, and nothing is decided."""
    before, commands = window.session.project, window.tools["unknown_use"].commands
    window.bench.dialogs.answer["ask_border_declaration"] = OneDeclaration("border:250", WHY)
    window.session.edit("Rename", lambda project: replace(project, name="renamed"))
    commands._ask_country(before, (("border:250", "France"),))
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("file"), timeout=20_000)
    assert (window.session.project.name, facts(window)) == ("renamed", [])
    assert "changed meanwhile" in window.strip.text.text()
    window.menus["undo"].trigger()


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


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_where_nothing_is_drawn_that_is_told(qtbot, window):
    window.session.edit("Import", lambda project: replace(project, layers={"buildings": project.layers["buildings"]}))
    take_out(qtbot, window)
    assert "Nothing is drawn here" in window.bench.dialogs.reported[-1][1][0]


# --- suspended decisions --------------------------------------------------------------------------------------------------


def end_suspended(qtbot, window, wish):
    window.bench.dialogs.answer["ask_suspended"] = wish
    window.menus["suspended"].trigger()
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("file"), timeout=20_000)


def test_that_a_suspended_decision_is_made_anew_or_dropped_in_one_step_that_is_taken_back(qtbot, window):
    lost = Declaration("way/70", "not_dwelling", "A. Clerk", "2026-05-01", "seen", Thing("a.osm", "yes", "POLYGON EMPTY"))
    waiting = (Suspended("declaration", "way/70", "not_dwelling", "gone", "2026-06-01", declaration=lost),)
    assert not window.menus["suspended"].isEnabled()
    window.session.edit("Import", lambda project: replace(project, suspended=waiting))
    assert window.menus["suspended"].isEnabled()
    end_suspended(qtbot, window, SuspendedWish("1", WHY, "way/1"))
    assert facts(window) == [("way/1", "not_dwelling", "seen on site", "A. Example")]
    assert window.session.project.suspended == ()
    assert window.session.project.journal[-1].event.to == "way/1"
    window.menus["undo"].trigger()
    assert (facts(window), window.session.project.suspended) == ([], waiting)
    end_suspended(qtbot, window, SuspendedWish("1", WHY))
    assert (facts(window), window.session.project.suspended) == ([], ())


# --- pictures of candidates -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = bootstrap.open_services()
    path = tmp_path_factory.mktemp("town") / "hilltown.gpkg"
    services.stores.open(path).save(samples.sample("hilltown"))
    return path


@pytest.mark.nightly  # by day a declaration of each kind here, and other lists are searched and clicked so
def test_that_the_candidate_that_is_chosen_has_street_place_and_a_small_map(qtbot, window, hilltown):
    with qtbot.waitSignal(window.session.layers_changed, timeout=20_000):
        window.commands.opening.open_address(hilltown)
    panel = window.docks.panels["candidates"]
    assert isinstance(panel, CandidatesPanel)
    qtbot.mouseClick(panel.list, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.sheet.rowCount() > 0, timeout=30_000)
    assert panel.picture.is_empty
    heads = [panel.sheet.headerData(place, Qt.Orientation.Horizontal) for place in panel.table.shown_columns]
    assert heads == ["Part", "State", "Category", "Needed (px/m)", "Street", "Longitude", "Latitude"]
    street, lat = (panel.sheet.place(key) for key in ("street", "lat"))
    row = next(row for row in range(panel.sheet.rowCount()) if panel.sheet.index(row, street).data() == "Market Street")
    assert float(panel.sheet.index(row, lat).data()) == pytest.approx(45.0, abs=0.02)
    panel.table.setCurrentIndex(panel.sheet.index(row, 0))
    qtbot.waitUntil(lambda: not panel.picture.is_empty, timeout=30_000)
    panel.show_listing(None)
    assert panel.picture.is_empty
