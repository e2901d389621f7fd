"""The main window: a frame round the map with menus, panels and status line; it holds the parts and does nothing itself."""

from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QMimeData, QPoint, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu

from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.jobs.engine import Engine
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.schemes import Scheme
from lhasaplan.app.panels.notice_strip import NoticeStrip
from lhasaplan.app.panels.start import StartCard
from lhasaplan.app.shell.assembly import assemble
from lhasaplan.app.shell.bare_window import BareWindow
from lhasaplan.app.shell.docks import Docks
from lhasaplan.app.shell.menu_table import menus_of
from lhasaplan.app.shell.menus import Menus
from lhasaplan.app.shell.panel_keys import PanelKeys
from lhasaplan.app.shell.spot_menu import spot_entries, spot_menu
from lhasaplan.app.shell.status_line import StatusLine
from lhasaplan.app.shell.toolbar import Toolbar
from lhasaplan.app.shell.undo_keys import UndoKeys
from lhasaplan.core.base.wording import marked

SIZE_PX, FRAME_PX = (1480, 920), (8, 40)
TITLE = marked("lhasaplan: what fixed public cameras can see")
UNNAMED = marked("new project")


class MainWindow(QMainWindow):
    """The frame; commands and panels know nothing of it."""

    def __init__(self, engine: Engine, language: Language, today: str, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        assembly = self._assembly = assemble(engine, language, today, self, dialogs)
        bench = self.bench = assembly.bench
        self.commands, self.tools = assembly.commands, {tool.key: tool for tool in assembly.tools}
        self.language, self.session, self.canvas = language, bench.session, bench.canvas
        self.scheme, self.status = Scheme(), StatusLine(bench)
        self.menus = Menus(self, language, menus_of(bench, assembly.commands, assembly.tools))
        self.setCentralWidget(self.canvas)
        self.setStatusBar(self.status)
        panels = (panel for tool in assembly.tools for panel in tool.panels)
        self.docks = Docks(self, language, self.session.attention, panels)
        self.panel_keys = PanelKeys(self.canvas, self.docks)
        self.menus.add_panels(self.docks, self.panel_keys)
        self.menus.add_languages()
        self.menus.add_schemes(self.scheme)
        self.menus.add_recent(self.session.recent, self.commands.opening.reopen)
        self.commands.helping.menu_keys = self.menus.keys
        self.toolbar = Toolbar(language, self.menus.by_key)
        self.addToolBar(self.toolbar)
        self.start = StartCard(self.canvas, self.session, language, {key: a.trigger for key, a in self.menus.by_key.items()})
        self.start.recent_wished.connect(self.commands.opening.reopen)
        self.setAcceptDrops(True)
        self.strip = NoticeStrip(self.canvas, self.session, language)
        self.panel_keys.over = (self.strip, self.start)
        self._undo_keys = UndoKeys(self)
        self._bare = BareWindow(self)
        self._connect()
        self.resize(*SIZE_PX)

    def fit_screen(self) -> None:
        """Become no larger than the screen, with room for the frame that the desktop draws round the window."""
        self.resize(self.size().boundedTo(self.screen().availableSize() - QSize(*FRAME_PX)))

    def _connect(self) -> None:
        session, language = self.session, self.language
        session.attention.panel_wished.connect(self.docks.bring)
        session.attention.leave_wished.connect(self.close)
        session.attention.bare_wished.connect(self._bare.turn)
        self._bare.arranged.connect(self.docks.hide_dead_tabs)
        session.selection_changed.connect(lambda: self.docks.bring_camera(session.selected_id))
        self.canvas.camera_picked.connect(self.docks.bring_camera)  # also where it is selected already
        self.canvas.menu_wished.connect(self._show_spot_menu)
        self.status.stop.clicked.connect(self.commands.analysing.cancel)
        for signal in (session.document_changed, language.changed):
            signal.connect(self._name_window)
        for signal in (session.steps_changed, language.changed):
            signal.connect(lambda: self.menus.name_steps(session.history))
        language.changed.connect(self._write_numbers)
        self._write_numbers()
        self._name_window()

    def _write_numbers(self) -> None:
        """Let the fields of numbers have the decimal mark of the language."""
        self.setLocale(QLocale(self.language.code))

    def spot_menu(self, x_m: float, y_m: float) -> QMenu:
        """Return the menu of a spot on the map."""
        return spot_menu(self, spot_entries(self.bench, self.commands, self.tools.values()), self.bench, x_m, y_m)

    def _show_spot_menu(self, at: QPoint, x_m: float, y_m: float) -> None:
        """Open the menu where the pointer is; nothing on an empty map."""
        if self.bench.sight.city is not None:
            self.spot_menu(x_m, y_m).popup(at)

    def _name_window(self) -> None:
        store = self.session.store
        name = store.name if store is not None else self.session.project.name or self.language(UNNAMED)
        self.setWindowModified(self.session.is_dirty)
        name = name.replace("[*]", "[*][*]")  # Qt's own mark of unsaved changes
        self.setWindowTitle(f"{name}[*] – {self.language(TITLE)}")

    def open_address(self, address: str) -> None:
        """Open the project that is kept at an address, as the command line asks."""
        self.commands.opening.open_address(address)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Write coloured words anew when the window turns light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.language.rewrite()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Let files come that are dragged over the window."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open or import what is dropped, once the drag is over: a box would hold the other program up."""
        files = dropped_files(event.mimeData())
        event.acceptProposedAction()
        QTimer.singleShot(0, self, lambda: self.commands.dropping.take(files))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved changes, then wait for the threads."""
        if not self.commands.leaving.may_leave():
            event.ignore()
            return
        self.hide()  # at once: a thread may need a while to its next step
        self.bench.jobs.stop()
        self.commands.recovering.autosave.end()
        self.commands.holding.end()
        self.canvas.stop()
        event.accept()


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """Return the files of this computer that are dragged; folders are none."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return tuple(path for path in paths if path.is_file())
