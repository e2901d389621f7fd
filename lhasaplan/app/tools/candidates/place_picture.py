"""The small map of the candidate that is chosen, beside the list."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

NONE_CHOSEN = marked("Choose a candidate: here is a small map of where it lies.")
WIDTH_PX, LEAST_PX = 220, 120


class PlacePicture(QLabel):
    """Shows a picture as large as there is room; without one it says what would be here."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self._picture = language, QPixmap()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMinimumSize(LEAST_PX, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        language.changed.connect(self._draw)
        self._draw()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that a picture is read at."""
        return QSize(WIDTH_PX, WIDTH_PX)

    def show_png(self, png: bytes) -> None:
        """Show another picture; nothing takes it away."""
        self._picture = QPixmap()
        if png:
            self._picture.loadFromData(png)
        self._draw()

    @property
    def is_empty(self) -> bool:
        """Say whether there is no picture."""
        return self._picture.isNull()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the picture into the room that there is now."""
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._picture.isNull():
            self.setText(self._say(NONE_CHOSEN))
            return
        ratio = self.devicePixelRatioF()
        aspect, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        shown = self._picture.scaled(self.size() * ratio, aspect, smooth)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)
