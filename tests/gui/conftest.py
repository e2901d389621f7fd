"""The window with a small town in it: real session, map and panels; sight and analysis are simple stand-ins."""

import gc
from pathlib import Path

import pytest
from gui_town import TODAY, FakeDialogs, FakeEngine

from lhasaplan.app.look.language import Language
from lhasaplan.app.shell.window import MainWindow


def pytest_collection_modifyitems(items):
    """Qt's offscreen screen cannot keep sizes and says so once a window; that is no fault of ours."""
    for item in items:
        if "gui" in item.path.parts:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(autouse=True)
def _garbage_of_this_thread():
    """Collect as the program does: in the window's thread only, never in a worker."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def window(qtbot, engine):
    """The window with the town in it, sight computed."""
    made = MainWindow(engine, Language(engine.wording), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=_forget_changes)
    made.show()
    qtbot.waitExposed(made)
    made.commands.opening.open_address(Path("town.gpkg"))
    qtbot.waitUntil(lambda: len(made.bench.sight.sight.seen) == 2)
    qtbot.waitUntil(lambda: len(made.canvas.camera_symbols) == 2)
    return made


def _forget_changes(window):
    window.session.history.setClean()
