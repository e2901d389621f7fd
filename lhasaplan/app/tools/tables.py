"""The table of all cameras: one value for many, rows from and to spreadsheets, tied to the map both ways."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from lhasaplan import io, workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Side, Tool, Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.look import NAMES, NEAR_PX, fill_choices, in_column, in_row, plain_label, push_button
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.models.cameras import FIELDS, CamerasSheet, heading_of
from lhasaplan.app.panels import SheetBar
from lhasaplan.app.panels.fields import ChoiceField
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state import edits
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import FIELD, CameraField
from lhasaplan.errors import Fault, InputError, UserError

# Give cameras values by a table: all of them in one step, or nothing and why.
if TYPE_CHECKING:
    from lhasaplan.core.changes.proposal import Proposal
    from lhasaplan.core.project.project import Project
    from lhasaplan.io.tables.filled_table import PastedSaid

    Made = tuple[Proposal, tuple[str, ...]]  # and headings of columns that set nothing

LANE = "table"
STEP, STEP_NAME = marked("Reading the rows"), marked("Change cameras by a table")
CHANGED = marked("The table changed {count} cameras.")
SAME = marked("The rows hold what is already recorded; nothing was changed.")
LEFT = marked("Columns that were not used: {columns}")
MEANWHILE = marked("The project was changed while the rows were read. Paste them again.")


class TableEditing(QObject):
    """What a table may do to cameras; each is a proposal of changes."""

    refused = Signal(object)  # tuple of Fault; empty when all is well

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._said: PastedSaid | None = None

    @property
    def said(self) -> "PastedSaid":
        """Return what the window calls columns and words, in each of its languages: copied rows may be pasted in another."""
        from lhasaplan.io.tables.filled_table import PastedSaid

        if self._said is None:
            columns: dict[str, str] = {}
            words: dict[str, dict[str, str]] = {}
            for translations in map(self._bench.services.content.load_translations, NAMES):
                for each in FIELDS:
                    columns |= {translations(each.title): each.key, heading_of(each, translations): each.key}
                    words.setdefault(each.key, {}).update({translations(text): value for value, text in each.words.items()})
            self._said = PastedSaid(columns, words)
        return self._said

    def set_cell(self, camera_id: str, name: str, text: str) -> bool:
        """Give one camera a value at once; say whether it could be."""
        session = self._bench.session
        try:
            proposal = self._proposal(session.project, (camera_id,), name, text)
        except UserError as error:
            self.refused.emit(error.faults)
            return False
        self.refused.emit(())
        session.edit(STEP_NAME, edits.carried_out(proposal, session.author))
        return True

    def set_value(self, ids: Sequence[str], name: str, text: str) -> None:
        """Give these cameras one value."""
        self._order(lambda project: (self._proposal(project, ids, name, text), ()))

    def paste(self, text: str) -> None:
        """Take rows of a spreadsheet over, all of them or none."""
        classes, said = self._bench.context.classes, self.said

        def make(project: "Project") -> "Made":
            known = frozenset(camera.camera_id for camera in project.cameras)
            rows = io.read_pasted(text, known, said)
            return workflow.table_edit(project, rows.values, classes, rows.rows), rows.left

        self._order(make)

    def _proposal(self, project: "Project", ids: Sequence[str], name: str, text: str) -> "Proposal":
        value = io.read_value(text, name, self.said)
        if isinstance(value, Fault):
            raise InputError(value)
        return workflow.table_edit(project, {key: {name: value} for key in ids}, self._bench.context.classes)

    def _order(self, make: "Callable[[Project], Made]") -> None:
        """Work a change of many cameras out beside the window, down to the project as it is then."""
        before, author = self._bench.session.project, self._bench.session.author

        def work(report: Report) -> "tuple[Project, Project, Proposal, tuple[str, ...]]":
            report(0.1, STEP)
            proposal, left = make(before)
            return before, edits.carried_out(proposal, author)(before), proposal, left

        self._bench.jobs.start(LANE, work, lambda found: self._take(*found), lambda error: self.refused.emit(error.faults))

    def _take(self, before: "Project", after: "Project", proposal: "Proposal", left: tuple[str, ...]) -> None:
        session, notices = self._bench.session, self._bench.notices
        self.refused.emit(())
        if session.project is not before:  # an edit came between; nothing of it may be lost
            notices.note(MEANWHILE)
            return
        own = {column for column, name in self.said.columns.items() if name in _NOT_SET}
        reported = ", ".join(heading for heading in left if heading not in own)

        def lines() -> list[str]:
            return [self._bench.language(LEFT, columns=reported)] if reported else []

        if after is before:
            notices.note(SAME, lines)
            return
        session.edit(STEP_NAME, lambda _project: after)
        notices.note(CHANGED, lines, actions=notices.undoing(before), count=len(proposal.camera_ids))


_NOT_SET = frozenset(each.key for each in FIELDS if not each.is_settable)


# The panel of cameras: the sheet, one value for many of them, rows from and to spreadsheets, and why something was refused.
GROUPS = ("status", "kind", "mount", "owner", "purpose", "homes")
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
        self.field, self.words = ChoiceField(), ChoiceField()
        self.text, self.set = QLineEdit(clearButtonEnabled=True), QPushButton()
        self.copy, self.insert = push_button(self._say, COPY), push_button(self._say, PASTE)
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
        line = in_row(self.field, (self.value, 1), self.set, self.copy, self.insert)
        in_column(self.bar, (self.table, 1), line, self.wrong, self.faults, of=self, margin_px=NEAR_PX)
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
        fill_choices(self.words, {"": self._say(NOT_RECORDED), **self._say.words(asked.words)}, "")
        self.value.setCurrentWidget(self.words if asked.words else self.text)
        self.text.setPlaceholderText(f"{self._say(NOT_RECORDED)} ({asked.unit})" if asked.unit else self._say(NOT_RECORDED))

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        self.faults.clear()
        self.faults.addItems([self._say.fault(fault) for fault in faults])
        self.wrong.setText(self._say(FAULTS, count=len(faults)) if faults else "")
        for widget in (self.wrong, self.faults):
            widget.setVisible(bool(faults))

    def _reword(self) -> None:
        settable = {each.key: heading_of(each, self._say.translations) for each in FIELDS if each.is_settable}
        fill_choices(self.field, settable, self.field.currentData() or "purpose")
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
