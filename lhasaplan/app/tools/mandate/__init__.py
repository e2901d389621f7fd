"""The tool with which a person fills in the mandate and opens the gate, each missing thing by a button."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import decide
from lhasaplan.app.commands.workbench import Entry, Panel, Tool, Workbench
from lhasaplan.app.map.drawing import (
    CELLS,
    CHANGING,
    DRAW,
    DRAWING,
    Area,
    AreaOfMandate,
    CellChoice,
    Corners,
    ShapeDrawing,
    area_of,
    corners_of,
    ground_of,
)
from lhasaplan.app.state.selection import Tone
from lhasaplan.app.tools.mandate.form import ASKING, EMPTY, OPEN, SHUT, MandatePanel, Step
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import area_text

if TYPE_CHECKING:
    from lhasaplan.core.rules.pack import Missing
    from lhasaplan.workflow.new_states import PlanningState

KEY, LANE = "mandate", "planning_state"
SETTLE_MS = 250  # edits that follow each other are judged together
KEPT, SAVED = marked("The mandate is in the project."), marked("The mandate was saved as {file}.")
COUNTRY = marked("The country at a border")
NO_AREA = marked("There is no such area yet.")
# What the button of a missing thing says, by its task.
BUTTONS = {
    "mandate": marked("Fill in"),
    "plan_area_wkt": marked("Draw the plan area"),
    "building_extent_wkt": marked("Declare that the building layer covers the plan area"),
    "cells": marked("Look at the cells"),
    "country": marked("Say in which country…"),
    "import": marked("Import city data…"),
    "part": marked("Show it"),
    "camera": marked("Show it"),
}


class Mandating(QObject):
    """Asks the gate while the panel is looked at, and carries out what its buttons wish."""

    def __init__(self, bench: Workbench, commands: Commands, panel: MandatePanel) -> None:
        super().__init__()
        self._bench, self._commands, self.panel = bench, commands, panel
        self.state: PlanningState | None = None
        self._is_seen, self._area = False, "plan_area_wkt"  # which area is drawn
        self.drawing = ShapeDrawing(bench.canvas, bench.session.mode, DRAW, self._take_drawn)
        self.outline = AreaOfMandate(bench.canvas)
        self.cells = CellChoice(bench.canvas, bench.session.mode, self._tell_cells)
        for map_tool in (self.outline, self.drawing, self.cells):
            bench.canvas.add_map_tool(map_tool)
        self._later = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._later.timeout.connect(self._ask)
        self._known: Mandate | None = None
        self._connect()
        self._follow()

    def _connect(self) -> None:
        session, form = self._bench.session, self.panel.form
        session.project_changed.connect(self._follow)
        session.left.connect(self._forget)
        session.mode.changed.connect(self._follow_mode)
        session.attention.panel_seen.connect(self._see)
        self._bench.language.changed.connect(self._write)
        form.changed.connect(self._tell_kept)
        form.area_text = self._area_text
        form.draw_wished.connect(self.draw)
        form.take_wished.connect(self.take_area)
        form.name_areas(self._area_names)
        self.panel.keep.clicked.connect(self.keep)
        self.panel.save.clicked.connect(self.save)
        self.panel.read.clicked.connect(self._commands.importing.read_mandate)
        self.panel.cells.confirm_wished.connect(self.confirm_cells)
        self.panel.cells.all.clicked.connect(lambda: self.cells.choose(self.cells.cells))

    # Following the project

    def _see(self, key: str, is_seen: bool) -> None:
        if key == KEY:
            self._is_seen = is_seen
            self._show_area()
            if is_seen:
                self._ask()

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self.state = None
        self.cells.show_cells({})

    def _follow(self) -> None:
        """Show the project's mandate where it is another one than before; what is written and not kept yet stays else."""
        mandate = self._bench.session.project.mandate or Mandate()
        if mandate != self._known:
            self._known = mandate
            self.panel.form.show_mandate(mandate)
        self._tell_kept()
        self._later.start()

    def _ask(self) -> None:
        if not self._is_seen:
            return
        project, services, notices = self._bench.session.project, self._bench.services, self._bench.notices
        if not project.crs:
            self.state = None
            self._write()
            return
        self._write()
        self._bench.jobs.start(
            LANE, lambda _report: workflow.planning_state(services, project), self._take, notices.tell_once, follow=True
        )

    def _take(self, state: "PlanningState") -> None:
        self.state = state
        self.panel.form.offer_authorities(state.authorities)
        self.cells.show_cells(dict(state.cells))
        if not state.cells:
            self._bench.session.mode.switch(CELLS, False)
        self._show_area()
        self._write()

    def _show_area(self) -> None:
        is_shown = self.state is not None and self._is_seen and not self.drawing.is_on
        self.outline.shown = self.state.area if self.state is not None and is_shown else None
        self._bench.canvas.update()

    def _write(self) -> None:
        say, state = self._bench.language, self.state
        if not self._bench.session.project.crs:
            self.panel.gate.show_steps(say(EMPTY), False, ())
        elif state is None:
            self.panel.gate.show_steps(say(ASKING), False, ())
        elif state.gate.open:
            check = marked("Run the check")
            self.panel.gate.show_steps(say(OPEN), True, ((say(NEXT), say(check), self._commands.analysing.check),))
        else:
            steps = [self._step(each) for each in state.gate.missing]
            self.panel.gate.show_steps(say(SHUT, count=len(steps)), False, steps)

    def _step(self, missing: "Missing") -> Step:
        from lhasaplan.core.gate.decide import task_of

        task, about = task_of(missing)
        does: dict[str, Callable[[], object]] = {
            "mandate": lambda: self.panel.form.go_to(about),
            "plan_area_wkt": lambda: self.draw("plan_area_wkt"),
            "building_extent_wkt": self.cover_area,
            "cells": self.look_at_cells,
            "country": self.declare_country,
            "import": self._commands.dropping.ask_and_import,
            "camera": partial(self._commands.looking.show_camera, about),
        }
        say = self._bench.language
        text = BUTTONS.get(task, "")
        return words.said(missing, say.translations), say(text) if text else "", does.get(task)

    # The form

    def _tell_kept(self) -> None:
        self.panel.show_kept(self.panel.form.mandate == (self._bench.session.project.mandate or Mandate()))

    def keep(self) -> None:
        """Put what the form says into the project, as one step."""
        project, mandate = self._bench.session.project, self.panel.form.mandate
        if mandate == (project.mandate or Mandate()):
            return
        stated = workflow.state_mandate(self._bench.services, project, mandate)
        self._known = mandate  # what is written stays as it is
        self._bench.session.edit(marked("Fill in the mandate"), lambda _project: stated)
        self._bench.notices.note(KEPT, actions=self._bench.notices.undoing(project))

    def save(self) -> None:
        """Save what the form says as the file that *Read a file* reads."""
        path = self._bench.dialogs.ask_save_mandate()
        if path is None:
            return
        mandate, files, notices = self.panel.form.mandate, self._bench.services.files, self._bench.notices
        notices.start(
            "file", lambda _report: files.write_mandate(path, mandate), lambda _done: notices.note(SAVED, file=path.name)
        )

    def _area_text(self, wkt: str) -> str:
        area = self._metric_area(wkt)
        return "WKT" if area is None else area_text(area.area, self._bench.language.translations)

    # Areas

    def _area_names(self) -> tuple[str, ...]:
        return self._bench.area_names() if self._bench.session.project.crs else ()

    def _metric_area(self, wkt: str) -> Area | None:
        """Return an area of the mandate in the project's metres, None where it is none."""
        from lhasaplan.core.base.crs import Crs
        from lhasaplan.core.gate.planning_ground import metric_area

        crs = self._bench.session.project.crs
        return metric_area(wkt, Crs(crs)) if crs and wkt else None

    def draw(self, name: str) -> None:
        """Begin to draw one of the two areas, or change the corners of the one that is there."""
        self._area = name
        known = self._metric_area(self.panel.form.area(name))
        self.drawing.begin(corners_of(known) if known is not None else ())

    def _follow_mode(self) -> None:
        is_drawing, is_choosing = self._bench.session.mode.tool == DRAW, self._bench.session.mode.tool == CELLS
        hint = self._bench.language(CHANGING if self.drawing.is_closed else DRAWING) if is_drawing else ""
        self._bench.session.attention.guide(DRAW, hint)
        self._show_area()
        self.panel.cells.setVisible(is_choosing)

    def _take_drawn(self, corners: Corners) -> None:
        self._state(self._area, area_of(corners))

    def _state(self, name: str, area: Area) -> None:
        """Write an area into the form, and put all of it into the project: the gate answers at once."""
        from lhasaplan.core.base.crs import Crs
        from lhasaplan.core.gate.planning_ground import stated_area

        self.panel.form.set_area(name, stated_area(area, Crs(self._bench.session.project.crs)))
        self.keep()

    def take_area(self, name: str, way: str) -> None:
        """Take an area from what is known: the other area, the mapped buildings, what the map shows, a file, a named area."""
        project, services, form = self._bench.session.project, self._bench.services, self.panel.form
        if not project.crs:
            self._bench.notices.note(EMPTY, tone=Tone.NOTE)
        elif way == "other":
            (other,) = {"plan_area_wkt", "building_extent_wkt"} - {name}
            if form.area(other):
                form.set_area(name, form.area(other))
                self.keep()
            else:
                self._bench.notices.note(NO_AREA, tone=Tone.NOTE)
        elif way == "view":
            self._state(name, ground_of(self._bench.canvas.viewport.box_m))
        else:
            path = self._bench.dialogs.ask_polygons() if way == "file" else None
            if way != "file" or path is not None:
                what = path or way.removeprefix("area:")

                def find(_report: object) -> Area:
                    from lhasaplan.core.gate.planning_ground import ground_of_buildings

                    return ground_of_buildings(project.layers) if what == "data" else workflow.polygon_of(services, project, what)

                self._bench.notices.start("file", find, partial(self._state, name))

    def cover_area(self) -> None:
        """Declare that the building layer covers the plan area."""
        self.take_area("building_extent_wkt", "other")

    # Cells and countries

    def look_at_cells(self) -> None:
        """Show the cells without a building, and have clicks choose them."""
        boxes = [cell.bounds for cell in self.cells.cells.values()]
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            self._bench.session.mode.switch(CELLS, True)
            self._bench.canvas.show_box((min(west), min(south), max(east), max(north)))

    def _tell_cells(self) -> None:
        self.panel.cells.show_counts(len(self.cells.chosen), len(self.cells.cells))

    def confirm_cells(self, reason: str, by: str) -> None:
        """Declare of the chosen cells that nothing is built there."""
        project, services, chosen = self._bench.session.project, self._bench.services, tuple(sorted(self.cells.chosen))

        def work() -> tuple[Project, tuple[Fault, ...]]:
            return workflow.declare(services, project, chosen, workflow.Said("no_buildings", reason, by)), ()

        if chosen:
            decide(self._bench, project, marked("Confirm cells"), marked("Confirm cells"), work)

    def declare_country(self) -> None:
        """Say in which country the plan lies."""
        project, services = self._bench.session.project, self._bench.services
        self._bench.notices.start(
            LANE, lambda _report: workflow.borders_to_declare(services, project), lambda found: self._ask_country(project, found)
        )

    def _ask_country(self, project: Project, countries: tuple[tuple[str, str], ...]) -> None:
        said = self._bench.dialogs.ask_border_declaration(countries) if countries else None
        if said is None:
            return
        services, subjects = self._bench.services, (said.subject,)
        why = workflow.Said("in_country", said.why.reason, said.why.by)
        decide(self._bench, project, COUNTRY, COUNTRY, lambda: (workflow.declare(services, project, subjects, why), ()))


NEXT = marked("The check judges parts, gaps and overlaps.")


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel = MandatePanel(bench.language)
    mandating = Mandating(bench, commands, panel)

    def bring() -> None:
        """Bring the panel forward."""
        bench.session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Mandate"), panel, behind="selected", stays=True),),
        entries=((marked("&File"), Entry("fill_mandate", marked("Fill in the &mandate…"), bring)),),
        commands=mandating,
    )
