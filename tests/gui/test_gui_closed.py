"""The window asks for the passphrase of closed places, and closes drawn ones in one go with saving."""

from dataclasses import replace
from pathlib import Path

import pytest

from lhasaplan.core.project.project import ClosedPlaces

CLOSED = ClosedPlaces(2, b"s", b"box")
PATH = Path("closed.gpkg")


def answers(*given):
    """Return a box that gives these answers in turn, and what it was asked."""
    asked, left = [], list(given)
    return lambda text="": (asked.append(text), left.pop(0))[1], asked


def open_closed(window, context, qtbot, *given):
    """Open a project with closed places, and return what was asked."""
    context.closed = CLOSED
    window.bench.dialogs.ask_passphrase, asked = answers(*given)
    window.commands.opening.open_address(PATH)
    qtbot.waitUntil(lambda: window.session.store is not None and window.session.store.name == PATH.name)
    return asked


def test_that_a_project_with_closed_places_asks_for_their_passphrase(window, context, qtbot):
    asked = open_closed(window, context, qtbot, "the right passphrase")
    assert [text.split(".")[0] for text in asked] == ["2 drawn protected places of this project are closed"]
    assert not window.session.project.is_closed


def test_that_a_wrong_passphrase_is_told_and_asked_again(window, context, qtbot):
    asked = open_closed(window, context, qtbot, "wrong", "the right passphrase")
    assert len(asked) == 2
    assert window.bench.dialogs.reported == [("This did not work", ["wrong"])]
    assert not window.session.project.is_closed


def test_that_a_project_opens_without_its_closed_places_when_nobody_knows_the_passphrase(window, context, qtbot):
    open_closed(window, context, qtbot, None)
    assert window.session.project.is_closed
    assert window.statusBar().currentMessage().startswith("2 drawn protected places are closed")


def test_that_closing_saves_at_once_and_leaves_no_step_that_would_open_the_file_again(window, context, qtbot):
    window.bench.dialogs.answer["ask_new_passphrase"] = "the right passphrase"
    window.session.edit("A step", lambda project: project.__class__(name="other", crs=project.crs))
    window.commands.saving.protect()
    qtbot.waitUntil(lambda: window.strip.notice is not None)
    assert window.bench.dialogs.reported == []
    ((saved, results),) = context.saved
    assert (saved.project.closed.count, saved.store.name, results) == (2, "town.gpkg", None)
    assert saved.key is not None
    assert window.session.project is saved.project
    assert not window.session.history.canUndo()


def test_that_nothing_is_closed_without_a_passphrase(window, context):
    window.commands.saving.protect()
    assert context.saved == []


@pytest.mark.parametrize(("closed", "is_disclosed"), [(None, True), (replace(CLOSED, lie_open=True), False)])
def test_that_only_who_opened_the_places_is_told_what_outputs_do_not_tell(qtbot, window, context, closed, is_disclosed):
    window.session.edit("Import", lambda project: replace(project, closed=closed))
    window.session.select("known")
    window.commands.editing.correct({"range_m": 41.0})
    qtbot.waitUntil(lambda: context.is_effect_reported is is_disclosed, timeout=20_000)
