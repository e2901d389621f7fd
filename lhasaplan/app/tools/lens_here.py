"""The tool that says under the pointer what a lens there would add and would show, and leaves a trail of heat behind it.

While the pointer rests, the places round it are tried too, the nearest first, so that it finds its answer wherever it goes.
What was found so is on the map only once the pointer was there: by its gaps a whole sheet of heat would show where no camera may
stand.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Switch, Tool, Workbench
from lhasaplan.app.map.decorations import draw_card
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.style import with_alpha
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state import edits
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import planned_project
from lhasaplan.errors import GuardError, UserError

KEY, LANE, AHEAD_LANE = "lens_here", "lens_here", "lens_ahead"
STEP_M = 4.0  # between the places that are tried
MOST = 2000  # places of a trail that are kept
AHEAD, REST_MS = 12, 120  # how many places to each side of a pointer that rests so long are tried
TRYING = marked("Point at the ground: what a lens there would add and show. A click plans it, Esc ends.")
ADDS = marked("Would add: {share} % of a part, parts fully served: {count}")
SHOWS = marked("Would show protected places: note {note}, due {due}, severe {error}")
NOWHERE = marked("No camera may stand here.")
HELD = marked("In a meeting no place is tried out.")
CARD_PX, LINE_PX, ALPHA = 10.0, 18.0, 120
Cell = tuple[int, int]
_SIDE = range(-AHEAD, AHEAD + 1)
NEAREST_FIRST = sorted(((dx, dy) for dx in _SIDE for dy in _SIDE), key=lambda way: math.hypot(*way))


@dataclass(frozen=True, slots=True)
class TriedPlace:
    """What a lens at a place would add and show.

    ``share`` is the sum over parts of what is served more, 1 for a whole part; ``shown`` are protected places by grade.
    """

    share: float
    gained: int
    shown: dict[str, int]

    @property
    def is_harmful(self) -> bool:
        """Tell whether a lens here would show a protected place so sharply that the view must end."""
        return self.shown["due"] + self.shown["error"] > 0


class LensHere(QObject, MapTool):
    """Tries the place under the pointer while the gate is open; where no camera may stand, nothing stays on the map."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        QObject.__init__(self)
        self._bench, self._commands, session = bench, commands, bench.session
        self.tried: dict[Cell, TriedPlace] = {}
        self.ahead: dict[Cell, TriedPlace | None] = {}  # tried before the pointer came; None where no camera may stand
        self.said: tuple[str, ...] = ()  # beside the pointer
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._try_ahead)
        self._cell: Cell | None = None
        self._was_on = False
        bench.canvas.add_map_tool(self)
        bench.canvas.tool_used.connect(self._plan)
        session.mode.changed.connect(self._follow_mode)
        for signal in (session.project_changed, session.gate_changed, session.selection_changed, session.left):
            signal.connect(self._forget)

    def turn(self, on: bool) -> None:
        """Begin to try places, or say why none may be planned; or end it."""
        if on and self._bench.session.is_held:
            self._bench.session.attention.say(self._bench.language(HELD))
        else:
            self._bench.session.mode.switch(KEY, on and self._commands.placing.may_plan())

    def is_on(self) -> bool:
        """Say whether places are tried."""
        return self._bench.session.mode.tool == KEY

    def _follow_mode(self) -> None:
        was_on, self._was_on = self._was_on, self.is_on()
        if self.is_on() or was_on:
            self._forget()
            self._bench.session.attention.guide(KEY, self._bench.language(TRYING) if self.is_on() else "")

    def _forget(self, *_news: object) -> None:
        """Drop the trail: it is of the project as it was, and of the camera that was chosen."""
        self._rest.stop()
        for lane in (LANE, AHEAD_LANE):
            self._bench.jobs.cancel(lane)
        self.tried.clear()
        self.ahead.clear()
        self._cell, self.said = None, ()
        self._bench.canvas.update()

    def camera_at(self, x_m: float, y_m: float) -> Camera:
        """Return the camera that is tried: like the selected one, else as a click places it.

        It looks at the nearest part that is not served.
        """
        chosen = self._bench.session.selected
        like = chosen if chosen is not None and chosen.status is not Status.REMOVED else edits.new_camera(x_m, y_m)
        results = self._bench.session.current_results
        parts = results.parts or () if results is not None else ()
        middles = [each.part.geometry.representative_point() for each in parts if str(each.verdict) != "met"]
        nearest = min(middles, key=lambda at: math.hypot(at.x - x_m, at.y - y_m), default=None)
        values: edits.Values = {"x_m": x_m, "y_m": y_m}
        if nearest is not None:
            grid_deg = math.degrees(math.atan2(nearest.x - x_m, nearest.y - y_m))
            values = {**values, "azimuth_deg": round((grid_deg + self._bench.city.convergence_deg) % 360.0, 1) % 360.0}
        return replace(like, **values)

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Try the place under the pointer, unless that was done."""
        if not self.is_on():
            return None
        x_m, y_m = self._bench.canvas.viewport.to_world(at.x(), at.y())
        cell = round(x_m / STEP_M), round(y_m / STEP_M)
        if cell != self._cell:
            self._cell, self.said = cell, ()
            known = self.tried.get(cell) or self.ahead.get(cell)
            if known is not None:
                self._keep(cell, known)
            elif cell in self.ahead:
                self.said = (self._bench.language(NOWHERE),)
            else:
                self._bench.jobs.cancel(AHEAD_LANE)
                self._try(cell)
            self._rest.start()
            self._bench.canvas.update()
        return Qt.CursorShape.CrossCursor

    def _try(self, cell: Cell) -> None:
        work = self._work_at(cell)
        if work is not None:
            keep, refuse = partial(self._keep, cell), partial(self._refuse, cell)
            self._bench.jobs.start(LANE, work, keep, refuse, follow=True)

    def _try_ahead(self) -> None:
        """Try the nearest place round the pointer that is not known yet, then the next, until the pointer goes on."""
        if self._cell is None or not self.is_on():
            return
        if self._bench.jobs.is_busy(LANE):
            self._rest.start()
            return
        cell = next((each for each in self._around(self._cell) if each not in self.tried and each not in self.ahead), None)
        work = self._work_at(cell) if cell is not None else None
        if cell is not None and work is not None:
            keep = partial(self._keep_ahead, cell)
            self._bench.jobs.start(AHEAD_LANE, work, keep, lambda error: keep(None) if isinstance(error, GuardError) else None)

    def _keep_ahead(self, cell: Cell, place: TriedPlace | None) -> None:
        self.ahead[cell] = place
        self._try_ahead()

    def _around(self, middle: Cell) -> Iterator[Cell]:
        """Give the places round one that the map shows, the nearest first."""
        west, south, east, north = self._bench.canvas.viewport.box_m
        for dx, dy in NEAREST_FIRST:
            cell = middle[0] + dx, middle[1] + dy
            if west <= cell[0] * STEP_M <= east and south <= cell[1] * STEP_M <= north:
                yield cell

    def _work_at(self, cell: Cell) -> "Callable[[object], TriedPlace] | None":
        """Return what tries a place; None while nothing may be planned."""
        session, services, live = self._bench.session, self._bench.services, self._bench.sight.live
        if live is None or not session.may_plan or session.is_held:
            return None
        project = session.project
        camera = self.camera_at(cell[0] * STEP_M, cell[1] * STEP_M)
        proposal = edits.planned(project, (camera,), session.author)

        # Who opened the drawn places with their passphrase may see them; for all others a pointer that is led around finds none.
        def work(_report: object) -> TriedPlace:
            effect = workflow.evaluate(services, planned_project(project), proposal, private=project.has_opened, live=live)
            share = sum(max(each.share_served[1] - each.share_served[0], 0.0) for each in effect.parts)
            shown = {grade: after for grade, (_, after) in effect.places_by_grade.items() if grade != "possible"}
            return TriedPlace(float(share), len(effect.gained), shown)

        return work

    def _keep(self, cell: Cell, place: TriedPlace) -> None:
        if len(self.tried) < MOST:
            self.tried[cell] = place
        if cell == self._cell:
            self._tell(place)
        self._bench.canvas.update()

    def _refuse(self, cell: Cell, error: UserError) -> None:
        """Say that no camera stands here, and keep nothing: a trail of refusals would be a map of protected places."""
        if cell == self._cell and isinstance(error, GuardError):
            self.said = (self._bench.language(NOWHERE),)
            self._bench.canvas.update()

    def _tell(self, place: TriedPlace) -> None:
        say = self._bench.language
        self.said = (say(ADDS, share=round(100 * place.share), count=place.gained), say(SHOWS, **place.shown))

    def _plan(self, tool: str, x_m: float, y_m: float) -> None:
        if tool == KEY and self._commands.placing.add(marked("Place camera"), (self.camera_at(x_m, y_m),)):
            self.turn(False)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the trail: green where a lens would add, the stronger the more; crimson where it would show too much."""
        if not self.is_on():
            return
        colours, side = self._bench.canvas.palette_now, max(STEP_M / viewport.metres_per_px, 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for cell, place in self.tried.items():
            at = QPointF(*viewport.to_screen(cell[0] * STEP_M, cell[1] * STEP_M))
            strength = round(ALPHA * min(0.15 + place.share, 1.0))
            painter.setBrush(with_alpha(colours.severe, ALPHA) if place.is_harmful else with_alpha(colours.planned, strength))
            painter.drawRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side))
        if self._cell is not None and self.said:
            at = QPointF(*viewport.to_screen(self._cell[0] * STEP_M, self._cell[1] * STEP_M))
            width = max(QFontMetricsF(painter.font()).horizontalAdvance(line) for line in self.said) + 2 * CARD_PX
            card = QRectF(at.x() + 14.0, at.y() + 14.0, width, LINE_PX * len(self.said) + 6.0)
            card.moveRight(min(card.right(), viewport.width_px - 4.0))
            card.moveBottom(min(card.bottom(), viewport.height_px - 4.0))
            draw_card(painter, card, colours)
            painter.setPen(QPen(colours.ink))
            for number, line in enumerate(self.said):
                painter.drawText(card.adjusted(CARD_PX, 3.0 + number * LINE_PX, 0, 0), int(Qt.AlignmentFlag.AlignLeft), line)


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    lens = LensHere(bench, commands)
    switch = Switch(lens.turn, lens.is_on, bench.session.mode.changed)
    return Tool(
        KEY, entries=((marked("&Analysis"), Entry(KEY, marked("What a &lens here would add and show"), switch)),), commands=lens
    )
