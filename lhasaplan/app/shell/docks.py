"""The panels around the map: where they stand, and which come forward."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QDockWidget, QFrame, QMainWindow, QScrollArea, QTabBar, QWidget

from lhasaplan.app.commands.tool import Panel, Side
from lhasaplan.app.look.language import Language
from lhasaplan.app.state.attention import Attention

WIDTHS_PX, HEIGHTS_PX = {"layers": 290, "camera": 350}, {"layers": 330, "summary": 480, "findings": 270}
LOW_PX = 300  # a panel that needs more is scrolled where there is less: the window has to fit a screen of 720 pixels
FRONT = ("layers", "summary", "camera", "findings")  # of tabs at the start


class Docks(QObject):
    """The panels by key, and their docks."""

    def __init__(self, window: QMainWindow, language: Language, attention: Attention, panels: Iterable[Panel]) -> None:
        super().__init__(window)
        self._window, self._say, self._attention = window, language, attention
        self.in_front: set[str] = set()
        self.panels: dict[str, QWidget] = {}
        self.titles: dict[str, str] = {}
        self._staying: set[str] = set()
        self.docks: dict[str, QDockWidget] = {}
        for panel in panels:
            self._add(panel)
        window.setCorner(Qt.Corner.BottomLeftCorner, Side.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Side.BottomDockWidgetArea)
        self.hide_dead_tabs()
        for key in FRONT:
            self.docks[key].raise_()
        for sizes, way in ((WIDTHS_PX, Qt.Orientation.Horizontal), (HEIGHTS_PX, Qt.Orientation.Vertical)):
            window.resizeDocks([self.docks[key] for key in sizes], list(sizes.values()), way)

    def _add(self, panel: Panel) -> None:
        dock = self.docks[panel.key] = QDockWidget()
        self.panels[panel.key], self.titles[panel.key] = panel.widget, panel.title
        if panel.stays:
            self._staying.add(panel.key)
        dock.setObjectName(panel.title)
        self._say.bind(dock.setWindowTitle, panel.title)
        dock.setWidget(_on_low_screens(panel.widget))
        if panel.behind:
            self._window.tabifyDockWidget(self.docks[panel.behind], dock)
        else:
            self._window.addDockWidget(panel.side, dock)
        # Not QWidget.isVisible, which is true of a tab that lies behind another.
        dock.visibilityChanged.connect(lambda is_seen, key=panel.key: self._note(key, is_seen))
        dock.setVisible(not panel.on_demand)

    def _note(self, key: str, is_seen: bool) -> None:
        (self.in_front.add if is_seen else self.in_front.discard)(key)
        self._attention.panel_seen.emit(key, is_seen)

    def bring(self, key: str) -> None:
        """Show a panel, before others."""
        self.docks[key].show()
        self.docks[key].raise_()
        self._spare_titles()

    def bring_camera(self, camera_id: str) -> None:
        """Bring the record of a camera that was selected forward, unless another panel about it is looked at."""
        if camera_id and not self._staying & self.in_front:
            self.docks["camera"].raise_()

    def hide_dead_tabs(self) -> None:
        """Hide what Qt (6.11) leaves lying about when a third panel joins two: a tab bar whose tabs another one has too."""
        bars = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        titles = [{bar.tabText(tab) for tab in range(bar.count())} for bar in bars]
        for number, (bar, own) in enumerate(zip(bars, titles, strict=True)):
            if any(own < other for other in titles) or own in titles[number + 1 :]:
                bar.hide()
        self._spare_titles()

    def _spare_titles(self) -> None:
        """Let tabs that find no room be scrolled to: their titles are not cut to letters that nobody can read."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)


def _on_low_screens(panel: QWidget) -> QWidget:
    """Return a panel, within something that scrolls it where there is less room than it needs."""
    least = panel.minimumSizeHint()
    if isinstance(panel, QAbstractScrollArea) or least.height() <= LOW_PX:
        return panel
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(least.width() + area.verticalScrollBar().sizeHint().width())
    area.setWidget(panel)
    return area
