"""The state of a meeting: what is gone through, and where it stands; while it lasts the project is held as it is."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state.mode import LOOK
from lhasaplan.app.tools.meeting.slides import FINDINGS, OPTIONS, VIEWS, Slide, slides_of

KINDS = (VIEWS, FINDINGS, OPTIONS)
LARGER = 1.45  # than letters on a desk


class Meeting(QObject):
    """Holds the project, fills the screen, and steps."""

    turned = Signal()
    stepped = Signal()

    def __init__(self, bench: Workbench, commands: Commands, mode: str) -> None:
        super().__init__()
        self._bench, self._commands, self._mode = bench, commands, mode
        self.kind, self.at, self.slides = VIEWS, 0, tuple[Slide, ...]()
        self._letters_pt = 0.0
        bench.session.mode.changed.connect(self._follow_mode)
        bench.session.left.connect(lambda: self.turn(False))

    def is_on(self) -> bool:
        """Say whether the meeting lasts."""
        return self._bench.session.is_held

    def turn(self, on: bool) -> None:
        """Begin the meeting, or end it."""
        if on == self.is_on():
            return
        session = self._bench.session
        session.hold(on)
        if on:
            session.mode.use(self._mode)
            self._grow(LARGER)
            self.choose(next((kind for kind in KINDS if slides_of(kind, self._bench, self._commands)), VIEWS))
        else:
            self._grow(1.0)
            session.mode.switch(self._mode, False)
            self._bench.proposals.clear()
            self._commands.looking.drop_mark()
        session.attention.bare_wished.emit(on)
        self.turned.emit()

    def _grow(self, times: float) -> None:
        """Write everything larger, or as large as before."""
        font = QApplication.font()
        self._letters_pt = self._letters_pt or font.pointSizeF()
        font.setPointSizeF(self._letters_pt * times)
        QApplication.setFont(font)

    def _follow_mode(self) -> None:
        """End with Esc, which puts away whatever takes the clicks."""
        if self.is_on() and self._bench.session.mode.tool == LOOK:
            self.turn(False)

    def choose(self, kind: str) -> None:
        """Go through another kind of thing, from its first."""
        self.kind, self.at, self.slides = kind, 0, slides_of(kind, self._bench, self._commands)
        self._show()

    def next_kind(self) -> None:
        """Go through the next kind that there is anything of."""
        start = KINDS.index(self.kind)
        others = (KINDS[(start + step) % len(KINDS)] for step in range(1, len(KINDS) + 1))
        self.choose(next((kind for kind in others if slides_of(kind, self._bench, self._commands)), self.kind))

    def step(self, by: int) -> None:
        """Show the next thing, or the one before; round from the last to the first."""
        if self.slides:
            self.at = (self.at + by) % len(self.slides)
            self._show()

    @property
    def slide(self) -> Slide | None:
        """Return what is shown."""
        return self.slides[self.at] if self.slides else None

    def _show(self) -> None:
        if self.slide is not None:
            self.slide.show()
        self.stepped.emit()
