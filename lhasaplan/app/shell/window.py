"""The main window: puts map, panels and menus together and carries out what the menus ask."""

from functools import partial

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QProgressBar, QPushButton, QTabBar, QWidget

from lhasaplan.app.commands.tasks import Tasks
from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.style import LAYERS
from lhasaplan.app.panels.camera import CameraPanel
from lhasaplan.app.panels.candidates import CandidatesPanel
from lhasaplan.app.panels.effect import EffectLine
from lhasaplan.app.panels.findings import FindingsPanel
from lhasaplan.app.panels.layers import LayersPanel
from lhasaplan.app.panels.parts import PartsPanel
from lhasaplan.app.panels.picture import PicturePanel
from lhasaplan.app.panels.readout import Readout
from lhasaplan.app.panels.start import StartCard
from lhasaplan.app.panels.summary import SummaryPanel
from lhasaplan.app.panels.who_sees import WhoSeesPanel
from lhasaplan.app.shell.menus import Actions
from lhasaplan.app.shell.spot_menu import show_spot_menu
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.desk import Desk
from lhasaplan.app.work.engine import Engine
from lhasaplan.app.work.jobs import Jobs
from lhasaplan.app.work.pictures import Pictures
from lhasaplan.app.work.proposals import Proposals
from lhasaplan.core.base.wording import marked

Side = Qt.DockWidgetArea
SIZE_PX, FRAME_PX = (1480, 920), (8, 40)
TITLE = marked("lhasaplan: what fixed public cameras can see")
# What the steps of an analysis are called.
STEPS = {
    "protected": marked("find protected places"),
    "sight": marked("compute what cameras see"),
    "cures": marked("try cures"),
    "findings": marked("write findings"),
}
UNNAMED = marked("new project")
BEGINNING = marked("Preparing")
WARMING = marked("Making sight ready; this takes longer at a first start")


class MainWindow(QMainWindow):
    """Holds the parts; what they do is in session, desk and tasks."""

    def __init__(self, engine: Engine, language: Language, today: str) -> None:
        super().__init__()
        self.language, self.session, self.jobs = language, Session(today), Jobs()
        self.canvas = MapCanvas(language)
        self.desk = Desk(self.session, self.canvas, engine, self.jobs)
        self.proposals = Proposals(self.session, self.canvas, self.desk, engine, self.jobs)
        self.dialogs = Dialogs(self, language)
        self.tasks = Tasks(self, engine)
        self.layers, self.findings = LayersPanel(language, LAYERS), FindingsPanel(self.session, language)
        self.camera, self.summary = CameraPanel(self.session, language), SummaryPanel(self.session, language)
        self.who_sees, self.candidates = WhoSeesPanel(language), CandidatesPanel(language)
        self.parts, self.picture = PartsPanel(self.session, language), PicturePanel(language)
        self.pictures = Pictures(self.session, self.desk, self.picture, self.jobs)
        self.setCentralWidget(self.canvas)
        self.actions_ = Actions(self, language, lambda key: getattr(self.tasks, f"do_{key}"))
        self._add_docks()
        self._add_status()
        self._connect()
        self.start = StartCard(self.canvas, self.session, language, lambda key: getattr(self.tasks, f"do_{key}"))
        self._name_window()
        self.resize(*SIZE_PX)

    def fit_screen(self) -> None:
        """Become no larger than the screen, with room for the frame that the desktop draws round the window."""
        self.resize(self.size().boundedTo(self.screen().availableSize() - QSize(*FRAME_PX)))

    def _add_docks(self) -> None:
        self.docks: dict[str, QDockWidget] = {}
        left, right, bottom = Side.LeftDockWidgetArea, Side.RightDockWidgetArea, Side.BottomDockWidgetArea
        self._dock("layers", marked("Layers"), self.layers, left)
        self._dock("summary", marked("Summary"), self.summary, left)
        self._dock("camera", marked("Camera"), self.camera, right)
        self._dock("picture", marked("Its picture"), self.picture, right, behind="camera")
        self._dock("who_sees", marked("Who can see the spot"), self.who_sees, right, behind="camera")
        self._dock("findings", marked("Findings"), self.findings, bottom)
        self._dock("parts", marked("Parts"), self.parts, bottom, behind="findings")
        self._dock("candidates", marked("Candidates"), self.candidates, bottom, behind="findings")
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, bottom)
        self.hide_dead_tabs()
        self.docks["camera"].raise_()
        self.docks["findings"].raise_()
        self.resizeDocks([self.docks["layers"], self.docks["camera"]], [290, 350], Qt.Orientation.Horizontal)
        self.resizeDocks([self.docks["layers"], self.docks["summary"]], [330, 480], Qt.Orientation.Vertical)
        self.resizeDocks([self.docks["findings"]], [270], Qt.Orientation.Vertical)

    def _dock(self, key: str, title: str, widget: QWidget, side: Side, behind: str = "") -> None:
        """Add a panel at a side, or as a tab behind another."""
        dock = self.docks[key] = QDockWidget()
        dock.setObjectName(title)
        self.language.bind(dock.setWindowTitle, title)
        dock.setWidget(widget)
        if behind:
            self.tabifyDockWidget(self.docks[behind], dock)
        else:
            self.addDockWidget(side, dock)
        self.actions_.menus[marked("&View")].addAction(dock.toggleViewAction())

    def hide_dead_tabs(self) -> None:
        """Hide what Qt (6.11) leaves lying about when a third panel joins two: a tab bar whose tabs another one has too."""
        bars = self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        titles = {bar: {bar.tabText(tab) for tab in range(bar.count())} for bar in bars}
        for bar, own in titles.items():
            if any(own < other for other in titles.values()):
                bar.hide()

    def _add_status(self) -> None:
        self._step = ""
        self.step, self.bar, self.stop_button = plain_label(), QProgressBar(), QPushButton()
        self.bar.setMaximumWidth(220)
        self.bar.setRange(0, 1000)
        self.language.bind(self.stop_button.setText, marked("Cancel"))
        self.readout = Readout(self.canvas, self.language, self.desk.lonlat, lambda: self.session.project.crs)
        self.effect = EffectLine(self.desk, self.language)
        self.statusBar().addWidget(self.effect)
        self.statusBar().addPermanentWidget(self.readout)
        for widget in (self.step, self.bar, self.stop_button):
            self.statusBar().addPermanentWidget(widget)
            widget.hide()

    def _connect(self) -> None:
        session, canvas, desk = self.session, self.canvas, self.desk
        self.layers.switched.connect(canvas.set_visible)
        self.findings.picked.connect(self.tasks.show_finding)
        self.findings.bar.wished.connect(self.tasks.do_again)
        self.findings.detail.cures.apply_wished.connect(self.tasks.apply_cure)
        self.who_sees.picked.connect(self.tasks.show_camera)
        self.who_sees.address_wished.connect(self.tasks.find_address)
        self.parts.picked.connect(self.tasks.show_part)
        self.parts.detail.option_picked.connect(self.tasks.show_option)
        self._connect_candidates()
        self.docks["picture"].visibilityChanged.connect(self.pictures.look)
        canvas.spot_picked.connect(self.tasks.ask_spot)
        canvas.menu_wished.connect(partial(show_spot_menu, self))
        canvas.place_picked.connect(self.tasks.place_camera)
        canvas.drag_ended.connect(desk.end_drag)
        canvas.remove_wished.connect(self.camera.remove_camera)
        desk.answered.connect(lambda *_found: self.who_sees.set_complete(desk.is_complete))
        desk.answered.connect(self.who_sees.show_answers)
        desk.sight_changed.connect(desk.ask_again)
        desk.answered.connect(lambda answers, _of_walls: self.tasks.show_lines(answers))
        session.project_changed.connect(self._drop_lines)
        desk.failed.connect(self.tasks.tell_error)
        desk.sight_changed.connect(self.tell_assumed)
        session.selection_changed.connect(self.tell_assumed)
        session.selection_changed.connect(self._raise_camera)
        session.selection_changed.connect(self._drop_mark)
        session.assessment_changed.connect(self._list_findings)
        session.document_changed.connect(self._name_window)
        self.stop_button.clicked.connect(self.tasks.do_cancel)
        self.language.changed.connect(self._name_window)
        self.jobs.progressed.connect(self._show_progress)
        self.jobs.idle_changed.connect(self._show_idle)
        session.steps_changed.connect(self._name_undo)
        self.language.changed.connect(self._name_undo)
        self.language.changed.connect(self._name_step)
        self.language.changed.connect(self._write_numbers)
        self._write_numbers()
        self._name_undo()

    def _write_numbers(self) -> None:
        """Let the fields of numbers have the decimal mark of the language."""
        self.setLocale(QLocale(self.language.code))

    def _connect_candidates(self) -> None:
        candidates, tasks = self.candidates, self.tasks
        candidates.wished.connect(tasks.list_candidates)
        candidates.picked.connect(tasks.show_part)
        candidates.confirm_wished.connect(tasks.confirm_candidates)
        candidates.excuse_wished.connect(tasks.excuse_parts)
        self.session.decisions_changed.connect(tasks.follow_decisions)
        self.session.layers_changed.connect(tasks.forget_candidates)

    def tell_assumed(self) -> None:
        """Pass on what sight had to assume for the camera at hand."""
        seen = self.desk.sight.seen.get(self.session.selected_id)
        self.camera.set_assumed(seen.placed.assumed if seen is not None else ())

    def _raise_camera(self) -> None:
        if self.session.selected_id and not self.pictures.is_looked_at:
            self.docks["camera"].raise_()

    def _list_findings(self) -> None:
        results = self.session.assessment
        self.findings.show_findings(results.findings if results is not None else ())
        if self.findings.detail.finding is None:
            self._drop_mark()

    def _drop_lines(self) -> None:
        """Take lines of sight off the map: they are of the cameras as they were."""
        self.canvas.lines = ()
        self.canvas.update()

    def _drop_mark(self) -> None:
        """Take the mark of a finding off the map when it is gone, or another camera is in hand."""
        self.canvas.highlight = None
        self.canvas.update()

    def _name_window(self) -> None:
        store = self.session.store
        name = store.name if store is not None else self.session.project.name or self.language(UNNAMED)
        self.setWindowModified(self.session.is_dirty)
        name = name.replace("[*]", "[*][*]")  # Qt's own mark of unsaved changes
        self.setWindowTitle(f"{name}[*] – {self.language(TITLE)}")

    def _name_undo(self) -> None:
        stack, say = self.session.undo_stack, self.language
        undo, redo = self.actions_["undo"], self.actions_["redo"]
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        undo.setText(say(marked("&Undo: {what}"), what=say(stack.undoText())) if stack.canUndo() else say(marked("&Undo")))
        redo.setText(say(marked("&Redo: {what}"), what=say(stack.redoText())) if stack.canRedo() else say(marked("&Redo")))

    def _show_progress(self, _lane: str, share: float, step: str) -> None:
        self._step = STEPS.get(step, step)
        self._name_step()
        self._show_share(share)

    def _show_share(self, share: float) -> None:
        """Show how much is done; while that is not known the bar only moves, so that it does not look stuck."""
        self.bar.setRange(0, 1000 if share > 0.0 else 0)
        self.bar.setValue(round(share * 1000))

    def _name_step(self) -> None:
        self.step.setText(self.language(self._step) if self._step else "")

    def _show_idle(self, lane: str, idle: bool) -> None:
        busy = any(self.jobs.is_busy(one) for one in ("warm", "file", "analysis", "ground", "city", "sight"))
        self.step.setVisible(busy)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(self.jobs.is_busy("analysis") or self.jobs.is_busy("file"))
        if not idle and lane in ("warm", "file", "analysis"):
            self._show_share(0.0)
            self._step = WARMING if self.jobs.is_busy("warm") else BEGINNING
            self._name_step()

    def open_address(self, address: str) -> None:
        """Open the project that is kept at an address, as the command line asks."""
        self.tasks.open_address(address)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Write coloured words anew when the window turns light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.language.rewrite()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved changes, then wait for the threads."""
        if not self.tasks.may_leave():
            event.ignore()
            return
        self.hide()  # at once: a thread may need a while to its next step
        self.jobs.stop()
        self.canvas.stop()
        event.accept()
