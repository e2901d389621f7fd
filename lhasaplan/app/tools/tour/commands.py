"""Lead through the window: on the project that is open, or on a sample that is opened for it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStatusBar, QToolBar, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.tour.bubble import Bubble
from lhasaplan.app.tools.tour.steps import MAP, STATUS, STEPS, TOOLBAR

SAMPLE = "helsinki"
PANELS = {"Camera": "camera", "Layers": "layers", "Findings": "findings", "Versions": "versions", "Summary": "summary"}


class Tour(QObject):
    """Where the tour stands. It changes nothing; whoever clicks elsewhere meanwhile may."""

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
