"""Unsaved work outlives a kill: a copy beside the project, offered at the next start; nothing is left of work that was saved."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from gui_town import TODAY, FakeDialogs, town
from project_values import layer_of
from PySide6.QtCore import Qt
from shapely import box

from lhasaplan import bootstrap, workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import KeptProject

LEFT = Qt.MouseButton.LeftButton
KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.io.content.catalogue import load_translations

project, folder = sys.argv[1], Path(sys.argv[2])
app = QApplication(["lhasaplan"])
window = MainWindow(AppContext(), Language(load_translations), "2026-11-25")
window.commands.recovering.begin(folder, quiet_ms=20)
is_edited = []


def step():
    session = window.session
    if session.project.cameras and not is_edited:
        is_edited.append(True)
        session.edit("Change camera", edits.changed("known", {"range_m": 77.0}, session.author))
    elif is_edited and list(folder.glob("*.json")):
        print("WRITTEN", flush=True)
        timer.stop()


timer = QTimer(interval=20)
timer.timeout.connect(step)
timer.start()
window.commands.opening.open_address(project) if project else window.commands.opening.take(__import__("gui_town").town())
app.exec()
"""


def kept_town(folder):
    """Return a project in a file of its own."""
    path = folder / "plans" / "town.gpkg"
    path.parent.mkdir()
    workflow.save(KeptProject(town(), bootstrap.open_services().stores.open(path)), None)
    return path


@pytest.fixture
def project(tmp_path):
    return kept_town(tmp_path)


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory):
    """Kill a window once for all that asks what is found then: where it worked, and a copy of all that it left there."""
    place, left = tmp_path_factory.mktemp("killed"), tmp_path_factory.mktemp("left")
    kill_a_window(kept_town(place), place / "own")
    shutil.copytree(place, left, dirs_exist_ok=True)
    return place, left


@pytest.fixture
def killed(killed_once):
    """The project whose window was killed, and the folder of its notes, as they were found."""
    place, left = killed_once
    shutil.rmtree(place)
    shutil.copytree(left, place)
    return place / "plans" / "town.gpkg", place / "own"


@pytest.fixture
def made(qtbot):
    windows = []

    def make():
        window = MainWindow(AppContext(), Language(load_translations), TODAY, FakeDialogs())
        qtbot.addWidget(window, before_close_func=lambda each: each.session.history.setClean())
        window.show()
        windows.append(window)
        return window

    return make


def kill_a_window(project, folder):
    """Run the window in a process of its own, change a camera there, and kill it once the change is copied."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", KILLED, str(project), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout.readline() == "WRITTEN\n"
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL


def recovered(qtbot, window, folder):
    window.commands.recovering.begin(folder, quiet_ms=20)
    assert window.strip.isVisible()
    assert [button.text() for button in window.strip.buttons] == ["Recover it", "Discard it"]
    qtbot.mouseClick(window.strip.buttons[0], LEFT)
    qtbot.waitUntil(lambda: bool(window.session.project.cameras), timeout=20_000)


def test_that_work_of_a_killed_window_is_offered_recovered_and_saved_where_it_was(qtbot, made, killed):
    project, folder = killed
    copies = list(project.parent.glob(".town.*.recovery.gpkg"))
    assert len(copies) == 1
    assert workflow.open_project(bootstrap.open_services(), project).project.cameras[0].range_m == 30.0
    window = made()
    recovered(qtbot, window, folder)
    assert "town.gpkg" in window.windowTitle()
    assert window.session.project.cameras[0].range_m == 77.0
    assert window.session.is_dirty
    assert window.bench.dialogs.reported == []
    window.menus["save"].trigger()
    qtbot.waitUntil(lambda: not window.session.is_dirty, timeout=20_000)
    qtbot.waitUntil(lambda: not list(folder.glob("*.json")))
    assert workflow.open_project(bootstrap.open_services(), project).project.cameras[0].range_m == 77.0
    assert list(project.parent.iterdir()) == [project]


def test_that_an_opening_that_is_logged_in_the_file_is_no_saving_elsewhere(qtbot, made, killed):
    project, folder = killed
    copied_at = next(project.parent.glob(".town.*.recovery.gpkg")).stat().st_mtime
    window = made()
    window.commands.holding.begin(folder / "backups")
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: len(workflow.open_project(bootstrap.open_services(), project).store.logged()) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("backup"), timeout=20_000)
    assert project.stat().st_mtime > copied_at
    recovered(qtbot, window, folder)
    qtbot.waitUntil(lambda: window.session.project.cameras[0].range_m == 77.0, timeout=20_000)
    assert window.session.store is not None
    assert "saved elsewhere" not in window.strip.text.text()


def test_that_lost_work_of_no_file_is_recovered_without_one(qtbot, made, tmp_path):
    folder = tmp_path / "own"
    kill_a_window("", folder)
    window = made()
    recovered(qtbot, window, folder)
    assert window.session.store is None
    assert window.session.project.cameras[0].range_m == 77.0


def test_that_work_that_was_saved_elsewhere_since_writes_over_nothing(qtbot, made, killed):
    project, folder = killed
    opened = workflow.open_project(bootstrap.open_services(), project)
    workflow.save(replace(opened, project=replace(opened.project, name="newer")), None)
    copy = next(project.parent.glob(".town.*.recovery.gpkg"))
    os.utime(project, (copy.stat().st_mtime + 5, copy.stat().st_mtime + 5))
    window = made()
    recovered(qtbot, window, folder)
    assert window.session.store is None
    assert "saved elsewhere in the meantime" in window.strip.text.text()


def test_that_what_was_logged_in_a_project_since_is_no_saving(qtbot, made, killed):
    project, folder = killed
    services = bootstrap.open_services()
    workflow.log_opening(services, services.stores.open(project), "anna", by="audit")
    copy = next(project.parent.glob(".town.*.recovery.gpkg"))
    os.utime(project, (copy.stat().st_mtime + 5, copy.stat().st_mtime + 5))
    window = made()
    recovered(qtbot, window, folder)
    assert window.session.store is not None
    assert window.session.project.cameras[0].range_m == 77.0


def test_that_work_that_is_thrown_away_is_gone(qtbot, made, killed):
    project, folder = killed
    window = made()
    window.commands.recovering.begin(folder)
    qtbot.mouseClick(window.strip.buttons[1], LEFT)
    assert not window.strip.isVisible()
    assert list(project.parent.iterdir()) == [project]
    assert not list(folder.glob("*.json"))


def test_that_a_copy_is_made_of_a_change_and_goes_when_it_is_undone_saved_or_left(qtbot, made, project, tmp_path):
    folder, window = tmp_path / "own", made()
    window.commands.recovering.begin(folder, quiet_ms=20)
    window.commands.opening.open_address(project)
    qtbot.waitUntil(lambda: bool(window.session.project.cameras), timeout=20_000)
    qtbot.wait(100)
    assert list(project.parent.iterdir()) == [project]  # nothing is unsaved, so there is no copy
    edit = edits.changed("known", {"range_m": 44.0}, window.session.author)
    window.session.edit("Change camera", edit)
    qtbot.waitUntil(lambda: bool(list(folder.glob("*.json"))), timeout=20_000)
    assert len(list(project.parent.glob(".town.*.recovery.gpkg"))) == 1
    other = made()
    other.commands.recovering.begin(folder)  # a window that runs still holds its copy
    assert not other.strip.isVisible()
    window.session.history.setClean()
    window.close()
    assert list(project.parent.iterdir()) == [project]
    assert not list(folder.glob("*.json"))


def test_that_a_copy_of_work_with_drawn_places_in_the_open_tells_nothing_of_them(qtbot, made, project, tmp_path):
    services = bootstrap.open_services()
    name = "Refuge of the Heron"
    drawn = layer_of("places", [box(0, 0, 5, 5)], ids=["places/1"], tags=[{"lhasaplan": "protected", "name": name}])
    bare = town()
    services.stores.open(project).save(replace(bare, layers={**bare.layers, "places": drawn}))
    folder = tmp_path / "own"
    kill_a_window(project, folder)
    (copy,) = project.parent.glob(".town.*.recovery.gpkg")
    (note,) = folder.glob("*.json")
    assert name.encode() in project.read_bytes()
    assert name.encode() not in copy.read_bytes()
    assert b"SQLite" not in copy.read_bytes()
    assert stat.S_IMODE(note.stat().st_mode) & 0o077 == 0 or os.name == "nt"
    window = made()
    recovered(qtbot, window, folder)
    assert window.session.project.cameras[0].range_m == 77.0
    assert window.session.project.layers["places"].tags[0]["name"] == name
