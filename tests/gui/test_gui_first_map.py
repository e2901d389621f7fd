"""The map of the project that is named at a start stands before menus and panels do, and is the one that stays."""

from types import SimpleNamespace

import pytest
from gui_town import TODAY
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from lhasaplan.app.jobs.app_context import AppContext, Named
from lhasaplan.app.jobs.map_updater import Ahead, is_quick
from lhasaplan.app.look import Language
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.ground import prepare_ground
from lhasaplan.app.map.style import SHOWN_AT_FIRST
from lhasaplan.app.shell import MainWindow
from lhasaplan.errors import InputError
from lhasaplan.workflow import new_project

SIZE = QSize(900, 700)
TOWN = Named(sample="hilltown")


@pytest.fixture(name="context")
def _context():
    return AppContext()


@pytest.fixture(name="bare")
def _bare(qtbot, context):
    window = MainWindow(context, Language(context.services.content.load_translations), TODAY, is_bare=True)
    qtbot.addWidget(window, before_close_func=_forget_changes)
    window.resize(SIZE)
    with qtbot.waitExposed(window):
        window.show()
    return window


def _forget_changes(window):
    if window.is_furnished:
        window.session.history.setClean()


def _drawn(qtbot, canvas):
    canvas.grab()  # orders the tiles
    qtbot.waitUntil(lambda: canvas.is_whole)
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _shown_ahead(qtbot, window, context, named):
    ahead = Ahead(window.canvas, context, named)
    with qtbot.waitSignal(ahead.ended, timeout=20_000):
        ahead.begin()
    return ahead


def test_that_the_first_map_is_the_map_that_stays_but_for_names_of_places(qtbot, bare, context):
    _shown_ahead(qtbot, bare, context, TOWN)
    assert not bare.is_furnished
    project = context.open_sample("hilltown")
    later = MapCanvas(bare.language)
    qtbot.addWidget(later)
    later.resize(bare.canvas.size())
    later.show()
    later.attribution, later.banner = bare.canvas.attribution, bare.canvas.banner
    later.set_visible(SHOWN_AT_FIRST - {"place_names"})
    whole = prepare_ground(project.layers, [(c.x_m, c.y_m) for c in project.cameras], context.may_be_named)
    west, south, east, north = whole.bounds
    later.convergence_deg = context.convergence_deg(project, (west + east) / 2, (south + north) / 2)
    later.set_ground(whole)
    later.show_all()
    assert bare.canvas.banner
    assert later.viewport == bare.canvas.viewport
    assert _drawn(qtbot, bare.canvas) == _drawn(qtbot, later)


def test_that_the_window_round_the_first_map_opens_what_was_read_and_never_lets_the_map_go(qtbot, bare, context, monkeypatch):
    ahead = _shown_ahead(qtbot, bare, context, TOWN)
    monkeypatch.setattr("lhasaplan.workflow.open_kept_sample", lambda *_: pytest.fail("the sample was read a second time"))
    bare.furnish()
    bare.bench.city.early, bare.bench.map.is_ahead = ahead.early, True
    had_ground = []
    bare.session.project_changed.connect(lambda: had_ground.append(bare.canvas.has_ground))
    bare.commands.opening.open_sample("hilltown")
    qtbot.waitUntil(lambda: bare.bench.city.is_drawn, timeout=20_000)
    assert had_ground == [True]
    project = bare.session.project
    whole = prepare_ground(project.layers, [(c.x_m, c.y_m) for c in project.cameras], context.may_be_named)
    drawn = bare.canvas.ground
    assert drawn.buildings is ahead.early.place.ground.buildings
    assert drawn.place_names._names == whole.place_names._names
    assert whole.place_names._names, "the town has squares that may be named"
    bare.bench.jobs.stop()


def test_that_another_project_than_the_one_that_was_read_ahead_lets_its_map_go(qtbot, bare, context):
    ahead = _shown_ahead(qtbot, bare, context, TOWN)
    bare.furnish()
    bare.bench.city.early, bare.bench.map.is_ahead = ahead.early, True
    bare.commands.opening.take(new_project(context.services, ("eu-gdpr",)))
    bare.commands.opening.take(new_project(context.services, ("eu-gdpr",)))
    assert not bare.canvas.has_ground


def test_that_a_project_that_cannot_be_read_shows_no_map_and_is_told_by_who_opens_it(qtbot, bare, context, tmp_path):
    gone = Named(address=str(tmp_path / "gone.gpkg"))
    ahead = _shown_ahead(qtbot, bare, context, gone)
    assert ahead.early is None
    assert not bare.canvas.has_ground
    with pytest.raises(InputError):
        context.open_project(gone.address)


def test_that_a_window_that_nobody_sees_is_furnished_all_the_same(qtbot, context, monkeypatch):
    monkeypatch.setattr("lhasaplan.app.jobs.map_updater.LONGEST_MS", 50)
    canvas = MapCanvas(Language(context.services.content.load_translations))
    qtbot.addWidget(canvas)
    assert _shown_ahead(qtbot, SimpleNamespace(canvas=canvas), context, TOWN).early is not None


def test_that_only_what_is_read_in_a_moment_is_waited_for_in_a_bare_window(tmp_path, monkeypatch):
    small, large = tmp_path / "small.gpkg", tmp_path / "large.gpkg"
    monkeypatch.setattr("lhasaplan.app.jobs.map_updater.QUICK_BYTES", 10)
    small.write_bytes(bytes(10))
    large.write_bytes(bytes(11))
    quick = [TOWN, Named(address=str(small))]
    slow = [Named(address=str(large)), Named(address=str(tmp_path / "gone.gpkg")), Named(address="postgresql://office/city")]
    assert [each for each in (*quick, *slow) if is_quick(each)] == quick


def test_that_a_bare_window_closes(qtbot, bare):
    assert bare.close()
    assert not bare.isVisible()
