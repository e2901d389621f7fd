"""Cameras as a sheet: what is recorded of each, what the last results say, and giving many a value in one step."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont

from lhasaplan import io, workflow
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import NAMES, Language
from lhasaplan.app.look.theme import ink
from lhasaplan.app.models.listing import Index
from lhasaplan.app.models.sheet import Sheet, SheetColumn
from lhasaplan.app.state import edits
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD, CameraField
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, rank
from lhasaplan.errors import Fault, InputError, UserError
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import number_text, short_number

# Cameras as a sheet: what is recorded of each, and what the last results say of it.


FIELDS = tuple(each for each in CAMERA_FIELDS if each.title)


def heading_of(each: CameraField, translations: Translations) -> str:
    """Return the title of a field with its unit, as a table shows it."""
    return f"{translations(each.title)} ({each.unit})" if each.unit else translations(each.title)


GROUPS = ("status", "kind", "mount", "owner", "purpose", "homes")
_WRITABLE = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren
)


class CamerasSheet(Sheet[Camera]):
    """A row a camera; cells that a table may set can be written into."""

    def __init__(self, language: Language, names: Names, write: Callable[[str, str, str], bool]) -> None:
        self._names, self._write = names, write
        self._results: Mapping[str, CameraResult] = {}
        self._grave: Counter[str] = Counter()
        self._reported_by: Assessment | None = None  # the results that cells read
        super().__init__(language, self._make_columns(), lambda camera: camera.camera_id)
        self._settable = [self.field_at(place) is not None for place in range(len(self.columns))]
        names.changed.connect(self.reword)

    def show(self, cameras: tuple[Camera, ...], results: Assessment | None) -> None:
        """Show these cameras with what results say of them."""
        if results is self._reported_by:
            self.follow_rows(cameras)
            return
        self._reported_by, reported = results, results.cameras if results is not None else ()
        self._results = {each.placed.camera.camera_id: each for each in reported}
        findings = results.findings if results is not None else ()
        self._grave = Counter(one for each in findings if each.severity in GRAVE for one in each.camera_ids)
        self.set_rows(cameras)

    def _make_columns(self) -> list[SheetColumn[Camera]]:
        called: SheetColumn[Camera] = SheetColumn(
            "called", marked("Camera"), lambda c: self._names.camera(c.camera_id), width_px=210, tip=lambda c: c.camera_id
        )
        reported: list[SheetColumn[Camera]] = [
            SheetColumn(
                "grave", marked("To be ended"), self._grave_text, self._grave_count, 90, is_number=True, colour=self._grave_ink
            ),
            SheetColumn("area_m2", marked("Sees"), self._area_text, self._area_m2, 84, is_number=True, unit="m²"),
            SheetColumn(
                "unasked", marked("Of it not asked for"), self._unasked_text, self._unasked, 124, is_number=True, unit="%"
            ),
            SheetColumn("homes", marked("Homes in view"), self._homes_text, width_px=110),
        ]
        return [called, *reported, *(self._field(each) for each in FIELDS)]

    def _field(self, each: CameraField) -> SheetColumn[Camera]:
        def raw(camera: Camera) -> Any:
            value = getattr(camera, each.key)
            return None if value == "" else value

        def text(camera: Camera) -> str:
            value = raw(camera)
            if value is None:
                return ""
            if isinstance(value, (int, float)):
                return short_number(value, self._say.translations)
            return words.word(each.words, value, self._say.translations) if each.words else str(value)

        by = raw if each.is_number else None
        shown, is_key = (each.width_px, each.is_shown, each.is_number), each.key == "camera_id"
        return SheetColumn(each.key, each.title, text, by, *shown, unit=each.unit, is_key=is_key)

    # What results say

    def _grave_count(self, camera: Camera) -> int | None:
        return self._grave[camera.camera_id] if camera.camera_id in self._results else None

    def _grave_text(self, camera: Camera) -> str:
        return str(self._grave_count(camera) or "")

    def _grave_ink(self, camera: Camera) -> QColor | None:
        return ink("error") if self._grave[camera.camera_id] else None

    def _area_m2(self, camera: Camera) -> float | None:
        result = self._results.get(camera.camera_id)
        return None if result is None else result.area_m2

    def _area_text(self, camera: Camera) -> str:
        area_m2 = self._area_m2(camera)
        return "" if area_m2 is None else number_text(area_m2, self._say.translations)

    def _unasked(self, camera: Camera) -> float | None:
        result = self._results.get(camera.camera_id)
        return None if result is None else result.necessity.unasked_share

    def _unasked_text(self, camera: Camera) -> str:
        share = self._unasked(camera)
        return "" if share is None else number_text(100.0 * share, self._say.translations)

    def _homes_text(self, camera: Camera) -> str:
        result = self._results.get(camera.camera_id)
        grades = [each.grade for each in result.sightings if each.cls == "home" and each.grade] if result is not None else []
        return words.word(words.SEVERITIES, max(grades, key=rank), self._say.translations) if grades else ""

    # Writing into cells

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say which cells can be written into."""
        if not self._settable[index.column()]:
            return super().flags(index)
        camera = self.row_at(index)
        return _WRITABLE if camera is not None and camera.status is not Status.REMOVED else super().flags(index)

    def field_at(self, place: int) -> CameraField | None:
        """Return the field of a column that a table may set."""
        key = self.columns[place].key
        return FIELD[key] if key in FIELD and FIELD[key].is_settable else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Begin to write with what stands there."""
        return super().data(index, Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take over what was written into a cell, unless it stood there already."""
        camera, asked = self.row_at(index), self.field_at(index.column())
        if role != Qt.ItemDataRole.EditRole or camera is None or asked is None or str(value) == super().data(index):
            return False
        return self._write(camera.camera_id, asked.key, str(value))

    def look(self, row: Camera, _column: int, role: int) -> object:
        """Write planned cameras leaning, and strike removed ones out."""
        if role != Qt.ItemDataRole.FontRole or row.status is Status.OPERATING:
            return None
        font = QFont()
        font.setItalic(row.status is Status.PLANNED)
        font.setStrikeOut(row.status is Status.REMOVED)
        return font


# Give cameras values by a table: all of them in one step, or nothing and why.

if TYPE_CHECKING:
    from lhasaplan.core.changes import Proposal
    from lhasaplan.core.project.project import Project
    from lhasaplan.io.tables.pasted_rows import PastedSaid

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
        from lhasaplan.io.tables.pasted_rows import PastedSaid  # noqa: PLC0415 - tables are read when one is first pasted

        if self._said is None:
            columns: dict[str, str] = {}
            words: dict[str, dict[str, str]] = {}
            for translations in map(self._bench.engine.services.content.load_translations, NAMES):
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
        classes, said = self._bench.engine.classes, self.said

        def make(project: "Project") -> "Made":
            known = frozenset(camera.camera_id for camera in project.cameras)
            rows = io.read_pasted(text, known, said)
            return workflow.table_edit(project, rows.values, classes, rows.rows), rows.left

        self._order(make)

    def _proposal(self, project: "Project", ids: Sequence[str], name: str, text: str) -> "Proposal":
        value = io.read_value(text, name, self.said)
        if isinstance(value, Fault):
            raise InputError(value)
        return workflow.table_edit(project, {key: {name: value} for key in ids}, self._bench.engine.classes)

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
