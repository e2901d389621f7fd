"""Taking a step back that brought protected places loses them: the state that is shown then says so, until it is done again."""

from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.app.state import Session
from lhasaplan.core.project.project import Loss

LOST = Loss(1, day="2026-05-01", step="undo", key="x", things=("k1",))


@pytest.fixture
def session(qtbot):
    found = Session("2026-05-01")
    found.open(small_town(), None)
    found.history.lost_by_undo = lambda now, before: (LOST,) if len(now.layers) > len(before.layers) else ()
    return found


def with_places(project):
    return replace(project, layers={**project.layers, "places": project.layers["buildings"]})


def test_that_an_import_that_is_taken_back_leaves_its_loss_and_done_again_none(session):
    before = session.project
    session.edit("Import", with_places)
    session.history.undo()
    assert (session.project.losses, session.project.layers) == ((LOST,), before.layers)
    session.history.redo()
    assert session.project.losses == ()


def test_that_steps_before_and_after_an_import_that_is_taken_back_keep_its_loss(session):
    session.edit("Name", lambda project: replace(project, name="one"))
    session.edit("Import", with_places)
    session.history.undo()
    session.history.undo()
    assert session.project.losses == (LOST,)
    session.edit("Name", lambda project: replace(project, name="two"))
    assert session.project.losses == (LOST,)


def test_that_a_step_that_took_no_layer_in_is_taken_back_to_the_very_state_of_before(session):
    before = session.project
    session.edit("Name", lambda project: replace(project, name="one"))
    session.history.undo()
    assert session.project is before
