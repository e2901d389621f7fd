"""The panel at the right for what is selected: its picture through the lens above, and below it what is known of it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import NONE_PX, space
from lhasaplan.app.state.session import Session

LENS_KEY = "picture"
ORDER = ("finding", "part", "option", "camera", "who_sees")
ABOUT_CAMERAS = ("camera", "finding")  # pages above which the picture of the selected camera stands
ALWAYS = ("camera", "who_sees")  # pages that say themselves what to do where nothing is selected


class SelectedPanel(QWidget):
    """A page for each kind of thing that can be selected, one at a time; a page without content has no tab."""

    seen = Signal()  # another page, or the picture came or went

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self.tabs, self.pages = QTabBar(expanding=False, drawBase=False), QStackedWidget()
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(True)
        self.keys: list[str] = []  # of the pages, in their order
        self._picture: QWidget | None = None
        self._is_picture_wished = True
        column = self._column = QVBoxLayout(self)
        space(column, NONE_PX, NONE_PX)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        self.tabs.currentChanged.connect(self._turn)
        session.selection_changed.connect(self._place_picture)

    def add(self, key: str, title: str, widget: QWidget) -> None:
        """Add a page, or the picture that stands above."""
        if key == LENS_KEY:
            self._picture = widget
            self._column.insertWidget(1, widget)
            self._place_picture()
            return
        number = sum(ORDER.index(each) < ORDER.index(key) for each in self.keys)
        self.keys.insert(number, key)
        self.pages.insertWidget(number, widget)
        self.tabs.insertTab(number, "")
        self._say.bind(lambda text: self.tabs.setTabText(self.keys.index(key), text), title)
        self._offer(number, key in ALWAYS)
        if key == ALWAYS[0]:
            self.tabs.setCurrentIndex(number)
            self.pages.setCurrentIndex(number)

    @property
    def current(self) -> str:
        """Return the page that is shown."""
        return self.keys[self.pages.currentIndex()] if self.keys else ""

    @property
    def seen_keys(self) -> frozenset[str]:
        """Return what stands in the panel now: a page, and the picture where there is one."""
        has_picture = self._picture is not None and not self._picture.isHidden()
        return frozenset({self.current, LENS_KEY} if has_picture else {self.current})

    def turn_to(self, key: str) -> None:
        """Show a page; the picture is shown above the record of its camera."""
        if key == LENS_KEY:
            self._is_picture_wished = True
            key = self.current if self.current in ABOUT_CAMERAS else "camera"
        number = self.keys.index(key)
        self._offer(number, True)
        self.tabs.setCurrentIndex(number)
        self._turn(number)

    def fold_picture(self) -> None:
        """Leave the whole panel to the page until the picture is asked for again."""
        self._is_picture_wished = False
        self._place_picture()

    def set_there(self, key: str, is_there: bool) -> None:
        """Offer a page while there is something in it."""
        number = self.keys.index(key)
        if not is_there and self.current == key:
            self.turn_to("camera")
        blocker = QSignalBlocker(self.tabs)
        self._offer(number, is_there)
        self.tabs.setCurrentIndex(self.pages.currentIndex())
        blocker.unblock()

    def _offer(self, number: int, is_there: bool) -> None:
        self.tabs.setTabVisible(number, is_there)
        self.tabs.updateGeometry()  # Qt (6.11) leaves a bar without height that had no tab at first

    def _turn(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self._place_picture()
        self.seen.emit()

    def _place_picture(self) -> None:
        picture = self._picture
        if picture is None:
            return
        is_shown = self._is_picture_wished and bool(self._session.selected_id) and self.current in ABOUT_CAMERAS
        if is_shown is not picture.isHidden():
            return
        picture.setVisible(is_shown)
        self.seen.emit()
