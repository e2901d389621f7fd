"""Named views: kept with the project, gone through, named, put in order, and taken back like any edit."""

import pytest
from PySide6.QtCore import Qt

from lhasaplan.core.project.project import Bookmark, Project
from lhasaplan.store.geopackage import GeoPackageStore


def names(window):
    return [view.name for view in window.session.project.bookmarks]


def test_that_a_view_is_kept_with_its_place_and_camera_and_shown_again(qtbot, window):
    window.session.select("known")
    window.canvas.show_view(40.0, 30.0, 100.0)
    before = window.canvas.viewport
    window.menus["bookmark"].trigger()
    window.session.select("")
    window.canvas.show_all()
    window.bench.bookmarks.visit(0)
    assert window.canvas.viewport == before
    assert window.session.selected_id == "known"


def test_that_two_views_of_one_name_are_told_apart_and_can_be_undone(window):
    for _ in range(2):
        window.menus["bookmark"].trigger()
    assert names(window) == ["View", "View 2"]
    window.menus["undo"].trigger()
    assert names(window) == ["View"]
    window.menus["undo"].trigger()
    assert names(window) == []


def test_that_a_name_is_written_into_the_list(qtbot, window):
    window.menus["bookmark"].trigger()
    panel = window.docks.panels["bookmarks"]
    panel.list.item(0).setText("  Harbour  ")
    qtbot.waitUntil(lambda: names(window) == ["Harbour"])
    panel.list.item(0).setText("  ")
    qtbot.waitUntil(lambda: panel.list.item(0).text() == "Harbour")


def test_that_views_are_moved_removed_and_stepped_through(qtbot, window):
    for name in "abc":
        window.bench.bookmarks.add(Bookmark(name, 50.0, 40.0, 100.0))
    panel = window.docks.panels["bookmarks"]
    panel.list.setCurrentRow(2)
    qtbot.mouseClick(panel.up, Qt.MouseButton.LeftButton)
    assert names(window) == ["a", "c", "b"]
    seen = []
    window.bench.bookmarks.visited.connect(lambda view: seen.append(view.name))
    for _ in range(4):
        window.menus["next_bookmark"].trigger()
    window.menus["last_bookmark"].trigger()
    assert seen == ["a", "c", "b", "a", "b"]
    panel.list.setCurrentRow(0)
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    assert names(window) == ["c", "b"]


def test_that_a_bookmark_leaves_results_as_they_are(qtbot, window):
    window.commands.analysing.check()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    window.menus["bookmark"].trigger()
    assert not window.session.is_stale
    window.menus["undo"].trigger()
    assert not window.session.is_stale


@pytest.mark.parametrize("views", [(), (Bookmark("Kauppatori", 1.5, 2.5, 300.0, "known"), Bookmark("b", 0.0, 0.0, 9.0))])
def test_that_bookmarks_are_kept_in_the_project_file(tmp_path, views):
    store = GeoPackageStore(tmp_path / "town.gpkg")
    store.save(Project(name="town", bookmarks=views))
    assert store.load().bookmarks == views
