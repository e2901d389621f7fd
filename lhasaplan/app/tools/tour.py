"""The tools for beginners: pages of help, and a tour through the window on a sample, bubble by bubble."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDockWidget,
    QFrame,
    QListWidget,
    QMainWindow,
    QPushButton,
    QStatusBar,
    QTextBrowser,
    QToolBar,
    QWidget,
)

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Tool, Workbench
from lhasaplan.app.look import GAP_PX, NEAR_PX, WIDE_PX, Language, Letters, in_column, in_row, plain_label, write_as
from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import marked


# Which pages of help there are: files of Markdown under reports/help, a folder a language, with their pictures.
@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page by its title, the first heading in it."""

    title: str
    text: str


def help_folder() -> Path:
    """Return where the pages lie."""
    return content_folder("reports") / "help"


def pages_of(language: str) -> tuple[HelpPage, ...]:
    """Return the pages in a language in their order; in English where there are none in it."""
    folder = help_folder() / language
    files = sorted((folder if folder.is_dir() else help_folder() / "en").glob("*.md"))
    texts = (file.read_text("utf-8") for file in files)
    return tuple(HelpPage(text.splitlines()[0].lstrip("# ").strip(), text) for text in texts)


# The window of help: titles at the left, a page at the right; it stays open beside the work.
SIZE_PX, TITLES_PX, EDGE_PX = (960, 680), 190, 48


class PageBrowser(QTextBrowser):
    """Shows pictures of the help as wide as there is room, and opens no address outside."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.document().setDocumentMargin(WIDE_PX)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802
        """Return a picture of the help; nothing else is loaded."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        named = name.fileName() if isinstance(name, QUrl) else str(name)
        picture = QImage(str(help_folder() / "pictures" / named))
        room = max(self.viewport().width() - EDGE_PX, 200)
        if picture.isNull() or picture.width() <= room:
            return picture
        ratio = self.devicePixelRatioF()
        drawn = picture.scaledToWidth(round(room * ratio), Qt.TransformationMode.SmoothTransformation)
        drawn.setDevicePixelRatio(ratio)
        return drawn


class HelpPages:
    """Made when it is first opened."""

    def __init__(self, beside: QWidget, language: Language) -> None:
        self._beside, self._say = beside, language
        self.dialog: QDialog | None = None
        self.titles, self.page = QListWidget(), PageBrowser()
        language.changed.connect(self._write)
        self.titles.currentRowChanged.connect(self._show)

    def open(self) -> None:
        """Show the pages, in front."""
        if self.dialog is None:
            self.dialog = QDialog(self._beside.window())
            self.dialog.setModal(False)
            self.titles.setFixedWidth(TITLES_PX)
            in_row(self.titles, (self.page, 1), of=self.dialog, margin_px=NEAR_PX, gap_px=NEAR_PX)
            self.dialog.resize(QSize(*SIZE_PX).boundedTo(QGuiApplication.primaryScreen().availableSize()))
        self.dialog.show()
        self.dialog.raise_()
        self._write()
        self.titles.setFocus()

    def _write(self) -> None:
        if self.dialog is None:
            return
        row = max(self.titles.currentRow(), 0)
        self.dialog.setWindowTitle(self._say(marked("Help")))
        self.titles.blockSignals(True)
        self.titles.clear()
        self.titles.addItems([page.title for page in pages_of(self._say.code)])
        self.titles.setCurrentRow(row)
        self.titles.blockSignals(False)
        self._show(row)

    def _show(self, row: int) -> None:
        pages = pages_of(self._say.code)
        if 0 <= row < len(pages):
            self.page.setMarkdown(pages[row].text)
            self.page.verticalScrollBar().setValue(0)


HELP_KEY = "help"


def help_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    pages = HelpPages(bench.canvas, bench.language)
    return Tool(HELP_KEY, entries=((marked("&Help"), Entry(HELP_KEY, marked("&Help pages"), pages.open, "F1")),), commands=pages)


# What a tour shows: which part of the window, and what is said of it.
MAP, TOOLBAR, STATUS = "map", "toolbar", "status"


@dataclass(frozen=True, slots=True)
class Step:
    """One bubble. ``part`` is the name of a widget of the window: the map, the toolbar, or the title of a panel."""

    part: str
    title: str
    words: str


STEPS = (
    Step(
        MAP,
        marked("The map shows what each camera can see"),
        marked(
            "Blue is certain. Violet is possible, because direction or lens is not recorded. Drag to pan, turn the wheel to zoom."
        ),
    ),
    Step(
        MAP,
        marked("Click a camera, or any spot"),
        marked(
            "A click selects a camera: drag it, or turn it by its round handle. A click on any spot shows which "
            "cameras can see it. A right click offers more: why the spot is not seen, measuring, coordinates."
        ),
    ),
    Step("Selected", marked("The record of a camera"), marked("You can correct every value; the earlier value is kept.")),
    Step(
        "Layers", marked("Layers and what colours mean"), marked("Tick what you want to see. Protected places are not a layer.")
    ),
    Step(
        TOOLBAR,
        marked("Run the audit"),
        marked("The audit looks for what must not be seen and computes what would end it. F5 does the same; you can cancel it."),
    ),
    Step(
        "Findings",
        marked("What was found, and what ends it"),
        marked("Click a card or a line: the map goes there. On the right you see the remedy, with before and after."),
    ),
    Step(
        "Versions",
        marked("Before and after"),
        marked("Keep the plan as a version and change it. Then compare both under a line that you drag across the map."),
    ),
    Step("Figures", marked("All in figures"), marked("How much is seen, for which purpose, and whether planning is open.")),
)


# A bubble of the tour: it points at a part of the window, frames it, and leads on.
COUNT = marked("{number} of {count}")
WIDTH_PX, AWAY_PX, FRAME_PX = 400, 14, 3
WAYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
ACCENT = QColor("#ff7a00")


class Outline(QWidget):
    """A frame round a part of the window; the mouse passes through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ACCENT, FRAME_PX))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)


class Bubble(QFrame):
    """Stands inside the window, near what it tells of; Esc leaves, the arrows and Enter lead on."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget, language: Language) -> None:
        super().__init__(window)
        self._window, self._say = window, language
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.outline = Outline(window)
        self.title, self.words, self.count = plain_label(wordWrap=True), plain_label(wordWrap=True), plain_label()
        write_as(self.title, Letters.HEADING)
        self.end, self.before, self.next = QPushButton(), QPushButton(), QPushButton()
        self.end.clicked.connect(self.left)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        for button in (self.end, self.before, self.next):
            button.installEventFilter(self)
        foot = in_row(self.count, 1, self.end, self.before, self.next, gap_px=GAP_PX)
        in_column(self.title, self.words, foot, of=self, margin_px=WIDE_PX, gap_px=GAP_PX)
        self.setFixedWidth(WIDTH_PX)

    def tell(self, step: Step, number: int, count: int, target: QWidget) -> None:
        """Tell a step beside its part of the window."""
        say, is_last = self._say, number == count - 1
        self.title.setText(say(step.title))
        self.words.setText(say(step.words))
        self.count.setText(say(COUNT, number=number + 1, count=count))
        self.end.setText(say(marked("End the tour")))
        self.before.setText(say(marked("Back")))
        self.next.setText(say(marked("Done") if is_last else marked("Next")))
        self.before.setEnabled(number > 0)
        frame = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        self.outline.setGeometry(frame)
        self._stand_at(frame)
        for each in (self.outline, self):
            each.show()
            each.raise_()
        self.next.setFocus()

    def _stand_at(self, frame: QRect) -> None:
        """Stand right of a part, else left of it, else inside it, and never beyond the window."""
        room = self._window.rect().adjusted(AWAY_PX, AWAY_PX, -AWAY_PX, -AWAY_PX)
        height = max(self.heightForWidth(WIDTH_PX), self.sizeHint().height())
        self.resize(WIDTH_PX, height)
        right, left = frame.right() + AWAY_PX, frame.left() - AWAY_PX - WIDTH_PX
        x = right if right + WIDTH_PX <= room.right() else left if left >= room.left() else frame.center().x() - WIDTH_PX // 2
        below = frame.bottom() + AWAY_PX
        y = below if frame.height() < height and below + height <= room.bottom() else frame.top() + AWAY_PX
        self.move(
            min(max(x, room.left()), room.right() - WIDTH_PX),
            min(max(y, room.top()), max(room.bottom() - height, room.top())),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the arrows from the buttons: they would give the keys away, to the map in the end. Enter presses a button."""
        is_enter = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.KeyPress and is_enter and isinstance(watched, QPushButton):
            watched.click()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in WAYS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave by Esc; go on and back by the arrows."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in WAYS:
            self.stepped.emit(WAYS[key])
        else:
            super().keyPressEvent(event)


# Lead through the window: on the project that is open, or on a sample that is opened for it.
SAMPLE = "helsinki"
PANELS = {"Selected": "camera", "Layers": "layers", "Findings": "findings", "Versions": "versions", "Figures": "summary"}


class Tour(QObject):
    """The current step of the tour. It changes nothing and does not block clicks elsewhere."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self.bubble: Bubble | None = None
        self.at = 0
        self._is_awaited = False
        bench.city.drawn.connect(self._city_came)
        bench.language.changed.connect(self._tell)
        bench.session.left.connect(self.leave)

    def begin(self) -> None:
        """Begin: at once where a city is open, else as soon as the sample is drawn."""
        if self._bench.session.project.crs:
            self._start()
        else:
            self._is_awaited = True
            self._commands.opening.open_sample(SAMPLE)

    def _city_came(self, _ground: object, _is_first: bool) -> None:
        if self._is_awaited:
            self._is_awaited = False
            self._start()

    def _start(self) -> None:
        self.leave()
        self.at = 0
        self.bubble = Bubble(self._window, self._bench.language)
        self.bubble.stepped.connect(self._step)
        self.bubble.left.connect(self.leave)
        self._window.installEventFilter(self)
        self._tell()

    def leave(self) -> None:
        """End the tour."""
        bubble, self.bubble = self.bubble, None
        if bubble is not None:
            self._window.removeEventFilter(self)
            for each in (bubble.outline, bubble):
                each.hide()
                each.deleteLater()
            self._bench.canvas.setFocus()

    def _step(self, by: int) -> None:
        at = self.at + by
        if at >= len(STEPS):
            self.leave()
        elif at >= 0:
            self.at = at
            self._tell()

    @property
    def _window(self) -> QWidget:
        return self._bench.canvas.window()

    def _tell(self) -> None:
        if self.bubble is None:
            return
        step = STEPS[self.at]
        if step.part in PANELS:
            self._bench.session.attention.bring(PANELS[step.part])
        self.bubble.tell(step, self.at, len(STEPS), self.part(step.part))

    def part(self, name: str) -> QWidget:
        """Return a part of the window by its name; the map where there is none."""
        window = self._window
        found: QWidget | None = None
        if name == TOOLBAR:
            found = window.findChild(QToolBar)
        elif name == STATUS:
            found = window.findChild(QStatusBar)
        elif name != MAP and isinstance(window, QMainWindow):
            found = window.findChild(QDockWidget, name)
        return found if found is not None and found.isVisible() else self._bench.canvas

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the window, and leave by Esc wherever the keys go."""
        if event.type() == QEvent.Type.Resize:
            self._tell()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.leave()
            event.accept()
            return True
        return super().eventFilter(watched, event)


KEY = "tour"


def tour_tool(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    tour = Tour(bench, commands)
    return Tool(KEY, entries=((marked("&Help"), Entry(KEY, marked("&Tour on the sample"), tour.begin)),), commands=tour)
