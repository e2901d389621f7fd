"""Place planned cameras, while the gate allows it."""

from collections.abc import Sequence

from lhasaplan.app.commands.refused_ground import refused_ground
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes import AddCamera
from lhasaplan.core.model.camera import Camera
from lhasaplan.report.text import words

PLACE = "place"
NOT_JUDGED = marked("Whether a camera may be planned here has not been judged yet. Run the check first.")
CLOSED = marked("The gate is closed, so no camera can be planned. What is missing:")
PLACING = marked("Click where the camera should stand, or press Enter for the middle of the map; Esc ends.")


class Placing:
    """A mode of the map: the next click places a camera."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.session.mode.changed.connect(self._follow_mode)
        bench.canvas.tool_used.connect(self._click)
        self._was_on = False

    def turn(self, on: bool) -> None:
        """Begin to place, or say why no camera may be placed; or end it."""
        self._bench.session.mode.switch(PLACE, on and self.may_plan())

    def is_on(self) -> bool:
        """Say whether the next click places a camera."""
        return self._bench.session.mode.tool == PLACE

    def _follow_mode(self) -> None:
        was_on, self._was_on = self._was_on, self.is_on()
        if self.is_on() or was_on:
            self._bench.session.attention.say(self._bench.language(PLACING) if self.is_on() else "")

    def may_plan(self) -> bool:
        """Say whether the gate is open as judged for what is now; tell what is missing otherwise."""
        gate, notices = self._bench.session.gate, self._bench.notices
        if gate is None:
            notices.tell(NOT_JUDGED)
        elif not gate.open:
            notices.tell(CLOSED, [words.said(pair, self._bench.language.wording) for pair in gate.missing])
        return gate is not None and gate.open

    def _click(self, tool: str, x_m: float, y_m: float) -> None:
        if tool == PLACE:
            self.place(x_m, y_m)

    def place(self, x_m: float, y_m: float) -> None:
        """Place a planned camera and select it."""
        if self.add(marked("Place camera"), (edits.new_camera(x_m, y_m),)):
            self.turn(False)

    def add(self, template: str, cameras: Sequence[Camera]) -> bool:
        """Add cameras as plans, in one step, and select them; say why none is added where one may not be."""
        session = self._bench.session
        if not cameras or not self.may_plan():
            return False
        proposal = edits.planned(session.project, cameras, session.author)
        added = [change.camera for change in proposal.changes if isinstance(change, AddCamera)]
        refused = refused_ground(self._bench, added)
        if refused:
            session.attention.say(refused)
            return False
        session.edit(template, edits.carried_out(proposal, session.author))
        session.selection.choose(*proposal.camera_ids)
        return True
