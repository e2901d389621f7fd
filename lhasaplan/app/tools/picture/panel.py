"""The panel that shows what stands in the picture of the selected camera."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.core.base.wording import marked

CAPTION = marked(
    "Drawn from the record and the map, on level ground: no photograph, nothing that moves. "
    "Blue: ground by density. Yellow to red: what can be seen of protected places. Black: masked."
)
LEAST_HEIGHT_PX = 90


class PicturePanel(QWidget):
    """A drawing with its caption, or the reason why there is none."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._reason = ""
        self.drawing, self.caption = Drawing(), plain_label(wordWrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.drawing, 1)
        column.addWidget(self.caption)
        column.addStretch(0)
        language.changed.connect(self._write)
        self._write()

    def show_picture(self, image: QImage) -> None:
        """Show a picture."""
        self.drawing.image, self._reason = image, CAPTION
        self._write()

    def tell(self, reason: str) -> None:
        """Say why there is no picture."""
        self.drawing.image, self._reason = QImage(), reason
        self._write()

    def _write(self) -> None:
        self.caption.setText(self._say(self._reason) if self._reason else "")
        self.drawing.setVisible(not self.drawing.image.isNull())
        self.drawing.update()


class Drawing(QWidget):
    """An image as large as there is room, in its own proportions."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the image at the top, in the middle."""
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height()), self.image)
        painter.end()
