"""Districts in the window: drafted, taken back in one step that can be undone, and laid beside the city's plan."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox
from test_gui_versions import VersionContext

from lhasaplan.app.dialogs import Dialogs, ExportWish
from lhasaplan.core.districts.merging import merge_districts
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.core.project.project import ClosedPlaces, District
from lhasaplan.ports import KeptProject
from lhasaplan.report.facts.project_words import conflict_rows

GROUND = "POLYGON ((-1000 -1000, 1000 -1000, 1000 1000, -1000 1000, -1000 -1000))"
NORTH, SOUTH = Path("district-north.gpkg"), Path("district-south.gpkg")


def district_of(project, area, **values):
    """Return the project of a district of the town; ``values`` are set on the camera that is known."""
    known, *others = project.cameras
    handed = District("town", area, GROUND, "2027-01-15", project.cameras)
    return replace(project, name=f"town, {area}", cameras=(replace(known, **values), *others), district=handed)


class DistrictContext(VersionContext):
    """Drafts at once, and merges the districts that a test gives by the names of their files."""

    areas = ("North", "South")

    def __init__(self):
        super().__init__()
        self.districts, self.drafted, self.closed_places, self.given, self.sealed, self.unsealed = {}, [], {}, None, {}, {}

    def areas_by_name(self, _project, _kinds):
        return dict.fromkeys(self.areas)

    def write_district(self, city, area, formats, folder, *, language, version, progress, **_how):
        progress(0.5, "sight")
        self.drafted.append((area, version, formats, language))
        return [folder / city.store.name, folder / "plan.docx"]

    def open_store(self, address):
        store = super().open_store(address)
        store.is_sealed = store.name in self.sealed
        store.unseal = partial(self.unsealed.__setitem__, store.name)
        return store

    def open_project(self, address):
        path = Path(address)
        if path.name not in self.districts:
            return super().open_project(address)
        assert self.unsealed.get(path.name, "") == self.sealed.get(path.name, "")
        project = self.districts[path.name]
        if path in self.closed_places:
            lock = ClosedPlaces(self.closed_places[path], b"")
            project = replace(project, closed=lock)
        return KeptProject(project, self.open_store(path))

    def open_places(self, opened, passphrase):
        self.given = {**(self.given or {}), Path(opened.store.name): passphrase}
        return opened

    def merge(self, project, districts, choices, progress):
        progress(0.5, "sight")
        plan = merge_districts(project, districts, 0.0, choices)
        return SimpleNamespace(plan=plan, project=plan.project, remarks=())


@pytest.fixture
def context():
    return DistrictContext()


@pytest.fixture
def notes(window):
    found = []
    window.session.attention.noted.connect(lambda notice: found.append((notice.text, *notice.lines)))
    return found


def menu_of(window, key):
    return window.menus.by_key[key]


def test_that_a_district_is_drafted_where_a_person_says(qtbot, window, context, notes):
    window.bench.dialogs.answer.update(ask_district=("South", "three"), ask_export=ExportWish(("docx",), "fr", Path("drafts")))
    menu_of(window, "draft_district").trigger()
    qtbot.waitUntil(lambda: bool(notes))
    assert context.drafted == [("South", "three", ("docx",), "fr")]
    assert notes == [("These drafts were written:", "drafts/district-south.gpkg", "drafts/plan.docx")]


def test_that_without_areas_nothing_is_asked_and_a_button_begins_to_draw_one(qtbot, window, context, notes):
    context.areas = ()
    menu_of(window, "draft_district").trigger()
    assert [text for text, *_ in notes] == [
        "This project has no areas yet. Draw the district on the map, or import areas: a district is one of them."
    ]
    assert not context.drafted
    qtbot.mouseClick(window.strip.buttons[0], Qt.MouseButton.LeftButton)
    assert window.session.mode.tool == "draw_area"


def test_that_districts_are_taken_back_in_one_step_that_can_be_undone(qtbot, window, context, notes):
    project = window.session.project
    context.districts = {NORTH.name: district_of(project, "North", azimuth_deg=77.0), SOUTH.name: district_of(project, "South")}
    window.bench.dialogs.answer["ask_districts"] = (NORTH, SOUTH)
    menu_of(window, "merge_districts").trigger()
    qtbot.waitUntil(lambda: bool(notes))
    assert window.session.project.cameras[0].azimuth_deg == 77.0
    assert notes[0][:2] == ("Districts were taken back:", "North: changes taken: 1 (known)")
    window.session.history.undo()
    assert window.session.project is project


def test_that_a_conflict_is_asked_about_before_anything_is_taken(qtbot, window, context, notes):
    project = window.session.project
    context.districts = {
        NORTH.name: district_of(project, "North", azimuth_deg=77.0),
        SOUTH.name: district_of(project, "South", azimuth_deg=88.0),
    }
    asked = []
    window.bench.dialogs.answer.update(ask_districts=(NORTH, SOUTH))
    window.bench.dialogs.ask_sides = lambda conflicts, _rows: asked.append([each.key for each in conflicts])
    menu_of(window, "merge_districts").trigger()
    qtbot.waitUntil(lambda: bool(asked))
    assert window.session.project is project
    assert not notes
    assert asked == [["known"]]
    window.bench.dialogs.ask_sides = lambda _conflicts, _rows: {"known": "South"}
    menu_of(window, "merge_districts").trigger()
    qtbot.waitUntil(lambda: bool(notes))
    assert window.session.project.cameras[0].azimuth_deg == 88.0


def test_that_the_box_of_conflicts_returns_the_side_that_was_chosen_by_keys(qtbot, window):
    project = window.session.project
    some = [district_of(project, "North", azimuth_deg=77.0), district_of(project, "South", azimuth_deg=88.0)]
    plan = merge_districts(project, some, 0.0)
    found = SimpleNamespace(plan=plan, project=plan.project)
    rows = list(conflict_rows(found.plan.conflicts, found.project, window.bench.language.translations))

    def choose():
        box = QApplication.activeModalWidget()
        combo = box.findChild(QComboBox)
        assert [combo.itemText(k) for k in range(combo.count())] == [f"{row[2]}: {row[3]}" for row in rows]
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(100, choose)
    chosen = Dialogs(window, window.bench.language).ask_sides(plan.conflicts, rows)
    assert chosen == {"known": "North"}  # the city stands first


def test_that_another_project_and_the_city_s_plan_lie_beside_this_one(qtbot, window, context):
    project = window.session.project
    context.districts = {NORTH.name: district_of(project, "North", azimuth_deg=77.0)}
    window.bench.dialogs.answer["ask_open"] = NORTH
    menu_of(window, "compare_project").trigger()
    shown = window.docks.panels["versions"].changes
    qtbot.waitUntil(lambda: shown.topLevelItemCount() == 1)
    assert "77°" in shown.topLevelItem(0).text(1)
    assert not menu_of(window, "compare_city").isEnabled()
    window.session.edit("district", lambda _project: district_of(project, "North", azimuth_deg=99.0))
    assert menu_of(window, "compare_city").isEnabled()
    assert not menu_of(window, "draft_district").isEnabled()
    qtbot.waitUntil(lambda: window.bench.sight.live is not None)
    menu_of(window, "compare_city").trigger()
    qtbot.waitUntil(lambda: shown.topLevelItemCount() == 1 and "99" in shown.topLevelItem(0).text(1))


def test_that_places_that_are_closed_in_a_district_are_opened_by_the_passphrase_that_a_person_gives(
    qtbot, window, context, notes
):
    project, asked = window.session.project, []
    context.districts = {NORTH.name: district_of(project, "North"), SOUTH.name: district_of(project, "South")}
    context.closed_places = {NORTH: 2, SOUTH: 1}
    window.bench.dialogs.answer["ask_districts"] = (NORTH, SOUTH)
    window.bench.dialogs.ask_passphrase = lambda text: asked.append(text) or ("open sesame" if NORTH.name in text else None)
    menu_of(window, "merge_districts").trigger()
    qtbot.waitUntil(lambda: bool(notes))
    assert [text.split(". ")[0] for text in asked] == [
        "district-north.gpkg: 2 drawn protected places are closed",
        "district-south.gpkg: 1 drawn protected place is closed",
    ]
    assert context.given == {NORTH: "open sesame"}


def with_version(project, name, azimuth_deg):
    cameras = (replace(project.cameras[0], azimuth_deg=azimuth_deg), *project.cameras[1:])
    return replace(project, versions=(PlanVersion(name, cameras, "", "2027-01-20", "Anna"),))


def test_that_a_sealed_project_is_asked_for_and_a_version_of_it_may_count(qtbot, window, context, notes):
    project, asked = window.session.project, []
    context.districts = {NORTH.name: with_version(district_of(project, "North", azimuth_deg=77.0), "for the council", 33.0)}
    context.sealed = {NORTH.name: "open sesame"}
    window.bench.dialogs.answer.update(ask_districts=(NORTH,), ask_open=NORTH)
    menu_of(window, "merge_districts").trigger()  # nobody gives a passphrase: nothing is read
    window.bench.dialogs.ask_passphrase = lambda text: asked.append(text) or "open sesame"
    window.bench.dialogs.ask_versions = lambda names: asked.append(names) or {NORTH: "for the council"}
    menu_of(window, "compare_project").trigger()
    shown = window.docks.panels["versions"].changes
    qtbot.waitUntil(lambda: shown.topLevelItemCount() == 1)
    assert "33°" in shown.topLevelItem(0).text(1)
    assert asked == [
        "district-north.gpkg is sealed as a whole. It opens with its passphrase alone.",
        {NORTH: ["for the council"]},
    ]
    menu_of(window, "merge_districts").trigger()
    qtbot.waitUntil(lambda: bool(notes))
    assert window.session.project.cameras[0].azimuth_deg == 33.0


def test_that_the_box_of_versions_returns_the_one_that_was_chosen_by_keys(qtbot, window):
    def choose():
        box = QApplication.activeModalWidget()
        qtbot.keyClick(box.findChild(QComboBox), Qt.Key.Key_Down)
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(100, choose)
    assert Dialogs(window, window.bench.language).ask_versions({NORTH: ["one", "two"]}) == {NORTH: "one"}  # now stands first
