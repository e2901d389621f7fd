"""The line below the map: where the pointer is and the scale of the map, what a change does, and how far work has come."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Pace
from lhasaplan.app.look import Language, plain_label, plain_tip, scale_text
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import area_text, number_text

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect

# The line below the map that says where the pointer is, and at which scale the map is shown.
PLACE = marked("{lat}°, {lon}°   x {x} m, y {y} m   {scale}")
READOUT_TIP = marked("Latitude and longitude (WGS 84), place in the project's grid {crs}, scale on this screen")
DECIMALS = 5  # of a degree: about a metre

Where = Callable[[float, float], tuple[float, float] | None]  # longitude and latitude of a place; None without a city


class Readout(QLabel):
    """Follows pointer and scale; empty while there is no city."""

    def __init__(self, canvas: MapCanvas, session: Session, language: Language, where: Where) -> None:
        super().__init__()
        self._canvas, self._session, self._say, self._where = canvas, session, language, where
        self._at: tuple[float, float] | None = None
        session.left.connect(self._forget)
        canvas.pointed.connect(self._point)
        canvas.viewport_changed.connect(self._write)
        language.changed.connect(self._write)

    def _forget(self) -> None:
        """Say nothing of a place in another project."""
        self._at = None
        self._write()

    def _point(self, x_m: float, y_m: float) -> None:
        # A place that was pointed at before there was a city is none of the city that is opened then.
        self._at = (x_m, y_m) if self._where(x_m, y_m) is not None else None
        self._write()

    def _write(self) -> None:
        lonlat = self._where(*self._at) if self._at is not None else None
        self.setText(self._line(*self._at, *lonlat) if self._at is not None and lonlat is not None else "")
        self.setToolTip(plain_tip(self._say(READOUT_TIP, crs=self._session.project.crs)))

    def _line(self, x_m: float, y_m: float, lon: float, lat: float) -> str:
        translations = self._say.translations
        lat_text, lon_text = (number_text(value, translations, DECIMALS) for value in (lat, lon))
        x, y = (number_text(value, translations) for value in (x_m, y_m))
        scale = scale_text(self._canvas.viewport.metres_per_px, self._canvas.logicalDpiX(), translations)
        return self._say(PLACE, lat=lat_text, lon=lon_text, x=x, y=y, scale=scale)


# The line that says, while a camera is drawn or dragged, what that does: parts, protected places by grade, unasked ground.
PLACES = marked("Protected places in view: note {note}, due {due}, severe {error}, possible {possible}")
UNASKED = marked("unasked ground {area}")
GAINED, LOST = marked("parts gained: {count}"), marked("parts lost: {count}")
TIP = marked("Effect of the change to this camera, before and after. Run the analysis for remedies and all other findings.")
BETWEEN = "  ·  "


class EffectLine(QLabel):
    """Follows what is done to the selected camera; empty while nothing is."""

    def __init__(self, effects: SignalInstance, language: Language) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._say = language
        self._effect: ChangeEffect | None = None
        effects.connect(self._take)
        language.changed.connect(self._write)

    def _take(self, effect: "ChangeEffect | None") -> None:
        self._effect = effect
        self._write()

    def _write(self) -> None:
        self.setText(BETWEEN.join(self._pieces(self._effect)) if self._effect is not None else "")
        self.setToolTip(plain_tip(self._say(TIP)) if self._effect is not None else "")

    def _pieces(self, effect: "ChangeEffect") -> list[str]:
        before, after = (area_text(area_m2, self._say.translations) for area_m2 in effect.unasked_m2)
        pieces = [self._say(PLACES, **{grade: _pair(*map(str, pair)) for grade, pair in effect.places_by_grade.items()})]
        pieces.append(self._say(UNASKED, area=_pair(before, after)))
        reported = ((GAINED, effect.gained), (LOST, effect.lost))
        return [*pieces, *(self._say(template, count=len(parts)) for template, parts in reported if parts)]


def _pair(before: str, after: str) -> str:
    """Return both values, or the one that stayed."""
    return after if before == after else f"{before} → {after}"


# What the steps of an analysis are called.
STEPS = {
    "protected": marked("find protected places"),
    "sight": marked("compute what cameras see"),
    "cures": marked("try remedies"),
    "findings": marked("write findings"),
    "siting": marked("choose among proposals"),
}
BEGINNING = marked("Preparing")
WARMING = marked("Preparing the computation of sight; the first start takes longer")
SIGHT = "sight"
SHOWN_LANES = ("warm", "file", "saving", "table", "analysis", "ground", "city", "siting", SIGHT)
LONG_LANES = ("warm", "file", "saving", "analysis", "siting")
SECONDS, MINUTES = marked("{step}, about {seconds} s left"), marked("{step}, about {minutes} min left")
MINUTE_S, ROUND_S = 90.0, 5
STOPPABLE_LANES = ("analysis", "file")
FULL, WIDTH_PX = 1000, 220
BESIDE_PX, GRIP_PX = 8, 24  # between what stands in the line, and at its end


def _width_of(widget: QWidget) -> int:
    """Return how wide a widget of the line is: a bar as wide as it may be."""
    return BESIDE_PX + (WIDTH_PX if isinstance(widget, QProgressBar) else widget.sizeHint().width())


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
        self._is_busy = False
        bench.session.attention.said.connect(self.showMessage)
        self.messageChanged.connect(self._make_room)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what is said whole."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Hide what stands at the right as far as a sentence would be cut by it: how a tool is used counts more."""
        shown = [self.bar, self.step, self.readout] if self._is_busy else [self.readout]  # the last goes first
        if self.currentMessage():
            kept = [self.stop] if not self.stop.isHidden() else []
            free = self.width() - self.fontMetrics().horizontalAdvance(self.currentMessage()) - GRIP_PX
            while shown and sum(map(_width_of, (*kept, *shown))) > free:
                shown.pop()
        for widget in (self.step, self.bar, self.readout):
            if widget.isHidden() is (widget in shown):
                widget.setVisible(widget in shown)

    def _show_progress(self, lane: str, share: float, step: str) -> None:
        if lane not in SHOWN_LANES or self.bar.isHidden():  # a bar that nobody sees is not laid out at each step of a drag
            return
        self._step, self._left_s = STEPS.get(step, step), self._pace.left_s(lane, share, monotonic())
        self._name_step()
        self._show_share(share)

    def _show_share(self, share: float) -> None:
        """Show how much is done; while that is not known the bar only moves, so that it does not look stuck."""
        most = FULL if share > 0.0 else 0
        self.bar.setUpdatesEnabled(False)  # Qt would paint a bar at once, and all that waits to be painted
        if self.bar.maximum() != most:  # laying it out anew is slow, and a drag tells ten times a step
            self.bar.setRange(0, most)
        self.bar.setValue(round(share * FULL))
        self.bar.setUpdatesEnabled(True)

    def _name_step(self) -> None:
        """Say what is done, and how long it will still take where that can be said."""
        step, left_s = self._say(self._step) if self._step else "", self._left_s
        if not step or left_s is None:
            self.step.setText(step)
        elif left_s > MINUTE_S:
            self.step.setText(self._say(MINUTES, step=step, minutes=round(left_s / 60.0)))
        else:
            self.step.setText(self._say(SECONDS, step=step, seconds=ROUND_S * max(round(left_s / ROUND_S), 1)))
        if self.currentMessage():  # which a longer name would cut
            self._make_room()

    def _show_idle(self, lane: str, idle: bool) -> None:
        # While something is dragged its sight is computed at each step: the map shows that, and a bar would only flicker.
        lanes = (one for one in SHOWN_LANES if one != SIGHT or not self._map.is_dragging)
        self._is_busy = any(map(self._jobs.is_busy, lanes))
        self.stop.setVisible(any(map(self._jobs.is_busy, STOPPABLE_LANES)))
        self._make_room()
        if not idle and lane in LONG_LANES:
            self._pace.begin(lane, monotonic())
            self._left_s = None
            self._show_share(0.0)
            self._step = WARMING if self._jobs.is_busy("warm") else BEGINNING
            self._name_step()
