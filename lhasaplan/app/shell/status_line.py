"""The line below the map: what a change does, where the pointer is, how far work has come, and how to stop it."""

from time import monotonic

from PySide6.QtWidgets import QProgressBar, QPushButton, QStatusBar

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Pace
from lhasaplan.app.look.widgets import plain_label
from lhasaplan.app.panels.status_texts import EffectLine, Readout
from lhasaplan.core.base.translations import marked

# What the steps of an analysis are called.
STEPS = {
    "protected": marked("find protected places"),
    "sight": marked("compute what cameras see"),
    "cures": marked("try remedies"),
    "findings": marked("write findings"),
    "siting": marked("choose among proposals"),
}
BEGINNING = marked("Preparing")
WARMING = marked("Making sight ready; this takes longer at a first start")
SIGHT = "sight"
SHOWN_LANES = ("warm", "file", "saving", "table", "analysis", "ground", "city", "siting", SIGHT)
LONG_LANES = ("warm", "file", "saving", "analysis", "siting")
SECONDS, MINUTES = marked("{step}, about {seconds} s left"), marked("{step}, about {minutes} min left")
MINUTE_S, ROUND_S = 90.0, 5
STOPPABLE_LANES = ("analysis", "file")
FULL, WIDTH_PX = 1000, 220


class StatusLine(QStatusBar):
    """Follows the work beside the window."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._jobs, self._map, self._say, self._step = bench.jobs, bench.map, bench.language, ""
        self._pace = Pace()
        self._left_s: float | None = None
        self.step, self.bar, self.stop = plain_label(), QProgressBar(), QPushButton()
        self.bar.setMaximumWidth(WIDTH_PX)
        self.bar.setRange(0, FULL)
        bench.language.bind(self.stop.setText, marked("Cancel"))
        self.readout = Readout(bench.canvas, bench.session, bench.language, bench.city.lonlat)
        self.effect = EffectLine(bench.sight.effect_changed, bench.language)
        self.addWidget(self.effect)
        self.addPermanentWidget(self.readout)
        for widget in (self.step, self.bar, self.stop):
            self.addPermanentWidget(widget)
            widget.hide()
        self._jobs.progressed.connect(self._show_progress)
        self._jobs.idle_changed.connect(self._show_idle)
        bench.language.changed.connect(self._name_step)
        bench.session.attention.said.connect(self.showMessage)

    def _show_progress(self, lane: str, share: float, step: str) -> None:
        if lane not in SHOWN_LANES:
            return
        self._step, self._left_s = STEPS.get(step, step), self._pace.left_s(lane, share, monotonic())
        self._name_step()
        self._show_share(share)

    def _show_share(self, share: float) -> None:
        """Show how much is done; while that is not known the bar only moves, so that it does not look stuck."""
        most = FULL if share > 0.0 else 0
        if self.bar.maximum() != most:  # laying it out anew is slow, and a drag tells ten times a step
            self.bar.setRange(0, most)
        self.bar.setValue(round(share * FULL))

    def _name_step(self) -> None:
        """Say what is done, and how long it will still take where that can be said."""
        step, left_s = self._say(self._step) if self._step else "", self._left_s
        if not step or left_s is None:
            self.step.setText(step)
        elif left_s > MINUTE_S:
            self.step.setText(self._say(MINUTES, step=step, minutes=round(left_s / 60.0)))
        else:
            self.step.setText(self._say(SECONDS, step=step, seconds=ROUND_S * max(round(left_s / ROUND_S), 1)))

    def _show_idle(self, lane: str, idle: bool) -> None:
        # While something is dragged its sight is computed at each step: the map shows that, and a bar would only flicker.
        lanes = (one for one in SHOWN_LANES if one != SIGHT or not self._map.is_dragging)
        busy = any(map(self._jobs.is_busy, lanes))
        self.step.setVisible(busy)
        self.bar.setVisible(busy)
        self.stop.setVisible(any(map(self._jobs.is_busy, STOPPABLE_LANES)))
        if not idle and lane in LONG_LANES:
            self._pace.begin(lane, monotonic())
            self._left_s = None
            self._show_share(0.0)
            self._step = WARMING if self._jobs.is_busy("warm") else BEGINNING
            self._name_step()
