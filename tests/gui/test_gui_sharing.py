"""Two windows on a project that an office shares: each sees what the other kept, and is asked about a row that both changed."""

from dataclasses import replace

import pytest
from amounts import some_by_day
from gui_town import TODAY, FakeDialogs, town

from lhasaplan import bootstrap, workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import KeptProject
from lhasaplan.store.sealed import seal

WAIT_MS = 30_000


@pytest.fixture
def windows(qtbot):
    """Return what opens another window."""

    def another():
        made = MainWindow(AppContext(), Language(load_translations), TODAY, FakeDialogs())
        qtbot.addWidget(made, before_close_func=lambda each: each.session.history.setClean())
        made.show()
        return made

    return another


@pytest.fixture
def address(postgis):
    at = postgis.fresh()
    workflow.save(KeptProject(town(), bootstrap.open_services().stores.open(at)), None)
    return at


def open_shared(qtbot, window, address):
    window.bench.dialogs.answer["ask_address"] = address
    window.tools["sharing"].commands.ask_and_open()
    qtbot.waitUntil(lambda: window.session.store is not None, timeout=WAIT_MS)


def turn(window, azimuth_deg, at=0):
    def edit(project):
        cameras = list(project.cameras)
        cameras[at] = replace(cameras[at], azimuth_deg=azimuth_deg)
        return replace(project, cameras=tuple(cameras))

    window.session.edit("Turn", edit)


def save(qtbot, window):
    window.commands.saving.save()
    qtbot.waitUntil(lambda: not window.session.is_dirty, timeout=WAIT_MS)


def kept(address):
    return [each.azimuth_deg for each in bootstrap.open_services().stores.open(address).load().cameras]


def test_that_a_window_tells_what_another_kept_and_shows_it_on_top_of_what_is_not_saved(qtbot, windows, address):
    here, there = windows(), windows()
    open_shared(qtbot, here, address)
    open_shared(qtbot, there, address)
    turn(there, 201.0, 0)
    save(qtbot, there)
    turn(here, 102.0, 1)
    sharing = here.tools["sharing"].commands
    sharing.look()
    qtbot.waitUntil(lambda: here.strip.isVisible() and "Others have changed" in here.strip.notice.text, timeout=WAIT_MS)
    assert "cameras" in here.strip.notice.lines[0]
    sharing.show()
    qtbot.waitUntil(lambda: here.session.project.cameras[0].azimuth_deg == 201.0, timeout=WAIT_MS)
    assert here.session.project.cameras[1].azimuth_deg == 102.0
    assert here.session.is_dirty
    here.session.history.undo()  # takes what is not saved back, and nothing of the other
    assert [each.azimuth_deg for each in here.session.project.cameras[:2]] == [201.0, town().cameras[1].azimuth_deg]


# By day the side that takes what the other window kept: one's own goes the same way.
@pytest.mark.parametrize("chosen", some_by_day((("mine", 102.0), ("theirs", 201.0)), {("theirs", 201.0)}))
def test_that_a_row_that_both_changed_is_asked_about_and_then_saved(qtbot, windows, address, chosen):
    side, azimuth_deg = chosen
    here, there = windows(), windows()
    open_shared(qtbot, here, address)
    open_shared(qtbot, there, address)
    turn(there, 201.0, 0)
    save(qtbot, there)
    turn(here, 102.0, 0)
    turn(here, 55.0, 1)
    name = here.session.project.cameras[0].camera_id
    asked = []

    def ask(conflicts, rows):
        asked.extend(rows)
        return {each.key: side for each in conflicts}

    here.bench.dialogs.ask_sides = ask
    save(qtbot, here)
    assert kept(address)[:2] == [azimuth_deg, 55.0]
    assert [(row[1], row[3]) for row in asked] == [(name, "direction: 102"), (name, "direction: 201")]


def test_that_who_thinks_better_of_a_conflict_keeps_his_work_in_the_window_and_nothing_is_saved(qtbot, windows, address):
    here, there = windows(), windows()
    open_shared(qtbot, here, address)
    open_shared(qtbot, there, address)
    turn(there, 201.0)
    save(qtbot, there)
    turn(here, 102.0)
    asked = []
    here.bench.dialogs.ask_sides = lambda conflicts, _rows: asked.extend(conflicts)
    here.commands.saving.save()
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT_MS)
    assert kept(address)[0] == 201.0
    assert here.session.project.cameras[0].azimuth_deg == 102.0
    assert here.session.is_dirty


def test_that_another_file_is_merged_as_one_step_that_can_be_taken_back(qtbot, windows, tmp_path):
    stores = bootstrap.open_services().stores.open
    first, *others = town().cameras
    for name, azimuth_deg in (("base", first.azimuth_deg), ("mine", first.azimuth_deg), ("theirs", 201.0)):
        changed = replace(town(), cameras=(replace(first, azimuth_deg=azimuth_deg), *others))
        stores(tmp_path / f"{name}.gpkg").save(changed)
    window = windows()
    window.commands.opening.open_address(tmp_path / "mine.gpkg")
    qtbot.waitUntil(lambda: window.session.store is not None, timeout=WAIT_MS)
    answers = iter([tmp_path / "theirs.gpkg", tmp_path / "base.gpkg"])
    window.bench.dialogs.ask_other_project = lambda _title: next(answers)
    window.tools["sharing"].commands.merge()
    qtbot.waitUntil(lambda: window.session.project.cameras[0].azimuth_deg == 201.0, timeout=WAIT_MS)
    assert "camera: 1" in window.strip.notice.lines
    window.session.history.undo()
    assert window.session.project.cameras[0].azimuth_deg == first.azimuth_deg


def test_that_a_sealed_file_is_merged_with_the_passphrase_that_a_person_gives(qtbot, windows, tmp_path):
    stores = bootstrap.open_services().stores.open
    first, *others = town().cameras
    for name, azimuth_deg in (("base", first.azimuth_deg), ("theirs", 201.0)):
        changed = replace(town(), cameras=(replace(first, azimuth_deg=azimuth_deg), *others))
        stores(tmp_path / f"{name}.gpkg").save(changed)
    seal(tmp_path / "theirs.gpkg", "open sesame, all of you")
    window = windows()
    window.commands.opening.open_address(tmp_path / "base.gpkg")
    qtbot.waitUntil(lambda: window.session.store is not None, timeout=WAIT_MS)
    window.bench.dialogs.ask_other_project = lambda title: tmp_path / ("base.gpkg" if "origin" in title else "theirs.gpkg")
    window.bench.dialogs.answer["ask_passphrase"] = "open sesame, all of you"
    window.tools["sharing"].commands.merge()
    qtbot.waitUntil(lambda: window.session.project.cameras[0].azimuth_deg == 201.0, timeout=WAIT_MS)


def test_that_a_project_goes_from_its_file_into_a_database_and_never_over_another(qtbot, windows, postgis, tmp_path):
    services, at, taken = bootstrap.open_services(), postgis.fresh(), postgis.fresh()
    services.stores.open(tmp_path / "town.gpkg").save(town())
    workflow.save(KeptProject(replace(town(), cameras=()), services.stores.open(taken)), None)
    window = windows()
    window.commands.opening.open_address(tmp_path / "town.gpkg")
    qtbot.waitUntil(lambda: window.session.store is not None, timeout=WAIT_MS)
    turn(window, 201.0)
    window.bench.dialogs.answer["ask_new_address"] = taken
    window.menus.by_key["keep_shared"].trigger()
    qtbot.waitUntil(lambda: window.strip.notice is not None, timeout=WAIT_MS)
    assert "There is a project of this name in the database already" in window.strip.notice.lines[0]
    assert services.stores.open(taken).load().cameras == ()
    window.bench.dialogs.answer["ask_new_address"] = at
    window.menus.by_key["keep_shared"].trigger()
    qtbot.waitUntil(lambda: not window.session.is_dirty, timeout=WAIT_MS)
    assert kept(at)[0] == 201.0
    assert window.session.store.address == services.stores.open(at).address
    assert services.stores.open(tmp_path / "town.gpkg").load().cameras[0].azimuth_deg == town().cameras[0].azimuth_deg
