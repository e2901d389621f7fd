"""The box that shows what an import would bring before it is taken: columns, counts, where it lies, what is to be noted."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import ink
from lhasaplan.app.look.widgets import plain_label
from lhasaplan.core.base.translations import marked, shortened
from lhasaplan.core.model.said_of_files import KIND_NAMES

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportPreview

ASKING = marked("The files would bring this. Nothing changes until you accept it.")
TAKE, NOT_TAKEN = marked("Accept"), marked("Do not accept")
READ_AS, KEPT = marked("{heading}: read as {column}"), marked("{heading}: kept, not understood")
COUNTED = marked("{layer}: {count}")
COLUMNS = marked("Columns: {read} of {all} understood")
TO_NOTE, NOTHING_TO_NOTE = marked("To note ({count}):"), marked("Nothing to note: all of it could be read.")
WHERE = marked("Large dots: cameras. Small dots: everything else that is new. Grey: streets. {width} × {height} km, {crs}")
ASK_USE = marked(
    "These columns hold words of protected places and are not read as a use. Tick each column that does not say "
    "what the things are. If one does, do not take the file: rename that column to class in a copy and import "
    "the copy."
)
NO_USE = marked("{file}: {column} does not say what the things are ({examples})")
PICTURE_PX, TREE_PX, NOTES_PX, FAINT = (340, 260), 380, 120, 90


class PreviewPicture(QWidget):
    """A small map without names: streets, what was there, and what is new."""

    def __init__(self, preview: "ImportPreview") -> None:
        super().__init__()
        self._preview = preview
        self.setMinimumSize(QSize(*PICTURE_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it, north up."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        frame = self._frame()
        if frame is None:
            return
        scale = min(self.width() / frame.width(), self.height() / frame.height())
        painter.translate(self.width() / 2.0, self.height() / 2.0)
        painter.scale(scale, -scale)
        painter.translate(-frame.center().x(), -frame.center().y())
        streets = QColor(ink("quiet"))
        streets.setAlpha(FAINT)
        painter.setPen(_pen(streets, 1.0))
        for line in self._preview.streets:
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in line]))
        for points, colour, width in self._layers():
            painter.setPen(_pen(colour, width))
            painter.drawPoints(QPolygonF([QPointF(*point) for point in points]))

    def _layers(self) -> Iterable[tuple[tuple[tuple[float, float], ...], QColor, float]]:
        yield self._preview.before, ink("quiet"), 2.0
        yield self._preview.fresh, ink("good"), 2.5
        yield self._preview.cameras, ink("error"), 6.0

    def _frame(self) -> QRectF | None:
        """Return the box around what is new and the streets, with a margin."""
        xy = [*self._preview.fresh, *self._preview.cameras, *(point for line in self._preview.streets for point in line)]
        if not xy:
            return None
        x, y = [each[0] for each in xy], [each[1] for each in xy]
        margin = 0.05 * max(max(x) - min(x), max(y) - min(y), 20.0)
        return QRectF(min(x), min(y), max(x) - min(x), max(y) - min(y)).adjusted(-margin, -margin, margin, margin)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def ask_take(parent: QWidget, say: Language, preview: "ImportPreview") -> bool:
    """Show what an import would bring; say whether the person takes it."""
    form = Form(parent, say(marked("Import")), say(ASKING))
    kinds = QDialogButtonBox.StandardButton
    form.name_accepting(say(TAKE))
    form.buttons.button(kinds.Cancel).setText(say(NOT_TAKEN))
    halves = QHBoxLayout()
    halves.addWidget(_files(say, preview), 1)
    halves.addWidget(PreviewPicture(preview))
    form.rows.addRow(halves)
    form.rows.addRow(plain_label(_place(say, preview), wordWrap=True))
    remarks = [remark for file in preview.files for remark in file.remarks]
    form.rows.addRow(plain_label(say(TO_NOTE, count=len(remarks)) if remarks else say(NOTHING_TO_NOTE)))
    if remarks:
        notes = QPlainTextEdit("\n".join(say.fault(remark) for remark in shortened(tuple(remarks))), readOnly=True)
        notes.setMinimumHeight(NOTES_PX)
        form.rows.addRow(notes)
    _ask_of_columns(form, say, preview)
    return form.is_accepted()


def _ask_of_columns(form: Form, say: Language, preview: "ImportPreview") -> None:
    """Ask of each column with words of protected places whether it names no use; nothing is taken before all are answered."""
    asked = [(file.name, question.params) for file in preview.files for question in file.questions]
    if not asked:
        return
    form.rows.addRow(plain_label(say(ASK_USE), wordWrap=True))
    boxes = [QCheckBox(say(NO_USE, file=name, **params).replace("&", "&&")) for name, params in asked]
    accepting = form.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def judge() -> None:
        accepting.setEnabled(all(box.isChecked() for box in boxes))

    for box in boxes:
        box.toggled.connect(judge)
        form.rows.addRow(box)
    judge()


def _files(say: Language, preview: "ImportPreview") -> QTreeWidget:
    """Return the files as a tree: what is in each, and its columns."""
    tree = QTreeWidget()
    tree.setHeaderHidden(True)
    tree.setMinimumWidth(TREE_PX)
    for file in preview.files:
        top = QTreeWidgetItem(tree, [file.name])
        for layer, count in file.counts.items():
            QTreeWidgetItem(top, [say(COUNTED, layer=say(KIND_NAMES.get(layer, layer)), count=count)])
        if file.columns:
            read = sum(bool(column) for _, column in file.columns)
            columns = QTreeWidgetItem(top, [say(COLUMNS, read=read, all=len(file.columns))])
            for heading, column in file.columns:
                line = say(READ_AS, heading=heading, column=column) if column else say(KEPT, heading=heading)
                item = QTreeWidgetItem(columns, [line])
                item.setForeground(0, tree.palette().color(QPalette.ColorRole.Text) if column else ink("due"))
    tree.expandAll()
    tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return tree


def _place(say: Language, preview: "ImportPreview") -> str:
    box = preview.box
    if box is None:
        return ""
    width, height = (f"{(high - low) / 1000:.1f}" for low, high in ((box[0], box[2]), (box[1], box[3])))
    return say(WHERE, width=width, height=height, crs=preview.crs)
