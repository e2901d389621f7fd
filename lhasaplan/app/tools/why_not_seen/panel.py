"""The panel that says why cameras near a spot do not see it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.listing_table import as_listing
from lhasaplan.app.look.plain_text import plain_label, plain_tip
from lhasaplan.app.look.spacing import space
from lhasaplan.app.panels.unseen_reasons import reason_text
from lhasaplan.core.base.wording import marked
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.app.tools.why_not_seen.commands import Answer
    from lhasaplan.core.exposure.why_not_seen import WhyNot

COLUMNS = (marked("Camera"), marked("Why not"), marked("Height needed"))
HINT = marked("Click a spot on the map with the right button and ask why it is not seen.")
SEEN = marked("Cameras that see this spot for certain: {certain}, possibly: {possible}.")
NONE = marked("No camera near it fails to see this spot for a reason that may be told.")
NEEDS = marked("The height is that of the lens above the ground at its place; the camera would have to be aimed anew.")
WHERE = marked("{metres} m before the spot")
NO_HEIGHT, METRES = marked("no height would do"), marked("{height} m")
CAMERA_PX, HEIGHT_PX = 90, 110


class WhyNotSeenPanel(QWidget):
    """How many see the spot, and a row a camera that does not; the nearest first."""

    picked = Signal(str)
    pointed = Signal(str)  # the camera whose row is chosen

    def __init__(self, names: Names, language: Language) -> None:
        super().__init__()
        self._names, self._say = names, language
        self._answer: Answer | None = None
        self.head, self.note = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.list = QTreeWidget(columnCount=len(COLUMNS))
        as_listing(self.list)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, CAMERA_PX)
        header.resizeSection(2, HEIGHT_PX)
        self.list.itemActivated.connect(lambda item, _column: self.picked.emit(str(item.data(0, Qt.ItemDataRole.UserRole))))
        self.list.currentItemChanged.connect(self._point)
        column = QVBoxLayout(self)
        space(column)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        language.changed.connect(self._write)
        self._write()

    def show_answer(self, answer: "Answer | None") -> None:
        """Show what was answered of a spot; None when none was asked about."""
        if answer is not self._answer:
            self._answer = answer
            self._write()

    def _point(self, item: QTreeWidgetItem | None, _before: object) -> None:
        self.pointed.emit(str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else "")

    def _write(self) -> None:
        answer = self._answer
        self.list.setHeaderLabels([self._say(name) for name in COLUMNS])
        self.list.clear()
        why = answer.why if answer is not None else ()
        for one in why:
            self.list.addTopLevelItem(self._row(one))
        self.head.setText(self._sentence())
        self.note.setText(self._say(NEEDS))
        self.note.setVisible(any(one.obstruction is not None for one in why))

    def _sentence(self) -> str:
        answer = self._answer
        if answer is None:
            return self._say(HINT)
        counted = self._say(SEEN, certain=answer.certain, possible=answer.possible)
        return counted if answer.why else f"{counted}\n{self._say(NONE)}"

    def _row(self, why: "WhyNot") -> QTreeWidgetItem:
        camera_id = why.witness.camera_id
        item = QTreeWidgetItem([self._name_of(camera_id), self._reason(why), self._height(why)])
        item.setData(0, Qt.ItemDataRole.UserRole, camera_id)
        item.setToolTip(0, plain_tip(camera_id))
        item.setToolTip(1, plain_tip(" · ".join(filter(None, (item.text(1).replace("\n", ", "), why.witness.blocker_id)))))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _name_of(self, camera_id: str) -> str:
        placed = self._answer.placed.get(camera_id) if self._answer is not None else None
        return (placed.camera.name if placed is not None else "") or self._names.camera(camera_id)

    def _reason(self, why: "WhyNot") -> str:
        """Return what stands between, and how far before the spot."""
        reason = reason_text(why.witness.reason, self._say)
        if why.obstruction is None or self._answer is None:
            return reason
        x_m, y_m = self._answer.spot
        away_m = ((why.obstruction.x_m - x_m) ** 2 + (why.obstruction.y_m - y_m) ** 2) ** 0.5
        return f"{reason}\n{self._say(WHERE, metres=f'{away_m:.0f}')}"

    def _height(self, why: "WhyNot") -> str:
        if why.height_m is not None:
            return self._say(METRES, height=number_text(why.height_m, self._say.wording, 1))
        return self._say(NO_HEIGHT) if why.obstruction is not None else ""
