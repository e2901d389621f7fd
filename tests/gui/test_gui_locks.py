"""A window holds the project that it shows: another start is told who has it and saves nothing over it, until it is left."""

import hashlib
import os
import sqlite3
from dataclasses import replace

import pytest
from gui_town import TODAY, FakeDialogs, town

from lhasaplan import bootstrap, workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.core.project.project import Project
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import KeptProject


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "town.gpkg"
    workflow.save(KeptProject(town(), bootstrap.open_services().stores.open(path)), None)
    return path


@pytest.fixture
def window(qtbot):
    made = MainWindow(AppContext(), Language(load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda each: each.session.history.setClean())
    made.show()
    made.commands.holding.begin()
    return made


def renamed(path):
    opened = workflow.open_project(bootstrap.open_services(), path)
    workflow.save(replace(opened, project=replace(opened.project, name="theirs")))


def test_that_what_a_window_shows_is_locked_until_it_closes(qtbot, window, project):
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: window.session.store is not None, timeout=20_000)
    with pytest.raises(InputError, match="has this project open"):
        renamed(project)
    window.session.history.setClean()
    window.close()
    renamed(project)
    assert [name for name in os.listdir(project.parent) if "in-use" in name] == []


def test_that_a_window_says_who_has_the_project_open_and_that_it_is_read_only(qtbot, window, project):
    other = bootstrap.open_services().stores.open(project)
    other.lock()
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: window.session.store is not None and window.strip.isVisible(), timeout=20_000)
    assert "read only here" in window.strip.notice.text
    assert "has this project open on the computer" in window.strip.notice.lines[0]
    other.unlock()
    window.commands.opening.take(Project(name="another"), None)
    assert window.strip.notice is None  # what was told of a file ends with it


def test_that_the_state_that_a_project_was_opened_in_is_kept(qtbot, project, tmp_path):
    window = MainWindow(AppContext(), Language(load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(window, before_close_func=lambda each: each.session.history.setClean())
    window.show()
    window.commands.holding.begin(tmp_path / "kept")
    before = project.read_bytes()
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: len(list((tmp_path / "kept").glob("*/town.0001.gpkg"))) == 1, timeout=20_000)
    (copy,) = (tmp_path / "kept").glob("*/*.gpkg")  # beside it a note of what the file was like
    assert copy.read_bytes() == before


def opened_with_backups(qtbot, project, folder):
    """Open and close the project as a start of the program does; return the window's status line at its end."""
    stores = bootstrap.open_services().stores.open
    known = len(stores(project).logged())
    window = MainWindow(AppContext(), Language(load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(window, before_close_func=lambda each: each.session.history.setClean())
    window.show()
    window.commands.holding.begin(folder)
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: len(stores(project).logged()) == known + 1, timeout=20_000)
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("backup"), timeout=20_000)
    return window


def test_that_each_opening_is_logged_in_the_chain_and_makes_no_new_state_to_back_up(qtbot, project, tmp_path):
    digest = hashlib.sha256(project.read_bytes()).hexdigest()
    for _ in range(2):
        opened_with_backups(qtbot, project, tmp_path / "kept").close()
    store = bootstrap.open_services().stores.open(project)
    first, second = (entry.event for entry in store.logged())
    assert (first.sha256, first.is_read_only, second.is_read_only) == (digest, False, False)
    assert second.sha256 != digest
    assert all(entry.who for entry in store.logged())
    assert [copy.name for copy in (tmp_path / "kept").glob("*/*.gpkg")] == ["town.0001.gpkg"]
    assert store.examine() == ()
    with sqlite3.connect(project) as connection:
        connection.execute("DELETE FROM exports WHERE fid = 1")
    assert "was changed here" in str(bootstrap.open_services().stores.open(project).examine()[-1])


def test_that_an_opening_to_read_only_is_logged_as_such(qtbot, project, tmp_path):
    other = bootstrap.open_services().stores.open(project)
    other.lock()
    opened_with_backups(qtbot, project, tmp_path / "kept")
    (entry,) = other.logged()
    assert entry.event.is_read_only
    other.unlock()
