"""The box that asks how the map is to be printed, with a preview of the page: paper, scale, title and format; then where."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import GAP_PX
from lhasaplan.app.map.paper import SCALES, SIZES_MM, PrintedPaper
from lhasaplan.core.base.translations import marked

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
        super().__init__(parent, say(marked("Print the map")), say(ASKED))
        self._paint, self._say = paint, say
        self.heading, self.paper, self.way = QLineEdit(title), QComboBox(), QComboBox()
        self.scale, self.ending, self.preview = QComboBox(), QComboBox(), PagePreview(say)
        self._fill(say)
        self.lay_beside(self.preview)
        self.ending.currentIndexChanged.connect(self._name_button)
        self._name_button()
        for combo in (self.paper, self.way, self.scale):
            combo.currentIndexChanged.connect(self.paint_page)
        self.heading.textChanged.connect(self.paint_page)
        self.paint_page()

    def _fill(self, say: Language) -> None:
        self.paper.addItems(list(SIZES_MM))
        self.paper.setCurrentText("A3")
        for is_lying, template in ((True, LYING), (False, UPRIGHT)):
            self.way.addItem(say(template), is_lying)
        for value, template in ((0, BY_VIEW), (WHOLE_CITY, WHOLE)):
            self.scale.addItem(say(template), value)
        for value in SCALES:
            self.scale.addItem(f"1:{value:,}".replace(",", " "), value)
        for key, text in ENDINGS.items():
            self.ending.addItem(text, key)
        for template, field in (
            (marked("Title"), self.heading),
            (marked("Paper"), self.paper),
            (marked("Orientation"), self.way),
            (marked("Scale"), self.scale),
            (marked("Format"), self.ending),
        ):
            self.rows.addRow(say(template), field)

    def _name_button(self) -> None:
        """Have the button say what it does."""
        self.name_accepting(self._say(PRINT_TO, format=self.ending.currentText()))

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
