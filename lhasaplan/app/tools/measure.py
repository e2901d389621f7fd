"""The tool that measures: a line laid on the map, its length and the area between its ends."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, SpotEntry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.measure import MeasuredLine
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked

# Measure on the map: a mode in which each click lays a point.

MEASURING = marked("Click to draw a line; Backspace removes a point, Esc ends.")


class Measuring:
    """Lays an empty line when its mode begins, takes the line away when it ends."""

    def __init__(self, session: Session, canvas: MapCanvas, language: Language, mode: str) -> None:
        self._session, self._canvas, self._say, self._mode = session, canvas, language, mode
        session.mode.changed.connect(self._follow_mode)

    def turn(self, on: bool) -> None:
        """Begin to measure, or end it."""
        self._session.mode.switch(self._mode, on)

    def is_on(self) -> bool:
        """Say whether clicks lay points."""
        return self._session.mode.tool == self._mode

    def begin_at(self, x_m: float, y_m: float) -> None:
        """Begin to measure at a spot."""
        self.turn(True)
        self._canvas.set_measure(MeasuredLine(((x_m, y_m),)))

    def _follow_mode(self) -> None:
        was_on = self._canvas.measure is not None
        self._canvas.set_measure(MeasuredLine() if self.is_on() else None)
        if self.is_on() or was_on:
            self._session.attention.say(self._say(MEASURING) if self.is_on() else "")


KEY = "measure"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    measuring = Measuring(bench.session, bench.canvas, bench.language, KEY)
    switch = Switch(measuring.turn, measuring.is_on, bench.session.mode.changed)
    return Tool(
        KEY,
        entries=((marked("&View"), Entry(KEY, marked("&Measure"), switch, "Ctrl+M")),),
        spot_entries=(SpotEntry(marked("Measure from here"), measuring.begin_at),),
        commands=measuring,
    )
