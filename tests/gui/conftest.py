"""The window with a small town in it: real session, map and panels; sight and analysis are simple stand-ins."""

import gc
import itertools
from pathlib import Path

import pytest
import shiboken6
from gui_town import TODAY, FakeContext, FakeDialogs, stand_in
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from lhasaplan.app import state
from lhasaplan.app.jobs import OVERLAYS, map_updater, names
from lhasaplan.app.look import Language
from lhasaplan.app.map.sheet import MapSheet
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.tools import mandate, tables
from lhasaplan.compute import give_back


def pytest_collection_modifyitems(items):
    """Qt's offscreen screen cannot keep sizes and says so once a window; that is no fault of ours."""
    for item in items:
        if "gui" in item.path.parts:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


PATIENCE_MS = 60_000  # beside other work a machine takes seconds for what it does at once alone; a wait that is met costs nothing
EVERY = 4  # tests: what so many windows leave behind is some 100 MB
SHORT_MS, LOOK_MS = 1, 1
PAUSES = (  # until several changes become one drawing, question or answer; every window of a test would wait for them
    (map_updater, "PAUSE_MS"),
    (names, "QUIET_MS"),
    (tables, "QUIET_MS"),
    (mandate, "SETTLE_MS"),
    (state, "SETTLE_MS"),
)
_ENDED = itertools.count(1)


@pytest.fixture(autouse=True, scope="session")
def _pauses_are_short():
    """Let the window draw and answer as soon as nothing else is to do: the first map of each would be waited for longest."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in PAUSES:
            patch.setattr(module, name, SHORT_MS)
        yield


@pytest.fixture(autouse=True, scope="module")
def _what_other_tests_keep():
    """Leave what stands already out of the search for garbage: a process of tests keeps millions of things of other towns."""
    gc.collect()
    gc.freeze()
    yield
    _let_go()


@pytest.fixture(autouse=True)
def _garbage_of_this_thread():
    """Collect as the program does: in the window's thread only, never in a worker; each time costs a third of a second."""
    gc.disable()
    yield
    if next(_ENDED) % EVERY == 0:
        _let_go()
    gc.enable()


def _let_go():
    """Free what stood beside a window: 30 MB of each test, some gigabytes of all.

    Its session and its work beside the window have no parent, and a signal that calls back to whoever owns its sender is a ring
    that Python cannot see, since half of it lies in Qt. A program has one window and ends with it.
    """
    ours = set(_classes_below(QObject))
    left = [each for each in gc.get_objects() if type(each) in ours and shiboken6.isValid(each) and each.parent() is None]
    for each in left:
        if isinstance(each, MapSheet):
            each.stop()  # as a window that closes does: Qt would wait for a thread that waits for Python
        each.deleteLater()
    del left
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    give_back()


def _classes_below(known):
    """Yield what the program makes of a class of Qt; a look at the class of a thing takes a thirtieth of asking what it is."""
    for each in known.__subclasses__():
        if each.__module__.startswith("lhasaplan."):
            yield each
        yield from _classes_below(each)


class PatientBot(QtBot):
    """Waits for what must come for a minute at least, not five seconds, and looks for it each millisecond, not each ten."""

    def waitUntil(self, callback, *, timeout=PATIENCE_MS):  # noqa: N802 - Qt's way to write names
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self, "wait", lambda _ms: QtBot.wait(self, LOOK_MS), raising=False)
            return super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **asked):  # noqa: N802 - the same
        return super().waitSignal(signal, timeout=max(timeout, PATIENCE_MS), **asked)

    def waitExposed(self, widget, *, timeout=PATIENCE_MS):  # noqa: N802 - the same
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp, request):
    """The mouse and the keys of a test, which has time."""
    return PatientBot(request)


@pytest.fixture
def context():
    return FakeContext()


@pytest.fixture
def window(qtbot, context, monkeypatch):
    """The window with the town in it, sight computed."""
    stand_in(context, monkeypatch)
    made = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=_forget_changes)
    with qtbot.waitExposed(made):
        made.show()
    made.commands.opening.open_address(Path("town.gpkg"))
    qtbot.waitUntil(lambda: len(made.bench.sight.sight.seen) == 2)
    qtbot.waitUntil(lambda: len(made.canvas.overlays.symbols) == 2)
    qtbot.waitUntil(lambda: not made.bench.map.is_behind and not made.bench.jobs.is_busy(OVERLAYS))
    return made


def _forget_changes(window):
    window.session.history.setClean()
