"""A window at which nobody works hides a sealed project until its passphrase is given; one that is not sealed stays open."""

import pytest
from gui_town import TODAY, FakeDialogs, town

from lhasaplan import bootstrap, workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.shell.window_parts import IdleLock
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import KeptProject
from lhasaplan.store import sealed

PASSPHRASE = "seven grey herons at noon"


class Asked(FakeDialogs):
    """Answers with passphrases in turn, and notes whether the window was to be seen when it was asked."""

    def __init__(self, *answers):
        super().__init__()
        self.answers, self.seen, self.window, self.reported = list(answers), [], None, []

    def ask_passphrase(self, text):
        if self.window is not None:
            self.seen.append(self.window.isVisible())
        return self.answers.pop(0)

    def tell(self, *lines):
        self.reported.append(lines)


@pytest.fixture
def opened(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(sealed, "_WORK", 2**8)

    def make(dialogs, is_sealed):
        services, path = bootstrap.open_services(), tmp_path / "town.gpkg"
        workflow.save(KeptProject(town(), services.stores.open(path)), None)
        if is_sealed:
            services.stores.seal(path, PASSPHRASE)
        window = MainWindow(AppContext(), Language(load_translations), TODAY, dialogs)
        qtbot.addWidget(window, before_close_func=lambda each: each.session.history.setClean())
        window.show()
        window.commands.opening.open_address(path)
        qtbot.waitUntil(lambda: window.session.store is not None, timeout=20_000)
        dialogs.window = window
        return window

    return make


def look_often(window):
    lock = IdleLock(window, window.bench)
    lock.begin(look_ms=1_000_000, idle_ms=2_000_000)
    for _ in range(4):
        lock.look()
    lock.deleteLater()


def test_that_a_sealed_project_is_hidden_until_its_passphrase_is_given(opened):
    dialogs = Asked(PASSPHRASE, "another one altogether", PASSPHRASE)
    window = opened(dialogs, is_sealed=True)
    look_often(window)
    assert dialogs.seen == [False, False]
    assert dialogs.reported
    assert window.isVisible()


def test_that_without_the_passphrase_the_window_closes(opened):
    dialogs = Asked(PASSPHRASE, None)
    window = opened(dialogs, is_sealed=True)
    look_often(window)
    assert dialogs.seen == [False]
    assert not window.isVisible()


def test_that_a_project_that_is_not_sealed_stays_open(opened):
    dialogs = Asked()
    window = opened(dialogs, is_sealed=False)
    look_often(window)
    assert window.isVisible()


def test_that_a_window_at_which_somebody_works_stays_open(opened):
    window = opened(Asked(PASSPHRASE), is_sealed=True)
    lock = IdleLock(window, window.bench)
    lock.begin(look_ms=1_000_000, idle_ms=2_000_000)
    for number in range(6):
        window.session.select("known" if number % 2 else "")
        lock.look()
    assert window.isVisible()
    lock.deleteLater()
