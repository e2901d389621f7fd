"""The panel that shows the selected camera from outside."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.look.spacing import space
from lhasaplan.app.tools.outlook.outlook_view import OutlookView
from lhasaplan.app.tools.outlook.outlooks import Sight
from lhasaplan.core.base.wording import marked

CAPTION = marked(
    "Pull to walk around the camera, turn the wheel to go nearer, double click to go back; arrows, + and - and Home do the same. "
    "Made from map data. Blue: the cone, and the ground that it shows by density. Hatched: protected places."
)
SILENT = marked("Near this camera lies ground of which no more is told: every building is veiled alike.")


class OutlookPanel(QWidget):
    """A look from outside with its caption, or the reason why there is none."""

    resized = Signal(int)  # columns that the screen has for it

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self._reason = language, ""
        self.view, self.caption = OutlookView(), plain_label(wordWrap=True)
        column = QVBoxLayout(self)
        space(column)
        column.addWidget(self.view, 1)
        column.addWidget(self.caption)
        column.addStretch(0)
        language.changed.connect(self._write)
        self._write()

    def show_view(self, sight: Sight) -> None:
        """Show a look."""
        self._reason = ""
        self.view.show_sight(sight)
        self._write()

    def tell(self, reason: str) -> None:
        """Say why there is none."""
        self._reason = reason
        self.view.show_sight(None)
        self._write()

    def _write(self) -> None:
        sight = self.view.sight
        self.view.setVisible(sight is not None)
        lines = [CAPTION, *([SILENT] if sight.outlook.is_silent else [])] if sight is not None else [self._reason]
        self.caption.setText(" ".join(self._say(line) for line in lines if line))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell how wide the look may be."""
        super().resizeEvent(event)
        self.resized.emit(round(self.view.width() * self.devicePixelRatioF()))
