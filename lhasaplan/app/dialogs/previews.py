"""The boxes that show before it is done what an import would bring, and how the map would be printed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look import GAP_PX, Language, in_row, ink, plain_label
from lhasaplan.app.map.paper import SCALES, SIZES_MM, PrintedPaper
from lhasaplan.core.base.translations import count_of, first_of_each, marked
from lhasaplan.core.model.file_kinds import KIND_NAMES

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportPreview

# The box that asks how the map is to be printed, with a preview of the page: paper, scale, title and format; then where.

ASKED = marked("The page shows the visible layers, with legend, scale, north arrow, sources and the required notes.")
UPRIGHT, LYING = marked("portrait"), marked("landscape")
BY_VIEW, WHOLE = marked("what the map shows now"), marked("the whole city")
PRINT_TO = marked("Print to {format}")
PREVIEW, PAINTING = marked("Preview of the page"), marked("The page is being painted …")
ENDINGS = {"pdf": "PDF", "png": "PNG"}
WHOLE_CITY = -1
PREVIEW_PX, LEAST_PREVIEW_PX = 620, 300


@dataclass(frozen=True, slots=True)
class PageWish:
    """How a page is to be. ``scale`` 0 means as much as the map shows now, -1 the whole city."""

    paper: PrintedPaper
    scale: int
    title: str


@dataclass(frozen=True, slots=True)
class PrintWish(PageWish):
    """How a page is to be, and where it is written."""

    path: Path


Paint = Callable[[PageWish, Callable[[QImage], None]], None]  # paints a page beside the window, and shows it when it is done


class PagePreview(QWidget):
    """Shows the page as it will be, as large as there is room."""

    def __init__(self, say: Language) -> None:
        super().__init__()
        self._say = say
        self.image = QImage()
        self.setAccessibleName(say(PREVIEW))
        self.setMinimumSize(LEAST_PREVIEW_PX, LEAST_PREVIEW_PX)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at which the title block can just be read."""
        return QSize(PREVIEW_PX, PREVIEW_PX * 3 // 4)

    def show_page(self, image: QImage) -> None:
        """Show a page that was painted."""
        self.image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Lay the sheet on a desk, or say that it is being painted."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        if self.image.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._say(PAINTING))
            return
        room, ratio = (self.size() - QSize(2 * GAP_PX, 2 * GAP_PX)), self.devicePixelRatioF()
        fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        sheet = self.image.scaled(room * ratio, fit, smooth)
        sheet.setDevicePixelRatio(ratio)
        size = sheet.deviceIndependentSize()
        painter.drawImage(round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2), sheet)


class PrintForm(Form):
    """The rows of the box, and beside them the page as it will be."""

    def __init__(self, parent: QWidget, say: Language, title: str, paint: Paint) -> None:
        super().__init__(parent, say, marked("Print the map"), ASKED)
        self._paint, self.preview = paint, PagePreview(say)
        self.heading = self.line(marked("Title"), title)
        self.paper = self.choice(marked("Paper"), {size: size for size in SIZES_MM}, "A3")
        self.way = self.choice(marked("Orientation"), say.words({True: LYING, False: UPRIGHT}))
        scales = {value: f"1:{value:,}".replace(",", " ") for value in SCALES}
        self.scale = self.choice(marked("Scale"), {**say.words({0: BY_VIEW, WHOLE_CITY: WHOLE}), **scales})
        self.ending = self.choice(marked("Format"), ENDINGS)
        self.lay_beside(self.preview)
        self.ending.currentIndexChanged.connect(self._name_button)
        self._name_button()
        for combo in (self.paper, self.way, self.scale):
            combo.currentIndexChanged.connect(self.paint_page)
        self.heading.textChanged.connect(self.paint_page)
        self.paint_page()

    def _name_button(self) -> None:
        """Have the button say what it does."""
        self.accepting.setText(self._say(PRINT_TO, format=self.ending.currentText()))

    @property
    def wish(self) -> PageWish:
        """Return how the page is to be."""
        paper = PrintedPaper(self.paper.currentText(), bool(self.way.currentData()))
        return PageWish(paper, int(self.scale.currentData()), self.heading.text().strip())

    def paint_page(self) -> None:
        """Have the page painted as it is wished now."""
        self._paint(self.wish, self.preview.show_page)


def ask_print(parent: QWidget, say: Language, title: str, name: str, paint: Paint) -> PrintWish | None:
    """Return what was wished, None if the person thought better of it."""
    form = PrintForm(parent, say, title, paint)
    if not form.is_accepted():
        return None
    key = str(form.ending.currentData())
    kinds = f"{ENDINGS[key]} (*.{key})"
    chosen, _ = QFileDialog.getSaveFileName(parent, say(marked("Print the map")), f"{name}.{key}", kinds)
    if not chosen:
        return None
    wish = form.wish
    return PrintWish(wish.paper, wish.scale, wish.title, Path(chosen).with_suffix(f".{key}"))


# The box that shows what an import would bring before it is taken: columns, counts, where it lies, what is to be noted.

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
        preview = self._preview
        drawn = (preview.before, ink("quiet"), 2.0), (preview.fresh, ink("good"), 2.5), (preview.cameras, ink("error"), 6.0)
        for points, colour, width in drawn:
            painter.setPen(_pen(colour, width))
            painter.drawPoints(QPolygonF([QPointF(*point) for point in points]))

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
    form = Form(parent, say, marked("Import"), ASKING)
    form.accepting.setText(say(TAKE))
    form.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(say(NOT_TAKEN))
    form.rows.addRow(in_row((_files(say, preview), 1), PreviewPicture(preview)))
    form.rows.addRow(plain_label(_place(say, preview), wordWrap=True))
    remarks = [remark for file in preview.files for remark in file.remarks]
    form.rows.addRow(plain_label(say(TO_NOTE, count=count_of(remarks)) if remarks else say(NOTHING_TO_NOTE)))
    if remarks:
        notes = QPlainTextEdit("\n".join(say.fault(remark) for remark in first_of_each(remarks)), readOnly=True)
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

    def judge() -> None:
        form.accepting.setEnabled(all(box.isChecked() for box in boxes))

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
