"""The table of all cameras: one value for many, rows from and to spreadsheets, tied to the map both ways."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.widgets import plain_label
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.panels.listing import SheetBar
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.tools.tables.sheet import FIELDS, GROUPS, CamerasSheet, TableEditing, heading_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import FIELD, CameraField
from lhasaplan.errors import Fault

# The panel of cameras: the sheet, one value for many of them, rows from and to spreadsheets, and why something was refused.

SET, COPY, PASTE = marked("Set for {count} cameras"), marked("Copy for a spreadsheet"), marked("Paste rows")
FAULTS = marked("Nothing was changed. Faults found: {count}")
GO_TO, REMOVE, NOT_RECORDED = marked("Go to it on the map"), marked("Remove camera"), marked("not recorded")
QUIET_MS, FAULTS_PX = 120, 96


class CamerasPanel(QWidget):
    """A table of cameras, with a line below it that sets one value for all that are chosen."""

    gone_to = Signal(str)  # camera id
    clicked = Signal(str)  # camera id
    remove_wished = Signal()

    def __init__(self, bench: Workbench, editing: TableEditing) -> None:
        super().__init__()
        self._bench, self._session, self._say, self._editing = bench, bench.session, bench.language, editing
        self._shown: tuple[object, object] = (None, None)
        self.sheet = CamerasSheet(self._say, bench.names, editing.set_cell)
        self.table = SheetView[Camera]("cameras", self.sheet, self._say, self._session.preferences)
        self.table.paste_wished.connect(self.paste)
        self.bar = SheetBar(self.table, self._say, marked("Search cameras"), GROUPS)
        self.field, self.words, self.text, self.set = QComboBox(), QComboBox(), QLineEdit(clearButtonEnabled=True), QPushButton()
        self.copy, self.insert = QPushButton(), QPushButton()
        self.wrong, self.faults = plain_label(), QListWidget()
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._follow)
        self._lay_out()
        self._connect()
        self._reword()

    def _lay_out(self) -> None:
        self.value = QStackedWidget()
        self.value.addWidget(self.text)
        self.value.addWidget(self.words)
        self.value.setMaximumHeight(self.text.sizeHint().height())
        line = QHBoxLayout()
        for widget, stretch in ((self.field, 0), (self.value, 1), (self.set, 0), (self.copy, 0), (self.insert, 0)):
            line.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.bar)
        column.addWidget(self.table, 1)
        column.addLayout(line)
        column.addWidget(self.wrong)
        column.addWidget(self.faults)
        self.faults.setMaximumHeight(FAULTS_PX)
        self._show_faults(())

    def _connect(self) -> None:
        session, table = self._session, self.table
        for signal in (session.project_changed, session.assessment_changed):
            signal.connect(self._quiet.start)
        session.left.connect(lambda: self._show_faults(()))
        session.selection_changed.connect(self._follow_selection)
        table.chosen_changed.connect(self._select)
        table.doubleClicked.connect(self._go_to)
        table.clicked.connect(self._reveal)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(lambda at: self._menu().popup(table.viewport().mapToGlobal(QPoint(at))))
        self.field.currentIndexChanged.connect(self._offer_words)
        self.set.clicked.connect(self._set)
        self.text.returnPressed.connect(self._set)
        self.copy.clicked.connect(table.copy_rows)
        self.insert.clicked.connect(self.paste)
        self._editing.refused.connect(self._show_faults)
        self._say.changed.connect(self._reword)
        self._say.bind(self.copy.setText, COPY)
        self._say.bind(self.insert.setText, PASTE)

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """List what came while the panel lay behind another."""
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        """List the cameras as they are now; wait while the table is hidden."""
        now = (self._session.project.cameras, self._session.assessment)
        if self.isVisible() and (now[0] is not self._shown[0] or now[1] is not self._shown[1]):
            self._shown = now
            self.sheet.show(*now)
            self._follow_selection()

    def _follow_selection(self) -> None:
        """Choose the rows of the cameras that are selected on the map."""
        if self.isVisible() and self._chosen_ids() != self._session.selection.ids:
            self.table.choose_rows(self._session.selection.ids)
        self._count()

    def _select(self) -> None:
        """Select on the map what is chosen here."""
        self._session.selection.choose(*self._chosen_ids())
        self._count()

    def _chosen_ids(self) -> tuple[str, ...]:
        return tuple(camera.camera_id for camera in self.table.chosen_rows)

    def _count(self) -> None:
        count = self.table.chosen_count
        self.set.setText(self._say(SET, count=count))
        self.set.setEnabled(bool(count))
        self.bar.tell()

    def _go_to(self, index: QModelIndex) -> None:
        camera = index.data(ROW_ROLE)
        if camera is not None and self.sheet.field_at(index.column()) is None:
            self.gone_to.emit(camera.camera_id)

    def _reveal(self, index: QModelIndex) -> None:
        camera = index.data(ROW_ROLE)
        if camera is not None:
            self.clicked.emit(camera.camera_id)

    def _menu(self) -> QMenu:
        menu, chosen = QMenu(self), self._chosen_ids()
        if chosen:
            menu.addAction(self._say(GO_TO), lambda: self.gone_to.emit(chosen[-1]))
        menu.addAction(self._say(COPY), self.table.copy_rows)
        menu.addAction(self._say(PASTE), self.paste)
        if chosen:
            menu.addAction(self._say(REMOVE), self.remove_wished.emit)
        return menu

    # What is changed

    def paste(self) -> None:
        """Take over the rows that were copied elsewhere."""
        self._editing.paste(QGuiApplication.clipboard().text())

    def _set(self) -> None:
        asked, ids = self._asked(), self._chosen_ids()
        if asked is not None and ids:
            self._editing.set_value(ids, asked.key, self.words.currentData() if asked.words else self.text.text())

    def _asked(self) -> CameraField | None:
        return FIELD.get(self.field.currentData())

    def _offer_words(self) -> None:
        """Offer the words of a field that has some, else a line to write into."""
        asked = self._asked()
        if asked is None:
            return
        self.words.clear()
        self.words.addItem(self._say(NOT_RECORDED), "")
        for value, text in asked.words.items():
            self.words.addItem(self._say(text), value)
        self.value.setCurrentWidget(self.words if asked.words else self.text)
        self.text.setPlaceholderText(f"{self._say(NOT_RECORDED)} ({asked.unit})" if asked.unit else self._say(NOT_RECORDED))

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        self.faults.clear()
        self.faults.addItems([self._say.fault(fault) for fault in faults])
        self.wrong.setText(self._say(FAULTS, count=len(faults)) if faults else "")
        for widget in (self.wrong, self.faults):
            widget.setVisible(bool(faults))

    def _reword(self) -> None:
        chosen = self.field.currentData()
        self.field.clear()
        for each in FIELDS:
            if each.is_settable:
                self.field.addItem(heading_of(each, self._say.translations), each.key)
        self.field.setCurrentIndex(max(self.field.findData(chosen or "purpose"), 0))
        self._offer_words()
        self._count()


KEY = "cameras"
VIEW = marked("&View")


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    editing = TableEditing(bench)
    panel = CamerasPanel(bench, editing)
    panel.gone_to.connect(commands.looking.show_camera)
    panel.clicked.connect(commands.looking.bring_into_view)
    panel.remove_wished.connect(commands.editing.remove)
    dock = Panel(KEY, marked("Cameras"), panel, Side.BottomDockWidgetArea, behind="parts")
    entry = Entry("camera_table", marked("Table of &cameras"), lambda: bench.session.attention.bring(KEY), "Ctrl+T")
    return Tool(KEY, panels=(dock,), entries=((VIEW, entry),), commands=editing)
