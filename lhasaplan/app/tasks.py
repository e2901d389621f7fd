"""What the menus ask for, done: files, analysis, placing and looking; long work runs as jobs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan import __version__
from lhasaplan.app import edits
from lhasaplan.app.engine import Engine
from lhasaplan.app.jobs import Report, unreadable
from lhasaplan.app.panels.summary import missing_texts
from lhasaplan.core.assessment import Assessment
from lhasaplan.core.finding import Finding
from lhasaplan.core.project import Project
from lhasaplan.core.wording import marked
from lhasaplan.errors import Fault, UserError

if TYPE_CHECKING:
    from lhasaplan.app.window import MainWindow

NO_RESULTS = marked("There are no results yet. Run the audit first.")
STALE_RESULTS = marked("The project was changed since the last analysis. Run it again before exporting.")
NOT_JUDGED = marked("Whether a camera may be planned here has not been judged yet. Run the check first.")
CLOSED = marked("The gate is closed, so no camera can be planned. What is missing:")
PLACING = marked("Click where the camera should stand; Esc ends.")
MOUSE_AND_KEYS = (
    marked("Drag the map to pan, turn the wheel to zoom; the arrow keys, plus and minus do the same. Home shows the whole city."),
    marked("Click a camera to take it in hand: drag it to move it, drag its round handle to turn it. Esc lets go."),
    marked("Click any other spot to ask which cameras may see it."),
    marked("Every change can be undone and is kept with its source and date."),
)
ABOUT = (
    marked("lhasaplan {version}: plans and audits fixed public cameras."),
    marked(
        "It shows what each camera can see, what it must not see, and what ends that. It takes no pictures, it recognises nobody."
    ),
    marked("Free software under the Apache License 2.0. Map data: see the line on the map."),
)


class Tasks:
    """The methods ``do_<key>`` behind the menus."""

    def __init__(self, window: "MainWindow", engine: Engine) -> None:
        self._window, self._engine = window, engine
        self._say, self._session, self._jobs = window.language, window.session, window.jobs

    # Telling

    def tell(self, template: str, lines: list[str] | None = None) -> None:
        """Tell a sentence, and a list under it."""
        self._window.dialogs.tell("lhasaplan", [self._say(template), *(lines or [])])

    def tell_error(self, error: UserError) -> None:
        """Tell everything that is wrong, in the user's language."""
        self._window.dialogs.tell(self._say(marked("This did not work")), [self._say.fault(fault) for fault in error.faults])

    def _start(self, lane: str, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        self._jobs.start(lane, work, done, self.tell_error)

    def warm_up(self) -> None:
        """Make the sight kernels ready while the user looks around, and say so when they cannot be kept."""
        self._start("warm", lambda _report: self._engine.warm_up(), self._tell_remark)

    def _tell_remark(self, remark: Fault | None) -> None:
        if remark is not None:
            self._window.statusBar().showMessage(self._say.fault(remark))

    # Files

    def may_leave(self) -> bool:
        """Ask about unsaved changes; say whether the project may be left."""
        if not self._session.is_dirty:
            return True
        answer = self._window.dialogs.ask_save()
        return answer == "discard" or (answer == "save" and self._save_now())

    def _save_now(self) -> bool:
        """Save before leaving, in this thread: nothing may come between."""
        path = self._session.path or self._window.dialogs.ask_save_as()
        if path is None:
            return False
        try:
            self._engine.save(self._session.project, path, self._results_to_save())
        except (UserError, OSError) as error:
            self.tell_error(error if isinstance(error, UserError) else unreadable(error))
            return False
        self._session.mark_saved(path)
        return True

    def _results_to_save(self) -> Assessment | None:
        return None if self._session.is_stale else self._session.assessment

    def do_new(self) -> None:
        """Begin a project under chosen rule packs."""
        if not self.may_leave():
            return
        packs = self._window.dialogs.ask_packs(self._engine.pack_titles(self._say.code))
        if packs is not None:
            self._start("file", lambda _report: self._engine.new_project(packs), lambda project: self.take_project(project, None))

    def do_open(self) -> None:
        """Open a project file."""
        path = self._window.dialogs.ask_open() if self.may_leave() else None
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open this project file."""
        self._start("file", lambda report: self._load(path, report), lambda project: self.take_project(project, path))

    def _load(self, path: Path, report: Report) -> Project:
        report(0.2, marked("Reading the project"))
        return self._engine.load(path)

    def take_project(self, project: Project, path: Path | None) -> None:
        """Show another project."""
        self._jobs.cancel("analysis")
        self._window.desk.open_elsewhere()
        self._window.who_sees.show_answers(None)
        self._session.open(project, path)

    def do_save(self) -> None:
        """Save where the project lies."""
        if self._session.path is None:
            self.do_save_as()
        else:
            self._save(self._session.path)

    def do_save_as(self) -> None:
        """Save under another name."""
        path = self._window.dialogs.ask_save_as()
        if path is not None:
            self._save(path)

    def _save(self, path: Path) -> None:
        project, results = self._session.project, self._results_to_save()

        def work(report: Report) -> Project:
            report(0.2, marked("Saving the project"))
            self._engine.save(project, path, results)
            return project

        self._start("file", work, lambda saved: self._mark_saved(saved, path))

    def _mark_saved(self, saved: Project, path: Path) -> None:
        if saved is self._session.project:
            self._session.mark_saved(path)

    def do_import(self) -> None:
        """Take files into the project; one undo step takes them out again."""
        wish = self._window.dialogs.ask_import()
        if wish is None:
            return
        project = self._session.project

        def work(report: Report) -> tuple[Project, list[Fault]]:
            grown, remarks = project, []
            for number, path in enumerate(wish.paths):
                report(number / len(wish.paths), marked("Importing"))
                grown, found = self._engine.import_file(grown, path, wish.kind, wish.crs, wish.datum)
                remarks += found.remarks
            return grown, remarks

        self._start("file", work, self._take_import)

    def _take_import(self, found: tuple[Project, list[Fault]]) -> None:
        grown, remarks = found
        self._session.edit(marked("Import"), lambda _project: grown)
        if remarks:
            self.tell(marked("The file was imported. Please note:"), [self._say.fault(fault) for fault in remarks])

    def do_mandate(self) -> None:
        """Read the mandate that the gate asks for."""
        path = self._window.dialogs.ask_open(mandate=True)
        if path is None:
            return
        project = self._session.project
        self._start("file", lambda _report: self._engine.set_mandate(project, path), self._take_mandate)

    def _take_mandate(self, project: Project) -> None:
        self._session.edit(marked("Read mandate"), lambda _project: project)

    def do_export(self) -> None:
        """Write drafts of the last results."""
        results, project = self._session.assessment, self._session.project
        if results is None or self._session.is_stale:
            self.tell(NO_RESULTS if results is None else STALE_RESULTS)
            return
        wish = self._window.dialogs.ask_export()
        if wish is None:
            return

        def work(report: Report) -> list[Path]:
            report(0.1, marked("Writing the drafts"))
            return self._engine.export(project, results, wish.formats, wish.folder, wish.language)

        self._start("file", work, lambda files: self.tell(marked("These drafts were written:"), [str(file) for file in files]))

    def do_quit(self) -> None:
        """Close the window."""
        self._window.close()

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
        camera_id, edit = edits.placed(x_m, y_m, self._session.author)
        self._session.edit(marked("Place camera"), edit)
        self._session.select(camera_id)
        self._window.actions_["place"].setChecked(False)
        self.do_place()

    def do_remove(self) -> None:
        """Take the camera at hand away."""
        self._window.camera.remove_camera()

    def do_let_go(self) -> None:
        """End placing, or let go of the camera and the spot."""
        self._window.actions_["place"].setChecked(False)
        self.do_place()
        self._session.select("")
        self._window.canvas.spot = self._window.canvas.highlight = None
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
        self._window.canvas.highlight = finding.geometry
        if camera is not None:
            self._session.select(camera.camera_id)
        self._window.canvas.show_finding(finding.geometry, (camera.x_m, camera.y_m) if camera is not None else None)

    def ask_spot(self, x_m: float, y_m: float) -> None:
        """Ask who may see a spot."""
        self._window.canvas.spot = (x_m, y_m)
        self._window.canvas.update()
        self._window.desk.ask(x_m, y_m)
        self._window.docks["who_sees"].raise_()

    # Analysis

    def do_audit(self) -> None:
        """Compute what the cameras see and must not see."""
        self._analyse(self._engine.audit)

    def do_check(self) -> None:
        """Compute the audit and, behind the gate, what is served."""
        self._analyse(self._engine.check)

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
