"""The tool that shows the pages of help, with pictures, in the language of the window."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QTextBrowser, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import WIDE_PX, space
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
            line = QHBoxLayout(self.dialog)
            space(line)
            self.titles.setFixedWidth(TITLES_PX)
            line.addWidget(self.titles)
            line.addWidget(self.page, 1)
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


KEY = "help"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    pages = HelpPages(bench.canvas, bench.language)
    return Tool(KEY, entries=((marked("&Help"), Entry(KEY, marked("&Help pages"), pages.open, "F1")),), commands=pages)
