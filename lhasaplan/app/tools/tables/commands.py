"""Give cameras values by a table: all of them in one step, or nothing and why."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.look.language import NAMES
from lhasaplan.app.state import edits
from lhasaplan.app.tools.tables.model import FIELDS
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, UserError

if TYPE_CHECKING:
    from lhasaplan.core.changes import Proposal
    from lhasaplan.core.project.project import Project
    from lhasaplan.io.tables.pasted_rows import Said

    Made = tuple[Proposal, tuple[str, ...]]  # and headings of columns that set nothing

LANE = "table"
STEP, STEP_NAME = marked("Reading the rows"), marked("Change cameras by a table")
CHANGED = marked("The table changed {count} cameras.")
SAME = marked("The rows say what is recorded already; nothing was changed.")
LEFT = marked("Columns that set nothing: {columns}")
MEANWHILE = marked("The project was changed while the rows were read. Paste them again.")


class TableEditing(QObject):
    """What a table may do to cameras; each is a proposal of changes."""

    refused = Signal(object)  # tuple of Fault; empty when all is well

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._said: Said | None = None

    @property
    def said(self) -> "Said":
        """Return what the window calls columns and words, in each of its languages: copied rows may be pasted in another."""
        from lhasaplan.io.tables.pasted_rows import Said  # noqa: PLC0415 - tables are read when one is first pasted

        if self._said is None:
            columns: dict[str, str] = {}
            words: dict[str, dict[str, str]] = {}
            for wording in map(self._bench.engine.wording, NAMES):
                for each in FIELDS:
                    columns |= {wording(each.title): each.name, each.heading(wording): each.name}
                    words.setdefault(each.name, {}).update({wording(text): value for value, text in each.words.items()})
            self._said = Said(columns, words)
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
        engine, said = self._bench.engine, self.said

        def make(project: "Project") -> "Made":
            known = frozenset(camera.camera_id for camera in project.cameras)
            rows = engine.read_pasted(text, known, said)
            return engine.table_edit(project, rows.values, rows.rows), rows.left

        self._order(make)

    def _proposal(self, project: "Project", ids: Sequence[str], name: str, text: str) -> "Proposal":
        value = self._bench.engine.read_value(text, name, self.said)
        if isinstance(value, Fault):
            raise InputError(value)
        return self._bench.engine.table_edit(project, {key: {name: value} for key in ids})

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
        told = ", ".join(heading for heading in left if heading not in own)

        def lines() -> list[str]:
            return [self._bench.language(LEFT, columns=told)] if told else []

        if after is before:
            notices.note(SAME, lines)
            return
        session.edit(STEP_NAME, lambda _project: after)
        notices.note(CHANGED, lines, actions=notices.undoing(before), count=len(proposal.camera_ids))


_NOT_SET = frozenset(each.name for each in FIELDS if not each.is_settable)
