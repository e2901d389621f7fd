"""What the other menus ask for, done: edits, placing, looking, analysis, help."""

from collections.abc import Callable, Sequence

from lhasaplan import __version__
from lhasaplan.app.commands.address_tasks import AddressTasks
from lhasaplan.app.look.schemes import use_scheme
from lhasaplan.app.map.measure import Measure
from lhasaplan.app.map.sheet import SightLine
from lhasaplan.app.map.spot import Witness
from lhasaplan.app.panels.summary import missing_texts
from lhasaplan.app.state import edits
from lhasaplan.app.work.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Finding

NOT_JUDGED = marked("Whether a camera may be planned here has not been judged yet. Run the check first.")
CLOSED = marked("The gate is closed, so no camera can be planned. What is missing:")
PLACING = marked("Click where the camera should stand; Esc ends.")
MEASURING = marked("Click to lay a line; Backspace takes a point back, Esc ends.")
MOUSE_AND_KEYS = (
    marked("Drag the map to pan, turn the wheel to zoom; the arrow keys, plus and minus do the same. Home shows the whole city."),
    marked("Click a camera to take it in hand: drag it to move it, drag its round handle to turn it. Esc lets go."),
    marked("Click any other spot to ask which cameras may see it."),
    marked(
        "Without a mouse: Enter on the map does this at its middle; Shift and an arrow key move the camera at hand by a metre."
    ),
    marked("Ctrl+M measures: each click lays a point. A click with the right button tells what can be done at a spot."),
    marked("Every change can be undone and is kept with its source and date."),
)
ABOUT = (
    marked("lhasaplan {version}: plans and audits fixed public cameras."),
    marked(
        "It shows what each camera can see, what it must not see, and what ends that. It takes no pictures, it recognises nobody."
    ),
    marked("Free software under the Apache License 2.0. Map data: see the line on the map."),
)


class Tasks(AddressTasks):
    """The methods ``do_<key>`` behind the menus."""

    scheme = "system"

    # Edits

    def do_undo(self) -> None:
        """Take the last edit back."""
        self._session.undo_stack.undo()

    def do_redo(self) -> None:
        """Do the edit again that was taken back."""
        self._session.undo_stack.redo()

    def do_place(self) -> None:
        """Begin to place planned cameras, or say why none may be placed."""
        is_wanted = self._window.actions_["place"].isChecked()
        if is_wanted and not self._may_plan():
            self._window.actions_["place"].setChecked(False)
            return
        self._window.canvas.is_placing = is_wanted
        self._window.statusBar().showMessage(self._say(PLACING) if is_wanted else "")

    def _may_plan(self) -> bool:
        """Say whether the gate is open as judged for what is now; tell what is missing otherwise."""
        gate = self._session.gate
        if gate is None:
            self.tell(NOT_JUDGED)
        elif not gate.open:
            self.tell(CLOSED, missing_texts(gate, self._say))
        return gate is not None and gate.open

    def place_camera(self, x_m: float, y_m: float) -> None:
        """Place a planned camera and take it in hand."""
        if not self._may_plan():
            return
        camera_id, edit = edits.placed(self._session.project, x_m, y_m, self._session.author)
        self._session.edit(marked("Place camera"), edit)
        self._session.select(camera_id)
        self._window.actions_["place"].setChecked(False)
        self.do_place()

    def do_remove(self) -> None:
        """Take the camera at hand away."""
        self._window.camera.remove_camera()

    def do_let_go(self) -> None:
        """End placing and measuring, or let go of the camera and the spot."""
        if self._window.canvas.measure is not None:
            self._window.actions_["measure"].setChecked(False)
            self.do_measure()
            return
        self._window.actions_["place"].setChecked(False)
        self.do_place()
        self._session.select("")
        self._window.proposals.clear()
        self._window.canvas.spot = self._window.canvas.highlight = None
        self._window.canvas.lines = ()
        self._window.canvas.update()

    # Looking

    def do_zoom_in(self) -> None:
        """Go closer."""
        self._window.canvas.zoom(1)

    def do_zoom_out(self) -> None:
        """Go farther."""
        self._window.canvas.zoom(-1)

    def do_show_all(self) -> None:
        """Show the whole city."""
        self._window.canvas.show_all()

    def do_measure(self) -> None:
        """Begin to lay a line that is measured, or take it away."""
        is_wanted = self._window.actions_["measure"].isChecked()
        self._window.canvas.measure = Measure() if is_wanted else None
        self._window.statusBar().showMessage(self._say(MEASURING) if is_wanted else "")
        self._window.canvas.update()

    def measure_from(self, x_m: float, y_m: float) -> None:
        """Begin to measure at a spot."""
        self._window.actions_["measure"].setChecked(True)
        self.do_measure()
        self._window.canvas.measure = Measure(((x_m, y_m),))

    def do_scheme(self, key: str = "system") -> None:
        """Use the colours of the system, light ones or dark ones."""
        self.scheme = key
        use_scheme(key)

    def do_legend(self) -> None:
        """Switch the legend."""
        self._window.canvas.shows_legend = self._window.actions_["legend"].isChecked()
        self._window.canvas.update()

    def do_show_camera(self) -> None:
        """Go to the camera at hand."""
        self.show_camera(self._session.selected_id)

    def show_camera(self, camera_id: str) -> None:
        """Take a camera in hand and go to it."""
        camera = edits.camera_of(self._session.project, camera_id)
        if camera is not None:
            self._session.select(camera_id)
            self._window.canvas.show_box((camera.x_m, camera.y_m, camera.x_m, camera.y_m), least_m=160.0)

    def show_finding(self, finding: Finding) -> None:
        """Go to where a finding is, and take its camera in hand."""
        camera = edits.camera_of(self._session.project, finding.camera_id)
        self._window.proposals.clear()
        if camera is not None:
            self._session.select(camera.camera_id)
        self._window.canvas.highlight = finding.geometry
        self._window.canvas.show_finding(finding.geometry, (camera.x_m, camera.y_m) if camera is not None else None)

    def ask_spot(self, x_m: float, y_m: float) -> None:
        """Ask who may see a spot."""
        self._window.canvas.spot, self._window.canvas.lines = (x_m, y_m), ()
        self._window.canvas.update()
        self._window.desk.ask(x_m, y_m)
        self._window.docks["who_sees"].raise_()

    def show_lines(self, answers: Sequence[Witness]) -> None:
        """Draw lines from the cameras that can see the spot; none from those that only stand near."""
        seen = self._window.desk.sight.seen
        found = ((seen[one.camera_id].placed.views[0], one.certainty) for one in answers if one.camera_id in seen)
        lines = (SightLine(v.x_m, v.y_m, certainty == "certain") for v, certainty in found if certainty != "not")
        self._window.canvas.lines = tuple(lines)
        self._window.canvas.update()

    # Analysis

    def do_audit(self) -> None:
        """Compute what the cameras see and must not see."""
        self._analyse(self._engine.audit)

    def do_check(self) -> None:
        """Compute the audit and, behind the gate, what is served."""
        self._analyse(self._engine.check)

    def do_again(self) -> None:
        """Run the analysis that fits the project: a project with a mandate is one to be planned."""
        (self.do_check if self._session.project.mandate is not None else self.do_audit)()

    def _analyse(self, run: Callable[[Project, Report], Assessment]) -> None:
        project = self._session.project
        self._start("analysis", lambda report: run(project, report), lambda found: self._take_results(project, found))

    def _take_results(self, project: Project, found: Assessment) -> None:
        self._session.set_assessment(found, project)

    def do_cancel(self) -> None:
        """Stop the analysis or the work on a file."""
        self._jobs.cancel("analysis")
        self._jobs.cancel("file")

    # Help

    def do_keys(self) -> None:
        """Tell how mouse and keys work."""
        self._window.dialogs.tell(self._say(marked("Mouse and keys")), [self._say(line) for line in MOUSE_AND_KEYS])

    def do_about(self) -> None:
        """Tell what this is."""
        lines = [self._say(line, version=__version__) if "{" in line else self._say(line) for line in ABOUT]
        self._window.dialogs.tell(self._say(marked("About")), lines)
