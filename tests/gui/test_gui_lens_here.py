"""The pointer says what a lens there would add and show, while the gate is open; where none may stand nothing stays."""

from types import SimpleNamespace

import pytest
from gui_town import assessment_of
from PySide6.QtCore import QPointF

from lhasaplan.core.live.effect import ChangeEffect, PartEffect
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Gate
from lhasaplan.errors import Fault, GuardError

# A part of which 20 % were served and 70 % would be, and one that would be met: 0.5 + 0.4 of a part.
PARTS = (
    PartEffect("crossing", ("gap", "partial"), (0.2, 0.7), (0.2, 0.7)),
    PartEffect("platform", ("partial", "met"), (0.6, 1.0), (0.6, 1.0)),
)


def effect(due):
    shown = {"home": {"note": (0, 2), "due": (0, due), "error": (0, 0), "possible": (0, 5)}}
    return ChangeEffect(("new",), PARTS, PARTS, shown, (0.0, 9.0), (0.0, 0.0))


@pytest.fixture
def lens(qtbot, window, context):
    """The tool behind the open gate; ``asked`` has what was evaluated, ``answer`` says what comes of it by place."""
    context.gate = Gate(True)
    window.session.set_assessment(assessment_of(window.session.project, context.gate), window.session.project)
    qtbot.waitUntil(lambda: window.bench.sight.live is not None)
    asked = []

    def evaluate(_project, proposal, *, private, live):
        camera = proposal.changes[0].camera
        asked.append((camera, not private))
        if camera.y_m > 60.0:
            raise GuardError(Fault("protected"))
        return effect(due=1 if camera.x_m > 60.0 else 0)

    context.evaluate = evaluate
    return SimpleNamespace(window=window, tool=window.tools["lens_here"].commands, asked=asked)


def point(lens, x_m, y_m):
    lens.window.canvas._hover(QPointF(*lens.window.canvas.viewport.to_screen(x_m, y_m)))


def test_that_the_place_under_the_pointer_is_tried_once_and_told(qtbot, lens):
    lens.window.menus["lens_here"].trigger()
    point(lens, 20.0, 40.0)
    qtbot.waitUntil(lambda: bool(lens.tool.said))
    assert lens.tool.said == (
        "Would add: 90 % of a part, parts fully served: 1",
        "Would show protected places: note 2, due 0, severe 0",
    )
    assert not lens.tool.tried[5, 10].is_harmful
    point(lens, 80.0, 40.0)
    qtbot.waitUntil(lambda: (20, 10) in lens.tool.tried)
    assert lens.tool.tried[20, 10].is_harmful
    point(lens, 20.0, 40.0)
    places = [(camera.x_m, camera.y_m) for camera, _ in lens.asked]
    assert len(set(places)) == len(places)  # those round the pointer that it did not reach yet, too
    # Nobody opened drawn places here: the answer is that of outputs, which a pointer led around cannot find them by.
    assert {is_disclosed for _, is_disclosed in lens.asked} == {True}


def test_that_a_place_where_no_camera_may_stand_leaves_nothing_on_the_map(qtbot, lens):
    lens.window.menus["lens_here"].trigger()
    point(lens, 20.0, 72.0)
    qtbot.waitUntil(lambda: lens.tool.said == ("No camera may stand here.",))
    assert lens.tool.tried == {}


def test_that_places_round_a_resting_pointer_are_known_before_it_comes_and_shown_only_then(qtbot, lens):
    lens.window.menus["lens_here"].trigger()
    point(lens, 20.0, 56.0)
    qtbot.waitUntil(lambda: (6, 14) in lens.tool.ahead and (5, 16) in lens.tool.ahead)
    assert set(lens.tool.tried) == {(5, 14)}
    asked = len(lens.asked)
    lens.window.bench.jobs.cancel("lens_ahead")
    point(lens, 24.0, 56.0)  # answered at once
    assert lens.tool.said[0] == "Would add: 90 % of a part, parts fully served: 1"
    assert set(lens.tool.tried) == {(5, 14), (6, 14)}
    point(lens, 20.0, 64.0)
    assert lens.tool.said == ("No camera may stand here.",)
    assert set(lens.tool.tried) == {(5, 14), (6, 14)}
    assert len(lens.asked) - asked <= 1  # one that was underway
    lens.window.session.select("known")  # what was tried was like another camera
    assert lens.tool.ahead == {}


def test_that_nothing_is_tried_while_the_gate_is_closed_and_the_reason_is_told(window):
    window.menus["lens_here"].trigger()
    assert window.session.mode.tool == ""
    assert len(window.bench.dialogs.reported) == 1


def test_that_a_click_plans_the_lens_that_was_tried_and_ends_the_trial(qtbot, lens):
    before = lens.window.session.project
    lens.window.menus["lens_here"].trigger()
    lens.window.canvas.tool_used.emit("lens_here", 24.0, 44.0)
    new = lens.window.session.project.cameras[-1]
    assert (new.status, new.x_m, new.y_m) == (Status.PLANNED, 24.0, 44.0)
    assert lens.window.session.mode.tool == ""
    assert lens.tool.tried == {}
    lens.window.menus["undo"].trigger()
    assert lens.window.session.project is before
