"""The main window: a frame round the map with menus, panels and status line; it holds the parts and does nothing itself.

The frame with the map can be shown before the rest is loaded and made (``is_bare``, then :meth:`MainWindow.furnish`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QMimeData, QPoint, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import Scheme
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.app.dialogs.dialogs import Dialogs

SIZE_PX, FRAME_PX = (1480, 920), (8, 40)
TITLE = marked("lhasaplan: what fixed public cameras can see")
UNNAMED = marked("new project")


class MainWindow(QMainWindow):
    """The frame; commands and panels know nothing of it."""

    def __init__(
        self, context: AppContext, language: Language, today: str, dialogs: "Dialogs | None" = None, *, is_bare: bool = False
    ) -> None:
        super().__init__()
        self._context, self._today = context, today
        self.language, self.scheme, self.canvas = language, Scheme(), MapCanvas(language)
        self.setCentralWidget(self.canvas)
        self.resize(*SIZE_PX)
        self.is_furnished = False
        if not is_bare:
            self.furnish(dialogs)

    def furnish(self, dialogs: "Dialogs | None" = None) -> None:
        """Put menus, tools, panels and status line round the map."""
        from lhasaplan.app.shell.window_parts import furnish

        layout = self.layout()
        assert layout is not None
        layout.setEnabled(False)  # laid out once, not for each panel that is put into a window on the screen
        window_parts = furnish(self, self.canvas, self._context, self.language, self._today, self.scheme, dialogs)
        layout.setEnabled(True)
        layout.activate()
        bench = self.bench = window_parts.assembly.bench
        self.commands, self.tools = window_parts.assembly.commands, {tool.key: tool for tool in window_parts.assembly.tools}
        self._assembly, self.session = window_parts.assembly, bench.session
        self.status, self.menus, self.docks = window_parts.status, window_parts.menus, window_parts.docks
        self.workspaces = window_parts.workspaces
        self.toolbar, self.start, self.strip = window_parts.toolbar, window_parts.start, window_parts.strip
        self._undo_keys, self._bare, self.panel_keys = window_parts.undo_keys, window_parts.bare, window_parts.panel_keys
        self.setAcceptDrops(True)
        self.is_furnished = True
        self._connect()

    def fit_screen(self) -> None:
        """Become no larger than the screen, with room for the frame that the desktop draws round the window."""
        self.resize(self.size().boundedTo(self.screen().availableSize() - QSize(*FRAME_PX)))

    def _connect(self) -> None:
        session, language = self.session, self.language
        session.attention.panel_wished.connect(self.docks.bring)
        session.attention.panel_offered.connect(self.docks.turn_to)
        session.attention.leave_wished.connect(self.close)
        session.attention.bare_wished.connect(self._bare.turn)
        self._bare.arranged.connect(self.docks.tidy)
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
        from lhasaplan.app.shell.tools import spot_entries, spot_menu

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
        if not self.is_furnished:
            self.canvas.stop()
            event.accept()
            return
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
